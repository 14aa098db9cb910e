"""THE table of the spec's keys: what each is called, what may stand there, and what it is for.

The reader takes the names from here (`check_keys`), the JSON Schema (schema.py) all of it. A value's type is a fragment of
JSON Schema; `#/$defs/…` are those of schema.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Type: TypeAlias = Mapping[str, Any]


def ref(name: str) -> Type:
    return {"$ref": f"#/$defs/{name}"}


def list_of(item: Type, least: int = 1) -> Type:
    return {"type": "array", "items": item, "minItems": least}


def either(*types: Type) -> Type:
    return {"anyOf": list(types)}


TEXT: Type = {"type": "string"}
NAME: Type = ref("name")
NUMBER: Type = ref("number")
FORMULA: Type = ref("formula")
NAMES: Type = either(NAME, list_of(NAME))
VALUES: Type = ref("values")
ENTRY: Type = either(NUMBER, NAME)
WHOLE: Type = {"type": "integer", "minimum": 0}
COUNT: Type = {"type": "integer", "minimum": 1}

SCHEMES = ("xavier", "glorot", "he", "kaiming", "normal", "uniform", "zeros", "constant")
LOSSES = ("squared_error", "half_squared_error", "mse", "absolute_error", "huber", "binary_cross_entropy", "cross_entropy",
          "hinge")  # fmt: skip
REDUCTIONS = ("mean", "sum")
FORMS_OF_LOSS = ("textbook", "stable")


@dataclass(frozen=True, slots=True)
class Key:
    """A key, the JSON Schema of its value, and one sentence of help."""

    name: str
    type: Type
    help: str


def names(keys: tuple[Key, ...]) -> tuple[str, ...]:
    return tuple(key.name for key in keys)


ANYWHERE = (
    Key("wrt", NAMES, "What is differentiated by. Default: every free name; for a network its parameters."),
    Key("output", NAMES, "What is differentiated. Default: the last definition; for a network its loss."),
    Key("seed", VALUES, "Forward mode: one direction, a number for each name that moves."),
    Key("rate", NUMBER, "Learning rate η of train: w ← w − η ∂L/∂w."),
    Key("frozen", NAMES, "Names that train leaves alone."),
    Key("title", TEXT, "Printed above the document."),
    Key("source", TEXT, "Where the example is from; printed."),
    Key("note", TEXT, "Printed with the document."),
)
AT = Key("at", VALUES, "The point: a value for each name.")
FORMULA_KEYS = (
    Key("formula", FORMULA, "A formula: ln(x1) + x1*x2 - sin(x2)."),
    AT,
    *ANYWHERE,
)
LET_KEYS = (
    Key("let", either({"type": "object", "additionalProperties": FORMULA, "minProperties": 1}, TEXT),
        "Named statements, in order: {a: w*x + b, y: sigmoid(a)}."),
    AT,
    *ANYWHERE,
)  # fmt: skip
SECTIONS = (
    Key("inputs", either(VALUES, list_of(NUMBER), list_of(NAME)),
        "A map of values, a list of numbers (x1, x2, …), or a list of names whose values stand in data."),
    Key("data", either(TEXT, list_of({"type": "object", "additionalProperties": NUMBER})),
        "Rows as maps, or the name of a CSV file beside or below the spec, with the names in its first line."),
    Key("parameters", either(VALUES, {"type": "null"}), "Weights and biases by name, with their values."),
    Key("layers", list_of(ref("layer")), "The layers, from the input to the output."),
    Key("targets", either(list_of(either(NUMBER, NAME)), VALUES, NAME),
        "One number for each output; with data, the names of the target columns. For cross_entropy also one class number, "
        "from 1."),
    Key("loss", either({"enum": list(LOSSES)}, FORMULA, ref("loss")),
        "A named loss, a formula over outputs and targets, or a map with kind. Without it the outputs are differentiated."),
)  # fmt: skip
NETWORK_KEYS = (*SECTIONS, *ANYWHERE)
LAYER_KEYS = (
    Key("weights", list_of(list_of(ENTRY)), "One row a neuron, z = W a + b: numbers, or names from parameters."),
    Key("units", COUNT, "How many neurons; their weights are made by init."),
    Key("init", either({"enum": list(SCHEMES)}, ref("init")), "How the weights of units are made. Default xavier."),
    Key("bias", either(ENTRY, list_of(ENTRY)), "One entry a neuron. Default: none with weights, zeros with units."),
    Key("activation", either(ref("activation"), list_of(ref("activation"))),
        "A primitive's name or a formula in x; a list gives each neuron its own. Default identity."),
    Key("batchnorm", either({"type": "boolean"}, ref("batchnorm")),
        "Normalise z over the rows of data before the activation; without weights and units, the activations before."),
    Key("skip", NAME, "Add the activations of an earlier layer, by its name, after the activation; also input, previous."),
    Key("repeat", COUNT, "The layer so many times."),
    Key("name", NAME, "The layer's name, for skip."),
    Key("pre", NAMES, "Names for z. Default z1_1, z1_2 (layer_neuron)."),
    Key("post", NAMES, "Names for a. Default a1_1, a1_2."),
)  # fmt: skip
INIT_KEYS = (
    Key("scheme", {"enum": list(SCHEMES)}, "Glorot & Bengio 2010 (xavier, glorot), He et al. 2015 (he, kaiming), …"),
    Key("random_seed", WHOLE, "The same weights for the same seed, on every computer. Default 1."),
    Key("distribution", {"enum": ["normal", "uniform"]}, "Of xavier (default uniform) and he (default normal)."),
    Key("std", NUMBER, "Of normal: the standard deviation."),
    Key("low", NUMBER, "Of uniform: the lower end."),
    Key("high", NUMBER, "Of uniform: the upper end."),
    Key("value", NUMBER, "Of constant: the value."),
)
BATCHNORM_KEYS = (
    Key("epsilon", NUMBER, "Added to the variance. Default 1e-5."),
    Key("gamma", either(ENTRY, list_of(ENTRY)), "The scale γ, one entry a neuron or one for all. Default 1."),
    Key("beta", either(ENTRY, list_of(ENTRY)), "The shift β, one entry a neuron or one for all. Default 0."),
)
LOSS_KEYS = (
    Key("kind", either({"enum": list(LOSSES)}, FORMULA), "A named loss, or a formula over outputs and targets."),
    Key("name", NAME, "The name of the loss. Default L."),
    Key("parts", NAMES, "A name for each output's share."),
    Key("reduction", {"enum": list(REDUCTIONS)}, "Over the rows of data. Default mean."),
    Key("form", {"enum": list(FORMS_OF_LOSS)},
        "Of the cross-entropies: stable is written over z, and does not overflow. Default textbook, over a."),
    Key("delta", NUMBER, "Of huber: where the square ends. Default 1."),
)  # fmt: skip
