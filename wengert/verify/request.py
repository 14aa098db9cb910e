"""What the judge is asked: the model, the formulas that will be printed, and the rules that were used.

The model goes as it was written, never as a Wengert list. The rules go as the table's own formulas, over the names of their
arguments, so that a wrong one is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wengert.lang.expr import Nodes
from wengert.lang.model import Key, Model
from wengert.sweep.algebra import BIG
from wengert.sweep.formulas import Formulas
from wengert.sweep.rules import Rules
from wengert.sweep.symbols import Symbols
from wengert.tape.wengert_list import WengertList
from wengert.verify.reformulated import items

STABLE = "/stable"  # how the key of a rule in its stable form ends
MANY = 3  # arguments at which a primitive of many arguments is proved


def request(
    model: Model, formulas: Formulas | None, rules: Sequence[dict[str, Any]], at_point: bool, keys: Sequence[Key] = (),
    digits: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The JSON object that the judge's child reads (the docstring of judge.py has the contract). `rules` are `rule_items`,
    `keys` those of all derivatives that are asked for, `digits` how many are printed."""
    roots = [] if formulas is None else [[key[0], list(key[1:]), f.root] for key, f in formulas.by_key.items()]
    return {
        "nodes": model.nodes.columns(),
        "inputs": [[x.name, x.value] for x in model.inputs],
        "definitions": [[d.name, d.root] for d in model.definitions],
        "outputs": list(model.outputs),
        "wrt": list(model.wrt),
        "seed": None if model.seed is None else dict(model.seed),
        "formulas": {"nodes": (Nodes() if formulas is None else formulas.nodes).columns(), "roots": roots},
        "rules": [*rules, *items(model)],
        "at_point": at_point,
        "orders": [list(wrt) for wrt in dict.fromkeys(key[1:] for key in keys if len(key) > 2)],
        "options": {} if digits is None else {"digits": digits},
    }


def rule_items(wl: WengertList, active: bytearray) -> list[dict[str, Any]]:
    """One item for each primitive that is differentiated and each of its arguments: is its partial the derivative? The
    stable form, where there is one, is asked for too, under a key of its own (`is_stable`)."""
    wanted: dict[tuple[str, int, int], None] = {}
    for slot in wl.statements():
        if not active[slot]:
            continue
        record = wl.primitive(slot)
        operands = wl.operands_of(slot)
        count = min(len(operands), max(len(record.params), MANY)) if record.many else len(operands)
        if record.paired:
            count = 4 if len(operands) >= 4 else 2
        for j, o in enumerate(operands[:count]):
            if o >= 0 and active[o]:
                wanted[record.name, j, count] = None
    items = [rule_item(name, j, count, stable) for stable in (False, True) for name, j, count in wanted]
    return [item for item in items if item is not None]


def is_stable(rule: Mapping[str, Any]) -> bool:
    """Whether a question, or its answer, is about the stable form of a partial."""
    return str(rule["key"]).endswith(STABLE)


def rule_item(name: str, argument: int, count: int, stable: bool = False) -> dict[str, Any] | None:
    """The question whether the record's partial is the derivative of the operation; None where it has no such formula."""
    from wengert.tape.primitives import PRIMITIVES

    record = PRIMITIVES[name]
    if not record.partial_of(argument):
        return None
    if stable and record.stable_partial_of(argument) is None:
        return None
    symbols = Symbols()
    rules = Rules(symbols, stable=stable)
    params = [f"x{i + 1}" for i in range(count)]
    values = [symbols.symbol(p) for p in params]
    nodes = Nodes(shared=True)
    leaves = [nodes.name(p) for p in params]
    if record.literal:  # the first component
        values[0], leaves[0] = symbols.one, nodes.number("1")
    if record.comparison:
        source = nodes.call("where", [nodes.call(record.comparison, leaves[:2]), *leaves[2:]])
    elif record.name == "identity":
        source = leaves[0]
    else:
        source = nodes.call(record.name, leaves)
    out = symbols.symbol("out")
    partial = rules.partial(name, argument)(values, out, argument)
    if partial == BIG:
        return None
    root = symbols.to_nodes(partial, nodes)
    root = _with_value(nodes, root, source)
    return {
        "key": f"{name}/{argument}/{count}" + (STABLE if stable else ""), "primitive": record.label,
        "operation": record.label, "params": params, "argument": argument, "nodes": nodes.columns(), "source": source,
        "partial": root,
    }  # fmt: skip


def _with_value(nodes: Nodes, root: int, value: int) -> int:
    """The expression with `out` replaced by the value's own expression."""
    made: dict[int, int] = {}
    for node in nodes.reachable([root]):
        if nodes.operation(node) == "name" and nodes.text(node) == "out":
            made[node] = value
        elif nodes.is_leaf(node):
            made[node] = node
        else:
            made[node] = nodes.call(nodes.operation(node), [made[a] for a in nodes.arguments(node)])
    return made[root]
