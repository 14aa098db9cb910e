"""The document and the record of `wengert flow`: what a bar is, what is said, and that it keeps to 80 columns."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import wengert
from wengert.flow_report import FlowReport, flow_report
from wengert.lang.variants import Network, option_entries
from wengert.report import Settings
from wengert.show.csv import render as in_csv
from wengert.show.flow_bars import SCIENTIFIC, Scale, figure
from wengert.show.flow_document import flow_document
from wengert.show.flow_record import flow_record
from wengert.show.folding import display_width
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.terminal import renderables
from wengert.show.text import render
from wengert.show.words.flow import consequence
from wengert.sweep.flow import EXPLODING, VANISHING
from wengert.tape.primitives import SYMBOLS, VOCABULARY

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
UNJUDGED = Settings(verify=False)
ONE_ROW = "inputs: {x1: 1, x2: 2}\nlayers:\n"


def of(name: str, compare: str = "", remedies: Sequence[str] = (), depths: Sequence[int] = ()) -> FlowReport:
    path = SAMPLES / f"{name}.yaml"
    network = Network(path.read_text(encoding="utf-8"), str(path), VOCABULARY, path.parent)
    activations = option_entries(compare, "--compare") if compare else []
    return flow_report(network, UNJUDGED, activations, remedies, depths)


def made(text: str, **more: object) -> FlowReport:
    return flow_report(Network(text, None, VOCABULARY, None), UNJUDGED, **more)  # type: ignore[arg-type]


def text(report: FlowReport, ascii: bool = False) -> str:
    return "".join(render(flow_document(report, Digits(3)), Look(ascii, SYMBOLS)))


def test_the_quarter_and_its_twentieth_power() -> None:
    shown = text(of("deep-sigmoid"))
    assert "20 layers of it leave at most (1/4)^20 ≈ 9.09e−13 of a gradient." in shown
    assert "the product of all 20 is ≈ 1.70e−13." in shown
    assert "The gradient vanishes: ‖δ‖ of layer 1 is 1.30e−14 times ‖δ‖ of layer 20." in shown
    assert "vanishing where first/last is below 0.001" in shown


def test_bars_shrink_layer_by_layer() -> None:
    lines = text(of("deep-sigmoid")).split("The gradient on its way back")[1].splitlines()
    assert "each █ is a factor of 4." in lines[1]
    bars = [line.count("█") for line in lines[4:24]]
    assert bars[0] == 23 and bars[-1] == 1 and bars == sorted(bars, reverse=True)


def test_networks_side_by_side() -> None:
    shown = text(of("deep-sigmoid", "sigmoid,relu", ["skip"]))
    table = shown.split("Π σ′   verdict\n")[1].splitlines()
    assert [line.split("  ")[0] for line in table[:4]] == ["sigmoid", "relu", "sigmoid + skip", "relu + skip"]
    assert "+ skip: skip: previous in all 19 hidden layers." in table
    assert "for all 3 that were made from it." in shown


def test_an_activation_that_the_spec_has_is_its_own_network() -> None:
    report = of("deep-sigmoid", "tanh,sigmoid")
    assert [m.activation for m in report.networks] == ["sigmoid", "tanh"]
    assert [m.activation for m in of("deep-sigmoid", "tanh").networks] == [None, "tanh"]


def test_depths_and_where_the_verdict_turns() -> None:
    shown = text(of("deep-sigmoid", depths=range(2, 21)))
    assert "as written: healthy from 2 to 5, vanishing from 6 to 20 layers." in shown
    assert "Layer 1 is repeated until there are so many layers." in shown


WIDE: list[tuple[str, dict[str, Any]]] = [
    ("deep-sigmoid", {}), ("residual", {}), ("batchnorm", {}), ("xor", {}), ("mazur-2-2-2", {}), ("softmax-classifier", {}),
    ("deep-sigmoid", {"compare": "sigmoid,relu", "remedies": ["skip"], "depths": [2, 20]}),
    ("deep-sigmoid", {"compare": "relu,leaky_relu", "remedies": ["skip"], "depths": [2, 20, 200]}),
    ("batchnorm", {"compare": "sigmoid,relu,elu,selu,gelu,leaky_relu", "depths": [2, 5]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "more"), WIDE)
@pytest.mark.parametrize("ascii", [False, True])
def test_tables_keep_to_80_columns(name: str, more: dict[str, Any], ascii: bool) -> None:
    document = flow_document(of(name, **more), Digits(3))
    console = Console(width=80, record=True, file=io.StringIO(), force_terminal=False, highlight=False)
    for part in renderables(document, Look(ascii, SYMBOLS), 80):
        console.print(part, soft_wrap=False)
    lines = console.export_text().splitlines()
    assert max(map(display_width, lines)) <= 80
    assert not any(line.startswith(("layer /", "layers /", "network /")) for line in lines)  # no table is drawn as blocks
    assert not ascii or "\n".join(lines).isascii()


def test_many_networks_stand_below_one_another() -> None:
    shown = text(of("batchnorm", "sigmoid,relu,elu,selu,gelu,silu"))
    assert shown.split("Side by side: mean |δ|")[1].split("\nVerdict")[0].count("\nlayer   ") == 2


def test_a_network_without_values_is_told_and_not_left_out() -> None:
    spec = ONE_ROW + "  - {units: 2, activation: tanh}\n  - {units: 1}\n"
    report = made(spec, compare=option_entries("exp(exp(10*x*x + 9))", "--compare"))
    assert report.networks[1].flow is None and "overflow" in report.networks[1].problem
    assert report.networks[1].problem in text(report)
    assert flow_record(report)["variants"][0]["verdict"] is None


def test_no_loss_is_said() -> None:
    shown = text(made(ONE_ROW + "  - {units: 2}\n"))
    assert "What is differentiated: the sum of the outputs (a1_1, a1_2); the spec has no loss." in shown
    assert "One layer: the gradient does not travel." in shown


def test_nothing_arrives() -> None:
    spec = "  - {weights: [[1, 1]], activation: tanh}\n  - {weights: [[-1]], activation: relu}\n  - {weights: [[1]]}\n"
    shown = text(made(ONE_ROW + spec))
    assert "0, nothing arrives" in shown and "Nothing arrives below layer 3: δ is 0 from layer 2 on." in shown
    assert "The gradient vanishes: ‖δ‖ of layer 1 is 0." in shown


DEAD = ONE_ROW + """
  - {weights: [[-1, -1], [-2, 0]], bias: [0.1, 0.2], activation: relu}
  - {weights: [[1, 1]], bias: 0.3, activation: identity}
targets: [1]
loss: mse
"""
LARGE = "inputs: [1, 1]\nlayers:\n" + "  - {units: 2, init: {scheme: constant, value: 5}}\n" * 8 + """
  - {units: 1, init: {scheme: constant, value: 2}}
targets: [0.5]
loss: half_squared_error
"""


def test_of_a_dead_network_nothing_is_said_that_its_zeros_deny() -> None:
    shown = text(made(DEAD))
    assert "the product of both is 0.\nNo weights can make up for a σ′ of 0: only ways past that layer could." in shown
    assert "The derivative of every weight is 0: whatever the rate, all weights stand still." in shown
    assert "first layers" not in shown and "Only weights" not in shown
    top = shown.split("factor      W   σ′\n")[1].splitlines()[0]
    assert top.split()[-3:] == ["–", "–", "–"]


def test_large_whole_numbers_are_rounded_as_promised() -> None:
    shown = text(made(LARGE))
    table = shown.split("W     σ′\n")[1].splitlines()[:9]
    assert [line.split()[2] for line in table] == ["4.00e8", *(f"8.00e{n}" for n in range(8, 16))]
    sizes = (0.0, 1.0, 100.0, 999.0, 999.5, 1000.0, 12345.0, -1255.0, math.inf)
    wanted = ["0", "1.00", "100", "999", "1.00e3", "1.00e3", "1.23e4", "-1.26e3", "inf"]
    assert [figure(x, Digits(3)) for x in sizes] == wanted


def test_a_product_has_the_digits_of_its_column() -> None:
    shown = text(of("deep-sigmoid", "sigmoid,relu"))
    assert "the product of all 20 is ≈ 1.70e−13." in shown
    row = next(line for line in shown.splitlines() if line.startswith("sigmoid  ") and line.endswith("vanishing"))
    assert row.split()[4] == "1.70e−13"
    assert "Figures beside bars have 1 significant digit." in shown


@pytest.mark.parametrize(
    ("kind", "means", "pace"),
    [
        (EXPLODING, [8e15, 8e15, 4e16], "all layers are thrown far off"),
        (EXPLODING, [5.0, 2.0, 0.1], "the first layers are thrown far off"),
        (EXPLODING, [0.2, 0.1], "layer 1 moves farther than layer 2"),
        (EXPLODING, [0.1, 0.2], "layer 1 moves no farther than layer 2"),
        (EXPLODING, [math.nan, 1.0], "the first layers are thrown far off"),
        (VANISHING, [1e-9, 1.0], "the first layers all but stand still"),
        (VANISHING, [0.0, 1.0], "layer 1 stands still"),
        (VANISHING, [0.0, 1.0, 0.0], "layers 1 and 3 stand still"),
        (VANISHING, [0.5, 1.0], "layer 1 moves less than layer 2"),
        (VANISHING, [2.0, 1.0], "layer 1 moves no less than layer 2"),
        (VANISHING, [0.0, 0.0], "all weights stand still"),
    ],
)
def test_what_becomes_of_the_weights_follows_from_their_derivatives(kind: str, means: list[float], pace: str) -> None:
    assert pace in consequence(kind, means, "a", "b", len(means))


def test_csv_has_no_column_of_bars() -> None:
    for spec in (DEAD, LARGE):
        rows = list(csv.reader("".join(in_csv(flow_document(made(spec), Digits(3)), Look(False, SYMBOLS))).splitlines()))
        assert rows[0][:7] == ["section", "layer", "activation", "mean |δ|", "factor", "W", "σ′"]
        assert not any("arrives" in cell or "█" in cell for row in rows for cell in row)
        assert {len(row) for row in rows} == {len(rows[0])}


def test_weights_that_layers_share() -> None:
    spec = "inputs: [1]\nparameters: {w: 0.5}\nlayers:\n  - {weights: [[w]], repeat: 3}\n"
    assert "A weight that several layers share" in text(made(spec))


def test_the_scale() -> None:
    scale = Scale.of([1e-6, 1.0], 24)
    assert scale is not None and (scale.start, scale.step) == (-7, 2)
    assert (len(scale.bar(1.0)), len(scale.bar(1e-6))) == (23, 3)
    level = Scale.of([0.5, 0.6], 24)
    assert level is not None and len(level.bar(0.5)) == len(level.bar(0.6))
    assert Scale.of([0.0, math.inf], 24) is None
    tiny = Scale.of([1e-300, 1e300], 5)
    assert tiny is not None and len(tiny.bar(1e300)) <= 6
    assert SCIENTIFIC == 1e-3


def test_the_record() -> None:
    report = of("batchnorm", "relu", ["skip"], [2, 4])
    record = json.loads(json.dumps(flow_record(report), allow_nan=False))
    assert record["schema"] == "wengert.flow/1" and record["verdict"] == "healthy" and record["derivatives_verdict"] is None
    assert [x["number"] for x in record["layers"]] == [1, 2]
    wanted = {"number", "name", "activation", "delta_mean", "delta_max", "weights_mean", "weights_max", "saturated", "dead",
              "factor", "factor_activation", "factor_weights", "factor_other", "factor_batchnorm"}  # fmt: skip
    assert wanted <= record["layers"][0].keys()
    assert record["threshold"] == {
        "vanishing_below": 1e-3, "exploding_above": 1e3, "entering_below": 1e-6, "saturated_below": 0.1
    }
    assert [v["name"] for v in record["variants"]] == ["relu", "as written + skip", "relu + skip"]
    assert all(v["accumulates"] for v in (*record["variants"], *record["depths"]))
    assert [v["depth"] for v in record["depths"]] == [2] * 4 + [4] * 4
