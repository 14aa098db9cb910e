"""Whether a number of ours is the judge's: how many digits must be equal, and what a figure of 0 can say.

Our value comes as a function of the working precision, for more digits are asked for before a difference counts.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from wengert.sweep.arithmetics import digits
from wengert.sweep.losses import DOUBLE, digits_wrong
from wengert.verify.answers import COMPLEX_STEP
from wengert.verify.witness import OnEdge, TooFar, Undefined

AGREEMENT = 25  # digits to which our list and the judge must be equal
FLOAT_AGREEMENT = 9  # digits to which the printed double must be right
JUDGED = 35  # digits of the judge's figures that are certain
SEEN = 60  # digits down to which a difference quotient of 0 speaks; the complex step sees PRECISIONS[1]
SLACK = 20  # digits of a working precision that rounding may use up
PRECISIONS = (60, 200, 1200)  # our list is swept with more digits before a difference counts
HIDDEN, ON_EDGE = "hidden", "on edge"
UNSEEN = 400  # digits with which the judge may take a derivative for 0
SIDES = {"inf": math.inf, "-inf": -math.inf}


class NotZero(Exception):
    """The judge's figure is 0, our value is not, and more digits do not change it; the text is that value, `compared` the same
    with digits to spare."""

    def __init__(self, text: str, compared: str) -> None:
        super().__init__(text)
        self.compared = compared


def both(
    ours: Any, reference: str | None, size: Any = None, tell: bool = False, method: str | None = COMPLEX_STEP
) -> bool | None:
    """Whether our value, from the textbook form of the rules and from their stable form, equals the reference; None where
    it grows beyond what can be compared. A value too small for the reference's digits, which depend on its `method`, is no
    difference; with `tell` it raises NotZero, and TooFar or OnEdge in the place of None.

    A form that has no value here (0·ln 0) says nothing, nor does one whose digits leave nothing of a small value (erfc(60)
    as 1 − erf(60)); that neither has one is a difference.
    """
    if reference is None or reference in SIDES:
        return True
    seen = PRECISIONS[1] - SLACK if method == COMPLEX_STEP else SEEN
    try:
        said = [
            _close(lambda d, s=s: ours(d, s), reference, size and (lambda d, s=s: size(d, s)), seen)
            for s in (False, True)
        ]
        if ON_EDGE in said and False not in said and True not in said:
            raise OnEdge
    except (TooFar, OnEdge):
        if tell:
            raise
        return None
    except NotZero:
        if tell:
            raise
        return True
    if HIDDEN in said and False not in said and True not in said:
        return None
    return False not in said and True in said


def _close(ours: Any, reference: str, size: Any, seen: int) -> bool | str | None:
    """Whether our value equals the reference to 25 digits, with as many working digits as that takes; None for no value,
    ON_EDGE where rounding alone may be why there is none, HIDDEN where both are so small that the working digits may have
    lost ours. A reference of 0 is one to `seen` digits."""
    zero = Decimal(reference).is_zero()  # a Fraction of 1e+21776789817 would not fit anywhere
    before: tuple[int, Any] | None = None
    on_edge = False
    known: Any = None  # our value, where it is to be measured against 0
    for precision in PRECISIONS[1:] if zero else PRECISIONS:
        try:
            value = ours(precision)
            c = digits(precision).context
            target = digits(precision).decimal(reference)
            scale = size(precision) if zero and size else abs(target)
        except TooFar:
            raise
        except Undefined as problem:
            if before is not None:  # at the edge of a domain, rounding decides on which side: nothing can be compared
                raise OnEdge from problem
            on_edge = on_edge or isinstance(problem, OnEdge)
            continue  # with more digits it may have a value: acosh(1 + 1e-90)
        if c.isnan(value):
            continue
        if abs(value - target) <= tolerance(scale, AGREEMENT):
            return True
        if before is not None and abs(value - target) <= before[1] * c.mpf(10) ** -((precision - before[0]) // 5):
            return True  # what is left of the difference is rounding: sqrt(sin(x)) at pi, where sin is 0 but for 60 digits
        before = (precision, abs(value - target))
        if zero and abs(value) <= c.mpf(10) ** -seen:
            if known is not None and abs(value - known) > abs(known) / 2:
                return True  # what rounding leaves of a 0: it shrinks as digits are added
            if known is not None:
                raise NotZero(str(c.nstr(value, AGREEMENT)), str(c.nstr(value, AGREEMENT + SLACK)))
            known = value
    if before is None:
        return ON_EDGE if on_edge else None
    return HIDDEN if not zero and is_hidden(target, precision) and is_hidden(value - target, precision) else False


def is_hidden(value: Any, precision: int) -> bool:
    """Whether a sum of ordinary numbers in so many digits may come to 0 where it should come to this."""
    return bool(abs(value) <= digits(precision).context.mpf(10) ** -(precision - SLACK))


def tolerance(scale: Any, agreement: int) -> Any:
    return scale * 10 ** (-agreement)


def digits_lost(value: Any, reference: str, claimed: int) -> int | None:
    """How many of the digits of a double are wrong, None where as many as it claims are right."""
    if value - value != 0:
        return DOUBLE
    c = digits(PRECISIONS[0]).context
    target = digits(PRECISIONS[0]).decimal(reference)
    error = abs(c.mpf(value) - target)
    if error <= abs(target) * tolerance(c.mpf(1), claimed):
        return None
    return DOUBLE if target == 0 or error >= abs(target) else digits_wrong(float(error / abs(target)))
