r"""The document as Markdown that GitHub and pandoc both read: headings, pipe tables, mathematics in $…$ and $$…$$.

Rows stream; what is known of the columns' widths is that of the first rows. pandoc takes the widths from the dashes below a
table's headings, so that `wengert trace net.yaml -f markdown | pandoc -o net.pdf` cuts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from wengert.show.document import Cell, Column, Document, Equation, Line, Math, Matrix, Result, Row, Section, Words
from wengert.show.layout import Grid, blocks, plain_table, sections_drawn
from wengert.show.look import Look
from wengert.show.notation import TextNotation
from wengert.show.notation.extent import (
    LINE,
    Extent,
    broken,
    display_width,
    prose_extent,
    split_at_relation,
)  # fmt: skip
from wengert.show.notation.markdown import MarkdownNotation
from wengert.show.notation.markdown_text import at_line_start
from wengert.show.shares import least_width, shared_widths

LEAST = 3  # dashes
_RELATION = re.compile(r"=|\\approx(?![A-Za-z])")
_BRAILLE = ("\u2800", "\u28ff")


def render(document: Document, look: Look) -> Iterator[str]:
    """The document in pieces that end in newlines, a blank line between two parts."""
    writer = _Writer(look)
    parts = chain(writer.opening(document), *(writer.section(section) for section in sections_drawn(document)))
    begun = False
    for part in parts:
        if begun:
            yield "\n"
        begun = True
        yield from part


class _Writer:
    """Hands out the parts of a document (a heading, a paragraph, a table), each as an iterable of texts."""

    def __init__(self, look: Look) -> None:
        self.notation = MarkdownNotation(look)
        self.text = TextNotation(ascii=True, symbols=look.symbols)  # of drawings

    def opening(self, document: Document) -> Iterator[Iterable[str]]:
        if document.title:
            yield self._heading("#", document.title)
        yield from self._lines(document.opening)

    def section(self, section: Section) -> Iterator[Iterable[str]]:
        if section.heading:
            yield self._heading("##", section.heading)
        yield from self._lines(section.before)
        if section.columns:
            yield from self._table(section)
        yield from self._lines(section.after())

    def _heading(self, sign: str, text: str) -> Iterable[str]:
        return [f"{sign} {self.notation.outside(text).strip(' ')}\n"]

    # -- tables

    def _table(self, section: Section) -> Iterator[Iterable[str]]:
        rows = blocks(section.rows())
        first = next(rows, None)
        if first is None:
            return
        every = chain.from_iterable(chain([first], rows))
        if any(_is_drawing(cell) for row in first for cell in row.cells):
            yield chain(["```text\n"], plain_table(Grid(section.columns, self.text), every), ["```\n"])
        elif section.equations:
            for row in every:
                yield self._chain(row)
        else:
            yield self._pipes(section.columns, first, every)

    def _pipes(self, columns: Sequence[Column], first: Sequence[Row], every: Iterable[Row]) -> Iterator[str]:
        """The headings, below them dashes in proportion to the widths that the columns need, the rows."""
        narrow = False
        sizes = [self._extents(row, narrow) for row in first]
        if least_width(columns, sizes) > LINE:
            narrow = True
            sizes = [self._extents(row, narrow) for row in first]
        headings = [self.notation.outside(column.heading) for column in columns]
        dashes = [
            "-" * max(LEAST, round(width)) + ":" * (column.align != "left")
            for column, width in zip(columns, shared_widths(columns, sizes), strict=True)
        ]
        yield f"| {' | '.join(headings)} |\n| {' | '.join(dashes)} |\n"
        for row in every:
            yield f"| {' | '.join('' if cell is None else self.notation.cell(cell, narrow) for cell in row.cells)} |\n"

    def _extents(self, row: Row, narrow: bool) -> list[Extent]:
        return [(0.0, 0.0) if cell is None else prose_extent(self.notation.pieces((cell,), narrow)) for cell in row.cells]

    # -- lines and displays

    def _lines(self, lines: Iterable[Line]) -> Iterator[Iterable[str]]:
        """A paragraph each; a line with matrices is a display, together with the lines below that continue it."""
        for group in _groups(lines):
            if len(group) == 1 and not _has_matrix(group[0]):
                yield [at_line_start(self.notation.prose(group[0])) + "\n"]
            else:
                first, *more = map(self.notation.display, group)
                yield self._display([split_at_relation(first), *(("", text) for text in more)])

    def _chain(self, row: Row) -> Iterable[str]:
        """The cells of a row as one chain of equations."""
        first, *sides = _sides(row.cells)
        lines = [("", self._side(relation, side)) for relation, side in sides]
        left = self.notation.math(first[1])
        return self._display([(left, lines[0][1]), *lines[1:]] if lines else [("", left)])

    def _side(self, relation: str, side: Math) -> str:
        text = self.notation.math(side)
        return text if isinstance(side, Result) else f"{self.notation.relation(relation)} {text}"

    def _display(self, lines: Sequence[tuple[str, str]]) -> Iterable[str]:
        """Equations below one another, their relations aligned; a line that is too wide goes on below."""
        rows: list[str] = []
        margin = max(display_width(left) for left, _ in lines)
        for left, right in lines:
            first, *more = broken(right, LINE - margin)
            rows += [f"{left} &{first}" if left or _RELATION.match(first) else f"&\\quad {first}"]
            rows += [f"&\\quad {part}" for part in more]
        if len(rows) == 1:
            return [f"$${rows[0].replace(' &', ' ', 1).removeprefix('&').strip(' ')}$$\n"]
        return ["$$\\begin{aligned}\n", " \\\\\n".join(row.strip(" ") for row in rows), "\n\\end{aligned}$$\n"]


def _sides(cells: Sequence[Cell]) -> list[tuple[str, Math]]:
    """What is equal in a row, each with the relation before it."""
    made: list[tuple[str, Math]] = []
    for cell in cells:
        if isinstance(cell, Equation):
            made += [("=" if i == 0 else cell.relation(i - 1), side) for i, side in enumerate(cell.sides)]
        elif cell is not None:
            made.append(("=", cell))
    return made


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Each line with those that continue it: they begin with blanks."""
    group: list[Line] = []
    for line in lines:
        if not line:
            continue
        continues = isinstance(line[0], Words) and line[0].text.startswith(" ")
        if group and not continues:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _has_matrix(line: Line) -> bool:
    return any(isinstance(piece, Matrix) for piece in line)


def _is_drawing(cell: Cell) -> bool:
    return isinstance(cell, Words) and any(_BRAILLE[0] <= c <= _BRAILLE[1] for c in cell.text)
