"""The oracles see what is wrong: a rule, a reading of a spec, a last digit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.programs import Program
from tests.readings import mp
from tests.trust import compared_networks
from tests.trust.compared_programs import compare, compare_exact, compare_formulas
from tests.trust.comparison import Tally
from wengert.lang import layers
from wengert.lang.loss_terms import RowLoss
from wengert.tape.primitives import PRIMITIVES

PROGRAM = Program("s = x*y\nf = sin(s) + s**2\ng = y - cos(s)", {"x": "0.7", "y": "-1.2"}, ("f", "g"))
ORACLES = ("quotients, 40 digits", "quotients (doubles)", "quotients (forward mode)", "sympy", "autograd")


@pytest.mark.parametrize("partials", [("-cos(x)",), ("cos(x)*(1 + 1e-12)",), ("0",)])
def test_a_wrong_rule(partials: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRIMITIVES, "sin", replace(PRIMITIVES["sin"], partials=partials))
    tally = Tally("programs")
    compare(PROGRAM, 0, tally)
    for oracle in ORACLES:
        assert any(f": {oracle}" in fault for fault in tally.faults), oracle
    formulas = Tally("programs")
    compare_formulas(PROGRAM, 0, 2, formulas)
    assert formulas.faults


def test_the_right_rule() -> None:
    tally = Tally("programs")
    compare(PROGRAM, 0, tally)
    compare_formulas(PROGRAM, 0, 2, tally)
    assert not tally.faults


def test_a_wrong_rational_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRIMITIVES, "div", replace(PRIMITIVES["div"], partials=("1/y", "out/y")))
    tally = Tally("programs")
    compare_exact(Program("f = x/y + x**2", {"x": "0.7", "y": "-1.2"}), 0, tally)
    assert tally.faults


NETWORK = """inputs: [x]
data: [{x: 1, t: 0, u: 1}, {x: 2, t: 1, u: 0.5}, {x: -1, t: 3, u: 0}]
targets: [t, u]
parameters: {w: 0.5, v: -1}
layers:
  - {weights: [[w], [v]], activation: tanh, batchnorm: true}
loss: mse
"""


def _other_epsilon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "EPSILON", "1e-6")


def _no_division(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RowLoss, "_over_outputs", lambda self, total: total)


@pytest.mark.parametrize(("misread", "wrong"), [(_other_epsilon, True), (_no_division, True), (lambda _: None, False)])
def test_a_spec_read_in_another_sense(
    misread: Callable[[pytest.MonkeyPatch], None], wrong: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The judge cannot see this: it works from the same reading."""
    misread(monkeypatch)
    tally = Tally("networks")
    compared_networks.compare(NETWORK, 0, tmp_path, tally)
    assert bool(tally.faults) is wrong


KEY = ("f", "x")


@pytest.mark.parametrize(
    ("ours", "wrong"),
    [({KEY: "0." + "3" * 40}, False), ({KEY: "0." + "3" * 39 + "8"}, True), ({KEY: "0." + "3" * 37 + "433"}, True),
     ({KEY: "0.3333333333333333"}, True), ({KEY: None}, True), ({}, True)],
)  # fmt: skip
def test_a_last_digit(ours: dict[Any, Any], wrong: bool) -> None:
    tally = Tally("programs")
    with mp.workdps(90):
        tally.in_digits("quotients", "here", ours, {KEY: mp.mpf(1) / 3}, 40)
    assert bool(tally.faults) is wrong


@pytest.mark.parametrize(
    ("ours", "noise", "wrong"),
    [(1 / 3, 0, False), (1 / 3 + 1e-13, 0, True), (1 / 3 + 1e-13, 100, False), (1 / 3 + 1e-11, 100, True),
     (float("nan"), 100, True), (float("inf"), 100, True), (None, 100, True)],
)  # fmt: skip
def test_a_double(ours: Any, noise: int, wrong: bool) -> None:
    """Noise 100: relative errors of 2⁻⁵³ in the operations move the figure by a hundred times that."""
    tally = Tally("programs")
    with mp.workdps(90):
        tally.in_doubles("quotients", "here", {KEY: ours}, {KEY: mp.mpf(1) / 3}, lambda key, draws: noise)
    assert bool(tally.faults) is wrong
