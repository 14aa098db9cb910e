"""Tables as lines of characters: widths and columns. Shared by the renderers of plain text and of the terminal.

A table is measured in blocks of up to BLOCK rows, so that a million rows stream: the widths of a block are the least widths
of the next one. Results (`= 5.5`, `≈ 0.69`) stand with their relations and values below one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice

from wengert.show.document import Cell, Column, Document, Math, Result, Row, Section, Words
from wengert.show.folding import display_width
from wengert.show.notation import TextNotation

BLOCK = 500  # rows that are measured together
OUTLIER = 160  # a cell wider than this does not widen its column; what follows it is pushed to the right


@dataclass(slots=True)
class Grid:
    """A table's columns and what is known of their widths. `gap` is the number of blanks between columns."""

    columns: Sequence[Column]
    notation: TextNotation
    gap: int = 3
    widths: list[int] = field(default_factory=list)
    relations: list[int] = field(default_factory=list)  # the width of a relation, 0 where a column holds no results
    leads: list[int] = field(default_factory=list)  # the width before the point, where a column's numbers stand by that

    def __post_init__(self) -> None:
        self.widths = [0] * len(self.columns)
        self.relations = [0] * len(self.columns)
        self.leads = [0] * len(self.columns)

    def measure(self, rows: Sequence[Row]) -> list[list[str]]:
        """The texts of the rows' cells; the grid's widths grow to hold them."""
        for row in rows:
            for i, cell in enumerate(row.cells):
                if isinstance(cell, Result):
                    self.relations[i] = max(self.relations[i], display_width(self._result(i, cell)[0]))
                if cell is not None and self.columns[i].align == "point":
                    self.leads[i] = max(self.leads[i], _lead(self._number(i, cell)))
        texts = [[self._text(i, cell) for i, cell in enumerate(row.cells)] for row in rows]
        for line in (self.headings(), *texts):
            for i, text in enumerate(line):
                width = display_width(text)
                if self.widths[i] < width <= OUTLIER:
                    self.widths[i] = width
        return texts

    def headings(self) -> list[str]:
        """The heading line's cells: over the value of a result, not over its relation."""
        texts = [self.notation.math(Words(c.heading)) for c in self.columns]
        return [self._indent(i) + t if t and self.columns[i].align != "right" else t for i, t in enumerate(texts)]

    def join(self, texts: Sequence[str]) -> str:
        """One line of the table, padded to the widths, without blanks at its end."""
        pieces: list[str] = []
        for i, text in enumerate(texts):
            blanks = " " * max(0, self.widths[i] - display_width(text))
            pieces.append(blanks + text if self.columns[i].align == "right" else text + blanks)
        return (" " * self.gap).join(pieces).rstrip()

    def total(self) -> int:
        """The width of the table."""
        return sum(self.widths) + self.gap * max(0, len(self.widths) - 1)

    def _text(self, i: int, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, Result):
            relation, value = self._result(i, cell)
            between = " " * (1 if self.relations[i] else 0) + self._before(i, value)
            return f"{' ' * (self.relations[i] - display_width(relation))}{relation}{between}{value}"
        text = self._number(i, cell)
        return text if self.columns[i].align == "right" else self._indent(i) + self._before(i, text) + text

    def _result(self, i: int, m: Result) -> tuple[str, str]:
        """Relation and value; where numbers stand by their points, = goes without saying."""
        relation, value = self.notation.result(m)
        return "" if m.exact and self.columns[i].align == "point" else relation, value

    def _number(self, i: int, cell: Math) -> str:
        return self._result(i, cell)[1] if isinstance(cell, Result) else self.notation.math(cell)

    def _before(self, i: int, text: str) -> str:
        return " " * (self.leads[i] - _lead(text)) if self.columns[i].align == "point" else ""

    def _indent(self, i: int) -> str:
        return " " * (self.relations[i] + 1) if self.relations[i] else ""


def _lead(text: str) -> int:
    """The width of a number before its point."""
    return display_width(text.partition(".")[0])


def sections_drawn(document: Document) -> Iterator[Section]:
    """The sections, but for the optional ones without a row; whether they have one is asked when their turn comes."""
    for section in document.sections:
        if section.optional:
            rows = section.rows()
            first = next(rows, None)
            if first is None:
                continue
            yield replace(section, rows=partial(chain, [first], rows), quick=None)
        else:
            yield section


def blocks(rows: Iterable[Row], count: int = BLOCK) -> Iterator[list[Row]]:
    """The rows in lists of at most `count`."""
    iterator = iter(rows)
    while block := list(islice(iterator, count)):
        yield block


def plain_table(grid: Grid, rows: Iterable[Row]) -> Iterator[str]:
    """The whole table as text: its headings and first block, then a block at a time; every text ends in a newline."""
    first = True
    for block in blocks(rows):
        texts = grid.measure(block)
        lines = [grid.join(line) for line in texts]
        if first and any(c.heading for c in grid.columns):
            lines.insert(0, grid.join(grid.headings()))
        first = False
        yield "\n".join(lines) + "\n"
