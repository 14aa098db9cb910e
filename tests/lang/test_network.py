"""Networks to definitions."""

from __future__ import annotations

import pytest

from wengert.lang.model import Kind, Model, Role
from wengert.lang.spec import read_spec
from wengert.show.notation import language
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY


def network(text: str) -> Model:
    model = read_spec(text, "f.yaml", VOCABULARY)
    lower(model)  # every operation and arity is one that the rule table has
    return model


def written(model: Model) -> dict[str, str]:
    return {d.name: language(model.nodes, d.root) for d in model.definitions}


def roles(model: Model, role: Role) -> dict[str, str | None]:
    return {
        x.name: None if x.value is None else language(model.nodes, x.value) for x in model.inputs if x.role is role
    }


MAZUR = """
inputs: {x1: 0.05, x2: 0.10}
parameters: {w1: 0.15, w2: 0.20, w3: 0.25, w4: 0.30, b1: 0.35}
layers:
  - weights: [[w1, w2], [w3, w4]]
    bias: [b1, b1]
    activation: sigmoid
    pre: [net_h1, net_h2]
    post: [out_h1, out_h2]
targets: [0.01, 0.99]
loss: {kind: half_squared_error, name: E_total, parts: [E_o1, E_o2]}
rate: 0.5
frozen: [b1]
"""


def test_the_network_of_the_design() -> None:
    model = network(MAZUR)
    assert written(model) == {
        "net_h1": "w1*x1 + w2*x2 + b1", "out_h1": "sigmoid(net_h1)", "net_h2": "w3*x1 + w4*x2 + b1",
        "out_h2": "sigmoid(net_h2)", "E_o1": "(out_h1 - t1)**2/2", "E_o2": "(out_h2 - t2)**2/2", "E_total": "E_o1 + E_o2",
    }  # fmt: skip
    assert [d.kind for d in model.definitions] == [Kind.PRE, Kind.POST] * 2 + [Kind.PART] * 2 + [Kind.LOSS]
    assert [d.layer for d in model.definitions] == [1] * 4 + [None] * 3
    assert [x.name for x in model.inputs] == ["x1", "x2", "w1", "w2", "w3", "w4", "b1", "t1", "t2"]
    assert roles(model, Role.TARGET) == {"t1": "0.01", "t2": "0.99"}
    assert model.form == "network"
    assert model.outputs == ("E_total",)
    assert model.wrt == ("w1", "w2", "w3", "w4", "b1")
    assert model.assumptions == ("loss = ½ Σ (a − t)²",)
    assert model.frozen == ("b1",)
    assert model.warnings == ()


def test_numbers_become_parameters() -> None:
    model = network(
        "inputs: [0.5, -1]\nparameters: {v: 2}\nlayers:\n"
        "  - {weights: [[1, v], [1/3, -4]], bias: [sqrt(2), 0], activation: tanh}\n  - {weights: [[v, 0.10]], post: y}\n"
    )
    assert roles(model, Role.INPUT) == {"x1": "0.5", "x2": "-1"}
    assert roles(model, Role.PARAMETER) == {
        "v": "2", "W1_1_1": "1", "W1_2_1": "1/3", "W1_2_2": "-4", "b1_1": "sqrt(2)", "b1_2": "0", "W2_1_2": "0.10",
    }  # fmt: skip
    assert written(model) == {
        "z1_1": "W1_1_1*x1 + v*x2 + b1_1", "a1_1": "tanh(z1_1)", "z1_2": "W1_2_1*x1 + W1_2_2*x2 + b1_2",
        "a1_2": "tanh(z1_2)", "z2_1": "v*a1_1 + W2_1_2*a1_2", "y": "identity(z2_1)",
    }  # fmt: skip
    assert model.outputs == ("y",)
    assert model.wrt == tuple(roles(model, Role.PARAMETER))
    assert model.assumptions == ()


ONE = "inputs: {x: 3}\nparameters: {w: 2, b: }\nlayers:\n  - {weights: [[w]], bias: [b]"
LAYERS = [
    # (what the one neuron adds, its definitions)
    ("", {"z1_1": "w*x + b", "a1_1": "identity(z1_1)"}),
    (", pre: y, post: y", {"y": "w*x + b"}),
    (", pre: y, post: y, activation: x", {"y": "w*x + b"}),
    (", pre: z, post: y", {"z": "w*x + b", "y": "identity(z)"}),
    (", pre: [z], post: [y], activation: sigmoid", {"z": "w*x + b", "y": "sigmoid(z)"}),
    (", activation: [relu]", {"z1_1": "w*x + b", "a1_1": "relu(z1_1)"}),
    (", activation: σ", {"z1_1": "w*x + b", "a1_1": "sigmoid(z1_1)"}),
    (", activation: log", {"z1_1": "w*x + b", "a1_1": "ln(z1_1)"}),
    (", activation: x**2 + e*x", {"z1_1": "w*x + b", "a1_1": "z1_1**2 + e*z1_1"}),
    (", activation: 'where(x > 0, x, b*x)'", {"z1_1": "w*x + b", "a1_1": "where(z1_1 > 0, z1_1, b*z1_1)"}),
    (", activation: 'leaky_relu(x, 0.1)'", {"z1_1": "w*x + b", "a1_1": "leaky_relu(z1_1, 0.1)"}),
]


@pytest.mark.parametrize(("more", "definitions"), LAYERS)
def test_one_neuron(more: str, definitions: dict[str, str]) -> None:
    model = network(ONE + more + "}\n")
    assert written(model) == definitions
    assert roles(model, Role.PARAMETER) == {"w": "2", "b": None}
    assert model.definitions[-1].kind is Kind.POST


TWO = "inputs: {x: 3}\nparameters: {v: 2, w: 3}\nlayers:\n  - {weights: [[v], [w]], pre: [p, q], post: [p, q]}\n"
ONLY = "inputs: {x: 3}\nparameters: {w: 3}\nlayers:\n  - {weights: [[w]], pre: y, post: y}\n"
LOSSES = [
    # (spec, definitions after the neurons, assumption)
    (TWO + "targets: [1, 2]\nloss: squared_error", {"L": "(p - t1)**2 + (q - t2)**2"},
     "loss = Σ (a − t)² (no factor ½, no division by n)"),
    (TWO + "targets: [1, 2]\nloss: half_squared_error", {"L": "((p - t1)**2 + (q - t2)**2)/2"}, "loss = ½ Σ (a − t)²"),
    (TWO + "targets: [1, 2]\nloss: mse", {"L": "((p - t1)**2 + (q - t2)**2)/2"}, "loss = (1/n) Σ (a − t)², n = 2"),
    (TWO + "targets: [1, 2]\nloss: {kind: mse, parts: [E, F]}", {"E": "(p - t1)**2", "F": "(q - t2)**2", "L": "(E + F)/2"},
     "loss = (1/n) Σ (a − t)², n = 2"),
    (TWO + "targets: [1, 2]\nloss: {kind: squared_error, parts: [L, F]}",
     {"L": "(p - t1)**2", "F": "(q - t2)**2", "loss": "L + F"}, "loss = Σ (a − t)² (no factor ½, no division by n)"),
    (TWO + "targets: {g: 1, h: 2}\nloss: {kind: squared_error, name: C}", {"C": "(p - g)**2 + (q - h)**2"},
     "loss = Σ (a − t)² (no factor ½, no division by n)"),
    (TWO + "loss: \"|p| + q*e\"", {"L": "abs(p) + q*e"}, "loss = |p| + q*e"),
    (TWO + "targets: [1]\nloss: {kind: ln(p) + t1*w, name: E}", {"E": "ln(p) + t1*w"}, "loss = ln(p) + t1*w"),
    (ONLY + "targets: [1]\nloss: mse", {"L": "(y - t1)**2"}, "loss = (1/n) Σ (a − t)², n = 1"),
    (ONLY + "targets: [1]\nloss: half_squared_error", {"L": "(y - t1)**2/2"}, "loss = ½ Σ (a − t)²"),
    (ONLY + "targets: [1]\nloss: {kind: half_squared_error, name: E, parts: E}", {"E": "(y - t1)**2/2"}, "loss = ½ Σ (a − t)²"),
    (ONLY + "targets: [1]\nloss: {kind: mse, name: E, parts: [P]}", {"P": "(y - t1)**2", "E": "P"},
     "loss = (1/n) Σ (a − t)², n = 1"),
    (ONLY + "targets: [1]\nloss: y", {"L": "y"}, "loss = y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "definitions", "sentence"), LOSSES)
def test_loss(text: str, definitions: dict[str, str], sentence: str) -> None:
    model = network(text)
    neurons = [d.name for d in model.definitions if d.layer is not None]
    assert {k: v for k, v in written(model).items() if k not in neurons} == definitions
    assert model.outputs == (list(definitions)[-1],)
    assert model.definitions[-1].kind is Kind.LOSS
    assert model.assumptions == (sentence,)


def test_taken_default_names() -> None:
    model = network("inputs: {t1: 1, L: 2}\nlayers:\n  - {weights: [[3, 4]], post: loss}\ntargets: [5]\nloss: mse\n")
    assert written(model)["loss2"] == "(loss - target1)**2"
    assert roles(model, Role.TARGET) == {"target1": "5"}


def test_inputs_without_values() -> None:
    model = network("inputs: [u, v]\nparameters:\nlayers:\n  - {weights: [[1, 2]]}\n")
    assert roles(model, Role.INPUT) == {"u": None, "v": None}
    assert model.wrt == ("W1_1_1", "W1_1_2")


def test_unused_names_are_warned_of() -> None:
    model = network("inputs: {x: 1}\nparameters: {w: 1, v: 2}\nlayers:\n  - {weights: [[w]]}\n")
    assert model.warnings == ("nothing uses the parameter v",)


def test_names_win_over_constants() -> None:
    model = network("inputs: {x: 1}\nparameters: {e: 2}\nlayers:\n  - {weights: [[e]], bias: [pi], post: y}\nloss: e*y\n")
    assert roles(model, Role.PARAMETER) == {"e": "2", "b1_1": "pi"}
    assert written(model)["L"] == "e*y"


def test_expressions_have_places_in_the_file() -> None:
    text = "inputs: {x: 1}\nlayers:\n  - weights: [[2], [3]]\n    activation: [ln, \"ln(x - 1)\"]\nloss: a1_1\n"
    model = network(text)
    places = {d.name: model.nodes.place(d.root) for d in model.definitions}
    shown = {n: p.source.text[p.start : p.end] for n, p in places.items() if p is not None}
    assert shown == {"z1_1": "2", "a1_1": "ln", "z1_2": "3", "a1_2": "ln(x - 1)", "L": "a1_1"}
    last = places["a1_2"]
    assert last is not None
    assert last.source.locate(last.start)[:2] == (4, 23)
