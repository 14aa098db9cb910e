"""What the sweeps cost, as a short table with a sentence, and as data: why reverse mode wins for one output and many names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import log10
from typing import Any

from wengert.report import Report
from wengert.show.document import Cell, Column, Line, Row, Section, Words
from wengert.show.words import tables as words
from wengert.show.words.costs import along_seed, verdict
from wengert.sweep.counts import CEILING, Counts, count

PLAIN = 10**12  # a larger count is shown as about 10^…
SAFE = 2**53  # a larger whole number is not safe in other programs' JSON


def cost_section(report: Report) -> Section:
    """Rows for the primal sweep, forward and reverse mode, and the formulas written out; below them what that comes to. Along
    a seed the one sweep that was made comes first, and what all derivatives would cost beside it. Counted when it is drawn."""
    columns = (Column(words.WHAT), Column(words.OPERATIONS, "right"))
    heading = words.COST_OF_FIRST if report.settings.order > 1 else words.COST

    @cache
    def counted() -> tuple[Counts, Counts | None]:
        return _count(report), _count_seeded(report)

    def after() -> Iterator[Line]:
        counts, seeded = counted()
        said = verdict(counts) if seeded is None else along_seed(seeded)
        return ((Words(sentence),) for sentence in (*said, *words.HOW_COUNTED))

    return Section(heading, columns, lambda: _rows(*counted()), after=after)


def cost_record(report: Report) -> dict[str, Any]:
    """The JSON key "operations": the counts as numbers. One beyond 2**53 is a string of its digits, one beyond 10**1000 the
    string "more than 1e1000"; one that was not counted (too many names × statements) is null."""
    c = _count(report)
    return {
        "primal": _json(c.primal), "partials": _json(c.partials),
        "forward": {"one": _json(c.forward_one), "all": _json(c.forward_all)},
        "reverse": _json(c.reverse), "expanded": _json(c.expanded),
    }  # fmt: skip


def _count(report: Report) -> Counts:
    return count(report.list, report.active, report.outputs, report.model.wrt)


def _count_seeded(report: Report) -> Counts | None:
    """The counts where the names of the seed move, and they alone; None without a seed."""
    seed = report.model.seed
    if seed is None:
        return None
    active = report.list.depends_on([report.list.slots[x] for x in seed])
    return count(report.list, active, report.outputs, tuple(seed))


def _rows(c: Counts, seeded: Counts | None) -> Iterator[Row]:
    yield Row((Words(words.PRIMAL_SWEEP), _cell(c.primal)))
    if seeded is not None:
        yield Row((Words(words.SEED_SWEEP), _cell(seeded.forward_one)))
    if c.names == 0:
        return
    not_counted = Words(words.NOT_COUNTED)
    yield Row((Words(words.forward_cost(c.names)), not_counted if c.forward_all is None else _cell(c.forward_all)))
    yield Row((Words(words.reverse_cost(c.names, c.outputs)), _cell(c.reverse)))
    yield Row((Words(words.written_out(c.outputs * c.names)), not_counted if c.expanded is None else _cell(c.expanded)))


def _cell(value: int) -> Cell:
    return Words(_shown(value))


def _shown(value: int) -> str:
    """The count with its digits, or its power of ten where that says as much."""
    if value >= CEILING:
        return words.more_than(f"10^{len(str(CEILING)) - 1}")
    if value < PLAIN:
        return f"{value:,}"
    return words.about(f"10^{round(log10(value))}")


def _json(value: int | None) -> int | str | None:
    if value is None or value <= SAFE:
        return value
    return str(value) if value < CEILING else words.more_than(f"1e{len(str(CEILING)) - 1}")
