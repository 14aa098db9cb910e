r"""The document as Markdown that GitHub and pandoc both read: headings, pipe tables, mathematics in $…$ and $$…$$.

Tables stream: markdown_tables.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain as joined
from textwrap import wrap

from wengert.show.chains import Chain, chains
from wengert.show.document import Cell, Document, Line, Matrix, Section, Words
from wengert.show.layout import Grid, blocks, plain_table, quick_rows, sections_drawn
from wengert.show.look import Look
from wengert.show.markdown_tables import Tables
from wengert.show.notation import TextNotation
from wengert.show.notation.extent import (
    LINE,
    broken,
    display_width,
    split_at_relation,
)  # fmt: skip
from wengert.show.notation.markdown import MarkdownNotation
from wengert.show.notation.markdown_text import at_line_start
from wengert.show.patterns import rows_of

INDENT = 3.0  # of a line that continues one of a display, and of the space about its relation
WORDS = 64  # characters of a sentence in a display
_RELATION = re.compile(r"=|\\approx(?![A-Za-z])")
_BRAILLE = ("\u2800", "\u28ff")


def render(document: Document, look: Look) -> Iterator[str]:
    """The document in pieces that end in newlines, a blank line between two parts."""
    writer = _Writer(look)
    parts = joined(writer.opening(document), *(writer.section(section) for section in sections_drawn(document)))
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
        self.tables = Tables(self.notation)
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
        rows = blocks(quick_rows(section))
        begun = next(rows, None)
        if begun is None:
            return
        every = joined.from_iterable(joined([begun], rows))
        first = list(rows_of(iter(begun)))
        if any(_is_drawing(cell) for row in first for cell in row.cells):
            yield joined(["```text\n"], plain_table(Grid(section.columns, self.text), every), ["```\n"])
        elif section.equations:
            yield from map(self._chain, chains(rows_of(every)))
        else:
            yield self.tables.lines(section.columns, first, every)

    # -- lines and displays

    def _lines(self, lines: Iterable[Line]) -> Iterator[Iterable[str]]:
        """A paragraph each; a line with matrices is a display, together with the lines below that continue it."""
        for group in _groups(lines):
            if len(group) == 1 and not _has_matrix(group[0]):
                yield [at_line_start(self.notation.prose(group[0])) + "\n"]
            else:
                first, *more = (text for line in group for text in self._display_lines(line))
                yield self._display([_Line(*split_at_relation(first)), *(_Line("", text) for text in more)])

    def _display_lines(self, line: Line) -> list[str]:
        """A line of a display; words alone are broken, for there they would run off the page."""
        if all(isinstance(piece, Words) for piece in line):
            words = "".join(piece.text for piece in line if isinstance(piece, Words))
            return [self.notation.display((Words(part),)) for part in wrap(words, WORDS)] or [""]
        return [self.notation.display(line)]

    def _chain(self, chain: Chain) -> Iterable[str]:
        """Its sides below one another, the same one only once; remarks on the right of them."""
        left = "" if chain.left is None else self.notation.math(chain.left)
        lines: list[_Line] = []
        for link in chain.links:
            sign = f"{self.notation.relation(link.relation)} " if link.relation else ""
            text = sign + self.notation.math(link.side)
            if lines and lines[-1].right == text and not link.remarks:
                continue
            said = "".join(f"\\qquad {self.notation.words(remark)}" for remark in link.remarks)
            lines.append(_Line("" if lines else left, text, said))
        return self._display(lines or [_Line("", left)])

    def _display(self, lines: Sequence[_Line]) -> Iterable[str]:
        """Equations below one another, their relations aligned; a line that is too wide goes on below."""
        rows: list[str] = []
        margin = max(display_width(line.left) for line in lines)
        room = LINE - margin - INDENT
        for line in lines:
            first, *more = broken(line.right, room)
            rows.append(f"{line.left} &{first}" if line.left or _RELATION.match(first) else f"&\\quad {first}")
            rows += [f"&\\quad {part}" for part in more]
            if line.remark and display_width(rows[-1]) - display_width(line.left) + display_width(line.remark) <= room:
                rows[-1] += f" {line.remark}"
            elif line.remark:
                rows.append(f"&{line.remark}")
        if len(rows) == 1:
            return [f"$${rows[0].replace(' &', ' ', 1).removeprefix('&').strip(' ')}$$\n"]
        return ["$$\\begin{aligned}\n", " \\\\\n".join(row.strip(" ") for row in rows), "\n\\end{aligned}$$\n"]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a display: what stands before its relation, the rest, and what is said of it."""

    left: str
    right: str
    remark: str = ""


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
