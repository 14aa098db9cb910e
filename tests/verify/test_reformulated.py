"""The loss and its activation before the judge: what is asked, that it is proved, and that a wrong collapse is seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import wengert
from tests.conftest import LastingJudge
from wengert import pipeline
from wengert.lang.expr import Nodes
from wengert.lang.model import Model
from wengert.show.notation import language
from wengert.verify.examine import examine
from wengert.verify.reformulated import items, meeting
from wengert.verify.verdicts import verify
from wengert.verify.witness import Ours

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
SPEC = """inputs: {{x1: 1, x2: -2}}
layers:
  - units: {units}
    init: {{scheme: xavier, random_seed: 1}}
    activation: {activation}
targets: {targets}
loss: {loss}
"""


def network(tmp_path: Path, units: int, activation: str, loss: str, targets: list[Any]) -> Model:
    path = tmp_path / "net.yaml"
    path.write_text(SPEC.format(units=units, activation=activation, loss=loss, targets=targets))
    return pipeline.load(path)


def answers(asked: list[dict[str, Any]]) -> dict[str, str]:
    empty = Nodes().columns()
    request = {"nodes": empty, "inputs": [], "definitions": [], "outputs": [], "wrt": [], "rules": asked,
               "formulas": {"nodes": empty, "roots": []}, "at_point": False}  # fmt: skip
    return {a["key"]: a["status"] for a in examine(request) if a["kind"] == "rule"}


MET: list[tuple[int, str, str, list[Any], str]] = [
    (1, "sigmoid", "binary_cross_entropy", [1], "a1_1 - t1"),
    (3, "sigmoid", "{kind: binary_cross_entropy, parts: [E1, E2, E3]}", [1, 0, 0.5], "a1_1 - t1"),
    (2, "sigmoid", "{kind: binary_cross_entropy, form: stable}", [1, 0], "a1_1 - t1"),
    (3, "softmax", "cross_entropy", [0, 1, 0], "a1_1 - t1"),
    (3, "softmax", "cross_entropy", [0.7, 0.2, 0.1], "a1_1 - t1"),
    (3, "softmax", "cross_entropy", [0.7, 0.2, 0.2], "a1_1*(t1 + t2 + t3) - t1"),
    (3, "softmax", "{kind: cross_entropy, form: stable}", [0, 1, 0], "a1_1 - t1"),
    (4, "softmax", "cross_entropy", [1], "a1_1 - 1"),
    (4, "softmax", "{kind: cross_entropy, form: stable}", [2], "a1_1"),
    (2, "identity", "half_squared_error", [1, 0], "a1_1 - t1"),
]


@pytest.mark.parametrize(("units", "activation", "loss", "targets", "together"), MET)
def test_both_ways_are_proved_for_every_unit(
    tmp_path: Path, units: int, activation: str, loss: str, targets: list[Any], together: str
) -> None:
    model = network(tmp_path, units, activation, loss, targets)
    found = meeting(model)
    assert found is not None
    assert language(found.nodes, found.together[0]) == together
    told = answers(items(model))
    assert len(told) == units * (3 if "stable" in loss else 2)
    assert set(told.values()) == {"proved"}


@pytest.mark.parametrize(
    ("units", "activation", "loss", "targets"),
    [
        (2, "sigmoid", "half_squared_error", [1, 0]),
        (2, "[sigmoid, tanh]", "half_squared_error", [1, 0]),
        (2, "identity", "mse", [1, 0]),
        (2, "softmax", "binary_cross_entropy", [1, 0]),
        (2, "1/(1 + exp(-x))", "binary_cross_entropy", [1, 0]),
    ],
)
def test_where_the_loss_meets_another_activation(
    tmp_path: Path, units: int, activation: str, loss: str, targets: list[Any]
) -> None:
    model = network(tmp_path, units, activation, loss, targets)
    assert meeting(model) is None
    assert items(model) == []


@pytest.mark.parametrize("sample", ["mazur-2-2-2", "two-two-one", "neuron", "baydin"])
def test_samples_without(sample: str) -> None:
    assert meeting(pipeline.load(SAMPLES / f"{sample}.yaml")) is None


def test_the_mean_over_rows() -> None:
    found = meeting(pipeline.load(SAMPLES / "xor.yaml"))
    assert found is not None
    assert found.divisor == 4
    assert language(found.nodes, found.together[0]) == "(y_s1 - t_s1)/4"
    assert language(found.nodes, found.of_row(0)) == "y_s1 - t_s1"


@pytest.mark.parametrize("sample", ["xor", "softmax-classifier", "batchnorm", "residual"])
def test_a_wrong_collapse_is_seen(sample: str) -> None:
    """a instead of a − t, or twice it: no rewriting proves that, and a random point tells."""
    for asked in items(pipeline.load(SAMPLES / f"{sample}.yaml")):
        nodes = Nodes.from_columns(asked["nodes"])
        asked["partial"] = nodes.call("mul", [nodes.number("2"), asked["partial"]])
        asked["nodes"] = nodes.columns()
        assert answers([asked]) == {asked["key"]: "wrong"}


def test_the_answers_stand_beside_the_rules(judge: LastingJudge) -> None:
    report = pipeline.trace(SAMPLES / "softmax-classifier.yaml", budget=100)
    verification = report.verification
    assert verification is not None
    assert verification.rules[0] == verification.rules[1] < 20
    assert all(re.match(r"reformulation/[012]/(long|together)\Z", key) for key in verification.reformulations)
    assert len(verification.reformulations) == 6
    assert verification.verdict == "proved"


def test_a_wrong_one_fails_the_whole() -> None:
    report = pipeline.trace(SAMPLES / "softmax-classifier.yaml", verify=False)
    wrong = [{"kind": "rule", "key": "reformulation/0/together", "status": "wrong", "branches": 0, "reason": "planted"}]
    found = verify(report.trace, Ours(report.list), report.keys, None, wrong)
    assert found.verdict == "failed"
    assert found.rules == (0, 0)
