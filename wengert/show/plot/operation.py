"""The plot of `rules NAME`: an operation of one variable and its derivative, both from the rule table.

Which window and scale, whether the axis counts in π, where the curves break and how steep they get: all of it is found from the
values, none of it belongs to an operation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from wengert.show.numbers import Digits
from wengert.show.plot import ticks
from wengert.show.plot.model import Axis, Level, Mark, Plot, Point, Series
from wengert.show.plot.sampling import CELLS, Break, Function, Sampled, clipped, peak, sampled
from wengert.show.words import plots as words
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.tape.record import Primitive

REACH = 5.0  # of both axes, to either side, where nothing calls for less
MARGIN = 0.1  # beside a domain that ends
PERIODS = (0.3, 1.1, 2.3)  # where a function is compared with itself a period on
FAR = (-1e6, -1e3, -100.0, -20.0, -8.0, 8.0, 20.0, 100.0, 1e3, 1e6)
ALIKE = 1e-6  # a value and the limit beside it
SAME = 1e-12
JUMPED = 0.01  # a limit this far from the value is another
QUARTER = 4  # a top is looked for at multiples of 1/4
SHOWN = Digits(3)

_FLOAT, _RATIONAL = Rules(Float()), Rules(Rational())


def has_curve(record: Primitive) -> bool:
    """Whether the operation is one of x alone, its other arguments having defaults."""
    return not record.many and record.least == 1


def operation_plot(record: Primitive, title: str, formulas: Sequence[str], sign: str) -> Plot:
    """`formulas` are what the operation and its derivative are, in words; `sign` is how the operation is called: σ. Raises
    ValueError for an operation of several variables."""
    if not has_curve(record):
        raise ValueError(f"{record.name} is no operation of one variable")
    f, slope = _value(record), _slope(record)
    low, high, periodic = _window(f)
    value = sampled(f, low, high)
    derivative = sampled(slope, low, high, [b.x for b in value.breaks if f(b.x) is not None and _jumps(b)])
    y = _heights([p for curve in (value, derivative) for piece in curve.pieces for p in piece])
    function, prime = words.of(sign, words.ARGUMENT), words.of(words.derivative(sign), words.ARGUMENT)
    drawn = (
        _series(function, value, y, [m for b in value.breaks for m in _marks(b, derived=False)]),
        _series(prime, derivative, y, [m for b in derivative.breaks for m in _marks(b, derived=True)]),
    )
    top = _steepest(record, slope, derivative, sign)
    kinds = {m.kind for s in drawn for m in s.marks}
    notes = [words.OPEN_DOTS] * ("limit" in kinds) + [words.TAKEN] * ("taken" in kinds)
    assumed = [words.default(name, number) for name, number in record.defaults]
    told = [words.curves(function, prime), *([f"{top.text}."] if top else []), *notes]
    return Plot(
        title, ";  ".join([*formulas, *assumed]), " ".join(told),
        _across(low, high, periodic), y, drawn, levels=(top,) if top else (), notes=tuple(notes),
    )  # fmt: skip


def _value(record: Primitive) -> Function:
    """The operation's value, None outside its domain."""
    others = [float(text) for _, text in record.defaults]

    def value(x: float) -> float | None:
        arguments = [x, *others]
        try:
            if not all(_FLOAT.holds(record, condition.test)(arguments, None, 0) for condition in record.domain):
                return None
            found = float(_FLOAT.value(record.name)(arguments, None, 0))
        except FAULTS:
            return None
        return found if math.isfinite(found) else None

    return value


def _slope(record: Primitive) -> Function:
    """Its local partial, None where it has none that is finite."""
    value, others = _value(record), [float(text) for _, text in record.defaults]

    def slope(x: float) -> float | None:
        out = value(x)
        if out is None:
            return None
        try:
            found = float(_FLOAT.partial(record.name, 0)([x, *others], out, 0))
        except FAULTS:
            return None
        return found if math.isfinite(found) else None

    return slope


# -- the window


def _window(f: Function) -> tuple[float, float, bool]:
    """From where to where x goes, and whether in periods of 2π."""
    if _periodic(f):
        return -2 * math.pi, 2 * math.pi, True
    grid = [-REACH + 2 * REACH * n / CELLS for n in range(CELLS + 1)]
    there = [x for x in grid if f(x) is not None]
    low, high = there[0], there[-1]
    room = MARGIN * (high - low)
    return low - room if low > -REACH else low, high + room if high < REACH else high, False


def _periodic(f: Function) -> bool:
    pairs = [(f(x), f(x + 2 * math.pi), f(x + 1)) for x in PERIODS]
    return all(
        a is not None and b is not None and abs(a - b) < ALIKE and c is not None and abs(a - c) > ALIKE for a, b, c in pairs
    )


def _across(low: float, high: float, periodic: bool) -> Axis:
    return ticks.in_pi(words.ARGUMENT, -4, 4) if periodic else ticks.linear(words.ARGUMENT, low, high, loose=False, count=8)


def _heights(points: Sequence[Point]) -> Axis:
    """The y axis: all of the curves that lies within reach, to the next ticks."""
    heights = [min(max(y, -REACH), REACH) for _, y in points]
    least, most = min(heights), max(heights)
    axis = ticks.linear("", least, most, count=7)
    low = Fraction(least) if least == -REACH else axis.low
    high = Fraction(most) if most == REACH else axis.high
    room = (high - low) / 40  # a curve that runs along the edge is seen whole
    low, high = (low - room if low > -REACH else low), (high + room if high < REACH else high)
    return Axis("", low, high, tuple(t for t in axis.ticks if low <= t.at <= high))


# -- what is drawn


def _series(name: str, curve: Sampled, y: Axis, marks: Sequence[Mark]) -> Series:
    low, high = float(y.low), float(y.high)
    pieces = [part for piece in curve.pieces for part in clipped(piece, low, high)]
    return Series(name, tuple(pieces), tuple(m for m in marks if low <= m.y <= high))


def _jumps(b: Break) -> bool:
    """Whether the value is apart from a limit beside it."""
    return b.value is not None and any(side is not None and abs(side - b.value) > JUMPED for side in (b.left, b.right))


def _marks(b: Break, derived: bool) -> list[Mark]:
    """Limits that are not reached are open; a value is a dot. A derivative jumps only where there is none (Darboux): what
    stands there is what is taken."""
    made = [Mark(b.x, side, "limit") for side in (b.left, b.right)
            if side is not None and (b.value is None or abs(side - b.value) > JUMPED)]  # fmt: skip
    made = [m for n, m in enumerate(made) if not any(abs(m.y - o.y) < JUMPED for o in made[:n])]
    if b.value is not None:
        made.append(Mark(b.x, b.value, "taken" if derived else "value"))
    return made


def _steepest(record: Primitive, slope: Function, curve: Sampled, sign: str) -> Level | None:
    """The largest slope, where it is less than 1: what passes such an operation, again and again, fades."""
    top = peak(slope, curve, FAR)
    if top is None or not 0 < top.y < 1 - ALIKE:
        return None
    at = Fraction(round(top.x * QUARTER), QUARTER)
    there = slope(float(at))
    exact = UNKNOWN
    if there is not None and abs(float(at) - top.x) < 1e-3 and there >= top.y - SAME:
        arguments = [at, *(Fraction(text) for _, text in record.defaults)]
        exact = _RATIONAL.partial(record.name, 0)(arguments, _RATIONAL.value(record.name)(arguments, None, 0), 0)
    known = isinstance(exact, Fraction)
    place = at if known else top.x
    shown = str(exact) if known else SHOWN.result(top.y)
    at_text = words.of(words.derivative(sign), (str(place) if known else SHOWN.result(place)).replace("-", "−"))
    return Level(top.y, words.steepest(at_text, shown, known))
