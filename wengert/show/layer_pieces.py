"""The pieces of the layer document: a matrix as it is shown, and the lines `symbols`, `= numbers`, `≈ result`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from wengert.report import Report
from wengert.show.document import Adjoint, Line, Math, Matrix, Name, Number, Result, Words
from wengert.show.figures import Figures
from wengert.sweep.layer_statements import Affine
from wengert.sweep.layers import LayerSweep
from wengert.sweep.point import point

MOST_ROWS, MOST_COLUMNS = 8, 6  # of a matrix that is shown whole
FIRST_ROWS, LAST_ROWS = 4, 2  # of a larger one
FIRST_COLUMNS, LAST_COLUMNS = 3, 2
EQUALS, ABOUT = "  = ", "  ≈ "
DELTA = "δ"

Exact = Callable[[int, int], Any]  # (row, column) → the entry without rounding


class Pieces:
    """What one report's matrices look like."""

    def __init__(self, report: Report, layers: LayerSweep, figures: Figures) -> None:
        self.report = report
        self.layers = layers
        self.figures = figures
        self.many = report.many
        self.unknown = figures.trace.unrounded.arithmetic.undefined
        self._deltas = {
            s.z: f"{DELTA}{s.layer}" for p in layers.plan.layers for s in p.statements if isinstance(s, Affine)
        }  # fmt: skip
        self._once = {name for name, places in layers.entries.items() if len(places) == 1}

    @cached_property
    def _given(self) -> Sequence[Any]:
        """The inputs without rounding, where the list is too long to be followed so."""
        return point(self.report.list, self.figures.trace.unrounded, strict=False)

    # -- symbols

    def bar(self, of: str, symbol: str) -> Math:
        """The adjoint of a matrix: δ1 for Z1, W̄1 for W1."""
        delta = self._deltas.get(symbol)
        return Name(delta) if delta is not None else Adjoint(of, symbol, self.many)

    # -- numbers

    def inserted(self, matrix: Any, transposed: bool = False) -> Matrix:
        """A matrix put into a line."""
        return _shown(matrix.T if transposed else matrix, lambda i, j, x: self.figures.number(x))

    def names(self, table: Sequence[Sequence[str]]) -> Matrix:
        return _elided([[Name(name) for name in row] for row in table])

    def listed(self, numbers: Sequence[str]) -> Math:
        """Given numbers, one a row of data, in a line."""
        return Number(numbers[0]) if len(numbers) == 1 else _elided([[Number(text) for text in numbers]])

    def result(self, matrix: Any, exact: Exact | None) -> tuple[str, Matrix]:
        """The matrix with the digits of a result, and the relation before it."""
        equal = True

        def entry(i: int, j: int, value: Any) -> Math:
            nonlocal equal
            shown = self.figures.result(value, self.unknown if exact is None else exact(i, j))
            if not isinstance(shown, Result):
                equal = False
                return shown
            equal = equal and shown.exact
            return Number(shown.text)

        made = _shown(matrix, entry)
        return (EQUALS if equal else ABOUT), made

    def value(self, symbol: str) -> tuple[str, Matrix]:
        table, shadow = self.layers.plan.tables.get(symbol), self.figures.exact
        values = self._given if shadow is None else shadow.values
        exact: Exact | None = None
        if table is not None and self.report.list.slots[table[0][0]] < len(values):
            slots, known, named = self.report.list.slots, values, table
            exact = lambda i, j: known[slots[named[i][j]]]  # noqa: E731
        return self.result(self.layers.matrices[symbol], exact)

    def adjoint(self, of: str, symbol: str) -> tuple[str, Matrix]:
        """The adjoint as a result; entries are exact as far as the operation level knows."""
        table, shadow = self.layers.plan.tables.get(symbol), self.figures.exact
        exact: Exact | None = None
        if table is not None and shadow is not None and of in shadow.adjoints:
            slots, column, named = self.report.list.slots, shadow.adjoints[of], table
            parameters = self.layers.entries

            def exactly(i: int, j: int) -> Any:
                name = named[i][j]
                if not self.report.active[slots[name]] or (name in parameters and name not in self._once):
                    return self.unknown
                return Fraction(0) if column[slots[name]] is None else column[slots[name]]

            exact = exactly
        return self.result(self.layers.adjoints[of].of(symbol), exact)


def symbols(*pieces: Math | str) -> Line:
    return tuple(Words(piece) if isinstance(piece, str) else piece for piece in pieces)


def _shown(matrix: Any, entry: Callable[[int, int, Any], Math]) -> Matrix:
    """The matrix, its middle left out where it is large."""
    height, width = matrix.shape
    rows = _kept(height, MOST_ROWS, FIRST_ROWS, LAST_ROWS)
    columns = _kept(width, MOST_COLUMNS, FIRST_COLUMNS, LAST_COLUMNS)
    entries = matrix.tolist()
    made = tuple(tuple(entry(i, j, entries[i][j]) for j in columns) for i in rows)
    return Matrix(made, None if len(rows) == height else FIRST_ROWS, None if len(columns) == width else FIRST_COLUMNS)


def _elided(table: Sequence[Sequence[Math]]) -> Matrix:
    rows = _kept(len(table), MOST_ROWS, FIRST_ROWS, LAST_ROWS)
    columns = _kept(len(table[0]), MOST_COLUMNS, FIRST_COLUMNS, LAST_COLUMNS)
    made = tuple(tuple(table[i][j] for j in columns) for i in rows)
    after_row = None if len(rows) == len(table) else FIRST_ROWS
    return Matrix(made, after_row, None if len(columns) == len(table[0]) else FIRST_COLUMNS)


def is_large(matrix: Any) -> bool:
    return bool(matrix.shape[0] > MOST_ROWS or matrix.shape[1] > MOST_COLUMNS)


def _kept(count: int, most: int, first: int, last: int) -> list[int]:
    return list(range(count)) if count <= most else [*range(first), *range(count - last, count)]
