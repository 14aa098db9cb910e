"""Derivatives of higher order from the recorded lists, against mpmath's difference quotients of tests/programs.py."""

from __future__ import annotations

import math
import time
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings

from tests.programs import FUNCTIONS, Program, model, mp, programs, value_of
from wengert.errors import UsageError
from wengert.lang.expr import Nodes
from wengert.lang.model import Definition, Input, Model
from wengert.show.notation import TextNotation
from wengert.sweep.arithmetics import Float, digits
from wengert.sweep.higher import Higher, evaluate, higher, higher_formulas
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.wengert_list import check


def _recorded(m: Model, order: int, stable: bool, both: bool = False) -> Higher:
    wl = lower(m)
    h = higher(wl, order, stable=stable, both=both)
    check(h.list)
    assert h.list.opcode[: len(wl.opcode)] == wl.opcode and h.list.operands[: len(wl.operands)] == wl.operands
    return h


def _values(h: Higher, point: dict[str, Any], rules: Rules) -> dict[Any, Any]:
    numbers = [rules.arithmetic.number(str(point[x.name])) for x in h.list.model.inputs]
    return evaluate(h, rules, numbers)


def _at(text: str, point: dict[str, Any], order: int, **options: Any) -> dict[tuple[str, ...], Any]:
    """The derivatives in doubles, by the names of their index."""
    stable = options.pop("stable", True)
    h = _recorded(model(text, **options), order, stable)
    return {key[1:]: x for key, x in _values(h, point, Rules(Float())).items()}


def _difference(m: Model, of: str, wrt: tuple[str, ...], point: dict[str, str]) -> Any:
    """∏ (f(x + h) − f(x − h))/2h over the names of the index."""
    with mp.workdps(60 * len(wrt) + 60):
        step = mp.mpf(10) ** -30
        total = mp.mpf(0)
        for signs in product((1, -1), repeat=len(wrt)):
            at = {x: mp.mpf(v) for x, v in point.items()}
            weight = 1
            for x, sign in zip(wrt, signs, strict=True):
                at[x] += sign * step
                weight *= sign
            total += weight * value_of(m, of, at)
        return total / (2 * step) ** len(wrt)


def _near(ours: Any, reference: Any, places: int) -> bool:
    with mp.workdps(80):
        return bool(abs(mp.mpf(ours) - reference) <= mp.mpf(10) ** -places * max(1, abs(reference)))


# -- every primitive


def _calls() -> list[tuple[str, str, tuple[float, ...]]]:
    signs = {"add": "+", "sub": "-", "mul": "*", "div": "/", "power": "**"}
    found = []
    for record in PRIMITIVES.values():
        for sample in record.samples if record.label in FUNCTIONS else ():
            names = [f"x{i}" for i in range(len(sample))]
            if record.name in signs:
                text = f" {signs[record.name]} ".join(names)
            elif record.comparison:
                sign = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "=="}[record.comparison]
                text = f"where(x0 {sign} x1, x2**3, x3**2)"
            elif record.name == "neg":
                text = "-x0"
            elif record.literal:
                text = f"{record.name}({int(sample[0])}, {', '.join(names[1:])})"
            else:
                text = f"{record.name}({', '.join(names)})"
            found.append((record.name, text, sample))
    return found


@pytest.mark.parametrize(("name", "text", "sample"), _calls(), ids=lambda x: str(x))
def test_second_derivatives_of_each_primitive(name: str, text: str, sample: tuple[float, ...]) -> None:
    m = model(text)
    point = {f"x{i}": str(v) for i, v in enumerate(sample) if any(x.name == f"x{i}" for x in m.inputs)}
    for stable in (False, True):
        h = _recorded(m, 2, stable, both=True)
        found = _values(h, point, Rules(digits(50), stable=stable))
        for (of, *wrt), ours in found.items():
            assert _near(ours, _difference(m, of, wrt, point), 20), (wrt, stable, ours)


# -- values


def test_a_square_has_its_second_derivative_at_0() -> None:
    for stable in (False, True):
        assert _at("x**2", {"x": 0}, 3, stable=stable) == {("x",): 0.0, ("x", "x"): 2.0, ("x", "x", "x"): 0.0}


@pytest.mark.parametrize("stable", [False, True])
@pytest.mark.parametrize(
    ("text", "point", "wrt", "value"),
    [
        ("x**3", {"x": 0}, "xxx", 6.0),
        ("x*x*x", {"x": 0}, "xxx", 6.0),
        ("(x**2 + 1)**3", {"x": 1}, "xxx", 192.0),
        ("exp(x)*sin(x)", {"x": 0}, "x" * 10, 32.0),
        ("x**10", {"x": 1.5}, "x" * 10, 3628800.0),
        ("x**10", {"x": 1.5}, "x" * 20, 0.0),
        ("x*y*z*u*v*w", {"x": 1, "y": 2, "z": 3, "u": 4, "v": 5, "w": 6}, "xyzu", 30.0),
        ("x**2*y + y**3", {"x": 2, "y": 3}, "xy", 4.0),
        ("100*(y - x**2)**2 + (1 - x)**2", {"x": 1, "y": 1}, "xx", 802.0),
        ("sigmoid(x)", {"x": 0}, "xxx", -0.125),  # exp(−|x|) in the stable partial would say 0
        ("softplus(x)", {"x": 0}, "xxxx", -0.125),
        ("tanh(x)", {"x": 0}, "xxx", -2.0),
        ("x**y", {"x": 2, "y": 0}, "xy", 0.5),  # the stable partial chooses at y = 0
        ("x**y", {"x": 2, "y": 0}, "yx", 0.5),
        ("relu(x)**2", {"x": 3}, "xx", 2.0),
        ("abs(x)**3", {"x": -2}, "xx", 12.0),
        ("where(x > 0, ln(x), x**2)", {"x": -1}, "xx", 2.0),  # ln has no value here
        ("y*where(x > 0, sqrt(x)*y, x**2*y)", {"x": -1, "y": 3}, "xy", -12.0),
        ("max(x, y, x*y)*x", {"x": 3, "y": 2}, "xx", 4.0),
        ("max(x**2, y, 1)", {"x": 3, "y": 2}, "xx", 2.0),
        ("max(x, y)**2", {"x": 3, "y": 2}, "xx", 2.0),
        ("min(x*y, y, 9)", {"x": 0.5, "y": 2}, "xy", 1.0),
        ("gelu(x)", {"x": 0}, "xx", 0.7978845608028654),
        ("sin(e*pi*x)", {"x": 0}, "xxx", -((math.e * math.pi) ** 3)),
    ],
)
def test_values(text: str, point: dict[str, Any], wrt: str, value: float, stable: bool) -> None:
    names = tuple(dict.fromkeys(wrt))
    found = _at(text, point, len(wrt), wrt=names, stable=stable)
    key = tuple(sorted(wrt, key=names.index))
    assert found[key] == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("text", ["sqrt(x)", "norm(x, y)", "hypot(x, y)"])
def test_no_value_is_made_up_where_there_is_none(text: str) -> None:
    found = _at(text, {"x": 0, "y": 0}, 2)
    assert found["x", "x"] != found["x", "x"]


def test_rationals_stay_exact_and_unknown_stays_unknown() -> None:
    h = _recorded(model("x**3/7 + sin(y)"), 2, False)
    found = _values(h, {"x": "1/3", "y": "1"}, Rules(Rational(), stable=False))
    assert found["f", "x", "x"] == Rational().number("2/7") and found["f", "y", "y"] is UNKNOWN
    assert found["f", "x", "y"] == 0 and h.operands["f", "x", "y"] is None


def test_constants_are_not_the_inputs_of_the_same_name() -> None:
    nodes = Nodes()
    root = nodes.call("gelu", [nodes.name("pi")])
    m = Model(nodes, (Input("pi"),), (Definition("f", root),), ("f",), ("pi",))
    found = _values(_recorded(m, 2, False), {"pi": "0"}, Rules(digits(30), stable=False))
    assert _near(found["f", "pi", "pi"], mp.sqrt(2 / mp.pi), 14)


@settings(max_examples=25)
@given(programs(most=6))
def test_hessians_of_random_programs(program: Program) -> None:
    m = model(program.text, program.point)
    point = {x.name: program.point[x.name] for x in m.inputs}
    for stable in (False, True):
        found = _values(_recorded(m, 2, stable, both=True), point, Rules(digits(60), stable=stable))
        for (of, *wrt), ours in found.items():
            if len(wrt) == 2:
                assert _near(ours, found[(of, *wrt[::-1])], 40), wrt
                assert _near(ours, _difference(m, of, wrt, point), 20), (wrt, stable)


@settings(max_examples=15)
@given(programs(most=5))
def test_third_derivatives_of_random_programs(program: Program) -> None:
    m = model(program.text, program.point, wrt=[next(iter(program.point))])
    if m.wrt[0] not in {x.name for x in m.inputs}:
        return
    point = {x.name: program.point[x.name] for x in m.inputs}
    found = _values(_recorded(m, 3, True), point, Rules(digits(60)))
    wrt = m.wrt * 3
    assert _near(found[("f", *wrt)], _difference(m, "f", wrt, point), 15)


@settings(max_examples=20)
@given(programs())
def test_order_1_is_the_reverse_sweep(program: Program) -> None:
    trace = run(lower(model(program.text, program.point)))
    found = evaluate(_recorded(trace.model, 1, True), Rules(Float()), trace.values[: trace.list.inputs])
    for (of, (x,)), value in found.items():
        assert value == pytest.approx(trace.derivative(of, x), rel=1e-9, abs=1e-9)


# -- definitions, directions


def test_a_definition_is_free_where_the_index_has_it() -> None:
    found = _at("a = x**2\nf = a*x + a**3", {"x": 2}, 2, wrt=["x", "a"])
    assert found["x",] == 12 + 6 * 32 and found["x", "x"] == 12 + 30 * 16
    assert found["a",] == 2 + 3 * 16 and found["a", "a"] == 24
    assert found["x", "a"] == 1  # of a·x + a³ with a free


def test_two_definitions_are_free_at_once() -> None:
    found = _at("a = x**2\nb = 3*a\nf = a*b**2", {"x": 1}, 2, wrt=["a", "b"])
    assert found["a", "b"] == 6 and found["b", "b"] == 2 and found["a", "a"] == 6 * 9


def test_hessian_times_a_direction() -> None:
    found = _at("x**3*y", {"x": 2, "y": 5}, 3, seed={"x": "1", "y": "1/2"})
    assert found["seed",] == 3 * 4 * 5 + 8 / 2
    assert found["x", "seed"] == 6 * 2 * 5 + 3 * 4 / 2 and found["y", "seed"] == 12
    assert found["x", "seed", "seed"] == 6 * 5 + 2 * 6 * 2 / 2


def test_several_outputs() -> None:
    h = _recorded(model("p = x*y\nq = p**2", of=["p", "q"]), 2, True)
    found = _values(h, {"x": 2, "y": 3}, Rules(Float()))
    assert found["p", "x", "y"] == 1 and found["q", "x", "y"] == 24 and found["q", "x", "x"] == 18


# -- the list


def test_statements_are_shared_and_nothing_superfluous_stays() -> None:
    h = _recorded(model("exp(x)*sin(x)"), 10, False)
    assert len(h.list) - h.base < 40
    assert len(_recorded(model("x**2"), 2, False).list) - 2 == 1  # 2·x
    assert [h.list.name(s) for s in h.list.statements()][:4] == ["v1", "v2", "f", "v3"]


def test_the_limit_is_told() -> None:
    wl = lower(model("sum(" + ", ".join(f"x{i}**2" for i in range(700)) + ")"))
    with pytest.raises(UsageError, match="--order 2 would take 245,350 derivatives; the limit is 200,000"):
        higher(wl, 2, stable=False)
    with pytest.raises(UsageError, match="--order 3 would take more than 50 statements"):
        higher(lower(model("tan(sin(x)*cos(x))")), 3, stable=False, limit=50)
    with pytest.raises(UsageError):
        higher(wl, 0, stable=False)


def test_long_and_deep_lists() -> None:
    begun = time.process_time()
    wide = lower(model(" + ".join(f"x*{i}" for i in range(1, 20_001))))
    assert higher(wide, 2, stable=True).operands["f", "x", "x"] is None
    deep = "\n".join(["s0 = x", *(f"s{i} = sin(s{i - 1})" for i in range(1, 5_001))])
    assert len(higher(lower(model(deep, wrt=["x"])), 2, stable=True).list) < 50_000
    nested = "\n".join(["s0 = x", *(f"s{i} = where(x > {i}, x**2, s{i - 1})" for i in range(1, 301))])
    assert len(higher(lower(model(nested, wrt=["x"])), 2, stable=True).list) < 3_000
    assert time.process_time() - begun < 20


# -- formulas


@pytest.mark.parametrize(
    ("text", "order", "formulas"),
    [
        ("x**2", 3, ["2·x", "2", "0"]),
        ("(x**2 + 1)**3", 3, ["6·x·(x² + 1)²", "30·x⁴ + 36·x² + 6", "120·x³ + 72·x"]),
        ("sin(x**2 + 1)", 2, ["2·x·cos(x² + 1)", "2·cos(x² + 1) − 4·x²·sin(x² + 1)"]),
        ("x**2*y + y**3", 2, ["2·y·x", "3·y² + x²", "2·y", "2·x", "6·y"]),
        ("exp(x)*sin(x)", 4, ["(cos(x) + sin(x))·exp(x)", "2·exp(x)·cos(x)", "2·(cos(x) − sin(x))·exp(x)", "−4·exp(x)·sin(x)"]),
        ("sqrt(x)", 3, ["1/(2·√x)", "−1/(4·x^(3/2))", "3/(8·x^(5/2))"]),
        ("ln(x)", 3, ["1/x", "−1/x²", "2/x³"]),
        ("x**2*exp(3*x)", 2, ["x·(3·x + 2)·exp(3·x)", "(9·x² + 12·x + 2)·exp(3·x)"]),
        ("exp(-x**2/2)", 4, ["−x·exp(−x²/2)", "(x² − 1)·exp(−x²/2)", "x·(3 − x²)·exp(−x²/2)", "(x⁴ − 6·x² + 3)·exp(−x²/2)"]),
        ("where(x > 0, x**3, sin(x))", 2, ["where(x > 0, 3·x², cos(x))", "where(x > 0, 6·x, −sin(x))"]),
    ],
)  # fmt: skip
def test_formulas(text: str, order: int, formulas: list[str]) -> None:
    nodes = Nodes(shared=True)
    found = higher_formulas(_recorded(model(text), order, False), nodes)
    assert [TextNotation().formula(nodes, root) for root in found.values() if root is not None] == formulas


def test_rosenbrock() -> None:
    nodes = Nodes(shared=True)
    found = higher_formulas(_recorded(model("100*(y - x**2)**2 + (1 - x)**2"), 2, False), nodes)
    shown = {key[1:]: TextNotation().formula(nodes, root) for key, root in found.items() if root is not None}
    assert (shown["x", "x"], shown["y", "x"], shown["y", "y"]) == ("1200·x² − 400·y + 2", "−400·x", "200")


def test_a_formula_too_large_is_none() -> None:
    deep = "\n".join(["s0 = x*y", *(f"s{i} = sin(s{i - 1})*cos(s{i - 1})" for i in range(1, 14))])
    h = _recorded(model(deep, wrt=["x"]), 2, False)
    assert set(higher_formulas(h, Nodes()).values()) == {None}


@settings(max_examples=20)
@given(programs(most=4))
def test_formulas_have_the_values_of_the_list(program: Program) -> None:
    m = model(program.text, program.point)
    point = {x.name: program.point[x.name] for x in m.inputs}
    h = _recorded(m, 2, False)
    values = _values(h, point, Rules(digits(50), stable=False))
    nodes = Nodes(shared=True)
    for key, root in higher_formulas(h, nodes).items():
        if root is not None:
            written = Model(nodes, m.inputs, (Definition("g", root),), ("g",), ())
            with mp.workdps(50):
                assert _near(value_of(written, "g", {x: mp.mpf(v) for x, v in point.items()}), values[key], 30), key
