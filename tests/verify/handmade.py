"""Models for the judge's tests, built by hand: a few lines of Python's own grammar turned into Nodes."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from wengert.lang.expr import Nodes

OPERATORS = {"Add": "add", "Sub": "sub", "Mult": "mul", "Div": "div", "Pow": "power",
             "Gt": "gt", "GtE": "ge", "Lt": "lt", "LtE": "le", "Eq": "eq"}  # fmt: skip


def build(nodes: Nodes, text: str) -> int:
    """The root of a short formula; literals keep their text."""

    def walk(x: Any) -> int:
        if isinstance(x, ast.Constant):
            return nodes.number(ast.get_source_segment(text, x) or "")
        if isinstance(x, ast.Name):
            return nodes.name(x.id)
        if isinstance(x, ast.BinOp):
            return nodes.call(OPERATORS[type(x.op).__name__], [walk(x.left), walk(x.right)])
        if isinstance(x, ast.Compare):
            return nodes.call(OPERATORS[type(x.ops[0]).__name__], [walk(x.left), walk(x.comparators[0])])
        if isinstance(x, ast.UnaryOp):
            return nodes.call("neg", [walk(x.operand)])
        return nodes.call(x.func.id, [walk(a) for a in x.args])

    return walk(ast.parse(text, mode="eval").body)


def request(
    definitions: Mapping[str, str], at: Mapping[str, str | None], formulas: Sequence[tuple[str, str, str]] = (),
    wrt: Sequence[str] = (), seed: Mapping[str, str] | None = None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    nodes, ours = Nodes(), Nodes()
    inputs = [[name, None if value is None else build(nodes, value)] for name, value in at.items()]
    steps = [[name, build(nodes, text)] for name, text in definitions.items()]
    direction = None if seed is None else {name: build(nodes, value) for name, value in seed.items()}
    roots = [[of, [name], build(ours, text)] for of, name, text in formulas]
    return {
        "nodes": nodes.columns(), "inputs": inputs, "definitions": steps, "outputs": [list(definitions)[-1]],
        "wrt": list(wrt) or list(at), "seed": direction, "formulas": {"nodes": ours.columns(), "roots": roots},
        "rules": [], "at_point": None not in at.values(), "options": {}, **more,
    }  # fmt: skip
