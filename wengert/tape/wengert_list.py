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
from itertools import chain
from typing import NamedTuple, TypeAlias, TypeVar

from wengert.lang.model import Model
from wengert.lang.ramp import ramp
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the list, a view made on demand."""

    slot: int
    primitive: Primitive
    operands: Sequence[int]
    node: int


T = TypeVar("T")
Places: TypeAlias = "slice | array[int]"  # of entries of a column


def evenly(slots: array[int]) -> slice | None:
    """The slice that evenly spaced slots are; None for others."""
    start, step = slots[0], slots[1] - slots[0]
    stop = start + step * len(slots)
    if step < 1 or slots[-1] != stop - step or slots != ramp("i", stop)[start:stop:step]:
        return None
    return slice(start, stop, step)


def taken(column: Sequence[T], places: Places) -> Sequence[T]:
    """The entries there."""
    return column[places] if isinstance(places, slice) else [column[slot] for slot in places]


class WeightedSum(NamedTuple):
    """Statements that stand together: product, product, sum, product, sum …, of `products` products, from the slot `first` on.
    The first factors are slots that nothing else uses, the second ones are all different, and no statement but the last is
    used by any other. `weights` and `values` are where the first and the second factors stand, where they are evenly spaced
    (the weights of a neuron, the neurons of a layer), else None."""

    first: int
    products: int
    weights: slice | None
    values: slice | None

    @property
    def last(self) -> int:
        """The slot of the whole sum."""
        return self.first + 2 * self.products - 2


class WengertList:
    """A Wengert list. Names are given in `names` for inputs and for what the model names; other statements get v1, v2 … from
    `name()`. `nodes[s']` is the expression node that a statement came from; `constants` holds expression roots. `sums` are the
    weighted sums that were put in at once, in order: loops may take them at once too."""

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
        self.sums: list[WeightedSum] = []
        self.input_names = names = [x.name for x in model.inputs]
        self.names: dict[int, str] = dict(enumerate(names))
        self.slots: dict[str, int] = dict(zip(names, range(len(names)), strict=True))
        self._numbers: array[int] = array("I")
        self._shown: dict[str, int] = {}

    def __len__(self) -> int:
        """The number of slots: inputs and statements."""
        return self.inputs + len(self.opcode)

    # -- building

    def number_of(self, primitive: str) -> int:
        """The primitive's number in `opcode`, from now on where it is new."""
        opcode = self._opcode_index.get(primitive)
        if opcode is None:
            opcode = self._opcode_index[primitive] = len(self.opcodes)
            self.opcodes.append(primitive)
        return opcode

    def append(self, primitive: str, operands: Sequence[int], node: int) -> int:
        self.opcode.append(self.number_of(primitive))
        self.first.append(len(self.operands))
        self.operands.extend(operands)
        self.nodes.append(node)
        return len(self) - 1

    def append_sum(self, weights: array[int], values: array[int], node: int) -> WeightedSum:
        """The statements of w1*a1 + w2*a2 + …, added from the left, where the factors are slots as WeightedSum wants them;
        `node` is the first of the sum's nodes, which stand together as `Nodes.weighted_sum` writes them."""
        count, slot, at = len(weights), len(self), len(self.operands)
        mul, add = self.number_of("mul"), self.number_of("add")
        self.opcode.extend(array("H", [mul]) + array("H", [mul, add]) * (count - 1))
        indices, slots = ramp("I", max(at + 4 * count, node + 4 * count)), ramp("i", slot + 2 * count)
        self.first.extend(indices[at : at + 4 * count - 2 : 2])
        operands = array("i", bytes(4 * (4 * count - 2)))
        operands[0], operands[1] = weights[0], values[0]
        operands[2::4], operands[3::4] = weights[1:], values[1:]
        operands[4::4] = slots[slot : slot + 2 * count - 2 : 2]
        operands[5::4] = slots[slot + 1 : slot + 2 * count - 1 : 2]
        self.operands.extend(operands)
        origins = array("I", bytes(4 * (2 * count - 1)))
        origins[0] = node + 2
        origins[1::2] = indices[node + 5 : node + 4 * count : 4]
        origins[2::2] = indices[node + 6 : node + 4 * count : 4]
        self.nodes.extend(origins)
        self.sums.append(WeightedSum(slot, count, evenly(weights), evenly(values)))
        return self.sums[-1]

    def factors(self, found: WeightedSum) -> tuple[array[int], array[int]]:
        """The first and the second factors' slots."""
        at = self.first[found.first - self.inputs]
        end = at + 4 * found.products - 2
        return (
            self.operands[at : at + 1] + self.operands[at + 2 : end : 4],
            self.operands[at + 1 : at + 2] + self.operands[at + 3 : end : 4],
        )

    def places(self, found: WeightedSum) -> tuple[Places, Places]:
        """The same, each as a slice where that can be."""
        if found.weights is not None and found.values is not None:
            return found.weights, found.values
        weights, values = self.factors(found)
        return found.weights or weights, found.values or values

    def pieces(self, stop: int | None = None) -> Iterator[tuple[int, int, WeightedSum | None]]:
        """The statements up to the slot `stop` (all) in pieces: (first slot, slot behind the last, the weighted sum that it is,
        or None). A sum that goes on beyond `stop` is none."""
        stop = len(self) if stop is None else stop
        slot = self.inputs
        for found in self.sums:
            if found.last >= stop:
                break
            if slot < found.first:
                yield slot, found.first, None
            yield found.first, found.last + 1, found
            slot = found.last + 1
        if slot < stop:
            yield slot, stop, None

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

    def ends(self, start: int, stop: int) -> Iterator[int]:
        """Where the operands of each statement end, of the slots from `start` to `stop`."""
        at, end = start - self.inputs + 1, stop - self.inputs + 1
        ended = (len(self.operands),) if end > len(self.first) and stop > start else ()
        return chain(self.first[at:end], ended)

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

    def slots_of(self, names: Sequence[str]) -> Sequence[int]:
        """The slots of names that the model gives; of many inputs in their order, as wrt usually is, a range."""
        start = self.slots[names[0]] if names else 0
        if self.input_names[start : start + len(names)] == list(names):
            return range(start, start + len(names))
        return [self.slots[x] for x in names]

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
        for start, stop, found in self.pieces():
            if found is not None and 0 not in taken(active, self.places(found)[0]):
                active[start:stop] = b"\x01" * (stop - start)
                continue
            at = first[start - self.inputs]
            slot = start
            for end in self.ends(start, stop):
                for o in operands[at:end]:
                    if o >= 0 and active[o]:
                        active[slot] = 1
                        break
                at, slot = end, slot + 1
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
    least, most, paired = [], [], []
    for primitive in wl.opcodes:
        record = PRIMITIVES[primitive]
        least.append(len(record.params))
        most.append(len(wl.operands) if record.many else len(record.params))
        paired.append(record.paired)
    operands, lowest = wl.operands, -len(wl.constants)
    if wl.first and wl.first[0] != 0:
        raise ListFault(wl.inputs, "operands overlap")
    for slot, stop, found in wl.pieces():
        if found is not None and _is_in_order(wl, found):
            continue
        first = wl.first[slot - wl.inputs]
        for opcode, end in zip(wl.opcode[slot - wl.inputs : stop - wl.inputs], wl.ends(slot, stop), strict=True):
            count = end - first
            if count < 0:
                raise ListFault(slot, "operands overlap")
            if not least[opcode] <= count <= most[opcode]:
                raise ListFault(slot, f"{wl.opcodes[opcode]} has {count} operands")
            if paired[opcode] and count % 2:
                raise ListFault(slot, f"{wl.opcodes[opcode]} has an odd number of operands")
            for o in operands[first:end]:
                if not lowest <= o < slot:
                    what = "an operand is used before its statement" if o >= 0 else "an operand is no known constant"
                    raise ListFault(slot, what)
            slot, first = slot + 1, end
    for name in wl.model.outputs:
        if name not in wl.slots:
            raise ListFault(0, f"the output {name} has no statement")
    return wl


def _is_in_order(wl: WengertList, found: WeightedSum) -> bool:
    """Whether the statements are those of a weighted sum, each operand bound before use."""
    count, slot = found.products, found.first
    begin, stop = slot - wl.inputs, found.last + 1 - wl.inputs
    at = wl.first[begin]
    end = at + 4 * count - 2
    mul, add = wl.opcodes.index("mul"), wl.opcodes.index("add")
    weights, values = (array("I", factors.tobytes()) for factors in wl.factors(found))  # a constant is then a large number
    indices, slots = ramp("I", end), ramp("i", found.last)
    return (
        wl.opcode[begin:stop] == array("H", [mul]) + array("H", [mul, add]) * (count - 1)
        and wl.first[begin:stop] == indices[at:end:2]
        and next(wl.ends(found.last, found.last + 1)) == end
        and wl.operands[at + 4 : end : 4] == slots[slot : found.last : 2]
        and wl.operands[at + 5 : end : 4] == slots[slot + 1 : found.last : 2]
        and max(weights) < slot and max(values) < slot
        and len(set(values)) == count
    )  # fmt: skip
