"""A number to the text that is shown: significant digits, fixed decimals, and whether the text is the number itself.

Everything is rounded once, from the exact value of the double or the rational, half away from zero as people do on paper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from wengert.errors import UsageError

EXTRA = 2  # a number put into a line carries two digits more than a result, so that the line adds up as printed
WHOLE = 10**15  # below it every integer is a double of its own, and is printed with all its digits
SMALLEST_PLAIN = -5  # 0.0000123; smaller ones are scientific
LARGEST = 4000  # digits: what a person can want, and what a decimal context takes without a thought
SPARE = 20  # digits beyond those that a number is rounded to
WIDEST = 20_000  # binary exponents up to which a number of many digits is written as a fraction
MOST_FORMATTED = 17  # digits up to which Python's own formatting of doubles is asked
_FORMATS = tuple(f"%.{digits}g" for digits in range(MOST_FORMATTED + 1))
_TIE_SCALES = tuple(2.0 ** (3 * (digits + 1) // 2 + 1) for digits in range(MOST_FORMATTED + 1))


@dataclass(frozen=True, slots=True)
class Digits:
    """How many digits a number is shown with: `significant` ones or, where given, `decimals` after the point.

    Raises UsageError where a count is out of range.
    """

    significant: int = 6
    decimals: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.significant <= LARGEST:
            raise UsageError(f"{self.significant} significant digits cannot be shown", hint=f"give 1 to {LARGEST}")
        if self.decimals is not None and not 0 <= self.decimals <= LARGEST:
            raise UsageError(f"{self.decimals} decimals cannot be shown", hint=f"give 0 to {LARGEST}")

    def result(self, value: Any) -> str:
        """The value (a double, a rational, a number of many digits) as a result: `11.6521`, `5.5`, `1.5e-7`; with decimals
        `0.500`. Never 0 for a value that is not 0."""
        if type(value) is float and self.decimals is None:
            return _significant(value, self.significant)
        value = plain(value, self.significant if self.decimals is None else None)
        if self.decimals is not None and _is_moderate(value):
            text = _fixed(Fraction(value), self.decimals)
            if value == 0 or not _is_zero(text):
                return text
        return _significant(value, self.significant)

    def inserted(self, value: Any) -> str:
        """The value put into a line: two more digits; zeros at the end say nothing there and are left out."""
        if type(value) is float and self.decimals is None:
            return _significant(value, self.significant + EXTRA)
        value = plain(value, self.significant + EXTRA if self.decimals is None else None)
        if self.decimals is not None and _is_moderate(value):
            text = _without_zeros(_fixed(Fraction(value), self.decimals + EXTRA))
            if value == 0 or not _is_zero(text):
                return text
        return _significant(value, self.significant + EXTRA)


def plain(value: Any, digits: int | None = None) -> float | Fraction | Decimal:
    """A number of many digits (binary, as mpmath has it) as a rational; a giant one as a decimal of some thousand digits. Where
    it is to be rounded to `digits`, a number that is rounded alike is made of one that is very long."""
    parts = getattr(value, "_mpf_", None)
    if parts is None:
        other: float | Fraction | Decimal = value
        return other
    negative, mantissa, exponent, _ = parts
    if not mantissa:
        return float(value)  # 0, inf, nan
    mantissa = int(mantissa)
    if digits is not None and (near := _near(mantissa, exponent, digits)) is not None:
        return near.copy_negate() if negative else near
    mantissa = -mantissa if negative else mantissa
    if abs(exponent) <= WIDEST:
        return mantissa * (Fraction(2**exponent) if exponent >= 0 else Fraction(1, 2**-exponent))
    return _decimal(mantissa, exponent, LARGEST + SPARE)


def _near(mantissa: int, exponent: int, digits: int) -> Decimal | None:
    """mantissa·2**exponent in SPARE digits more than it will be rounded to; None where it is short, and where it may be a tie:
    there, those digits do not decide."""
    beyond = mantissa.bit_length() - 4 * (digits + SPARE)
    if beyond <= 0:
        return None
    made = _decimal(mantissa >> beyond, exponent + beyond, digits + SPARE)
    rest = made.as_tuple().digits[digits + 1 : digits + SPARE - 2]  # after the one that is looked at; the last may be wrong
    return None if set(rest) in ({0}, {9}) else made


def _decimal(mantissa: int, exponent: int, digits: int) -> Decimal:
    context = Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)
    return context.multiply(Decimal(mantissa), context.power(Decimal(2), Decimal(exponent)))


def is_finite(value: Any) -> bool:
    """Whether a number of any kind is neither infinite nor undefined."""
    return bool(value - value == 0)


def is_infinite(value: Any) -> bool:
    return bool(value == value and value - value != 0)


def padded(text: str, digits: Digits) -> str:
    """A rounded result with the zeros that belong to its digits: `0.540` for three. Whole numbers stay as they are."""
    if digits.decimals is not None or not any(c.isdigit() for c in text):
        return text
    mantissa, sign, exponent = text.partition("e")
    count = len(mantissa.lstrip("-0.").replace(".", "")) if "." in mantissa else len(mantissa.lstrip("-0"))
    missing = digits.significant - count
    if missing <= 0 or count == 0:
        return text
    point = "" if "." in mantissa else "."
    return f"{mantissa}{point}{'0' * missing}{sign}{exponent}"


def shown_exactly(text: str, exact: Fraction | None) -> bool:
    """Whether the text is exactly that rational: `=` may stand before it. False for no rational, infinite or undefined."""
    if exact is None:
        return False
    try:
        text = text.replace("−", "-")
        if _surely_another(text, exact):
            return False
        if abs(int(text.partition("e")[2] or 0)) > WIDEST:
            return False
        return Fraction(text) == exact
    except (ValueError, ZeroDivisionError):
        return False


def _surely_another(text: str, exact: Fraction) -> bool:
    """Whether the text and the rational differ even as doubles. A fraction's text is for the slower way to read."""
    if "/" in text:
        return False
    try:
        return float(text) != exact.numerator / exact.denominator  # both to the nearest double
    except OverflowError:
        return False


def _is_moderate(value: float | Fraction | Decimal) -> bool:
    return is_finite(value) and -WHOLE < value < WHOLE


def _is_zero(text: str) -> bool:
    return not text.strip("-0.")


def _fixed(value: Fraction, decimals: int) -> str:
    """Rounded to so many decimals, all of them written; no minus before a zero."""
    numerator, denominator = abs(value.numerator) * 10**decimals, value.denominator
    units = (2 * numerator + denominator) // (2 * denominator)  # half goes away from zero
    digits = str(units).rjust(decimals + 1, "0") if decimals else str(units)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _significant(value: float | Fraction | Decimal, digits: int) -> str:
    return (_by_format(value, digits) if type(value) is float else None) or _by_decimal(value, digits)


def _by_format(value: float, digits: int) -> str | None:
    """What `_by_decimal` makes, by Python's own formatting, which rounds the double's exact value too; None where the two may
    differ: for whole numbers, ties, and powers of ten that are written out by one of the two alone."""
    if digits > MOST_FORMATTED or value - value != 0 or not -WHOLE < value < WHOLE:
        return None
    # A tie has one digit more than are shown, and the last of them is a 5: of the denominator, a power of two, no more than
    # log(10)/log(5) = 1.43 times so many twos are there.
    if (value * _TIE_SCALES[digits]).is_integer():
        return None
    text = _FORMATS[digits] % value
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    power = int(exponent)
    return None if power >= SMALLEST_PLAIN else f"{mantissa}e{power}"


def _by_decimal(value: float | Fraction | Decimal, digits: int) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "undefined" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if -WHOLE < value < WHOLE and value == int(value):
        return str(int(value))
    context = Context(prec=digits, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
    if isinstance(value, Fraction):
        rounded = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    else:
        rounded = context.plus(Decimal(value))  # exact for a double
    exponent = rounded.adjusted()
    mantissa = "".join(map(str, rounded.as_tuple().digits)).rstrip("0")
    sign = "-" if rounded.is_signed() else ""
    if not SMALLEST_PLAIN <= exponent < digits:  # zeros filled in before the point would look like digits of the value
        point = "." if len(mantissa) > 1 else ""
        return f"{sign}{mantissa[0]}{point}{mantissa[1:]}e{exponent}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{mantissa}"
    whole = mantissa[: exponent + 1].ljust(exponent + 1, "0")
    rest = mantissa[exponent + 1 :]
    return f"{sign}{whole}.{rest}" if rest else sign + whole
