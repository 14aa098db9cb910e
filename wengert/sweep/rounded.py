"""How people calculate on paper: the nodes' values are rounded before they are used (design, section 6).

Rounded are z and a of a network and its loss, or each statement of a formula, half away from zero; products inside a z,
partials and adjoints keep their digits and are rounded only when shown. The rules are the textbook's: σ′ is y·(1 − y) with
the rounded y.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wengert.sweep.arithmetics import Digits, digits
from wengert.sweep.columns import Columns, Directions, sweep
from wengert.sweep.rationals import UNKNOWN
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

WORKING = 60  # digits in which a node is computed before it is rounded
TIE = 40  # digits to which a value is taken for a tie: 0.0625 is one however it was reached


@dataclass(frozen=True)
class Rounded:
    """The sweeps on rounded nodes: `columns` in many digits, `before` the value of each rounded slot as it was computed from
    the rounded ones before it."""

    decimals: int
    columns: Columns
    before: Mapping[int, Any]
    arithmetic: Digits

    def exact(self, slot: int) -> Any:
        """The slot's value as a rational where rounding changed nothing, else UNKNOWN."""
        value = self.columns.values[slot]
        if slot not in self.before or _too_large(value, self.arithmetic):
            return UNKNOWN
        if abs(self.before[slot] - value) > _tiny(self.arithmetic):
            return UNKNOWN
        return half_away(value, self.decimals, self.arithmetic)


def nodes_of(wl: WengertList) -> set[int]:
    """The slots that are rounded."""
    if wl.model.form == "network":
        return {wl.slots[d.name] for d in wl.model.definitions}
    return set(wl.statements())


def round_nodes(
    wl: WengertList, active: bytearray, outputs: Sequence[str], directions: Directions,
    decimals: int, reverse: bool, convention: str,
) -> Rounded:  # fmt: skip
    """All sweeps on the rounded nodes. Raises ValueProblem where a rounded value leaves a domain."""
    arithmetic = digits(WORKING + decimals)
    before: dict[int, Any] = {}
    chosen = nodes_of(wl)

    def settle(slot: int, value: Any) -> Any:
        if slot not in chosen or value != value:
            return value
        before[slot] = value
        if _too_large(value, arithmetic):
            return value  # digits after the point are beyond what is carried
        return arithmetic.rational(half_away(value, decimals, arithmetic))

    rules = Rules(arithmetic, stable=False, convention=convention)
    columns = sweep(wl, rules, active, outputs, directions, strict=True, reverse=reverse, settle=settle)
    return Rounded(decimals, columns, before, arithmetic)


def half_away(value: Any, decimals: int, arithmetic: Digits) -> Fraction:
    """The value to so many decimals, half away from zero; what rounding left beside a tie is a tie."""
    c = arithmetic.context
    scaled = abs(value) * c.mpf(10) ** decimals
    whole = int(c.floor(scaled + c.mpf(1) / 2 + _tiny(arithmetic)))
    return Fraction(whole if value > 0 else -whole, 10**decimals)


def _too_large(value: Any, arithmetic: Digits) -> bool:
    return bool(value != value or arithmetic.context.mag(value) > 2 * WORKING)


def _tiny(arithmetic: Digits) -> Any:
    return arithmetic.context.mpf(10) ** -TIE
