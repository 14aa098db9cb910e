"""Mermaid: what it says, and that nothing typed is read as its marks.

Its own parser is no part of these tests; `LINE` is the small part of its language that is written.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from tests.show.graph.drawing import BAYDIN, NOTATION, SAMPLES, graph
from wengert.show.document import Document, Name, Words
from wengert.show.graph.mermaid import render
from wengert.show.graph.model import Edge, Figure, Graph, Vertex
from wengert.show.look import look_of

HOSTILE = '%%{init: {"theme":"dark"}}%% "]; end\nclick v0 "x" `**b**` _i_ ~~~ </script>&amp;#35; | -->\x1b'
ALL = sorted(SAMPLES.glob("*.yaml"))
TEXT = r'"((?:[^"<>&|%`{}\\#\n]|<br/>|#[0-9]+;)*)"'
LINE = re.compile(
    rf"  (?:v\d+(?:\(\[{TEXT}\]\)|\[\[{TEXT}\]\]|\[{TEXT}\]|\({TEXT}\)|\{{\{{{TEXT}\}}\}})"
    rf"|v\d+ (?:-->|==>|-\.->)(?:\|{TEXT}\|)? v\d+|notes\[{TEXT}\]|v\d+ ~~~ notes"
    r"|(?:style notes|classDef [a-z]+) [-a-z:#0-9A-Z,. ]+|class v\d+(?:,v\d+)* [a-z]+)\Z"
)


def written(graph: Graph, ascii: bool = False) -> list[str]:
    return "".join(render(Document(graph.title, (), (), lambda: graph), look_of(ascii=ascii))).splitlines()


def body(lines: list[str]) -> list[str]:
    """What stands below the front matter and the first line."""
    start = len(lines) - 1 - lines[::-1].index("---")
    assert lines[start + 1] in ("flowchart LR", "flowchart TB")
    return lines[start + 2 :]


def read(text: str) -> str:
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", text))


def test_a_formula() -> None:
    found = graph(BAYDIN, {"x1": 2, "x2": 5})
    lines = body(written(found))
    adjoint = NOTATION.math(found.vertices[2].figures[1].math)
    assert lines[2] == f'  v2["v1 = ln(x1)<br/>≈ 0.693147<br/>{adjoint}"]'
    assert '  v1 -->|"cos(x2) ≈ 0.283662<br/>← ≈ −0.283662"| v5' in lines


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_line_is_one_of_the_few_kinds_that_are_used(path: Path, ascii: bool) -> None:
    found = graph(path)
    lines = body(written(found, ascii))
    for line in lines:
        assert LINE.match(line), line
    assert sum(bool(re.match(r"  v\d+ [-=]", line)) for line in lines) == len(found.edges)
    assert not ascii or "".join(lines).isascii()


def test_nothing_that_was_typed_is_read() -> None:
    vertices = (
        Vertex(Name(HOSTILE), "input", "", (Figure(Words(HOSTILE)),)),
        Vertex(Words(""), "neuron", HOSTILE, output=True),
    )
    edges = (Edge(0, 1, "weight", Words(HOSTILE), Words(HOSTILE)), Edge(0, 1, "still"))
    lines = written(Graph(HOSTILE, vertices, edges, (HOSTILE,)))
    for line in body(lines):
        assert LINE.match(line), line
    shown = HOSTILE.replace("\n", " ").replace("\x1b", "�")
    assert shown in read(body(lines)[0]).replace("<br/>", "\n")
    title = next(line for line in lines if line.startswith("title: "))
    assert title.startswith('title: "') and not set("<>&") & set(title)
