"""How the columns of a table share a line: each gets what it cannot do without, the rest goes where it saves most lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import fsum
from typing import TypeAlias

from wengert.show.document import Adjoint, Column, Derivative, Name, Result, Row, Tangent
from wengert.show.notation.extent import LETTER, LINE, Extent

GAP = 2.4  # between two columns
STEP = 1.0
LOOKED_AT = 60  # rows that are: the longest ones

Slots: TypeAlias = Sequence[tuple[int, ...]]  # the columns that share a cell


def foldings(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[Slots]:
    """Each column by itself; then formulas behind what they are equal to, then results too. A left side stays by itself."""
    found: list[Slots] = [[(i,) for i in range(len(columns))]]
    yield found[0]
    for with_results in (False, True):
        slots: list[tuple[int, ...]] = []
        for i, column in enumerate(columns):
            result = any(isinstance(row.cells[i], Result) for row in rows)
            if slots and column.equals and (with_results or not result) and not _is_side(rows, slots[-1][-1]):
                slots[-1] = (*slots[-1], i)
            else:
                slots.append((i,))
        if slots not in found:
            found.append(slots)
            yield slots


def _is_side(rows: Sequence[Row], i: int) -> bool:
    return all(row.cells[i] is None or isinstance(row.cells[i], (Name, Adjoint, Derivative, Tangent)) for row in rows)


def least_width(columns: Sequence[Column], rows: Sequence[Sequence[Extent]]) -> float:
    """The least width of the table, gaps included."""
    return fsum(_least(columns, rows)) + GAP * (len(columns) - 1)


def shared_widths(columns: Sequence[Column], rows: Sequence[Sequence[Extent]], line: float = LINE) -> list[float]:
    """A width for each column; `rows` are the extents of its cells. Together they fill a line at most, where the
    least ones do; else these are they."""
    wanted = [max([_heading(column), *(row[i][0] for row in rows)]) for i, column in enumerate(columns)]
    room = line - GAP * (len(columns) - 1)
    if fsum(wanted) <= room:
        return wanted
    widths = _least(columns, rows)
    longest = sorted(rows, key=lambda row: -fsum(width for width, _ in row))[:LOOKED_AT]
    while fsum(widths) + STEP <= room:
        open_ones = [i for i, width in enumerate(widths) if width < wanted[i]]
        if not open_ones:
            break
        now = [[_lines(width, widths[i]) for i, (width, _) in enumerate(row)] for row in longest]
        widths[max(open_ones, key=lambda i: _saved(longest, now, i, widths[i]))] += STEP
    return widths


def _least(columns: Sequence[Column], rows: Sequence[Sequence[Extent]]) -> list[float]:
    return [
        max([max(map(len, column.heading.split()), default=0) * LETTER, *(row[i][1] for row in rows)])
        for i, column in enumerate(columns)
    ]


def _heading(column: Column) -> float:
    return len(column.heading) * LETTER


def _lines(width: float, room: float) -> float:
    return width / room if room else 0.0


def _saved(rows: Sequence[Sequence[Extent]], now: Sequence[Sequence[float]], i: int, width: float) -> tuple[float, float]:
    """How many lines a wider column saves, in the rows where it is the highest; then how full it is."""
    saved = 0.0
    for row, lines in zip(rows, now, strict=True):
        others = max([1.0, *(x for k, x in enumerate(lines) if k != i)])
        saved += max(lines[i], others) - max(_lines(row[i][0], width + STEP), others)
    return saved, max((lines[i] for lines in now), default=0.0)
