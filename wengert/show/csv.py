"""The document's tables as one table of CSV, for spreadsheets and pandas; `trace --level operation -f csv` has every number.

The first column is `section`, then come the headings of all tables, each once. A cell that belongs to another table is empty.
Numbers are plain (`-1e-5`), without = and ≈; of `v̄3 = 0.5` the number stays, whose it is stands beside; of an exact number its
decimals. Formulas are in the formula language, adjoints bar(v3), or as --notation has them. A row that continues the one above
repeats its first cell. Matrices and sentences stay in the other formats.

A spreadsheet takes text that begins with = + - @ for a formula: mathematics that does stands in brackets, `(-x*y)`, which reads
the same; words have an apostrophe before them, also behind a ; (it parts cells where the comma is a decimal sign). Lines end in
\\n, not in RFC 4180's \\r\\n: what reads CSV reads both, and with cut, awk and join a \\r would stick to the last cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wengert.show.document import (
    Adjoint,
    Cell,
    Derivative,
    Document,
    Equation,
    Math,
    Number,
    Result,
    Section,
    Tangent,
    Words,
)  # fmt: skip
from wengert.show.layout import sections_drawn
from wengert.show.look import Look
from wengert.show.notation.plain import PlainNotation
from wengert.show.words import tables as words

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|inf)\Z")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\Z")
_FORMULA = re.compile("\\s*[=+@\uff1d\uff0b\uff0d\uff20-]")  # how a spreadsheet knows one (in Japan also by a wide sign)
_AFTER_PART = re.compile(f";(?={_FORMULA.pattern})")  # where ; parts the cells, another cell begins
_DRAWN = re.compile("[█\u2800-\u28ff]+")


def render(document: Document, look: Look) -> Iterator[str]:
    """The headings, then a row at a time; every piece ends in a newline."""
    notation = PlainNotation.of(look)
    places: dict[str, int] = {words.SECTION: 0}
    for section in document.sections:
        for heading in _headings(section, notation):
            places.setdefault(heading, len(places))
    out = _Written()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_safe_words, places))
    yield out.taken()
    for section in sections_drawn(document):
        at = [places[heading] for heading in _headings(section, notation)]
        if not at:
            continue
        name = _safe_words(notation.words(section.heading))
        opener: Cell = None
        for row in section.rows():
            opener = row.cells[0] if row.opens or row.cells[0] is not None else opener
            line = [""] * len(places)
            line[0] = name
            for place, cell in zip(at, (opener, *row.cells[1:]), strict=True):
                line[place] = cell_text(cell, notation)
            writer.writerow(line)
            yield out.taken()


def cell_text(cell: Cell, notation: PlainNotation) -> str:
    """A cell as a number or as text that no spreadsheet takes for a formula."""
    if cell is None:
        return ""
    if isinstance(cell, Words):
        return _words(notation.words(cell.text))
    text = _number(cell, notation)
    if text is None:
        text = notation.math(cell)
    if text.startswith("-") and not _NUMBER.match(text):
        text = f"({text})"
    return text if _NUMBER.match(text) else _safe_words(text)


def _number(m: Math, notation: PlainNotation) -> str | None:
    """The number that a cell comes to, where it is a number, or one with the sign of what it is before it."""
    if isinstance(m, Equation) and len(m.sides) == 2 and isinstance(m.sides[0], (Adjoint, Derivative, Tangent)):
        m = m.sides[1]
    return notation.number(m.text) if isinstance(m, (Number, Result)) else None


def _words(text: str) -> str:
    """Words; what is a number among them as a number, drawings left out."""
    text = _DRAWN.sub("", text).strip()
    if text == "–":  # nothing to say
        return ""
    plain = text.replace("−", "-").replace("∞", "inf")
    if _NUMBER.match(plain):
        return plain
    return text.replace(",", "") if _THOUSANDS.match(text) else _safe_words(text)


def _safe_words(text: str) -> str:
    text = _AFTER_PART.sub(";'", text) if ";" in text else text
    return f"'{text}" if _FORMULA.match(text) else text


def _headings(section: Section, notation: PlainNotation) -> list[str]:
    """The section's headings, each with a name of its own; none of what is but a drawing."""
    if not any(column.heading for column in section.columns):
        return []
    made: list[str] = []
    for n, column in enumerate(section.columns):
        heading = notation.words(column.heading) or (made[-1] if n else words.WHAT)
        again = heading
        count = 1
        while again in made or again == words.SECTION:
            count += 1
            again = f"{heading} {count}"
        made.append(again)
    return made


@dataclass(slots=True)
class _Written:
    """What csv.writer writes to: holds one line until it is taken."""

    held: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.held.append(text)

    def taken(self) -> str:
        text = "".join(self.held)
        self.held.clear()
        return text
