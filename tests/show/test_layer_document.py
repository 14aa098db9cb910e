"""The layer level as it is shown: matrices drawn in text, the equations with their numbers, what is said of the comparison."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from wengert import pipeline
from wengert.cli.run import run
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.report import Report
from wengert.show.blocks import block
from wengert.show.document import Matrix, Name, Number, Words
from wengert.show.folding import display_width
from wengert.show.layer_document import layer_document
from wengert.show.look import Look
from wengert.show.notation import TextNotation
from wengert.show.numbers import Digits
from wengert.show.terminal import renderables
from wengert.show.text import render
from wengert.sweep.layer_statements import Affine
from wengert.tape.primitives import SYMBOLS, VOCABULARY

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
NETWORKS = ("two-two-one", "mazur-2-2-2", "xor", "softmax-classifier", "batchnorm", "residual", "deep-sigmoid")
UNICODE, ASCII = Look(symbols=SYMBOLS), Look(ascii=True)


def matrix(*rows: str, **elided: int) -> Matrix:
    return Matrix(tuple(tuple(Number(text) for text in row.split()) for row in rows), **elided)


def report(network: str | Model, **settings: Any) -> Report:
    model = pipeline.load(SAMPLES / f"{network}.yaml") if isinstance(network, str) else network
    return pipeline.trace(model, level="layer", **{"verify": False, **settings})


def text(made: Report, notation: Look = UNICODE) -> str:
    return composed("".join(render(layer_document(made, Digits()), notation)))


def composed(shown: str) -> str:
    """A bar over a letter has two spellings in Unicode where the letter with its bar has a number of its own."""
    return unicodedata.normalize("NFC", shown)


def on_terminal(made: Report, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, height=50, force_terminal=False, color_system=None)
    for part in renderables(layer_document(made, Digits()), UNICODE, width):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


# -- matrices


DRAWN = [
    (matrix("1.76 0.4", "0.97 2.24"), ["⎡1.76  0.4 ⎤", "⎣0.97  2.24⎦"], ["[1.76  0.4 ]", "[0.97  2.24]"]),
    (matrix("-1", "10.5", "3e-14"), ["⎡−1    ⎤", "⎢10.5  ⎥", "⎣ 3e−14⎦"], None),
    (matrix("1 -2"), ["[1  −2]"], ["[1  -2]"]),
    (matrix("1 2", "3 4", "5 6", after_row=2, after_column=1),
     ["⎡1  …  2⎤", "⎢3  …  4⎥", "⎢⋮     ⋮⎥", "⎣5  …  6⎦"], ["[1  ...  2]", "[3  ...  4]", "[:       :]", "[5  ...  6]"]),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "unicode", "plain"), DRAWN)
def test_a_matrix(shown: Matrix, unicode: list[str], plain: list[str] | None) -> None:
    assert block((shown,), TextNotation.of(UNICODE)) == unicode
    if plain is not None:
        assert block((shown,), TextNotation.of(ASCII)) == plain


def test_matrices_stand_beside_words_at_the_height_of_their_middle() -> None:
    line = (Name("Z"), Words(" = "), matrix("1", "2", "3"), Words(" · "), matrix("4 5"), Words(" + "), matrix("6", "7"))
    assert block(line, TextNotation.of(UNICODE)) == [
        "    ⎡1⎤",
        "Z = ⎢2⎥ · [4  5] + ⎡6⎤",
        "    ⎣3⎦            ⎣7⎦",
    ]


def test_a_wide_line_is_broken_before_a_sign() -> None:
    line = (Words("  = "), matrix("1.25 2.25", "3 4"), Words(" · "), matrix("5 6", "7 8"))
    assert block(line, TextNotation.of(UNICODE), 20) == ["  = ⎡1.25  2.25⎤", "    ⎣3     4   ⎦", "    · ⎡5  6⎤", "      ⎣7  8⎦"]


def test_a_wide_matrix_loses_its_middle() -> None:
    line = (Words("  = "), matrix("1.11 2.22 3.33 4.44 5.55", "1 2 3 4 5"))
    assert block(line, TextNotation.of(UNICODE), 30) == ["  = ⎡1.11  2.22  …  5.55⎤", "    ⎣1     2     …  5   ⎦"]
    assert block(line, TextNotation.of(UNICODE), 80)[0] == "  = ⎡1.11  2.22  3.33  4.44  5.55⎤"


def test_in_a_line_of_a_table_a_matrix_is_one_line() -> None:
    assert TextNotation.of(UNICODE).math(matrix("1 -2", "3 4")) == "[1, −2; 3, 4]"


# -- documents

TWO_TWO_ONE = """\
Forward. Layer 1 of 2: 2 inputs, 2 neurons, sigmoid
W1 = ⎡w1  w2⎤ = ⎡1.76  0.4 ⎤
     ⎣w3  w4⎦   ⎣0.97  2.24⎦
B1 = ⎡b1⎤ = ⎡0⎤
     ⎣b2⎦   ⎣0⎦
Z1 = ⎡a1⎤ = W1 · X + B1
     ⎣a2⎦
  = ⎡1.76  0.4 ⎤ · ⎡ 0.888⎤ + ⎡0⎤
    ⎣0.97  2.24⎦   ⎣−0.49 ⎦   ⎣0⎦
  = ⎡ 1.36688⎤
    ⎣−0.23624⎦

A1 = ⎡h1⎤ = σ(Z1)
     ⎣h2⎦
  ≈ ⎡0.796876⎤
    ⎣0.441213⎦
"""
BACKWARD = """\
Backward. Layer 2 of 2: 2 inputs, 1 neuron, sigmoid
δ2 = Ā2 ⊙ σ′(Z2)
  σ′(z) = a·(1 − a), a = σ(z)
  = [1] ⊙ [0.19163772]
  ≈ [0.191638]

W̄2 = δ2·A1ᵀ
  = [0.19163772] · [0.7968756  0.44121315]
  ≈ [0.152711  0.0845531]

B̄2 = δ2·1
  ≈ [0.191638]

Ā1 = W2ᵀ·δ2
  = ⎡ 1.86⎤ · [0.19163772]
    ⎣−0.97⎦
  ≈ ⎡ 0.356446⎤
    ⎣−0.185889⎦
"""


def test_the_network_of_the_lecture_note() -> None:
    made = text(report("two-two-one"))
    assert composed(TWO_TWO_ONE) in made and composed(BACKWARD) in made
    assert "In X, Z and A the one row of data is a column, each neuron a row; row i of W holds the weights" in made
    assert "Checked against the operation level: 23 numbers, largest difference" in made


SAYS = [
    ("mazur-2-2-2", "Ā2 = A2 − T\n"), ("mazur-2-2-2", "∂E_total/∂b1 = 0.0087713547 + 0.0099542547 ≈ 0.0187256"),
    ("xor", "Ā2 = (1/4)·((1 − T)/(1 − A2) − T/A2)\n"), ("xor", "B is added to every column."),
    ("xor", "each row of data is a column"), ("softmax-classifier", "J ≈ ⎢−0.183254    0.210663   −0.0274090⎥"),
    ("softmax-classifier", "δ1 = Jᵀ·Ā1\n"), ("softmax-classifier", "Ā1 = −1/A1 for the target's class, 0 elsewhere"),
    ("batchnorm", "δ1 = N̄1/√(v1 + ε) + (2/4)·v̄1 ⊙ (Z1 − μ1) + μ̄1/4\n"), ("batchnorm", "γ̄1 = (Ȳ1 ⊙ N1)·1\n"),
    ("residual", "Ā3 = Ā4 + W4ᵀ·δ4\n  a sum copies the gradient to both of its terms\n"), ("residual", "A2 = F2 + A1\n"),
    ("deep-sigmoid", "Forward. Layer 20 of 20"), ("deep-sigmoid", "at --level neuron"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    return {network: text(report(network)) for network in NETWORKS}


@pytest.mark.parametrize(("network", "said"), SAYS)
def test_what_is_said(network: str, said: str, shown: dict[str, str]) -> None:
    assert composed(said) in shown[network]


@pytest.mark.parametrize("network", NETWORKS)
def test_it_fits_its_terminal(network: str) -> None:
    made = report(network)
    for width in (60, 80, 100, 200):
        assert all(display_width(line.rstrip()) <= width for line in on_terminal(made, width).splitlines())
    assert text(made, ASCII).isascii()


LARGE = "inputs: [" + ", ".join(f"{i}/7" for i in range(9)) + """]
layers:
  - {units: 12, init: {scheme: he, random_seed: 3}, activation: relu}
  - {units: 2, init: {scheme: xavier, random_seed: 4}, activation: softmax}
targets: [2]
loss: cross_entropy
"""  # fmt: skip


def test_large_matrices_are_elided_and_many_derivatives_summed_up() -> None:
    made = text(report(read_spec(LARGE, "f.yaml", VOCABULARY), verify=True, budget=6.0))
    assert "Of a matrix of more than 8 rows or 6 columns the middle is left out." in made
    assert "⋮" in made and "  …  " in made
    assert "∂L/∂W1_1_1 " not in made  # the row of the table
    assert "Checked" in made


def test_softmax_over_many_rows_shows_the_first_jacobians() -> None:
    rows = ", ".join(f"{{x: {i}/3, c: {i % 2 + 1}}}" for i in range(6))
    net = "layers:\n  - {weights: [[1], [2]], activation: softmax}\nloss: cross_entropy\n"
    made = text(report(read_spec(f"inputs: [x]\ndata: [{rows}]\ntargets: c\n{net}", "f.yaml", VOCABULARY)))
    assert "J_s4" in made and "J_s5" not in made
    assert "… and the Jacobians of 2 further rows of data." in made
    assert composed("δ1 = Jᵀ·Ā1, each column with its own J") in made


def test_several_outputs_have_their_own_sweeps() -> None:
    made = text(report(read_spec("inputs: [1]\nlayers:\n  - {weights: [[2], [3]], activation: tanh}\n", "f.yaml", VOCABULARY)))
    assert "Backward from a1_1. The output" in made and "Backward from a1_2. The output" in made


def test_only_what_was_asked_for_is_shown() -> None:
    model = pipeline.load(SAMPLES / "two-two-one.yaml")
    last = text(pipeline.trace(model, wrt=["w5"], level="layer", verify=False))
    assert composed("W̄2") in last and composed("W̄1") not in last and composed("X̄") not in last
    inputs = text(pipeline.trace(model, wrt=["x1"], level="layer", verify=False))
    assert composed("X̄ = W1ᵀ·δ1") in inputs and composed("W̄1") not in inputs


# -- the command


CLASSES = """layers: [{weights: [[1], [2]], activation: softmax}]
loss: {kind: cross_entropy, form: FORM}
"""


@pytest.mark.parametrize("form", ["textbook", "stable"])
@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("inputs: [1]\ntargets: [2]\n", "The target's class = 2"),
        ("inputs: [1]\ntargets: {klasse: 2}\n", "klasse, the target's class = 2"),
        ("inputs: [x]\ndata: [{x: 1, klasse: 2}, {x: 3, klasse: 1}]\ntargets: [klasse]\n",
         "klasse, the classes of the rows' targets = [2  1]"),
        ("inputs: [x]\ndata: [" + ", ".join(f"{{x: {i}, c: {i % 2 + 1}}}" for i in range(9)) + "]\ntargets: c\n",
         "c, the classes of the rows' targets = [1  2  1  …  2  1]"),
    ],
)  # fmt: skip
def test_the_class_of_each_row_is_among_the_data(data: str, line: str, form: str) -> None:
    lines = text(report(read_spec(data + CLASSES.replace("FORM", form), None, VOCABULARY))).splitlines()
    start = lines.index("Data")
    assert line in lines[start : lines.index("", start)]


def test_the_command_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", str(SAMPLES / "xor.yaml"), "--level", "layer", "--no-verify"]) == 0
    assert "Checked against the operation level: 75 numbers" in capsys.readouterr().out


def test_a_mismatch_is_a_failure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    right = Affine.pullback

    def wrong(self: Affine, m: Any, bar: Any) -> None:
        right(self, m, bar)
        if self.w in bar.terms:
            bar.terms[self.w] = [replace(term, value=term.value + 1e-6) for term in bar.terms[self.w]]
            bar._totals.clear()

    monkeypatch.setattr(Affine, "pullback", wrong)
    arguments = ["trace", str(SAMPLES / "two-two-one.yaml"), "--level", "layer", "--no-verify"]
    assert run(arguments) == 1
    assert "Checked against the operation level: failed. 6 of 23 numbers differ: ∂y/∂w1" in capsys.readouterr().out
    assert run([*arguments, "-f", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "failed"


def test_json_stays_at_operation_level(capsys: pytest.CaptureFixture[str]) -> None:
    made = []
    for level in ("layer", "operation"):
        run(["trace", str(SAMPLES / "two-two-one.yaml"), "--level", level, "--no-verify", "-f", "json"])
        made.append(json.loads(capsys.readouterr().out))
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trace", "x**2", "--at", "x=1"], "--level layer is for networks"),
        (["diff", str(SAMPLES / "xor.yaml")], "--level layer shows matrices of numbers, and diff has none"),
        (["trace", str(SAMPLES / "xor.yaml"), "--round", "3"], "--round does not go with it"),
    ],
)
def test_what_has_no_matrices(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--level", "layer", "--no-verify"]) == 2
    assert said in capsys.readouterr().err


def test_a_parameter_in_every_entry_does_not_convert_its_matrix_for_each() -> None:
    n, converted = 30, 0
    weights = f"[{', '.join(['[' + ', '.join(['w'] * n) + ']'] * n)}]"
    spec = f"inputs: {[0.01] * n}\nparameters: {{w: 0.1}}\nlayers:\n  - weights: {weights}\n  - weights: {[[0.5] * n]}"
    made = report(read_spec(spec, None, VOCABULARY))

    def count(frame: Any, event: str, called: Any) -> None:
        nonlocal converted
        if event == "c_call" and called.__name__ == "tolist":
            converted += called.__self__.size

    sys.setprofile(count)
    try:
        assert "\nShared parameters\n" in text(made)
    finally:
        sys.setprofile(None)
    assert converted < 20 * n * n  # not n² matrices of n² entries
