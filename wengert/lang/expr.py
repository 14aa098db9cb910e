"""Expressions as columns: every formula of a model in one set of arrays.

The grammar of an expression:

    node ::= number TEXT | name TEXT | OPERATION node …

OPERATION is a function's name or one of the words for Python's operators: `add sub mul div neg power`. `where` has a
comparison (`gt ge lt le eq`) as its first argument. A node is an index; its arguments have smaller indices, so that walking
the indices upwards visits arguments before the node that uses them: no walk over expressions needs recursion.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from wengert.errors import Place, Source, SpecError

MOST_NODES = 5_000_000  # of one set of expressions: about 150 MB
NUMBER = 0
NAME = 1
COMPARISONS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "=="}


class Nodes:
    """A growing set of expression nodes.

    `op[i]` numbers an entry of `ops` (0 `number`, 1 `name`, else an operation). For an operation, `args[first[i] :
    first[i] + count[i]]` are its arguments; for a leaf, `texts[first[i]]` is what was written. `start[i]`, `end[i]` span
    the node in its source (0, 0 where nobody wrote it). With `shared`, equal nodes are one node.
    """

    def __init__(self, shared: bool = False) -> None:
        self.ops: list[str] = ["number", "name"]
        self.texts: list[str] = []
        self.op = array("H")
        self.first = array("I")
        self.count = array("I")
        self.args = array("I")
        self.start = array("I")
        self.end = array("I")
        self._op_index: dict[str, int] = {"number": NUMBER, "name": NAME}
        self._text_index: dict[str, int] = {}
        self._known: dict[tuple[int, ...], int] | None = {} if shared else None
        self.called: set[str] = set()  # names before a bracket that are no functions, which have been looked at
        self.remarks: list[str] = []  # what a reader of the text should be told, without being stopped
        self._source_starts: list[int] = []
        self._sources: list[Source] = []

    def __len__(self) -> int:
        return len(self.op)

    # -- building

    def number(self, text: str, start: int = 0, end: int = 0) -> int:
        """A literal, kept as its text: `0.10` stays `0.10`."""
        return self._leaf(NUMBER, text, start, end)

    def name(self, text: str, start: int = 0, end: int = 0) -> int:
        return self._leaf(NAME, text, start, end)

    def call(self, operation: str, arguments: Sequence[int], start: int = 0, end: int = 0) -> int:
        op = self._op_index.get(operation)
        if op is None:
            op = self._op_index[operation] = len(self.ops)
            self.ops.append(operation)
        key = (op, *arguments)
        if self._known is not None and key in self._known:
            return self._known[key]
        first = len(self.args)
        self.args.extend(arguments)
        return self._add(key, op, first, len(arguments), start, end)

    def begin(self, source: Source) -> None:
        """The nodes added from here on come from this source."""
        self._source_starts.append(len(self))
        self._sources.append(source)

    def _leaf(self, op: int, text: str, start: int, end: int) -> int:
        index = self._text_index.get(text)
        if index is None:
            index = self._text_index[text] = len(self.texts)
            self.texts.append(text)
        key = (-1 - op, index)
        if self._known is not None and key in self._known:
            return self._known[key]
        return self._add(key, op, index, 0, start, end)

    def _add(self, key: tuple[int, ...], op: int, first: int, count: int, start: int, end: int) -> int:
        node = len(self.op)
        if node >= MOST_NODES:
            raise self._too_many(Place(self._sources[-1], start, end) if self._sources else None)
        self.op.append(op)
        self.first.append(first)
        self.count.append(count)
        self.start.append(start)
        self.end.append(end)
        if self._known is not None:
            self._known[key] = node
        return node

    def foresee(self, count: int, place: Place) -> None:
        """Raises SpecError now where so many more nodes, for what stands at that place, would be too many later."""
        if len(self) + count > MOST_NODES:
            raise self._too_many(place)

    def _too_many(self, place: Place | None) -> SpecError:
        return SpecError(
            f"written out, this is more than {MOST_NODES:,} numbers, names and operations", place,
            hint="a shorter formula; or fewer neurons, layers or rows of data",
        )  # fmt: skip

    # -- reading

    def operation(self, node: int) -> str:
        """`number`, `name`, or the operation's name."""
        return self.ops[self.op[node]]

    def text(self, leaf: int) -> str:
        return self.texts[self.first[leaf]]

    def arguments(self, node: int) -> Sequence[int]:
        if self.op[node] <= NAME:
            return ()
        first = self.first[node]
        return self.args[first : first + self.count[node]]

    def is_leaf(self, node: int) -> bool:
        return self.op[node] <= NAME

    def reachable(self, roots: Iterable[int]) -> list[int]:
        """The nodes that the roots are made of, each once, arguments before the nodes that use them."""
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                stack.extend(self.arguments(node))
        return sorted(seen)

    def names_in(self, roots: Iterable[int]) -> list[str]:
        """The names that the roots mention, each once, in the order in which they stand."""
        found: dict[str, None] = {}
        for node in self.reachable(roots):
            if self.op[node] == NAME:
                found.setdefault(self.text(node))
        return list(found)

    def place(self, node: int) -> Place | None:
        """Where the node was written; None where nobody wrote it."""
        if self.end[node] == 0:
            return None
        at = bisect_right(self._source_starts, node) - 1
        return Place(self._sources[at], self.start[node], self.end[node]) if at >= 0 else None

    def source(self, node: int) -> Source | None:
        at = bisect_right(self._source_starts, node) - 1
        return self._sources[at] if at >= 0 else None

    # -- travelling to another process

    def columns(self) -> dict[str, Any]:
        """The nodes as plain lists (spans left out), for JSON."""
        return {"ops": self.ops, "texts": self.texts, "op": self.op.tolist(), "first": self.first.tolist(),
                "count": self.count.tolist(), "args": self.args.tolist()}  # fmt: skip

    @classmethod
    def from_columns(cls, columns: dict[str, Any]) -> Nodes:
        nodes = cls()
        nodes.ops = list(columns["ops"])
        nodes.texts = list(columns["texts"])
        nodes.op.extend(columns["op"])
        nodes.first.extend(columns["first"])
        nodes.count.extend(columns["count"])
        nodes.args.extend(columns["args"])
        size = len(nodes.op)
        nodes.start.extend([0] * size)
        nodes.end.extend([0] * size)
        nodes._op_index = {op: i for i, op in enumerate(nodes.ops)}
        nodes._text_index = {text: i for i, text in enumerate(nodes.texts)}
        return nodes
