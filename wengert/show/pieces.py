"""The pieces that documents are made of: a step's mathematics, and the same with numbers put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isfinite, isinf, isnan
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.show.document import Derivative, Equation, Formula, Math, Number, Result, Words
from wengert.show.notation import size
from wengert.show.numbers import Digits, padded, shown_exactly
from wengert.show.words import tables as words
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.extended import Extended
from wengert.sweep.rules import Rules
from wengert.sweep.steps import Link, Step
from wengert.tape.wengert_list import WengertList

STRUCTURAL = ("add", "sub", "mul", "div", "neg", "power")  # written with signs: numbers are put into them, not in their place
LONGEST = 60  # nodes of a formula that stands in a table's cell with its numbers
MORE_DIGITS = (0, 3, 6, 9)  # beyond the two that numbers in a line carry anyway

_FLOAT = Rules(Float())
_EXTENDED = Rules(Extended())


def result(value: Any, exact: Any, digits: Digits) -> Result | Words:
    """`= 5.5` or `≈ 0.693147`; `exact` is the value as a rational, or no rational where it is not known to be one."""
    if isinstance(value, float) and isnan(value):
        return Words(words.UNDEFINED)
    text = digits.result(value)
    infinite = isinstance(value, float) and isinf(value)
    is_exact = infinite or (isinstance(exact, Fraction) and shown_exactly(text, exact))
    # a value that was not followed exactly (a long list) may well be round
    return Result(text if is_exact or exact is None or value == 0 else padded(text, digits), is_exact)


def number(value: Any, digits: Digits) -> Number:
    return Number(digits.inserted(value))


def equals(left: Math, value: Any, exact: Any, digits: Digits) -> Equation:
    """`x̄1 ≈ −0.283662`"""
    shown = result(value, exact, digits)
    if isinstance(shown, Words):
        return Equation((left, shown))
    return Equation((left, Number(shown.text)), ("=" if shown.exact else "≈",))


def with_numbers(
    nodes: Nodes, root: int, value: Callable[[str], float | None], digits: Digits, keep_call: bool, result: float | None = None
) -> Formula | None:
    """The formula with numbers for its names. A call becomes its value (cos(5) is 0.28366219); with `keep_call` a call that
    is the whole stays: ln(2).

    `result` is what the line must come to: numbers get more digits until it does, as printed. None where the formula is too
    long for a cell, where a call in it has no value, or where no digits of a double make the line add up.
    """
    if size(nodes, root, LONGEST) >= LONGEST:
        return None
    if result is not None and not isfinite(result):
        return None
    for extra in MORE_DIGITS:
        finer = replace(digits, significant=min(17, digits.significant + extra))
        made, computed = _put_in(nodes, root, value, finer, keep_call)
        if made is None or result is None or computed is None:
            return made
        if not isfinite(computed):
            continue
        if float(digits.result(computed)) == float(digits.result(result)):
            return made
    return None


def _put_in(
    nodes: Nodes, root: int, value: Callable[[str], float | None], digits: Digits, keep_call: bool
) -> tuple[Formula | None, float | None]:
    """The formula with numbers, and what it comes to when it is worked out from the numbers as they stand there."""
    made = Nodes()
    new: dict[int, int] = {}
    known: dict[int, float | None] = {}

    def insert(node: int, number: float) -> bool:
        text = digits.inserted(number)
        new[node] = made.number(text)
        known[node] = float(text) if isfinite(number) else None
        return isfinite(number)

    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        arguments = nodes.arguments(node)
        if operation == "number":
            known[node], new[node] = float(nodes.text(node)), made.number(nodes.text(node))
        elif operation == "name":
            name = nodes.text(node)
            given = value(name)
            if given is None:  # a constant: pi stays pi
                known[node], new[node] = Float.e if name == "e" else Float.pi, made.name(name)
            elif not insert(node, given):
                return None, None
        elif operation in COMPARISONS:
            new[node] = made.call(operation, [new[a] for a in arguments])
            a, b = (known[x] for x in arguments)
            known[node] = None if a is None or b is None else float(_FLOAT.arithmetic.truth(operation, a, b))
        else:
            computed = known[node] = _value(operation, [known[a] for a in arguments])
            if operation in STRUCTURAL or (keep_call and node == root):
                new[node] = made.call(operation, [new[a] for a in arguments])
            elif computed is None or not insert(node, computed):
                return None, None
    return Formula(made, new[root]), known[root]


def _value(operation: str, values: list[float | None]) -> float | None:
    if operation == "where":
        return values[1] if values[0] else values[2]
    if None in values:
        return None
    try:
        return float(_EXTENDED.called(operation, values))
    except FAULTS:
        return None


def local_partial(wl: WengertList, step: Step, link: Link, many: bool, direct: bool = False) -> Derivative:
    """∂v_i/∂v_j of one step: with ∂ wherever the step has several arguments, whatever the number of free names."""
    names = (wl.name(step.slot), (wl.name(link.source),))
    if link.argument is not None and sum(k.source == link.source for k in step.links) > 1:  # x**x, a + a
        return Derivative(*names, True, words.argument(link.argument))
    several = len({k.source for k in step.links}) > 1
    return Derivative(*names, many or several, words.DIRECT if direct else "", ascii_only=not many)


def too_large() -> Words:
    return Words(words.TOO_LARGE)


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


def step_partial(step: Step, link: Link) -> Math | None:
    """The link's local partial as a formula, None where it is too large to be written."""
    return None if link.partial is None else Formula(step.nodes, link.partial)
