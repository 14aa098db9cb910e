"""The pieces that documents are made of: a step's mathematics, and the same with numbers put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.show.document import Equation, Formula, Math, Number, Result, Words
from wengert.show.notation import size
from wengert.show.numbers import Digits, shown_exactly
from wengert.sweep.arithmetics import Float
from wengert.sweep.rules import Rules
from wengert.sweep.sweeps import FAULTS
from wengert.sweep.trace import Extended
from wengert.tape.wengert_list import WengertList

LONGEST = 60  # nodes of a formula that stands in a table's cell with its numbers

_FLOAT = Rules(Float())
_EXTENDED = Rules(Extended())


def result(value: Any, exact: Any, digits: Digits) -> Result:
    """`= 5.5` or `≈ 0.693147`; `exact` is the value as a rational, or no rational where it is not known to be one."""
    text = digits.result(value)
    return Result(text, isinstance(exact, Fraction) and shown_exactly(text, exact))


def number(value: Any, digits: Digits) -> Number:
    return Number(digits.inserted(value))


def equals(left: Math, value: Any, exact: Any, digits: Digits) -> Equation:
    """`x̄1 ≈ −0.283662`"""
    shown = result(value, exact, digits)
    return Equation((left, Number(shown.text)), ("=" if shown.exact else "≈",))


def with_numbers(
    nodes: Nodes, root: int, value: Callable[[str], float | None], digits: Digits, keep_call: bool
) -> Formula | None:
    """The formula with numbers for its names. A call becomes its value (cos(5) is 0.28366219); with `keep_call` a call that
    is the whole stays: ln(2). None where the formula is too long for a cell, or a call in it has no value."""
    if size(nodes, root, LONGEST) >= LONGEST:
        return None
    made = Nodes()
    new: dict[int, int] = {}
    known: dict[int, float | None] = {}
    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        arguments = nodes.arguments(node)
        if operation == "number":
            known[node], new[node] = float(nodes.text(node)), made.number(nodes.text(node))
        elif operation == "name":
            name = nodes.text(node)
            known[node] = value(name)
            if known[node] is None:  # a constant: pi stays pi
                known[node] = Float.e if name == "e" else Float.pi
                new[node] = made.name(name)
            else:
                new[node] = made.number(digits.inserted(known[node]))  # type: ignore[arg-type]
        elif operation in COMPARISONS:
            new[node] = made.call(operation, [new[a] for a in arguments])
            a, b = (known[x] for x in arguments)
            known[node] = None if a is None or b is None else float(_FLOAT.arithmetic.truth(operation, a, b))
        else:
            known[node] = _value(operation, [known[a] for a in arguments])
            structural = operation in ("add", "sub", "mul", "div", "neg", "power")
            if structural or (keep_call and node == root):
                new[node] = made.call(operation, [new[a] for a in arguments])
            elif known[node] is None or known[node] != known[node]:
                return None
            else:
                new[node] = made.number(digits.inserted(known[node]))  # type: ignore[arg-type]
    return Formula(made, new[root])


def _value(operation: str, values: list[float | None]) -> float | None:
    if operation == "where":
        return values[1] if values[0] else values[2]
    if None in values:
        return None
    try:
        return float(_EXTENDED.value(operation)(values, None, 0))
    except FAULTS:
        return None


def too_large() -> Words:
    return Words("… (too large to write out)")


def values_by_name(wl: WengertList, values: Sequence[float]) -> Callable[[str], float | None]:
    """name → value, None for a constant; names of unnamed statements included."""
    known: dict[str, int] = {}

    def value(name: str) -> float | None:
        slot = wl.slots.get(name)
        if slot is None:
            if not known:
                known.update((wl.name(s), s) for s in wl.statements())
            slot = known.get(name)
        return None if slot is None else values[slot]

    return value
