"""Curves are cut where they jump or end, and only there; tops are found where a function has one."""

from __future__ import annotations

import math

import pytest

from wengert.show.plot.sampling import Break, clipped, peak, sampled


def test_a_smooth_curve_is_one_piece() -> None:
    made = sampled(lambda x: math.exp(3 * x), -5, 5)
    assert len(made.pieces) == 1 and not made.breaks
    assert made.pieces[0][0][0] == -5 and made.pieces[0][-1][0] == 5


def test_jumps_are_found_and_told() -> None:
    made = sampled(lambda x: float(math.floor(x)), -2, 2)
    assert [b.x for b in made.breaks] == [-1, 0, 1, 2]
    assert made.breaks[1] == Break(0, -1, 0, 0)
    assert [{y for _, y in piece} for piece in made.pieces] == [{-2}, {-1}, {0}, {1}]


def test_a_jump_between_the_points_of_the_grid() -> None:
    made = sampled(lambda x: 1.0 if x > 1 / 3 else 0.0, -5, 5)
    assert [b.x for b in made.breaks] == [pytest.approx(1 / 3, abs=1e-12)]
    assert all(len({y for _, y in piece}) == 1 for piece in made.pieces)


def test_a_domain_ends() -> None:
    made = sampled(lambda x: math.sqrt(1 - x * x) if abs(x) <= 1 else None, -2, 2)
    assert [(b.x, b.value) for b in made.breaks] == [(-1, 0), (1, 0)]
    assert made.breaks[0].left is None and made.breaks[1].right is None
    assert len(made.pieces) == 1


def test_a_pole_is_followed_and_not_crossed() -> None:
    made = sampled(lambda x: 1 / x if x else None, -5, 5)
    assert [b.x for b in made.breaks] == [0] and made.breaks[0].value is None
    below, above = made.pieces
    assert min(y for _, y in below) < -1e6 and max(y for _, y in above) > 1e6
    assert all(x * y == pytest.approx(1) for x, y in (*below, *above))


def test_forced_breaks() -> None:
    assert [b.x for b in sampled(lambda x: 0.0, -1, 1, [0.5]).breaks] == [0.5]


def test_clipping_keeps_the_crossings() -> None:
    assert clipped([(0, 0), (1, 10), (2, 0)], -1, 5) == [[(0, 0), (0.5, 5)], [(1.5, 5), (2, 0)]]
    assert clipped([(0, -10), (1, 10)], -5, 5) == [[(0.25, -5), (0.75, 5)]]
    assert clipped([(0, 10), (1, -10), (2, 0)], -5, 5) == [[(0.25, 5), (0.75, -5)], [(1.5, -5), (2, 0)]]
    assert clipped([(0, 9), (1, 8)], -5, 5) == []
    assert clipped([(0, 5), (1, 5)], -5, 5) == [[(0, 5), (1, 5)]]
    assert clipped([(0, 0), (1, 5), (2, 0)], -5, 5) == [[(0, 0), (1, 5), (2, 0)]]


def test_peaks() -> None:
    bump = lambda x: math.exp(-((x - 0.3) ** 2))  # noqa: E731
    top = peak(bump, sampled(bump, -5, 5), (-100.0, 100.0))
    assert top is not None and (top.x, top.y) == (pytest.approx(0.3, abs=1e-7), pytest.approx(1))
    rising = lambda x: math.atan(x)  # noqa: E731
    assert peak(rising, sampled(rising, -5, 5), (100.0,)) is None
    flat = lambda x: 0.5  # noqa: E731
    assert peak(flat, sampled(flat, -5, 5), ()) is None
    larger_far_away = lambda x: bump(x) if abs(x) < 6 else 2.0  # noqa: E731
    assert peak(larger_far_away, sampled(larger_far_away, -5, 5), (100.0,)) is None
