"""In which order the nodes of each rank stand, so that few lines cross.

The barycentre method of K. Sugiyama, S. Tagawa & M. Toda, Methods for visual understanding of hierarchical system structures,
1981, step II: sweep forward and back, and sort each rank by the mean place of its nodes' neighbours. Crossings are counted as
in W. Barth, P. Mutzel & M. Jünger, Simple and efficient bilayer cross counting, 2004. Everything is deterministic: ties keep
the order that they have, and the first best order is the one that is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from wengert.show.graph.layers import Edges

SWEEPS = 12  # forward and back
Order = list[list[int]]  # the nodes of each rank, in order


def crossings(order: Sequence[Sequence[int]], edges: Edges) -> int:
    """How many pairs of edges cross, each edge leading from one rank to the next."""
    rank = {v: r for r, nodes in enumerate(order) for v in nodes}
    place = {v: i for nodes in order for i, v in enumerate(nodes)}
    between: list[list[tuple[int, int]]] = [[] for _ in order]
    for source, target in edges:
        between[rank[source]].append((place[source], place[target]))
    return sum(_inversions(sorted(pairs)) for pairs in between)


def reduce_crossings(order: Order, edges: Edges, kept: frozenset[int] = frozenset()) -> Order:
    """An order with no more crossings than the one given. The nodes `kept` stay in their order among one another."""
    before, after = _neighbours(edges)
    best, least = order, crossings(order, edges)
    for first_back in (False, True):
        now = [list(nodes) for nodes in order]
        for sweep in range(SWEEPS):
            if not least:
                return best
            back = (sweep % 2 == 1) != first_back
            ranks = range(len(now) - 2, -1, -1) if back else range(1, len(now))
            for r in ranks:
                beside, neighbours = (now[r + 1], after) if back else (now[r - 1], before)
                now[r] = _sorted(now[r], beside, neighbours, kept)
            _switch(now, before, after, kept)
            count = crossings(now, edges)
            if count < least:
                best, least = [list(nodes) for nodes in now], count
    return best


def _neighbours(edges: Edges) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for source, target in edges:
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    return before, after


def _sorted(nodes: Sequence[int], beside: Sequence[int], neighbours: dict[int, list[int]], kept: frozenset[int]) -> list[int]:
    """The nodes by the mean place of their neighbours in the rank beside; one without neighbours keeps its own."""
    place = {v: float(i) for i, v in enumerate(beside)}
    scale = len(beside) / max(1, len(nodes))
    key: dict[int, float] = {}
    for i, v in enumerate(nodes):
        places = [place[w] for w in neighbours.get(v, ())]
        key[v] = sum(places) / len(places) if places else i * scale
    staying = [v for v in nodes if v in kept]
    key.update(zip(staying, ascending([key[v] for v in staying], [1.0] * len(staying)), strict=True))
    return sorted(nodes, key=lambda v: key[v])  # stable


def _switch(order: Order, before: dict[int, list[int]], after: dict[int, list[int]], kept: frozenset[int]) -> None:
    """Change neighbours' places where that alone lessens the crossings: barycentres leave such pairs where means are alike."""
    place = {v: i for nodes in order for i, v in enumerate(nodes)}
    for nodes in order:
        for i in range(len(nodes) - 1):
            v, w = nodes[i], nodes[i + 1]
            if v in kept and w in kept:
                continue
            gain = 0
            for neighbours in (before, after):
                ours, theirs = ([place[u] for u in neighbours.get(x, ())] for x in (v, w))
                gain += sum((a > b) - (a < b) for a in ours for b in theirs)
            if gain > 0:
                nodes[i], nodes[i + 1] = w, v
                place[v], place[w] = i + 1, i


def _inversions(pairs: Sequence[tuple[int, int]]) -> int:
    """Pairs of edges whose ends stand in the other order than their beginnings; edges sorted by their beginnings."""
    size = max((b for _, b in pairs), default=0) + 1
    tree = [0] * (size + 1)  # a Fenwick tree of the ends seen so far
    count = 0
    for seen, (_, end) in enumerate(pairs):
        count += seen - _below(tree, end + 1)
        at = end + 1
        while at <= size:
            tree[at] += 1
            at += at & -at
    return count


def _below(tree: Sequence[int], at: int) -> int:
    total = 0
    while at:
        total += tree[at]
        at -= at & -at
    return total


def ascending(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The ascending sequence nearest to the wanted one, in weighted squares: neighbours that stand wrong are put to their
    common mean (pool adjacent violators; Barlow, Bartholomew, Bremner & Brunk, Statistical inference under order restrictions,
    1972).

    >>> ascending([1, 4, 2], [1, 1, 1])
    [1.0, 3.0, 3.0]
    """
    pools: list[tuple[float, float, int]] = []  # mean, weight, length
    for value, weight in zip(wanted, weights, strict=True):
        mean, total, length = float(value), weight, 1
        while pools and pools[-1][0] > mean:
            other, more, further = pools.pop()
            mean = (mean * total + other * more) / (total + more)
            total, length = total + more, length + further
        pools.append((mean, total, length))
    return [mean for mean, _, length in pools for _ in range(length)]
