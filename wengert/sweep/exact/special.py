"""Special values of exact numbers: the sine and its kin at rational multiples of π, in both directions.

Tables of the sine and the tangent (Abramowitz & Stegun 1964, 4.3.46; the others follow from the regular pentagon and from
half angles), and the usual ways to bring an angle into the first quadrant. What is in no table stays a function.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from wengert.sweep.algebra import BIG, Expr
from wengert.sweep.arithmetics import OutsideDomain
from wengert.sweep.evaluate import evaluate
from wengert.sweep.exact.surds import Surds
from wengert.sweep.rules import Rules, parsed

if TYPE_CHECKING:
    from wengert.sweep.exact.arithmetic import Exact

HALF = Fraction(1, 2)

SINE = {  # of q·π
    "0": "0", "1/12": "(sqrt(6) - sqrt(2))/4", "1/10": "(sqrt(5) - 1)/4", "1/8": "sqrt(2 - sqrt(2))/2", "1/6": "1/2",
    "1/5": "sqrt(10 - 2*sqrt(5))/4", "1/4": "sqrt(2)/2", "3/10": "(sqrt(5) + 1)/4", "1/3": "sqrt(3)/2",
    "3/8": "sqrt(2 + sqrt(2))/2", "2/5": "sqrt(10 + 2*sqrt(5))/4", "5/12": "(sqrt(6) + sqrt(2))/4", "1/2": "1",
}  # fmt: skip
TANGENT = {
    "0": "0", "1/12": "2 - sqrt(3)", "1/10": "sqrt(25 - 10*sqrt(5))/5", "1/8": "sqrt(2) - 1", "1/6": "sqrt(3)/3",
    "1/5": "sqrt(5 - 2*sqrt(5))", "1/4": "1", "3/10": "sqrt(25 + 10*sqrt(5))/5", "1/3": "sqrt(3)", "3/8": "sqrt(2) + 1",
    "2/5": "sqrt(5 + 2*sqrt(5))", "5/12": "2 + sqrt(3)",
}  # fmt: skip



Tables: TypeAlias = tuple[dict[Fraction, Expr], dict[Fraction, Expr], dict[Expr, Fraction], dict[Expr, Fraction]]


class Angles:
    """sin, cos, tan and their inverses. Arguments and values are expressions of `algebra`."""

    def __init__(self, exact: Exact, algebra: Surds) -> None:
        self.exact = exact
        self.algebra = algebra
        self._tables: Tables | None = None

    def _angle(self, u: Expr) -> tuple[Fraction, Expr]:
        """u = q·π + rest."""
        a = self.algebra
        q = next((c for c, t in a.terms(u) if t == a.PI), Fraction(0))
        return q, a.add(u, a.scale(-q, a.PI)) if q else u

    def _turned(self, q: Fraction, rest: Expr) -> Expr:
        return self.algebra.add(rest, self.algebra.scale(q, self.algebra.PI))

    def sin(self, u: Expr) -> Expr:
        a = self.algebra
        q, rest = self._angle(u)
        if rest == a.ZERO:
            return self._sine_of_turn(q)
        if (2 * q).denominator == 1:
            quarter = int(2 * q) % 4
            value = self._cos_of(rest) if quarter % 2 else self._sin_of(rest)
            return a.neg(value) if quarter >= 2 else value
        return self._sin_of(self._turned(_around_zero(q, 2), rest))

    def cos(self, u: Expr) -> Expr:
        a = self.algebra
        q, rest = self._angle(u)
        if rest == a.ZERO:
            return self._sine_of_turn(HALF - q, "cos")
        if (2 * q).denominator == 1:
            quarter = int(2 * q) % 4
            value = self._sin_of(rest) if quarter % 2 else self._cos_of(rest)
            return a.neg(value) if quarter in (1, 2) else value
        return self._cos_of(self._turned(_around_zero(q, 2), rest))

    def tan(self, u: Expr) -> Expr:
        a = self.algebra
        q, rest = self._angle(u)
        if rest == a.ZERO:
            q = _around_zero(q, 1)
            if abs(q) == HALF:
                raise OutsideDomain("tan is sin/cos: cos(x) must not be 0")
            value = self.tables()[1].get(abs(q))
            value = a.fn("tan", a.scale(abs(q), a.PI)) if value is None else value
            return a.neg(value) if q < 0 else value
        if (2 * q).denominator == 1 and int(2 * q) % 2:
            return a.neg(self.exact.functions["cot"](rest))
        u = self._turned(_around_zero(q, 1), rest)
        if self._is(u, "atan"):
            inner: Expr = a.data[u][1][0]
            return inner
        return a.neg(a.fn("tan", a.neg(u))) if a.leads_negative(u) else a.fn("tan", u)

    def _sine_of_turn(self, q: Fraction, name: str = "sin") -> Expr:
        """sin(q·π); what has no short form is written with `name`, at an angle in the first quadrant."""
        a = self.algebra
        q %= 2
        sign = 1
        if q > 1:
            q, sign = q - 1, -1
        q = min(q, 1 - q)
        value = self.tables()[0].get(q)
        if value is None:
            value = a.fn(name, a.scale(q if name == "sin" else HALF - q, a.PI))
        return a.scale(Fraction(sign), value)

    def _sin_of(self, u: Expr) -> Expr:
        a = self.algebra
        if self._is(u, "asin"):
            inner: Expr = a.data[u][1][0]
            return inner
        return a.neg(a.fn("sin", a.neg(u))) if a.leads_negative(u) else a.fn("sin", u)

    def _cos_of(self, u: Expr) -> Expr:
        if self._is(u, "acos"):
            inner: Expr = self.algebra.data[u][1][0]
            return inner
        return self.algebra.fn("cos", self._upright(u))

    def asin(self, u: Expr) -> Expr:
        a = self.algebra
        self._within_one(u)
        known = self.tables()[2]
        if u in known:
            return a.scale(known[u], a.PI)
        if a.neg(u) in known:
            return a.scale(-known[a.neg(u)], a.PI)
        if self._is(u, "sin") and self.exact.truth("le", self._abs(a.data[u][1][0]), a.scale(HALF, a.PI)):
            inner: Expr = a.data[u][1][0]
            return inner
        return a.neg(a.fn("asin", a.neg(u))) if a.leads_negative(u) else a.fn("asin", u)

    def acos(self, u: Expr) -> Expr:
        a = self.algebra
        self._within_one(u)
        known = self.tables()[2]
        if u in known:
            return a.scale(HALF - known[u], a.PI)
        if a.neg(u) in known:
            return a.scale(HALF + known[a.neg(u)], a.PI)
        if self._is(u, "cos"):
            inner: Expr = a.data[u][1][0]
            if self.exact.sign(inner) >= 0 and self.exact.truth("le", inner, a.PI):
                return inner
        return a.fn("acos", u)

    def atan(self, u: Expr) -> Expr:
        a = self.algebra
        known = self.tables()[3]
        if u in known:
            return a.scale(known[u], a.PI)
        if a.neg(u) in known:
            return a.scale(-known[a.neg(u)], a.PI)
        if self._is(u, "tan") and self.exact.truth("lt", self._abs(a.data[u][1][0]), a.scale(HALF, a.PI)):
            inner: Expr = a.data[u][1][0]
            return inner
        return a.neg(a.fn("atan", a.neg(u))) if a.leads_negative(u) else a.fn("atan", u)

    def atan2(self, y: Expr, x: Expr) -> Expr:
        a = self.algebra
        across, up = self.exact.sign(x), self.exact.sign(y)
        if across == 0:
            return a.scale(Fraction(up, 2), a.PI)
        angle = self.atan(self.exact.functions["div"](y, x))
        return angle if across > 0 else a.add(angle, a.PI if up >= 0 else a.neg(a.PI))

    def _within_one(self, u: Expr) -> None:
        if self.exact.truth("gt", self._abs(u), self.algebra.ONE):
            raise OutsideDomain("the argument must lie in [−1, 1]")

    def _abs(self, u: Expr) -> Expr:
        return self.algebra.neg(u) if self.exact.sign(u) < 0 else u

    def _is(self, u: Expr, operation: str) -> bool:
        return self.algebra.kind[u] == "fn" and self.algebra.data[u][0] == operation

    def _upright(self, u: Expr) -> Expr:
        return self.algebra.neg(u) if self.algebra.leads_negative(u) else u

    def tables(self) -> Tables:
        """Sine and tangent of q·π for the q of the tables, and both turned round."""
        if self._tables is None:
            rules = Rules(self.exact, stable=False)

            def read(text: str) -> Expr:
                nodes, root = parsed(text)
                value: Expr = evaluate(nodes, root, rules, lambda name: BIG)
                return value

            sine, tangent = ({Fraction(q): read(text) for q, text in table.items()} for table in (SINE, TANGENT))
            self._tables = (sine, tangent, {v: q for q, v in sine.items()}, {v: q for q, v in tangent.items()})
        return self._tables


def _around_zero(q: Fraction, period: int) -> Fraction:
    """q less a multiple of the period, in (−period/2, period/2]."""
    q %= period
    return q - period if 2 * q > period else q
