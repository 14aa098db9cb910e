from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.errors import UsageError
from wengert.show.numbers import MOST_FORMATTED, Digits, _by_decimal, _by_format, padded, shown_exactly

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (11.652071455223084, 6, "11.6521"),
        (5.5, 6, "5.5"),
        (10.0, 6, "10"),
        (math.log(2), 6, "0.693147"),
        (math.sin(5), 6, "-0.958924"),
        (1234567.0, 6, "1234567"),
        (1234567.8, 6, "1.23457e6"),
        (999999.7, 6, "1e6"),
        (123456.7, 6, "123457"),
        (1e15, 6, "1e15"),
        (1.5e-7, 6, "1.5e-7"),
        (0.00001, 6, "0.00001"),
        (0.0000012, 6, "1.2e-6"),
        (5e-324, 6, "4.94066e-324"),
        (-0.0, 6, "0"),
        (0.5, 1, "0.5"),
        (2.5, 1, "3"),
        (-2.5, 1, "-3"),
        (0.15, 1, "0.1"),  # the double lies below 0.15
        (math.inf, 6, "inf"),
        (-math.inf, 6, "-inf"),
        (math.nan, 6, "undefined"),
        (Fraction(1, 3), 6, "0.333333"),
        (Fraction(5, 2), 1, "3"),
        (Fraction(10) ** 40, 6, "1e40"),
    ],
)
def test_significant_digits(value: float | Fraction, digits: int, text: str) -> None:
    assert Digits(digits).result(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "result", "inserted"),
    [
        (0.5, 3, "0.500", "0.5"),
        (0.0, 3, "0.000", "0"),
        (-0.0, 2, "0.00", "0"),
        (0.0004, 3, "0.0004", "0.0004"),
        (-0.0005, 3, "-0.001", "-0.0005"),
        (2.5, 0, "3", "2.5"),
        (1e300, 2, "1e300", "1e300"),
        (10.0, 2, "10.00", "10"),
        (math.nan, 2, "undefined", "undefined"),
        (Fraction(2, 3), 2, "0.67", "0.6667"),
    ],
)
def test_fixed_decimals(value: float | Fraction, decimals: int, result: str, inserted: str) -> None:
    digits = Digits(decimals=decimals)
    assert (digits.result(value), digits.inserted(value)) == (result, inserted)


def test_inserted_numbers_carry_two_more_digits() -> None:
    assert Digits().inserted(math.log(2)) == "0.69314718"
    assert Digits().inserted(math.cos(5)) == "0.28366219"


@pytest.mark.parametrize(
    ("text", "exact", "shown"),
    [
        ("5.5", Fraction(11, 2), True),
        ("0.333333", Fraction(1, 3), False),
        ("1/3", Fraction(1, 3), True),
        ("1.5e-7", Fraction(15, 10**8), True),
        ("-2", Fraction(-2), True),
        ("5.5", None, False),
        ("inf", Fraction(1), False),
        ("undefined", Fraction(1), False),
    ],
)
def test_shown_exactly(text: str, exact: Fraction | None, shown: bool) -> None:
    assert shown_exactly(text, exact) is shown


@pytest.mark.parametrize("options", [{"significant": 0}, {"decimals": -1}, {"significant": 10**9}])
def test_impossible_counts_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Digits(**options)


@given(finite, st.integers(1, 20))
def test_a_result_is_the_nearest_number_of_so_many_digits(value: float, digits: int) -> None:
    text = Digits(digits).result(value)
    exact = Fraction(value)
    error = abs(Fraction(text) - exact)
    if exact:
        unit = abs(exact) * Fraction(10) ** (1 - digits)  # at least one unit of the last digit
        assert 2 * error <= unit
    assert (Fraction(text) == 0) == (value == 0)
    assert Fraction(text) * exact >= 0


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_integers_lose_no_digit(value: int) -> None:
    assert Digits(3).result(float(value)) == str(value)


@given(finite, st.integers(0, 12))
def test_fixed_decimals_never_hide_a_value(value: float, decimals: int) -> None:
    for text in (Digits(decimals=decimals).result(value), Digits(decimals=decimals).inserted(value)):
        assert (Fraction(text) == 0) == (value == 0)


@given(finite)
def test_seventeen_digits_give_the_double_back(value: float) -> None:
    assert float(Digits(17).result(value)) == value


@given(st.fractions(), st.integers(1, 12))
def test_rationals_round_like_doubles_of_the_same_value(value: Fraction, digits: int) -> None:
    assert Digits(digits).result(Fraction(float(value))) == Digits(digits).result(float(value))


@pytest.mark.parametrize(("value", "digits", "text"), [
    (0.54, 3, "0.540"), (1.19, 6, "1.19000"), (0.02356, 6, "0.0235600"), (-5e-11, 6, "-5.00000e-11"), (1.0, 4, "1.000"),
    (0.123456, 6, "0.123456"), (1234567, 6, "1234567"), (100, 2, "100"),
])  # fmt: skip
def test_a_rounded_result_keeps_the_zeros_of_its_digits(value: float, digits: int, text: str) -> None:
    d = Digits(digits)
    assert padded(d.result(value), d) == text


@given(finite | st.floats(-1e15, 1e15), st.integers(1, 20))
def test_pythons_own_formatting_says_the_same(value: float, digits: int) -> None:
    made = _by_format(value, digits)
    assert made is None or made == _by_decimal(value, digits)


@given(st.integers(-(10**18), 10**18), st.integers(0, 60), st.integers(1, MOST_FORMATTED))
def test_ties_are_left_to_decimals(numerator: int, twos: int, digits: int) -> None:
    value = numerator / 2**twos
    made = _by_format(value, digits)
    assert made is None or made == _by_decimal(value, digits)


@given(st.fractions() | st.floats(-1e300, 1e300).map(Fraction), st.integers(1, 17))
def test_a_text_is_a_rational_exactly_or_not(value: Fraction, digits: int) -> None:
    text = Digits(digits).result(value)
    assert shown_exactly(text, value) == (Fraction(text) == value)
