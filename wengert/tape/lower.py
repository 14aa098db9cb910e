"""Model to Wengert list: one statement for each elementary operation, equal subexpressions once.

Names are kept: a definition's statement carries its name. Sharing merges unnamed statements; it never makes an unnamed
expression and a named statement one (the adjoint of a named quantity is that of what was written), and of two names with
the same definition the second is `identity` of the first. Where it is differentiated with respect to the first, the two stay
apart: its derivative is that with the name free, of which the second is no copy. Constants are operands, not statements; a
minus sign before a literal belongs to the literal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction

from wengert.errors import FormulaError, UsageError
from wengert.lang.expr import COMPARISONS, NAME, NUMBER
from wengert.lang.model import CONSTANTS, Model
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import WengertList, check

MAX_BITS = 60  # of a folded constant that is written as a number
MAX_POWER = 60
KILOBYTES = 1  # that a statement and its sweeps take


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
        hint=f"--limit {2 * most} allows more, where there is the memory: about {KILOBYTES} kB for each",
    )


class _Lowering:
    def __init__(self, model: Model, share: bool, fold: bool) -> None:
        self.model = model
        self.nodes = model.nodes
        self.share = share
        self.fold = fold
        self.list = WengertList(model)
        self.constants: dict[tuple[str, str], int] = {}
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
        nodes = self.nodes
        operand: dict[int, int] = {}
        for node in self._order(root):
            if len(self.list) > most:
                raise _too_long(most - self.list.inputs)
            op = nodes.op[node]
            if op == NUMBER:
                operand[node] = self._constant("number", nodes.text(node), node)
            elif op == NAME:
                operand[node] = self._name(node)
            else:
                operation = nodes.ops[op]
                if operation in COMPARISONS:
                    continue  # part of its where
                arguments = list(nodes.arguments(node))
                if operation == "where":
                    test = arguments[0]
                    operation = f"where_{nodes.operation(test)}"
                    arguments = [*nodes.arguments(test), *arguments[1:]]
                operand[node] = self._operation(operation, [operand[a] for a in arguments], node, node == root)
        slot = operand[root]
        if slot < self.list.inputs or slot in self.list.names:  # a constant, an input, or a quantity that has a name
            slot = self.list.append("identity", [slot], root)
        self.list.give_name(slot, name)

    def _order(self, root: int) -> Iterable[int]:
        """The root's nodes, arguments first; what a parser wrote in one piece is already in that order."""
        return self.nodes.reachable([root])

    def _operation(self, operation: str, operands: list[int], node: int, is_root: bool) -> int:
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
