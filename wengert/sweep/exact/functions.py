"""The functions of exact numbers, but for the angles: values where a person sees them, everything else left as it is.

Logarithms of products are taken apart, functions of logarithms computed where e to the argument is rational, choices decided.
A function of a value that is undefined is undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from wengert.sweep.algebra import BIG, MAX_BITS, Expr
from wengert.sweep.arithmetics import OutsideDomain
from wengert.sweep.exact.radicals import perfect_power
from wengert.sweep.exact.special import HALF, Angles
from wengert.tape.primitives import PRIMITIVES

ODD = {"sinh": "asinh", "tanh": "atanh", "asinh": "sinh", "atanh": "tanh", "erf": ""}  # and what they undo, on all reals


class Functions(Angles):
    """The base functions, and those that a person leaves standing by their names, for `Exact`."""

    def table(self) -> Mapping[str, Callable[..., Expr]]:
        """By name: what the rule table does not define, and what a person leaves as a function."""
        x, a = self.exact, self.algebra
        direct: dict[str, Callable[..., Expr]] = {
            "add": x.add, "sub": lambda u, v: x.add(u, a.neg(v)), "mul": x.mul, "div": self.div, "neg": a.neg,
            "power": self.power, "sqrt": self.sqrt, "exp": a.exp, "ln": self.ln, "abs": self.abs, "max": self.max,
            "min": lambda *xs: a.neg(self.max(*map(a.neg, xs))), "sum": self.sum, "dot": self.dot, "cbrt": self.cbrt,
            "floor": self.floor, "ceil": lambda u: a.neg(self.floor(a.neg(u))),
            "sin": self.sin, "cos": self.cos, "tan": self.tan, "asin": self.asin, "acos": self.acos, "atan": self.atan,
            "atan2": self.atan2, "acosh": self.acosh, "erfc": lambda u: a.ONE if u == a.ZERO else a.fn("erfc", u),
            "cosh": self.cosh, "softmax": self.softmax, "logsumexp": self.logsumexp,
            "log2": lambda u: self.logarithm("log2", u, a.num(2)), "log10": lambda u: self.logarithm("log10", u, a.num(10)),
            "log": lambda u, base: self.logarithm("log", u, base), "silu": self._zero_at_zero("silu"),
            "gelu": self._zero_at_zero("gelu"),
        }  # fmt: skip
        for name in ODD:
            direct[name] = self._odd(name)
        for name in ("sigmoid", "softplus"):
            direct[name] = self._of_logarithm(name)
        for name, parity in (("sec", 1), ("csc", -1), ("cot", -1), ("sech", 1), ("csch", -1), ("coth", -1), ("asec", 0),
                             ("acsc", -1), ("acot", 0), ("asech", 0), ("acsch", -1), ("acoth", -1)):  # fmt: skip
            direct[name] = self._named(name, parity)
        for name, record in PRIMITIVES.items():
            if record.definition is None and name not in direct:
                direct[name] = self._kept(name)
        return direct

    # -- arithmetic

    def div(self, u: Expr, v: Expr) -> Expr:
        if self.exact.sign(v) == 0:
            raise OutsideDomain("the denominator must not be 0")
        a = self.algebra
        return a.tidy(a.mul(u, a.tidy(a.power(v, a.num(-1)))))

    def power(self, u: Expr, v: Expr) -> Expr:
        a = self.algebra
        n = a.number_of(v)
        if n is not None and n < 0 and self.exact.sign(u) == 0:
            raise OutsideDomain("0 has no negative power")
        return a.tidy(a.power(u, v))

    def sqrt(self, u: Expr) -> Expr:
        if self.exact.sign(u) < 0:
            raise OutsideDomain("the square root needs an argument of at least 0")
        a = self.algebra
        return a.tidy(a.power(u, a.num(HALF)))

    def cbrt(self, u: Expr) -> Expr:
        a = self.algebra
        sign = self.exact.sign(u)
        return a.scale(Fraction(sign), a.power(self.abs(u), a.num(Fraction(1, 3))))

    def abs(self, u: Expr) -> Expr:
        return self.algebra.neg(u) if self.exact.sign(u) < 0 else u

    def max(self, *xs: Expr) -> Expr:
        best = xs[0]
        for x in xs[1:]:
            if self.exact.truth("gt", x, best):
                best = x
        return best

    def sum(self, *xs: Expr) -> Expr:
        total = self.algebra.ZERO
        for x in xs:
            total = self.exact.add(total, x)
        return total

    def dot(self, *xs: Expr) -> Expr:
        half = len(xs) // 2
        return self.sum(*(self.exact.mul(u, v) for u, v in zip(xs[:half], xs[half:], strict=True)))

    def floor(self, u: Expr) -> Expr:
        a = self.algebra
        value = a.number_of(u)
        if value is not None:
            return a.num(value.numerator // value.denominator)
        near = a.num(self.exact.nearest(u))
        return near if self.exact.truth("ge", u, near) else self.exact.add(near, a.num(-1))

    # -- logarithms

    def ln(self, u: Expr) -> Expr:
        """ln of a product of powers of e and of rationals is taken apart; of a rational power the exponent comes out."""
        a = self.algebra
        if self.exact.sign(u) <= 0:
            raise OutsideDomain("the logarithm needs a positive argument")
        coefficient, core = a.split(u)
        total = a.ZERO
        numbers: list[tuple[Fraction, Fraction]] = []
        others: list[tuple[Expr, Expr]] = []
        for b, x in a.factors(core):
            r, n = a.number_of(b), a.number_of(x)
            if b == a.E:
                total = a.add(total, x)
            elif r is not None and n is not None:
                numbers.append((r, n))
            else:
                others.append((b, x))
        if not others:
            logarithm = self._ln_of_roots(coefficient, numbers)
            if logarithm is not None:
                return a.add(total, logarithm)
        if len(others) == 1 and coefficient == 1 and not numbers:
            b, x = others[0]
            b = a.neg(b) if self.exact.sign(b) < 0 else b
            return a.add(total, a.mul(x, a.fn("ln", b)))
        rest = a.product(coefficient, {b: x for b, x in a.factors(core) if b != a.E})
        return a.add(total, a.fn("ln", rest))

    def _ln_of_roots(self, coefficient: Fraction, numbers: list[tuple[Fraction, Fraction]]) -> Expr | None:
        a = self.algebra
        index = lcm(*(n.denominator for _, n in numbers))
        size = index * coefficient.numerator.bit_length() + sum(abs(n) * index * r.numerator.bit_length() for r, n in numbers)
        if size > MAX_BITS and numbers:
            if len(numbers) == 1 and coefficient == 1:
                return a.scale(numbers[0][1], self._ln_of_rational(numbers[0][0]))
            return None
        whole = coefficient**index
        for r, n in numbers:
            whole *= r ** int(n * index)
        return a.scale(Fraction(1, index), self._ln_of_rational(whole))

    def _ln_of_rational(self, r: Fraction) -> Expr:
        a = self.algebra
        if r == 1:
            return a.ZERO
        base, times = perfect_power(r)
        return a.scale(Fraction(times), a.fn("ln", a.num(base)))

    def logarithm(self, name: str, u: Expr, base: Expr) -> Expr:
        """The logarithm to a base: a number where it is rational, ln where the base is e."""
        a = self.algebra
        if base == a.E:
            return self.ln(u)
        value = self.div(self.ln(u), self.ln(base))
        if a.number_of(value) is not None:
            return value
        return a.fn("log", u, base) if name == "log" else a.fn(name, u)

    # -- functions of logarithms

    def _rational_exp(self, u: Expr) -> bool:
        return self.algebra.number_of(self.algebra.exp(u)) is not None

    def _definition(self, name: str, *arguments: Expr) -> Expr:
        value: Expr = self.exact.by_definition(name, *arguments)
        return value

    def _of_logarithm(self, name: str) -> Callable[[Expr], Expr]:
        return lambda u: self._definition(name, u) if self._rational_exp(u) else self.algebra.fn(name, u)

    def _hyperbolic(self, name: str, u: Expr) -> Expr | None:
        """sinh, cosh or tanh of the logarithm of a rational."""
        a = self.algebra
        up = a.number_of(a.exp(u)) if name in ("sinh", "cosh", "tanh") else None
        if up is None:
            return None
        sinh, cosh = (up - 1 / up) / 2, (up + 1 / up) / 2
        return a.num({"sinh": sinh, "cosh": cosh, "tanh": sinh / cosh}[name])

    def _odd(self, name: str) -> Callable[[Expr], Expr]:
        a = self.algebra

        def odd(u: Expr) -> Expr:
            if name == "atanh" and not (self.exact.truth("lt", u, a.ONE) and self.exact.truth("gt", u, a.num(-1))):
                raise OutsideDomain("atanh needs an argument between −1 and 1")
            if u == a.ZERO:
                return u
            if ODD[name] and self._is(u, ODD[name]):
                inner: Expr = a.data[u][1][0]
                return inner
            value = self._hyperbolic(name, u)
            if value is not None:
                return value
            return a.neg(a.fn(name, a.neg(u))) if a.leads_negative(u) else a.fn(name, u)

        return odd

    def cosh(self, u: Expr) -> Expr:
        a = self.algebra
        if self._is(u, "acosh"):
            inner: Expr = a.data[u][1][0]
            return inner
        value = self._hyperbolic("cosh", u)
        return a.fn("cosh", self._upright(u)) if value is None else value

    def acosh(self, u: Expr) -> Expr:
        a = self.algebra
        if self.exact.truth("lt", u, a.ONE):
            raise OutsideDomain("acosh needs an argument of at least 1")
        return a.ZERO if u == a.ONE else a.fn("acosh", u)

    def softmax(self, k: Expr, *xs: Expr) -> Expr:
        a = self.algebra
        shifted = [a.exp(self.exact.add(x, a.neg(xs[0]))) for x in xs]
        if all(a.number_of(s) is not None for s in shifted):
            return self.div(shifted[self.exact.as_int(k) - 1], self.sum(*shifted))
        return a.fn("softmax", k, *xs)

    def logsumexp(self, *xs: Expr) -> Expr:
        a = self.algebra
        shifted = [a.exp(self.exact.add(x, a.neg(xs[0]))) for x in xs]
        if all(s == a.ONE for s in shifted):
            return self.exact.add(xs[0], self.ln(a.num(len(xs))))
        if all(self._rational_exp(x) for x in xs):
            return self.ln(self.sum(*(a.exp(x) for x in xs)))
        return a.fn("logsumexp", *xs)

    # -- shared

    def _named(self, name: str, parity: int) -> Callable[[Expr], Expr]:
        """A function that has a definition of one term (sec is 1/cos): its value where the definition has a special value,
        else the function by its name. `parity`: 1 even, −1 odd."""
        a = self.algebra

        def named(u: Expr) -> Expr:
            value = self._definition(name, u)
            if value == BIG or not self._functions_in(value):
                return value
            if parity == 1:
                u = self._upright(u)
            elif parity == -1 and a.leads_negative(u):
                return a.neg(a.fn(name, a.neg(u)))
            return a.fn(name, u)

        return named

    def _functions_in(self, u: Expr) -> bool:
        return any(self.algebra.kind[x] == "fn" for x in self.algebra.order(u))

    def _kept(self, name: str) -> Callable[..., Expr]:
        return lambda *args: self.algebra.fn(name, *args)

    def _zero_at_zero(self, name: str) -> Callable[[Expr], Expr]:
        return lambda u: u if u == self.algebra.ZERO else self.algebra.fn(name, u)
