"""Exact rationals as literals of the formula language: `1e32`, `0.25`, `1.5e-8`. Each is the number itself, never rounded."""

from __future__ import annotations

from fractions import Fraction

WHOLE = 10**15  # below it a whole number stands with all its digits
PLACES = 12  # of a decimal that is no longer than a fraction
MANTISSA = 8  # digits before a power of ten
SMALLEST_PLAIN = -5  # 0.0000123; smaller ones take a power of ten
MOST_BITS = 5_000  # of a denominator that is looked at


def whole(value: int) -> str:
    """The literal of a whole number that is not negative; of a large round one with a power of ten."""
    digits = str(value)
    mantissa = digits.rstrip("0")
    return digits if value < WHOLE or len(mantissa) > MANTISSA else _scientific(mantissa, len(digits) - 1)


def decimal(value: Fraction) -> str | None:
    """The literal of a positive number that is not whole as a decimal; None where it has no short one."""
    bottom = value.denominator
    if bottom.bit_length() > MOST_BITS:
        return None
    twos = (bottom & -bottom).bit_length() - 1
    odd, fives = bottom >> twos, 0
    while odd % 5 == 0:
        odd, fives = odd // 5, fives + 1
    if odd != 1:
        return None
    places = max(twos, fives)
    digits = str(value.numerator * 10**places // bottom)
    exponent = len(digits) - 1 - places
    if exponent < SMALLEST_PLAIN:
        return _scientific(digits, exponent) if len(digits) <= MANTISSA else None
    if places > PLACES:
        return None
    digits = digits.rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _scientific(mantissa: str, exponent: int) -> str:
    return f"{mantissa[0]}{'.' + mantissa[1:] if len(mantissa) > 1 else ''}e{exponent}"
