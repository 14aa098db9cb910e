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
from wengert.show.notation.holes import MOST_PATTERNS, Holed, Known, Template
from wengert.show.patterns import Like, Pattern

BLOCK = 500  # rows that are measured together
OUTLIER = 160  # a cell wider than this does not widen its column; what follows it is pushed to the right

_BETWEEN = "\0"  # printed cells hold none
_NOTHING = "\0"  # stands for the relation of a cell that is empty

Printed: TypeAlias = tuple[Sequence[str | None], Sequence[str]]  # the relations of the cells that are results, and the texts
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
    templates: Known[Pattern, tuple[Sequence[str | None], Template]] = field(init=False)

    def __post_init__(self) -> None:
        self.widths = [0] * len(self.columns)
        self.relations = [0] * len(self.columns)
        self.leads = [0] * len(self.columns)
        self.templates = Known(self._template, MOST_PATTERNS)

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
        printed = [self._printed(row) for row in rows]
        relations = list(zip(*(signs for signs, _ in printed), strict=True)) or [()] * len(self.columns)
        values = list(zip(*(texts for _, texts in printed), strict=True)) or [()] * len(self.columns)
        columns: list[list[str]] = []
        for i, (signs, texts) in enumerate(zip(relations, values, strict=True)):
            found = {sign for sign in signs if sign is not None and sign != _NOTHING}
            self.relations[i] = max([self.relations[i], *map(display_width, found)])
            if self.columns[i].align == "point":
                numbers = (text for sign, text in zip(signs, texts, strict=True) if sign != _NOTHING)
                self.leads[i] = max([self.leads[i], *map(_lead, numbers)])
            columns.append(self._column(i, signs, texts, found))
        for i, (heading, column) in enumerate(zip(self.headings(), columns, strict=True)):
            widths = [w for w in (display_width(heading), *_widths(column)) if w <= OUTLIER]
            self.widths[i] = max([self.widths[i], *widths])
        return columns

    def _printed(self, row: Row | Like) -> Printed:
        if not isinstance(row, Like):
            return self._cells(row.cells)
        relations, filled = self.templates[row.pattern]
        return relations, filled.text(row.texts).split(_BETWEEN)

    def _cells(self, cells: Sequence[Cell]) -> Printed:
        """The cells as this notation prints them: relations and values of results, nothing and the text of others."""
        signs: list[str | None] = []
        texts: list[str] = []
        for i, cell in enumerate(cells):
            sign: str | None = _NOTHING
            text = ""
            if isinstance(cell, Result):
                sign, text = self._result(i, cell)
            elif cell is not None:
                sign, text = None, self.notation.math(cell)
            signs.append(sign)
            texts.append(text)
        return signs, texts

    def _template(self, pattern: Pattern) -> tuple[Sequence[str | None], Template]:
        """Of each cell the relation, where it is a result, and the other texts in one."""
        self.holed = self.holed or Holed(self.notation)
        relations, texts = Grid(self.columns, self.holed.notation)._cells(pattern.cells)
        return relations, self.holed.template(_BETWEEN.join(texts))

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

    def _column(self, i: int, signs: Sequence[str | None], texts: Sequence[str], found: set[str]) -> list[str]:
        """The texts of a column, relations and values below one another; `found` are its relations."""
        width = self.relations[i]
        before: dict[str | None, str] = {s: " " * (width - display_width(s)) + s + " " * bool(width) for s in found}
        before[None] = "" if self.columns[i].align == "right" else self._indent(i)
        before[_NOTHING] = ""
        if self.columns[i].align == "point":
            leads = ["" if sign == _NOTHING else self._before(i, text) for sign, text in zip(signs, texts, strict=True)]
            return [before[sign] + lead + text for sign, lead, text in zip(signs, leads, texts, strict=True)]
        if not width:
            return list(texts)
        return [before[sign] + text for sign, text in zip(signs, texts, strict=True)]

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
