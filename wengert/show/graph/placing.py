"""The place of every node across the picture: the order of the ranks and the sizes kept, lines as straight as can be.

First all ranks are relaxed towards the least sum of squared bends, one after the other (each is a problem of its own, see
`ascending` in ordering.py). Then the lines that pass several ranks are pulled straight, as far as their neighbours let them, so
that they bend at their ends (the linear segments of G. Sander, A fast heuristic for hierarchical Manhattan layout, 1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import fsum

from wengert.show.graph.chain import Chain, Gaps
from wengert.show.graph.ordering import Order, ascending

PASSES = 120  # over all ranks
THROUGH, BESIDE, DIRECT = 8.0, 2.0, 1.0  # how strongly a line is straightened: inside a long one, at its ends, a short one
PULLS = 2  # over all lines


def places(order: Order, chain: Chain, gaps: Gaps) -> list[int]:
    """The axis of each node, the first at the edge of the picture."""
    offsets = [_offsets(nodes, chain, gaps) for nodes in order]
    place = _relaxed(order, offsets, chain)
    rounded = [0] * len(place)
    for nodes, apart in zip(order, offsets, strict=True):
        for v, offset in zip(nodes, apart, strict=True):
            rounded[v] = round(place[v] - offset + 1e-6) + offset  # what is apart stays apart
    _Straightening(chain, gaps, _neighbours(order), rounded).pull()
    least = min((rounded[v] - chain.sizes[v].before for v in range(len(rounded))), default=0)
    return [x - least for x in rounded]


def _offsets(nodes: Sequence[int], chain: Chain, gaps: Gaps) -> list[int]:
    """How far each node of a rank must at least stand from the first."""
    return list(accumulate((chain.apart(u, v, gaps) for u, v in pairwise(nodes)), initial=0))[: len(nodes)]


def _relaxed(order: Order, offsets: Sequence[Sequence[int]], chain: Chain) -> list[float]:
    beside: list[list[tuple[int, float]]] = [[] for _ in chain.sizes]
    for a, b in chain.pieces:
        lines = (a >= len(chain.vertices)) + (b >= len(chain.vertices))
        weight = (DIRECT, BESIDE, THROUGH)[lines]
        beside[a].append((b, weight))
        beside[b].append((a, weight))
    place = [0.0] * len(chain.sizes)
    for nodes, apart in zip(order, offsets, strict=True):
        for v, offset in zip(nodes, apart, strict=True):
            place[v] = offset - apart[-1] / 2
    for turn in range(PASSES):
        for r in range(len(order)) if turn % 2 == 0 else reversed(range(len(order))):
            nodes, apart = order[r], offsets[r]
            weights = [fsum(w for _, w in beside[v]) or 0.01 for v in nodes]
            wanted = [
                fsum(place[u] * w for u, w in beside[v]) / weight if beside[v] else place[v]
                for v, weight in zip(nodes, weights, strict=True)
            ]
            found = ascending([x - offset for x, offset in zip(wanted, apart, strict=True)], weights)
            for v, base, offset in zip(nodes, found, apart, strict=True):
                place[v] = base + offset
    return place


def _neighbours(order: Order) -> dict[int, tuple[int | None, int | None]]:
    """The nodes before and after each one in its rank."""
    found: dict[int, tuple[int | None, int | None]] = {}
    for nodes in order:
        for i, v in enumerate(nodes):
            found[v] = (nodes[i - 1] if i else None, nodes[i + 1] if i + 1 < len(nodes) else None)
    return found


@dataclass
class _Straightening:
    """`place` is changed: what a line passes through moves together, within the room that its neighbours leave."""

    chain: Chain
    gaps: Gaps
    neighbours: dict[int, tuple[int | None, int | None]]
    place: list[int]

    def pull(self) -> None:
        long = sorted((route for route in self.chain.routes if len(route) > 3), key=lambda route: -len(route))
        for _ in range(PULLS):
            for route in long:
                at = 1
                while at < len(route) - 1:
                    at = self._pull(route, at)

    def _pull(self, route: Sequence[int], start: int) -> int:
        """Put as much of the line as can be on one place, from `start` on; where the rest begins."""
        low, high = self._room(route[start])
        end = start + 1
        while end < len(route) - 1:
            least, most = self._room(route[end])
            if max(low, least) > min(high, most):
                break
            low, high = max(low, least), min(high, most)
            end += 1
        nodes = route[start:end]
        ends = [self.place[route[start - 1]], self.place[route[end]]]
        mean = round(fsum(self.place[v] for v in nodes) / len(nodes))
        wanted = next((x for x in ends if low <= x <= high), min(max(mean, low), high))
        for v in nodes:
            self.place[v] = int(wanted)
        return end

    def _room(self, v: int) -> tuple[float, float]:
        before, after = self.neighbours[v]
        low = float("-inf") if before is None else self.place[before] + self.chain.apart(before, v, self.gaps)
        high = float("inf") if after is None else self.place[after] - self.chain.apart(v, after, self.gaps)
        return low, high
