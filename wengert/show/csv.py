"""The document's tables as one table of CSV, for spreadsheets and pandas; `trace --level operation -f csv` has every number.

The first column is `section`, then come the headings of all tables, each once. A cell that belongs to another table is empty.
Numbers are plain (`-1e-5`), without = and ≈; of `v̄3 = 0.5` the number stays, whose it is stands beside; of an exact number its
decimals. Formulas are in the formula language, adjoints bar(v3), or as --notation has them. A row that continues the one above
repeats its first cell, of a long formula its name. Matrices and sentences stay in the other formats.

A spreadsheet takes text that begins with = + - @ for a formula: mathematics that does stands in brackets, `(-x*y)`, which reads
the same; words have an apostrophe before them, also behind a ; (it parts cells where the comma is a decimal sign). Lines end in
\\n, not in RFC 4180's \\r\\n: what reads CSV reads both, and with cut, awk and join a \\r would stick to the last cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from wengert.show.document import (
    Adjoint,
    Cell,
    Derivative,
    Document,
    Equation,
    Math,
    Number,
    Result,
    Row,
    Section,
    Tangent,
    Words,
)  # fmt: skip
from wengert.show.layout import BLOCK, quick_rows, sections_drawn
from wengert.show.look import Look
from wengert.show.notation.holes import MOST_PATTERNS, Holed, Known
from wengert.show.notation.plain import PlainNotation
from wengert.show.patterns import Like, Pattern
from wengert.show.repeats import again
from wengert.show.words import tables as words

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|inf)\Z")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\Z")
_FORMULA = re.compile("\\s*[=+@\uff1d\uff0b\uff0d\uff20-]")  # how a spreadsheet knows one (in Japan also by a wide sign)
_AFTER_PART = re.compile(f";(?={_FORMULA.pattern})")  # where ; parts the cells, another cell begins
_QUOTED = re.compile('[,"\n]')
_DRAWN = re.compile("[█\u2800-\u28ff]+")


def render(document: Document, look: Look) -> Iterator[str]:
    """The headings, then a row at a time, of tables of many rows a block of them; every piece ends in a newline."""
    notation = PlainNotation.of(look)
    places: dict[str, int] = {words.SECTION: 0}
    for section in document.sections:
        for heading in _headings(section, notation):
            if heading is not None:
                places.setdefault(heading, len(places))
    out = _Written()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_safe_words, places))
    yield out.taken()
    for section in sections_drawn(document):
        at = [None if heading is None else places[heading] for heading in _headings(section, notation)]
        if not at:
            continue
        lines = _Lines(_safe_words(notation.words(section.heading)), at, len(places), notation)
        for n, row in enumerate(quick_rows(section), 1):
            line = lines.like(row) if isinstance(row, Like) else None
            if line is not None:
                out.write(line)
            else:
                writer.writerow(lines.cells(row))
            if section.quick is None or n % BLOCK == 0:
                yield out.taken()
        if out.held:
            yield out.taken()


class _Odd(Exception):
    """A name that csv.writer may put in quotes, or that a spreadsheet may take apart."""


class _Line(NamedTuple):
    """A template of a cell or a line; a filling numbered −1 is made of all texts."""

    format: str
    fills: tuple[tuple[int, Callable[[Any], str]], ...]

    def text(self, texts: Sequence[str]) -> str:
        return self.format % tuple([fill(texts[i]) if i >= 0 else fill(texts) for i, fill in self.fills])


class _Lines:
    """The lines of a section: `at` are the places of its cells, of so many."""

    def __init__(self, section: str, at: Sequence[int | None], count: int, notation: PlainNotation) -> None:
        self.section, self.at, self.count, self.notation = section, at, count, notation
        self.holed = Holed(notation, _usual)
        self.templates: Known[Pattern, _Line] = Known(self._template, MOST_PATTERNS)
        self.opener = ""  # how a row that goes on with the last one that opened repeats its first cell
        self.field: str | None = None  # the same, as it stands in a line, once that was asked for

    def cells(self, row: Row | Like) -> list[str]:
        """The texts of all places."""
        cells, opens = (row.row().cells, row.pattern.opens) if isinstance(row, Like) else (row.cells, row.opens)
        opener = self.opener
        if opens or cells[0] is not None:
            opener = cell_text(cells[0], self.notation)
            self.opener, self.field = cell_text(again(cells[0]), self.notation), None
        line = [self.section, *[""] * (self.count - 1)]
        for place, text in zip(self.at, [opener, *(cell_text(cell, self.notation) for cell in cells[1:])], strict=True):
            if place is not None:
                line[place] = text
        return line

    def like(self, row: Like) -> str | None:
        """The line as csv.writer would write it; None where a name has what needs a closer look."""
        pattern, texts = row
        try:
            return self.templates[pattern].text(texts)
        except _Odd:
            return None

    def _template(self, pattern: Pattern) -> _Line:
        """The line with its holes."""
        line = [_Line(_field(self.section).replace("%", "%%"), ()), *[_Line("", ())] * (self.count - 1)]
        for n, (cell, place) in enumerate(zip(pattern.cells, self.at, strict=True)):
            if place is None:
                continue
            if n == 0:
                repeated = None if again(cell) is cell else self._cell(again(cell))
                opener = self._last_opener if cell is None else partial(self._new_opener, self._cell(cell), repeated)
                line[place] = _Line("%s", ((-1, opener),))
            else:
                line[place] = self._in_line(cell)
        return _Line(",".join([made.format for made in line]) + "\n", tuple(fill for made in line for fill in made.fills))

    def _in_line(self, cell: Cell) -> _Line:
        """The cell in its quotes, where it needs them: known beforehand, or seen when it is filled."""
        made = self._cell(cell)
        if '"' in made.format or (made.fills[:1] and made.fills[0][0] < 0):
            return _Line("%s", ((-1, lambda texts: _field(made.text(texts))),))
        return made._replace(format=f'"{made.format}"') if "," in made.format else made

    def _cell(self, cell: Cell) -> _Line:
        number = None if cell is None else _numeric(cell)
        if number is not None:
            return _Line(*self.holed.template(self.holed.notation.number(number.text)))
        if cell is None or isinstance(cell, Words):
            return _Line(cell_text(cell, self.notation).replace("%", "%%"), ())
        text = self.holed.notation.math(cell)
        made, mark = self.holed.template(text), self.holed.marked(text)
        usual = not mark.number if mark is not None else text[:1].isalnum() or text[:1] == "("
        if usual and ";" not in text:
            return _Line(*made)
        return _Line("%s", ((-1, lambda texts: _safe(made.text(texts))),))

    def _last_opener(self, texts: Sequence[str]) -> str:
        if self.field is None:
            self.field = _field(self.opener)
        return self.field

    def _new_opener(self, cell: _Line, repeated: _Line | None, texts: Sequence[str]) -> str:
        opener = cell.text(texts)
        self.opener, self.field = opener if repeated is None else repeated.text(texts), None
        return _field(opener)


def _field(text: str) -> str:
    """As csv.writer writes it."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def cell_text(cell: Cell, notation: PlainNotation) -> str:
    """A cell as a number or as text that no spreadsheet takes for a formula."""
    if cell is None:
        return ""
    if isinstance(cell, Words):
        return _words(notation.words(cell.text))
    number = _numeric(cell)
    return _safe(notation.math(cell) if number is None else notation.number(number.text))


def _safe(text: str) -> str:
    """Mathematics that no spreadsheet takes for a formula."""
    if text[:1].isalnum() and ";" not in text:
        return text
    if _NUMBER.match(text):
        return text
    return _safe_words(f"({text})" if text.startswith("-") else text)


def _numeric(m: Math) -> Number | Result | None:
    """The number that a cell comes to, where it is a number, or one with the sign of what it is before it."""
    if isinstance(m, Equation) and len(m.sides) == 2 and isinstance(m.sides[0], (Adjoint, Derivative, Tangent)):
        m = m.sides[1]
    return m if isinstance(m, (Number, Result)) else None


def _usual(text: str) -> str:
    """The text, where it needs no quotes in a line of CSV and no spreadsheet takes it for a formula. Raises _Odd."""
    if ";" in text or _QUOTED.search(text) or _FORMULA.match(text):
        raise _Odd
    return text


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


def _headings(section: Section, notation: PlainNotation) -> list[str | None]:
    """The section's headings, each with a name of its own; none of what is but a drawing, and None for a column of drawings."""
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
    return [None if column.drawn else heading for column, heading in zip(section.columns, made, strict=True)]


@dataclass(slots=True)
class _Written:
    """What csv.writer writes to, and who has a line ready: holds the lines until they are taken."""

    held: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.held.append(text)

    def taken(self) -> str:
        text = "".join(self.held)
        self.held.clear()
        return text
