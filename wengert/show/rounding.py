"""The forward table of a sweep on rounded nodes: beside each rounded value the full-precision one and the drift, and below
the table where a rounded value is not the rounding of the right one, and why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from wengert.report import Report
from wengert.show import words
from wengert.show.document import Column, Equation, Formula, Line, Name, Row, Section, Words
from wengert.show.figures import RoundedFigures
from wengert.sweep.arithmetics import Digits as ManyDigits
from wengert.sweep.rounded import half_away

MOST_TOLD = 12  # nodes that are explained below the table


def rounded_forward(report: Report, figures: RoundedFigures, typed: list[Formula | None]) -> Section:
    """`typed` are the inputs' values as they were typed, where that says more than the number."""
    columns = (
        Column(words.STATEMENT, folds=1), Column(words.NUMBERS, folds=2), Column(words.rounded(figures.rounded.decimals)),
        Column(words.FULL), Column(words.DRIFT),
    )  # fmt: skip
    return Section(
        words.FORWARD, columns, lambda: _rows(report, figures, typed), after=lambda: _carried(report, figures),
        count=len(report.list),
    )  # fmt: skip


def _rows(report: Report, figures: RoundedFigures, typed: list[Formula | None]) -> Iterator[Row]:
    for i, x in enumerate(report.model.inputs):
        yield Row((Name(x.name), typed[i], figures.slot(i), None, None))
    steps = report.steps
    for slot in steps.slots():
        step = steps.line(slot)
        left = Equation((Name(report.list.name(slot)), Formula(step.nodes, step.formula)))
        numbers = None
        if not step.nodes.is_leaf(step.formula):
            numbers = figures.put_in(step.nodes, step.formula, figures.values[slot], keep_call=True)
        drift = figures.drift(figures.values[slot], figures.full.values[slot])
        yield Row((left, numbers, figures.slot(slot), figures.full.slot(slot), drift))


def _carried(report: Report, figures: RoundedFigures) -> Iterator[Line]:
    """A line for each node whose rounded value is not what the full-precision value would be rounded to."""
    rounded, steps, wl = figures.rounded, report.steps, report.list
    arithmetic: ManyDigits = rounded.arithmetic
    told = 0
    for slot in steps.slots():
        if slot not in rounded.before:
            continue
        full = figures.full.values[slot]
        right = half_away(arithmetic.rational(Fraction(full)), rounded.decimals, arithmetic)
        if arithmetic.rational(right) == figures.values[slot]:
            continue
        if told == MOST_TOLD:
            yield (Words(words.MORE_CARRIED),)
            return
        told += 1
        step = steps.line(slot)
        used = [n for n in step.nodes.names_in([step.formula]) if wl.slot_named(n) in rounded.before]
        from_rounded = ", ".join(f"{n} = {figures.digits.result(figures.values[_slot(report, n)])}" for n in used)
        yield (Words(words.carried(
            wl.name(slot), figures.digits.result(figures.values[slot]), figures.digits.result(right), from_rounded,
            figures.line.result(rounded.before[slot]), figures.line.result(full),
        ).replace("-", "−")),)  # fmt: skip


def _slot(report: Report, name: str) -> int:
    slot = report.list.slot_named(name)
    assert slot is not None
    return slot
