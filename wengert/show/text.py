"""The document as plain text, for a pipe or a file: natural width, never cut, never wrapped, no escape codes."""

from __future__ import annotations

from collections.abc import Iterator

from wengert.show.blocks import block
from wengert.show.document import Document, Section, Words
from wengert.show.layout import Grid, plain_table, quick_rows, sections_drawn
from wengert.show.look import Look
from wengert.show.notation import TextNotation


def render(document: Document, look: Look) -> Iterator[str]:
    """The document in pieces that end in newlines, each as soon as its rows are there; one blank line before a section."""
    notation = TextNotation.of(look)
    opening = [notation.math(Words(document.title))] if document.title else []
    opening += [text for line in document.opening for text in block(line, notation)]
    if opening:
        yield "\n".join(opening) + "\n"
    begun = bool(opening)
    for section in sections_drawn(document):
        if begun:
            yield "\n"
        begun = True
        yield from _section(section, notation)


def _section(section: Section, notation: TextNotation) -> Iterator[str]:
    head = [notation.math(Words(section.heading))] if section.heading else []
    head += [text for line in section.before for text in block(line, notation)]
    if head:
        yield "\n".join(head) + "\n"
    if section.columns:
        yield from plain_table(Grid(section.columns, notation), quick_rows(section))
    for line in section.after():
        yield "".join(f"{text}\n" for text in block(line, notation))
