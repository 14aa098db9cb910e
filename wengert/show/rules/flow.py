"""A rule at a number: the value forward, and what each argument receives of the adjoint that arrives."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from wengert.lang.expr import Nodes
from wengert.show.document import (
    Adjoint,
    Column,
    Equation,
    Formula,
    Line,
    Math,
    Name,
    Number,
    Product,
    Result,
    Row,
    Section,
    Words,
)
from wengert.show.insertion import with_numbers
from wengert.show.numbers import Digits
from wengert.show.pieces import number, result
from wengert.show.rules.facts import VALUE, Flow, Sample, Writer
from wengert.show.words import rules as words

ADJOINT = 10.0  # what arrives at the worked number: not 1, so that it is seen in every product
OUTPUT = "f"  # the output whose adjoints these are


def flow_section(sample: Sample, digits: Digits, opens: bool) -> Section:
    """The worked number: forward, and what comes back."""
    arguments = sample.arguments
    literal = int(sample.point[0]) if arguments.record.literal else None
    writer = Writer(Nodes(), arguments, literal)
    point: list[Math] = []
    for name, x in zip(arguments.names(), sample.point, strict=True):
        if name == "k" and literal is not None:
            continue
        point += [Words(", ")] if point else []
        point.append(Equation((Name(name), number(x, digits))))
    values = sample.values()
    call = Formula(writer.nodes, writer.call())
    with_values = with_numbers(writer.nodes, call.root, values.get, digits, keep_call=True, result=sample.value)
    forward: list[Math] = [Name(VALUE), call, *([with_values] if with_values is not None else [])]
    value = result(sample.value, sample.exact, digits)
    before: list[Line] = [(*point, Words(":  "), Equation((*forward, value)))]
    if opens:
        before.insert(0, (Words(words.adjoint_arrives(digits.inserted(ADJOINT))),))
    columns = (
        Column(words.TO), Column(words.RECEIVES, folds=1), Column(words.NUMBERS, folds=2, equals=True),
        Column(words.VALUE, equals=True),
    )  # fmt: skip
    return Section(
        words.FLOW if opens else "", columns, lambda: _flow_rows(sample, writer, digits), tuple(before),
        after=lambda: iter([picture(sample, digits)]),
    )  # fmt: skip


def _flow_rows(sample: Sample, writer: Writer, digits: Digits) -> Iterator[Row]:
    values = {**sample.values(), "ties": float(sum(x == sample.value for x in sample.point))}
    for flow in sample.flows:
        root = writer.partial(flow.to, flow.argument)
        partial = Formula(writer.nodes, root)
        chosen = writer.nodes.operation(root) == "where"
        put_in = None if chosen else with_numbers(writer.nodes, root, values.get, digits, keep_call=False, result=flow.partial)
        symbols = Product((Adjoint(OUTPUT, VALUE), partial))
        factor: Math = put_in if put_in is not None else number(flow.partial, digits)
        numbers = Product((number(ADJOINT, digits), factor))
        yield Row((Name(flow.to), symbols, numbers, _received(flow, digits)))


def _received(flow: Flow, digits: Digits) -> Result | Words:
    exact = flow.exact * int(ADJOINT) if isinstance(flow.exact, Fraction) else flow.exact
    return result(ADJOINT * flow.partial, exact, digits)


def picture(sample: Sample, digits: Digits) -> Line:
    """`v̄ = 10  →  x̄ += 30, ȳ −= 20`"""
    pieces: list[Math] = [Equation((Adjoint(OUTPUT, VALUE), number(ADJOINT, digits))), Words("  →  ")]
    for n, flow in enumerate(sample.flows):
        received = _received(flow, digits)
        text = received.text.removeprefix("-")
        pieces += [Words(", ")] if n else []
        pieces.append(Equation((Adjoint(OUTPUT, flow.to), Number(text)), ("+=" if text == received.text else "−=",)))
    return tuple(pieces)
