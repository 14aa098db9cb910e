"""The document of `wengert trace`: the forward table, tangents, the reverse table, the gradient with its verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from wengert.lang.model import Role
from wengert.report import Report
from wengert.show.cost_section import cost_section
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
    Result,
    Row,
    Section,
    Sum,
    Tangent,
    Words,
)  # fmt: skip
from wengert.show.figures import Figures
from wengert.show.gradient import gradient_sections, the_seed
from wengert.show.graph import drawn
from wengert.show.loss_section import loss_section
from wengert.show.numbers import Digits
from wengert.show.opening import opening
from wengert.show.path_section import path_section
from wengert.show.patterns import Quick, rows_of
from wengert.show.pieces import local_partial, step_partial
from wengert.show.quick_rows import QuickRows
from wengert.show.reformulation import reformulation_sections
from wengert.show.rounded_figures import RoundedFigures
from wengert.show.rounding import rounded_forward
from wengert.show.words import tables as words
from wengert.show.words.losses import RIGHT
from wengert.sweep.steps import Link, Step
from wengert.sweep.suspects import wrong_values
from wengert.sweep.sweeps import Contribution
from wengert.tape.wengert_list import WengertList

LONG_TIE = 3  # arguments from which the partials of max and min are shown by their values
_SEEDS = Words(words.SEED)


def trace_document(report: Report, digits: Digits) -> Document:
    """What `trace` shows, at the report's level."""
    trace = report.trace
    assert trace is not None
    figures = Figures(trace, digits) if trace.rounded is None else RoundedFigures(trace, digits)
    if isinstance(figures, RoundedFigures):
        sections = [rounded_forward(report, figures, [_typed(report, i) for i in range(report.list.inputs)])]
    else:
        sections = [_forward(report, figures)]
    sections += [_tangents(report, figures, key) for key in trace.directions]
    if trace.columns.adjoints:
        sections += [_reverse(report, figures, of) for of in trace.outputs]
    if report.settings.paths:
        sections.append(path_section(report, figures))
    sections += gradient_sections(report, digits)
    sections += reformulation_sections(report, figures)
    sections.append(loss_section(report, digits))
    sections.append(cost_section(report))
    graph = partial(drawn, report, digits)
    return Document(report.model.title, tuple(opening(report, digits)), tuple(sections), graph)


# -- forward


def _forward(report: Report, figures: Figures) -> Section:
    columns = [Column(words.STATEMENT, folds=1), Column(words.NUMBERS, folds=2, equals=True), Column(words.VALUE, equals=True)]
    rights = _rights(report, figures)
    if rights:
        columns.append(Column(RIGHT))
    rows = partial(_forward_rows, report, figures, rights)
    quick = None
    if not rights and QuickRows.are_there(figures, report.level):
        quick = partial(_quick_forward, report, figures)
    return Section(words.FORWARD, tuple(columns), rows, count=len(report.list), kind="forward", quick=quick)


def _rights(report: Report, figures: Figures) -> dict[int, Cell]:
    """The right values of those lines whose value is printed wrong, as far as a quick look finds them: `≈ 8.49671e−18` beside a
    value of 0. The closing table is complete."""
    if not report.settings.verify:
        return {}
    found = wrong_values(figures.trace)
    wrong = {s: x for s, x in found.items() if figures.digits.result(x) != figures.digits.result(figures.values[s])}
    known = None if figures.exact is None else figures.exact.values
    return {s: figures.result(x, Fraction(0) if x == 0 else known and known[s]) for s, x in wrong.items()}


def _forward_rows(report: Report, figures: Figures, rights: dict[int, Cell]) -> Iterator[Row]:
    for slot in (*range(report.list.inputs), *report.steps.slots()):
        row = _forward_row(report, figures, slot)
        yield replace(row, cells=(*row.cells, rights.get(slot))) if rights else row


def _forward_row(report: Report, figures: Figures, slot: int) -> Row:
    name = Name(report.list.name(slot))
    if slot < report.list.inputs:
        return Row((name, _typed(report, slot), figures.slot(slot)), about=(name.name,))
    step = report.steps.line(slot)
    numbers = figures.cell(step.nodes, step.formula, figures.values[slot], keep_call=True)
    return Row((Equation((name, Formula(step.nodes, step.formula))), numbers, figures.slot(slot)), about=(name.name,))


def _quick_forward(report: Report, figures: Figures) -> Quick:
    ordinary = partial(_forward_row, report, figures)
    return QuickRows(figures, report.steps).forward(ordinary, lambda i: _typed(report, i) is not None)


def _typed(report: Report, i: int) -> Formula | None:
    """An input's value as it was typed: pi/6 stays to be seen, 0.5 would only be said twice."""
    value, nodes = report.model.inputs[i].value, report.model.nodes
    if value is None:
        return None
    inner = nodes.arguments(value)[0] if nodes.operation(value) == "neg" else value
    return None if nodes.operation(inner) == "number" else Formula(nodes, value)


# -- tangents


def _tangents(report: Report, figures: Figures, key: str) -> Section:
    columns = (
        Column(words.STATEMENT), Column(words.TANGENT, folds=2), Column(words.NUMBERS, folds=1, equals=True),
        Column(words.VALUE, equals=True),
    )  # fmt: skip
    along = key == "seed" and report.model.seed is not None
    return Section(
        words.tangents(key, key == "seed"), columns, lambda: _tangent_rows(report, figures, key), count=len(report.list),
        kind="tangent", told=(the_seed(report),) if along else (),
        told_by=sum(x.role is not Role.TARGET for x in report.model.inputs),
    )  # fmt: skip


def _tangent_rows(report: Report, figures: Figures, key: str) -> Iterator[Row]:
    wl, steps, trace = report.list, report.steps, figures.trace
    column = figures.columns.tangents[key]
    exact = None if figures.exact is None else figures.exact.tangents[key]
    many = report.many

    def dot(slot: int) -> Tangent:
        return Tangent(wl.name(slot), key, many, direction_shown=report.level == "neuron" and key != "seed")

    def shown(slot: int) -> Cell:
        if column[slot] is None:
            return figures.result(figures.zero, Fraction(0))
        return figures.result(column[slot], None if exact is None else exact[slot])

    for i, x in enumerate(report.model.inputs):
        if x.role is Role.TARGET:
            continue
        given = column[i] is not None
        component = trace.directions[key].get(i)
        moved: Math = Number("1") if component is None else Formula(report.model.nodes, component)
        left = Equation((dot(i), moved if given else Number("0")))
        yield Row((Name(x.name), left, None, shown(i)), about=(x.name,))
    for slot in steps.slots():
        step = steps.at(slot)
        terms: list[Math] = []
        numbers: list[Math] = []
        for link in step.links:
            if column[link.source] is None or link.partial is None:
                continue
            value = steps.partial_value(step, link, figures.columns.partials, figures.arithmetic)
            if value is None:
                continue  # of a branch that a where leaves out
            share = _share(wl, step, link, value, figures)
            terms.append(Product((share or Formula(step.nodes, link.partial), dot(link.source))))
            moved = figures.number(column[link.source], None if exact is None else exact[link.source], dot(link.source))
            numbers.append(Product((share or _factor(step, link, value, figures), moved)))
        about = (wl.name(slot),)
        statement = Equation((Name(wl.name(slot)), Formula(step.nodes, step.formula)))
        if figures.values[slot] != figures.values[slot]:
            yield Row((statement, None, None, Words(words.NOT_TAKEN)), about=about)
            continue
        if not terms:
            yield Row((statement, Equation((dot(slot), Number("0"))), None, shown(slot)), about=about)
            continue
        yield Row((statement, Equation((dot(slot), _sum(terms))), _sum(numbers), shown(slot)), about=about)


def _sum(terms: list[Math]) -> Math:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


# -- reverse


def _reverse(report: Report, figures: Figures, of: str) -> Section:
    columns = (
        Column(words.FROM, folds=1), Column(words.TO), Column(words.CONTRIBUTION, folds=3),
        Column(words.NUMBERS, folds=2, equals=True), Column(words.VALUE, equals=True), Column(words.SO_FAR),
    )  # fmt: skip
    several = len(report.outputs) > 1
    return Section(
        words.reverse(of, several), columns, lambda: rows_of(_reverse_rows(report, figures, of)), _left_out(report, of),
        count=len(report.list), kind="reverse",
        quick=partial(_reverse_rows, report, figures, of, True) if QuickRows.are_there(figures, report.level) else None,
    )  # fmt: skip


def _left_out(report: Report, of: str) -> tuple[Line, ...]:
    """That contributions are left out, where they are: to what is free, but does not lead from what was asked for."""
    wl, wrt = report.list, report.model.wrt
    free = [i for i, x in enumerate(report.model.inputs) if x.role is not Role.TARGET]
    parameters = {x.name for x in report.model.inputs if x.role is Role.PARAMETER}
    if set(wrt) == parameters or set(wrt) >= {report.model.inputs[i].name for i in free}:
        return ()
    depends, leads = wl.depends_on(free), wl.leads_to(wl.slots[of])
    for slot in wl.statements():
        if leads[slot] and report.active[slot]:
            record = wl.primitive(slot)
            for j, o in enumerate(wl.operands_of(slot)):
                if o >= 0 and depends[o] and not report.active[o] and record.partial_of(j) != "":
                    return ((Words(words.only_towards(wrt)),),)
    return ()


def _reverse_rows(report: Report, figures: Figures, of: str, alike: bool = False) -> Quick:
    """The seed, then a row a contribution; `alike`: as patterns where that can be."""
    wl, steps = report.list, report.steps
    bar = _bar(report, of, wl.slots[of])
    seed: Cell = figures.equals(bar, figures.one, Fraction(1))
    yield Row((_SEEDS, Name(of), Number("1"), None, figures.result(figures.one, Fraction(1)), seed), about=(of,))
    rows = steps.contributions(figures.columns.partials, wl.slots[of], figures.arithmetic)
    exact_rows = None
    if figures.exact is not None:
        exact_rows = steps.contributions(figures.exact.partials, wl.slots[of], figures.trace.unrounded.arithmetic)
    quick = QuickRows(figures, steps, wl.slots[of]) if alike else None
    opened = -1
    for c in rows:
        exact = next(exact_rows, None) if exact_rows is not None else None
        opens = c.slot != opened
        opened = c.slot
        ordinary = partial(_contribution_row, report, figures, of, c, exact, opens)
        yield ordinary() if quick is None else quick.contribution(c, exact, opens, ordinary)


def _bar(report: Report, of: str, slot: int) -> Adjoint:
    several = len(report.outputs) > 1
    return Adjoint(of, report.list.name(slot), report.many, several or report.level == "neuron", several)


def _contribution_row(
    report: Report, figures: Figures, of: str, c: Contribution, exact: Contribution | None, opens: bool
) -> Row:
    wl, many = report.list, report.many
    shown = len(report.outputs) > 1 or report.level == "neuron"
    bar = partial(_bar, report, of)
    step = report.steps.at(c.slot)
    link = next(k for k in step.links if k.source == c.target and (k.argument is None or k.argument == c.argument))
    local = local_partial(wl, step, link, many)
    alone = _alone(local, step, link, figures.result(c.partial, exact.partial if exact else None))
    share = _share(wl, step, link, c.partial, figures)
    factor = share or _factor(step, link, c.partial, figures)
    if shown and c.slot == wl.slots[of]:  # ∂y/∂a = y·(1 − y): no factor ∂y/∂y
        symbols: Math = local
        written, numbers = share or step_partial(step, link), factor
    else:
        symbols = Product((bar(c.slot), local))
        partial_ = share or step_partial(step, link)
        written = None if partial_ is None else Product((bar(c.slot), partial_))
        upstream = figures.factor(c.adjoint, c.partial, c.value, exact.adjoint if exact else None, bar(c.slot))
        numbers = Product((upstream, factor))
    contribution = symbols if written is None else Equation((symbols, written))
    from_cell: Cell = Equation((Name(wl.name(c.slot)), Formula(step.nodes, step.formula))) if opens else None
    return Row(
        (
            from_cell, Name(wl.name(c.target)), contribution, numbers,
            figures.result(c.value, exact.value if exact else None),
            figures.equals(bar(c.target), c.so_far, exact.so_far if exact else None),
        ),
        opens,
        about=(wl.name(c.slot), wl.name(c.target)),
        partial=alone,
    )  # fmt: skip


def _alone(local: Math, step: Step, link: Link, value: Result | Words) -> Math:
    """`∂v4/∂x2 = cos(x2) ≈ 0.283662`, and `∂f/∂v3 = 1` where the partial is a number anyway."""
    written = step_partial(step, link)
    if not isinstance(written, Formula):
        return Equation((local, value))
    root = written.root
    if written.nodes.operation(root) == "neg":
        root = written.nodes.arguments(root)[0]
    return Equation((local, written) if written.nodes.operation(root) == "number" else (local, written, value))


def _share(wl: WengertList, step: Step, link: Link, value: Any, figures: Figures) -> Math | None:
    """The local partial of a max or min of three and more as its value alone: its formula counts the ties, which is long to
    read and short to see. None for any other."""
    record = wl.primitive(step.slot)
    if link.argument is None or "ties" not in record.partial_of(link.argument) or len(wl.operands_of(step.slot)) < LONG_TIE:
        return None
    exact = None if figures.exact is None else figures.exact.partials[wl.span(step.slot)[0] + link.argument]
    return figures.fraction(value, exact)


def _factor(step: Step, link: Link, value: Any, figures: Figures) -> Math:
    """The local partial with numbers put in; its value alone where that line would not add up."""
    put_in = None if link.partial is None else figures.put_in(step.nodes, link.partial, value, keep_call=False)
    written = None if link.partial is None else Formula(step.nodes, link.partial)
    return put_in or figures.number(value, None, written)
