"""The value of an expression in any arithmetic: constants of a model, and formulas that are checked by their value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wengert.lang.expr import COMPARISONS, NUMBER, Nodes
from wengert.sweep.arithmetics import FAULTS, OutsideDomain
from wengert.sweep.rules import Rules
from wengert.tape.primitives import PRIMITIVES


def evaluate(nodes: Nodes, root: int, rules: Rules, named: Callable[[str], Any]) -> Any:
    """The expression's value; `named` gives the values of its names. Raises one of FAULTS where it has none.

    An operation without a value is a fault only where it is used: not in the branch that a where leaves out.
    """
    arithmetic = rules.arithmetic
    if nodes.op[root] == NUMBER:  # most constants are a literal, or one with a minus sign
        return arithmetic.number(nodes.text(root))
    if nodes.operation(root) == "neg" and nodes.op[leaf := nodes.arguments(root)[0]] == NUMBER:
        return rules.value("neg")([arithmetic.number(nodes.text(leaf))], None, 0)
    made: dict[int, Any] = {}
    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        arguments = [made[a] for a in nodes.arguments(node)]
        if operation == "number":
            made[node] = arithmetic.number(nodes.text(node))
        elif operation == "name":
            made[node] = named(nodes.text(node))
        elif operation in COMPARISONS:
            fault = next((a for a in arguments if isinstance(a, Exception)), None)
            made[node] = fault or (operation, *arguments)
        elif operation == "where":
            made[node] = _chosen(rules, *arguments)
        else:
            made[node] = _called(rules, operation, arguments)
    value = made[root]
    if isinstance(value, Exception):
        raise value
    return value


def _chosen(rules: Rules, test: Any, yes: Any, no: Any) -> Any:
    if isinstance(test, Exception):
        return test
    operation, a, b = test
    if rules.arithmetic.lazy:
        return yes if rules.arithmetic.truth(operation, a, b) else no
    return rules.arithmetic.decide(operation, a, b, yes, no)


def _called(rules: Rules, operation: str, arguments: list[Any]) -> Any:
    fault = next((a for a in arguments if isinstance(a, Exception)), None)
    if fault is not None:
        return fault
    record = PRIMITIVES[operation]
    arguments = rules.completed(operation, arguments)
    try:
        for condition in record.domain if rules.arithmetic.lazy else ():
            if not rules.holds(record, condition.test)(arguments, None, 0):
                return OutsideDomain(condition.sentence)
        return rules.value(operation)(arguments, None, 0)
    except FAULTS as fault:
        return fault
