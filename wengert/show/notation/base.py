"""What every notation shares: how strongly an operation binds, which class of document.py is bracketed where, and the walk over
an expression with a stack of its own: sums of 100,000 terms are one loop.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import groupby
from typing import TypeAlias

from wengert.lang.expr import COMPARISONS, NAME, NUMBER, Nodes
from wengert.show.document import (
    Adjoint,
    Derivative,
    Equation,
    Formula,
    Line,
    Math,
    Matrix,
    Name,
    Number,
    Phrase,
    Product,
    Result,
    Sum,
    Tangent,
    Words,
)
from wengert.show.look import Adjoints

# How strongly an operation binds; an operand that binds less than its place asks for stands in brackets.
COMPARE, SUM, PRODUCT, POWER, ATOM = range(5)
LEVELS = {"add": SUM, "sub": SUM, "neg": PRODUCT, "mul": PRODUCT, "div": PRODUCT, "power": POWER,
          **dict.fromkeys(COMPARISONS, COMPARE)}  # fmt: skip
LETTER_AND_INDEX = re.compile(r"([^\W\d_])([0-9]*)\Z")

Operand: TypeAlias = tuple[int, int, bool]  # a node, how strongly it must bind, and whether it may begin with a minus
Piece: TypeAlias = str | Operand


class Signs(ABC):
    """How a notation writes an expression: names, literals, and each operation as text and operands in reading order."""

    @abstractmethod
    def name(self, text: str) -> str: ...

    @abstractmethod
    def literal(self, text: str, least: int, lead: bool) -> str:
        """A number's text, in brackets where its minus would follow an operator, or where it is a fraction or a sum."""

    @abstractmethod
    def pieces(self, nodes: Nodes, node: int, least: int, lead: bool, whole: Whole) -> Sequence[Piece]: ...


class Whole:
    """The expression that is being written: which of its nodes hold an operation, found when it is first asked for."""

    def __init__(self, nodes: Nodes, root: int) -> None:
        self._nodes, self._root = nodes, root
        self._holding: dict[str, set[int]] = {}

    def holds(self, node: int, operation: str) -> bool:
        """Whether that operation stands in the node, or is it."""
        if operation not in self._holding:
            self._holding[operation] = self._found(operation)
        return node in self._holding[operation]

    def _found(self, operation: str) -> set[int]:
        nodes = self._nodes
        found: set[int] = set()
        for node in nodes.reachable([self._root]):
            if nodes.operation(node) == operation or any(argument in found for argument in nodes.arguments(node)):
                found.add(node)
        return found


def written(nodes: Nodes, root: int, signs: Signs, least: int = COMPARE, lead: bool = True) -> str:
    """The expression as text, in time linear in its size when it is written out (`size` tells that beforehand)."""
    out: list[str] = []
    stack: list[Piece] = [(root, least, lead)]
    whole = Whole(nodes, root)
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            out.append(item)
            continue
        node, least, lead = item
        op = nodes.op[node]
        if op == NAME:
            out.append(signs.name(nodes.text(node)))
        elif op == NUMBER:
            out.append(signs.literal(nodes.text(node), least, lead))
        else:
            stack.extend(reversed(signs.pieces(nodes, node, least, lead, whole)))
    return "".join(out)


class Notation(ABC):
    """Prints the classes of document.py. A subclass says what its signs are; what is bracketed is decided here."""

    adjoints: Adjoints
    preactivations: frozenset[str]
    minus: str  # what a text that begins with a minus begins with
    plus: str
    times: str

    # -- what a notation brings

    @property
    @abstractmethod
    def signs(self) -> Signs: ...

    @abstractmethod
    def name(self, text: str) -> str:
        """A name, shown as it was typed as far as the notation goes."""

    @abstractmethod
    def number(self, text: str) -> str:
        """The text of a number with the signs of this notation."""

    @abstractmethod
    def relation(self, sign: str) -> str:
        """`=` or `≈`, as this notation writes it."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Words in the middle of mathematics."""

    @abstractmethod
    def bracketed(self, text: str) -> str: ...

    @abstractmethod
    def matrix(self, m: Matrix) -> str: ...

    @abstractmethod
    def marked(self, name: str, mark: str) -> str:
        """A name with a `bar` or a `dot` over its letter; only where that name is a letter with its index."""

    @abstractmethod
    def quotient(self, m: Derivative) -> str:
        """∂²f/∂x1∂x2, ∂²f/∂x²."""

    @abstractmethod
    def delta(self, name: str) -> str:
        """δ of a pre-activation."""

    @abstractmethod
    def grad(self, name: str) -> str:
        """v3.grad"""

    @abstractmethod
    def note(self, text: str) -> str:
        """What a derivative's note adds to it."""

    # -- what follows

    @property
    def less(self) -> str:
        """The minus between two terms."""
        return self.minus

    def math(self, m: Math) -> str:
        """Any class of document.py."""
        return self._math(m, COMPARE, True)

    def line(self, line: Line) -> str:
        """The pieces of a line side by side."""
        return self.beside(list(map(self.math, line)))

    def beside(self, texts: Sequence[str]) -> str:
        """Pieces of mathematics side by side."""
        return "".join(texts)

    def formula(self, nodes: Nodes, root: int) -> str:
        """The expression, in time linear in its size when it is written out (`size` tells that beforehand)."""
        return written(nodes, root, self.signs)

    def result(self, m: Result) -> tuple[str, str]:
        """The relation and the value of a result, apart: tables align them."""
        relation = self.relation("=" if m.exact else "≈")
        if m.of is None:
            return relation, self.number(m.text)
        return self.relation("="), f"{self.math(m.of)} {relation} {self.number(m.text)}"

    def _math(self, m: Math, least: int, lead: bool) -> str:
        """`least` is how strongly the text must bind here, `lead` whether it may begin with a minus."""
        if isinstance(m, Formula):
            return written(m.nodes, m.root, self.signs, least, lead)
        if isinstance(m, Number):
            return self.signs.literal(m.text, least, lead)
        if isinstance(m, Product):
            text = self.times.join(self._math(factor, PRODUCT, False) for factor in m.factors)
            return text if least <= PRODUCT else self.bracketed(text)
        if isinstance(m, Sum):
            return self._sum(m) if least <= SUM else self.bracketed(self._sum(m))
        if isinstance(m, Result):
            return " ".join(self.result(m)) if least == COMPARE else self.signs.literal(m.text, least, lead)
        if isinstance(m, Equation):
            return self._equation(m) if least == COMPARE else self.bracketed(self._equation(m))
        if isinstance(m, Phrase):
            return self.line(m.pieces)
        if isinstance(m, Matrix):
            return self.matrix(m)
        if isinstance(m, Words):
            return self.words(m.text)
        return self._symbol(m)

    def _symbol(self, m: Name | Adjoint | Tangent | Derivative) -> str:
        if isinstance(m, Name):
            return self.name(m.name)
        if isinstance(m, Derivative):
            return self.quotient(m) + (self.note(m.note) if m.note and self.tells(m) else "")
        if isinstance(m, Tangent):
            if m.along != "seed" and (m.direction_shown or not LETTER_AND_INDEX.match(m.name)):
                return self.quotient(Derivative(m.name, (m.along,), m.many))
            return self.marked(m.name, "dot")
        if self.adjoints == "grad" and not m.several:
            return self.grad(m.name)
        if self.adjoints == "delta" and not m.several and m.name in self.preactivations:
            return self.delta(m.name)
        if self.adjoints == "leibniz" or m.output_shown or not LETTER_AND_INDEX.match(m.name):
            return self.quotient(Derivative(m.of, (m.name,), m.many))
        return self.marked(m.name, "bar")

    def tells(self, m: Derivative) -> bool:
        """Whether the derivative's note is needed in this notation."""
        return not m.ascii_only

    def _sum(self, m: Sum) -> str:
        pieces: list[str] = []
        for term in m.terms:
            text = self._math(term, SUM, True)
            if not pieces:
                pieces.append(text)
            elif text.startswith(self.minus):
                pieces.append(f" {self.less} {text[len(self.minus) :]}")
            else:
                pieces.append(f" {self.plus} {text}")
        return "".join(pieces)

    def _equation(self, m: Equation) -> str:
        pieces = [self._math(m.sides[0], SUM if isinstance(m.sides[0], Result) else COMPARE, True)] if m.sides else []
        for i, side in enumerate(m.sides[1:]):
            relation = "" if isinstance(side, Result) else f" {self.relation(m.relation(i))}"  # a result brings its own
            pieces.append(f"{relation} {self._math(side, COMPARE, True)}")
        return "".join(pieces)


def counted(names: Sequence[str]) -> list[tuple[str, int]]:
    """The names that a derivative is taken by, each with how many times it stands in a row."""
    return [(name, sum(1 for _ in same)) for name, same in groupby(names)]


def size(nodes: Nodes, root: int, limit: int) -> int:
    """The number of nodes of the expression when it is written out, or `limit` where it has that many or more.

    Counted on the shared nodes, in time and memory of at most about `limit` nodes.
    """
    seen = {root}
    stack = [root]
    while stack:
        for argument in nodes.arguments(stack.pop()):
            if argument not in seen:
                if len(seen) >= limit:
                    return limit
                seen.add(argument)
                stack.append(argument)
    sizes: dict[int, int] = {}
    for node in sorted(seen):  # arguments have smaller indices
        sizes[node] = min(limit, 1 + sum(sizes[argument] for argument in nodes.arguments(node)))
    return sizes[root]
