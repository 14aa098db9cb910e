"""The layer level: the same numbers as the operation level, and as an independent library's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.autograd_functions import UNARY
from tests.sweep.random_networks import EVERYWHERE, INSIDE, RandomNetwork, networks
from wengert import pipeline
from wengert.errors import UsageError
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.report import Report
from wengert.sweep import layer_check
from wengert.sweep.layer_check import AGREEMENT, compare
from wengert.sweep.layer_statements import Affine, Matrices
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"


def read(text: str) -> Model:
    return read_spec(text, "f.yaml", VOCABULARY)


def layered(model: Model, **settings: Any) -> Report:
    return pipeline.trace(model, verify=False, level="layer", **settings)


def test_the_networks_cover_all_activations_of_one_argument() -> None:
    known = {f.operation for functions in VOCABULARY.values() for f in functions if f.of_one}
    assert known == {*EVERYWHERE, *INSIDE} == set(UNARY)


@settings(max_examples=200)
@given(networks())
def test_both_levels_and_autograd_agree(network: RandomNetwork) -> None:
    report = layered(read(network.text))
    found, trace, layers = report.agreement, report.trace, report.layers
    assert found is not None and trace is not None and layers is not None
    assert found.agrees, found.faults
    assert not found.open
    assert found.count >= len(network.values)
    ours = {name: sum(float(layers.derivative(of, name)) for of in report.outputs) for name in network.values}
    theirs = network.gradient()
    scale = max(1.0, *map(abs, theirs.values()))
    for name, value in theirs.items():
        assert ours[name] == pytest.approx(value, rel=1e-9, abs=1e-9 * scale), name
        swept = sum(trace.derivative(of, name) for of in report.outputs)
        assert swept == pytest.approx(value, rel=1e-9, abs=1e-9 * scale), name
    assume(not found.fine)  # a variance of 0 but for rounding: those agree in 50 digits
    assert found.largest <= AGREEMENT


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_samples(path: Path) -> None:
    model = pipeline.load(path)
    if model.network is None:
        with pytest.raises(UsageError, match="is for networks"):
            layered(model)
        return
    found = layered(model).agreement
    assert found is not None and found.agrees and not found.fine and found.count > 20


def test_a_parameter_in_several_places_is_the_sum_of_its_entries() -> None:
    report = layered(pipeline.load(SAMPLES / "mazur-2-2-2.yaml"))
    assert report.layers is not None and report.trace is not None
    entries = report.layers.adjoints["E_total"].of("B1")
    assert report.layers.plan.tables["B1"] == (("b1",), ("b1",))
    assert entries is not None
    assert report.layers.derivative("E_total", "b1") == entries.sum() != 0
    assert report.layers.derivative("E_total", "b1") == pytest.approx(report.trace.derivative("E_total", "b1"), rel=1e-14)


@pytest.mark.parametrize("of", ["z1", "h2_s3", "L_s2", "mu"])
def test_any_named_quantity_may_be_the_output(of: str) -> None:
    text = (SAMPLES / "batchnorm.yaml").read_text(encoding="utf-8")
    names = {"z1": "z1_1_s1", "h2_s3": "a1_2_s3", "L_s2": "L_s2", "mu": "var1_1"}
    report = pipeline.trace(read(text), of=[names[of]], wrt=["W1_1_2", "x1_s1"], verify=False, level="layer")
    assert report.agreement is not None and report.agreement.agrees


def test_neurons_that_are_written_alike_are_still_two() -> None:
    """At operation level the second is a copy of the first, whose adjoint then holds both."""
    net = "inputs: {x: 2}\nparameters: {s: 0.5}\nlayers:\n  - {weights: [[s], [s]], activation: tanh}\n"
    found = layered(read(f"{net}targets: [0, 1]\nloss: half_squared_error\n")).agreement
    assert found is not None and found.agrees and not found.fine


def test_a_wrong_pullback_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Affine, m: Matrices, bar: Any) -> None:
        right(self, m, bar)
        if self.w in bar.terms:
            bar.terms[self.w][-1] = replace(bar.terms[self.w][-1], value=bar.terms[self.w][-1].value * (1 + 1e-9))

    right = Affine.pullback
    monkeypatch.setattr(Affine, "pullback", wrong)
    report = layered(pipeline.load(SAMPLES / "xor.yaml"))
    assert report.agreement is not None
    assert not report.agreement.agrees
    assert "∂L/∂w1" in report.agreement.faults
    assert report.verdict == "failed"


def test_a_gradient_without_a_path_is_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Affine, "pullback", lambda self, m, bar: None)
    report = layered(pipeline.load(SAMPLES / "two-two-one.yaml"))
    assert report.agreement is not None and not report.agreement.agrees


def test_rounding_is_told_from_a_fault_in_50_digits() -> None:
    """The rows' z are large and nearly equal: what a mean leaves of them is rounding, and 50 digits see that it is."""
    text = """inputs: [x]
data: [{x: 1}, {x: 1.0000000001}, {x: 1.0000000003}]
layers:
  - {weights: [[1e6], [3]], bias: [1e6, 1], batchnorm: {epsilon: 1e-12}, activation: tanh, post: [p, q]}
loss: p*q + p**2
"""
    found = layered(read(text)).agreement
    assert found is not None
    assert found.agrees and found.fine and found.largest > AGREEMENT


def test_infinite_numbers_are_not_compared() -> None:
    text = "inputs: {x: 0}\nlayers:\n  - {weights: [[1]], activation: sqrt}\n"
    report = pipeline.trace(read(text), wrt=["x", "W1_1_1"], verify=False, level="layer")
    assert report.agreement is not None
    assert report.agreement.agrees and report.agreement.open > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"precision": 30}, "--precision"), ({"numbers": "exact"}, "--numbers exact"), ({"round": 3}, "--round"),
        ({"mode": "both"}, "--mode both"), ({"order": 2}, "--order"), ({"paths": True}, "--paths"),
        ({"seed": {"w1": 1}}, "--seed"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_matrices(options: dict[str, Any], said: str) -> None:
    model = pipeline.load(SAMPLES / "two-two-one.yaml")
    with pytest.raises(UsageError, match=said):
        layered(model, **options)


def test_diff_has_no_numbers() -> None:
    with pytest.raises(UsageError, match="matrices of numbers"):
        pipeline.diff(pipeline.load(SAMPLES / "two-two-one.yaml"), verify=False, level="layer")


@pytest.mark.parametrize("kink", ["wengert", "jax", "torch"])
def test_kinks_are_those_of_the_convention(kink: str) -> None:
    net = "inputs: {x: 0}\nlayers:\n  - {weights: [[1], [2]], activation: [relu, abs]}\n"
    report = layered(read(f"{net}targets: [0, 0]\nloss: absolute_error\n"), kink=kink)
    assert report.agreement is not None and report.agreement.agrees


def test_matrices_are_kept_apart_from_names_like_theirs() -> None:
    """A person's own b1 is not the vector of biases."""
    report = layered(pipeline.load(SAMPLES / "two-two-one.yaml"))
    assert report.layers is not None
    assert report.layers.plan.letters["b"] == "B"
    assert report.layers.plan.letters["W"] == "W"


def test_compare_counts_what_both_levels_have() -> None:
    report = layered(pipeline.load(SAMPLES / "two-two-one.yaml"))
    assert report.trace is not None and report.layers is not None
    # values and adjoints of z, a (3 each), derivatives of 9 parameters and 2 inputs
    assert compare(report.trace, report.layers).count == 6 + 6 + 9 + 2
    assert layer_check.AGREEMENT == 1e-12
