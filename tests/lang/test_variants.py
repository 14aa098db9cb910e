"""Other networks from one spec: only what was asked for is different."""

from __future__ import annotations

from pathlib import Path

import pytest

import wengert
from wengert.errors import FormulaError, SpecError, UsageError
from wengert.lang.model import Model
from wengert.lang.variants import REMEDIES, Change, Network, option_entries
from wengert.show.notation import language
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
HEAD = "inputs: {x1: 1, x2: 2}\nlayers:\n"


def network(text: str) -> Network:
    return Network(text, None, VOCABULARY, None)


def sample(name: str) -> Network:
    path = SAMPLES / f"{name}.yaml"
    return Network(path.read_text(encoding="utf-8"), str(path), VOCABULARY, path.parent)


def texts(model: Model) -> dict[str, str]:
    """The value of each input and parameter as it stands in the model."""
    return {x.name: language(model.nodes, x.value) for x in model.inputs if x.value is not None}


def activations(model: Model) -> list[str | None]:
    assert model.network is not None
    return [layer.activations[0].operation for layer in model.network.layers]


def relu() -> Change:
    return Change(option_entries("relu", "--compare")[0])


def test_another_activation_in_the_hidden_layers_alone() -> None:
    deep = sample("deep-sigmoid")
    made = deep.variant(relu())
    assert activations(made.model) == ["relu"] * 19 + ["sigmoid"]
    assert texts(made.model) == texts(deep.model)
    assert [x.name for x in made.model.inputs] == [x.name for x in deep.model.inputs]


def test_identity_layers_keep_to_themselves_where_others_have_an_activation() -> None:
    text = "  - {weights: [[1, 2]], activation: tanh}\n  - {weights: [[1]]}\n  - {weights: [[1]]}\n"
    made = network(HEAD + text).variant(relu())
    assert activations(made.model) == ["relu", "identity", "identity"]
    made = network(HEAD + "  - {weights: [[1, 2]]}\n  - {weights: [[1]]}\n").variant(relu())
    assert activations(made.model) == ["relu", "identity"]


def test_z_and_a_of_one_name_come_apart() -> None:
    made = network(HEAD + "  - {weights: [[1, 2]], pre: h, post: h}\n  - {weights: [[1]]}\n").variant(relu())
    assert made.shape.layers[0].pre == (("z1_1",),) and made.shape.layers[0].post == (("h",),)


def test_skips_where_sizes_agree() -> None:
    made = sample("deep-sigmoid").variant(Change(remedies=("skip",)))
    assert made.changed == {"skip": 19}
    assert [bool(x.skip) for x in made.shape.layers] == [True] * 19 + [False]
    narrow = network(HEAD + "  - {units: 3}\n  - {units: 3}\n  - {units: 1}\n").variant(Change(remedies=("skip",)))
    assert [x.skip_of for x in narrow.shape.layers] == [None, "previous", None]


def test_batch_normalisation_of_the_hidden_layers() -> None:
    made = sample("xor").variant(Change(remedies=("batchnorm",)))
    assert [x.batchnorm is not None for x in made.shape.layers] == [True, False]


@pytest.mark.parametrize("depth", [1, 2, 5, 20, 33])
def test_depth_repeats_the_layer_with_the_same_weights(depth: int) -> None:
    deep = sample("deep-sigmoid")
    made = deep.variant(Change(depth=depth))
    assert len(made.shape.layers) == depth and deep.repeated_layer == 1 and deep.fixed == 0
    here, there = texts(made.model), texts(deep.model)
    assert all(here[name] == there[name] for name in here if name in there)


def test_depth_beside_layers_that_stay() -> None:
    residual = sample("residual")
    assert (residual.repeated_layer, residual.fixed) == (2, 2)
    made = residual.variant(Change(depth=7))
    assert [x.name for x in made.shape.layers] == ["first", *[None] * 6]
    assert [x.skip_of for x in made.shape.layers] == [None, *["previous"] * 5, None]


def test_a_repeated_layer_keeps_its_name_for_skip() -> None:
    text = HEAD + "  - {weights: [[1, 2], [3, 4]], repeat: 2, name: block}\n  - {weights: [[1, 2], [1, 1]], skip: block}\n"
    assert len(network(text).variant(Change(depth=5)).shape.layers) == 5


def test_nothing_changed_is_the_spec_itself() -> None:
    deep = sample("deep-sigmoid")
    assert deep.variant(Change()).model is deep.model


REFUSED = [
    (HEAD + "  - {weights: [[1, 2]]}\n", relu(), "no hidden layer"),
    (HEAD + "  - {units: 3}\n  - {units: 1}\n", Change(remedies=("skip",)), "would change nothing"),
    (HEAD + "  - {units: 2}\n", Change(remedies=("skip",)), "no hidden layer"),
    (HEAD + "  - {units: 2}\n  - {units: 1}\n", Change(remedies=("batchnorm",)), "more than one row"),
    (HEAD + "  - {units: 3}\n  - {units: 1}\n", Change(depth=5), "no layer that can be repeated"),
    (HEAD + "  - {units: 3}\n  - {units: 3}\n  - {units: 1}\n", Change(depth=2), "2 layers of the network stand beside"),
    (HEAD + "  - {weights: [[1, 2], [3, 4]], post: [a, b]}\n  - {units: 1}\n", Change(depth=5), "no layer that can be rep"),
]


@pytest.mark.parametrize(("text", "change", "message"), REFUSED)
def test_refused(text: str, change: Change, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        network(text).variant(change)


HINTS = [
    ("  - {units: 3}\n  - {units: 1}\n", "skip", "let layer 1 have 2 neurons, as many as it takes in, or put another layer"),
    ("  - {units: 2, skip: previous}\n  - {units: 1}\n", "skip", "leave out --with skip"),
    ("  - {units: 2, batchnorm: true}\n  - {units: 1}\n", "batchnorm", "leave out --with batchnorm"),
    ("  - {units: 2}\n", "skip", "give it another layer"),
]


@pytest.mark.parametrize(("layers", "remedy", "hint"), HINTS)
def test_what_would_help_is_said(layers: str, remedy: str, hint: str) -> None:
    head = "inputs: [x1, x2]\ndata: [{x1: 1, x2: 2}, {x1: 0, x2: 1}]\nlayers:\n"
    with pytest.raises(UsageError) as caught:
        network(head + layers).variant(Change(remedies=(remedy,)))
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("layers", ["  - {units: 2}\n  - {units: 1}\n", "  - {units: 3}\n  - {units: 3}\n  - {units: 1}\n"])
def test_what_is_said_to_help_helps(layers: str) -> None:
    """The two ways that the hint about a skip connection names."""
    assert network(HEAD + layers).variant(Change(remedies=("skip",))).changed == {"skip": 1}


def test_a_formula_is_no_network() -> None:
    with pytest.raises(SpecError, match="this spec has none"):
        network("formula: x**2\n")


def test_entries_of_an_option() -> None:
    assert [x.text for x in option_entries("relu, leaky_relu(x, 0.1),relu", "--compare")] == ["relu", "leaky_relu(x, 0.1)"]
    for text in ("", "relu,", ",relu"):
        with pytest.raises(UsageError, match="empty"):
            option_entries(text, "--compare")
    with pytest.raises(UsageError, match="there is no dropout"):
        option_entries("skip,dropout", "--with", REMEDIES)


@pytest.mark.parametrize("text", ["sigmod", "x + y", "x +"])
def test_a_wrong_activation_is_shown_where_it_was_typed(text: str) -> None:
    with pytest.raises((SpecError, FormulaError)) as caught:
        sample("deep-sigmoid").variant(Change(option_entries(f"relu,{text}", "--compare")[1]))
    assert "in --compare, line 1" in caught.value.report()
