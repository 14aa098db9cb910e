"""The judge's reading of a model: a straight line of slots, inputs first, then steps in the order of their evaluation.

It changes when the way to lay out a model changes; running.py puts numbers into the slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from wengert.lang.expr import NUMBER, Nodes
from wengert.verify.meanings import CONSTANT_NAMES, MEANINGS, TooLarge, literal

RATIONAL_BITS = 4000
INPUT, RATIONAL, CONSTANT, COPY, OPERATION, BROKEN = range(6)


class Undefined:
    """What stands in a slot whose operation has no real value; where() may still leave it unused."""

    __slots__ = ("large", "reason")

    def __init__(self, reason: str, large: bool = False) -> None:
        self.reason = reason
        self.large = large


class Plan:
    """The model as a straight line of slots. Inputs stand first, in their order; a definition has a slot of its own (a copy of
    its root), so that it can be moved as if it were free."""

    def __init__(self, nodes: Nodes, inputs: Sequence[str], definitions: Iterable[tuple[str, int]]) -> None:
        self.nodes = nodes
        self.kind: list[int] = [INPUT] * len(inputs)
        self.data: list[Any] = list(inputs)
        self.args: list[tuple[int, ...]] = [()] * len(inputs)
        self.slot_of: dict[str, int] = {name: i for i, name in enumerate(inputs)}
        self.inputs = list(inputs)
        self._exact: dict[int, Fraction] = {}
        self._node_slot: dict[int, int] = {}
        self._consumers: list[list[int]] | None = None
        for name, root in definitions:
            self.slot_of[name] = self._slot(COPY, name, (self.add(root),))

    def __len__(self) -> int:
        return len(self.kind)

    def add(self, root: int) -> int:
        """The slot of an expression; its nodes get slots once, arguments first."""
        nodes, known = self.nodes, self._node_slot
        fresh: set[int] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if node not in known and node not in fresh:
                fresh.add(node)
                stack.extend(nodes.arguments(node))
        for node in sorted(fresh):
            known[node] = self._leaf(node) if nodes.is_leaf(node) else self._operation(node)
        return known[root]

    def dependents(self, slots: Iterable[int]) -> list[int]:
        """The slots that must be evaluated again when these move, in order; the moved ones themselves are left out."""
        if self._consumers is None:
            self._consumers = [[] for _ in self.kind]
            for slot, arguments in enumerate(self.args):
                for a in arguments:
                    self._consumers[a].append(slot)
        moved = set(slots)
        seen: set[int] = set()
        stack = list(moved)
        while stack:
            for user in self._consumers[stack.pop()]:
                if user not in seen and user not in moved:
                    seen.add(user)
                    stack.append(user)
        return sorted(seen)

    def _slot(self, kind: int, data: Any, args: tuple[int, ...] = ()) -> int:
        self.kind.append(kind)
        self.data.append(data)
        self.args.append(args)
        return len(self.kind) - 1

    def _leaf(self, node: int) -> int:
        text = self.nodes.text(node)
        if self.nodes.op[node] == NUMBER:
            try:
                value = literal(text)
            except (TooLarge, ValueError) as problem:
                return self._slot(BROKEN, Undefined(str(problem), True))
            return self._rational(value)
        if text in self.slot_of:
            return self.slot_of[text]
        if text in CONSTANT_NAMES:
            return self._slot(CONSTANT, text)
        return self._slot(BROKEN, Undefined(f"the name {text} has no value"))

    def _rational(self, value: Fraction) -> int:
        slot = self._slot(RATIONAL, value)
        self._exact[slot] = value
        return slot

    def _operation(self, node: int) -> int:
        name = self.nodes.operation(node)
        args = tuple(self._node_slot[a] for a in self.nodes.arguments(node))
        meaning = MEANINGS.get(name)
        if meaning is None or not meaning.takes(len(args)):
            return self._slot(BROKEN, Undefined(f"the judge does not know {name} of {len(args)} arguments"))
        # Constant fractions are folded exactly: 1/3 + 2/3 is the integer 1, also as an exponent.
        if len(args) <= 2 and all(a in self._exact for a in args):
            value = fold(name, [self._exact[a] for a in args])
            if value is not None:
                return self._rational(value)
        return self._slot(OPERATION, meaning, args)


def fold(name: str, a: Sequence[Fraction]) -> Fraction | None:
    """The exact value of a rational operation on constants; None where it is none, undefined, or large."""
    value: Fraction
    if name == "add":
        value = a[0] + a[1]
    elif name == "sub":
        value = a[0] - a[1]
    elif name == "mul":
        value = a[0] * a[1]
    elif name == "div" and a[1] != 0:
        value = a[0] / a[1]
    elif name == "neg":
        value = -a[0]
    elif name == "identity":
        value = a[0]
    elif name == "power" and a[1].denominator == 1 and (a[0] != 0 or a[1] > 0):
        size = a[0].numerator.bit_length() + a[0].denominator.bit_length()
        if abs(a[1]) * size > RATIONAL_BITS:
            return None
        value = a[0] ** int(a[1])
    else:
        return None
    return value if value.numerator.bit_length() + value.denominator.bit_length() <= RATIONAL_BITS else None
