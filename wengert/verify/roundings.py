"""Whether rounding explains a double: each operation of the sweeps in doubles, done once more in many digits.

A double that differs from the many-digit sweep may have lost its digits, or come of a function that is wrong. Losing digits
is a matter of many operations; one alone, on the very doubles that it was given, is right to the last few places. So the
sweeps are run again in doubles that compare each operation with the same one in many digits, and must be the trace's own to
the last bit. What is compared is local: no point is too hard for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from wengert.sweep.arithmetics import COMPARE, FAULTS, Float, digits
from wengert.sweep.columns import flat, sweep
from wengert.sweep.extended import Extended
from wengert.sweep.faults import words
from wengert.sweep.higher import evaluate
from wengert.sweep.point import point
from wengert.sweep.rules import Rules
from wengert.sweep.sweeps import constants
from wengert.sweep.trace import Trace

ULPS = 1e-13  # of a result; the functions of a good library are right to 1e-15
LEAST = 64 * 5e-324  # where doubles have fewer places
LARGEST = 1.7976931348623157e308
PRECISIONS = (60, 200, 1300)  # a difference must outlast them: expm1(1e-300) is 1 + 1e-300 − 1 in the table
MOST = 20_000  # statements
TOO_LONG = f"whether rounding explains it is not checked for a list of more than {MOST:,} statements"


class NotRounding(Exception):
    """A double that rounding does not explain; the text is a sentence."""


def unexplained(trace: Trace) -> str | None:
    """What rounding does not explain in the trace's doubles: an operation with its operands, its result and the right one; None
    where it explains everything. Raises nothing that a sweep raises."""
    if len(trace.list) > MOST:
        return None
    reached = trace.list.inputs

    def settle(slot: int, value: Any) -> Any:
        nonlocal reached
        reached = slot + 1
        return value

    try:
        rules = Rules(_Compared(), convention=trace.rules.convention)
        point(trace.list, rules)
        constants(trace.list, rules)
        _higher(trace)
    except NotRounding as found:
        return str(found)
    try:
        reverse = bool(trace.columns.adjoints)
        columns = sweep(trace.list, rules, trace.active, trace.outputs, trace.directions, True, reverse, settle)
    except NotRounding as found:
        return f"{found} ({_where(trace, reached)})"
    again = zip(flat(columns), flat(trace.columns), strict=True)
    return None if all(repr(a) == repr(b) for a, b in again) else "the sweep in doubles, run once more, has other numbers"


def _higher(trace: Trace) -> None:
    """The derivatives of higher order, compared."""
    if trace.derived is not None and len(trace.derived.list) <= MOST:
        rules = Rules(_ComparedExtended(), convention=trace.rules.convention)
        evaluate(trace.derived, rules, point(trace.derived.list, rules))


def _where(trace: Trace, slot: int) -> str:
    """What was being computed when the value of that slot was the next one."""
    if slot == len(trace.list):
        return "in a local partial, an adjoint or a tangent"
    return f"in {trace.list.name(slot)} = {words(trace.list, slot)}"


class _Compared(Float):
    """Doubles whose every operation is compared with the same one in many digits. Raises NotRounding."""

    def __init__(self) -> None:
        """Raises NotRounding for a constant."""
        self._tables = [Rules(digits(precision), stable=False) for precision in PRECISIONS]
        watched = {name: self._compared(name, function) for name, function in Float.functions.items()}
        self.functions: Mapping[str, Callable[..., Any]] = watched
        self._sum, self._product = self._compared("add", super().add), self._compared("mul", super().mul)
        right = digits(60)
        for name, value, known in (("π", self.pi, right.pi), ("e", self.e, right.e), ("0", self.zero, 0), ("1", self.one, 1)):
            if not _near(value, right.context.mpf(known), known):
                raise NotRounding(f"{name} in doubles is {value!r}")

    def add(self, a: Any, b: Any) -> Any:
        return self._sum(a, b)

    def mul(self, a: Any, b: Any) -> Any:
        return self._product(a, b)

    def truth(self, comparison: str, a: Any, b: Any) -> bool:
        said = super().truth(comparison, a, b)
        if a - a == 0 and b - b == 0 and said != COMPARE[comparison](digits(60).context.mpf(a), digits(60).context.mpf(b)):
            raise NotRounding(f"{a!r} and {b!r} are compared wrongly in doubles")
        return said

    def number(self, text: str) -> float:
        value = super().number(text)
        right = digits(60).number(text)
        if not _near(value, right, abs(right)):
            raise NotRounding(f"{text} in doubles is {value!r}, and rounding does not make that of it")
        return value

    def _compared(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function over doubles, each of its results compared. It raises what the function raises, and NotRounding."""

        def watched(*a: Any) -> Any:
            value = function(*a)
            if any(x - x != 0 for x in a):  # infinities
                return value
            right = None
            for table in self._tables:
                try:
                    right = table.value(name)([digits(60).context.mpf(x) for x in a], None, 0)
                except FAULTS:
                    return value  # whether it stands outside the domain is asked elsewhere
                if _near(value, right, _size(name, a, right)):
                    return value
            shown = digits(60).context.nstr(right, 17)
            operands = ", ".join(map(repr, a))
            raise NotRounding(f"{name}({operands}) in doubles is {value!r}, and rounding does not make that of {shown}")

        return watched


class _ComparedExtended(_Compared, Extended):
    """The same with infinities, which are left to themselves."""

    def __init__(self) -> None:
        super().__init__()
        infinite = Extended().functions
        self.functions = {name: _first(function, infinite[name]) for name, function in self.functions.items()}


def _first(function: Callable[..., Any], otherwise: Callable[..., Any]) -> Callable[..., Any]:
    def either(*a: Any) -> Any:
        try:
            return function(*a)
        except FAULTS:
            return otherwise(*a)

    return either


def _size(name: str, a: tuple[float, ...], right: Any) -> Any:
    """What the last places of a result belong to: itself, or the terms that it is a sum of."""
    if name == "dot":
        half = len(a) // 2
        mpf = digits(60).context.mpf
        return sum((abs(mpf(x) * mpf(y)) for x, y in zip(a[:half], a[half:], strict=True)), abs(right))
    return abs(right) + (max(map(abs, a)) + math.log(len(a)) if name == "logsumexp" else 0)


def _near(value: float, right: Any, size: Any) -> bool:
    if value - value != 0:
        return value == value and (value > 0) == (right > 0) and abs(right) > LARGEST * (1 - ULPS)
    return bool(abs(digits(60).context.mpf(value) - right) <= ULPS * size + LEAST)
