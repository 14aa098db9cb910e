"""Underflows: statements whose double is 0 although their value is not."""

from __future__ import annotations

from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Float
from wengert.sweep.columns import Columns
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

_CAN_UNDERFLOW = frozenset(
    {"exp", "sigmoid", "softplus", "softmax", "silu", "gelu", "sech", "csch", "erfc", "mul", "div", "power"}
)


def underflows(wl: WengertList, columns: Columns) -> tuple[str, ...]:
    """A warning for each statement whose double is 0 although its operands say that its value is not."""
    zeros = [s for s in wl.statements() if columns.values[s] == 0.0]
    suspects = [s for s in zeros if wl.primitive(s).name in _CAN_UNDERFLOW and _operands_not_zero(wl, columns, s)]
    return tuple(f"{wl.name(s)} underflows: its value is too small for a double and counts as 0" for s in suspects[:8])


def _operands_not_zero(wl: WengertList, columns: Columns, slot: int) -> bool:
    if wl.primitive(slot).name not in ("mul", "div", "power", "silu", "gelu"):
        return True
    known = sweeps.constants(wl, Rules(Float()))
    values = [columns.values[o] if o >= 0 else known[-1 - o] for o in wl.operands_of(slot)]
    checked = values if wl.primitive(slot).name == "mul" else values[:1]
    return all(v != 0 for v in checked)
