"""The document of `wengert trace`: the forward table, tangents, the reverse table, the gradient with its verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from wengert.lang.expr import Nodes
from wengert.lang.model import Role
from wengert.report import Report
from wengert.show import words
from wengert.show.document import (
    Adjoint,
    Cell,
    Column,
    Document,
    Equation,
    Formula,
    Line,
    Math,
    Name,
    Number,
    Product,
    Row,
    Section,
    Sum,
    Tangent,
    Words,
)  # fmt: skip
from wengert.show.gradient import gradient_section
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.show.pieces import LONGEST, equals, factor_number, local_partial, number, result, values_by_name, with_numbers
from wengert.sweep.arithmetics import Float
from wengert.sweep.rationals import Rational
from wengert.sweep.steps import Link, Step
from wengert.sweep.trace import Columns, Trace

MOST_READ = 12  # definitions of a program that the document opens with
LONGEST_READ = 2000  # nodes of a formula that the document opens with
_SEEDS = Words(words.SEED)


def trace_document(report: Report, digits: Digits) -> Document:
    """What `trace` shows, at the report's level."""
    trace = report.trace
    assert trace is not None
    sections = [_forward(report, trace, digits)]
    sections += [_tangents(report, trace, key, digits) for key in trace.directions]
    if trace.columns.adjoints:
        sections += [_reverse(report, trace, of, digits) for of in trace.outputs]
    sections.append(gradient_section(report, digits))
    return Document(report.model.title, tuple(opening(report, digits)), tuple(sections))


def opening(report: Report, digits: Digits) -> Iterator[Line]:
    """The formula as read with its point, where it is from, and what is assumed."""
    model, trace = report.model, report.trace
    if model.is_one_formula:
        d = model.definitions[0]
        read: Math = Equation((Name(d.name), Formula(model.nodes, d.root)))
        if size(model.nodes, d.root, LONGEST_READ) >= LONGEST_READ:
            read = Words(words.long_formula(d.name))
        pieces: list[Math] = [read]
        if trace is not None and model.inputs:
            pieces.append(Words(words.AT))
            for i, x in enumerate(model.inputs[:12]):
                assert x.value is not None
                pieces += [Words(", ")] if i else []
                pieces.append(Equation((Name(x.name), Formula(model.nodes, x.value))))
            if len(model.inputs) > 12:
                pieces.append(Words(", …"))
        yield tuple(pieces)
    elif report.level == "operation":
        for d in model.definitions[:MOST_READ]:
            if size(model.nodes, d.root, LONGEST) < LONGEST:
                yield (Equation((Name(d.name), Formula(model.nodes, d.root))),)
    for label, text in (("Source", model.source), ("Note", model.note)):
        if text:
            yield (Words(f"{label}: {text}"),)
    for sentence in report.assumptions:
        yield (Words(words.assumed(sentence)),)
    if trace is not None:
        for slot, sentence in trace.kinks[:12]:
            yield (Words(words.convention(report.list.name(slot), sentence)),)


# -- forward


def _forward(report: Report, trace: Trace, digits: Digits) -> Section:
    columns = (Column(words.STATEMENT, folds=1), Column(words.NUMBERS, folds=2), Column(words.VALUE))
    return Section(words.FORWARD, columns, lambda: _forward_rows(report, trace, digits), count=len(report.list))


def _forward_rows(report: Report, trace: Trace, digits: Digits) -> Iterator[Row]:
    wl, shadow = report.list, trace.shadow
    for i, x in enumerate(report.model.inputs):
        typed = None  # pi/6 stays to be seen, 0.5 would only be said twice
        if x.value is not None and not _is_literal(report.model.nodes, x.value):
            typed = Formula(report.model.nodes, x.value)
        yield Row((Name(x.name), typed, result(trace.values[i], _exact(shadow, i), digits)))
    steps = report.steps
    names = values_by_name(wl, trace.values)
    for slot in steps.slots():
        step = steps.line(slot)
        left = Equation((Name(wl.name(slot)), Formula(step.nodes, step.formula)))
        numbers = with_numbers(step.nodes, step.formula, names, digits, keep_call=True, result=trace.values[slot])
        if step.nodes.is_leaf(step.formula):
            numbers = None
        yield Row((left, numbers, result(trace.values[slot], _exact(shadow, slot), digits)))


def _is_literal(nodes: Nodes, root: int) -> bool:
    inner = nodes.arguments(root)[0] if nodes.operation(root) == "neg" else root
    return nodes.operation(inner) == "number"


def _exact(shadow: Columns | None, slot: int) -> Any:
    return None if shadow is None else shadow.values[slot]


# -- tangents


def _tangents(report: Report, trace: Trace, key: str, digits: Digits) -> Section:
    columns = (Column(words.STATEMENT), Column(words.TANGENT, folds=2), Column(words.NUMBERS, folds=1), Column(words.VALUE))
    return Section(
        words.tangents(key, key == "seed"), columns, lambda: _tangent_rows(report, trace, key, digits), count=len(report.list)
    )


def _tangent_rows(report: Report, trace: Trace, key: str, digits: Digits) -> Iterator[Row]:
    wl, steps, shadow = report.list, report.steps, trace.shadow
    column = trace.columns.tangents[key]
    exact = None if shadow is None else shadow.tangents[key]
    many = report.model.many()

    def dot(slot: int) -> Tangent:
        return Tangent(wl.name(slot), key, many, direction_shown=report.level == "neuron" and key != "seed")

    def shown(slot: int) -> Cell:
        value = 0.0 if column[slot] is None else column[slot]
        return result(value, _zero_or(exact, slot), digits)

    for i, x in enumerate(report.model.inputs):
        if x.role is Role.TARGET:
            continue
        given = column[i] is not None
        component = trace.directions[key].get(i)
        moved: Math = Number("1") if component is None else Formula(report.model.nodes, component)
        left = Equation((dot(i), moved)) if given else Words(words.NOT_MOVED)
        yield Row((Name(x.name), left, None, shown(i)))
    names = values_by_name(wl, trace.values)
    for slot in steps.slots():
        step = steps.at(slot)
        terms: list[Math] = []
        numbers: list[Math] = []
        for link in step.links:
            if column[link.source] is None or link.partial is None:
                continue
            partial = Formula(step.nodes, link.partial)
            terms.append(Product((partial, dot(link.source))))
            value = steps.partial_value(step, link, trace.columns.partials)
            numbers.append(Product((_factor(step, link, value, names, digits), number(column[link.source], digits))))
        statement = Equation((Name(wl.name(slot)), Formula(step.nodes, step.formula)))
        if not terms:
            yield Row((statement, Equation((dot(slot), Number("0"))), None, shown(slot)))
            continue
        yield Row((statement, Equation((dot(slot), _sum(terms))), _sum(numbers), shown(slot)))


def _zero_or(exact: Any, slot: int) -> Any:
    if exact is None:
        return None
    return Fraction(0) if exact[slot] is None else exact[slot]


def _sum(terms: list[Math]) -> Math:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


# -- reverse


def _reverse(report: Report, trace: Trace, of: str, digits: Digits) -> Section:
    columns = (
        Column(words.FROM, folds=1), Column(words.TO), Column(words.CONTRIBUTION, folds=3), Column(words.NUMBERS, folds=2),
        Column(words.VALUE), Column(words.SO_FAR),
    )  # fmt: skip
    several = len(trace.outputs) > 1
    return Section(
        words.reverse(of, several), columns, lambda: _reverse_rows(report, trace, of, digits), count=len(report.list)
    )


def _reverse_rows(report: Report, trace: Trace, of: str, digits: Digits) -> Iterator[Row]:
    wl, steps, shadow = report.list, report.steps, trace.shadow
    many = report.model.many()
    shown = len(trace.outputs) > 1 or report.level == "neuron"
    names = values_by_name(wl, trace.values)

    def bar(slot: int) -> Adjoint:
        return Adjoint(of, wl.name(slot), many, shown)

    one = Number("1")
    seed: Cell = Equation((bar(wl.slots[of]), one))
    yield Row((_SEEDS, Name(of), one, None, result(1.0, Fraction(1), digits), seed))
    slot_of_output = wl.slots[of]
    rows = steps.contributions(trace.columns.partials, slot_of_output, Float())
    exact_rows = None if shadow is None else steps.contributions(shadow.partials, slot_of_output, Rational())
    opened = -1
    for c in rows:
        step = steps.at(c.slot)
        link = next(k for k in step.links if k.source == c.target and (k.argument is None or k.argument == c.argument))
        exact = next(exact_rows, None) if exact_rows is not None else None
        local = local_partial(wl, step, link, many)
        factor = _factor(step, link, c.partial, names, digits)
        if shown and c.slot == wl.slots[of]:  # ∂y/∂a = y·(1 − y): no factor ∂y/∂y
            symbols: Math = local
            written, numbers = step_partial(step, link), factor
        else:
            symbols = Product((bar(c.slot), local))
            partial = step_partial(step, link)
            written = None if partial is None else Product((bar(c.slot), partial))
            numbers = Product((factor_number(c.adjoint, c.partial, c.value, digits), factor))
        contribution = symbols if written is None else Equation((symbols, written))
        opens = c.slot != opened
        opened = c.slot
        from_cell: Cell = Equation((Name(wl.name(c.slot)), Formula(step.nodes, step.formula))) if opens else None
        yield Row(
            (
                from_cell, Name(wl.name(c.target)), contribution, numbers,
                result(c.value, exact.value if exact else None, digits),
                equals(bar(c.target), c.so_far, exact.so_far if exact else None, digits),
            ),
            opens,
        )  # fmt: skip


def step_partial(step: Step, link: Link) -> Math | None:
    """The link's local partial as a formula, None where it is too large to be written."""
    return None if link.partial is None else Formula(step.nodes, link.partial)


def _factor(step: Step, link: Link, value: float, names: Callable[[str], float | None], digits: Digits) -> Math:
    """The local partial with numbers put in; its value alone where that line would not add up."""
    put_in = None
    if link.partial is not None:
        put_in = with_numbers(step.nodes, link.partial, names, digits, keep_call=False, result=value)
    return put_in or number(value, digits)
