"""What the counts of operations come to, in a sentence: which mode gives all derivatives at the lower cost, and why."""

from __future__ import annotations

from wengert.sweep.counts import Counts


def verdict(c: Counts) -> str:
    """One sentence drawn from the figures: which mode gives all derivatives at the lower cost."""
    if c.names == 0:
        return "There is nothing to differentiate: no name is free."
    who = f"{_many(c.outputs, 'output').capitalize()} and {_many(c.names, 'name')}"
    derivatives = c.outputs * c.names
    gives = "the derivative" if derivatives == 1 else f"all {derivatives:,} derivatives"
    reverse = _many(c.outputs, "reverse sweep")
    forward = _many(c.names, "forward sweep")
    if c.forward_all is None:
        return f"{who}: {_verb(reverse, c.outputs)} {gives} {_times(c.reverse, c)}; forward mode would need {forward}."
    if c.reverse == c.forward_all:
        return f"{who}: {reverse} and {forward} cost the same, {_factor(c.reverse, c)}{' the value' if c.primal else ''}."
    if c.reverse < c.forward_all:
        return (
            f"{who}: {_verb(reverse, c.outputs)} {gives} {_times(c.reverse, c)}; "
            f"forward mode takes {forward}, {_factor(c.forward_all, c)}."
        )
    return (
        f"{who}: {_verb(forward, c.names)} {gives} {_times(c.forward_all, c)}; "
        f"reverse mode takes {reverse}, {_factor(c.reverse, c)}."
    )


def _times(value: int, c: Counts) -> str:
    """`at 2.6 times the cost of the value`"""
    return f"at {_factor(value, c)} the cost of the value" if c.primal else f"in {_many(value, 'operation')}"


def _factor(value: int, c: Counts) -> str:
    if not c.primal:
        return _many(value, "operation")
    factor = value / c.primal
    return f"{factor:,.0f} times" if factor >= 100 else f"{factor:.3g} times"


def _verb(sweeps: str, number: int) -> str:
    return f"{sweeps} {'gives' if number == 1 else 'give'}"


def _many(number: int, what: str) -> str:
    return f"one {what}" if number == 1 else f"{number:,} {what}s"
