"""The arithmetic whose numbers are operands of a Wengert list: a sweep in it writes statements down instead of computing.

It changes when a simplification is added. The rule table's formulas, run in this arithmetic, append the statements of the
local partials; the sweeps append those of their sums and products. Equal statements are one. Every simplification is true
wherever what it replaces has a value, and none looks through a slot that is moved as if it were free.

(Griewank & Walther 2008, section 10.1: derivatives as programs of the same kind, which can be differentiated again.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from wengert.lang.expr import COMPARISONS, NAME
from wengert.sweep.arithmetics import COMPARE, short_number
from wengert.sweep.higher.longer import copied
from wengert.sweep.rules import Rule, Rules, parsed
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import WengertList

MAX_BITS = 512  # of a rational that is folded into one constant
MAX_POWER = 512
MERGED = 4  # levels of choices that are added branch by branch
OPERANDS_A_STATEMENT = 8  # the limit of operands, over that of statements

Operand = int


class TooLong(Exception):
    """The list would pass its limit."""


class Recorder:
    """Operands of `list`, a growing copy of `wl`, as an arithmetic. `opaque` are the slots that are moved as if they were
    free, `moved` all that are moved: a known number in a slot that does not move is folded. `node` is the expression
    node that new statements belong to. Raises TooLong where the list would pass `limit` statements."""

    name = "recorder"
    lazy = False
    native = True
    undefined: Any = None  # never made: a statement without a value is found when the list is swept

    def __init__(self, wl: WengertList, opaque: Iterable[int] = (), moved: Iterable[int] = (), limit: int = 200_000) -> None:
        self.base = len(wl)
        self.list = copied(wl)
        self.limit = limit
        self.node = 0
        self.opaque = frozenset(opaque)
        self._known: dict[tuple[str, tuple[int, ...]], Operand] = {}
        self._numbers: dict[Operand, Fraction] = {}
        self._constants: dict[Fraction | str, Operand] = {}
        self._read_constants()
        self.zero, self.one = self.constant(Fraction(0)), self.constant(Fraction(1))
        self.pi, self.e = self._named("pi"), self._named("e")
        self._read_statements(wl.depends_on([*moved]))
        direct: dict[str, Callable[..., Operand]] = {
            "add": self.add, "sub": self.sub, "mul": self.mul, "div": self.div, "neg": self.neg, "power": self.power,
            "identity": lambda x: x,
        }  # fmt: skip
        for word in COMPARISONS:
            direct[f"where_{word}"] = lambda x, y, p, q, word=word: self.decide(word, x, y, p, q)
        self.functions: Mapping[str, Callable[..., Operand]] = {
            name: direct.get(name) or (lambda *args, name=name: self.statement(name, args)) for name in PRIMITIVES
        }

    # -- the list

    def statement(self, primitive: str, operands: tuple[Operand, ...]) -> Operand:
        """The slot of that statement, which is appended if there is none."""
        key = (primitive, tuple(sorted(operands)) if primitive in ("add", "mul") else operands)
        slot = self._known.get(key)
        if slot is None:
            wl = self.list
            if len(wl) - self.base >= self.limit or len(wl.operands) > OPERANDS_A_STATEMENT * (self.limit + self.base):
                raise TooLong
            slot = self._known[key] = wl.append(primitive, operands, self.node)
        return slot

    def constant(self, value: Fraction) -> Operand:
        """The constant operand of a rational."""
        operand = self._constants.get(value)
        if operand is None:
            nodes = self.list.model.nodes
            root = nodes.number(str(abs(value.numerator)))
            if value.denominator != 1:
                root = nodes.call("div", [root, nodes.number(str(value.denominator))])
            operand = self._constants[value] = self._new_constant(nodes.call("neg", [root]) if value < 0 else root)
            self._numbers[operand] = value
        return operand

    def rational(self, operand: Operand) -> Fraction | None:
        """The number that an operand is known to be wherever the moved slots go."""
        return self._numbers.get(operand)

    def expression(self, root: int) -> Operand:
        """The constant operand of a constant expression of the model, which is a node."""
        value = self._value(root)
        return self._new_constant(root) if value is None else self.constant(value)

    def _new_constant(self, root: int) -> Operand:
        self.list.constants.append(root)
        return -len(self.list.constants)

    def _named(self, name: str) -> Operand:
        """pi or e: a constant's name means the constant, whatever the inputs are called."""
        return self._new_constant(self.list.model.nodes.name(name))

    def _read_constants(self) -> None:
        nodes = self.list.model.nodes
        for at, root in enumerate(self.list.constants):
            value = self._value(root)
            if value is not None:
                self._numbers[-1 - at] = value
                if nodes.operation(root) == "number" and nodes.text(root).isdigit():
                    self._constants.setdefault(value, -1 - at)

    def _value(self, root: int) -> Fraction | None:
        """A constant expression's value, where that is a rational that is not long."""
        nodes = self.list.model.nodes
        made: dict[int, Fraction | None] = {}
        for node in nodes.reachable([root]):
            arguments = [made[a] for a in nodes.arguments(node)]
            if nodes.operation(node) == "number":
                made[node] = short_number(nodes.text(node), MAX_BITS)
            else:
                made[node] = None if nodes.op[node] == NAME else folded(nodes.operation(node), arguments)
        return made[root]

    def _read_statements(self, moves: bytearray) -> None:
        """What the list has already is used again; numbers that do not move are numbers."""
        for s in self.list:
            if s.slot in self.opaque:
                continue
            name, operands = s.primitive.name, tuple(s.operands)
            key = tuple(sorted(operands)) if name in ("add", "mul") else operands
            self._known.setdefault((name, key), s.slot)
            if not moves[s.slot] and s.primitive.comparison is None:
                arguments = [self._numbers.get(o) for o in operands]
                value = arguments[0] if name == "identity" else folded(name, arguments)
                if value is not None:
                    self._numbers[s.slot] = value

    # -- looking at what was recorded

    def _made(self, operand: Operand, primitive: str) -> tuple[int, ...] | None:
        """The operands of a statement that was recorded here, if it is of that primitive."""
        if operand < self.base or self.list.primitive(operand).name != primitive:
            return None
        return tuple(self.list.operands_of(operand))

    def _split(self, operand: Operand) -> tuple[Fraction, Operand]:
        """Coefficient and the rest, of what was recorded here."""
        negated = self._made(operand, "neg")
        if negated is not None:
            return Fraction(-1), negated[0]
        product = self._made(operand, "mul")
        if product is not None and (value := self._numbers.get(product[0])) is not None:
            return value, product[1]
        return Fraction(1), operand

    def choice(self, operand: Operand) -> tuple[str, Operand, Operand, Operand, Operand] | None:
        """(comparison, a, b, p, q) of a choice that was recorded here."""
        if operand < self.base or (word := self.list.primitive(operand).comparison) is None:
            return None
        a, b, p, q = self.list.operands_of(operand)
        return word, a, b, p, q

    def _opened(self, operand: Operand) -> tuple[list[tuple[str, Operand, Operand, bool]], Operand]:
        """The choices around an operand that are 0 on one side, outermost first, and what is inside."""
        around: list[tuple[str, Operand, Operand, bool]] = []
        while (found := self.choice(operand)) is not None and self.zero in found[3:]:
            word, a, b, p, q = found
            around.append((word, a, b, q == self.zero))
            operand = p if q == self.zero else q
        return around, operand

    def _closed(self, around: list[tuple[str, Operand, Operand, bool]], inner: Operand) -> Operand:
        for word, a, b, first in reversed(around):
            inner = self.decide(word, a, b, inner, self.zero) if first else self.decide(word, a, b, self.zero, inner)
        return inner

    # -- the arithmetic

    def number(self, text: str) -> Operand:
        value = short_number(text, MAX_BITS)
        if value is not None and value.denominator == 1:
            return self.constant(value)
        operand = self._constants.get(text)
        if operand is None:
            operand = self._constants[text] = self._new_constant(self.list.model.nodes.number(text))
            if value is not None:
                self._numbers[operand] = value
        return operand

    def as_int(self, value: Operand) -> int:
        return int(self._numbers[value])

    def truth(self, comparison: str, a: Operand, b: Operand) -> bool:
        """Never asked: what is recorded holds at every point, `decide` writes the choice down."""
        raise NotImplementedError

    def decide(self, comparison: str, a: Operand, b: Operand, yes: Operand, no: Operand) -> Operand:
        if yes == no:
            return yes
        x, y = self._numbers.get(a), self._numbers.get(b)
        if x is not None and y is not None:
            return yes if COMPARE[comparison](x, y) else no
        if a == b:
            return yes if comparison in ("eq", "ge", "le") else no
        inner = self.choice(yes)
        if inner is not None and inner[:3] == (comparison, a, b):
            yes = inner[3]
        inner = self.choice(no)
        if inner is not None and inner[:3] == (comparison, a, b):
            no = inner[4]
        return yes if yes == no else self.statement(f"where_{comparison}", (a, b, yes, no))

    def ties(self, args: list[Operand], j: int) -> Operand:
        """How many arguments are equal to the j-th, where it is known that another one is."""
        if len(args) == 2:
            return self.constant(Fraction(2))
        total = self.one
        for i, w in enumerate(args):
            if i != j:
                total = self.add(total, self.decide("eq", w, args[j], self.one, self.zero))
        return total

    def add(self, a: Operand, b: Operand) -> Operand:
        return self._sum(a, b, 1, MERGED)

    def sub(self, a: Operand, b: Operand) -> Operand:
        return self._sum(a, b, -1, MERGED)

    def _sum(self, a: Operand, b: Operand, sign: int, levels: int) -> Operand:
        x, y = self._numbers.get(a), self._numbers.get(b)
        if y == 0:
            return a
        if x == 0:
            return b if sign == 1 else self.neg(b)
        if x is not None and y is not None and (value := _short(x + sign * y)) is not None:
            return self.constant(value)
        (ca, core_a), (cb, core_b) = self._split(a), self._split(b)
        if core_a == core_b and (value := _short(ca + sign * cb)) is not None:
            return self.mul(self.constant(value), core_a)
        one, other = self.choice(a), self.choice(b)
        if one is not None and other is not None and one[:3] == other[:3] and levels:
            yes = self._sum(one[3], other[3], sign, levels - 1)
            return self.decide(*one[:3], yes, self._sum(one[4], other[4], sign, levels - 1))
        if (inner := self._made(b, "neg")) is not None:
            sign, b = -sign, inner[0]
        if sign == 1 and (inner := self._made(a, "neg")) is not None:
            return self.statement("sub", (b, inner[0]))
        return self.statement("add" if sign == 1 else "sub", (a, b))

    def neg(self, a: Operand) -> Operand:
        value = self._numbers.get(a)
        if value is not None:
            return self.constant(-value)
        coefficient, core = self._split(a)
        if coefficient != 1:
            return self.mul(self.constant(-coefficient), core)
        if (difference := self._made(a, "sub")) is not None:
            return self.statement("sub", (difference[1], difference[0]))
        around, inner = self._opened(a)
        return self._closed(around, self.neg(inner)) if around else self.statement("neg", (a,))

    def mul(self, a: Operand, b: Operand) -> Operand:
        """A factor 0 on one side of a choice stays there: what the other factor is where it is left out does not matter."""
        if self._numbers.get(a) == 0 or self._numbers.get(b) == 0:
            return self.zero
        outer, inner_a = self._opened(a)
        inner, inner_b = self._opened(b)
        if self._numbers.get(inner_b) == 1:
            return self._closed(inner, a)
        if self._numbers.get(inner_a) == 1:
            return self._closed(outer, b)
        return self._closed(outer, self._closed(inner, self._product(inner_a, inner_b)))

    def _product(self, a: Operand, b: Operand) -> Operand:
        (ca, core_a), (cb, core_b) = self._coefficient(a), self._coefficient(b)
        coefficient = _short(ca * cb)
        if coefficient is None:
            return self.statement("mul", (a, b))
        if core_a is None or core_b is None:
            core = core_b if core_a is None else core_a
        else:
            core = self.statement("mul", (core_a, core_b))
        if core is None:
            return self.constant(coefficient)
        if coefficient == 1:
            return core
        if coefficient == -1:
            return self.neg(core)
        return self.statement("mul", (self.constant(coefficient), core))

    def _coefficient(self, operand: Operand) -> tuple[Fraction, Operand | None]:
        value = self._numbers.get(operand)
        return (value, None) if value is not None else self._split(operand)

    def div(self, a: Operand, b: Operand) -> Operand:
        x, y = self._numbers.get(a), self._numbers.get(b)
        if y is not None and y != 0:
            if abs(y) == 1:
                return a if y == 1 else self.neg(a)
            if x is not None and (value := _short(x / y)) is not None:
                return self.constant(value)
        if x == 0 and y != 0:
            return self.zero
        if (inner := self._made(a, "neg")) is not None:
            return self.neg(self.statement("div", (inner[0], b)))
        return self.one if a == b and y != 0 else self.statement("div", (a, b))

    def power(self, a: Operand, b: Operand) -> Operand:
        n = self._numbers.get(b)
        if n == 1:
            return a
        value = self.rational(a)
        if n == 0 or value == 1:
            return self.one
        known = folded("power", [value, n])
        return self.statement("power", (a, b)) if known is None else self.constant(known)


class RecordedRules(Rules):
    """The rule table for a recorder. A stable formula that goes through |x| (σ′ by exp(−|x|)) has the right value but, at
    x = 0, not the right slope of its slope: there the textbook formula is recorded."""

    def __init__(self, recorder: Recorder, stable: bool) -> None:
        super().__init__(recorder, stable)
        self._textbook = Rules(recorder, stable=False)

    def partial(self, name: str, argument: int) -> Rule:
        if self.stable and not _smooth(PRIMITIVES[name], argument):
            return self._textbook.partial(name, argument)
        return super().partial(name, argument)


def _smooth(record: Primitive, argument: int) -> bool:
    text = record.stable_partial_of(argument)
    if not text:
        return True
    nodes, root = parsed(text)
    stack = [root]
    while stack:
        node = stack.pop()
        operation = nodes.operation(node)
        if operation in ("abs", "sign"):
            return False
        if operation != "where":  # a choice between formulas keeps |x| away from 0
            stack.extend(nodes.arguments(node))
    return True


def folded(operation: str, arguments: list[Fraction | None]) -> Fraction | None:
    """An operation on rationals where it gives a rational that is not long."""
    values = [x for x in arguments if x is not None]
    if len(values) < len(arguments):
        return None
    if operation == "neg":
        return -values[0]
    if len(values) != 2:
        return None
    x, y = values
    if operation == "add":
        return _short(x + y)
    if operation == "sub":
        return _short(x - y)
    if operation == "mul":
        return _short(x * y)
    if operation == "div":
        return _short(x / y) if y != 0 else None
    if operation == "power" and y.denominator == 1 and (x != 0 or y > 0):
        size = max(x.numerator.bit_length(), x.denominator.bit_length())
        return _short(x ** int(y)) if abs(y) <= MAX_POWER and size * abs(y) <= 2 * MAX_BITS else None
    return None


def _short(value: Fraction) -> Fraction | None:
    return value if max(value.numerator.bit_length(), value.denominator.bit_length()) <= MAX_BITS else None
