"""Second readings of every operation, on mpmath: an evaluator of its own that knows nothing of the rule table, the sweeps or
the judge's dictionary. What `tests.programs` draws is compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath

from wengert.lang.expr import Nodes
from wengert.lang.model import Model

mp = mpmath.mp


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
    "asec": lambda x: mp.acos(1 / x), "acsc": lambda x: mp.asin(1 / x),
    "acot": lambda x: mp.pi / 2 if x == 0 else mp.atan(1 / x),
    "atan2": mp.atan2, "sinh": lambda x: (mp.exp(x) - mp.exp(-x)) / 2, "cosh": lambda x: (mp.exp(x) + mp.exp(-x)) / 2,
    "tanh": lambda x: (mp.exp(2 * x) - 1) / (mp.exp(2 * x) + 1), "sech": lambda x: 2 / (mp.exp(x) + mp.exp(-x)),
    "csch": lambda x: 2 / (mp.exp(x) - mp.exp(-x)), "coth": lambda x: (mp.exp(2 * x) + 1) / (mp.exp(2 * x) - 1),
    "asinh": lambda x: mp.log(x + mp.sqrt(x * x + 1)), "acosh": lambda x: mp.log(x + mp.sqrt(x * x - 1)),
    "atanh": lambda x: mp.log((1 + x) / (1 - x)) / 2, "asech": lambda x: mp.log(1 / x + mp.sqrt(1 / x**2 - 1)),
    "acsch": lambda x: mp.log(1 / x + mp.sqrt(1 / x**2 + 1)), "acoth": lambda x: mp.log((x + 1) / (x - 1)) / 2,
    "erf": mp.erf, "erfc": mp.erfc, "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "relu": lambda x: x if x > 0 else 0 * x, "leaky_relu": _leaky_relu, "elu": _elu, "selu": _selu,
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2, "silu": lambda x: x / (1 + mp.exp(-x)), "softmax": _softmax,
    "logsumexp": lambda *xs: mp.log(mp.fsum(mp.exp(x) for x in xs)), "sum": lambda *xs: mp.fsum(xs),
    "mean": lambda *xs: mp.fsum(xs) / len(xs), "dot": _dot, "norm": lambda *xs: mp.sqrt(mp.fsum(x * x for x in xs)),
}  # fmt: skip


def number(text: str) -> Any:
    """A literal at the working precision."""
    return mp.mpf(text)


CONSTANTS: dict[str, Callable[..., Any]] = {"e": lambda: +mp.e, "pi": lambda: +mp.pi}


def evaluate(
    nodes: Nodes,
    root: int,
    names: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]] = {**FUNCTIONS, **CONSTANTS},
    literal: Callable[[str], Any] = number,
) -> dict[int, Any]:
    """The value of every node below the root, by mpmath at its working precision unless other `functions` are given. Both
    branches of a `where` are evaluated. Raises KeyError with the name of a function that is not there."""
    made: dict[int, Any] = {}
    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        if operation == "number":
            made[node] = literal(nodes.text(node))
        elif operation == "name":
            name = nodes.text(node)
            made[node] = names[name] if name in names else functions[name]()
        else:
            made[node] = functions[operation](*(made[a] for a in nodes.arguments(node)))
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
