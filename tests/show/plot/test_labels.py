"""Words find room on nothing else; labels beside line ends are moved apart as little as that takes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.show.plot.labels import CLOSE, Box, Room, dense, spread
from wengert.show.vector import cut, escaped, width, wrapped

FRAME = Box(0, 0, 200, 100)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=12))
def test_labels_are_moved_apart_in_their_order(wanted: list[float]) -> None:
    made = spread(wanted, 18, 9, 291)
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    assert all(made[b] - made[a] >= 18 - 1e-9 for a, b in pairwise(order))
    assert all(9 - 1e-9 <= y <= 291 + 1e-9 for y in made)


def test_labels_stay_where_there_is_room() -> None:
    assert spread([10, 50, 90], 18, 0, 100) == [10, 50, 90]
    assert spread([50, 50], 18, 0, 100) == [41, 59]
    assert spread([30, 10, 30], 18, 0, 100) == pytest.approx([70 / 3, 70 / 3 - 18, 70 / 3 + 18])
    assert spread([0, 100], 18, 9, 91) == [9, 91]


def test_a_name_stands_beside_its_own_curve() -> None:
    low, high = dense([[(0, 80), (200, 80)]]), dense([[(0, 20), (200, 20)]])
    room = Room(FRAME, [low, high])
    first, second = room.along(0, 40, 10), room.along(1, 40, 10)
    assert first is not None and second is not None and not first.meets(second)
    assert min(map(first.distance, low)) < min(map(first.distance, high))
    assert min(map(second.distance, high)) < min(map(second.distance, low))
    assert all(box.distance(p) >= CLOSE for box in (first, second) for p in (*low, *high))


def test_a_name_without_room_has_none() -> None:
    same = dense([[(0, 50), (200, 50)]])
    assert Room(FRAME, [same, same]).along(0, 40, 10) is None
    assert Room(FRAME, [same]).along(0, 300, 10) is None
    crowd = dense([[(0, y), (200, y)] for y in range(0, 101, 8)])
    assert Room(FRAME, [crowd]).beside((100, 50), 40, 10) is None


def test_texts_are_measured_cut_and_wrapped() -> None:
    assert width("", 10) == 0
    assert width("v\u0304", 10) == width("v", 10)
    assert width("中", 10) > width("a", 10) > width("i", 10)
    assert cut("short", 10, 100) == "short"
    assert cut("W" * 30, 10, 100).endswith("…") and width(cut("W" * 30, 10, 100), 10) <= 100
    lines = wrapped("one two three four five six", 10, 60, 2)
    assert len(lines) == 2 and all(width(line, 10) <= 60 for line in lines) and lines[-1].endswith("…")
    assert wrapped("one two", 10, 500, 2) == ["one two"]
    assert wrapped("", 10, 500, 2) == []


def test_nothing_that_xml_has_no_room_for_is_left() -> None:
    assert escaped("<a b='c' d=\"e\">&amp;") == "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;"
    assert escaped("a\x00b\x1bc\ud800d\ufffee") == "a\ufffdb\ufffdc\ufffdd\ufffde"
