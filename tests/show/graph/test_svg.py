"""The SVG: well formed, complete, escaped, and everything inside the picture."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.show.graph.drawing import BAYDIN, SAMPLES, graph, traced
from wengert.show import palette
from wengert.show.document import Name, Number, Words
from wengert.show.graph.build import graph_of
from wengert.show.graph.model import Edge, Figure, Graph, Vertex
from wengert.show.graph.svg import svg
from wengert.show.graph.svg_text import Text, wrapped
from wengert.show.look import Look, look_of
from wengert.show.numbers import Digits

NS = "{http://www.w3.org/2000/svg}"
LOOK = look_of()
ALL = sorted(SAMPLES.glob("*.yaml"))
HOSTILE = "</text><script>alert(1)</script>&\"'\x1b[31m\ufffe\ue000"


def drawn(graph: Graph, look: Look = LOOK, **more: bool | str) -> ElementTree.Element:
    return ElementTree.fromstring(svg(graph, look, **more))  # type: ignore[arg-type]


def groups(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [g for g in root.iter(f"{NS}g") if kind in g.get("class", "").split()]


def written(element: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in element.iter(f"{NS}text")]


def test_a_formula() -> None:
    root = drawn(graph(BAYDIN, {"x1": 2, "x2": 5}))
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "graph-title graph-desc")
    assert [root.find(f"{NS}{tag}").get("id") for tag in ("title", "desc")] == ["graph-title", "graph-desc"]  # type: ignore[union-attr]
    assert written(groups(root, "vertex")[2]) == ["v1 = ln(x1)", "≈ 0.693147", "v̄1 = 1"]
    assert written(groups(root, "edge")[5]) == ["cos(x2) ≈ 0.283662", "← ≈ −0.283662"]
    told = root.find(f"{NS}desc")
    assert told is not None and told.text is not None
    assert told.text.startswith("7 vertices and 8 edges. x1, = 2, x̄1 = 5.5; x2, = 5")


def test_a_page_finds_statements_arguments_and_weights() -> None:
    root = drawn(graph(SAMPLES / "two-two-one.yaml"))
    vertices, edges = groups(root, "vertex"), groups(root, "edge")
    assert [v.get("id") for v in vertices] == ["v0", "v1", "v2", "v3", "v4"]
    assert vertices[2].get("data-names") == "a1 h1 b1"
    first = edges[0]
    assert {key: first.get(key) for key in ("id", "data-from", "data-to", "data-covers", "data-names")} == {
        "id": "e0", "data-from": "v0", "data-to": "v2", "data-covers": "a1,x1 a1,w1", "data-names": "w1",
    }  # fmt: skip


def test_embedded_it_has_no_declaration_and_ids_of_its_own() -> None:
    found = graph("x*x", {"x": 3})
    assert svg(found, LOOK).startswith('<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    embedded = svg(found, LOOK, embedded=True, prefix="p-")
    assert embedded.startswith("<svg ")
    ids = re.findall(r' id="([^"]+)"', embedded)
    assert ids == ["p-graph-title", "p-graph-desc", "p-e0", "p-e1", "p-v0", "p-v1"]
    assert 'data-from="p-v0" data-to="p-v1"' in embedded


def test_indices_stand_below_the_line() -> None:
    made = svg(graph("x1*y", {"x1": 2, "y": 3}), LOOK)
    assert 'x<tspan dy="2.86" font-size="9.36">1</tspan></text>' in made
    assert '<tspan dy="-2.86">·y</tspan>' in made  # what follows stands on the line again


def test_nothing_that_was_typed_is_markup() -> None:
    vertices = (
        Vertex(Name(HOSTILE), "input", HOSTILE, (Figure(Words(HOSTILE)),), (HOSTILE,)),
        Vertex(Words(HOSTILE), "neuron", HOSTILE, (), (HOSTILE,), None, True),
    )
    edge = Edge(0, 1, "weight", Name(HOSTILE), Words(HOSTILE), ((HOSTILE, HOSTILE),), (HOSTILE,))
    made = svg(Graph(HOSTILE, vertices, (edge,), (HOSTILE,)), LOOK)
    root = ElementTree.fromstring(made)
    assert "<script" not in made
    assert not [e for e in root.iter() if e.tag.endswith("script")]
    assert "\x1b" not in made and "\ufffe" not in made


@pytest.mark.parametrize("level", ["operation", "neuron"])
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_all_is_inside_the_picture(path: Path, level: str) -> None:
    root = drawn(graph_of(traced(path, level=level), Digits()))
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    for x, y in _points(root):
        assert 0 <= x <= width and 0 <= y <= height
    for text in root.iter(f"{NS}text"):
        x, size = float(text.get("x", "")), float(text.get("font-size", ""))
        room = Text.plain("".join(text.itertext())).width(size)
        left = x - room / 2 if text.get("text-anchor") == "middle" else x
        assert left >= 0 and left + room <= width
        assert 0 < float(text.get("y", "")) < height


def _points(root: ElementTree.Element) -> list[tuple[float, float]]:
    found = []
    for element in root.iter():
        numbers = [float(n) for n in re.findall(r"-?[0-9.]+", element.get("points") or element.get("d") or "")]
        if "H" in (element.get("d") or ""):
            continue  # of the legend
        found += list(zip(numbers[::2], numbers[1::2], strict=True))
        if element.tag == f"{NS}rect" and element.get("x"):
            x, y, w, h = (float(element.get(a, "")) for a in ("x", "y", "width", "height"))
            found += [(x, y), (x + w, y + h)]
    return found


def test_outlines_and_lines_differ_without_their_colours() -> None:
    """In grey an input, a parameter, a target, a loss and a neuron are told apart, and so are the kinds of lines."""
    root = drawn(graph(SAMPLES / "mazur-2-2-2.yaml"))
    shapes = {}
    for vertex in groups(root, "vertex"):
        outline = next(e for e in vertex if e.tag in (f"{NS}rect", f"{NS}circle", f"{NS}polygon"))
        look = (outline.tag, outline.get("stroke-dasharray"), outline.get("rx"))
        shapes.setdefault(vertex.get("class", "").split()[1], set()).add(look[:2])
    assert len({tuple(sorted(map(str, looks))) for looks in shapes.values()}) == len(shapes) == 4
    lines = {e.get("class"): e[0].get("stroke-dasharray") for e in groups(root, "edge")}
    assert lines["edge still"] is not None and lines["edge weight"] is None


def test_colours_are_those_of_the_palette() -> None:
    known = {value for value in vars(palette).values() if isinstance(value, str)} | {"none"}
    for path in ALL:
        made = svg(graph(path), LOOK)
        assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', made)) <= known


def test_notation_is_that_of_the_look() -> None:
    report = traced(BAYDIN, {"x1": 2, "x2": 5})
    leibniz = svg(graph_of(report, Digits()), look_of(report.model, "leibniz"))
    assert "∂f/∂x" in leibniz and "x̄" not in leibniz
    plain = svg(graph_of(report, Digits()), look_of(report.model, ascii=True))
    assert "bar(x1) = 5.5" in plain


def test_names_that_would_look_alike_stay_as_typed() -> None:
    report = traced("x1 + x_1", {"x1": 1, "x_1": 2})
    texts = written(drawn(graph_of(report, Digits()), look_of(report.model)))
    assert "x_1" in texts and "x1" in texts


@pytest.mark.parametrize("notation", ["bar", "leibniz", "delta", "grad"])
def test_every_notation_can_be_drawn(notation: str) -> None:
    report = traced(SAMPLES / "mazur-2-2-2.yaml")
    root = drawn(graph_of(report, Digits()), look_of(report.model, notation))  # type: ignore[arg-type]
    assert len(groups(root, "vertex")) == 11


def test_a_sentence_is_broken_within_its_width() -> None:
    lines = wrapped("one two three four five six seven", 60, 10)
    assert " ".join(line.spoken for line in lines) == "one two three four five six seven"
    assert all(line.width(10) <= 60 for line in lines)


def test_a_long_text_is_shortened_in_the_picture_alone() -> None:
    name = "x" + "y" * 300
    found = Graph(None, (Vertex(Name(name), "input", covers=(name,), figures=(Figure(Number("1")),)),), ())
    root = drawn(found)
    assert float(root.get("width", "")) < 1200
    assert written(groups(root, "vertex")[0])[0].endswith("…")
    assert groups(root, "vertex")[0].get("data-names") == name
