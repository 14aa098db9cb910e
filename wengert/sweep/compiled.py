"""The Wengert list as Python functions: its primal and its reverse sweep, without a loop over columns.

For training, which sweeps one list thousands of times. The source that is compiled here is made of opcodes, of slot numbers
and of the rule table's own formulas: nothing that a person typed reaches it, not even a constant (constants are looked up by
their number). Sums, products and quotients stand in the source as Python's operators; every other function is the arithmetic's
own, and a rule that counts its arguments (max, softmax) is the one that `rules.py` compiles.

A compiled sweep never decides what a fault means: where a value is not finite, a domain is left or a function raises, it
raises `Doubt`, and the caller sweeps that point once more with `sweeps.py`, which can explain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wengert.lang.expr import COMPARISONS, NAME, NUMBER, Nodes
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.rules import Rules, parsed
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import WengertList

CHUNK = 400  # statements a function: Python's compiler takes more than its share of time for one that is very long
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


class Compiled:
    """Both sweeps of a list for one output: `values` fills the column of primals, `adjoints` that of adjoints.

    A column has an entry a slot. The inputs' entries of the primal column are the point. Adjoints are worked out where a path
    leads from one of the `active` slots' inputs to the output, and are left as they were elsewhere.
    """

    def __init__(self, wl: WengertList, active: bytearray, output: int) -> None:
        self._functions = Functions()
        self._functions.space["k"] = sweeps.constants(wl, self._functions.rules)
        self._list = wl
        leads = wl.leads_to(output)
        self._output = output
        lines = [self._primal(slot) for slot in wl.statements()]
        self._forward = self._chunks(lines)
        met = bytearray(len(wl))
        met[output] = 1
        back = [self._reverse(slot, active, met) for slot in reversed(wl.statements()) if leads[slot] and active[slot]]
        self._backward = self._chunks(back)

    def values(self, v: list[float]) -> None:
        """The primal sweep. Raises Doubt."""
        try:
            for part in self._forward:
                part(v, v)
        except FAULTS as fault:
            raise Doubt from fault
        total = sum(v)
        if total - total != 0:
            raise Doubt

    def adjoints(self, v: Sequence[float], d: list[float]) -> None:
        """The reverse sweep from the output's adjoint 1. Raises Doubt."""
        d[self._output] = 1.0
        try:
            for part in self._backward:
                part(v, d)
        except FAULTS as fault:
            raise Doubt from fault

    def _chunks(self, lines: Sequence[Sequence[str]]) -> list[Callable[[Any, Any], None]]:
        parts = [lines[i : i + CHUNK] for i in range(0, len(lines), CHUNK)]
        made = []
        for part in parts:
            body = "\n".join(f"    {line}" for statement in part for line in statement)
            made.append(self._functions.define(f"def part(v, d):\n{body or '    pass'}\n", "part"))
        return made

    def _primal(self, slot: int) -> list[str]:
        wl, functions = self._list, self._functions
        record = wl.primitive(slot)
        arguments = [_operand(o) for o in wl.operands_of(slot)]
        if record.many:
            rule = functions.bind(functions.rules.value(record.name), ("value", record.name))
            return [f"v[{slot}] = {rule}([{', '.join(arguments)}], None, 0)"]
        names = dict(zip(record.params, arguments, strict=True))
        lines = [f"if not {functions.condition(c.test, names)}: raise Doubt" for c in record.domain]
        text = functions.text(record)
        if record.name in _SIGNS:
            value = f" {_SIGNS[record.name]} ".join(arguments)
        elif record.name == "neg":
            value = f"-{arguments[0]}"
        elif text is None:
            value = f"{functions.function(record.name)}({', '.join(arguments)})"
        else:
            value = functions.formula(text, names)
        return [*lines, f"v[{slot}] = {value}"]

    def _reverse(self, slot: int, active: bytearray, met: bytearray) -> list[str]:
        """v̄_j += v̄_i · ∂v_i/∂v_j for each argument j that is differentiated."""
        wl, functions = self._list, self._functions
        record = wl.primitive(slot)
        operands = wl.operands_of(slot)
        arguments = [_operand(o) for o in operands]
        lines = [f"b = d[{slot}]"]
        for j, o in enumerate(operands):
            if o < 0 or not active[o] or not record.partial_of(j):
                continue
            text = record.stable_partial_of(j) or record.partial_of(j)
            if text in ("1", "-1"):
                share = "b" if text == "1" else "-b"
            elif record.many:
                rule = functions.bind(functions.rules.partial(record.name, j), ("partial", record.name, record.param_of(j)))
                share = f"b * {rule}([{', '.join(arguments)}], v[{slot}], {j})"
            else:
                names = {**dict(zip(record.params, arguments, strict=True)), "out": f"v[{slot}]"}
                share = f"b * {functions.formula(text, names)}"
            lines.append(f"d[{o}] {'+=' if met[o] else '='} {share}")
            met[o] = 1
        return lines


def _operand(o: int) -> str:
    return f"v[{o}]" if o >= 0 else f"k[{-1 - o}]"
