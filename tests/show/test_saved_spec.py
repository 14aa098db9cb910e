"""A model written as a spec and read back: the same definitions, the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

import wengert
from tests.programs import Program, model, programs
from tests.sweep.test_training import networks
from wengert import pipeline
from wengert.lang.model import Model
from wengert.lang.options import override
from wengert.lang.spec import read_spec
from wengert.show.notation import language
from wengert.show.saved_spec import spec_text
from wengert.sweep.arithmetics import Float
from wengert.sweep.evaluate import evaluate
from wengert.sweep.rules import Rules
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(wengert.__file__).parents[1] / "samples"


def same(m: Model, again: Model) -> None:
    """The two models define the same things by the same expressions, and have the same values."""
    assert [x.name for x in again.inputs] == [x.name for x in m.inputs]
    assert [x.role for x in again.inputs] == [x.role for x in m.inputs]
    written = [[(d.name, d.kind, d.layer, d.row, language(x.nodes, d.root)) for d in x.definitions] for x in (m, again)]
    assert written[0] == written[1]
    assert (again.outputs, again.wrt, again.form, again.frozen) == (m.outputs, m.wrt, m.form, m.frozen)
    assert (again.title, again.source, again.note) == (m.title, m.source, m.note)
    assert run(lower(again)).values == run(lower(m)).values


def again(m: Model) -> Model:
    return read_spec(spec_text(m, {}, remark="a remark"), None, VOCABULARY)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_samples(path: Path) -> None:
    m = pipeline.load(path)
    same(m, again(m))


@settings(max_examples=60)
@given(networks())
def test_random_networks(spec: str) -> None:
    m = read_spec(spec, None, VOCABULARY)
    same(m, again(m))


@settings(max_examples=40)
@given(programs())
def test_random_programs(program: Program) -> None:
    m = model(program.text, program.point, form="program")
    same(m, again(m))


NETWORKS = {
    "names that YAML could mistake": "inputs: {no: 1, on: 2}\nparameters: {'null': 0.5, y: -1}\nlayers:\n"
    "  - {weights: [['null', y]], pre: on_z, post: out}\nwrt: 'null'\ntitle: 'a: b # c \"d\"'\nnote: '- e'\n",
    "a title of signs that nobody sees": 'title: "a\\u2028b\\x7f\\t\\u200e \\U0001F600\\x85 é"\n'
    "inputs: [1]\nlayers: [{weights: [[2]]}]\n",
    "a formula of a loss": "inputs: [x1]\ndata: [{x1: 1, t: 2}, {x1: -1, t: 0}]\ntargets: t\nlayers:\n"
    "  - {weights: [[0.5]], post: y, activation: 'where(x > 0, x, log(2, 3)*x)'}\nloss: '(y - t)**2 + 0.1*W1_1_1**2'\n",
    "a class number in rows": "inputs: [t, u]\ndata: [{t: 1, u: 2, c: 1}, {t: 0, u: 1, c: 2}]\ntargets: [c]\nlayers:\n"
    "  - {units: 2, activation: softmax}\nloss: {kind: cross_entropy, form: stable, reduction: sum}\n",
    "a class number": "inputs: [0.5, -1]\nlayers:\n  - {units: 3, activation: softmax}\ntargets: [3]\nloss: cross_entropy\n",
    "huber, parts and a name": "inputs: {x: 1/3}\nlayers:\n  - {weights: [[2], [sqrt(2)/2]], bias: [0.1, -.5]}\n"
    "targets: [1, 2]\nloss: {kind: huber, delta: 1/2, name: E, parts: [p1, p2]}\nrate: 1/3\nfrozen: [W1_1_1]\n",
    "names of layers, repeated": "inputs: {a: 1, b: 2}\nlayers:\n  - {name: first, units: 2, repeat: 3, activation: tanh}\n"
    "  - {units: 2, skip: first, activation: [relu, sigmoid]}\n  - {units: 2, skip: input}\n  - {weights: [[1, 1]], post: f}\n",
    "a layer of batchnorm alone": "inputs: [x]\ndata: [{x: 1, t: 2}, {x: -1, t: 0}, {x: 3, t: 1}]\ntargets: [t]\nlayers:\n"
    "  - {batchnorm: {epsilon: 1e-3, gamma: 2, beta: 0.5}, activation: relu}\n  - {weights: [[1]], post: y}\nloss: mse\n",
    "one row of data": "inputs: [x]\ndata: [{x: 1, t: 2}]\ntargets: [t]\nlayers:\n  - {weights: [[w]]}\n"
    "parameters: {w: 2, unused: 1}\nloss: mse\noutput: z1_1\n",
    "an activation that is a parameter": "inputs: {x: 1}\nparameters: {w: 2, s: 3}\nlayers:\n"
    "  - {weights: [[w]], activation: s*tanh(x)}\n  - {weights: [[w]], activation: (s)}\nseed: {w: 1}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_networks(name: str) -> None:
    m = read_spec(NETWORKS[name], None, VOCABULARY)
    same(m, again(m))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("x**2 + |y|", ["x=pi/4", "y=-1e-3"]),
        ("e = x**2; e*x", ["x=0.10"]),
        ("e*x", ["x=2", "e=3"]),
        ("a = where(x > 0, x, -x); b = -(a*x) - (a - (x - 1))", ["x=-.5"]),
        ("2^-x + (x/3)/2 - x/(3/2)", ["x=1/3"]),
    ],
)
def test_formulas(text: str, at: list[str]) -> None:
    m = override(pipeline.load(text, {a.partition("=")[0] for a in at}), VOCABULARY, at=at)
    same(m, again(m))


def test_values_have_all_digits() -> None:
    m = pipeline.load(SAMPLES / "mazur-2-2-2.yaml")
    values = {"w1": 0.1 + 0.2, "w2": -1e-17, "w3": 1.7976931348623157e308, "w4": 5e-324, "w5": -0.0, "w6": 1e22}
    read = read_spec(spec_text(m, values, 0.25), None, VOCABULARY)
    found = {x.name: x for x in read.inputs}
    for name, value in values.items():
        root = found[name].value
        assert root is not None
        assert repr(evaluate(read.nodes, root, Rules(Float()), lambda _: None)) == repr(value)
    assert read.rate is not None
    assert language(read.nodes, read.rate) == "0.25"


@pytest.mark.parametrize(
    ("data", "targets", "written"),
    [
        ("inputs: [x]\ndata: [{x: 1, klasse: 2}, {x: 0, klasse: 1}]", "[klasse]", ["targets: [klasse]", "{x: 1, klasse: 2}"]),
        ("inputs: [x]\ndata: rows.csv", "label", ["targets: [label]", "{x: 1, label: 2}", "{x: 0, label: 1}"]),
        ("inputs: [x]\ndata: [{x: 1, klasse: 2}]", "klasse", ["targets: {klasse: 2}"]),
        ("inputs: {x: 1}", "{klasse: 2}", ["targets: {klasse: 2}"]),
        ("inputs: {x: 1}", "[2]", ["targets: [2]"]),
    ],
)
def test_class_numbers_keep_their_name(tmp_path: Path, data: str, targets: str, written: list[str]) -> None:
    (tmp_path / "rows.csv").write_text("x,label\n1,2\n0,1\n")
    layer = "layers: [{weights: [[w], [v]], activation: softmax}]\nparameters: {w: 1, v: 2}"
    path = tmp_path / "net.yaml"
    path.write_text(f"{data}\n{layer}\ntargets: {targets}\nloss: cross_entropy\n")
    m = pipeline.load(path)
    text = spec_text(m, {})
    assert [part for part in written if part not in text] == []
    same(m, again(m))
