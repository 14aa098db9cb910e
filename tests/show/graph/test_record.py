"""The graph as JSON: complete, and with the places of the SVG."""

from __future__ import annotations

import json
import re

from tests.show.graph.drawing import SAMPLES, edges, graph, vertices
from wengert.show.graph.record import record
from wengert.show.graph.svg import svg
from wengert.show.look import look_of


def test_vertices_and_edges_are_those_of_the_graph() -> None:
    found = graph(SAMPLES / "mazur-2-2-2.yaml")
    made = json.loads(json.dumps(record(found, look_of()), allow_nan=False))
    assert made["schema"] == "wengert.graph/1"
    assert [[v["label"], *(f["text"] for f in v["figures"])] for v in made["vertices"]] == vertices(found)
    assert [(e["kind"], e["label"] or "", e["contribution"] or "") for e in made["edges"]] == [e[2:] for e in edges(found)]
    assert made["edges"][0]["from"] == "v0"
    assert made["edges"][0]["covers"] == [["net_h1", "i1"], ["net_h1", "w1"]]
    assert made["columns"] == ["inputs", "layer 1", "layer 2", "loss, by output", "loss"]


def test_places_are_those_of_the_picture() -> None:
    found = graph(SAMPLES / "two-two-one.yaml")
    made = record(found, look_of())
    drawn = svg(found, look_of())
    assert f'width="{made["width"]:g}" height="{made["height"]:g}"' in drawn
    circles = re.findall(r'<circle cx="([0-9.]+)" cy="([0-9.]+)"', drawn.split('class="legend"')[0])
    middles = [(v["x"], v["y"]) for v in made["vertices"] if v["shape"] == "neuron"]
    assert set(middles) == {(float(x), float(y)) for x, y in circles}
