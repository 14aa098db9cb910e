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
from wengert.lang.ramp import ramp

MOST_STATEMENTS = 2_000_000  # of a list, where --limit says nothing else
BYTES = 500  # that a statement takes at most, with its nodes, names and numbers
MOST_NODES = 6_000_000  # of one set of expressions, where nothing else is said: about 160 MB
FAR = 64  # nodes that may stand between those of an expression, beside as many as four for each of its own
AT_ONCE = 8  # products, from which on a weighted sum is written at once
MANY = 64  # roots, from which on all nodes are looked at
NUMBER = 0
NAME = 1
COMPARISONS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "=="}


class Nodes:
    """A growing set of expression nodes.

    `op[i]` numbers an entry of `ops` (0 `number`, 1 `name`, else an operation). For an operation, `args[first[i] :
    first[i] + count[i]]` are its arguments; for a leaf, `texts[first[i]]` is what was written. `start[i]`, `end[i]` span
    the node in its source (0, 0 where nobody wrote it). With `shared`, equal nodes are one node. There may be `room` times as
    many as usual.
    """

    def __init__(self, shared: bool = False, room: float = 1.0) -> None:
        self.most = int(MOST_NODES * room)
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
        self.defined: set[str] = set()  # names that the person gave a value or a formula: none of them is a slip
        self.called: set[str] = set()  # names before a bracket that are no functions, which have been looked at
        self.remarks: list[str] = []  # what a reader of the text should be told, without being stopped
        self.sums: dict[int, int] = {}  # weighted sums that were written at once: the root, and how many products
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
        op = self._number(operation)
        key = (op, *arguments)
        if self._known is not None and key in self._known:
            return self._known[key]
        first = len(self.args)
        self.args.extend(arguments)
        return self._add(key, op, first, len(arguments), start, end)

    def weighted_sum(
        self, weights: Sequence[str], values: Sequence[str], start: int, spans: Sequence[tuple[int, int]]
    ) -> int:
        """w1*a1 + w2*a2 + …, added from the left: the nodes that `name` and `call` would write one by one, and the root.

        `spans` are the places of the products, `start` is where the sums begin. What is written at once is noted in `sums`.
        """
        count = len(weights)
        if count < AT_ONCE or self._known is not None:
            total = -1
            for weight, value, (a, b) in zip(weights, values, spans, strict=True):
                product = self.call("mul", [self.name(weight, a, b), self.name(value, a, b)], a, b)
                total = product if total < 0 else self.call("add", [total, product], start, b)
            return total
        base, first_arg = len(self.op), len(self.args)
        if base + 4 * count > self.most:
            raise self._too_many(Place(self._sources[-1], start, spans[-1][1]) if self._sources else None)
        mul, add = self._number("mul"), self._number("add")
        root = base + 4 * count - 2
        # one after the other: w a mul, then for each further product w a mul add
        self.op.extend(array("H", [NAME, NAME, mul]) + array("H", [NAME, NAME, mul, add]) * (count - 1))
        self.count.extend(array("I", [0, 0, 2]) + array("I", [0, 0, 2, 2]) * (count - 1))
        first = array("I", bytes(4 * (4 * count - 1)))
        texts, others = self._texts_of(weights), self._texts_of(values)
        first[0], first[1], first[2] = texts[0], others[0], first_arg
        first[3::4], first[4::4] = texts[1:], others[1:]
        numbers = ramp("I", max(root, first_arg + 4 * count))
        first[5::4] = numbers[first_arg + 2 : first_arg + 4 * count - 2 : 4]
        first[6::4] = numbers[first_arg + 4 : first_arg + 4 * count - 2 : 4]
        self.first.extend(first)
        args = array("I", bytes(4 * (4 * count - 2)))
        args[0], args[1] = base, base + 1
        args[2::4], args[3::4] = numbers[base + 3 : root : 4], numbers[base + 4 : root : 4]
        args[4::4] = numbers[base + 2 : root : 4]  # the sum so far: at first the first product
        args[5::4] = numbers[base + 5 : root : 4]
        self.args.extend(args)
        for column, of_products, of_sums in (
            (self.start, array("I", [a for a, _ in spans]), array("I", [start]) * count),
            (self.end, array("I", [b for _, b in spans]), array("I", [b for _, b in spans])),
        ):
            marks = array("I", bytes(4 * (4 * count - 1)))
            marks[0] = marks[1] = marks[2] = of_products[0]
            marks[3::4] = marks[4::4] = marks[5::4] = of_products[1:]
            marks[6::4] = of_sums[1:]
            column.extend(marks)
        self.sums[root] = count
        return root

    def literals(self, texts: Sequence[str]) -> list[int]:
        """The roots of numbers that nobody wrote, some with a minus sign: what `number` and `call` would make of them."""
        if self._known is not None or len(self) + 2 * len(texts) > self.most:
            return [self.call("neg", [self.number(t[1:])]) if t[0] == "-" else self.number(t) for t in texts]
        op, first, count, args = array("H"), array("I"), array("I"), array("I")
        base, first_arg = len(self.op), len(self.args)
        neg = self._number("neg") if any(text[0] == "-" for text in texts) else 0
        roots = []
        for number, text in zip(self._texts_of([text.removeprefix("-") for text in texts]), texts, strict=True):
            op.append(NUMBER)
            first.append(number)
            count.append(0)
            if text[0] == "-":
                args.append(base + len(op) - 1)
                op.append(neg)
                first.append(first_arg + len(args) - 1)
                count.append(1)
            roots.append(base + len(op) - 1)
        for column, new in ((self.op, op), (self.first, first), (self.count, count), (self.args, args)):
            column.extend(new)
        for column in (self.start, self.end):
            column.frombytes(bytes(4 * len(op)))
        return roots

    def _texts_of(self, texts: Sequence[str]) -> array[int]:
        known = self._text_index
        for text in texts:
            if text not in known:
                known[text] = len(self.texts)
                self.texts.append(text)
        return array("I", [known[text] for text in texts])

    def _number(self, operation: str) -> int:
        """The operation's number in `op`, from now on where it is new."""
        op = self._op_index.get(operation)
        if op is None:
            op = self._op_index[operation] = len(self.ops)
            self.ops.append(operation)
        return op

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
        if node >= self.most:
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
        if len(self) + count > self.most:
            raise self._too_many(place)

    def _too_many(self, place: Place | None) -> SpecError:
        return SpecError(
            f"written out, this is more than {self.most:,} numbers, names and operations", place,
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
        roots = list(roots)
        if len(roots) == 1 and (together := self._in_one_piece(roots[0])) is not None:
            return together
        if len(roots) > MANY:
            return self._in_one_look(roots)
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                stack.extend(self.arguments(node))
        return sorted(seen)

    def _in_one_look(self, roots: Sequence[int]) -> list[int]:
        """The same for many roots: one look back over all nodes."""
        op, first, count, args = self.op, self.first, self.count, self.args
        last = max(roots)
        marks = bytearray(last + 1)
        for root in roots:
            marks[root] = 1
        for node in range(last, -1, -1):
            if marks[node] and op[node] > NAME:
                at = first[node]
                for a in args[at : at + count[node]]:
                    marks[a] = 1
        return [node for node in range(last + 1) if marks[node]]

    def _in_one_piece(self, root: int) -> list[int] | None:
        """The same for one root whose nodes stand together, as a parser writes them: one look back over their marks. None where
        too much else stands between them."""
        op, first, count, args = self.op, self.first, self.count, self.args
        if op[root] <= NAME:
            return [root]
        marks = bytearray(FAR)  # of root, root - 1 …: grown as arguments lie further back
        marks[0] = 1
        size = FAR
        waiting = 1
        found: list[int] = []
        back = 0
        while waiting:
            if marks[back]:
                node = root - back
                found.append(node)
                waiting -= 1
                if op[node] > NAME:
                    at = first[node]
                    for i in range(at + count[node] - 1, at - 1, -1):
                        distance = root - args[i]
                        if distance >= size:
                            if distance > 4 * (len(found) + waiting) + FAR:
                                return None
                            marks.extend(bytes(distance + 1))
                            size = len(marks)
                        if not marks[distance]:
                            marks[distance] = 1
                            waiting += 1
            back += 1
        found.reverse()
        return found

    def names_in(self, roots: Iterable[int]) -> list[str]:
        """The names that the roots mention, each once, in the order in which they stand."""
        op, first = self.op, self.first
        found = dict.fromkeys(first[node] for node in self.reachable(roots) if op[node] == NAME)
        return [self.texts[text] for text in found]

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
