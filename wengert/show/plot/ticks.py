"""Where an axis has its ticks, and what stands beside them.

Linear axes: Heckbert, Nice numbers for graph labels, in Graphics Gems, 1990 (without the first of his two roundings, of the
range: the second, of the step, is enough). All in rationals: the axis of a loss may end at 1e300 or begin at 1e-310.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from wengert.show.plot.model import Axis, Tick

COUNT = 6  # ticks about wanted
DECADES = 9  # powers of ten that are all named
FINE = 4  # decades up to which 2, 3, ..., 9 have fine lines
AIR = Fraction(1, 15)  # of a logarithmic axis, beyond its values
NEAR = Fraction(1, 6)  # of it, to the next power of ten, where it then ends
PLAIN = range(-4, 7)  # exponents of an axis' largest number that is written without a power of ten
RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
SUPERSCRIPTS = str.maketrans("-0123456789", RAISED)
LOWERED = str.maketrans(RAISED, "−0123456789")


def nice(value: Fraction) -> Fraction:
    """The nice number nearest to a value greater than 0: 1, 2 or 5 times a power of ten."""
    power = Fraction(10) ** exponent(value)
    share = value / power
    return power * (1 if share < Fraction(3, 2) else 2 if share < 3 else 5 if share < 7 else 10)


def exponent(value: Fraction) -> int:
    """The decimal exponent of a value greater than 0: 10^e ≤ value < 10^(e + 1)."""
    found = (Decimal(value.numerator) / Decimal(value.denominator)).adjusted()
    return found - 1 if Fraction(10) ** found > value else found  # a quotient may have been rounded up


def linear(
    label: str, low: float | Fraction, high: float | Fraction, loose: bool = True, whole: bool = False, count: int = COUNT
) -> Axis:
    """An axis for values from low to high. `loose`: it ends at ticks (Heckbert's loose labels), else at the values; `whole`:
    it counts, and has no ticks between whole numbers. Equal values stand in the middle."""
    a, b = Fraction(low), Fraction(high)
    if a == b:
        room = abs(a) / 2 or Fraction(1)
        a, b = a - room, b + room
    step = nice(abs(b - a) / (count - 1))
    if whole:
        step = max(Fraction(1), step)
    first, last = math.floor(min(a, b) / step), math.ceil(max(a, b) / step)
    if loose:
        a, b = first * step, last * step
    places = [n * step for n in range(first, last + 1) if min(a, b) <= n * step <= max(a, b)]
    ends = max(abs(first), abs(last)) * step
    return Axis(label, a, b, tuple(Tick(at, written(at, step, ends)) for at in places))


def in_pi(label: str, low: int, high: int) -> Axis:
    """An axis in halves of π, from low·π/2 to high·π/2."""
    half = Fraction(math.pi) / 2
    return Axis(label, low * half, high * half, tuple(Tick(n * half, _halves(n)) for n in range(low, high + 1)))


def logarithmic(label: str, low: float, high: float, least: int = 0) -> Axis:
    """An axis for values greater than 0, with a line for each power of ten (of many, for each second, fifth, …), over at least
    so many decades."""
    a, b = Fraction(math.log10(low)), Fraction(math.log10(high))
    if b - a < least:
        a = min(a, b - least)
    span = b - a or Fraction(1)
    a = Fraction(math.floor(a)) if 0 < a - math.floor(a) <= span * NEAR else a - span * AIR
    b = Fraction(math.ceil(b)) if 0 < math.ceil(b) - b <= span * NEAR else b + span * AIR
    first, last = math.ceil(a), math.floor(b)
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200) if (last - first) / s <= DECADES)
    ticks = [Tick(Fraction(n), power(n)) for n in range(-(-first // step) * step, last + 1, step)]
    if b - a <= FINE:
        fine = [Fraction(n) + Fraction(math.log10(k)) for n in range(first - 1, last + 1) for k in range(2, 10)]
        ticks += [Tick(at, "") for at in fine if a <= at <= b]
    return Axis(label, a, b, tuple(ticks), True)


def power(n: int) -> str:
    """10⁻³; but 1 and 10 as they are."""
    return str(10**n) if n in (0, 1) else f"10{str(n).translate(SUPERSCRIPTS)}"


def written(value: Fraction, step: Fraction, largest: Fraction) -> str:
    """A multiple of a step, with the decimals that the step has: `0.25`, `5,000`; where the `largest` of its axis is very large
    or very small, with that one's power of ten: `0.5·10⁻⁷`."""
    if value == 0:
        return "0"
    top = exponent(largest)
    if top in PLAIN:
        return _decimal(value, max(0, -exponent(step)))
    return f"{_decimal(value / Fraction(10) ** top, max(0, top - exponent(step)))}·{power(top)}"


def _decimal(value: Fraction, decimals: int) -> str:
    digits = str(round(abs(value) * 10**decimals)).rjust(decimals + 1, "0")
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return ("−" if value < 0 else "") + f"{int(whole):,}" + (f".{rest}" if rest else "")


def _halves(n: int) -> str:
    if n == 0:
        return "0"
    sign, n = "−" if n < 0 else "", abs(n)
    whole = n % 2 == 0
    factor = n // 2 if whole else n
    return f"{sign}{'' if factor == 1 else factor}π{'' if whole else '/2'}"
