"""How a table's columns share the width of a page: side by side where they have room, else the formulas fold, or what is equal
stands below one another.

A slot is what stands in one column of the printed table: one column of the document, or several that are equal to one another
and stand below each other, each line with its sign. Widths are chosen as for the terminal: few of each slot are tried with
those of the others, and the ones with which the rows are lowest are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import fsum, prod
from typing import TypeAlias

from wengert.show.document import Adjoint, Column, Derivative, Name, Result, Row, Tangent
from wengert.show.latex.breaks import DEEPEST
from wengert.show.latex.runs import FLAT, TALL, Runs

SIGN = 1.35  # ems of = with its space
GAP = 1.1  # ems between columns
SLACK = 0.25  # what a column is wider than its widest cell
TRIED = 7  # widths of a slot that are tried
MOST = 5000  # ways to choose one for each slot
LOOKED_AT = 40  # rows that are: the longest ones
PROSE = 9.0  # ems that a sentence keeps
LEAD = 5.0  # ems of a first column that may stand on a line of its own
STACKED = 0.12  # what a stacked row costs beside its height: side by side is easier to read
LED = 0.2  # what it costs that the first column stands apart
DEEPER = 0.3  # what a break inside brackets costs

Slots: TypeAlias = tuple[tuple[int, ...], ...]
Cells: TypeAlias = Sequence[Runs | None]  # of one row


@dataclass(frozen=True, slots=True)
class Plan:
    """`widths` of the slots in ems. `natural`: nothing folds, so that the widths hold on any page. `lead`: the first column is
    in no slot, but stands on a line of its own above the others."""

    slots: Slots
    widths: tuple[float, ...]
    natural: bool
    lead: bool = False


def plan(
    columns: Sequence[Column], rows: Sequence[Row], cells: Sequence[Cells], heads: Sequence[Runs], room: float
) -> Plan | None:
    """The best way to fit the table into `room` ems, None where there is none."""
    single: Slots = tuple((i,) for i in range(len(columns)))
    natural = _widths(single, cells, heads)
    if _total(natural) <= room:
        return Plan(single, natural, True)
    best: tuple[float, Plan] | None = None
    leads = (False, True) if len(columns) > 2 and natural[0] > LEAD and not columns[1].equals else (False,)
    for n, slots in enumerate(stackings(columns, rows)):
        for lead in leads:
            found = _folded(columns, slots[lead:], cells, heads, room)
            if found is None:
                continue
            cost = found[0] + (n * STACKED + lead * LED) * min(len(cells), LOOKED_AT) + lead * _lead(cells)
            if best is None or cost < best[0]:
                best = (cost, Plan(slots[lead:], found[1], False, lead))
    return None if best is None else best[1]


def _lead(cells: Sequence[Cells]) -> float:
    """The height of the first column, on lines of its own."""
    longest = sorted(cells, key=lambda row: -fsum(c.width for c in row if c is not None))[:LOOKED_AT]
    return fsum(TALL if row[0].is_tall else FLAT for row in longest if row[0] is not None)


def forced(cells: Sequence[Cells], heads: Sequence[Runs], room: float) -> Plan:
    """Every column with its share of the room: what is too wide for its column will be split."""
    wide = [
        max([head.narrowest(DEEPEST), *(c.narrowest(DEEPEST) for c in column if c is not None)]) + SLACK
        for head, column in zip(heads, zip(*cells, strict=True), strict=True)
    ]
    most = (room - GAP * (len(wide) - 1)) / len(wide)
    spare = fsum(max(0.0, most - w) for w in wide)
    over = fsum(max(0.0, w - most) for w in wide)
    widths = [w if w <= most else most + spare * (w - most) / over for w in wide]
    return Plan(tuple((i,) for i in range(len(wide))), tuple(widths), False)


def fits(made: Plan, columns: Sequence[Column], cells: Sequence[Cells]) -> bool:
    """Whether further rows go into the widths of a plan."""
    if made.natural:
        return all(w + 1e-6 >= v for w, v in zip(made.widths, _widths(made.slots, cells, ()), strict=True))
    cells = _signed(columns, made.slots, cells)
    return all(
        cell is None or cell.width + SLACK <= wide or cell.narrowest(DEEPEST) + SLACK <= wide
        for slot, wide in zip(made.slots, made.widths, strict=True) for row in cells for i in slot for cell in (row[i],)
    )  # fmt: skip


def stackings(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[Slots]:
    """The ways to set columns that are equal to the one on their left: beside it, below it, below it with the value."""
    yield tuple((i,) for i in range(len(columns)))
    for with_results in (False, True):
        slots: list[tuple[int, ...]] = []
        for i, column in enumerate(columns):
            result = any(isinstance(row.cells[i], Result) for row in rows)
            if slots and column.equals and (with_results or not result) and not _is_side(rows, slots[-1][-1]):
                slots[-1] = (*slots[-1], i)
            else:
                slots.append((i,))
        if len(slots) < len(columns):
            yield tuple(slots)


def _is_side(rows: Sequence[Row], i: int) -> bool:
    """Whether the column holds the left sides of equations, which stay apart from what stands below one another."""
    return all(row.cells[i] is None or isinstance(row.cells[i], (Name, Adjoint, Derivative, Tangent)) for row in rows)


def _total(widths: Sequence[float]) -> float:
    return fsum(widths) + GAP * (len(widths) - 1)


def _widths(slots: Slots, cells: Sequence[Cells], heads: Sequence[Runs]) -> tuple[float, ...]:
    found = []
    for slot in slots:
        wide = max((head.width for i, head in enumerate(heads) if i in slot[:1]), default=0.0)
        for row in cells:
            for i in slot:
                cell = row[i]
                wide = max(wide, 0.0 if cell is None else cell.width)
        found.append(wide + SLACK)
    return tuple(found)


def _folded(
    columns: Sequence[Column], slots: Slots, cells: Sequence[Cells], heads: Sequence[Runs], room: float
) -> tuple[float, tuple[float, ...]] | None:
    """The widths that make the rows lowest, with the sum of the heights; None where the narrowest do not fit."""
    cells = _signed(columns, slots, cells)
    full = _widths(slots, cells, heads)
    if _total(full) <= room:
        return _height(slots, cells, [dict.fromkeys([w]) for w in full], full), full
    longest = sorted(cells, key=lambda row: -fsum(c.width for c in row if c is not None))[:LOOKED_AT]
    for deepest in (0, 1, DEEPEST):
        least = [
            min(w, max(_least(columns, slot, cells, heads, deepest) + SLACK, 2.0)) for w, slot in zip(full, slots, strict=True)
        ]
        if _total(least) <= room:
            break
    else:
        return None
    steps = TRIED
    while steps > 2 and prod(steps if f - n > 0.5 else 1 for f, n in zip(full, least, strict=True)) > MOST:
        steps -= 1
    choices = []
    for slot, most, narrow in zip(slots, full, least, strict=True):
        tried = {narrow + (most - narrow) * k / (steps - 1) for k in range(steps)} if most - narrow > 0.5 else {most}
        choices.append(sorted({max(narrow, _used(slot, longest, max(w, narrow))) for w in tried}))
    heights: list[dict[float, list[float] | None]] = [dict.fromkeys(ws) for ws in choices]
    fitting = [widths for widths in product(*choices) if _total(widths) <= room]
    if not fitting:
        return None
    best = min(fitting, key=lambda widths: (_height(slots, longest, heights, widths), _total(widths)))
    return _height(slots, longest, heights, best) + DEEPER * deepest * len(longest), best


def _signed(columns: Sequence[Column], slots: Slots, cells: Sequence[Cells]) -> Sequence[Cells]:
    """The cells with room for the sign that stands before what is below something equal."""
    stacked = {i for slot in slots if len(slot) > 1 for i in slot if columns[i].equals}
    if not stacked:
        return cells
    return [[replace(c, inset=SIGN) if c and n in stacked and not c.kept else c for n, c in enumerate(row)] for row in cells]


def _least(
    columns: Sequence[Column], slot: Sequence[int], cells: Sequence[Cells], heads: Sequence[Runs], deepest: int
) -> float:
    """How narrow a slot may be: sentences keep some width, results and short words all of it."""
    wide = max((heads[i].narrowest(0) for i in slot[:1]), default=0.0)
    for row in cells:
        for i in slot:
            cell = row[i]
            if cell is None:
                continue
            if cell.is_prose:
                wide = max(wide, min(cell.width, max(PROSE, cell.narrowest(0))))
            elif columns[i].folds or len(slot) > 1 or deepest:
                wide = max(wide, cell.narrowest(deepest))
            else:
                wide = max(wide, cell.width if cell.kept else cell.narrowest(0))
    return wide


def _used(slot: Sequence[int], cells: Sequence[Cells], room: float) -> float:
    inner = room - SLACK
    widths = [c.used(inner) for row in cells for i in slot for c in (row[i],) if c is not None]
    return round(min(room, max(widths, default=0.0) + SLACK), 3)


def _height(
    slots: Slots, cells: Sequence[Cells], heights: Sequence[dict[float, list[float] | None]], widths: Sequence[float]
) -> float:
    """The sum of the rows' heights: of each its highest slot."""
    columns: list[list[float]] = []
    for slot, known, wide in zip(slots, heights, widths, strict=True):
        found = known.get(wide)
        if found is None:
            found = known[wide] = [
                fsum(c.count(wide - SLACK) * (TALL if c.is_tall else FLAT) for i in slot for c in (row[i],) if c is not None)
                for row in cells
            ]
        columns.append(found)
    rows: Iterator[tuple[float, ...]] = zip(*columns, strict=True)
    return fsum(map(max, rows))
