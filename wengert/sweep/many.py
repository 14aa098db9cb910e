"""The sweeps in many digits: every column, and every figure of higher order, right to the last digit that is shown.

How digits are told to be right stands in `precise.py`; here is what is worked out with it, and which zeros are known without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from wengert.errors import ValueProblem
from wengert.lang.model import Key
from wengert.sweep import sweeps
from wengert.sweep.choice import BESIDE, SHADOWED, Choice
from wengert.sweep.columns import Columns, Directions, flat, from_flat, sweep
from wengert.sweep.edges import LONGEST, rationals
from wengert.sweep.effort import Effort, OutOfTime
from wengert.sweep.extended import ExtendedDigits
from wengert.sweep.faults import explain
from wengert.sweep.higher import Higher, evaluate
from wengert.sweep.point import point
from wengert.sweep.precise import Watched, settled
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList


class Right(NamedTuple):
    """The columns, and columns like them that say of which entries it is only for want of digits that they are 0 (`digits` were
    tried)."""

    columns: Columns
    counted: Columns
    digits: int


def right_columns(
    wl: WengertList, active: bytearray, outputs: Sequence[str], directions: Directions, reverse: bool, choice: Choice
) -> Right:
    """The columns in `choice.digits` digits, all of them right. Raises ValueProblem and OutOfTime."""
    assert choice.digits is not None
    made: list[Columns] = []
    zeros: set[int] = set()
    known: dict[int, Fraction] = {}  # values that rationals tell without rounding: 0.3 - 0.1 - 0.2 is 0
    if len(wl) <= SHADOWED:
        exact = sweep(wl, Rules(Rational()), active, outputs, directions, strict=False, reverse=reverse)
        zeros = _zeros(flat(exact))
        known = {slot: x for slot, x in enumerate(exact.values) if isinstance(x, Fraction)}

    def make(arithmetic: Watched) -> list[Any]:
        def settle(slot: int, value: Any) -> Any:
            return arithmetic.rational(known[slot]) if slot in known else value

        rules = Rules(arithmetic, convention=choice.partials)
        made.append(sweep(wl, rules, active, outputs, directions, strict=True, reverse=reverse, settle=settle))
        return flat(made[-1])

    effort = Effort(choice.seconds, choice.digits, len(wl) * (2 + len(outputs) * reverse + len(directions)))
    try:
        found = settled(make, choice.digits, zeros.__contains__, effort)
    except ValueProblem:  # by rounding alone, perhaps: the root of sin(pi)
        more = rationals(wl)
        if more.keys() <= known.keys():
            raise
        known.update(more)
        found = settled(make, choice.digits, zeros.__contains__, effort)
    marks = [False] * len(found.entries)
    for i in found.lost:
        marks[i] = True
    return Right(from_flat(found.entries, made[-1]), from_flat(marks, made[-1]), found.digits)


def raise_with_right_values(
    wl: WengertList, active: bytearray, outputs: Sequence[str], directions: Directions, problem: ValueProblem, choice: Choice
) -> None:
    """Raises the problem anew where a statement is outside its domain in doubles alone: exp(-746) is 0 there, and its
    logarithm has no value."""
    fault = problem.__cause__
    if not isinstance(fault, sweeps.StatementFault) or fault.overflow or len(wl) > LONGEST:
        return
    try:
        right = right_columns(wl, active, outputs, directions, False, replace(choice, digits=BESIDE)).columns
    except (ValueProblem, OutOfTime):
        return
    raise explain(wl, fault, right=right.values) from fault


def right_figures(derived: Higher, choice: Choice) -> tuple[dict[Key, Any], set[Key], int]:
    """The derivatives of higher order in `choice.digits` digits, those that are 0 only for want of digits, and
    how many were tried. Raises ValueProblem and OutOfTime."""
    assert choice.digits is not None
    keys: list[Key] = []

    def make(arithmetic: Watched) -> list[Any]:
        rules = Rules(arithmetic, convention=choice.partials)
        found = evaluate(derived, rules, point(derived.list, rules))
        if any(x != x for x in found.values()):  # some may be infinite
            rules = Rules(ExtendedDigits(arithmetic.digits), convention=choice.partials)
            beyond = evaluate(derived, rules, point(derived.list, rules))
            found = {k: beyond[k] if x != x else x for k, x in found.items()}
        keys[:] = found
        return list(found.values())

    exact = evaluate(derived, Rules(Rational()), point(derived.list, Rules(Rational()), strict=False))
    effort = Effort(choice.seconds, choice.digits, len(derived.list))
    found = settled(make, choice.digits, _zeros(list(exact.values())).__contains__, effort)
    return dict(zip(keys, found.entries, strict=True)), {keys[i] for i in found.lost}, found.digits


def _zeros(entries: Sequence[Any]) -> set[int]:
    """Where rationals tell that an entry is exactly 0."""
    return {i for i, x in enumerate(entries) if x is not None and x is not UNKNOWN and x == 0}
