"""The document on a terminal, as rich renderables: the only renderer that knows a width, folds lines and uses colour.

Every renderable is a `Text` built from styled pieces: no markup is read in a name, and no digit is cut. Colour and weight
repeat what the words already say. A table that is too wide folds its longest formulas where a person would break them; where
that is not enough, each row becomes a short block of lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from wengert.show.blocks import block, is_block
from wengert.show.document import Cell, Document, Line, Row, Section, Words
from wengert.show.folding import display_width, fold, fold_prose, usual
from wengert.show.layout import BLOCK, Grid, plain_table, quick_rows, sections_drawn
from wengert.show.look import Look
from wengert.show.notation import TextNotation
from wengert.show.patterns import rows_of
from wengert.show.widths import NARROWEST, PROSE, fold_cell, folded_widths

GAP = 2  # blanks between columns: a terminal has fewer to spare than a file
STEP = 2  # blanks before a line that continues the one above
TALLEST = 3  # lines a row, on the average: a table folded further is harder to read than blocks
TITLE, HEADING, COLUMN, RULE = "bold", "bold", "bold dim", "dim"
MARKS = {"": "", "good": "green", "warn": "yellow", "bad": "bold red"}

Piece = tuple[str, str]  # a text and its style


def renderables(document: Document, look: Look, width: int) -> Iterator[RenderableType]:
    """The document in pieces, each a block of whole lines to be printed as soon as it is there. `width` in columns."""
    notation = TextNotation.of(look)
    opening: list[list[Piece]] = []
    if document.title:
        opening += [[(line, TITLE)] for line in fold_prose(notation.math(Words(document.title)), width)]
    for line in document.opening:
        opening += _hanging(line, notation, width)
    if opening:
        yield _text(opening)
    begun = bool(opening)
    for section in sections_drawn(document):
        yield from _section(section, notation, width, begun)
        begun = True


def _section(section: Section, notation: TextNotation, width: int, begun: bool) -> Iterator[RenderableType]:
    head: list[list[Piece]] = [[]] if begun else []
    if section.heading:
        head += [[(line, HEADING)] for line in fold_prose(notation.math(Words(section.heading)), width)]
    for line in section.before:
        head += _hanging(line, notation, width)
    if head:
        yield _text(head)
    if section.columns:
        yield from _table(section, notation, width)
    for line in section.after():
        yield _text(_hanging(line, notation, width))


def _table(section: Section, notation: TextNotation, width: int) -> Iterator[RenderableType]:
    every = quick_rows(section)
    begun = list(islice(every, BLOCK))
    following = next(every, None)
    grid = Grid(section.columns, notation, GAP)
    if following is not None:  # a long list is read with a pager and a search: plain lines, handed out as they come
        for block in plain_table(grid, chain(begun, [following], every)):
            yield _Lines(block.splitlines())
        return
    first = list(rows_of(iter(begun)))
    texts = grid.measure(first)
    widths = folded_widths(grid.columns, grid.headings(), first, texts, width - GAP * (len(grid.columns) - 1))
    if widths is not None:
        folded = [
            [fold_cell(cell, t, w) for cell, t, w in zip(row.cells, line, widths, strict=True)]
            for row, line in zip(first, texts, strict=True)
        ]
        if sum(max(map(len, line), default=0) for line in folded) <= TALLEST * len(folded):
            yield _text(_lines(grid, first, folded))
            return
    yield _text(_row_blocks(grid, first, texts, width))


class _Lines:
    """Plain lines: what `_text` makes of them, but for the look at each word of a line that fits."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines:
            if usual(line) and display_width(line) <= options.max_width:
                yield Segment(f"{line}\n")
            else:
                yield _text([[(line, "")]])


# -- a table of lines


def _lines(grid: Grid, rows: list[Row], folded: list[list[list[str]]]) -> list[list[Piece]]:
    grid.widths = [
        max([display_width(heading), *(display_width(line) for cells in folded for line in cells[i])])
        for i, heading in enumerate(grid.headings())
    ]
    lines = _heading(grid)
    before = 1
    for n, (row, cells) in enumerate(zip(rows, folded, strict=True)):
        height = max(map(len, cells), default=0)
        # The eye follows rows of one line unaided; beside a folded one, a thin line says where the next begins.
        if n and row.opens and max(before, height) > 1:
            lines.append([(_rule(grid), RULE)])
        before = height
        for k in range(height):
            parts = [cell[k] if k < len(cell) else "" for cell in cells]
            lines.append(_coloured(grid, row, parts))
    return lines


def _heading(grid: Grid) -> list[list[Piece]]:
    """The columns' headings and a rule beneath; nothing where no column has one."""
    line = grid.join(grid.headings())
    return [[(line, COLUMN)], [(_rule(grid), RULE)]] if line else []


def _rule(grid: Grid) -> str:
    return ("-" if grid.notation.ascii else "─") * grid.total()


def _coloured(grid: Grid, row: Row, texts: list[str]) -> list[Piece]:
    """A line of the table; the verdict, its last cell, wears the colour of the row's mark."""
    line = grid.join(texts)
    if not row.mark or not texts[-1]:
        return [(line, "")]
    at = len(line) - len(texts[-1].rstrip())
    return [(line[:at], ""), (line[at:], MARKS[row.mark])]


# -- a block of lines for each row


def _row_blocks(grid: Grid, rows: list[Row], texts: list[list[str]], width: int) -> list[list[Piece]]:
    """The row's first cell on a line of its own, the others below it; the headings stand in one line, in the same order.

    A narrow cell labels the lines in their margin: the second one, to which a contribution goes, or else the first.
    """
    grid.widths = [max(map(display_width, column)) for column in zip(grid.headings(), *texts, strict=True)]  # outliers too
    second = len(grid.columns) > 3 and grid.widths[1] <= NARROWEST
    label = 1 if second else 0 if grid.widths[0] <= NARROWEST else None
    inset = STEP if label is None else STEP * label + grid.widths[label] + GAP
    groups = _groups(grid, 1 if label is None else label + 1, width - inset)
    heads = _heads(rows, texts, label, width)
    body: list[list[Piece]] = []
    joined = False  # rows of one line stand close
    for n, (row, cells) in enumerate(zip(rows, texts, strict=True)):
        if n and row.opens and not (joined and n in heads):
            body.append([])
        joined = n in heads
        block = [heads[n]] if n in heads else _block(grid, row, cells, groups, label, inset, width)
        body += [[(line, "")] for line in block[:-1]]
        body += [_last(line, cells[-1].strip(), row) for line in block[-1:]]
    heading = fold_prose(" / ".join(h.strip() for h in grid.headings() if h.strip()), width)
    lines = [[(line, COLUMN)] for line in heading if line]
    if lines:
        longest = max(display_width("".join(text for text, _ in line)) for line in (*lines, *body))
        lines.append([(("-" if grid.notation.ascii else "─") * min(width, longest), RULE)])
    return lines + body


def _heads(rows: list[Row], texts: list[list[str]], label: int | None, width: int) -> dict[int, str]:
    """Row → its one line, where its first cell and all others have room beside one another: `x1  = 0.888`."""
    if label is not None:
        return {}
    short = {
        n: [cells[0], *(c.strip() for c in cells[1:] if c.strip())]
        for n, (row, cells) in enumerate(zip(rows, texts, strict=True))
        if row.opens and cells[0].strip() and (n + 1 == len(rows) or rows[n + 1].opens)
    }
    short = {n: cells for n, cells in short.items() if display_width(cells[0]) <= NARROWEST}
    first = max((display_width(cells[0]) for cells in short.values()), default=0)
    lines = {n: (" " * GAP).join([c[0] + " " * (first - display_width(c[0])), *c[1:]]).rstrip() for n, c in short.items()}
    return {n: line for n, line in lines.items() if display_width(line) <= width}


def _groups(grid: Grid, start: int, room: int) -> list[list[int]]:
    """The columns from `start` on, as many side by side as a line has room for."""
    groups: list[list[int]] = []
    used = 0
    for i in range(start, len(grid.columns)):
        used += GAP + grid.widths[i]
        if groups and used <= room:
            groups[-1].append(i)
        else:
            groups.append([i])
            used = grid.widths[i]
    return groups


def _block(
    grid: Grid, row: Row, cells: list[str], groups: list[list[int]], label: int | None, inset: int, width: int
) -> list[str]:
    """One row: its first cell, then its groups of cells, `inset` from the margin; the label stands in that margin."""
    head = _hung(row.cells[0], cells[0], width) if cells[0].strip() and label != 0 else []
    lines: list[str] = []
    for group in groups:
        line = (" " * GAP).join(cells[i] + " " * (grid.widths[i] - display_width(cells[i])) for i in group).rstrip()
        if display_width(line) <= width - inset:
            lines += [line] if line else []
        else:
            lines += [piece for i in group if cells[i].strip() for piece in _hung(row.cells[i], cells[i], width - inset)]
    margin = "" if label is None else " " * (STEP * label) + cells[label]
    margin += " " * (inset - display_width(margin))
    below = [(margin if n == 0 else " " * inset) + line for n, line in enumerate(lines or [""])]
    return head + [line.rstrip() for line in below if line.strip()]


def _hung(cell: Cell, text: str, width: int) -> list[str]:
    """The cell in lines of a block, its continuations set in."""
    first, *rest = (fold_prose if isinstance(cell, PROSE) else fold)(text.strip(), width, STEP)
    return [first, *(" " * STEP + line for line in rest)]


def _last(line: str, cell: str, row: Row) -> list[Piece]:
    if not row.mark or not cell or not line.endswith(cell):
        return [(line, "")]
    return [(line[: -len(cell)], ""), (cell, MARKS[row.mark])]


# -- lines


def _hanging(line: Line, notation: TextNotation, width: int) -> list[list[Piece]]:
    """A line of text, its continuations set in; sentences are filled, formulas broken where a person would."""
    if is_block(line):
        return [[(text, "")] for text in block(line, notation, width)]
    text = notation.line(line).rstrip()
    if display_width(text) <= width:
        return [[(text, "")]]
    said = sum(len(piece.text) for piece in line if isinstance(piece, Words))
    first, *rest = (fold_prose if 2 * said > len(text) else fold)(text, width, STEP)
    return [[(first, "")], *([(" " * STEP + piece, "")] for piece in rest)]


def _text(lines: list[list[Piece]]) -> Text:
    """The lines as one Text; what is wider than the console all the same is folded, never cut."""
    text = Text(overflow="fold")
    for n, line in enumerate(lines):
        if n:
            text.append("\n")
        for piece, style in line:
            text.append(piece, style or None)
    return text
