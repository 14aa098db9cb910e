"""The graph as a list, where there is no room to draw it: each vertex with its figures, and where its lines lead."""

from __future__ import annotations

from collections.abc import Iterator

from wengert.show.document import Result
from wengert.show.folding import fold_prose
from wengert.show.graph.model import Edge, Graph, Vertex
from wengert.show.notation import TextNotation
from wengert.show.words import graphs as words

INDENT = 4


def listing(graph: Graph, notation: TextNotation, width: int) -> Iterator[str]:
    """Lines of at most this width, as far as words can be broken."""
    leaving: dict[int, list[Edge]] = {}
    for edge in graph.edges:
        leaving.setdefault(edge.source, []).append(edge)
    names = [_name(v, notation) for v in graph.vertices]
    for i, vertex in enumerate(graph.vertices):
        yield from _folded("", _told(vertex, notation), width)
        for edge in leaving.get(i, ()):
            beside = [notation.math(m) for m in (edge.label, edge.contribution) if m is not None]
            said = [words.LINES[edge.kind]] if edge.kind in words.LINES else []
            told = notation.words(words.TO + names[edge.target])
            about = words.COMMA.join([*beside, *said])
            yield from _folded(" " * INDENT, f"{told}{words.BESIDE}{about}" if about else told, width)


def _told(vertex: Vertex, notation: TextNotation) -> str:
    """`v1 = ln(x1) ≈ 0.693147, v̄1 = 1`, `h1: a1 = 1.36688, h1 ≈ 0.796876`"""
    label = notation.math(vertex.label)
    figures = words.COMMA.join(notation.math(f.math) for f in vertex.figures)
    if not figures:
        return label
    return label + (" " if isinstance(vertex.figures[0].math, Result) else words.BESIDE) + figures


def _name(vertex: Vertex, notation: TextNotation) -> str:
    """The last name that it stands for: of a neuron its a."""
    return notation.math(vertex.label).split(" = ")[0]


def _folded(indent: str, text: str, width: int) -> Iterator[str]:
    room = max(20, width - len(indent))
    for i, line in enumerate(fold_prose(text, room, 2)):
        yield indent + ("  " if i else "") + line
