"""The sweeps against published tables, and against one another."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.programs import model
from wengert.errors import WengertError
from wengert.lang.expr import Nodes
from wengert.show.notation import language
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Float, Modular, digits
from wengert.sweep.rules import Rules
from wengert.sweep.symbols import Symbols
from wengert.sweep.trace import Trace, run
from wengert.tape.lower import lower


def traced(text: str, mode: str = "both", share: bool = True, **more: object) -> Trace:
    return run(lower(model(text, **more), share=share), mode)  # type: ignore[arg-type]


def column(trace: Trace, values: list[float | None]) -> dict[str, float | None]:
    return {trace.list.name(s): v for s, v in enumerate(values)}


def close(found: dict[str, float | None], printed: dict[str, float | None]) -> None:
    """Equal to the four decimals that the tables print, which were worked out from rounded figures."""
    assert list(found) == list(printed)
    for name, value in printed.items():
        got = found[name]
        if value is None or got is None:
            assert got == value, name
        else:
            assert got == pytest.approx(value, abs=1e-4), name


# Griewank & Walther 2008, tables 1.2 to 1.4
GRIEWANK = "v1 = x1/x2; v2 = sin(v1); v3 = exp(x2); v4 = v1 - v3; v5 = v2 + v4; y = v5*v4"
GRIEWANK_AT = {"x1": 1.5, "x2": 0.5}


def test_griewank_walther_values() -> None:
    trace = traced(GRIEWANK, at=GRIEWANK_AT)
    close(
        column(trace, trace.columns.values),
        {"x1": 1.5, "x2": 0.5, "v1": 3.0, "v2": 0.1411, "v3": 1.6487, "v4": 1.3513, "v5": 1.4924, "y": 2.0167},
    )


def test_griewank_walther_tangents() -> None:
    trace = traced(GRIEWANK, "forward", at=GRIEWANK_AT)
    close(
        column(trace, trace.columns.tangents["x1"]),
        {"x1": 1.0, "x2": None, "v1": 2.0, "v2": -1.98, "v3": None, "v4": 2.0, "v5": 0.0200, "y": 3.0118},
    )


def test_griewank_walther_adjoints() -> None:
    trace = traced(GRIEWANK, "reverse", at=GRIEWANK_AT)
    close(
        column(trace, trace.columns.adjoints["y"]),
        {"x1": 3.0118, "x2": -13.7239, "v1": 1.5059, "v2": 1.3513, "v3": -2.8437, "v4": 2.8437, "v5": 1.3513, "y": 1.0},
    )


# Baydin et al. 2018, tables 2 and 3
BAYDIN = "ln(x1) + x1*x2 - sin(x2)"
BAYDIN_AT = {"x1": 2, "x2": 5}


def test_baydin_values_and_tangents() -> None:
    trace = traced(BAYDIN, at=BAYDIN_AT)
    close(
        column(trace, trace.columns.values),
        {"x1": 2, "x2": 5, "v1": 0.69315, "v2": 10, "v3": 10.69315, "v4": -0.95892, "f": 11.65207},
    )
    close(
        column(trace, trace.columns.tangents["x1"]),
        {"x1": 1, "x2": None, "v1": 0.5, "v2": 5, "v3": 5.5, "v4": None, "f": 5.5},
    )


def test_baydin_adjoints() -> None:
    trace = traced(BAYDIN, at=BAYDIN_AT)
    close(
        column(trace, trace.columns.adjoints["f"]),
        {"x1": 5.5, "x2": 1.71634, "v1": 1, "v2": 1, "v3": 1, "v4": -1, "f": 1},
    )


def test_contributions_stand_in_sweep_order_and_add_up() -> None:
    wl = lower(model(BAYDIN, BAYDIN_AT))
    trace = run(wl)
    adjoints: list[float | None] = [None] * len(wl)
    found = [
        (wl.name(c.slot), wl.name(c.target), c.so_far)
        for c in sweeps.reverse(wl, trace.columns.partials, wl.slots["f"], Float(), adjoints)
    ]
    assert [f[:2] for f in found] == [
        ("f", "v3"), ("f", "v4"), ("v4", "x2"), ("v3", "v1"), ("v3", "v2"), ("v2", "x1"), ("v2", "x2"), ("v1", "x1"),
    ]  # fmt: skip
    assert [f[2] for f in found] == pytest.approx([1, -1, -math.cos(5), 1, 1, 5, 2 - math.cos(5), 5.5])


# text, point, derivatives
EXACT = [
    ("a + a", {"a": 3}, {"a": 2.0}),
    ("a * a", {"a": 3}, {"a": 6.0}),
    ("a - a", {"a": 3}, {"a": 0.0}),
    ("a / a", {"a": 4}, {"a": 0.0}),
    ("a**a", {"a": 1}, {"a": 1.0}),
    ("dot(a, b, b, a)", {"a": 3, "b": 5}, {"a": 10.0, "b": 6.0}),
    ("max(a, a)", {"a": 3}, {"a": 1.0}),
    ("norm(a, a)", {"a": 0.5}, {"a": math.sqrt(2)}),
    ("sum(a, a, a) + mean(a, a)", {"a": 2}, {"a": 4.0}),
    ("b = a*a; c = b + b; d = b*c", {"a": 2}, {"a": 4 * 2 * 4 * 2.0}),
    ("b = a; c = b; d = a*b*c", {"a": 2}, {"a": 12.0}),
    ("3*a + 0*b + 2", {"a": 1, "b": 1}, {"a": 3.0, "b": 0.0}),
    ("x = p; f = p*p", {"p": 5}, {"p": 10.0}),
    ("x**2", {"x": 0}, {"x": 0.0}),
    ("x**0", {"x": 0}, {"x": 0.0}),
    ("x**3", {"x": -2}, {"x": 12.0}),
    ("max(a, b)", {"a": 1, "b": 1}, {"a": 0.5, "b": 0.5}),
    ("max(a, b, c)", {"a": 1, "b": 2, "c": 2}, {"a": 0.0, "b": 0.5, "c": 0.5}),
    ("relu(x)", {"x": 0}, {"x": 0.0}),
    ("abs(x)", {"x": 0}, {"x": 0.0}),
    ("sqrt(x)", {"x": 0}, {"x": math.inf}),
    ("where(x > 1, ln(x), x - 1)", {"x": 2}, {"x": 0.5}),
    ("norm(a, b)", {"a": 0, "b": 0}, {"a": 0.0, "b": 0.0}),
    ("hypot(a, b)", {"a": 0, "b": 0}, {"a": 0.0, "b": 0.0}),
]


@pytest.mark.parametrize("mode", ["forward", "reverse", "both"])
@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize(("text", "at", "expected"), EXACT)
def test_derivatives(text: str, at: dict[str, float], expected: dict[str, float], share: bool, mode: str) -> None:
    trace = traced(text, mode, share, at=at)
    of = trace.outputs[0]
    for x, value in expected.items():
        assert trace.derivative(of, x) == pytest.approx(value, rel=1e-15), x


CONSTANTS = [
    ("2*3 + sin(pi/2)", 7.0), ("where(1 > 2, 3, 4)", 4.0), ("leaky_relu(-1)", -0.01), ("leaky_relu(-1, 0.5)", -0.5),
    ("elu(0 - 1)", math.expm1(-1)), ("softmax(1, 2, 2)", 0.5), ("dot(1, 2, 3, 4)", 11.0), ("log(8, 2)", 3.0),
    ("max(1, -2)", 1.0),
    ("2**-1", 0.5), ("e**0", 1.0), ("where(pi >= 3, where(1 == 1, 5, 6), 7)", 5.0),
]  # fmt: skip


@pytest.mark.parametrize("fold", [False, True])
@pytest.mark.parametrize(("text", "value"), CONSTANTS)
def test_constants_have_their_value_folded_or_not(text: str, value: float, fold: bool) -> None:
    trace = run(lower(model(f"x*({text})", {"x": 3}), fold=fold))
    assert trace.values[-1] == pytest.approx(3 * value, rel=1e-15)
    assert trace.derivative("f", "x") == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(("text", "value"), CONSTANTS)
def test_a_point_may_be_any_constant_expression(text: str, value: float) -> None:
    assert run(lower(model("2*x", {"x": text}))).values[0] == pytest.approx(value, rel=1e-15)


def test_a_jacobian_from_both_modes() -> None:
    text = "u = x*y; v = sin(x); w = u + v*y"
    forward, backward = (traced(text, mode, at={"x": 0.3, "y": 2}, of=("u", "v", "w")) for mode in ("forward", "reverse"))
    expected = {("u", "x"): 2, ("u", "y"): 0.3, ("v", "x"): math.cos(0.3), ("v", "y"): 0,
                ("w", "x"): 2 + 2 * math.cos(0.3), ("w", "y"): 0.3 + math.sin(0.3)}  # fmt: skip
    assert forward.pairs() == backward.pairs() == list(expected)
    for pair, value in expected.items():
        assert forward.derivative(*pair) == pytest.approx(value, rel=1e-15)
        assert backward.derivative(*pair) == pytest.approx(value, rel=1e-15)


def test_a_directional_derivative_is_the_gradient_times_the_seed() -> None:
    trace = traced("x**2*y", "forward", at={"x": 3, "y": 2}, seed={"x": "1/2", "y": "-1"})
    assert trace.pairs() == [("f", "seed")]
    assert trace.derivative("f", "seed") == 12 * 0.5 - 9


def test_with_respect_to_a_statement_it_is_a_quantity_of_its_own() -> None:
    for mode in ("forward", "reverse"):
        trace = traced("a = x**2; f = a*x + a", mode, at={"x": 3}, wrt=("a",))
        assert trace.derivative("f", "a") == 4.0


def test_only_the_partials_that_are_needed_are_computed() -> None:
    trace = traced("(-2)**n * x**2", at={"n": 3, "x": 0}, wrt=("x",))
    assert [p is not None for p in trace.columns.partials] == [False, False, True, False, False, True]
    assert trace.derivative("f", "x") == 0.0


def test_arithmetics_agree() -> None:
    m = model("w = exp(-x)*sin(y*x + 1); f = sigmoid(w)/(1 + tanh(x)**2)", {"x": "0.4", "y": "-1.3"})
    wl = lower(m)
    trace = run(wl)
    many = digits(40)
    rules = Rules(many, stable=False)
    values = sweeps.primal(wl, [many.number("0.4"), many.number("-1.3")], rules)
    partials = sweeps.local_partials(wl, values, rules, trace.active)
    bars = sweeps.adjoints(wl, partials, wl.slots["f"], many)
    for x in ("x", "y"):
        assert trace.derivative("f", x) == pytest.approx(float(bars[wl.slots[x]]), rel=1e-14)


def test_the_prime_field_wraps_around() -> None:
    field = Modular()
    assert field.add(field.prime - 1, 2) == 1
    assert field.mul(field.prime - 1, field.prime - 1) == 1


@pytest.mark.parametrize("text", ["sin(" * 20_000 + "x" + ")" * 20_000, "+".join(["x*x"] * 50_000)], ids=["nested", "long"])
def test_long_lists(text: str) -> None:
    trace = traced(text, at={"x": 0.5}, share=False)
    tangent = trace.columns.tangents["x"][trace.list.slots["f"]]
    assert trace.derivative("f", "x") == pytest.approx(tangent, rel=1e-12)
    if "+" in text:
        assert tangent == 50_000.0


WARNED = [("exp(-800)*x", 1), ("exp(x)", -800), ("x*1e-200*1e-200", 1), ("sigmoid(x)", -800), ("x**400", 1e-3)]


@pytest.mark.parametrize(("text", "x"), WARNED)
def test_underflow_is_reported(text: str, x: float) -> None:
    warnings = traced(text, at={"x": x}).warnings
    assert warnings and "underflows" in warnings[0]


@pytest.mark.parametrize(("text", "x"), [("0*x", 1), ("x*(1 - 1)", 2), ("x**2", 0), ("relu(x)", -1), ("sin(x)", 0)])
def test_an_exact_zero_is_no_underflow(text: str, x: float) -> None:
    assert traced(text, at={"x": x}).warnings == ()


@pytest.mark.parametrize(("text", "at", "value", "slope"), [
    ("where(x > 1, ln(x), x - 1)", {"x": -1}, -2.0, 1.0),
    ("where(x > 1, ln(x), x - 1)", {"x": 2}, 0.6931471805599453, 0.5),
    ("where(x > 0, sqrt(x)*x, -x)", {"x": -4}, 4.0, -1.0),
    ("where(x > 0, where(x > 1, ln(x - 1), 0), 2*x)", {"x": -1}, -2.0, 2.0),
    ("where(x == 0, 1, sin(x)/x)", {"x": 0}, 1.0, 0.0),
])  # fmt: skip
def test_a_branch_that_is_left_out_needs_no_value(text: str, at: dict[str, float], value: float, slope: float) -> None:
    trace = run(lower(model(text, at)))
    assert trace.values[-1] == value
    assert trace.derivative("f", "x") == slope


@pytest.mark.parametrize("text", ["where(ln(x) > 1, 1, 2)", "ln(x)*where(x > 0, 1, 2)", "where(x < 0, ln(x), 1)"])
def test_what_is_needed_must_have_a_value(text: str) -> None:
    with pytest.raises(WengertError, match="ln is undefined"):
        run(lower(model(text, {"x": -1})))


@pytest.mark.parametrize("arithmetic", [Float(), digits(50)])
def test_equal_arguments_are_counted_once(arithmetic: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def truth(comparison: str, a: Any, b: Any) -> bool:
        nonlocal asked
        asked += 1
        return bool(a == b)

    monkeypatch.setattr(arithmetic, "truth", truth, raising=False)
    many = 1000
    for values in ([1.0] * many, [1.0, 2.0] * many):
        partial = Rules(arithmetic).partial("max", 0)
        ties = values.count(max(values))
        for share in (partial(values, max(values), j) for j in range(len(values))):
            assert share in (0, arithmetic.one / ties)
    assert asked < 20 * many


def test_formulas_of_equal_arguments_are_counted_too() -> None:
    symbols = Symbols()
    args = [symbols.symbol(name) for name in "xxyxy"]
    shares = [Rules(symbols, stable=False).partial("max", 0)(args, symbols.symbol("f"), j) for j in range(5)]
    assert shares[0] == shares[1] == shares[3] != shares[2] == shares[4]
    nodes = Nodes(shared=True)
    written = [language(nodes, symbols.to_nodes(e, nodes)) for e in (shares[0], shares[2])]
    assert written == ["where(x == f, 1/(3 + 2*where(y == x, 1, 0)), 0)", "where(y == f, 1/(2 + 3*where(x == y, 1, 0)), 0)"]
