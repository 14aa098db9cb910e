"""Higher derivatives in many digits, at ordinary points, at kinks and at the edge of a domain."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from tests.verify.handmade import build
from wengert.lang.expr import Nodes
from wengert.verify.meanings import Context, rational
from wengert.verify.numeric import Direction, Site, Slope
from wengert.verify.orders import Orders
from wengert.verify.plan import Plan

mp = mpmath.mp


def exactly(text: str) -> Any:
    return lambda c: rational(c.mp, Fraction(text))


def orders_of(
    texts: Mapping[str, str], point: Mapping[str, str], seed: Mapping[str, str] | None = None, digits: int = 50
) -> tuple[Orders, int]:
    nodes = Nodes()
    plan = Plan(nodes, list(point), [(name, build(nodes, text)) for name, text in texts.items()])

    def given(c: Context) -> list[Any]:
        return [rational(c.mp, Fraction(x)) for x in point.values()]

    axes: dict[str, Direction] = {name: {slot: exactly("1")} for name, slot in plan.slot_of.items()}
    if seed:
        axes["seed"] = {plan.slot_of[name]: exactly(x) for name, x in seed.items()}
    out = plan.slot_of[list(texts)[-1]]
    return Orders(Site(plan, given, digits), axes, [out]), out


def at(text: str, index: str, **point: str) -> Slope:
    orders, out = orders_of({"f": text}, point)
    return orders.figures(index.split())[out]


def close(got: Any, want: Any, digits: int = 45) -> bool:
    with mp.workdps(digits + 30):
        return bool(abs(got - want) <= mp.mpf(10) ** -digits * abs(want))


SMOOTH = [
    ("x**3", "x x", {"x": "2"}, "mp.mpf(12)"),
    ("x**3", "x x x x", {"x": "0.1"}, "mp.mpf(0)"),
    ("exp(x)*sin(x)", " ".join("x" * 10), {"x": "1"}, "32*mp.e*mp.cos(1)"),
    ("exp(x)*sin(x)", " ".join("x" * 20), {"x": "1"}, "-1024*mp.e*mp.sin(1)"),
    ("1/(1 - x)", " ".join("x" * 20), {"x": "0.5"}, "mp.factorial(20)*mp.mpf(2)**21"),
    ("ln(x)", "x x x", {"x": "1e-8"}, "2/mp.mpf('1e-8')**3"),
    ("1/x", "x x", {"x": "1e-70"}, "mp.mpf('2e210')"),
    ("relu(x)**2", "x x", {"x": "1e-70"}, "mp.mpf(2)"),
    ("x**2", "x x", {"x": "1e40"}, "mp.mpf(2)"),
    ("x**2", "x x", {"x": "0"}, "mp.mpf(2)"),
    ("(1 - cos(x))/x**2", "x x", {"x": "1e-8"}, "mp.taylor(lambda t: mp.hyp1f2(1, 1.5, 2, -t*t/4)/2, mp.mpf('1e-8'), 2)[2]*2"),
    ("sin(x)**2 + cos(x)**2", "x x", {"x": "0.3"}, "mp.mpf(0)"),
    ("x/3 + sin(y)", "x y", {"x": "0.3", "y": "0.7"}, "mp.mpf(0)"),
    ("softplus(x)", "x x", {"x": "1000"}, "mp.exp(-1000)/(1 + mp.exp(-1000))**2"),
    ("sigmoid(x)", "x x x", {"x": "-1000"}, "mp.exp(-1000)*(1 - 4*mp.exp(-1000))"),
    ("x*y**2 + x**3*y", "x y", {"x": "2", "y": "5"}, "mp.mpf(22)"),
    ("x*y**2 + x**3*y", "y x", {"x": "2", "y": "5"}, "mp.mpf(22)"),
    ("x**y", "x y", {"x": "2", "y": "3"}, "4 + 12*mp.ln(2)"),
    ("exp(a*b)*c*d", "a b c d a b c d", {"a": "1", "b": "2", "c": "3", "d": "4"}, "mp.mpf(0)"),
    ("exp(a + 2*b)*sin(c)*d**2", "a b b c c d d a", {"a": "1", "b": "2", "c": "3", "d": "4"}, "-8*mp.exp(5)*mp.sin(3)"),
    ("a*b*c*d*g*h*j*k", "a b c d g h j k", dict.fromkeys("abcdghjk", "1.1"), "mp.mpf(1)"),
    ("max(x, y)", "x x", {"x": "2", "y": "1"}, "mp.mpf(0)"),
    ("atan2(y, x)", "x y", {"x": "1", "y": "0"}, "mp.mpf(-1)"),
]


@pytest.mark.parametrize(("text", "index", "point", "want"), SMOOTH)
def test_smooth(text: str, index: str, point: dict[str, str], want: str) -> None:
    figure = at(text, index, **point)
    assert not figure.sided
    with mp.workdps(80):
        expected = eval(want, {"mp": mp})  # the test's own table, not user text
    assert close(figure.value, expected)


EXISTS = [
    ("abs(x)**3", "x x", {"x": "0"}, 0),
    ("x*abs(x)*x", "x x", {"x": "0"}, 0),
    ("where(x > 0, x**3, -x**3)", "x x", {"x": "0"}, 0),
    ("where(x > 0, x**2 + x, x**2 + x)", "x x", {"x": "0"}, 2),
    ("relu(x)**2 + relu(-x)**2", "x x", {"x": "0"}, 2),
    ("max(x, x)**2", "x x", {"x": "3"}, 2),
    ("relu(x - x) + x**2", "x x", {"x": "3"}, 2),
    ("max(x, y)**2", "x y", {"x": "0", "y": "0"}, 0),
    ("x*abs(y)**3", "y x", {"x": "1", "y": "0"}, 0),
    ("x*abs(y)", "x x", {"x": "1", "y": "0"}, 0),
    ("x*y*norm(x, y)", "x y", {"x": "0", "y": "0"}, 0),
    ("norm(x, y)**2", "x x", {"x": "0", "y": "0"}, 2),
    ("abs(x)**2.5", "x x", {"x": "0"}, 0),
]


@pytest.mark.parametrize(("text", "index", "point", "want"), EXISTS)
def test_a_higher_derivative_that_exists_at_a_kink(text: str, index: str, point: dict[str, str], want: int) -> None:
    figure = at(text, index, **point)
    assert not figure.sided
    assert mp.almosteq(figure.value, want, 1e-40, 1e-40)


ORDER_1 = "the derivative of order 1 with respect to "
KINKS = [
    ("relu(x)**2", "x x", {"x": "0"}, 0, 2, None),
    ("abs(x)", "x x", {"x": "0"}, 0, 0, ORDER_1 + "x does not exist here"),
    ("sign(x)", "x x", {"x": "0"}, 0, 0, ORDER_1 + "x does not exist here"),
    ("x*abs(x)", "x x", {"x": "0"}, -2, 2, None),
    ("x*abs(x)*exp(x)", "x x x", {"x": "0"}, -6, 6, "the derivative of order 2 with respect to x does not exist here"),
    ("abs(x)**3", "x x x", {"x": "0"}, -6, 6, None),
    ("x**(5/2)", "x x", {"x": "0"}, None, 0, ORDER_1 + "x does not exist here"),
    ("x**1.5", "x x", {"x": "0"}, None, "inf", ORDER_1 + "x does not exist here"),
    ("sqrt(x)", "x x", {"x": "0"}, None, "-inf", ORDER_1 + "x does not exist here"),
    ("asin(x)", "x x", {"x": "1"}, "inf", None, ORDER_1 + "x does not exist here"),
    ("cbrt(x)**4", "x x", {"x": "0"}, "inf", "inf", None),
    ("where(x > 0, x**2, 2*x)", "x x", {"x": "0"}, 0, 2, ORDER_1 + "x does not exist here"),
    ("where(x > 0, x**2 + 1, x**2)", "x x", {"x": "0"}, 2, 2, ORDER_1 + "x does not exist here"),
    ("max(x, y)**2", "x y", {"x": "1", "y": "1"}, 0, 0, ORDER_1 + "x does not exist here"),
    ("max(x, y)**2", "x x", {"x": "0", "y": "0"}, 0, 2, None),
    ("x*abs(y)", "x y", {"x": "1", "y": "0"}, -1, 1, ORDER_1 + "y does not exist here"),
    ("x*abs(y)", "y x", {"x": "1", "y": "0"}, -1, 1, ORDER_1 + "y does not exist here"),
    ("abs(x)*abs(y)", "x y", {"x": "0", "y": "0"}, 1, 1, ORDER_1 + "x does not exist everywhere near this point"),
    ("where(y > 0, x, 2*x)", "x y", {"x": "0", "y": "0"}, 0, 0, ORDER_1 + "x is not continuous here"),
    ("norm(x, y)**3", "x x x", {"x": "0", "y": "0"}, -6, 6, None),
]


@pytest.mark.parametrize(("text", "index", "point", "left", "right", "reason"), KINKS)
def test_kinks(text: str, index: str, point: dict[str, str], left: Any, right: Any, reason: str | None) -> None:
    figure = at(text, index, **point)
    assert figure.sided
    assert figure.value is None
    for got, want in ((figure.left, left), (figure.right, right)):
        assert got == want if want is None or isinstance(want, str) else mp.almosteq(got, want, 1e-40, 1e-40)
    assert figure.reason == reason


def test_along_names_the_direction_of_the_limits() -> None:
    assert at("x*abs(y)", "y x", x="1", y="0").along == "y"
    assert at("abs(x)*abs(y)", "y x", x="0", y="0").along is None


def test_the_hessian_of_rosenbrock() -> None:
    orders, out = orders_of({"f": "(1 - x)**2 + 100*(y - x**2)**2"}, {"x": "-1.2", "y": "1"})
    for index, want in (("xx", 1330), ("xy", 480), ("yx", 480), ("yy", 200)):
        assert close(orders.figures(index)[out].value, want)


def test_a_hessian_vector_product() -> None:
    orders, out = orders_of({"f": "(1 - x)**2 + 100*(y - x**2)**2"}, {"x": "-1.2", "y": "1"}, {"x": "2", "y": "-0.5"})
    assert close(orders.figures(["x", "seed"])[out].value, 2 * 1330 - 240)
    assert close(orders.figures(["y", "seed"])[out].value, 2 * 480 - 100)
    assert close(orders.figures(["seed", "seed"])[out].value, 4 * 1330 - 2 * 480 + 50)


def test_a_kink_along_the_seed() -> None:
    orders, out = orders_of({"f": "abs(x)*y"}, {"x": "0", "y": "1"}, {"x": "1", "y": "1"})
    figure = orders.figures(["y", "seed"])[out]
    assert (figure.left, figure.right, figure.along) == (-1, 1, "seed")


def test_moved_definitions_are_free() -> None:
    orders, out = orders_of({"a": "x**2", "b": "sin(a)", "f": "a**2*b*x"}, {"x": "3"})
    with mp.workdps(80):
        assert close(orders.figures(["a", "b"])[out].value, mp.mpf(54))
        assert close(orders.figures(["a", "a"])[out].value, 6 * mp.sin(9) + 2 * 27 * 2 * mp.cos(9) - 243 * mp.sin(9))


def test_more_digits() -> None:
    orders, out = orders_of({"f": "sin(x)*exp(y)"}, {"x": "0.3", "y": "0.2"}, digits=400)
    with mp.workdps(450):
        assert close(orders.figures(["x", "y"])[out].value, mp.cos(mp.mpf("0.3")) * mp.exp(mp.mpf("0.2")), 395)


def test_what_is_asked_twice_is_counted_once() -> None:
    orders, _ = orders_of({"f": "exp(x)*y"}, {"x": "1", "y": "2"})
    assert orders.cost(["x", "y"]) > 0
    assert orders.cost(["y", "x"]) == 0


def test_thirty_thousand_terms() -> None:
    nodes = Nodes()
    x = root = nodes.name("x")
    square = nodes.call("mul", [x, x])
    for _ in range(30_000):
        root = nodes.call("add", [root, square])
    plan = Plan(nodes, ["x"], [("f", root)])
    out = plan.slot_of["f"]
    orders = Orders(Site(plan, lambda c: [c.mp.mpf(1)]), {"x": {0: exactly("1")}}, [out])
    assert mp.almosteq(orders.figures(["x", "x"])[out].value, 60_000, 1e-40)
