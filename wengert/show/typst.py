"""The document as a Typst file that compiles by itself: mathematics set as mathematics, tables that know the page's width.

What the page, the type and the tables look like is Typst code in `typst_setting`; here stand the document's own words and
mathematics, one call of `worked` for a block of rows, so that a long list streams.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wengert.show.document import Cell, Column, Document, Line, Math, Name, Number, Result, Row, Section, Words
from wengert.show.graph.svg_text import BESIDE
from wengert.show.layout import blocks, sections_drawn
from wengert.show.look import Look
from wengert.show.notation.typst import TypstNotation, quoted
from wengert.show.typst_setting import LONG, READABLE, SETTING
from wengert.show.words import graphs as words

if TYPE_CHECKING:
    from wengert.show.graph.model import Graph

DIGIT, MINUS = 0.5, 0.778  # widths in New Computer Modern Math, in em
RELATIONS = ("=", "≈")
SMALL = (Words, Name, Number)  # what has room in any line
UNIT = 0.75  # points: a unit of an SVG, as Typst draws it
WIDEST = LONG * BESIDE / READABLE  # of a graph on any page, in its own units, as is BESIDE, its smallest letters
_NOT_ASCII = re.compile("[^\0-\x7f]")


def render(document: Document, look: Look) -> Iterator[str]:
    """The file in pieces, each as soon as its rows are there. With an ASCII look every other character is an escape, and the
    file says the same."""
    for piece in _file(document, look):
        yield _NOT_ASCII.sub(lambda c: f"\\u{{{ord(c[0]):x}}}", piece) if look.ascii else piece


def _file(document: Document, look: Look) -> Iterator[str]:
    notation = TypstNotation(look)
    yield SETTING
    if document.title:
        title = Words(document.title)
        yield f"#set document(title: {quoted(document.title)}, date: none)\n\n= {notation.text(title)}\n\n"
    else:
        yield "#set document(date: none)\n\n"
    yield from (_paragraph(line, notation) for line in document.opening)
    if document.picture is not None:
        yield f"#picture({quoted(document.picture())})\n\n"
    for section in sections_drawn(document):
        if document.picture is None or section.kind != "drawing":
            yield from _section(section, notation)
    if document.graph is not None:
        yield from _graph(document.graph(), look, notation)


def _graph(graph: Graph, look: Look, notation: TypstNotation) -> Iterator[str]:
    """The computational graph, where it is whole; a sentence instead where its letters could not be read on a page."""
    if any(vertex.shape == "summary" for vertex in graph.vertices):
        return
    from wengert.show.graph.svg import svg

    drawn = svg(replace(graph, title=None), look)
    found = re.search(r'<svg [^>]*width="([0-9.]+)" height="([0-9.]+)"', drawn)
    assert found is not None
    instead = notation.text(Words(words.TOO_WIDE))
    yield f"== {notation.text(Words(words.GRAPH))}\n\n"
    if max(float(found[1]), float(found[2])) > WIDEST:
        yield f"{instead}\n\n"
    else:  # Typst alone knows whether the page is turned
        yield f"#graph({quoted(drawn)}, {BESIDE * UNIT:g}pt, [{instead}])\n\n"


def _section(section: Section, notation: TypstNotation) -> Iterator[str]:
    if section.heading:
        yield f"== {notation.text(Words(section.heading))}\n\n"
    yield from (_paragraph(line, notation) for line in section.before)
    if section.equations:
        yield from _chains(section.rows(), notation)
    elif section.columns:
        table = _Table(section.columns, notation)
        for block in blocks(section.rows()):
            yield table.block(block)
    yield from (_paragraph(line, notation) for line in section.after())


def _paragraph(line: Line, notation: TypstNotation) -> str:
    """A line; one that begins with two blanks goes on with the line above."""
    if not line:
        return "#v(0.4em)\n\n"
    first = line[0]
    indent = isinstance(first, Words) and first.text.startswith("  ")
    text = notation.prose(line).strip()
    if not all(isinstance(piece, SMALL) for piece in line):
        text = f"#fitted[{text}]"
    return f"#pad(left: 1.5em)[{text}]\n\n" if indent else f"{text}\n\n"


def _chains(rows: Iterable[Row], notation: TypstNotation) -> Iterator[str]:
    """Each row that opens, with those that continue it, as one chain of equations."""
    chain: _Chain | None = None
    for row in rows:
        if chain is None or row.opens:
            if chain is not None:
                yield chain.text()
            chain = _Chain(notation)
        chain.add(row)
    if chain is not None:
        yield chain.text()


@dataclass(slots=True)
class _Chain:
    """What is equal, from left to right: each side with its relation, and what is said of it in words."""

    notation: TypstNotation
    left: str = ""
    sides: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, row: Row) -> None:
        relation, said = "=", list[str]()
        begun = not row.opens
        for i, cell in enumerate(row.cells):
            if isinstance(cell, Words) and cell.text in RELATIONS:
                relation = cell.text
            elif isinstance(cell, Words):
                word = self.notation.text(cell)
                (self.sides[-1][1] if begun and self.sides and not said and i > 1 else said).append(
                    f"#{row.mark}[{word}]" if row.mark and i == len(row.cells) - 1 else word
                )
            elif cell is not None and not begun:
                self.left, begun = self.notation.text(cell), True
            elif cell is not None:
                sign = "" if isinstance(cell, Result) else f"{self.notation.relation(relation)} "
                self.sides.append((f"${sign}{self.notation.math(cell)}$", said))
                said = []

    def text(self) -> str:
        sides = "".join(f", ([{side}], [{'#h(1em)'.join(said)}])" for side, said in self.sides)
        return f"#chain([{self.left}]{sides})\n\n"


@dataclass(slots=True)
class _Table:
    """A table's columns, and how wide what stands before the points of their numbers is, in em."""

    columns: Sequence[Column]
    notation: TypstNotation
    leads: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.leads = [0.0] * len(self.columns)

    def block(self, rows: Sequence[Row]) -> str:
        """One call of `worked`: the rows and the headings above them."""
        for row in rows:
            for i, cell in enumerate(row.cells):
                self.leads[i] = max(self.leads[i], _lead(self._number(i, cell)))
        aligned = _array("right" if c.align == "right" else "left" for c in self.columns)
        folds = _array(str(c.folds) for c in self.columns)
        headings = _array(f"[{self.notation.text(Words(c.heading))}]" for c in self.columns)
        body = "".join(map(self._row, rows))
        return f"#worked(\n  {aligned}, {folds},\n  {headings},\n{body})\n\n"

    def _row(self, row: Row) -> str:
        cells = [f"[{self._cell(i, cell)}]" for i, cell in enumerate(row.cells)]
        if row.mark:
            cells[-1] = f"{row.mark}{cells[-1]}"
        return f"  {'' if row.opens else 'more, '}{_array(cells)},\n"

    def _cell(self, i: int, cell: Cell) -> str:
        number = self._number(i, cell)
        if number is None:
            return self.notation.text(cell)
        blank = self.leads[i] - _lead(number)
        before = f"#h({blank:.3f}em)" if blank > 0 else ""
        if not isinstance(cell, Result):
            return f"{before}${self.notation.number(number)}$"
        relation, value = self.notation.result(cell)
        if cell.exact and self.columns[i].align == "point":
            return f"{before}${value}$"  # where numbers stand by their points, = goes without saying
        return f"${relation} {before}{value}$"

    def _number(self, i: int, cell: Math | None) -> str | None:
        """The number that stands by its point in that column."""
        if isinstance(cell, Result) and cell.of is None and self.columns[i].align != "right":
            return cell.text
        if isinstance(cell, Number) and self.columns[i].align == "point":
            return cell.text
        return None


def _lead(number: str | None) -> float:
    """The width of a number before its point, in em."""
    if number is None:
        return 0.0
    whole = number.partition(".")[0].partition("e")[0]
    return DIGIT * sum(map(str.isdigit, whole)) + MINUS * whole.startswith("-")


def _array(items: Iterator[str] | Sequence[str]) -> str:
    """An array of Typst, also of one item."""
    made = list(items)
    return f"({', '.join(made)}{',' * (len(made) == 1)})"
