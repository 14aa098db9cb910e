"""What JAX, PyTorch and sympy make of each edge of the README: measured, not remembered.

    python3 -m venv peers && peers/bin/python -m pip install jax torch sympy numpy
    PYTHONPATH=. peers/bin/python tests/trust/measure_peers.py

prints each row of the README's table whose cells differ from what these libraries give here, with the measured cells, and their
versions; the exit status is 1 where any differs. No test runs this: neither library is needed to test wengert.

A formula is read by wengert's parser and put into a library operation by operation, under the name that the operation has
there: `x**0.5` is the library's power of a variable and a Python number. A dash stands where it has no such function.
JAX computes in doubles (jax_enable_x64), both on the CPU. sympy gets exact numbers, differentiates in symbols and puts the
point in; what it leaves as it is stands as it prints it.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from tests import readings
from tests.trust.edges import SYSTEMS, Edge, edges
from wengert.errors import Source
from wengert.lang.expr import Nodes
from wengert.lang.parser import parse_expression
from wengert.tape.primitives import VOCABULARY

NONE = "–"  # the library has no such function
Functions = Mapping[str, Callable[..., Any]]

OPERATORS: Functions = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "power": lambda x, y: x**y, "identity": lambda x: x, "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y,
}  # fmt: skip


class Lacking(Exception):
    """The library has no such function."""


def evaluate(text: str, names: Mapping[str, Any], functions: Functions, number: Callable[[str], Any]) -> Any:
    """The formula in a library: `names` are its variables, `number` makes a literal of it."""
    nodes = Nodes()
    root = parse_expression(Source(text), nodes, VOCABULARY)
    try:
        return readings.evaluate(nodes, root, names, functions, number)[root]
    except KeyError as missing:
        raise Lacking(missing) from missing


def literal(text: str) -> int | float:
    return int(text) if text.isdigit() and len(text) < 16 else float(text)


def shown(value: Any) -> str:
    """Six digits; zeros at the end, and the sign of a zero, say nothing."""
    value = float(value)
    return "0" if value == 0 else f"{value:.6g}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")


# -- JAX


def jax_cell(edge: Edge) -> str:
    import jax
    import jax.numpy as jnp
    from jax.scipy.special import erf, erfc

    jax.config.update("jax_enable_x64", True)
    nn = jax.nn
    functions: Functions = {
        **OPERATORS, "exp": jnp.exp, "ln": jnp.log, "log2": jnp.log2, "log10": jnp.log10, "log1p": jnp.log1p,
        "expm1": jnp.expm1, "sqrt": jnp.sqrt, "cbrt": jnp.cbrt, "abs": jnp.abs, "sign": jnp.sign, "floor": jnp.floor,
        "ceil": jnp.ceil, "clip": jnp.clip, "where": jnp.where, "sin": jnp.sin, "cos": jnp.cos, "tan": jnp.tan,
        "asin": jnp.arcsin, "acos": jnp.arccos, "atan": jnp.arctan, "atan2": jnp.arctan2, "sinh": jnp.sinh, "cosh": jnp.cosh,
        "tanh": jnp.tanh, "asinh": jnp.arcsinh, "acosh": jnp.arccosh, "atanh": jnp.arctanh, "erf": erf, "erfc": erfc,
        "hypot": jnp.hypot, "sigmoid": nn.sigmoid, "softplus": nn.softplus, "relu": nn.relu, "leaky_relu": nn.leaky_relu,
        "elu": nn.elu, "selu": nn.selu, "gelu": lambda x: nn.gelu(x, approximate=False), "silu": nn.silu,
        "max": lambda *a: jnp.maximum(*a) if len(a) == 2 else jnp.max(jnp.stack(a)),
        "min": lambda *a: jnp.minimum(*a) if len(a) == 2 else jnp.min(jnp.stack(a)),
        "softmax": lambda k, *a: nn.softmax(jnp.stack(a))[k - 1], "logsumexp": lambda *a: nn.logsumexp(jnp.stack(a)),
        "norm": lambda *a: jnp.linalg.norm(jnp.stack(a)), "pi": lambda: jnp.pi,
    }  # fmt: skip
    names = list(edge.point)

    def f(*values: Any) -> Any:
        return 1.0 * evaluate(edge.text, dict(zip(names, values, strict=True)), functions, literal)

    given = [jnp.float64(float(evaluate(v, {}, functions, literal))) for v in edge.point.values()]
    value, slope = jax.value_and_grad(f, argnums=names.index(edge.wrt))(*given)
    return f"{shown(value)}; {shown(slope)}"


# -- PyTorch


def torch_cell(edge: Edge) -> str:
    import math

    import torch

    F = torch.nn.functional

    def tensor(x: Any) -> Any:
        return x if isinstance(x, torch.Tensor) else torch.tensor(float(x), dtype=torch.float64)

    def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *a: function(*map(tensor, a))

    functions: Functions = {
        **OPERATORS, "pi": lambda: math.pi,
        **{name: lifted(f) for name, f in {
            "exp": torch.exp, "ln": torch.log, "log2": torch.log2, "log10": torch.log10, "log1p": torch.log1p,
            "expm1": torch.expm1, "sqrt": torch.sqrt, "abs": torch.abs, "sign": torch.sign, "floor": torch.floor,
            "ceil": torch.ceil, "where": lambda test, p, q: torch.where(test.bool(), p, q), "sin": torch.sin,
            "cos": torch.cos, "tan": torch.tan, "asin": torch.asin, "acos": torch.acos, "atan": torch.atan,
            "atan2": torch.atan2, "sinh": torch.sinh, "cosh": torch.cosh, "tanh": torch.tanh, "asinh": torch.asinh,
            "acosh": torch.acosh, "atanh": torch.atanh, "erf": torch.erf, "erfc": torch.erfc, "hypot": torch.hypot,
            "sigmoid": torch.sigmoid, "softplus": F.softplus, "relu": torch.relu, "selu": F.selu, "gelu": F.gelu,
            "silu": F.silu, "max": lambda *a: torch.maximum(*a) if len(a) == 2 else torch.amax(torch.stack(a), 0),
            "min": lambda *a: torch.minimum(*a) if len(a) == 2 else torch.amin(torch.stack(a), 0),
            "logsumexp": lambda *a: torch.logsumexp(torch.stack(a), 0),
            "norm": lambda *a: torch.linalg.vector_norm(torch.stack(a)),
        }.items()},
        "clip": lambda x, low, high: torch.clamp(x, tensor(low), tensor(high))
        if isinstance(low, torch.Tensor) or isinstance(high, torch.Tensor) else torch.clamp(x, low, high),
        "leaky_relu": lambda x, slope=0.01: F.leaky_relu(x, slope), "elu": lambda x, alpha=1.0: F.elu(x, alpha),
        "softmax": lambda k, *a: torch.softmax(torch.stack(a), 0)[k - 1],
    }  # fmt: skip
    given = {x: tensor(evaluate(v, {}, functions, literal)).clone() for x, v in edge.point.items()}
    for x in given.values():
        x.requires_grad_()
    value = tensor(evaluate(edge.text, given, functions, literal))
    (slope,) = torch.autograd.grad(value, given[edge.wrt], allow_unused=True)
    return f"{shown(value.detach())}; {'0' if slope is None else shown(slope)}"


# -- sympy


def sympy_cell(edge: Edge) -> str:
    import sympy as S

    functions: Functions = {
        **OPERATORS, "pi": lambda: S.pi, "where": lambda test, p, q: S.Piecewise((p, test), (q, True)),
        **{name: getattr(S, name) for name in (
            "exp", "ln", "sqrt", "cbrt", "sign", "floor", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan",
            "asec", "acsc", "acot", "atan2", "sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh", "asech",
            "acsch", "acoth", "erf", "erfc")},
        "abs": S.Abs, "ceil": S.ceiling, "max": S.Max, "min": S.Min, "log2": lambda x: S.log(x, 2),
        "log10": lambda x: S.log(x, 10),
    }  # fmt: skip
    symbols = {x: S.Symbol(x, real=True) for x in edge.point}
    point = {symbols[x]: evaluate(v, {}, functions, S.Rational) for x, v in edge.point.items()}

    def told(expression: Any) -> str:
        put = expression.subs(point) if len(point) == 1 else expression.subs(point, simultaneous=True)
        put = put.doit() if put.has(S.Derivative) is False else put
        if put.is_number and not put.has(S.DiracDelta, S.zoo, S.nan, S.oo):
            number = S.N(put, 20)
            if number.is_comparable:
                return "0" if number == 0 else f"{S.N(number, 6)}".rstrip("0").rstrip(".") if "e" not in str(S.N(number, 6)) \
                    else _short(str(S.N(number, 6)))
            put = S.N(put, 6)
        return str(put)

    f = evaluate(edge.text, symbols, functions, S.Rational)
    f = S.sympify(f)
    return f"{told(f)}; {told(S.diff(f, symbols[edge.wrt]))}"


def _short(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


# -- the table


def measured(edge: Edge) -> tuple[str, ...]:
    found = []
    for cell in (jax_cell, torch_cell, sympy_cell):
        try:
            found.append(cell(edge))
        except Lacking:
            found.append(NONE)
        except Exception as error:  # of the library: it is what the library does
            found.append(type(error).__name__)
    return tuple(found)


def main() -> int:
    warnings.simplefilter("ignore")
    import jax
    import sympy
    import torch

    print(f"JAX {jax.__version__}, PyTorch {torch.__version__}, sympy {sympy.__version__}")
    different = 0
    rows = edges()
    for edge in rows:
        found = measured(edge)
        if found != edge.cells:
            different += 1
            print(edge.name)
            for system, cell, written in zip(SYSTEMS, found, edge.cells, strict=True):
                print(f"    {system}: {cell}" + ("" if cell == written else f"  (README: {written})"))
    print(f"{len(rows)} edges, {different} of them with another cell than the README")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
