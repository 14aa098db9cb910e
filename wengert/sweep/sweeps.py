"""The sweeps: primal, local partials, tangent, reverse. Four loops over the columns, the same for every arithmetic.

A column of values has an entry a slot; a column of local partials has an entry an operand, None where the operand does not
depend on what is differentiated. (Griewank & Walther 2008, tables 3.1 and 3.4: forward, and incremental reverse mode.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wengert.sweep.arithmetics import FAULTS, Field, OutsideDomain, TooLarge, Unknown
from wengert.sweep.evaluate import evaluate
from wengert.sweep.rules import Rules
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.wengert_list import WengertList


class StatementFault(Exception):
    """A statement has no value; `reason` says why, `overflow` whether it is too large rather than undefined."""

    def __init__(self, slot: int, values: list[Any], reason: str, overflow: bool) -> None:
        super().__init__(reason)
        self.slot = slot
        self.values = values  # of the slots before it
        self.reason = reason
        self.overflow = overflow


class Contribution(NamedTuple):
    """adjoint × local partial, added to the adjoint of `target`, which is then `so_far`."""

    slot: int
    argument: int
    target: int
    partial: Any
    adjoint: Any
    value: Any
    so_far: Any


class ConstantFault(Exception):
    """A constant expression has no value, because of what it was raised from; `root` is its node."""

    def __init__(self, root: int, reason: str, overflow: bool) -> None:
        super().__init__(reason)
        self.root = root
        self.reason = reason
        self.overflow = overflow


def constant(wl: WengertList, root: int, rules: Rules) -> Any:
    """The value of a constant expression of the model (`1/3`, `pi/4`, a literal). Raises ConstantFault."""
    arithmetic = rules.arithmetic
    try:
        value = evaluate(wl.model.nodes, root, rules, lambda name: arithmetic.e if name == "e" else arithmetic.pi)
    except Unknown:
        return arithmetic.undefined
    except FAULTS as fault:
        reason = str(fault) if isinstance(fault, (OutsideDomain, TooLarge)) else ""
        raise ConstantFault(root, reason, isinstance(fault, (OverflowError, TooLarge))) from fault
    if isinstance(value, float):
        if value - value != 0:
            raise ConstantFault(root, "", True)
        value += 0.0  # a number has one zero
    return value


def constants(wl: WengertList, rules: Rules) -> list[Any]:
    return [constant(wl, root, rules) for root in wl.constants]


def primal(
    wl: WengertList, point: Sequence[Any], rules: Rules, strict: bool = True,
    settle: Callable[[int, Any], Any] | None = None, asked: Sequence[int] | None = None,
) -> list[Any]:  # fmt: skip
    """The value of every slot, from the values of the inputs. Raises StatementFault at the first statement that has none,
    unless only branches that a where leaves out use it; with `strict` False that statement's value is undefined. `settle`
    (slot, value) may change a value before it is used: rounding, as on paper. `asked` are the slots without which there is
    nothing: other statements may then have no value; without it, there are none such."""
    values: list[Any] = list(point)
    known = constants(wl, rules)
    operands, first, opcodes = wl.operands, wl.first, wl.opcode
    functions = [rules.value(name) for name in wl.opcodes]
    tests = [_domain(wl, rules, i) if strict else [] for i in range(len(wl.opcodes))]
    guarded = _guarded(wl, asked) if strict else bytearray(len(opcodes))
    faults: dict[int, StatementFault] = {}  # of statements whose value may turn out not to be needed
    finite = rules.arithmetic.name == "float64"
    last = len(operands)
    for at in range(len(opcodes)):
        stop = first[at + 1] if at + 1 < len(first) else last
        arguments = [values[o] if o >= 0 else known[-1 - o] for o in operands[first[at] : stop]]
        opcode = opcodes[at]
        if faults and (fault := _inherited(wl, at, arguments, operands[first[at] : stop], faults, rules, guarded)) is not None:
            faults[wl.inputs + at] = fault
            values.append(rules.arithmetic.undefined)
            continue
        try:
            for holds, sentence in tests[opcode]:
                if not holds(arguments, None, 0):
                    raise OutsideDomain(sentence)
            value = functions[opcode](arguments, None, 0)
            if finite and value - value != 0:  # inf and nan
                raise OverflowError
            if settle is not None:
                value = settle(wl.inputs + at, value)
            if finite:
                value += 0.0  # a number has one zero: −0.0 would turn the root's slope at 0 to −∞, and atan2 to the other side
        except Unknown:
            value = rules.arithmetic.undefined
        except FAULTS as fault:
            if strict:
                reason = str(fault) if isinstance(fault, (OutsideDomain, TooLarge)) else ""
                overflow = isinstance(fault, (OverflowError, TooLarge))
                faults[wl.inputs + at] = StatementFault(wl.inputs + at, list(values), reason, overflow)
                if not guarded[at]:
                    raise faults[wl.inputs + at] from fault
            value = rules.arithmetic.undefined
        values.append(value)
    return values


def _guarded(wl: WengertList, asked: Sequence[int] | None) -> bytearray:
    """For each statement 1 where every way from it to an output (to a slot of `asked`) leads through a branch of a where."""
    count = len(wl.opcode)
    guarded = bytearray(b"\x01" * count)
    if asked is None and not any(name.startswith("where_") for name in wl.opcodes):
        return bytearray(count)
    used = bytearray(count)
    for slot in [wl.slots[name] for name in wl.model.outputs] if asked is None else asked:
        if slot >= wl.inputs:
            guarded[slot - wl.inputs] = 0
            used[slot - wl.inputs] = 1
    for at in range(count - 1, -1, -1):
        choice = wl.opcodes[wl.opcode[at]].startswith("where_")
        if not used[at]:
            if asked is not None:
                continue
            guarded[at] = 0  # nothing that is asked for needs it: its fault is told
        for j, o in enumerate(wl.operands_of(wl.inputs + at)):
            if o >= wl.inputs:
                used[o - wl.inputs] = 1
                if not guarded[at] and not (choice and j >= 2):
                    guarded[o - wl.inputs] = 0
    return guarded


def _inherited(
    wl: WengertList, at: int, arguments: list[Any], operands: Sequence[int], faults: dict[int, StatementFault], rules: Rules,
    guarded: bytearray,
) -> StatementFault | None:
    """The fault of an operand that the statement needs. Raises it where the statement's own value is needed for certain."""
    name = wl.opcodes[wl.opcode[at]]
    needed = list(operands)
    if name.startswith("where_") and not any(o in faults for o in operands[:2]):
        try:
            taken = rules.arithmetic.truth(name.removeprefix("where_"), arguments[0], arguments[1])
        except Unknown:
            return None  # its own value will not be known either
        needed = [operands[2] if taken else operands[3]]
    fault = next((faults[o] for o in needed if o in faults), None)
    if fault is not None and not guarded[at]:
        raise fault
    return fault


def _domain(wl: WengertList, rules: Rules, opcode: int) -> list[tuple[Any, str]]:
    record = PRIMITIVES[wl.opcodes[opcode]]
    return [(rules.holds(record, c.test), c.sentence) for c in record.domain]


def local_partials(
    wl: WengertList, values: Sequence[Any], rules: Rules, active: bytearray, fallback: Rules | None = None,
    guide: Sequence[Any] | None = None, before: Mapping[int, Any] | None = None,
) -> list[Any]:  # fmt: skip
    """∂v_i/∂v_j for every operand that depends on what is differentiated: a column beside `wl.operands`.

    A partial that has no value here (the root's slope at 0) is taken from `fallback`, whose arithmetic knows infinities,
    and undefined without one. `guide` holds the values that tell which branches of a choice are left out and have no value,
    where an undefined one of `values` may be no more than unknown. `before` are values as they were before they were rounded:
    the larger of two numbers is one of them, whatever is written down for it.
    """
    guide = values if guide is None else guide
    column: list[Any] = [None] * len(wl.operands)
    known = constants(wl, rules)
    operands, first = wl.operands, wl.first
    last = len(operands)
    for at in range(len(wl.opcode)):
        slot = wl.inputs + at
        if not active[slot]:
            continue
        stop = first[at + 1] if at + 1 < len(first) else last
        name = wl.opcodes[wl.opcode[at]]
        record = PRIMITIVES[name]
        choice = record.comparison is not None
        out = before[slot] if before and slot in before and record.selects else values[slot]
        arguments: list[Any] | None = None
        for i in range(first[at], stop):
            o = operands[i]
            if o < 0 or not active[o] or (choice and guide[o] != guide[o]):
                continue  # nothing flows into a branch that is left out and has no value
            if arguments is None:
                arguments = [values[p] if p >= 0 else known[-1 - p] for p in operands[first[at] : stop]]
            j = i - first[at]
            if not record.partial_of(j):
                continue
            partial = rules.arithmetic.undefined
            for table in (rules, fallback):
                if table is None:
                    continue
                try:
                    partial = table.partial(name, j)(arguments, out, j)
                    break
                except (Unknown, *FAULTS):
                    continue
            column[i] = partial
    return column


def tangents(wl: WengertList, partials: Sequence[Any], seed: Mapping[int, Any], arithmetic: Field) -> list[Any]:
    """v̇ of every slot along the direction `seed` (slot → component); None where it is zero for lack of a path.

    v̇_i = Σ_j ∂v_i/∂v_j · v̇_j (Griewank & Walther 2008, equation 2.6). A seeded statement moves by its seed as well.
    """
    column: list[Any] = [None] * len(wl)
    for slot, component in seed.items():
        column[slot] = component
    operands, first = wl.operands, wl.first
    last = len(operands)
    for at in range(len(wl.opcode)):
        slot = wl.inputs + at
        stop = first[at + 1] if at + 1 < len(first) else last
        total = column[slot]
        for i in range(first[at], stop):
            o = operands[i]
            if o >= 0 and column[o] is not None and partials[i] is not None:
                part = arithmetic.mul(partials[i], column[o])
                total = part if total is None else arithmetic.add(total, part)
        column[slot] = total
    return column


def reverse(
    wl: WengertList, partials: Sequence[Any], output: int, arithmetic: Field, adjoints: list[Any]
) -> Iterator[Contribution]:
    """The contributions in sweep order, from the output back; fills `adjoints` (v̄ a slot, None where no path leads).

    v̄_j += v̄_i · ∂v_i/∂v_j for i from the output down (Griewank & Walther 2008, table 3.4).
    """
    adjoints[output] = arithmetic.one
    operands, first = wl.operands, wl.first
    for slot in range(output, wl.inputs - 1, -1):
        adjoint = adjoints[slot]
        if adjoint is None:
            continue
        at = slot - wl.inputs
        stop = first[at + 1] if at + 1 < len(first) else len(operands)
        for i in range(first[at], stop):
            partial = partials[i]
            if partial is None or operands[i] < 0:
                continue
            target = operands[i]
            value = arithmetic.mul(adjoint, partial)
            before = adjoints[target]
            so_far = value if before is None else arithmetic.add(before, value)
            adjoints[target] = so_far
            yield Contribution(slot, i - first[at], target, partial, adjoint, value, so_far)


def adjoints(wl: WengertList, partials: Sequence[Any], output: int, arithmetic: Field) -> list[Any]:
    """v̄ of every slot for one output; None where no path leads to it."""
    column: list[Any] = [None] * len(wl)
    for _ in reverse(wl, partials, output, arithmetic, column):
        pass
    return column
