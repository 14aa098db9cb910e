"""How the columns of a table share a line: each gets what it cannot do without, the rest goes where it saves most lines."""

from __future__ import annotations

from collections.abc import Sequence

from wengert.show.document import Column
from wengert.show.notation.extent import LETTER, LINE, Extent

GAP = 2.4  # between two columns
SLACK = 1.3  # that a cell may reach into the gap
STEP = 1.0
LEAST = 4.0
LOOKED_AT = 60  # rows that are: the longest ones


def least_width(columns: Sequence[Column], rows: Sequence[Sequence[Extent]]) -> float:
    """The least width of the table, gaps included."""
    return sum(_least(columns, rows)) + GAP * (len(columns) - 1)


def shared_widths(columns: Sequence[Column], rows: Sequence[Sequence[Extent]], line: float = LINE) -> list[float]:
    """A width for each column; `rows` are the extents of its cells. Together they fill a line at most, unless the least ones
    are more than that."""
    wanted = [max([_heading(column), *(row[i][0] for row in rows)]) for i, column in enumerate(columns)]
    room = line - GAP * (len(columns) - 1)
    if sum(wanted) <= room:
        return wanted
    widths = _least(columns, rows)
    slack = min(SLACK, max(0.0, sum(widths) - room) / len(widths))
    widths = [width - slack for width in widths]
    while sum(widths) > room + 0.01:  # the widest one gives way, alone: what is too wide runs into one neighbour only
        widest = max(range(len(widths)), key=widths.__getitem__)
        second = max([LEAST, *(w for i, w in enumerate(widths) if i != widest)])
        widths[widest] -= min(sum(widths) - room, max(STEP, widths[widest] - second))
    longest = sorted(rows, key=lambda row: -sum(width for width, _ in row))[:LOOKED_AT]
    while sum(widths) + STEP <= room:
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
