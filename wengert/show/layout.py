"""Tables as lines of characters: widths, columns, folds. Shared by the renderers of plain text and of the terminal.

A table is measured in blocks of up to BLOCK rows, so that a million rows stream: the widths of a block are the least widths
of the next one. Results (`= 5.5`, `≈ 0.69`) stand with their relations and values below one another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

from wengert.show.document import Cell, Column, Result, Row, Words
from wengert.show.notation import TextNotation

BLOCK = 500  # rows that are measured together
OUTLIER = 160  # a cell wider than this does not widen its column; what follows it is pushed to the right


@dataclass(slots=True)
class Grid:
    """A table's columns and what is known of their widths. `gap` is the number of blanks between columns."""

    columns: Sequence[Column]
    notation: TextNotation
    gap: int = 3
    widths: list[int] = field(default_factory=list)
    relations: list[int] = field(default_factory=list)  # the width of a relation, 0 where a column holds no results

    def __post_init__(self) -> None:
        self.widths = [0] * len(self.columns)
        self.relations = [0] * len(self.columns)

    def measure(self, rows: Sequence[Row]) -> list[list[str]]:
        """The texts of the rows' cells; the grid's widths grow to hold them."""
        for row in rows:
            for i, cell in enumerate(row.cells):
                if isinstance(cell, Result):
                    self.relations[i] = max(self.relations[i], display_width(self.notation.result(cell)[0]))
        texts = [[self._text(i, cell) for i, cell in enumerate(row.cells)] for row in rows]
        for line in (self.headings(), *texts):
            for i, text in enumerate(line):
                width = display_width(text)
                if self.widths[i] < width <= OUTLIER:
                    self.widths[i] = width
        return texts

    def headings(self) -> list[str]:
        """The heading line's cells: over the value of a result, not over its relation."""
        texts = [self.notation.math(Words(c.heading)) for c in self.columns]
        return [self._indent(i) + t if t and self.columns[i].align == "left" else t for i, t in enumerate(texts)]

    def join(self, texts: Sequence[str]) -> str:
        """One line of the table, padded to the widths, without blanks at its end."""
        pieces: list[str] = []
        for i, text in enumerate(texts):
            blanks = " " * max(0, self.widths[i] - display_width(text))
            pieces.append(blanks + text if self.columns[i].align == "right" else text + blanks)
        return (" " * self.gap).join(pieces).rstrip()

    def total(self) -> int:
        """The width of the table."""
        return sum(self.widths) + self.gap * max(0, len(self.widths) - 1)

    def _text(self, i: int, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, Result):
            relation, value = self.notation.result(cell)
            return f"{' ' * (self.relations[i] - display_width(relation))}{relation} {value}"
        text = self.notation.math(cell)
        return self._indent(i) + text if self.columns[i].align == "left" else text

    def _indent(self, i: int) -> str:
        return " " * (self.relations[i] + 1) if self.relations[i] else ""


def blocks(rows: Iterable[Row], count: int = BLOCK) -> Iterator[list[Row]]:
    """The rows in lists of at most `count`."""
    iterator = iter(rows)
    while block := list(islice(iterator, count)):
        yield block


def plain_table(grid: Grid, rows: Iterable[Row]) -> Iterator[str]:
    """The whole table as text: its headings and first block, then a block at a time; every text ends in a newline."""
    first = True
    for block in blocks(rows):
        texts = grid.measure(block)
        lines = [grid.join(line) for line in texts]
        if first and any(c.heading for c in grid.columns):
            lines.insert(0, grid.join(grid.headings()))
        first = False
        yield "\n".join(lines) + "\n"


def display_width(text: str) -> int:
    """The columns that a text takes on a terminal: combining marks none, wide characters two."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(c: str) -> int:
    if unicodedata.category(c) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1


# -- folding

_APART, _RELATION = 4, 3  # blanks that the writer put there, and relations, are the best places to break a line
_TOKEN = re.compile(r"(\s*)(\S+)")
_BREAK_BEFORE = {"=": _RELATION, "≈": _RELATION, "~=": _RELATION, "+": 2, "−": 2, "-": 2, "·": 1, "*": 1}


def fold(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken where a person would: before a relation, else before a sum's
    sign, else before a product's; outside brackets if it can be. Only a piece without blanks that is too wide is cut."""
    width = max(2, width)
    if display_width(text) <= width:
        return [text]
    words = _words(text)
    lines: list[str] = []
    at = 0
    while at < len(words):
        end, used = at, 0
        while end < len(words) and used + words[end].width + (end > at) <= width:
            used += words[end].width + (end > at)
            end += 1
        if end == at:
            pieces = _cut(words[at].text, width)
            lines += pieces[:-1]
            words[at] = replace(words[at], text=pieces[-1], width=display_width(pieces[-1]))
            continue
        if end < len(words):
            end = _break(words, at, end, width)
        lines.append(" ".join(w.text for w in words[at:end]))
        at = end
    return lines


def longest_word(text: str) -> int:
    """The width below which folding would have to cut."""
    return max((w.width for w in _words(text)), default=0)


@dataclass(frozen=True, slots=True)
class _Word:
    """What stays together: a word with the operator before it, so that an operator always leads its line."""

    text: str
    width: int
    depth: int  # open brackets before it
    rank: int  # how well a line is broken before it


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    depth = 0
    operators: list[str] = []
    tokens = _TOKEN.findall(text)
    rank = 0
    for n, (blanks, token) in enumerate(tokens):
        if not operators:
            rank = max(rank, _BREAK_BEFORE.get(token, 0), _APART if len(blanks) > 1 else 0)
        if token in _BREAK_BEFORE and n + 1 < len(tokens):
            operators.append(token)
            continue
        together = " ".join((*operators, token))
        words.append(_Word(together, display_width(together), depth, rank))
        operators.clear()
        depth += token.count("(") + token.count("[") - token.count(")") - token.count("]")
        rank = _RELATION if token.endswith(",") else 0
    return words


def _break(words: list[_Word], at: int, end: int, width: int) -> int:
    """Where the line that starts with word `at` and has room up to word `end` is best broken: not too early in it."""
    best, best_score = end, (-1, -1)
    used = 0
    for i in range(at + 1, end + 1):
        used += words[i - 1].width + 1
        score = (int(words[i].depth == 0), words[i].rank)
        if score >= best_score and 4 * used >= width:
            best, best_score = i, score
    return best


def _cut(word: str, width: int) -> list[str]:
    pieces: list[str] = []
    piece, used = "", 0
    for c in word:
        w = display_width(c)
        if used + w > width:
            pieces.append(piece)
            piece, used = "", 0
        piece += c
        used += w
    return [*pieces, piece]
