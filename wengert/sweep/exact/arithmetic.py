"""The arithmetic of exact numbers: rationals, π, e and functions of such stay what they are.

A value is an expression of an algebra of numbers (surds.py), its functions those of special.py. Comparisons are decided: by
the expressions, by enough digits, or, where two numbers cannot be told apart, by a normal form of their difference.
`undefined` stands for what is too large to be written and for what is not known; whatever it enters is undefined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from wengert.lang.expr import Nodes
from wengert.sweep.algebra import BIG, LIMIT, Expr
from wengert.sweep.arithmetics import COMPARE, FAULTS, Numbers, TooLarge, Unknown, digits, exact_number
from wengert.sweep.exact.functions import Functions
from wengert.sweep.exact.normal import vanishes
from wengert.sweep.exact.surds import Surds
from wengert.sweep.exact.text import exact_nodes
from wengert.sweep.rules import Rules

PRECISIONS = (30, 60, 120, 240, 480, 1000)  # digits in which a sign is looked for, one after the other
MAX_EXPONENT = 1300  # of a literal: 1e-1300 has 4,300 bits


class _Undefined(int):
    """BIG, seen from outside: equal to itself, so that it can be asked for, and yet `x != x` as for any value that is no
    number, by which the sweeps know a branch that a choice leaves out."""

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = _Undefined(BIG)


def known_or_undefined(value: Expr) -> Expr:
    return UNDEFINED if value == BIG else value


class Exact(Numbers):
    """Exact numbers. `decimals`: values that are short decimals are written as such (0.1, not 1/10)."""

    name = "exact"
    lazy = True
    native = True
    undefined: Any = UNDEFINED

    def __init__(self, limit: int = LIMIT, decimals: bool = False) -> None:
        self.decimals = decimals
        self.algebra = a = Surds(self.sign, limit)
        self.zero, self.one, self.pi, self.e = a.ZERO, a.ONE, a.PI, a.E
        self._signs: dict[Expr, int | None] = {}
        self._numbers: dict[int, dict[Expr, Any]] = {}  # digits → expression → its value, None where it has none
        self._rules: dict[int, Rules] = {}
        self.plain = _Plain(self)
        self.functions: Mapping[str, Callable[..., Expr]] = {k: _careful(f) for k, f in Functions(self, a).table().items()}
        self.plain.functions = {k: f for k, f in self.functions.items() if k in _BASE}
        self._definitions = Rules(self.plain, stable=False)

    def by_definition(self, name: str, *arguments: Expr) -> Expr:
        """The function's value by the rule table's definition: sec(x) as 1/cos(x)."""
        value: Expr = self._definitions.value(name)(list(arguments), None, 0)
        return BIG if value == BIG else value

    # -- what an arithmetic brings

    def number(self, text: str) -> Expr:
        """The rational that the literal's text is; undefined where it is too long."""
        exponent = re.search(r"[eE]([-+]?[0-9]+)\s*\Z", text)
        if len(text) > 2 * MAX_EXPONENT or (exponent is not None and abs(int(exponent[1])) > MAX_EXPONENT):
            return UNDEFINED
        return known_or_undefined(self.algebra.num(exact_number(text)))

    def rational(self, q: Fraction) -> Expr:
        return known_or_undefined(self.algebra.num(q))

    def as_int(self, value: Expr) -> int:
        number = self.algebra.number_of(value)
        if number is None:
            raise Unknown
        return int(number)

    def add(self, a: Expr, b: Expr) -> Expr:
        return known_or_undefined(self.algebra.tidy(self.algebra.add(a, b)))

    def mul(self, a: Expr, b: Expr) -> Expr:
        """The product. 0 times what is undefined is undefined: it may be an infinite slope, as of sqrt(x**2) at 0."""
        return UNDEFINED if BIG in (a, b) else known_or_undefined(self.algebra.tidy(self.algebra.mul(a, b)))

    def truth(self, comparison: str, a: Expr, b: Expr) -> bool:
        """Whether the comparison holds, for certain. Raises Unknown where that cannot be told."""
        if BIG in (a, b):
            raise Unknown
        x, y = self.algebra.number_of(a), self.algebra.number_of(b)
        if x is not None and y is not None:
            return COMPARE[comparison](x, y)
        if a == b:
            return comparison in ("eq", "ge", "le")
        return COMPARE[comparison](self._order(a, b), 0)

    def ties(self, args: list[Expr], j: int) -> Expr:
        return self.algebra.num(sum(self.truth("eq", w, args[j]) for w in args))

    # -- signs and digits

    def sign(self, value: Expr) -> int:
        """−1, 0 or 1. Raises Unknown where it cannot be told."""
        if value == BIG:
            raise Unknown
        known = self._signs.get(value, 2)
        if known == 2:
            known = self._signs[value] = self._sign(value)
        if known is None:
            raise Unknown
        return known

    def _sign(self, value: Expr) -> int | None:
        a = self.algebra
        q = a.number_of(value)
        if q is not None:
            return (q > 0) - (q < 0)
        coefficient, core = a.split(value)
        if all(self._is_positive(b) for b, _ in a.factors(core)):
            return 1 if coefficient > 0 else -1
        found = self._sign_in_digits(lambda n: self.value_in(value, n))
        if found == 0:
            found = 0 if vanishes(self, value) else self._sign_far(lambda n: self.value_in(value, n))
        return found

    def _is_positive(self, base: Expr) -> bool:
        a = self.algebra
        kind, data = a.kind[base], a.data[base]
        return kind == "sym" or (kind == "num" and data > 0) or (kind == "fn" and data[0] in _POSITIVE)

    def _order(self, a: Expr, b: Expr) -> int:
        difference = self.add(a, self.algebra.neg(b))
        if difference is not UNDEFINED:
            return self.sign(difference)

        def by_number(n: int) -> Any:
            x, y = self.value_in(a, n), self.value_in(b, n)
            return None if x is None or y is None else x - y

        found = self._sign_in_digits(by_number) or self._sign_far(by_number)
        if not found:
            raise Unknown
        return found

    def _sign_in_digits(self, number: Callable[[int], Any]) -> int | None:
        """The sign in 30 and 60 digits, 0 where they do not separate the number from 0, None where it has no value there."""
        first, second = number(PRECISIONS[0]), number(PRECISIONS[1])
        if second is None:
            return None if first is None else 0
        return _common_sign(first, second)

    def _sign_far(self, number: Callable[[int], Any]) -> int | None:
        before = number(PRECISIONS[1])
        for n in PRECISIONS[2:]:
            now = number(n)
            sign = _common_sign(before, now)
            if sign:
                return sign
            before = now
        return None

    def decimal(self, value: Expr, count: int) -> Any:
        """The number in `count` digits, as an mpf: right to the last one, since twice the precision says the same.

        Raises Unknown where no 1,000 digits (or four times `count`) settle it, TooLarge beyond what a float's exponent holds.
        """
        if value == BIG:
            raise Unknown
        context = digits(count).context
        if value == self.zero:
            return context.mpf(0)
        precision = max(30, count + 10)
        before = self.value_in(value, precision)
        while precision <= max(PRECISIONS[-1], 4 * count):
            precision *= 2
            now = self.value_in(value, precision)
            told = before is not None and now is not None and now != 0
            if told and abs(now - before) <= abs(now) * context.mpf(10) ** (-count - 3):
                return context.mpf(now)
            before = now
            if abs(now or 0) * 10**20 < 1 and self._is_zero(value):
                return context.mpf(0)
        if before is None:
            raise TooLarge
        raise Unknown

    def _is_zero(self, value: Expr) -> bool:
        try:
            return self.sign(value) == 0
        except Unknown:
            return False

    def nearest(self, value: Expr) -> int:
        """A whole number that is at most 1/2 away, or as good as that."""
        return int(digits(60).context.nint(self.decimal(value, 30)))

    def value_in(self, value: Expr, count: int) -> Any:
        """The number in floating point of so many digits; None where it has no value there."""
        known = self._numbers.setdefault(count, {})
        if value in known:
            return known[value]
        a = self.algebra
        stack = [value]
        while stack:
            x = stack[-1]
            missing = [p for p in a.parts(x) if p not in known] if x not in known else []
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            if x not in known:
                try:
                    known[x] = self._computed(x, count, known)
                except FAULTS:
                    known[x] = None
        return known[value]

    def may_cancel(self, value: Expr) -> bool:
        """Whether a sum stands in the number, of which floating point may lose all digits."""
        return any(self.algebra.kind[x] == "sum" for x in self.algebra.order(value))

    def _computed(self, x: Expr, count: int, known: dict[Expr, Any]) -> Any:
        a = self.algebra
        numbers = digits(count)
        kind, data = a.kind[x], a.data[x]
        if any(known[p] is None for p in a.parts(x)):
            return None
        if kind == "num":
            return numbers.rational(data)
        if kind == "sym":
            return numbers.pi if x == a.PI else numbers.e
        if kind == "sum":
            return numbers.context.fsum(known[t] * c.numerator / c.denominator for c, t in data)
        if kind == "fn":
            operation, arguments = data
            if operation == "erfc":  # 1 − erf(x) has no digits left where x is large
                return numbers.context.erfc(known[arguments[0]])
            rules = self._rules.setdefault(count, Rules(numbers, stable=True))
            return rules.value(operation)([known[p] for p in arguments], None, 0)
        product = numbers.rational(data[0])
        for base, exponent in data[1]:
            if base == a.E:
                product *= numbers.functions["exp"](known[exponent])
            elif a.number_of(exponent) == Fraction(1, 2):
                product *= numbers.functions["sqrt"](known[base])
            else:
                product *= numbers.functions["power"](known[base], known[exponent])
        return product

    # -- writing

    def size(self, value: Expr) -> int:
        """Nodes of the expression, written out. Undefined has none to write."""
        return 0 if value == BIG else self.algebra.size[value]

    def to_nodes(self, value: Expr, nodes: Nodes, taken: frozenset[str] = frozenset()) -> int:
        """The expression in the formula language. `taken`: names that the model uses for something else (`e`)."""
        if value == BIG:
            raise Unknown
        return exact_nodes(self.algebra, value, nodes, self.decimals, "e" not in taken)


def _careful(function: Callable[..., Expr]) -> Callable[..., Expr]:
    """Undefined where an argument is, and where a choice depends on what is not known."""

    def careful(*arguments: Expr) -> Expr:
        if BIG in arguments:
            return UNDEFINED
        try:
            return known_or_undefined(function(*arguments))
        except Unknown:
            return UNDEFINED

    return careful


def _common_sign(before: Any, now: Any) -> int:
    """The sign that two computations agree on to eight digits; 0 where they do not."""
    if before is None or now is None or now == 0 or abs(now - before) * 10**8 > abs(now):
        return 0
    return 1 if now > 0 else -1


_POSITIVE = frozenset({"cosh", "sech", "erfc", "sigmoid", "softplus", "softmax"})  # everywhere
_BASE = frozenset({"add", "sub", "mul", "div", "neg", "power", "sqrt", "exp", "ln", "abs", "max", "min", "sum", "dot", "floor",
                   "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
                   "erf"})  # fmt: skip


class _Plain(Numbers):
    """The same arithmetic with the base functions alone: all others come from their definitions."""

    name = "exact, by definition"
    native = False
    undefined: Any = UNDEFINED
    functions: Mapping[str, Callable[..., Expr]]

    def __init__(self, exact: Exact) -> None:
        self.number, self.truth, self.as_int, self.ties = exact.number, exact.truth, exact.as_int, exact.ties  # type: ignore[method-assign]
        self.zero, self.one, self.pi, self.e = exact.zero, exact.one, exact.pi, exact.e
