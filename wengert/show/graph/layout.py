"""Where everything of a drawn graph stands: a layered layout, deterministic, for any unit (pixels, a terminal's cells).

Layers follow one another along the picture, and what stands in one layer lies across it. Between the columns of vertices there
are ranks for what stands beside the edges: a label takes a place of its own like a vertex, and a line that passes a rank takes
a narrow one, so that nothing lies over anything (K. Sugiyama, S. Tagawa & M. Toda, Methods for visual understanding of
hierarchical system structures, 1981). Places across are those with the least sum of squared bends that the order and the sizes
allow, found rank by rank (`ascending` in ordering.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from wengert.show.graph.layers import longest_path
from wengert.show.graph.ordering import Order, ascending, crossings, reduce_crossings

PASSES = 120  # over all ranks, to straighten the lines
THROUGH, BESIDE, DIRECT = 8.0, 2.0, 1.0  # how strongly a line is straightened: inside a long one, at its ends, a short one


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


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a line: it runs straight from `start` to `end` along the picture, at `across`."""

    start: int
    end: int
    across: int


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` are the vertices' columns and `starts` where each vertex begins, `across` its axis. `routes` holds for each
    edge its stops from the source's to the target's (both included), one a rank, `labels` its label's stop. `spans` are
    beginnings and ends of all ranks, `rank_of` tells the vertices' ones, `ranks` the spans of the columns of vertices.
    `crossings` before and after they were reduced."""

    columns: tuple[int, ...]
    starts: tuple[int, ...]
    across: tuple[int, ...]
    routes: tuple[tuple[Stop, ...], ...]
    labels: tuple[Stop | None, ...]
    spans: tuple[tuple[int, int], ...]
    rank_of: tuple[int, ...]
    length: int
    breadth: int
    crossings: tuple[int, int]

    @property
    def ranks(self) -> tuple[tuple[int, int], ...]:
        rank = dict(zip(self.columns, self.rank_of, strict=True))
        return tuple(self.spans[rank[c]] for c in range(len(rank)))


def lay_out(
    sizes: Sequence[Size], edges: Sequence[tuple[int, int]], labels: Sequence[Size | None], gaps: Gaps,
    columns: Sequence[int] | None = None,
) -> Layout:  # fmt: skip
    """The places of vertices of these sizes, edges and their labels. With `columns` given, each edge must lead to a later
    one, and the vertices of a column keep their order; else both are found."""
    chosen = list(columns) if columns is not None else longest_path(len(sizes), edges)
    if any(chosen[a] >= chosen[b] for a, b in edges):
        raise ValueError("an edge does not lead to a later column")
    used = {c: i for i, c in enumerate(sorted(set(chosen)))}  # columns without a vertex take no room
    chain = _Chain([used[c] for c in chosen], sizes, edges, labels)
    before = crossings(chain.order, chain.pieces)
    order = reduce_crossings(chain.order, chain.pieces, frozenset(range(len(sizes))) if columns is not None else frozenset())
    across = _across(order, chain, gaps)
    spans = _spans(order, chain, gaps)
    stops = [Stop(*spans[rank], across[v]) for v, rank in enumerate(chain.rank)]
    starts = [spans[chain.rank[v]][0] + (_extent(spans[chain.rank[v]]) - size.length) // 2 for v, size in enumerate(sizes)]
    return Layout(
        tuple(used[c] for c in chosen), tuple(starts), tuple(across[: len(sizes)]),
        tuple(tuple(stops[v] for v in route) for route in chain.routes),
        tuple(None if v is None else stops[v] for v in chain.labels),
        tuple(spans), tuple(chain.rank[: len(sizes)]),
        max((end for _, end in spans), default=0),
        max((across[v] + chain.sizes[v].after for v in range(len(across))), default=0),
        (before, crossings(order, chain.pieces)),
    )  # fmt: skip


def _extent(span: tuple[int, int]) -> int:
    return span[1] - span[0]


@dataclass
class _Chain:
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


def _spans(order: Order, chain: _Chain, gaps: Gaps) -> list[tuple[int, int]]:
    """Where each rank begins and ends along the picture."""
    spans: list[tuple[int, int]] = []
    at = 0
    for rank, nodes in enumerate(order):
        length = max((chain.sizes[v].length for v in nodes), default=0)
        at += gaps.rank if rank else 0
        spans.append((at, at + length))
        at += length
    return spans


def _across(order: Order, chain: _Chain, gaps: Gaps) -> list[int]:
    """The place of each node across the picture, the first at the edge: relaxed towards straight lines, never out of order."""
    beside: list[list[tuple[int, float]]] = [[] for _ in chain.sizes]
    for a, b in chain.pieces:
        lines = (a >= len(chain.vertices)) + (b >= len(chain.vertices))
        weight = (DIRECT, BESIDE, THROUGH)[lines]
        beside[a].append((b, weight))
        beside[b].append((a, weight))
    offsets = [_offsets(nodes, chain, gaps) for nodes in order]
    place = [0.0] * len(chain.sizes)
    for nodes, apart in zip(order, offsets, strict=True):
        for v, offset in zip(nodes, apart, strict=True):
            place[v] = offset - apart[-1] / 2
    for turn in range(PASSES):
        for r in range(len(order)) if turn % 2 == 0 else reversed(range(len(order))):
            nodes, apart = order[r], offsets[r]
            weights = [sum(w for _, w in beside[v]) or 0.01 for v in nodes]
            wanted = [
                sum(place[u] * w for u, w in beside[v]) / weight if beside[v] else place[v]
                for v, weight in zip(nodes, weights, strict=True)
            ]
            found = ascending([x - offset for x, offset in zip(wanted, apart, strict=True)], weights)
            for v, base, offset in zip(nodes, found, apart, strict=True):
                place[v] = base + offset
    # rounded so that what is apart stays apart
    rounded = [0] * len(place)
    for nodes, apart in zip(order, offsets, strict=True):
        for v, offset in zip(nodes, apart, strict=True):
            rounded[v] = round(place[v] - offset + 1e-6) + offset
    least = min((rounded[v] - chain.sizes[v].before for v in range(len(rounded))), default=0)
    return [x - least for x in rounded]


def _offsets(nodes: Sequence[int], chain: _Chain, gaps: Gaps) -> list[int]:
    """How far each node of a rank must at least stand from the first."""
    offsets: list[int] = []
    at = 0
    for i, v in enumerate(nodes):
        if i:
            u = nodes[i - 1]
            line = chain.is_line(u) or chain.is_line(v)
            gap = gaps.line if line else gaps.label if v >= len(chain.vertices) else gaps.vertex
            at += chain.sizes[u].after + gap + chain.sizes[v].before
        offsets.append(at)
    return offsets
