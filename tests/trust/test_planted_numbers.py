"""Rounding on paper and numbers without rounding, put wrong: the run fails.

Both stand beside the numbers that the judge's figures are compared with, and are compared with those.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from tests.conftest import Count, LastingJudge
from tests.programs import model, random_program
from wengert.lang.model import Model
from wengert.lang.spec import read_source
from wengert.report import Settings, report
from wengert.sweep import rounded
from wengert.sweep.choice import Choice
from wengert.sweep.exact import Exact
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY
from wengert.verify.other_numbers import fault

_RIGHT = rounded.half_away
_NETWORK = """
inputs: {x1: 0.05, x2: 0.10}
parameters: {w1: 0.15, w2: 0.2, w3: 0.25, w4: 0.3, b1: 0.35}
layers: [{weights: [[w1, w2], [w3, w4]], bias: [b1, b1], activation: sigmoid}]
targets: [0.01, 0.99]
loss: half_squared_error
"""


def texts() -> list[Model]:
    at = {"x": "0.7", "y": "1.3"}
    return [model("ln(x) + x*y - sin(y)", at), model("sigmoid(x*y)*x", at), read_source(_NETWORK, "net.yaml", VOCABULARY)]


Rounding = Callable[[Any, int, Any], Fraction]
ROUNDINGS: dict[str, Rounding] = {
    "doubled": lambda value, d, arithmetic: 2 * _RIGHT(value, d, arithmetic),
    "cut off": lambda value, d, arithmetic: Fraction(int(value * 10**d), 10**d),
    "a unit too much": lambda value, d, arithmetic: _RIGHT(value, d, arithmetic) + Fraction(1, 10**d),
    "a decimal fewer": lambda value, d, arithmetic: _RIGHT(value, d - 1, arithmetic),
    "the sign lost": lambda value, d, arithmetic: abs(_RIGHT(value, d, arithmetic)),
    "a decimal more": lambda value, d, arithmetic: _RIGHT(value, d + 1, arithmetic),
}


@pytest.mark.parametrize("what", ROUNDINGS)
def test_wrong_rounding_fails(what: str, lasting: LastingJudge, count: Count) -> None:
    for m in texts():
        right = run(lower(m), "reverse", Choice(decimals=2))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rounded, "half_away", ROUNDINGS[what])
            wrong = run(lower(m), "reverse", Choice(decimals=2))
            said = report(m, Settings(round=2), True, lasting.ready()).verdict
        assert right.rounded is not None and wrong.rounded is not None
        changes = right.rounded.nodes != wrong.rounded.nodes
        count("planted faults, rounding: planted", 1)
        count("planted faults, rounding: of these change nothing", not changes)
        count("planted faults, rounding: caught", changes and said == "failed")
        assert (said == "failed") == changes, (what, said)


# value, decimals, rounded half away from zero
TIES = [("0.125", 2), ("-0.125", 2), ("0.375", 2), ("2.5", 0), ("-3.5", 0), ("0.0625", 3)]


@pytest.mark.parametrize(("value", "decimals"), TIES)
def test_a_tie_that_is_rounded_to_even_or_towards_0_fails(
    value: str, decimals: int, lasting: LastingJudge, count: Count
) -> None:
    m = model("1*x", {"x": value})
    down: Rounding = lambda v, d, _: Fraction(int(v * 10**d), 10**d)  # noqa: E731
    assert report(m, Settings(round=decimals), True, lasting.ready()).verdict == "proved"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounded, "half_away", down)
        said = report(m, Settings(round=decimals), True, lasting.ready()).verdict
    count("planted faults, rounding: planted", 1)
    count("planted faults, rounding: caught", said == "failed")
    assert said == "failed"


def test_the_failure_names_the_node(monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge) -> None:
    monkeypatch.setattr(rounded, "half_away", ROUNDINGS["doubled"])
    made = report(model("x*y", {"x": "0.7", "y": "1.3"}), Settings(round=1), True, lasting.ready())
    assert made.verification is not None
    assert made.verification.checks["f", "x"].reason == "f = 0.91 is not 1.8 when it is rounded to 1 decimal"


# a function or an operation of exact numbers, what is planted for it by another one's name, and a text that shows it
EXACT = [
    ("sin", "cos", "sin(x)"), ("cos", "sin", "sin(x)"), ("exp", "sinh", "y*exp(x)"), ("ln", "sqrt", "ln(y)*x"),
    ("sqrt", "ln", "sqrt(y)*x"), ("mul", "add", "x*y + y"), ("add", "mul", "x*y + y"), ("div", "mul", "x/y"),
    ("sub", "add", "x - y*x"), ("power", "mul", "y**3*x"), ("atan", "tanh", "atan(y)*x"), ("erf", "atan", "erf(y)*x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "other", "text"), EXACT)
def test_a_wrong_exact_number_fails(
    name: str, other: str, text: str, monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge, count: Count
) -> None:
    m = model(text, {"x": "pi/3", "y": "3"})
    assert report(m, Settings(numbers="exact"), True, lasting.ready()).verdict in ("proved", "agrees")
    table = Exact.__init__

    def planted(self: Exact, *a: Any, **more: Any) -> None:
        table(self, *a, **more)
        self.functions = {**self.functions, name: self.functions[other]}

    monkeypatch.setattr(Exact, "__init__", planted)
    said = report(m, Settings(numbers="exact"), True, lasting.ready()).verdict
    count("planted faults, exact numbers: planted", 1)
    count("planted faults, exact numbers: caught", said == "failed")
    assert said == "failed"


def test_right_numbers_are_never_called_wrong(count: Count) -> None:
    for seed in range(40):
        program = random_program(seed, most=12)
        m = model(program.text, program.point, of=program.outputs)
        assert fault(run(lower(m), "both", Choice(digits=20, exact=True))) is None, program
        count("exact numbers that are right: random programs", 1)
    hidden = random_program(5242, most=25)  # an adjoint is 0, and the expression for it does not show that
    assert fault(run(lower(model(hidden.text, hidden.point, of=hidden.outputs)), "both", Choice(digits=20, exact=True))) is None
    for text in ("x**2*y - x", "exp(x)*y/3", "ln(x + y)*x"):
        for decimals in (0, 1, 3, 7):
            assert fault(run(lower(model(text, {"x": "0.7125", "y": "1.35"})), "both", Choice(decimals=decimals))) is None
