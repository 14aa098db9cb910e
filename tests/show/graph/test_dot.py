"""DOT: what it says, and that Graphviz reads it, whatever was typed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.show.graph.drawing import BAYDIN, SAMPLES, graph, traced
from wengert.errors import UsageError
from wengert.show.document import Document, Name, Words
from wengert.show.graph.build import graph_of
from wengert.show.graph.dot import render
from wengert.show.graph.model import Edge, Figure, Graph, Vertex
from wengert.show.look import look_of
from wengert.show.numbers import Digits

HOSTILE = 'a\\N<b>&lt;"];} subgraph x { y -> z } /* \n --> ]]> </TABLE>\x00\x1b\ufffe'
ALL = sorted(SAMPLES.glob("*.yaml"))
needs_graphviz = pytest.mark.needs("dot")


def written(graph: Graph) -> str:
    return "".join(render(Document(graph.title, (), (), lambda: graph), look_of()))


def drawn(text: str) -> str:
    """What Graphviz makes of it, without a word of complaint."""
    done = subprocess.run(
        ["dot", "-Tsvg"], input=text, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_formula() -> None:
    lines = written(graph(BAYDIN, {"x1": 2, "x2": 5})).splitlines()
    assert lines[0] == "digraph wengert {"
    assert "  rankdir=LR;" in lines
    assert sum(" -> " in line for line in lines) == 8
    assert any("<B>v1 = ln(x1)</B>" in line and "≈ 0.693147" in line for line in lines)
    assert any(line.startswith("  v1 -> v5 [label=<cos(x2) ≈ 0.283662<BR/>") for line in lines)


@needs_graphviz
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_graphviz_reads_it(path: Path) -> None:
    found = graph(path)
    made = drawn(written(found))
    assert made.count('class="node"') == len(found.vertices)
    assert made.count('class="edge"') == len(found.edges)


@needs_graphviz
@pytest.mark.parametrize("level", ["operation", "neuron"])
def test_columns_stand_below_one_another(level: str) -> None:
    drawn(written(graph_of(traced(SAMPLES / "mazur-2-2-2.yaml", level=level), Digits())))


@needs_graphviz
def test_nothing_that_was_typed_is_read() -> None:
    vertices = (
        Vertex(Name(HOSTILE), "input", "", (Figure(Words(HOSTILE)),)),
        Vertex(Words(""), "neuron", HOSTILE, output=True),
    )
    edges = (Edge(0, 1, "weight", Words(HOSTILE), Words(HOSTILE)), Edge(0, 1, "still"))
    made = drawn(written(Graph(HOSTILE, vertices, edges, (HOSTILE,))))
    assert made.count('class="node"') == 2
    assert made.count('class="edge"') == 2
    assert "subgraph x { y" in made.replace("&#160;", " ").replace("&#45;&gt;", "->")


def test_a_document_without_a_graph_is_refused() -> None:
    with pytest.raises(UsageError, match="no computational graph"):
        "".join(render(Document(None, (), ()), look_of()))
