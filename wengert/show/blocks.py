"""A line that holds matrices, drawn in several lines of text: the matrices beside one another, words at the height of their
middle. Shared by the renderers of plain text and of the terminal.

A line that is too wide is broken before a sign between two pieces; a matrix that is too wide all the same loses columns from
its middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from wengert.show.document import Line, Math, Matrix, Words
from wengert.show.folding import display_width
from wengert.show.notation import TextNotation

GAP = 2  # blanks between the columns of a matrix
HANG = 2  # blanks more before a line that continues the one above
LEAST = 2  # columns that a matrix keeps
_HEAD = re.compile("[-−]?[0-9]+")  # a number up to its point
_CORNERS = ("⎡", "⎢", "⎣", "⎤", "⎥", "⎦")


def is_block(line: Line) -> bool:
    """Whether the line needs several lines of text."""
    return any(isinstance(piece, Matrix) for piece in line)


def block(line: Line, notation: TextNotation, width: int | None = None) -> list[str]:
    """The line as lines of text, of at most `width` columns where that can be; `None` for as wide as it is."""
    if not is_block(line):
        return [notation.line(line).rstrip()]
    first = notation.math(line[0]) if isinstance(line[0], Words) else ""
    indent = len(first) - len(first.lstrip(" ")) + HANG
    groups = list(_groups(line))
    if width is not None:
        room = width - indent
        groups = [_narrowed(group, notation, room) for group in groups]
    lines: list[list[str]] = []
    boxes: list[_Box] = []
    for group in groups:
        box = _beside([_box(piece, notation) for piece in group])
        if boxes and width is not None and _beside([*boxes, box]).width > width:
            lines.append(_beside(boxes).lines)
            boxes = [_Box([" " * indent], 0)]
            box = _beside([_box(_unspaced(group[0]), notation), *(_box(piece, notation) for piece in group[1:])])
        boxes.append(box)
    lines.append(_beside(boxes).lines)
    return [text.rstrip() for part in lines for text in part]


def _unspaced(piece: Math) -> Math:
    return Words(piece.text.lstrip(" ")) if isinstance(piece, Words) else piece


def _groups(line: Line) -> Iterator[list[Math]]:
    """The pieces that stay together: a sign with what follows it."""
    group: list[Math] = []
    for n, piece in enumerate(line):
        if n and isinstance(piece, Words) and piece.text.startswith(" ") and any(isinstance(p, Matrix) for p in group):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _narrowed(group: Sequence[Math], notation: TextNotation, room: int) -> list[Math]:
    """The group with columns left out of its widest matrices, until it has room."""
    pieces = list(group)
    while _beside([_box(piece, notation) for piece in pieces]).width > room:
        wide = [i for i, p in enumerate(pieces) if isinstance(p, Matrix) and p.rows and len(p.rows[0]) > LEAST]
        if not wide:
            break
        widest = max(wide, key=lambda i: _box(pieces[i], notation).width)
        matrix = pieces[widest]
        assert isinstance(matrix, Matrix)
        pieces[widest] = _fewer(matrix)
    return pieces


def _fewer(m: Matrix) -> Matrix:
    """The matrix without one of the columns in its middle."""
    count = len(m.rows[0])
    before = (count + 1) // 2 if m.after_column is None else m.after_column
    after = count - before
    drop = before - 1 if before > after else before
    rows = tuple((*row[:drop], *row[drop + 1 :]) for row in m.rows)
    return replace(m, rows=rows, after_column=min(before, drop))


# -- boxes


class _Box:
    """Lines of equal width, and which of them stands level with the words beside."""

    def __init__(self, lines: list[str], level: int) -> None:
        self.width = max(map(display_width, lines), default=0)
        self.lines = [line + " " * (self.width - display_width(line)) for line in lines]
        self.level = level


def _box(piece: Math, notation: TextNotation) -> _Box:
    if not isinstance(piece, Matrix):
        return _Box([notation.math(piece)], 0)
    lines = _matrix(piece, notation)
    return _Box(lines, (len(lines) - 1) // 2)


def _beside(boxes: Sequence[_Box]) -> _Box:
    above = max(box.level for box in boxes)
    below = max(len(box.lines) - box.level for box in boxes)
    lines = []
    for n in range(above + below):
        parts = []
        for box in boxes:
            at = n - above + box.level
            parts.append(box.lines[at] if 0 <= at < len(box.lines) else " " * box.width)
        lines.append("".join(parts))
    return _Box(lines, above)


def _matrix(m: Matrix, notation: TextNotation) -> list[str]:
    """The matrix in brackets; its columns stand with their points below one another."""
    dots, below = ("...", ":") if notation.ascii else ("…", "⋮")
    rows = [[notation.math(entry) for entry in row] for row in m.rows]
    columns = [_aligned(list(column)) for column in zip(*rows, strict=True)]
    if m.after_column is not None:
        columns.insert(m.after_column, [dots] * len(rows))
    lines = [(" " * GAP).join(parts) for parts in zip(*columns, strict=True)]
    if m.after_row is not None:
        marks = [below + " " * (display_width(column[0]) - 1) for column in columns]
        if m.after_column is not None:
            marks[m.after_column] = " " * display_width(dots)
        lines.insert(m.after_row, (" " * GAP).join(marks))
    if len(lines) == 1 or notation.ascii:
        return [f"[{line}]" for line in lines]
    return [f"{left}{line}{right}" for line, (left, right) in zip(lines, _brackets(len(lines)), strict=True)]


def _brackets(count: int) -> Iterator[tuple[str, str]]:
    for n in range(count):
        at = 0 if n == 0 else 2 if n == count - 1 else 1
        yield _CORNERS[at], _CORNERS[at + 3]


def _aligned(texts: list[str]) -> list[str]:
    """A column's texts in equal width: numbers with their points below one another, names from the left."""
    heads = [_HEAD.match(text) for text in texts]
    widths = [0 if head is None else display_width(head[0]) for head in heads]
    moved = [" " * (max(widths) - width) * (width > 0) + text for width, text in zip(widths, texts, strict=True)]
    width = max(map(display_width, moved))
    return [text + " " * (width - display_width(text)) for text in moved]
