"""The graph of a network layer by layer, for one too large to be drawn neuron by neuron: a vertex a layer, read downwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from wengert.lang.shape import Layer, Names, PerRow, Shape
from wengert.show.document import Math, Name, Number, Phrase, Result, Words
from wengert.show.graph import model
from wengert.show.graph.groups import sign_of
from wengert.show.graph.marks import Marks
from wengert.show.graph.model import Edge, Figure, Graph, Vertex
from wengert.show.graph.operations import MOST_COVERED
from wengert.show.words import graphs as words
from wengert.tape.primitives import SYMBOLS

MOST_FIGURES = 4  # of a layer that are all shown; else the first ones and the last
FIRST_FIGURES = 3

_T = TypeVar("_T")


def layered(marks: Marks, shape: Shape, row: int, notes: Sequence[str]) -> Graph:
    """The network with the figures of one row of data (from 1)."""
    r = row - 1
    vertices = [_values(marks, "input", words.INPUT, shape.inputs, r)]
    place = {name: 0 for names in shape.inputs for name in names}
    edges: list[Edge] = []
    for layer in shape.layers:
        here = len(vertices)
        vertices.append(_layer(marks, layer, r))
        edges += _edges(layer, r, here, place)
        for table in (layer.pre if layer.kind == "dense" else (), layer.inner, layer.post):
            place.update((name, here) for names in table for name in names)
    if shape.loss is not None:
        _add_loss(marks, shape, r, vertices, edges)
    told = list(notes)
    if marks.figures is not None and any(len(names) > MOST_FIGURES for names in _columns(shape, r)):
        told.append(words.long_layers(MOST_FIGURES))
    if shape.rows > 1:
        told.append(words.row_shown(row, shape.rows))
    placed = tuple(replace(v, column=i) for i, v in enumerate(vertices))
    return Graph(marks.report.model.title, placed, tuple(edges), tuple(told), direction="down")


def _columns(shape: Shape, r: int) -> Iterator[Names]:
    yield shape.inputs[r]
    yield from (layer.post[r] for layer in shape.layers)


def _edges(layer: Layer, r: int, here: int, place: Mapping[str, int]) -> Iterator[Edge]:
    """From each layer that this one is made of, and from the one that it adds."""
    for source in dict.fromkeys(place[name] for name in layer.sources[r]):
        columns = [k for k, name in enumerate(layer.sources[r]) if place[name] == source]
        rows = [(z, row) for zs in layer.pre for z, row in zip(zs, layer.weights, strict=False)]
        pairs = [(z, row[k]) for z, row in rows for k in columns]
        inputs = tuple(dict.fromkeys(row[k] for row in layer.weights for k in columns))
        yield Edge(source, here, "weight" if layer.weights else "use", None, None, _few(pairs), _few(inputs))
    if layer.skip:
        pairs = [pair for post, added in zip(layer.post, layer.skip, strict=True) for pair in zip(post, added, strict=True)]
        for source in dict.fromkeys(place[name] for name in layer.skip[r]):
            yield Edge(source, here, "skip", covers=_few(pairs))


def _layer(marks: Marks, layer: Layer, r: int) -> Vertex:
    signs = [s for s in dict.fromkeys(sign_of(layer, k, SYMBOLS) for k in range(layer.size)) if s != words.SUM]
    weights = sum(len(row) for row in layer.weights)
    about = words.neurons(layer.size, signs if layer.kind == "dense" else [words.NORMALISED], weights)
    figures = [Figure(Words(about)), *_listed(marks, layer.post[r])]
    before = layer.pre[r] if layer.kind == "dense" else layer.post[r]
    figures += _adjoints(marks, before)
    norm = layer.batchnorm
    own = [*_all(layer.pre)] if layer.kind == "dense" else []
    if norm is not None:
        own += [*norm.mean, *norm.variance, *norm.gamma, *norm.beta, *_all(norm.normalised), *_all(norm.scaled)]
    covers = tuple(dict.fromkeys((*own, *_all(layer.post), *layer.bias)))
    output = any(name in marks.report.outputs for name in _all(layer.post))
    return Vertex(Words(words.layer(layer.number, layer.name)), "layer", "", tuple(figures), _few(covers), None, output)


def _values(marks: Marks, kind: model.Shape, what: str, table: PerRow, r: int) -> Vertex:
    """The inputs, or the targets."""
    covers = tuple(dict.fromkeys(_all(table)))
    return Vertex(Words(words.counted(len(table[r]), what)), kind, "", tuple(_listed(marks, table[r])), _few(covers))


def _add_loss(marks: Marks, shape: Shape, r: int, vertices: list[Vertex], edges: list[Edge]) -> None:
    """The loss with its parts as one vertex, behind the last layer and the targets."""
    loss = shape.loss
    assert loss is not None
    last = len(vertices) - 1
    slot = marks.list.slots[loss.name]
    covers = tuple(dict.fromkeys((*_all(loss.parts), *loss.rows, loss.name)))
    figures = marks.figures_of(slot)
    output = loss.name in marks.report.outputs
    vertices.append(Vertex(Name(loss.name), "loss", "", figures, _few(covers), None, output))
    pairs = [(name, a) for names in (*loss.parts, loss.rows) for name in names for row in shape.outputs for a in row]
    edges.append(Edge(last, last + 1, "use", covers=_few(pairs)))


def _listed(marks: Marks, names: Names) -> list[Figure]:
    """`a7_1 … a7_4: 0.44, 0.65, 0.33, 0.12`"""
    figures = marks.figures
    if figures is None:
        return []
    values = [_text(figures.slot(marks.list.slots[name])) for name in _elided(names)]
    return [Figure(_phrase([Name(name) for name in names], values), "forward")]


def _adjoints(marks: Marks, names: Names) -> list[Figure]:
    found = [marks.adjoint_of(marks.list.slots[name]) for name in _elided(names)]
    if any(adjoint is None for adjoint in found):
        return []
    values = [_text(adjoint) for adjoint in found if adjoint is not None]
    return [Figure(_phrase([marks.bar(marks.list.slots[name]) for name in names], values), "backward")]


def _elided(names: Names) -> Names:
    return names if len(names) <= MOST_FIGURES else (*names[:FIRST_FIGURES], names[-1])


def _phrase(symbols: Sequence[Math], values: Sequence[Math]) -> Math:
    """The first and the last symbol, and the values; an … before the last value where some are left out."""
    between = words.SEVERAL if len(symbols) > 2 else words.COMMA
    left: tuple[Math, ...] = (symbols[0],) if len(symbols) == 1 else (symbols[0], Words(between), symbols[-1])
    listed: list[Math] = []
    for i, value in enumerate(values):
        cut = i == len(values) - 1 and len(values) < len(symbols)
        listed += [Words(words.COMMA + words.NOT_WRITTEN if cut else ""), Words(words.COMMA)] if i else []
        listed.append(value)
    return Phrase((*left, Words(words.BESIDE), *listed))


def _text(shown: Result | Words) -> Math:
    return shown if isinstance(shown, Words) else Number(shown.text)


def _all(table: PerRow) -> Names:
    return tuple(name for names in table for name in names)


def _few(found: Sequence[_T]) -> tuple[_T, ...]:
    """What a page is told, none of too much."""
    return tuple(found) if len(found) <= MOST_COVERED else ()
