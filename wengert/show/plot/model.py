"""A plot as data, before any place on paper: two axes, series over them, and what is said beside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Kind = Literal["value", "limit", "taken", "none"]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid; `at` is a position on the axis. One without text is a fine line between two others."""

    at: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, in positions: of a logarithmic axis the decimal logarithms of its values. `high` may be the lesser:
    the axis then runs backwards."""

    label: str
    low: Fraction
    high: Fraction
    ticks: tuple[Tick, ...]
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """How far from the low end to the high one the value stands, 0 to 1; exact, whatever the values' size."""
        return self.along(Fraction(math.log10(value)) if self.logarithmic else Fraction(value))

    def along(self, at: Fraction) -> float:
        """The same for a position."""
        return float((at - self.low) / (self.high - self.low))


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that is marked: a `value`; a `limit` that is not reached; what is `taken` where there is none; `none`: nothing to
    show on this axis (a 0 on a logarithmic one), drawn at its foot. `text` is what a pointer on it is told."""

    x: float
    y: float
    kind: Kind = "value"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A curve: pieces that are not joined, each a row of points. Its place among the others decides colour, dashes, mark."""

    name: str
    pieces: tuple[Sequence[Point], ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A dashed line at a height of its own, with what it means."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A few words beside a point."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`description` says in words what the picture shows. `named`: where the names of the series stand, along the curves or at
    their ends; a single one that is told by the axis has none. `notes` stand below, a line each."""

    title: str
    subtitle: str
    description: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    named: Literal["along", "end", ""] = "along"
    levels: tuple[Level, ...] = ()
    remarks: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()
