"""The layer level against the operation level: every number that both have, compared.

Both are sums of the same products in another order, so that they differ by rounding alone. A difference counts in proportion
to the number; where terms cancel, to the sum of their sizes; and where that is not enough to tell rounding from a fault, both
levels are swept again in 50 digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wengert.lang.model import Role
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import digits
from wengert.sweep.columns import Columns, sweep
from wengert.sweep.layers import LayerSweep, sweep_layers
from wengert.sweep.point import point
from wengert.sweep.rules import Rules
from wengert.sweep.trace import Trace
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList

AGREEMENT = 1e-12  # of doubles
FINE = 50  # digits, where doubles do not tell
FINE_AGREEMENT = 1e-25
SHRUNK = 1e-20  # of a difference of doubles: what rounding leaves of it where there are 50 digits; a fault stays as it is


@dataclass(frozen=True)
class Agreement:
    """What the comparison came to: how many numbers, the largest relative difference of doubles, and the numbers that differ.

    `fine`: doubles differ by more than rounding usually does, and 50 digits agree. `open` numbers are not finite at the
    operation level, and not compared.
    """

    count: int
    largest: float
    faults: tuple[str, ...] = ()
    fine: bool = False
    open: int = 0

    @property
    def agrees(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Pair:
    """A number of both levels; `size` is that of the terms it is a sum of."""

    name: str
    ours: Any
    theirs: Any
    size: Any


def compare(trace: Trace, layers: LayerSweep) -> Agreement:
    """The layer level's values, adjoints and derivatives against those of the operation level."""
    wl, outputs = trace.list, tuple(layers.adjoints)
    columns = trace.columns
    merged = _merges(wl)
    if merged:
        wl = lower(wl.model, share=False)
    free = [i for i, x in enumerate(wl.model.inputs) if x.role is not Role.TARGET]
    active = wl.depends_on(free)
    rules = layers.plan.rules
    if merged or any(a and not b for a, b in zip(active, trace.active, strict=True)):
        columns = sweep(wl, rules, active, outputs, {}, strict=True)
    count, largest, open_ = 0, 0.0, 0
    suspects: dict[str, Pair] = {}
    for pair in _pairs(wl, columns, layers):
        if pair.theirs - pair.theirs != 0:
            open_ += 1
            continue
        count += 1
        difference = _difference(pair)
        if difference <= AGREEMENT:
            largest = max(largest, difference)
        else:
            suspects[pair.name] = pair
    if not suspects:
        return Agreement(count, largest, open=open_)
    fine = Rules(digits(FINE), convention=rules.convention)
    values = point(wl, fine)
    again = sweep_layers(wl.model, values, fine, outputs)
    theirs = sweep(wl, fine, active, outputs, {}, strict=True)
    faults = [p.name for p in _pairs(wl, theirs, again) if p.name in suspects and _differs(p, suspects[p.name])]
    largest = max(largest, *map(_difference, suspects.values()))
    return Agreement(count, largest, tuple(dict.fromkeys(faults)), not faults, open_)


def _merges(wl: WengertList) -> bool:
    """Whether a named quantity is a copy of another one that is written alike: z1 = s·x and z2 = s·x. The adjoint of the first
    then holds that of the second, which no matrix knows of."""
    nodes = wl.model.nodes
    for d in wl.model.definitions:
        slot = wl.slots[d.name]
        if wl.primitive(slot).name == "identity" and nodes.operation(d.root) not in ("name", "identity"):
            return True
    return False


def _differs(fine: Pair, doubles: Pair) -> bool:
    """Whether the numbers still differ in 50 digits; what is 0 but for rounding differs by less and less."""
    gap = abs(fine.ours - fine.theirs)
    return not (_difference(fine) <= FINE_AGREEMENT or gap <= SHRUNK * abs(doubles.ours - doubles.theirs))


def _difference(pair: Pair) -> float:
    """Relative to the number, or where terms cancel to their sizes; infinite for a number that is none."""
    gap = abs(pair.ours - pair.theirs)
    if gap == 0:
        return 0.0
    if gap - gap != 0:
        return float("inf")
    relative = gap / abs(pair.theirs) if pair.theirs != 0 else None
    if relative is not None and relative <= AGREEMENT:
        return float(relative)
    return float(gap / pair.size) if pair.size > 0 else float("inf")


def _pairs(wl: WengertList, columns: Columns, layers: LayerSweep) -> Iterator[Pair]:
    zero = layers.plan.rules.arithmetic.zero
    values = _sizes_of_values(wl, columns, zero)
    parameters = {x.name for x in wl.model.inputs}
    named = [(s, t) for s, t in layers.plan.tables.items() if s in layers.matrices.of and t[0] and t[0][0] not in parameters]
    for symbol, table in named:
        for name, ours in _entries(table, layers.matrices[symbol]):
            slot = wl.slots[name]
            yield Pair(name, ours, columns.values[slot], values[slot])
    sizes = [None if p is None else abs(p) for p in columns.partials]
    for of, bar in layers.adjoints.items():
        found = columns.adjoints[of]
        scale = sweeps.adjoints(wl, sizes, wl.slots[of], layers.plan.rules.arithmetic)
        for symbol, table in named:
            whole = bar.of(symbol)
            if whole is None:
                whole = layers.matrices.zeros(layers.matrices[symbol])
            for name, ours in _entries(table, whole):
                if layers.plan.places[name][0] == symbol:  # z and a may be one quantity
                    yield _adjoint(f"∂{of}/∂{name}", ours, wl.slots[name], found, scale, zero)
        for x in wl.model.inputs:
            if x.role is not Role.TARGET:
                yield _adjoint(f"∂{of}/∂{x.name}", layers.derivative(of, x.name), wl.slots[x.name], found, scale, zero)


def _adjoint(name: str, ours: Any, slot: int, found: Sequence[Any], scale: Sequence[Any], zero: Any) -> Pair:
    theirs, size = found[slot], scale[slot]
    return Pair(name, ours, zero if theirs is None else theirs, zero if size is None else size)


def _entries(table: Sequence[Sequence[str]], matrix: Any) -> Iterator[tuple[str, Any]]:
    for names, row in zip(table, matrix.tolist(), strict=True):
        yield from zip(names, row, strict=True)


def _sizes_of_values(wl: WengertList, columns: Columns, zero: Any) -> list[Any]:
    """For each slot how large the terms are that it is made of, to first order: Σ |∂v/∂u|·size(u), at least |v|."""
    made = [abs(x) for x in columns.values[: wl.inputs]]
    for slot in wl.statements():
        first, _ = wl.span(slot)
        total = zero
        for j, o in enumerate(wl.operands_of(slot)):
            partial = columns.partials[first + j]
            if o >= 0 and partial is not None:
                total = total + abs(partial) * made[o]
        made.append(max(total, abs(columns.values[slot])))
    return made
