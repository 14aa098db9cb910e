"""Model to Wengert list: one statement for each elementary operation, equal subexpressions once.

Names are kept: a definition's statement carries its name. Sharing merges unnamed statements; it never makes an unnamed
expression and a named statement one (the adjoint of a named quantity is that of what was written), and of two names with
the same definition the second is `identity` of the first. Where it is differentiated with respect to the first, the two stay
apart: its derivative is that with the name free, of which the second is no copy. Constants are operands, not statements; a
minus sign before a literal belongs to the literal.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from wengert.errors import FormulaError, UsageError
from wengert.lang.expr import BYTES, COMPARISONS, NAME, NUMBER, Nodes
from wengert.lang.model import CONSTANTS, Model
from wengert.lang.ramp import ramp
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import WeightedSum, WengertList, check

MAX_BITS = 60  # of a folded constant that is written as a number
MAX_POWER = 60
APART = (1 << 31) + 1  # a·APART + b is another number for every pair of operands, and its last bits are those of a + b


def lower(model: Model, share: bool = True, fold: bool = False, most: int | None = None) -> WengertList:
    """The model's Wengert list, checked. `share`: equal unnamed subexpressions are one statement; `fold`: an operation on
    constants alone becomes a constant. Raises UsageError for a list of more than `most` statements."""
    lowering = _Lowering(model, share, fold)
    lowering.run(sys.maxsize if most is None else most)
    return check(lowering.list)


def rational(operation: str, values: Sequence[Fraction]) -> Fraction | None:
    """A short rational from short rationals by one of the four operations or a whole power; None for all else."""
    if operation == "neg":
        return -values[0]
    if len(values) != 2:
        return None
    x, y = values
    if operation == "add":
        return short(x + y)
    if operation == "sub":
        return short(x - y)
    if operation == "mul":
        return short(x * y)
    if operation == "div" and y != 0:
        return short(x / y)
    if operation == "power" and y.denominator == 1 and abs(y) <= MAX_POWER and (x != 0 or y > 0):
        return short(x ** int(y))
    return None


def _literal(text: str) -> Fraction | None:
    """The literal as a short rational; an exponent beyond what is short is never worked out."""
    return short(Fraction(text)) if abs(int(text.lower().partition("e")[2] or 0)) <= MAX_BITS else None


def short(value: Fraction) -> Fraction | None:
    return value if max(value.numerator.bit_length(), value.denominator.bit_length()) <= MAX_BITS else None


def _too_long(most: int) -> UsageError:
    return UsageError(
        f"the list has more than {most:,} statements",
        hint=f"--limit {2 * most} allows more, where there is the memory: about {BYTES} bytes for each",
    )


def _factors(nodes: Nodes, root: int) -> tuple[array[int], array[int]]:
    """The texts' numbers of the first and of the second factors of a weighted sum that was written at once."""
    node = root - 4 * nodes.sums[root] + 2
    first = nodes.first
    return (
        first[node : node + 1] + first[node + 3 : root : 4],
        first[node + 1 : node + 2] + first[node + 4 : root : 4],
    )


class _Plain:
    """An operation on one or two arguments with nothing special about it: its number in the list, and the statements known."""

    __slots__ = ("binary", "known", "opcode")

    def __init__(self, opcode: int, binary: bool) -> None:
        self.opcode = opcode
        self.binary = binary
        self.known: dict[int, int] = {}


_UNMET = _Plain(-1, False)


class _Lowering:
    def __init__(self, model: Model, share: bool, fold: bool) -> None:
        self.model = model
        self.nodes = model.nodes
        self.share = share
        self.fold = fold
        self.list = WengertList(model)
        self.constants: dict[tuple[str, str], int] = {}
        self.operand = array("i", bytes(4 * len(model.nodes)))  # of each node
        self.leaves: tuple[dict[int, int], dict[int, int]] = ({}, {})  # of numbers and of names, by their text's number
        self.plain: dict[int, _Plain | None] = {}  # of each operation that was met, how it is treated
        self.looked_up = array("I"), array("i")  # the second factors of the last weighted sum, and their slots
        self.unnamed: dict[tuple[str, tuple[int, ...]], int] = {}
        self.named: dict[tuple[str, tuple[int, ...]], int] = {}
        self.free = frozenset(model.wrt)

    def run(self, most: int) -> None:
        most += self.list.inputs
        for definition in self.model.definitions:
            self._definition(definition.name, definition.root, most)
        if len(self.list) > most:
            raise _too_long(most - self.list.inputs)

    def _definition(self, name: str, root: int, most: int) -> None:
        nodes, operand = self.nodes, self.operand
        if (whole := self._weighted_sum(root)) is None:
            order = nodes.reachable([root])
            order.pop()
            self._expressions(order, most)
        elif whole.last > most:
            raise _too_long(most - self.list.inputs)
        elif root in nodes.sums:
            self.list.give_name(whole.last, name)
            return
        slot = self._leaf(root) if nodes.is_leaf(root) else self._operation(nodes.operation(root), root, True)
        operand[root] = slot
        if slot < self.list.inputs or slot in self.list.names:  # a constant, an input, or a quantity that has a name
            slot = self.list.append("identity", [slot], root)
        self.list.give_name(slot, name)

    def _weighted_sum(self, root: int) -> WeightedSum | None:
        """The statements of a weighted sum that was written at once, where the root is one, or one and a bias; the operands of
        the root are then known. None for what is no such sum."""
        nodes = self.nodes
        total, *rest = (root,) if root in nodes.sums else nodes.arguments(root) or (root,)
        if total not in nodes.sums or not all(map(nodes.is_leaf, rest)) or not self.once:
            return None
        count = nodes.sums[total]
        node = total - 4 * count + 2
        weights, values = _factors(nodes, total)
        if values != self.looked_up[0]:  # the neurons of a layer have the same
            self.looked_up = values, self._slots_of(values)
        if len(set(values)) < count:
            return None
        found = self.list.append_sum(self._slots_of(weights), self.looked_up[1], node)
        self.operand[total] = found.last
        for leaf in rest:
            self.operand[leaf] = self._leaf(leaf)
        return found

    def _slots_of(self, texts: array[int]) -> array[int]:
        """The slots of names, given by their texts' numbers; of weights that were made for a neuron both are consecutive."""
        names, slots = self.nodes.texts, self.list.slots
        count, start, slot = len(texts), texts[0], slots[names[texts[0]]]
        if texts == ramp("I", start + count)[start : start + count]:
            these = self.list.input_names[slot : slot + count]
            if these == names[start : start + count]:
                return ramp("i", slot + count)[slot : slot + count]
        return array("i", map(slots.__getitem__, map(names.__getitem__, texts)))

    @cached_property
    def once(self) -> bool:
        """Whether each weight of the sums that were written at once is mentioned there and nowhere else, so that no product
        is written twice."""
        nodes = self.nodes
        weights: set[int] = set()
        ranges: list[range] = []  # of weights that are consecutive texts
        others: set[int] = set()
        count, behind, last = 0, 0, array("I")
        for root, products in nodes.sums.items():
            mine, values = _factors(nodes, root)
            start = mine[0]
            if mine == ramp("I", start + products)[start : start + products] and (not ranges or start >= ranges[-1].stop):
                ranges.append(range(start, start + products))
            else:
                weights.update(mine)
                count += products
            if values != last:
                others.update(values)
                last = values
            first_node = root - 4 * products + 2
            others.update(nodes.first[n] for n in range(behind, first_node) if nodes.op[n] == NAME)
            behind = root + 1
        others.update(nodes.first[n] for n in range(behind, len(nodes)) if nodes.op[n] == NAME)
        if len(weights) < count or not weights.isdisjoint(others):
            return False
        starts = [r.start for r in ranges]
        return not any((at := bisect_right(starts, text)) and text in ranges[at - 1] for text in others | weights)

    def _expressions(self, order: Sequence[int], most: int) -> None:
        """The operand of each of these nodes, arguments before what uses them. An operation on one or two arguments that asks
        for nothing special is appended here, all others by `_operation`."""
        wl, nodes, operand, share = self.list, self.nodes, self.operand, self.share
        op, first, args, leaves, plain = nodes.op, nodes.first, nodes.args, self.leaves, self.plain
        opcodes, firsts, operands, origins = wl.opcode, wl.first, wl.operands, wl.nodes
        slot = len(wl)
        for node in order:
            code = op[node]
            if code <= NAME:
                text = first[node]
                known = leaves[code].get(text)
                operand[node] = self._leaf(node) if known is None else known
                continue
            kind = plain.get(code, _UNMET)
            if kind is _UNMET:
                kind = self._kind(code)
            if kind is None:
                operand[node] = self._operation(nodes.ops[code], node, False)
                slot = len(wl)
            else:
                at = first[node]
                a = operand[args[at]]
                if kind.binary:
                    b = operand[args[at + 1]]
                    key = a * APART + b
                else:
                    key = a
                same = kind.known.get(key) if share else None
                if same is not None:
                    operand[node] = same
                    continue
                if share:
                    kind.known[key] = slot
                operand[node] = slot
                opcodes.append(kind.opcode)
                firsts.append(len(operands))
                operands.append(a)
                if kind.binary:
                    operands.append(b)
                origins.append(node)
                slot += 1
            if slot > most:
                raise _too_long(most - wl.inputs)

    def _kind(self, code: int) -> _Plain | None:
        """How `_expressions` treats an operation of the expressions, by its number."""
        record = PRIMITIVES.get(self.nodes.ops[code])
        simple = record is not None and not self.fold and not (record.many or record.literal or record.defaults)
        if record is None or not simple or record.name == "neg" or not 1 <= len(record.params) <= 2:
            self.plain[code] = None
        else:
            self.plain[code] = _Plain(self.list.number_of(record.name), len(record.params) == 2)
        return self.plain[code]

    def _leaf(self, node: int) -> int:
        """The operand of a number or a name, looked up once for each text."""
        code, text = self.nodes.op[node], self.nodes.first[node]
        known = self.leaves[code].get(text)
        if known is None:
            known = self._constant("number", self.nodes.text(node), node) if code == NUMBER else self._name(node)
            self.leaves[code][text] = known
        return known

    def _operation(self, operation: str, node: int, is_root: bool) -> int:
        """The operand of an operation; 0, which nobody asks for, of a comparison: it is part of its where."""
        if operation in COMPARISONS:
            return 0
        arguments = list(self.nodes.arguments(node))
        if operation == "where":
            test = arguments[0]
            operation = f"where_{self.nodes.operation(test)}"
            arguments = [*self.nodes.arguments(test), *arguments[1:]]
        operands = [self.operand[a] for a in arguments]
        if operation == "neg" and operands[0] < 0 and self.nodes.operation(self.nodes.arguments(node)[0]) == "number":
            return self._constant("negative", self.nodes.text(self.nodes.arguments(node)[0]), node)
        record = PRIMITIVES[operation]
        self._check_arguments(record, len(operands), node)
        defaults = record.defaults[len(operands) - record.least :] if record.defaults else ()
        for _, text in defaults:
            operands.append(self._constant("number", text, self.nodes.number(text)))
        if self.fold and all(o < 0 for o in operands):
            return self._folded(operation, operands, node)
        key = (operation, tuple(operands))
        if is_root:
            if self.share and key in self.named and self.list.names[self.named[key]] not in self.free:
                return self.named[key]
            slot = self.list.append(operation, operands, node)
            self.named[key] = slot
            return slot
        if self.share and key in self.unnamed:
            return self.unnamed[key]
        slot = self.list.append(operation, operands, node)
        self.unnamed[key] = slot
        return slot

    def _folded(self, operation: str, operands: list[int], node: int) -> int:
        """The operation on constants as one constant: 2·3 is 6, sqrt(2) stays what it is."""
        known = [q for o in operands if (q := self._rational(o)) is not None]
        value = rational(operation, known) if len(known) == len(operands) else None
        if value is None:
            return self._constant("folded", str(node), node)
        nodes = self.nodes
        size = nodes.number(str(abs(value.numerator)))
        if value.denominator != 1:
            size = nodes.call("div", [size, nodes.number(str(value.denominator))])
        root = nodes.call("neg", [size]) if value < 0 else size
        return self._constant("rational", str(value), root)

    def _rational(self, constant: int) -> Fraction | None:
        """The constant operand as a short rational, None for what is none."""
        nodes = self.nodes
        made: dict[int, Fraction | None] = {}
        root = self.list.constants[-1 - constant]
        for node in nodes.reachable([root]):
            arguments = [q for a in nodes.arguments(node) if (q := made[a]) is not None]
            if nodes.operation(node) == "number":
                made[node] = _literal(nodes.text(node))
            elif nodes.operation(node) == "name" or len(arguments) < len(nodes.arguments(node)):
                made[node] = None
            else:
                made[node] = rational(nodes.operation(node), arguments)
        return made[root]

    def _check_arguments(self, record: Primitive, count: int, node: int) -> None:
        """What a call's arity alone does not say: two lists of equal length, a choice that is a literal."""
        place = self.nodes.place(node)
        if record.paired and count % 2:
            raise FormulaError(
                f"{record.name} takes two lists of equal length, here it has {count} arguments", place,
                hint=f"{record.name}(x1, x2, y1, y2) is x1*y1 + x2*y2",
            )  # fmt: skip
        if record.literal:
            choice = self.nodes.arguments(node)[0]
            text = self.nodes.text(choice) if self.nodes.operation(choice) == "number" else ""
            if not (text.isdigit() and 1 <= int(text[:9]) < count):
                raise FormulaError(
                    f"{record.name} wants the number of a component first, from 1 to {count - 1}", place,
                    hint=f"{record.name}(1, x1, x2) is the first component",
                )  # fmt: skip

    def _name(self, node: int) -> int:
        text = self.nodes.text(node)
        slot = self.list.slots.get(text)
        if slot is not None:
            return slot
        assert text in CONSTANTS, text
        return self._constant("name", "pi" if text == "π" else text, node)

    def _constant(self, sort: str, text: str, node: int) -> int:
        key = (sort, text)
        operand = self.constants.get(key)
        if operand is None:
            self.list.constants.append(node)
            operand = self.constants[key] = -len(self.list.constants)
        return operand
