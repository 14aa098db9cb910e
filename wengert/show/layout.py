"""Tables as lines of characters: widths and columns. Shared by the renderers of plain text and of the terminal.

A table is measured in blocks of up to BLOCK rows, so that a million rows stream: the widths of a block are the least widths
of the next one. Results (`= 5.5`, `≈ 0.69`) stand with their relations and values below one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from typing import TypeAlias, TypeVar

from wengert.show.document import Cell, Column, Document, Result, Row, Section, Words
from wengert.show.folding import all_single, display_width
from wengert.show.notation import TextNotation
from wengert.show.notation.holes import Holed, Template
from wengert.show.patterns import Like, Pattern

BLOCK = 500  # rows that are measured together
MOST_PATTERNS = 5_000  # whose cells are kept
OUTLIER = 160  # a cell wider than this does not widen its column; what follows it is pushed to the right

_BETWEEN = "\0"  # printed cells hold none

Printed: TypeAlias = str | tuple[str, str] | None
R = TypeVar("R")


@dataclass(slots=True)
class Grid:
    """A table's columns and what is known of their widths. `gap` is the number of blanks between columns."""

    columns: Sequence[Column]
    notation: TextNotation
    gap: int = 3
    widths: list[int] = field(default_factory=list)
    relations: list[int] = field(default_factory=list)  # the width of a relation, 0 where a column holds no results
    leads: list[int] = field(default_factory=list)  # the width before the point, where a column's numbers stand by that
    holed: Holed | None = None  # prints patterns, each once
    templates: dict[Pattern, tuple[Sequence[str | None], Template]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.widths = [0] * len(self.columns)
        self.relations = [0] * len(self.columns)
        self.leads = [0] * len(self.columns)

    def measure(self, rows: Sequence[Row | Like]) -> list[list[str]]:
        """The texts of the rows' cells; the grid's widths grow to hold them."""
        return list(map(list, zip(*self._measured(rows), strict=True)))

    def lines(self, rows: Sequence[Row | Like]) -> list[str]:
        """The rows as lines of the table, whose widths grow to hold them."""
        columns = self._measured(rows)
        padded = [self._padded(i, column) for i, column in enumerate(columns)]
        gap = " " * self.gap
        return [gap.join(line).rstrip() for line in zip(*padded, strict=True)]

    def _measured(self, rows: Sequence[Row | Like]) -> list[list[str]]:
        """The texts of the columns."""
        printed = list(zip(*map(self._printed, rows), strict=True)) or [()] * len(self.columns)
        columns: list[list[str]] = []
        for i, cells in enumerate(printed):
            relations = {cell[0] for cell in cells if type(cell) is tuple}
            self.relations[i] = max([self.relations[i], *map(display_width, relations)])
            if self.columns[i].align == "point":
                values = (cell[1] if type(cell) is tuple else cell for cell in cells if cell is not None)
                self.leads[i] = max([self.leads[i], *map(_lead, values)])
            columns.append(self._column(i, cells))
        for i, (heading, column) in enumerate(zip(self.headings(), columns, strict=True)):
            widths = [w for w in (display_width(heading), *_widths(column)) if w <= OUTLIER]
            self.widths[i] = max([self.widths[i], *widths])
        return columns

    def _printed(self, row: Row | Like) -> Sequence[Printed]:
        """The row's cells as this notation prints them: a result as its relation and its value."""
        if not isinstance(row, Like):
            return [self._cell(i, cell) for i, cell in enumerate(row.cells)]
        pattern, texts = row
        template = self.templates.get(pattern)
        if template is None:
            if len(self.templates) > MOST_PATTERNS:
                self.templates.clear()
            template = self.templates[pattern] = self._template(pattern)
        relations, filled = template
        values = filled.text(texts).split(_BETWEEN)
        return [v if r is None else (r, v) for r, v in zip(relations, values, strict=True)]

    def _template(self, pattern: Pattern) -> tuple[Sequence[str | None], Template]:
        """Of each cell the relation, where it is a result, and the other texts in one."""
        self.holed = self.holed or Holed(self.notation)
        held = Grid(self.columns, self.holed.notation)
        cells = [held._cell(i, cell) for i, cell in enumerate(pattern.cells)]
        values = ["" if cell is None else cell if isinstance(cell, str) else cell[1] for cell in cells]
        return [cell[0] if isinstance(cell, tuple) else None for cell in cells], self.holed.template(_BETWEEN.join(values))

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

    def _cell(self, i: int, cell: Cell) -> Printed:
        return None if cell is None else self._result(i, cell) if isinstance(cell, Result) else self.notation.math(cell)

    def _column(self, i: int, cells: Sequence[Printed]) -> list[str]:
        """The texts of a column, relations and values below one another."""
        relation, points, right = self.relations[i], self.columns[i].align == "point", self.columns[i].align == "right"
        if not relation and not points:
            return [cell[1] if type(cell) is tuple else cell or "" for cell in cells]  # type: ignore[misc]
        texts: list[str] = []
        found = {cell[0] for cell in cells if type(cell) is tuple}
        signs = {sign: " " * (relation - display_width(sign)) + sign + " " * bool(relation) for sign in found}
        indent = "" if right else self._indent(i)
        for cell in cells:
            if cell is None:
                texts.append("")
            elif type(cell) is tuple:
                texts.append(signs[cell[0]] + self._before(i, cell[1]) + cell[1] if points else signs[cell[0]] + cell[1])
            else:
                texts.append(cell if right else indent + self._before(i, cell) + cell)  # type: ignore[arg-type,operator]
        return texts

    def _padded(self, i: int, column: Sequence[str]) -> list[str]:
        width, right = self.widths[i], self.columns[i].align == "right"
        if _all_single(column):
            return [text.rjust(width) if right else text.ljust(width) for text in column]
        blanks = [" " * max(0, width - w) for w in map(display_width, column)]
        return [b + text if right else text + b for text, b in zip(column, blanks, strict=True)]

    def _result(self, i: int, m: Result) -> tuple[str, str]:
        """Relation and value; where numbers stand by their points, = goes without saying."""
        relation, value = self.notation.result(m)
        return "" if m.exact and self.columns[i].align == "point" else relation, value

    def _before(self, i: int, text: str) -> str:
        return " " * (self.leads[i] - _lead(text)) if self.columns[i].align == "point" else ""

    def _indent(self, i: int) -> str:
        return " " * (self.relations[i] + 1) if self.relations[i] else ""


def _all_single(column: Sequence[str]) -> bool:
    """Whether each character of the texts takes one column."""
    return bool(all_single("".join(column)))


def _widths(column: Sequence[str]) -> Iterator[int]:
    return map(len if _all_single(column) else display_width, column)


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


def quick_rows(section: Section) -> Iterator[Row | Like]:
    """The section's rows, as patterns where it has them so."""
    return iter(section.rows()) if section.quick is None else section.quick()


def blocks(rows: Iterable[R], count: int = BLOCK) -> Iterator[list[R]]:
    """The rows in lists of at most `count`."""
    iterator = iter(rows)
    while block := list(islice(iterator, count)):
        yield block


def plain_table(grid: Grid, rows: Iterable[Row | Like]) -> Iterator[str]:
    """The whole table as text: its headings and first block, then a block at a time; every text ends in a newline."""
    first = True
    for block in blocks(rows):
        lines = grid.lines(block)
        if first and any(c.heading for c in grid.columns):
            lines.insert(0, grid.join(grid.headings()))
        first = False
        yield "\n".join(lines) + "\n"
