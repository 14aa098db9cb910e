"""The columns of a trace by the names of its slots, and the list's statements: views, made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

from wengert.face.entries import Statement, Value, statement_of, value_of
from wengert.face.tables import NoSuchName, Table

if TYPE_CHECKING:
    from wengert.report import Report
    from wengert.sweep.trace import Trace
    from wengert.tape.wengert_list import WengertList


def value_table(report: Report, trace: Trace) -> Table[Value]:
    return _by_slot(report.list, lambda slot: True, lambda slot: _value(trace.values[slot]), "value")


def adjoint_table(report: Report, trace: Trace, of: str) -> Table[Value]:
    """Of what the names differentiated by lead to; 0 where no path leads on to the output."""
    column, zero = trace.columns.adjoints[of], trace.arithmetic.zero
    return _by_slot(
        report.list, lambda slot: bool(trace.active[slot]) or column[slot] is not None,
        lambda slot: _value(zero if column[slot] is None else column[slot]), "adjoint",
    )  # fmt: skip


def tangent_table(report: Report, trace: Trace, along: str) -> Table[Value]:
    """Of every slot; 0 where it does not move."""
    column, zero = trace.columns.tangents[along], trace.arithmetic.zero
    return _by_slot(
        report.list, lambda slot: True, lambda slot: _value(zero if column[slot] is None else column[slot]), "tangent"
    )  # fmt: skip


def partial_table(report: Report, trace: Trace) -> Table[Table[Value]]:
    """Of the statements that something is differentiated through."""
    wl, steps = report.list, report.steps_at("operation")

    def entry(slot: int) -> Table[Value]:
        first, found = wl.span(slot)[0], dict[str, Any]()
        for link in steps.at(slot).links:
            assert link.argument is not None
            value = _value(trace.columns.partials[first + link.argument])
            name = wl.name(link.source)
            found[name] = found[name] + value if name in found else value
        return Table.of(list(found), found.__getitem__, f"local partial of {wl.name(slot)} with respect to a value")

    return _by_slot(wl, lambda slot: slot >= wl.inputs and bool(trace.active[slot]), entry, "local partial")


def _by_slot(wl: WengertList, has: Callable[[int], bool], entry: Callable[[int], Any], what: str) -> Table[Any]:
    def named(name: str) -> Any:
        slot = wl.slot_named(name)
        if slot is None or not has(slot):
            raise KeyError(name)
        return entry(slot)

    return Table(lambda: (wl.name(slot) for slot in range(len(wl)) if has(slot)), named, what)


def _value(raw: Any) -> Value:
    from wengert.show.record import number

    return value_of(number(raw))


class Statements(Sequence[Statement]):
    """The statements in their order, by number and by name."""

    __slots__ = ("_report", "_steps")

    def __init__(self, report: Report) -> None:
        self._report = report
        self._steps = report.steps_at("operation")

    def __len__(self) -> int:
        return len(self._report.list.statements())

    @overload
    def __getitem__(self, at: int | str) -> Statement: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Statement]: ...
    def __getitem__(self, at: int | str | slice) -> Statement | Sequence[Statement]:
        slots = self._report.list.statements()
        if isinstance(at, slice):
            return [self._made(slot) for slot in slots[at]]
        if not isinstance(at, str):
            return self._made(slots[at])
        slot = self._report.list.slot_named(at)
        if slot is None or slot not in slots:
            raise NoSuchName(f"there is no statement {at}", hint="r.statements has those of the list, r.inputs the inputs")
        return self._made(slot)

    def __iter__(self) -> Iterator[Statement]:
        return map(self._made, self._report.list.statements())

    def _made(self, slot: int) -> Statement:
        from wengert.show.record import statement_record

        return statement_of(statement_record(self._report, self._steps, slot), len(self._report.outputs) > 1)

    def __repr__(self) -> str:
        from wengert.face.tables import SHOWN

        shown = [f"{s.name} = {s.formula}" for s in islice(self, SHOWN)]
        return "\n".join(shown) + (f"\n… {len(self) - SHOWN:,} more" if len(self) > SHOWN else "")

    def _ipython_key_completions_(self) -> list[str]:
        return [self._report.list.name(slot) for slot in self._report.list.statements()[:5000]]
