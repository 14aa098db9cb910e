"""The sweeps of a long list in doubles: the loops of sweeps.py once more, each as one function that is made for the list's
opcodes, with the table's formulas written into it.

The columns are the same to the last bit. Where anything is out of the ordinary (a value that is not finite or does not exist, a
domain that is left), `Doubt` is raised, and the caller sweeps with sweeps.py, which can explain, and knows infinities and which
branch of a where is not needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, islice, repeat
from operator import add, mul
from typing import Any

from wengert.sweep.arithmetics import FAULTS
from wengert.sweep.functions import Doubt, Functions, partial_of, value_of
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import Places, WeightedSum, WengertList, taken

LONG = 2_000  # statements from which on making the functions takes less time than they save


def primal(wl: WengertList, point: Sequence[float], constants: Sequence[float]) -> list[float]:
    """The value of every slot, as `sweeps.primal` has it. Raises Doubt."""
    values = [*point, *[0.0] * len(wl.opcode), *reversed(constants)]  # operand −1 is the first constant
    step = _primal(wl)
    try:
        for start, stop, found in wl.pieces():
            if found is not None:
                _sum_values(wl, found, values)
            else:
                step(*_piece(wl, start, stop), wl.operands, values)
    except FAULTS as fault:
        raise Doubt from fault
    del values[len(wl) :]
    total = sum(values)
    if total - total != 0:
        raise Doubt
    return values


def local_partials(
    wl: WengertList, values: Sequence[float], constants: Sequence[float], active: bytearray
) -> list[float | None]:
    """The partial of every operand that is differentiated, as `sweeps.local_partials` has it. Raises Doubt."""
    column: list[float | None] = [None] * len(wl.operands)
    known = [*values, *reversed(constants)]
    marks = active + bytes(len(constants))
    step = _partials(wl)
    try:
        for start, stop, found in wl.pieces():
            if found is None or not _sum_partials(wl, found, values, active, column):
                step(*_piece(wl, start, stop), wl.operands, known, marks, column)
    except FAULTS as fault:
        raise Doubt from fault
    return column


def _piece(wl: WengertList, start: int, stop: int) -> tuple[Sequence[int], Iterator[int], int, int]:
    """The opcodes and the ends of some statements, the first slot, and where its operands begin."""
    begin, end = start - wl.inputs, stop - wl.inputs
    return wl.opcode[begin:end], wl.ends(start, stop), start, wl.first[begin]


def adjoints(wl: WengertList, partials: Sequence[float | None], output: int) -> list[float | None]:
    """The adjoint of every slot for one output, as `sweeps.adjoints` has it."""
    column: list[float | None] = [None] * len(wl)
    column[output] = 1.0
    if output < wl.inputs:
        return column
    operands = wl.operands
    for begin, stop, found in reversed(list(wl.pieces(output + 1))):
        if found is not None and _sum_adjoints(wl, found, partials, column):
            continue
        slot = stop - 1
        _, end = wl.span(slot)
        for start in reversed(wl.first[begin - wl.inputs : stop - wl.inputs]):
            adjoint = column[slot]
            if adjoint is not None:
                for i in range(start, end):
                    partial = partials[i]
                    if partial is not None:
                        target = operands[i]
                        before = column[target]
                        column[target] = adjoint * partial if before is None else before + adjoint * partial
            end = start
            slot -= 1
    return column


# -- weighted sums, all at once


def _sum_values(wl: WengertList, found: WeightedSum, values: list[float]) -> None:
    first, last = found.first, found.last
    weights, others = (taken(values, factors) for factors in wl.places(found))
    products = list(map(add, map(mul, weights, others), repeat(0.0)))  # a number has one zero
    values[first] = products[0]
    values[first + 1 : last : 2] = products[1:]
    values[first + 2 : last + 1 : 2] = islice(accumulate(products), 1, None)


def _sum_partials(
    wl: WengertList, found: WeightedSum, values: Sequence[float], active: bytearray, column: list[float | None]
) -> bool:
    """Fills the column; False where a weight is not differentiated, and nothing is done."""
    slots, others = wl.places(found)
    if 0 in taken(active, slots):
        return False
    at, _ = wl.span(found.first)
    end = at + 4 * found.products - 2
    factors, moved = taken(values, others), bytes(taken(active, others))
    weights: Sequence[float | None] = taken(values, slots) if 1 in moved else [None] * found.products
    if 1 in moved and 0 in moved:
        weights = [weight if o else None for weight, o in zip(weights, moved, strict=True)]
    column[at], column[at + 1] = factors[0], weights[0]
    column[at + 2 : end : 4], column[at + 3 : end : 4] = factors[1:], weights[1:]
    column[at + 4 : end : 4] = column[at + 5 : end : 4] = [1.0] * (found.products - 1)
    return True


def _sum_adjoints(
    wl: WengertList, found: WeightedSum, partials: Sequence[float | None], column: list[float | None]
) -> bool:
    """Adds the sum's contributions; False where it must be taken step by step."""
    delta = column[found.last]
    if delta is None:
        return True
    at, _ = wl.span(found.first)
    end = at + 4 * found.products - 2
    if None in partials[at + 4 : end : 4] or None in partials[at + 5 : end : 4]:
        return False
    column[found.first : found.last] = [delta] * (2 * found.products - 2)
    slots, others = wl.places(found)
    for targets, by in (
        (slots, [partials[at], *partials[at + 2 : end : 4]]), (others, [partials[at + 1], *partials[at + 3 : end : 4]])
    ):  # fmt: skip
        if None in by:
            for slot, partial in zip(_slots(targets), by, strict=True):
                if partial is not None:
                    before = column[slot]
                    column[slot] = delta * partial if before is None else before + delta * partial
            continue
        before_all: Sequence[Any] = taken(column, targets)
        parts: Iterable[float] = map(mul, repeat(delta), by)
        if None not in before_all:
            parts = map(add, before_all, parts)
        elif before_all.count(None) < len(before_all):
            parts = [p if b is None else b + p for b, p in zip(before_all, parts, strict=True)]
        if isinstance(targets, slice):
            column[targets] = list(parts)
        else:
            for slot, part in zip(targets, parts, strict=True):
                column[slot] = part
    return True


def _slots(places: Places) -> Iterable[int]:
    return range(places.start, places.stop, places.step) if isinstance(places, slice) else places



# -- the functions that are made


def _primal(wl: WengertList) -> Callable[..., None]:
    functions = Functions()
    lines = ["def sweep(opcodes, ends, slot, i, o, v):", " for op, e in zip(opcodes, ends):"]
    for word, opcode, record in _branches(wl):
        lines.append(f"  {word} op == {opcode}:")
        if record.many:
            lines.append("   a = [v[x] for x in o[i:e]]")
            names = ["a"]
        elif len(record.params) == 1 and _once(record):
            names = ["v[o[i]]"]
        elif len(record.params) == 2 and _once(record):
            names = ["v[o[i]]", "v[o[i + 1]]"]
        else:
            names = [f"x{j}" for j in range(len(record.params))]
            lines += [f"   x{j} = v[o[i + {j}]]" for j in range(len(record.params))]
        tests, value = value_of(functions, record, names)
        lines += [f"   if not {test}: raise Doubt" for test in tests]
        lines.append(f"   v[slot] = {value} + 0.0")  # a number has one zero
    lines += ["  i = e", "  slot += 1"]
    made: Callable[..., None] = functions.define("\n".join(lines) + "\n", "sweep")
    return made


def _once(record: Primitive) -> bool:
    """Whether a value's source mentions each argument once: there is no formula, and no domain."""
    return record.definition is None and not record.domain


def _partials(wl: WengertList) -> Callable[..., None]:
    functions = Functions()
    lines = ["def sweep(opcodes, ends, slot, i, o, v, active, p):", " for op, e in zip(opcodes, ends):"]
    lines.append("  if active[slot]:")
    for word, opcode, record in _branches(wl):
        lines.append(f"   {word} op == {opcode}:")
        fixed = len(record.params) - record.many
        for j in range(fixed):
            lines.append(f"    x{j} = o[i + {j}]")
        names = ["[v[x] for x in o[i:e]]"] if record.many else [f"v[x{j}]" for j in range(fixed)]
        for j in range(fixed):
            if record.partial_of(j):
                lines.append(f"    if active[x{j}]: p[i + {j}] = {partial_of(functions, record, j, names, 'v[slot]')}")
        if record.many and record.partial_of(fixed):
            lines += [
                "    a = [v[x] for x in o[i:e]]",
                f"    for k in range(i + {fixed}, e):",
                f"     if active[o[k]]: p[k] = {partial_of(functions, record, 'k - i', ['a'], 'v[slot]')}",
            ]
        lines.append("    pass")
    lines += ["  i = e", "  slot += 1"]
    made: Callable[..., None] = functions.define("\n".join(lines) + "\n", "sweep")
    return made


def _branches(wl: WengertList) -> list[tuple[str, int, Primitive]]:
    """The branches over the opcodes, the most frequent first: if, elif … Those of weighted sums count once."""
    counts = Counter(range(len(wl.opcodes)))
    for start, stop, found in wl.pieces():
        if found is None:
            counts.update(wl.opcode[start - wl.inputs : stop - wl.inputs])
    numbers = [opcode for opcode, _ in counts.most_common()]
    return [("elif" if n else "if", opcode, PRIMITIVES[wl.opcodes[opcode]]) for n, opcode in enumerate(numbers)]
