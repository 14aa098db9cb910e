"""What the counts of operations come to, in sentences: which mode gives all derivatives at the lower cost, and why."""

from __future__ import annotations

from wengert.show.words.tables import every
from wengert.sweep.counts import Counts


def verdict(c: Counts) -> tuple[str, ...]:
    """Sentences drawn from the figures, a line each: which mode gives all derivatives at the lower cost."""
    if c.names == 0:
        return ("There is nothing to differentiate: no name is free.",)
    who = f"{_many(c.outputs, 'output').capitalize()} and {_many(c.names, 'name')}"
    reverse, forward = _many(c.outputs, "reverse sweep"), _many(c.names, "forward sweep")
    if c.forward_all is None:
        took = f"{_takes(c.outputs)} {_operations(c.reverse, c)}; forward mode would need {_many(c.names, 'sweep')}."
        return f"{who}: {_gives(reverse, c.outputs, c)}.", took
    if c.reverse == c.forward_all:
        return f"{who}: {reverse} and {forward} cost the same.", f"Each way takes {_operations(c.reverse, c)}."
    if c.reverse < c.forward_all:
        took = f"{_takes(c.outputs)} {_operations(c.reverse, c)}; {forward} {_take(c.names)} {_other(c.forward_all, c)}."
        return f"{who}: {_gives(reverse, c.outputs, c)}.", took
    took = f"{_takes(c.names)} {_operations(c.forward_all, c)}; {reverse} {_take(c.outputs)} {_other(c.reverse, c)}."
    return f"{who}: {_gives(forward, c.names, c)}.", took


def along_seed(c: Counts) -> tuple[str, ...]:
    """What the one sweep along a seed takes; `c` counts the names that the seed moves."""
    gives = "the derivative" if c.outputs == 1 else f"{every(c.outputs)} derivatives"
    return f"One forward sweep gives {gives} along the seed.", f"It takes {_operations(c.forward_one, c)}."


def _gives(sweeps: str, number: int, c: Counts) -> str:
    derivatives = c.outputs * c.names
    what = "the derivative" if derivatives == 1 else f"{every(derivatives)} derivatives"
    return f"{sweeps} {'gives' if number == 1 else 'give'} {what}"


def _takes(sweeps: int) -> str:
    return "It takes" if sweeps == 1 else "They take"


def _take(sweeps: int) -> str:
    return "takes" if sweeps == 1 else "take"


def _operations(value: int, c: Counts) -> str:
    """`17 operations, 1.13 times the 15 of the value`; a part of the value's is no factor that says much."""
    number = "no operation" if value == 0 else _many(value, "operation")
    if not c.primal:
        return number
    if value == c.primal:
        return f"{number}, as many as the value"
    if value < c.primal:
        return f"{number} beside {_the(c.primal)} of the value"
    return f"{number}, {_factor(value, c)} {_the(c.primal)} of the value"


def _other(value: int, c: Counts) -> str:
    """The same for the mode that is named second: `33, 2.2 times the 15`."""
    if not c.primal or value < c.primal:
        return f"{value:,}"
    return f"{value:,}, as many as the value" if value == c.primal else f"{value:,}, {_factor(value, c)} {_the(c.primal)}"


def _the(number: int) -> str:
    return "the one" if number == 1 else f"the {number:,}"


def _factor(value: int, c: Counts) -> str:
    factor = value / c.primal
    return f"{factor:,.0f} times" if factor >= 100 else f"{factor:.3g} times"


def _many(number: int, what: str) -> str:
    return f"one {what}" if number == 1 else f"{number:,} {what}s"
