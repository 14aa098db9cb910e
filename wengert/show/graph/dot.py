"""The graph in DOT, for who prefers Graphviz: `wengert graph SPEC -f dot | dot -Tsvg`.

Labels are Graphviz' HTML-like ones, so that values and adjoints keep their colours; all that was typed is escaped in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from wengert.errors import printable
from wengert.show import palette
from wengert.show.document import Document, Math
from wengert.show.graph.model import Edge, Graph, Kind, Shape, Vertex, graph_in
from wengert.show.graph.style import COLOURS, FILLS, LINES
from wengert.show.look import Look
from wengert.show.notation import TextNotation

_SHAPES: dict[Shape, str] = {
    "input": "shape=box, style=\"rounded,filled\"", "parameter": "shape=box, style=filled",
    "target": "shape=box, style=\"rounded,filled,dashed\"", "operation": "shape=box, style=filled",
    "neuron": "shape=ellipse, style=filled", "layer": "shape=box, style=filled", "loss": "shape=octagon, style=filled",
    "summary": "shape=box, style=\"filled,dotted\"",
}  # fmt: skip
_STYLES: dict[Kind, str] = {"use": "solid", "weight": "solid", "skip": "dashed", "still": "dashed", "summary": "dotted"}


def render(document: Document, look: Look) -> Iterator[str]:
    """The document's graph."""
    graph = graph_in(document)
    notation = TextNotation.of(look)
    yield "digraph wengert {\n"
    yield f"  rankdir={'TB' if graph.direction == 'down' else 'LR'};\n"
    yield f'  graph [fontname="sans-serif", bgcolor="{palette.PAPER}", labelloc=t{_heading(graph, notation)}];\n'
    yield f'  node [fontname="sans-serif", fontsize=12, color="{palette.INK}"];\n'
    yield '  edge [fontname="sans-serif", fontsize=10];\n'
    for i, vertex in enumerate(graph.vertices):
        yield f"  v{i} [{_vertex(vertex, notation)}];\n"
    for edge in graph.edges:
        yield f"  v{edge.source} -> v{edge.target} [{_edge(edge, notation)}];\n"
    for column in sorted(set(graph.columns or ())):
        members = "; ".join(f"v{i}" for i, v in enumerate(graph.vertices) if v.column == column)
        yield f"  {{ rank=same; {members}; }}\n"
    yield "}\n"


def _heading(graph: Graph, notation: TextNotation) -> str:
    lines = [f"<B>{_text(notation.words(graph.title))}</B>"] if graph.title else []
    lines += [_coloured(notation.words(note), palette.MUTED) for note in graph.notes]
    return f", label=<{'<BR/>'.join(lines)}>" if lines else ""


def _vertex(vertex: Vertex, notation: TextNotation) -> str:
    lines = [_coloured(notation.words(vertex.sign), palette.MUTED)] if vertex.sign else []
    lines.append(f"<B>{_math(vertex.label, notation)}</B>")
    lines += [_coloured(notation.math(f.math), COLOURS[f.flow]) for f in vertex.figures]
    output = ", peripheries=2" if vertex.output else ""
    return f'label=<{"<BR/>".join(lines)}>, {_SHAPES[vertex.shape]}, fillcolor="{FILLS[vertex.shape]}"{output}'


def _edge(edge: Edge, notation: TextNotation) -> str:
    colour, width, _ = LINES[edge.kind]
    lines = [_math(edge.label, notation)] if edge.label is not None else []
    if edge.contribution is not None:
        lines.append(_coloured(notation.math(edge.contribution), COLOURS["backward"]))
    label = f"label=<{'<BR/>'.join(lines)}>, " if lines else ""
    return f'{label}color="{colour}", penwidth={width:g}, style={_STYLES[edge.kind]}'


def _math(math: Math, notation: TextNotation) -> str:
    return _text(notation.math(math))


def _coloured(text: str, colour: str) -> str:
    return f'<FONT COLOR="{colour}">{_text(text)}</FONT>'


def _text(text: str) -> str:
    """Text in an HTML-like label, which must not be empty."""
    return escape(printable(text), quote=True) or " "
