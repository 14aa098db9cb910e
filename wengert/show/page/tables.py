"""Sections as headings, paragraphs and tables of HTML; rows are written in blocks as they come.

A row of a sweep carries its number and what it is about in data attributes, from which the script makes its steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wengert.show.document import Cell, Column, Line, Matrix, Result, Row, Section, Words
from wengert.show.layout import blocks
from wengert.show.notation.mathml import MathmlNotation, plain
from wengert.show.page.assets import LONGEST_LEAD
from wengert.show.repeats import again
from wengert.show.words import page as words

ROWS = 200  # of one table
PARTIAL_PLACE = 2  # the local partial's column stands before that of the contribution, whose factor it is
_NUMBER = re.compile(r"(-?[0-9]+)((?:\.[0-9]+)?)((?:[eE][-+]?[0-9]+)?)\Z")


@dataclass(slots=True)
class Counters:
    """How many sections and steps the page has so far."""

    sections: int = 0
    steps: int = 0


def section(s: Section, notation: MathmlNotation, count: Counters) -> Iterator[str]:
    """The section piece by piece."""
    count.sections += 1
    name = f"section-{count.sections}"
    labelled = f' aria-labelledby="{name}"' if s.heading else ""
    kind = f' class="{s.kind}" data-kind="{s.kind}"' if s.kind else ""
    yield f"<section{kind}{labelled}>\n"
    if s.heading:
        yield f'<h2 id="{name}">{plain(s.heading)}</h2>\n'
    yield from paragraphs(s.before, notation)
    if s.columns:
        yield from _table(s, notation, count, labelled)
    yield from paragraphs(s.after(), notation)
    yield "</section>\n"


def paragraphs(lines: Iterator[Line] | Sequence[Line], notation: MathmlNotation) -> Iterator[str]:
    """A paragraph a line. One that begins with blanks goes on with what stands above; an empty one keeps two apart."""
    apart = False
    for line in lines:
        if not line:
            apart = True
            continue
        classes = ["apart"] * apart
        apart = False
        if not isinstance(line[0], Words):
            classes.append("formula")
        elif line[0].text.startswith("  "):
            classes.append("under")
        if any(isinstance(piece, Matrix) for piece in line):
            classes.append("matrices")
        marked = f' class="{" ".join(classes)}"' if classes else ""
        yield f"<p{marked}>{notation.prose(line)}</p>\n"


# -- tables


def _table(s: Section, notation: MathmlNotation, count: Counters, labelled: str) -> Iterator[str]:
    """One table; of a long one every `ROWS` rows are a table of their own, which a browser lays out when it comes into sight:
    in one piece, thousands of rows would take it many seconds, and each step again."""
    drawn = _Table(s, notation, count)
    written = 0
    for block in blocks(s.rows(), ROWS):
        long = len(block) == ROWS or written
        caption = s.heading or words.TABLE
        if long:
            caption = words.rows(caption, written + 1, written + len(block))
        written += len(block)
        body = drawn.rows(block)
        yield (
            f'<div class="scroll{" block" * bool(long)}" role="group" tabindex="0"{labelled}>\n<table>\n'
            f"<caption>{plain(caption)}</caption>\n{drawn.head()}<tbody>\n{body}</tbody>\n</table>\n</div>\n"
        )


class _Table:
    """`partials`: the rows have local partials of their own, in a column that is hidden: the script shows it. `first` is what
    the rows' statement is, `said` how those say it that go on with it, `begins` that a table begins."""

    def __init__(self, s: Section, notation: MathmlNotation, count: Counters) -> None:
        self.columns = s.columns
        self.notation = notation
        self.count = count
        self.partials = self.begins = False
        self.first: Cell = None
        self.said: str | None = None
        self.leads = [0] * len(s.columns)

    def head(self) -> str:
        if not any(column.heading for column in self.columns):
            return ""
        cells = [_heading(column) for column in self.columns]
        if self.partials:
            cells.insert(PARTIAL_PLACE, f'<th scope="col" hidden>{plain(words.LOCAL_PARTIAL)}</th>')
        return f"<thead>\n<tr>{''.join(cells)}</tr>\n</thead>\n"

    def rows(self, block: Sequence[Row]) -> str:
        """The rows of one table; its head is asked for when they are made."""
        self.partials = any(row.partial is not None for row in block)
        self.begins = True
        for row in block:
            for i, cell in enumerate(row.cells):
                if isinstance(cell, Result):
                    self.leads[i] = max(self.leads[i], _lead(cell))
        return "".join(map(self._row, block))

    def _row(self, row: Row) -> str:
        classes = [*([] if row.opens else ["on"]), *([row.mark] if row.mark else [])]
        attributes = f' class="{" ".join(classes)}"' if classes else ""
        if row.about:
            self.count.steps += 1
            attributes += f' data-step="{self.count.steps}" data-about="{plain(row.about[0])}"'
            if len(row.about) > 1:
                attributes += f' data-to="{plain(row.about[1])}"'
        cells = [self._first(row), *(self._cell(i + 1, cell) for i, cell in enumerate(row.cells[1:]))]
        if self.partials:
            cells.insert(PARTIAL_PLACE, f"<td hidden>{self.notation.text(row.partial)}</td>")
        return f"<tr{attributes}>{''.join(cells)}</tr>\n"

    def _first(self, row: Row) -> str:
        """The row's heading. A row that goes on with the one above says its heading again to those who do not see that."""
        cell, begins = row.cells[0], self.begins
        self.begins = False
        if row.opens:
            self.first, self.said = cell, None
        elif cell is None and self.first is not None:
            if begins:
                return self._cell(0, self.first, "th")
            if self.said is None:
                self.said = f'<th scope="row"><span class="again">{self.notation.text(again(self.first))}</span></th>'
            return self.said
        return self._cell(0, cell, "th") if cell is not None else "<td></td>"

    def _cell(self, i: int, cell: Cell, tag: str = "td") -> str:
        column = self.columns[i]
        scope = ' scope="row"' if tag == "th" else ""
        kind = "value" if isinstance(cell, Result) else "right" if column.align == "right" else ""
        marked = f' class="{kind}"' if kind else ""
        text = self._result(i, cell) if isinstance(cell, Result) else self.notation.text(cell)
        return f"<{tag}{scope}{marked}>{text}</{tag}>"

    def _result(self, i: int, m: Result) -> str:
        """The relation and the number, those of a column with their points below one another."""
        match = _NUMBER.match(m.text)
        relation = "=" if m.exact else "≈"
        if m.of is not None or match is None:
            return self.notation.text(m)
        shown = "" if m.exact and self.columns[i].align == "point" else relation
        whole, rest, exponent = match.groups()
        lead = min(self.leads[i], LONGEST_LEAD)
        number = f'<span class="lead l{lead}">{whole.replace("-", "−")}</span>{rest}'
        if exponent:
            power = exponent[1:].lstrip("+").replace("-", "−")
            number += f"\u202f×\u202f10<sup>{power}</sup>"
        return f'<span class="relation">{shown}</span> <span class="number">{number}</span>'


def _heading(column: Column) -> str:
    if not column.heading:
        return "<td></td>"
    marked = ' class="right"' if column.align == "right" else ""
    return f'<th scope="col"{marked}>{plain(column.heading)}</th>'


def _lead(m: Result) -> int:
    match = _NUMBER.match(m.text)
    return 0 if match is None or m.of is not None else len(match[1])
