"""Verdicts: a wrong rule comes out as failed, hard points never do, kinks show their sides, a hang ends.

A planted rule changes the rule table of this process only: the judge, in its own, works from the model and its own
dictionary.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.programs import model
from wengert.errors import ValueProblem
from wengert.lang.spec import read_source
from wengert.report import Report, Settings, report
from wengert.sweep.exact import Exact
from wengert.tape import primitives
from wengert.tape.lower import lower
from wengert.verify.checks import ORDER, Check
from wengert.verify.judge import Judge
from wengert.verify.reasons import short
from wengert.verify.verdicts import verify
from wengert.verify.witness import OnEdge, Ours, Undefined

BUDGET = 60.0  # far above what any of these takes: a verdict must not hang on the machine's speed


def judged(
    text: str, at: Mapping[str, str | int | float] | None, judge: Judge | None, budget: float = BUDGET, **more: Any
) -> Report:
    mode = more.pop("mode", None)
    made = report(model(text, at, **more), Settings(mode=mode, budget=budget), at is not None, judge)
    assert made.verification is not None
    return made


def check_of(made: Report, wrt: str = "x") -> Check:
    assert made.verification is not None
    return made.verification.checks[made.outputs[0], wrt]


def plant(monkeypatch: pytest.MonkeyPatch, name: str, **fields: Any) -> None:
    record = primitives.PRIMITIVES[name]
    monkeypatch.setitem(primitives.PRIMITIVES, name, replace(record, **fields))


# -- wrong rules and sweeps: those of every kind and place stand in tests/trust; here is what is said of them

_X = {"x": "0.7"}
_XY = {"x": "0.7", "y": "1.3"}


def test_a_failure_says_why(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    plant(monkeypatch, "sin", partials=("-cos(x)",))
    made = judged("sin(x)", _X, judge)
    assert (made.verdict, check_of(made).verdict) == ("failed", "failed")
    assert (check_of(made).reason or "").startswith("the rule of sin: its partial is not its slope at x1 = ")


def test_an_exact_number_is_judged_itself(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    """Its digits come from another sweep, which may be right where the exact one is not."""
    m = model("x**2*y", {"x": "pi/4", "y": "3"})
    assert report(m, Settings(numbers="exact", budget=BUDGET), True, judge).verdict == "proved"
    monkeypatch.setattr(Exact, "mul", Exact.add)
    made = report(m, Settings(numbers="exact", budget=BUDGET), True, judge)
    assert made.verdict == "failed"
    assert "the exact number is" in (check_of(made).reason or "")


def test_a_rule_is_judged_forward_and_along_a_seed_too(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    plant(monkeypatch, "sin", partials=("-cos(x)",))
    assert judged("sin(x)*y", _XY, judge, mode="forward").verdict == "failed"
    assert judged("sin(x)*y", _XY, judge, mode="forward", seed={"x": "1", "y": "1/2"}).verdict == "failed"


def test_a_wrong_rule_in_a_corner_of_a_larger_program_fails(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    plant(monkeypatch, "tanh", partials=("1 - out**2 + 1e-12",))
    text = "; ".join(["a0 = x", *(f"a{i + 1} = sigmoid(a{i}*y + {i})" for i in range(12)), "f = a12 + 1e-6*tanh(x*y)"])
    assert judged(text, _XY, judge).verdict == "failed"


@pytest.mark.parametrize(
    ("name", "definition", "text", "x"),
    [
        ("softplus", "ln(1 - exp(x))", "softplus(x)", "0.822"),
        ("softplus", "ln(1 - exp(x))", "softplus(x)", "5e-7"),
        ("log1p", "ln(-1 - x)", "log1p(x) + sigmoid(x)", "0.7"),
    ],
)
def test_a_definition_without_a_value_fails(
    name: str, definition: str, text: str, x: str, monkeypatch: pytest.MonkeyPatch, judge: Judge
) -> None:
    """The doubles come from a form that is right; nothing may pass on the word of that form alone."""
    plant(monkeypatch, name, definition=definition)
    made = judged(text, {"x": x}, judge)
    assert (made.verdict, check_of(made).reason) == ("failed", f"the definition of {name} has no value where f has one")


@pytest.mark.parametrize(("text", "x"), [("ln(erfc(x))", "20"), ("softplus(x)", "1e10"), ("sigmoid(x)*log1p(x)", "1e-300")])
def test_a_definition_that_overflows_or_loses_its_digits_is_no_fault(text: str, x: str, judge: Judge) -> None:
    assert judged(text, {"x": x}, judge).verdict != "failed"


# -- hard points: right in many digits, whatever doubles make of them

HARD = [
    ("tanh(x)", "15", {"proved", "agrees"}),
    ("tanh(x)", "400", {"imprecise"}),
    ("sigmoid(x)", "40", {"proved", "agrees"}),
    ("sigmoid(x)", "-40", {"proved", "agrees"}),
    ("sigmoid(x)", "700", {"proved", "agrees"}),
    ("sigmoid(x)", "1000", {"proved", "agrees", "imprecise"}),
    ("softplus(x)", "1000", {"proved", "agrees"}),
    ("softplus(x)", "-700", {"proved", "agrees"}),
    ("(1 - cos(x))/x**2", "1e-5", {"imprecise"}),
    ("(1 - cos(x))/x**2", "1e-8", {"imprecise"}),
    ("expm1(x)/x", "1e-12", {"imprecise", "proved", "agrees"}),
    ("expm1(x)/x", "1e-30", {"imprecise", "proved", "agrees"}),
    ("(exp(x) - 1)/x", "1e-9", {"imprecise"}),
    ("ln(1 + x)", "1e-20", {"proved", "agrees"}),
    ("log1p(x)", "1e-300", {"proved", "agrees"}),
    ("logsumexp(x, 1000)", "1000", {"proved", "agrees"}),
    ("softmax(1, x, 0)", "40", {"proved", "agrees", "imprecise"}),
    ("sqrt(x**2 + 1) - x", "1e9", {"imprecise", "proved", "agrees"}),
    ("sin(x)", "1e15", {"proved", "agrees"}),
    ("x**20 - 20*x**19", "19", {"proved", "agrees", "imprecise"}),
    ("gelu(x)", "-20", {"proved", "agrees"}),
    ("atanh(x)", "0.999999999999", {"proved", "agrees", "imprecise"}),
    ("x**x", "1e-300", {"proved", "agrees"}),
    ("x**2", "0", {"proved", "agrees"}),
    ("x**y", "0", {"proved", "agrees"}),
    ("sin(x)**2 + cos(x)**2", "1", {"proved", "agrees"}),
    ("(x - 1)**7", "1.0000001", {"proved", "agrees", "imprecise"}),
    ("exp(x)*exp(-x)", "300", {"proved", "agrees", "imprecise"}),
    ("coth(x)/x", "1e9", {"proved", "agrees"}),
    ("coth(x)/x", "1e13", {"unchecked"}),
    ("y + tanh(x)", "1e13", {"imprecise", "unchecked"}),
]


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("text", "at"), [
    ("y**(x/x)", {"x": "2", "y": "3"}),  # at some random points y is negative: no slope for the exponent
    ("y**softmax(1, x)", {"x": "-1.5", "y": "40"}),
    ("x - acoth(x)**softmax(1, y)", {"x": "2", "y": "1"}),
    ("1/(min(y, x, y) - (x + 2) - ln(3))", {"x": "2.653", "y": "0.184"}),  # the judge's quotient of no slope: 1e-353
    ("erfc(y**5)*x*y", {"x": "1e10", "y": "1e-20"}),  # at some erfc is 1e-7007114168, and exp(-1.6e10) on the way to its slope
])  # fmt: skip
def test_a_random_point_that_says_nothing_fails_nothing(
    text: str, at: dict[str, str], order: int, judge: Judge
) -> None:
    made = report(model(text, at), Settings(budget=BUDGET, order=order), True, judge)
    assert made.verdict in ("proved", "agrees"), made.verification


def test_a_list_that_has_no_slope_at_any_random_point_is_not_passed(judge: Judge) -> None:
    """A point without a slope says nothing only where another one has a slope."""
    assert judged("(-1 - y**2)**(x/x)", None, judge).verdict == "failed"


# far from 1, where 60 digits see neither 1 + x nor a step beside x, and where rounding looks like a slope: text, x, the
# verdict, the right value
FAR = [
    ("cos(x)**(1/x**2)", "1e-60", "imprecise", "-1.01088443285e-61"),
    ("(1 + x)**(1/x)", "1e-290", "imprecise", "-1.35914091423"),
    ("sin(x)/x", "1e-70", "imprecise", "-3.33333333333e-71"),
    ("(exp(x) - 1)/x", "1e-250", "imprecise", "0.5"),
    ("coth(x) - 1/x", "1e-190", "imprecise", "0.333333333333"),
    ("abs(x)", "1e-100", "proved", "1"),
    ("ln(abs(x))", "-1e-300", "proved", "-1e+300"),
    ("sqrt(x)", "1e-120", "proved", "5e+59"),
    ("erf(x)", "1e5", "imprecise", "1.046976136e-4342944819"),
    ("abs(x - 1e-200)", "0", "proved", "-1"),
    ("max(x, 1e-150)**2", "0", "proved", "0"),
    ("abs(sin(x)**2 + cos(x)**2)", "2", "proved", "0"),
    ("abs(3*x)/(7*x)", "2", "proved", "0"),
    ("abs(x)**1.001", "0", "proved", "0"),
    ("1e30*x + abs(x)", "0", "kink", None),
    ("where(x == 0, 0, x*cos(2*pi/x))", "0", "kink", None),
    ("where(x > 0, x*sin(1/x), 0)", "0", "kink", None),
]


@pytest.mark.parametrize(("text", "x", "verdict", "right"), FAR)
def test_far_from_1_and_amid_rounding(text: str, x: str, verdict: str, right: str | None, judge: Judge) -> None:
    check = check_of(judged(text, {"x": x}, judge))
    assert (check.verdict, check.reference and short(check.reference)) == (verdict, right)


# beside a kink, and at the edge of what is flat or rounded: text, point, order, the verdict of the highest, the right value
NEAR = [
    ("abs(x)**3", {"x": "1e-200"}, 2, "proved", "6e-200"),
    ("abs(x - 1e-200)**3", {"x": "0"}, 2, "proved", "6e-200"),
    ("abs(x)**7", {"x": "1e-70"}, 6, "proved", "5.04e-67"),
    ("norm(x, 2*x)", {"x": "1e-200"}, 2, "imprecise", "0"),
    ("sqrt(x)", {"x": "1e-120"}, 3, "proved", "3.75e+299"),
    ("ln(x)", {"x": "1e-200"}, 2, "imprecise", "-1e+400"),
    ("x*abs(x)", {"x": "1e-150"}, 2, "proved", "2"),
    ("max(x, y)**2", {"x": "1e-150", "y": "0"}, 2, "proved", "2"),
    ("abs(x)**3", {"x": "0"}, 3, "kink", None),
    ("where(x == 0, 0, exp(-1/x**2))", {"x": "0"}, 1, "proved", "0"),
    ("where(x == 0, 0, exp(-1/x**2))", {"x": "0"}, 2, "agrees", "0"),
    ("where(x > 0, exp(-1/x), 0)", {"x": "0"}, 1, "proved", "0"),
    ("where(x > 0, exp(-exp(1/x)), 0)", {"x": "0"}, 1, "unchecked", None),
    ("where(x > 0, exp(-exp(1/x)), 0)", {"x": "0"}, 2, "unchecked", None),
    ("where(abs(x) < 1, exp(-1/(1 - x**2)), 0)", {"x": "1"}, 1, "proved", "0"),
    ("where(x > 0, exp(1/x), 0)", {"x": "0"}, 1, "kink", None),
    ("sqrt(x - sqrt(x)**2)", {"x": "3"}, 1, "unchecked", "0"),
    ("sqrt(x - sqrt(x)**2)", {"x": "4"}, 1, "agrees", "0"),
]


@pytest.mark.parametrize(("text", "at", "order", "verdict", "right"), NEAR)
def test_near_kinks_and_flat(
    text: str, at: dict[str, str], order: int, verdict: str, right: str | None, judge: Judge
) -> None:
    made = report(model(text, at), Settings(order=order, budget=BUDGET), True, judge)
    assert made.verification is not None
    key = ("f", *["x"] * order)
    check = made.verification.checks[key]
    assert (check.verdict, check.reference and short(check.reference)) == (verdict, right), check.reason


def test_what_cancels_far_from_1_is_not_0(judge: Judge) -> None:
    made = report(model("(1 - cos(x))/x**2", {"x": "1e-300"}), Settings(precision=20, budget=BUDGET), True, judge)
    assert made.trace is not None
    assert (made.verdict, float(made.trace.figure(("f", "x")))) == ("proved", pytest.approx(-1e-300 / 12, rel=1e-14, abs=0))


@pytest.mark.parametrize(
    ("text", "at", "edge"),
    [("sqrt(x - sqrt(x)**2)", {"x": "3"}, True), ("sqrt(x*y)", {"x": "-1", "y": "1e-80"}, False),
     ("ln(x - x)", {"x": "3"}, False), ("sqrt(x)", {"x": "-1"}, False)],
)  # fmt: skip
def test_a_small_product_is_no_rounding(text: str, at: dict[str, str], edge: bool) -> None:
    with pytest.raises(Undefined) as found:
        Ours(lower(model(text, at))).value("f", 60, False)
    assert (found.type is OnEdge) == edge


def test_a_quotient_that_only_more_digits_see_is_proved(judge: Judge) -> None:
    made = report(model("1/x - 1/expm1(x)", {"x": "1e-250"}), Settings(precision=20, budget=BUDGET), True, judge)
    assert made.verdict == "proved"


def test_an_angle_that_no_digits_reach_is_told_at_once() -> None:
    with pytest.raises(ValueProblem, match="sin is not computed at"):
        report(model("sin(exp(x))", {"x": "1000000"}), Settings(precision=20), True)


@pytest.mark.parametrize("text", ["x**3", "relu(x)*y"])
def test_a_large_seed_is_a_large_step(text: str, judge: Judge) -> None:
    at = {"x": "1", **({"y": "1"} if "y" in text else {})}
    assert judged(text, at, judge, mode="forward", seed={"x": "1e200"}).verdict == "proved"


def test_what_oscillates_has_no_limit(judge: Judge) -> None:
    check = check_of(judged("where(x > 0, x*sin(1/x), 0)", {"x": "0"}, judge))
    assert check.one_sided == (0.0, None)


@pytest.mark.parametrize(("text", "x", "allowed"), HARD)
def test_a_hard_point_is_never_failed(text: str, x: str, allowed: set[str], judge: Judge) -> None:
    made = judged(text, {"x": x, **({"y": "3"} if "y" in text else {})}, judge, wrt=("x",))
    check = check_of(made)
    assert check.verdict in allowed, check
    if check.verdict == "imprecise":
        assert check.lost and 0 < check.lost <= 16 and check.reference is not None


def test_the_right_value_stands_beside_an_imprecise_one(judge: Judge) -> None:
    check = check_of(judged("(1 - cos(x))/x**2", {"x": "1e-5"}, judge))
    assert check.verdict == "imprecise"
    assert float(check.reference or "nan") == pytest.approx(-1e-5 / 12, rel=1e-9)  # (1 − cos x)/x² = 1/2 − x²/24 + …


# -- kinks. text, point, wrt, left, right

INF = float("inf")
KINKS = [
    ("abs(x)", {"x": "0"}, -1.0, 1.0),
    ("relu(x)", {"x": "0"}, 0.0, 1.0),
    ("max(x, y)", {"x": "2", "y": "2"}, 0.0, 1.0),
    ("min(x, y)", {"x": "2", "y": "2"}, 1.0, 0.0),
    ("leaky_relu(x)", {"x": "0"}, 0.01, 1.0),
    ("sqrt(abs(x))", {"x": "0"}, -INF, INF),
    ("cbrt(x)", {"x": "0"}, INF, INF),
    ("norm(x, y)", {"x": "0", "y": "0"}, -1.0, 1.0),
    ("abs(x - 1) + x**2", {"x": "1"}, 1.0, 3.0),
    ("where(x > 1, 3*x, x + 2)", {"x": "1"}, 1.0, 3.0),
    ("abs(sin(x))", {"x": "0"}, -1.0, 1.0),
    ("abs(0.1 + 0.2 - x)", {"x": "0.3"}, -1.0, 1.0),
]


@pytest.mark.parametrize(("text", "at", "left", "right"), KINKS)
def test_kink(text: str, at: dict[str, str], left: float, right: float, judge: Judge) -> None:
    check = check_of(judged(text, at, judge, wrt=("x",)))
    assert check.verdict == "kink"
    assert check.one_sided == (left, right)


def test_the_root_at_0_has_one_side() -> None:
    with Judge() as judge:
        judge.start()
        check = check_of(judged("sqrt(x)", {"x": "0"}, judge))
    assert check.verdict == "kink"
    assert check.one_sided == (None, INF)


# where both sides are equal, the derivative exists: text, point, value, whether each convention would give another
EXISTS = [
    ("relu(x) - relu(-x)", {"x": "0"}, 1.0, True),
    ("abs(x)*x", {"x": "0"}, 0.0, False),
    ("relu(x)**2", {"x": "0"}, 0.0, False),
    ("max(x, x)", {"x": "1"}, 1.0, False),
    ("max(x, y) + min(x, y)", {"x": "2", "y": "2"}, 1.0, False),
    ("where(x > 1, x**2, 2*x - 1)", {"x": "1"}, 2.0, False),
    ("elu(x)", {"x": "0"}, 1.0, False),
    ("sqrt(x**2 + 1)", {"x": "0"}, 0.0, False),
    ("norm(x, y)", {"x": "0", "y": "1"}, 0.0, False),
]


@pytest.mark.parametrize(("text", "at", "value", "told"), EXISTS)
def test_a_derivative_that_exists_at_a_kink(text: str, at: dict[str, str], value: float, told: bool, judge: Judge) -> None:
    made = judged(text, at, judge, wrt=("x",))
    check = check_of(made)
    assert check.verdict in ("proved", "agrees"), check
    assert made.trace is not None
    shown = made.trace.derivative(made.outputs[0], "x") if check.value is None else float(check.value)
    assert shown == value
    assert (check.value is not None) == told
    if told:
        assert "convention" in (check.reason or "")


def test_a_derivative_that_exists_where_the_sweep_has_none(judge: Judge) -> None:
    """That of an exponent which does not move, of a negative base; the other derivative is judged by itself."""
    made = judged("y**(x/x)", {"x": "2", "y": "-2"}, judge)
    assert check_of(made, "y").verdict == "proved"
    check = check_of(made)
    assert (check.verdict, check.value) == ("agrees", "0.0")
    assert "exists at this point and is 0" in (check.reason or "") and "leads the sweep to no value" in (check.reason or "")


def test_the_point_speaks_where_no_random_point_does(judge: Judge) -> None:
    """Where x is beyond −1, acoth is negative: a base whose exponent has no slope in the list."""
    made = judged("x - acoth(x)**softmax(1, y)", {"x": "-1.949", "y": "1"}, judge)
    assert check_of(made).verdict == "proved"
    assert (check_of(made, "y").verdict, check_of(made, "y").value) == ("agrees", "0.0")


# -- proofs, several outputs, statements

PROVED = [
    "(x**2+1)**3", "ln(x)*x", "sin(x)/x", "exp(-x)*sin(2*x)", "tanh(x)**2", "x**x", "atan(1/x)",
    "a = x**2; b = sin(a); f = a*b",
]  # fmt: skip


@pytest.mark.parametrize("how", ["trace", "diff"])
@pytest.mark.parametrize("text", PROVED)
def test_proved(text: str, how: str, judge: Judge) -> None:
    made = judged(text, _X if how == "trace" else None, judge)
    check = check_of(made)
    assert (made.verdict, check.witness) == ("proved", "sympy")
    if how == "trace":
        assert made.trace is not None
        assert float(check.reference or "nan") == pytest.approx(made.trace.derivative(made.outputs[0], "x"), rel=1e-12)


def test_the_verdict_of_the_whole_is_the_worst_of_its_rows(judge: Judge) -> None:
    made = judged("f = abs(x) + y**2", {"x": "0", "y": "3"}, judge)
    assert (check_of(made, "x").verdict, check_of(made, "y").verdict, made.verdict) == ("kink", "proved", "kink")
    assert ORDER.index("kink") > ORDER.index("proved")


def test_a_jacobian_and_a_statement_as_wrt(judge: Judge) -> None:
    made = judged("a = x*y; b = sin(a)*x", _XY, judge, of=("a", "b"), wrt=("x", "y"))
    assert made.verification is not None
    assert {c.verdict for c in made.verification.checks.values()} == {"proved"}
    assert len(made.verification.checks) == 4
    made = judged("a = x**2; f = a*x", _X, judge, wrt=("a", "x"))
    assert made.verdict == "proved"
    assert made.trace is not None and made.trace.derivative("f", "a") == pytest.approx(0.7)


def test_a_seed(judge: Judge) -> None:
    made = judged("x**2*y", {"x": "3", "y": "2"}, judge, seed={"x": "1/2", "y": "-1"})
    assert made.verdict in ("proved", "agrees")
    check = check_of(made, "seed")
    assert float(check.reference or "nan") == -3.0


@pytest.mark.parametrize("text", ["relu(erf(x))", "abs(erf(x))", "max(erf(x), 1/2)"])
def test_a_slope_that_a_difference_quotient_cannot_see_is_not_failed(text: str, judge: Judge) -> None:
    """erf′(20.3) is 1e-179, and the quotients of a function that is not analytic have some hundred digits."""
    assert judged(text, {"x": "20.3"}, judge).verdict in ("proved", "agrees", "unchecked")


def test_an_exact_number_that_takes_more_digits_than_200_is_not_failed(judge: Judge) -> None:
    made = report(model("sin(x)", {"x": "10**300"}), Settings(numbers="exact", budget=BUDGET), True, judge)
    assert made.verdict in ("proved", "agrees"), made.verification


def test_an_exact_number_that_no_digits_tell_is_not_failed(judge: Judge) -> None:
    """gelu′(−1000) is 1/2 − erf(707.1)/2 − …, of which 1200 digits leave the last term alone."""
    made = report(model("gelu(x)", {"x": "-1000"}), Settings(numbers="exact", budget=60), True, judge)
    assert made.verdict in ("proved", "agrees", "unchecked")


@pytest.mark.parametrize("at", [None, {"x": "20.3"}])
def test_an_output_is_not_judged_by_what_another_one_is(at: dict[str, str] | None, judge: Judge) -> None:
    """relu is not analytic; erf beside it is, and is examined as such."""
    assert judged("a = relu(x); b = erf(x); c = abs(x) + 1", at, judge, of=("a", "b", "c")).verdict in ("proved", "agrees")


@pytest.mark.parametrize("at", [None, {"x": "1", "w": "1", "z": "4"}])
@pytest.mark.parametrize(("of", "order"), [(("v",), 1), (("u", "v"), 1), (("v",), 2)])
def test_an_output_is_not_judged_where_another_has_no_value(
    of: tuple[str, ...], order: int, at: dict[str, str] | None, judge: Judge
) -> None:
    """At many a random point w and z are negative and x is not: v has a value there and u, which it does not need, none."""
    made = report(model("u = sqrt(x*w); v = sqrt(w*z)", at, of=of), Settings(order=order, budget=BUDGET), at is not None, judge)
    assert made.verdict == "proved"


def test_what_fails_for_an_output_fails_it_though_another_has_no_value(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    plant(monkeypatch, "sin", partials=("-cos(x)",))
    assert judged("u = sqrt(x*w); v = sin(w*z)", {"x": "1", "w": "1", "z": "4"}, judge, of=("v",)).verdict == "failed"


# -- limits


def test_no_verification_is_null() -> None:
    made = report(model("x**2", {"x": 1}), Settings(verify=False), True)
    assert made.verification is None and made.verdict is None


TOWER = "exp(" * 6 + "x" + ")" * 6
PRODUCT = "*".join(f"(x**{i} + sin({i}*x) + tan(x/{i}))" for i in range(1, 60))


@pytest.mark.timeout(15)
@pytest.mark.parametrize("text", [TOWER, f"sin({TOWER})", PRODUCT], ids=["tower", "sine of a tower", "product"])
def test_what_is_hard_for_the_judge_ends_within_the_budget(text: str) -> None:
    began = time.monotonic()
    made = judged(text, None, None, budget=2.0)
    assert time.monotonic() - began < 4.0
    assert made.verdict in ("agrees", "proved", "unchecked")
    if made.verdict == "unchecked":
        assert check_of(made).reason


class Silent(Judge):
    """A judge that hears nothing, and so never answers."""

    def ask(self, request: dict[str, Any], seconds: float = 0) -> None:
        self._asked = time.monotonic()


def test_a_wide_product_ends_within_the_budget() -> None:
    """150 names, each derivative a product of 150 factors: our own comparisons keep to the budget too."""
    text = "*".join(f"sin(x{i} + {i}*exp(-x{i + 1}))" for i in range(150))
    at = {f"x{i}": f"0.{i % 9 + 1}" for i in range(151)}
    made = report(model(text, at), Settings(budget=1.0), True)
    began = time.monotonic()
    assert made.verdict in ("agrees", "unchecked")
    assert time.monotonic() - began < 15.0  # a bound on hanging, not on speed


def test_the_edge_of_a_domain_at_a_rounded_point_is_never_failed() -> None:
    """sin(pi) is 0, but for the last of however many digits: sqrt of that has a value or none, by rounding."""
    assert judged("sqrt(sin(x))", {"x": "pi"}, None).verdict in ("kink", "unchecked")


def test_a_lost_value_is_told_even_where_the_derivative_is_right() -> None:
    made = judged("1-cos(x)", {"x": "1e-9"}, None)
    assert made.verification is not None
    assert check_of(made).verdict == "proved"
    assert made.verdict == "imprecise"
    assert made.verification.values["f"].verdict == "imprecise"
    assert made.verification.values["f"].lost == 16
    assert made.verification.notes[-1] == (
        "The value of f is imprecise: double precision lost every digit; the right value is 5e-19."
    )


def test_a_value_that_is_right_leaves_the_verdict_of_the_derivatives() -> None:
    made = judged("x**2", _X, None)
    assert made.verification is not None
    assert (made.verdict, made.verification.values["f"].verdict) == ("proved", "agrees")


def test_a_hang_ends_with_the_budget_as_unchecked() -> None:
    judge = Silent()
    judge.start()
    began = time.monotonic()
    made = judged("x**2", _X, judge, budget=1.0)
    assert time.monotonic() - began < 2.5
    check = check_of(made)
    assert (made.verdict, check.verdict) == ("unchecked", "unchecked")
    assert check.reason and "ran out" in check.reason


def test_a_judge_that_died_leaves_the_verdict_open() -> None:
    judge = Judge()
    judge.start()
    assert judge._process is not None
    judge._process.kill()
    made = judged("x**2", _X, judge)
    assert made.verdict == "unchecked"
    assert check_of(made).reason


def test_a_judge_that_was_not_started_leaves_the_verdict_open() -> None:
    made = judged("x**2", _X, Judge())
    assert made.verdict == "unchecked"
    assert check_of(made).reason == "the judge was not started"


@pytest.mark.parametrize("at", [None, _XY])
def test_our_list_is_swept_while_the_judge_goes_on(
    at: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch, judge: Judge
) -> None:
    """Once he is done, nothing is swept with many digits where he has been: it had its time."""
    swept: list[str] = []
    sweep, answers = Ours._sweep, Judge.answers

    def told(self: Judge, deadline: float) -> Iterator[dict[str, Any]]:
        for answer in answers(self, deadline):
            swept.append(answer["kind"])
            yield answer

    monkeypatch.setattr(Judge, "answers", told)
    monkeypatch.setattr(Ours, "_sweep", lambda *of: swept.append("sweep") or sweep(*of))
    assert judged("x*sin(y) + x/y", at, judge).verdict == "proved"
    assert swept.count("sweep") > 2
    assert "sweep" not in swept[swept.index("done") :]


def test_a_wide_network_is_checked_along_directions(judge: Judge) -> None:
    """64-64-10, 4810 parameters: more entries than the judge evaluates one by one, and it says so."""
    inputs = ", ".join(f"{i / 64:.3f}" for i in range(64))
    text = (
        f"inputs: [{inputs}]\nlayers:\n"
        "  - {units: 64, init: {scheme: xavier, random_seed: 1}, activation: tanh}\n"
        "  - {units: 10, activation: softmax}\ntargets: [3]\nloss: cross_entropy\n"
    )
    model = read_source(text, "wide.yaml", primitives.VOCABULARY)
    made = report(model, Settings(budget=60), True, judge)
    assert made.verification is not None
    assert len(made.verification.checks) == 4810
    assert {(c.verdict, c.witness) for c in made.verification.checks.values()} == {("agrees", "50 digits, random directions")}


# -- what counts as 0 for want of digits, and what time did not suffice for


def test_a_0_for_want_of_digits_is_unchecked(judge: Judge) -> None:
    """Right is exp(-20000), which sympy's formula says; the number printed is 0."""
    made = report(model("x - x*(1 - exp(-20000))", {"x": "1"}), Settings(precision=20, order=2, budget=BUDGET), True, judge)
    assert made.verification is not None and made.trace is not None
    first, second = made.verification.checks.values()
    assert (first.verdict, first.reason) == (
        "unchecked", "it counts as 0 in all the digits that were tried, and may be a smaller number",
    )  # fmt: skip
    assert second.verdict == "proved"
    assert made.trace.warnings == (
        "f and the derivative of f by x may be a number smaller than 5,120 digits tell beside the terms that it comes from; "
        "it counts as 0",
    )


def test_a_0_of_higher_order_for_want_of_digits_is_unchecked(judge: Judge) -> None:
    m = model("x**2 - x**2*(1 - exp(-20000))", {"x": "1"})
    made = report(m, Settings(precision=20, order=2, budget=BUDGET), True, judge)
    assert made.verification is not None
    assert [c.verdict for c in made.verification.checks.values()] == ["unchecked", "unchecked"]
    assert made.trace is not None
    assert "the derivative of f by x and the derivative of f by x and x may be a number smaller than" in made.trace.warnings[0]


LATE = "the budget ran out before this was compared (--budget gives more)"


def test_comparing_ends_with_the_budget(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of a sweep too: at each moment a row is compared or said not to be."""
    made = report(model("sin(x)*exp(y)", _XY), Settings(budget=BUDGET), True, judge)
    answers = list(judge.answers(time.monotonic() + BUDGET))
    seen = []
    for moments in range(0, 400, 8):
        left = iter([0.0] * moments)
        monkeypatch.setattr(time, "monotonic", lambda left=left: next(left, 1.0))
        checks = verify(made.trace, Ours(made.list, deadline=0.5), made.keys, made.formulas, answers).checks.values()
        assert {c.reason for c in checks if c.verdict == "unchecked"} <= {LATE}
        seen.append(tuple(c.verdict for c in checks))
    assert seen == sorted(seen, key=lambda verdicts: verdicts.count("proved"))
    assert {verdict for verdicts in seen for verdict in verdicts} == {"unchecked", "proved"}
