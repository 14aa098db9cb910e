"""The graph as a Mermaid flowchart, which GitHub and many wikis draw from text.

Every text stands in quotes, and what Mermaid would read in it (its own marks, HTML, Markdown) as its number: `#35;`. A title
has no such numbers, and Mermaid takes for HTML what looks like it: there ‹ and › stand for < and >.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from wengert.errors import printable
from wengert.show import palette
from wengert.show.document import Document
from wengert.show.graph.model import Edge, Kind, Shape, Vertex, graph_in
from wengert.show.graph.style import DASHES, FILLS
from wengert.show.look import Look
from wengert.show.notation import TextNotation

WIDEST = 600  # pixels of a line that is not broken
_TITLE = str.maketrans("<>&", "‹›+")
_ASCII_TITLE = str.maketrans("<>&", "()+")
_BRACKETS: dict[Shape, tuple[str, str]] = {
    "input": ("([", "])"), "parameter": ("[[", "]]"), "target": ("([", "])"), "operation": ("[", "]"), "neuron": ("(", ")"),
    "layer": ("[", "]"), "loss": ("{{", "}}"), "summary": ("[", "]"),
}  # fmt: skip
_ARROWS: dict[Kind, str] = {"use": "-->", "weight": "-->", "skip": "==>", "still": "-.->", "summary": "-.->"}
_READ = re.compile(r"[^\w\s.,=()\[\]/+:^≈−·←∂…σΣ√∞π²³⁰-⁹⁻₀-₉′\u0300-\u036f]|[_~]")  # by Mermaid, Markdown or HTML


def render(document: Document, look: Look) -> Iterator[str]:
    """The document's graph."""
    graph = graph_in(document)
    notation = TextNotation.of(look)
    yield "---\n"
    if graph.title:
        title = printable(notation.words(graph.title)).translate(_TITLE if not look.ascii else _ASCII_TITLE)
        yield f"title: {json.dumps(title, ensure_ascii=look.ascii)}\n"
    yield f"config:\n  flowchart:\n    wrappingWidth: {WIDEST}\n---\n"
    yield f"flowchart {'TB' if graph.direction == 'down' else 'LR'}\n"
    for i, vertex in enumerate(graph.vertices):
        yield f"  v{i}{_vertex(vertex, notation)}\n"
    for edge in graph.edges:
        yield f"  v{edge.source} {_arrow(edge, notation)} v{edge.target}\n"
    if graph.notes:
        yield f'  notes["{"<br/>".join(_text(notation.words(note)) for note in graph.notes)}"]\n'
        yield f"  v{len(graph.vertices) - 1} ~~~ notes\n"  # behind all else, without a line
        yield f"  style notes fill:{palette.PAPER},stroke:{palette.FAINT},color:{palette.MUTED}\n"
    for shape in dict.fromkeys(v.shape for v in graph.vertices):
        dashes = f",stroke-dasharray:{DASHES[shape]}" if shape in DASHES else ""
        yield f"  classDef {shape} fill:{FILLS[shape]},stroke:{palette.INK},color:{palette.INK}{dashes}\n"
        members = ",".join(f"v{i}" for i, v in enumerate(graph.vertices) if v.shape == shape)
        yield f"  class {members} {shape}\n"
    outputs = ",".join(f"v{i}" for i, v in enumerate(graph.vertices) if v.output)
    if outputs:
        yield "  classDef output stroke-width:3px\n"
        yield f"  class {outputs} output\n"


def _vertex(vertex: Vertex, notation: TextNotation) -> str:
    before, after = _BRACKETS[vertex.shape]
    lines = [notation.words(vertex.sign)] if vertex.sign else []
    lines += [notation.math(vertex.label), *(notation.math(f.math) for f in vertex.figures)]
    return f'{before}"{"<br/>".join(map(_text, lines))}"{after}'


def _arrow(edge: Edge, notation: TextNotation) -> str:
    lines = [notation.math(m) for m in (edge.label, edge.contribution) if m is not None]
    label = f'|"{"<br/>".join(map(_text, lines))}"|' if lines else ""
    return f"{_ARROWS[edge.kind]}{label}"


def _text(text: str) -> str:
    """Text between quotes, on one line; a blank for none."""
    shown = _READ.sub(lambda m: f"#{ord(m[0])};", printable(text))
    return shown or " "
