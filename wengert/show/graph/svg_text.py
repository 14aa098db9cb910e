"""Text in an SVG: how wide it is, how it is broken and shortened, and names with their indices below the line.

A picture cannot ask its reader's machine for the width of a text, so the widths are those of DejaVu Sans, in hundredths of the
font's size: the widest of the common sans-serif fonts (Arial, Helvetica and Segoe UI are about a tenth narrower).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from wengert.errors import printable
from wengert.show.document import Math
from wengert.show.graph.model import Kind
from wengert.show.graph.style import LINES
from wengert.show.look import Look
from wengert.show.notation import TextNotation
from wengert.show.notation.names import Names

FONT = "DejaVu Sans, Verdana, Arial, Helvetica, sans-serif"
TITLE, HEAD, FIGURE, HEADING, NOTE, BESIDE = 16.0, 13.0, 12.0, 12.0, 11.5, 11.0  # sizes of the font
MIDDLE = 0.36  # of the size: from the middle of a line of text down to where it stands
LONGEST = 90  # characters of a text in a picture
_WIDTHS = {
    28: "ijl'", 30: "IJ′", 33: " ,.·", 35: "/:;\\|f", 37: "-", 40: "()[]t!²³¹", 42: "r", 47: '"', 50: "*_`s⁰⁴⁵⁶⁷⁸⁹⁻",
    53: "z∂?ε", 56: "cL", 59: "Fkvxyλγ", 62: "PπTYaoθδe", 64: "ESbdghnpquσηΣ0123456789$√μβ", 67: "{}Kφα∑", 69: "AVΔBRXZ",
    71: "C", 76: "UHN∏Ω", 79: "DGOQ&ΦΨ", 84: "w#+<=>^~−≈←→ω≤≥≠×∞", 87: "M", 97: "mW½", 100: "%@…⋮",
}  # fmt: skip
_WIDTH_OF = {c: width for width, signs in _WIDTHS.items() for c in signs}
_OTHER, _WIDE = 78, 105  # what the table does not have; East Asian characters
BOLD = 1.13
SMALL = 0.72  # an index, of the size of its letter
DROP = 0.22  # and how far below the line it stands
_BELOW, _LINE = "\ue000", "\ue001"  # mark an index within a text; names are rid of them first


@dataclass(frozen=True)
class SvgNotation(TextNotation):
    """The notation of plain text, with the index of a name marked where it has one: x1 becomes x with a small 1, W1_2_3 W with
    1,2,3."""

    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, look: Look) -> SvgNotation:
        return cls(look.ascii, look.symbols, look.adjoints, look.preactivations, look.names)

    def name(self, text: str) -> str:
        spelled = _names(self.names)(text)
        if self.ascii or spelled.typed or not spelled.index:
            return super().name(legal(text))
        return super().name(legal(spelled.base)) + _indexed(legal(spelled.index))

    def marked(self, name: str, mark: str) -> str:
        spelled = _names(self.names)(name)
        if self.ascii or spelled.typed or not spelled.index or len(spelled.base) > 1:
            return super().marked(legal(name), mark)
        return super().marked(legal(spelled.base), mark) + _indexed(legal(spelled.index))

    def words(self, text: str) -> str:
        return super().words(legal(text))

    def delta(self, name: str) -> str:
        return super().delta(name) if self.ascii else f"δ{_indexed(legal(name))}"


@lru_cache(maxsize=8)
def _names(given: frozenset[str]) -> Names:
    return Names(given)


def legal(text: str) -> str:
    """The text without what XML does not take, and without our own marks."""
    return re.sub("[\ue000\ue001]", "�", printable(text))


def _indexed(index: str) -> str:
    return _BELOW + index + _LINE


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text with its marks."""

    marked: str

    @classmethod
    def of(cls, math: Math, look: Look) -> Text:
        return cls(shortened(SvgNotation.of(look).math(math)))

    @classmethod
    def plain(cls, text: str) -> Text:
        return cls(legal(text))

    def width(self, size: float, bold: bool = False) -> float:
        total, small = 0.0, False
        for c in self.marked:
            if c in (_BELOW, _LINE):
                small = c == _BELOW
            else:
                total += _width(c) * (SMALL if small else 1.0)
        return total * size / 100 * (BOLD if bold else 1.0)

    def markup(self, size: float) -> str:
        """The content of a <text> element."""
        out: list[str] = []
        for i, piece in enumerate(re.split(f"[{_BELOW}{_LINE}]", self.marked)):
            if i % 2:
                small, drop = number(size * SMALL), number(size * DROP)
                out.append(f'<tspan dy="{drop}" font-size="{small}">{escape(piece)}</tspan>')
            elif piece and i:
                # the shift is taken back by what follows it
                out.append(f'<tspan dy="-{number(size * DROP)}">{escape(piece)}</tspan>')
            else:
                out.append(escape(piece))
        return "".join(out)

    @property
    def spoken(self) -> str:
        return self.marked.replace(_BELOW, "").replace(_LINE, "")


def shortened(marked: str) -> str:
    """The text with its end left out where it is too long for a picture."""
    if len(marked) <= LONGEST:
        return marked
    cut = marked[: LONGEST - 1]
    return cut + (_LINE if cut.count(_BELOW) > cut.count(_LINE) else "") + "…"


def _width(c: str) -> int:
    known = _WIDTH_OF.get(c)
    if known is not None:
        return known
    if unicodedata.category(c) in ("Mn", "Me", "Cf"):
        return 0
    return _WIDE if unicodedata.east_asian_width(c) in ("W", "F") else _OTHER


def wrapped(text: str, width: float, size: float) -> list[Text]:
    """A sentence in lines of at most this width; a word that is wider has a line of its own."""
    lines: list[str] = []
    for word in printable(text).split():
        if lines and Text(f"{lines[-1]} {word}").width(size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [Text.plain(line) for line in lines]


def number(value: float) -> str:
    """A coordinate with as few digits as it needs: 12, 12.5."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def widest(texts: Sequence[Text], size: float) -> float:
    return max((text.width(size) for text in texts), default=0.0)


def written(
    text: Text, x: float, y: float, size: float, colour: str, anchor: str = "middle", bold: bool = False, figure: str = ""
) -> str:  # fmt: skip
    """A <text>, the middle of its line at the height y. `figure`: the sweep that finds it and whose figure it is."""
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{number(x)}" y="{number(y + size * MIDDLE)}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    about = f" data-figure={quoteattr(legal(figure))}" if figure else ""
    return f'<text {place}{about} font-size="{number(size)}" fill="{colour}"{weight}>{text.markup(size)}</text>'


def stroke(kind: Kind) -> str:
    """The attributes of an edge's line."""
    colour, width, dashes = LINES[kind]
    return f'stroke="{colour}" stroke-width="{number(width)}"' + (f' stroke-dasharray="{dashes}"' if dashes else "")
