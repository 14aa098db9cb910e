"""How the SVG of a graph is painted: fills, lines, colours of text, sizes of the font. Never by colour alone: outlines, dashes
and the signs of the figures (v̄, ∂, ←) say the same."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from wengert.show import palette
from wengert.show.graph.model import Flow, Kind, Shape
from wengert.show.graph.svg_text import Text, legal, number

TITLE, HEAD, FIGURE, HEADING, NOTE, BESIDE = 16.0, 13.0, 12.0, 12.0, 11.5, 11.0  # sizes of the font
MIDDLE = 0.36  # of the size: from the middle of a line of text down to where it stands

FILLS: dict[Shape, str] = {
    "input": palette.INPUT_FILL, "parameter": palette.PARAMETER_FILL, "target": palette.TARGET_FILL,
    "operation": palette.OPERATION_FILL, "neuron": palette.OPERATION_FILL, "layer": palette.OPERATION_FILL,
    "loss": palette.LOSS_FILL, "summary": palette.SUMMARY_FILL,
}  # fmt: skip
DASHES: dict[Shape, str] = {"target": "5 3", "summary": "2 3"}  # of outlines
COLOURS: dict[Flow, str] = {"": palette.INK, "forward": palette.FORWARD_TEXT, "backward": palette.BACKWARD_TEXT}
LINES: dict[Kind, tuple[str, float, str]] = {  # colour, width, dashes
    "use": (palette.INK, 1.1, ""), "weight": (palette.INK, 1.1, ""), "skip": (palette.GREEN, 1.8, "9 3"),
    "still": (palette.MUTED, 1.1, "4 4"), "summary": (palette.FAINT, 1.6, "1.5 3"),
}  # fmt: skip


def stroke(kind: Kind) -> str:
    """The attributes of an edge's line."""
    colour, width, dashes = LINES[kind]
    return f'stroke="{colour}" stroke-width="{number(width)}"' + (f' stroke-dasharray="{dashes}"' if dashes else "")


def written(text: Text, x: float, y: float, size: float, colour: str, anchor: str = "middle", bold: bool = False,
            figure: str = "") -> str:  # fmt: skip
    """A <text>, the middle of its line at the height y. `figure`: the sweep that finds it and whose figure it is."""
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{number(x)}" y="{number(y + size * MIDDLE)}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    about = f" data-figure={quoteattr(legal(figure))}" if figure else ""
    return f'<text {place}{about} font-size="{number(size)}" fill="{colour}"{weight}>{text.markup(size)}</text>'
