"""The style sheet and the script of the page, and the policy that lets nothing else run.

The policy names both by their hashes: what else gets into the page, by whatever hole, is neither run nor loaded.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from wengert.show import palette

_COLOURS = {
    "paper": palette.PAPER, "ink": palette.INK, "muted": palette.MUTED, "faint": palette.FAINT,
    "forward": palette.FORWARD, "forward-text": palette.FORWARD_TEXT,
    "backward": palette.BACKWARD, "backward-text": palette.BACKWARD_TEXT,
    "forward-tint": palette.INPUT_FILL, "backward-tint": palette.LOSS_FILL,
}  # fmt: skip
LONGEST_LEAD = 24  # characters before the point that a column makes room for


@lru_cache(maxsize=1)
def style() -> str:
    """The style sheet, with the colours of all pictures and a class for each width of a number before its point."""
    colours = " ".join(f"--{name}: {value};" for name, value in _COLOURS.items())
    leads = " ".join(f".l{n} {{ min-width: {n}ch; }}" for n in range(1, LONGEST_LEAD + 1))
    return f":root {{ {colours} }}\n{_text('page.css')}{leads}\n"


@lru_cache(maxsize=1)
def script() -> str:
    return _text("page.js")


def policy(*styles: str) -> str:
    """The content security policy of the page: this script, these style sheets, pictures that are written in the page."""
    allowed = " ".join(_source(text) for text in styles)
    return (
        f"default-src 'none'; script-src {_source(script())}; style-src {allowed}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return files("wengert.show.page").joinpath(name).read_text(encoding="utf-8")
