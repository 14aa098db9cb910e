"""Gradients of random programs over all primitives, against three readings that share nothing with the sweeps:
a difference quotient in 60 digits, sympy's derivative, and the dot-product identity.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
import sympy
from hypothesis import given, settings

from tests.programs import DOMAINS, FUNCTIONS, Program, evaluate, model, mp, programs, slope_of
from wengert.lang.expr import Nodes
from wengert.lang.model import Model
from wengert.sweep.arithmetics import digits
from wengert.sweep.rules import Rules
from wengert.sweep.trace import Columns, Trace, run, sweep
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES
from wengert.verify.accumulation import accumulates

S: Any = sympy


def test_the_generator_covers_the_table() -> None:
    assert set(DOMAINS) == {r.label for r in PRIMITIVES.values()}


def _traced(program: Program) -> Trace:
    return run(lower(model(program.text, program.point)), "both")


def _many(trace: Trace, stable: bool = False) -> Columns:
    """The same sweeps in 50 digits."""
    return sweep(trace.list, Rules(digits(50), stable=stable), trace.active, trace.outputs, trace.directions, strict=True)


def _agrees_with_differences(program: Program) -> None:
    trace = _traced(program)
    columns = [_many(trace, stable) for stable in (False, True)]
    for x in trace.wrt:
        reference = slope_of(trace.model, "f", x, program.point)
        assert trace.derivative("f", x) == pytest.approx(float(reference), rel=1e-8, abs=1e-8), x
        for form in columns:
            assert _equal(form.adjoints["f"][trace.list.slots[x]], reference), x


def _equal(ours: Any, reference: Any) -> bool:
    with mp.workdps(60):
        return bool(abs(mp.mpf(ours or 0) - reference) <= mp.mpf(10) ** -30 * max(1, abs(reference)))


@pytest.mark.parametrize("operation", sorted(DOMAINS))
def test_each_operation_against_difference_quotients(operation: str) -> None:
    """Each primitive among a few others, so that none depends on luck to be drawn."""

    @settings(max_examples=2)
    @given(programs([operation, operation, "mul", "sin"], most=5))
    def holds(program: Program) -> None:
        _agrees_with_differences(program)

    holds()


@settings(max_examples=50)
@given(programs())
def test_against_difference_quotients(program: Program) -> None:
    _agrees_with_differences(program)


@settings(max_examples=40)
@given(programs())
def test_tangents_equal_adjoints(program: Program) -> None:
    """⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for a random direction, in doubles, in 50 digits, and exactly modulo a prime."""
    trace = _traced(program)
    rng = random.Random(program.text)
    columns = _many(trace)
    out = trace.list.slots["f"]
    with mp.workdps(60):
        forward, backward = mp.mpf(0), mp.mpf(0)
        for x in trace.wrt:
            component = rng.randint(-9, 9)
            forward += component * mp.mpf(columns.tangents[x][out] or 0)
            backward += component * mp.mpf(columns.adjoints["f"][trace.list.slots[x]] or 0)
            double = trace.columns.tangents[x][out] or 0.0
            assert double == pytest.approx(trace.derivative("f", x), rel=1e-9, abs=1e-9)
        assert _equal(backward, forward)
    assert accumulates(trace.list, trace.outputs, trace.wrt)


@settings(max_examples=40)
@given(programs(most=6))
def test_against_sympy(program: Program) -> None:
    trace = _traced(program)
    columns = _many(trace)
    with mp.workdps(50):
        expression, symbols = _in_sympy(trace.model, program.point)
        at = {symbols[x]: mp.mpf(v) for x, v in program.point.items() if x in symbols}
        for x in trace.wrt:
            derivative = S.diff(expression, symbols[x])
            reference = S.lambdify(list(at), derivative, "mpmath")(*at.values())
            assert _equal(columns.adjoints["f"][trace.list.slots[x]], reference), x


# -- sympy's view of a model: on the branch of every abs, max and where that is taken at the point


def _in_sympy(m: Model, point: dict[str, str]) -> tuple[Any, dict[str, Any]]:
    symbols = {i.name: S.Symbol(f"s{k}", real=True) for k, i in enumerate(m.inputs)}
    names: dict[str, Any] = dict(symbols)
    values: dict[str, Any] = {x: mp.mpf(v) for x, v in point.items()}
    root = m.definitions[-1].root
    for definition in m.definitions:
        root = definition.root
        at = evaluate(m.nodes, root, values)
        made: dict[int, Any] = {}
        for node in m.nodes.reachable([root]):
            made[node] = _node(m.nodes, node, made, at, names)
        names[definition.name], values[definition.name] = made[root], at[root]
    return names[m.definitions[-1].name], symbols


def _node(nodes: Nodes, node: int, made: dict[int, Any], at: dict[int, Any], names: dict[str, Any]) -> Any:
    operation = nodes.operation(node)
    if operation == "number":
        return S.Rational(nodes.text(node))
    if operation == "name":
        return names[nodes.text(node)]
    if operation in ("gt", "ge", "lt", "le", "eq"):
        return bool(at[node])
    arguments = nodes.arguments(node)
    u = [made[a] for a in arguments]
    if operation in SYMPY:
        return SYMPY[operation](*u)
    positive = at[arguments[0]] > 0
    if operation in ("max", "min"):
        best = (max if operation == "max" else min)(arguments, key=lambda a: at[a])
        return made[best]
    if operation == "clip":
        return made[sorted(arguments, key=lambda a: at[a])[1]]
    if operation in ("floor", "ceil"):
        return S.Integer(int(at[node]))
    if operation == "where":
        return u[1] if u[0] else u[2]
    return KINKED[operation](positive, *u)


def _half(*u: Any) -> Any:
    return S.Add(*(x * y for x, y in zip(u[: len(u) // 2], u[len(u) // 2 :], strict=True)))


_LAMBDA, _ALPHA = S.Rational("1.0507009873554804934193349852946"), S.Rational("1.6732632423543772848170429916717")
_HUNDREDTH = S.Rational(1, 100)
KINKED: dict[str, Any] = {
    "abs": lambda p, x: x if p else -x, "sign": lambda p, x: S.Integer(1 if p else -1),
    "relu": lambda p, x: x if p else S.Integer(0), "cbrt": lambda p, x: S.cbrt(x) if p else -S.cbrt(-x),
    "leaky_relu": lambda p, x, k=_HUNDREDTH: x if p else k * x,
    "elu": lambda p, x, k=S.S.One: x if p else k * (S.exp(x) - 1),
    "selu": lambda p, x: _LAMBDA * (x if p else _ALPHA * (S.exp(x) - 1)),
}  # fmt: skip
SYMPY: dict[str, Any] = {
    "identity": lambda x: x, "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y, "neg": lambda x: -x, "power": lambda x, y: x**y, "exp": S.exp, "ln": S.log,
    "log2": lambda x: S.log(x, 2), "log10": lambda x: S.log(x, 10), "log1p": lambda x: S.log(1 + x),
    "expm1": lambda x: S.exp(x) - 1, "log": lambda x, b: S.log(x) / S.log(b), "sqrt": S.sqrt,
    "sin": S.sin, "cos": S.cos, "tan": S.tan, "sec": S.sec, "csc": S.csc, "cot": S.cot, "asin": S.asin, "acos": S.acos,
    "atan": S.atan, "asec": S.asec, "acsc": S.acsc, "acot": S.acot, "atan2": S.atan2, "sinh": S.sinh, "cosh": S.cosh,
    "tanh": S.tanh, "sech": S.sech, "csch": S.csch, "coth": S.coth, "asinh": S.asinh, "acosh": S.acosh, "atanh": S.atanh,
    "asech": S.asech, "acsch": S.acsch, "acoth": S.acoth, "erf": S.erf, "erfc": S.erfc,
    "hypot": lambda x, y: S.sqrt(x**2 + y**2), "sigmoid": lambda x: 1 / (1 + S.exp(-x)),
    "softplus": lambda x: S.log(1 + S.exp(x)), "gelu": lambda x: x * (1 + S.erf(x / S.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + S.exp(-x)), "softmax": lambda k, *u: S.exp(u[int(k) - 1]) / S.Add(*map(S.exp, u)),
    "logsumexp": lambda *u: S.log(S.Add(*map(S.exp, u))), "sum": lambda *u: S.Add(*u),
    "mean": lambda *u: S.Add(*u) / len(u), "dot": _half, "norm": lambda *u: S.sqrt(S.Add(*(x**2 for x in u))),
}  # fmt: skip


def test_the_maps_cover_the_table() -> None:
    own = {*SYMPY, *KINKED, "max", "min", "where", "clip", "floor", "ceil"}
    assert own == {r.label for r in PRIMITIVES.values()} == set(FUNCTIONS) - {"gt", "ge", "lt", "le", "eq"}
