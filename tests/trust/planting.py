"""Planted faults: every formula of every record of the rule table, put wrong in every way that this module knows.

The faults are made from the table itself, so that a new record is tried without a word here. `faults(record)` gives a
record's wrong twins; `contexts(record)` the shortest models that use it, with a point in each smooth branch of its domain;
`changed_at` tells, by an evaluator of its own in 50 digits, at which points of a context a fault changes anything.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from tests.programs import DOMAINS, FUNCTIONS, model, mp
from wengert.lang.model import Model
from wengert.sweep.arithmetics import FAULTS, Digits
from wengert.sweep.rules import Rules, parsed
from wengert.tape import primitives
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive

# -- formulas of the table as trees, and back

Tree = tuple[Any, ...]  # ("number", text), ("name", text), (operation, *trees)
_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "power": "**"}
_TESTS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "=="}
_OPPOSITE = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "gt"}


@cache
def read(text: str) -> Tree:
    nodes, root = parsed(text)
    made: dict[int, Tree] = {}
    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        leaf = nodes.is_leaf(node)
        made[node] = (operation, nodes.text(node)) if leaf else (operation, *(made[a] for a in nodes.arguments(node)))
    return made[root]


def write(tree: Tree) -> str:
    operation, *parts = tree
    if operation in ("number", "name"):
        return str(parts[0])
    texts = [write(p) for p in parts]
    if operation in _SIGNS or operation in _TESTS:
        inner = f"{texts[0]} {(_SIGNS | _TESTS)[operation]} {texts[1]}"
        return inner if operation in _TESTS else f"({inner})"
    return f"(-{texts[0]})" if operation == "neg" else f"{operation}({', '.join(texts)})"


def _number(text: str) -> Tree:
    return ("number", text)


ONE = _number("1")
TINY = "0.000001"  # what a nearly right figure is off by


def _inside(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """The tree with one place of it put wrong: kind of fault, tree."""
    operation, *parts = tree
    if operation == "name":
        return
    if operation == "number":
        yield "a constant off by 1e-6", ("add", tree, _number(TINY))
        return
    a, b = (*parts, None, None)[:2]
    if operation == "mul":
        yield from (("a factor is missing", x) for x in (a, b))
    elif operation == "div":
        yield from (("a factor is missing", x) for x in (a, ("div", ONE, b)))
        yield "arguments swapped", ("div", b, a)
    elif operation == "power":
        yield "a factor is missing", a
        yield "arguments swapped", ("power", b, a)
    elif operation == "neg":
        yield "sign", a
    elif operation in ("add", "sub"):
        yield "a term is missing", a
        yield "a term is missing", b if operation == "add" else ("neg", b)
        yield "sign", ("sub" if operation == "add" else "add", a, b)
    elif operation == "where":
        yield "arguments swapped", ("where", a, parts[2], b)
        yield "a comparison the other way round", ("where", (_OPPOSITE[a[0]], *a[1:]), b, parts[2])
    elif operation not in _TESTS and len(parts) == 1 and not PRIMITIVES[operation].many:
        yield "a function is missing", a
    for i, part in enumerate(parts):
        for kind, other in _inside(part):
            yield kind, (operation, *parts[:i], other, *parts[i + 1 :])


def _renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    operation, *parts = tree
    if operation == "name":
        return ("name", names.get(parts[0], parts[0]))
    return tree if operation == "number" else (operation, *(_renamed(p, names) for p in parts))


def wrong_forms(text: str, params: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(kind of fault, wrong formula) for each way of putting the formula wrong; none is written as the right one."""
    tree = read(text)
    made = [
        ("sign", ("neg", tree)), ("factor 2", ("mul", _number("2"), tree)), ("zero", _number("0")),
        ("off by 1e-6 of itself", ("mul", tree, _number(f"1{TINY[1:]}"))), ("off by 1e-6", ("add", tree, _number(TINY))),
        *_inside(tree),
    ]  # fmt: skip
    for x, y in combinations([p for p in params if not p.endswith("…")], 2):
        made.append(("arguments swapped", _renamed(tree, {x: y, y: x})))
    seen = {write(tree)}
    for kind, other in made:
        wrong = write(other)
        if wrong not in seen:
            seen.add(wrong)
            yield kind, wrong


# -- the faults of a record

FORMULAS = ("partials", "stable_partials", "written", "definition", "stable", "defaults")


@dataclass(frozen=True)
class Fault:
    """One formula of one record, wrong: `field` and `at` (of several) say which, `kind` how, `record` is the wrong twin."""

    name: str
    field: str
    at: int
    kind: str
    right: str
    wrong: str
    record: Primitive

    @property
    def is_slope(self) -> bool:
        """Whether it is a local partial that is wrong, not a value."""
        return self.field in ("partials", "stable_partials", "written")

    def __str__(self) -> str:
        return f"{self.name}: {self.field} {self.at}: {self.right} as {self.wrong} ({self.kind})"

    def plant(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Into the rule table of this process; the judge has none."""
        monkeypatch.setitem(primitives.PRIMITIVES, self.name, self.record)


def _formulas(record: Primitive) -> Iterator[tuple[str, int, str]]:
    for field in FORMULAS:
        found = getattr(record, field)
        if field == "defaults":
            yield from ((field, i, text) for i, (_, text) in enumerate(found))
        elif isinstance(found, tuple):
            yield from ((field, i, text) for i, text in enumerate(found) if text)
        elif found is not None:
            yield field, 0, found


def _with(record: Primitive, field: str, at: int, text: str) -> Primitive:
    found = getattr(record, field)
    if field == "defaults":
        return replace(record, defaults=tuple((n, text if i == at else t) for i, (n, t) in enumerate(found)))
    if isinstance(found, tuple):
        return replace(record, **{field: tuple(text if i == at else t for i, t in enumerate(found))})
    return replace(record, **{field: text})


def faults(record: Primitive) -> list[Fault]:
    found = []
    for field, at, right in _formulas(record):
        wrongs = list(wrong_forms(right, record.params))
        if field == "defaults":  # a number must stay one
            wrongs = [(kind, wrong) for kind, wrong in (("zero", "0"), ("factor 2", f"{2 * float(right):g}"),
                      ("a constant off by 1e-6", repr(float(right) * (1 + 1e-6))))]  # fmt: skip
        if field == "partials":
            others = [t for i, t in enumerate(record.partials) if i != at and t and t != right]
            wrongs += [("arguments swapped", t) for t in others if t not in [w for _, w in wrongs]]
        found += [
            Fault(record.name, field, at, kind, right, wrong, _with(record, field, at, wrong)) for kind, wrong in wrongs
        ]
    return found


# -- where they are looked at

ANY = ((-1.5, 1.5),)
BOTH = ((0.4, 1.8), (-1.8, -0.4))
MORE_DOMAINS = {"acsch": (BOTH,), "csc": (((0.5, 2.5), (-2.5, -0.5)),), "cot": (((0.5, 2.5), (-2.5, -0.5)),)}
_LETTERS = ("x", "y", "z", "w", "u", "v")
TRIED = 60  # random points among which one is taken in each branch
PLENTY = 12  # further ones at which a fault is compared with what is right
NARROW = ("5e-7", "-5e-7")  # a boundary off by 1e-6 is seen here
SPECIAL = {"power": ({"x": "0", "y": "3"}, {"x": "1.3", "y": "0"})}  # where the record has a word of its own

Point = Mapping[str, str]


@dataclass(frozen=True)
class Context:
    """The shortest model that uses a record. `slots` are the arguments of the operation, names of the model or numbers that
    stand in it; `points` one in each smooth branch of its domain, `more` others away from kinks, `edges` kinks, at which only
    the value is looked at."""

    name: str
    text: str
    wrt: tuple[str, ...]
    slots: tuple[str, ...]
    points: tuple[Point, ...]
    more: tuple[Point, ...]
    edges: tuple[Point, ...]

    def model(self, point: Point | None) -> Model:
        return model(self.text, point, wrt=self.wrt)

    def arguments(self, point: Point) -> list[Any]:
        return [mp.mpf(point.get(s, s)) for s in self.slots]


class _Branching(Digits):
    """Numbers that remember how each comparison came out."""

    def __init__(self) -> None:
        self.seen: list[bool] = []
        super().__init__(30)

    def truth(self, comparison: str, a: Any, b: Any) -> bool:
        self.seen.append(super().truth(comparison, a, b))
        return self.seen[-1]


def _branch(record: Primitive, arguments: Sequence[Any]) -> tuple[Any, ...]:
    """Which way every choice in the record's formulas goes there."""
    arithmetic = _Branching()
    numbers = [arithmetic.context.mpf(a) for a in arguments]
    seen: list[Any] = []
    for stable in (False, True):
        rules = Rules(arithmetic, stable)
        out = rules.value(record.name)(numbers, None, 0)
        for j in range(len(numbers)):
            if record.partial_of(j):
                with suppress(*FAULTS):  # a negative base has no slope in its exponent
                    rules.partial(record.name, j)(numbers, out, j)
    seen += arithmetic.seen
    return tuple(seen)


def contexts(record: Primitive) -> list[Context]:
    """Made once, from the right table: ask before a fault is planted."""
    return _contexts(record.name)


@cache
def _contexts(name: str) -> list[Context]:
    record = PRIMITIVES[name]
    return [_context(record, *shape) for shape in _shapes(record)]


def _shapes(record: Primitive) -> Iterator[tuple[str, tuple[str, ...], tuple[Any, ...]]]:
    """Text with {0} {1} … for the arguments, the arguments, and an interval or several for each."""
    name = record.name
    if record.comparison:
        sign = _TESTS[record.comparison]
        yield f"where({{0}} {sign} {{1}}, {{2}}, {{3}})", ("x", "0.5", "z", "w"), (ANY, (), ANY, ANY)
        if record.comparison == "eq":
            yield "where({0} == {1}, {2}, {3})", ("0.5", "0.5", "z", "w"), ((), (), ANY, ANY)
        return
    if record.literal:
        for count in (2, 3):
            text = f"{name}({{0}}, {', '.join(f'{{{i + 1}}}' for i in range(count))})"
            yield text, ("2", *_LETTERS[:count]), ((), *[ANY] * count)
        return
    if record.many:
        domain = DOMAINS[name][-1]
        for count in (2, 4) if record.paired else (2, 3):
            yield f"{name}({', '.join(f'{{{i}}}' for i in range(count))})", _LETTERS[:count], (domain,) * count
        return
    count = len(record.params)
    domain = (*(DOMAINS | MORE_DOMAINS).get(name, (ANY,)), ((0.2, 0.9),), ((0.2, 0.9),))[:count]
    written = {"neg": "-{0}"} | {word: f"{{0}} {sign} {{1}}" for word, sign in _SIGNS.items()}
    text = written.get(name, f"{name}({', '.join(f'{{{i}}}' for i in range(count))})")
    yield text, _LETTERS[:count], domain
    if name == "power":
        yield "{0}**{1}", ("x", "3"), (((-1.8, -0.4),), ())
        yield "{0}**{1}", ("x", "-2"), (((-1.8, -0.4), (0.4, 1.8)), ())
    if record.defaults:
        least = record.least
        numbers = tuple(text for _, text in record.defaults)
        yield f"{name}({', '.join(f'{{{i}}}' for i in range(least))})", (*_LETTERS[:least], *numbers), domain


def _context(record: Primitive, text: str, slots: tuple[str, ...], domain: tuple[Any, ...]) -> Context:
    rng = random.Random(zlib.crc32(f"{record.name} {text}".encode()))
    names = tuple(dict.fromkeys(s for s in slots if s in _LETTERS))
    wrt = tuple(n for n in names if not (record.comparison and n == "x"))
    branches: dict[tuple[Any, ...], Point] = {}
    more: list[Point] = []
    for _ in range(TRIED):
        point = {n: f"{rng.uniform(*rng.choice(domain[slots.index(n)])):.3f}" for n in names}
        branches.setdefault(_branch(record, [point.get(s, s) for s in slots]), point)
        more.append(point)
    del more[PLENTY:]
    first = next(iter(branches.values()))
    beside = [{**first, n: x} for n in names for x in NARROW] + [{**first, n: "0"} for n in names]
    beside += [p for p in SPECIAL.get(record.name, ()) if set(p) == set(names)]
    smooth, edges = [], []
    for point in beside:
        place = _place(record, [point.get(s, s) for s in slots], [j for j, s in enumerate(slots) if s in wrt])
        {"smooth": smooth, "kink": edges, "outside": []}[place].append(point)
    return Context(record.name, text.format(*slots), wrt, slots, tuple(branches.values()), (*smooth, *more), tuple(edges))


def _place(record: Primitive, arguments: Sequence[Any], moving: Sequence[int]) -> str:
    """Whether the operation is smooth there, has a kink, or no value."""
    arithmetic = Digits(30)
    numbers = [arithmetic.context.mpf(a) for a in arguments]
    rules = Rules(arithmetic)
    try:
        if not all(rules.holds(record, c.test)(numbers, None, 0) for c in record.domain):
            return "outside"
        out = rules.value(record.name)(numbers, None, 0)
        return "kink" if rules.kinks_met(record, numbers, out, moving) else "smooth"
    except FAULTS:
        return "outside"


# -- whether a fault changes anything: the tests' own reading of the table's language


def _mentions(tree: Tree, inner: bool = False) -> bool:
    """Whether `args` stands in the tree outside a reduction of its own."""
    operation, *parts = tree
    if operation == "name":
        return parts[0] == "args"
    if operation == "number" or (inner and operation in PRIMITIVES and PRIMITIVES[operation].many):
        return False
    return any(_mentions(p, True) for p in parts)


def reckon(tree: Tree, names: Mapping[str, Any], args: Sequence[Any]) -> Any:
    """The value of a formula of the table; `args` are what its `args` runs over."""
    operation, *parts = tree
    if operation == "number":
        return mp.mpf(parts[0])
    if operation == "name":
        return names[parts[0]]
    if operation == "where":
        test = FUNCTIONS[parts[0][0]](*(reckon(p, names, args) for p in parts[0][1:]))
        return reckon(parts[1] if test else parts[2], names, args)
    given: list[Any] = []
    for part in parts:
        if operation in PRIMITIVES and PRIMITIVES[operation].many and _mentions(part, True):
            given += [reckon(part, {**names, "args": w}, args) for w in args]
        else:
            given.append(reckon(part, names, args))
    return FUNCTIONS[operation](*given)


def _names(record: Primitive, a: Sequence[Any], j: int) -> tuple[dict[str, Any], Sequence[Any]]:
    """What the names in a record's formulas stand for, at the j-th of the arguments `a`."""
    names: dict[str, Any] = {"pi": +mp.pi, **dict(zip(record.params, a, strict=False))}
    if record.comparison:
        names["out"] = a[2] if FUNCTIONS[record.comparison](*a[:2]) else a[3]
    else:
        with suppress(ZeroDivisionError):  # acot at 0: no formula of its own mentions it
            names["out"] = FUNCTIONS[record.name](*a)
    if not record.many:
        return names, ()
    fixed = len(record.params) - 1
    args = list(a[fixed:])
    names |= {"n": mp.mpf(len(args)), "k": a[0], "arg": a[j], "index": mp.mpf(j + 1 - fixed),
              "ties": mp.mpf(args.count(a[j])), "partner": a[(j + len(a) // 2) % len(a)]}  # fmt: skip
    if record.literal:
        names["pick"] = a[int(a[0])]
    if record.name in ("max", "min"):
        names["rival"] = FUNCTIONS[record.name](args[: j - fixed] + args[j - fixed + 1 :])
    return names, args


def _value(record: Primitive, text: str, a: Sequence[Any], j: int) -> Any:
    try:
        return reckon(read(text), *_names(record, a, j))
    except (ValueError, ZeroDivisionError) as fault:
        return type(fault).__name__


def changed_at(fault: Fault, context: Context) -> list[Point]:
    """The points of the context at which the wrong formula has another value than the right one, in 40 of 50 digits, for one
    of the arguments that it is about. At a kink a slope is chosen, and only a value can be wrong."""
    record = PRIMITIVES[fault.name]
    if fault.field == "defaults" and context.slots[record.least + fault.at] in context.wrt:
        return []  # written out, not left to the record
    points = [*context.points, *context.more, *(() if fault.is_slope else context.edges)]
    asked = [j for j, s in enumerate(context.slots) if s in context.wrt and (not fault.is_slope or _is_about(fault, record, j))]
    if not fault.is_slope:
        asked = asked[:1]
    found = []
    with mp.workdps(50):
        for point in points:
            a = context.arguments(point)
            if any(_differ(*_both(fault, record, a, j)) for j in asked):
                found.append(point)
    return found


def _both(fault: Fault, record: Primitive, a: Sequence[Any], j: int) -> tuple[Any, Any]:
    """What is right and what is wrong at the arguments `a`."""
    if fault.field != "defaults":
        return _value(record, fault.right, a, j), _value(record, fault.wrong, a, j)
    assert record.definition is not None
    at = record.least + fault.at
    other = [*a[:at], mp.mpf(fault.wrong), *a[at + 1 :]]
    return _value(record, record.definition, a, j), _value(record, record.definition, other, j)


def _is_about(fault: Fault, record: Primitive, j: int) -> bool:
    return bool(record.partial_of(j)) and (fault.field == "written" or record.param_of(j) == fault.at)


def _differ(right: Any, wrong: Any) -> bool:
    if isinstance(right, str):
        return False  # no slope here: the exponent's at a negative base
    return isinstance(wrong, str) or bool(abs(right - wrong) > mp.mpf(10) ** -40 * max(abs(right), abs(wrong)))
