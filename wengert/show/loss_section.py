"""The table of lost digits: the statements that lost them, the values and derivatives that are imprecise from there, the right
values beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from wengert.lang.model import Key
from wengert.report import Report
from wengert.show.document import Cell, Column, Line, Math, Name, Number, Phrase, Row, Section, Words
from wengert.show.gradient import symbol
from wengert.show.numbers import Digits
from wengert.show.words import losses as said
from wengert.sweep.losses import Loss, digits_lost

MOST_ROWS = 40  # derivatives in the table


def loss_section(report: Report, digits: Digits) -> Section:
    """A row a statement to blame, then a row a value or derivative that is imprecise from there. There only where doubles lost
    digits."""
    columns = (Column(said.QUANTITY, folds=1), Column(said.IN_DOUBLES), Column(said.RIGHT), Column(said.WHY, folds=2))
    return Section(
        said.LOST_DIGITS, columns, lambda: _rows(report, digits), after=lambda: _after(report, digits), optional=True
    )


def _rows(report: Report, digits: Digits) -> Iterator[Row]:
    seen: set[tuple[int, int | None, str]] = set()
    for key, found in list(report.lost.items())[:MOST_ROWS]:
        for loss in found:
            if (loss.slot, loss.argument, loss.where) not in seen:
                seen.add((loss.slot, loss.argument, loss.where))
                yield from _blamed(report, loss, digits, seen)
        if len(key) > 1 or (report.list.slots[key[0]], None, "value") not in seen:
            yield _from_there(report, key, found, digits)


def _after(report: Report, digits: Digits) -> Iterator[Line]:
    if len(report.lost) > MOST_ROWS:
        yield (Words(said.more_lost(len(report.lost) - MOST_ROWS)),)
    trace = report.trace
    skipped = None if trace is None or trace.right is not None else trace.skipped
    yield (Words(said.remedy(digits.significant) if skipped is None else said.not_located(skipped)),)


def _blamed(report: Report, loss: Loss, digits: Digits, seen: set[tuple[int, int | None, str]]) -> Iterator[Row]:
    """The statement to blame; where the loss comes to light in another one, that one too."""
    wl, trace = report.list, report.trace
    assert trace is not None
    what = said.statement(wl, loss.slot) if loss.where == "value" else said.quantity(loss, wl, loss.slot)
    if loss.shown_at is None:
        yield _row(what, loss.value, loss.right, digits, said.why(loss, wl, loss.lost))
        return
    assert trace.right is not None
    made, right = trace.values[loss.slot], trace.right.values[loss.slot]
    yield _row(what, made, right, digits, said.why(loss, wl, digits_lost(made, right)))
    later = (loss.shown_at, loss.argument, "value" if loss.argument is None else "partial")
    if later not in seen:
        seen.add(later)
        what = said.statement(wl, loss.shown_at) if loss.argument is None else said.quantity(loss, wl)
        yield _row(what, loss.value, loss.right, digits, _from([Name(wl.name(loss.slot))], loss.lost))


def _from_there(report: Report, key: Key, found: Sequence[Loss], digits: Digits) -> Row:
    """An output's value or a derivative: where its lost digits come from."""
    wl, trace, verification = report.list, report.trace, report.verification
    assert trace is not None and verification is not None
    if len(key) == 1:
        value = verification.values[key[0]]
        slot = wl.slots[key[0]]
        what, made, reference, lost = said.statement(wl, slot), trace.values[slot], value.reference, value.lost
    else:
        check = verification.checks[key]
        what, made, reference, lost = symbol(report, key), trace.figure(key), check.reference, check.lost
    last = [loss for loss in found if loss.where in ("adjoint", "tangent")] or found  # what is nearest to the derivative
    sources = [said.quantity(loss, wl) for loss in last]
    return _row(what, made, Decimal(reference or "nan"), digits, _from(sources, lost or 0))


def _from(sources: Sequence[Math], lost: int) -> Line:
    pieces: list[Math] = []
    for n, source in enumerate(sources):
        pieces += [Words(said.FROM if n == 0 else said.AND if n == len(sources) - 1 else ", "), source]
    return (*pieces, Words(": " if pieces else ""), Words(said.lost_digits(lost)))


def _row(what: Math, made: Any, right: Any, digits: Digits, why: Line) -> Row:
    double, exact = said.both(made, right, digits)
    shown: Cell = Number(double) if isfinite(made) else Words(said.OVERFLOW)
    return Row((what, shown, Number(exact), Phrase(why)), mark="")
