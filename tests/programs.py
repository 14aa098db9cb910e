"""Programs for the tests: models from text, a second reading of every operation in mpmath, and random programs.

`model` turns formula text into a Model without the spec reader. `evaluate` is an evaluator of its own on mpmath: it knows
nothing of the rule table, the sweeps or the judge's dictionary. `programs` draws random ones over all primitives, each
kept well inside its domain at the point that comes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
from hypothesis import strategies as st

from wengert.errors import Source
from wengert.lang.expr import Nodes
from wengert.lang.model import CONSTANTS, Definition, Input, Kind, Model
from wengert.lang.parser import parse_expression, parse_statements
from wengert.tape.primitives import VOCABULARY

mp = mpmath.mp


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


# -- every operation once more, on mpmath, as its textbook definition has it


def _softmax(k: Any, *xs: Any) -> Any:
    return mp.exp(xs[int(k) - 1]) / mp.fsum(mp.exp(x) for x in xs)


def _elu(x: Any, alpha: Any = 1) -> Any:
    return x if x > 0 else alpha * (mp.exp(x) - 1)


def _selu(x: Any) -> Any:
    return mp.mpf("1.0507009873554804934193349852946") * _elu(x, mp.mpf("1.6732632423543772848170429916717"))


def _leaky_relu(x: Any, slope: Any = None) -> Any:
    return x if x > 0 else (mp.mpf("0.01") if slope is None else slope) * x


def _dot(*xs: Any) -> Any:
    half = len(xs) // 2
    return mp.fsum(x * y for x, y in zip(xs[:half], xs[half:], strict=True))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "identity": lambda x: x, "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y, "neg": lambda x: -x, "power": lambda x, y: mp.power(x, y), "exp": mp.exp, "ln": mp.log,
    "log2": lambda x: mp.log(x) / mp.log(2), "log10": lambda x: mp.log(x) / mp.log(10), "log1p": lambda x: mp.log(1 + x),
    "expm1": lambda x: mp.exp(x) - 1, "log": lambda x, b: mp.log(x) / mp.log(b), "sqrt": mp.sqrt,
    "cbrt": lambda x: mp.sign(x) * mp.power(abs(x), mp.mpf(1) / 3), "abs": abs, "sign": mp.sign,
    "floor": mp.floor, "ceil": mp.ceil, "clip": lambda x, low, high: sorted((low, x, high))[1],
    "max": max, "min": min, "where": lambda test, p, q: p if test else q,
    "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y,
    "eq": lambda x, y: x == y,
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sec": lambda x: 1 / mp.cos(x), "csc": lambda x: 1 / mp.sin(x),
    "cot": lambda x: mp.cos(x) / mp.sin(x), "asin": mp.asin, "acos": mp.acos, "atan": mp.atan,
    "asec": lambda x: mp.acos(1 / x), "acsc": lambda x: mp.asin(1 / x), "acot": lambda x: mp.atan(1 / x),
    "atan2": mp.atan2, "sinh": lambda x: (mp.exp(x) - mp.exp(-x)) / 2, "cosh": lambda x: (mp.exp(x) + mp.exp(-x)) / 2,
    "tanh": lambda x: (mp.exp(2 * x) - 1) / (mp.exp(2 * x) + 1), "sech": lambda x: 2 / (mp.exp(x) + mp.exp(-x)),
    "csch": lambda x: 2 / (mp.exp(x) - mp.exp(-x)), "coth": lambda x: (mp.exp(2 * x) + 1) / (mp.exp(2 * x) - 1),
    "asinh": lambda x: mp.log(x + mp.sqrt(x * x + 1)), "acosh": lambda x: mp.log(x + mp.sqrt(x * x - 1)),
    "atanh": lambda x: mp.log((1 + x) / (1 - x)) / 2, "asech": lambda x: mp.log(1 / x + mp.sqrt(1 / x**2 - 1)),
    "acsch": lambda x: mp.log(1 / x + mp.sqrt(1 / x**2 + 1)), "acoth": lambda x: mp.log((x + 1) / (x - 1)) / 2,
    "erf": mp.erf, "erfc": lambda x: 1 - mp.erf(x), "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "relu": lambda x: x if x > 0 else 0 * x, "leaky_relu": _leaky_relu, "elu": _elu, "selu": _selu,
    "gelu": lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2, "silu": lambda x: x / (1 + mp.exp(-x)), "softmax": _softmax,
    "logsumexp": lambda *xs: mp.log(mp.fsum(mp.exp(x) for x in xs)), "sum": lambda *xs: mp.fsum(xs),
    "mean": lambda *xs: mp.fsum(xs) / len(xs), "dot": _dot, "norm": lambda *xs: mp.sqrt(mp.fsum(x * x for x in xs)),
}  # fmt: skip


def number(text: str) -> Any:
    """A literal at the working precision."""
    return mp.mpf(text)


def evaluate(nodes: Nodes, root: int, names: Mapping[str, Any]) -> dict[int, Any]:
    """The value of every node below the root, at mpmath's working precision. Both branches of a `where` are evaluated."""
    made: dict[int, Any] = {}
    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        if operation == "number":
            made[node] = number(nodes.text(node))
        elif operation == "name":
            name = nodes.text(node)
            made[node] = names.get(name, +(mp.e if name == "e" else mp.pi))
        else:
            made[node] = FUNCTIONS[operation](*(made[a] for a in nodes.arguments(node)))
    return made


def value_of(m: Model, of: str, point: Mapping[str, Any]) -> Any:
    """The value of a definition of the model at a point, by `evaluate`."""
    names = dict(point)
    for definition in m.definitions:
        names[definition.name] = evaluate(m.nodes, definition.root, names)[definition.root]
    return names[of]


def slope_of(m: Model, of: str, wrt: str, point: Mapping[str, str], digits: int = 60) -> Any:
    """The central difference quotient in `digits` digits with step 10^(−digits/3): right to about 2/3 of the digits."""
    with mp.workdps(digits):
        h = mp.mpf(10) ** (-digits // 3)
        start = {x: mp.mpf(v) for x, v in point.items()}
        up, down = ({**start, wrt: start[wrt] + s * h} for s in (1, -1))
        return (value_of(m, of, up) - value_of(m, of, down)) / (2 * h)


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
    "norm": (_NONZERO,), "hypot": (_NONZERO, _NONZERO), "atan2": (_ANY, _NONZERO),
    **dict.fromkeys(("softmax", "logsumexp", "sum", "mean", "dot", "max", "min", "where"), (_ANY,)),
}  # fmt: skip
del DOMAINS["atan2_right"]
COMPARISON_SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


@dataclass(frozen=True)
class Program:
    """Formula text, and a point (decimal texts) at which every operation in it stands well inside its domain."""

    text: str
    point: dict[str, str]


@st.composite
def programs(draw: st.DrawFn, operations: Sequence[str] | None = None, most: int = 9) -> Program:
    """A random program of several statements with shared subexpressions."""
    point = {x: f"{draw(st.integers(-180, 180)) / 100}" for x in draw(st.sampled_from((("x",), ("x", "y"), ("x", "y", "z"))))}
    maker = _Maker(draw, point)
    for _ in range(draw(st.integers(2, most))):
        maker.operation(draw(st.sampled_from(tuple(operations or DOMAINS))))
    return Program(maker.finish(), point)


class _Maker:
    """Grows a pool of (text, value at the point); an argument outside its interval is shifted by a literal."""

    def __init__(self, draw: st.DrawFn, point: Mapping[str, str]) -> None:
        self.draw = draw
        self.pool: list[tuple[str, float]] = [(x, float(v)) for x, v in point.items()]
        self.unused: dict[str, None] = {}
        self.lines: list[str] = []

    def operation(self, operation: str) -> None:
        draw = self.draw
        domains = DOMAINS[operation]
        count = len(domains)
        if operation in ("softmax", "logsumexp", "sum", "mean", "norm", "max", "min"):
            count = draw(st.integers(2, 3))
        elif operation == "dot":
            count = draw(st.sampled_from((2, 4)))
        elif operation == "where":
            count = 4
        arguments = [self._argument(domains[min(i, len(domains) - 1)]) for i in range(count)]
        if operation in ("max", "min", "clip", "where"):
            arguments = self._apart(arguments)
        texts, values = [t for t, _ in arguments], [mp.mpf(v) for _, v in arguments]
        text, value = self._written(operation, texts, values)
        self._add(text, float(value))

    def _written(self, operation: str, texts: list[str], values: list[Any]) -> tuple[str, Any]:
        signs = {"add": "+", "sub": "-", "mul": "*", "div": "/", "power": "**"}
        if operation in signs:
            return f"(({texts[0]}) {signs[operation]} ({texts[1]}))", FUNCTIONS[operation](*values)
        if operation == "neg":
            return f"(-({texts[0]}))", -values[0]
        if operation == "where":
            word = self.draw(st.sampled_from(tuple(COMPARISON_SIGNS)))
            test = FUNCTIONS[word](*values[:2])
            return f"where({texts[0]} {COMPARISON_SIGNS[word]} {texts[1]}, {texts[2]}, {texts[3]})", values[2 if test else 3]
        if operation == "softmax":
            k = self.draw(st.integers(1, len(texts)))
            return f"softmax({k}, {', '.join(texts)})", _softmax(k, *values)
        if operation in ("elu", "leaky_relu") and self.draw(st.booleans()):
            slope, size = self._argument(((0.1, 0.9),))
            return f"{operation}({texts[0]}, {slope})", FUNCTIONS[operation](values[0], mp.mpf(size))
        return f"{operation}({', '.join(texts)})", FUNCTIONS[operation](*values)

    def _argument(self, intervals: tuple[tuple[float, float], ...]) -> tuple[str, float]:
        text, value = self.draw(st.sampled_from(self.pool))
        self.unused.pop(text, None)
        if any(low <= value <= high for low, high in intervals):
            return text, value
        low, high = self.draw(st.sampled_from(intervals))
        return self._shifted(text, value, low + (high - low) * self.draw(st.integers(0, 8)) / 8)

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
        if len(text) > 60 or self.draw(st.booleans()):
            name = f"s{len(self.lines) + 1}"
            self.lines.append(f"{name} = {text}")
            text = name
        self.pool.append((text, value))
        self.unused[text] = None

    def finish(self) -> str:
        total = " + ".join(f"{i + 1}*{text}" for i, text in enumerate(self.unused))
        return "\n".join([*self.lines, f"f = {total}"])
