"""The judge's own dictionary: what every operation means, for mpmath and for sympy.

It changes when an operation joins the language, and for no other reason. It is written from the literature (Abramowitz and
Stegun, chapter 4, for the elementary functions; Klambauer et al. 2017 for selu; Hendrycks and Gimpel 2016 for gelu) and
never from the rule table: it is the one permitted second list of the names. Importing it loads neither sympy nor mpmath.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wengert.verify import kummer
from wengert.verify.vanish import Vacuous

MAX_TEXT = 4000  # characters of a literal
MAX_TEXT_EXPONENT = 100_000  # a power of ten written in a literal
MAX_LOG2 = 1 << 40  # size of a power's binary exponent
MAX_EXPONENT_BITS = 4_000  # of what e is raised to: exp(-1/x**2) beside 0
MAX_ANGLE_BITS = 2000  # sin of a giant needs as many bits as its exponent has
SELU_LAMBDA = "1.0507009873554804934193349852946"
SELU_ALPHA = "1.6732632423543772848170429916717"
CONSTANT_NAMES = ("pi", "π", "e")


class Outside(Exception):
    """The arguments lie outside the real domain; the text says of what."""


class TooLarge(Exception):
    """A magnitude that the judge refuses to build, before anything is built."""


class Context:
    """Working precision `p` in digits, and the tolerance below which a cancelled number counts as 0.

    `snaps` counts the results that cancelled to 0, exactly or up to rounding: whoever reads a value must confirm it at a
    higher precision when there were any (1 - cos(1e-80) is 0 in 60 digits).
    """

    def __init__(self, mp: Any, p: int) -> None:
        self.mp = mp
        self.p = p
        self.tol = mp.mpf(10) ** -(p - 20)
        self.bits = int((p - 20) * 3.3219) - 2  # tol in bits, a little wide
        self.snaps = 0

    def snap(self, result: Any, scale: Any) -> Any:
        """The result, its real part 0 where it is mere rounding beside `scale`."""
        real = result.real
        if abs(real) <= self.tol * scale and scale != 0:
            self.snaps += 1
            return self.mp.mpc(0, result.imag) if is_complex(result) else self.mp.mpf(0)
        return result

    def sum_of(self, result: Any, x: Any, y: Any) -> Any:
        """x ± y as computed, snapped beside the larger of the two; told by the exponents alone where nothing cancels."""
        _, digits, exponent, width = result.real._mpf_
        if digits:
            size = exponent + width
            _, _, ex, wx = x.real._mpf_
            _, _, ey, wy = y.real._mpf_
            if size > ex + wx - self.bits and size > ey + wy - self.bits:
                return result
        return self.snap(result, max(abs(x.real), abs(y.real)))

    def near(self, x: Any, y: Any) -> bool:
        """Whether two real parts are the same number up to rounding."""
        a, b = x.real, y.real
        if abs(a - b) <= self.tol * max(abs(a), abs(b)):
            self.snaps += 1  # equal ones too: 1 + 1e-90 is 1 in 60 digits, and acosh of it not 0
            return True
        return False


@dataclass(frozen=True, slots=True)
class Meaning:
    """One operation. `number(context, arguments)` takes mpf (mpc too where `analytic`) and raises Outside or TooLarge;
    `symbol(sympy, arguments, oracle)` builds its sympy meaning; `edge(context, arguments, tolerance)` says that the point is
    a kink or a singular boundary, up to a tolerance. `most` is None for any number of arguments."""

    name: str
    least: int
    most: int | None
    number: Callable[[Context, Sequence[Any]], Any]
    symbol: Callable[[Any, Sequence[Any], Any], Any]
    analytic: bool = True
    edge: Callable[[Context, Sequence[Any], Any], bool] | None = None

    def takes(self, count: int) -> bool:
        return count >= self.least and (self.most is None or count <= self.most)


def is_complex(x: Any) -> bool:
    return hasattr(x, "_mpc_")


def literal(text: str) -> Fraction:
    """The exact rational that a literal's text denotes. Raises TooLarge for giants, ValueError for what is no number."""
    if len(text) > MAX_TEXT:
        raise TooLarge(f"a literal of {len(text)} characters")
    mantissa, _, power = text.lower().partition("e")
    if power:
        if len(power) > 12 or abs(int(power)) > MAX_TEXT_EXPONENT:
            raise TooLarge(f"the literal {text[:40]} has a giant exponent")
        return Fraction(mantissa) * Fraction(10) ** int(power)
    return Fraction(mantissa)


def rational(mp: Any, value: Fraction) -> Any:
    return mp.mpf(value.numerator) / value.denominator


def constant(mp: Any, name: str) -> Any:
    """π or e at the working precision."""
    return +mp.e if name == "e" else +mp.pi


# -- numbers: helpers


def _add(c: Context, a: Sequence[Any]) -> Any:
    x, y = a
    return c.sum_of(x + y, x, y)


def _sub(c: Context, a: Sequence[Any]) -> Any:
    x, y = a
    return c.sum_of(x - y, x, y)


def _total(c: Context, a: Sequence[Any]) -> Any:
    return c.snap(c.mp.fsum(a), max(abs(x.real) for x in a))


def _div(c: Context, a: Sequence[Any]) -> Any:
    if a[1] == 0:
        raise Outside("division by 0")
    return a[0] / a[1]


def _log2_size(c: Context, x: Any) -> float:
    """About log2 |x| for a number that is not 0."""
    return float(c.mp.mag(x))


def _exp(c: Context, a: Sequence[Any]) -> Any:
    x = a[0]
    if _too_large_for_e(c, x):
        raise TooLarge("an exponential with an exponent beyond 10^1200")
    return c.mp.exp(x)


def _too_large_for_e(c: Context, x: Any) -> bool:
    return bool(x.real != 0 and c.mp.mag(x.real) > MAX_EXPONENT_BITS)


def _too_large(c: Context, x: Any, y: Any) -> bool:
    """Whether |y·log2 |x|| is beyond MAX_LOG2; the logarithm is taken only where the number of bits does not tell."""
    if x != 0 and abs(y) * (abs(c.mp.mag(x)) + 1) <= MAX_LOG2:
        return False
    return bool(abs(y * c.mp.log(abs(x), 2)) > MAX_LOG2)


def _power(c: Context, a: Sequence[Any]) -> Any:
    x, y = a
    varying = is_complex(y) and y.imag != 0
    if not varying and c.mp.isint(y.real):
        if x == 0:
            if y.real < 0:
                raise Outside("0 to a negative power")
            return c.mp.mpf(1 if y.real == 0 else 0)
        if _too_large(c, x.real, y.real):
            raise TooLarge("a power beyond 10^(10^11)")
        return _precisely(c, x, lambda z: z ** int(y.real))
    if x.real < 0 or (x.real == 0 and (varying or is_complex(x))):
        raise Outside("a base that is not positive to a power that is not an integer")
    if x == 0:
        if y.real < 0:
            raise Outside("0 to a negative power")
        return c.mp.mpf(0)
    if _too_large(c, x.real, y.real):
        raise TooLarge("a power beyond 10^(10^11)")
    return c.mp.exp(y * c.mp.ln(x))


def _ln(c: Context, a: Sequence[Any]) -> Any:
    x = a[0]
    if x.real <= 0:
        raise Outside("the logarithm of a number that is not positive")
    return c.snap(c.mp.ln(x), 1)


def _log(c: Context, a: Sequence[Any]) -> Any:
    bottom = _ln(c, (a[1],))
    if bottom == 0:
        raise Outside("a logarithm to the base 1")
    return _ln(c, (a[0],)) / bottom


def _log1p(c: Context, a: Sequence[Any]) -> Any:
    if a[0].real <= -1:
        raise Outside("log1p needs an argument above -1")
    return c.mp.log1p(a[0])


def _precisely(c: Context, x: Any, function: Callable[[Any], Any]) -> Any:
    """function(x) where mpmath's complex version has a small absolute error only: the tiny imaginary part of a complex step
    needs twice the digits there."""
    if not is_complex(x):
        return function(x)
    with c.mp.workdps(2 * c.p + 20):
        return function(x)


def _sqrt(c: Context, a: Sequence[Any]) -> Any:
    if a[0].real < 0:
        raise Outside("the square root of a negative number")
    return c.mp.sqrt(a[0])


def _cbrt(c: Context, a: Sequence[Any]) -> Any:
    x = a[0]
    return -_precisely(c, -x, c.mp.cbrt) if x.real < 0 else _precisely(c, x, c.mp.cbrt)


def _angle(c: Context, x: Any) -> Any:
    if x.real != 0 and _log2_size(c, x.real) > MAX_ANGLE_BITS:
        raise TooLarge("the sine of a number beyond 10^600")
    return x


def _sin(c: Context, a: Sequence[Any]) -> Any:
    return c.snap(c.mp.sin(_angle(c, a[0])), abs(a[0].real))


def _cos(c: Context, a: Sequence[Any]) -> Any:
    return c.snap(c.mp.cos(_angle(c, a[0])), abs(a[0].real))


def _ratio(top: Any, bottom: Any, name: str) -> Any:
    if bottom.real == 0:
        raise Outside(f"{name} at a pole")
    return top / bottom


def _wide(function: str, limit: int | None = None, closed: bool = True) -> Callable[[Context, Sequence[Any]], Any]:
    """A function for `_precisely`; `limit` bounds |x|, `closed` admits the bound itself."""

    def number(c: Context, a: Sequence[Any]) -> Any:
        x = a[0]
        if limit is not None:
            size = abs(x.real)
            if c.near(size, c.mp.mpf(limit)):
                if not closed:
                    raise Outside(f"{function} at {limit} or -{limit}")
                x = c.mp.mpf(limit if x.real > 0 else -limit) if not is_complex(x) else x
            elif size > limit:
                raise Outside(f"{function} needs an argument between -{limit} and {limit}")
        return _precisely(c, x, getattr(c.mp, function))

    return number


_asin, _acos, _atan = _wide("asin", 1), _wide("acos", 1), _wide("atan")
_asinh, _atanh = _wide("asinh"), _wide("atanh", 1, closed=False)


def _erf(c: Context, a: Sequence[Any]) -> Any:
    z = _of_errors(c, a[0])
    if is_complex(z) and kummer.in_between(c.mp, z):
        return kummer.erf(c.mp, z)
    return _precisely(c, z, c.mp.erf)


def _erfc(c: Context, a: Sequence[Any]) -> Any:
    z = _of_errors(c, a[0])
    if is_complex(z) and kummer.in_between(c.mp, z):
        used_up = int(z.real**2 * kummer.BITS) if z.real > 0 else 0  # by 1 − erf(z)
        with c.mp.workprec(c.mp.prec + used_up + 10):
            return 1 - kummer.erf(c.mp, z)
    return _precisely(c, z, c.mp.erfc)


def _of_errors(c: Context, x: Any) -> Any:
    if x.real != 0 and _log2_size(c, x.real) > 20:
        raise TooLarge("the error function beyond 10^6")
    return x


def _acosh(c: Context, a: Sequence[Any]) -> Any:
    x = a[0]
    if c.near(x, c.mp.mpf(1)) and not is_complex(x):
        return c.mp.mpf(0)
    if x.real < 1:
        raise Outside("acosh needs an argument of at least 1")
    return c.mp.acosh(x)


def _of_reciprocal(
    f: Callable[[Context, Sequence[Any]], Any], name: str
) -> Callable[[Context, Sequence[Any]], Any]:
    def number(c: Context, a: Sequence[Any]) -> Any:
        if a[0] == 0:
            raise Outside(f"{name} at 0")
        return f(c, (1 / a[0],))

    return number


def _acot(c: Context, a: Sequence[Any]) -> Any:
    return c.mp.pi / 2 if a[0] == 0 else _atan(c, (1 / a[0],))


def _atan2(c: Context, a: Sequence[Any]) -> Any:
    y, x = a
    if not is_complex(x) and not is_complex(y):
        return c.mp.atan2(y, x)
    if abs(x.real) >= abs(y.real):
        turn = 0 if x.real > 0 else (c.mp.pi if y.real >= 0 else -c.mp.pi)
        return _atan(c, (y / x,)) + turn
    return (c.mp.pi / 2 if y.real > 0 else -c.mp.pi / 2) - _atan(c, (x / y,))


def _guarded(function: str) -> Callable[[Context, Sequence[Any]], Any]:
    def number(c: Context, a: Sequence[Any]) -> Any:
        if _too_large_for_e(c, a[0]):
            raise TooLarge(f"{function} with an argument beyond 10^1200")
        return getattr(c.mp, function)(a[0])

    return number


_sinh, _cosh, _tanh, _expm1 = _guarded("sinh"), _guarded("cosh"), _guarded("tanh"), _guarded("expm1")


def _sigmoid(c: Context, a: Sequence[Any]) -> Any:
    return 1 / (1 + _exp(c, (-a[0],)))


def _softplus(c: Context, a: Sequence[Any]) -> Any:
    x = a[0]
    return x + c.mp.log1p(_exp(c, (-x,))) if x.real > 0 else c.mp.log1p(_exp(c, (x,)))


def _norm(c: Context, a: Sequence[Any]) -> Any:
    return c.mp.sqrt(c.mp.fsum(x * x for x in a))


def _dot(c: Context, a: Sequence[Any]) -> Any:
    n = _half(a)
    return _total(c, [x * y for x, y in zip(a[:n], a[n:], strict=True)])


def _half(a: Sequence[Any]) -> int:
    if len(a) % 2:
        raise Outside("dot needs as many y as x")
    return len(a) // 2


def _logsumexp(c: Context, a: Sequence[Any]) -> Any:
    # The shift by the largest is an identity; without it exp(1000) + exp(1000) would cost digits, not truth.
    top = max(x.real for x in a)
    return top + c.snap(c.mp.ln(c.mp.fsum(_exp(c, (x - top,)) for x in a)), 1)


def _softmax(c: Context, a: Sequence[Any]) -> Any:
    k, xs = a[0], a[1:]
    if is_complex(k) or not c.mp.isint(k) or not 1 <= k <= len(xs):
        raise Outside("softmax needs the number of a component first")
    chosen = xs[int(k) - 1]
    return 1 / c.mp.fsum(_exp(c, (x - chosen,)) for x in xs)


def _sign(c: Context, a: Sequence[Any]) -> Any:
    return c.mp.mpf((a[0] > 0) - (a[0] < 0))


def _floor(c: Context, a: Sequence[Any]) -> Any:
    whole = c.mp.nint(a[0])
    return whole if c.near(a[0], whole) else c.mp.floor(a[0])


def _ceil(c: Context, a: Sequence[Any]) -> Any:
    return -_floor(c, (-a[0],))


def _clip(c: Context, a: Sequence[Any]) -> Any:
    x, low, high = a
    if low > high and not c.near(low, high):
        raise Outside("clip with a lower bound above the upper one")
    return min(max(x, low), high)


def _elu(c: Context, a: Sequence[Any]) -> Any:
    return a[0] if a[0] > 0 else (a[1] if len(a) > 1 else 1) * _expm1(c, a[:1])


def _selu(c: Context, a: Sequence[Any]) -> Any:
    return c.mp.mpf(SELU_LAMBDA) * (a[0] if a[0] > 0 else c.mp.mpf(SELU_ALPHA) * _expm1(c, a[:1]))


def _leaky(c: Context, a: Sequence[Any]) -> Any:
    slope = a[1] if len(a) > 1 else c.mp.mpf(1) / 100
    return a[0] if a[0] > 0 else slope * a[0]


def _compare(c: Context, a: Sequence[Any], name: str) -> bool:
    same = c.near(a[0], a[1])
    if name == "eq":
        return same
    if same:
        return name in ("ge", "le")
    return bool(a[0] > a[1]) == (name in ("gt", "ge"))


# -- edges: kinks and singular boundaries


def _at(*points: int) -> Callable[[Context, Sequence[Any], Any], bool]:
    # A cancelled argument is an exact 0 already (Context.snap); beside 1, rounding has to be allowed for.
    return lambda c, a, tol: any(bool(abs(a[0].real - p) <= (max(tol, c.tol) if p else tol)) for p in points)


def _tie(c: Context, a: Sequence[Any], tol: Any) -> bool:
    return bool(abs(a[0] - a[1]) <= max(tol, c.tol) * max(1 if tol else 0, abs(a[0]), abs(a[1])))


def _top_tie(sign: int) -> Callable[[Context, Sequence[Any], Any], bool]:
    def edge(c: Context, a: Sequence[Any], tol: Any) -> bool:
        if len(a) < 2:
            return False
        first, second = sorted((sign * x for x in a), reverse=True)[:2]
        return bool(first - second <= max(tol, c.tol) * max(1 if tol else 0, abs(first)))

    return edge


def _clip_edge(c: Context, a: Sequence[Any], tol: Any) -> bool:
    return any(_tie(c, pair, tol) for pair in (a[:2], a[::2], a[1:]))


def _whole(c: Context, a: Sequence[Any], tol: Any) -> bool:
    return bool(abs(a[0] - c.mp.nint(a[0])) <= max(tol, c.tol) * max(1, abs(a[0])))


def _power_edge(c: Context, a: Sequence[Any], tol: Any) -> bool:
    return bool(abs(a[0].real) <= tol) and not c.mp.isint(a[1].real)


def _origin(c: Context, a: Sequence[Any], tol: Any) -> bool:
    return all(abs(x.real) <= tol for x in a)


def _atan2_edge(c: Context, a: Sequence[Any], tol: Any) -> bool:
    return bool(abs(a[0].real) <= tol and a[1].real <= tol)


# -- symbols: helpers. S is the module sympy; the oracle decides signs, a branch at a time


def _fold_max(S: Any, a: Sequence[Any], oracle: Any, sign: int) -> Any:
    best = a[0]
    for x in a[1:]:
        if oracle.sign(x - best) == sign:
            best = x
    return best


def _s_sign(S: Any, u: Any, oracle: Any) -> Any:
    return S.Integer(oracle.sign(u))


def _s_pieces(positive: Any, negative: Any, u: Any, oracle: Any) -> Any:
    return positive if oracle.sign(u) > 0 else negative


def _s_floor(S: Any, u: Any) -> Any:
    """floor(u): a number's own; of anything else a function that is flat wherever it has a slope, the same for equal u."""
    if u.is_number:
        return S.floor(u)
    if S not in _STEPS:
        _STEPS[S] = type("step", (S.Function,), {"fdiff": lambda self, argindex=1: S.Integer(0)})
    return _STEPS[S](S.expand(u) if u.is_polynomial() else u)


_STEPS: dict[Any, Any] = {}  # made when sympy is there


def _s_clip(S: Any, a: Sequence[Any], oracle: Any) -> Any:
    x, low, high = a
    span = oracle.sign(high - low)
    if span < 0:
        if (high - low).is_number:
            raise Outside("clip with a lower bound above the upper one")
        raise Vacuous("clip with its bounds the wrong way round")
    if oracle.sign(x - low) < 0:
        return low
    return high if oracle.sign(x - high) > 0 else x


def _s_cbrt(S: Any, u: Any, oracle: Any) -> Any:
    s = oracle.sign(u)
    return s * (s * u) ** S.Rational(1, 3) if s else S.Integer(0)


def _s_softmax(S: Any, a: Sequence[Any], oracle: Any) -> Any:
    if not a[0].is_Integer or not 1 <= a[0] <= len(a) - 1:
        raise Outside("softmax needs the number of a component first")
    return S.exp(a[int(a[0])]) / S.Add(*map(S.exp, a[1:]))


def _s_dot(S: Any, a: Sequence[Any], oracle: Any) -> Any:
    n = _half(a)
    return S.Add(*(x * y for x, y in zip(a[:n], a[n:], strict=True)))


def _s_compare(name: str) -> Callable[[Any, Sequence[Any], Any], bool]:
    def symbol(S: Any, a: Sequence[Any], oracle: Any) -> bool:
        s: int = oracle.sign(a[0] - a[1])
        return {"gt": s > 0, "ge": s >= 0, "lt": s < 0, "le": s <= 0, "eq": s == 0}[name]

    return symbol


def _s_require(S: Any, value: Any, oracle: Any, *positive: Any) -> Any:
    for u in positive:
        oracle.require(u)
    return value


def _s_acosh(S: Any, u: Any, o: Any) -> Any:
    return _s_require(S, S.acosh(u), o, u - 1)


def _s_log(S: Any, u: Any, o: Any) -> Any:
    return _s_require(S, S.log(u), o, u)


def _decimal(S: Any, text: str) -> Any:
    f = Fraction(text)
    return S.Rational(f.numerator, f.denominator)


def _s_selu(S: Any, u: Any, o: Any) -> Any:
    scale, alpha = _decimal(S, SELU_LAMBDA), _decimal(S, SELU_ALPHA)
    return scale * _s_pieces(u, alpha * (S.exp(u) - 1), u, o)


def _s_hyper(S: Any, u: Any, kind: str) -> Any:
    plus, minus = S.exp(u), S.exp(-u)
    if kind == "sinh":
        return (plus - minus) / 2
    if kind == "cosh":
        return (plus + minus) / 2
    return (plus - minus) / (plus + minus)


def _table() -> dict[str, Meaning]:
    m = Meaning
    one: dict[str, tuple[Any, Any, Any]] = {
        "identity": (lambda c, a: a[0], lambda S, u, o: u, None),
        "neg": (lambda c, a: -a[0], lambda S, u, o: -u, None),
        "exp": (_exp, lambda S, u, o: S.exp(u), None),
        "ln": (_ln, _s_log, None),
        "log2": (lambda c, a: _ln(c, a) / c.mp.ln(2), lambda S, u, o: _s_log(S, u, o) / S.log(2), None),
        "log10": (lambda c, a: _ln(c, a) / c.mp.ln(10), lambda S, u, o: _s_log(S, u, o) / S.log(10), None),
        "log1p": (_log1p, lambda S, u, o: _s_log(S, 1 + u, o), None),
        "expm1": (_expm1, lambda S, u, o: S.exp(u) - 1, None),
        "sqrt": (_sqrt, lambda S, u, o: u ** S.Rational(1, 2), _at(0)),
        "cbrt": (_cbrt, _s_cbrt, _at(0)),
        "sin": (_sin, lambda S, u, o: S.sin(u), None),
        "cos": (_cos, lambda S, u, o: S.cos(u), None),
        "tan": (lambda c, a: _ratio(_sin(c, a), _cos(c, a), "tan"), lambda S, u, o: S.sin(u) / S.cos(u), None),
        "sec": (lambda c, a: _ratio(c.mp.mpf(1), _cos(c, a), "sec"), lambda S, u, o: 1 / S.cos(u), None),
        "csc": (lambda c, a: _ratio(c.mp.mpf(1), _sin(c, a), "csc"), lambda S, u, o: 1 / S.sin(u), None),
        "cot": (lambda c, a: _ratio(_cos(c, a), _sin(c, a), "cot"), lambda S, u, o: S.cos(u) / S.sin(u), None),
        "asin": (_asin, lambda S, u, o: _s_require(S, S.asin(u), o, 1 - u, 1 + u), _at(-1, 1)),
        "acos": (_acos, lambda S, u, o: _s_require(S, S.acos(u), o, 1 - u, 1 + u), _at(-1, 1)),
        "atan": (_atan, lambda S, u, o: S.atan(u), None),
        "asec": (_of_reciprocal(_acos, "asec"), lambda S, u, o: S.acos(1 / u), _at(-1, 1)),
        "acsc": (_of_reciprocal(_asin, "acsc"), lambda S, u, o: S.asin(1 / u), _at(-1, 1)),
        "acot": (_acot, lambda S, u, o: S.acot(u), _at(0)),
        "sinh": (_sinh, lambda S, u, o: _s_hyper(S, u, "sinh"), None),
        "cosh": (_cosh, lambda S, u, o: _s_hyper(S, u, "cosh"), None),
        "tanh": (_tanh, lambda S, u, o: _s_hyper(S, u, "tanh"), None),
        "sech": (lambda c, a: 1 / _cosh(c, a), lambda S, u, o: 1 / _s_hyper(S, u, "cosh"), None),
        "csch": (_of_value(_sinh, "csch"), lambda S, u, o: 1 / _s_hyper(S, u, "sinh"), None),
        "coth": (_of_value(_tanh, "coth"), lambda S, u, o: 1 / _s_hyper(S, u, "tanh"), None),
        "asinh": (_asinh, lambda S, u, o: S.asinh(u), None),
        "acosh": (_acosh, _s_acosh, _at(1)),
        "atanh": (_atanh, lambda S, u, o: _s_require(S, S.atanh(u), o, 1 - u, 1 + u), None),
        "asech": (_of_reciprocal(_acosh, "asech"), lambda S, u, o: _s_acosh(S, 1 / u, o), _at(1)),
        "acsch": (_of_reciprocal(_asinh, "acsch"), lambda S, u, o: S.asinh(1 / u), None),
        "acoth": (_of_reciprocal(_atanh, "acoth"), lambda S, u, o: S.atanh(1 / u), None),
        "erf": (_erf, lambda S, u, o: S.erf(u), None),
        "erfc": (_erfc, lambda S, u, o: 1 - S.erf(u), None),
        "sigmoid": (_sigmoid, lambda S, u, o: 1 / (1 + S.exp(-u)), None),
        "softplus": (_softplus, lambda S, u, o: S.log(1 + S.exp(u)), None),
        "gelu": (
            lambda c, a: a[0] * _erfc(c, (-a[0] / c.mp.sqrt(2),)) / 2,
            lambda S, u, o: u * (1 + S.erf(u / S.sqrt(2))) / 2,
            None,
        ),
        "silu": (lambda c, a: a[0] * _sigmoid(c, a), lambda S, u, o: u / (1 + S.exp(-u)), None),
    }
    kinked: dict[str, tuple[Any, Any]] = {
        "abs": (lambda c, a: abs(a[0]), lambda S, u, o: o.sign(u) * u),
        "sign": (_sign, _s_sign),
        "relu": (lambda c, a: a[0] if a[0] > 0 else c.mp.mpf(0), lambda S, u, o: _s_pieces(u, S.Integer(0), u, o)),
        "selu": (_selu, _s_selu),
    }
    steps: dict[str, tuple[Any, Any]] = {
        "floor": (_floor, lambda S, u, o: _s_floor(S, u)),
        "ceil": (_ceil, lambda S, u, o: -_s_floor(S, -u)),
    }
    table = {k: m(k, 1, 1, n, _unary(s), True, e) for k, (n, s, e) in one.items()}
    table |= {k: m(k, 1, 1, n, _unary(s), False, _at(0)) for k, (n, s) in kinked.items()}
    table |= {k: m(k, 1, 1, n, _unary(s), False, _whole) for k, (n, s) in steps.items()}
    rows = [
        m("add", 2, 2, _add, lambda S, a, o: a[0] + a[1]),
        m("sub", 2, 2, _sub, lambda S, a, o: a[0] - a[1]),
        m("mul", 2, 2, lambda c, a: a[0] * a[1], lambda S, a, o: a[0] * a[1]),
        m("div", 2, 2, _div, lambda S, a, o: a[0] / a[1]),
        m("power", 2, 2, _power, lambda S, a, o: o.power(a[0], a[1]), True, _power_edge),
        m("log", 2, 2, _log, lambda S, a, o: _s_log(S, a[0], o) / _s_log(S, a[1], o)),
        m("atan2", 2, 2, _atan2, lambda S, a, o: S.atan2(a[0], a[1]), True, _atan2_edge),
        m("hypot", 2, 2, _norm, lambda S, a, o: S.sqrt(a[0] ** 2 + a[1] ** 2), True, _origin),
        m("norm", 1, None, _norm, lambda S, a, o: S.sqrt(S.Add(*(x**2 for x in a))), True, _origin),
        m("leaky_relu", 1, 2, _leaky, lambda S, a, o: _s_pieces(
            a[0], (a[1] if len(a) > 1 else S.Rational(1, 100)) * a[0], a[0], o), False, _at(0)),
        m("elu", 1, 2, _elu, lambda S, a, o: _s_pieces(
            a[0], (a[1] if len(a) > 1 else 1) * (S.exp(a[0]) - 1), a[0], o), False, _at(0)),
        m("max", 1, None, lambda c, a: max(a), lambda S, a, o: _fold_max(S, a, o, 1), False, _top_tie(1)),
        m("min", 1, None, lambda c, a: min(a), lambda S, a, o: _fold_max(S, a, o, -1), False, _top_tie(-1)),
        m("clip", 3, 3, _clip, _s_clip, False, _clip_edge),
        m("where", 3, 3, lambda c, a: a[1] if a[0] else a[2], lambda S, a, o: a[1] if a[0] else a[2], False),
        m("softmax", 2, None, _softmax, _s_softmax),
        m("logsumexp", 1, None, _logsumexp, lambda S, a, o: S.log(S.Add(*map(S.exp, a)))),
        m("sum", 1, None, _total, lambda S, a, o: S.Add(*a)),
        m("mean", 1, None, lambda c, a: _total(c, a) / len(a), lambda S, a, o: S.Add(*a) / len(a)),
        m("dot", 2, None, _dot, _s_dot),
        *(m(k, 2, 2, _comparison(k), _s_compare(k), False, _tie) for k in ("gt", "ge", "lt", "le", "eq")),
    ]  # fmt: skip
    table |= {row.name: row for row in rows}
    return table


def _unary(symbol: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Sequence[Any], Any], Any]:
    return lambda S, a, o: symbol(S, a[0], o)


def _comparison(name: str) -> Callable[[Context, Sequence[Any]], bool]:
    return lambda c, a: _compare(c, a, name)


def _of_value(f: Callable[[Context, Sequence[Any]], Any], name: str) -> Callable[[Context, Sequence[Any]], Any]:
    def number(c: Context, a: Sequence[Any]) -> Any:
        below = f(c, a)
        if below == 0:
            raise Outside(f"{name} at 0")
        return 1 / below

    return number


MEANINGS: dict[str, Meaning] = _table()
