"""Values and derivatives by mpmath, at ordinary and at awkward points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest

from tests.verify.handmade import build
from wengert.lang.expr import Nodes
from wengert.verify.answers import COMPLEX_STEP
from wengert.verify.meanings import rational
from wengert.verify.numeric import Site, Slope
from wengert.verify.plan import Plan, Undefined

mp = mpmath.mp


def at(text: str, x: str) -> tuple[Any, Slope]:
    nodes = Nodes()
    plan = Plan(nodes, ["x"], [("f", build(nodes, text))])
    site = Site(plan, lambda c: [rational(c.mp, Fraction(x))])
    f = plan.slot_of["f"]
    return site.value(f), site.slopes({0: lambda c: c.mp.mpf(1)}, [f])[f]


def close(got: Any, expected: str) -> bool:
    with mp.workdps(60):
        want = eval(expected, {"mp": mp})  # the test's own table, not user text
        return bool(abs(got - want) <= mp.mpf(10) ** -33 * abs(want))


@pytest.mark.parametrize(
    ("text", "x", "derivative"),
    [
        ("x**3", "2", "mp.mpf(12)"),
        ("tanh(x)", "15", "mp.sech(15)**2"),
        ("sigmoid(x)", "1000", "mp.exp(-1000)"),
        ("sigmoid(x)", "-1000", "mp.exp(-1000)"),
        ("1/(1 + exp(-x))", "-1000", "mp.exp(-1000)"),
        ("x**x", "2", "4*(1 + mp.ln(2))"),
        ("(x - 1)**9000", "0.5", "-9000*mp.mpf('0.5')**8999"),
        ("cbrt(x)", "-8", "mp.mpf(1)/12"),
        ("gelu(x)", "-30", "mp.ncdf(-30) - 30*mp.npdf(30)"),
        ("sqrt(x)", "1e-70", "mp.mpf('5e34')"),
        ("abs(x)", "1e-70", "mp.mpf(1)"),
        ("abs(x)**3", "-2", "mp.mpf(-12)"),
        ("sin(x)", "1e30", "mp.cos(mp.mpf('1e30'))"),
        ("relu(x) - relu(-x)", "0", "mp.mpf(1)"),
        ("abs(x)*x", "0", "mp.mpf(0)"),
        ("sin(x)**2 + cos(x)**2", "0.3", "mp.mpf(0)"),
        ("0**x", "2", "mp.mpf(0)"),
        ("x**(1/3 + 2/3)", "-1", "mp.mpf(1)"),
        ("where(x > 0, ln(x), x)", "-2", "mp.mpf(1)"),
        ("hypot(x, 3)", "0", "mp.mpf(0)"),
        ("atan2(x, -2)", "0.5", "-2/(mp.mpf('0.25') + 4)"),
    ],
)
def test_derivative(text: str, x: str, derivative: str) -> None:
    slope = at(text, x)[1]
    assert not slope.sided
    assert close(slope.value, derivative)


@pytest.mark.parametrize(
    ("text", "x", "left", "right"),
    [
        ("abs(x)", "0", -1, 1),
        ("relu(x)", "0", 0, 1),
        ("max(x, 1)", "1", 0, 1),
        ("max(x, 0.1 + 0.2)", "0.3", 0, 1),
        ("sqrt(x**2)", "0", -1, 1),
        ("norm(x, 0)", "0", -1, 1),
        ("sqrt(x)", "0", None, "inf"),
        ("sqrt(x - 0.3 + 0.1 + 0.2)", "0", None, "inf"),
        ("x**1.5", "0", None, 0),
        ("cbrt(x)", "0", "inf", "inf"),
        ("asin(x)", "1", "inf", None),
        ("0**x", "0", None, "-inf"),
        ("(-2)**x", "2", None, None),
        ("sign(x)", "0", "inf", "inf"),
        ("where(x > 0, x*ln(x), 0)", "0", 0, "-inf"),
        ("acot(x)", "0", "inf", -1),
    ],
)
def test_one_sided(text: str, x: str, left: Any, right: Any) -> None:
    slope = at(text, x)[1]
    assert slope.sided
    for got, want in ((slope.left, left), (slope.right, right)):
        assert got == want if want is None or isinstance(want, str) else mp.almosteq(got, want, 1e-40)


@pytest.mark.parametrize(
    ("x", "value"),
    [("1e-5", "mp.mpf(2)*mp.sin(mp.mpf('1e-5')/2)**2*10**10"), ("1e-80", "mp.mpf('0.5')")],
)
def test_cancellation_raises_the_precision(x: str, value: str) -> None:
    assert close(at("(1 - cos(x))/x**2", x)[0], value)


@pytest.mark.parametrize("text", ["ln(x)", "1/x", "exp(exp(exp(exp(x + 5))))", "9**(9**(9**(9 + x)))", "tan(pi/2 + x)"])
def test_no_value_is_said_and_not_guessed(text: str) -> None:
    value = at(text, "0")[0]
    assert isinstance(value, Undefined)
    assert value.reason


def test_a_moved_definition_leaves_what_is_above_it_alone() -> None:
    nodes = Nodes()
    plan = Plan(nodes, ["x"], [("a", build(nodes, "x**2")), ("f", build(nodes, "a*x"))])
    site = Site(plan, lambda c: [c.mp.mpf(3)])
    f, a = plan.slot_of["f"], plan.slot_of["a"]
    assert site.slopes({a: lambda c: c.mp.mpf(1)}, [f])[f].value == 3


def test_a_hundred_thousand_terms() -> None:
    nodes = Nodes()
    x = root = nodes.name("x")
    for _ in range(100_000):
        root = nodes.call("add", [root, x])
    plan = Plan(nodes, ["x"], [("f", root)])
    site = Site(plan, lambda c: [c.mp.mpf(1)])
    f = plan.slot_of["f"]
    assert mp.almosteq(site.slopes({0: lambda c: c.mp.mpf(1)}, [f])[f].value, 100_001, 1e-40)


def test_each_slot_by_the_method_that_it_allows() -> None:
    """What is analytic by the complex step, whatever stands beside it; |x| and what is made of it by difference quotients."""
    nodes = Nodes()
    x = nodes.name("x")
    smooth, rough = nodes.call("erf", [x]), nodes.call("abs", [x])
    of_rough, of_smooth = nodes.call("exp", [rough]), nodes.call("sin", [smooth])
    plan = Plan(nodes, ["x"], [("a", smooth), ("b", rough), ("c", of_rough), ("d", of_smooth)])
    site = Site(plan, lambda c: [c.mp.mpf("20.3")])
    slopes = site.slopes({0: lambda c: c.mp.mpf(1)}, [plan.slot_of[name] for name in "abcd"])
    methods = {name: slopes[plan.slot_of[name]].method for name in "abcd"}
    assert methods == {"a": COMPLEX_STEP, "b": "central difference", "c": "central difference", "d": COMPLEX_STEP}
    with mp.workdps(60):
        right = 2 * mp.exp(-mp.mpf("20.3") ** 2) / mp.sqrt(mp.pi)
        assert mp.almosteq(slopes[plan.slot_of["a"]].value, right, 1e-35)
