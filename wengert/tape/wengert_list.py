"""The Wengert list: the straight-line program, in columns, and the checker that every pass must satisfy.

    slot ::= input | statement          numbered from 0, inputs first
    operand ::= slot (≥ 0) | constant (−1 − index)

Statement s (slot s) applies primitive `opcode` to `operands[first[s'] : first[s'] + count]`, s' = s − inputs. An operand that
is a slot is smaller than the statement's own: the list reversed is the order of the reverse sweep, and no graph is walked.
(Griewank & Walther 2008, section 2.2; Wengert 1964.)
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wengert.lang.model import Model
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the list, a view made on demand."""

    slot: int
    primitive: Primitive
    operands: Sequence[int]
    node: int


class WengertList:
    """A Wengert list. Names are given in `names` for inputs and for what the model names; other statements get v1, v2 … from
    `name()`. `nodes[s']` is the expression node that a statement came from; `constants` holds expression roots."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.inputs = len(model.inputs)
        self.opcodes: list[str] = []  # the primitives used
        self._opcode_index: dict[str, int] = {}
        self.opcode = array("H")
        self.first = array("I")
        self.operands = array("i")
        self.nodes = array("I")
        self.constants: list[int] = []
        self.names: dict[int, str] = {i: x.name for i, x in enumerate(model.inputs)}
        self.slots: dict[str, int] = {x.name: i for i, x in enumerate(model.inputs)}
        self._numbers: array[int] = array("I")
        self._shown: dict[str, int] = {}

    def __len__(self) -> int:
        """The number of slots: inputs and statements."""
        return self.inputs + len(self.opcode)

    # -- building

    def append(self, primitive: str, operands: Sequence[int], node: int) -> int:
        opcode = self._opcode_index.get(primitive)
        if opcode is None:
            opcode = self._opcode_index[primitive] = len(self.opcodes)
            self.opcodes.append(primitive)
        self.opcode.append(opcode)
        self.first.append(len(self.operands))
        self.operands.extend(operands)
        self.nodes.append(node)
        return len(self) - 1

    def give_name(self, slot: int, name: str) -> None:
        self.names[slot] = name
        self.slots[name] = slot

    # -- reading

    def statements(self) -> range:
        """The slots of the statements, in order."""
        return range(self.inputs, len(self))

    def primitive(self, slot: int) -> Primitive:
        return PRIMITIVES[self.opcodes[self.opcode[slot - self.inputs]]]

    def span(self, slot: int) -> tuple[int, int]:
        """Where the statement's operands stand in `operands` (and its local partials in a column of partials)."""
        at = slot - self.inputs
        end = self.first[at + 1] if at + 1 < len(self.first) else len(self.operands)
        return self.first[at], end

    def operands_of(self, slot: int) -> Sequence[int]:
        first, end = self.span(slot)
        return self.operands[first:end]

    def statement(self, slot: int) -> Statement:
        return Statement(slot, self.primitive(slot), self.operands_of(slot), self.nodes[slot - self.inputs])

    def __iter__(self) -> Iterator[Statement]:
        return (self.statement(slot) for slot in self.statements())

    def node_of(self, slot: int) -> int:
        return self.nodes[slot - self.inputs]

    def name(self, slot: int) -> str:
        """The slot's name: its own, or v with a number, counted over unnamed statements, skipping names that are taken."""
        own = self.names.get(slot)
        if own is not None:
            return own
        if len(self._numbers) != len(self.opcode):
            self._number_statements()
        return f"v{self._numbers[slot - self.inputs]}"

    def slot_named(self, name: str) -> int | None:
        """The slot of that name, shown names (v1 …) included."""
        if name in self.slots:
            return self.slots[name]
        if len(self._shown) != len(self.opcode):
            self._shown = {self.name(s): s for s in self.statements()}
        return self._shown.get(name)

    def _number_statements(self) -> None:
        taken = set(self.names.values())
        numbers: array[int] = array("I")
        counter = 0
        for slot in self.statements():
            if slot not in self.names:
                counter += 1
                while f"v{counter}" in taken:
                    counter += 1
            numbers.append(counter)
        self._numbers = numbers

    # -- what depends on what

    def depends_on(self, slots: Sequence[int]) -> bytearray:
        """For each slot 1 where its value depends on one of `slots` (themselves included), else 0."""
        active = bytearray(len(self))
        for slot in slots:
            active[slot] = 1
        operands, first = self.operands, self.first
        end = len(operands)
        for at in range(len(self.opcode)):
            stop = first[at + 1] if at + 1 < len(first) else end
            slot = at + self.inputs
            if not active[slot]:
                for i in range(first[at], stop):
                    o = operands[i]
                    if o >= 0 and active[o]:
                        active[slot] = 1
                        break
        return active

    def leads_to(self, slot: int) -> bytearray:
        """For each slot 1 where the value at `slot` depends on it, else 0."""
        reached = bytearray(len(self))
        reached[slot] = 1
        for s in range(slot, self.inputs - 1, -1):
            if reached[s]:
                first, end = self.span(s)
                for i in range(first, end):
                    o = self.operands[i]
                    if o >= 0:
                        reached[o] = 1
        return reached


class ListFault(Exception):
    """A list that breaks its own grammar: a fault of wengert, never of the person who uses it."""

    def __init__(self, slot: int, what: str) -> None:
        super().__init__(f"slot {slot}: {what}")


def check(wl: WengertList) -> WengertList:
    """The list itself, if it is well formed: every operand bound once and before use, arities right, names unique."""
    if not len(wl.opcode) == len(wl.first) == len(wl.nodes):
        raise ListFault(0, "columns of different lengths")
    if len(set(wl.names.values())) != len(wl.names):
        raise ListFault(0, "a name is given twice")
    previous = 0
    for slot in wl.statements():
        first, end = wl.span(slot)
        if first != previous or end < first:
            raise ListFault(slot, "operands overlap")
        previous = end
        record = wl.primitive(slot)
        count = end - first
        if count < len(record.params) or (count > len(record.params) and not record.many):
            raise ListFault(slot, f"{record.name} has {count} operands")
        if record.paired and count % 2:
            raise ListFault(slot, f"{record.name} has an odd number of operands")
        for i in range(first, end):
            o = wl.operands[i]
            if o >= slot:
                raise ListFault(slot, "an operand is used before its statement")
            if o < 0 and -1 - o >= len(wl.constants):
                raise ListFault(slot, "an operand is no known constant")
    for name in wl.model.outputs:
        if name not in wl.slots:
            raise ListFault(0, f"the output {name} has no statement")
    return wl
