"""Where a formula has no value: the input beside the whole report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import model
from wengert import pipeline
from wengert.errors import UsageError, ValueProblem
from wengert.sweep.arithmetics import digits
from wengert.sweep.choice import Choice
from wengert.sweep.faults import number
from wengert.sweep.trace import run
from wengert.tape.lower import lower

MOST = "in many digits numbers reach up to about e^(10^12)"
LARGEST = "the largest double is about 1.8e308; --precision 20 has no such limit"

REPORTS = [
    ("ln(x*y - 3)", {"x": 1, "y": 2}, """\
error: ln is undefined at v2 = -1
  ln(x*y - 3)
  ^^^^^^^^^^^
  v1 = x*y = 2, v2 = v1 - 3 = -1
  hint: the logarithm needs a positive argument"""),
    ("1/x", {"x": 0}, """\
error: the quotient is undefined at x = 0
  1/x
  ^^^
  hint: the denominator must not be 0"""),
    ("1/(x - x)", {"x": 3}, """\
error: the quotient is undefined at v1 = 0
  1/(x - x)
  ^^^^^^^^^
  v1 = x - x = 0
  hint: the denominator must not be 0"""),
    ("exp(x)", {"x": 1000}, """\
error: exp overflows at x = 1000
  exp(x)
  ^^^^^^
  hint: the largest double is about 1.8e308; --precision 20 has no such limit"""),
    ("2 + ln(-1)*x", {"x": 1}, """\
error: ln is undefined at ln(-1)
  2 + ln(-1)*x
      ^^^^^^
  hint: the logarithm needs a positive argument"""),
    ("x*y", {"x": 1}, """\
error: y has no value
  x*y
    ^
  hint: give it with --at y=…"""),
    ("xy + x + y", {"x": 1, "y": 2}, """\
error: xy has no value
  xy + x + y
  ^^
  hint: xy is one name; the product of x and y is written x*y"""),
    ("a*b*c", {}, """\
error: a, b, c have no value
  a*b*c
  ^
  hint: give it with --at a=…,b=…,c=…"""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "expected"), REPORTS)
def test_report(text: str, at: dict[str, float], expected: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model(text, at)))
    assert caught.value.report() == expected


# text, x, first line, hint
TITLES = [
    ("sqrt(x)", -1, "sqrt is undefined at x = -1", "the square root needs an argument of at least 0"),
    ("asin(x)", 2, "asin is undefined at x = 2", "the argument must lie in [−1, 1]"),
    ("atanh(x)", 1, "atanh is undefined at x = 1", "atanh needs an argument between −1 and 1"),
    ("acosh(x)", 0.5, "acosh is undefined at x = 0.5", "acosh needs an argument of at least 1"),
    ("asech(x)", 2, "asech is undefined at x = 2", "asech needs an argument in (0, 1]"),
    ("asec(x)", 0.5, "asec is undefined at x = 0.5", "the argument must not lie between −1 and 1"),
    ("csc(x)", 0, "csc is undefined at x = 0", "csc is 1/sin: sin(x) must not be 0"),
    ("coth(x)", 0, "coth is undefined at x = 0", "the argument must not be 0"),
    ("log2(x)", 0, "log2 is undefined at x = 0", "the logarithm needs a positive argument"),
    ("log1p(x)", -1, "log1p is undefined at x = -1", "log1p(x) is ln(1 + x): the argument must be greater than −1"),
    ("log(2, x)", 1, "log is undefined at x = 1", "the base of a logarithm is not 1"),
    ("log(2, x)", -3, "log is undefined at x = -3", "the base of a logarithm is positive"),
    ("x**0.5", -1, "the power is undefined at x = -1", "a negative base needs a whole exponent"),
    ("x**-1", 0, "the power is undefined at x = 0", "0 has no negative power"),
    ("x**1000", 10, "the power overflows at x = 10", LARGEST),
    ("x*x", 1e200, "the product overflows at x = 1e+200", LARGEST),
    ("cosh(x)", 800, "cosh overflows at x = 800", LARGEST),
    ("exp(x) - exp(x)", 1000, "exp overflows at x = 1000", LARGEST),
    ("cosh(x)", 800.0000001, "cosh overflows at x = 800", LARGEST),
    ("acos(x)", 1.0000001, "acos is undefined at x = 1.0000001", "the argument must lie in [−1, 1]"),
    ("acosh(x)", 0.99999999, "acosh is undefined at x = 0.99999999", "acosh needs an argument of at least 1"),
    ("acoth(x)", 0.9999999, "acoth is undefined at x = 0.9999999", "acoth needs an argument outside [−1, 1]"),
    ("(-8)^x", 2.0000001, "the power is undefined at x = 2.0000001", "a negative base needs a whole exponent"),
    ("(-8)^x", 1000000.5, "the power is undefined at x = 1000000.5", "a negative base needs a whole exponent"),
    ("clip(1, x, x - 1e-8)", 0.3, "clip is undefined at x = 0.3 and v1 = 0.29999999", "clip needs lo ≤ hi"),
    ("tan(x)", "pi/2", "tan is undefined at x = 1.5708", "tan is sin/cos: cos(x) must not be 0; double precision "
     "misses that by rounding"),
]


def test_an_argument_reads_the_same_where_it_is_led_up_to() -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model("acos(x*1)", {"x": 1.0000001})))
    assert (caught.value.title, caught.value.details) == ("acos is undefined at v1 = 1.0000001", ("v1 = x*1 = 1.0000001",))


def test_in_many_digits_as_many_as_it_takes() -> None:
    with pytest.raises(ValueProblem, match=r"^acos is undefined at x = 1\.0000000000000000000001\n"):
        run(lower(model("acos(x)", {"x": "1.0000000000000000000001"})), choice=Choice(digits=40))


def test_in_many_digits_the_limit_is_another_one() -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model("exp(x)", {"x": "1e13"})), choice=Choice(digits=20))
    assert (caught.value.title, caught.value.hint) == ("exp overflows at x = 1e+13", MOST)


@pytest.mark.parametrize(("text", "x", "title", "hint"), TITLES)
def test_title_and_hint(text: str, x: float, title: str, hint: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model(text, {"x": x})))
    assert (caught.value.title, caught.value.hint) == (title, hint)


def test_the_cube_root_of_a_negative_number_has_a_hint_of_its_own() -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model("x**(1/3)", {"x": -8})))
    assert "cbrt" in (caught.value.hint or "")


VALUES = [
    ("1/0", "the value of x is undefined"),
    ("ln(-1)", "the value of x is undefined"),
    ("1e400", "the value of x overflows"),
    ("-1e400", "the value of x overflows"),
    ("exp(1000)", "the value of x overflows"),
    ("1e-400", "the value of x underflows"),
]


@pytest.mark.parametrize(("value", "title"), VALUES)
def test_a_value_that_is_none(value: str, title: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model("x + 1", {"x": value})))
    assert caught.value.title == title


LITERALS = [
    ("x*1e400", "this constant overflows", "it is beyond the largest double, about 1.8e308; --precision 20 has no such limit"),
    ("x*1e-400", "this constant underflows",
     "it is smaller than the smallest double, about 4.9e-324; --precision 20 has no such limit"),
    ("x*0e-400/0.0", "the quotient is undefined at v1 = 0", "the denominator must not be 0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title", "hint"), LITERALS)
def test_a_literal_that_is_no_double(text: str, title: str, hint: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model(text, {"x": 1})))
    assert (caught.value.title, caught.value.hint) == (title, hint)


@pytest.mark.parametrize("text", ["1e400*x", "1e-400*x"])
def test_many_digits_are_the_way_out_of_that(text: str) -> None:
    run(lower(model(text, {"x": 1})), choice=Choice(digits=20))


def test_in_many_digits_there_is_no_other_way_out() -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model("x", {"x": "exp(1e13)"})), choice=Choice(digits=20))
    assert (caught.value.title, caught.value.hint) == ("the value of x overflows", MOST)


@pytest.mark.parametrize("text", ["x*exp(1000)", "x/(1 - 1)", "x*ln(0)", "x*sqrt(-1)"])
@pytest.mark.parametrize("fold", [False, True])
def test_a_constant_without_a_value(text: str, fold: bool) -> None:
    with pytest.raises(ValueProblem):
        run(lower(model(text, {"x": 1}), fold=fold))


def test_the_mode_is_checked() -> None:
    with pytest.raises(UsageError) as caught:
        run(lower(model("x", {"x": 1})), "sideways")
    assert caught.value.hint == "one of reverse, forward, both"


def test_values_are_finite_though_a_part_would_overflow() -> None:
    for text, x in (("sigmoid(x)", -1000), ("softplus(x)", 1000), ("tanh(x)", 1e300), ("logsumexp(x, x)", 1000),
                    ("softmax(1, x, 0)", 1000), ("hypot(x, x)", 1e200), ("sech(x)", 1000), ("gelu(x)", -100)):  # fmt: skip
        trace = run(lower(model(text, {"x": x})))
        assert abs(trace.derivative("f", "x")) <= 2


@pytest.mark.parametrize(
    ("weight", "targets", "activation", "kind"),
    [
        (800, "[0]", "sigmoid", "binary_cross_entropy"),
        (-800, "[1]", "sigmoid", "binary_cross_entropy"),
        (800, "[2]", "softmax", "cross_entropy"),
    ],
)
def test_a_saturated_output_is_told_of_the_stable_form(
    tmp_path: Path, weight: int, targets: str, activation: str, kind: str
) -> None:
    rows = f"[[{weight}]]" if activation == "sigmoid" else f"[[{weight}], [0]]"
    spec = tmp_path / "net.yaml"
    spec.write_text(
        f"inputs: {{x: 1}}\nlayers: [{{weights: {rows}, activation: {activation}}}]\ntargets: {targets}\nloss: {kind}\n"
    )
    with pytest.raises(ValueProblem) as caught:
        pipeline.trace(spec, verify=False)
    wanted = f"loss: {{kind: {kind}, form: stable}}"
    assert f"the {activation} is saturated; write {wanted}" in (caught.value.hint or "")
    spec.write_text(spec.read_text().replace(f"loss: {kind}", wanted))
    assert pipeline.trace(spec, verify=False).trace is not None


@pytest.mark.parametrize("working", [20, 5_000, 20_000])
def test_a_value_of_thousands_of_digits_is_told(working: int) -> None:
    """Python makes no text of an integer of more than 4,300 digits, and mpmath would make one of such a value."""
    arithmetic = digits(working)
    one = arithmetic.number("1") + arithmetic.number("1e-4000")
    assert number(arithmetic.number("1e9000") * one) == "1e+9000"


@pytest.mark.parametrize(
    ("component", "says"),
    [("1e400", "overflows"), ("1e-400", "underflows"), ("exp(1000)", "overflows"), ("1/0", "is undefined"),
     ("ln(-1)", "is undefined")],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["forward", "both"])
def test_a_seed_without_a_value(component: str, says: str, mode: str) -> None:
    with pytest.raises(ValueProblem, match=f"^the seed's component for x {says}"):
        pipeline.report(model("x*y", {"x": 1, "y": 2}, seed={"x": component}), pipeline.Settings(mode=mode), True)


def test_a_seed_without_a_value_where_nothing_is_computed() -> None:
    with pytest.raises(ValueProblem, match=r"^the seed's component for x is undefined"):
        pipeline.report(model("x*y", None, seed={"x": "ln(-1)"}), pipeline.Settings(), False)
