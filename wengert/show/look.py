"""How a document is to look: what a person chose of notation, apart from what the document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from wengert.lang.model import Kind, Model

Adjoints: TypeAlias = Literal["bar", "leibniz", "delta", "grad"]
ADJOINTS: tuple[Adjoints, ...] = ("bar", "leibniz", "delta", "grad")


@dataclass(frozen=True, slots=True)
class Look:
    """What every renderer is given beside the document.

    `symbols` gives operations another name ({"sigmoid": "σ"}). `adjoints` is how an adjoint is written: `bar` v̄3, `leibniz`
    ∂f/∂v3, `grad` v3.grad, `delta` δ_z for the names in `preactivations` and a bar elsewhere. `names` are the names a person
    gave, so that a notation with indices can keep two of them apart. `standalone`: a whole file, not a part of one.
    """

    ascii: bool = False
    symbols: Mapping[str, str] = field(default_factory=dict)
    adjoints: Adjoints = "bar"
    preactivations: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    standalone: bool = False


def look_of(model: Model, symbols: Mapping[str, str], adjoints: Adjoints = "bar", standalone: bool = False) -> Look:
    """The look of a document about this model."""
    before = frozenset(d.name for d in model.definitions if d.kind is Kind.PRE)
    return Look(False, symbols, adjoints, before, frozenset(model.names()), standalone)
