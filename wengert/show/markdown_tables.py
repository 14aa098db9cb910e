r"""Tables of Markdown: pipe tables, or lists of their rows where the cells have no room beside one another.

Rows stream; what is known of the columns' widths is that of the first rows. pandoc takes the widths from the dashes below a
table's headings, so that `wengert trace net.yaml -f markdown | pandoc -o net.pdf` cuts nothing. What is equal may stand in one
cell, one behind the other, before the rows become a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wengert.show.document import Cell, Column, Math, Result, Row
from wengert.show.notation.extent import LINE, Extent, broken, display_width, parted, prose_extent, unstacked
from wengert.show.notation.holes import MOST_PATTERNS, Holed, Known, Template
from wengert.show.notation.markdown import MarkdownNotation, together
from wengert.show.notation.markdown_text import Piece, at_line_start
from wengert.show.patterns import Like, Pattern
from wengert.show.shares import GAP, Slots, foldings, least_width, shared_widths

LEAST = 3  # dashes
FINE = 3  # dashes to a digit where every part of one counts
SLACK = 0.7  # that a cell may reach into the gap; a result would be broken instead, behind its sign
LIST = 4.0  # the width of a list's indent
FURTHER = r"\hphantom{=} "  # before what continues a formula; blanks would be lost there
INDENT = 2.0


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a table fits the line: which columns share a cell, and whether formulas are split where a line may be broken."""

    slots: Slots
    narrow: bool
    dashes: tuple[int, ...]


class Tables:
    """Writes the rows of a section."""

    def __init__(self, notation: MarkdownNotation) -> None:
        self.notation = notation

    def lines(self, columns: Sequence[Column], first: Sequence[Row], every: Iterable[Row | Like]) -> Iterator[str]:
        """A line for each row below the headings, or an item of a list; `first` are the rows that decide."""
        shape = self._shape(columns, first)
        if shape is None:
            for row in every:
                yield self._item(columns, row.row() if isinstance(row, Like) else row)
            return
        leading = [columns[slot[0]] for slot in shape.slots]
        dashes = ["-" * n + ":" * (column.align != "left") for n, column in zip(shape.dashes, leading, strict=True)]
        yield f"{_piped(self.notation.outside(column.heading) for column in leading)}{_piped(dashes)}"
        patterns = _Patterns(self.notation, shape)
        for row in every:
            if isinstance(row, Like):
                line = patterns.line(row)
                if line is not None:
                    yield line
                    continue
                row = row.row()
            yield _piped(together(self._slot(row, slot, shape.narrow)) for slot in shape.slots)

    def _shape(self, columns: Sequence[Column], rows: Sequence[Row]) -> _Shape | None:
        """The first shape that fits the line, of those from the roomiest to the closest."""
        results = any(isinstance(cell, Result) for row in rows for cell in row.cells)
        for slots in foldings(columns, rows):
            room = LINE if results else LINE + SLACK * len(slots)
            leading = [columns[slot[0]] for slot in slots]
            for narrow in (False, True):
                sizes = [[self._extent(row, slot, narrow) for slot in slots] for row in rows]
                if least_width(leading, sizes) <= room:
                    widths = shared_widths(leading, sizes)
                    tight = sum(widths) + GAP * (len(widths) - 1) + len(widths) > LINE
                    dashes = (max(LEAST, round(width * (FINE if tight else 1))) for width in widths)
                    return _Shape(slots, narrow, tuple(dashes))
        return None

    def _slot(self, row: Row, slot: Sequence[int], narrow: bool) -> list[Piece]:
        """The cells that stand in one, each behind what it is equal to."""
        made: list[Piece] = []
        for i in slot:
            cell = row.cells[i]
            if cell is None:
                continue
            pieces = self.notation.cell_pieces(cell, narrow)
            if made:
                (inside, text), *rest = pieces
                if isinstance(cell, Result):
                    pieces = [(True, f"{{{text}}}"), *rest]  # in braces: a line is not broken behind its sign
                elif inside:
                    pieces = [(True, f"{self.notation.relation('=')} {text}"), *rest]
                made.append((False, " "))
            made += pieces
        return made

    def _extent(self, row: Row, slot: Sequence[int], narrow: bool) -> Extent:
        return prose_extent(self._slot(row, slot, narrow))

    def _item(self, columns: Sequence[Column], row: Row) -> str:
        """A row as an item of a list: a line for each cell, behind its column's heading."""
        lines: list[str] = []
        for column, cell in zip(columns, row.cells, strict=True):
            if cell is not None:
                heading = f"{self.notation.outside(column.heading)}: " if column.heading else ""
                first, *more = self._broken(cell, LINE - LIST - prose_extent([(False, heading)])[0])
                lines += [at_line_start(heading + first), *more]
        return "- " + "\\\n  ".join(lines) + "\n"

    def _broken(self, cell: Cell, room: float) -> list[str]:
        """A cell as lines; words with mathematics among them are one, for their blanks can be broken."""
        if cell is None:
            return []
        pieces = self.notation.cell_pieces(cell)
        if len(pieces) > 1 or not pieces[0][0]:
            return [self.notation.cell(cell)]
        lines: list[str] = []
        for line in broken(pieces[0][1], room - INDENT):
            lines += [line] if display_width(line) <= room else _filled(parted(line), room - INDENT)
        return [together([(True, FURTHER + line if n else line)]) for n, line in enumerate(lines)]


class _Patterns:
    """Lines of rows that are alike, in the shape of a table."""

    def __init__(self, notation: MarkdownNotation, shape: _Shape) -> None:
        self.holed = Holed(notation, unstacked)
        self.tables = Tables(self.holed.notation)
        self.shape = shape
        self.templates: Known[Pattern, Template | None] = Known(self._template, MOST_PATTERNS)

    def line(self, row: Like) -> str | None:
        """The row's line; None where what fills its holes may change what stands around them: blanks that it begins or ends
        with, as of a Greek letter, are not alone."""
        template = self.templates[row.pattern]
        line = None if template is None else template.text(row.texts)
        return None if line is None or "  " in line.replace("|  |", "||") or " $ " in line else line

    def _template(self, pattern: Pattern) -> Template | None:
        """None where formulas are split at what may stand in a hole, or where a number stands in a fraction."""
        if self.shape.narrow or any(cell is not None and self._has_numbered_fraction(cell) for cell in pattern.cells):
            return None
        cells = [together(self.tables._slot(Row(pattern.cells), slot, False)) for slot in self.shape.slots]
        return self.holed.template(_piped(cells))

    def _has_numbered_fraction(self, cell: Math) -> bool:
        text = self.holed.notation.math(cell)
        return r"\frac" in text and self.holed.has_number(text)


def _filled(parts: Iterable[str], room: float) -> list[str]:
    """The parts in as few lines as hold them."""
    lines = [""]
    for part in parts:
        if lines[-1] and display_width(lines[-1] + part) > room:
            lines.append("")
        lines[-1] += part
    return lines


def _piped(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
