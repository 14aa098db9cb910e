"""The lines that a document opens with: the formula as it was read, its point, where it is from, what is assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from wengert.lang.model import Kind
from wengert.report import Report
from wengert.show.document import Adjoint, Equation, Formula, Line, Math, Name, Product, Tangent, Words
from wengert.show.insertion import LONGEST
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.show.pieces import step_partial
from wengert.show.words import tables as words
from wengert.sweep.trace import Trace
from wengert.tape.record import CONVENTIONS

MOST_READ = 12  # definitions of a program that the document opens with
MOST_TOLD = 12  # statements at a kink that the document opens with
LONGEST_READ = 2000  # nodes of a formula that the document opens with


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
        written = [d for d in model.definitions[:MOST_READ] if size(model.nodes, d.root, LONGEST) < LONGEST]
        for d in written:
            yield (Equation((Name(d.name), Formula(model.nodes, d.root))),)
        if len(written) < len(model.definitions):
            yield (Words(words.further_statements(len(model.definitions) - len(written))),)
    for label, text in (("Source", model.source), ("Note", model.note)):
        if text:
            yield (Words(f"{label}: {text}"),)
    for sentence in report.assumptions:
        yield (Words(words.assumed(sentence)),)
    if trace is not None and trace.choice.exact:
        yield (Words(words.EXACT),)
    elif trace is not None and trace.choice.digits is not None:
        yield (Words(words.digits_right(trace.choice.digits)),)
    if trace is not None and trace.rounded is not None:
        loss = any(d.kind is Kind.LOSS for d in model.definitions)
        for sentence in words.rounding(trace.rounded.decimals, model.form == "network", loss):
            yield (Words(sentence),)
    if trace is not None:
        for sentence in conventions(trace):
            yield (Words(sentence),)
        if trace.indefinite and not trace.overflows:
            judged = words.judged_as_a_whole(list(report.outputs)) if report.settings.verify else "."
            yield (*_no_product(report), Words(judged))


def conventions(trace: Trace, shown: Callable[[int], bool] = lambda slot: True) -> Iterator[str]:
    """Whose slopes are taken at kinks, and which at each statement that stands at one, or is flat; of many the first ones. With
    `shown` of those slots alone."""
    if trace.kinks and trace.choice.convention in CONVENTIONS:
        yield words.whose(CONVENTIONS[trace.choice.convention])
    told: dict[int, list[str]] = {}
    for slot, sentence in (*trace.kinks, *trace.flat):
        if shown(slot):
            told.setdefault(slot, []).append(sentence)
    for slot in islice(told, MOST_TOLD):
        yield from (words.convention(trace.list.name(slot), sentence) for sentence in told[slot])
    if len(told) > MOST_TOLD:
        yield words.further_conventions(len(told) - MOST_TOLD)


def _no_product(report: Report) -> Line:
    """Which product has no value: `At v1 = x²: v̄1 · 2·x is ∞·0 …`, where its statement is one of the lines."""
    trace, wl = report.trace, report.list
    assert trace is not None
    found = trace.without_product
    if found is None or report.level != "operation":
        return (Words(words.NO_PRODUCT),)
    step = report.steps.at(found.slot)
    link = next(k for k in step.links if k.argument == found.argument)
    many, partial = report.many, step_partial(step, link)
    if partial is None:
        return (Words(words.NO_PRODUCT),)
    if found.of is not None:
        several = len(report.outputs) > 1
        product = Product((Adjoint(found.of, wl.name(found.slot), many, several, several), partial))
    else:
        assert found.direction is not None
        product = Product((partial, Tangent(wl.name(link.source), found.direction, many)))
    statement = Equation((Name(wl.name(found.slot)), Formula(step.nodes, step.formula)))
    system = CONVENTIONS.get(trace.choice.convention)
    return (Words(words.PLACE), statement, Words(": "), product, Words(words.no_product(system)))
