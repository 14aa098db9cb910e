"""The document as part of a notebook's page: headings, tables and MathML in one element, no script, nothing that reaches out.

The style bears on that element alone and takes the page's own colours, light or dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from wengert.show.document import Document, Line, Row, Section, Words
from wengert.show.layout import sections_drawn
from wengert.show.look import Look
from wengert.show.notation.mathml import MathmlNotation
from wengert.show.words.python import rows_left

MOST = 200  # rows of a table
_STYLE = (
    ".wengert table{border-collapse:collapse;margin:.3em 0 .6em;font-size:inherit}"
    ".wengert th,.wengert td{text-align:left;vertical-align:baseline;padding:.2em .9em .2em 0;border:0;white-space:nowrap;"
    "background:none}"
    ".wengert thead th{border-bottom:1px solid;font-weight:600}"
    ".wengert .wengert-head{font-weight:600;margin:.8em 0 .1em}"
    ".wengert p{margin:.15em 0}"
    ".wengert .wengert-more{margin-left:1.5em}"
    ".wengert{overflow-x:auto}"
)


def cut(document: Document) -> Document:
    """The document with the first MOST rows of each table, and a word where there are more: a notebook keeps all it shows."""
    return replace(document, sections=tuple(map(_cut, document.sections)))


def _cut(section: Section) -> Section:
    left: list[Row] = []

    def rows() -> Iterator[Row]:
        every = section.rows()
        yield from islice(every, MOST)
        left.extend(islice(every, 1))

    def after() -> Iterator[Line]:
        if left:
            yield (Words(rows_left(MOST)),)
        yield from section.after()

    return replace(section, rows=rows, after=after, quick=None) if section.columns else section


def render(document: Document, look: Look) -> Iterator[str]:
    """The element in pieces."""
    notation = MathmlNotation(look)
    yield f'<div class="wengert"><style>{_STYLE}</style>\n'
    if document.title:
        yield _head(document.title, notation)
    yield from _lines(document.opening, notation)
    for section in sections_drawn(document):
        yield from _section(section, notation)
    yield "</div>\n"


def _section(section: Section, notation: MathmlNotation) -> Iterator[str]:
    if section.heading:
        yield _head(section.heading, notation)
    yield from _lines(section.before, notation)
    if section.columns:
        yield "<table>\n"
        if any(column.heading for column in section.columns):
            heads = "".join(f'<th scope="col">{notation.outside(column.heading)}</th>' for column in section.columns)
            yield f"<thead><tr>{heads}</tr></thead>\n"
        yield "<tbody>\n"
        for row in section.rows():
            yield _row(row, notation)
        yield "</tbody></table>\n"
    yield from _lines(section.after(), notation)


def _row(row: Row, notation: MathmlNotation) -> str:
    return f"<tr>{''.join(f'<td>{notation.text(cell)}</td>' for cell in row.cells)}</tr>\n"


def _head(text: str, notation: MathmlNotation) -> str:
    return f'<div class="wengert-head">{notation.outside(text)}</div>\n'


def _lines(lines: tuple[Line, ...] | Iterator[Line], notation: MathmlNotation) -> Iterator[str]:
    for line in lines:
        if line:
            continues = isinstance(line[0], Words) and line[0].text.startswith("  ")
            marked = ' class="wengert-more"' if continues else ""
            yield f"<p{marked}>{notation.prose(line)}</p>\n"
