"""The Jacobian and the Hessian as matrices, beside the list of their entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from wengert.lang.model import Key
from wengert.report import Report
from wengert.show.document import Cell, Column, Derivative, Formula, Math, Name, Result, Row, Section, Words
from wengert.show.figures import Figures
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.show.pieces import too_large
from wengert.show.words import tables as words

WIDEST = 12  # columns of a matrix that is drawn
SHORT_ENTRY = 20  # nodes of a formula that stands in a matrix

Rows: TypeAlias = Sequence[tuple[Math, Sequence[Key]]]


def jacobian_section(report: Report, digits: Digits) -> Section:
    """A row an output, a column a name."""
    names = [x for x in dict.fromkeys(key[1] for key in report.pairs) if x in report.model.wrt]
    rows: Rows = [(Name(of), [(of, x) for x in names]) for of in report.outputs]
    heading = words.JACOBIAN_MATRIX
    if report.settings.round is not None and report.trace is not None:
        heading = words.in_full_precision(heading)
    return _matrix(report, digits, heading, names, rows)


def hessian_section(report: Report, digits: Digits, of: str) -> Section:
    """A row and a column a name; what stands below the diagonal is what stands above it."""
    names = report.model.wrt
    place = {x: i for i, x in enumerate(names)}
    rows: Rows = [(Derivative(of, (x,)), [(of, *sorted((x, y), key=place.__getitem__)) for y in names]) for x in names]
    return _matrix(report, digits, words.hessian_matrix(of, len(report.outputs) > 1), names, rows)


def _matrix(report: Report, digits: Digits, heading: str, names: Sequence[str], rows: Rows) -> Section:
    """A row is headed by what is differentiated, a column by the name: ∂/∂y of ∂f/∂x."""
    if len(names) > WIDEST:
        return Section(heading, after=lambda: iter([(Words(words.too_wide(len(names), WIDEST)),)]), kind="gradient")
    columns = (Column(""), *(Column(f"∂/∂{x}", "left" if report.trace is None else "point") for x in names))
    return Section(heading, columns, lambda: _rows(rows, _entries(report, digits)), count=len(rows), kind="gradient")


def _rows(rows: Rows, entry: Callable[[Key], Cell]) -> Iterator[Row]:
    for head, keys in rows:
        yield Row((head, *(entry(key) for key in keys)))


def _entries(report: Report, digits: Digits) -> Callable[[Key], Cell]:
    """An entry's value; in symbols its formula, where that is short."""
    if report.trace is not None:
        figures = Figures(report.trace, digits)
        checks = {} if report.verification is None else report.verification.checks
        return lambda key: _number(figures.derivative(key, checks[key].value if key in checks else None))

    def formula(key: Key) -> Cell:
        found = report.formulas.by_key.get(key)
        nodes = report.formulas.nodes
        for root in () if found is None else (found.root, found.named):
            if root is not None and size(nodes, root, SHORT_ENTRY) < SHORT_ENTRY:
                return Formula(nodes, root)
        return too_large() if found is None or found.root is None else Words(words.SEE_LIST)

    return formula


def _number(value: Result | Words) -> Cell:
    """An exact number as it is written: its decimals stand in the list above."""
    return value if isinstance(value, Words) or value.of is None else value.of
