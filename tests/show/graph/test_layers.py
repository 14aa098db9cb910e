"""Columns of vertices: the longest path, and short lines from the inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.show.graph.layers import longest_path


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """A graph whose edges lead from smaller to larger vertices; pairs may stand twice."""
    count = draw(st.integers(1, 14))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    edges = draw(st.lists(pair, max_size=24)) if count > 1 else []
    return count, [(min(p), max(p)) for p in edges]


@pytest.mark.parametrize(
    ("count", "edges", "expected"),
    [
        pytest.param(1, [], [0], id="a vertex alone"),
        pytest.param(4, [(0, 1), (1, 2), (2, 3)], [0, 1, 2, 3], id="a chain"),
        pytest.param(4, [(0, 1), (0, 2), (1, 3), (2, 3)], [0, 1, 1, 2], id="a diamond"),
        pytest.param(4, [(0, 1), (1, 3), (2, 3)], [0, 1, 1, 2], id="an input beside its first use"),
        pytest.param(3, [(0, 1), (1, 2), (0, 2)], [0, 1, 2], id="a long edge"),
        pytest.param(2, [(0, 1), (0, 1)], [0, 1], id="an argument used twice"),
    ],
)
def test_columns(count: int, edges: list[tuple[int, int]], expected: list[int]) -> None:
    assert longest_path(count, edges) == expected


@given(graphs())
def test_each_vertex_stands_right_behind_the_last_of_what_it_is_made_of(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = graph
    column = longest_path(count, edges)
    targets = {b for _, b in edges}
    for v in range(count):
        before, after = [column[a] for a, b in edges if b == v], [column[b] for a, b in edges if a == v]
        if v in targets:
            # a source moves towards its uses, never the vertex that is behind it
            assert column[v] >= 1 + max(before)
        elif after:
            assert column[v] == min(after) - 1
    longest = [0] * count
    for v in range(count):
        longest[v] = max((longest[a] + 1 for a, b in edges if b == v), default=0)
    assert [column[v] for v in sorted(targets)] == [longest[v] for v in sorted(targets)]


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        longest_path(2, [(0, 1), (1, 0)])


def test_a_long_chain_needs_no_recursion() -> None:
    count = 20_000
    assert longest_path(count, [(v, v + 1) for v in range(count - 1)])[-1] == count - 1
