"""Bars on a logarithmic scale and figures with few digits, as `wengert flow` draws them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from wengert.show.document import Words
from wengert.show.numbers import Digits, padded
from wengert.show.words import flow as said

STEPS = (1.1, 1.2, 1.5, 2, 3, 4, 5, 10, 20, 50, 100, 1e3, 1e4, 1e5, 1e10, 1e20, 1e50, 1e100)  # factors of a sign of a bar
LEAST = 3  # decades that a scale spans
SCIENTIFIC = 1e-3  # figures below are written with a power of ten


@dataclass(frozen=True, slots=True)
class Scale:
    """Bars on a logarithmic scale: they begin at 10^start, and each sign stands for a factor of `step`."""

    start: int
    step: float

    @classmethod
    def of(cls, sizes: Iterable[float], width: int) -> Scale | None:
        """The finest scale on which the sizes have bars of at most `width` signs; None where no size has a logarithm."""
        logs = [math.log10(x) for x in sizes if 0 < x < math.inf]
        if not logs:
            return None
        start = min(math.ceil(min(logs)) - 1, math.floor(max(logs)) - LEAST)  # a healthy gradient shall look level
        step = next((s for s in STEPS if (max(logs) - start) / math.log10(s) <= width), STEPS[-1])
        return cls(start, step)

    def bar(self, size: float) -> str:
        """At least one sign, but none for what lies below the scale."""
        logarithm = math.log10(size) - self.start
        return said.SIGN * max(1, round(logarithm / math.log10(self.step))) if logarithm > 0 else ""


def bar_of(scale: Scale | None, size: float) -> str:
    if size == 0:
        return said.NOTHING_ARRIVES
    return "" if scale is None or not size < math.inf else scale.bar(size)


def barred(scale: Scale | None, size: float, digits: int, underflow: bool) -> Words:
    """A bar with its figure at the end."""
    if size == 0:
        return Words(said.TOO_SMALL if underflow else "0")
    return Words(f"{bar_of(scale, size)} {short(size, digits)}".strip())


def figure(value: float, digits: Digits) -> str:
    """Rounded to the significant digits, whole numbers too: 799999999 is 8.00e8."""
    if 10.0**digits.significant <= abs(value) < math.inf:
        rounded = Context(prec=digits.significant, rounding=ROUND_HALF_UP).plus(Decimal(value))
        return f"{rounded:.{digits.significant - 1}e}".replace("e+", "e")
    text = padded(digits.result(value), digits)
    return f"{Decimal(text):.{digits.significant - 1}e}" if 0 < abs(value) < SCIENTIFIC and "e" not in text else text


def short(value: float, count: int) -> str:
    """For a bar's end or a sentence; one that is 0 says nothing."""
    return figure(value, Digits(count)).replace("-", "−") if value else ""
