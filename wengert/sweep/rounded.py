"""How people calculate on paper: the nodes' values are rounded before they are used (design, section 6).

Rounded are z and a of a network and its loss, or each statement of a formula, half away from zero; products inside a z,
partials and adjoints keep their digits. The rules are the textbook's: σ′ is y·(1 − y) with the rounded y.

A rounded node is a decimal fraction, known exactly, and so is every rational that comes of such nodes: `shadow` is the same
sweep in rationals. `full` is the sweep without rounding in as many digits, from which the drift is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wengert.errors import ValueProblem
from wengert.sweep.arithmetics import Digits, digits
from wengert.sweep.columns import Columns, Directions, sweep
from wengert.sweep.faults import number, words
from wengert.sweep.point import point
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.sweep.sweeps import StatementFault, primal
from wengert.tape.wengert_list import WengertList

WORKING = 60  # digits in which a node is computed before it is rounded
TIE = 40  # digits to which a value is taken for a tie: 0.0625 is one however it was reached
DOUBLES = 1e-12  # relative difference below which doubles say nothing
SAME = 1e-9  # relative difference up to which a double and many digits are the same number
MOST_TRIED = 50  # decimals up to which a hint is looked for
LONGEST_TRIED = 1_000  # statements of a list for which one is
TOLD = 3  # nodes of which a message says how they were rounded

Settle = Callable[[int, Any], Any]


@dataclass(frozen=True)
class Rounded:
    """The sweeps on rounded nodes: `columns` in many digits; `nodes` the value of each node that was rounded, `before` what it
    was before that, computed from the rounded ones before it (`exactly`: the same as a rational, UNKNOWN where it is none;
    a node too large to be rounded stands in `before` alone). `shadow` and `full` are None for a long list."""

    decimals: int
    columns: Columns
    before: Mapping[int, Any]
    nodes: Mapping[int, Fraction]
    exactly: Mapping[int, Any]
    arithmetic: Digits
    shadow: Columns | None = None
    full: Columns | None = None

    def exact(self, slot: int) -> Any:
        """The slot's value before it was rounded as a rational where that is known, else UNKNOWN."""
        if slot not in self.before:
            return UNKNOWN if self.shadow is None else self.shadow.values[slot]
        before, exactly = self.before[slot], self.exactly.get(slot, UNKNOWN)
        node = self.nodes.get(slot)
        if exactly is not UNKNOWN or node is None:
            return exactly
        value = self.arithmetic.rational(node)
        return node if abs(before - value) <= _tiny(self.arithmetic) * abs(value) else UNKNOWN

    def node(self, value: Any) -> Fraction | None:
        """A value as it would be rounded; None for one that is too large for that."""
        return None if _too_large(value, self.arithmetic) else half_away(value, self.decimals, self.arithmetic)

    def enough(self, slot: int) -> int | None:
        """The fewest decimals that do not round the node to 0; None where that was not found."""
        value = self.before[slot]
        return next((d for d in range(self.decimals, MOST_TRIED + 1) if half_away(value, d, self.arithmetic) != 0), None)

    def drift(self, rounded: Any, double: Any, full: Any) -> Any:
        """Rounded − full precision, in many digits; None where one of the two is not finite. `full` is the value in many
        digits where that is known; it stands for the double it is told beside, unless that has lost its digits."""
        if rounded - rounded != 0 or double - double != 0:
            return None
        noise, right = DOUBLES, self.arithmetic.rational(Fraction(double))
        if full is not None and abs(full - right) <= SAME * max(abs(full), abs(right)):
            noise, right = _tiny(self.arithmetic), full
        difference = rounded - right
        return self.arithmetic.zero if abs(difference) <= noise * max(abs(rounded), abs(right)) else difference


def nodes_of(wl: WengertList) -> set[int]:
    """The slots that are rounded."""
    if wl.model.form == "network":
        return {wl.slots[d.name] for d in wl.model.definitions}
    return set(wl.statements())


def round_nodes(
    wl: WengertList, active: bytearray, outputs: Sequence[str], directions: Directions,
    decimals: int, reverse: bool, convention: str, beside: bool = True,
) -> Rounded:  # fmt: skip
    """All sweeps on the rounded nodes; `beside`: with those without rounding and in rationals. Raises ValueProblem where a
    rounded value leaves a domain."""
    arithmetic = digits(WORKING + decimals)
    before: dict[int, Any] = {}
    nodes: dict[int, Fraction] = {}
    exactly: dict[int, Any] = {}
    settle = _settling(wl, decimals, arithmetic, before, nodes)
    rules = Rules(arithmetic, stable=False, convention=convention)
    what = (active, outputs, directions)
    try:
        columns = sweep(wl, rules, *what, strict=True, reverse=reverse, settle=settle)
    except ValueProblem as problem:
        if not isinstance(problem.__cause__, StatementFault):
            raise
        raise _left_domain(wl, problem, problem.__cause__, decimals, before, nodes) from problem
    if not beside:
        return Rounded(decimals, columns, before, nodes, exactly, arithmetic)

    def settle_exactly(slot: int, value: Any) -> Any:
        if slot in nodes:
            exactly[slot] = value
        return nodes.get(slot, value)

    rational = Rules(Rational(), stable=False, convention=convention)
    shadow = sweep(wl, rational, *what, strict=False, reverse=reverse, settle=settle_exactly, guide=columns.values)
    full = sweep(wl, rules, *what, strict=False, reverse=reverse)
    return Rounded(decimals, columns, before, nodes, exactly, arithmetic, shadow, full)


def half_away(value: Any, decimals: int, arithmetic: Digits) -> Fraction:
    """The value to so many decimals, half away from zero; what rounding left beside a tie is a tie."""
    c = arithmetic.context
    scaled = abs(value) * c.mpf(10) ** decimals
    whole = int(c.floor(scaled + c.mpf(1) / 2 + _tiny(arithmetic)))
    return Fraction(whole if value > 0 else -whole, 10**decimals)


def _settling(
    wl: WengertList, decimals: int, arithmetic: Digits, before: dict[int, Any], nodes: dict[int, Fraction]
) -> Settle:
    """What rounds a node before it is used; fills `before` and `nodes`."""
    chosen = nodes_of(wl)

    def settle(slot: int, value: Any) -> Any:
        if slot not in chosen or value != value:
            return value
        before[slot] = value
        if _too_large(value, arithmetic):
            return value  # digits after the point are beyond what is carried
        node = nodes[slot] = half_away(value, decimals, arithmetic)
        return arithmetic.rational(node)

    return settle


# -- where rounding leaves a domain


def _left_domain(
    wl: WengertList, problem: ValueProblem, fault: StatementFault, decimals: int,
    before: Mapping[int, Any], nodes: Mapping[int, Fraction],
) -> ValueProblem:  # fmt: skip
    """The error for a statement that has a value, but none at the rounded nodes: which of them rounding has moved there."""
    used = {fault.slot}
    for slot in range(fault.slot, wl.inputs - 1, -1):
        if slot in used:
            used.update(o for o in wl.operands_of(slot) if o >= wl.inputs)
    tiny = _tiny(digits(WORKING + decimals))
    moved = [s for s in sorted(used) if s in nodes and abs(fault.values[s] - before[s]) > tiny * abs(before[s])]
    if not moved:
        return problem  # many digits tell what doubles do not: 0.1 + 0.2 − 0.3 is 0
    to = f"rounded to {decimals} decimal{'' if decimals == 1 else 's'}"
    said = [f"{wl.name(s)} = {words(wl, s)} = {_told_apart(before[s], fault.values[s])}, {to}: {number(fault.values[s])}"
            for s in moved[-TOLD:]]  # fmt: skip
    enough = _enough(wl, decimals)
    more = "more decimals" if enough is None else f"--round {enough}"
    reason = f"{fault.reason}; " if fault.reason else ""
    return ValueProblem(
        f"with --round {decimals} {problem.title}", problem.place, details=said,
        hint=f"{reason}take {more}, or leave out --round",
    )  # fmt: skip


def _enough(wl: WengertList, decimals: int) -> int | None:
    """Decimals with which every statement has a value and none turns to 0 by rounding; None where that was not found."""
    if len(wl) > LONGEST_TRIED:
        return None
    arithmetic = digits(WORKING + MOST_TRIED)
    rules = Rules(arithmetic, stable=False)
    start = point(wl, rules)
    full = primal(wl, start, rules, strict=False)
    for more in range(decimals + 1, MOST_TRIED + 1):
        nodes: dict[int, Fraction] = {}
        try:
            primal(wl, start, rules, True, _settling(wl, more, arithmetic, {}, nodes))
        except StatementFault:
            continue
        if all(node != 0 or full[slot] == 0 for slot, node in nodes.items()):
            return more
    return None


def _told_apart(value: Any, other: Any) -> str:
    """The value with as many digits as tell it from the other."""
    for count in (6, 12, 20, 40):
        text = number(value, count)
        if text != number(other, count):
            break
    return text


def _too_large(value: Any, arithmetic: Digits) -> bool:
    return bool(value != value or arithmetic.context.mag(value) > 2 * WORKING)


def _tiny(arithmetic: Digits) -> Any:
    return arithmetic.context.mpf(10) ** -TIE
