"""Numbers put into a formula in the place of its names: the formula as it is written then, and what it comes to.

Whoever has a line to fill says how numbers are written and what it must come to (figures.py, put_in.py for lines that are
alike); what belongs to no trace, a step of training or a rule at a number, is filled here with doubles (`with_numbers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.show.document import Formula
from wengert.show.notation import size
from wengert.show.numbers import Digits, is_finite
from wengert.sweep.arithmetics import FAULTS
from wengert.sweep.extended import Extended
from wengert.sweep.rules import Rules

STRUCTURAL = ("add", "sub", "mul", "div", "neg", "power")  # written with signs: numbers are put into them, not in their place
LONGEST = 60  # nodes of a formula that stands in a table's cell with its numbers
MORE_DIGITS = (0, 3, 6, 9)  # beyond the two that numbers in a line carry anyway
MOST_DOUBLE = 17  # digits of a double

_EXTENDED = Rules(Extended())
_NONE: Mapping[int, Any] = {}

Value = Callable[[str], Any]  # name → value, None for a constant
Written = Callable[[Any, "str | None"], str]  # a number, and the name whose value it is, as it stands in the line


def with_numbers(
    nodes: Nodes, root: int, value: Value, digits: Digits, keep_call: bool, result: float | None = None
) -> Formula | None:
    """The formula with numbers for its names. A call becomes its value (cos(5) is 0.28366219); with `keep_call` a call that
    is the whole stays: ln(2).

    `result` is what the line must come to: numbers get more digits until it does, as printed. None where the formula is too
    long for a cell, where a call in it has no value, or where no digits of a double make the line add up.
    """
    if size(nodes, root, LONGEST) >= LONGEST or not (result is None or isfinite(result)):
        return None
    for finer in with_more(digits, MORE_DIGITS, MOST_DOUBLE):
        made, computed = inserted(nodes, root, _EXTENDED, value, _written(finer), keep_call)
        if made is None or result is None:
            return made
        if isfinite(computed) and float(digits.result(computed)) == float(digits.result(result)):
            return made
    return None


def with_more(digits: Digits, more: tuple[int, ...], most: int) -> Iterator[Digits]:
    """The digits that numbers in a line are tried with, one after the other."""
    for extra in more:
        yield replace(digits, significant=min(most, digits.significant + extra))


def inserted(
    nodes: Nodes, root: int, rules: Rules, value: Value, written: Written, keep_call: bool, calls: Mapping[int, Any] = _NONE
) -> tuple[Formula | None, Any]:
    """The formula with numbers, and what it comes to when it is worked out from the numbers as they stand there; None twice
    where it comes to nothing. A call that becomes a number is worked out from numbers that are not cut, unless its value is
    among those of `calls`."""
    arithmetic: Any = rules.arithmetic
    made = Nodes()
    new: dict[int, int] = {}
    known: dict[int, Any] = {}
    uncut: dict[int, Any] = {}

    def insert(node: int, number: Any, name: str | None = None) -> bool:
        text = written(number, name)
        new[node] = made.number(text)
        known[node] = arithmetic.number(text) if is_finite(number) else None
        return is_finite(number)

    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        arguments = nodes.arguments(node)
        if operation == "number":
            known[node], new[node] = arithmetic.number(nodes.text(node)), made.number(nodes.text(node))
            uncut[node] = known[node]
        elif operation == "name":
            name = nodes.text(node)
            given = value(name)
            if given is None:  # a constant: pi stays pi
                known[node], new[node] = arithmetic.e if name == "e" else arithmetic.pi, made.name(name)
                uncut[node] = known[node]
                continue
            uncut[node] = given if given == given else None
            if given != given:  # of a branch that a where leaves out
                known[node], new[node] = None, made.name(name)
            elif not insert(node, given, name):
                return None, None
        elif operation in COMPARISONS:
            new[node] = made.call(operation, [new[a] for a in arguments])
            a, b = (known[x] for x in arguments)
            uncut[node] = known[node] = None if a is None or b is None else arithmetic.truth(operation, a, b)
        else:
            stays = operation in STRUCTURAL or (keep_call and node == root)
            uncut[node] = calls[node] if node in calls else _computed(rules, operation, [uncut[a] for a in arguments])
            computed = known[node] = _computed(rules, operation, [known[a] for a in arguments]) if stays else uncut[node]
            if stays or computed is None or not insert(node, computed):
                new[node] = made.call(operation, [new[a] for a in arguments])
    return (None, None) if known[root] is None else (Formula(made, new[root]), known[root])


def worked_out(nodes: Nodes, root: int, rules: Rules, value: Value) -> dict[int, Any]:
    """What each node of a formula comes to, in the numbers of `rules`, which are of many digits; None where it has no value."""
    arithmetic: Any = rules.arithmetic
    known: dict[int, Any] = {}
    for node in nodes.reachable([root]):
        operation, arguments = nodes.operation(node), [known[a] for a in nodes.arguments(node)]
        if operation == "number":
            known[node] = arithmetic.number(nodes.text(node))
        elif operation == "name":
            given = value(nodes.text(node))
            constant = arithmetic.e if nodes.text(node) == "e" else arithmetic.pi
            known[node] = constant if given is None else arithmetic.context.mpf(given) if given == given else None
        elif operation in COMPARISONS:
            known[node] = None if None in arguments else arithmetic.truth(operation, *arguments)
        else:
            known[node] = _computed(rules, operation, arguments)
    return known


def _computed(rules: Rules, operation: str, values: list[Any]) -> Any:
    """The value of one operation, None where it has none."""
    if operation == "where" and values[0] is not None:
        return values[1] if values[0] else values[2]
    if any(v is None for v in values):
        return None
    try:
        return rules.called(operation, values)
    except FAULTS:
        return None


def _written(digits: Digits) -> Written:
    return lambda number, name: digits.inserted(number)
