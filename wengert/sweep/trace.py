"""A trace: a Wengert list with what the sweeps computed on it.

`run` is the numeric pipeline: point, primal sweep, local partials, then tangents along each direction and adjoints of each
output. The columns are as in `sweeps.py`. `shadow` is the same in rationals, where they are rational: it says which of the
printed numbers are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wengert.errors import UsageError, ValueProblem
from wengert.lang.model import Model
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Float, OutsideDomain
from wengert.sweep.faults import explain, explain_constant
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

MODES = ("reverse", "forward", "both")
SHADOWED = 20_000  # statements up to which exactness is worked out


@dataclass(frozen=True)
class Columns:
    """What the sweeps computed in one arithmetic: `values` a slot, `partials` an operand, `adjoints` by output, `tangents` by
    direction (a name of wrt, or "seed")."""

    values: list[Any]
    partials: list[Any]
    adjoints: dict[str, list[Any]]
    tangents: dict[str, list[Any]]


@dataclass(frozen=True)
class Trace:
    """The list, where it was swept (`mode`), and the columns in double precision.

    `wrt` and `outputs` are names, `directions` the seeds of the tangent sweeps by key: slot → component (as roots of constant
    expressions, None standing for 1).
    """

    list: WengertList
    mode: str
    outputs: tuple[str, ...]
    wrt: tuple[str, ...]
    directions: Mapping[str, Mapping[int, int | None]]
    active: bytearray
    columns: Columns
    warnings: tuple[str, ...] = ()

    @property
    def model(self) -> Model:
        return self.list.model

    @property
    def values(self) -> Sequence[float]:
        return self.columns.values

    def derivative(self, of: str, wrt: str) -> float:
        """∂of/∂wrt, or the directional derivative for wrt = "seed"; 0.0 where no path leads."""
        return float(_derivative(self.list, self.columns, of, wrt, 0.0))

    def pairs(self) -> Sequence[tuple[str, str]]:
        """(output, name) of every derivative the trace gives; the name is "seed" along a direction."""
        names = tuple(self.directions) if self.seeded else self.wrt
        return [(of, x) for of in self.outputs for x in names]

    @property
    def seeded(self) -> bool:
        return "seed" in self.directions

    @cached_property
    def shadow(self) -> Columns | None:
        """The columns in rationals, UNKNOWN where a value is not known to be rational; None for a long list."""
        if len(self.list) > SHADOWED:
            return None
        rules = Rules(Rational(), stable=False)
        return sweep(self.list, rules, self.active, self.outputs, self.directions, strict=False)

    def exact_derivative(self, of: str, wrt: str) -> Any:
        """∂of/∂wrt as a rational, UNKNOWN where it is not known to be one."""
        return UNKNOWN if self.shadow is None else _derivative(self.list, self.shadow, of, wrt, Rational.zero)

    @cached_property
    def kinks(self) -> Sequence[tuple[int, str]]:
        """(slot, sentence) of each statement that stands at a kink and is differentiated."""
        rules = Rules(Float())
        known = sweeps.constants(self.list, rules)
        found = []
        for slot in self.list.statements():
            record = self.list.primitive(slot)
            if not record.kinks or not self.active[slot]:
                continue
            arguments = [self.values[o] if o >= 0 else known[-1 - o] for o in self.list.operands_of(slot)]
            for kink in record.kinks:
                if rules.holds(record, kink.test)(arguments, self.values[slot], 0):
                    found.append((slot, kink.sentence))
        return found


def run(wl: WengertList, mode: str = "reverse") -> Trace:
    """Sweep the list at the model's point. Raises ValueProblem where a value is missing or does not exist."""
    if mode not in MODES:
        raise UsageError(f"--mode is {mode}", hint=f"one of {', '.join(MODES)}")
    model = wl.model
    if model.seed is not None and mode == "reverse":
        mode = "forward"
    rules = Rules(Float())
    wrt_slots = [wl.slots[x] for x in model.wrt]
    active = wl.depends_on(wrt_slots)
    directions = _directions(wl, mode)
    columns = sweep(wl, rules, active, model.outputs, directions, strict=True, reverse=mode != "forward")
    return Trace(wl, mode, model.outputs, model.wrt, directions, active, columns, _underflows(wl, columns))


def _directions(wl: WengertList, mode: str) -> dict[str, dict[int, int | None]]:
    model = wl.model
    if model.seed is not None:
        return {"seed": {wl.slots[x]: root for x, root in model.seed.items()}}
    if mode == "reverse":
        return {}
    return {x: {wl.slots[x]: None} for x in model.wrt}


def sweep(
    wl: WengertList,
    rules: Rules,
    active: bytearray,
    outputs: Sequence[str],
    directions: Mapping[str, Mapping[int, int | None]],
    strict: bool,
    reverse: bool = True,
    point_values: Sequence[Any] | None = None,
) -> Columns:
    """All sweeps in one arithmetic. Raises ValueProblem like `run` where `strict`."""
    arithmetic = rules.arithmetic
    values = list(point_values) if point_values is not None else point(wl, rules)
    try:
        values = sweeps.primal(wl, values, rules, strict)
    except sweeps.StatementFault as fault:
        raise explain(wl, fault) from fault
    except sweeps.ConstantFault as fault:
        raise explain_constant(wl, fault) from fault
    fallback = Rules(Extended()) if isinstance(arithmetic, Float) else None
    partials = sweeps.local_partials(wl, values, rules, active, fallback)
    adjoints = {y: sweeps.adjoints(wl, partials, wl.slots[y], arithmetic) for y in outputs} if reverse else {}
    tangents = {
        key: sweeps.tangents(wl, partials, _seed(wl, seed, rules), arithmetic) for key, seed in directions.items()
    }
    return Columns(values, partials, adjoints, tangents)


def _seed(wl: WengertList, seed: Mapping[int, int | None], rules: Rules) -> dict[int, Any]:
    one = rules.arithmetic.one
    return {slot: one if root is None else sweeps.constant(wl, root, rules) for slot, root in seed.items()}


def point(wl: WengertList, rules: Rules) -> list[Any]:
    """The values of the inputs, from their constant expressions. Raises ValueProblem where one is missing or has none."""
    missing = [x.name for x in wl.model.inputs if x.value is None]
    if missing:
        raise _missing(wl.model, missing)
    made = []
    for x in wl.model.inputs:
        assert x.value is not None
        try:
            made.append(sweeps.constant(wl, x.value, rules))
        except sweeps.ConstantFault as fault:
            if not isinstance(rules.arithmetic, Rational):
                raise explain_constant(wl, fault, f"the value of {x.name}") from fault
            made.append(UNKNOWN)
    return made


def _missing(model: Model, missing: list[str]) -> ValueProblem:
    """`x has no value`, with the ways in which that usually comes about."""
    nodes = model.nodes
    known = [x.name for x in model.inputs if x.value is not None]
    place = next(
        (nodes.place(n) for n in range(len(nodes)) if nodes.operation(n) == "name" and nodes.text(n) == missing[0]), None
    )
    names = ", ".join(missing[:6]) + (", …" if len(missing) > 6 else "")
    hint = "give it with --at " + ",".join(f"{x}=…" for x in missing[:4]) + (",…" if len(missing) > 4 else "")
    letters = [missing[0][:i] for i in range(1, len(missing[0]))]
    split = next((p for p in letters if p in known and missing[0][len(p) :] in known), None)
    if split is not None:
        rest = missing[0][len(split) :]
        hint = f"{missing[0]} is one name; the product of {split} and {rest} is written {split}*{rest}"
    return ValueProblem(f"{names} {'has' if len(missing) == 1 else 'have'} no value", place, hint=hint)


def _derivative(wl: WengertList, columns: Columns, of: str, wrt: str, zero: Any) -> Any:
    if of in columns.adjoints and wrt in wl.slots and wrt != "seed":
        value = columns.adjoints[of][wl.slots[wrt]]
    else:
        value = columns.tangents[wrt][wl.slots[of]]
    return zero if value is None else value


def _underflows(wl: WengertList, columns: Columns) -> tuple[str, ...]:
    """A warning for each statement whose double is 0 although its value is not: asked of 30 digits, for zeros alone."""
    zeros = [s for s in wl.statements() if columns.values[s] == 0.0]
    if not zeros:
        return ()
    suspects = [s for s in zeros if wl.primitive(s).name in _CAN_UNDERFLOW and _operands_not_zero(wl, columns, s)]
    return tuple(f"{wl.name(s)} underflows: its value is too small for a double and counts as 0" for s in suspects[:8])


_CAN_UNDERFLOW = frozenset(
    {"exp", "sigmoid", "softplus", "softmax", "silu", "gelu", "sech", "csch", "erfc", "mul", "div", "power"}
)


def _operands_not_zero(wl: WengertList, columns: Columns, slot: int) -> bool:
    if wl.primitive(slot).name not in ("mul", "div", "power", "silu", "gelu"):
        return True
    rules = Rules(Float())
    known = sweeps.constants(wl, rules)
    values = [columns.values[o] if o >= 0 else known[-1 - o] for o in wl.operands_of(slot)]
    checked = values if wl.primitive(slot).name == "mul" else values[:1]
    return all(v != 0 for v in checked)


class Extended(Float):
    """Doubles with infinities: what a local partial is where it has no finite value (the root's slope at 0)."""

    def __init__(self) -> None:
        self.functions = {**Float.functions, **{
            name: _extended(name, function) for name, function in Float.functions.items()
        }}  # fmt: skip


def _extended(name: str, function: Callable[..., float]) -> Callable[..., float]:
    def extended(*a: float) -> float:
        if any(x != x for x in a):
            return math.nan
        if name == "div" and a[1] == 0:
            return math.nan if a[0] == 0 else math.copysign(math.inf, a[0]) * math.copysign(1.0, a[1])
        if name == "power" and a[0] == 0 and a[1] < 0:
            return math.inf
        if name == "ln" and a[0] == 0:
            return -math.inf
        try:
            return function(*a)
        except OverflowError:
            return math.inf
        except (ValueError, OutsideDomain):
            return math.nan

    return extended

