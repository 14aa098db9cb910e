"""The witness of many digits: values and derivatives of the model by mpmath.

It changes when the way to differentiate numbers changes. A derivative is one more evaluation of the steps that depend on what
is moved: with an imaginary step where everything there is analytic (Squire and Trapp 1998), else with real steps on each
side, whose limits are taken apart. Every figure is confirmed at a second working precision.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wengert.verify.answers import COMPLEX_STEP, JUMPS
from wengert.verify.meanings import MAX_LOG2, Context, is_complex
from wengert.verify.plan import OPERATION, Plan, Undefined
from wengert.verify.running import find_edges, run
from wengert.verify.settling import AGREE, SIDE_AGREE, Open, agree, limit, settle

DIGITS = 50  # of a figure, where no more are asked for; what follows is for so many
BEYOND = "a power beyond 10^(10^11)"
LEVELS = (60, 100, 400, 1200)  # working precisions in digits: two that agree settle a figure
HIGH_LEVELS = (400, 500, 1200, 3000)  # where 60 digits take a number for 0 that is none
HIGHEST_LEVELS = (1200, 1500, 3000)  # where 400 do
LOOKED_AT = 2_000  # slots up to which 1,200 digits look whether 400 took a number for 0
LIMITS_AGREE = 60  # the same of their limits: 1e30·x + |x| has a kink at 0
FAR = 12  # powers of ten that an input may be away from 1 before more digits are taken
MOST_DEEP = 2_000  # digits, at most, for such inputs
RAISED = (1, 2, 4, 8)  # times as many more at each of the working precisions: what cancels once may do so again
NEAREST = (33, 66, 132, 264, 528, 1056)  # digits of the distances at which a kink beside the point is looked for
NOISE = 20  # of a quotient's working digits, what roundings on the way to a value may use up
SIDES = ((150, 45), (300, 90), (520, 180))  # working precision, and the step's exponent


@dataclass(slots=True)
class Slope:
    """A derivative along a direction. `value` is an mpf, "inf", "-inf" or None; `sided` says that the sides differ, are
    infinite or missing, and then `left` and `right` hold them (of a higher order: the limits along the name `along`)."""

    value: Any = None
    method: str = COMPLEX_STEP
    sided: bool = False
    left: Any = None
    right: Any = None
    reason: str | None = None
    along: str | None = None


Direction = dict[int, Callable[[Context], Any]]


class Base:
    """All slots at a point in one working precision: `values`, the slots whose value was taken as 0, the slots at an edge."""

    def __init__(self, context: Context, values: list[Any], snapped: set[int], edges: set[int]) -> None:
        self.context = context
        self.values = values
        self.snapped = snapped
        self.edges = edges


class Site:
    """A point of the model's inputs: `given(context)` lists the inputs' values (mpf, or Undefined where there is none).

    Figures are confirmed to `digits` - 12 digits, by precisions raised with `digits` (50 and more).
    """

    def __init__(self, plan: Plan, given: Callable[[Context], list[Any]], digits: int = DIGITS) -> None:
        self.plan = plan
        self.given = given
        self.digits = digits
        self._more = digits - DIGITS
        self.mp: Any = importlib.import_module("mpmath").mp
        self._bases: dict[int, Base] = {}
        self._levels: tuple[int, ...] | None = None
        self._depth: int | None = None
        self._beside: dict[int, set[int]] = {}

    @property
    def deep(self) -> int:
        """Digits that inputs far from 1 take: of 1 + x, and of a step beside x, where x is 1e-60, two times 60."""
        if self._depth is None:
            with self.mp.workdps(LEVELS[0]):
                given = self.given(Context(self.mp, LEVELS[0]))
            sizes = [abs(self.mp.mag(v)) for v in given if not isinstance(v, Undefined) and v != 0]
            away = int(max(sizes, default=0) * 0.30103)
            self._depth = min(MOST_DEEP, 2 * away) if away > FAR else 0
        return self._depth

    def near(self, steps: Iterable[int]) -> int:
        """Digits of a distance within which none of these slots comes to a kink, but those that stand on one; 0 where no step
        would come to any. Large models are not looked at: of tens of thousands of operations none is so near by chance."""
        if len(self.plan) > LOOKED_AT:
            return 0
        slots = set(steps)
        return next((d if d > NEAREST[0] else 0 for d in NEAREST if slots.isdisjoint(self._kinks_within(d))), 0)

    def _kinks_within(self, d: int) -> set[int]:
        if d not in self._beside:
            p = max(self.levels()[0], d + NOISE)
            base = self.base(p)
            with self.mp.workdps(p + 10):
                near = find_edges(self.plan, base.context, base.values, self.mp.mpf(10) ** -d)
            self._beside[d] = near - base.edges
        return self._beside[d]

    def base(self, p: int) -> Base:
        """Every slot's value at p digits; kept."""
        found = self._bases.get(p)
        if found is None:
            if len(self.plan) * len(self._bases) > 1_000_000:
                self._bases.clear()  # some hundreds of bytes a slot
            with self.mp.workdps(p + 10):
                context = Context(self.mp, p)
                values = [*self.given(context), *[None] * (len(self.plan) - len(self.plan.inputs))]
                snapped = run(self.plan, context, values, range(len(self.plan.inputs), len(self.plan)))
                edges = find_edges(self.plan, context, values, 0)
                found = self._bases[p] = Base(context, values, snapped, edges)
        return found

    def levels(self) -> tuple[int, ...]:
        """The precisions to use here: higher ones where 60 digits cannot tell a small number from 0."""
        if self._levels is None:
            lows, highs = self._raised(LEVELS), self._raised(HIGH_LEVELS)
            low = self.base(lows[0]).snapped
            trusted = not low or low == self.base(highs[0]).snapped
            self._levels = lows if trusted else highs
        return self._levels

    def _raised(self, levels: Sequence[int]) -> tuple[int, ...]:
        return tuple(p + self._more + k * self.deep for p, k in zip(levels, RAISED, strict=False))

    def value(self, slot: int) -> Any:
        """The slot's value, right to 35 digits and more; Undefined with a reason where there is none."""
        found = self._settle(lambda p: {slot: self.base(p).values[slot]}, (slot,))[slot]
        if found == 0 and len(self.plan) <= LOOKED_AT and self.base(HIGH_LEVELS[0] + self._more + self.deep).snapped:
            levels = self._raised(HIGHEST_LEVELS)  # 1 - erf(30) is 1e-393
            found = settle(levels, lambda p: {slot: self.base(p).values[slot]}, (slot,), AGREE + self._more)[slot]
        return Undefined(f"too large: {BEYOND}", True) if self.beyond(found) else found

    def beyond(self, figure: Any) -> bool:
        """Whether a figure is beyond what is told: numbers on the way to it may be larger, or smaller, than those."""
        return isinstance(figure, self.mp.mpf) and figure != 0 and abs(self.mp.mag(figure)) > MAX_LOG2

    def _settle(self, figure: Callable[[int], dict[int, Any]], keys: Sequence[int]) -> dict[int, Any]:
        return settle(self.levels(), figure, keys, AGREE + self._more)

    def slopes(self, direction: Direction, outputs: Sequence[int]) -> dict[int, Slope]:
        """The derivatives of several slots along one direction."""
        steps = self.plan.dependents(direction)
        touched = set(steps)
        found: dict[int, Slope] = {}
        open_slots: list[int] = []
        for out in outputs:
            if out in touched or out in direction:
                open_slots.append(out)
            else:
                undefined = isinstance(self.base(self.levels()[0]).values[out], Undefined)
                found[out] = Slope(None if undefined else self.mp.mpf(0))
        edges = self.base(self.levels()[0]).edges
        rough = self._rough(steps, edges)
        smooth = [o for o in open_slots if o not in rough]
        if smooth:
            even = [s for s in steps if s not in rough]
            figures = self._settle(lambda p: self._complex(p, direction, even, smooth), smooth)
            found |= {o: Slope(figures[o]) for o in smooth if not isinstance(figures[o], Undefined)}
        for slots, quiet in (
            ([o for o in open_slots if o in rough], touched.isdisjoint(edges)), ([o for o in smooth if o not in found], False)
        ):  # fmt: skip
            if slots:
                found |= self._sided(direction, steps, slots, quiet)
        return found

    def _rough(self, steps: Iterable[int], edges: set[int]) -> set[int]:
        """The slots that are not analytic in what moves, or touch an edge, and what is made of those."""
        plan = self.plan
        rough: set[int] = set()
        for s in steps:
            if s in edges or (plan.kind[s] == OPERATION and not plan.data[s].analytic) or not rough.isdisjoint(plan.args[s]):
                rough.add(s)
        return rough

    def _complex(self, p: int, direction: Direction, steps: list[int], outputs: Sequence[int]) -> dict[int, Any]:
        base = self.base(p)
        with self.mp.workdps(p + 10):
            amounts = {slot: amount(base.context) for slot, amount in direction.items()}
            h = self.mp.mpf(10) ** -p / max(1, *map(abs, amounts.values()))
            values = list(base.values)
            for slot, amount in amounts.items():
                if isinstance(values[slot], Undefined):
                    return dict.fromkeys(outputs, values[slot])
                values[slot] = self.mp.mpc(values[slot], h * amount)
            run(self.plan, base.context, values, steps)
            return {
                o: values[o] if isinstance(values[o], Undefined)
                else values[o].imag / h if is_complex(values[o]) else self.mp.mpf(0)
                for o in outputs
            }  # fmt: skip

    def _sided(
        self, direction: Direction, steps: list[int], outputs: Sequence[int], quiet: bool
    ) -> dict[int, Slope]:
        """Derivatives by real steps. Where no edge is touched (`quiet`), two sides that agree are enough; at an edge they may
        agree and still grow or vanish with the step (cbrt and x·|x| at 0), so that the limits are taken."""
        quotients: dict[int, list[tuple[Any, Any]]] = {o: [] for o in outputs}
        found: dict[int, Slope] = {}
        extra = self.levels()[0] - LEVELS[0] - self._more - self.deep + self.headroom(direction)
        left_open = list(outputs)
        sides = self._sides(max(self.deep, 2 * self.near(steps)))
        for p, exponent in sides:
            for o, pair in self._quotients(p + extra, exponent, direction, steps, left_open).items():
                quotients[o].append(pair)
            if quiet and len(quotients[left_open[0]]) == 1:
                with self.mp.workdps(p):
                    found |= self._central({o: quotients[o][0] for o in left_open})
                left_open = [o for o in left_open if o not in found]
            if not left_open:
                return found
        for o in left_open:
            found[o] = self._limits(quotients[o], self.base(self.levels()[0]).values[o], sides)
        return found

    def _central(self, pairs: dict[int, tuple[Any, Any]]) -> dict[int, Slope]:
        """The mean of the two sides where they agree; nothing for a figure so small that it may be on its way to 0."""
        found: dict[int, Slope] = {}
        for o, (left, right) in pairs.items():
            if isinstance(left, Undefined) or isinstance(right, Undefined):
                continue
            if agree(self.mp, left, right, SIDE_AGREE) and (left == 0 or abs(left) > self.mp.mpf(10) ** -20):
                found[o] = Slope((left + right) / 2, "central difference")
        return found

    def _sides(self, deep: int) -> list[tuple[int, int]]:
        """SIDES, stretched: a central difference is wrong by about the square of its step."""
        first = SIDES[0][1]
        more = self._more + deep
        return [(p * (2 * first + more) // (2 * first), e * (2 * first + more) // (2 * first)) for p, e in SIDES]

    def headroom(self, direction: Direction) -> int:
        """Digits that a step beside large inputs loses."""
        values = self.base(self.levels()[0]).values
        sizes = [self.mp.mag(values[s]) for s in direction if not isinstance(values[s], Undefined) and values[s] != 0]
        return min(2000, int(0.65 * max([0, *sizes])))

    def _quotients(
        self, p: int, exponent: int, direction: Direction, steps: list[int], outputs: Sequence[int]
    ) -> dict[int, tuple[Any, Any]]:
        base = self.base(p)
        with self.mp.workdps(p + 10):
            amounts = {slot: amount(base.context) for slot, amount in direction.items()}
            h = self.mp.mpf(10) ** -exponent / max(1, *map(abs, amounts.values()))
            h /= self.mp.sqrt(2)  # a power of ten would find cos(2π/h) to be 1
            sides = []
            for step in (-h, h):
                values = list(base.values)
                for slot, amount in amounts.items():
                    if not isinstance(values[slot], Undefined):
                        values[slot] = values[slot] + step * amount
                run(self.plan, base.context, values, steps)
                sides.append([
                    next((v for v in (values[o], base.values[o]) if isinstance(v, Undefined)), None)
                    or (values[o] - base.values[o]) / step
                    for o in outputs
                ])  # fmt: skip
            return {o: (sides[0][i], sides[1][i]) for i, o in enumerate(outputs)}

    def _limits(self, pairs: list[tuple[Any, Any]], value: Any, sides: list[tuple[int, int]]) -> Slope:
        """`value` is the slot's own, whose rounding leaves quotients that are none."""
        with self.mp.workdps(sides[-1][0]):  # a sum made outside would be rounded to a double
            size = 0 if isinstance(value, Undefined) else abs(value)
            noise = [size * self.mp.mpf(10) ** (exponent + NOISE - p) for p, exponent in sides]
            left, why_left = limit([pair[0] for pair in pairs], noise)
            right, why_right = limit([pair[1] for pair in pairs], noise)
            reason = JUMPS if self._jumps(pairs, sides) else why_left or why_right
            if isinstance(why_left, Open) or isinstance(why_right, Open):
                return Slope(None, "one-sided limits", reason=reason)
            if left is None or right is None or isinstance(left, str) or isinstance(right, str):
                return Slope(None, "one-sided limits", True, left, right, reason)
            if agree(self.mp, left, right, LIMITS_AGREE):
                return Slope((left + right) / 2, "one-sided limits")
            return Slope(None, "one-sided limits", True, left, right)

    def _jumps(self, pairs: list[tuple[Any, Any]], sides: list[tuple[int, int]]) -> bool:
        """Whether the value beside the point stays a finite way off: a difference quotient that grows like 1/h."""
        (_, first), (_, second) = sides[-2:]
        for side in (0, 1):
            a, b = pairs[-2][side], pairs[-1][side]
            if isinstance(a, Undefined) or isinstance(b, Undefined) or b == 0:
                continue
            if agree(self.mp, a * self.mp.mpf(10) ** -first, b * self.mp.mpf(10) ** -second, 20):
                return True
        return False
