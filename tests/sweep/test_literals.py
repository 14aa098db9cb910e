from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.sweep.literals import decimal, whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1000, "1000"), (10**14, "1" + "0" * 14), (10**15, "1e15"), (15 * 10**30, "1.5e31"),
        (10**16 + 1, "10000000000000001"),
    ],
)
def test_whole(value: int, text: str) -> None:
    assert whole(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1/10", "0.1"), ("1/8", "0.125"), ("1/3", None), ("123/10", "12.3"), ("0.00001", "0.00001"), ("1e-8", "1e-8"),
        ("1.5e-300", "1.5e-300"), ("1/1048576", None), ("1/7000", None), ("0.000123", "0.000123"),
    ],
)
def test_decimal(value: str, text: str | None) -> None:
    assert decimal(Fraction(value)) == text


@given(st.integers(0, 10**9), st.integers(-40, 40))
def test_every_literal_is_the_number_itself(mantissa: int, exponent: int) -> None:
    value = Fraction(mantissa) * Fraction(10) ** exponent
    text = whole(value.numerator) if value.denominator == 1 else decimal(value)
    assert text is None or Fraction(text) == value
