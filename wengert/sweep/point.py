"""The values of the inputs at the model's point, and a seed's components, in any arithmetic; what is said where one lacks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from wengert.errors import ValueProblem
from wengert.lang.expr import NUMBER
from wengert.lang.model import Model
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.faults import explain_constant
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

MANY = 1_000  # inputs, from which on they are looked at all at once


def point(wl: WengertList, rules: Rules, strict: bool = True) -> list[Any]:
    """The values of the inputs, from their constant expressions. Raises ValueProblem where one is missing or has none; with
    `strict` False one that has none is undefined."""
    missing = [x.name for x in wl.model.inputs if x.value is None]
    if missing:
        raise _missing(wl.model, missing)
    many = len(wl.model.inputs) >= MANY
    if many and type(rules.arithmetic) is Float and (doubles := _literals(wl.model, rules.arithmetic)) is not None:
        return doubles
    made = []
    for x in wl.model.inputs:
        assert x.value is not None
        try:
            made.append(sweeps.constant(wl, x.value, rules))
        except sweeps.ConstantFault as fault:
            if strict:
                raise explain_constant(wl, fault, f"the value of {x.name}") from fault
            made.append(rules.arithmetic.undefined)
    return made


def amounts(wl: WengertList, seed: Mapping[int, int | None], rules: Rules) -> dict[int, Any]:
    """The components of a direction by slot, from their constant expressions (None stands for 1). Raises ValueProblem where one
    has no value."""
    found: dict[int, Any] = {}
    for slot, root in seed.items():
        try:
            found[slot] = rules.arithmetic.one if root is None else sweeps.constant(wl, root, rules)
        except sweeps.ConstantFault as fault:
            raise explain_constant(wl, fault, f"the seed's component for {wl.name(slot)}") from fault
    return found


def _literals(model: Model, arithmetic: Float) -> list[float] | None:
    """The values as doubles where all of them are literals, some with a minus sign; None where one is more, or has no value."""
    nodes = model.nodes
    op, first, args, texts = nodes.op, nodes.first, nodes.args, nodes.texts
    neg = nodes.ops.index("neg") if "neg" in nodes.ops else -1
    try:
        made = [
            float(texts[first[root]]) if op[root] == NUMBER
            else 0.0 - float(texts[first[args[first[root]]]]) if op[root] == neg and op[args[first[root]]] == NUMBER
            else math.nan
            for root in (x.value for x in model.inputs) if root is not None
        ]  # fmt: skip
        if 0.0 in made:
            for x, value in zip(model.inputs, made, strict=True):
                if value == 0:  # too small for a double, or 0
                    root = x.value
                    assert root is not None
                    arithmetic.number(texts[first[root if op[root] == NUMBER else args[first[root]]]])
    except FAULTS:
        return None
    return made if all(map(math.isfinite, made)) else None


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
