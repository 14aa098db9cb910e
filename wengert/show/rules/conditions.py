"""A rule's conditions as they are shown: where it has a value, and its kinks with the slopes beside them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from wengert.lang.expr import Nodes
from wengert.show.document import Cell, Column, Derivative, Equation, Formula, Math, Name, Number, Row, Section, Words
from wengert.show.numbers import Digits
from wengert.show.pieces import number
from wengert.show.rules.facts import VALUE, Arguments, Sides, Writer, sides
from wengert.show.words import rules as words
from wengert.show.words.tables import UNDEFINED
from wengert.tape.derivations import PLACES
from wengert.tape.record import Condition, Kink, Primitive

_RELATIONS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "eq": "="}
ELEMENT = "xi"  # in a place: any one of x1, ..., xn


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


def kink_place(writer: Writer, kink: Kink) -> Math:
    """Where the kink is, as a condition."""
    words_of = PLACES.get(writer.record.name, {}).get(kink.test)
    return condition_math(writer, kink) if words_of is None else Words(words_of)


def kinks_section(record: Primitive, digits: Digits) -> Section:
    """Each kink with its place, the slopes beside it and what is taken, at an example where the place leaves one open."""
    found = {k.test: sides(record, k) for k in record.kinks}
    several = len(record.params) > 1 or record.many
    columns = [Column(words.AT, folds=2)]
    if any(found.values()):
        columns += [Column(words.SLOPE), Column(words.LEFT)] if several else [Column(words.SLOPE_LEFT)]
        columns += [Column(words.RIGHT), Column(words.TAKEN)]
    columns.append(Column(words.CONVENTION, folds=1))

    def rows() -> Iterator[Row]:
        writer = Writer(Nodes(), Arguments(record))
        for kink in record.kinks:
            sentence: Cell = Words(_told(kink))
            if not found[kink.test]:
                yield Row((kink_place(writer, kink), *([None] * (len(columns) - 2)), sentence))
            for side in found[kink.test]:
                arguments = Arguments(record, len(side.point))
                moved: list[Cell] = [Derivative(VALUE, (arguments.names()[side.argument],))] if several else []
                slopes = [_slope(side.left, digits), _slope(side.right, digits), _slope(side.taken, digits)]
                yield Row((_at(writer, kink, side, arguments, digits), *moved, *slopes, sentence))
                sentence = None

    return Section(words.KINKS, tuple(columns), rows)


def _at(writer: Writer, kink: Kink, side: Sides, arguments: Arguments, digits: Digits) -> Math:
    """`x = −1` for an operation of one argument; else the place, with an example of what it leaves open: `x = lo (here −1)`."""
    names = arguments.names()
    place = kink_place(writer, kink)
    if len(names) == 1 and "floor" not in kink.test:
        return Equation((Name(names[0]), number(side.at, digits)))
    if not isinstance(place, Words):
        return place
    fixed = set(re.findall(r"(\w+) = 0", place.text))
    if ELEMENT in fixed:
        return place
    named = [n for n in names if re.search(rf"\b{n}\b", place.text)] or names
    example = {n: number(x, digits) for n, x in zip(names, side.point, strict=True) if n in named and n not in fixed}
    if not example:
        return place
    values = dict.fromkeys(x.text.replace("-", "−") for x in example.values())
    if len(values) == 1 and len(example) in (len(names), 2):
        return Words(f"{place.text} {words.here(*values)}")
    return Words(f"{place.text} {words.here(', '.join(f'{n} = {x.text}' for n, x in example.items()).replace('-', '−'))}")


def _told(kink: Kink) -> str:
    return kink.told()


def _slope(value: float | None, digits: Digits) -> Cell:
    if value is None:
        return Words(words.NO_VALUE)
    if math.isnan(value):
        return Words(UNDEFINED)
    return Number(digits.result(value) if math.isfinite(value) else "inf" if value > 0 else "-inf")
