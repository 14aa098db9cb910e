"""Below the picture: what its outlines, lines and colours stand for (only what occurs in it), and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wengert.show import palette
from wengert.show.document import Math
from wengert.show.graph.model import Edge, Flow, Graph, Kind, Shape
from wengert.show.graph.style import COLOURS
from wengert.show.graph.svg_text import NOTE, Text, number, stroke, wrapped, written
from wengert.show.graph.svg_vertex import outline, ring
from wengert.show.look import Look
from wengert.show.words import graphs as words

GLYPH = 30.0  # the width of an outline or line in the legend
HIGH = 14.0
LINE = 21.0
SENTENCE = 16.0
BETWEEN, BESIDE = 22.0, 7.0


@dataclass(frozen=True, slots=True)
class _Item:
    """An outline, a line or a text of the picture, and the words for it."""

    text: Text
    shape: Shape | None = None
    ring: bool = False
    line: Kind | None = None
    sample: Text | None = None
    colour: str = palette.INK

    @property
    def before(self) -> float:
        return (GLYPH if self.sample is None else self.sample.width(NOTE)) + BESIDE

    @property
    def width(self) -> float:
        return self.before + self.text.width(NOTE)

    def drawn(self, x: float, y: float) -> list[str]:
        out: list[str] = []
        middle = x + GLYPH / 2
        radius = HIGH / 2 if self.shape == "neuron" else 0.0
        if self.ring:
            out += ring("operation", middle, y, GLYPH - 6, HIGH - 5)
            out += outline("operation", middle, y, GLYPH - 6, HIGH - 5)
        elif self.shape is not None:
            out += outline(self.shape, middle, y, GLYPH, HIGH, radius)
        elif self.line is not None:
            out.append(f'<path d="M{number(x)},{number(y)}H{number(x + GLYPH)}" fill="none" {stroke(self.line)}/>')
        elif self.sample is not None:
            out.append(written(self.sample, x, y, NOTE, self.colour, "start"))
        out.append(written(self.text, x + self.before, y, NOTE, palette.MUTED, "start"))
        return out


def legend(graph: Graph, look: Look, left: float, top: float, width: float) -> tuple[list[str], float]:
    """The legend and the notes from this height on, in lines of this width; and where they end."""
    out = ['<g class="legend">']
    x, y = left, top
    for item in _items(graph, look):
        if x > left and x + item.width > left + width:
            x, y = left, y + LINE
        out += item.drawn(x, y)
        x += item.width + BETWEEN
    y += LINE
    for note in graph.notes:
        for text in wrapped(note, width, NOTE):
            out.append(written(text, left, y, NOTE, palette.MUTED, "start"))
            y += SENTENCE
    return [*out, "</g>"], y - SENTENCE / 2


def _items(graph: Graph, look: Look) -> Iterator[_Item]:
    for shape in dict.fromkeys(v.shape for v in graph.vertices):
        yield _Item(Text.plain(words.KINDS[shape]), shape=shape)
    if any(v.output for v in graph.vertices):
        yield _Item(Text.plain(words.OUTPUT), ring=True)
    for kind in dict.fromkeys(e.kind for e in graph.edges):
        if kind in words.LINES:
            yield _Item(Text.plain(words.LINES[kind]), line=kind)
    for math, flow, said in _samples(graph):
        yield _Item(Text.plain(said), sample=Text.of(math, look), colour=COLOURS[flow])


def _samples(graph: Graph) -> Iterator[tuple[Math, Flow, str]]:
    """The first text of each kind that occurs, and what it is."""
    flows: tuple[tuple[Flow, str], ...] = (("forward", words.VALUE), ("backward", words.ADJOINT))
    for flow, said in flows:
        figure = next((f for v in graph.vertices for f in v.figures if f.flow == flow), None)
        if figure is not None:
            yield figure.math, flow, said
    kinds: tuple[tuple[Kind, str, str], ...] = (
        ("weight", words.WEIGHTS, words.WEIGHT_DERIVATIVE), ("use", words.LOCAL, words.BACK),
    )  # fmt: skip
    for kind, forward, backward in kinds:
        edges: list[Edge] = [e for e in graph.edges if e.kind == kind]
        label = next((e.label for e in edges if e.label is not None), None)
        contribution = next((e.contribution for e in edges if e.contribution is not None), None)
        if label is not None:
            yield label, "", forward
        if contribution is not None:
            yield contribution, "backward", backward
