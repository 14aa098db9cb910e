"""Exact numbers, many digits, doubles and rounded nodes: the same derivative, to the digits that each claims."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings

from tests.conftest import LastingJudge
from tests.programs import Program, model, mp, programs, slope_of, value_of
from wengert import pipeline
from wengert.errors import UsageError, ValueProblem
from wengert.lang.model import Model
from wengert.report import Report, Settings, report
from wengert.show.record import record
from wengert.sweep.choice import Choice
from wengert.sweep.trace import Trace, run
from wengert.tape.lower import lower

CLAIMED = 9  # digits of a double that is not called imprecise
HALF = mpmath.mpf("0.5")


def traced(text: str, at: dict[str, Any], **choice: Any) -> Trace:
    return run(lower(model(text, at)), "reverse", Choice(**choice))


def close(ours: Any, reference: Any, digits: int) -> bool:
    with mp.workdps(120):
        ours, reference = mp.mpf(ours), mp.mpf(reference)
        return bool(abs(ours - reference) <= mp.mpf(10) ** -digits * abs(reference))


# -- random programs


KNOWN: list[bool] = []


@settings(max_examples=60)
@given(programs())
def test_exact_many_digits_and_doubles_agree(program: Program) -> None:
    _agree(program)


@pytest.mark.long
@settings(max_examples=300)
@given(programs())
def test_exact_many_digits_and_doubles_agree_in_more(program: Program) -> None:
    _agree(program)


def _agree(program: Program) -> None:
    """Each to the digits it claims: 50, all that an exact number is worked out to, and 9 of a double (or the judge says
    imprecise, which the next test asks for)."""
    m = model(program.text, program.point)
    wl = lower(m)
    many = run(wl, "reverse", Choice(digits=50))
    exact = run(wl, "reverse", Choice(digits=20, exact=True))
    double = run(wl)
    arithmetic: Any = exact.unrounded.arithmetic
    with mp.workdps(150):
        value = value_of(m, "f", {x: mp.mpf(v) for x, v in program.point.items()})
    assert close(many.values[-1], value, 49) or abs(value) < mp.mpf(10) ** -60
    for x in m.wrt:
        figure = many.figure(("f", x))
        slope = slope_of(m, "f", x, program.point, 180)
        with mp.workdps(180):
            assert abs(mp.mpf(figure) - slope) <= mp.mpf(10) ** -49 * max(abs(slope), mp.mpf(10) ** -8), x
        number = exact.exact_figure(("f", x))
        KNOWN.append(bool(number == number))  # undefined is not equal to itself
        if KNOWN[-1]:
            assert close(arithmetic.decimal(number, 60), figure, 49) or abs(figure) < mp.mpf(10) ** -60, x
        assert close(exact.figure(("f", x)), figure, 19) or figure == 0
        error = abs(mp.mpf(double.derivative("f", x)) - figure)
        assert error <= mp.mpf(10) ** -CLAIMED * max(abs(figure), 1), x


def test_most_exact_numbers_could_be_written() -> None:
    assert sum(KNOWN) > len(KNOWN) / 2


# -- many digits, however ill-conditioned

ILL = [
    ("(1-cos(x))/x**2", {"x": "1e-8"}),
    ("(1-cos(x))/x**2", {"x": "1e-300"}),
    ("(x + 1e40) - 1e40", {"x": "1"}),
    ("exp(x) - exp(y)", {"x": "1", "y": "1.0000000000000000000000000000000000000001"}),
    ("tanh(x)", {"x": "150"}),
    ("tanh(x)", {"x": "700"}),
    ("sigmoid(x)", {"x": "900"}),
    ("ln(x)", {"x": "1.000000000000000000000000000000001"}),
    ("sin(x)", {"x": "1e22"}),
    ("sqrt(x**2 + 1) - x", {"x": "1e30"}),
    ("(x**(1/3))**3 - x + x**2", {"x": "7"}),
    ("1/(1 + exp(-x))", {"x": "-1000"}),
    ("exp(x)", {"x": "1000"}),
    ("gelu(x)", {"x": "-30"}),
]


@pytest.mark.parametrize("digits", [5, 30, 200])
@pytest.mark.parametrize(("text", "at"), ILL)
def test_every_digit_is_right(text: str, at: dict[str, str], digits: int) -> None:
    trace = traced(text, at, digits=digits)
    m = trace.model
    with mp.workdps(2500):
        point = {x: mp.mpf(v) for x, v in at.items()}
        assert close(trace.values[-1], value_of(m, "f", point), digits)
        for x in m.wrt:
            slope = slope_of(m, "f", x, at, 2400)
            assert close(trace.figure(("f", x)), slope, digits), x


@pytest.mark.parametrize(("text", "at"), [("sin(x)", {"x": "pi"}), ("x - x", {"x": "1/3"}), ("sqrt(x)**2 - x", {"x": "2"})])
def test_a_sum_that_cancels_altogether_is_0(text: str, at: dict[str, str]) -> None:
    assert traced(text, at, digits=30).values[-1] == 0


@pytest.mark.parametrize("digits", [5, 6, 20, 30, 31, 100])
def test_a_tie_of_computed_numbers_is_a_tie(digits: int) -> None:
    assert traced("where(sin(x) > 0, 1, where(sqrt(y)**2 == 2, 2, 3))", {"x": "pi", "y": "2"}, digits=digits).values[-1] == 2
    assert traced("max(sqrt(x)**2, y)", {"x": "2", "y": "2"}, digits=digits).derivative("f", "y") == 0.5
    assert traced("where(x > 0, 1, 2)", {"x": "1e-700"}, digits=digits).values[-1] == 1


def test_the_text_has_all_digits(judge: LastingJudge) -> None:
    found = made("exp(x)", {"x": "1"}, judge, precision=60)
    with mp.workdps(80):
        assert found["derivatives"][0]["exact"] == mpmath.nstr(mp.e, 60)
    assert found["arithmetic"] == "60 digits" and found["verdict"] == "proved"
    assert found["derivatives"][0]["value"] == pytest.approx(2.718281828459045)


def made(text: str, at: dict[str, str], judge: LastingJudge, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(record(reported(model(text, at), judge, **given))))
    return found


def reported(m: Model, judge: LastingJudge, at_point: bool = True, **given: Any) -> Report:
    return report(m, Settings(**given), at_point, judge)


def test_numbers_beyond_a_double_are_texts(judge: LastingJudge) -> None:
    found = made("exp(x)", {"x": "1000"}, judge, precision=20)
    assert found["outputs"][0]["value"] == "1.970071114017047e434"
    assert found["outputs"][0]["exact"] == "1.9700711140170469939e434"
    assert found["verdict"] == "proved"


# -- exact numbers

EXACT = [
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": "2", "x2": "5"}, "ln(2) + 10 - sin(5)", {"x1": "11/2", "x2": "2 - cos(5)"}),
    ("sqrt(x**2 + 1)", {"x": "1"}, "sqrt(2)", {"x": "sqrt(2)/2"}),
    ("x**2", {"x": "1/3"}, "1/9", {"x": "2/3"}),
    ("sin(x)", {"x": "pi/3"}, "sqrt(3)/2", {"x": "1/2"}),
    ("exp(2*x)", {"x": "ln(3)"}, "9", {"x": "18"}),
    ("sigmoid(x)", {"x": "0"}, "1/2", {"x": "1/4"}),
    ("max(x, y)", {"x": "sqrt(2)*sqrt(3)", "y": "sqrt(6)"}, "sqrt(6)", {"x": "1/2", "y": "1/2"}),
]


@pytest.mark.parametrize(("text", "at", "value", "slopes"), EXACT)
def test_exact(text: str, at: dict[str, str], value: str, slopes: dict[str, str], judge: LastingJudge) -> None:
    found = made(text, at, judge, numbers="exact")
    assert found["arithmetic"] == "exact"
    assert found["outputs"][0]["exact"] == value
    assert {d["wrt"][0]: d["exact"] for d in found["derivatives"]} == slopes


def test_an_exact_network(judge: LastingJudge) -> None:
    found = pipeline.trace(pipeline.load("samples/two-two-one.yaml"), numbers="exact")
    value = found.trace.exact_figure(("y", "w5")) if found.trace else None
    arithmetic: Any = found.trace.unrounded.arithmetic if found.trace else None
    assert close(arithmetic.decimal(value, 40), "0.152711420304", 11)


# -- rounded nodes

NOTE = {"a1": "1.367", "h1": "0.797", "a2": "-0.236", "h2": "0.441", "a3": "1.055", "y": "0.742"}


def test_the_lecture_note_rounds_as_it_prints() -> None:
    found = pipeline.trace(pipeline.load("samples/two-two-one.yaml"), round=3, verify=False)
    assert found.trace is not None and found.trace.rounded is not None
    wl, rounded = found.list, found.trace.rounded
    for name, printed in NOTE.items():
        assert close(rounded.columns.values[wl.slots[name]], printed, 30), name
    assert found.trace.values[wl.slots["a3"]] == pytest.approx(1.0542119, abs=1e-7), "the unrounded one stands beside"
    h1, y = Fraction("0.797"), Fraction("0.742")
    slope = y * (1 - y) * h1
    assert close(found.trace.rounded_figure(("y", "w5")), str(float(slope)), 12)


@pytest.mark.parametrize(("text", "at", "decimals", "value"), [
    ("x/8", {"x": "0.5"}, 3, "0.063"),  # 0.0625: a tie goes away from zero
    ("-x/8", {"x": "0.5"}, 3, "-0.063"),
    ("x + 0.0005", {"x": "1"}, 3, "1.001"),  # no double is 1.0005
    ("x*1.005", {"x": "1"}, 2, "1.01"),
    ("sqrt(x)*sqrt(x)", {"x": "2"}, 1, "2"),
    ("sqrt(x)*sqrt(x)", {"x": "2"}, 2, "1.99"),
    ("exp(x)", {"x": "300"}, 2, None),
    ("x/3", {"x": "2"}, 0, "1"),
])  # fmt: skip
def test_half_goes_away_from_zero(text: str, at: dict[str, str], decimals: int, value: str | None) -> None:
    trace = traced(text, at, decimals=decimals)
    assert trace.rounded is not None
    ours = trace.rounded.columns.values[-1]
    assert close(ours, value, 30) if value is not None else close(ours, trace.values[-1], 14)


def test_rounding_that_leaves_a_domain_is_told() -> None:
    with pytest.raises(ValueProblem, match="ln is undefined"):
        traced("ln(x/1000)", {"x": "0.1"}, decimals=3)


CONFLICTS = [
    ({"numbers": "exact", "round": 3}, "--round calculates with rounded numbers"),
    ({"precision": 30, "round": 3}, "--round calculates with rounded numbers"),
    ({"numbers": "fuzzy"}, "--numbers is fuzzy"),
    ({"precision": 0}, "--precision is 0"),
    ({"precision": 4001}, "--precision is 4001"),
    ({"round": -1}, "--round is -1"),
    ({"order": 0}, "--order is 0"),
    ({"order": 31}, "--order is 31"),
    ({"order": 2, "round": 3}, "--round goes with derivatives of first order"),
    ({"kink": "mine"}, "--kink is mine"),
]


@pytest.mark.parametrize(("given", "said"), CONFLICTS)
def test_settings_that_contradict(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        pipeline.trace("x**2", at={"x": 1}, verify=False, **given)
