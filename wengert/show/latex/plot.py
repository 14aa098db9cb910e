r"""A curve that text draws in braille, as a picture of LaTeX's own: a line through the dots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import hypot

from wengert.show.curve import BLANK, DOTS
from wengert.show.document import Math, Row, Words
from wengert.show.notation.latex import LatexNotation

UNIT = 0.9  # millimetres between two dots
DENSE = 8  # points of a line for a unit: LaTeX's own pictures draw slanted lines so
LEFT, BELOW = 18, 6  # units for what stands beside and below


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
    yield "\\thicklines\n"
    yield from _line([cell.text for row in rows for cell in row.cells if isinstance(cell, Words) and _dotted(cell)])
    yield "\\thinlines\n"
    for row in rows:
        for cell in row.cells:
            if isinstance(cell, Words) and _dotted(cell):
                continue
            if isinstance(cell, Words) and cell.text.count("\u2800"):
                yield from _axis(cell.text, top, notation)
            elif cell is not None:
                yield f"\\put(-1.5,{top - 3}){{\\makebox(0,0)[r]{{{notation.text(cell)}}}}}\n"
        top -= 4
    yield f"\\put(0,0){{\\line(1,0){{{width}}}}}\\put(0,0){{\\line(0,1){{{height}}}}}\n\\end{{picture}}\\par}}\n"


def _dotted(cell: Math | None) -> bool:
    return isinstance(cell, Words) and bool(cell.text) and all(BLANK <= ord(c) < BLANK + 256 for c in cell.text)


def _line(lines: Sequence[str]) -> Iterator[str]:
    """The curve through the dots: a straight stroke from the middle of each level run to the next."""
    height = 4 * len(lines)
    spans = [(x, _span(lines, x)) for x in range(2 * max(map(len, lines)))]
    points: list[tuple[float, float]] = []
    for span, run in groupby(spans, key=lambda pair: pair[1]):
        if span is None:
            continue
        places = [x + 0.5 for x, _ in run]
        level = (span[0] + span[1]) / 2
        points += [] if points else [(places[0], float(span[0]))]
        points.append(((places[0] + places[-1]) / 2, level))
        end = (places[-1], level)
    points.append(end)
    for (x, y), (u, v) in pairwise((x, height - y - 0.5) for x, y in points):
        count = 2 + round(DENSE * hypot(u - x, v - y))  # left to itself LaTeX counts wrong for a short one
        yield f"\\qbezier[{count}]({x:g},{y:g})({(x + u) / 2:g},{(y + v) / 2:g})({u:g},{v:g})\n"


def _span(lines: Sequence[str], x: int) -> tuple[int, int] | None:
    """The uppermost and the lowest dot of a column."""
    found = [
        4 * n + y for n, line in enumerate(lines) if x // 2 < len(line)
        for y in range(4) if (ord(line[x // 2]) - BLANK) & DOTS[y][x % 2]
    ]  # fmt: skip
    return (found[0], found[-1]) if found else None


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
