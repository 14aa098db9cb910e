"""The normal form of exact numbers: the algebra of expressions, with rules for roots, powers of e and brackets.

Here every expression is a number: made of rationals, π, e and functions of such. That allows what would be wrong of names:
roots of rationals have square-free radicands and do not stand below a fraction line (√8 = 2·√2, 1/√2 = √2/2), a bracket takes
a factor in (2·(1 + √2) = 2 + 2·√2), a bracket in a product has no common factor and a sign of its own, and sums and products
are equal in any order. Whatever asks for a sign gets it from `sign`, which the arithmetic brings.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from wengert.sweep.algebra import BIG, LIMIT, MAX_BITS, Algebra, Expr
from wengert.sweep.arithmetics import OutsideDomain
from wengert.sweep.exact.radicals import bits, count, gathered
from wengert.sweep.rationals import rational_sqrt

MAX_RATIONAL = 8 * MAX_BITS  # bits of a numerator or a denominator
MAX_TERMS = 60  # of a bracket multiplied out
MAX_POWER = 6  # of a bracket multiplied out
MAX_WORK = 1_000_000  # terms and factors handled in all: some seconds; what would come after that is undefined
TIDY = 120  # nodes of an expression that is multiplied out to see whether it gets shorter

_ONE = Fraction(1)
_HALF = Fraction(1, 2)


class Surds(Algebra):
    """Exact numbers as expressions. `sign` gives −1, 0 or 1 of one of them, or raises `Unknown`."""

    def __init__(self, sign: Callable[[Expr], int], limit: int = LIMIT) -> None:
        super().__init__(limit)
        self.sign = sign
        self.PI, self.E = self.sym("pi"), self.sym("e")
        self._tidy: dict[Expr, Expr] = {}
        self._work = 0

    # -- making

    def num(self, value: Fraction | int) -> Expr:
        value = Fraction(value)
        return BIG if bits(value) > MAX_RATIONAL else self._make("num", value, 1)

    def _make(self, kind: str, data: Any, size: int) -> Expr:
        """Sums and products that differ in their order are one; the order in which one first arose is shown."""
        if size > self.limit:
            return BIG
        key = (kind, data)
        if kind == "sum":
            key = (kind, frozenset(data))
        elif kind == "prod":
            key = (kind, (data[0], frozenset(data[1])))
        e = self._known.get(key)
        if e is None:
            e = self._known[key] = len(self.kind)
            self.kind.append(kind)
            self.data.append(data)
            self.size.append(size)
        return e

    def number_of(self, e: Expr) -> Fraction | None:
        """The rational that the expression is written as, None for all others."""
        return None if e == BIG or self.kind[e] != "num" else self.data[e]

    def total(self, terms: dict[Expr, Fraction]) -> Expr:
        self._work += len(terms)
        if self._work > MAX_WORK or any(bits(c) > MAX_RATIONAL for c in terms.values()):
            return BIG
        return super().total(terms)

    def product(self, coefficient: Fraction, factors: dict[Expr, Expr]) -> Expr:
        if coefficient == 0:
            return self.ZERO
        self._work += len(factors)
        if BIG in factors or BIG in factors.values() or self._work > MAX_WORK:
            return BIG
        if all(self.kind[b] in ("fn", "sym") for b in factors):
            return super().product(coefficient, factors)
        numeric: dict[Fraction, Fraction] = {}
        kept: dict[Expr, Expr] = {}
        for base, exponent in factors.items():
            n = self.number_of(exponent)
            kind = self.kind[base]
            if kind == "num" and n is not None:
                count(numeric, self.data[base], n)
            elif kind == "sum" and n is not None:
                content, primitive = self._primitive(base, n)
                if content != 1:
                    if content < 0:
                        coefficient, content = -coefficient if n % 2 else coefficient, -content
                    count(numeric, content, n)
                self._join(kept, primitive, exponent)
            elif kind == "prod" and n is not None and n.denominator == 1:
                c, pairs = self.data[base]
                if c < 0:
                    coefficient, c = -coefficient if n % 2 else coefficient, -c
                count(numeric, c, n)
                for b, x in pairs:
                    r, m = self.number_of(b), self.number_of(x)
                    if r is not None and m is not None:
                        count(numeric, r, m * n)
                    else:
                        self._join(kept, b, self.mul(x, exponent))
            else:
                self._join(kept, base, exponent)
        coefficient, roots = gathered(coefficient, numeric)
        for root, n in roots.items():
            kept[self.num(root)] = self.num(n)
        kept = {b: x for b, x in kept.items() if x != self.ZERO}
        if BIG in kept or BIG in kept.values():
            return BIG
        if len(kept) == 1 and coefficient != 1:
            base, exponent = next(iter(kept.items()))
            if exponent == self.ONE and self.kind[base] == "sum":
                return self.total({t: coefficient * c for c, t in self.data[base]})
        return super().product(coefficient, kept)

    def _join(self, kept: dict[Expr, Expr], base: Expr, exponent: Expr) -> None:
        known = kept.get(base)
        kept[base] = exponent if known is None else self.add(known, exponent)

    def _primitive(self, e: Expr, n: Fraction) -> tuple[Fraction, Expr]:
        """A sum without the common factor of its coefficients; a whole power n also leaves the sign outside."""
        terms = self.data[e]
        content = Fraction(gcd(*(c.numerator for c, _ in terms)), lcm(*(c.denominator for c, _ in terms)))
        if n.denominator == 1 and self.leads_negative(e):
            content = -content
        if content == 1:
            return content, e
        return content, self._make("sum", tuple((c / content, t) for c, t in terms), self.size[e])

    def leads_negative(self, e: Expr) -> bool:
        """Whether the expression begins with a minus, in the order that all sums share."""
        if self.kind[e] == "sum":
            return bool(min(self.data[e], key=lambda pair: pair[1])[0] < 0)
        return self.split(e)[0] < 0

    # -- powers

    def power(self, base: Expr, exponent: Expr) -> Expr:
        """base ** exponent. Raises OutsideDomain where it is no real number, Unknown where a sign it needs is not known."""
        if BIG in (base, exponent):
            return BIG
        n = self.number_of(exponent)
        if n == 1:
            return base
        if n == 0 or base == self.ONE:
            return self.ONE
        if base == self.E:
            return self.exp(exponent)
        r = self.number_of(base)
        if r == 0:
            if self.sign(exponent) < 0:
                raise OutsideDomain("0 has no negative power")
            return self.ZERO
        if n is not None and n.denominator == 1:
            return self._whole_power(base, r, int(n))
        if r is None or r < 0:
            sign = self.sign(base)
            if sign == 0:
                return self.power(self.ZERO, exponent)
            if sign < 0:
                raise OutsideDomain("a negative base needs a whole exponent")
        if self.kind[base] == "prod":
            return self._power_of_product(base, exponent)
        if n == _HALF and self.kind[base] == "sum":
            simple = self._denested(base)
            if simple is not None:
                return simple
        return self.product(_ONE, {base: exponent})

    def _whole_power(self, base: Expr, r: Fraction | None, n: int) -> Expr:
        if r is not None:
            if r < 0:
                return self.product(Fraction((-1) ** (n % 2)), {self.num(-r): self.num(n)})
            return self.product(_ONE, {base: self.num(n)})
        if n < 0 and self.kind[base] == "sum":
            inverse = self._rationalised(base)
            if inverse is not None:
                return self.power(inverse, self.num(-n))
        return self.product(_ONE, {base: self.num(n)})

    def _power_of_product(self, base: Expr, exponent: Expr) -> Expr:
        """(c·b₁^x₁·…)^y of a positive product: each factor's size is raised, since the signs cancel."""
        coefficient, pairs = self.data[base]
        result = self.power(self.num(abs(coefficient)), exponent)
        for b, x in pairs:
            raised = self.mul(x, exponent)
            if self.sign(b) < 0:
                b = self.neg(b)  # of a function that is −1·u: a base of its own
                part = self.product(_ONE, {b: raised}) if self.kind[b] == "prod" else self.power(b, raised)
            else:
                part = self.power(b, raised)
            result = self.mul(result, part)
        return result

    def exp(self, x: Expr) -> Expr:
        """e**x, with e**(q·ln(u)) = u**q."""
        if x == BIG:
            return BIG
        rest = self.ZERO
        result = self.ONE
        for c, t in self.terms(x):
            if self.kind[t] == "fn" and self.data[t][0] == "ln":
                result = self.mul(result, self.power(self.data[t][1][0], self.num(c)))
            else:
                rest = self.add(rest, self.term(c, t))
        return self.mul(result, self.product(_ONE, {self.E: rest}))

    def _square(self, coefficient: Fraction, core: Expr) -> Fraction | None:
        """The square of a term, where it is a rational."""
        return self.number_of(self.product(coefficient**2, {b: self.scale(Fraction(2), x) for b, x in self.factors(core)}))

    def _rationalised(self, e: Expr) -> Expr | None:
        """1/(a + b) = (a − b)/(a² − b²), where both squares are rational."""
        terms = self.data[e]
        if len(terms) != 2:
            return None
        (ca, a), (cb, b) = terms
        a2, b2 = self._square(ca, a), self._square(cb, b)
        if a2 is None or b2 is None or a2 == b2:
            return None
        return self.scale(1 / (a2 - b2), self.total({a: ca, b: -cb}))

    def _denested(self, e: Expr) -> Expr | None:
        """√(a + b) = √((a + d)/2) ± √((a − d)/2), where a and d² = a² − b² are rational, and d is."""
        terms = {t: c for c, t in self.data[e]}
        if len(terms) != 2 or self.ONE not in terms:
            return None
        a = terms.pop(self.ONE)
        core, c = next(iter(terms.items()))
        b2 = self._square(c, core)
        d = None if b2 is None or a <= 0 else rational_sqrt(a * a - b2)
        if d is None:
            return None
        half = self.num(_HALF)
        larger, smaller = self.power(self.num((a + d) / 2), half), self.power(self.num((a - d) / 2), half)
        return self.add(larger, smaller if c > 0 else self.neg(smaller))

    # -- multiplying out

    def multiplied_out(self, e: Expr) -> Expr:
        """Whole powers and products of brackets as one sum; BIG where that is too much."""
        total = self.ZERO
        for coefficient, t in self.terms(e):
            part = self.num(coefficient)
            for base, exponent in self.factors(t):
                n = self.number_of(exponent)
                times, factor = 1, base
                if self.kind[base] == "sum" and n is not None and n.denominator == 1 and 1 <= n <= MAX_POWER:
                    times = int(n)
                else:
                    factor = self.product(_ONE, {base: exponent})
                for _ in range(times):
                    part = self._distributed(part, factor)
                    if part == BIG:
                        return BIG
            total = self.add(total, part)
        return total

    def _distributed(self, x: Expr, y: Expr) -> Expr:
        if BIG in (x, y):
            return BIG
        left, right = self.terms(x), self.terms(y)
        if len(left) * len(right) > MAX_TERMS:
            return BIG
        sums: dict[Expr, Fraction] = {}
        for ca, a in left:
            for cb, b in right:
                product = self.mul(a, b)
                if product == BIG:
                    return BIG
                c, core = self.split(product)
                sums[core] = sums.get(core, Fraction(0)) + ca * cb * c
        return self.total(sums)

    def tidy(self, e: Expr) -> Expr:
        """The expression, multiplied out where it gets shorter by that: (√2 + 1)·(√2 − 1) = 1."""
        if e == BIG or self.size[e] > TIDY or self.kind[e] not in ("prod", "sum"):
            return e
        known = self._tidy.get(e)
        if known is None:
            known = e
            if any(self.kind[b] == "sum" for _, t in self.terms(e) for b, _ in self.factors(t)):
                other = self.multiplied_out(e)
                if other != BIG and self.size[other] < self.size[e]:
                    known = other
            self._tidy[e] = known
        return known
