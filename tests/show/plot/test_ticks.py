"""Ticks: at nice numbers, evenly spaced, inside the axis, each text the number it stands at."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.show.plot.drawn import number
from wengert.show.plot.model import Axis
from wengert.show.plot.ticks import RAISED, exponent, in_pi, linear, logarithmic, nice

FINITE = st.floats(allow_nan=False, allow_infinity=False)
LARGEST = 1.7976931348623157e308


def value(text: str) -> Fraction:
    """The number that a tick's text says."""
    plain = text.rstrip(RAISED)
    raised = text[len(plain) :].translate(str.maketrans(RAISED, "-0123456789"))
    plain = plain.replace("−", "-").replace(",", "")
    if not raised:
        return Fraction(plain)
    mantissa = plain.removesuffix("10").removesuffix("·") or "1"
    return Fraction(mantissa) * Fraction(10) ** int(raised)


def texts(axis: Axis) -> list[str]:
    return [tick.text for tick in axis.ticks if tick.text]


@given(FINITE, FINITE)
@example(0.0, 0.0)
@example(5e-324, 1e-323)
@example(-LARGEST, LARGEST)
@example(1.0, math.nextafter(1.0, 2.0))
@example(1e300, 1e300)
def test_linear(a: float, b: float) -> None:
    low, high = sorted((a, b))
    axis = linear("", low, high)
    assert axis.low <= low <= high <= axis.high and axis.low < axis.high
    places = [tick.at for tick in axis.ticks]
    steps = {q - p for p, q in pairwise(places)}
    assert len(steps) == 1
    step = steps.pop()
    assert step / Fraction(10) ** exponent(step) in (1, 2, 5)
    assert (places[0], places[-1]) == (axis.low, axis.high)
    assert 3 <= len(places) <= 11
    assert [value(text) for text in texts(axis)] == places
    assert 0 <= axis.share(low) <= axis.share(high) <= 1


@given(st.integers(0, 10**6))
def test_steps_are_counted_in_whole_numbers(last: int) -> None:
    axis = linear("", 0, last, loose=False, whole=True)
    if last:
        assert (axis.low, axis.high) == (0, last)
        assert all(tick.at.denominator == 1 for tick in axis.ticks)
        assert len(axis.ticks) >= 2


@given(st.floats(5e-324, LARGEST), st.floats(5e-324, LARGEST))
@example(1.0, 1.0)
@example(5e-324, LARGEST)
@example(0.001, 1000.0)
def test_logarithmic(a: float, b: float) -> None:
    low, high = sorted((a, b))
    axis = logarithmic("", low, high, least=3)
    assert 0 <= axis.share(low) <= axis.share(high) <= 1
    named = [tick for tick in axis.ticks if tick.text]
    assert 2 <= len(named) <= 13
    assert all(axis.low <= tick.at <= axis.high for tick in axis.ticks)
    for tick in named:
        assert tick.at.denominator == 1
        assert value(tick.text) == Fraction(10) ** int(tick.at)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.035, 0.3, ["0", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]),
        (0, 24_201.4, ["0", "5,000", "10,000", "15,000", "20,000", "25,000"]),
        (-3e-7, 0, ["−3.0·10⁻⁷", "−2.5·10⁻⁷", "−2.0·10⁻⁷", "−1.5·10⁻⁷", "−1.0·10⁻⁷", "−0.5·10⁻⁷", "0"]),
        (0, 1.2e9, ["0", "0.2·10⁹", "0.4·10⁹", "0.6·10⁹", "0.8·10⁹", "1.0·10⁹", "1.2·10⁹"]),
    ],
)
def test_texts(low: float, high: float, expected: list[str]) -> None:
    assert texts(linear("", low, high)) == expected


def test_texts_of_other_axes() -> None:
    assert texts(logarithmic("", 2e-3, 0.7)) == ["10⁻³", "10⁻²", "10⁻¹", "1"]
    assert texts(logarithmic("", 1e-16, 1.0))[:3] == ["10⁻¹⁶", "10⁻¹⁴", "10⁻¹²"]
    assert texts(in_pi("", -4, 4)) == ["−2π", "−3π/2", "−π", "−π/2", "0", "π/2", "π", "3π/2", "2π"]
    assert number("−3π/2", None) == pytest.approx(-1.5 * math.pi)


@given(st.fractions(min_value=Fraction(1, 10**9), max_value=10**9))
def test_nice(x: Fraction) -> None:
    assert nice(x) / Fraction(10) ** exponent(nice(x)) in (1, 2, 5)
    assert Fraction(2, 3) <= nice(x) / x <= Fraction(5, 3)
    assert Fraction(10) ** exponent(x) <= x < Fraction(10) ** (exponent(x) + 1)
