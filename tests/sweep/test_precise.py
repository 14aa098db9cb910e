"""Workings that are repeated with more digits until they agree."""

from __future__ import annotations

import mpmath
import pytest

from tests.programs import model
from wengert.sweep.choice import Choice
from wengert.sweep.effort import Effort
from wengert.sweep.precise import Unsettled, Watched, settled
from wengert.sweep.trace import run
from wengert.tape.lower import lower

# what rounding leaves of a 0 in each working, with 60, 120, 240 … digits: a unit of the last digit, or by chance nothing
TRACES = [
    ([1, 1, 1, 1, 1, 1, 1], 3840),
    ([1, 1, 1, 1, 0, 1, 1], 3840),
    ([1, 0, 0, 0, 0, 1, 1], 3840),
    ([1, 0, 1, 0, 1, 0, 1], 3840),
    ([0, 0, 0, 0, 0, 1, 0], 3840),
]


@pytest.mark.parametrize(("traces", "digits"), TRACES, ids=str)
def test_what_shrinks_with_the_digits_is_0(traces: list[int], digits: int) -> None:
    left = iter(traces)

    def make(arithmetic: Watched) -> list[object]:
        arithmetic.cancelled = True
        return [next(left) * arithmetic.context.mpf(10) ** -arithmetic.digits]

    assert settled(make, 40, lambda i: False) == ([0], digits, [])


@pytest.mark.parametrize("power", [-1880, -1500, -1000, -700])
def test_what_comes_out_of_rounding_late_is_not_0(power: int) -> None:
    """(1 - cos(x))/x**2 at 1e-300 has the slope -8.3e-302, and 1,280 digits are the first that see some of its own."""

    def make(arithmetic: Watched) -> list[object]:
        arithmetic.cancelled = True
        ten = arithmetic.context.mpf(10)
        return [ten**power + 7 * ten**-arithmetic.digits]

    (found,) = settled(make, 40, lambda i: False).entries
    assert abs(found * mpmath.mpf(10) ** -power - 1) < 1e-14


def test_a_pole_is_told_before_all_digits_are_tried() -> None:
    tried: list[int] = []

    def make(arithmetic: Watched) -> list[object]:
        tried.append(arithmetic.digits)
        arithmetic.cancelled = True
        return [arithmetic.context.mpf(10) ** arithmetic.digits]

    with pytest.raises(Unsettled):
        settled(make, 40, lambda i: False)
    assert max(tried) < 10_000


def test_what_does_not_shrink_is_open() -> None:
    left = iter([1, 2] * 20)

    def make(arithmetic: Watched) -> list[object]:
        return [arithmetic.context.mpf(next(left))]

    with pytest.raises(Unsettled):
        settled(make, 40, lambda i: False)


# an operation, and whether it lost one of its terms: 2 − 1 is 1, and nothing was rounded away
SUMS = [
    (("sub", "2", "1"), False), (("sub", "-2", "-1"), False), (("add", "2", "-1"), False), (("add", "1", "1"), False),
    (("add", "1", "1e-30"), False), (("add", "1", "0"), False), (("sub", "1", "0"), False),
    (("add", "1", "1e-90"), True), (("add", "1e-90", "1"), True), (("sub", "1", "1e-90"), True), (("sub", "1e-90", "1"), True),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "lost"), SUMS, ids=[" ".join(t) for t, _ in SUMS])
def test_what_counts_as_rounded_away(operation: tuple[str, str, str], lost: bool) -> None:
    arithmetic = Watched(60, 600, Effort())
    name, *terms = operation
    arithmetic.functions[name](*map(arithmetic.number, terms))
    assert arithmetic.rounded is lost


@pytest.mark.parametrize(
    ("text", "warned"),
    [("(x + exp(-20000)) - x", True), ("1 - sigmoid(20000*x)", True), ("(x + exp(-2000)) - x", False), ("0*x", False),
     ("sin(x)**2 + cos(x)**2 - 1", False), ("exp(-20000)*x", False)],
)  # fmt: skip
def test_a_0_that_may_be_none_is_told(text: str, warned: bool) -> None:
    found = run(lower(model(text, {"x": "1"})), choice=Choice(digits=20)).warnings
    told = "f may be a number smaller than 5,120 digits tell beside the terms that it comes from; it counts as 0"
    assert found == ((told,) if warned else ())
