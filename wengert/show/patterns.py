"""Rows that are alike: of a hundred thousand products each has the row of the first one, with other names and numbers.

A `Pattern` is a row with holes; a `Like` is such a row with the texts for its holes. A hole is a leaf of the mathematics: the
text of a name or of a number that is one character of a private plane of Unicode. What a `Like` says is `filled`; a renderer
that has many rows to write prints the pattern once (notation/holes.py) and puts in the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from wengert.lang.expr import NAME, NUMBER, Nodes
from wengert.show.document import (
    Adjoint,
    Cell,
    Derivative,
    Equation,
    Formula,
    Math,
    Name,
    Number,
    Product,
    Result,
    Row,
    Sum,
    Tangent,
)

FIRST = 0xF0000
MOST = 1000  # holes of a row


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A row with holes; one pattern is another one, whatever its cells."""

    cells: tuple[Cell, ...]
    opens: bool = True


class Like(NamedTuple):
    """The row of the pattern with these texts in its holes."""

    pattern: Pattern
    texts: tuple[str, ...]

    def row(self) -> Row:
        return Row(tuple(filled(cell, self.texts) for cell in self.pattern.cells), self.pattern.opens)


Quick: TypeAlias = Iterator[Row | Like]


def hole(i: int) -> str:
    """The text of the hole that gets the i-th text."""
    assert i < MOST
    return chr(FIRST + i)


def hole_in(text: str) -> int | None:
    """Which text the leaf gets; None where it is no hole."""
    return ord(text) - FIRST if len(text) == 1 and FIRST <= ord(text) < FIRST + MOST else None


def rows_of(quick: Quick) -> Iterator[Row]:
    """The same rows, all written out."""
    return (row.row() if isinstance(row, Like) else row for row in quick)


def filled(cell: Cell, texts: Sequence[str]) -> Cell:
    """The cell with the texts in its holes."""

    def put(text: str) -> str:
        at = hole_in(text)
        return text if at is None else texts[at]

    return None if cell is None else _changed(cell, put, put)


def opened(cell: Cell, holes: Mapping[str, str]) -> Cell:
    """The cell with holes for the names that are keys; numbers stay."""
    return None if cell is None else _changed(cell, lambda name: holes.get(name, name), lambda number: number)


def _changed(m: Math, name: Callable[[str], str], number: Callable[[str], str]) -> Math:
    if isinstance(m, Formula):
        return relabelled(m.nodes, m.root, name, number)
    if isinstance(m, Name):
        return Name(name(m.name))
    if isinstance(m, Number):
        return Number(number(m.text))
    if isinstance(m, Result):
        return replace(m, text=number(m.text))
    if isinstance(m, (Adjoint, Tangent)):
        return replace(m, name=name(m.name))
    if isinstance(m, Derivative):
        return replace(m, of=name(m.of), wrt=tuple(map(name, m.wrt)))
    if isinstance(m, Product):
        return Product(tuple(_changed(factor, name, number) for factor in m.factors))
    if isinstance(m, Sum):
        return Sum(tuple(_changed(term, name, number) for term in m.terms))
    if isinstance(m, Equation):
        return replace(m, sides=tuple(_changed(side, name, number) for side in m.sides))
    return m


def relabelled(nodes: Nodes, root: int, name: Callable[[str], str], number: Callable[[str], str]) -> Formula:
    """The formula with other texts for its leaves."""
    made = Nodes()
    new: dict[int, int] = {}
    for node in nodes.reachable([root]):
        if nodes.op[node] == NAME:
            new[node] = made.name(name(nodes.text(node)))
        elif nodes.op[node] == NUMBER:
            new[node] = made.number(number(nodes.text(node)))
        else:
            new[node] = made.call(nodes.operation(node), [new[a] for a in nodes.arguments(node)])
    return Formula(made, new[root])
