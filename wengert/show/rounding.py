"""The forward table of a sweep on rounded nodes: beside each rounded value the full-precision one and the drift, and below
the table where a rounded value is not the rounding of the right one, and why, or has no finite slope."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

from wengert.report import Report
from wengert.show.document import Column, Equation, Formula, Line, Name, Row, Section, Words
from wengert.show.numbers import is_finite
from wengert.show.rounded_figures import RoundedFigures
from wengert.show.words import tables as words

MOST_TOLD = 12  # nodes that are explained below the table
MOST_NAMED = 6  # rounded nodes that such a sentence names


def rounded_forward(report: Report, figures: RoundedFigures, typed: list[Formula | None]) -> Section:
    """`typed` are the inputs' values as they were typed, where that says more than the number."""
    columns = (
        Column(words.STATEMENT, folds=1), Column(words.NUMBERS, folds=2, equals=True), Column(words.VALUE, equals=True),
        Column(words.FULL),
        Column(words.DRIFT),
    )  # fmt: skip
    return Section(
        words.FORWARD, columns, lambda: _rows(report, figures, typed),
        after=lambda: chain(_carried(report, figures), _steep(report, figures)),
        count=len(report.list), kind="forward",
    )  # fmt: skip


def _rows(report: Report, figures: RoundedFigures, typed: list[Formula | None]) -> Iterator[Row]:
    for i, x in enumerate(report.model.inputs):
        yield Row((Name(x.name), typed[i], figures.slot(i), None, None), about=(x.name,))
    steps = report.steps
    for slot in steps.slots():
        step = steps.line(slot)
        left = Equation((Name(report.list.name(slot)), Formula(step.nodes, step.formula)))
        node = figures.is_node(slot)
        printed = figures.node if node else figures.printed
        numbers = figures.cell(step.nodes, step.formula, figures.values[slot], keep_call=True, printed=printed)
        beside = (figures.full.slot(slot), figures.drift(slot)) if node else (None, None)
        yield Row((left, numbers, figures.slot(slot), *beside), about=(report.list.name(slot),))


def _carried(report: Report, figures: RoundedFigures) -> Iterator[Line]:
    """A line for each node whose rounded value is not what the full-precision value would be rounded to."""
    rounded, wl = figures.rounded, report.list
    told = 0
    for slot in report.steps.slots():
        node, full = rounded.nodes.get(slot), _full(figures, slot)
        right = None if full is None else rounded.node(full)
        used = [] if node is None or right in (None, node) else _rounded_before(report, figures, slot)
        if not used:
            continue
        if told == MOST_TOLD:
            yield (Words(words.MORE_CARRIED),)
            return
        told += 1
        names = [f"{wl.name(s)} = {figures.node(figures.values[s])}" for s in used[:MOST_NAMED]]
        names += ["…"] if len(used) > MOST_NAMED else []
        yield (Words(words.carried(
            wl.name(slot), figures.node(figures.values[slot]), figures.node(full), ", ".join(names),
            figures.line.result(rounded.before[slot]), figures.line.result(full),
        ).replace("-", "−")),)  # fmt: skip


def _steep(report: Report, figures: RoundedFigures) -> Iterator[Line]:
    """A line for each statement whose slope is infinite because a node was rounded to 0: 1/(2·√x)."""
    rounded, wl = figures.rounded, report.list
    turned = {s for s, node in rounded.nodes.items() if node == 0 and rounded.before[s] != 0}
    steep = []
    for slot in wl.statements() if turned else ():
        cause = next((s for s in (slot, *wl.operands_of(slot)) if s in turned), None)
        if cause is not None and not _finite_slopes(report, figures, slot):
            steep.append((slot, cause))
    for slot, s in steep[:MOST_TOLD]:
        value = figures.line.result(rounded.before[s]).replace("-", "−")
        yield (Words(words.steep(wl.name(s), value, wl.name(slot), rounded.enough(s))),)
    if len(steep) > MOST_TOLD:
        yield (Words(words.MORE_CARRIED),)


def _finite_slopes(report: Report, figures: RoundedFigures, slot: int) -> bool:
    wl = report.list
    at = slot - wl.inputs
    column = figures.rounded.columns.partials[wl.first[at] : wl.first[at] + len(wl.operands_of(slot))]
    return all(partial is None or is_finite(partial) for partial in column)


def _full(figures: RoundedFigures, slot: int) -> Any:
    """The value without rounding, in many digits; None where it is not finite."""
    rounded = figures.rounded
    if rounded.full is not None:
        value = rounded.full.values[slot]
    else:
        double = figures.full.values[slot]
        value = rounded.arithmetic.rational(Fraction(double)) if is_finite(double) else double
    return value if is_finite(value) else None


def _rounded_before(report: Report, figures: RoundedFigures, slot: int) -> list[int]:
    """The rounded nodes that the slot's value depends on, directly or through statements that are not rounded."""
    wl = report.list
    found: set[int] = set()
    seen = {slot}
    stack = [slot]
    while stack:
        for o in wl.operands_of(stack.pop()):
            if o in figures.rounded.before:
                found.add(o)
            elif o >= wl.inputs and o not in seen:
                seen.add(o)
                stack.append(o)
    return sorted(found)
