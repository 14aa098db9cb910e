"""Lines between two ranks: nets do not run into one another."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.show.graph.channels import Net, assign, settle


def net(leaves: int | set[int], arrives: int | set[int]) -> Net:
    return Net(
        frozenset({leaves} if isinstance(leaves, int) else leaves),
        frozenset({arrives} if isinstance(arrives, int) else arrives),
    )


@pytest.mark.parametrize(
    ("nets", "channels"),
    [
        pytest.param([net(1, 1)], [None], id="straight through"),
        pytest.param([net(1, 3)], [0], id="one bend"),
        pytest.param([net(1, 2), net(5, 6)], [0, 0], id="two apart share a channel"),
        pytest.param([net(1, 3), net(2, 4)], [0, 1], id="two that overlap do not"),
        pytest.param([net(1, 3), net(3, 5)], [1, 0], id="who leaves where another arrives turns off first"),
        pytest.param([net(1, {1, 3, 5})], [0], id="a branching"),
        pytest.param([net(1, 3), net(3, 1)], None, id="two that wait for one another"),
    ],
)
def test_channels(nets: list[Net], channels: list[int | None] | None) -> None:
    assert assign(nets) == channels


@st.composite
def gaps(draw: st.DrawFn) -> list[Net]:
    """Nets that leave one row each and share none."""
    count = draw(st.integers(1, 5))
    leaves = draw(st.lists(st.integers(0, 12), min_size=count, max_size=count, unique=True))
    arrives = draw(st.lists(st.integers(0, 12), min_size=count, max_size=10, unique=True))
    owner = [i if i < count else draw(st.integers(0, count - 1)) for i in range(len(arrives))]
    return [
        Net(frozenset({leaves[i]}), frozenset(r for r, o in zip(arrives, owner, strict=True) if o == i)) for i in range(count)
    ]


def cells(nets: list[Net], channels: list[int | None]) -> list[tuple[set[tuple[int, int]], set[tuple[int, int]]]]:
    """The level and the upright pieces of each net's lines, between column -1 and column `width`."""
    width = max((c for c in channels if c is not None), default=-1) + 1
    found = []
    for net, channel in zip(nets, channels, strict=True):
        level, upright = set(), set()
        for row in net.leaves:
            level |= {(row, c) for c in range(-1, width if channel is None else channel)}
        if channel is not None:
            for row in net.arrives:
                level |= {(row, c) for c in range(channel, width)}
            low, high = net.span
            upright = {(r, channel) for r in range(low, high)}
        found.append((level, upright))
    return found


@given(gaps())
def test_lines_of_different_nets_cross_at_most(nets: list[Net]) -> None:
    found = assign(nets)
    if found is None:
        return
    for (level, upright), (other_level, other_upright) in combinations(cells(nets, found), 2):
        assert not level & other_level
        assert not upright & other_upright


@given(gaps())
def test_rows_that_are_moved_are_free_and_end_the_waiting(nets: list[Net]) -> None:
    ends = {i: sorted(range(-3, 16), key=lambda row, i=i: abs(row - min(nets[i].leaves))) for i in range(len(nets))}  # type: ignore[misc]
    found = settle(nets, ends, True)
    assert found is not None  # with rows enough, nets can always be drawn
    moved, channels = found
    assert [n.arrives for n in moved] == [n.arrives for n in nets]
    rows = [row for n in moved for row in n.leaves]
    assert len(set(rows)) == len(rows)
    assert channels == assign(moved)


def test_where_no_row_helps_there_is_no_way() -> None:
    assert settle([net(1, 3), net(3, 1)], {}, True) is None
    assert settle([net(1, 3), net(3, 1)], {0: [1, 3]}, True) is None
    assert settle([net(1, 3), net(3, 1)], {0: [1, 2]}, True) == ([net(2, 3), net(3, 1)], [1, 0])
