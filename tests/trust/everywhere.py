"""Documents and graphs with one text in every place where a person's words or names can stand, for every renderer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import import_module

from tests.trust.payloads import HARMLESS
from wengert import pipeline
from wengert.lang.expr import Nodes
from wengert.lang.spec import read_spec
from wengert.report import Report
from wengert.show.document import (
    Adjoint,
    Column,
    Derivative,
    Document,
    Equation,
    Formula,
    Math,
    Matrix,
    Name,
    Number,
    Phrase,
    Product,
    Result,
    Row,
    Section,
    Sum,
    Tangent,
    Words,
)
from wengert.show.documents import document_of
from wengert.show.formats import Content, pieces
from wengert.show.graph.build import graph_of
from wengert.show.graph.model import Edge, Figure, Graph, Vertex
from wengert.show.look import Look, look_of
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.tape.primitives import VOCABULARY

PLACES = 24  # of a text in `document`, those of its graph included
NETWORK = """
inputs: {x1: 0.05, x2: 0.1}
layers:
  - {weights: [[0.15, 0.2], [w, 0.3]], bias: [0.35, 0.35], activation: sigmoid, name: hidden}
  - {weights: [[0.4, 0.45]], post: out}
parameters: {w: 0.25}
targets: [0.01]
loss: {kind: half_squared_error, name: E_total}
"""


def document(text: str) -> Document:
    """The text as title, heading, column, words, name, formula, adjoint, derivative, tangent, matrix, and in the graph."""
    nodes = Nodes()
    formula = Formula(nodes, nodes.call("add", [nodes.name(text), nodes.call("sin", [nodes.name(text)])]))
    cells: tuple[Math, ...] = (
        Words(text), Name(text), formula, Adjoint("f", text), Phrase((Words(text), Name("x"), Words(f"= {text}"))),
        Equation((Name(text), Product((Name(text), Number("2"))), Sum((Name("x"), Name(text))), Result("0.5", False))),
    )  # fmt: skip
    row = Row(cells, about=(text, text), mark="good")
    lines = (
        (Words(text),), (Name(text), Words(f": {text}")), (Derivative(text, (text, text)), Tangent(text, text)),
        (Words("A = "), Matrix(((Name(text), Words(text)),))),
    )  # fmt: skip
    columns = tuple(Column(f"{text} {n}" if n else text) for n in range(len(cells)))
    working = Section(
        f"{text}", columns, lambda: iter([row, replace(row, opens=False)]), lines, lambda: iter(lines[:2]), kind="reverse"
    )
    chain = Section("Chain", (Column(""),) * 3, lambda: iter([Row((Name(text), Words("="), Words(text)))]), equations=True)
    return Document(text, lines[:2], (working, chain), lambda: graph(text))


def graph(text: str) -> Graph:
    vertices = (
        Vertex(Name(text), "input", figures=(Figure(Words(text), "forward", ("forward", text)),), covers=(text,), column=0),
        Vertex(Words(text), "operation", text, (Figure(Equation((Adjoint("f", text), Name(text))), "backward"),), (text,), 1),
        Vertex(Words(text), "neuron", "σ", covers=(text,), column=1, output=True),
    )
    edges = (
        Edge(0, 1, label=Words(text), contribution=Name(text), covers=((text, text),), names=(text,)),
        Edge(0, 2, "weight", Name(text), Words(text), ((text, text),), (text,)),
    )
    return Graph(text, vertices, edges, (text, f"note: {text}"), (text, text))


@lru_cache(maxsize=1)
def _model() -> tuple[Report, Report]:
    network = read_spec(NETWORK, None, VOCABULARY)
    return pipeline.trace(network, verify=False), pipeline.diff("x*sin(x) + w", verify=False)


def told(text: str) -> Iterator[tuple[str, Document, Report]]:
    """Real documents, of `trace` and of `diff`, whose title, source and note are the text."""
    for command, made in zip(("trace", "diff"), _model(), strict=True):
        report = replace(made, model=replace(made.model, title=text, source=text, note=text))
        yield command, document_of(command, report, Digits(6)), report


def rendered(format: str, text: str, ascii: bool = False, standalone: bool = False) -> str:
    """The document made by hand in a format: of documents, of graphs, or `notebook`."""
    look = replace(
        look_of(), ascii=ascii, standalone=standalone, names=frozenset({text, "x"}), preactivations=frozenset({text})
    )  # fmt: skip
    return written(format, document(text), look)


def together(texts: Sequence[str]) -> Document:
    """The documents of several texts as one, without graphs, for a consumer that takes its time: the title is the first."""
    made = [document(text) for text in texts]
    sections = tuple(section for each in made for section in each.sections)
    return Document(texts[0], tuple(line for each in made for line in each.opening), sections)


def written(format: str, made: Document, look: Look) -> str:
    if format == "notebook":
        return "".join(import_module("wengert.show.notebook").render(made, look))
    return "".join(map(str, pieces(format, look, Content(lambda: made, dict))))


def real(format: str, text: str) -> Iterator[str]:
    """The documents of reports in that format, or their graphs."""
    for _, made, report in told(text):
        yield written(format, replace(made, graph=_graph(report)), look_of(report.model))


def _graph(report: Report):  # type: ignore[no-untyped-def]
    return lambda: graph_of(report, Digits(6), row=1, level=None)


def records(text: str) -> list[dict[str, object]]:
    """The records of `trace` and `diff`, with the text for their title, source and note."""
    return [{**made, **{key: text for key in ("title", "source", "note") if key in made}} for made in _records()]


@lru_cache(maxsize=1)
def _records() -> list[dict[str, object]]:
    return [record(report) for _, _, report in told(HARMLESS)]
