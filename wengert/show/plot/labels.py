"""Where a few words find room in a plot: beside what they name, on nothing else, and nearer to it than to anything else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from wengert.show.plot.model import Point

CLOSE = 4.0  # that words keep from every line
AWAY = 7.0  # from what they name
CLEARER = 8.0  # that they are nearer to what they name than to anything else
FAR = 50.0  # distance from other things beyond which more is no better
DENSE = 5.0  # between two points that stand for a line
EVERY = 4  # which of them words are tried beside


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Box:
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def distance(self, point: Point) -> float:
        x, y = point
        return math.hypot(max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom))

    def meets(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: Box) -> bool:
        return (
            self.left >= other.left and self.right <= other.right and self.top >= other.top and self.bottom <= other.bottom
        )


@dataclass
class Room:
    """The plot's frame, the points of all that is drawn in it (a list a thing), and the words that stand there already."""

    frame: Box
    things: Sequence[Sequence[Point]]
    taken: list[Box] = field(default_factory=list)

    def along(self, own: int, width: float, height: float) -> Box | None:
        """A place for words that name a thing (by its number), anywhere beside it: far from all else, rather to the right."""
        points = [p for n, p in enumerate(self.things[own]) if n % EVERY == 0]
        others = [t for n, t in enumerate(self.things) if n != own]
        best, most = None, -math.inf
        for box in (b for x, y in points for b in _around(x, y, width, height, AWAY)):
            if not self._free(box) or (to_own := self._nearest(box, [self.things[own]])) < CLOSE:
                continue
            to_others = self._nearest(box, others)
            score = min(to_others, FAR) + self._rightward(box)
            if to_others >= to_own + CLEARER and score > most:
                best, most = box, score
        return self._take(best)

    def beside(self, point: Point, width: float, height: float) -> Box | None:
        """A place for words about a point, as near to it as there is room."""
        for away in (AWAY, 2 * AWAY, 3 * AWAY):
            for box in _around(*point, width, height, away):
                if self._free(box) and self._nearest(box, self.things) >= CLOSE:
                    return self._take(box)
        return None

    def _free(self, box: Box) -> bool:
        return box.inside(self.frame) and not any(box.meets(other) for other in self.taken)

    def _take(self, box: Box | None) -> Box | None:
        if box is not None:
            self.taken.append(box)
        return box

    def _rightward(self, box: Box) -> float:
        return 20 * (box.right - self.frame.left) / (self.frame.right - self.frame.left)

    def _nearest(self, box: Box, things: Iterable[Sequence[Point]]) -> float:
        return min((box.distance(p) for thing in things for p in thing), default=math.inf)


def dense(pieces: Iterable[Sequence[Point]]) -> list[Point]:
    """Points along lines, close enough that no word slips between two of them."""
    made: list[Point] = []
    for piece in pieces:
        made += piece[:1]
        for x, y in piece[1:]:
            a, b = made[-1]
            steps = math.ceil(math.hypot(x - a, y - b) / DENSE)
            if steps and (steps > 1 or math.hypot(x - a, y - b) >= 0.8 * DENSE):
                made += [(a + (x - a) * n / steps, b + (y - b) * n / steps) for n in range(1, steps + 1)]
        made += piece[-1:]
    return made


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights of labels, moved apart to at least `gap` in their order, as near to the wanted ones as that allows (by least
    squares, pooling neighbours: Ayer et al. 1955), and kept between low and high where there is room for all."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    pools: list[tuple[float, int]] = []  # (mean of wanted heights less the gaps before them, how many)
    for k, n in enumerate(order):
        pools.append((wanted[n] - k * gap, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, i), (b, j) = pools[-2:]
            pools[-2:] = [((a * i + b * j) / (i + j), i + j)]
    made = [0.0] * len(wanted)
    free = [mean for mean, count in pools for _ in range(count)]
    for k, n in enumerate(order):
        made[n] = min(max(free[k], low), high - (len(order) - 1) * gap) + k * gap
    return made


def _around(x: float, y: float, width: float, height: float, away: float) -> Iterator[Box]:
    """The places beside a point, so far away."""
    across, down = width / 2 + away, height / 2 + away
    for dx, dy in ((0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1), (1, 0), (-1, 0)):
        yield Box.around(x + dx * across, y + dy * down, width, height)
