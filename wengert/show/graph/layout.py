"""Where everything of a drawn graph stands: a layered layout, deterministic, for any unit (pixels, a terminal's cells).

Layers follow one another along the picture, and what stands in one layer lies across it. Between the columns of vertices there
are ranks for what stands beside the edges: a label takes a place of its own like a vertex, and a line that passes a rank takes
a narrow one, so that nothing lies over anything (K. Sugiyama, S. Tagawa & M. Toda, Methods for visual understanding of
hierarchical system structures, 1981). Places across are those with the least sum of squared bends that the order and the sizes
allow, found in placing.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wengert.show.graph.chain import Chain, Gaps, Size
from wengert.show.graph.layers import longest_path
from wengert.show.graph.ordering import Order, crossings, reduce_crossings
from wengert.show.graph.placing import places


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
    chain = Chain([used[c] for c in chosen], sizes, edges, labels)
    before = crossings(chain.order, chain.pieces)
    order = reduce_crossings(chain.order, chain.pieces, frozenset(range(len(sizes))) if columns is not None else frozenset())
    across = places(order, chain, gaps)
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


def _spans(order: Order, chain: Chain, gaps: Gaps) -> list[tuple[int, int]]:
    """Where each rank begins and ends along the picture."""
    spans: list[tuple[int, int]] = []
    at = 0
    for rank, nodes in enumerate(order):
        length = max((chain.sizes[v].length for v in nodes), default=0)
        at += gaps.rank if rank else 0
        spans.append((at, at + length))
        at += length
    return spans
