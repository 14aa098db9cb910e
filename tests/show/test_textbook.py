"""The derivation as a textbook has it: every line of it has the derivative's value, and reads as a person would write it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import wengert
from wengert import pipeline
from wengert.cli.run import run
from wengert.report import Report
from wengert.show import text
from wengert.show.document import Derivative, Document, Formula, Math, Number, Product, Sum
from wengert.show.look import Look
from wengert.show.textbook import PRIME, _Book, _Line, textbook_sections
from wengert.sweep.arithmetics import Float
from wengert.sweep.evaluate import evaluate
from wengert.sweep.rules import Rules
from wengert.tape.primitives import SYMBOLS

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
RULES = Rules(Float())
DEEP = """inputs: {{x1: 0.5, x2: -1}}
layers:
  - {{units: 2, init: {{scheme: xavier, random_seed: 3}}, activation: {first}}}
  - {{units: 2, init: {{scheme: xavier, random_seed: 4}}, activation: {second}}}
targets: [{targets}]
loss: {loss}
"""
SHARED_BIAS = """inputs: {{x1: 1, x2: 0.5}}
parameters: {{w: 0.3, b: -0.1}}
layers: [{{weights: [[w, 0.5], [0.1, -0.2]], bias: [b, b], activation: softmax}}]
targets: [{targets}]
loss: cross_entropy
"""
NETWORKS = [
    ("tanh", "sigmoid", "1, 0", "binary_cross_entropy"),
    ("sigmoid", "softmax", "1, 0", "cross_entropy"),
    ("sigmoid", "softmax", "0.3, 0.9", "cross_entropy"),
    ("gelu", "softmax", "2", "cross_entropy"),
    ("relu", "identity", "1, 0", "half_squared_error"),
    ("leaky_relu", "tanh", "1, 0", "mse"),
    ("softplus", "sigmoid", "1, 0", "{kind: binary_cross_entropy, form: stable}"),
]


class Reckoner:
    """Works a printed line out, with the numbers of the trace."""

    def __init__(self, report: Report) -> None:
        assert report.trace is not None
        self.report, self.values = report, report.trace.values
        self.steps = report.steps_at("neuron")
        self.partials = report.trace.columns.partials

    def of(self, m: Math) -> float:
        if isinstance(m, Product):
            return math.prod(map(self.of, m.factors))
        if isinstance(m, Sum):
            return math.fsum(map(self.of, m.terms))
        if isinstance(m, Number):
            return float(m.text)
        if isinstance(m, Derivative):
            slots = self.report.list.slots
            step = self.steps.at(slots[m.of])
            link = next(k for k in step.links if k.source == slots[m.wrt[0]])
            return float(self.steps.partial_value(step, link, self.partials))
        assert isinstance(m, Formula)
        operation = m.nodes.operation(m.root)
        if operation.endswith(PRIME):
            values = [self.of(Formula(m.nodes, a)) for a in m.nodes.arguments(m.root)]
            name = operation.removesuffix(PRIME)
            values += [float(t) for _, t in self.defaults(name)[len(values) - 1 :]]
            return float(RULES.partial(name, 0)(values, RULES.value(name)(values, None, 0), 0))
        return float(evaluate(m.nodes, m.root, RULES, self.named))

    def named(self, name: str) -> float:
        slot = self.report.list.slots.get(name)
        return math.pi if slot is None and name == "pi" else float(self.values[self.report.list.slots[name]])

    @staticmethod
    def defaults(name: str) -> Any:
        from wengert.tape.primitives import PRIMITIVES

        return PRIMITIVES[name].defaults


def check(report: Report) -> int:
    """Every line of every derivation against the adjoints; how many lines there were."""
    book, reckoner, lines = _Book(report), Reckoner(report), 0
    for of, wrt in report.pairs:
        target = book.target(of)
        paths = book.paths(target, wrt)
        if isinstance(paths, str):
            continue
        assert report.trace is not None
        derived = pipeline.trace(report.model, of=[target], verify=False).trace
        assert derived is not None
        for line, why in book.lines(target, wrt, paths):
            assert reckoner.of(line.math) == pytest.approx(derived.derivative(target, wrt), rel=1e-9, abs=1e-15), (wrt, why)
            if line.formula is not None:
                assert book._same(target, wrt, line.formula) is not False, (wrt, why)
            lines += 1
    return lines


@pytest.mark.parametrize("sample", ["two-two-one", "xor", "softmax-classifier", "mazur-2-2-2", "residual", "batchnorm"])
def test_every_line_of_a_sample(sample: str) -> None:
    assert check(pipeline.trace(SAMPLES / f"{sample}.yaml", verify=False)) > 10


@pytest.mark.parametrize(("first", "second", "targets", "loss"), NETWORKS)
def test_every_line_of_a_network(tmp_path: Path, first: str, second: str, targets: str, loss: str) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(DEEP.format(first=first, second=second, targets=targets, loss=loss))
    assert check(pipeline.trace(path, verify=False)) > 20


def shown(report: Report) -> list[str]:
    sections = tuple(textbook_sections(report))
    return "".join(text.render(Document(None, (), sections), Look(symbols=SYMBOLS))).splitlines()


def test_the_lecture_note() -> None:
    lines = shown(pipeline.diff(SAMPLES / "two-two-one.yaml", wrt=["w1"], budget=100))
    assert lines[0] == "The derivative of y with respect to w1, step by step"
    found = [line.split("=", 1)[1].strip() for line in lines if "   =   " in line]
    assert [" ".join(line.split()) for line in found] == [
        "∂y/∂a3 · ∂a3/∂h1 · ∂h1/∂a1 · ∂a1/∂w1 chain rule",
        "σ′(a3) · w5 · σ′(a1) · x1 local partials",
        "y·(1 − y)·w5·h1·(1 − h1)·x1 slopes written out proved",
    ]


def test_several_paths_have_a_bracket() -> None:
    lines = "\n".join(shown(pipeline.diff(SAMPLES / "mazur-2-2-2.yaml", wrt=["w1"], verify=False)))
    assert "((out_o1 − t1) · σ′(net_o1) · w5 + (out_o2 − t2) · σ′(net_o2) · w7) · σ′(net_h1) · i1" in lines


def test_loss_and_activation_together() -> None:
    lines = "\n".join(shown(pipeline.diff(SAMPLES / "xor.yaml", wrt=["w1"], verify=False)))
    assert "(y_s1 − t_s1)·v1·(1 − h1_s1²)·x1_s1" in lines
    assert "derived here is row 1, L_s1" in lines


def test_what_is_left_out_is_said() -> None:
    lines = "\n".join(shown(pipeline.diff(SAMPLES / "residual.yaml", verify=False)))
    assert "24 derivatives are asked for; the first 12" in lines
    assert "More than 8 paths lead to L from W1_1_1, W1_1_2" in lines


def test_no_network_no_derivation() -> None:
    assert textbook_sections(pipeline.diff("a = x*y; f = sin(a)", verify=False)) == []
    assert textbook_sections(pipeline.diff(SAMPLES / "two-two-one.yaml", level="operation", verify=False)) == []


def test_a_wrong_line_fails() -> None:
    report = pipeline.diff(SAMPLES / "two-two-one.yaml", wrt=["w1"], verify=False)
    book = _Book(report)
    paths = book.paths("y", "w1")
    assert not isinstance(paths, str)
    *_, (line, _) = book.lines("y", "w1", paths)
    assert line.formula is not None
    nodes, root = line.formula.nodes, line.formula.root
    assert book._same("y", "w1", line.formula) is True
    assert book._same("y", "w1", Formula(nodes, nodes.call("neg", [root]))) is False


def test_a_line_that_fails_fails_the_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the derivatives' own verdicts: its values are told, and the exit status is 1."""
    right = _Book._simplified

    def wrong(book: _Book, line: _Line) -> _Line | None:
        made = right(book, line)
        assert made is not None
        assert made.formula is not None
        nodes, root = made.formula.nodes, made.formula.root
        negative = Formula(nodes, nodes.call("neg", [root]))
        return _Line(negative, negative)

    arguments = ["diff", str(SAMPLES / "two-two-one.yaml"), "--wrt", "w1"]
    assert run(arguments) == 0
    assert "failed" not in capsys.readouterr().out
    monkeypatch.setattr(_Book, "_simplified", wrong)
    monkeypatch.setattr("wengert.show.textbook._printed", lambda line: "")
    assert run(arguments) == 1
    told = capsys.readouterr().out
    assert "failed" in told
    assert "The derivation of y by w1 failed: its last line comes to −" in told
    assert run([*arguments, "--only", "gradient", "-f", "html"]) == 1
    assert run([*arguments, "--only", "reverse"]) == 0  # there it does not stand
    assert run([*arguments, "--no-verify"]) == 0


@pytest.mark.parametrize("targets", ["0.5, 0.7", "0.3, 0.7", "2"])
def test_a_derivative_that_is_0_agrees(tmp_path: Path, targets: str) -> None:
    """A bias that all of a softmax's neurons share moves nothing: in 60 digits rounding leaves something of the 0."""
    path = tmp_path / "net.yaml"
    path.write_text(SHARED_BIAS.format(targets=targets))
    report = pipeline.diff(path, wrt=["b"], verify=False)
    book = _Book(report)
    paths = book.paths("L", "b")
    assert not isinstance(paths, str)
    *_, (line, _) = book.lines("L", "b", paths)
    assert line.formula is not None
    nodes, root = line.formula.nodes, line.formula.root
    assert book._same("L", "b", line.formula) is True
    assert book._same("L", "b", Formula(nodes, nodes.call("add", [root, nodes.name("a1_1")]))) is False


@pytest.mark.parametrize("activation", ["acosh", "sqrt(x - 1)", "ln(x - 3)", "sqrt(-x)"])
def test_a_derivation_is_compared_where_the_activation_has_a_value(
    activation: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(
        "inputs: {x1: 4, x2: 5}\nparameters: {w1: 1.76, w2: 0.4}\n"
        f'layers: [{{weights: [[w1, w2]], activation: "{activation}", pre: [a1], post: [y]}}]\n'
    )
    assert run(["diff", str(spec), "--wrt", "w1"]) == 0
    assert "unchecked" not in capsys.readouterr().out
