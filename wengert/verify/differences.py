"""Difference quotients of any order, at a point and at a small distance from it.

It changes when a quotient is to be taken over other points. A quotient is Σ w·f(x + h·Σ j·d) / (2h)^N over a stencil
(Abramowitz and Stegun 25.3), in as many digits as its subtractions use up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import comb, prod
from typing import Any

from wengert.verify.numeric import LEVELS, Direction, Site
from wengert.verify.plan import Undefined
from wengert.verify.running import find_edges, run
from wengert.verify.settling import limit as limit_of

Index = tuple[str, ...]  # labels of axes, in the order of the axes: a multi-index is a set with repetitions
Along = tuple[tuple[str, int], ...]  # label and component: where a limit comes from

SPARE = 60  # digits beyond those that the differences use up
DISTANCES = (30, 60, 120)  # digits of 1/t, where a limit is taken from t, t², t⁴
INNER = 25  # at a distance t, differences are taken with h = t·10^-25


class Differences:
    """The quotients of `outputs` (slots) at a site. `axes` maps a label (a name, or the seed's) to its direction."""

    def __init__(self, site: Site, axes: Mapping[str, Direction], outputs: Sequence[int]) -> None:
        self.site = site
        self.plan = site.plan
        self.mp = site.mp
        self.axes = dict(axes)
        self.outputs = list(outputs)
        self._steps: dict[frozenset[str], list[int]] = {}
        self._closer: dict[frozenset[str], int] = {}
        self._limits: dict[tuple[Index, Along, int], dict[int, tuple[Any, str | None]]] = {}

    def steps(self, key: Index) -> list[int]:
        labels = frozenset(key)
        if labels not in self._steps:
            self._steps[labels] = self.plan.dependents({slot for label in labels for slot in self.axes[label]})
        return self._steps[labels]

    def closer(self, key: Index) -> int:
        """Digits by which steps are smaller than usual: beside small inputs, and beside a kink that is very near."""
        labels = frozenset(key)
        if labels not in self._closer:
            self._closer[labels] = max(self.site.deep // 2, self.site.near(self.steps(key)))
        return self._closer[labels]

    def extra(self, key: Index) -> int:
        """Digits beside: for large inputs, where 60 digits take a number for 0, and where more are asked for."""
        site = self.site
        moved: Direction = {slot: f for label in set(key) for slot, f in self.axes[label].items()}
        return site.levels()[0] - LEVELS[0] + site.headroom(moved)

    def limit(self, key: Index, way: Along, sign: int) -> dict[int, tuple[Any, str | None]]:
        """The limit of the derivative at x + t·way for t → 0 from one side, for each output: (number, "inf" … or None, why)."""
        known = self._limits.get((key, way, sign))
        if known is None:
            taken: dict[int, list[Any]] = {o: [] for o in self.outputs}
            for distance in (d + self.closer(key) for d in DISTANCES):
                p = (len(key) + 2) * (distance + INNER + 5) + SPARE + self.extra(key)
                for o, figure in self._beside(key, p, distance, {x: sign * c for x, c in way}).items():
                    taken[o].append(figure)
            with self.mp.workdps(3 * (DISTANCES[-1] + self.closer(key)) + self.site.digits):
                known = {o: limit_of(figures) for o, figures in taken.items()}
            self._limits[key, way, sign] = known
        return known

    def _beside(self, key: Index, p: int, distance: int, way: Mapping[str, int]) -> dict[int, Any]:
        """The derivative at a distance. Where that point stands on a kink, too, both one-sided stencils must agree on it, and
        ever more so with a smaller step: a central one would see -h and h of |x| alike."""
        shift = (distance, way)
        if not self._stays(key, p, shift):
            return self.quotient(key, self.outputs, p, distance + INNER, shift)[0]
        takes = [
            self.quotient(key, self.outputs, p, distance + k, shift, sense)[0]
            for k in (INNER, INNER + 5) for sense in (1, -1)
        ]  # fmt: skip
        found: dict[int, Any] = {}
        with self.mp.workdps(p):
            for o in self.outputs:
                figures = [take[o] for take in takes]
                broken = next((x for x in figures if isinstance(x, Undefined)), None)
                if broken is None:
                    gap, closer = abs(figures[0] - figures[1]), abs(figures[2] - figures[3])
                    drift = abs(figures[0] - figures[2])
                    size = max(map(abs, figures))
                    settled = drift <= self.mp.mpf(10) ** -15 * size or abs(figures[2]) * 1000 <= abs(figures[0])
                    if not settled or (closer > gap / 1000 and gap > self.mp.mpf(10) ** -15 * size):
                        broken = Undefined("the kink goes on beside the point")
                found[o] = figures[2] if broken is None else broken
        return found

    def _stays(self, key: Index, p: int, shift: tuple[int, Mapping[str, int]]) -> bool:
        base = self.site.base(p)
        steps = self.steps(key)
        extra = self.steps(tuple(shift[1]))
        with self.mp.workdps(p + 10):
            values = list(base.values)
            values = self._start(base, values, key, shift)
            run(self.plan, base.context, values, sorted({*steps, *extra} - self.slots((*key, *shift[1]))))
            return bool(find_edges(self.plan, base.context, values, 0, steps))

    def slots(self, labels: Sequence[str]) -> set[int]:
        return {slot for label in labels for slot in self.axes[label]}

    def _start(self, base: Any, values: list[Any], key: Index, shift: tuple[int, Mapping[str, int]] | None) -> list[Any]:
        if shift is not None:
            t = self.mp.mpf(2) ** -_bits(shift[0])
            for label, component in shift[1].items():
                for slot, amount in self.axes[label].items():
                    if not isinstance(values[slot], Undefined):
                        values[slot] = values[slot] + component * t * amount(base.context)
        return values

    def quotient(
        self, key: Index, outputs: Sequence[int], p: int, k: int,
        shift: tuple[int, Mapping[str, int]] | None = None, sense: int = 0,
    ) -> tuple[dict[int, Any], dict[int, Any]]:  # fmt: skip
        """The difference quotient with h about 10^-k in p digits, central (sense 0), forward (1) or backward (-1), and the size
        of the largest value that went into it. h is a power of 2: polynomials at short numbers then come out exactly."""
        base = self.site.base(p)
        counts = Counter(key)
        labels = (*counts, *(() if shift is None else shift[1]))
        steps = self.plan.dependents(self.slots(labels)) if set(labels) != set(counts) else self.steps(key)
        with self.mp.workdps(p + 10):
            h = self.mp.mpf(2) ** -_bits(k)
            values = self._start(base, list(base.values), key, shift)
            amounts = {x: {slot: h * f(base.context) for slot, f in self.axes[x].items()} for x in counts}
            start = {slot: values[slot] for x in counts for slot in amounts[x]}
            sums: dict[int, Any] = {o: self.mp.mpf(0) for o in outputs}
            sizes: dict[int, Any] = {o: self.mp.mpf(0) for o in outputs}
            for o in outputs:
                if isinstance(base.values[o], Undefined):
                    sums[o] = base.values[o]
            for offsets, weight in _stencil(counts, sense):
                for slot, x in start.items():
                    moved = x
                    if not isinstance(x, Undefined):
                        for label, offset in offsets:
                            if slot in amounts[label]:
                                moved = moved + offset * amounts[label][slot]
                    values[slot] = moved
                run(self.plan, base.context, values, steps)
                for o in outputs:
                    if isinstance(sums[o], Undefined):
                        continue
                    if isinstance(values[o], Undefined):
                        sums[o] = values[o]
                    else:
                        sums[o] = sums[o] + weight * values[o]
                        sizes[o] = max(sizes[o], abs(values[o]))
            unit = (2 * h if sense == 0 else sense * h) ** len(key)
            return {o: s if isinstance(s, Undefined) else s / unit for o, s in sums.items()}, sizes


def _stencil(counts: Mapping[str, int], sense: int) -> Iterator[tuple[list[tuple[str, int]], int]]:
    """The points of a difference of order n in each label, as offsets in units of h, with their weights (-1)^j·C(n, j)."""
    labels = list(counts)
    for js in product(*(range(n + 1) for n in counts.values())):
        ns = counts.values()
        offsets = [n - 2 * j if sense == 0 else sense * (n - j) for n, j in zip(ns, js, strict=True)]
        yield list(zip(labels, offsets, strict=True)), prod((-1) ** j * comb(n, j) for n, j in zip(ns, js, strict=True))


def _bits(digits: int) -> int:
    return int(digits * 3.3219281) + 1
