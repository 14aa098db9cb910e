"""A graph cut into ranks: what stands in each of them, and the pieces of the edges between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from wengert.show.graph.ordering import Order


@dataclass(frozen=True, slots=True)
class Size:
    """How much room something takes: `length` along the picture, and `before` and `after` its axis across it."""

    length: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """Free room: between ranks, and across between two vertices, two labels, and a line and what it passes."""

    rank: int
    vertex: int
    label: int
    line: int


@dataclass
class Chain:
    """The graph with every edge cut into pieces from rank to rank: node v < number of vertices is a vertex, further ones are
    labels and passing lines. A label stands in a rank of its own before the column of its target; there is no such rank where
    no label stands."""

    columns: Sequence[int]
    vertices: Sequence[Size]
    edges: Sequence[tuple[int, int]]
    given: Sequence[Size | None]
    sizes: list[Size] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    routes: list[list[int]] = field(default_factory=list)
    labels: list[int | None] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    order: Order = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sizes = list(self.vertices)
        labelled = {self.columns[b] for (_, b), label in zip(self.edges, self.given, strict=True) if label is not None}
        last = max(self.columns, default=-1)
        ranks = list(accumulate((1 + (c in labelled) for c in range(1, last + 1)), initial=0))  # of the columns
        self.rank = [ranks[c] for c in self.columns]
        for (source, target), label in zip(self.edges, self.given, strict=True):
            route = [source]
            for rank in range(self.rank[source] + 1, self.rank[target]):
                beside = label if rank == self.rank[target] - 1 else None
                route.append(self._node(rank, beside or Size(0, 0, 0)))
            self.labels.append(None if label is None else route[-1])
            route.append(target)
            self.routes.append(route)
            self.pieces += pairwise(route)
        self.order = [[] for _ in range(max(self.rank, default=-1) + 1)]
        for v, rank in enumerate(self.rank):
            self.order[rank].append(v)

    def _node(self, rank: int, size: Size) -> int:
        self.sizes.append(size)
        self.rank.append(rank)
        return len(self.sizes) - 1

    def is_line(self, v: int) -> bool:
        """Whether the node is a line that passes, nothing that takes room."""
        return v >= len(self.vertices) and not self.sizes[v].length

    def apart(self, before: int, after: int, gaps: Gaps) -> int:
        """How far the axes of two neighbours in a rank must at least stand from one another."""
        line = self.is_line(before) or self.is_line(after)
        gap = gaps.line if line else gaps.label if after >= len(self.vertices) else gaps.vertex
        return self.sizes[before].after + gap + self.sizes[after].before
