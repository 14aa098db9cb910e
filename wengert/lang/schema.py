"""The JSON Schema of a spec, made from the table of keys: for editors that complete and check YAML."""

from __future__ import annotations

from typing import Any

from wengert.lang import keys
from wengert.lang.keys import Key, ref
from wengert.lang.vocabulary import Vocabulary

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the three forms of a spec. `vocabulary` gives the names of activations."""
    activations = [name for name, functions in vocabulary.items() if name.isascii() and any(f.of_one for f in functions)]
    layer = _object(keys.LAYER_KEYS)
    layer["anyOf"] = [{"required": [key]} for key in ("weights", "units", "batchnorm")]
    layer["not"] = {"required": ["weights", "units"]}
    number = {"anyOf": [{"type": "number"}, {"type": "string"}], "description": "A number: 0.5, 1e-3, 1/3, sqrt(2)/2, pi/4."}
    return {
        "$schema": DRAFT,
        "title": "wengert spec",
        "description": "A formula, a program of named statements, or a network.",
        "oneOf": [ref("formula_spec"), ref("program_spec"), ref("network_spec")],
        "$defs": {
            "formula_spec": _object(keys.FORMULA_KEYS, ("formula",)),
            "program_spec": _object(keys.LET_KEYS, ("let",)),
            "network_spec": _object(keys.NETWORK_KEYS, ("layers", "inputs")),
            "layer": layer,
            "init": _object(keys.INIT_KEYS),
            "batchnorm": _object(keys.BATCHNORM_KEYS),
            "loss": _object(keys.LOSS_KEYS, ("kind",)),
            "name": {"type": "string", "description": "A name: letters, digits and _, beginning with a letter."},
            "number": number,
            "formula": {"anyOf": [{"type": "string"}, {"type": "number"}], "description": "A formula: ln(x1) + x1*x2."},
            "values": {"type": "object", "additionalProperties": {"anyOf": [ref("number"), {"type": "null"}]}},
            "activation": {"anyOf": [{"enum": [*sorted(activations), "softmax"]}, {"type": "string"}]},
        },
    }


def _object(table: tuple[Key, ...], required: tuple[str, ...] = ()) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {key.name: {**key.type, "description": key.help} for key in table},
        "additionalProperties": False,
    }
    if required:
        made["required"] = list(required)
    return made
