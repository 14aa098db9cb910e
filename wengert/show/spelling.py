"""Names and sentences for a terminal that has only ASCII: signs spelled, Greek letters by their names, nothing dropped."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from wengert.errors import printable

BAR, DOT = "\u0304", "\u0307"  # combining marks: they stand over the character before them


_SPELLED = {
    "−": "-", "·": "*", "×": "x", "≈": "~=", "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt", "∂": "d", "∞": "inf", "π": "pi",
    "½": "1/2", "¼": "1/4", "¾": "3/4", "²": "**2", "³": "**3", "–": "-", "—": "--", "…": "...", "→": "->", "←": "<-",
    "⇒": "=>", "‘": "'", "’": "'", "“": '"', "”": '"', "ᵀ": "^T", "′": "'", "✓": "yes", "✗": "no", "∑": "sum",
    "⟨": "<", "⟩": ">", "±": "+-", "�": "?", "‖": "||", "⊙": ".*", "█": "#", "▶": ">", "▼": "v", "─": "-", "┄": "..", "⋮": ":",
}  # fmt: skip
_BLANK, _LAST = "\u2800", "\u28ff"  # braille, of which curves are drawn
_UPPER_DOTS, _LOWER_DOTS = 0x1B, 0xE4
_MARKED_LETTER = re.compile(f"([^\\W\\d_])([{BAR}{DOT}])([0-9]*)")


@lru_cache(maxsize=4096)
def ascii_name(text: str) -> str:
    return text if text.isascii() and text.isprintable() else "".join(map(_ascii_letter, text))


def _ascii_letter(c: str) -> str:
    """A letter of a name: names that differ must go on to differ, so that nothing is dropped."""
    if c.isascii() and c.isprintable():
        return c
    title = unicodedata.name(c, "")
    greek = re.match(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)\Z", title)
    if greek:
        word = greek[2].replace("LAMDA", "LAMBDA")
        return word.lower() if greek[1] == "SMALL" else word.capitalize()
    if title.startswith("SUBSCRIPT "):
        return "_" + unicodedata.normalize("NFKC", c) if c.isdigit() else f"U+{ord(c):04X}"
    return f"U+{ord(c):04X}"


def ascii_words(text: str) -> str:
    """A sentence without characters that an ASCII terminal lacks; accents are dropped, signs and Greek letters spelled."""
    return text if text.isascii() and text.isprintable() else _spelled(printable(text))


@lru_cache(maxsize=4096)
def _spelled(text: str) -> str:
    text = _MARKED_LETTER.sub(lambda m: f"{'bar' if m[2] == BAR else 'dot'}({m[1]}{m[3]})", text)
    pieces = []
    for c in text:
        spelled = c if c.isascii() else _SPELLED.get(c)
        if spelled is None and _BLANK <= c <= _LAST:
            spelled = _ascii_dots(ord(c) - ord(_BLANK))
        if spelled is None:
            spelled = _ascii_letter(c)
            if spelled.startswith("U+"):
                plain = unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
                spelled = plain or ("" if unicodedata.combining(c) else spelled)
        pieces.append(spelled)
    return "".join(pieces)


def _ascii_dots(dots: int) -> str:
    """A cell of braille: a quote for its upper half, a point for its lower half, a colon for both."""
    return " '.:"[bool(dots & _UPPER_DOTS) + 2 * bool(dots & _LOWER_DOTS)]
