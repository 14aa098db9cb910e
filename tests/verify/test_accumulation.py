"""The exact check of the accumulation: right sweeps pass, and a sweep that loses, doubles or misplaces a contribution fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from tests.programs import Program, model, programs
from tests.trust.sweeping import DOUBLED, EVERYWHERE_OVERWRITES, LOST, TO_NEIGHBOUR, UNCHAINED, reverse
from wengert.sweep import sweeps
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


BROKEN = [(EVERYWHERE_OVERWRITES, 0), (LOST, 2), (DOUBLED, 2), (UNCHAINED, 3), (TO_NEIGHBOUR, 2)]


@pytest.mark.parametrize(("fault", "at"), BROKEN)
def test_a_broken_sweep_is_seen(fault: str, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "reverse", reverse(fault, at))
    assert not holds(TEXT)


def test_a_broken_tangent_sweep_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = sweeps.tangents

    def wrong(wl: WengertList, partials: Sequence[Any], *more: Any) -> list[Any]:
        return right(wl, [*partials[:-1], None], *more)

    monkeypatch.setattr(sweeps, "tangents", wrong)
    assert not holds(TEXT)
