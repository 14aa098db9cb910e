"""Programs for the tests: models from text, and random programs.

`model` turns formula text into a Model without the spec reader. `programs` draws random ones over all primitives, each kept
well inside its domain at the point that comes with it; `random_program` makes the same from a number, for runs of thousands.
The second readings of `tests.readings` (FUNCTIONS, evaluate, value_of, slope_of) are at hand here too.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from tests.readings import FUNCTIONS as FUNCTIONS
from tests.readings import evaluate as evaluate
from tests.readings import mp as mp
from tests.readings import slope_of as slope_of
from tests.readings import value_of as value_of
from wengert.errors import Source
from wengert.lang.expr import Nodes
from wengert.lang.model import CONSTANTS, Definition, Input, Kind, Model
from wengert.lang.parser import parse_expression, parse_statements
from wengert.tape.primitives import VOCABULARY

# -- models


def model(
    text: str, at: Mapping[str, str | int | float] | None = None, *, wrt: Sequence[str] | None = None,
    of: Sequence[str] | None = None, seed: Mapping[str, str] | None = None, form: str | None = None,
) -> Model:  # fmt: skip
    """The model of a formula or of several statements; free names stand in the order in which they were written."""
    nodes = Nodes()
    statements = parse_statements(Source(text), nodes, VOCABULARY)
    named = [s.name for s in statements if s.name is not None]
    free: dict[str, None] = {}
    for statement in statements:
        for name in nodes.names_in([statement.root]):
            if name not in named and name not in CONSTANTS:
                free.setdefault(name)
    values = {name: _constant(nodes, str(value)) for name, value in (at or {}).items()}
    taken = {*named, *free}
    output = next(n for n in ("f", "y", "F", "out", "out_") if n not in taken)
    kind = Kind.FORMULA if len(statements) == 1 and not named else Kind.STEP
    definitions = tuple(Definition(s.name or output, s.root, kind) for s in statements)
    return Model(
        nodes, tuple(Input(name, value=values.get(name)) for name in free), definitions,
        tuple(of) if of is not None else (definitions[-1].name,), tuple(wrt) if wrt is not None else tuple(free),
        form or ("formula" if kind is Kind.FORMULA else "program"),
        None if seed is None else {x: _constant(nodes, v) for x, v in seed.items()},
    )  # fmt: skip


def parse(text: str) -> tuple[Nodes, int]:
    nodes = Nodes()
    return nodes, parse_expression(Source(text), nodes, VOCABULARY)


def _constant(nodes: Nodes, text: str) -> int:
    return parse_expression(Source(text), nodes, VOCABULARY)


def tree(nodes: Nodes, root: int) -> str:
    """The expression as an s-expression: `(+ x (* 2 y))`, a negation `(neg x)`, a call by its operation."""
    made: dict[int, str] = {}
    for node in nodes.reachable([root]):
        if nodes.is_leaf(node):
            made[node] = nodes.text(node)
        else:
            operation = nodes.operation(node)
            made[node] = f"({' '.join([_SIGNS.get(operation, operation), *(made[a] for a in nodes.arguments(node))])})"
    return made[root]


_SIGNS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "power": "**", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "==",
}  # fmt: skip


# -- random programs

_ANY = ((-1.5, 1.5),)
_NONZERO = ((0.4, 1.8), (-1.8, -0.4))
_POSITIVE = ((0.4, 3.0),)
_INNER = ((-0.8, 0.8),)
_BROKEN = ((-1.7, -1.3), (0.3, 0.7), (1.3, 1.7))
_OUTER = ((1.3, 3.0), (-3.0, -1.3))

# operation → intervals for each argument; the last one stands for all further arguments of an operation of many
DOMAINS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    **dict.fromkeys(("add", "sub", "mul", "atan2_right"), (_ANY, _ANY)),
    "div": (_ANY, _NONZERO), "neg": (_ANY,), "exp": (_ANY,), "expm1": (_ANY,), "log1p": (((-0.6, 2.0),),),
    **dict.fromkeys(("ln", "log2", "log10", "sqrt"), (_POSITIVE,)), "log": (_POSITIVE, ((1.4, 3.0), (0.3, 0.7))),
    "power": (_POSITIVE, _ANY), **dict.fromkeys(("cbrt", "abs", "sign", "acot"), (_NONZERO,)),
    **dict.fromkeys(("sin", "cos", "atan", "sinh", "cosh", "tanh", "sech", "asinh", "erf", "erfc", "sigmoid", "softplus",
                     "gelu", "silu", "identity"), (_ANY,)),
    **dict.fromkeys(("tan", "sec"), (((-1.0, 1.0),),)), **dict.fromkeys(("csc", "cot"), (((0.5, 2.5),),)),
    **dict.fromkeys(("asin", "acos", "atanh"), (_INNER,)), **dict.fromkeys(("asec", "acsc", "acoth"), (_OUTER,)),
    **dict.fromkeys(("csch", "coth", "relu", "selu", "elu", "leaky_relu"), (_NONZERO,)),
    "acsch": (((0.4, 1.8),),), "acosh": (((1.3, 3.0),),), "asech": (((0.2, 0.8),),),
    **dict.fromkeys(("floor", "ceil"), (_BROKEN,)), "clip": (_ANY, ((-1.0, -0.6),), ((0.6, 1.0),)),
    "norm": (_NONZERO,), "hypot": (_NONZERO, _NONZERO), "atan2": (_NONZERO, _NONZERO),  # it jumps where y is 0 and x below
    **dict.fromkeys(("softmax", "logsumexp", "sum", "mean", "dot", "max", "min", "where"), (_ANY,)),
}  # fmt: skip
del DOMAINS["atan2_right"]
COMPARISON_SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


# those whose values and derivatives at rational points are rational
RATIONAL = ("add", "sub", "mul", "div", "neg", "whole_power", "identity", "abs", "sign", "floor", "ceil", "clip", "relu",
            "leaky_relu", "max", "min", "where", "sum", "mean", "dot")  # fmt: skip


@dataclass(frozen=True)
class Program:
    """Formula text, and a point (decimal texts) at which every operation in it stands well inside its domain."""

    text: str
    point: dict[str, str]
    outputs: tuple[str, ...] = ("f",)


T = TypeVar("T")


class Choices(Protocol):
    """Where a maker's decisions come from."""

    def one_of(self, values: Sequence[T]) -> T: ...

    def whole(self, low: int, high: int) -> int: ...


@dataclass(frozen=True)
class Drawn:
    """By hypothesis, which can make them smaller."""

    draw: st.DrawFn

    def one_of(self, values: Sequence[T]) -> T:
        return self.draw(st.sampled_from(values))

    def whole(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


@dataclass(frozen=True)
class Seeded:
    """By a generator with a seed."""

    rng: random.Random

    def one_of(self, values: Sequence[T]) -> T:
        return self.rng.choice(values)

    def whole(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)


@st.composite
def programs(draw: st.DrawFn, operations: Sequence[str] | None = None, most: int = 9) -> Program:
    """A random program of several statements with shared subexpressions."""
    choices = Drawn(draw)
    return _program(choices, operations or tuple(DOMAINS), choices.whole(2, most), 1)


def random_program(
    seed: int | str, operations: Sequence[str] = (*DOMAINS, "whole_power"), least: int = 2, most: int = 40, outputs: int = 3
) -> Program:
    """The random program of that seed, of up to `most` operations and up to `outputs` outputs."""
    rng = random.Random(seed)
    return _program(Seeded(rng), operations, rng.randint(least, most), rng.randint(1, outputs))


def _program(choices: Choices, operations: Sequence[str], count: int, outputs: int) -> Program:
    point = {x: f"{choices.whole(-180, 180) / 100}" for x in choices.one_of((("x",), ("x", "y"), ("x", "y", "z")))}
    maker = _Maker(choices, point)
    for _ in range(count):
        maker.operation(choices.one_of(operations))
    text, names = maker.finish(outputs)
    return Program(text, point, names)


class _Maker:
    """Grows a pool of (text, value at the point); an argument outside its interval is shifted by a literal."""

    def __init__(self, choices: Choices, point: Mapping[str, str]) -> None:
        self.choices = choices
        self.pool: list[tuple[str, float]] = [(x, float(v)) for x, v in point.items()]
        self.unused: dict[str, None] = {}
        self.lines: list[str] = []

    def operation(self, operation: str) -> None:
        if operation == "whole_power":
            self._whole_power()
            return
        choices = self.choices
        domains = DOMAINS[operation]
        count = len(domains)
        if operation in ("softmax", "logsumexp", "sum", "mean", "norm", "max", "min"):
            count = choices.whole(2, 3)
        elif operation == "dot":
            count = choices.one_of((2, 4))
        elif operation == "where":
            count = 4
        arguments = [self._argument(domains[min(i, len(domains) - 1)]) for i in range(count)]
        if operation in ("max", "min", "clip", "where"):
            arguments = self._apart(arguments)
        texts, values = [t for t, _ in arguments], [mp.mpf(v) for _, v in arguments]
        text, value = self._written(operation, texts, values)
        self._add(text, float(value))

    def _whole_power(self) -> None:
        """A base of either sign to a literal exponent."""
        exponent = self.choices.one_of(("2", "3", "4", "(-1)", "(-2)", "1", "0"))
        text, value = self._argument(_NONZERO)
        self._add(f"(({text}) ** {exponent})", value ** int(exponent.strip("()")))

    def _written(self, operation: str, texts: list[str], values: list[Any]) -> tuple[str, Any]:
        signs = {"add": "+", "sub": "-", "mul": "*", "div": "/", "power": "**"}
        if operation in signs:
            return f"(({texts[0]}) {signs[operation]} ({texts[1]}))", FUNCTIONS[operation](*values)
        if operation == "neg":
            return f"(-({texts[0]}))", -values[0]
        if operation == "where":
            word = self.choices.one_of(tuple(COMPARISON_SIGNS))
            test = FUNCTIONS[word](*values[:2])
            return f"where({texts[0]} {COMPARISON_SIGNS[word]} {texts[1]}, {texts[2]}, {texts[3]})", values[2 if test else 3]
        if operation == "softmax":
            k = self.choices.whole(1, len(texts))
            return f"softmax({k}, {', '.join(texts)})", FUNCTIONS["softmax"](k, *values)
        if operation in ("elu", "leaky_relu") and self.choices.whole(0, 1):
            slope, size = self._argument(((0.1, 0.9),))
            return f"{operation}({texts[0]}, {slope})", FUNCTIONS[operation](values[0], mp.mpf(size))
        return f"{operation}({', '.join(texts)})", FUNCTIONS[operation](*values)

    def _argument(self, intervals: tuple[tuple[float, float], ...]) -> tuple[str, float]:
        text, value = self.choices.one_of(self.pool)
        self.unused.pop(text, None)
        if any(low <= value <= high for low, high in intervals):
            return text, value
        low, high = self.choices.one_of(intervals)
        return self._shifted(text, value, low + (high - low) * self.choices.whole(0, 8) / 8)

    def _shifted(self, text: str, value: float, target: float) -> tuple[str, float]:
        shift = round(target - value, 2)
        return f"({text} {'-' if shift < 0 else '+'} {abs(shift)})", value + shift

    def _apart(self, arguments: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """The arguments with values that differ, so that no comparison stands at its boundary."""
        chosen: list[tuple[str, float]] = []
        for text, value in arguments:
            while any(abs(value - other) < 0.05 for _, other in chosen):
                text, value = self._shifted(text, value, value + 0.37)
            chosen.append((text, value))
        return chosen

    def _add(self, text: str, value: float) -> None:
        if len(text) > 60 or self.choices.whole(0, 1):
            name = f"s{len(self.lines) + 1}"
            self.lines.append(f"{name} = {text}")
            text = name
        self.pool.append((text, value))
        self.unused[text] = None

    def finish(self, outputs: int) -> tuple[str, tuple[str, ...]]:
        """The lines, and the names of the outputs: f, and g and h beside it, each of some of what was not used yet."""
        names = ("f", "g", "h")[:outputs]
        ends = list(self.unused)
        for i, name in enumerate(names):
            mine = ends[i::outputs] or [self.choices.one_of(self.pool)[0]]
            total = " + ".join(f"{k + 1}*{text}" for k, text in enumerate(mine))
            self.lines.append(f"{name} = {total}")
        return "\n".join(self.lines), names
