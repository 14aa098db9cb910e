"""The layout: nothing lies over anything, lines go forward, and the same graph is always laid out alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wengert.show.graph.chain import Gaps, Size
from wengert.show.graph.layers import longest_path
from wengert.show.graph.layout import Layout, lay_out

GAPS = Gaps(rank=12, vertex=7, label=3, line=2)


@dataclass(frozen=True)
class Given:
    sizes: list[Size]
    edges: list[tuple[int, int]]
    labels: list[Size | None]
    columns: list[int] | None

    def laid_out(self) -> Layout:
        return lay_out(self.sizes, self.edges, self.labels, GAPS, self.columns)


SIZES = st.builds(Size, st.integers(1, 60), st.integers(1, 20), st.integers(1, 30))


@st.composite
def graphs(draw: st.DrawFn) -> Given:
    count = draw(st.integers(1, 10))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    edges = [(min(p), max(p)) for p in draw(st.lists(pair, max_size=16))] if count > 1 else []
    labels = [draw(st.none() | SIZES) for _ in edges]
    columns = draw(st.none() | st.just(longest_path(count, edges)))
    return Given([draw(SIZES) for _ in range(count)], edges, labels, columns)


Rectangle = tuple[int, int, int, int]  # from along, to along, from across, to across


def rectangles(given: Given, layout: Layout) -> list[Rectangle]:
    found = []
    for size, start, across in zip(given.sizes, layout.starts, layout.across, strict=True):
        found.append((start, start + size.length, across - size.before, across + size.after))
    for size, stop in zip(given.labels, layout.labels, strict=True):
        if size is not None and stop is not None:
            middle = (stop.start + stop.end - size.length) // 2
            found.append((middle, middle + size.length, stop.across - size.before, stop.across + size.after))
    return found


def apart(a: Rectangle, b: Rectangle) -> bool:
    return a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]


@given(graphs())
@settings(deadline=None)
def test_nothing_lies_over_anything(given: Given) -> None:
    layout = given.laid_out()
    found = rectangles(given, layout)
    assert all(apart(a, b) for a, b in combinations(found, 2))
    assert all(r[0] >= 0 and r[1] <= layout.length and r[2] >= 0 and r[3] <= layout.breadth for r in found)


@given(graphs())
@settings(deadline=None)
def test_lines_go_forward_from_source_to_target_and_pass_beside_all_else(given: Given) -> None:
    layout = given.laid_out()
    boxes = rectangles(given, layout)[: len(given.sizes)]
    for (source, target), route in zip(given.edges, layout.routes, strict=True):
        assert (route[0].across, route[-1].across) == (layout.across[source], layout.across[target])
        assert all(a.end <= b.start for a, b in pairwise(route))
        for stop in route[1:-1]:
            for start, end, low, high in boxes:
                # a stop is straight across its rank: it must not run through a vertex there
                assert not (start < stop.end and stop.start < end and low < stop.across < high)


@given(graphs())
@settings(deadline=None)
def test_columns_are_those_of_the_longest_path(given: Given) -> None:
    layout = given.laid_out()
    columns = given.columns or longest_path(len(given.sizes), given.edges)
    assert list(layout.columns) == columns
    for size, start, column in zip(given.sizes, layout.starts, layout.columns, strict=True):
        assert layout.ranks[column][0] <= start and start + size.length <= layout.ranks[column][1]


@given(graphs())
@settings(deadline=None)
def test_crossings_are_never_more_than_before_and_the_layout_is_always_the_same(given: Given) -> None:
    layout = given.laid_out()
    assert layout.crossings[1] <= layout.crossings[0]
    assert layout == given.laid_out()


def test_a_column_that_is_given_keeps_its_order() -> None:
    """Neurons stand in the order of their numbers, whatever their lines."""
    size = Size(10, 5, 5)
    edges = [(0, 5), (1, 4), (2, 3)]
    layout = lay_out([size] * 6, edges, [None] * 3, GAPS, [0, 0, 0, 1, 1, 1])
    for column in (layout.across[:3], layout.across[3:]):
        assert list(column) == sorted(column)
    free = lay_out([size] * 6, edges, [None] * 3, GAPS)
    assert free.crossings == (3, 0)
    assert layout.crossings == (3, 3)


def test_a_chain_is_straight() -> None:
    layout = lay_out([Size(10, 5, 5)] * 4, [(0, 1), (1, 2), (2, 3)], [Size(20, 8, 8), None, None], GAPS)
    assert len(set(layout.across)) == 1
    assert layout.starts == (0, 54, 76, 98)


def test_an_edge_back_is_refused() -> None:
    with pytest.raises(ValueError, match="later column"):
        lay_out([Size(1, 1, 1)] * 2, [(0, 1)], [None], GAPS, [1, 1])


def test_no_vertex_no_room() -> None:
    layout = lay_out([], [], [], GAPS)
    assert (layout.length, layout.breadth) == (0, 0)
