"""The computational graph as data: vertices with values and adjoints, edges with local partials, before any place or picture.

At operation level a vertex is a statement or an input. At neuron level a network's vertex is a neuron, which stands for several
statements (z, a and its bias), and an edge stands for a weight; `covers` says which, so that a page that steps through the
trace finds the vertex or edge of every statement. Figures are `Math` of document.py: already rounded, nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wengert.show.document import Math

Shape = Literal["input", "parameter", "target", "constant", "operation", "neuron", "loss", "summary"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """`label` is its name; `formula` how it is computed; `figures` are lines below (v = …, v̄ = …); `sign` is the operation's
    short sign for inside a circle (+, ·, σ). `covers` are the names of the statements and inputs it stands for. `column` is
    given where the drawing has columns of its own (a network's layers), else the layout finds it. `output`: it is one."""

    label: Math
    shape: Shape
    sign: str = ""
    formula: Math | None = None
    value: Math | None = None
    adjoint: Math | None = None
    figures: tuple[Math, ...] = ()
    covers: tuple[str, ...] = ()
    column: int | None = None
    output: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """From an argument (`source`, a vertex's index) to the statement that uses it (`target`). `label` is what stands beside it:
    the local partial, or a weight; `contribution` what flows back along it. `covers` are (statement, argument) pairs."""

    source: int
    target: int
    label: Math | None = None
    contribution: Math | None = None
    covers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Edges point forward: a vertex stands after all it is computed from. `notes` are sentences: the legend, what was
    summarised and why. `titles` are the headings of the columns (a network's layers), where there are any."""

    title: str | None
    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
