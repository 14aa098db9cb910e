"""A rule's conditions as they are shown: where it has a value, and its kinks with the slopes beside them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from wengert.lang.expr import Nodes
from wengert.show.document import Cell, Column, Equation, Formula, Math, Name, Number, Row, Section, Words
from wengert.show.numbers import Digits
from wengert.show.pieces import number
from wengert.show.rules import words
from wengert.show.rules.facts import Arguments, Writer, sides
from wengert.tape.record import Condition, Primitive

_RELATIONS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "eq": "="}
LONGEST_PLACE = 45  # characters of a kink's place in words


def condition_math(writer: Writer, condition: Condition) -> Math:
    """`x > 0`, as a person writes it: |x| > 0 is x ≠ 0, |x| + |y| = 0 is x = y = 0, x − floor(x) = 0 is x = floor(x)."""
    if "where(" in condition.test:
        return Words(condition.sentence)
    nodes, root = writer.nodes, writer.condition(condition.test)
    sign = _RELATIONS[nodes.operation(root)]
    left, right = nodes.arguments(root)
    zero = nodes.operation(right) == "number" and nodes.text(right) == "0"
    if zero and sign == ">" and nodes.operation(left) == "abs":
        (left,), sign = nodes.arguments(left), "≠"
    parts = nodes.arguments(left)
    if zero and sign == "=" and nodes.operation(left) == "add" and all(nodes.operation(p) == "abs" for p in parts):
        x, y = (Formula(nodes, nodes.arguments(p)[0]) for p in parts)
        return Equation((x, y, Formula(nodes, right)))
    if zero and sign in ("=", "≠") and nodes.operation(left) == "sub":
        left, right = parts
    return Equation((Formula(nodes, left), Formula(nodes, right)), (sign,))


def kink_place(writer: Writer, kink: Condition) -> Math | None:
    """Where the kink is: its test where that can be read, or the x = 0 in it; None where the sentence alone tells."""
    if "where(" not in kink.test:
        return condition_math(writer, kink)
    nodes, root = writer.nodes, writer.condition(kink.test)
    for node in nodes.reachable([root]):
        if nodes.operation(node) == "eq" and [nodes.operation(a) for a in nodes.arguments(node)] == ["name", "number"]:
            return Formula(nodes, node)
    return None


def table_place(writer: Writer, kink: Condition) -> Math:
    """The same for the table: what the sentence begins with, where that tells more."""
    words_of = re.split("[:;,]", kink.sentence)[0]
    at = kink_place(writer, kink)
    return Words(words_of) if at is None or ("where(" in kink.test and len(words_of) <= LONGEST_PLACE) else at


def kinks_section(record: Primitive, digits: Digits) -> Section:
    found = {k.test: sides(record, k.test) for k in record.kinks}
    beside = any(found.values())
    writer = Writer(Nodes(), Arguments(record))
    placed = any(found[k.test] or kink_place(writer, k) for k in record.kinks)
    columns = [Column(words.AT, folds=2)] if placed else []
    if beside:
        columns += [Column(words.LEFT), Column(words.RIGHT), Column(words.TAKEN)]
    columns.append(Column(words.CONVENTION, folds=1))

    def rows() -> Iterator[Row]:
        for kink in record.kinks:
            sentence: Cell = Words(kink.sentence)
            met = found[kink.test] if "floor" not in kink.test else []
            if not met:
                place = [kink_place(writer, kink)] if placed else []
                yield Row((*place, *([None] * 3 if beside else []), sentence))
            for side in met:
                at = Equation((Name(record.params[0]), number(side.at, digits)))
                yield Row((at, _slope(side.left, digits), _slope(side.right, digits), _taken(side.taken, digits), sentence))
                sentence = None

    return Section(words.KINKS, tuple(columns), rows)


def _slope(value: float | None, digits: Digits) -> Cell:
    if value is None:
        return Words(words.NO_VALUE)
    return Number(digits.result(value) if math.isfinite(value) else "inf" if value > 0 else "-inf")


def _taken(value: float | None, digits: Digits) -> Cell:
    return None if value is None else Number(digits.result(value))
