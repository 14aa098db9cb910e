"""The model: what a person wrote, read but not yet computed.

A model is a list of inputs (with or without a value) and of named definitions, in the order of their evaluation, all in one
set of `Nodes`. A formula is a model with one definition; a network is a model whose definitions were written by its layers.
The Wengert list is lowered from it, and the judge works from it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from wengert.lang.expr import Nodes

if TYPE_CHECKING:
    from wengert.lang.shape import Shape

CONSTANTS = ("pi", "π", "e")  # a name that the spec defines wins over them

# A derivative: the output's name, then the names it is differentiated by, in order; "seed" stands for the direction.
Key: TypeAlias = tuple[str, ...]


class Role(str, Enum):
    """What an input is for; `derivatives` and `train` treat them alike, the documents do not."""

    INPUT = "input"
    PARAMETER = "parameter"
    TARGET = "target"


class Kind(str, Enum):
    """What a definition is for."""

    FORMULA = "formula"  # the only one, of form 1
    STEP = "step"  # a line of a program
    PRE = "pre"  # z of a neuron
    POST = "post"  # a of a neuron
    STATISTIC = "statistic"  # mean and variance of a neuron over the rows of data
    NORMALISED = "normalised"  # n and y of a batch normalisation
    PART = "part"  # one output's share of the loss
    ROW = "row"  # the loss of one row of data
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Input:
    """A free name. `value` is the root of a constant expression (`pi/4`, `1e-3`), None where no value is known."""

    name: str
    role: Role = Role.INPUT
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """`name = expression`; `root` is the expression's node. Names are unique over inputs and definitions."""

    name: str
    root: int
    kind: Kind = Kind.STEP
    layer: int | None = None  # from 1, for a network
    row: int | None = None  # from 1, for what belongs to one of several rows of data


@dataclass(frozen=True, slots=True)
class Model:
    """Inputs, definitions, what is differentiated (`outputs`) and with respect to what (`wrt`).

    Every name inside a definition is an input, an earlier definition or a constant. `seed` maps names of `wrt` to the roots of
    constant expressions (one direction), or is None. `form` is "formula", "program" or "network". `assumptions` are sentences
    that every document opens with (which loss factor, …).
    """

    nodes: Nodes
    inputs: tuple[Input, ...]
    definitions: tuple[Definition, ...]
    outputs: tuple[str, ...]
    wrt: tuple[str, ...]
    form: str = "formula"
    seed: Mapping[str, int] | None = None
    title: str | None = None
    source: str | None = None
    note: str | None = None
    assumptions: tuple[str, ...] = ()
    rate: int | None = None
    frozen: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    network: Shape | None = None
    _index: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def definition(self, name: str) -> Definition | None:
        """The definition of that name, None for an input or an unknown name."""
        if not self._index:
            self._index.update((d.name, i) for i, d in enumerate(self.definitions))
        at = self._index.get(name)
        return None if at is None else self.definitions[at]

    @property
    def is_one_formula(self) -> bool:
        """Whether one line says it all: a formula, with a name or without."""
        return len(self.definitions) == 1 and self.form != "network"

    def names(self) -> set[str]:
        """All names that the model defines."""
        return {i.name for i in self.inputs} | {d.name for d in self.definitions}

    def given(self) -> tuple[str, ...]:
        """The names in whose order products are written; none for a network, whose products follow the chain rule."""
        return () if self.form == "network" else tuple(i.name for i in self.inputs)

    def many(self) -> bool:
        """Whether the derivatives are partial ones: ∂ where several names are free, d where one is."""
        return sum(1 for i in self.inputs if i.role is not Role.TARGET) > 1

