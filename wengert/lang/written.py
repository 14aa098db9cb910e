"""Expressions that stand for a word of the file: `loss: mse` becomes nodes which all have the place of that word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wengert.errors import Place
from wengert.lang.expr import NAME, Nodes


class Written:
    """Makes nodes that have one place; but not the numbers: a message would take the word there for what is written."""

    def __init__(self, nodes: Nodes, place: Place) -> None:
        self.nodes = nodes
        self.place = place
        self.span = (place.start, place.end)
        self.begin()

    def begin(self) -> None:
        """Again, after nodes with another place were made."""
        self.nodes.begin(self.place.source)

    def name(self, name: str) -> int:
        return self.nodes.name(name, *self.span)

    def names(self, names: Sequence[str]) -> list[int]:
        return [self.name(n) for n in names]

    def number(self, text: str) -> int:
        return self.nodes.number(text)

    def call(self, operation: str, *arguments: int) -> int:
        return self.nodes.call(operation, arguments, *self.span)

    def square(self, x: int) -> int:
        return self.call("power", x, self.number("2"))

    def over(self, numerator: int, number: int) -> int:
        return self.call("div", numerator, self.number(str(number)))

    def sum(self, terms: Sequence[int]) -> int:
        """Added from the left."""
        total = terms[0]
        for term in terms[1:]:
            total = self.call("add", total, term)
        return total


def copied(nodes: Nodes, root: int, renamed: Mapping[str, str]) -> int:
    """The expression again, with other names, as new nodes with the places of the old ones."""
    source = nodes.source(root)
    if source is not None:
        nodes.begin(source)
    copies: dict[int, int] = {}
    for node in nodes.reachable([root]):
        start, end = nodes.start[node], nodes.end[node]
        if nodes.op[node] == NAME:
            text = nodes.text(node)
            copies[node] = nodes.name(renamed.get(text, text), start, end)
        elif nodes.is_leaf(node):
            copies[node] = nodes.number(nodes.text(node), start, end)
        else:
            copies[node] = nodes.call(nodes.operation(node), [copies[a] for a in nodes.arguments(node)], start, end)
    return copies[root]
