"""The oracle of exact numbers: value, gradient and Hessian together in `fractions.Fraction`, by the product rule of Taylor
polynomials in several names, cut after the second order. For programs whose operations are rational."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.trust.quotients import Key
from tests.trust.reading import Reading

Monomial = tuple[str, ...]  # sorted names, at most two


@dataclass(frozen=True)
class Taylor:
    """Σ c·Δ^m over monomials of degree 0, 1, 2."""

    terms: Mapping[Monomial, Fraction]

    @property
    def value(self) -> Fraction:
        return self.terms.get((), Fraction(0))

    def __add__(self, other: Taylor) -> Taylor:
        return Taylor({m: self.terms.get(m, 0) + other.terms.get(m, Fraction(0)) for m in {*self.terms, *other.terms}})

    def __mul__(self, other: Taylor) -> Taylor:
        made: dict[Monomial, Fraction] = {}
        for m, c in self.terms.items():
            for n, d in other.terms.items():
                if len(m) + len(n) <= 2:
                    k = tuple(sorted(m + n))
                    made[k] = made.get(k, Fraction(0)) + c * d
        return Taylor(made)

    def times(self, c: Fraction | int) -> Taylor:
        return Taylor({m: c * d for m, d in self.terms.items()})

    def inverse(self) -> Taylor:
        """1/(a + u) = 1/a − u/a² + u²/a³"""
        a = self.value
        u = Taylor({m: c for m, c in self.terms.items() if m})
        return number(1 / a) + u.times(-1 / a**2) + (u * u).times(1 / a**3)

    def power(self, n: int) -> Taylor:
        made, base = number(1), self if n >= 0 else self.inverse()
        for _ in range(abs(n)):
            made = made * base
        return made


def number(value: Fraction | int | str) -> Taylor:
    return Taylor({(): Fraction(value)})


def derivatives(reading: Reading, point: Mapping[str, str], keys: Iterable[Key]) -> dict[Key, Fraction]:
    start = {x: Taylor({(): Fraction(v), (x,): Fraction(1)}) for x, v in point.items()}
    made = reading.run(number, RATIONAL_FUNCTIONS, start)
    found = {}
    for of, *wrt in keys:
        factor = 2 if len(wrt) == 2 and wrt[0] == wrt[1] else 1
        found[(of, *wrt)] = factor * made[of].terms.get(tuple(sorted(wrt)), Fraction(0))
    return found


def number_of(text: str) -> Fraction:
    """The value of a formula without names: `97/150`."""
    value: Fraction = Reading.of(text).run(number, RATIONAL_FUNCTIONS, {})["f"].value
    return value


def _step(function: Callable[[Fraction], int]) -> Callable[[Taylor], Taylor]:
    return lambda u: number(function(u.value))


def _sum(*u: Taylor) -> Taylor:
    total = number(0)
    for x in u:
        total = total + x
    return total


def _by_value(u: Taylor) -> Fraction:
    return u.value


_HUNDREDTH = number("1/100")
RATIONAL_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x + y.times(-1), "mul": lambda x, y: x * y,
    "div": lambda x, y: x * y.inverse(), "neg": lambda x: x.times(-1), "power": lambda x, y: x.power(int(y.value)),
    "identity": lambda x: x, "abs": lambda x: x if x.value > 0 else x.times(-1), "sign": _step(lambda v: 1 if v > 0 else -1),
    "floor": _step(math.floor), "ceil": _step(math.ceil), "clip": lambda *u: sorted(u, key=_by_value)[1],
    "relu": lambda x: x if x.value > 0 else number(0),
    "leaky_relu": lambda x, k=_HUNDREDTH: x if x.value > 0 else k * x, "max": lambda *u: max(u, key=_by_value),
    "min": lambda *u: min(u, key=_by_value), "sum": _sum, "mean": lambda *u: _sum(*u).times(Fraction(1, len(u))),
    "dot": lambda *u: _sum(*(x * y for x, y in zip(u[: len(u) // 2], u[len(u) // 2 :], strict=True))),
    "gt": lambda x, y: x.value > y.value, "ge": lambda x, y: x.value >= y.value, "lt": lambda x, y: x.value < y.value,
    "le": lambda x, y: x.value <= y.value,
}  # fmt: skip
