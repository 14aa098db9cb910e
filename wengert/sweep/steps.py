"""Steps: the lines a reader follows, at the level that was asked for.

At operation level a step is a statement. At neuron level a step is a named quantity, written in the quantities it is made of,
with all unnamed statements between them taken together; its local partials come from a reverse sweep over just those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wengert.lang.expr import Nodes
from wengert.sweep.algebra import BIG
from wengert.sweep.arithmetics import Arithmetic, Float
from wengert.sweep.readable import readable
from wengert.sweep.rules import Rules
from wengert.sweep.sweeps import Contribution, constants, reverse
from wengert.sweep.symbols import Symbols
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import WengertList

LEVELS = ("operation", "neuron", "layer")  # of "layer" the steps are those of "neuron": its matrices stand in layers.py
SHORT = 3  # nodes of an expression that no rewrite makes shorter


@dataclass(frozen=True)
class Link:
    """One argument of a step: the slot it comes from, the local partial as a formula (None: too large to write) and
    the entries of a column of partials it is made of."""

    source: int
    argument: int | None  # at operation level: which argument of the statement
    partial: int | None


@dataclass(frozen=True)
class Step:
    """`name(slot) = formula`; `formula` and the links' partials are roots in `nodes`."""

    slot: int
    nodes: Nodes
    formula: int
    links: tuple[Link, ...]


class Steps:
    """The steps of a list at one level, made when asked for. `active` says what is differentiated."""

    def __init__(self, wl: WengertList, active: bytearray, level: str) -> None:
        self.list = wl
        self.active = active
        self.level = level
        self._symbols = Symbols(taken=wl.model.names())
        self._rules = Rules(self._symbols, stable=False)
        self._made: dict[int, Step] = {}
        self._last: Step | None = None  # at operation level the last one that was made: its contributions follow one another
        self._constants = constants(wl, self._rules)
        self._names: dict[str, int] = {}

    def slots(self) -> Sequence[int]:
        """The slots of the steps, in the order of the list."""
        if self.level == "operation":
            return self.list.statements()
        return [s for s in self.list.statements() if s in self.list.names]

    def line(self, slot: int) -> Step:
        """The step without its links: all that a forward table needs."""
        return self._statement(slot, linked=False) if self.level == "operation" else self.at(slot)

    def at(self, slot: int) -> Step:
        if self.level == "operation":
            if self._last is None or self._last.slot != slot:
                self._last = self._statement(slot)
            return self._last
        step = self._made.get(slot)
        if step is None:
            step = self._made[slot] = self._group(slot)
        return step

    def sources(self, slot: int) -> list[int]:
        """The slots that the step's links come from, one entry a link."""
        if self.level == "operation":
            record = self.list.primitive(slot)
            return [o for j, o in enumerate(self.list.operands_of(slot)) if self._flows(record, j, o)]
        return [link.source for link in self.at(slot).links]

    def partial_value(self, step: Step, link: Link, partials: Sequence[Any], arithmetic: Arithmetic | None = None) -> Any:
        """The link's local partial, from a column of partials in that arithmetic (doubles where none is given); None where it
        leads into a branch that a where leaves out."""
        if link.argument is not None:
            return partials[self.list.span(step.slot)[0] + link.argument]
        members = self._members(step.slot)
        inner = self._accumulate(
            step.slot, members, lambda s, j: partials[self.list.span(s)[0] + j], arithmetic or Float()
        )
        return inner.get(link.source)

    def contributions(self, partials: Sequence[Any], output: int, arithmetic: Arithmetic) -> Iterator[Contribution]:
        """The contributions of this level in sweep order, from a column of local partials in any arithmetic.

        At neuron level a contribution's `argument` is −1: all of a step's uses of a quantity are one contribution.
        """
        adjoints: list[Any] = [None] * len(self.list)
        if self.level == "operation":
            yield from reverse(self.list, partials, output, arithmetic, adjoints)
            return
        adjoints[output] = arithmetic.one
        for slot in reversed(self.slots()):
            adjoint = adjoints[slot]
            if adjoint is None:
                continue
            inner = self._accumulate(slot, self._members(slot), lambda s, j: partials[self.list.span(s)[0] + j], arithmetic)
            for link in self.at(slot).links:
                partial = inner.get(link.source)
                if partial is None:
                    continue
                value = arithmetic.mul(adjoint, partial)
                before = adjoints[link.source]
                so_far = value if before is None else arithmetic.add(before, value)
                adjoints[link.source] = so_far
                yield Contribution(slot, -1, link.source, partial, adjoint, value, so_far)

    def _flows(self, record: Primitive, argument: int, operand: int) -> bool:
        """Whether a change of what is differentiated flows through this argument."""
        return operand >= 0 and bool(self.active[operand]) and record.partial_of(argument) != ""

    # -- operation level

    def _statement(self, slot: int, linked: bool = True) -> Step:
        wl = self.list
        nodes = Nodes()
        record = wl.primitive(slot)
        operands = wl.operands_of(slot)
        arguments = [self._operand_node(nodes, o) for o in operands]
        if record.comparison:
            test = nodes.call(record.comparison, arguments[:2])
            formula = nodes.call("where", [test, *arguments[2:]])
        elif record.name == "identity":
            formula = arguments[0]
        else:
            formula = nodes.call(record.label, arguments)
        if not linked:
            return Step(slot, nodes, formula, ())
        values = [self._operand_symbol(o) for o in operands]
        out = self._symbols.symbol(wl.name(slot))
        links = []
        for j, o in enumerate(operands):
            if self._flows(record, j, o):
                partial = self._rules.partial(record.name, j)(values, out, j)
                links.append(Link(o, j, self._written(partial, nodes)))
        return Step(slot, nodes, formula, tuple(links))

    def _operand_node(self, nodes: Nodes, operand: int) -> int:
        if operand >= 0:
            return nodes.name(self.list.name(operand))
        return copy(self.list.model.nodes, self.list.constants[-1 - operand], nodes)

    def _operand_symbol(self, operand: int) -> Any:
        return self._symbols.symbol(self.list.name(operand)) if operand >= 0 else self._constants[-1 - operand]

    def _written(self, e: int, nodes: Nodes) -> int | None:
        if e == BIG:
            return None
        algebra = self._symbols.algebra
        return self._symbols.to_nodes(e if algebra.size[e] <= SHORT else readable(algebra, e), nodes)

    # -- neuron level

    def _group(self, slot: int) -> Step:
        wl = self.list
        nodes = Nodes()
        definition = wl.model.definition(wl.names[slot])
        assert definition is not None
        formula = copy(wl.model.nodes, definition.root, nodes)
        members = self._members(slot)
        symbol: dict[int, Any] = {}
        for s in members:
            opcode = wl.opcodes[wl.opcode[s - wl.inputs]]
            values = [
                self._constants[-1 - o] if o < 0 else symbol.get(o, self._symbols.symbol(wl.name(o)))
                for o in wl.operands_of(s)
            ]
            symbol[s] = BIG if BIG in values else self._rules.value(opcode)(values, None, 0)
        # `out` of the step itself keeps its name, so that σ′ reads h·(1 − h)
        partials: dict[tuple[int, int], Any] = {}
        for s in members:
            operands = wl.operands_of(s)
            values = [
                self._constants[-1 - o] if o < 0 else symbol.get(o, self._symbols.symbol(wl.name(o))) for o in operands
            ]
            out = self._symbols.symbol(wl.name(s)) if s == slot else symbol[s]
            for j, o in enumerate(operands):
                if self._flows(wl.primitive(s), j, o):
                    big = BIG in values or out == BIG
                    partials[s, j] = BIG if big else self._rules.partial(wl.primitive(s).name, j)(values, out, j)
        inner = self._accumulate(slot, members, lambda s, j: partials[s, j], self._symbols)
        order = [n for n in nodes.names_in([formula]) if n in wl.slots]
        links = [Link(wl.slots[n], None, self._written(inner[wl.slots[n]], nodes)) for n in order if wl.slots[n] in inner]
        known = {link.source for link in links}
        links += [Link(s, None, self._written(e, nodes)) for s, e in inner.items() if s not in known]
        return Step(slot, nodes, formula, tuple(links))

    def _members(self, slot: int) -> list[int]:
        """The statement and the unnamed ones it is made of, in order."""
        wl = self.list
        found = {slot}
        stack = [slot]
        while stack:
            for o in wl.operands_of(stack.pop()):
                if o >= wl.inputs and o not in wl.names and o not in found:
                    found.add(o)
                    stack.append(o)
        return sorted(found)

    def _accumulate(
        self, slot: int, members: list[int], partial: Callable[[int, int], Any], arithmetic: Arithmetic
    ) -> dict[int, Any]:
        """A reverse sweep over the step's own statements: the derivative with respect to each quantity it is made of."""
        adjoint: dict[int, Any] = {slot: arithmetic.one}
        inside = set(members)
        for s in reversed(members):
            if s not in adjoint:
                continue
            for j, o in enumerate(self.list.operands_of(s)):
                factor = partial(s, j) if self._flows(self.list.primitive(s), j, o) else None
                if factor is not None:  # nothing flows into a branch that a where leaves out
                    value = arithmetic.mul(adjoint[s], factor)
                    adjoint[o] = arithmetic.add(adjoint[o], value) if o in adjoint else value
        return {s: v for s, v in adjoint.items() if s not in inside}


def copy(source: Nodes, root: int, target: Nodes) -> int:
    """The expression in another set of nodes."""
    made: dict[int, int] = {}
    for node in source.reachable([root]):
        operation = source.operation(node)
        if operation == "number":
            made[node] = target.number(source.text(node))
        elif operation == "name":
            made[node] = target.name(source.text(node))
        else:
            made[node] = target.call(operation, [made[a] for a in source.arguments(node)])
    return made[root]
