"""The rule table as Python source over doubles: what the compiled sweeps (compiled.py, swift.py) are written with.

Sums, products and quotients stand in the source as Python's operators; every other function is the arithmetic's own, and a rule
that counts its arguments (max, softmax) is the one that `rules.py` compiles. Nothing that a person typed reaches the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wengert.lang.expr import COMPARISONS, NAME, NUMBER, Nodes
from wengert.sweep.arithmetics import Float
from wengert.sweep.rules import Rules, parsed
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


class Doubt(Exception):
    """A value that is not finite, or a function without a value: the slow sweep knows more."""


class Functions:
    """The functions of the rule table over doubles, as generated source calls them; `space` holds what it mentions."""

    def __init__(self) -> None:
        self.rules = Rules(Float())
        self.space: dict[str, Any] = {"Doubt": Doubt}
        self._numbers: dict[object, str] = {}

    def bind(self, value: Any, key: object) -> str:
        """The name under which the source finds a value; one name for each key."""
        name = self._numbers.get(key)
        if name is None:
            name = self._numbers[key] = f"f{len(self._numbers)}"
            self.space[name] = value
        return name

    def text(self, record: Primitive) -> str | None:
        """The formula that the primitive's value is computed by; None where the arithmetic brings it."""
        if record.name in Float.functions and (record.definition is None or Float.native):
            return None
        return record.stable or record.definition

    def function(self, operation: str) -> str:
        """A primitive of a fixed number of arguments by name: the arithmetic's own, or a function made of its formula."""
        key = ("function", operation)
        if key in self._numbers:
            return self._numbers[key]
        record = PRIMITIVES[operation]
        text = self.text(record)
        if text is None:
            return self.bind(Float.functions[operation], key)
        if record.many:
            rule = self.rules.value(operation)
            return self.bind(lambda *a: rule(list(a), None, 0), key)
        parameters = [f"a{i}" for i in range(len(record.params))]
        body = self.formula(text, dict(zip(record.params, parameters, strict=True)))
        made = self.define(f"def made({', '.join(parameters)}):\n    return {body}\n", "made")
        return self.bind(made, key)

    def formula(self, text: str, names: Mapping[str, str]) -> str:
        """One of the table's formulas as a Python expression over the given texts. A formula is short: the walk may recurse."""
        nodes, root = parsed(text)
        return self._write(nodes, root, {"pi": repr(Float.pi), **names})

    def condition(self, test: str, names: Mapping[str, str]) -> str:
        """One of the table's comparisons, likewise."""
        nodes, root = parsed(f"where({test}, 1, 0)")
        return self._write(nodes, nodes.arguments(root)[0], {"pi": repr(Float.pi), **names})

    def define(self, source: str, name: str) -> Any:
        """What the source defines under that name."""
        space = self.space
        exec(compile(source, f"<wengert: {name}>", "exec"), space)  # of opcodes, indices and the table's formulas alone
        return space.pop(name)

    def _write(self, nodes: Nodes, node: int, names: Mapping[str, str]) -> str:
        if nodes.op[node] == NUMBER:
            return repr(self.rules.arithmetic.number(nodes.text(node)))
        if nodes.op[node] == NAME:
            return names[nodes.text(node)]
        operation = nodes.operation(node)
        if operation == "where":
            test, yes, no = nodes.arguments(node)
            condition = self._write(nodes, test, names)
            return f"({self._write(nodes, yes, names)} if {condition} else {self._write(nodes, no, names)})"
        parts = [self._write(nodes, a, names) for a in nodes.arguments(node)]
        if operation in _SIGNS:
            return f"({parts[0]} {_SIGNS[operation]} {parts[1]})"
        if operation in COMPARISONS:
            return f"{parts[0]} {COMPARISONS[operation]} {parts[1]}"
        if operation == "neg":
            return f"(-{parts[0]})"
        return f"{self.function(operation)}({', '.join(parts)})"


def value_of(functions: Functions, record: Primitive, arguments: Sequence[str]) -> tuple[list[str], str]:
    """The conditions of the record's domain and its value, as Python expressions over the texts of its arguments; of many
    arguments the one text is that of their list."""
    if record.many:
        rule = functions.bind(functions.rules.value(record.name), ("value", record.name))
        holds = [functions.bind(functions.rules.holds(record, c.test), ("holds", record.name, c.test)) for c in record.domain]
        return [f"{test}({arguments[0]}, None, 0)" for test in holds], f"{rule}({arguments[0]}, None, 0)"
    names = dict(zip(record.params, arguments, strict=True))
    tests = [functions.condition(c.test, names) for c in record.domain]
    text = functions.text(record)
    if record.name in _SIGNS:
        return tests, f" {_SIGNS[record.name]} ".join(arguments)
    if record.name == "neg":
        return tests, f"-{arguments[0]}"
    if text is None:
        return tests, f"{functions.function(record.name)}({', '.join(arguments)})"
    return tests, functions.formula(text, names)


def partial_of(functions: Functions, record: Primitive, j: int | str, arguments: Sequence[str], out: str) -> str:
    """The local partial by the j-th argument, likewise; of many arguments `j` is the text of the argument's number, and the
    partial that of the last parameter."""
    number = len(record.params) - 1 if isinstance(j, str) else j
    if record.many:
        key = ("partial", record.name, record.param_of(number))
        rule = functions.bind(functions.rules.partial(record.name, number), key)
        return f"{rule}({arguments[0]}, {out}, {j})"
    text = record.stable_partial_of(number) or record.partial_of(number)
    return functions.formula(text, {**dict(zip(record.params, arguments, strict=True)), "out": out})
