"""The exact check of the accumulation on random lists of up to 2,000 statements: right sweeps pass on every one of them, and a
sweep that loses or doubles one contribution fails on every one of them.

With local partials at random in a field of 2⁶¹ − 1 elements a wrong sweep passes with probability below statements/2⁶¹, less
than 1e-15 for the longest list here.
"""

from __future__ import annotations

import random

import pytest

from tests.conftest import Count
from tests.trust import sweeping
from tests.trust.sweeping import AT_ONE, DOUBLED, LOST
from wengert.lang.expr import Nodes
from wengert.lang.model import Definition, Input, Model
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Modular
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.wengert_list import WengertList, check
from wengert.verify.accumulation import accumulates

SHORT, LONG = 300, 10_000  # lists
MOST = 2_000  # statements
USED = [r for r in PRIMITIVES.values() if not r.literal and not r.comparison]


def random_list(rng: random.Random) -> WengertList:
    """A list of any shape whose first output depends on what is differentiated."""
    while True:
        wl = _any_list(rng)
        if wl.depends_on([wl.slots[x] for x in wl.model.wrt])[wl.slots[wl.model.outputs[0]]]:
            return wl


def _any_list(rng: random.Random) -> WengertList:
    """Chains, wide sums, repeated operands, constants, dead statements, one output or several."""
    nodes = Nodes()
    inputs = rng.randint(1, 8)
    statements = int(MOST ** rng.uniform(0.1, 1))
    outputs = rng.randint(1, 3)
    root = nodes.number("2")
    model = Model(
        nodes, tuple(Input(f"x{i}") for i in range(inputs)), tuple(Definition(f"y{i}", root) for i in range(outputs)),
        tuple(f"y{i}" for i in range(outputs)), tuple(f"x{i}" for i in range(inputs) if i == 0 or rng.random() < 0.8),
    )  # fmt: skip
    wl = WengertList(model)
    wl.constants.append(root)
    reach = rng.choice((3, 20, MOST))
    for _ in range(max(statements, outputs)):
        record = rng.choice(USED)
        count = len(record.params) if not record.many else rng.choice((2, 2, 4, 6, 30)) if record.paired else rng.randint(1, 30)
        low = max(0, len(wl) - reach) if rng.random() < 0.8 else 0
        wl.append(record.name, [-1 if rng.random() < 0.1 else rng.randrange(low, len(wl)) for _ in range(count)], root)
    for i in range(outputs):
        wl.give_name(len(wl) - 1 - i, f"y{i}")
    return check(wl)


def contributions(wl: WengertList) -> int:
    """How many contributions the first output's reverse sweep has."""
    active = wl.depends_on([wl.slots[x] for x in wl.model.wrt])
    partials = [1 if o >= 0 and active[o] else None for o in wl.operands]
    found = sweeps.reverse(wl, partials, wl.slots[wl.model.outputs[0]], Modular(), [None] * len(wl))
    return sum(1 for _ in found)


def _check(number: int, first: int, count: Count) -> None:
    for seed in range(first, first + number):
        rng = random.Random(seed)
        wl = random_list(rng)
        names = wl.model.outputs, wl.model.wrt
        assert accumulates(wl, *names), f"list {seed}"
        count("exact accumulation: lists", 1)
        count("exact accumulation: statements", len(wl.opcode))
        total = contributions(wl)
        kind, at = rng.choice((LOST, DOUBLED)), rng.randint(1, total)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweeps, "reverse", sweeping.reverse(kind, at))
            assert not accumulates(wl, *names), f"list {seed}: {kind} at {at} of {total}"
        count("exact accumulation: lists with a wrong sweep, all seen", 1)


def test_random_lists(count: Count) -> None:
    _check(SHORT, 0, count)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_ten_thousand_random_lists(count: Count) -> None:
    _check(LONG, 0, count)


@pytest.mark.parametrize("kind", AT_ONE)
def test_every_kind_of_wrong_contribution(kind: str, count: Count) -> None:
    """Whatever else is done to a contribution is seen where it changes the sum, which the field itself tells."""
    for seed in range(40):
        wl = random_list(random.Random(seed))
        total = contributions(wl)
        for at in {1, total // 2, total} - {0}:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sweeps, "reverse", sweeping.reverse(kind, at))
                seen = not accumulates(wl, wl.model.outputs, wl.model.wrt)
            changes = _changes(wl, kind, at)
            assert seen == changes, (seed, kind, at)
            count("exact accumulation: wrong contributions that change the sum, all seen", changes)
            count("exact accumulation: wrong contributions that change nothing", not changes)


def _changes(wl: WengertList, kind: str, at: int) -> bool:
    """Whether the gradients of the right and of the wrong sweep differ, with other partials than the check's own."""
    field, rng = Modular(), random.Random(5)
    slots = [wl.slots[x] for x in wl.model.wrt]
    active = wl.depends_on(slots)
    partials = [rng.randrange(1, field.prime) if o >= 0 and active[o] else None for o in wl.operands]
    for output in wl.model.outputs:
        columns = []
        for sweep in (sweeping.reverse(), sweeping.reverse(kind, at)):
            bars: list[int | None] = [None] * len(wl)
            for _ in sweep(wl, partials, wl.slots[output], field, bars):
                pass
            columns.append([bars[s] or 0 for s in slots])
        if columns[0] != columns[1]:
            return True
    return False
