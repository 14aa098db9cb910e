"""Graphs of specs for the tests, and what they say as lines of text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import wengert
from wengert import pipeline
from wengert.lang.model import Model
from wengert.report import Report
from wengert.show.graph.build import graph_of
from wengert.show.graph.model import Edge, Graph
from wengert.show.look import look_of
from wengert.show.notation import TextNotation
from wengert.show.numbers import Digits

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
NOTATION = TextNotation.of(look_of())
BAYDIN = "ln(x1) + x1*x2 - sin(x2)"


def traced(spec: str | Path | Model, at: dict[str, Any] | None = None, **more: Any) -> Report:
    return pipeline.trace(spec, at=at, verify=False, **more)


def differentiated(spec: str | Path, **more: Any) -> Report:
    return pipeline.diff(spec, verify=False, **more)


def graph(spec: str | Path, at: dict[str, Any] | None = None, **more: Any) -> Graph:
    return graph_of(traced(spec, at, **more), Digits())


def vertices(graph: Graph) -> list[list[str]]:
    """The lines of each vertex."""
    return [[NOTATION.math(v.label), *(NOTATION.math(f.math) for f in v.figures)] for v in graph.vertices]


def said(edge: Edge) -> tuple[str, str]:
    """What stands beside an edge: label and contribution."""
    label, contribution = ("" if m is None else NOTATION.math(m) for m in (edge.label, edge.contribution))
    return label, contribution


def edges(graph: Graph) -> list[tuple[str, str, str, str, str]]:
    """(source, target, kind, label, contribution), vertices by the first name they stand for."""
    name = [v.covers[0] if v.covers else NOTATION.math(v.label) for v in graph.vertices]
    return [(name[e.source], name[e.target], e.kind, *said(e)) for e in graph.edges]
