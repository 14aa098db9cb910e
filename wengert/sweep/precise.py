"""Many digits, right to the last one: a sweep is repeated with more working digits until two agree.

However ill-conditioned a formula is, digits that cancel are lost by both workings at different places, so that what they
agree on is right. A 0 that came out of a cancellation, or a tie of numbers that were computed, is believed only when some
thousand digits do not tell otherwise.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from wengert.errors import ValueProblem
from wengert.sweep.arithmetics import Digits

GUARD = 12  # digits beyond those asked for in which two workings must agree
FIRST = 20  # working digits beyond those asked for, to begin with
ENOUGH = 1_200  # working digits from which on a cancelled 0 is a 0
HALF_LOST = 15  # digits that rounding may have used up where a comparison is in doubt
MOST = 40_000  # working digits that are tried


class Watched(Digits):
    """Many digits, with an eye on sums that cancel and on ties: `cancelled` turns true where terms that are not 0 add up to 0,
    `undecided` where numbers are compared that only rounding may tell apart. With `enough` digits they are equal."""

    def __init__(self, digits: int, enough: int) -> None:
        super().__init__(digits)
        self.enough = digits >= enough
        self.cancelled = False
        self.undecided = False
        watched = {name: self._watch(self.functions[name]) for name in ("sum", "dot")}
        self.functions = {
            **self.functions, **watched, "add": self.add, "sub": lambda a, b: self._seen(operator.sub(a, b), a),
        }  # fmt: skip

    def add(self, a: Any, b: Any) -> Any:
        return self._seen(a + b, a)

    def truth(self, comparison: str, a: Any, b: Any) -> bool:
        if a != b and abs(a - b) <= self.context.mpf(10) ** (HALF_LOST - self.digits) * max(abs(a), abs(b), 1):
            self.undecided = not self.enough
            if self.enough:
                return comparison in ("eq", "ge", "le")
        return super().truth(comparison, a, b)

    def _seen(self, total: Any, a: Any) -> Any:
        if total == 0 and a != 0:
            self.cancelled = True
        return total

    def _watch(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*a: Any) -> Any:
            return self._seen(function(*a), next((x for x in a if x != 0), 0))

        return watched


def settled(make: Callable[[Watched], Sequence[Any]], count: int, is_zero: Callable[[int], bool]) -> tuple[list[Any], int]:
    """What `make` computes, to `count` digits that two workings agree on, and the working digits that took.

    `make` gives a list of numbers (None stays None); `is_zero` says of an entry that it is known to be exactly 0. Raises
    ValueProblem where MOST digits do not settle an entry, and whatever `make` raises twice.
    """
    enough = ENOUGH + 2 * count
    arithmetic = Watched(count + FIRST, enough)
    before = _tried(make, arithmetic)
    while True:
        finer = Watched(2 * arithmetic.digits, enough)
        now = make(finer) if before is None else _tried(make, finer)
        if before is not None and now is not None and not finer.undecided:
            doubtful = arithmetic.cancelled or finer.cancelled
            entries = [
                _entry(a, b, count, finer, doubtful and not is_zero(i), arithmetic.digits)
                for i, (a, b) in enumerate(zip(before, now, strict=True))
            ]
            if _OPEN not in entries:
                return entries, finer.digits
        if finer.digits > MOST:
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


def _tried(make: Callable[[Watched], Sequence[Any]], arithmetic: Watched) -> Sequence[Any] | None:
    """None where these digits leave a domain by rounding alone; with more of them it may have a value."""
    try:
        return make(arithmetic)
    except ValueProblem:
        return None


def _entry(a: Any, b: Any, count: int, finer: Watched, doubtful: bool, coarse: int) -> Any:
    if b is None or (a != a and b != b):
        return b
    if a == b and b != 0:
        return b
    if a == 0 and b == 0:
        return _OPEN if doubtful and not finer.enough else b
    c = finer.context
    if abs(a - b) <= c.mpf(10) ** -(count + GUARD) * abs(b):
        return b
    if finer.enough and abs(b) <= abs(a) * c.mpf(10) ** -((finer.digits - coarse) // 2):
        return finer.zero  # it shrinks as digits are added: sin(pi)
    return _OPEN
