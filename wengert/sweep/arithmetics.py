"""Arithmetics: what a sweep computes with. A choice, not a fork of the code (design, section 6).

An arithmetic brings numbers from their text, the base functions that the rule table does not define, and comparisons. The
sweeps and the compiled rules are the same for all of them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol


class OutsideDomain(Exception):
    """A base function has no real value here; the sentence says why."""


class TooSmall(OutsideDomain):
    """A literal is not 0 and nearer to it than any double."""

    def __init__(self) -> None:
        super().__init__("it is smaller than the smallest double, about 4.9e-324")


class TooLarge(Exception):
    """A value is beyond what the arithmetic can hold."""


class Unknown(Exception):
    """A choice depends on a value that the arithmetic does not know."""


FAULTS = (OutsideDomain, TooLarge, ValueError, ZeroDivisionError, OverflowError)


class Field(Protocol):
    """What the tangent and the reverse sweep need: sums and products."""

    one: Any

    def add(self, a: Any, b: Any) -> Any: ...
    def mul(self, a: Any, b: Any) -> Any: ...


class Arithmetic(Field, Protocol):
    """`lazy`: `where` evaluates one branch only, decided by `truth`; else `decide` builds the choice itself.
    `native`: base functions are preferred to definitions (they are more accurate)."""

    name: str
    functions: Mapping[str, Callable[..., Any]]
    lazy: bool
    native: bool
    undefined: Any  # what stands for a value that does not exist, and makes undefined whatever it enters
    zero: Any
    pi: Any
    e: Any

    def number(self, text: str) -> Any: ...
    def truth(self, comparison: str, a: Any, b: Any) -> bool: ...
    def decide(self, comparison: str, a: Any, b: Any, yes: Any, no: Any) -> Any: ...
    def as_int(self, value: Any) -> int: ...
    def ties(self, args: list[Any], j: int) -> Any: ...


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le, "eq": operator.eq,
}  # fmt: skip


class Numbers:
    """What the arithmetics of numbers have in common."""

    lazy = True
    undefined: Any = math.nan
    _counted: tuple[Any, Any, Any] = (None, None, None)  # a list of arguments, a value, and how many are equal to it
    zero: Any
    one: Any

    def truth(self, comparison: str, a: Any, b: Any) -> bool:
        return COMPARE[comparison](a, b)

    def decide(self, comparison: str, a: Any, b: Any, yes: Any, no: Any) -> Any:
        return yes if self.truth(comparison, a, b) else no

    def as_int(self, value: Any) -> int:
        return int(value)

    def number(self, text: str) -> Any:
        raise NotImplementedError

    def ties(self, args: list[Any], j: int) -> Any:
        """How many of the arguments are equal to the j-th, as a number of this arithmetic. They are counted once for those of a
        list that are the same number: each of them asks."""
        known, value, count = self._counted
        if known is not args or not self.truth("eq", value, args[j]):
            count = self.number(str(sum(self.truth("eq", w, args[j]) for w in args)))
            self._counted = args, args[j], count
        return count

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def mul(self, a: Any, b: Any) -> Any:
        return a * b


def largest(*a: Any) -> Any:
    return max(a)


def smallest(*a: Any) -> Any:
    return min(a)


MAX_EXPONENT = 100_000  # of ten, in a literal that is made a rational


def exact_number(text: str) -> Fraction:
    """The rational that a literal's text is. Raises TooLarge where its exponent would fill the memory."""
    exponent = text.lower().partition("e")[2]
    if exponent and abs(int(exponent)) > MAX_EXPONENT:
        raise TooLarge
    return Fraction(text)


def short_number(text: str, bits: int) -> Fraction | None:
    """The rational that a literal's text is, None where it is longer than `bits`."""
    try:
        value = exact_number(text)
    except TooLarge:
        return None
    return value if max(value.numerator.bit_length(), value.denominator.bit_length()) <= bits else None


# -- doubles


def _divide(a: float, b: float) -> float:
    if b == 0:
        raise OutsideDomain("the denominator must not be 0")
    return a / b


def _power(a: float, b: float) -> float:
    if a == 0 and b < 0:
        raise OutsideDomain("0 has no negative power")
    if a < 0 and not b.is_integer():
        raise OutsideDomain(
            "a negative base needs a whole exponent; cbrt(x) is the real cube root" if abs(b * 3 - round(b * 3)) < 1e-12
            else "a negative base needs a whole exponent"
        )  # fmt: skip
    return math.pow(a, b)


def _cbrt(x: float) -> float:
    if x == 0:
        return x
    root = math.copysign(abs(x) ** (1 / 3), x)
    return root - (root * root * root - x) / (3 * root * root)  # one Newton step: right to the last place or two


def _float_atan2(y: float, x: float) -> float:
    return math.atan2(y + 0.0, x + 0.0)  # −0.0 is 0: the angle of (−1, 0) is π, however its 0 was worked out


def _float_logsumexp(*xs: float) -> float:
    top = max(xs)
    return top + math.log(math.fsum(math.exp(x - top) for x in xs))


def _float_softmax(k: float, *xs: float) -> float:
    top = max(xs)
    return math.exp(xs[int(k) - 1] - top) / math.fsum(math.exp(x - top) for x in xs)  # x − logsumexp loses digits for large x


def _float_floor(x: float) -> float:
    return float(math.floor(x))


def _float_ceil(x: float) -> float:
    return float(math.ceil(x))


class Float(Numbers):
    """IEEE double precision."""

    name = "float64"
    native = True
    zero = 0.0
    one = 1.0
    pi = math.pi
    e = math.e
    functions: Mapping[str, Callable[..., Any]] = {
        "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": _divide, "neg": operator.neg,
        "power": _power, "exp": math.exp, "ln": math.log, "log2": math.log2, "log10": math.log10, "log1p": math.log1p,
        "expm1": math.expm1, "sqrt": math.sqrt, "cbrt": _cbrt, "abs": abs,
        "floor": _float_floor, "ceil": _float_ceil, "sin": math.sin, "cos": math.cos,
        "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan, "atan2": _float_atan2,
        "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "asinh": math.asinh, "acosh": math.acosh,
        "atanh": math.atanh, "erf": math.erf, "erfc": math.erfc, "hypot": math.hypot, "max": largest, "min": smallest,
        "sum": lambda *a: math.fsum(a), "norm": math.hypot, "logsumexp": _float_logsumexp,
        "softmax": _float_softmax,
        "dot": lambda *a: math.fsum(x * y for x, y in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True)),
    }  # fmt: skip

    def number(self, text: str) -> float:
        value = float(text)
        if value == 0 and any(c in "123456789" for c in text.lower().partition("e")[0]):
            raise TooSmall
        return value


# -- many digits

SPARE_DIGITS = 8  # that rounding may have used up
MAX_ANGLE = 40_000  # digits before the point of what sin, cos and tan are taken of: as many are needed beyond those asked for
MAX_POWER = 10**12  # of e, in a number of many digits: what can be printed and compared


class Digits(Numbers):
    """mpmath's binary floating point with `digits` decimal digits; its exponents have no practical bound."""

    native = False
    name = "mpmath"

    def __init__(self, digits: int) -> None:
        import mpmath

        self.digits = digits
        self.context = mpmath.mp.clone()
        self.context.dps = digits
        c = self.context
        self.name = f"{digits} digits"
        self.zero, self.one, self.pi, self.e = c.mpf(0), c.mpf(1), +c.pi, +c.e
        self.undefined = c.nan
        self.functions: Mapping[str, Callable[..., Any]] = {
            "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": self._divide, "neg": operator.neg,
            "power": self._power, "exp": self._bounded(c.exp), "ln": self._log, "sqrt": self._sqrt, "abs": abs,
            "floor": self._floor, **{name: self._of_angle(getattr(c, name)) for name in ("sin", "cos", "tan")},
            "asin": self._real(c.asin), "acos": self._real(c.acos),
            "atan": c.atan, "atan2": self._atan2, "sinh": self._bounded(c.sinh), "cosh": self._bounded(c.cosh),
            "tanh": c.tanh, "asinh": c.asinh, "acosh": self._real(c.acosh), "atanh": self._real(c.atanh), "erf": self._erf,
            "erfc": c.erfc, "log1p": self._real(c.log1p), "expm1": self._bounded(c.expm1),
            "max": largest, "min": smallest, "sum": lambda *a: c.fsum(a),
            "dot": lambda *a: c.fdot(a[: len(a) // 2], a[len(a) // 2 :]),
        }  # fmt: skip

    def number(self, text: str) -> Any:
        try:
            return self.rational(exact_number(text))
        except TooLarge:
            return self.decimal(text)

    def rational(self, q: Fraction) -> Any:
        return self.context.mpf(q.numerator) / q.denominator

    def decimal(self, text: str) -> Any:
        """A number from its decimal text; mpmath itself would build all digits of 1e43429448."""
        mantissa, _, exponent = text.lower().partition("e")
        return self.context.mpf(mantissa) * self.context.mpf(10) ** int(exponent or 0)

    def _divide(self, a: Any, b: Any) -> Any:
        if b == 0:
            raise OutsideDomain("the denominator must not be 0")
        return a / b

    def _log(self, x: Any) -> Any:
        if x <= 0:
            raise OutsideDomain("the logarithm needs a positive argument")
        return self.context.log(x)

    def _sqrt(self, x: Any) -> Any:
        if x < 0:
            raise OutsideDomain("the square root needs an argument of at least 0")
        return self.context.sqrt(x)

    def _power(self, a: Any, b: Any) -> Any:
        c = self.context
        if a == 0 and b < 0:
            raise OutsideDomain("0 has no negative power")
        if a < 0 and not c.isint(b):
            raise OutsideDomain("a negative base needs a whole exponent")
        if a != 0 and abs(b * c.ln(abs(a))) > MAX_POWER:
            raise TooLarge
        return c.power(a, b)

    def _erf(self, x: Any) -> Any:
        """Where it is 1 to the last digit, mpmath would go through thousands of terms."""
        c = self.context
        if x * x > (c.prec + 8) * c.ln2:  # 1 − erf(x) < exp(−x²)
            return c.mpf(1 if x > 0 else -1)
        return c.erf(x)

    def _floor(self, x: Any) -> Any:
        """A number that is whole but for its last digits counts as whole: 0.29·100 is 29 in any number of digits."""
        c = self.context
        whole = c.nint(x)
        return whole if abs(x - whole) <= abs(whole) * c.mpf(10) ** (SPARE_DIGITS - self.digits) else c.floor(x)

    def _of_angle(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        most = int(MAX_ANGLE / 0.30103)

        def bounded(x: Any) -> Any:
            if x != 0 and self.context.mag(x) > most:
                raise TooLarge(f"an angle beyond 10^{MAX_ANGLE} takes more digits than are tried")
            return function(x)

        return bounded

    def _bounded(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def bounded(x: Any) -> Any:
            if abs(x) > MAX_POWER:
                raise TooLarge
            return function(x)

        return bounded

    def _real(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def real(x: Any) -> Any:
            try:
                y = function(x)
            except (ValueError, ZeroDivisionError) as error:
                raise OutsideDomain("the argument is outside the domain") from error
            if getattr(y, "imag", 0) != 0 or not self.context.isfinite(y):
                raise OutsideDomain("the argument is outside the domain")
            return y.real

        return real

    def _atan2(self, y: Any, x: Any) -> Any:
        return self.context.zero if x == 0 and y == 0 else self.context.atan2(y, x)


@lru_cache(maxsize=16)
def digits(count: int) -> Digits:
    return Digits(count)


# -- a prime field, for the exact check of the accumulation


class Modular(Numbers):
    """Integers modulo a prime: sums and products only, and they are exact."""

    name = "modular"
    native = False
    zero = 0
    one = 1
    prime = (1 << 61) - 1

    def add(self, a: int, b: int) -> int:
        return (a + b) % self.prime

    def mul(self, a: int, b: int) -> int:
        return a * b % self.prime
