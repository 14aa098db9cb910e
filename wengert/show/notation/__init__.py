"""Mathematics to text: one printer a notation, all of the same classes of document.py and the same expressions.

`base` decides what is bracketed and what a minus does, `text` writes one line of characters and the formula language, `display`
is what the notations with fractions and indices share, `latex`, `mathml` and `typst` are those. Functions have the signs that
the rule table gives them (`Look.symbols`, `Look.latex`); names are split into letter and index in `names`.
"""

from __future__ import annotations

from wengert.show.notation.base import size
from wengert.show.notation.text import TextNotation, language

__all__ = ["TextNotation", "language", "size"]
