"""The graph as one JSON object: vertices and edges with what stands at them, and where a drawing has them.

Figures are texts, as they are printed; who wants the numbers themselves reads `trace -f json`.
"""

from __future__ import annotations

from typing import Any

from wengert.show.graph.model import Edge, Graph, Vertex
from wengert.show.graph.svg import places
from wengert.show.look import Look
from wengert.show.notation import TextNotation

SCHEMA = "wengert.graph/1"


def record(graph: Graph, look: Look) -> dict[str, Any]:
    """`x`, `y` are the middle of a vertex in the SVG, from its upper left corner; `covers` the statements and inputs that a
    vertex stands for, and the (statement, argument) pairs of an edge."""
    notation = TextNotation.of(look)
    found = places(graph, look)
    return {
        "schema": SCHEMA,
        "title": graph.title,
        "direction": graph.direction,
        "columns": list(graph.titles),
        "width": found.width,
        "height": found.height,
        "vertices": [
            {"id": f"v{i}", **_vertex(vertex, notation), "x": x, "y": y}
            for i, (vertex, (x, y)) in enumerate(zip(graph.vertices, found.vertices, strict=True))
        ],
        "edges": [{"id": f"e{j}", **_edge(edge, notation)} for j, edge in enumerate(graph.edges)],
        "notes": list(graph.notes),
    }


def _vertex(vertex: Vertex, notation: TextNotation) -> dict[str, Any]:
    return {
        "label": notation.math(vertex.label),
        "shape": vertex.shape,
        "sign": notation.words(vertex.sign),
        "output": vertex.output,
        "column": vertex.column,
        "covers": list(vertex.covers),
        "figures": [{"text": notation.math(f.math), "flow": f.flow} for f in vertex.figures],
    }


def _edge(edge: Edge, notation: TextNotation) -> dict[str, Any]:
    label, contribution = (None if m is None else notation.math(m) for m in (edge.label, edge.contribution))
    return {
        "from": f"v{edge.source}",
        "to": f"v{edge.target}",
        "kind": edge.kind,
        "label": label,
        "contribution": contribution,
        "covers": [list(pair) for pair in edge.covers],
        "names": list(edge.names),
    }
