"""Operation counts: small cases counted by hand, counts too large to build, and the cheap gradient principle."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.programs import Program, model, programs
from wengert.sweep.counts import CEILING, Counts, count
from wengert.tape.lower import lower


def counts(text: str, **given: object) -> Counts:
    wl = lower(model(text, **given))  # type: ignore[arg-type]
    active = wl.depends_on([wl.slots[x] for x in wl.model.wrt])
    return count(wl, active, wl.model.outputs, wl.model.wrt)


# formula: primal, partials, forward one, forward all, reverse, expanded
BY_HAND = {
    "x*y": (1, 0, 3, 2, 2, 2),  # ẋ·y + x·ẏ; 1·y and x·1
    "x + y": (1, 0, 1, 0, 0, 0),  # a local partial of 1 costs nothing
    "x - y": (1, 0, 1, 0, 0, 0),
    "-x": (0, 0, 0, 0, 0, 0),
    "sin(x)": (1, 1, 2, 2, 2, 2),  # cos(x), and times the seed
    "cos(x)": (1, 1, 2, 2, 2, 2),  # a change of sign is free
    "x**2": (1, 1, 2, 2, 2, 2),  # 2·x
    "x**3": (1, 2, 3, 3, 3, 3),  # 3·x²
    "sigmoid(x)": (1, 2, 3, 3, 3, 5),  # out·(1 − out); written out, out stands there twice
    "x/y": (1, 2, 5, 4, 4, 5),  # 1/y and −out/y
    "1/x": (1, 1, 2, 2, 2, 3),
    "x/3": (1, 0, 1, 1, 1, 1),  # 1/3 is a number
    "log(x, 2)": (1, 2, 3, 3, 3, 3),  # 1/(x·ln 2), ln 2 at hand
    "x + x": (1, 0, 1, 1, 1, 1),
    "sum(x, y, z)": (2, 0, 2, 0, 0, 0),
    "max(x, y, z)": (2, 3, 8, 6, 6, 12),  # a comparison each; with the value written out (2 each) 3·(1 + 2 + 1)
    "mean(x, y)": (1, 0, 3, 2, 2, 2),
    "dot(a, b, c, d)": (3, 0, 7, 4, 4, 4),
    "norm(x, y, z)": (2, 3, 8, 6, 6, 12),
    "logsumexp(x, y, z)": (2, 2, 7, 5, 5, 9),  # one softmax for all three, in the sweeps
    "sign(x)": (1, 0, 0, 0, 0, 0),
    "where(x > 0, x, y)": (1, 2, 5, 4, 4, 4),
    "ln(x1) + x1*x2 - sin(x2)": (5, 2, 9, 8, 8, 8),
    "(x**2 + 1)**3": (3, 3, 5, 5, 5, 7),  # 3·(x² + 1)²·2·x
    "sin(x*y*z)": (3, 1, 8, 9, 6, 18),  # cos(x·y·z) 3 times, 3 products a name, x·y once more
}


@pytest.mark.parametrize("text", BY_HAND)
def test_counted_by_hand(text: str) -> None:
    c = counts(text)
    assert (c.primal, c.partials, c.forward_one, c.forward_all, c.reverse, c.expanded) == BY_HAND[text]


def test_a_name_for_each_output_and_input() -> None:
    c = counts("a = x*y; b = a*x; c = a*b", of=["a", "c"])
    assert (c.names, c.outputs) == (2, 2)


def test_several_outputs_of_one_name_are_forward_country() -> None:
    c = counts("a = sin(x); b = a*x; c = a*b", of=["a", "b", "c"])
    assert c.forward_all is not None
    assert c.forward_all < c.reverse


def test_one_output_of_many_names_is_reverse_country() -> None:
    c = counts("*".join(f"x{i}" for i in range(40)))
    assert c.forward_all is not None
    assert c.reverse == 2 * 39
    assert c.forward_all == 2 * 39 + sum(range(1, 39))


def test_a_network() -> None:
    c = counts("a1 = sigmoid(w1*x1 + w2*x2 + b1); a2 = sigmoid(w3*x1 + w4*x2 + b2); y = sigmoid(w5*a1 + w6*a2 + b3)",
               wrt=["w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3"])  # fmt: skip
    # 6 products, 6 sums, 3 sigmoids; σ′ three times 2; 3 products with σ′, 4 weights below, 2 weights and 2 activations above
    assert (c.primal, c.partials, c.reverse) == (15, 6, 6 + 3 + 4 + 4)


def test_squarings_are_counted_never_built() -> None:
    c = counts("; ".join(["a0 = x + 1", *(f"a{i + 1} = a{i}*a{i}" for i in range(1000))]))
    assert c.primal == 1001
    assert c.reverse == c.forward_all == 2 * 1000 + 1000
    assert c.expanded is not None
    assert 10**303 < c.expanded < 10**305


def test_the_expanded_count_stops_at_its_ceiling() -> None:
    c = counts("; ".join(["a0 = x + 1", *(f"a{i + 1} = a{i}*a{i}*a{i}*a{i}" for i in range(2000))]))
    assert c.expanded == CEILING


def test_a_long_list() -> None:
    c = counts(" + ".join(f"{i}.5*x{i % 300}**2" for i in range(20_000)))
    assert c.primal == 20_000 + 300 + 19_999
    assert c.reverse == 20_000 + 2 * 300 + 20_000 - 300


SMOOTH = ("add", "sub", "mul", "div", "exp", "ln", "sin", "cos", "sqrt", "tanh", "sigmoid", "power")


@given(programs(SMOOTH))
@settings(max_examples=60, deadline=None)
def test_the_cheap_gradient_principle(program: Program) -> None:
    """ω(∇f) is a small multiple of ω(f), whatever the number of names (Griewank & Walther 2008, chapter 4)."""
    c = counts(program.text)
    assert c.reverse + c.primal <= 5 * c.primal + 2
