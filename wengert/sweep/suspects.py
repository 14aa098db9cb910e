"""Which doubles deserve a second look: a quick sign that digits may be lost, without any number of more digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wengert.sweep import sweeps
from wengert.sweep.losses import SMALLEST, digits_lost
from wengert.sweep.trace import Trace

LONGEST = 2_000  # statements of a list that is looked at before it is verified
SMALL = 1e-7  # a result that is this much smaller than what it is made from

_SUMS = frozenset({"add", "sub", "sum", "mean"})
_ZERO_ELSEWHERE = frozenset({"ln", "log2", "log10", "sin", "cos", "tan", "dot"})  # small results of large arguments


def wrong_values(trace: Trace) -> Mapping[int, Any]:
    """Slot → right value (20 digits) of the statements whose double has fewer than 9 right digits.

    Only where some statement looks suspicious are the right values worked out at all; {} else, for numbers that are not
    doubles, and for a long list.
    """
    if trace.choice.digits is not None or len(trace.list) > LONGEST or not _suspicious(trace) or trace.right is None:
        return {}
    rights = trace.right.values
    return {s: rights[s] for s in trace.list.statements() if digits_lost(trace.values[s], rights[s])}


def _suspicious(trace: Trace) -> bool:
    """Whether a sum is far smaller than its terms, or a value is 0 or hardly a double although no operand is 0."""
    wl, values = trace.list, trace.values
    known = sweeps.constants(wl, trace.rules)
    for slot in wl.statements():
        record, value = wl.primitive(slot), abs(values[slot])
        if value >= 1 or record.flat:
            continue
        sizes = [abs(values[o] if o >= 0 else known[-1 - o]) for o in wl.operands_of(slot)]
        if not sizes:
            continue
        if record.name in _SUMS or record.name in _ZERO_ELSEWHERE:
            if value < SMALL * max(sizes):
                return True
        elif value < SMALLEST and all(sizes) and not record.kinks:
            return True
    return False
