"""What a network is made of: initial weights, files of data, names of rows, the shape that the model carries, the schema."""

from __future__ import annotations

import json
import os
from math import sqrt
from pathlib import Path

import pytest

from wengert import pipeline
from wengert.cli.run import run
from wengert.errors import SpecError
from wengert.lang import keys
from wengert.lang import loss as losses
from wengert.lang.model import Kind, Model, Role
from wengert.lang.neurons import Neurons
from wengert.lang.options import override
from wengert.lang.schema import schema
from wengert.lang.shape import Activation
from wengert.lang.spec import read_spec
from wengert.show.notation import language
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(__file__).parent.parent.parent / "samples"


def network(text: str) -> Model:
    model = read_spec(text, "f.yaml", VOCABULARY)
    lower(model)
    return model


def written(model: Model) -> dict[str, str]:
    return {d.name: language(model.nodes, d.root) for d in model.definitions}


def given(model: Model, role: Role = Role.PARAMETER) -> dict[str, str | None]:
    return {x.name: None if x.value is None else language(model.nodes, x.value) for x in model.inputs if x.role is role}


# -- initial weights


def test_units_have_weights_as_literals() -> None:
    layers = "  - {units: 3, init: {scheme: xavier, random_seed: 7}, activation: relu}\n  - units: 1\n"
    model = network("inputs: [1, 2]\nlayers:\n" + layers)
    values = given(model)
    assert list(values) == [*(f"W1_{i}_{j}" for i in (1, 2, 3) for j in (1, 2)), "b1_1", "b1_2", "b1_3",
                            "W2_1_1", "W2_1_2", "W2_1_3", "b2_1"]  # fmt: skip
    assert values["b1_1"] == "0"
    assert all(len(v.lstrip("-0.").replace(".", "")) <= 6 for v in values.values() if v is not None)
    assert model.assumptions == (
        "weights of layer 1: Glorot & Bengio 2010, uniform in ±sqrt(6/(2 + 3)), random_seed 7; biases 0",
        "weights of layer 2: Glorot & Bengio 2010, uniform in ±sqrt(6/(3 + 1)), random_seed 1; biases 0",
    )


FIRST = {"xavier": ["-0.00610105", "-0.84604", "-0.711118"], "he": ["0.935969", "0.970198", "-1.02243"]}


def test_the_generator_stays_as_it_is() -> None:
    """These figures are part of what a spec means: they must not change from version to version."""
    def first(init: str) -> list[str | None]:
        return list(given(network(f"inputs: [1]\nlayers:\n  - {{units: 3, init: {init}}}\n")).values())[:3]

    assert first("{scheme: xavier, random_seed: 1}") == FIRST["xavier"]
    assert first("{scheme: he, random_seed: 1}") == FIRST["he"]
    assert first("{scheme: zeros}") == ["0", "0", "0"]
    assert first("{scheme: constant, value: 1/3}") == ["1/3", "1/3", "1/3"]
    assert first("{scheme: glorot}") == FIRST["xavier"]
    assert first("kaiming") == FIRST["he"]


SCHEMES = [
    # (init, mean, variance, largest size), for 60 inputs and 100 units
    ("{scheme: xavier, random_seed: 3}", 0.0, 2 / 160, sqrt(6 / 160)),
    ("{scheme: xavier, distribution: normal, random_seed: 3}", 0.0, 2 / 160, None),
    ("{scheme: he, random_seed: 3}", 0.0, 2 / 60, None),
    ("{scheme: he, distribution: uniform, random_seed: 3}", 0.0, 2 / 60, sqrt(6 / 60)),
    ("{scheme: normal, std: 0.5}", 0.0, 0.25, None),
    ("{scheme: uniform, low: 1/2, high: 2}", 1.25, 1.5**2 / 12, 2.0),
]


@pytest.mark.parametrize(("init", "mean", "variance", "most"), SCHEMES)
def test_variance_as_published(init: str, mean: float, variance: float, most: float | None) -> None:
    ones = ", ".join(["1"] * 60)
    model = network(f"inputs: [{ones}]\nlayers:\n  - {{units: 100, init: {init}}}\n")
    values = [float(v) for name, v in given(model).items() if name[0] == "W" and v is not None]
    assert len(values) == 6000
    average = sum(values) / 6000
    assert average == pytest.approx(mean, abs=4 * sqrt(variance / 6000))
    assert sum((v - average) ** 2 for v in values) / 6000 == pytest.approx(variance, rel=0.08)
    if most is not None:
        assert 0.98 * most < max(map(abs, values)) <= most


def test_repetitions_differ_and_seeds_repeat() -> None:
    text = "inputs: [1, 2]\nlayers:\n  - {units: 2, init: {scheme: he, random_seed: 5}, repeat: 3}\n"
    values = given(network(text))
    assert values == given(network(text))
    assert len({values[f"W{n}_1_1"] for n in (1, 2, 3)}) == 3
    assert network(text).assumptions == (
        "weights of layers 1 to 3: He et al. 2015, normal with variance 2/2, random_seed 5; biases 0",
    )


# -- rows of data

CSV = "inputs: [x1, x2]\ndata: {}\ntargets: [t]\nlayers:\n  - {{weights: [[1, 2]], pre: y, post: y}}\nloss: squared_error\n"


def test_a_file_of_rows(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "rows.csv").write_bytes(b'\xef\xbb\xbft,x1, x2,more\r\n1,1/3,"sqrt(2)/2",5\r\n\r\n0,-2,1e-3,6\r\n')
    spec = tmp_path / "net.yaml"
    spec.write_text(CSV.format("below/rows.csv"), encoding="utf-8")
    model = pipeline.load(spec)
    assert given(model, Role.INPUT) == {"x1_s1": "1/3", "x2_s1": "sqrt(2)/2", "x1_s2": "-2", "x2_s2": "1e-3"}
    assert given(model, Role.TARGET) == {"t_s1": "1", "t_s2": "0"}
    assert written(model) == {
        "y_s1": "W1_1_1*x1_s1 + W1_1_2*x2_s1", "y_s2": "W1_1_1*x1_s2 + W1_1_2*x2_s2",
        "L_s1": "(y_s1 - t_s1)**2", "L_s2": "(y_s2 - t_s2)**2", "L": "mean(L_s1, L_s2)",
    }  # fmt: skip
    assert model.warnings == ("nothing uses the column more of below/rows.csv",)
    swept = pipeline.trace(spec, verify=False).trace
    assert swept is not None
    assert swept.derivative("L", "W1_1_1") != 0


@pytest.mark.parametrize(("stored", "asked"), [
    ("caf\u00e9.csv", "cafe\u0301.csv"), ("cafe\u0301.csv", "caf\u00e9.csv"), ("Zeilen 1 und 2.csv", "Zeilen 1 und 2.csv"),
    ("ROWS.CSV", "ROWS.CSV"), ("below/caf\u00e9.csv", "below/cafe\u0301.csv"),
])  # fmt: skip
def test_the_name_of_a_file_of_rows(stored: str, asked: str, tmp_path: Path) -> None:
    """é is one letter, whichever way a system or an editor writes it."""
    (tmp_path / "below").mkdir()
    (tmp_path / stored).write_text("x1,x2,t\n1,2,3\n", encoding="utf-8")
    spec = tmp_path / "net.yaml"
    spec.write_text(CSV.format(asked), encoding="utf-8")
    assert given(pipeline.load(spec), Role.INPUT) == {"x1": "1", "x2": "2"}


def test_a_backslash_parts_no_folders(tmp_path: Path) -> None:
    """On Windows it would; a spec is read alike everywhere."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "rows.csv").write_text("x1,x2,t\n1,2,3\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_spec(CSV.format("below\\rows.csv"), "f.yaml", VOCABULARY, (), tmp_path)
    assert caught.value.hint == "folders are parted by / on every system: below/rows.csv"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_of_any_system(end: str, mark: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes((mark + end.join(["x1,x2,t", "1,2,3", "4,5,6"]) + end).encode())
    spec = tmp_path / "net.yaml"
    spec.write_bytes((mark + CSV.format("rows.csv").replace("\n", end)).encode())
    assert given(pipeline.load(spec), Role.INPUT) == {"x1_s1": "1", "x2_s1": "2", "x1_s2": "4", "x2_s2": "5"}


def test_no_link_leads_out_and_no_device_is_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.csv").write_text("x1,x2,t\n1,2,3\n", encoding="utf-8")
    (home / "rows.csv").write_text("x1,x2,t\n1,2,3\n", encoding="utf-8")
    os.symlink(tmp_path / "secret.csv", home / "link.csv")
    os.symlink(tmp_path, home / "up")
    os.symlink("/dev/zero", home / "zero.csv")
    os.symlink("rows.csv", home / "inside.csv")
    os.mkfifo(home / "pipe.csv")
    refused = ["link.csv", "up/secret.csv", "zero.csv", "pipe.csv", "C:/rows.csv", "..\\secret.csv", "\\\\host\\share",
               "'a\\0b'", str(tmp_path / "secret.csv"), "home/../../secret.csv"]  # fmt: skip
    for name in refused:
        with pytest.raises(SpecError):
            read_spec(CSV.format(name), "f.yaml", VOCABULARY, (), home)
    assert read_spec(CSV.format("inside.csv"), "f.yaml", VOCABULARY, (), home).network is not None
    with pytest.raises(SpecError, match="no folder"):
        read_spec(CSV.format("rows.csv"), "standard input", VOCABULARY)


def test_one_row_has_no_suffix() -> None:
    model = network("inputs: [x]\ndata: [{x: 3, t: 1}]\ntargets: t\nlayers:\n  - {weights: [[2]]}\nloss: mse\n")
    assert [x.name for x in model.inputs] == ["x", "W1_1_1", "t"]
    assert model.network is not None
    assert model.network.rows == 1


def test_values_of_rows_can_be_given_elsewhere() -> None:
    model = network("inputs: [x]\ndata: [{x: 3}, {x: 4}]\nlayers:\n  - {weights: [[2]]}\nloss: a1_1\n")
    moved = override(model, VOCABULARY, at=["x_s2=10,W1_1_1=3"])
    assert given(moved, Role.INPUT) == {"x_s1": "3", "x_s2": "10"}
    assert moved.network == model.network


def test_parts_and_names_of_rows() -> None:
    model = network(
        "inputs: [x]\ndata: [{x: 3, t: 1, s: 2}, {x: 4, t: 1, s: 0}]\ntargets: [t, s]\n"
        "layers:\n  - {weights: [[2], [3]], pre: [p, q], post: [p, q]}\n"
        "loss: {kind: half_squared_error, name: E, parts: [E1, E2], reduction: sum}\n"
    )
    assert list(written(model).items())[4:] == [
        ("E1_s1", "(p_s1 - t_s1)**2/2"), ("E2_s1", "(q_s1 - s_s1)**2/2"), ("E_s1", "E1_s1 + E2_s1"),
        ("E1_s2", "(p_s2 - t_s2)**2/2"), ("E2_s2", "(q_s2 - s_s2)**2/2"), ("E_s2", "E1_s2 + E2_s2"), ("E", "sum(E_s1, E_s2)"),
    ]  # fmt: skip
    assert [d.kind for d in model.definitions][4:] == [Kind.PART, Kind.PART, Kind.ROW] * 2 + [Kind.LOSS]
    assert [d.row for d in model.definitions] == [1, 1, 2, 2, 1, 1, 1, 2, 2, 2, None]


# -- losses of one row

TWO = "inputs: [1]\nlayers:\n  - {weights: [[2], [3]], activation: ACT, post: [p, q]}\n"
LOSSES = [
    # (activation, targets, loss, what it is written as)
    ("tanh", "[1, 0]", "absolute_error", "abs(p - t1) + abs(q - t2)"),
    ("tanh", "[1, 0]", "{kind: huber, delta: 1/2}",
     "where(abs(p - t1) <= 1/2, (p - t1)**2/2, 1/2*(abs(p - t1) - 1/2/2)) + "
     "where(abs(q - t2) <= 1/2, (q - t2)**2/2, 1/2*(abs(q - t2) - 1/2/2))"),
    ("tanh", "[1, -1]", "hinge", "max(0, 1 - t1*p) + max(0, 1 - t2*q)"),
    ("sigmoid", "[1, 0]", "binary_cross_entropy", "-(t1*ln(p) + (1 - t1)*ln(1 - p) + (t2*ln(q) + (1 - t2)*ln(1 - q)))"),
    ("sigmoid", "[1, 0]", "{kind: binary_cross_entropy, form: stable}",
     "softplus(z1_1) - t1*z1_1 + (softplus(z1_2) - t2*z1_2)"),
    ("softmax", "[1, 0]", "cross_entropy", "-(t1*ln(p) + t2*ln(q))"),
    ("softmax", "[1, 0]", "{kind: cross_entropy, form: stable}",
     "t1*(logsumexp(z1_1, z1_2) - z1_1) + t2*(logsumexp(z1_1, z1_2) - z1_2)"),
    ("softmax", "[2]", "cross_entropy", "-ln(q)"),
    ("softmax", "{c: 2}", "{kind: cross_entropy, form: stable}", "logsumexp(z1_1, z1_2) - z1_2"),
]  # fmt: skip


@pytest.mark.parametrize(("activation", "targets", "loss", "expected"), LOSSES)
def test_loss(activation: str, targets: str, loss: str, expected: str) -> None:
    model = network(TWO.replace("ACT", activation) + f"targets: {targets}\nloss: {loss}\n")
    assert written(model)["L"] == expected
    (sentence,) = model.assumptions
    assert sentence.startswith("loss = ")
    assert ("does not overflow" in sentence) == ("stable" in loss)


def test_shares_add_up_to_the_loss() -> None:
    text = TWO.replace("ACT", "sigmoid") + "targets: [1, 0]\nloss: {kind: binary_cross_entropy, parts: [A, B]}\n"
    assert written(network(text))["A"] == "-(t1*ln(p) + (1 - t1)*ln(1 - p))"
    assert written(network(text))["L"] == "A + B"


def test_every_activation_of_the_table() -> None:
    for name, functions in VOCABULARY.items():
        if any(f.of_one for f in functions):
            network(f"inputs: [1]\nlayers:\n  - {{weights: [[2]], activation: {name}}}\n")


# -- the shape


def test_shape() -> None:
    model = network(
        "inputs: [x]\ndata: [{x: 3, t: 1}, {x: 4, t: 0}]\ntargets: t\nparameters: {w: 1, g: 2}\nlayers:\n"
        "  - {name: first, weights: [[w], [w]], bias: [1, 2], activation: [tanh, 'x**2'], batchnorm: {gamma: g}}\n"
        "  - {weights: [[1, 2], [3, 4]], skip: first}\n  - {weights: [[5, 6]], pre: y, post: y}\nloss: mse\n"
    )
    shape = model.network
    assert shape is not None
    assert (shape.rows, shape.inputs, shape.targets) == (2, (("x_s1",), ("x_s2",)), (("t_s1",), ("t_s2",)))
    first, second, third = shape.layers
    assert (first.name, first.kind, first.weights, first.bias) == ("first", "dense", (("w",), ("w",)), ("b1_1", "b1_2"))
    assert first.activations[0] == Activation("tanh")
    assert first.activations[1].operation is None
    assert first.activations[1].root is not None
    assert language(model.nodes, first.activations[1].root) == "x**2"
    assert first.batchnorm is not None
    assert (first.batchnorm.gamma, first.batchnorm.beta) == (("g", "g"), ("beta1_1", "beta1_2"))
    assert (first.batchnorm.mean, first.batchnorm.variance) == (("mu1_1", "mu1_2"), ("var1_1", "var1_2"))
    assert first.batchnorm.normalised[1] == ("n1_1_s2", "n1_2_s2")
    assert first.inner == first.batchnorm.scaled == (("y1_1_s1", "y1_2_s1"), ("y1_1_s2", "y1_2_s2"))
    assert first.pre[0] == ("z1_1_s1", "z1_2_s1")
    assert second.sources == first.post == second.skip
    assert (third.pre, third.post, shape.outputs) == ((("y_s1",), ("y_s2",)),) * 3
    assert shape.loss is not None
    assert (shape.loss.kind, shape.loss.name, shape.loss.rows, shape.loss.form) == ("mse", "L", ("L_s1", "L_s2"), "textbook")
    names = model.names()
    for layer in shape.layers:
        for group in (*layer.weights, layer.bias, *layer.pre, *layer.post, *layer.inner, *layer.sources, *layer.skip):
            assert names.issuperset(group)


# -- the schema


def test_schema_has_every_key_and_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    made = schema(VOCABULARY)
    for name, table in (("network_spec", keys.NETWORK_KEYS), ("layer", keys.LAYER_KEYS), ("loss", keys.LOSS_KEYS)):
        assert set(made["$defs"][name]["properties"]) == {k.name for k in table}
        assert all(p["description"] for p in made["$defs"][name]["properties"].values())
    stack, references = [made], set()
    while stack:
        here = stack.pop()
        for key, value in here.items():
            if key == "$ref":
                references.add(value.removeprefix("#/$defs/"))
            stack += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]
    assert references == set(made["$defs"])
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == made


def test_samples_use_keys_that_the_schema_knows() -> None:
    for name in ("xor", "softmax-classifier", "deep-sigmoid", "residual", "batchnorm", "mazur-2-2-2"):
        model = pipeline.load(SAMPLES / f"{name}.yaml")
        assert model.network is not None
        assert model.rate is not None


@pytest.mark.parametrize(
    "layers",
    ["{units: 90000, init: zeros}, {units: 90000, init: zeros}",
     "{weights: [[1], [2]], bias: [0, 0]}, {units: 2, init: zeros, repeat: 10000}, {units: 99999, init: zeros}, "
     "{units: 11, init: zeros}"],
)  # fmt: skip
def test_too_large_a_network_is_refused_before_a_layer_is_written_out(layers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Neurons, "write", None)
    with pytest.raises(SpecError, match="more than 1,000,000 products of weights and inputs"):
        network(f"inputs: {{x: 1}}\nlayers: [{layers}]\n")


def test_the_hint_for_an_unknown_name_in_a_loss_compares_no_name_with_every_output(monkeypatch: pytest.MonkeyPatch) -> None:
    n, compared = 20, 0

    class Counted(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    monkeypatch.setattr(losses, "_of_one_row", lambda names, scope: [Counted(name) for name in names])
    net = f"inputs: {[0.1] * n}\nlayers:\n  - weights: {[[0.1] * n] * n}\ntargets: {[1] * n}\nloss: (a1_1 - t1)**2 + qqq\n"
    with pytest.raises(SpecError) as caught:
        read_spec(net, None, VOCABULARY)
    assert caught.value.hint == "the names are a1_1, a1_2, a1_3, a1_4, a1_5, a1_6, a1_7, a1_8, …"
    assert compared < 20 * n  # not each of n² weights with each of n outputs


@pytest.mark.parametrize("softmax", ['"softmax"', "'softmax'"])
def test_softmax_in_quotes_is_softmax(softmax: str) -> None:
    """Defect: it was read as a formula, and refused; every JSON spec has quotes."""
    layers = "layers:\n  - {weights: [[0.2, -0.1], [0.4, 0.3]], activation: softmax}\n"
    plain = f"inputs: [1, -2]\n{layers}targets: [2]\nloss: cross_entropy\n"
    assert written(network(plain.replace("softmax", softmax))) == written(network(plain))
