"""Exact numbers in the formula language, as a person writes them: √6 for √2·√3, e² and 1/e for whole powers of e and exp(…)
for the others, one fraction line for terms with a common denominator.
"""

from __future__ import annotations

from fractions import Fraction

from wengert.lang.expr import Nodes
from wengert.sweep.algebra import MAX_BITS, Expr
from wengert.sweep.exact.radicals import bits
from wengert.sweep.exact.surds import Surds
from wengert.sweep.literals import decimal, whole

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def exact_nodes(algebra: Surds, value: Expr, nodes: Nodes, decimals: bool, e_is_free: bool) -> int:
    """The node of the number in `nodes`. `decimals`: short decimals are written as such. `e_is_free`: the name e stands for
    the constant."""
    return _Writer(algebra, nodes, decimals, e_is_free).run(value)


class _Writer:
    def __init__(self, algebra: Surds, nodes: Nodes, decimals: bool, e_is_free: bool) -> None:
        self.algebra = algebra
        self.nodes = nodes
        self.decimals = decimals
        self.e_is_free = e_is_free
        self.made: dict[Expr, int] = {}

    def run(self, value: Expr) -> int:
        a = self.algebra
        for x in a.order(value):
            kind, data = a.kind[x], a.data[x]
            if kind == "num":
                self.made[x] = self._number(data)
            elif kind == "sym":
                self.made[x] = self._e_to(Fraction(1)) if x == a.E else self.nodes.name(data)
            elif kind == "fn":
                self.made[x] = self.nodes.call(data[0], [self.made[p] for p in data[1]])
            elif kind == "sum":
                self.made[x] = self._sum(data)
            else:
                self.made[x] = self._product(*data)
        return self.made[value]

    # -- numbers

    def _number(self, value: Fraction) -> int:
        n = self.nodes
        text = whole(abs(value.numerator)) if value.denominator == 1 else self._decimal(abs(value))
        above = n.number(text or whole(abs(value.numerator)))
        if value < 0:
            above = n.call("neg", [above])
        return above if text else n.call("div", [above, n.number(whole(value.denominator))])

    def _decimal(self, value: Fraction) -> str | None:
        return decimal(value) if self.decimals and value.denominator != 1 else None

    # -- sums

    def _sum(self, terms: tuple[tuple[Fraction, Expr], ...]) -> int:
        n = self.nodes
        below = terms[0][0].denominator
        together = below > 1 and all(c.denominator == below for c, _ in terms) and self._decimal(abs(terms[0][0])) is None
        ordered = [(c * below, t) if together else (c, t) for c, t in terms]
        if ordered[0][0] < 0:
            ordered.insert(0, ordered.pop(next((i for i, (c, _) in enumerate(ordered) if c > 0), 0)))
        total: int | None = None
        for coefficient, core in ordered:
            if total is None:
                total = self._term(coefficient, core)
            else:
                total = n.call("sub" if coefficient < 0 else "add", [total, self._term(abs(coefficient), core)])
        assert total is not None
        return n.call("div", [total, n.number(whole(below))]) if together else total

    def _term(self, coefficient: Fraction, core: Expr) -> int:
        if core == self.algebra.ONE:
            return self._number(coefficient)
        if coefficient == 1:
            return self.made[core]
        return self._product(coefficient, self.algebra.factors(core))

    # -- products

    def _product(self, coefficient: Fraction, factors: tuple[tuple[Expr, Expr], ...]) -> int:
        n, a = self.nodes, self.algebra
        above: list[int] = []
        below: list[int] = []
        last: list[int] = []
        roots: dict[int, Fraction] = {}  # index of the root → what stands under it
        circle = Fraction(0)  # the power of π where it is ±1/2
        size = abs(coefficient)
        for base, exponent in sorted(factors, key=lambda pair: self._rank(pair[0])):
            x, r = a.number_of(exponent), a.number_of(base)
            if base == a.E:
                if x is not None and x.denominator == 1 and self.e_is_free:
                    (above if x > 0 else below).append(self._e_to(abs(x)))
                else:
                    last.append(n.call("exp", [self.made[exponent]]))
            elif x is None:
                above.append(n.call("power", [self.made[base], self.made[exponent]]))
            elif base == a.PI and abs(x) == HALF:
                circle = x
            elif r is not None and x.denominator in (2, 3) and 0 < x < 1 and bits(r) * 2 < MAX_BITS:
                roots[x.denominator] = roots.get(x.denominator, Fraction(1)) * r**x.numerator
            elif r is not None and 0 < x < 1 and size.denominator % r == 0:
                size *= r  # 2^(3/4)/2 = 1/2^(1/4)
                below.append(self._power(base, 1 - x))
            elif r is not None and r.denominator > 1 and x < 0:
                above.append(n.call("power", [self._number(1 / r), self._number(-x)]))
            else:
                (above if x > 0 else below).append(self._power(base, abs(x)))
        if circle < 0:  # √2/(2·√π) = 1/√(2·π)
            radicand = roots.get(2, Fraction(1))
            if radicand != 1 and size.denominator % radicand == 0:
                size *= roots.pop(2)
            else:
                radicand = Fraction(1)
            below.insert(0, self._root_with_pi(radicand))
        elif circle > 0:
            above.insert(0, self._root_with_pi(roots.pop(2, Fraction(1))))
        for index, radicand in sorted(roots.items(), reverse=True):
            above.insert(0, self._root(self._number(radicand), Fraction(1, index)))
        above += last
        self._put_in_front(size, above, below)
        if coefficient < 0:
            above[0] = n.call("neg", [above[0]])
        result = self._times(above)
        return n.call("div", [result, self._times(below)]) if below else result

    def _put_in_front(self, size: Fraction, above: list[int], below: list[int]) -> None:
        n = self.nodes
        text = self._decimal(size)
        if text is not None or size.numerator != 1 or not above:
            above.insert(0, n.number(text or whole(size.numerator)))
        if text is None and size.denominator != 1:
            below.insert(0, n.number(whole(size.denominator)))

    def _root_with_pi(self, radicand: Fraction) -> int:
        pi = self.made[self.algebra.PI]
        return self._root(pi if radicand == 1 else self.nodes.call("mul", [self._number(radicand), pi]), HALF)

    def _rank(self, base: Expr) -> int:
        return {"num": 0, "sym": 1, "sum": 2, "prod": 2}.get(self.algebra.kind[base], 3)

    def _e_to(self, power: Fraction) -> int:
        if not self.e_is_free:
            return self.nodes.call("exp", [self._number(power)])
        name = self.nodes.name("e")
        return name if power == 1 else self.nodes.call("power", [name, self._number(power)])

    def _power(self, base: Expr, power: Fraction) -> int:
        if power == 1:
            return self.made[base]
        if power in (HALF, THIRD):
            return self._root(self.made[base], power)
        return self.nodes.call("power", [self.made[base], self._number(power)])

    def _root(self, radicand: int, power: Fraction) -> int:
        return self.nodes.call("sqrt" if power == HALF else "cbrt", [radicand])

    def _times(self, parts: list[int]) -> int:
        result = parts[0]
        for part in parts[1:]:
            result = self.nodes.call("mul", [result, part])
        return result
