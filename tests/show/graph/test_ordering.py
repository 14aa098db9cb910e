"""Orders in which few lines cross."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.show.graph.ordering import Order, ascending, crossings, reduce_crossings


@st.composite
def ranked(draw: st.DrawFn) -> tuple[Order, list[tuple[int, int]]]:
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    order: Order = []
    for size in sizes:
        start = sum(map(len, order))
        order.append(list(range(start, start + size)))
    edges: list[tuple[int, int]] = []
    for left, right in pairwise(order):
        edges += draw(st.lists(st.tuples(st.sampled_from(left), st.sampled_from(right)), max_size=8))
    return order, edges


def counted_by_hand(order: Order, edges: list[tuple[int, int]]) -> int:
    place = {v: (r, i) for r, nodes in enumerate(order) for i, v in enumerate(nodes)}
    lines = [(place[a], place[b]) for a, b in edges]
    return sum(
        1 for (a, b), (c, d) in combinations(lines, 2) if a[0] == c[0] and (a[1] - c[1]) * (b[1] - d[1]) < 0
    )  # fmt: skip


@given(ranked())
def test_crossings_are_those_that_one_counts(graph: tuple[Order, list[tuple[int, int]]]) -> None:
    assert crossings(*graph) == counted_by_hand(*graph)


@given(ranked(), st.data())
def test_reducing_never_adds_crossings_and_loses_no_node(
    graph: tuple[Order, list[tuple[int, int]]], data: st.DataObject
) -> None:
    order, edges = graph
    kept = frozenset(data.draw(st.sets(st.sampled_from([v for nodes in order for v in nodes]))))
    found = reduce_crossings(order, edges, kept)
    assert crossings(found, edges) <= crossings(order, edges)
    assert [sorted(nodes) for nodes in found] == [sorted(nodes) for nodes in order]
    for before, after in zip(order, found, strict=True):
        assert [v for v in after if v in kept] == [v for v in before if v in kept]
    assert found == reduce_crossings(order, edges, kept)


@pytest.mark.parametrize(
    ("order", "edges", "least"),
    [
        pytest.param([[0, 1], [2, 3]], [(0, 3), (1, 2)], 0, id="two lines that cross"),
        pytest.param([[0, 1], [2, 3]], [(0, 2), (0, 3), (1, 2), (1, 3)], 1, id="what cannot be drawn without"),
        pytest.param([[0, 1, 2], [3, 4, 5]], [(0, 5), (1, 4), (2, 3)], 0, id="all turned around"),
        pytest.param([[0], [1, 2], [3, 4], [5]], [(0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 5)], 0, id="a braid"),
    ],
)
def test_how_far_crossings_go_down(order: Order, edges: list[tuple[int, int]], least: int) -> None:
    assert crossings(reduce_crossings(order, edges), edges) == least


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 4)), min_size=1, max_size=9))
def test_ascending_is_ascending_and_the_nearest(pairs: list[tuple[int, int]]) -> None:
    wanted, weights = [float(x) for x, _ in pairs], [float(w) for _, w in pairs]
    found = ascending(wanted, weights)
    assert all(a <= b for a, b in pairwise(found))
    # the mean of what is wanted stays, and no step up or down of an end part brings the sequence nearer
    assert sum(w * x for w, x in zip(weights, found, strict=True)) == pytest.approx(
        sum(w * x for w, x in zip(weights, wanted, strict=True))
    )
    cost = sum(w * (x - y) ** 2 for w, x, y in zip(weights, wanted, found, strict=True))
    for cut in range(len(found)):
        for step in (-0.01, 0.01):
            moved = [x + step * (i >= cut) for i, x in enumerate(found)]
            if all(a <= b for a, b in pairwise(moved)):
                assert sum(w * (x - y) ** 2 for w, x, y in zip(weights, wanted, moved, strict=True)) >= cost - 1e-9
