"""The Wengert list as Python functions: its primal and its reverse sweep, without a loop over columns.

For training, which sweeps one list thousands of times. The source that is compiled here is made of opcodes, of slot numbers
and of the rule table's own formulas (functions.py): nothing that a person typed reaches it, not even a constant (constants are
looked up by their number).

A compiled sweep never decides what a fault means: where a value is not finite, a domain is left or a function raises, it
raises `Doubt`, and the caller sweeps that point once more with `sweeps.py`, which can explain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS
from wengert.sweep.functions import Doubt, Functions, partial_of, value_of
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import WengertList

CHUNK = 400  # statements a function: Python's compiler takes more than its share of time for one that is very long


class Compiled:
    """Both sweeps of a list for one output: `values` fills the column of primals, `adjoints` that of adjoints.

    A column has an entry a slot. The inputs' entries of the primal column are the point. Adjoints are worked out where a path
    leads from one of the `active` slots' inputs to the output, and are left as they were elsewhere.
    """

    def __init__(self, wl: WengertList, active: bytearray, output: int) -> None:
        self._functions = Functions()
        self._functions.space["k"] = sweeps.constants(wl, self._functions.rules)
        self._list = wl
        leads = wl.leads_to(output)
        self._output = output
        lines = [self._primal(slot) for slot in wl.statements()]
        self._forward = self._chunks(lines)
        met = bytearray(len(wl))
        met[output] = 1
        back = [self._reverse(slot, active, met) for slot in reversed(wl.statements()) if leads[slot] and active[slot]]
        self._backward = self._chunks(back)

    def values(self, v: list[float]) -> None:
        """The primal sweep. Raises Doubt."""
        try:
            for part in self._forward:
                part(v, v)
        except FAULTS as fault:
            raise Doubt from fault
        total = sum(v)
        if total - total != 0:
            raise Doubt

    def adjoints(self, v: Sequence[float], d: list[float]) -> None:
        """The reverse sweep from the output's adjoint 1. Raises Doubt."""
        d[self._output] = 1.0
        try:
            for part in self._backward:
                part(v, d)
        except FAULTS as fault:
            raise Doubt from fault

    def _chunks(self, lines: Sequence[Sequence[str]]) -> list[Callable[[Any, Any], None]]:
        parts = [lines[i : i + CHUNK] for i in range(0, len(lines), CHUNK)]
        made = []
        for part in parts:
            body = "\n".join(f"    {line}" for statement in part for line in statement)
            made.append(self._functions.define(f"def part(v, d):\n{body or '    pass'}\n", "part"))
        return made

    def _primal(self, slot: int) -> list[str]:
        wl, functions = self._list, self._functions
        record = wl.primitive(slot)
        arguments = _texts(record, wl.operands_of(slot))
        tests, value = value_of(functions, record, arguments)
        return [*(f"if not {test}: raise Doubt" for test in tests), f"v[{slot}] = ({value}) + 0.0"]  # a number has one zero

    def _reverse(self, slot: int, active: bytearray, met: bytearray) -> list[str]:
        """v̄_j += v̄_i · ∂v_i/∂v_j for each argument j that is differentiated."""
        wl, functions = self._list, self._functions
        record = wl.primitive(slot)
        operands = wl.operands_of(slot)
        arguments = _texts(record, operands)
        lines = [f"b = d[{slot}]"]
        for j, o in enumerate(operands):
            if o < 0 or not active[o] or not record.partial_of(j):
                continue
            partial = partial_of(functions, record, j, arguments, f"v[{slot}]")
            share = {"1.0": "b", "(-1.0)": "-b"}.get(partial, f"b * {partial}")
            lines.append(f"d[{o}] {'+=' if met[o] else '='} {share}")
            met[o] = 1
        return lines


def _texts(record: Primitive, operands: Sequence[int]) -> list[str]:
    """The operands in the source; of many, their list as one text."""
    texts = [_operand(o) for o in operands]
    return [f"[{', '.join(texts)}]"] if record.many else texts


def _operand(o: int) -> str:
    return f"v[{o}]" if o >= 0 else f"k[{-1 - o}]"
