"""The graph as an SVG: self-contained, on its own light paper, the same in a browser, in resvg and on paper.

Everything is said by presentation attributes, since not every drawer of SVG reads style sheets. For a page that follows a
trace, vertex i is the group `v<i>` with the names it stands for in `data-names`, edge j the group `e<j>` with `data-from` and
`data-to`, its pairs `statement,argument` in `data-covers` and the inputs it stands for in `data-names`. A figure says in
`data-figure` which sweep finds it and whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from wengert.show import palette
from wengert.show.graph.chain import Gaps, Size
from wengert.show.graph.layout import Layout, Stop, lay_out
from wengert.show.graph.model import Edge, Graph
from wengert.show.graph.style import LINES
from wengert.show.graph.svg_legend import legend
from wengert.show.graph.svg_text import (
    BESIDE,
    BOLD,
    FONT,
    HEADING,
    TITLE,
    Text,
    legal,
    number,
    stroke,
    widest,
    wrapped,
    written,
)
from wengert.show.graph.svg_vertex import RING, Block, block, drawn
from wengert.show.look import Look
from wengert.show.words import graphs as words

LINE = 14.0  # from one line beside an edge to the next
MARGIN = 18.0
TITLE_LINE, HEADING_LINE = 24.0, 28.0
NARROWEST = 460.0  # the width that sentences have at least
GAPS = Gaps(rank=38, vertex=22, label=8, line=9)
GAPS_DOWN = Gaps(rank=22, vertex=30, label=14, line=14)
APART = 11.0  # lines at the side of a vertex
CORNERS = 14.0  # of a side where no line meets
ARROW, ARROW_HALF = 8.0, 3.6


def svg(graph: Graph, look: Look, embedded: bool = False, prefix: str = "") -> str:
    """The picture. `embedded`: for a page, without the XML declaration; `prefix` goes before every id, so that two pictures can
    stand in one page."""
    return _Picture(graph, look, prefix).text(embedded)


@dataclass(frozen=True, slots=True)
class Places:
    """The size of the picture, and the middle of each vertex in it."""

    width: float
    height: float
    vertices: tuple[tuple[float, float], ...]


def places(graph: Graph, look: Look) -> Places:
    """Where everything stands in the picture."""
    picture = _Picture(graph, look, "")
    middles = [picture.middle(i) for i in range(len(graph.vertices))]
    return Places(round(picture.width, 2), round(picture.height, 2), tuple((round(x, 2), round(y, 2)) for x, y in middles))


@dataclass(frozen=True, slots=True)
class _Label:
    """What stands beside an edge, line by line with its colour."""

    lines: tuple[tuple[Text, str, str], ...]  # text, colour, and what the figure is about

    @property
    def width(self) -> float:
        return widest([text for text, _, _ in self.lines], BESIDE) + 6

    @property
    def height(self) -> float:
        return LINE * len(self.lines) + 2


class _Picture:
    def __init__(self, graph: Graph, look: Look, prefix: str) -> None:
        self.graph = graph
        self.look = look
        self.prefix = prefix
        self.down = graph.direction == "down"
        self.blocks = [block(v, look) for v in graph.vertices]
        self.labels = [_label(e, look) for e in graph.edges]
        sizes = [b.size(self.down) for b in self.blocks]
        beside = [None if label is None else _size(label, self.down) for label in self.labels]
        ends = [(e.source, e.target) for e in graph.edges]
        self.layout: Layout = lay_out(sizes, ends, beside, GAPS_DOWN if self.down else GAPS, graph.columns)
        self.headings = [Text.plain(t) for t in graph.titles] if not self.down else []
        self.inner = self.layout.breadth if self.down else self.layout.length
        self.width = max(NARROWEST, self.inner) + 2 * MARGIN
        self.titles = wrapped(graph.title or "", self.width - 2 * MARGIN, TITLE * BOLD)
        self.left = (self.width - self.inner) / 2
        self.top = MARGIN + len(self.titles) * TITLE_LINE + (HEADING_LINE if self.headings else 10)
        extent = self.layout.length if self.down else self.layout.breadth
        top = self.top + extent + 2 * MARGIN
        self.below, end = legend(graph, look, MARGIN, top, self.width - 2 * MARGIN)
        self.height = end + MARGIN

    def text(self, embedded: bool) -> str:
        name, told = f"{self.prefix}graph-title", f"{self.prefix}graph-desc"
        width, height = number(self.width), number(self.height)
        size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        lines = [] if embedded else ['<?xml version="1.0" encoding="UTF-8"?>']
        lines += [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="{name} {told}" '
            f'font-family="{FONT}">',
            f'<title id="{name}">{escape(self._title())}</title>',
            f'<desc id="{told}">{escape(legal(self._description()))}</desc>',
            f'<rect width="100%" height="100%" rx="6" fill="{palette.PAPER}"/>',
        ]  # fmt: skip
        for i, text in enumerate(self.titles):
            lines.append(written(text, MARGIN, MARGIN + TITLE_LINE * (i + 0.3), TITLE, palette.INK, "start", bold=True))
        lines += self._headings()
        for j in range(len(self.graph.edges)):
            lines += self._edge(j)
        for i in range(len(self.graph.vertices)):
            lines += self._vertex(i)
        return "\n".join([*lines, *self.below, "</svg>"]) + "\n"

    # -- words

    def _title(self) -> str:
        return Text.plain(self.graph.title or words.GRAPH).spoken

    def _description(self) -> str:
        told = [", ".join(text.spoken for text, _ in b.texts) for b in self.blocks]
        return " ".join([words.described(len(self.blocks), len(self.graph.edges)), "; ".join(told) + ".", *self.graph.notes])

    def _headings(self) -> list[str]:
        y = self.top - HEADING_LINE / 2
        out = []
        columns = sorted(set(self.graph.columns or ()))
        for (start, end), column in zip(self.layout.ranks, columns, strict=False):
            if column < len(self.headings):
                middle = self.left + (start + end) / 2
                out.append(written(self.headings[column], middle, y, HEADING, palette.MUTED))
        return out

    # -- vertices

    def middle(self, i: int) -> tuple[float, float]:
        """Where the middle of a vertex' axis stands."""
        start, end = self.layout.ranks[self.layout.columns[i]]
        along, across = (start + end) / 2, float(self.layout.across[i])
        return (self.left + across, self.top + along) if self.down else (self.left + along, self.top + across)

    def _vertex(self, i: int) -> list[str]:
        vertex, x_y = self.graph.vertices[i], self.middle(i)
        names = _quoted(" ".join(vertex.covers))
        told = escape(", ".join(text.spoken for text, _ in self.blocks[i].texts))
        head = f'<g id="{self.prefix}v{i}" class="vertex {vertex.shape}" data-names={names}>'
        return [head, f"<title>{told}</title>", *drawn(self.blocks[i], *x_y), "</g>"]

    # -- edges

    def _edge(self, j: int) -> list[str]:
        edge, label = self.graph.edges[j], self.labels[j]
        covers = _quoted(" ".join(f"{statement},{argument}" for statement, argument in edge.covers))
        names = f" data-names={_quoted(' '.join(edge.names))}" if edge.names else ""
        ends = f'data-from="{self.prefix}v{edge.source}" data-to="{self.prefix}v{edge.target}"'
        out = [f'<g id="{self.prefix}e{j}" class="edge {edge.kind}" {ends} data-covers={covers}{names}>']
        out += self._line(j)
        stop = self.layout.labels[j]
        if label is not None and stop is not None:
            along, across = (stop.start + stop.end) / 2, float(stop.across)
            x, y = (across, along) if self.down else (along, across)
            out += _drawn_label(label, self.left + x, self.top + y)
        return [*out, "</g>"]

    def _line(self, j: int) -> list[str]:
        """A path from side to side: straight where it passes a rank, curved between ranks."""
        edge, route = self.graph.edges[j], self.layout.routes[j]
        leaving, arriving = self._ports[j]
        first = _centre(route[0]) + self._reach(self.blocks[edge.source], leaving)
        tip = _centre(route[-1]) - self._reach(self.blocks[edge.target], arriving)
        stops = [(first, float(route[0].end), route[0].across + leaving)]
        stops += [(float(stop.start), float(stop.end), float(stop.across)) for stop in route[1:-1]]
        stops.append((min(float(route[-1].start), tip - ARROW), tip - ARROW + 1, route[-1].across + arriving))
        pieces = [f"M{self._point(stops[0][0], stops[0][2])}"]
        for (_, end, across), (start, _, further) in pairwise(stops):
            pieces.append(f"L{self._point(end, across)}")
            bend = (end + start) / 2
            curve = " ".join(self._point(*p) for p in ((bend, across), (bend, further), (start, further)))
            pieces.append(f"C{curve}")
        across = stops[-1][2]
        pieces.append(f"L{self._point(stops[-1][1], across)}")
        arrow = ((tip, across), (tip - ARROW, across - ARROW_HALF), (tip - ARROW, across + ARROW_HALF))
        return [
            f'<path d="{"".join(pieces)}" fill="none" {stroke(edge.kind)}/>',
            f'<polygon points="{" ".join(self._point(*p) for p in arrow)}" fill="{LINES[edge.kind][0]}"/>',
        ]

    def _point(self, along: float, across: float) -> str:
        x, y = (across, along) if self.down else (along, across)
        return f"{number(self.left + x)},{number(self.top + y)}"

    def _reach(self, of: Block, offset: float) -> float:
        """How far the vertex reaches along the picture from its middle."""
        return of.height / 2 + (RING if of.output else 0.0) if self.down else of.side(offset)

    @cached_property
    def _ports(self) -> list[tuple[float, float]]:
        """For each edge how far from the axis it leaves its source and meets its target: spread in the order of what comes."""
        found = [[0.0, 0.0] for _ in self.graph.edges]
        for end, beside in ((0, 1), (1, -2)):
            meeting: dict[int, list[int]] = {}
            for j, edge in enumerate(self.graph.edges):
                meeting.setdefault((edge.source, edge.target)[end], []).append(j)
            for i, edges in meeting.items():
                edges.sort(key=lambda j: self.layout.routes[j][beside].across)
                room = self.blocks[i].width if self.down else 2 * self.blocks[i].half
                step = min(APART, (room - CORNERS) / max(1, len(edges) - 1))
                for k, j in enumerate(edges):
                    found[j][end] = (k - (len(edges) - 1) / 2) * step
        return [(leaving, arriving) for leaving, arriving in found]


def _quoted(text: str) -> str:
    return quoteattr(legal(text))


def _centre(stop: Stop) -> float:
    return (stop.start + stop.end) / 2


def _label(edge: Edge, look: Look) -> _Label | None:
    lines = []
    if edge.label is not None:
        about = edge.names[0] if edge.names else edge.covers[0][0] if edge.covers else ""
        lines.append((Text.of(edge.label, look), palette.INK, about and f"forward {about}"))
    if edge.contribution is not None:
        about = edge.names[0] if edge.names else ",".join(edge.covers[0]) if edge.covers else ""
        lines.append((Text.of(edge.contribution, look), palette.BACKWARD_TEXT, about and f"reverse {about}"))
    return _Label(tuple(lines)) if lines else None


def _size(label: _Label, down: bool) -> Size:
    width, height = int(label.width) + 1, int(label.height) + 1
    if down:
        return Size(height, width // 2 + 1, width // 2 + 1)
    return Size(width, height // 2 + 1, height // 2 + 1)


def _drawn_label(label: _Label, x: float, y: float) -> list[str]:
    left, top = x - label.width / 2, y - label.height / 2
    place = f'x="{number(left)}" y="{number(top)}" width="{number(label.width)}" height="{number(label.height)}"'
    out = [f'<rect {place} fill="{palette.PAPER}"/>']
    for i, (text, colour, about) in enumerate(label.lines):
        out.append(written(text, x, top + 1 + LINE * (i + 0.5), BESIDE, colour, figure=about))
    return out
