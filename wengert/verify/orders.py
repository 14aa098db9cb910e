"""Derivatives of higher order in many digits, by nested central differences of the model itself.

It changes when the way to differentiate a number more than once changes. At a smooth point h is so small and the working
precision so high that the error O(h²) lies beyond the digits shown; two steps of different size must agree. At a kink or at the
edge of a domain the limits along each name are taken apart: a derivative is said to exist where every one of lower order
exists, none of those jumps, and all limits agree (by the mean value theorem: a continuous g whose g' has a limit has that limit
as its derivative).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from wengert.verify.differences import DISTANCES, INNER, SPARE, Along, Differences, Index
from wengert.verify.numeric import DIGITS, Direction, Site, Slope
from wengert.verify.plan import Undefined
from wengert.verify.running import find_edges, weight
from wengert.verify.settling import AGREE, SIDE_AGREE, Open, agree
from wengert.verify.structure import zeros

STEPS = (30, 40, 120, 250)  # digits of 1/h: two steps that agree settle a figure
STEPS_HIGH = (30, 40, 70, 110)  # from order HIGH on, where 250 digits a step would cost too much
STEPS_FINE = (250, 400)  # with FINE digits to spare, for what seems to be 0: the curvature of softplus at 1000 is 5e-435
HIGH = 5
MARGIN = 12  # no kink may be nearer than h times so many powers of ten
FINE = 1000
PATIENCE = 30_000  # steps, as `cost` counts them, for all that seems to be 0
GENERIC = (8, 5, 13, 3, 11, 7, 9, 4)  # components of a direction on which no kink lies by chance


class Orders:
    """The higher derivatives of `outputs` at a site. `axes` maps a label (a name, or the seed's) to its direction.

    What is smaller than about 10^-300 beside the values of a large model may come out as 0.
    """

    def __init__(self, site: Site, axes: Mapping[str, Direction], outputs: Sequence[int]) -> None:
        self.site = site
        self.plan = site.plan
        self.mp = site.mp
        self.axes = dict(axes)
        self.outputs = list(outputs)
        self.by = Differences(site, axes, outputs)
        self._place = {label: i for i, label in enumerate(self.axes)}
        self._patience: float = PATIENCE
        self._zeros: dict[Index, frozenset[int]] = {}
        self._counted: set[Index] = set()
        self._dependents: dict[str, frozenset[int]] = {}
        self._figures: dict[Index, dict[int, Slope]] = {}

    def figures(self, index: Sequence[str]) -> dict[int, Slope]:
        """For each output the derivative with respect to all the labels (one or more); `left` and `right` of a Slope that is
        sided are limits along its `along`: the last label along which there are any."""
        key = self._key(index)
        if key not in self._figures:
            calm = {key: self._calm(key)}
            for part in self._parts(key) if len(calm[key]) < len(self.outputs) else [key]:
                if part not in self._figures:
                    found = calm.get(part) or self._calm(part)
                    self._figures[part] = found | self._sided(part, [o for o in self.outputs if o not in found])
        found = self._figures[key]
        return {o: self._told(o, key, tuple(index)) if found[o].sided else found[o] for o in self.outputs}

    def cost(self, index: Sequence[str]) -> float:
        """About how many steps of 60 digits `figures` evaluates, each about ten microseconds; what several multi-indices
        share is counted for the first of them that is asked about."""
        key = self._key(index)
        steps = 2 + len(self.by.steps(key))
        if key not in self._counted and len(self._absent(key)) == len(self.outputs):
            self._counted.add(key)
            return steps / 5
        wanted = 0.0
        if key not in self._counted:
            wanted = 1.6 * _stencil_size(key) * steps * weight(self._precision(key, STEPS[1] + self.by.closer(key)))
        if self._edges(key):
            for part in self._parts(key):
                if part not in self._counted:
                    takes = len(DISTANCES) * (1 + len(set(part))) * _stencil_size(part)
                    distance = DISTANCES[1] + self.by.closer(part)
                    wanted += takes * steps * weight((len(part) + 2) * (distance + INNER) + SPARE)
                    self._counted.add(part)
        self._counted.add(key)
        return wanted

    # -- what moves

    def _key(self, index: Sequence[str]) -> Index:
        return tuple(sorted(index, key=self._place.__getitem__))

    def _parts(self, key: Index) -> list[Index]:
        """Every multi-index within this one, itself included, shorter ones first."""
        counts = Counter(key)
        ranges = [range(n, -1, -1) for n in counts.values()]
        parts = [tuple(x for x, n in zip(counts, ns, strict=True) for _ in range(n)) for ns in product(*ranges)]
        return sorted((p for p in parts if p), key=len)

    def _edges(self, key: Index) -> bool:
        return not self.site.base(self.site.levels()[0]).edges.isdisjoint(self.by.steps(key))

    def _absent(self, key: Index) -> frozenset[int]:
        """The outputs whose derivative is 0 because of what they are made of."""
        if key not in self._zeros:
            found = {o for o in self.outputs if not all(o in self.axes[x] or o in self._reached(x) for x in set(key))}
            steps = self.by.steps(key)
            values = self.site.base(self.site.levels()[0]).values
            plain = not self._edges(key) and not any(isinstance(values[s], Undefined) for s in steps)
            if plain and len(found) < len(self.outputs):
                found |= zeros(self.plan, {x: self.axes[x] for x in set(key)}, steps, key).intersection(self.outputs)
            self._zeros[key] = frozenset(found)
        return self._zeros[key]

    def _reached(self, label: str) -> frozenset[int]:
        if label not in self._dependents:
            self._dependents[label] = frozenset(self.by.steps((label,)))
        return self._dependents[label]

    def _precision(self, key: Index, k: int, spare: int = SPARE) -> int:
        return (len(key) + 1) * k + spare + self.by.extra(key)

    # -- figures

    def _calm(self, key: Index) -> dict[int, Slope]:
        """By central differences, where no kink is touched; an output that has no value beside the point is left out."""
        if len(key) == 1:
            return self.site.slopes(self.axes[key[0]], self.outputs)
        found = {o: Slope(self.mp.mpf(0), "independent") for o in self._absent(key)}
        if len(found) == len(self.outputs) or self._edges(key):
            return found
        more = (self.site.digits - DIGITS) // 2 + self.by.closer(key)
        ladder = [(k + more, SPARE) for k in (STEPS if len(key) < HIGH else STEPS_HIGH)]
        finer = [(k + more, FINE) for k in STEPS_FINE] if len(key) < HIGH else []
        waiting = [o for o in self.outputs if o not in found]
        shrunk = self._settle(key, waiting, ladder, found)
        if shrunk and finer:
            price: float = _stencil_size(key) * len(self.by.steps(key))
            price *= sum(weight(self._precision(key, k, spare)) for k, spare in finer)
            if price <= self._patience:
                self._patience -= price
                shrunk = self._settle(key, shrunk, finer, found)
        for o in shrunk:
            if found.get(o) is None or found[o].value is None:
                found[o] = Slope(self.mp.mpf(0), "central differences")
        return found

    def _settle(self, key: Index, waiting: list[int], ladder: list[tuple[int, int]], found: dict[int, Slope]) -> list[int]:
        """Fills `found` with the figures on which two steps agree (without a value where none do); returns the outputs whose
        figure is 0, or shrinks with the step down to the last (then it is the error of one that is 0): or it is very small."""
        below: dict[int, Any] = {}
        sure = AGREE + self.site.digits - DIGITS
        shrunk: list[int] = []
        for k, spare in ladder:
            p = self._precision(key, k, spare)
            if not waiting or self._crossed(key, p, k):
                continue
            figures, sizes = self.by.quotient(key, waiting, p, k)
            with self.mp.workdps(p):
                for o in waiting:
                    a, b = below.get(o), figures[o]
                    if a is None or isinstance(a, Undefined) or isinstance(b, Undefined):
                        continue
                    if a == b == 0 and spare != FINE:
                        shrunk.append(o)
                    elif agree(self.mp, a, b, sure):
                        found[o] = Slope(b, "central differences")
                    elif k == ladder[-1][0]:
                        ten = self.mp.mpf(10)
                        if abs(b) <= ten ** -(k // 2) * max(sizes[o], abs(a)) and (a == 0 or abs(b) <= abs(a) * ten**-40):
                            shrunk.append(o)
                        else:
                            found[o] = Slope(None, "central differences", reason="the differences do not settle")
            below = figures
            waiting = [o for o in waiting if o not in found and o not in shrunk]
        return shrunk

    def _crossed(self, key: Index, p: int, k: int) -> bool:
        """Whether a kink stands nearer than the steps may go."""
        base = self.site.base(p)
        with self.mp.workdps(p + 10):
            near = self.mp.mpf(10) ** -(k - MARGIN)
            return bool(find_edges(self.plan, base.context, base.values, near, self.by.steps(key)))

    def _sided(self, key: Index, outputs: Sequence[int]) -> dict[int, Slope]:
        """At a kink: the value where all lower derivatives exist and all limits agree, else none. All its parts are known."""
        if not outputs:
            return {}
        labels = list(dict.fromkeys(key))
        generic: Along = tuple((x, GENERIC[i % len(GENERIC)]) for i, x in enumerate(labels))
        ways: list[Along] = [((label, 1),) for label in labels]
        if len(labels) > 1:
            ways.append(generic)
        limits = [self.by.limit(key, way, sign) for way in ways for sign in (-1, 1)]
        found: dict[int, Slope] = {}
        for o in outputs:
            missing = self._missing(key, o) or self._jump(key, o)
            at = [side[o][0] for side in limits]
            if missing is None and all(_is_number(x) for x in at) and all(self._same(at[0], x) for x in at):
                found[o] = Slope(at[-1], "one-sided limits")
                continue
            open_parts = [self._figures[p][o] for p in self._parts(key)[:-1] if _is_open(self._figures[p][o])]
            unknown = next((side[o][1] for side in limits if isinstance(side[o][1], Open)), None)
            if open_parts or unknown is not None:
                found[o] = Slope(None, "one-sided limits", reason=unknown or open_parts[0].reason)
                continue
            reason = missing or next((side[o][1] for side in limits if side[o][1]), None)
            if reason is None and len(ways) > 1 and all(self._same(at[i], at[i + 1]) for i in range(0, len(at), 2)):
                reason = "its limits from different directions differ"
            found[o] = Slope(None, "one-sided limits", True, reason=reason)
        return found

    def _missing(self, key: Index, out: int) -> str | None:
        for part in self._parts(key)[:-1]:
            figure = self._figures[part][out]
            if figure.sided or not _is_number(figure.value):
                return f"{_words(part)} does not exist here"
        return None

    def _jump(self, key: Index, out: int) -> str | None:
        """Whether a derivative of one order less has another value at the point than beside it."""
        for label in dict.fromkeys(reversed(key)):
            less = list(key)
            less.remove(label)
            part = tuple(less)
            here = self._figures[part][out].value
            for sign in (-1, 1):
                beside = self.by.limit(part, ((label, 1),), sign)[out][0]
                if not _is_number(beside):
                    return f"{_words(part)} does not exist everywhere near this point"
                if not self._same(here, beside):
                    return f"{_words(part)} is not continuous here"
        return None

    def _told(self, out: int, key: Index, index: Index) -> Slope:
        """A sided figure with the limits along the last name of the index that has two different ones, else that has any."""
        figure = self._figures[key][out]
        if len(key) == 1:
            return figure
        ways: list[tuple[str | None, Any, Any]] = []
        for label in dict.fromkeys(reversed(index)):
            left, right = (self.by.limit(key, ((label, 1),), sign)[out][0] for sign in (-1, 1))
            ways.append((label, left, right))
        if len(ways) > 1 and all(left is None and right is None for _, left, right in ways):
            generic: Along = tuple((x, GENERIC[i % len(GENERIC)]) for i, x in enumerate(dict.fromkeys(key)))
            left, right = (self.by.limit(key, generic, sign)[out][0] for sign in (-1, 1))
            ways.append((None, left, right))
        best = max(range(len(ways)), key=lambda i: (self._interest(*ways[i][1:]), -i))
        along, left, right = ways[best]
        return Slope(None, figure.method, True, left, right, figure.reason, along)

    def _interest(self, left: Any, right: Any) -> int:
        if left is None and right is None:
            return 0
        if left is None or right is None:
            return 1
        return 2 if self._same(left, right) else 3

    def _same(self, a: Any, b: Any) -> bool:
        if not (_is_number(a) and _is_number(b)):
            return bool(a is b or (isinstance(a, str) and a == b))
        with self.mp.workdps(DISTANCES[-1] + self.site.digits):
            return agree(self.mp, a, b, SIDE_AGREE) or max(abs(a), abs(b)) < self.mp.mpf(10) ** -(2 * SIDE_AGREE)


def _stencil_size(key: Index) -> int:
    return prod(n + 1 for n in Counter(key).values())


def _is_open(figure: Slope) -> bool:
    return not figure.sided and figure.value is None


def _is_number(x: Any) -> bool:
    return x is not None and not isinstance(x, (str, Undefined))


def _words(key: Index) -> str:
    names = key if len(set(key)) > 1 else key[:1]
    return f"the derivative of order {len(key)} with respect to {', '.join(names)}"
