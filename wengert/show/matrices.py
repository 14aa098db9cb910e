"""The Jacobian and the Hessian as matrices, beside the list of their entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from wengert.lang.model import Key
from wengert.report import Report
from wengert.show import words
from wengert.show.document import Cell, Column, Formula, Name, Row, Section, Words
from wengert.show.figures import Figures
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.show.pieces import too_large

WIDEST = 12  # columns of a matrix that is drawn
SHORT_ENTRY = 20  # nodes of a formula that stands in a matrix


def jacobian_section(report: Report, digits: Digits) -> Section:
    """A row an output, a column a name."""
    names = list(dict.fromkeys(key[1] for key in report.pairs))
    rows = [(of, [(of, x) for x in names]) for of in report.outputs]
    return _matrix(report, digits, words.JACOBIAN_MATRIX, names, rows)


def hessian_section(report: Report, digits: Digits, of: str) -> Section:
    """A row and a column a name; what stands below the diagonal is what stands above it."""
    names = report.model.wrt
    place = {x: i for i, x in enumerate(names)}
    rows = [(x, [(of, *sorted((x, y), key=place.__getitem__)) for y in names]) for x in names]
    return _matrix(report, digits, words.hessian_matrix(of, len(report.outputs) > 1), names, rows)


def _matrix(
    report: Report, digits: Digits, heading: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[Key]]]
) -> Section:
    if len(names) > WIDEST:
        return Section(heading, after=lambda: iter([(Words(words.too_wide(len(names), WIDEST)),)]))
    columns = (Column(""), *(Column(name) for name in names))
    return Section(heading, columns, lambda: _rows(rows, _entries(report, digits)), count=len(rows))


def _rows(rows: Sequence[tuple[str, Sequence[Key]]], entry: Callable[[Key], Cell]) -> Iterator[Row]:
    for name, keys in rows:
        yield Row((Name(name), *(entry(key) for key in keys)))


def _entries(report: Report, digits: Digits) -> Callable[[Key], Cell]:
    """An entry's value; in symbols its formula, where that is short."""
    if report.trace is not None:
        figures = Figures(report.trace, digits)
        checks = {} if report.verification is None else report.verification.checks
        return lambda key: figures.derivative(key, checks[key].value if key in checks else None)

    def formula(key: Key) -> Cell:
        found = report.formulas.by_key.get(key)
        nodes = report.formulas.nodes
        if found is None or found.root is None or size(nodes, found.root, SHORT_ENTRY) >= SHORT_ENTRY:
            return too_large()
        return Formula(nodes, found.root)

    return formula
