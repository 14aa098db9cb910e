"""Which column each vertex of a graph stands in: the length of the longest path to it, sources beside what uses them first.

K. Sugiyama, S. Tagawa & M. Toda, Methods for visual understanding of hierarchical system structures, 1981, step I.
"""

from __future__ import annotations

from collections.abc import Sequence

Edges = Sequence[tuple[int, int]]  # (source, target); a pair may stand several times


def longest_path(count: int, edges: Edges) -> list[int]:
    """The column of each vertex, from 0: one more than that of the last of its predecessors. A vertex without predecessors
    stands one before the first of its successors, so that its lines are short.

    Raises ValueError for edges that run in a circle.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in edges:
        after[source].append(target)
        waiting[target] += 1
    sources = [v for v in range(count) if not waiting[v]]
    column = [0] * count
    ready = list(sources)
    for v in ready:  # grows while it is read
        for w in after[v]:
            column[w] = max(column[w], column[v] + 1)
            waiting[w] -= 1
            if not waiting[w]:
                ready.append(w)
    if len(ready) < count:
        raise ValueError("the edges run in a circle")
    for v in sources:
        if after[v]:
            column[v] = min(column[w] for w in after[v]) - 1
    return column
