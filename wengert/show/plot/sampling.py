"""A function of one variable as pieces to draw: cut where it jumps, has a pole or no value, with what happens there.

Nothing is known of the function but its values: a jump is what stays when the interval around it is halved again and again
(bisection), the edge of a domain where values end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from wengert.show.plot.model import Point

Function: TypeAlias = Callable[[float], float | None]
CELLS = 480  # of a window: those of a width of 10 have all whole numbers at their edges
JUMP = 0.02  # differences between neighbours from which a jump is looked for
HALVINGS = 60
TINY = 1e-13  # an interval this small is a point
BESIDE = 1e-9  # where a limit is looked at
NEARER = 28  # halvings of a cell towards a break


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the curve ends or jumps: what it tends to from either side (None: nothing is there), and its value."""

    x: float
    left: float | None
    right: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Sampled:
    pieces: tuple[Sequence[Point], ...]
    breaks: tuple[Break, ...]


def sampled(f: Function, low: float, high: float, forced: Iterable[float] = ()) -> Sampled:
    """The function over [low, high]; `forced` are places where it has a break whatever its values are."""
    grid = [low + (high - low) * n / CELLS for n in range(CELLS + 1)]
    values = [f(x) for x in grid]
    places = list(forced)
    for n in range(CELLS):
        found = _broken(f, grid[n], grid[n + 1], values[n], values[n + 1])
        if found is not None and not any(abs(found - p) < BESIDE for p in places):
            places.append(found)
    places.sort()
    ends = [low, *places, high]
    pieces = []
    for n, (a, b) in enumerate(pairwise(ends)):
        at = [a + BESIDE if n else a, *_near(a, b, n > 0, n < len(places)), b - BESIDE if n < len(places) else b]
        inside = [(x, v) for x, v in zip(grid, values, strict=True) if a + BESIDE < x < b - BESIDE]
        points = sorted({*inside, *((x, f(x)) for x in at if a <= x <= b)}, key=lambda p: p[0])
        pieces.append([(x, v) for x, v in points if v is not None])
    return Sampled(tuple(p for p in pieces if len(p) > 1), tuple(Break(x, f(x - BESIDE), f(x + BESIDE), f(x)) for x in places))


def _near(a: float, b: float, at_a: bool, at_b: bool) -> list[float]:
    """Points closer and closer to a break: a curve that rises to infinity there is followed on its way."""
    cell = (b - a) / 2
    steps = [cell / 2**k for k in range(NEARER) if cell / 2**k > 2 * BESIDE]
    return [*(a + s for s in steps if at_a), *(b - s for s in steps if at_b)]


def _broken(f: Function, a: float, b: float, fa: float | None, fb: float | None) -> float | None:
    """The place between two neighbours where the function jumps or its domain ends; None where it does neither."""
    if (fa is None and fb is None) or (fa is not None and fb is not None and abs(fb - fa) < JUMP):
        return None
    for _ in range(HALVINGS):
        if b - a <= TINY * max(1.0, abs(a)):
            break
        middle = (a + b) / 2
        fm = f(middle)
        if (fa is None) == (fb is None) and fm is None:
            return _plain(middle)
        leftward = (fm is None) != (fa is None) or (
            fm is not None and fa is not None and fb is not None and abs(fm - fa) > abs(fb - fm)
        )
        if leftward:
            b, fb = middle, fm
        else:
            a, fa = middle, fm
        if fa is not None and fb is not None and abs(fb - fa) < JUMP / 2:
            return None
    return _plain((a + b) / 2)


def _plain(x: float) -> float:
    """0 for what bisection finds next to 0."""
    return round(x, 9) + 0.0 if abs(x - round(x, 9)) < 1e-12 else x


def clipped(piece: Sequence[Point], low: float, high: float) -> list[list[Point]]:
    """What of a row of points lies between two heights, with the places where it crosses them."""
    made: list[list[Point]] = [[]]
    for n, (x, y) in enumerate(piece):
        if n:
            made += _crossing(piece[n - 1], (x, y), low, high, made.pop())
        if low <= y <= high:
            made[-1].append((x, y))
    return [p for p in made if p]


def _crossing(a: Point, b: Point, low: float, high: float, present: list[Point]) -> list[list[Point]]:
    """The row in hand, with where the line from a to b enters or leaves; a new row after it has left."""
    crossed = sorted((share, y) for y in (low, high) if (share := _share(a[1], b[1], y)) is not None)
    points = [(a[0] + (b[0] - a[0]) * share, y) for share, y in crossed]
    inside = low <= a[1] <= high
    rows = [present]
    for point in points:
        rows[-1].append(point)
        if inside:
            rows.append([])
        inside = not inside
    return rows


def _share(a: float, b: float, y: float) -> float | None:
    """How far from a to b a height strictly between them is."""
    return (y - a) / (b - a) if min(a, b) < y < max(a, b) else None


@dataclass(frozen=True, slots=True)
class Peak:
    x: float
    y: float


def peak(f: Function, curve: Sampled, far: Sequence[float]) -> Peak | None:
    """The largest value, where the function has it at a top of its curve; None where it only tends to it, has it at an edge, or
    over a stretch. `far` are places outside the window, where nothing must be larger. The top is found by golden section
    (Kiefer 1953)."""
    best: Peak | None = None
    largest = max((y for piece in curve.pieces for _, y in piece), default=-math.inf)
    for piece in curve.pieces:
        for n in range(1, len(piece) - 1):
            (a, ya), (x, y), (b, yb) = piece[n - 1 : n + 2]
            if y == largest and ya < y and yb < y:
                best = _top(f, a, b, x)
    if best is None or any((v := f(x)) is not None and v > best.y for x in far):
        return None
    return best


def _top(f: Function, a: float, b: float, x: float) -> Peak:
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(HALVINGS):
        c, d = b - golden * (b - a), a + golden * (b - a)
        fc, fd = f(c), f(d)
        if fc is None or fd is None:
            break
        if fc >= fd:
            b = d
        else:
            a = c
    found = max((p for p in (x, (a + b) / 2) if f(p) is not None), key=lambda p: f(p) or -math.inf)
    return Peak(found, f(found) or 0.0)
