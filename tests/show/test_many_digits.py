"""Numbers in lines of many digits: each is right to its last one, also that of a call of numbers that are cut."""

from __future__ import annotations

import re

import mpmath
import pytest

from wengert import pipeline
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.text import render
from wengert.show.trace_document import trace_document
from wengert.tape.primitives import SYMBOLS

NUMBER = re.compile(r"[0-9]+\.[0-9]+(?:e[−0-9]+)?")
PRECISION = 20


def numbers(formula: str, x: int) -> list[str]:
    """The numbers of the derivative's line, without its value."""
    report = pipeline.trace(formula, at={"x": x}, precision=PRECISION, verify=False)
    lines = "".join(render(trace_document(report, Digits(PRECISION)), Look(symbols=SYMBOLS))).splitlines()
    row = next(line for line in lines if line.startswith("df/dx"))
    return NUMBER.findall(row[: re.search("[≈=]", row).start()])  # type: ignore[union-attr]


@pytest.mark.parametrize(("formula", "x"), [("exp(exp(x))", 20), ("sin(exp(x))*x", 50), ("sin(exp(x))*x", 90)])
def test_numbers_in_the_line_of_a_derivative_are_right(formula: str, x: int) -> None:
    with mpmath.workdps(300):
        right = [mpmath.exp(x), *(f(mpmath.exp(x)) for f in (mpmath.exp, mpmath.sin, mpmath.cos))]
        found = numbers(formula, x)
        assert len(found) >= 2
        for text in found:
            mantissa = text.partition("e")[0].replace(".", "").lstrip("0")
            assert len(mantissa) > PRECISION
            half = mpmath.mpf(10) ** (1 - len(mantissa)) / 2  # of the last digit, beside the number
            assert any(abs(mpmath.mpf(text.replace("−", "-")) - abs(r)) <= half * abs(r) for r in right), text


@pytest.mark.parametrize(
    ("formula", "x", "line"),
    [("exp(exp(x))", 3, "5.2849131e8·20.085537"), ("sin(exp(x))*x", 9, "−0.79346054 + 9·(−0.6086217)·8103.0839")],
)  # fmt: skip
def test_in_doubles_a_call_that_becomes_a_number_is_right_too(formula: str, x: int, line: str) -> None:
    """exp(20.085537) is 5.2849135e8, and exp(exp(3)) 5.2849131e8."""
    report = pipeline.trace(formula, at={"x": x}, verify=False)
    lines = "".join(render(trace_document(report, Digits()), Look(symbols=SYMBOLS))).splitlines()
    assert line in next(text for text in lines if text.startswith("df/dx"))


def test_what_is_nothing_but_rounding_is_0() -> None:
    report = pipeline.trace("exp(x) + cos(pi/2)*x^2", at={"x": 3}, precision=PRECISION, verify=False)
    assert "2·3·0 + 20.085536923187667740" in "".join(render(trace_document(report, Digits(PRECISION)), Look(symbols=SYMBOLS)))
