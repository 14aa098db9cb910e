"""The swift sweeps beside the ones step by step: the same columns to the last bit, on random programs and networks; and a doubt
wherever something is out of the ordinary."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import pytest

from tests.programs import DOMAINS, Program, model, random_program
from tests.sweep.random_networks import random_network
from wengert.errors import ValueProblem
from wengert.lang import expr
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.sweep import columns, sweeps, swift
from wengert.sweep import point as points
from wengert.sweep.arithmetics import Float
from wengert.sweep.functions import Doubt
from wengert.sweep.point import point
from wengert.sweep.rules import Rules
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

NETWORKS = 60
WIDE = """
inputs: {{x1: 0.3, x2: -1.5, x3: 0, x4: 2, x5: 1, x6: -0.25, x7: 0.5, x8: -3, x9: 0.125}}
parameters: {{w: 0.5, s: 0.25}}
layers:
  - {{units: 9, init: {{scheme: xavier, random_seed: 3}}, activation: tanh}}
  - {{weights: [[{first}, 1, 2, 3, 4, 5, 6, 7, 8], [0.5, 1, -2, 3, 0, {second}, -6, 0.7, 8]], activation: [sigmoid, s*x]}}
  - {{units: 1, init: {{scheme: xavier, random_seed: 3}}, activation: tanh}}
loss: {loss}
targets: [0.5]
"""


def bits(column: Sequence[Any]) -> list[bytes | None]:
    return [None if x is None else struct.pack("d", x) for x in column]


def read(text: str) -> Model:
    return read_spec(text, None, VOCABULARY, (), None)


def compare(m: Model) -> bool:
    """Whether both ways gave columns; then they are the same."""
    wl = lower(m)
    rules = Rules(Float())
    active = wl.depends_on([wl.slots[x] for x in m.wrt])
    known = sweeps.constants(wl, rules)
    try:
        mine = swift.primal(wl, point(wl, rules), known)
    except Doubt:
        return False
    values = sweeps.primal(wl, point(wl, rules), rules)
    assert bits(mine) == bits(values)
    try:
        swiftly = swift.local_partials(wl, mine, known, active)
    except Doubt:
        return False
    partials = sweeps.local_partials(wl, values, rules, active, columns.extended(rules))
    assert bits(swiftly) == bits(partials)
    for of in m.outputs:
        mine_back = swift.adjoints(wl, swiftly, wl.slots[of])
        assert bits(mine_back) == bits(sweeps.adjoints(wl, partials, wl.slots[of], rules.arithmetic))
    return True


def compare_program(program: Program) -> bool:
    return compare(model(program.text, program.point, of=program.outputs))


@pytest.mark.parametrize("part", range(10))
def test_programs(part: int) -> None:
    for seed in range(10 * part, 10 * part + 10):
        assert compare_program(random_program(seed))


@pytest.mark.parametrize("name", sorted(DOMAINS))
def test_every_primitive(name: str) -> None:
    for seed in range(3):
        assert compare_program(random_program(seed, [name], most=4))


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_networks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expr, "AT_ONCE", 2)
    compare(read(random_network(seed).text))


# what the weights are, and whether the sums may be taken at once
WEIGHTS = [
    ("all their own", "1", "-1", "squared_error", 11),
    ("one stands twice", "w", "w", "squared_error", 0),
    ("one is an activation's, too", "s", "1", "squared_error", 0),
    ("one is mentioned in the loss", "w", "1", "(a3_1 - t1)**2 + w**2", 0),
]


@pytest.mark.parametrize(("first", "second", "loss", "sums"), [w[1:] for w in WEIGHTS], ids=[w[0] for w in WEIGHTS])
@pytest.mark.parametrize("asked", ["wrt: [x1, w]", "wrt: [a1_2]", ""])
def test_weighted_sums(first: str, second: str, loss: str, sums: int, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = WIDE.format(first=first, second=second, loss=loss) + asked + "\n"
    m = read(text)
    assert len(lower(m).sums) == sums
    assert compare(m)
    with monkeypatch.context() as there:
        there.setattr(expr, "AT_ONCE", 10**9)
        other = read(text)
        assert not other.nodes.sums
        assert compare(other)
    for column in ("opcode", "first", "operands", "nodes", "names", "constants"):
        assert getattr(lower(m), column) == getattr(lower(other), column)
    one, two = run(lower(m)).columns, run(lower(other)).columns
    assert bits(one.values) == bits(two.values)
    assert [bits(c) for c in one.adjoints.values()] == [bits(c) for c in two.adjoints.values()]


# formula, point: a value that is none, is infinite, is not needed, or a partial that is infinite
DOUBTS = [
    ("ln(x)", {"x": -1}), ("1/x", {"x": 0}), ("exp(x)", {"x": 1000}), ("x*x", {"x": "1e200"}), ("sqrt(x)", {"x": 0}),
    ("where(x > 0, sqrt(x), -x)", {"x": -4}), ("asin(x)", {"x": 2}), ("tan(x)*ln(y)", {"x": 1, "y": 0}),
    ("softplus(x)/(x - x)", {"x": 1}), ("acos(x)", {"x": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), DOUBTS, ids=[d[0] for d in DOUBTS])
def test_doubts_are_told(text: str, at: dict[str, str | int | float]) -> None:
    assert not compare(model(text, at))


@pytest.mark.parametrize(("text", "at"), DOUBTS, ids=[d[0] for d in DOUBTS])
def test_what_is_in_doubt_ends_as_ever(
    text: str, at: dict[str, str | int | float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended() -> object:
        try:
            found = run(lower(model(text, at))).columns
        except ValueProblem as problem:
            return str(problem)
        return bits(found.values), bits(found.partials), [bits(c) for c in found.adjoints.values()]

    usual = ended()
    monkeypatch.setattr(swift, "LONG", 0)
    assert ended() == usual


# how an input may be written, and what it is as a double
LITERALS = [
    ("0.5", 0.5), ("-0.5", -0.5), ("3", 3.0), ("0", 0.0), ("-0", 0.0), ("1e-3", 0.001), ("1/3", 1 / 3),
    ("pi", 3.141592653589793),
    ("1e-400", None), ("1e400", None), ("0e0", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), LITERALS, ids=[text for text, _ in LITERALS])
def test_points_are_the_same_however_many_inputs_there_are(
    text: str, value: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    wl = lower(model("x*y", {"x": text, "y": "-2"}))
    for many in (1, 1000):
        monkeypatch.setattr(points, "MANY", many)
        if value is None:
            with pytest.raises(ValueProblem):
                point(wl, Rules(Float()))
        else:
            assert bits(point(wl, Rules(Float()))) == bits([value, -2.0])
