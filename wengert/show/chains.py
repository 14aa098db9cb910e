"""A table whose rows are equal from left to right, as chains: what stands on the left, then each side with its relation and
with what words say of it. A row that continues the one above continues its chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wengert.show.document import Equation, Math, Number, Result, Row, Words

RELATIONS = ("=", "≈")


@dataclass(slots=True)
class Link:
    """`= side`, with the words that stand beside it."""

    relation: str
    side: Math
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Chain:
    left: Math | None = None
    links: list[Link] = field(default_factory=list)


def chains(rows: Iterable[Row]) -> Iterator[Chain]:
    """Each row that opens, with those that continue it."""
    chain: Chain | None = None
    for row in rows:
        if chain is not None and row.opens:
            yield chain
            chain = None
        chain = chain or Chain()
        _add(chain, row)
    if chain is not None:
        yield chain


def _add(chain: Chain, row: Row) -> None:
    """Words say something of the side before them in their row; those before its first side, of that."""
    begun = chain.left is not None or bool(chain.links)
    relation = "="
    pending: list[str] = []
    own = False  # whether a side of this row is there
    for cell in row.cells:
        if isinstance(cell, Words) and cell.text in RELATIONS:
            relation = cell.text
        elif isinstance(cell, Words):
            (chain.links[-1].remarks if own else pending).append(cell.text)
        elif cell is not None and not begun:
            chain.left, begun = cell, True
        elif cell is not None:
            for link in _links(cell, relation):
                link.remarks += pending
                pending = []
                chain.links.append(link)
            own, relation = True, "="
    if pending:
        chain.links.append(Link("", Words(pending[0]), pending[1:]))


def _links(cell: Math, relation: str) -> Iterator[Link]:
    if isinstance(cell, Result):
        if cell.of is not None:
            yield Link("=", cell.of)
        yield Link("=" if cell.exact else "≈", Number(cell.text))
    elif isinstance(cell, Equation):
        for i, side in enumerate(cell.sides):
            yield Link(relation if i == 0 else cell.relation(i - 1), side)
    else:
        yield Link(relation, cell)
