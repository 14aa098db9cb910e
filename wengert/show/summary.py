"""A result in a few lines, as Python's prompt shows it: what was read, the values, the derivatives.

It waits for the verdicts at kinks alone, where only the judge knows whether a derivative exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from wengert.lang.model import Key
from wengert.report import Report
from wengert.show.document import Cell, Column, Document, Formula, Line, Name, Row, Section, Words
from wengert.show.figures import Figures
from wengert.show.gradient import formula_to_show, symbol, verdict_words
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.show.opening import opening
from wengert.show.words import tables as words
from wengert.show.words.python import more

MOST = 12  # rows
WIDEST = 40  # nodes of a formula


def summary(report: Report) -> Document:
    """The document of the few lines."""
    keys = report.keys
    outputs = report.outputs if report.trace is not None else ()
    columns = [Column(""), Column(words.FORMULA)] + [Column(words.VALUE)] * (report.trace is not None)
    if _at_kinks(report) and report.settings.verify:
        columns.append(Column(words.VERDICT))
    left = max(0, len(outputs) - MOST) + max(0, len(keys) - MOST)

    def after() -> Iterator[Line]:
        if left:
            yield (Words(more(left)),)

    title: list[Line] = [(Words(report.model.title),)] if report.model.title else []
    read = [line for line in opening(report, Digits()) if report.model.is_one_formula][:1]
    rows = partial(_rows, report, outputs[:MOST], keys[:MOST])
    return Document(None, (), (Section("", tuple(columns), rows, (*title, *read), after),))


def _rows(report: Report, outputs: Sequence[str], keys: Sequence[Key]) -> Iterator[Row]:
    figures = None if report.trace is None else Figures(report.trace, Digits())
    checks = report.verification.checks if _at_kinks(report) and report.verification is not None else {}
    nodes = report.formulas.nodes
    for of in outputs:
        assert figures is not None
        yield Row((Name(of), None, figures.slot(report.list.slots[of]), *([None] if checks else [])))
    for key in keys:
        found = report.formulas.by_key.get(key)
        root = None if found is None else formula_to_show(report, found)
        wide = root is None or size(nodes, root, WIDEST) >= WIDEST
        cells: list[Cell] = [symbol(report, key), Words(words.NOT_PUT_IN) if wide or root is None else Formula(nodes, root)]
        if figures is not None:
            check = checks.get(key)
            cells.append(figures.derivative(key, None if check is None else check.value))
            if check is not None:
                cells.append(Words(verdict_words(check, Digits())))
        yield Row(tuple(cells))


def _at_kinks(report: Report) -> bool:
    """Whether only the judge knows which derivatives exist."""
    return report.trace is not None and bool(report.trace.kinks)
