"""The arithmetic whose numbers are expressions: `diff` is the reverse sweep in it.

Values come from the rule table's formulas like those of every arithmetic; functions stay what they are, products and sums
take the normal form of `algebra.py`. `to_nodes` turns a result back into the formula language, for the printers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.sweep.algebra import BIG, MAX_BITS, Algebra, Expr
from wengert.sweep.arithmetics import COMPARE, TooLarge, exact_number
from wengert.sweep.literals import decimal, whole
from wengert.sweep.rationals import rational_sqrt
from wengert.tape.primitives import PRIMITIVES


class Symbols:
    """Expressions as an arithmetic. `taken` are the model's names: where e or pi is one of them, it is no constant. Names of
    `given` stand in products in that order, but in what was `typed` they stay where they were. `decimals` turns true once a
    literal with a decimal point is met: results then print decimals where they are short."""

    name = "symbols"
    lazy = False
    native = True

    def __init__(self, algebra: Algebra | None = None, taken: Collection[str] = (), given: Iterable[str] = ()) -> None:
        self.algebra = a = algebra or Algebra()
        self.places = {name: i for i, name in enumerate(given)}
        self.typed: set[Expr] = set()
        self.decimals = False
        self._counted: tuple[Any, Any, Any] = (None, None, None)  # as that of the numbers
        self.zero, self.one, self.undefined = a.ZERO, a.ONE, BIG
        self.pi = a.sym("pi" if "pi" not in taken else "π")
        self.e = a.sym("e") if "e" not in taken else a.fn("exp", a.ONE)
        direct: dict[str, Callable[..., Any]] = {
            "add": a.add, "sub": a.sub, "mul": a.mul, "div": a.div, "neg": a.neg, "power": a.power,
            "identity": lambda x: x, "sum": self._sum, "sqrt": self._sqrt, "abs": self._abs, "dot": self._dot,
            "mean": lambda *xs: a.div(self._sum(*xs), a.num(len(xs))),
            "ln": self._special("ln", {a.ONE: a.ZERO, self.e: a.ONE}),
            "exp": self._special("exp", {a.ZERO: a.ONE}), "sin": self._special("sin", {a.ZERO: a.ZERO}),
            "cos": self._special("cos", {a.ZERO: a.ONE}),
        }  # fmt: skip
        for word in COMPARISONS:
            direct[f"where_{word}"] = lambda x, y, p, q, word=word: self.decide(word, x, y, p, q)
        self.functions: Mapping[str, Callable[..., Any]] = {
            name: direct.get(name) or (lambda *args, name=name: a.fn(name, *args)) for name in PRIMITIVES
        }

    def number(self, text: str) -> Expr:
        if "." in text:
            self.decimals = True
        try:
            value = exact_number(text)
        except TooLarge:
            return BIG
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > 8 * MAX_BITS:
            return BIG
        return self.algebra.num(value)

    def symbol(self, name: str) -> Expr:
        return self.algebra.sym(name)

    def as_int(self, value: Expr) -> int:
        return int(self.algebra.data[value])

    def add(self, x: Expr, y: Expr) -> Expr:
        return self.algebra.add(x, y)

    def mul(self, x: Expr, y: Expr) -> Expr:
        return self.algebra.mul(x, y)

    def truth(self, comparison: str, x: Expr, y: Expr) -> bool:
        """Never asked: symbols decide nothing, `decide` writes the choice down."""
        raise NotImplementedError

    def ties(self, args: list[Expr], j: int) -> Expr:
        """How many arguments are equal to the j-th, where it is known that another one is."""
        if len(args) == 2:
            return self.algebra.num(2)
        known, value, count = self._counted
        if known is args and value == args[j]:
            return int(count)
        others = [w for w in args if w != args[j]]
        same = self.algebra.num(len(args) - len(others))
        total = self.algebra.count([same, *(self.decide("eq", w, args[j], self.one, self.zero) for w in others)])
        self._counted = args, args[j], total
        return total

    def decide(self, comparison: str, x: Expr, y: Expr, yes: Expr, no: Expr) -> Expr:
        a = self.algebra
        if BIG in (x, y, yes, no):
            return BIG
        if yes == no:
            return yes
        if a.kind[x] == "num" and a.kind[y] == "num":
            return yes if COMPARE[comparison](a.data[x], a.data[y]) else no
        if x == y:
            return yes if comparison in ("eq", "ge", "le") else no
        return a.fn(f"where_{comparison}", x, y, yes, no)

    def _special(self, name: str, known: dict[Expr, Expr]) -> Callable[[Expr], Expr]:
        return lambda x: known[x] if x in known else self.algebra.fn(name, x)

    def _sum(self, *xs: Expr) -> Expr:
        return self.algebra.sum_of((self.zero, *xs))

    def _dot(self, *xs: Expr) -> Expr:
        half = len(xs) // 2
        return self._sum(*(self.algebra.mul(x, y) for x, y in zip(xs[:half], xs[half:], strict=True)))

    def _sqrt(self, x: Expr) -> Expr:
        a = self.algebra
        if x != BIG and a.kind[x] == "num":
            root = rational_sqrt(a.data[x])
            if root is not None:
                return a.num(root)
        return a.fn("sqrt", x)

    def _abs(self, x: Expr) -> Expr:
        a = self.algebra
        return a.num(abs(a.data[x])) if x != BIG and a.kind[x] == "num" else a.fn("abs", x)

    def note_typed(self, e: Expr) -> None:
        """The expression is a person's own: w·t stays w·t, whatever the order of the names."""
        if e != BIG and self.places:
            self.typed |= {e, self.algebra.split(e)[1]}

    # -- back to the language

    def to_nodes(self, e: Expr, nodes: Nodes, arrange: bool = True) -> int:
        """The expression in the formula language; `arrange` puts a product's names before its brackets and functions."""
        return _Unfolding(self, nodes, arrange).run(e)


class _Unfolding:
    def __init__(self, symbols: Symbols, nodes: Nodes, arrange: bool) -> None:
        self.algebra = symbols.algebra
        self.decimals = symbols.decimals
        self.places = symbols.places
        self.typed = symbols.typed
        self.nodes = nodes
        self.arrange = arrange
        self.made: dict[Expr, int] = {}

    def run(self, e: Expr) -> int:
        assert e != BIG
        for x in self.algebra.order(e):
            if self.algebra.kind[x] == "prod":
                coefficient, factors = self.algebra.data[x]
                self.made[x] = self._product(coefficient, factors, given=x not in self.typed)
            else:
                self.made[x] = getattr(self, f"_{self.algebra.kind[x]}")(self.algebra.data[x])
        return self.made[e]

    def _num(self, value: Fraction) -> int:
        n = self.nodes
        if value < 0:
            return n.call("neg", [self._num(-value)])
        if value.denominator == 1:
            return n.number(whole(value.numerator))
        text = self._decimal(value)
        if text is not None:
            return n.number(text)
        return n.call("div", [n.number(whole(value.numerator)), n.number(whole(value.denominator))])

    def _decimal(self, value: Fraction) -> str | None:
        """A short decimal, where the person wrote decimals and the value has one."""
        return decimal(value) if self.decimals and value.denominator != 1 else None

    def _sym(self, name: str) -> int:
        return self.nodes.name(name)

    def _fn(self, data: tuple[str, tuple[Expr, ...]]) -> int:
        operation, args = data
        made = [self.made[a] for a in args]
        if operation.startswith("where_"):
            test = self.nodes.call(operation.removeprefix("where_"), made[:2])
            return self.nodes.call("where", [test, *made[2:]])
        return self.nodes.call(operation, made)

    def _sum(self, terms: tuple[tuple[Fraction, Expr], ...]) -> int:
        n = self.nodes
        ordered = list(terms)
        if ordered[0][0] < 0:
            first = next((i for i, (c, _) in enumerate(ordered) if c > 0), 0)
            ordered.insert(0, ordered.pop(first))
        total: int | None = None
        for coefficient, core in ordered:
            size = abs(coefficient)
            part = self._term(size, core)
            if total is None:
                total = n.call("neg", [part]) if coefficient < 0 else part
            else:
                total = n.call("sub" if coefficient < 0 else "add", [total, part])
        assert total is not None
        return total

    def _term(self, coefficient: Fraction, core: Expr) -> int:
        if core == self.algebra.ONE:
            return self._num(coefficient)
        if coefficient == 1:
            return self.made[core]
        return self._product(coefficient, self.algebra.factors(core), given=core not in self.typed)

    def _product(self, coefficient: Fraction, factors: tuple[tuple[Expr, Expr], ...], given: bool) -> int:
        """A product; `given`: its names in the order in which they were given."""
        n, a = self.nodes, self.algebra
        pairs = sorted(factors, key=lambda pair: self._rank(pair[0], pair[1], given)) if self.arrange else list(factors)
        above: list[int] = []
        below: list[int] = []
        for base, exponent in pairs:
            if a.kind[exponent] == "num" and a.data[exponent] < 0:
                below.append(self._power(base, -a.data[exponent], None))
            else:
                power = a.data[exponent] if a.kind[exponent] == "num" else None
                above.append(self._power(base, power, exponent))
        size = abs(coefficient)
        text = self._decimal(size)
        if text is not None:
            above.insert(0, n.number(text))
        else:
            if size.numerator != 1 or not above:
                above.insert(0, n.number(whole(size.numerator)))
            if size.denominator != 1:
                below.insert(0, n.number(whole(size.denominator)))
        result = self._times(above)
        if below:
            result = n.call("div", [result, self._times(below)])
        return n.call("neg", [result]) if coefficient < 0 else result

    def _rank(self, base: Expr, exponent: Expr, given: bool) -> tuple[int, int]:
        """Numbers and names first, plain names in the order in which they were given; then brackets, then functions."""
        a = self.algebra
        kind = a.kind[base]
        if kind == "sym" and self.places and given:
            plain = a.kind[exponent] == "num"
            return 0, self.places.get(a.data[base], -1) if plain else len(self.places)
        return {"num": 0, "sym": 0, "sum": 1, "prod": 1}.get(kind, 2), -1

    def _power(self, base: Expr, power: Fraction | None, exponent: Expr | None) -> int:
        """base to a positive number, or to an expression."""
        made = self._num(self.algebra.data[base]) if self.algebra.kind[base] == "num" else self.made[base]
        if power is None:
            assert exponent is not None
            return self.nodes.call("power", [made, self.made[exponent]])
        if power == 1:
            return made
        if power == Fraction(1, 2):
            return self.nodes.call("sqrt", [made])
        return self.nodes.call("power", [made, self._num(power)])

    def _times(self, parts: list[int]) -> int:
        result = parts[0]
        for part in parts[1:]:
            result = self.nodes.call("mul", [result, part])
        return result
