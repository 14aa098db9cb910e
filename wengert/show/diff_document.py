"""The document of `wengert diff`: the list with its local partials, the chain rule step by step, path by path, the result."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from wengert.lang.model import Key
from wengert.report import Report
from wengert.show.cost_section import cost_section
from wengert.show.document import (
    Cell,
    Column,
    Derivative,
    Document,
    Equation,
    Formula,
    Math,
    Name,
    Product,
    Row,
    Section,
    Sum,
    Words,
)  # fmt: skip
from wengert.show.figures import Figures
from wengert.show.gradient import gradient_sections
from wengert.show.graph import drawn
from wengert.show.loss_section import loss_section
from wengert.show.numbers import Digits
from wengert.show.opening import opening
from wengert.show.path_section import FIRST, LISTED, symbolic_paths
from wengert.show.pieces import local_partial, too_large
from wengert.show.reformulation import reformulation_sections
from wengert.show.textbook import textbook_sections
from wengert.show.words import tables as words
from wengert.show.words.networks import BY_CHAIN_RULE
from wengert.sweep.unfolded import Unfolded

MAX_TERMS = 16  # terms of a sum in the chain rule
MAX_STEPS = 400  # steps up to which names are put back


def diff_document(report: Report, digits: Digits) -> Document:
    """What `diff` shows, at the report's level."""
    sections = [_list(report)]
    sections += [_chain(report, of) for of in report.outputs]
    if report.pairs:
        sections.append(symbolic_paths(report, LISTED if report.settings.paths else FIRST))
    sections += gradient_sections(report, digits, BY_CHAIN_RULE)
    failures: list[Key] = []
    sections += textbook_sections(report, failures)
    sections += reformulation_sections(report, None if report.trace is None else Figures(report.trace, digits))
    if report.trace is not None:
        sections.append(loss_section(report, digits))
    sections.append(cost_section(report))
    graph = partial(drawn, report, digits)
    lines = tuple(opening(report, digits))
    return Document(report.model.title, lines, tuple(sections), graph, failed=lambda: bool(failures))


# -- the list


def _list(report: Report) -> Section:
    columns = (Column(words.STATEMENT), Column(words.LOCAL_PARTIALS))
    return Section(words.LIST, columns, lambda: _list_rows(report), count=len(report.list), kind="list")


def _list_rows(report: Report) -> Iterator[Row]:
    wl, steps = report.list, report.steps
    many = report.many
    for x in report.model.inputs:
        yield Row((Name(x.name), None), about=(x.name,))
    for slot in steps.slots():
        step = steps.at(slot)
        left: Cell = Equation((Name(wl.name(slot)), Formula(step.nodes, step.formula)))
        if not step.links:
            yield Row((left, None), about=(wl.name(slot),))
        for link in step.links:
            symbol = local_partial(wl, step, link, many)
            partial: Math = too_large() if link.partial is None else Formula(step.nodes, link.partial)
            yield Row((left, Equation((symbol, partial))), left is not None, about=(wl.name(slot), wl.name(link.source)))
            left = None


# -- the chain rule


def _chain(report: Report, of: str) -> Section:
    columns = [
        Column(words.DERIVATIVE_COLUMN), Column(words.CHAIN_RULE, folds=1, equals=True),
        Column(words.IN_NAMES, folds=2, equals=True),
    ]  # fmt: skip
    if report.level == "operation":  # a network's quantities are the reader's own names, and stay
        columns.append(Column(words.PUT_BACK, folds=3, equals=True))
    heading = words.CHAIN if len(report.outputs) == 1 else f"{words.CHAIN}: {of}"
    rows = partial(_chain_rows, report, of)
    return Section(heading, tuple(columns), rows, count=len(report.list), kind="reverse", equations=True, optional=True)


def _chain_rows(report: Report, of: str) -> Iterator[Row]:
    """One row for each quantity that leads to the output, in the order of the reverse sweep."""
    wl, steps = report.list, report.steps
    many = report.many
    output = wl.slots[of]
    uses = _uses(report, output)
    write_out = len(steps.slots()) <= MAX_STEPS
    unfolded = Unfolded(wl, report.active, of) if write_out else None
    keep = "quantities" if report.level == "neuron" else "statements"
    in_names = Unfolded(wl, report.active, of, keep) if write_out else None
    for slot in sorted(uses, reverse=True):
        left = Derivative(of, (wl.name(slot),), many)
        rule: list[Math] = []
        names: list[Math] = []
        for step, link in uses[slot][:MAX_TERMS]:
            # ∂f/∂x = ∂f/∂x + …: the first is the whole, the second the direct part
            local = local_partial(wl, step, link, many, direct=step.slot == output and len(uses[slot]) > 1)
            partial: Math = too_large() if link.partial is None else Formula(step.nodes, link.partial)
            if step.slot == output:
                rule.append(local)
                names.append(partial)
            else:
                rule.append(Product((Derivative(of, (wl.name(step.slot),), many), local)))
                upstream = None if in_names is None else in_names.adjoint(step.slot)
                names.append(Product((_written(in_names, upstream), partial)))
        if len(uses[slot]) > MAX_TERMS:
            rule.append(Words(words.many_terms(len(uses[slot]))))
            names.append(Words(words.many_terms(len(uses[slot]))))
        single = len(rule) == 1 and uses[slot][0][0].slot == output
        cells: list[Cell] = [left, Words(words.LOCAL_PARTIAL) if single else _sum(rule), _sum(names) if write_out else None]
        if report.level == "operation":
            back = None if unfolded is None else unfolded.adjoint(slot)
            cells.append(_written(unfolded, back))
        yield Row(tuple(cells), about=(wl.name(slot),))


def _written(unfolded: Unfolded | None, root: int | None) -> Math:
    return too_large() if unfolded is None or root is None else Formula(unfolded.nodes, root)


def _uses(report: Report, output: int) -> dict[int, list[Any]]:
    """For each slot that leads to the output: the steps that use it, with the link, nearest to the output first."""
    wl, steps = report.list, report.steps
    reached = wl.leads_to(output)
    uses: dict[int, list[Any]] = {}
    for slot in reversed(steps.slots()):
        if slot > output or not reached[slot]:
            continue
        step = steps.at(slot)
        for link in step.links:
            uses.setdefault(link.source, []).append((step, link))
    return uses


def _sum(terms: list[Math]) -> Math:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))
