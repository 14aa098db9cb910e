"""The computational graph as data: vertices with values and adjoints, edges with local partials, before any place or picture.

At operation level a vertex is a statement or an input. At neuron level a network's vertex is a neuron, which stands for several
statements (z, a and its bias), and an edge stands for a weight; `covers` says which, so that a page that steps through the
trace finds the vertex or edge of every statement. Figures are `Math` of document.py: already rounded, nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wengert.errors import UsageError
from wengert.show.document import Document, Math

Shape = Literal["input", "parameter", "target", "operation", "neuron", "layer", "loss", "summary"]
Flow = Literal["", "forward", "backward"]  # of a figure: a value, an adjoint, or what is neither
Sweep = Literal["forward", "tangent", "reverse"]
Kind = Literal["use", "weight", "skip", "still", "summary"]  # of an edge


@dataclass(frozen=True, slots=True)
class Figure:
    """One line that stands in a vertex: `≈ 0.693147`, `v̄1 = 1`, `b1 = 0.35`. `about`: the sweep that finds it and the name of
    the statement it is a figure of, so that a page can show it when its step comes."""

    math: Math
    flow: Flow = ""
    about: tuple[Sweep, str] | None = None


@dataclass(frozen=True, slots=True)
class Vertex:
    """`label` is its name, or with its formula `v1 = ln(x1)`; `figures` are the lines below. `sign` is the operation's short
    sign for inside a circle (Σ, σ). `covers` are the names of the statements and inputs it stands for. `column` is given where
    the drawing has columns of its own (a network's layers), else the layout finds it. `output`: it is one of those asked
    for."""

    label: Math
    shape: Shape
    sign: str = ""
    figures: tuple[Figure, ...] = ()
    covers: tuple[str, ...] = ()
    column: int | None = None
    output: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """From an argument (`source`, a vertex's index) to the statement that uses it (`target`). `label` is what stands beside it:
    the local partial, or a weight; `contribution` what flows back along it: what the adjoint of the source receives, or the
    weight's derivative. `covers` are (statement, argument) pairs, `names` the inputs that it stands for (a weight).

    `kind`: an argument (`use`), a `weight`, a `skip` connection, one along which nothing flows back (`still`), or one that
    stands for many (`summary`). A statement that uses an argument twice has two edges, each with its own partial.
    """

    source: int
    target: int
    kind: Kind = "use"
    label: Math | None = None
    contribution: Math | None = None
    covers: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Edges point forward: a vertex stands after all it is computed from. `notes` are sentences: what was summarised and why.
    `titles` are the headings of the columns (a network's layers), where there are any. `direction` is the way from the inputs
    to the outputs: a list of layers reads downwards."""

    title: str | None
    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    direction: Literal["right", "down"] = "right"

    @property
    def columns(self) -> tuple[int, ...] | None:
        """The column of each vertex, None where the layout is to find them."""
        given = tuple(v.column for v in self.vertices if v.column is not None)
        return given if len(given) == len(self.vertices) else None


def graph_in(document: Document) -> Graph:
    """The document's graph. Raises UsageError where it has none."""
    if document.graph is None:
        raise UsageError("there is no computational graph of this", hint="wengert graph draws that of a formula or a network")
    return document.graph()
