r"""The document as LaTeX: a part of a document for \input, or with `look.standalone` a whole file for pdflatex."""

from __future__ import annotations

from collections.abc import Iterator

from wengert.show.document import Document, Line, Section
from wengert.show.latex import metrics as m
from wengert.show.latex.equations import equations
from wengert.show.latex.matrices import equation_block, has_matrix, paragraphs
from wengert.show.latex.page import PART, WHOLE, Page
from wengert.show.latex.runs import broken_words, runs_of
from wengert.show.latex.tables import table
from wengert.show.layout import sections_drawn
from wengert.show.look import Look
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.latex_text import spelled

LARGER = 0.6  # of the signs of a line that a line of a heading has


def render(document: Document, look: Look) -> Iterator[str]:
    """The document in pieces that end in newlines, each as soon as its rows are there."""
    return map(spelled, _pieces(document, look)) if look.ascii else _pieces(document, look)


def _pieces(document: Document, look: Look) -> Iterator[str]:
    notation = LatexNotation(look)
    page = WHOLE if look.standalone else PART
    yield page.head()
    if document.title:
        yield f"\\wengerttitle{{{broken_words(document.title, page.normal * LARGER)}}}\n"
    yield "".join(_line(line, notation, page) for line in document.opening)
    for section in sections_drawn(document):
        yield from _section(section, notation, page)
    yield page.foot()


def _section(section: Section, notation: LatexNotation, page: Page) -> Iterator[str]:
    heading = broken_words(section.heading, page.normal * LARGER)
    head = f"\n\\wengertheading{{{heading}}}\n" if heading else "\n"
    yield head + "".join(_line(line, notation, page) for line in section.before)
    if section.equations:
        yield from equations(section, notation, page.normal)
    elif section.columns:
        yield from table(section, notation, page.small)
    for lines in paragraphs(section.after()):
        if any(map(has_matrix, lines)):
            yield equation_block(lines, notation, page.normal)
        else:
            yield "".join(_line(line, notation, page) for line in lines)


def _line(line: Line, notation: LatexNotation, page: Page) -> str:
    said = runs_of(line, notation, m.INLINE)
    return f"{said.written(page.normal, False)}\\par\n" if said.runs else ""
