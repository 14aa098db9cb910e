"""All sweeps in one arithmetic: primal, local partials, adjoints of each output, tangents along each direction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wengert.sweep import sweeps, swift
from wengert.sweep.arithmetics import Digits, Float
from wengert.sweep.extended import Extended, ExtendedDigits
from wengert.sweep.faults import explain, explain_constant
from wengert.sweep.functions import Doubt
from wengert.sweep.point import amounts, point
from wengert.sweep.rules import OWN, Rules
from wengert.tape.wengert_list import WengertList

Directions = Mapping[str, Mapping[int, int | None]]


@dataclass(frozen=True)
class Columns:
    """What the sweeps computed in one arithmetic: `values` a slot, `partials` an operand, `adjoints` by output, `tangents` by
    direction (a name of wrt, or "seed")."""

    values: Sequence[Any]
    partials: Sequence[Any]
    adjoints: Mapping[str, Sequence[Any]]
    tangents: Mapping[str, Sequence[Any]]


def sweep(
    wl: WengertList,
    rules: Rules,
    active: bytearray,
    outputs: Sequence[str],
    directions: Directions,
    strict: bool,
    reverse: bool = True,
    settle: Callable[[int, Any], Any] | None = None,
    guide: Sequence[Any] | None = None,
) -> Columns:
    """All sweeps in one arithmetic. Raises ValueProblem for a value that does not exist, where `strict`. `guide` as for
    `local_partials`."""
    if strict and settle is None and guide is None and len(wl.opcode) >= swift.LONG and _in_doubles(rules):
        return _swiftly(wl, rules, active, outputs, directions, reverse)
    return _step_by_step(wl, rules, active, outputs, directions, strict, reverse, settle, guide)


def _in_doubles(rules: Rules) -> bool:
    return type(rules.arithmetic) is Float and rules.stable and rules.convention == OWN


def _swiftly(
    wl: WengertList, rules: Rules, active: bytearray, outputs: Sequence[str], directions: Directions, reverse: bool
) -> Columns:
    """The columns of a long list in doubles; step by step where something is out of the ordinary."""
    try:
        known = sweeps.constants(wl, rules)
        values = swift.primal(wl, point(wl, rules), known)
        partials = swift.local_partials(wl, values, known, active)
    except (Doubt, sweeps.ConstantFault):
        return _step_by_step(wl, rules, active, outputs, directions, True, reverse)
    adjoints = {y: swift.adjoints(wl, partials, wl.slots[y]) for y in outputs} if reverse else {}
    tangents = {
        key: sweeps.tangents(wl, partials, amounts(wl, seed, rules), rules.arithmetic) for key, seed in directions.items()
    }
    return Columns(values, partials, adjoints, tangents)


def _step_by_step(
    wl: WengertList, rules: Rules, active: bytearray, outputs: Sequence[str], directions: Directions, strict: bool,
    reverse: bool, settle: Callable[[int, Any], Any] | None = None, guide: Sequence[Any] | None = None,
) -> Columns:  # fmt: skip
    arithmetic = rules.arithmetic
    before: dict[int, Any] = {}

    def kept(slot: int, value: Any) -> Any:
        before[slot] = value
        return value if settle is None else settle(slot, value)

    try:
        values = sweeps.primal(wl, point(wl, rules, strict), rules, strict, None if settle is None else kept)
    except sweeps.StatementFault as fault:
        raise explain(wl, fault) from fault
    except sweeps.ConstantFault as fault:
        raise explain_constant(wl, fault) from fault
    partials = sweeps.local_partials(wl, values, rules, active, extended(rules), guide, before)
    adjoints = {y: sweeps.adjoints(wl, partials, wl.slots[y], arithmetic) for y in outputs} if reverse else {}
    tangents = {
        key: sweeps.tangents(wl, partials, amounts(wl, seed, rules), arithmetic) for key, seed in directions.items()
    }
    return Columns(values, partials, adjoints, tangents)


def flat(columns: Columns) -> list[Any]:
    """All entries one after the other: values, partials, adjoints, tangents."""
    parts = [columns.values, columns.partials, *columns.adjoints.values(), *columns.tangents.values()]
    return [entry for part in parts for entry in part]


def from_flat(entries: Sequence[Any], like: Columns) -> Columns:
    """Columns of the same shape from their entries in a row."""
    rest = iter(entries)

    def take(column: Sequence[Any]) -> list[Any]:
        return [next(rest) for _ in column]

    values, partials = take(like.values), take(like.partials)
    adjoints = {of: take(column) for of, column in like.adjoints.items()}
    return Columns(values, partials, adjoints, {key: take(column) for key, column in like.tangents.items()})


def extended(rules: Rules) -> Rules | None:
    """The rules to ask where a local partial has no value in the textbook's form: in numbers with infinities, or else in its
    stable form (x/norm at the origin); None where that is the same."""
    if isinstance(rules.arithmetic, Float):
        return Rules(Extended(), rules.stable, rules.convention)
    if isinstance(rules.arithmetic, Digits):
        return Rules(ExtendedDigits(rules.arithmetic.digits), rules.stable, rules.convention)
    return None if rules.stable else Rules(rules.arithmetic, True, rules.convention)
