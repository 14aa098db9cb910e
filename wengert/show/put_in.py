"""Numbers put into the lines of statements that are alike: which stand where is known from the first of them.

A formula with holes for its numbers is made once (`with_holes`); the numbers of the others are looked up and worked out along
its parts, with the digits that every line has, and only where the line comes to what is printed (figures.py has the ordinary
way).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, Inexact
from typing import NamedTuple

from wengert.lang.expr import COMPARISONS, NAME, NUMBER, Nodes
from wengert.show.document import Formula
from wengert.show.figures import Figures
from wengert.show.insertion import LONGEST, STRUCTURAL
from wengert.show.notation.holes import Known
from wengert.show.patterns import filled, hole, hole_in
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.rules import Rule, Rules

KNOWN = 50_000  # texts of numbers that are kept

_FLOAT = Rules(Float())
_EXACT = Context(prec=700, traps=[Inexact])  # of decimals that are added and multiplied


class Part(NamedTuple):
    """A node of a formula that numbers are put into: a number that is there as `text`, one of the statement's slots, or an
    operation on earlier parts, which is written out or becomes its value (`inserted`). `uncut`: what it comes to before
    numbers are cut is asked for, by a value that is put in."""

    text: str = ""
    known: float = 0.0
    operand: int | None = None
    operation: str = ""
    rule: Rule | None = None
    arguments: tuple[int, ...] = ()
    inserted: bool = False
    uncut: bool = False


@dataclass(frozen=True, slots=True)
class Put:
    """A formula with holes for numbers, and the parts that tell what stands in them. `sums`: what it comes to is asked of
    rationals too, where it adds and subtracts."""

    formula: Formula
    parts: tuple[Part, ...]
    sums: bool
    first: int  # the number of its first hole


class PutIn:
    """The numbers of a trace, as they stand in such lines."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.values = figures.values
        self.texts = Known(self._inserted, KNOWN)  # of slots, as they are put into a line
        self.round = Context(prec=figures.digits.significant, rounding=ROUND_HALF_UP).plus

    def _inserted(self, slot: int) -> str:
        return self.figures.line.inserted(self.values[slot])

    def numbers(self, put: Put, slots: Sequence[int], result: float) -> list[str] | None:
        """The texts of the numbers; None where the line does not come to what is printed, or has no value."""
        texts: list[str] = []
        known: list[float] = []
        full: list[float] = []  # the same before they are cut, where that is asked for
        try:
            for _, value, operand, _, rule, arguments, inserted, uncut in put.parts:
                if operand is not None:
                    value = self.values[slots[operand]]
                    if value - value != 0:
                        return None
                    texts.append(self.texts[slots[operand]])
                    known.append(float(texts[-1]))
                elif rule is None:
                    known.append(value)
                elif inserted:
                    value = rule([full[a] for a in arguments], None, 0)
                    texts.append(self.figures.line.inserted(value))
                    known.append(float(texts[-1]))
                else:
                    known.append(rule([known[a] for a in arguments], None, 0))
                    if uncut:
                        value = rule([full[a] for a in arguments], None, 0)
                full.append(value)
        except FAULTS:
            return None
        computed = known[-1]
        if computed - computed != 0 or (computed != result and not self._printed_alike(computed, result)):
            return None
        return texts if not put.sums or self._holds(put, texts, computed) else None

    def _printed_alike(self, a: float, b: float) -> bool:
        return self.figures.digits.result(a) == self.figures.digits.result(b)

    def _holds(self, put: Put, texts: list[str], computed: float) -> bool:
        """Whether decimals come to it as well as doubles do."""
        digits = self.figures.digits
        if digits.decimals is None:
            try:
                value = _decimally(put.parts, texts)
            except DecimalException:
                value = None
            rounded = None if value is None else self.round(value)
            if rounded is not None and rounded == self.round(Decimal(computed)) and rounded.adjusted() < digits.significant:
                return True  # both are printed so
        made = filled(put.formula, ["0"] * put.first + texts)
        assert isinstance(made, Formula)
        return self.figures.holds(made, computed)


def with_holes(nodes: Nodes, root: int, names: Sequence[str], first: int, keep_call: bool) -> Put | None:
    """The formula with holes for numbers, numbered from `first`, in place of the names of a statement's slots; None where
    only the ordinary way can fill it."""
    operands = {name: i for i, name in enumerate(names)}
    made = Nodes()
    new: dict[int, int] = {}
    parts: list[Part] = []
    places: dict[int, int] = {}
    holes = first
    reached = nodes.reachable([root])
    if len(reached) >= LONGEST:
        return None
    for node in reached:
        operation, arguments = nodes.operation(node), nodes.arguments(node)
        places[node] = len(parts)
        if nodes.op[node] == NUMBER:
            new[node] = made.number(nodes.text(node))
            parts.append(Part(nodes.text(node), _FLOAT.arithmetic.number(nodes.text(node))))
        elif nodes.op[node] == NAME:
            if nodes.text(node) not in operands:
                return None
            new[node] = made.number(hole(holes))
            holes += 1
            parts.append(Part(operand=operands[nodes.text(node)]))
        elif operation == "where" or operation in COMPARISONS:
            return None
        elif operation == "power" and _is_hole(made, new[arguments[1]]):
            return None  # 2³ or 2^0.5
        else:
            written = operation in STRUCTURAL or (keep_call and node == root)
            new[node] = made.number(hole(holes)) if not written else made.call(operation, [new[a] for a in arguments])
            holes += not written
            parts.append(Part("", 0.0, None, operation, _rule(operation, len(arguments)),
                              tuple(places[a] for a in arguments), not written))  # fmt: skip
    _ask_uncut(parts)
    sums = any(made.operation(node) in ("add", "sub") for node in made.reachable([new[root]]))
    return Put(Formula(made, new[root]), tuple(parts), sums, first)


def _ask_uncut(parts: list[Part]) -> None:
    """Marks the parts that values put in are made of."""
    asked: set[int] = set()
    for i in range(len(parts) - 1, -1, -1):
        if parts[i].inserted or i in asked:
            parts[i] = parts[i]._replace(uncut=True)
            asked.update(parts[i].arguments)


def _rule(operation: str, count: int) -> Rule:
    """The operation's value, from so many arguments: those left out have their defaults."""
    rule = _FLOAT.value(operation)
    missing = _FLOAT.completed(operation, [0.0] * count)[count:]
    return rule if not missing else lambda a, out, j: rule([*a, *missing], out, j)


def _is_hole(nodes: Nodes, node: int) -> bool:
    return nodes.op[node] == NUMBER and hole_in(nodes.text(node)) is not None


def _decimally(parts: Sequence[Part], texts: Sequence[str]) -> Decimal | None:
    """What the numbers come to without rounding; None where that takes more than sums and products. Raises
    DecimalException where there are too many digits."""
    known: list[Decimal | None] = []
    inserted = iter(texts)
    for part in parts:
        if part.operand is not None or part.inserted:
            known.append(Decimal(next(inserted)))
        elif part.rule is None:
            known.append(Decimal(part.text))
        else:
            a, b = (known[i] for i in part.arguments) if len(part.arguments) == 2 else (None, None)
            if a is None or b is None or part.operation not in ("add", "sub", "mul"):
                return None
            known.append({"add": _EXACT.add, "sub": _EXACT.subtract, "mul": _EXACT.multiply}[part.operation](a, b))
    return known[-1]
