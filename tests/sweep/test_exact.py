"""Exact numbers: what they are written as, and that every one of them is the number it stands for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.programs import Program, evaluate, model, mp, parse, programs
from wengert import pipeline
from wengert.lang.expr import Nodes
from wengert.lang.model import Model
from wengert.show.notation import language
from wengert.sweep import sweeps
from wengert.sweep.algebra import BIG
from wengert.sweep.arithmetics import OutsideDomain, Unknown, digits
from wengert.sweep.evaluate import evaluate as evaluated
from wengert.sweep.exact import Exact
from wengert.sweep.exact.special import SINE, TANGENT
from wengert.sweep.rules import Rules
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList

ROOT = Path(__file__).resolve().parents[2]


def written(exact: Exact, value: int, **more: Any) -> str:
    nodes = Nodes(shared=True)
    return language(nodes, exact.to_nodes(value, nodes, **more))


def swept(wl: WengertList, arithmetic: Any) -> tuple[list[Any], list[Any]]:
    """Values and adjoints of every slot, for the first output and all inputs."""
    rules = Rules(arithmetic, stable=False)
    point = [sweeps.constant(wl, i.value, rules) for i in wl.model.inputs if i.value is not None]
    values = sweeps.primal(wl, point, rules)
    active = wl.depends_on([wl.slots[i.name] for i in wl.model.inputs])
    partials = sweeps.local_partials(wl, values, rules, active)
    return values, sweeps.adjoints(wl, partials, wl.slots[wl.model.outputs[0]], arithmetic)


def value_of(text: str, exact: Exact | None = None) -> tuple[Exact, int]:
    exact = exact or Exact()
    wl = lower(model(text))
    return exact, swept(wl, exact)[0][wl.slots[wl.model.outputs[0]]]


def gradient(m: Model, decimals: bool = False) -> tuple[str, dict[str, str]]:
    exact = Exact(decimals=decimals)
    wl = lower(m)
    values, adjoints = swept(wl, exact)
    slopes = {i.name: written(exact, adjoints[wl.slots[i.name]]) for i in m.inputs}
    return written(exact, values[wl.slots[m.outputs[0]]]), slopes


# -- how numbers are written

WRITTEN = [
    # rationals
    ("0.1 + 0.2", "3/10"), ("2**100", "1267650600228229401496703205376"), ("(2/3)**(-2)", "9/4"), ("(-8)**2", "64"),
    ("mean(1, 2, 4)", "7/3"), ("2**1000*sqrt(2)", "2**(2001/2)"), ("1/3 - 1/2", "-1/6"),
    # roots
    ("sqrt(8)", "2*sqrt(2)"), ("sqrt(1/2)", "sqrt(2)/2"), ("sqrt(2)*sqrt(2)", "2"), ("sqrt(2)*sqrt(3)", "sqrt(6)"),
    ("1/sqrt(2)", "sqrt(2)/2"), ("4**(1/2)", "2"), ("8**(1/3)", "2"), ("2**(1/2)", "sqrt(2)"), ("cbrt(27)", "3"),
    ("cbrt(-16)", "-2*cbrt(2)"), ("32**(1/5)", "2"), ("(3/2)**0.3", "(3/2)**(3/10)"), ("0.37**1.23", "(37/100)**(123/100)"),
    ("2**(-1/4)", "1/2**(1/4)"), ("(1 + sqrt(2))**2", "3 + 2*sqrt(2)"), ("(sqrt(2) + 1)*(sqrt(2) - 1)", "1"),
    ("1/(1 + sqrt(2))", "sqrt(2) - 1"), ("sqrt(5 + 2*sqrt(6))", "sqrt(3) + sqrt(2)"), ("1/2 + sqrt(2)/2", "(1 + sqrt(2))/2"),
    ("-sqrt(2)/2 - 1/2", "(-sqrt(2) - 1)/2"), ("norm(3, 4)", "5"), ("hypot(1, 1)", "sqrt(2)"), ("sqrt(pi**2)", "pi"),
    ("sqrt(4*pi)", "2*sqrt(pi)"), ("sqrt(2*pi)", "sqrt(2*pi)"), ("1/sqrt(2*pi)", "1/sqrt(2*pi)"),
    # exponentials and logarithms
    ("ln(1)", "0"), ("ln(e)", "1"), ("ln(e**3)", "3"), ("ln(exp(sqrt(2)))", "sqrt(2)"), ("exp(ln(5))", "5"), ("exp(0)", "1"),
    ("exp(1)", "e"), ("exp(2)", "e**2"), ("exp(-1)", "1/e"), ("exp(1/2)", "exp(1/2)"), ("exp(-1/8)", "exp(-1/8)"),
    ("exp(sqrt(2))*exp(sqrt(3))", "exp(sqrt(2) + sqrt(3))"), ("exp(-pi)*exp(pi)", "1"), ("ln(8)", "3*ln(2)"),
    ("ln(1/2)", "-ln(2)"), ("ln(6)", "ln(6)"), ("ln(sqrt(2))", "ln(2)/2"), ("ln(2*e)", "1 + ln(2)"), ("log2(8)", "3"),
    ("log2(3)", "log2(3)"), ("log10(1000)", "3"), ("log(9, 27)", "2/3"), ("log(5, e)", "ln(5)"), ("log1p(1/2)", "ln(3/2)"),
    ("expm1(1)", "e - 1"), ("exp(3*ln(2) + 1)", "8*e"),
    # angles
    ("sin(pi/6)", "1/2"), ("cos(pi/4)", "sqrt(2)/2"), ("tan(pi/3)", "sqrt(3)"), ("sin(7*pi/6)", "-1/2"), ("cos(7*pi)", "-1"),
    ("sin(pi/12)", "(sqrt(6) - sqrt(2))/4"), ("cos(pi/5)", "(sqrt(5) + 1)/4"), ("sin(-5)", "-sin(5)"), ("cos(-5)", "cos(5)"),
    ("sin(5 + 2*pi)", "sin(5)"), ("sin(5 + 3*pi)", "-sin(5)"), ("cos(1 + pi/2)", "-sin(1)"), ("tan(1 - pi/2)", "-cot(1)"),
    ("sin(8*pi/7)", "-sin(pi/7)"), ("cos(22*pi/7)", "-cos(pi/7)"), ("sec(pi/3)", "2"), ("sec(-5)", "sec(5)"),
    ("cot(pi/4)", "1"), ("csc(pi/6)", "2"), ("atan(1)", "pi/4"), ("asin(1/2)", "pi/6"), ("acos(0)", "pi/2"),
    ("acos(-sqrt(3)/2)", "5*pi/6"), ("atan2(1, -1)", "3*pi/4"), ("atan2(-1, 0)", "-pi/2"), ("atan2(1, 2)", "atan(1/2)"),
    ("acot(1)", "pi/4"), ("asec(2)", "pi/3"), ("asec(3)", "asec(3)"), ("asin(-1/3)", "-asin(1/3)"), ("sin(asin(1/3))", "1/3"),
    ("asin(sin(3))", "asin(sin(3))"), ("asin(sin(1))", "1"),
    ("sin(3)**2 + cos(3)**2", "1"),
    # hyperbolic functions, the error function
    ("sinh(0)", "0"), ("cosh(0)", "1"), ("tanh(0)", "0"), ("asinh(0)", "0"), ("acosh(1)", "0"), ("atanh(0)", "0"),
    ("sinh(ln(2))", "3/4"), ("tanh(ln(2))", "3/5"), ("sech(ln(2))", "4/5"), ("tanh(-1)", "-tanh(1)"), ("cosh(-1)", "cosh(1)"),
    ("erf(0)", "0"), ("erf(-1)", "-erf(1)"), ("erfc(0)", "1"),
    # activations
    ("sigmoid(0)", "1/2"), ("sigmoid(1/2)", "sigmoid(1/2)"), ("sigmoid(ln(2))", "2/3"), ("softplus(0)", "ln(2)"),
    ("softmax(1, sqrt(2), sqrt(2))", "1/2"), ("softmax(2, ln(2), ln(3))", "3/5"), ("softmax(1, 1, 2)", "softmax(1, 1, 2)"),
    ("logsumexp(3, 3)", "3 + ln(2)"), ("logsumexp(1, 2)", "logsumexp(1, 2)"), ("gelu(1/2)", "gelu(1/2)"), ("gelu(0)", "0"),
    ("silu(1)", "silu(1)"), ("elu(-1)", "1/e - 1"), ("relu(3)", "3"), ("relu(-sqrt(2))", "0"), ("leaky_relu(-2)", "-1/50"),
    # choices
    ("abs(-sqrt(2))", "sqrt(2)"), ("abs(1 - sqrt(2))", "sqrt(2) - 1"), ("max(sqrt(2), 1)", "sqrt(2)"), ("min(pi, e)", "e"),
    ("sign(pi - 22/7)", "-1"), ("where(sqrt(2)*sqrt(3) == sqrt(6), 1, 2)", "1"), ("where(sec(5)*cos(5) == 1, 1, 2)", "1"),
    ("where(ln(6) == ln(2) + ln(3), 1, 2)", "1"), ("where(tanh(1) == (e**2 - 1)/(e**2 + 1), 1, 2)", "1"),
    ("where(1/(1 + sqrt(2) + sqrt(3)) == (1 + sqrt(2) - sqrt(3))/(2*sqrt(2)), 1, 2)", "1"),
    ("where(exp(pi*sqrt(163)) < 262537412640768744, 1, 2)", "1"), ("where(sqrt(2) < 1.41421356237309505, 1, 2)", "1"),
    ("max(sqrt(2) + sqrt(3), sqrt(5 + 2*sqrt(6)))", "sqrt(2) + sqrt(3)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRITTEN, ids=[text for text, _ in WRITTEN])
def test_written(text: str, expected: str) -> None:
    exact, value = value_of(text)
    assert written(exact, value) == expected
    if "==" not in text:
        m = model(text)
        with mp.workdps(90):
            reference = evaluate(m.nodes, m.definitions[-1].root, {})[m.definitions[-1].root]
            assert abs(mp.mpf(exact.decimal(value, 50)) - reference) <= mp.mpf(10) ** -49 * abs(reference)


@pytest.mark.parametrize(("text", "expected"), WRITTEN, ids=[text for text, _ in WRITTEN])
def test_what_is_written_is_the_number(text: str, expected: str) -> None:
    """Read back, the text is the same expression."""
    exact, value = value_of(text)
    assert value_of(written(exact, value), exact)[1] == value


@pytest.mark.parametrize(("table", "function"), [(SINE, mp.sin), (TANGENT, mp.tan)])
def test_tables_of_angles(table: dict[str, str], function: Any) -> None:
    from fractions import Fraction

    for turn, text in table.items():
        nodes, root = parse(text)
        q = Fraction(turn)
        with mp.workdps(60):
            assert abs(evaluate(nodes, root, {})[root] - function(mp.pi * q.numerator / q.denominator)) < mp.mpf(10) ** -55


def test_decimals_and_names() -> None:
    exact = Exact(decimals=True)
    assert written(exact, value_of("sigmoid(0.5*0.3)", exact)[1]) == "sigmoid(0.15)"
    assert written(exact, value_of("sigmoid(1/3)", exact)[1]) == "sigmoid(1/3)"
    assert written(exact, exact.e, taken=frozenset({"e"})) == "exp(1)"
    assert exact.size(exact.pi) == 1


# -- sweeps

GRADIENTS = [
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": "2", "x2": "5"}, "ln(2) + 10 - sin(5)", {"x1": "11/2", "x2": "2 - cos(5)"}),
    ("sqrt(x)*y", {"x": "2", "y": "3"}, "3*sqrt(2)", {"x": "3*sqrt(2)/4", "y": "sqrt(2)"}),
    ("x**y", {"x": "2", "y": "3"}, "8", {"x": "12", "y": "8*ln(2)"}),
    ("sigmoid(x)", {"x": "1/2"}, "sigmoid(1/2)", {"x": "(1 - sigmoid(1/2))*sigmoid(1/2)"}),
    ("tan(x)", {"x": "pi/6"}, "sqrt(3)/3", {"x": "4/3"}),
    ("asin(x)", {"x": "1/2"}, "pi/6", {"x": "2*sqrt(3)/3"}),
    ("max(x, y, 1)", {"x": "1", "y": "1"}, "1", {"x": "1/3", "y": "1/3"}),
    ("norm(x, y)", {"x": "1", "y": "1"}, "sqrt(2)", {"x": "sqrt(2)/2", "y": "sqrt(2)/2"}),
    ("erf(x)", {"x": "1"}, "erf(1)", {"x": "2/(sqrt(pi)*e)"}),
    ("softmax(1, x, y)", {"x": "1", "y": "1"}, "1/2", {"x": "1/4", "y": "-1/4"}),
    ("exp(-x**2/2)/sqrt(2*pi)", {"x": "1"}, "exp(-1/2)/sqrt(2*pi)", {"x": "-exp(-1/2)/sqrt(2*pi)"}),
    ("where(x > 0, ln(x), x)", {"x": "-1"}, "-1", {"x": "1"}),
]


@pytest.mark.parametrize(("text", "at", "value", "slopes"), GRADIENTS, ids=[g[0] for g in GRADIENTS])
def test_gradients(text: str, at: dict[str, str], value: str, slopes: dict[str, str]) -> None:
    assert gradient(model(text, at)) == (value, slopes)


@settings(max_examples=150)
@given(programs())
def test_random_programs(program: Program) -> None:
    """Every value and adjoint in 50 digits, against the sweep in 90 digits (which leaves 40 for what cancels)."""
    wl = lower(model(program.text, program.point))
    exact = Exact()
    for found, reference in zip(swept(wl, exact), swept(wl, digits(90)), strict=True):
        for mine, theirs in zip(found, reference, strict=True):
            if mine is None or mine == BIG:
                assert mine == BIG or theirs is None
                continue
            noise = mp.mpf(10) ** -75  # of the reference, where the number is 0
            with mp.workdps(90):
                assert abs(mp.mpf(exact.decimal(mine, 50)) - mp.mpf(theirs)) <= mp.mpf(10) ** -49 * abs(mp.mpf(theirs)) + noise


def test_the_lecture_notes_network() -> None:
    m = pipeline.load(ROOT / "samples" / "two-two-one.yaml")
    exact = Exact(decimals=True)
    wl = lower(m)
    values, adjoints = swept(wl, exact)
    of = {name: values[wl.slots[name]] for name in ("a1", "h1", "a3", "y")}
    assert written(exact, of["a1"]) == "1.36688"
    assert written(exact, of["h1"]) == "sigmoid(1.36688)"
    assert written(exact, of["y"]) == "sigmoid(1.86*sigmoid(1.36688) - 0.97*sigmoid(-0.23624))"
    with mp.workdps(60):
        h1, h2 = (1 / (1 + mp.exp(-mp.mpf(z))) for z in ("1.36688", "-0.23624"))
        y = 1 / (1 + mp.exp(-(mp.mpf("1.86") * h1 - mp.mpf("0.97") * h2)))
        slope = y * (1 - y) * mp.mpf("1.86") * h1 * (1 - h1) * mp.mpf("0.888")
        assert abs(mp.mpf(exact.decimal(of["y"], 50)) - y) < mp.mpf(10) ** -49
        assert abs(mp.mpf(exact.decimal(adjoints[wl.slots["w1"]], 50)) - slope) < mp.mpf(10) ** -49


# -- digits and decisions


def test_digits_survive_cancellation() -> None:
    exact, value = value_of("exp(pi*sqrt(163)) - 262537412640768744")
    assert mp.nstr(exact.decimal(value, 20), 20) == "-7.4992740280181431112e-13"
    exact, value = value_of("(1 - cos(1e-8))/1e-8**2")
    assert mp.nstr(exact.decimal(value, 25), 25) == "0.4999999999999999958333333"
    assert exact.decimal(value_of("erfc(80)", exact)[1], 5) > 0


def test_what_cannot_be_told_apart_is_not_decided() -> None:
    """Two numbers that agree in 4,000 digits: neither order is claimed."""
    exact, value = value_of("where(tanh(10000) < 1, 1, 2)")
    assert value == exact.undefined
    close = value_of("tanh(10000)", exact)[1]
    with pytest.raises(Unknown):
        exact.truth("lt", close, exact.one)
    with pytest.raises(Unknown):
        exact.decimal(exact.add(close, exact.number("-1")), 10)


def test_a_hidden_zero_is_found_or_unknown() -> None:
    exact = Exact()
    a, b = (value_of(t, exact)[1] for t in ("sqrt(2) + sqrt(3) + sqrt(5)", "sqrt(10 + 2*sqrt(6) + 2*sqrt(10) + 2*sqrt(15))"))
    assert a != b
    assert exact.truth("eq", a, b)
    assert not exact.truth("lt", a, b)
    a, b = (value_of(t, exact)[1] for t in ("sqrt(2) + sqrt(3)", "sqrt(5 + 2*sqrt(6) + 1e-60)"))
    assert exact.truth("lt", a, b)


OUTSIDE = ["ln(-1)", "ln(1 - 1)", "ln(sqrt(2)*sqrt(3) - sqrt(6))", "1/(sec(5)*cos(5) - 1)", "sqrt(1 - sqrt(2))", "tan(pi/2)",
           "asin(pi)",
           "acosh(1/2)", "atanh(1)", "(1 - 1)**(-1)", "(-2)**(1/2)", "(-2)**sqrt(2)", "sec(3*pi/2)", "acos(-e)"]  # fmt: skip


@pytest.mark.parametrize("text", OUTSIDE)
def test_outside_the_domain(text: str) -> None:
    nodes, root = parse(text)
    exact = Exact()
    with pytest.raises((OutsideDomain, ZeroDivisionError)):
        evaluated(nodes, root, Rules(exact, stable=False), lambda name: exact.e if name == "e" else exact.pi)


# -- undefined, and no growth


def test_undefined_is_closed_and_harmless() -> None:
    exact = Exact()
    u = exact.undefined
    assert u == BIG
    assert u != u  # as the sweeps ask whether a value is none
    for x in (exact.zero, exact.one, exact.pi):
        assert exact.add(u, x) is exact.add(x, u) is exact.mul(u, x) is exact.mul(x, u) is u
    for name, function in exact.functions.items():
        count = 2 if name in ("add", "sub", "mul", "div", "power", "dot", "log", "atan2", "softmax") else 1
        assert function(*[u] * count) is u, name
    for comparison in ("gt", "ge", "lt", "le", "eq"):
        with pytest.raises(Unknown):
            exact.truth(comparison, u, u)
    with pytest.raises(Unknown):
        exact.decimal(u, 10)
    assert exact.number("1e99999999") == u
    assert exact.size(u) == 0


def test_a_branch_left_out_does_no_harm() -> None:
    m = model("where(x > 0, x**2, exp(10**9*x)*tanh(10000*x)**0.5)", {"x": "3"})
    assert gradient(m) == ("9", {"x": "6"})


def test_no_slope_is_made_up() -> None:
    """√(x²) at 0 has none, though one of its partials is 0: 0 · ∞ is not 0."""
    exact = Exact()
    wl = lower(model("sqrt(x**2)", {"x": "0"}))
    values, adjoints = swept(wl, exact)
    assert values[-1] == exact.zero
    assert adjoints[0] is exact.undefined


def test_a_branch_left_out_without_a_value() -> None:
    assert gradient(model("where(x > 0, sqrt(x), x**2)", {"x": "-3"})) == ("9", {"x": "-6"})


LARGE = [
    ("\n".join(["a0 = x", *(f"a{i} = sigmoid(w*a{i - 1} + 0.3*a{i - 1}**2)" for i in range(1, 31)), "f = a30"]), True),
    ("\n".join(["a0 = x", *(f"a{i} = a{i - 1}*(a{i - 1} - 3) + sqrt(a{i - 1}**2 + {i})" for i in range(1, 31))]), True),
    ("\n".join(["a0 = x", *(f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 31))]), True),
    ("f = " + "sin(" * 5000 + "x" + ")" * 5000, True),
    ("f = " + " + ".join(["x*0.3"] * 5000), False),
]


@pytest.mark.parametrize(("text", "undefined"), LARGE, ids=range(len(LARGE)))
def test_what_is_too_large_is_undefined_not_slow(text: str, undefined: bool) -> None:
    wl = lower(model(text, {"x": "0.5"} | ({"w": "0.37"} if "w*" in text else {})))
    start = time.process_time()
    values, _ = swept(wl, Exact())
    assert time.process_time() - start < 2
    assert (values[-1] == BIG) == undefined


def test_the_limit_of_size() -> None:
    wl = lower(model("f = " + " + ".join(f"sin(x/{k})" for k in range(1, 150)), {"x": "0.5"}))
    known, unknown = (swept(wl, Exact(limit))[0][-1] for limit in (2000, 300))
    assert known >= 0
    assert unknown == BIG
