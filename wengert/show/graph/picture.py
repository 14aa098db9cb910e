"""The graph drawn by characters, for a terminal and for plain text.

It reads from left to right; where the terminal is too narrow for that, from top to bottom, and where that does not fit either,
as a list: which one it is, the picture says. Into a pipe or a file it has its natural width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wengert.show.folding import display_width, fold_prose
from wengert.show.graph.canvas import Border, Canvas
from wengert.show.graph.chain import Gaps, Size
from wengert.show.graph.listing import listing
from wengert.show.graph.model import Edge, Graph, Shape, Vertex
from wengert.show.graph.wiring import Cell, Wired, wire
from wengert.show.look import Look
from wengert.show.notation import TextNotation
from wengert.show.words import graphs as words

ACROSS = Gaps(rank=0, vertex=1, label=0, line=1)  # of a picture from left to right, in rows
DOWN = Gaps(rank=0, vertex=3, label=2, line=2)  # from top to bottom, in columns
LARGEST = 400_000  # cells of a picture

_ROUND: Border = ("╭", "╮", "╰", "╯", "─", "│")
_STRAIGHT: Border = ("┌", "┐", "└", "┘", "─", "│")
_DOUBLE: Border = ("╔", "╗", "╚", "╝", "═", "║")
_ASCII: dict[Border, Border] = {
    _ROUND: (".", ".", "'", "'", "-", "|"), _STRAIGHT: ("+", "+", "+", "+", "-", "|"), _DOUBLE: ("#", "#", "#", "#", "=", "#"),
}  # fmt: skip
_ROUNDED: frozenset[Shape] = frozenset({"input", "target", "neuron"})


def picture(graph: Graph, look: Look, width: int | None = None) -> Iterator[str]:
    """The picture line by line; `width` are the columns that there are, None for as many as it takes."""
    notation = TextNotation.of(look)
    room = width or 10**9
    if graph.title:
        yield from fold_prose(notation.words(graph.title), room)
        yield ""
    tried: list[int] = []
    ways = (True,) if graph.direction == "down" else (False, True)
    for down in ways:
        drawing = _Drawing(graph, notation, down)
        if drawing.width <= room and drawing.width * drawing.height <= LARGEST:
            yield from drawing.rows()
            break
        tried.append(drawing.width)
    else:
        yield from listing(graph, notation, room)
    notes = [words.drawn_down(tried[0], room)] if len(tried) == 1 and len(ways) == 2 else []
    if len(tried) == len(ways):
        notes = [words.listed(min(tried), room) if min(tried) > room else words.listed_long(LARGEST)]
    yield ""
    for line in (*_legend(graph, notation), *map(notation.words, (*notes, *graph.notes))):
        yield from fold_prose(line, room)


def border_of(vertex: Vertex) -> Border:
    return _DOUBLE if vertex.output else _ROUND if vertex.shape in _ROUNDED else _STRAIGHT


def _legend(graph: Graph, notation: TextNotation) -> Iterator[str]:
    """What the borders and signs stand for, in one line."""
    meant: dict[Border, dict[str, None]] = {}
    for vertex in graph.vertices:
        meant.setdefault(border_of(vertex), {})[words.OUTPUT if vertex.output else words.KINDS[vertex.shape]] = None
    parts = []
    for border, kinds in meant.items():
        b = _ASCII[border] if notation.ascii else border
        parts.append(f"{b[0]}{b[4]}{b[1]} {', '.join(kinds)}")
    said = {"still": words.STILL_SIGN, "skip": words.SKIP_SIGN, "summary": words.SUMMARY_SIGN}
    for kind in dict.fromkeys(e.kind for e in graph.edges):
        if kind in said:
            parts.append(f"{notation.words(said[kind]).strip()} {words.LINES[kind]}")
    weights = [e for e in graph.edges if e.kind == "weight" and e.label is not None]
    others = [e for e in graph.edges if e.kind != "weight" and e.label is not None]
    if weights:
        parts.append(words.on_a_line(words.WEIGHTS, words.ITS_DERIVATIVE if any(e.contribution for e in weights) else ""))
    if others:
        back = words.CONTRIBUTES + words.FLOWS_BACK if any(e.contribution for e in others) else ""
        parts.append(notation.words(words.on_a_line(words.LOCAL, back)))
    yield "   ".join(parts)


@dataclass(frozen=True, slots=True)
class _Text:
    lines: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(map(display_width, self.lines), default=0)


class _Drawing:
    def __init__(self, graph: Graph, notation: TextNotation, down: bool) -> None:
        self.graph, self.notation, self.down = graph, notation, down
        self.vertices = [_Text(tuple(_lines(v, notation))) for v in graph.vertices]
        self.labels = [_Text(tuple(_beside(e, notation))) for e in graph.edges]
        self.headings = [notation.words(t) for t in graph.titles] if not down else []
        sizes, ends = [], []
        for text in self.vertices:
            width, height = text.width + 4, len(text.lines) + 2
            across = width if down else height
            sizes.append(Size(height if down else width, across // 2, across - across // 2))
            inside = range(1 - across // 2, across - across // 2 - 1)
            ends.append(sorted(inside, key=lambda place: (abs(place), place)))
        labels = []
        for text in self.labels:
            width, height = text.width + 2, len(text.lines)
            labels.append(Size(height, width // 2, width - width // 2) if down else Size(width, 0, height))
        pairs = [(e.source, e.target) for e in graph.edges]
        self.wired: Wired = wire(sizes, pairs, labels, DOWN if down else ACROSS, ends, graph.columns, 1 if down else 2)
        self.canvas = Canvas(notation.ascii)
        self.top = 2 if self.headings else 0
        self._draw()
        self.lines = list(self.canvas.rows())

    @property
    def width(self) -> int:
        return max(map(display_width, self.lines), default=0)

    @property
    def height(self) -> int:
        return len(self.lines)

    def rows(self) -> Sequence[str]:
        return self.lines

    def _cell(self, cell: Cell) -> tuple[int, int]:
        """(row, column) of a place along and across."""
        along, across = cell
        return (along, across) if self.down else (self.top + across, along)

    def _draw(self) -> None:
        for line in self.wired.lines:
            self.canvas.line(self._cell(line.start), self._cell(line.end), line.net, line.along != self.down)
        ahead = self.notation.words("▼" if self.down else "▶")
        for cell in self.wired.arrows:
            self.canvas.text(*self._cell(cell), ahead)
        for text, place in zip(self.labels, self.wired.labels, strict=True):
            row, column = self._cell(place)
            column -= (text.width + 2) // 2 if self.down else 0
            for i, written in enumerate(text.lines if text.width else ()):
                indent = (text.width - display_width(written)) // 2 if self.down else 0
                self.canvas.text(row + i, column + indent, f" {written} ")
        for vertex, text, place in zip(self.graph.vertices, self.vertices, self.wired.vertices, strict=True):
            height, width = len(text.lines) + 2, text.width + 4
            row, column = self._cell(place)
            row, column = (row, column - width // 2) if self.down else (row - height // 2, column)
            border = border_of(vertex)
            self.canvas.box(row, column, height, width, _ASCII[border] if self.notation.ascii else border)
            for i, written in enumerate(text.lines):
                indent = (text.width - display_width(written)) // 2
                self.canvas.text(row + 1 + i, column + 2 + indent, written)
        columns = sorted(set(self.graph.columns or ()))
        for column, rank in zip(columns, self.wired.columns, strict=False):
            if column < len(self.headings):
                start, end = self.wired.spans[rank]
                heading = self.headings[column]
                self.canvas.text(0, max(0, start + (end - start - display_width(heading)) // 2), heading)


def _lines(vertex: Vertex, notation: TextNotation) -> Iterator[str]:
    label = notation.math(vertex.label)
    yield f"{label}  {notation.words(vertex.sign)}" if vertex.sign and vertex.figures else label
    yield from (notation.math(f.math) for f in vertex.figures)


def _beside(edge: Edge, notation: TextNotation) -> Iterator[str]:
    """What stands beside an edge, or a sign for an edge of its kind; an empty line where there is nothing to say."""
    sign = {"still": words.STILL_SIGN, "summary": words.SUMMARY_SIGN, "skip": words.SKIP_SIGN}.get(edge.kind, "")
    label = "" if edge.label is None else notation.math(edge.label)
    shown = " ".join(part for part in (notation.words(sign), label) if part)
    yield shown
    if edge.contribution is not None:
        yield notation.math(edge.contribution)
