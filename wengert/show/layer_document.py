"""The document of the layer level: a network in matrix form, forward and backward, a block for each layer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from wengert.lang.expr import Nodes
from wengert.lang.shape import Activation
from wengert.report import Report
from wengert.show.cost_section import cost_section
from wengert.show.document import Derivative, Document, Equation, Formula, Kind, Line, Math, Name, Product, Section, Sum, Words
from wengert.show.figures import Figures
from wengert.show.gradient import gradient_sections
from wengert.show.graph.build import graph_of
from wengert.show.layer_backward import backward_sections
from wengert.show.layer_pieces import EQUALS, MOST_COLUMNS, MOST_ROWS, Pieces, is_large, symbols
from wengert.show.loss_section import loss_section
from wengert.show.numbers import Digits
from wengert.show.opening import opening
from wengert.show.reformulation import reformulation_sections
from wengert.show.words import layers as words
from wengert.sweep.layer_losses import LossFormula, NamedLoss
from wengert.sweep.layer_statements import Activate, Affine, Normalise, Skip, Softmax, Statement
from wengert.sweep.layers import LOSS, ROWS, LayerPlan

MOST_LISTED = 40  # derivatives that are listed once more below the matrices
MOST_SHARED = 12  # shared parameters whose sums are written out
MOST_TERMS = 8
DEFAULT = re.compile(r"(W[0-9]+_[0-9]+|(b|z|a|gamma|beta)[0-9]+)_[0-9]+\Z")  # W1_1_2 says no more than its place


def layer_document(report: Report, digits: Digits) -> Document:
    """What `trace --level layer` shows."""
    trace, layers = report.trace, report.layers
    assert trace is not None and layers is not None
    figures = Figures(trace, digits)
    pieces = Pieces(report, layers, figures)
    plan = layers.plan
    sections = [_section(words.DATA, lambda: _data(pieces), "forward")]
    for layer in plan.layers:
        lines = partial(_layer, pieces, layer)
        sections.append(_section(words.forward(heading(layer, len(plan.layers))), lines, "forward"))
    if plan.loss is not None:
        sections.append(_section(words.forward(words.LOSS), lambda: _loss(pieces), "forward"))
    for of in report.outputs:
        sections += backward_sections(pieces, of, heading)
    if _shared(pieces):
        sections.append(_section(words.SHARED, lambda: _shared_lines(pieces), "reverse"))
    sections.append(_section(words.CHECKED, lambda: _agreement(report)))
    sections += _gradient(report, digits)
    sections += reformulation_sections(report, figures)
    sections += [loss_section(report, digits), cost_section(report)]
    said = (*opening(report, digits), *_conventions(pieces))
    return Document(report.model.title, said, tuple(sections), partial(graph_of, report, digits))


def _section(title: str, lines: Callable[[], Iterator[Line]], kind: Kind = "") -> Section:
    return Section(title, after=lines, kind=kind)


def heading(layer: LayerPlan, count: int) -> str:
    shape = layer.shape
    before = [words.NORMALISED] if shape.batchnorm is not None else []
    after = [words.skip(shape.skip_of)] if shape.skip else []
    found: dict[Activation, list[int]] = {}
    for i, activation in enumerate(shape.activations, 1):
        found.setdefault(activation, []).append(i)
    names = [(a.operation or "a formula", at) for a, at in found.items()]
    told = names[0][0] if len(names) == 1 else words.mixed(names)
    return words.layer(shape.number, count, shape.name, len(shape.sources[0]), shape.size, [*before, told, *after])


def _conventions(pieces: Pieces) -> Iterator[Line]:
    plan, report = pieces.layers.plan, pieces.report
    letters, several = plan.letters, len(report.outputs) > 1
    bias = letters["b"] if any(layer.shape.bias for layer in plan.layers) else None
    shape = report.model.network
    assert shape is not None
    yield symbols(words.columns(letters["X"], letters["Z"], letters["A"], letters["W"], bias, shape.rows))
    yield symbols(words.adjoints(report.outputs[0], letters["A"], letters["Z"], several))
    yield symbols(words.ENTRYWISE)
    if any(is_large(m) for m in pieces.layers.matrices.of.values()):
        yield symbols(words.elided(MOST_ROWS, MOST_COLUMNS))


# -- forward


def _data(pieces: Pieces) -> Iterator[Line]:
    plan = pieces.layers.plan
    for usual in ("X", "T"):
        symbol = plan.letters[usual]
        if symbol in plan.tables:
            yield from _named(pieces, symbol)
    loss = plan.loss.loss if isinstance(plan.loss, NamedLoss) else None
    if loss is not None and loss.classes is not None:
        numbers = pieces.listed([str(number) for number in loss.classes])
        yield symbols(words.classes(loss.class_name, len(loss.classes)), " = ", numbers)


def _named(pieces: Pieces, symbol: str) -> Iterator[Line]:
    """X = names = numbers."""
    table = pieces.layers.plan.tables[symbol]
    relation, numbers = pieces.value(symbol)
    own = any(not DEFAULT.match(name) for row in table for name in row)
    yield symbols(Name(symbol), *((" = ", pieces.names(table)) if own else ()), relation[1:], numbers)


def _own(pieces: Pieces, symbol: str) -> tuple[Math | str, ...]:
    """= the names that a person gave to the entries of Z or A; nothing for default names, and for several rows of data."""
    table = pieces.layers.plan.tables.get(symbol)
    if table is None or len(table[0]) > 1 or all(DEFAULT.match(name) for row in table for name in row):
        return ()
    return (" = ", pieces.names(table))


def _layer(pieces: Pieces, layer: LayerPlan) -> Iterator[Line]:
    for n, statement in enumerate(layer.statements):
        if n:
            yield ()
        yield from _statement(pieces, layer, statement)


def _statement(pieces: Pieces, layer: LayerPlan, s: Statement) -> Iterator[Line]:
    m = pieces.layers.matrices
    if isinstance(s, Affine):
        yield from _named(pieces, s.w)
        if s.b is not None:
            yield from _named(pieces, s.b)
        product = Product((Name(s.w), Name(s.a)))
        yield symbols(Name(s.z), *_own(pieces, s.z), " = ", product if s.b is None else Sum((product, Name(s.b))))
        added = () if s.b is None else (words.PLUS, pieces.inserted(m[s.b]))
        yield symbols(EQUALS, pieces.inserted(m[s.w]), words.TIMES, pieces.inserted(m[s.a]), *added)
        yield symbols(*pieces.value(s.z))
    elif isinstance(s, Normalise):
        yield from _normalised(pieces, s)
    elif isinstance(s, Activate):
        yield from _activated(pieces, layer, s)
    elif isinstance(s, Softmax):
        call = _call(layer.shape.activations[0].operation or "", s.y)
        yield symbols(Name(s.out), *_own(pieces, s.out), " = ", call, words.OF_EACH_COLUMN)
        yield symbols(*pieces.value(s.out))
    elif isinstance(s, Skip):
        yield symbols(Equation((Name(s.out), Sum((Name(s.f), Name(s.s))))))
        yield symbols(EQUALS, pieces.inserted(m[s.f]), words.PLUS, pieces.inserted(m[s.s]))
        yield symbols(*pieces.value(s.out))


def _normalised(pieces: Pieces, s: Normalise) -> Iterator[Line]:
    m = pieces.layers.matrices
    epsilon = pieces.figures.number(s.epsilon)
    for symbol, what in (
        (s.mu, symbols(words.MEAN_OF_ROWS, Name(s.u))),
        (s.v, symbols(words.VARIANCE_OF_ROWS, Name(s.u), words.DIVIDED_BY_ROWS)),
        (s.n, symbols("(", Name(s.u), " − ", Name(s.mu), ")/√(", Name(s.v), " + ", epsilon, ")")),
    ):
        yield (Name(symbol), Words(" = "), *what)
        yield symbols(*pieces.value(symbol))
    yield from _named(pieces, s.gamma)
    yield from _named(pieces, s.beta)
    yield symbols(Name(s.y), " = ", Name(s.gamma), words.HADAMARD, Name(s.n), words.PLUS, Name(s.beta), words.ROW_BY_ROW)
    yield symbols(
        EQUALS, pieces.inserted(m[s.gamma]), words.HADAMARD, pieces.inserted(m[s.n]), words.PLUS, pieces.inserted(m[s.beta])
    )
    yield symbols(*pieces.value(s.y))


def _activated(pieces: Pieces, layer: LayerPlan, s: Activate) -> Iterator[Line]:
    if s.is_identity:
        same = pieces.layers.plan.tables[s.y] == pieces.layers.plan.tables.get(s.out)
        said = (f": {words.SAME}",) if same else ()
        yield symbols(Name(s.out), *(() if same else _own(pieces, s.out)), " = ", Name(s.y), *said)
        return
    kinds = list(dict.fromkeys(layer.shape.activations))
    single = kinds[0].operation if len(kinds) == 1 else None
    yield symbols(Name(s.out), *_own(pieces, s.out), " = ", _call(single or "f", s.y))
    for function in dict.fromkeys(s.functions):
        if function.activation.operation is None:
            assert function.activation.root is not None
            x = Name(function.activation.variable)
            yield symbols("  f(", x, ") = ", Formula(pieces.report.model.nodes, function.activation.root))
    yield symbols(*pieces.value(s.out))


def _call(operation: str, symbol: str) -> Formula:
    nodes = Nodes()
    return Formula(nodes, nodes.call(operation, [nodes.name(symbol)]))


def _loss(pieces: Pieces) -> Iterator[Line]:
    plan = pieces.layers.plan
    s = plan.loss
    assert isinstance(s, (NamedLoss, LossFormula))
    if isinstance(s, NamedLoss) and s.shares in plan.tables:
        yield from _named(pieces, s.shares)
    name = plan.tables[LOSS][0][0]
    if s.rows == ROWS:
        relation, numbers = pieces.value(ROWS)
        yield symbols(Name(ROWS), words.ROWS_LOSSES, relation[1:], numbers)
        yield symbols(words.reduced(name, s.loss.reduction), Name(ROWS))
        relation, numbers = pieces.value(LOSS)
        yield symbols(relation, numbers.rows[0][0])
    else:
        relation, numbers = pieces.value(LOSS)
        yield symbols(Name(name), relation[1:], numbers.rows[0][0])


# -- what is said at the end


def _shared(pieces: Pieces) -> list[str]:
    """The parameters that stand in several places, or in a formula besides, and are differentiated."""
    layers, wrt = pieces.layers, set(pieces.report.model.wrt)
    inside = {name for bar in layers.adjoints.values() for name in bar.names}
    return [n for n, places in layers.entries.items() if n in wrt and len(places) + (n in inside) > 1]


def _shared_lines(pieces: Pieces) -> Iterator[Line]:
    names, layers = _shared(pieces), pieces.layers
    yield symbols(words.shared(names))
    for of in pieces.report.outputs:
        for name in names[:MOST_SHARED]:
            terms: list[Any] = []
            for symbol, i, j in layers.entries[name]:
                whole = layers.adjoints[of].of(symbol)
                terms += [] if whole is None else [whole.item(i, j)]
            terms += [layers.adjoints[of].names[name]] if name in layers.adjoints[of].names else []
            left = Derivative(of, (name,), pieces.many)
            total = pieces.figures.result(layers.derivative(of, name), pieces.figures.exact_figure((of, name)))
            if not terms or len(terms) > MOST_TERMS:
                yield symbols(left, " ", total)
                continue
            numbers: list[Math] = [pieces.figures.number(x) for x in terms]
            yield symbols(Equation((left, Sum(tuple(numbers)) if len(numbers) > 1 else numbers[0])), " ", total)


def _agreement(report: Report) -> Iterator[Line]:
    found = report.agreement
    assert found is not None
    if not found.agrees:
        yield symbols(words.disagreement(found.count, found.faults))
        return
    largest = Digits(2).result(found.largest) if found.largest else None
    said = words.agreement(found.count, None if largest is None else largest.replace("-", "−"), found.fine, found.open)
    yield symbols(said)


def _gradient(report: Report, digits: Digits) -> list[Section]:
    """The gradient as in `trace`; of many derivatives only what is said of them, and the rows that are neither proved nor
    agree."""
    sections = gradient_sections(report, digits)
    if len(report.pairs) <= MOST_LISTED:
        return sections
    first = sections[0]
    odd = replace(
        first, heading=words.OTHER_VERDICTS, rows=lambda: (row for row in first.rows() if row.mark not in ("", "good")),
        before=(), after=lambda: iter(()), alone=None, optional=True, quick=None,
    )  # fmt: skip
    return [odd, replace(first, columns=(), before=(symbols(words.SUMMARY),))]

