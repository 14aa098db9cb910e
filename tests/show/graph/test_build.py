"""From a report to its graph: every step of the sweeps has its place, with the figures of the tables."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.show.graph.drawing import BAYDIN, NOTATION, SAMPLES, differentiated, edges, graph, said, traced, vertices
from wengert.cli.run import run
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.report import Report
from wengert.show.document import Row
from wengert.show.formats import GRAPHS
from wengert.show.graph.build import graph_of
from wengert.show.graph.model import Graph
from wengert.show.numbers import Digits
from wengert.show.spelling import BAR, DOT
from wengert.show.trace_document import trace_document
from wengert.tape.primitives import VOCABULARY

ALL = sorted(SAMPLES.glob("*.yaml"))
SMALL = [path for path in ALL if path.stem != "deep-sigmoid"]


def names(path: Path) -> str:
    return path.stem


# -- statements


def test_a_formula_at_a_point() -> None:
    found = graph(BAYDIN, {"x1": 2, "x2": 5})
    assert vertices(found) == [
        ["x1", "= 2", "x̄1 = 5.5"],
        ["x2", "= 5", "x̄2 ≈ 1.71634"],
        ["v1 = ln(x1)", "≈ 0.693147", "v̄1 = 1"],
        ["v2 = x1·x2", "= 10", "v̄2 = 1"],
        ["v3 = v1 + v2", "≈ 10.6931", "v̄3 = 1"],
        ["v4 = sin(x2)", "≈ −0.958924", "v̄4 = −1"],
        ["f = v3 − v4", "≈ 11.6521", "f̄ = 1"],
    ]
    assert edges(found) == [
        ("x1", "v1", "use", "1/x1 = 0.5", "← 0.5"),
        ("x1", "v2", "use", "x2 = 5", "← 5"),
        ("x2", "v2", "use", "x1 = 2", "← 2"),
        ("v1", "v3", "use", "1", "← 1"),
        ("v2", "v3", "use", "1", "← 1"),
        ("x2", "v4", "use", "cos(x2) ≈ 0.283662", "← ≈ −0.283662"),
        ("v3", "f", "use", "1", "← 1"),
        ("v4", "f", "use", "−1", "← −1"),
    ]
    assert [v.output for v in found.vertices] == [False] * 6 + [True]
    assert found.notes == ()


def test_an_argument_used_twice_has_two_edges_with_their_own_partials() -> None:
    found = graph("x*x", {"x": 3})
    assert edges(found) == [("x", "f", "use", "x = 3", "← 3"), ("x", "f", "use", "x = 3", "← 3")]
    assert vertices(found)[0] == ["x", "= 3", "x̄ = 6"]
    power = graph("x**x", {"x": 2})
    assert [label for _, _, _, label, _ in edges(power)] == ["x^x = 4", "f·ln(x) ≈ 2.77259"]


def test_without_a_point_edges_carry_formulas_alone() -> None:
    found = graph_of(differentiated("a = w*x + b; y = sigmoid(a)"), Digits())
    assert vertices(found) == [["w"], ["x"], ["b"], ["v1 = w·x"], ["a = v1 + b"], ["y = σ(a)"]]
    assert [(label, back) for _, _, _, label, back in edges(found)] == [
        ("x", ""), ("w", ""), ("1", ""), ("1", ""), ("y·(1 − y)", ""),
    ]  # fmt: skip


def test_several_outputs_say_whose_adjoints_are_shown() -> None:
    report = traced("r = x*cos(t); s = x*sin(t)", {"x": 2, "t": 0.5}, of=["r", "s"])
    first, second = graph_of(report, Digits()), graph_of(report, Digits(), of="s")
    assert first.notes == ("Adjoints and contributions are those of r; --of shows those of s.",)
    assert vertices(first)[0] == ["x", "= 2", "∂r/∂x ≈ 0.877583"]
    assert vertices(second)[0] == ["x", "= 2", "∂s/∂x ≈ 0.479426"]
    assert vertices(first)[-1] == ["s = x·v2", "≈ 0.958851"]  # r does not depend on it


def test_what_is_not_differentiated_has_a_dashed_edge() -> None:
    found = graph("where(x > y, x*z, 2)", {"x": 3, "y": 1, "z": 2}, wrt=["z"])
    kinds = {(source, target): kind for source, target, kind, _, _ in edges(found)}
    assert kinds == {
        ("x", "v1"): "still", ("z", "v1"): "use", ("x", "f"): "still", ("y", "f"): "still", ("v1", "f"): "use",
    }  # fmt: skip


def test_a_branch_that_is_left_out_receives_nothing() -> None:
    found = graph("where(x < 0, x**2, ln(x))", {"x": -1})
    assert vertices(found)[1:3] == [["v1 = x²", "= 1", "v̄1 = 1"], ["v2 = ln(x)", "not taken"]]
    kinds = {(source, target): (kind, back) for source, target, kind, _, back in edges(found)}
    assert kinds["v1", "f"] == ("use", "← 1")
    assert kinds["v2", "f"] == ("still", "")


def test_at_a_kink_the_graph_names_the_convention() -> None:
    """In the words of the trace's document; of a formula without a point there is nothing to say."""
    at_zero = "At v1: relu at 0: PyTorch takes 0, as the usual convention does."
    for spec, at, kink, notes in (
        ("max(x, y)*x", {"x": 1, "y": 1}, "wengert",
         ["At v1: max at a tie: an equal share (1/2) for each of the 2 largest arguments is taken, of the slopes in [0, 1]."]),
        ("relu(x)*y", {"x": 0, "y": 3}, "torch", ["At kinks the slopes are those of PyTorch (--kink).", at_zero]),
        ("relu(x)*y", {"x": 1, "y": 3}, "wengert", []),
    ):  # fmt: skip
        report = traced(spec, at, kink=kink)
        assert list(graph_of(report, Digits()).notes) == notes
        said_there = [NOTATION.math(line[0]) for line in trace_document(report, Digits()).opening]
        assert set(notes) <= set(said_there)
    assert graph_of(differentiated("relu(x)*y"), Digits()).notes == ()


def at_kinks(rows: int) -> Model:
    """A network whose first neuron stands at the kink of its relu in every row."""
    data = "\n".join(f"  - {{x1: {i}, x2: -{i}, t: 1}}" for i in range(1, rows + 1))
    net = "layers:\n  - {weights: [[1, 1], [0.2, 0.4]], activation: relu}\n  - {weights: [[1, 1]]}"
    return read_spec(f"inputs: [x1, x2]\ndata:\n{data}\n{net}\ntargets: [t]\nloss: squared_error", None, VOCABULARY)


@pytest.mark.parametrize("level", ["neuron", "layer"])
def test_the_graph_of_one_row_names_the_kinks_of_that_row_and_counts_the_others(level: str) -> None:
    report = traced(at_kinks(20))
    told = "relu at 0: 0 is taken, of the slopes in [0, 1]."
    assert list(graph_of(report, Digits(), row=20, level=level).notes)[1:] == [
        f"At a1_1_s20: {told}", "19 statements that are not drawn stand at a kink; their slopes are taken by convention too.",
    ]  # fmt: skip
    assert list(graph_of(report, Digits(), level="operation").notes)[1:] == [
        "20 statements that are not drawn stand at a kink; their slopes are taken by convention too."
    ]
    two = traced(at_kinks(2))
    assert list(graph_of(two, Digits(), level="operation").notes) == [f"At a1_1_s1: {told}", f"At a1_1_s2: {told}"]
    assert list(graph_of(two, Digits(), row=1, level=level).notes)[2:] == [
        "1 statement that is not drawn stands at a kink; its slope is taken by convention too."
    ]


def test_more_kinks_than_are_told_are_counted() -> None:
    report = traced(" + ".join(f"abs(x{i})" for i in range(1, 15)), {f"x{i}": 0 for i in range(1, 15)})
    said_there = [NOTATION.math(line[0]) for line in trace_document(report, Digits()).opening]
    notes = list(graph_of(report, Digits()).notes)
    assert notes == said_there[1:] and len(notes) == 13
    assert notes[11:] == ["At v22: abs at 0: 0 is taken, of the slopes in [−1, 1].", "… and at 2 further statements."]


@pytest.mark.parametrize(
    ("spec", "at", "more", "note"),
    [
        ("sqrt(x)*y", {"x": 0, "y": 0}, {}, "At v1: ∞·0, which has no value, comes up on the way back."),
        ("sqrt(x)*y", {"x": 0, "y": 0}, {"kink": "torch"},
         "At v1: ∞·0, which has no value (PyTorch: nan), comes up on the way back."),
        ("sqrt(x*y)", {"x": 0, "y": 0}, {"mode": "forward", "seed": {"x": 1}},
         "At f: ∞·0, which has no value, comes up on the way forward."),
        ("y = sqrt(x); g = x*y*z; h = x + z", {"x": 0, "z": 0}, {"of": ["h", "g"]}, None),  # the one that is shown has values
        ("sqrt(x)*y", {"x": 1, "y": 0}, {}, None),
    ],
)  # fmt: skip
def test_a_figure_without_a_value_has_its_sentence(
    spec: str, at: dict[str, float], more: dict[str, Any], note: str | None
) -> None:
    report = traced(spec, at, **more)
    notes = [n for n in graph_of(report, Digits()).notes if "no value" in n]
    assert notes == ([] if note is None else [note])
    told = [line for line in trace_document(report, Digits()).opening if "no value" in str(line)]
    assert bool(told) == (note is not None or "of" in more)


@pytest.mark.parametrize("format", [f for f in GRAPHS if f != "png"])  # which is made of the SVG
def test_every_format_has_the_sentence(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", "sqrt(x)*y", "--at", "x=0,y=0", "-f", format]) == 0
    assert "At v1: ∞·0, which has no value," in capsys.readouterr().out


def test_a_seed_shows_tangents() -> None:
    found = graph("x*y", {"x": 2, "y": 3}, seed={"x": 1, "y": 0.5})
    assert [lines[-1] for lines in vertices(found)] == [f"x{DOT} = 1", f"y{DOT} = 0.5", f"f{DOT} = 4"]
    assert found.notes == ("Tangents are those along the seed.",)


def test_of_a_long_list_the_end_is_shown_and_one_vertex_stands_for_the_rest() -> None:
    found = graph(" + ".join(f"x{i}*{i}" for i in range(1, 101)), {f"x{i}": i for i in range(1, 101)})
    assert len(found.vertices) == 1 + 30 + 15
    summary = next(v for v in found.vertices if v.shape == "summary")
    assert NOTATION.math(summary.label) == "169 statements and 85 inputs"
    assert len(summary.covers) == 254
    assert "The last 30 of 199 statements are shown" in found.notes[0]
    _goes_forward(found)


def test_where_there_are_very_many_lines_they_carry_no_partials_and_it_says_so() -> None:
    names = [f"x{i}" for i in range(12)]
    softmax = "; ".join(f"y{i} = softmax({i + 1}, {', '.join(names)})" for i in range(12))
    found = graph(f"{softmax}; z = {' + '.join(f'y{i}' for i in range(12))}", dict.fromkeys(names, 1))
    assert all(e.label is None and e.contribution is None for e in found.edges)
    assert found.notes == ("The local partials are left out: there are 166 lines (more than 120).",)
    assert len(vertices(found)[0]) == 3


def test_the_adjoint_of_the_output_is_one_however_long_the_list() -> None:
    found = graph(" + ".join(["x"] * 21_000), {"x": 1})
    assert vertices(found)[-1][1:] == ["≈ 21000", f"f{BAR} = 1"]  # values of so long a list are not followed exactly


def test_numbers_without_rounding() -> None:
    found = graph("ln(x)*x", {"x": 2}, numbers="exact")
    assert vertices(found)[1] == ["v1 = ln(x)", "= ln(2) ≈ 0.693147", f"v{BAR}1 = 2"]
    assert [said(e)[1] for e in found.edges] == ["← 1", "← 2", "← ≈ 0.693147"]


def test_decimals_and_digits_are_those_asked_for() -> None:
    report = traced("x/3", {"x": 2})
    assert vertices(graph_of(report, Digits(3)))[1] == ["f = x/3", "≈ 0.667", "f̄ = 1"]
    assert vertices(graph_of(report, Digits(decimals=2)))[1][1] == "≈ 0.67"


# -- networks


def test_a_neuron_stands_for_z_and_a_and_an_edge_for_its_weight() -> None:
    found = graph(SAMPLES / "two-two-one.yaml")
    assert vertices(found)[2] == [
        "h1", "a1 = 1.36688", "h1 ≈ 0.796876", "∂h1/∂a1 ≈ 0.161865", "∂y/∂h1 ≈ 0.356446", "∂y/∂a1 ≈ 0.0576961", "b1 = 0",
        "∂y/∂b1 ≈ 0.0576961",
    ]  # fmt: skip
    assert found.vertices[2].covers == ("a1", "h1", "b1")
    assert [v.sign for v in found.vertices] == ["", "", "σ", "σ", "σ"]
    assert [v.column for v in found.vertices] == [0, 0, 1, 1, 2]
    assert found.titles == ("inputs", "layer 1", "layer 2")
    first = found.edges[0]
    assert said(first) == ("w1 = 1.76", "∂y/∂w1 ≈ 0.0512341")
    assert first.names == ("w1",)
    assert first.covers == (("a1", "x1"), ("a1", "w1"))


def test_mazur_has_its_losses_and_tells_of_shared_biases() -> None:
    found = graph(SAMPLES / "mazur-2-2-2.yaml")
    assert found.titles == ("inputs", "layer 1", "layer 2", "loss, by output", "loss")
    assert vertices(found)[-1] == ["E_total = E_o1 + E_o2", "≈ 0.298371", "∂E_total/∂E_total = 1"]
    assert ("out_o1", "E_o1") in [pair[::-1] for e in found.edges for pair in e.covers]
    assert "b1, b2 are parameters that stand in several places each" in found.notes[0]


def test_softmax_has_two_columns_since_each_a_depends_on_each_z() -> None:
    found = graph(SAMPLES / "softmax-classifier.yaml")
    assert found.titles == ("inputs", "layer 1: z", "layer 1: a", "loss")
    assert [v.sign for v in found.vertices] == ["", "", "Σ", "Σ", "Σ", "softmax", "softmax", "softmax", ""]
    assert sum(1 for e in found.edges if e.kind == "use") == 9 + 1


def test_skip_connections_stand_beside_the_weights() -> None:
    found = graph(SAMPLES / "residual.yaml")
    skips = [(source, target, label) for source, target, kind, label, _ in edges(found) if kind == "skip"]
    assert len(skips) == 6
    assert all(label == "1" for _, _, label in skips)


def test_one_row_of_several_is_shown_and_all_are_found() -> None:
    report = traced(SAMPLES / "xor.yaml")
    first, third = graph_of(report, Digits()), graph_of(report, Digits(), row=3)
    assert vertices(first)[0] == ["x1_s1", "= 0"]
    assert vertices(third)[0] == ["x1_s3", "= 1"]
    assert first.vertices[0].covers == ("x1_s1", "x1_s2", "x1_s3", "x1_s4") == third.vertices[0].covers
    assert "Of 4 rows of data row 3 is shown" in third.notes[0]
    weight = next(e for e in first.edges if e.names == ("w1",))
    assert said(weight) == said(next(e for e in third.edges if e.names == ("w1",)))


CLASSES = """
inputs: [x1, x2]
targets: [klasse]
data: [{x1: 1, x2: 2, klasse: 3}, {x1: 0, x2: 2, klasse: 1}, {x1: 1, x2: 1, klasse: 3}]
layers:
  - units: UNITS
    init: {scheme: xavier, random_seed: 1}
    activation: softmax
loss: cross_entropy
"""


@pytest.mark.parametrize("units", [3, 12])
@pytest.mark.parametrize(("row", "chosen"), [(1, "a1_3_s1"), (2, "a1_1_s1"), (3, "a1_3_s1")])
def test_the_loss_of_a_row_hangs_on_the_class_of_that_row_alone(tmp_path: Path, units: int, row: int, chosen: str) -> None:
    path = tmp_path / "classes.yaml"
    path.write_text(CLASSES.replace("UNITS", str(units)), encoding="utf-8")
    report = traced(path)
    found = graph_of(report, Digits(), row=row)
    into = [(source, kind) for source, target, kind, _, _ in edges(found) if target == "L_s1"]  # vertices go by their first row
    assert into == [(chosen, "use")]


def test_batch_normalisation_stands_in_its_neuron() -> None:
    lines = vertices(graph(SAMPLES / "batchnorm.yaml"))[2]
    shown = [line.split(" ")[0] for line in lines[1:7]]
    assert shown == ["z1_1_s1", "mu1_1", "var1_1", "n1_1_s1", "y1_1_s1", "a1_1_s1"]
    assert any(line.startswith("gamma1_1") for line in lines)


def test_a_large_network_is_drawn_layer_by_layer_and_says_so() -> None:
    found = graph(SAMPLES / "deep-sigmoid.yaml")
    assert len(found.vertices) == 22
    assert found.direction == "down"
    assert vertices(found)[1][:3] == [
        "layer 1", "4 neurons, σ, 16 weights", "a1_1 … a1_4: 0.309745, 0.549022, 0.215521, 0.111911",
    ]  # fmt: skip
    assert found.notes[0] == (
        "80 neurons and 320 weights are too many to be drawn one by one (more than 150 lines): a vertex stands for a layer."
    )


WIDE = """
inputs: [{inputs}]
layers:
  - units: {units}
    init: {{scheme: xavier, random_seed: 1}}
    activation: tanh
  - units: 1
    init: {{scheme: xavier, random_seed: 2}}
targets: [1]
loss: squared_error
"""


def wide(tmp_path: Path, inputs: int, units: int) -> Path:
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE.format(inputs=", ".join(["0.5"] * inputs), units=units), encoding="utf-8")
    return path


@pytest.mark.parametrize(("inputs", "units"), [(2, 7), (9, 3), (12, 20), (60, 20)])
def test_of_a_wide_layer_the_first_neurons_and_the_last_are_shown(tmp_path: Path, inputs: int, units: int) -> None:
    found = graph(wide(tmp_path, inputs, units))
    assert found.direction == "right"
    for column, size, what in ((0, inputs, "input"), (1, units, "neuron")):
        members = [v for v in found.vertices if v.column == column]
        assert len(members) == min(size, 6)
        if size > 6:
            assert NOTATION.math(members[4].label) == f"⋮  {size - 5} {what}s more"
    grey = [e for e in found.edges if e.kind == "summary"]
    assert all(e.label is None for e in grey)
    assert "Of a layer of more than 6 neurons the first ones and the last one are shown" in found.notes[0]
    _goes_forward(found)


# -- every step has its place, with its figures


@pytest.mark.parametrize("level", ["operation", "neuron"])
@pytest.mark.parametrize("path", SMALL, ids=names)
def test_every_step_of_the_tables_is_found_with_its_figures(path: Path, level: str) -> None:
    """A page that steps through the trace finds the vertex or edge of each row, and there the figures of the row."""
    report = traced(path, level=level)
    found = graph_of(report, Digits())
    _goes_forward(found)
    for kind, line in _steps(report):
        statement, *target = line.about
        inside = [v for v in found.vertices if {*line.about} <= {*v.covers}]
        across = [e for e in found.edges if tuple(line.about) in e.covers or (not target and statement in e.names)]
        assert inside or across, line.about
        if statement.endswith(("_s2", "_s3", "_s4")) and level == "neuron":
            continue  # of another row of data
        if any(v.shape == "summary" for v in inside):
            continue
        if kind == "forward":
            value = NOTATION.math(line.cells[2]) if line.cells[2] is not None else ""
            texts = [NOTATION.math(f.math) for v in inside for f in v.figures]
            texts += [said(e)[0] for e in across]
            if inside and inside[0].shape != "neuron":
                assert value in texts
            else:
                assert any(text.endswith(value) for text in texts), (statement, value, texts)
        elif target and not inside and across[0].kind in ("use", "skip") and across[0].contribution is not None:
            number = NOTATION.math(line.cells[4]).removeprefix("= ")
            assert f"← {number}" in [said(e)[1] for e in across]


def _steps(report: Report) -> list[tuple[str, Row]]:
    sections = trace_document(report, Digits()).sections
    return [(s.kind, row) for s in sections if s.kind in ("forward", "reverse") for row in s.rows() if row.about]


@pytest.mark.parametrize("path", ALL, ids=names)
def test_a_graph_is_always_the_same(path: Path) -> None:
    assert vertices(graph(path)) == vertices(graph(path))


def _goes_forward(graph: Graph) -> None:
    """Edges lead to later vertices, and vertices of given columns to later columns."""
    for edge in graph.edges:
        assert edge.source < edge.target
        if graph.columns is not None:
            assert graph.columns[edge.source] < graph.columns[edge.target]
    assert all(a <= b for a, b in pairwise(graph.columns or ()))
