r"""A curve that text draws in braille, as a picture of LaTeX's own: each dot of the braille is a small square."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from wengert.show.curve import BLANK, DOTS
from wengert.show.document import Math, Row, Words
from wengert.show.notation.latex import LatexNotation

UNIT = 0.9  # millimetres between two dots, and how large one is
LEFT, BELOW = 14, 6  # units for what stands beside and below


def is_plot(rows: Sequence[Row]) -> bool:
    """Whether one of the first rows is drawn in braille."""
    return any(_dotted(cell) for row in rows for cell in row.cells)


def plot(rows: Sequence[Row], notation: LatexNotation) -> Iterator[str]:
    """The rows as one picture: the curve, and the words and numbers beside and below it where the text has them."""
    height = 4 * sum(any(map(_dotted, row.cells)) for row in rows)
    width = 2 * max(len(cell.text) for row in rows for cell in row.cells if isinstance(cell, Words) and _dotted(cell))
    size = f"({width + LEFT},{height + BELOW})(-{LEFT},-{BELOW})"
    yield f"{{\\small\\setlength{{\\unitlength}}{{{UNIT}mm}}\n\\begin{{picture}}{size}\n"
    top = height
    for row in rows:
        for cell in row.cells:
            if isinstance(cell, Words) and _dotted(cell):
                yield from _dots(cell.text, top)
            elif isinstance(cell, Words) and cell.text.count("\u2800"):
                yield from _axis(cell.text, top, notation)
            elif cell is not None:
                yield f"\\put(-1.5,{top - 3}){{\\makebox(0,0)[r]{{{notation.text(cell)}}}}}\n"
        top -= 4
    yield f"\\put(0,0){{\\line(1,0){{{width}}}}}\\put(0,0){{\\line(0,1){{{height}}}}}\n\\end{{picture}}\\par}}\n"


def _dotted(cell: Math | None) -> bool:
    return isinstance(cell, Words) and bool(cell.text) and all(BLANK <= ord(c) < BLANK + 256 for c in cell.text)


def _dots(text: str, top: int) -> Iterator[str]:
    """Dots beside one another are one rule."""
    for y in range(4):
        columns = [2 * n + x for n, c in enumerate(text) for x in range(2) if (ord(c) - BLANK) & DOTS[y][x]]
        for _, run in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
            places = [column for _, column in run]
            yield f"\\put({places[0]},{top - 1 - y}){{\\rule{{{len(places)}\\unitlength}}{{1\\unitlength}}}}\n"


def _axis(text: str, top: int, notation: LatexNotation) -> Iterator[str]:
    """The words of the axis where they stand, blanks of braille between them."""
    at = 0
    for blank, run in groupby(text, key=lambda c: c == "\u2800"):
        said = "".join(run)
        if not blank:
            right = at + len(said) == len(text)
            place, side = (2 * len(text), "r") if right else (2 * at, "l")
            yield f"\\put({place},{top - 3}){{\\makebox(0,0)[{side}]{{{notation.outside(said)}}}}}\n"
        at += len(said)
