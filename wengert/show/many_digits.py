"""The calls in a formula that become numbers in a line of many digits: cos(v1) is 0.28366218546322626447.

A call of a number that the line has cut is not right to as many digits as it is cut to: exp(485165195.40979) has lost nine of
them. Here the calls are worked out from the numbers as the sweep has them, with more digits until two workings agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.show.insertion import STRUCTURAL, Value, worked_out
from wengert.show.numbers import EXTRA, is_finite
from wengert.sweep.extended import ExtendedDigits
from wengert.sweep.rules import Rules

FIRST = 20  # working digits beyond those of results, to begin with
TIMES = (1, 2, 4, 8, 16, 32)  # as many are tried, one after the other


def call_values(
    nodes: Nodes, root: int, value: Value, keep_call: bool, digits: int, more: int
) -> dict[int, Any] | None:
    """Node → value of the calls that do not stay in the line, right to `digits` and `more` beyond what lines carry anyway; None
    where they cannot be had so."""
    reached = nodes.reachable([root])
    stay = {"number", "name", *STRUCTURAL, *COMPARISONS}
    calls = [n for n in reached if nodes.operation(n) not in stay and not (keep_call and n == root)]
    if not calls:
        return {}
    before: dict[int, Any] | None = None
    for rules in _workings(digits):
        now = worked_out(nodes, root, rules, value)
        if before is not None:
            found = {n: _agreed(before[n], now[n], digits + EXTRA + more + 1, rules) for n in calls}
            if _OPEN not in found.values():
                return found
        before = now
    return None


class _Open:
    """Two workings differ."""


_OPEN = _Open()


def _workings(digits: int) -> Iterator[Rules]:
    return (_rules(times * (digits + FIRST)) for times in TIMES)


@cache
def _rules(digits: int) -> Rules:
    return Rules(ExtendedDigits(digits))


def _agreed(a: Any, b: Any, digits: int, finer: Rules) -> Any:
    """What the two are but for rounding; 0 for what shrinks as digits are added, as sin(pi) does."""
    arithmetic: Any = finer.arithmetic
    if a is None or b is None or not is_finite(a) or not is_finite(b):
        return b
    power = arithmetic.context.mpf(10)
    if abs(a - b) <= power**-digits * abs(b):
        return b
    return arithmetic.zero if abs(b) <= abs(a) * power ** -(arithmetic.digits // 4) else _OPEN
