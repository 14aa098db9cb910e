"""Gradients of random programs over all primitives, against readings that share nothing with the sweeps: a difference quotient
in 60 digits and the dot-product identity. The whole pipeline against sympy, autograd and limits: tests/trust/test_oracles.py.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings

from tests.programs import DOMAINS, Program, model, mp, programs, slope_of
from wengert.sweep.arithmetics import digits
from wengert.sweep.rules import Rules
from wengert.sweep.trace import Columns, Trace, run, sweep
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES
from wengert.verify.accumulation import accumulates


def test_the_generator_covers_the_table() -> None:
    assert set(DOMAINS) == {r.label for r in PRIMITIVES.values()}


def _traced(program: Program) -> Trace:
    return run(lower(model(program.text, program.point)), "both")


def _many(trace: Trace, stable: bool = False) -> Columns:
    """The same sweeps in 50 digits."""
    return sweep(trace.list, Rules(digits(50), stable=stable), trace.active, trace.outputs, trace.directions, strict=True)


def _agrees_with_differences(program: Program) -> None:
    trace = _traced(program)
    columns = [_many(trace, stable) for stable in (False, True)]
    for x in trace.wrt:
        reference = slope_of(trace.model, "f", x, program.point)
        assert trace.derivative("f", x) == pytest.approx(float(reference), rel=1e-8, abs=1e-8), x
        for form in columns:
            assert _equal(form.adjoints["f"][trace.list.slots[x]], reference), x


def _equal(ours: Any, reference: Any) -> bool:
    with mp.workdps(60):
        return bool(abs(mp.mpf(ours or 0) - reference) <= mp.mpf(10) ** -30 * max(1, abs(reference)))


@pytest.mark.parametrize("operation", sorted(DOMAINS))
def test_each_operation_against_difference_quotients(operation: str) -> None:
    """Each primitive among a few others, so that none depends on luck to be drawn."""

    @settings(max_examples=2)
    @given(programs([operation, operation, "mul", "sin"], most=5))
    def holds(program: Program) -> None:
        _agrees_with_differences(program)

    holds()


@settings(max_examples=50)
@given(programs())
def test_against_difference_quotients(program: Program) -> None:
    _agrees_with_differences(program)


@settings(max_examples=40)
@given(programs())
def test_tangents_equal_adjoints(program: Program) -> None:
    """⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for a random direction, in doubles, in 50 digits, and exactly modulo a prime."""
    trace = _traced(program)
    rng = random.Random(program.text)
    columns = _many(trace)
    out = trace.list.slots["f"]
    with mp.workdps(60):
        forward, backward = mp.mpf(0), mp.mpf(0)
        for x in trace.wrt:
            component = rng.randint(-9, 9)
            forward += component * mp.mpf(columns.tangents[x][out] or 0)
            backward += component * mp.mpf(columns.adjoints["f"][trace.list.slots[x]] or 0)
            double = trace.columns.tangents[x][out] or 0.0
            assert double == pytest.approx(trace.derivative("f", x), rel=1e-9, abs=1e-9)
        assert _equal(backward, forward)
    assert accumulates(trace.list, trace.outputs, trace.wrt)
