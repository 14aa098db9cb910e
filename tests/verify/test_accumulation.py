"""The exact check of the accumulation: right sweeps pass, and a sweep that loses, doubles or misplaces a contribution fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from tests.programs import Program, model, programs
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Arithmetic
from wengert.sweep.sweeps import Contribution
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList
from wengert.verify.accumulation import accumulates

TEXT = "a = x*y + sin(x); b = a*a + x; f = b*a + y"


def holds(text: str, wrt: tuple[str, ...] | None = None) -> bool:
    wl = lower(model(text, wrt=wrt))
    return accumulates(wl, wl.model.outputs, wl.model.wrt)


@pytest.mark.parametrize("text", ["x", "a + a", "a*a*a", TEXT, "max(x, y, x)", "dot(x, y, y, x)", "where(x > y, x, y)"])
def test_right_sweeps_pass(text: str) -> None:
    assert holds(text)


def test_with_respect_to_a_statement() -> None:
    assert holds(TEXT, ("a", "x"))


def test_every_output_is_looked_at() -> None:
    wl = lower(model("a = x*y; b = a + x", of=("a", "b")))
    assert accumulates(wl, wl.model.outputs, wl.model.wrt)


@settings(max_examples=60)
@given(programs())
def test_random_programs_pass(program: Program) -> None:
    assert holds(program.text)


Sweep = Callable[[WengertList, Sequence[Any], int, Arithmetic, list[Any]], Iterator[Contribution]]


def broken(fault: str) -> Sweep:
    """A reverse sweep of its own, wrong in one way."""

    def reverse(
        wl: WengertList, partials: Sequence[Any], output: int, arithmetic: Arithmetic, adjoints: list[Any]
    ) -> Iterator[Contribution]:
        adjoints[output] = arithmetic.one
        done = 0
        for slot in range(output, wl.inputs - 1, -1):
            adjoint = adjoints[slot]
            if adjoint is None:
                continue
            first, end = wl.span(slot)
            for i in range(first, end):
                target, partial = wl.operands[i], partials[i]
                if target < 0 or partial is None:
                    continue
                done += 1
                value = arithmetic.mul(adjoint, partial)
                before = adjoints[target]
                if fault == "loses the second" and done == 2:
                    continue
                if fault == "doubles the second" and done == 2:
                    value = arithmetic.add(value, value)
                if fault == "forgets the chain" and i == first:
                    value = partial
                fresh = before is None or fault == "overwrites"
                so_far = value if fresh else arithmetic.add(before, value)
                if fault == "adds to its neighbour" and done == 2:
                    target = max(0, target - 1)
                    so_far = value if adjoints[target] is None else arithmetic.add(adjoints[target], value)
                adjoints[target] = so_far
                yield Contribution(slot, i - first, target, partial, adjoint, value, so_far)

    return reverse


BROKEN = ["overwrites", "loses the second", "doubles the second", "forgets the chain", "adds to its neighbour"]


def test_the_sweep_of_this_file_is_right_without_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "reverse", broken("none"))
    assert holds(TEXT)


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_sweep_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "reverse", broken(fault))
    assert not holds(TEXT)


def test_a_broken_tangent_sweep_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = sweeps.tangents

    def wrong(wl: WengertList, partials: Sequence[Any], *more: Any) -> list[Any]:
        return right(wl, [*partials[:-1], None], *more)

    monkeypatch.setattr(sweeps, "tangents", wrong)
    assert not holds(TEXT)
