"""A plan in numbers: its steps one after the other, where it stands at a kink, and what a step costs.

It changes when a plan has another kind of step. A step without a value has Undefined in its slot, and the plan goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wengert.verify.meanings import Context, Meaning, Outside, TooLarge, constant, rational
from wengert.verify.plan import BROKEN, CONSTANT, COPY, OPERATION, RATIONAL, Plan, Undefined


def run(plan: Plan, context: Context, values: list[Any], steps: Iterable[int]) -> set[int]:
    """Evaluate steps in place, in the order given; the slots whose result was taken as 0 or as a tie."""
    kind, data, args = plan.kind, plan.data, plan.args
    mp = context.mp
    snapped: set[int] = set()
    seen = context.snaps
    for slot in steps:
        what = kind[slot]
        if what == OPERATION:
            a = [values[i] for i in args[slot]]
            meaning: Meaning = data[slot]
            broken = None
            for x in a:
                if type(x) is Undefined:
                    broken = x
                    break
            if broken is not None and not (meaning.name == "where" and type(a[0]) is not Undefined):
                values[slot] = broken
                continue
            try:
                values[slot] = meaning.number(context, a)
            except Outside as problem:
                values[slot] = Undefined(str(problem))
            except (TooLarge, OverflowError, MemoryError) as problem:
                values[slot] = Undefined(f"too large: {problem}", True)
            except (ZeroDivisionError, ValueError, TypeError, ArithmeticError) as problem:
                values[slot] = Undefined(f"{meaning.name}: {type(problem).__name__}")
            if context.snaps != seen:
                snapped.add(slot)
                seen = context.snaps
        elif what == COPY:
            values[slot] = values[args[slot][0]]
        elif what == RATIONAL:
            values[slot] = rational(mp, data[slot])
        elif what == CONSTANT:
            values[slot] = constant(mp, data[slot])
        elif what == BROKEN:
            values[slot] = data[slot]
    return snapped


def find_edges(
    plan: Plan, context: Context, values: list[Any], tolerance: Any, slots: Iterable[int] | None = None
) -> set[int]:
    """The slots (of all, or of those given) whose operation stands at a kink or a singular boundary."""
    found = set()
    for slot in range(len(plan)) if slots is None else slots:
        if plan.kind[slot] == OPERATION and plan.data[slot].edge is not None:
            a = [values[i] for i in plan.args[slot]]
            if not any(isinstance(x, Undefined) for x in a) and plan.data[slot].edge(context, a, tolerance):
                found.add(slot)
    return found


def weight(p: int) -> float:
    """How much longer a step takes in p digits than in few (measured: exp, sin, ln and the four operations, in mpmath)."""
    return float(1 + (p / 200) ** 1.7)
