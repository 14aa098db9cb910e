"""How a document is to look: what a person chose of notation, apart from what the document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from wengert.lang.model import Kind, Model
from wengert.tape.primitives import LATEX, SYMBOLS

Adjoints: TypeAlias = Literal["bar", "leibniz", "delta", "grad"]
ADJOINTS: tuple[Adjoints, ...] = ("bar", "leibniz", "delta", "grad")


@dataclass(frozen=True, slots=True)
class Look:
    """What every renderer is given beside the document.

    `symbols` gives operations another name ({"sigmoid": "σ"}), `latex` the commands that LaTeX has for them ({"asin":
    "\\\\arcsin"}), from which all notations with fractions take their words. `adjoints` is how an adjoint is written: `bar` v̄3,
    `leibniz` ∂f/∂v3, `grad` v3.grad, `delta` δ_z for the names in `preactivations` and a bar elsewhere. `names` are the names a
    person gave, so that a notation with indices can keep two of them apart. `standalone`: a whole file, not a part of one.
    """

    ascii: bool = False
    symbols: Mapping[str, str] = field(default_factory=dict)
    latex: Mapping[str, str] = field(default_factory=dict)
    adjoints: Adjoints = "bar"
    preactivations: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    standalone: bool = False


def look_of(model: Model | None = None, adjoints: Adjoints = "bar", standalone: bool = False, ascii: bool = False) -> Look:
    """The look of a document about this model, or about none, with the signs of the rule table."""
    before: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    if model is not None:
        before = frozenset(d.name for d in model.definitions if d.kind is Kind.PRE)
        names = frozenset(model.names())
    return Look(ascii, SYMBOLS, LATEX, adjoints, before, names, standalone)
