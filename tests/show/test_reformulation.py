"""The section on a loss and its activation: its numbers are those of the sweep, its words fit, and JSON has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import wengert
from wengert import pipeline
from wengert.report import Report
from wengert.show import text
from wengert.show.document import Document
from wengert.show.figures import Figures
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.show.reformulation import reformulation_record, reformulation_sections
from wengert.tape.primitives import SYMBOLS

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
SOFTMAX = """inputs: {{x: 1}}
layers: [{{weights: [[0.5], [-1]], activation: softmax}}]
targets: {targets}
loss: cross_entropy
"""
STABLE = """inputs: {x: 1}
parameters: {w: 800, b: 0}
layers: [{weights: [[w]], bias: [b], activation: sigmoid, pre: z, post: y}]
targets: [0]
loss: {kind: binary_cross_entropy, form: stable}
"""


def shown(report: Report, ascii_only: bool = False) -> str:
    figures = None if report.trace is None else Figures(report.trace, Digits())
    sections = tuple(reformulation_sections(report, figures))
    notation = Look(ascii=ascii_only, symbols=SYMBOLS)
    return "".join(text.render(Document(None, (), sections), notation))


@pytest.mark.parametrize("sample", ["xor", "softmax-classifier", "batchnorm", "residual"])
def test_the_values_are_those_of_the_sweep(sample: str) -> None:
    report = pipeline.trace(SAMPLES / f"{sample}.yaml", verify=False)
    made = reformulation_record(report)
    assert made is not None and report.trace is not None
    column = report.trace.columns.adjoints[made["name"]]
    for entry in made["collapsed"]:
        assert entry["value"] == pytest.approx(column[report.list.slots[entry["wrt"]]], rel=1e-12)
        assert entry["verdict"] is None
    for entry in made["long"]:
        if entry["of"] == made["name"]:
            adjoint = column[report.list.slots[entry["wrt"]]]
            assert entry["value"] == pytest.approx(0 if adjoint is None else adjoint, rel=1e-12)


def test_sigmoid() -> None:
    lines = shown(pipeline.trace(SAMPLES / "xor.yaml", verify=False))
    assert "∂L/∂y_s1 · ∂y_s1/∂z_s1 = ((1 − t_s1)/(1 − y_s1) − t_s1/y_s1)/4 · y_s1·(1 − y_s1)" in lines
    assert "σ′(z_s1) = y_s1·(1 − y_s1)" in lines
    assert "(y_s1 − t_s1)/4" in lines
    assert lines.count("≈ 0.137984") == 2
    assert "the mean over 4 rows" in lines
    assert "verdict" not in lines
    assert shown(pipeline.trace(SAMPLES / "xor.yaml", verify=False), ascii_only=True).isascii()


def test_softmax_and_its_jacobian() -> None:
    lines = shown(pipeline.trace(SAMPLES / "softmax-classifier.yaml", verify=False))
    assert "∂L/∂a1 · ∂a1/∂z2 + ∂L/∂a2 · ∂a2/∂z2 + ∂L/∂a3 · ∂a3/∂z2 = (−1/a2) · a2·(1 − a2)" in lines
    assert "a2 − 1" in lines
    assert "a1·(1 − a1) ≈ 0.238449" in lines
    without = shown(pipeline.diff(SAMPLES / "softmax-classifier.yaml", verify=False))
    assert "−a1·a2" in without
    assert "≈" not in without


@pytest.mark.parametrize(
    ("targets", "goes_back"),
    [
        ("[0.3, 0.7]", "The error a − t is what goes back."),
        ("{t1: , t2: }", "The error a − t is what goes back."),
        ("[2]", "The error a − t is what goes back."),
        ("[0.5, 0.7]", "What goes back is a times the sum of the targets, minus t."),
        ("[0.2, 0.2]", "What goes back is a times the sum of the targets, minus t."),
    ],
)
def test_what_goes_back(tmp_path: Path, targets: str, goes_back: str) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(SOFTMAX.format(targets=targets))
    report = pipeline.diff(path, verify=False)
    assert goes_back in shown(report)
    assert shown(report).count("goes back") == 1


@pytest.mark.parametrize("targets", ["[1, 0]", "[0, 1]"])
def test_what_is_0_is_exactly_0_as_in_the_sweep(tmp_path: Path, targets: str) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(SOFTMAX.format(targets=targets))
    lines = shown(pipeline.trace(path, verify=False)).splitlines()
    assert sum("−0/" in line and line.rstrip().endswith("= 0") for line in lines) == 1
    assert not any(line.rstrip().endswith("≈ 0") for line in lines)


def test_the_proof_is_told() -> None:
    report = pipeline.diff(SAMPLES / "softmax-classifier.yaml", budget=100)
    lines = shown(report)
    assert lines.count("proved") == 4
    assert "for each of 3 outputs" in lines
    made: Any = record(report)["reformulation"]
    assert made["verdict"] == "proved"
    assert [entry["formula"] for entry in made["collapsed"]] == ["a1", "a2 - 1", "a3"]
    assert {entry["verdict"] for entry in made["collapsed"]} == {"proved"}


def test_where_the_long_way_has_no_value(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(STABLE)
    report = pipeline.trace(path, verify=False)
    lines = shown(report)
    assert lines.count("none in doubles: it divides by 0") == 2
    assert "stable form" in lines
    made = reformulation_record(report)
    assert made is not None
    assert made["collapsed"][0]["value"] == 1
    assert made["long"][0]["value"] is None


def test_a_network_without() -> None:
    report = pipeline.trace(SAMPLES / "mazur-2-2-2.yaml", verify=False)
    assert reformulation_sections(report, None) == []
    assert "reformulation" not in record(report)
