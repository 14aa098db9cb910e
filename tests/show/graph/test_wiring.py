"""The ways of lines in whole cells: connected from vertex to vertex, and never one over another."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from wengert.show.graph.chain import Gaps, Size
from wengert.show.graph.layers import longest_path
from wengert.show.graph.wiring import Line, Wired, wire

GAPS = Gaps(rank=0, vertex=1, label=0, line=1)
BACK, AHEAD, UP, DOWN = 1, 2, 4, 8


@dataclass(frozen=True)
class Given:
    sizes: list[Size]
    edges: list[tuple[int, int]]
    labels: list[Size]
    fixed: bool

    def wired(self) -> Wired:
        columns = longest_path(len(self.sizes), self.edges) if self.fixed else None
        ends = [sorted(range(1 - size.before, size.after - 1), key=abs) for size in self.sizes]
        return wire(self.sizes, self.edges, self.labels, GAPS, ends, columns, 2)


@st.composite
def graphs(draw: st.DrawFn) -> Given:
    count = draw(st.integers(2, 9))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    edges = [(min(p), max(p)) for p in draw(st.lists(pair, min_size=1, max_size=14))]
    sizes = []
    for _ in range(count):
        height = draw(st.integers(3, 7))
        sizes.append(Size(draw(st.integers(5, 9)), height // 2, height - height // 2))
    labels = [Size(draw(st.integers(1, 9)), 0, draw(st.integers(1, 2))) for _ in edges]
    return Given(sizes, edges, labels, draw(st.booleans()))


def directions(lines: list[Line]) -> dict[tuple[int, int], dict[int, int]]:
    """In which directions each net leaves each cell."""
    found: dict[tuple[int, int], dict[int, int]] = {}
    for line in lines:
        (a, b), last = sorted((line.start, line.end))
        ahead, back = (AHEAD, BACK) if line.along else (DOWN, UP)
        if (a, b) == last:
            found.setdefault(last, {}).setdefault(line.net, 0)
            found[last][line.net] |= ahead | back
        while (a, b) != last:
            here = found.setdefault((a, b), {})
            here[line.net] = here.get(line.net, 0) | ahead
            a, b = (a + 1, b) if line.along else (a, b + 1)
            here = found.setdefault((a, b), {})
            here[line.net] = here.get(line.net, 0) | back
    return found


@given(graphs())
@settings(max_examples=80)
def test_lines_of_different_nets_cross_at_right_angles_alone(given: Given) -> None:
    for cell, nets in directions(list(given.wired().lines)).items():
        if len(nets) > 1:
            assert sorted(nets.values()) in ([BACK | AHEAD, UP | DOWN], [AHEAD, UP | DOWN], [BACK, UP | DOWN]), (cell, nets)


@given(graphs())
@settings(max_examples=80)
def test_no_line_runs_through_a_box_or_a_foreign_label(given: Given) -> None:
    wired = given.wired()
    cells = directions(list(wired.lines))
    for size, (along, axis) in zip(given.sizes, wired.vertices, strict=True):
        inside = {(a, b) for a in range(along, along + size.length) for b in range(axis - size.before, axis + size.after)}
        assert not inside & cells.keys()
    for size, (along, axis) in zip(given.labels, wired.labels, strict=True):
        nets = [set(cells.get((a, axis), {})) for a in range(along, along + size.length)]
        assert all(found == nets[0] and len(found) == 1 for found in nets)
        below = {(a, b) for a in range(along, along + size.length) for b in range(axis + 1, axis + size.after)}
        assert not below & cells.keys()


@given(graphs())
@settings(max_examples=80)
def test_every_edge_goes_from_its_source_to_its_target_through_its_label(given: Given) -> None:
    wired = given.wired()
    cells = set(directions(list(wired.lines)))
    for (source, target), size, label in zip(given.edges, given.labels, wired.labels, strict=True):
        begin, end = wired.vertices[source], wired.vertices[target]
        sides = given.sizes[source], given.sizes[target]
        starts = {(begin[0] + sides[0].length, begin[1] + r) for r in range(-sides[0].before, sides[0].after)} & cells
        arrows = {(end[0] - 1, end[1] + r) for r in range(-sides[1].before, sides[1].after)} & set(wired.arrows)
        assert len(arrows) == 1
        reached = _reached(starts, cells)
        assert arrows <= reached
        assert label in reached
        assert len(size_cells(label, size) - reached) == 0


def size_cells(label: tuple[int, int], size: Size) -> set[tuple[int, int]]:
    return {(label[0] + i, label[1]) for i in range(size.length)}


def _reached(starts: set[tuple[int, int]], cells: set[tuple[int, int]]) -> set[tuple[int, int]]:
    found = set(starts)
    waiting = list(starts)
    while waiting:
        a, b = waiting.pop()
        for cell in ((a + 1, b), (a - 1, b), (a, b + 1), (a, b - 1)):
            if cell in cells and cell not in found:
                found.add(cell)
                waiting.append(cell)
    return found
