"""A curve in a few lines of text: dots of braille, which `spelling` turns into points and quotes where there is only ASCII."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

BLANK = 0x2800  # the braille cell without dots; the others follow it
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # bits of a cell: four rows of two
DECADES = 2  # powers of ten that a curve must span for a logarithmic scale


@dataclass(frozen=True, slots=True)
class Curve:
    """`lines` of cells, the uppermost first; `top` and `bottom` are the values at their edges."""

    lines: tuple[str, ...]
    top: float
    bottom: float
    logarithmic: bool


def curve(values: Sequence[float], width: int, height: int) -> Curve | None:
    """The finite values, evenly spaced from left to right, in `width`×`height` cells of 2×4 dots. Each column of dots covers
    everything between the smallest and the largest value that fall on it. None for fewer than two values, or where all are
    equal."""
    if len(values) < 2 or min(values) == max(values):
        return None
    least, most = min(values), max(values)
    logarithmic = is_logarithmic(values)
    levels = [math.log(value) for value in values] if logarithmic else values
    low, high = min(levels), max(levels)
    half = 0.5 if math.isinf(high - low) else 1.0  # a difference of doubles may overflow
    columns, rows = 2 * width, 4 * height
    cells = [[0] * width for _ in range(height)]

    def row(value: float) -> int:
        return round((1 - (half * value - half * low) / (half * high - half * low)) * (rows - 1))

    previous: int | None = None
    for x in range(columns):
        covered = _covered(levels, x, columns)
        found = sorted((row(min(covered)), row(max(covered))))
        first, last = found
        if previous is not None:  # joined to what stands on the left
            first, last = (min(first, previous + 1), last) if previous < first else (first, max(last, previous - 1))
            first, last = min(first, last), max(first, last)
        for y in range(first, last + 1):
            cells[y // 4][x // 2] |= DOTS[y % 4][x % 2]
        previous = row(covered[-1])
    lines = tuple("".join(chr(BLANK + cell) for cell in line) for line in cells)
    return Curve(lines, most, least, logarithmic)


def is_logarithmic(values: Sequence[float]) -> bool:
    """Whether the values, all greater than 0, span so much that only a logarithmic scale shows the least of them."""
    least = min(values)
    return least > 0 and max(values) / least >= 10**DECADES


def _covered(values: Sequence[float], x: int, columns: int) -> Sequence[float]:
    """The values that fall on a column of dots; between two values the one on the line that joins them."""
    last = len(values) - 1
    if last < columns:
        at = x * last / (columns - 1)
        n = min(int(at), last - 1)
        return (values[n] * (1 - (at - n)) + values[n + 1] * (at - n),)
    return values[x * (last + 1) // columns : (x + 1) * (last + 1) // columns]
