"""Where rounding decides whether there is a value, and which: many digits see what doubles lose, and a number has one zero."""

from __future__ import annotations

import json
import math

import mpmath
import pytest

from tests.conftest import LastingJudge
from tests.programs import model
from wengert.errors import ValueProblem
from wengert.report import Report, Settings, report
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.show.text import render
from wengert.show.trace_document import trace_document
from wengert.sweep.choice import Choice
from wengert.sweep.trace import Trace, run
from wengert.tape.lower import lower

mp = mpmath.mp


def _trace(text: str, at: dict[str, str], **choice: int | bool) -> Trace:
    return run(lower(model(text, at)), choice=Choice(**choice))  # type: ignore[arg-type]


# -- many digits: nothing that is not 0 comes out as 0, however much is rounded away on the way to it

SMALL = [  # text, x, value by mpmath
    ("ln(1 + exp(x))", "-200", lambda x: mp.log1p(mp.exp(x))),
    ("ln(1 + exp(x))", "-4000", lambda x: mp.log1p(mp.exp(x))),
    ("softplus(x)", "-20000", lambda x: mp.exp(x)),
    ("ln(1 + x)", "1e-90", lambda x: x),
    ("ln(cos(x))", "1e-90", lambda x: -x * x / 2),
    ("ln(cosh(x))", "1e-90", lambda x: x * x / 2),
    ("ln((1 + x)*(1 - x))", "1e-35", lambda x: -x * x),
    ("ln(exp(x))", "1e-90", lambda x: x),
    ("ln(tanh(x))", "300", lambda x: -2 * mp.exp(-2 * x)),
    ("ln(sum(1, x))", "1e-90", lambda x: x),
    ("ln(dot(1, x, 1, 1))", "1e-90", lambda x: x),
    ("ln(2**x)", "1e-90", lambda x: x * mp.log(2)),
    ("ln((2 + x)/2)", "1e-90", lambda x: x / 2),
    ("acosh(1 + x)", "1e-90", lambda x: mp.sqrt(2 * x)),
    ("acos(1 - x)", "1e-90", lambda x: mp.sqrt(2 * x)),
    ("atanh(1 - x)", "1e-90", lambda x: mp.log(2 / x) / 2),
    ("erfc(x)", "60", lambda x: mp.erfc(x)),
    ("1 - erf(x)", "60", lambda x: mp.erfc(x)),
    ("gelu(x)", "-1000", lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2),
    ("1 - tanh(x)", "2000", lambda x: 2 * mp.exp(-2 * x)),
    ("floor(1 - x)", "1e-90", lambda x: mp.mpf(0)),
    ("max(1 + x, 1) - 1", "1e-90", lambda x: x),
    ("where(1 - x == 1, x, 2*x)", "1e-90", lambda x: 2 * x),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "right"), SMALL)
def test_many_digits_are_right_however_small_the_value(text: str, x: str, right: object) -> None:
    trace = _trace(text, {"x": x}, digits=12)
    with mp.workdps(60):
        wanted = right(mp.mpf(x))  # type: ignore[operator]
        assert abs(trace.values[trace.list.slots["f"]] - wanted) <= abs(wanted) * mp.mpf(10) ** -12


def test_a_term_that_both_workings_lose_is_missed() -> None:
    trace = _trace("(exp(x) - exp(-x))/(exp(x) + exp(-x))", {"x": "1000"}, digits=12, order=2)
    with mp.workdps(30):
        assert abs(trace.figure(("f", "x", "x")) / (-8 * mp.exp(-2000)) - 1) < mp.mpf(10) ** -12  # -2·tanh/cosh²


@pytest.mark.parametrize("text", ["erf(x)", "gelu(x)"])
def test_pi_in_a_rule_stays_pi_among_exact_numbers(text: str) -> None:
    made = report(model(text, {"x": "1"}), Settings(verify=False, numbers="exact"), True)
    assert "√π" in "".join(render(trace_document(made, Digits(6)), Look())) or text == "gelu(x)"


@pytest.mark.parametrize("text", ["max(1 + x, 1)", "where(1 + x > 1, x, 2*x)"])
def test_a_tie_that_rounding_made_is_none(text: str) -> None:
    assert _trace(text, {"x": "1e-90"}, digits=12).derivative("f", "x") == 1


EXACTLY = [  # text, x, value and derivative: rationals, and sin(pi), are known without rounding
    ("sqrt(0.3 - 0.1 - x)", "0.2", 0.0, -math.inf),
    ("sqrt(sin(x))", "pi", 0.0, -math.inf),
    ("floor(100*x)", "0.29", 29.0, 0.0),
    ("abs(0.1 + 0.2 - x)", "0.3", 0.0, 0.0),
]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(("text", "x", "value", "slope"), EXACTLY)
def test_what_is_known_without_rounding_is_used(text: str, x: str, value: float, slope: float, exact: bool) -> None:
    trace = _trace(text, {"x": x}, digits=20, exact=exact)
    assert (float(trace.values[trace.list.slots["f"]]), trace.derivative("f", "x")) == (value, slope)


# -- the judge does not call right numbers wrong, however small they are, nor takes them for 0

HIDDEN = [("1 - tanh(x)", "2000"), ("1 - erf(x)", "60"), ("1 - sigmoid(x)", "4000"), ("ln(1 + exp(x))", "-4000")]  # from it


@pytest.mark.parametrize("digits", [None, 12])
@pytest.mark.parametrize(("text", "x"), [*((text, x) for text, x, _ in SMALL), HIDDEN[2]])
def test_a_tiny_figure_is_never_failed(text: str, x: str, digits: int | None, judge: LastingJudge) -> None:
    try:
        made = report(model(text, {"x": x}), Settings(precision=digits), True, judge)
    except ValueProblem:
        assert digits is None and text == "atanh(1 - x)"  # its double is atanh(1)
        return
    assert made.verification is not None
    whole = [made.verification.values["f"], made.verification.checks["f", "x"]]
    assert not [v for v in whole if v.verdict == "failed"]
    if digits is not None:
        assert whole[0].verdict == ("unchecked" if (text, x) in HIDDEN else "agrees")


# -- doubles: a pole that they miss, and a domain that they leave by rounding

MISSED = [
    ("tan(x)", "pi/2", "tan is undefined at x = 1.5708"),
    ("tan(pi/2*x)", "1", "tan is undefined at v2 = 1.5708"),
    ("sec(x)", "pi/2", "sec is undefined at x = 1.5708"),
    ("1/sin(x)", "pi", "the quotient is undefined at v1 = 0"),
    ("1/(0.1 + 0.2 - x)", "0.3", "the quotient is undefined at v2 = 0"),
    ("ln(sin(x))", "pi", "ln is undefined at v1 = 0"),
    ("(sin(x))**-2", "pi", "the power is undefined at v1 = 0"),
]


@pytest.mark.parametrize(("text", "x", "title"), MISSED)
def test_a_pole_that_doubles_miss(text: str, x: str, title: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        _trace(text, {"x": x})
    assert caught.value.title == title
    assert "double precision misses that by rounding" in (caught.value.hint or "")


@pytest.mark.parametrize(("text", "x"), [
    ("tan(x)", "1.5707963267948966"), ("1/x", "1e-13"), ("where(x > 2, tan(x), x)", "pi/2"), ("sin(x)", "pi"),
    ("x - 0.3", "0.3000000000000001"),
])  # fmt: skip
def test_a_large_or_small_value_may_well_be_one(text: str, x: str) -> None:
    assert _trace(text, {"x": x}).values


ALONE = [
    ("ln(exp(x))", "-746", "only in double precision: v1 is 1.03828e-324; --precision 20 computes with that"),
    ("ln(sigmoid(x))", "-1000", "only in double precision: v1 is 5.07596e-435; --precision 20 computes with that"),
    ("ln(1 - sigmoid(x))", "40", "only in double precision: v2 is 4.24835e-18; --precision 20 computes with that"),
    ("1/x**2", "1e-200", "only in double precision: v1 is 1e-400; --precision 20 computes with that"),
    ("sqrt(0.3 - 0.1 - x)", "0.2", "only in double precision: v2 is 0; --precision 20 computes with that"),
    ("atanh(1 - x)", "1e-90", "only in double precision: v1 is not quite 1; --precision 20 computes with that"),
    ("1/(x - x)", "2", "the denominator must not be 0"),
    ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", "1000",
     "tanh(x), which is (exp(x) - exp(-x))/(exp(x) + exp(-x)), is computed without overflow; or --precision 20"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "hint"), ALONE)
def test_a_domain_that_only_doubles_leave(text: str, x: str, hint: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        _trace(text, {"x": x})
    assert caught.value.hint == hint
    if "only in" in hint:
        assert _trace(text, {"x": x}, digits=20).values


# -- a number has one zero

ZEROS = [  # text, point, value, derivatives of order 1 and 2 by the first name
    ("sqrt(x)", {"x": "-0.0"}, 0.0, math.inf, -math.inf),
    ("sqrt(-x)", {"x": "0"}, 0.0, -math.inf, -math.inf),
    ("atan2(y, x)", {"y": "0", "x": "-0.0"}, 0.0, math.nan, math.nan),
    ("atan2(y, x)", {"y": "-0.0", "x": "-1"}, math.pi, -1.0, 0.0),
    ("atan2(x*y, x)", {"y": "0", "x": "-1"}, math.pi, 1.0, 0.0),
    ("-x", {"x": "0"}, 0.0, -1.0, 0.0),
]


@pytest.mark.parametrize("digits", [None, 20])
@pytest.mark.parametrize(("text", "at", "value", "slope", "second"), ZEROS)
def test_minus_zero_is_zero(
    text: str, at: dict[str, str], value: float, slope: float, second: float, digits: int | None
) -> None:
    first = next(iter(at))
    trace = run(lower(model(text, at, wrt=[first])), choice=Choice(digits=digits, order=2))
    found = float(trace.values[trace.list.slots["f"]])
    assert found == pytest.approx(value) and math.copysign(1, found) == 1
    assert trace.derivative("f", first) == pytest.approx(slope, nan_ok=True)
    assert trace.derivative("f", first, first) == pytest.approx(second, nan_ok=True)


@pytest.mark.parametrize("text", ["-x", "x*(-1)", "abs(x - 1)*(-x)", "sign(x)*(-2)"])
def test_no_minus_zero_in_json(text: str) -> None:
    made: Report = report(model(text, {"x": "0"}), Settings(verify=False), True)
    assert "-0.0" not in json.dumps(record(made))


def test_softmax_keeps_its_digits_for_large_arguments() -> None:
    trace = _trace("softmax(1, a, b)", {"a": "1000", "b": "1000"})
    assert trace.values[trace.list.slots["f"]] == 0.5
    assert (trace.derivative("f", "a"), trace.derivative("f", "b")) == (0.25, -0.25)


@pytest.mark.parametrize("text", ["erf(x)", "1 - erf(x)", "erfc(x)"])
def test_the_forward_sweep_of_a_tiny_figure_is_not_failed(text: str, judge: LastingJudge) -> None:
    made = report(model(text, {"x": "30"}), Settings(mode="forward", budget=60), True, judge)
    assert made.verification is not None and made.verification.checks["f", "x"].verdict == "imprecise"
