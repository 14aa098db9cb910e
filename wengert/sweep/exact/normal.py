"""Whether an exact number is 0 although it does not look it: definitions put in, logarithms taken prime by prime, brackets
multiplied out, fraction lines cleared; and for numbers made of roots alone a separation bound.

Bound: Burnikel, Funke, Mehlhorn, Schirra & Schmitt, A separation bound for real algebraic expressions (ESA 2001): with
u and l by their rules and D the product of the indices of the roots, a number that is not 0 is at least 1/(l·u^(D − 1)).
"""

from __future__ import annotations

from fractions import Fraction
from math import log2
from typing import TYPE_CHECKING

from wengert.sweep.algebra import BIG, Expr
from wengert.sweep.arithmetics import FAULTS, Unknown
from wengert.sweep.exact.radicals import factored
from wengert.sweep.exact.surds import Surds

if TYPE_CHECKING:
    from wengert.sweep.exact.arithmetic import Exact

ROUNDS = 4  # of clearing a fraction line and multiplying out
LARGEST = 300  # nodes of a number that is looked at
MAX_DEGREE = 4096
DIGITS = (120, 240, 480, 1000)
BITS_A_DIGIT = 3.3


def vanishes(exact: Exact, value: Expr) -> bool:
    """True where the number is 0 for certain."""
    if exact.algebra.size[value] > LARGEST:
        return False
    try:
        e = _expanded(exact, value)
        for _ in range(ROUNDS):
            if e in (exact.zero, BIG):
                break
            cleared = exact.algebra.multiplied_out(_cleared(exact.algebra, e))
            if cleared == e:
                break
            e = cleared
    except (Unknown, *FAULTS):
        e = BIG
    return e == exact.zero or _below_bound(exact, value)


def _expanded(exact: Exact, value: Expr) -> Expr:
    """The number built anew from +, ·, powers, exp, ln of primes, sin, cos and what has no definition."""
    a = exact.algebra
    made: dict[Expr, Expr] = {}
    for x in a.order(value):
        kind, data = a.kind[x], a.data[x]
        e = x
        if kind == "sum":
            e = a.ZERO
            for c, t in data:
                e = a.add(e, a.scale(c, made[t]))
        elif kind == "prod":
            e = a.num(data[0])
            for b, n in data[1]:
                e = a.mul(e, a.power(made[b], made[n]))
        elif kind == "fn":
            e = _function(exact, data[0], [made[p] for p in data[1]])
        if e == BIG:
            return BIG
        out = a.multiplied_out(e)
        made[x] = e if out == BIG else out
    return made[value]


def _function(exact: Exact, operation: str, args: list[Expr]) -> Expr:
    a = exact.algebra
    x = args[0]
    if operation == "ln":
        q = a.number_of(x)
        if q is None:
            return exact.functions["ln"](x)
        total = a.ZERO
        for sign, number in ((1, q.numerator), (-1, q.denominator)):
            for p, k in factored(number):
                total = a.add(total, a.scale(Fraction(sign * k), a.fn("ln", a.num(p))))
        return total
    if operation in ("sinh", "cosh", "tanh"):
        up, down = a.exp(x), a.exp(a.neg(x))
        sinh, cosh = a.sub(up, down), a.add(up, down)
        if operation == "tanh":
            return a.mul(sinh, a.power(cosh, a.num(-1)))
        return a.scale(Fraction(1, 2), sinh if operation == "sinh" else cosh)
    if operation == "tan":
        return a.mul(exact.functions["sin"](x), a.power(exact.functions["cos"](x), a.num(-1)))
    if operation not in exact.plain.functions and operation in _DEFINED:
        return exact.by_definition(operation, *args)
    return exact.functions[operation](*args)


_DEFINED = frozenset({"sec", "csc", "cot", "sech", "csch", "coth", "sigmoid", "softplus", "silu", "gelu", "erfc", "softmax",
                      "logsumexp", "log2", "log10", "log", "asec", "acsc", "asech", "acsch", "acoth"})  # fmt: skip


def _cleared(a: Surds, e: Expr) -> Expr:
    """The number times the brackets and functions that stand below a fraction line; these are not 0."""
    below: dict[Expr, Fraction] = {}
    for _, t in a.terms(e):
        for b, x in a.factors(t):
            n = a.number_of(x)
            if n is not None and n < 0:
                below[b] = min(below.get(b, Fraction(0)), n)
    terms = a.terms(e)
    for b, n in below.items():
        raised = a.power(b, a.num(-n))
        terms = tuple(pair for c, t in terms for pair in a.terms(a.mul(a.term(c, t), raised)))
    total = a.ZERO
    for c, t in terms:
        total = a.add(total, a.term(c, t))
    return total


def _below_bound(exact: Exact, value: Expr) -> bool:
    bound = _separation(exact.algebra, value)
    if bound is None:
        return False
    count = next((n for n in DIGITS if n * BITS_A_DIGIT > bound + 60), None)
    if count is None:
        return False
    number = exact.value_in(value, count)
    # the bound leaves 60 bits to rounding: 18 digits, for at most 300 operations
    return number is not None and (number == 0 or abs(number) < number.context.mpf(2) ** -int(bound + 2))


def _separation(a: Surds, value: Expr) -> float | None:
    """b such that the number is 0 or at least 2^−b; None where it is not made of rationals and roots."""
    upper: dict[Expr, float] = {}
    lower: dict[Expr, float] = {}
    roots: set[tuple[Expr, int]] = set()
    for x in a.order(value):
        kind, data = a.kind[x], a.data[x]
        if kind == "num":
            upper[x], lower[x] = log2(max(1, abs(data.numerator))), log2(data.denominator)
        elif kind == "sum":
            parts = [(upper[t] + log2(abs(c.numerator)), lower[t] + log2(c.denominator)) for c, t in data]
            lower[x] = sum(low for _, low in parts)
            upper[x] = max(up + lower[x] - low for up, low in parts) + log2(len(parts))
        elif kind == "prod":
            up, low = log2(abs(data[0].numerator)), log2(data[0].denominator)
            for b, exponent in data[1]:
                n = a.number_of(exponent)
                if n is None:
                    return None
                u, l = upper[b], lower[b]  # noqa: E741 (their names)
                k = n.denominator
                if k > 1:
                    roots.add((b, k))
                    u, l = ((u + (k - 1) * l) / k, l) if u >= l else (u, ((k - 1) * u + l) / k)  # noqa: E741
                if n < 0:
                    u, l = l, u  # noqa: E741
                up, low = up + abs(n.numerator) * u, low + abs(n.numerator) * l
            upper[x], lower[x] = up, low
        else:
            return None
    degree = 1
    for _, k in roots:
        degree *= k
        if degree > MAX_DEGREE:
            return None
    return lower[value] + (degree - 1) * upper[value]
