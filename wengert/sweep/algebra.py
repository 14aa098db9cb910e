"""Expressions in a readable normal form: sums of products of powers, with our own bounded rewrites.

An expression is a number (an index); equal expressions are one. A sum is (coefficient, term) pairs in the order in which
they arose, a product a coefficient and (base, exponent) pairs. Every rewrite is true wherever the expression as written has a
value. Nothing grows without bound: what would be larger than `limit` nodes is BIG, and whatever contains BIG is BIG. sympy
plays no part here, or it would judge itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

Expr: TypeAlias = int

LIMIT = 2000  # nodes of an expression that is still written out
MOST_WORK = 500_000  # terms and factors handled for the formulas of one kind: some seconds
FEW = 40  # terms of a sum in which sin² + cos² is looked for
MAX_BITS = 512  # of a number that is computed rather than left as a power

BIG: Expr = -1
_ONE = Fraction(1)


class TooMuchWork(Exception):
    """More terms and factors have been handled than the algebra was allowed."""


class Algebra:
    """A set of expressions. `kind[e]` is num, sym, fn, prod or sum, `data[e]` what it is made of, `size[e]` its nodes.

    `work` counts the terms and factors handled in all; where it would come to more than `most`, TooMuchWork is raised. A count
    and no clock: the same formulas are written on every machine.
    """

    def __init__(self, limit: int = LIMIT, most: int | None = None) -> None:
        self.limit = limit
        self.most = most
        self.work = 0
        self.kind: list[str] = []
        self.data: list[Any] = []
        self.size: list[int] = []
        self._known: dict[tuple[Any, ...], Expr] = {}
        self.ZERO = self.num(Fraction(0))
        self.ONE = self.num(_ONE)

    def spend(self, work: int) -> None:
        self.work += work
        if self.most is not None and self.work > self.most:
            raise TooMuchWork

    # -- making

    def num(self, value: Fraction | int) -> Expr:
        return self._make("num", Fraction(value), 1)

    def sym(self, name: str) -> Expr:
        return self._make("sym", name, 1)

    def fn(self, operation: str, *args: Expr) -> Expr:
        """A function's value, left as it is: `sin(u)`."""
        if len(args) >= self.limit or BIG in args:
            return BIG
        return self._make("fn", (operation, args), 1 + sum(self.size[a] for a in args))

    def add(self, a: Expr, b: Expr) -> Expr:
        if a == BIG or b == BIG:
            return BIG
        terms: dict[Expr, Fraction] = {}
        for e in (a, b):
            coefficient, core = self.split(e)
            if self.kind[core] == "sum" and abs(coefficient) == 1:
                for c, t in self.data[core]:
                    terms[t] = terms.get(t, Fraction(0)) + coefficient * c
            else:
                terms[core] = terms.get(core, Fraction(0)) + coefficient
        return self.total(terms)

    def sum_of(self, parts: Sequence[Expr]) -> Expr:
        """What `add` makes of the parts one after the other; a long sum is not built anew for each of them."""
        total = parts[0]
        for i in range(1, len(parts)):
            if total == BIG:
                return BIG
            if self.kind[total] == "sum" and len(self.data[total]) > FEW:
                return self._long_sum(total, parts[i:])
            total = self.add(total, parts[i])
        return total

    def count(self, parts: Sequence[Expr]) -> Expr:
        """The sum of numbers and of choices between numbers, of which nothing but like terms comes together."""
        if BIG in parts:
            return BIG
        terms: dict[Expr, Fraction] = {}
        for part in parts:
            coefficient, core = self.split(part)
            terms[core] = terms.get(core, Fraction(0)) + coefficient
        return self.total(terms)

    def _long_sum(self, long: Expr, parts: Sequence[Expr]) -> Expr:
        """The same, as long as there are more than FEW terms: those keep their places, and their size is known at each step."""
        terms = {t: c for c, t in self.data[long]}
        size = self.size[long]
        for i, part in enumerate(parts):
            if part == BIG:
                return BIG
            coefficient, core = self.split(part)
            inner = self.data[core] if self.kind[core] == "sum" and abs(coefficient) == 1 else ((_ONE, core),)
            self.spend(len(inner))
            for c, t in inner:
                known = terms.get(t)
                value = coefficient * c + (known or 0)
                size -= 0 if known is None else self._written(known, t) + 1
                if value == 0:
                    terms.pop(t, None)
                else:
                    terms[t] = value
                    size += self._written(value, t) + 1
            if size > self.limit:
                return BIG
            if len(terms) <= FEW:
                return self.sum_of([self.total(terms), *parts[i + 1 :]])
        return self.total(terms)

    def _written(self, coefficient: Fraction, t: Expr) -> int:
        """The nodes of a term."""
        return self.size[t] + (0 if abs(coefficient) == 1 or t == self.ONE else 1)

    def neg(self, a: Expr) -> Expr:
        return self.scale(Fraction(-1), a)

    def sub(self, a: Expr, b: Expr) -> Expr:
        return self.add(a, self.neg(b))

    def scale(self, factor: Fraction, a: Expr) -> Expr:
        if a == BIG:
            return BIG
        coefficient, core = self.split(a)
        return self.term(factor * coefficient, core)

    def mul(self, a: Expr, b: Expr) -> Expr:
        if a == self.ZERO or b == self.ZERO:
            return self.ZERO
        if a == BIG or b == BIG:
            return BIG
        ca, core_a = self.split(a)
        cb, core_b = self.split(b)
        factors: dict[Expr, Expr] = {}
        for core in (core_a, core_b):
            for base, exponent in self.factors(core):
                known = factors.get(base)
                factors[base] = exponent if known is None else self.add(known, exponent)
        return self.product(ca * cb, factors)

    def div(self, a: Expr, b: Expr) -> Expr:
        if b in (BIG, self.ZERO) or a == BIG:
            return BIG if BIG in (a, b) else self.fn("div", a, b)
        return self.mul(a, self.power(b, self.num(-1)))

    def power(self, base: Expr, exponent: Expr) -> Expr:
        if BIG in (base, exponent):
            return BIG
        n = self.data[exponent] if self.kind[exponent] == "num" else None
        if n is None:
            return self.product(_ONE, {base: exponent}) if base != self.ONE else self.ONE
        if n == 1:
            return base
        if n == 0:
            return self.ONE
        if self.kind[base] == "num":
            known = _number_power(self.data[base], n)
            return self.fn("power", base, exponent) if known is None else self.num(known)
        if n.denominator == 1:
            if self.kind[base] == "prod":
                coefficient, factors = self.data[base]
                scaled = _number_power(coefficient, n)
                if scaled is not None:
                    return self.product(scaled, {b: self.mul(e, exponent) for b, e in factors})
            if self.kind[base] == "fn" and self.data[base][0] == "sqrt" and n % 2 == 0:
                return self.power(self.data[base][1][0], self.num(n / 2))
        return self.product(_ONE, {base: exponent})

    # -- parts

    def split(self, e: Expr) -> tuple[Fraction, Expr]:
        """Coefficient and the rest: 3·x² is (3, x²), a number is (itself, 1)."""
        if self.kind[e] == "num":
            return self.data[e], self.ONE
        if self.kind[e] == "prod" and self.data[e][0] != 1:
            coefficient, factors = self.data[e]
            return coefficient, self.product(_ONE, dict(factors))
        return _ONE, e

    def factors(self, core: Expr) -> tuple[tuple[Expr, Expr], ...]:
        """(base, exponent) pairs of an expression without a coefficient."""
        if core == self.ONE:
            return ()
        if self.kind[core] == "prod":
            pairs: tuple[tuple[Expr, Expr], ...] = self.data[core][1]
            return pairs
        return ((core, self.ONE),)

    def terms(self, e: Expr) -> tuple[tuple[Fraction, Expr], ...]:
        if self.kind[e] == "sum":
            pairs: tuple[tuple[Fraction, Expr], ...] = self.data[e]
            return pairs
        return (self.split(e),)

    def term(self, coefficient: Fraction, core: Expr) -> Expr:
        if coefficient == 0:
            return self.ZERO
        if coefficient == 1:
            return core
        if core == self.ONE:
            return self.num(coefficient)
        return self.product(coefficient, dict(self.factors(core)))

    def total(self, terms: dict[Expr, Fraction]) -> Expr:
        self.spend(len(terms))
        kept = {t: c for t, c in terms.items() if c != 0}
        if 1 < len(kept) <= FEW:
            kept = self._pythagoras(kept)
        if not kept:
            return self.ZERO
        if len(kept) == 1:
            core, coefficient = next(iter(kept.items()))
            return self.term(coefficient, core)
        size = sum(self._written(c, t) for t, c in kept.items()) + len(kept) - 1
        return self._make("sum", tuple((c, t) for t, c in kept.items()), size)

    def product(self, coefficient: Fraction, factors: dict[Expr, Expr]) -> Expr:
        if coefficient == 0:
            return self.ZERO
        self.spend(len(factors))
        if BIG in factors or BIG in factors.values() or max(
            coefficient.numerator.bit_length(), coefficient.denominator.bit_length()
        ) > 8 * MAX_BITS:
            return BIG
        kept = {b: e for b, e in factors.items() if e != self.ZERO}
        if not kept:
            return self.num(coefficient)
        if len(kept) == 1 and coefficient == 1:
            base, exponent = next(iter(kept.items()))
            if exponent == self.ONE:
                return base
        size = len(kept) - 1 + (0 if abs(coefficient) == 1 else 1)
        for base, exponent in kept.items():
            size += self.size[base] + (0 if exponent == self.ONE else self.size[exponent] + 1)
        return self._make("prod", (coefficient, tuple(kept.items())), size)

    def order(self, e: Expr) -> list[Expr]:
        """The expressions that e is made of, parts before wholes."""
        seen: set[Expr] = set()
        stack = [e]
        while stack:
            x = stack.pop()
            if x not in seen:
                seen.add(x)
                stack.extend(self.parts(x))
        return sorted(seen)

    def parts(self, e: Expr) -> list[Expr]:
        kind, data = self.kind[e], self.data[e]
        if kind == "fn":
            return list(data[1])
        if kind == "prod":
            return [x for pair in data[1] for x in pair]
        if kind == "sum":
            return [t for _, t in data]
        return []

    def _make(self, kind: str, data: Any, size: int) -> Expr:
        if size > self.limit:
            return BIG
        key = (kind, data)
        e = self._known.get(key)
        if e is None:
            e = self._known[key] = len(self.kind)
            self.kind.append(kind)
            self.data.append(data)
            self.size.append(size)
        return e

    def _pythagoras(self, terms: dict[Expr, Fraction]) -> dict[Expr, Fraction]:
        """c·sin(u)²·m + c·cos(u)²·m = c·m."""
        for t, c in list(terms.items()):
            for base, exponent in self.factors(t):
                if self.kind[base] != "fn" or self.data[base][0] != "sin" or self.data[exponent] != 2:
                    continue
                others = {b: e for b, e in self.factors(t) if b != base}
                twin = self.product(_ONE, {**others, self.fn("cos", *self.data[base][1]): exponent})
                # the twin's factors may stand in another order: compare as sets
                match = next((s for s in terms if set(self.factors(s)) == set(self.factors(twin))), None)
                if match is not None and terms.get(match) == c and t in terms:
                    rest = self.product(_ONE, others)
                    remaining = {s: k for s, k in terms.items() if s not in (t, match)}
                    remaining[rest] = remaining.get(rest, Fraction(0)) + c
                    return {s: k for s, k in remaining.items() if k != 0}
        return terms


def _number_power(base: Fraction, n: Fraction) -> Fraction | None:
    """base to the n where that is a short rational, else None."""
    if base == 1:
        return base
    if n.denominator != 1 or (base == 0 and n < 0):
        return None
    if abs(n) * max(base.numerator.bit_length(), base.denominator.bit_length()) > MAX_BITS:
        return None
    return base ** int(n)
