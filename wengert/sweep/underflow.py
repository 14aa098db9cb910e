"""Underflows: statements whose double is 0 although their value is not."""

from __future__ import annotations

from itertools import islice
from typing import Any

from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Float
from wengert.sweep.columns import Columns
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

_CAN_UNDERFLOW = frozenset(
    {"exp", "sigmoid", "softplus", "softmax", "silu", "gelu", "sech", "csch", "erfc", "mul", "div", "power"}
)
_OF_FIRST = frozenset({"div", "power", "silu", "gelu"})  # 0 where the first argument is
MOST = 8  # warnings


def underflows(wl: WengertList, columns: Columns) -> tuple[str, ...]:
    """A warning for each statement whose double is 0 although its operands say that its value is not."""
    values, opcodes, first = columns.values, wl.opcode, wl.first
    can = bytes(name in _CAN_UNDERFLOW for name in wl.opcodes)
    product = wl.opcodes.index("mul") if "mul" in wl.opcodes else -1
    zeros = [at for at, value in enumerate(islice(values, wl.inputs, None)) if value == 0.0 and can[opcodes[at]]]
    known = sweeps.constants(wl, Rules(Float())) if zeros else []

    def value(operand: int) -> Any:
        return values[operand] if operand >= 0 else known[-1 - operand]

    found = []
    for at in zeros:
        if opcodes[at] == product:  # most of them
            i = first[at]
            suspect = value(wl.operands[i]) != 0 != value(wl.operands[i + 1])
        else:
            suspect = wl.opcodes[opcodes[at]] not in _OF_FIRST or value(wl.operands[first[at]]) != 0
        if suspect:
            found.append(wl.inputs + at)
            if len(found) == MOST:
                break
    return tuple(f"{wl.name(s)} underflows: its value is too small for a double and counts as 0" for s in found)
