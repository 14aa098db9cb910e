"""Rationals where they are rational: the arithmetic that says which of the printed numbers are exact.

A value that is not known to be a short rational is UNKNOWN, and so is what is computed from it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from wengert.sweep.arithmetics import COMPARE, Numbers, TooLarge, Unknown, exact_number, largest, smallest

MAX_BITS = 4096  # of a rational that is carried along exactly


def _rational_power(a: Fraction, b: Fraction) -> Fraction | None:
    if b.denominator == 1:
        n = int(b)
        size = max(a.numerator.bit_length(), a.denominator.bit_length())
        if (a == 0 and n < 0) or abs(n) * size > MAX_BITS:
            return None
        return a**n
    if b == Fraction(1, 2):
        return rational_sqrt(a)
    return Fraction(0) if a == 0 and b > 0 else None


def rational_sqrt(x: Fraction) -> Fraction | None:
    if x < 0 or max(x.numerator.bit_length(), x.denominator.bit_length()) > MAX_BITS:
        return None
    p, q = math.isqrt(x.numerator), math.isqrt(x.denominator)
    return Fraction(p, q) if p * p == x.numerator and q * q == x.denominator else None


def _only_at(point: int, value: int) -> Callable[[Fraction], Fraction | None]:
    return lambda x: Fraction(value) if x == point else None


class _NotKnown:
    """The value of which `Rational` knows only that it is none of its own."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _NotKnown()


class Rational(Numbers):
    """Rationals, and UNKNOWN where a value is not known to be one: says which printed numbers are exact."""

    name = "rational"
    native = False
    zero = Fraction(0)
    one = Fraction(1)
    undefined = UNKNOWN
    pi = UNKNOWN
    e = UNKNOWN

    def __init__(self) -> None:
        plain: dict[str, Callable[..., Any]] = {
            "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg,
            "div": lambda a, b: a / b if b else None, "power": _rational_power, "sqrt": rational_sqrt, "abs": abs,
            "floor": lambda x: Fraction(math.floor(x)),
            "exp": _only_at(0, 1), "ln": _only_at(1, 0), "sin": _only_at(0, 0), "cos": _only_at(0, 1),
            "tan": _only_at(0, 0), "asin": _only_at(0, 0), "acos": _only_at(1, 0), "atan": _only_at(0, 0),
            "sinh": _only_at(0, 0), "cosh": _only_at(0, 1), "tanh": _only_at(0, 0), "asinh": _only_at(0, 0),
            "acosh": _only_at(1, 0), "atanh": _only_at(0, 0), "erf": _only_at(0, 0), "max": largest, "min": smallest,
            "atan2": lambda y, x: Fraction(0) if y == 0 and x >= 0 else None, "sum": lambda *a: sum(a, Fraction(0)),
            "dot": lambda *a: sum((x * y for x, y in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True)), Fraction(0)),
        }  # fmt: skip
        self.functions: Mapping[str, Callable[..., Any]] = {k: _careful(f) for k, f in plain.items()}

    def number(self, text: str) -> Any:
        try:
            return exact_number(text)
        except TooLarge:
            return UNKNOWN

    def truth(self, comparison: str, a: Any, b: Any) -> bool:
        if a is UNKNOWN or b is UNKNOWN:
            raise Unknown
        return COMPARE[comparison](a, b)

    def add(self, a: Any, b: Any) -> Any:
        return self.functions["add"](a, b)

    def mul(self, a: Any, b: Any) -> Any:
        if a == 0 or b == 0:
            return self.zero
        return self.functions["mul"](a, b)


def _careful(function: Callable[..., Any]) -> Callable[..., Any]:
    """UNKNOWN where an argument is, and where the result is no rational or one too long to be carried along."""

    def careful(*arguments: Any) -> Any:
        if any(a is UNKNOWN for a in arguments):
            return UNKNOWN
        result = function(*arguments)
        if result is None or max(result.numerator.bit_length(), result.denominator.bit_length()) > MAX_BITS:
            return UNKNOWN
        return result

    return careful
