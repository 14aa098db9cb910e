"""Derivatives of higher order: the Wengert list of the derivatives, and its values.

The gradient is one recorded reverse sweep for each output; every further order is a recorded tangent sweep over what the
orders before it have recorded (forward over reverse: Griewank & Walther 2008, section 5.3). Recording is in recorder.py; this
room knows which sweeps are wanted, and what is held while one moves.

Where a name of wrt is a definition, it is a free name of every derivative whose index has it: it moves by its own seed alone,
and what it depends on does not move it. In a derivative whose index does not have it, it moves with what it depends on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from math import comb
from typing import Any

from wengert.errors import UsageError
from wengert.lang.model import Key, Model
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Float, Unknown
from wengert.sweep.higher.longer import trimmed
from wengert.sweep.higher.recorder import RecordedRules, Recorder, TooLong
from wengert.sweep.higher.written import SEED, free_definitions
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

LIMIT = 200_000  # statements that are recorded


@dataclass(frozen=True)
class Higher:
    """`list` has the `base` slots of the list it was made from, then the statements of the derivatives. `operands` says where
    in it each derivative of order 1 to `order` stands: a slot (≥ 0), a constant (< 0), None where it is 0 for lack of a path.
    Along a seed, the keys of order k are (of, x, "seed", …) for each name, and (of, "seed") for order 1."""

    list: WengertList
    order: int
    base: int
    stable: bool
    operands: dict[Key, int | None]

    def of_order(self, order: int) -> dict[Key, int | None]:
        return {key: operand for key, operand in self.operands.items() if len(key) == order + 1}


def higher(wl: WengertList, order: int, *, stable: bool, limit: int = LIMIT, both: bool = False) -> Higher:
    """The derivatives of every output, of order 1 to `order`, as statements after those of `wl`. With `both` also
    ∂²/∂x_j∂x_i beside ∂²/∂x_i∂x_j, by its own sweep, under the key (x_j, x_i). Raises UsageError where more than `limit`
    statements would be recorded."""
    if order < 1:
        raise UsageError(f"--order is {order}", hint="a whole number from 1")
    names = len(wl.model.wrt)
    wanted = (1 if wl.model.seed is not None else comb(names + order - 1, order)) * len(wl.model.outputs)
    if wanted > limit:
        raise _too_long(order, f"{wanted:,} derivatives; the limit is {limit:,}", names)
    sweep = _Recording(wl, stable, limit)
    operands: dict[Key, int | None] = {}
    try:
        for key in indices(wl.model, order, both):
            operands[key] = sweep.derivative(key[0], key[1:])
    except TooLong:
        raise _too_long(order, f"more than {limit:,} statements", names) from None
    recorder = sweep.recorder
    reached = [o for o in operands.values() if o is not None]
    short, went = trimmed(recorder.list, recorder.base, len(wl.constants), reached)
    places = {key: None if o is None else went[o] for key, o in operands.items()}
    return Higher(short, order, len(wl), stable, places)


def indices(model: Model, order: int, both: bool = False) -> Iterator[Key]:
    """The keys of all derivatives of order 1 to `order`, by output, then by order."""
    for of in model.outputs:
        if model.seed is not None:
            yield of, SEED
            for k in range(1, order + 1):
                yield from ((of, x, *[SEED] * (k - 1)) for x in model.wrt)
            continue
        for k in range(1, order + 1):
            yield from ((of, *wrt) for wrt in combinations_with_replacement(model.wrt, k))
        if both and order >= 2:
            yield from ((of, y, x) for x, y in combinations(model.wrt, 2))


def _too_long(order: int, what: str, names: int) -> UsageError:
    fewer = ", for fewer names with --wrt, or for one direction with --seed" if names > 1 else ""
    return UsageError(f"--order {order} would take {what}", hint=f"ask for a lower order{fewer}")


class _Recording:
    """The recorded sweeps over one list, each made once."""

    def __init__(self, wl: WengertList, stable: bool, limit: int) -> None:
        self.wl = wl
        slots = [wl.slots[x] for x in wl.model.wrt]
        self.recorder = Recorder(wl, [s for s in slots if s >= wl.inputs], slots, limit)
        self.list = self.recorder.list
        self.rules = RecordedRules(self.recorder, stable)
        self.active = wl.depends_on(slots)
        self._partials: dict[int, int] = {}  # by place in the list's operands
        self._gradients: dict[tuple[str, frozenset[int]], list[Any]] = {}
        self._tangents: dict[tuple[str, frozenset[int]], dict[int, int | None]] = {}

    def derivative(self, of: str, wrt: Sequence[str]) -> int | None:
        """The operand that holds the derivative, None where it is 0."""
        free = free_definitions(self.wl, wrt)
        if wrt[0] == SEED:
            return self._moved(self.wl.slots[of], SEED, free)
        value = self._gradient(of, free)[self.wl.slots[wrt[0]]]
        for name in wrt[1:]:
            value = self._moved(value, name, free)
        return None if value is None or self.recorder.rational(value) == 0 else value

    def partial(self, at: int, slot: int) -> int | None:
        """The operand of the local partial at that place of the list's operands; None where nothing flows."""
        if at not in self._partials:
            wl, recorder = self.list, self.recorder
            record = wl.primitive(slot)
            first, end = wl.span(slot)
            recorder.node = wl.node_of(slot)
            flows = bool(record.partial_of(at - first))
            arguments = list(wl.operands[first:end])
            self._partials[at] = (
                self.rules.partial(record.name, at - first)(arguments, slot, at - first) if flows else recorder.zero
            )
        partial = self._partials[at]
        return None if self.recorder.rational(partial) == 0 else partial

    def _gradient(self, of: str, free: frozenset[int]) -> list[Any]:
        """One recorded reverse sweep: the adjoint of every slot; what a free definition depends on does not move it."""
        key = (of, free)
        if key not in self._gradients:
            wl = self.wl
            output = wl.slots[of]
            leads = wl.leads_to(output)
            column: list[Any] = [None] * len(wl.operands)
            for slot in wl.statements():
                if not (leads[slot] and self.active[slot]) or slot in free:
                    continue
                first, end = wl.span(slot)
                for at in range(first, end):
                    o = wl.operands[at]
                    if o >= 0 and self.active[o]:
                        column[at] = self.partial(at, slot)
            self._gradients[key] = sweeps.adjoints(wl, column, output, self.recorder)
        return self._gradients[key]

    def _moved(self, operand: int | None, name: str, free: frozenset[int]) -> int | None:
        """One recorded tangent sweep, over what the operand needs: how it moves with `name`."""
        if operand is None or operand < 0:
            return None
        key = (name, free)
        column = self._tangents.get(key)
        if column is None:
            column = self._tangents[key] = dict.fromkeys(range(self.wl.inputs))
            column.update(dict.fromkeys(free))
            column.update(self._direction(name))
        if operand not in column:
            waiting, seen = [operand], {operand}
            while waiting:
                for o in self.list.operands_of(waiting.pop()):
                    if o >= 0 and o not in column and o not in seen:
                        seen.add(o)
                        waiting.append(o)
            for slot in sorted(seen):
                column[slot] = self._tangent(slot, column)
        return column[operand]

    def _direction(self, name: str) -> Mapping[int, int]:
        if name != SEED:
            return {self.wl.slots[name]: self.recorder.one}
        components = (self.wl.model.seed or {}).items()
        return {self.wl.slots[x]: self.recorder.expression(root) for x, root in components}

    def _tangent(self, slot: int, column: Mapping[int, int | None]) -> int | None:
        """v̇_i = Σ_j ∂v_i/∂v_j · v̇_j. A recorded choice by == with a number singles out a point (y = 0 in x**y, of
        the stable formulas): while what it compares moves, the branch for all other points is the one that has a slope."""
        wl, recorder = self.list, self.recorder
        first, end = wl.span(slot)
        operands = wl.operands[first:end]
        if slot >= recorder.base and wl.primitive(slot).comparison == "eq":
            moving = [o for o in operands[:2] if o >= 0 and column[o] is not None]
            if moving and any(recorder.rational(o) is not None for o in operands[:2]):
                return column[operands[3]] if operands[3] >= 0 else None
        total: int | None = None
        for at, o in enumerate(operands, first):
            if o < 0 or (moved := column[o]) is None or (partial := self.partial(at, slot)) is None:
                continue
            recorder.node = wl.node_of(slot)
            part = recorder.mul(partial, moved)
            total = part if total is None else recorder.add(total, part)
        return None if total is None or recorder.rational(total) == 0 else total


# -- values


def evaluate(higher: Higher, rules: Rules, point: Sequence[Any]) -> dict[Key, Any]:
    """The value of every derivative in the arithmetic of `rules`; `point` has the values of the inputs. A value that does not
    exist is the arithmetic's `undefined`. Raises sweeps.ConstantFault where a constant of the model has no value."""
    values = column(higher.list, rules, point)
    known = sweeps.constants(higher.list, rules)
    zero = rules.arithmetic.zero
    return {k: zero if o is None else values[o] if o >= 0 else known[-1 - o] for k, o in higher.operands.items()}


def column(wl: WengertList, rules: Rules, point: Sequence[Any]) -> list[Any]:
    """The value of every slot; undefined where there is none, and where what a choice compares is undefined."""
    arithmetic = rules.arithmetic
    undefined = arithmetic.undefined
    doubles = isinstance(arithmetic, Float)
    finite = type(arithmetic) is Float  # arithmetics made from it may have infinities
    values: list[Any] = list(point)
    known = sweeps.constants(wl, rules)
    functions = [rules.value(name) for name in wl.opcodes]
    for slot in wl.statements():
        arguments = [values[o] if o >= 0 else known[-1 - o] for o in wl.operands_of(slot)]
        needed = arguments[:2] if wl.primitive(slot).comparison is not None else arguments
        value = undefined
        if not any(x is undefined or x != x for x in needed):
            try:
                value = functions[wl.opcode[slot - wl.inputs]](arguments, None, 0)
                if doubles:
                    value += 0.0  # a number has one zero: what is divided by −0.0 would have the wrong sign
                if finite and value - value != 0:  # too large for a double
                    value = undefined
            except (Unknown, *FAULTS):
                value = undefined
        values.append(value)
    return values
