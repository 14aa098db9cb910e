"""Where rounding decides whether there is a value: doubles miss the pole of tan(pi/2), and find ln(exp(-746)) to be ln(0).

Exact numbers say which statement has no value whatever doubles make of it, and which values are short rationals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from wengert.sweep import sweeps
from wengert.sweep.exact import Exact
from wengert.sweep.faults import explain
from wengert.sweep.point import point
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

LONGEST = 2_000  # statements of a list that is looked at once more
LARGE = 1e12  # a value that is so much larger than all of its arguments may stand where there is a pole
SMALL = 1e-12  # a value that is so much smaller may be a 0 that was rounded
BESIDE = 20  # digits of a value that is told

_POLES = frozenset({"div", "power", "tan", "sec", "csc", "cot", "csch", "coth"})
_ZEROS = frozenset({"add", "sub", "sum", "mean", "dot", "sin", "cos", "tan", "ln", "log2", "log10"})


def raise_missed(wl: WengertList, values: Sequence[float], rules: Rules) -> None:
    """Raises ValueProblem where doubles have a value for a statement that exact numbers show to have none: tan(pi/2),
    1/(0.1 + 0.2 - 0.3). They are asked only where a value looks like it."""
    if len(wl) > LONGEST:
        return
    known = sweeps.constants(wl, rules)
    for slot in wl.statements():
        name = wl.primitive(slot).name
        if name not in _POLES and name not in _ZEROS:
            continue
        sizes = [abs(values[o] if o >= 0 else known[-1 - o]) for o in wl.operands_of(slot)]
        most = max([1.0, *sizes]) if name in _POLES else max(sizes)
        size = abs(values[slot])
        if (name in _POLES and size > LARGE * most) or (name in _ZEROS and size < SMALL * most):
            raise_pole(wl, "double precision misses that by rounding")
            return


def raise_certain(wl: WengertList) -> None:
    """Raises ValueProblem at a pole of the functions that have poles where no digits end: tan(pi/2) grows with every one."""
    if len(wl) <= LONGEST and not _POLES.isdisjoint(set(wl.opcodes) - {"div", "power"}):
        raise_pole(wl)


def raise_pole(wl: WengertList, remark: str = "") -> None:
    """Raises ValueProblem where exact numbers tell which statement has no value: tan(pi/2)."""
    exact = Exact()
    rules = Rules(exact, stable=False)
    try:
        sweeps.primal(wl, point(wl, rules, strict=False), rules)
    except sweeps.StatementFault as fault:
        if not fault.overflow:
            values = [_told(exact, v) for v in fault.values]
            raise explain(wl, sweeps.StatementFault(fault.slot, values, fault.reason, False), remark=remark) from fault


def _told(exact: Exact, value: Any) -> Any:
    if value == exact.undefined:
        return float("nan")
    return 0 if exact.algebra.number_of(value) == 0 else exact.value_in(value, BESIDE)


def rationals(wl: WengertList) -> Mapping[int, Fraction]:
    """The values that exact numbers show to be rational, by slot: sin(pi) is 0."""
    if len(wl) > LONGEST:
        return {}
    exact = Exact()
    rules = Rules(exact, stable=False)
    values = sweeps.primal(wl, point(wl, rules, strict=False), rules, strict=False)
    found = {s: exact.algebra.number_of(v) for s, v in enumerate(values) if v != exact.undefined}
    return {slot: x for slot, x in found.items() if x is not None}
