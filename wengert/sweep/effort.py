"""What many digits take: the seconds of an ordinary machine, reckoned before a call and never measured.

A clock would let the same input come out today and not tomorrow. What is reckoned here is the same on every machine, about
right on one of this decade, and held against the budget, or PATIENCE times as much: `--budget` gives more. The figures are
fitted to mpmath without gmpy2.
"""

from __future__ import annotations

import math
from typing import Any

from wengert.errors import WengertError
from wengert.sweep.arithmetics import MAX_ANGLE

PATIENCE = 4  # times the budget are what digits may take that were asked for; beside doubles, the budget
FITTED = 81_920  # digits at which the two figures below were taken
FUNCTION, GROWTH = 3.6, 1.85  # seconds of an elementary function there; they grow with this power of the digits
STEP, STEP_GROWTH = 0.05, 1.58  # of a product with what is looked at around it
LEAST = 2e-5  # seconds of anything
TERM, TERM_GROWTH = 5.5e-11, 0.79  # of a term of erf's power series; it grows with this power of the bits of both factors
QUOTIENT, QUOTIENT_BITS = 2e-4, 8_500  # of a term of erfc's asymptotic series, a division
BITS = math.log2(10)  # in a decimal digit
FAR_OUT = 1e6  # beyond it, an argument's size alone counts
FACTORS = {"power": 2.5, "asin": 1.5, "acos": 1.5, "atan": 1.3, "atan2": 1.3, "tan": 1.3}  # of what an exponential takes
ANGLES = ("sin", "cos", "tan")
REDUCED = 5  # products that it takes to bring a large angle into the circle
CHEAP = frozenset({"add", "sub", "mul", "div", "neg", "abs", "floor", "max", "min", "sum", "dot", "sqrt"})


class OutOfTime(WengertError):
    """So many digits take more time than they may. Exit status 3."""

    status = 3


class Effort:
    """The seconds that the workings for `count` digits may take, `limit`, and have taken; `steps` is how many elementary steps
    each of them has, beside its functions."""

    def __init__(self, limit: float = math.inf, count: int = 0, steps: int = 0) -> None:
        self.limit = limit
        self.count = count
        self.steps = steps
        self.spent = 0.0

    def begin(self, digits: int) -> None:
        """A working with so many digits. Raises OutOfTime."""
        self.spend(self.steps * (LEAST + _product(digits)), digits)

    def call(self, name: str, digits: int, *arguments: Any) -> None:
        """A function in so many digits. Raises OutOfTime, before it is worked out."""
        self.spend(seconds(name, digits, *arguments), digits)

    def spend(self, seconds: float, digits: int) -> None:
        self.spent += seconds
        if self.spent > self.limit:
            raise OutOfTime(
                f"{self.count:,} digits take more than {self.limit:.3g} s: {digits:,} working digits or more are needed",
                hint="--budget gives more; fewer digits take less",
            )


def seconds(name: str, digits: int, *arguments: Any) -> float:
    """What a function of these arguments (mpmath numbers) takes in so many digits."""
    x = arguments[0] if arguments else None
    if name in ("erf", "erfc"):
        return _of_erf(name, digits, x)
    reduced = 0.0
    if name in ANGLES and x and x - x == 0:
        before = min(max(0.0, x.context.mag(x) / BITS), MAX_ANGLE)  # digits before the point: π is needed to as many more
        reduced = REDUCED * _product(digits + before)
    return float(LEAST + reduced + FACTORS.get(name, 1.0) * FUNCTION * (digits / FITTED) ** GROWTH)


def _product(digits: float) -> float:
    return float(STEP * (digits / FITTED) ** STEP_GROWTH)


def _of_erf(name: str, digits: int, x: Any) -> float:
    """mpmath's power series, and for erfc of what is large enough the asymptotic one."""
    bits, one = digits * BITS, seconds("exp", digits)
    if x != x:
        return one
    if abs(x) > FAR_OUT:
        lost, size, magnitude = math.inf, FAR_OUT, float(x.context.mag(x))
    else:
        size = abs(float(x))
        lost, magnitude = size**2 / math.log(2), math.log2(max(size, 2.0))  # the bits of exp(x**2)
    if lost > bits:  # erf is 1 in so many digits, and erfc has its asymptotic series, but where it is 2
        if name == "erf" or x < 0:
            return one
        return 2 * one + bits / (2 * magnitude) * QUOTIENT * (bits / QUOTIENT_BITS) ** 2
    wide = bits + (lost if name == "erfc" and x > 2 else 0)
    return float(one + _terms(wide, size) * TERM * (wide * (wide + lost) / 2) ** TERM_GROWTH)


def _terms(bits: float, x: float) -> float:
    """How many terms x**(2k)/k! has that are not below 2**-bits, by Stirling's formula: k (ln k − 1 − 2 ln x) = bits·ln 2."""
    if x == 0:
        return 1.0
    low, high = max(2.0, x**2), max(16.0, 16 * x**2) + bits
    for _ in range(40):
        k = (low + high) / 2
        low, high = (k, high) if k * (math.log(k) - 1 - 2 * math.log(x)) < bits * math.log(2) else (low, k)
    return high
