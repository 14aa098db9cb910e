"""How lines of characters get from rank to rank: in the gap between two ranks each net has a channel for what runs across.

A net is what leaves one node, or what meets in one: its lines may share their way. Lines of different nets cross at right
angles and never run into one another: where a net arrives on the row on which another one leaves, the one that leaves turns
off first.
(The channel routing of circuits: A. Hashimoto & J. Stevens, Wire routing by optimizing channel assignment, 1971.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Net:
    """The rows on which it leaves the rank before and arrives at the rank after."""

    leaves: frozenset[int]
    arrives: frozenset[int]

    @property
    def span(self) -> tuple[int, int]:
        rows = self.leaves | self.arrives
        return min(rows), max(rows)

    @property
    def straight(self) -> bool:
        return len(self.leaves | self.arrives) == 1


def assign(nets: Sequence[Net]) -> list[int | None] | None:
    """The channel of each net, from 0 in the lines' direction, None for one that runs straight through. None for all where nets
    wait for one another in a circle."""
    first = _before(nets)
    waiting = {i: set(others) for i, others in first.items()}
    channel: list[int | None] = [None] * len(nets)
    placed: list[int] = []
    while waiting:
        ready = [i for i, others in waiting.items() if not others]
        if not ready:
            return None
        i = min(ready, key=lambda n: (nets[n].span, n))
        del waiting[i]
        for others in waiting.values():
            others.discard(i)
        if nets[i].straight:
            continue
        least = max((1 + at for j in first[i] for at in (channel[j],) if at is not None), default=0)
        taken = {channel[j] for j in placed if _overlap(nets[i], nets[j])}
        channel[i] = next(c for c in range(least, least + len(nets) + 1) if c not in taken)
        placed.append(i)
    return channel


def settle(nets: Sequence[Net], ends: Mapping[int, Iterable[int]], leaving: bool) -> tuple[list[Net], list[int | None]] | None:
    """Nets that can have channels, and those: where they wait for one another, single ones move the row at which they leave
    (or, not `leaving`, arrive) to another of `ends`. None where that does not help."""
    found = assign(nets)
    if found is not None:
        return list(nets), found
    now = list(nets)
    best = _in_circles(now)
    for i in sorted(ends):
        kept = now[i]
        for row in ends[i]:
            if any((other.leaves if leaving else other.arrives) & {row} for j, other in enumerate(now) if j != i):
                continue
            now[i] = Net(frozenset({row}), kept.arrives) if leaving else Net(kept.leaves, frozenset({row}))
            left = _in_circles(now)
            if left < best:
                best, kept = left, now[i]
        now[i] = kept
        if not best:
            channels = assign(now)
            return None if channels is None else (now, channels)
    return None


def _before(nets: Sequence[Net]) -> dict[int, set[int]]:
    """For each net those that must turn off before it: they leave on a row on which it arrives."""
    leaves = {row: i for i, net in enumerate(nets) for row in net.leaves}
    return {i: {leaves[r] for r in net.arrives if leaves.get(r, i) != i} for i, net in enumerate(nets)}


def _in_circles(nets: Sequence[Net]) -> int:
    """How many nets cannot be put in an order."""
    waiting = _before(nets)
    while True:
        ready = [i for i, others in waiting.items() if not others & waiting.keys()]
        if not ready:
            return len(waiting)
        for i in ready:
            del waiting[i]


def _overlap(a: Net, b: Net) -> bool:
    (low, high), (other_low, other_high) = a.span, b.span
    return low <= other_high and other_low <= high
