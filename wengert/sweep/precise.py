"""Many digits, right to the last one: a sweep is repeated with more working digits until two agree.

However ill-conditioned a formula is, digits that cancel are lost by both workings at different places, so that what they
agree on is right. A 0 that came out of a cancellation, or a tie of numbers that were computed, is believed only when some
thousand digits do not tell otherwise; so is one beside a term that was rounded away, as in ln(1 + exp(-200)).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from itertools import starmap
from typing import Any, NamedTuple

from wengert.errors import ValueProblem
from wengert.sweep.arithmetics import Digits
from wengert.sweep.effort import CHEAP, Effort

GUARD = 12  # digits beyond those asked for in which two workings must agree
FIRST = 20  # working digits beyond those asked for, to begin with
ENOUGH = 1_200  # working digits from which on a cancelled 0 is a 0
FAR = 5_000  # working digits from which on a term that is still rounded away leaves a 0 behind
AS_SMALL = 64  # binary orders of magnitude that a trace of rounding may grow or shrink by on its way
POWERS = (1, 2, 3, 4)  # of a trace of rounding: a variance is its square
HALF_LOST = 15  # digits that rounding may have used up where a comparison is in doubt
MOST = 40_000  # working digits that are tried


class Watched(Digits):
    """Many digits, with an eye on sums that cancel and on ties: `cancelled` turns true where terms that are not 0 add up to 0,
    `rounded` where something is rounded away altogether (1 + 1e-90 is 1, and so is cos(1e-90)), `undecided` where numbers are
    compared that only rounding may tell apart. With `enough` digits they are equal; with twice as many it is `sure` that what
    shrinks as digits are added is rounding, and no number of which the first digits are seen. What a cancellation leaves at the
    last digits, and what is as small as that, is rounding itself, and may be rounded away."""

    def __init__(self, digits: int, enough: int, effort: Effort) -> None:
        super().__init__(digits)
        self.effort = effort
        c = self.context
        self.last = c.mpf(10) ** (HALF_LOST - digits)  # of what is 1, the digits that rounding may have used up
        self.half = c.mpf(10) ** -(digits // 2)
        self.growth = c.mpf(10) ** (digits // 8)
        self.enough = digits >= enough
        self.sure = digits >= 2 * enough
        self.far = digits >= max(enough, FAR)
        self.cancelled = False
        self.rounded = False
        self.undecided = False
        self.residue: tuple[Any, Any] | None = None  # the least and the largest that cancellations left
        plain = {name: f if name in CHEAP else self._paid(name, f) for name, f in self.functions.items()}
        self.functions = {
            **plain, **{name: self._near_one(plain[name], trivial) for name, trivial in _ONE.items()},
            "add": self.add, "sub": lambda a, b: self._seen(operator.sub(a, b), a, b),
            "sum": lambda *a: self._seen(plain["sum"](*a), *a),
            "dot": lambda *a: self._seen(plain["dot"](*a), *map(operator.mul, a[: len(a) // 2], a[len(a) // 2 :])),
            "floor": self._steps,
        }  # fmt: skip

    @property
    def doubtful(self) -> bool:
        """Whether a 0 may be none."""
        return (self.cancelled and not self.enough) or (self.rounded and not self.far)

    def add(self, a: Any, b: Any) -> Any:
        return self._seen(a + b, a, b)

    def truth(self, comparison: str, a: Any, b: Any) -> bool:
        if a != b and abs(a - b) <= self.last * max(abs(a), abs(b), 1):
            self.undecided = self.undecided or not self.enough
            if self.enough:
                return comparison in ("eq", "ge", "le")
        elif a == b and self.rounded and not self.far:  # 1 + 1e-90 and 1
            self.undecided = True
        return super().truth(comparison, a, b)

    def _steps(self, x: Any) -> Any:
        whole = self.context.nint(x)
        self.truth("eq", x, whole)  # a look at whether rounding decides
        return self._floor(x)

    def _seen(self, total: Any, *terms: Any) -> Any:
        if total == 0:
            self.cancelled = self.cancelled or any(terms)
            return total
        sizes = sorted(abs(x) for x in terms if x != 0)
        if abs(total) <= self.last * sizes[-1]:
            least, largest = self.residue or (abs(total), abs(total))
            self.residue = (min(least, abs(total)), max(largest, abs(total)))
        elif not self.rounded and len(sizes) > 1 and abs(total) == sizes[-1]:  # 2 − 1 is 1, and nothing was lost
            self.rounded = not self._is_residue(sizes[-2])
        return total

    def _paid(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def paid(*a: Any) -> Any:
            self.effort.call(name, self.digits, *a)
            return function(*a)

        return paid

    def grows(self, a: Any, b: Any) -> bool:
        """Whether b, in these digits, is so much larger than a, in half as many, that rounding stands in its denominator."""
        if a is None or b is None or a == 0 or a - a != 0 or b - b != 0:
            return False
        return bool(abs(b) >= abs(a) * self.growth)

    def _is_residue(self, x: Any) -> bool:
        """Whether x is about as small as what cancellations left, or as a power of that; a factor on the way is allowed for."""
        if self.residue is None or x == 0:
            return False
        least, largest = (-self.context.mag(r) for r in self.residue)  # in binary orders of magnitude
        small = -self.context.mag(x)
        return any(k * (largest - AS_SMALL) <= small <= k * (least + AS_SMALL) for k in POWERS)

    def _near_one(self, function: Callable[..., Any], trivial: Callable[..., bool]) -> Callable[..., Any]:
        def watched(*a: Any) -> Any:
            value = function(*a)
            if abs(value) == 1 and not trivial(*a) and not (len(a) == 1 and self._is_residue(a[0])):
                self.rounded = True
            return value

        return watched


# functions that come within rounding of ±1, and where they are ±1 itself
_ONE: dict[str, Callable[..., bool]] = {
    **dict.fromkeys(("exp", "cos", "cosh"), lambda x: x == 0), **dict.fromkeys(("tanh", "erf"), lambda x: False),
    "sin": lambda x: False, "div": lambda a, b: abs(a) == abs(b), "power": lambda a, b: abs(a) == 1 or b == 0,
    "mul": lambda a, b: a.man * b.man == 1,  # powers of two
}  # fmt: skip


class Settled(NamedTuple):
    """The entries, the working digits that they took, and those entries (by index) that count as 0 although terms were rounded
    away with all these digits: they are no larger than such a term."""

    entries: list[Any]
    digits: int
    lost: list[int]


def settled(
    make: Callable[[Watched], Sequence[Any]], count: int, is_zero: Callable[[int], bool], effort: Effort | None = None
) -> Settled:
    """What `make` computes, to `count` digits that two workings agree on.

    `make` gives a list of numbers (None stays None); `is_zero` says of an entry that it is known to be exactly 0; `effort` is
    what the workings may take. Raises ValueProblem where MOST digits do not settle an entry, what `make` raises twice without a
    doubt, and OutOfTime.
    """
    enough = ENOUGH + 2 * count
    effort = effort or Effort()

    def watched(working: int) -> Watched:
        effort.begin(working)
        return Watched(working, enough, effort)

    arithmetic = watched(count + FIRST)
    before = _tried(make, arithmetic)
    poles = False
    traces: dict[int, tuple[Any, int]] = {}  # of each entry the first working that was not 0, and its digits
    while True:
        for i, x in enumerate(before or ()):
            if x is not None and x != 0 and i not in traces:
                traces[i] = (x, arithmetic.digits)
        finer = watched(2 * arithmetic.digits)
        now = _tried(make, finer, certain=before is None)
        if before is not None and now is not None and not finer.undecided:
            agreed = finer.context.mpf(10) ** -(count + GUARD)
            entries = [
                _entry(a, b, agreed, finer, finer.doubtful and not is_zero(i), traces.get(i, (a, arithmetic.digits)))
                for i, (a, b) in enumerate(zip(before, now, strict=True))
            ]
            if _OPEN not in entries:
                lost = [i for i, x in enumerate(entries) if x == 0 and not is_zero(i)] if finer.rounded else []
                return Settled(entries, finer.digits, lost)
            poles = finer.digits >= FAR and any(starmap(finer.grows, zip(before, now, strict=True)))
        if finer.digits > MOST or poles:
            raise Unsettled(
                f"{count} digits are not settled with {finer.digits} working digits",
                hint="ask for fewer digits; a sum here cancels almost entirely, or a value lies on a kink",
            )
        arithmetic, before = finer, now


class Unsettled(ValueProblem):
    """No number of working digits settles a value: it stands at a pole, or on an edge."""


class _Open:
    """The entry on which two workings differ."""


_OPEN = _Open()


def _tried(make: Callable[[Watched], Sequence[Any]], arithmetic: Watched, certain: bool = False) -> Sequence[Any] | None:
    """None where these digits leave a domain by rounding alone, perhaps; with more of them it may have a value. Where that is
    `certain` but for what was rounded away (atanh(1 - 1e-90)), the problem is raised."""
    try:
        return make(arithmetic)
    except ValueProblem:
        if certain and not arithmetic.doubtful:
            raise
        return None


def _entry(a: Any, b: Any, agreed: Any, finer: Watched, doubtful: bool, trace: tuple[Any, int]) -> Any:
    """What a and b agree on, up to the fraction `agreed`. `trace` is an earlier working that was not 0: what cancels leaves a
    trace of rounding in some workings and by chance none in others."""
    if b is None or (a != a and b != b):
        return b
    if doubtful and abs(b) < finer.half:
        return _OPEN  # beside it, a term as small may have been rounded away in both
    if a == b and b != 0:
        return b
    if a == 0 and b == 0:
        return _OPEN if doubtful else b
    if abs(a - b) <= agreed * abs(b):
        return b
    earlier, coarse = (a, finer.digits // 2) if a != 0 else trace
    gap = finer.digits - coarse
    shrinks = gap // 2 if finer.digits >= FAR else gap - gap // 8 if finer.sure else None  # its root does by half
    if shrinks is not None and abs(b) <= abs(earlier) * finer.context.mpf(10) ** -shrinks:
        return finer.zero  # it shrinks as digits are added: sin(pi)
    return _OPEN
