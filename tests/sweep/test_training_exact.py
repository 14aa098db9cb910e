"""Training without rounding: rationals beside what a person gets with fractions, and beside the doubles."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from tests.programs import model
from wengert.sweep.optimizers import OPTIMIZERS
from wengert.sweep.rationals import UNKNOWN
from wengert.sweep.training import Training, train
from wengert.sweep.training_exact import STEPS, Unrounded, unrounded
from wengert.tape.lower import lower


def trained(text: str, at: dict[str, str], rate: str, steps: int, optimizer: str = "sgd") -> tuple[Training, Unrounded]:
    m = model(text, at)
    training = train(lower(m), "f", list(m.wrt), OPTIMIZERS[optimizer], float(Fraction(rate)), steps)
    return training, unrounded(training, Fraction(rate))


# formula, point, rate, optimizer; after each step the names and the output, by hand with fractions
BY_HAND = [
    ("f = x**2", {"x": "4"}, "1/4", "sgd", [{"x": "2", "f": "4"}, {"x": "1", "f": "1"}, {"x": "1/2", "f": "1/4"}]),
    ("f = (x - 3)**2*y", {"x": "1", "y": "2"}, "1/4", "sgd", [{"x": "3", "y": "1", "f": "0"}, {"x": "3", "y": "1", "f": "0"}]),
    ("f = x", {"x": "3"}, "1/2", "momentum", [{"x": "5/2"}, {"x": "31/20"}]),  # v = −1/2, then −0.45 − 1/2
    ("f = x**2", {"x": "1/3"}, "1/3", "sgd", [{"x": "1/9", "f": "1/81"}]),
    ("f = max(x, y)", {"x": "1", "y": "1"}, "1/10", "sgd", [{"x": "19/20", "y": "19/20"}, {"x": "9/10", "y": "9/10"}]),
]


@pytest.mark.parametrize(("text", "at", "rate", "optimizer", "after"), BY_HAND)
def test_by_hand(text: str, at: dict[str, str], rate: str, optimizer: str, after: list[dict[str, str]]) -> None:
    training, found = trained(text, at, rate, len(after), optimizer)
    for n, values in enumerate(after, 1):
        for name, value in values.items():
            assert found.value(n, training.list.slots[name]) == Fraction(value)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_beside_the_doubles(optimizer: str) -> None:
    """Random polynomials: every number that is known is that of the doubles but for rounding."""
    dice = random.Random(7)
    compared = 0
    for _ in range(40):
        terms = [f"{dice.randint(-9, 9)}*x**{dice.randint(0, 2)}*y**{dice.randint(0, 2)}/8" for _ in range(4)]
        training, found = trained(f"f = {' + '.join(terms)}", {"x": "3/4", "y": "-1/2"}, "1/16", 3, optimizer)
        for n, step in enumerate(training.first, 1):
            for i, name in enumerate(training.moved):
                begun = found.of_step(n, name)
                for exact, double in ((begun["w"], step.before[i]), (begun["g"], step.gradient[i])):
                    assert float(exact) == pytest.approx(double, rel=1e-12, abs=1e-13)
                    compared += 1
        for n, output in enumerate(training.history):
            assert float(found.value(n, training.list.slots["f"])) == pytest.approx(output, rel=1e-12, abs=1e-13)
    assert compared > 400


@pytest.mark.parametrize(("text", "at"), [("f = exp(x)", "1"), ("f = sin(x) + x", "1/2")])
def test_what_is_no_rational_is_not_known(text: str, at: str) -> None:
    training, found = trained(text, {"x": at}, "1/2", 3)
    assert found.value(1, training.list.slots["x"]) is UNKNOWN
    assert found.value(3, training.list.slots["f"]) is UNKNOWN
    assert found.of_step(3, "x") == {}


def test_no_more_steps_than_are_told_one_by_one() -> None:
    training, found = trained("f = x/2", {"x": "3"}, "1/2", 40)
    slot = training.list.slots["x"]
    assert found.value(STEPS, slot) == 3 - Fraction(STEPS, 4)
    assert found.value(STEPS + 1, slot) is UNKNOWN


def test_numbers_that_grow_too_long_are_let_go() -> None:
    """x ← x − x²/8: twice as many digits a step."""
    training, found = trained("f = x**3/24 + 0.12345678901234567890123456789*x", {"x": "0.123456789"}, "1", 12)
    assert found.value(12, training.list.slots["x"]) is UNKNOWN
