"""Paths: the count on the list equals the enumeration, and an astronomical number is only counted."""

from __future__ import annotations

import math
import time
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings

from tests.programs import Program, model, programs
from wengert.sweep.paths import Paths
from wengert.sweep.steps import Steps
from wengert.sweep.trace import run
from wengert.tape.lower import lower


def paths_of(text: str, wrt: str, level: str = "operation") -> Paths:
    wl = lower(model(text))
    slot = wl.slots[wrt]
    return Paths(Steps(wl, wl.depends_on([slot]), level), wl.slots[wl.model.outputs[0]], slot)


COUNTS = [
    ("sin(x)", "x", 1), ("x*x", "x", 2), ("x + y", "x", 1), ("x*x*x", "x", 3), ("(x*x)*(x*x)", "x", 4), ("y = x", "x", 1),
    ("a = x*x; b = a*a; c = b*b", "x", 8), ("sin(y) + 0*x", "x", 1), ("ln(x) + x*exp(x)", "x", 3),
    ("where(x > 0, x, y)", "x", 1), ("dot(x, y, x, x)", "x", 3),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "count"), COUNTS)
def test_count_and_enumeration(text: str, wrt: str, count: int) -> None:
    paths = paths_of(text, wrt)
    assert paths.count == count
    found = list(paths)
    assert len(found) == count
    assert len({tuple((s.slot, link.argument) for s, link in p) for p in found}) == count
    for path in found:
        assert path[0][0].slot == paths.output and path[-1][1].source == paths.source
        for (_, link), (step, _) in pairwise(path):
            assert link.source == step.slot


def test_no_path() -> None:
    wl = lower(model("a = sin(y); f = x*2", of=("a",)))
    slot = wl.slots["x"]
    paths = Paths(Steps(wl, wl.depends_on([slot]), "operation"), wl.slots["a"], slot)
    assert paths.count == 0 and list(paths) == []


def test_a_neuron_is_one_link() -> None:
    assert paths_of("a = x*x + x; y = a*a", "x", "operation").count == 6
    assert paths_of("a = x*x + x; y = a*a", "x", "neuron").count == 1


def test_two_to_the_sixty_paths_are_counted_and_the_first_ones_made() -> None:
    began = time.process_time()
    paths = paths_of("a0 = x; " + "; ".join(f"a{i + 1} = a{i} + a{i}" for i in range(60)), "x")
    assert paths.count == 2**60
    assert len(list(islice(paths, 16))) == 16
    assert time.process_time() - began < 2


def test_a_long_chain_of_diamonds_does_not_recurse() -> None:
    paths = paths_of("a0 = x; " + "; ".join(f"a{i + 1} = a{i}*a{i}" for i in range(3_000)), "x")
    assert paths.count == 2**3000
    assert len(next(iter(paths))) == 3_001


@settings(max_examples=40)
@given(programs(most=6))
def test_the_products_along_all_paths_add_up_to_the_derivative(program: Program) -> None:
    wl = lower(model(program.text, program.point))
    trace = run(wl)
    for x in trace.wrt:
        paths = Paths(Steps(wl, trace.active, "operation"), wl.slots["f"], wl.slots[x])
        if paths.count > 2_000:
            continue
        total, number, size = 0.0, 0, 0.0
        for path in paths:
            number += 1
            factors = [trace.columns.partials[wl.span(step.slot)[0] + (link.argument or 0)] for step, link in path]
            total += math.prod(factors)
            size += abs(math.prod(factors))
        assert number == paths.count
        assert abs(total - trace.derivative("f", x)) <= 1e-12 * max(1.0, size)
