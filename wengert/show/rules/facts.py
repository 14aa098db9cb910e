"""The rules of the table as a reader meets them: their formulas in readable names, and their numbers at a point.

`v` is the value of an operation. Arguments of any number are x1, ..., xn, and xi is the one that is asked for. It changes
when the records of the table mention something new.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.extended import Extended
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules, parsed
from wengert.tape.derivations import DOMAINS
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Condition, Kink, Primitive

VALUE = "v"
DOTS = "..."
NAMED = ("λ", "α")  # for the long constants of a definition, in their order: selu's, as its paper calls them
LONG = 12  # characters from which a literal is given a name
NEAR, NEARER = 1e-6, 1e-12  # steps to the side of a kink
INFINITE = 1e5
SMALL = (-1.0, 0.0, 0.5, 1.5)  # values of the arguments beside the one that meets a kink


@dataclass(frozen=True)
class Rule:
    """One row of the table: a record, or the five of `where` together."""

    records: tuple[Primitive, ...]

    @property
    def record(self) -> Primitive:
        return self.records[0]

    @property
    def name(self) -> str:
        return self.record.label


def every_rule() -> list[Rule]:
    """The rules in the order of the table."""
    together: dict[str, list[Primitive]] = {}
    for record in PRIMITIVES.values():
        together.setdefault(record.label, []).append(record)
    return [Rule(tuple(records)) for records in together.values()]


@dataclass(frozen=True)
class Arguments:
    """The names that a record's arguments go by: `elements` those of any number, None for a dots-and-n reading."""

    record: Primitive
    count: int | None = None  # of all arguments

    @property
    def fixed(self) -> tuple[str, ...]:
        return self.record.params[:-1] if self.record.many else self.record.params

    def names(self) -> tuple[str, ...]:
        """All of them, in order."""
        record = self.record
        if not record.many:
            return record.params
        if self.count is None:
            first, second = ("x1", DOTS, "xn"), ("y1", DOTS, "yn")
            return (*self.fixed, *first, *(second if record.paired else ()))
        many = self.count - len(self.fixed)
        half = many // 2 if record.paired else many
        names = [f"x{i + 1}" for i in range(half)] + [f"y{i + 1}" for i in range(many - half)]
        return (*self.fixed, *names)

    def asked(self) -> list[tuple[str, int]]:
        """(name, number from 0) of the arguments that have a partial; for any number of them, one stands for all."""
        record = self.record
        if self.count is not None or not record.many:
            return [(name, j) for j, name in enumerate(self.names()) if record.partial_of(j)]
        last = len(self.fixed)
        found = [(name, j) for j, name in enumerate(self.fixed) if record.partials[j]]
        return [*found, ("xi", last), *([("yi", last)] if record.paired else [])]


class Writer:
    """A record's formulas as expressions in `nodes`, over the names of its arguments."""

    def __init__(self, nodes: Nodes, arguments: Arguments, literal: int | None = None) -> None:
        """`literal`: what stands for k, where the record has such an argument."""
        self.nodes = nodes
        self.arguments = arguments
        self.record = arguments.record
        self.literal = literal
        self._elements = arguments.names()[len(arguments.fixed) :] if self.record.many else ()
        texts = [t for t in (self.record.definition,) if t]
        self.constants = dict(zip(_long_literals(texts), NAMED, strict=False))

    def call(self) -> int:
        """The operation itself, of its arguments."""
        leaves = [self._leaf(name) for name in self.arguments.names()]
        if self.record.comparison:
            return self.nodes.call("where", [self.nodes.call(self.record.comparison, leaves[:2]), *leaves[2:]])
        return self.nodes.call(self.record.name, leaves)

    def value(self, text: str) -> int:
        """A definition, or a stable form."""
        return self._write(text, "", 0)

    def partial(self, name: str, j: int, stable: bool = False) -> int:
        """The local partial for the argument `name`, the j-th from 0."""
        text = (self.record.stable_partial_of(j) if stable else None) or self.record.partial_of(j)
        return self._write(text, name, j)

    def condition(self, test: str) -> int:
        """A comparison of the record's domain or kinks."""
        source, root = comparison(test)
        return self._node(source, root, "xi", 0, None)

    def _leaf(self, name: str) -> int:
        if name == "k" and self.literal is not None:
            return self.nodes.number(str(self.literal))
        return self.nodes.name(name)

    def _write(self, text: str, name: str, j: int) -> int:
        source, root = parsed(text)
        return self._node(source, root, name, j, None)

    def _node(self, source: Nodes, node: int, name: str, j: int, element: str | None) -> int:
        """A formula of the table is short, so that the walk over it may recurse."""
        operation = source.operation(node)
        if operation == "number":
            literal = source.text(node)
            return self.nodes.name(self.constants[literal]) if literal in self.constants else self.nodes.number(literal)
        if operation == "name":
            return self._name(source.text(node), name, j, element)
        arguments = source.arguments(node)
        made: list[int] = []
        for argument in arguments:
            spread = operation in PRIMITIVES and PRIMITIVES[operation].many and _mentions_args(source, argument)
            for w in self._elements if spread else (element,):
                made.append(self.nodes.name(DOTS) if w == DOTS and spread else self._node(source, argument, name, j, w))
        if operation == "where" and (chosen := _decided(self.nodes, made[0])) is not None:
            return made[1] if chosen else made[2]
        return self.nodes.call(operation, made)

    def _name(self, text: str, name: str, j: int, element: str | None) -> int:
        generic = self.arguments.count is None
        if text == "args":
            assert element is not None
            return self.nodes.name(element)
        if text == "k":
            return self._leaf("k")
        fixed = len(self.arguments.fixed)
        if text in ("index", "n"):
            number = {"index": j + 1 - fixed, "n": len(self._elements)}[text]
            return self.nodes.name({"index": "i", "n": "n"}[text]) if generic else self.nodes.number(str(number))
        if text == "partner":
            return self.nodes.name(("y" if name[0] == "x" else "x") + name[1:])
        if text == "pick":
            return self.nodes.name("xk" if self.literal is None else self._elements[self.literal - 1])
        return self.nodes.name({"out": VALUE, "arg": name}.get(text, text))


def comparison(test: str) -> tuple[Nodes, int]:
    """A comparison of the table as an expression; by itself it is none of the language."""
    nodes, root = parsed(f"where({test}, 1, 0)")
    return nodes, nodes.arguments(root)[0]


def _mentions_args(source: Nodes, node: int) -> bool:
    """Whether `args` stands below the node, outside a reduction of its own."""
    if source.operation(node) in PRIMITIVES and PRIMITIVES[source.operation(node)].many:
        return False
    if source.operation(node) == "name":
        return source.text(node) == "args"
    return any(_mentions_args(source, a) for a in source.arguments(node))


def _decided(nodes: Nodes, test: int) -> bool | None:
    """Whether a comparison of two literals holds: the argument asked for is the component, or is not."""
    a, b = nodes.arguments(test)
    if nodes.operation(test) != "eq" or {nodes.operation(a), nodes.operation(b)} != {"number"}:
        return None
    return Fraction(nodes.text(a)) == Fraction(nodes.text(b))


def _long_literals(texts: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        nodes, root = parsed(text)
        for node in nodes.reachable([root]):
            if nodes.operation(node) == "number" and len(nodes.text(node)) > LONG:
                found.setdefault(nodes.text(node))
    return list(found)


def conditions(record: Primitive) -> list[Condition]:
    """The domain, without what another condition says already: x ≠ 0 beside x > 0."""
    found = (*record.domain, *DOMAINS.get(record.name, ()))
    tests = {c.test for c in found}
    return [c for c in found if (plain := c.test.replace("abs(x)", "x")) == c.test or plain not in tests]


# -- numbers

_FLOAT = Rules(Float())
_EXTENDED = Rules(Extended())
_EXACT = Rules(Rational(), stable=False)


@dataclass(frozen=True)
class Flow:
    """What one argument receives: its name and number, the local partial as a number, and as a rational where it is one."""

    to: str
    argument: int
    partial: float
    exact: Any


@dataclass(frozen=True)
class Sample:
    """A record at a point: the arguments by name, the value, the flows back."""

    arguments: Arguments
    point: tuple[float, ...]
    value: float
    exact: Any
    flows: tuple[Flow, ...]

    def values(self) -> dict[str, float]:
        """Every name that the record's formulas mention at this point, with its value."""
        return {**dict(zip(self.arguments.names(), self.point, strict=True)), VALUE: self.value}


def sample(record: Primitive, point: Sequence[float]) -> Sample:
    """The record's value and local partials at a point."""
    values = list(point)
    rationals = [Fraction(str(x)) for x in point]
    value = _FLOAT.value(record.name)(values, None, 0)
    exact = _rational(lambda: _EXACT.value(record.name)(rationals, None, 0))
    arguments = Arguments(record, len(values))
    flows = []
    for name, j in arguments.asked():
        partial = _FLOAT.partial(record.name, j)(values, value, j)
        rational = _rational(lambda j=j: _EXACT.partial(record.name, j)(rationals, exact, j))
        flows.append(Flow(name, j, partial, rational))
    return Sample(arguments, tuple(values), value, exact, tuple(flows))


def samples(record: Primitive) -> Iterator[Sample]:
    """The record at the points that teach it: its first sample, the next one where a rule takes sides, a tie of a max."""
    points = list(record.samples[-1:] if record.paired else record.samples[:1])
    if any("where(" in p or "sign(" in p for p in record.partials) and not record.many:
        points += record.samples[1:2]
    if "ties" in record.partials[-1]:
        points.append((3.0,) * 2)
    return (sample(record, point) for point in points)


def _rational(compute: Any) -> Any:
    try:
        return compute()
    except FAULTS:
        return UNKNOWN


@dataclass(frozen=True)
class Sides:
    """A kink met by one argument: the point, the number of the argument that moves, the slopes to its left and right (None: no
    value there), and what is taken (nan: undefined)."""

    point: tuple[float, ...]
    argument: int
    left: float | None
    right: float | None
    taken: float

    @property
    def at(self) -> float:
        return self.point[self.argument]


def sides(record: Primitive, kink: Kink) -> list[Sides]:
    """The slopes beside a kink, for the first argument whose movement meets it; of several places of an operation of one
    argument all, else one. None where the argument has no slope of its own: it decides a choice."""
    argument = record.params.index(kink.moves[0]) if kink.moves else 0
    if not record.partial_of(argument):
        return []
    holds = _FLOAT.holds(record, kink.test)
    found: list[Sides] = []
    for point in _points(record, argument):
        value = _attempt(record, point)
        if value is None or not holds(point, value, argument):
            continue
        left, right = (_beside(record, point, argument, sign) for sign in (-1, 1))
        found.append(Sides(tuple(point), argument, left, right, _taken(record, point, argument)))
        if len(point) > 1 or "floor" in kink.test:
            break
    return found


def _points(record: Primitive, argument: int) -> Iterator[list[float]]:
    """Points at which a kink may be met: the argument in places of its own, the others as in the sample, else small numbers."""
    count = 2 if record.many else len(record.params)
    sample = [x for j, x in enumerate(record.samples[0][:count]) if j != argument]
    for others in dict.fromkeys(((*sample,), *product(SMALL, repeat=count - 1))):
        for place in dict.fromkeys((0.0, *others, -1.0, 1.0)):
            yield [*others[:argument], place, *others[argument:]]


def _attempt(record: Primitive, point: list[float]) -> float | None:
    for condition in record.domain:
        if not _FLOAT.holds(record, condition.test)(point, None, 0):
            return None
    try:
        value: float = _FLOAT.value(record.name)(point, None, 0)
    except FAULTS:
        return None
    return value


def _slope(record: Primitive, point: list[float], argument: int) -> float | None:
    value = _attempt(record, point)
    if value is None:
        return None
    try:
        slope: float = _FLOAT.partial(record.name, argument)(point, value, argument)
    except FAULTS:
        return None
    return slope if math.isfinite(slope) else None


def _taken(record: Primitive, point: list[float], argument: int) -> float:
    """The local partial at the kink itself, infinite or undefined where it is."""
    slope: float = _EXTENDED.partial(record.name, argument)(point, _EXTENDED.value(record.name)(point, None, 0), argument)
    return slope


def _beside(record: Primitive, point: list[float], argument: int, sign: int) -> float | None:
    """The limit of the slope from one side: infinite where it has grown out of all bounds on the way, 0 where it fades."""
    near, nearer = (_slope(record, _moved(point, argument, sign * step), argument) for step in (NEAR, NEARER))
    if near is None or nearer is None:
        return None
    if abs(nearer) > INFINITE and abs(nearer) > 10 * abs(near):
        return math.copysign(math.inf, nearer)
    if abs(nearer) < 1 / INFINITE and 10 * abs(nearer) < abs(near):
        return 0.0
    return round(nearer, 9) + 0.0


def _moved(point: list[float], argument: int, step: float) -> list[float]:
    return [x + step if j == argument else x for j, x in enumerate(point)]


def comparisons(rule: Rule) -> list[str]:
    """The signs of the comparisons that the rule's records stand for."""
    return [COMPARISONS[r.comparison] for r in rule.records if r.comparison]
