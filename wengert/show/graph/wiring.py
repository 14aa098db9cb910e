"""A layout in whole cells, with the ways of its lines: what a drawing of characters is made from.

Along and across are as in layout.py; whoever draws it turns them into columns and rows, or into rows and columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wengert.show.graph.chain import Gaps, Size
from wengert.show.graph.channels import Net, settle
from wengert.show.graph.layout import Layout, lay_out

Cell = tuple[int, int]  # (along, across)


@dataclass(frozen=True, slots=True)
class Line:
    """From cell to cell, both included, `along` the picture or across it. Lines of one net join where they meet."""

    start: Cell
    end: Cell
    net: int
    along: bool


@dataclass(frozen=True, slots=True)
class Wired:
    """`vertices` and `labels` by their first cell along and their axis across; `spans` are the ranks' beginnings and ends, of
    which those of `columns` hold vertices; `arrows` the cells before the vertices in which lines end."""

    vertices: tuple[Cell, ...]
    labels: tuple[Cell, ...]
    spans: tuple[Cell, ...]
    columns: tuple[int, ...]
    lines: tuple[Line, ...]
    arrows: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Gap:
    """Between two ranks: the net of each edge that passes, and the nets with their channels (None: straight through)."""

    net_of: dict[int, int]
    nets: list[Net]
    channels: list[int | None]

    def width(self, least: int) -> int:
        """Before the channels a line leaves, behind them it arrives; `least` is the width without any."""
        used = [c for c in self.channels if c is not None]
        return 3 + max(used) if used else least


def wire(
    sizes: Sequence[Size], edges: Sequence[tuple[int, int]], labels: Sequence[Size], gaps: Gaps, ends: Sequence[Sequence[int]],
    columns: Sequence[int] | None, least: int,
) -> Wired:  # fmt: skip
    """Every edge has a label, if only of one cell. `ends` are for each vertex the places where lines may leave and meet it,
    counted from its axis; the first is the one that they take where they can. `least` is the width of a gap in which no line
    turns."""
    layout = lay_out(sizes, edges, labels, gaps, columns)
    for scale in (1, 2):
        maker = _Maker(layout, sizes, edges, labels, ends, scale, least)
        made = maker.gaps()
        if made is not None:
            return maker.wired(made)
    raise AssertionError("places apart cannot meet")


@dataclass(frozen=True)
class _Maker:
    """`scale` 2 puts vertices on even places and labels on odd ones, so that no line arrives where another one leaves."""

    layout: Layout
    sizes: Sequence[Size]
    edges: Sequence[tuple[int, int]]
    labels: Sequence[Size]
    ends: Sequence[Sequence[int]]
    scale: int
    least: int

    def _place(self, rank: int, across: int) -> int:
        return across if self.scale == 1 else 2 * across + (rank not in self.layout.rank_of)

    def _passing(self, rank: int) -> Iterator[tuple[int, int]]:
        """(edge, where on its way) for each edge that passes the gap behind the rank."""
        for j, (source, _) in enumerate(self.edges):
            at = rank - self.layout.rank_of[source]
            if 0 <= at < len(self.layout.routes[j]) - 1:
                yield j, at

    def gaps(self) -> list[_Gap] | None:
        """All gaps, None where lines would run into one another."""
        found: list[_Gap] = []
        for rank in range(len(self.layout.spans) - 1):
            gap = self._gap(rank)
            if gap is None:
                return None
            found.append(gap)
        return found

    def _gap(self, rank: int) -> _Gap | None:
        """Behind a rank of vertices the edges of one source are one net, before one those of one target."""
        leaving = rank in self.layout.rank_of
        known: dict[tuple[bool, int], int] = {}
        net_of: dict[int, int] = {}
        rows: list[tuple[set[int], set[int]]] = []
        choices: dict[int, list[int]] = {}
        for j, at in self._passing(rank):
            route = self.layout.routes[j]
            before, after = self._place(rank, route[at].across), self._place(rank + 1, route[at + 1].across)
            ends_here = at == 0 if leaving else at + 2 == len(route)
            vertex = self.edges[j][0 if leaving else 1]
            net = net_of[j] = known.setdefault((ends_here, vertex if ends_here else j), len(known))
            if net == len(rows):
                rows.append((set(), set()))
            if ends_here:
                axis = before if leaving else after
                choices[net] = [axis + beside for beside in self.ends[vertex]]
                before, after = (choices[net][0], after) if leaving else (before, choices[net][0])
            rows[net][0].add(before)
            rows[net][1].add(after)
        found = settle([Net(frozenset(a), frozenset(b)) for a, b in rows], choices, leaving)
        return None if found is None else _Gap(net_of, *found)

    def wired(self, gaps: Sequence[_Gap]) -> Wired:
        spans = self._spans(gaps)
        begins = [self._begin(rank, size, spans) for rank, size in zip(self.layout.rank_of, self.sizes, strict=True)]
        lines: list[Line] = []
        arrows: dict[Cell, None] = {}
        for j, (source, target) in enumerate(self.edges):
            first, route = self.layout.rank_of[source], self.layout.routes[j]
            start = begins[source] + self.sizes[source].length
            number = sum(len(gap.nets) for gap in gaps[:first])
            for at in range(len(route) - 1):
                gap = gaps[first + at]
                net = gap.net_of[j]
                row, further = self._rows(gap.nets[net], first + at, route[at].across, route[at + 1].across)
                last = at + 2 == len(route)
                end = begins[target] - 1 if last else spans[first + at + 1][1] - 1
                channel = gap.channels[net]
                turn = spans[first + at][1] + 1 + (channel or 0)
                if channel is None:
                    lines.append(Line((start, row), (end, row), number + net, True))
                else:
                    lines.append(Line((start, row), (turn, row), number + net, True))
                    if row != further:
                        lines.append(Line((turn, row), (turn, further), number + net, False))
                    lines.append(Line((turn, further), (end, further), number + net, True))
                if last:
                    arrows[end, further] = None
                start = spans[first + at + 1][1]
                number += len(gap.nets)
        vertices = [
            (begin, self._place(r, a)) for begin, r, a in zip(begins, self.layout.rank_of, self.layout.across, strict=True)
        ]
        placed = []
        for (_, target), size, route in zip(self.edges, self.labels, self.layout.routes, strict=True):
            rank = self.layout.rank_of[target] - 1
            placed.append((self._begin(rank, size, spans), self._place(rank, route[-2].across)))
        columns = tuple(dict.fromkeys(sorted(self.layout.rank_of)))
        return Wired(tuple(vertices), tuple(placed), tuple(spans), columns, tuple(lines), tuple(arrows))

    def _rows(self, net: Net, rank: int, across: int, further: int) -> tuple[int, int]:
        """Where an edge of the net leaves and arrives: where it ends in a vertex, on the one row of its net there."""
        row, after = self._place(rank, across), self._place(rank + 1, further)
        return (row if row in net.leaves else min(net.leaves)), (after if after in net.arrives else min(net.arrives))

    def _spans(self, gaps: Sequence[_Gap]) -> list[Cell]:
        spans: list[Cell] = []
        at = 0
        for rank, (start, end) in enumerate(self.layout.spans):
            at += gaps[rank - 1].width(self.least) if rank else 0
            spans.append((at, at + end - start))
            at += end - start
        return spans

    @staticmethod
    def _begin(rank: int, size: Size, spans: Sequence[Cell]) -> int:
        start, end = spans[rank]
        return start + (end - start - size.length) // 2
