"""The graph of a network at neuron level: neurons in columns by layer, a line a weight, the loss behind them.

A weight is the local partial of z with respect to what it multiplies, so that it stands beside its line as such, with its own
derivative. Biases and the like stand in their neuron.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wengert.lang.model import Definition
from wengert.lang.shape import Shape
from wengert.show.document import Name, Words
from wengert.show.graph.groups import MOST_NEURONS, Group, Groups, grouped
from wengert.show.graph.marks import Marks
from wengert.show.graph.model import Edge, Figure, Graph, Kind, Vertex
from wengert.show.graph.operations import MOST_COVERED
from wengert.show.words import graphs as words
from wengert.tape.primitives import SYMBOLS

MOST_LINES = 150  # that are drawn one by one; a larger network is drawn layer by layer

Pair = tuple[str, str]  # (statement, argument)


def network(marks: Marks, shape: Shape, row: int) -> Graph | None:
    """The network with the figures of one row of data (from 1); None where it has too many lines to be drawn one by one."""
    groups = grouped(shape, SYMBOLS)
    if _fewest_lines(shape, groups) > MOST_LINES:
        return None
    maker = _Maker(marks, shape, groups, row - 1)
    edges = maker.edges()
    if len(edges) > MOST_LINES:
        return None
    notes = []
    if groups.narrowed:
        notes.append(words.some_neurons(MOST_NEURONS))
    if shape.rows > 1:
        notes.append(words.row_shown(row, shape.rows))
    shared = _shared(shape)
    if shared and marks.figures is not None:
        notes.append(words.shared(shared))
    title = marks.report.model.title
    return Graph(title, tuple(maker.vertices()), tuple(edges), tuple(notes), tuple(groups.titles))


def _fewest_lines(shape: Shape, groups: Groups) -> int:
    """Lines that there are at least, told from the number of vertices in each column."""
    count = [0] * len(groups.titles)
    for group in groups.found:
        count[group.column] += group.shape != "target"
    return sum(count[c] for c in range(1, len(count)))


def _shared(shape: Shape) -> list[str]:
    """The parameters that stand in several places, in their order."""
    found: dict[str, int] = {}
    for layer in shape.layers:
        for name in (*(w for row in layer.weights for w in row), *layer.bias):
            found[name] = found.get(name, 0) + 1
    return [name for name, times in found.items() if times > 1]


@dataclass
class _Maker:
    """`row` counts from 0."""

    marks: Marks
    shape: Shape
    groups: Groups
    row: int

    def __post_init__(self) -> None:
        self.model = self.marks.report.model
        self.weights: Mapping[Pair, str] = dict(self._weights())
        self.skips = frozenset(self._skips())

    def _weights(self) -> Iterator[tuple[Pair, str]]:
        for layer in self.shape.layers:
            for pre, sources in zip(layer.pre, layer.sources, strict=True):
                for z, names in zip(pre, layer.weights, strict=False):  # a layer of batchnorm alone has no weights
                    yield from (((z, source), w) for source, w in zip(sources, names, strict=True))

    def _skips(self) -> Iterator[Pair]:
        for layer in self.shape.layers:
            for post, added in zip(layer.post, layer.skip, strict=False):  # no skip, no names
                yield from zip(post, added, strict=True)

    # -- vertices

    def vertices(self) -> Iterator[Vertex]:
        for group in self.groups.found:
            yield self._summary(group) if group.count > 1 else self._vertex(group)

    def _vertex(self, group: Group) -> Vertex:
        names = self._names(group)
        parameters = self._parameters(group)
        covers = (*dict.fromkeys(name for row in group.rows for name in row), *group.common, *parameters)
        output = any(name in self.model.outputs for name in names)
        slots = sorted(self.marks.list.slots[name] for name in names)
        if group.shape != "neuron":
            last = slots[-1]
            return Vertex(self.marks.head(last), group.shape, "", self.marks.figures_of(last), covers, group.column, output)
        figures = tuple(f for f in self._figures(slots, parameters) if f is not None)
        label = Name(self.marks.list.name(slots[-1])) if self.marks.figures is not None else self.marks.head(slots[-1])
        return Vertex(label, "neuron", group.sign, figures, covers, group.column, output)

    def _figures(self, slots: list[int], parameters: list[str]) -> Iterator[Figure | None]:
        """z to a with their values (without a point how they are made), the slope of the activation, the adjoints of a and z
        from the output back, then the neuron's own parameters with their derivatives."""
        marks = self.marks
        if marks.figures is None:
            yield from (Figure(marks.head(slot)) for slot in slots[:-1])
        else:
            yield from (marks.named_value(slot) for slot in slots)
        last = marks.steps.at(slots[-1])
        if marks.figures is None or marks.list.name(slots[-1]) != marks.of:  # of the output itself the slope is the adjoint
            yield from (marks.slope(last, link) for link in last.links if link.source in slots)
        yield from (marks.adjoint(slot) for slot in dict.fromkeys((slots[-1], slots[0])))
        yield from (marks.tangent(slot) for slot in slots)
        for name in parameters:
            slot = marks.list.slots[name]
            yield replace(marks.named_value(slot), flow="")
            yield marks.adjoint(slot)

    def _summary(self, group: Group) -> Vertex:
        what = words.INPUT if group.layer is None and group.column == 0 else words.NEURON if group.layer else words.TERM
        covers = tuple(dict.fromkeys(name for row in (*group.rows, group.common) for name in row))
        covers = covers if len(covers) <= MOST_COVERED else ()
        return Vertex(Words(words.more(group.count, what)), "summary", "", (), covers, group.column)

    def _names(self, group: Group) -> list[str]:
        """The group's names in the row that is shown, and those that all rows share."""
        return [*group.rows[self.row], *group.common]

    def _parameters(self, group: Group) -> list[str]:
        """What the neuron is made of besides weights: its bias, the γ and β of a normalisation, a slope of its activation."""
        found: dict[str, None] = {}
        for name in self._names(group):
            definition = self.model.definition(name)
            if definition is not None:
                weights = {w for source, w in self._weights_of(definition)}
                arguments = self.model.nodes.names_in([definition.root])
                known = (a for a in arguments if a in self.marks.list.slots and a not in self.groups.of)
                found.update(dict.fromkeys(a for a in known if a not in weights))
        return list(found)

    def _weights_of(self, definition: Definition) -> Iterator[tuple[str, str]]:
        for argument in self.model.nodes.names_in([definition.root]):
            weight = self.weights.get((definition.name, argument))
            if weight is not None:
                yield argument, weight

    # -- edges

    def edges(self) -> list[Edge]:
        """A weight, a skip connection and any other use each have an edge of their own; what leads from or to a vertex that
        stands for many is one edge. One that other rows of data alone have (each has its own class) is none of this picture."""
        pairs: dict[tuple[int, int, Kind, str], list[Pair]] = {}
        for definition in self.model.definitions:
            target = self.groups.of.get(definition.name)
            if target is None:
                continue
            for argument in self.model.nodes.names_in([definition.root]):
                source = self.groups.of.get(argument)
                if source is None or source == target:
                    continue
                pair = (definition.name, argument)
                weight = self.weights.get(pair, "")
                kind: Kind = "weight" if weight else "skip" if pair in self.skips else "use"
                if self.groups.found[source].count > 1 or self.groups.found[target].count > 1:
                    kind, weight = "summary", ""
                pairs.setdefault((source, target, kind, weight), []).append(pair)
        shown = {name for group in self.groups.found for name in self._names(group)}
        here = ((ends, found) for ends, found in pairs.items() if any(statement in shown for statement, _ in found))
        ordered = sorted(here, key=lambda item: (item[0][1], item[0][0]))
        return [self._edge(*ends, found) for ends, found in ordered]

    def _edge(self, source: int, target: int, kind: Kind, weight: str, pairs: list[Pair]) -> Edge:
        covers: tuple[Pair, ...] = tuple(pairs)
        if kind == "summary":
            names = tuple(dict.fromkeys(self.weights[p] for p in pairs if p in self.weights))
            few = len(covers) <= MOST_COVERED
            return Edge(source, target, kind, covers=covers if few else (), names=names if few else ())
        if kind == "weight":
            slot = self.marks.list.slots[weight]
            adjoint = self.marks.adjoint(slot)
            covers = (*covers, *((statement, weight) for statement, _ in pairs))
            label, back = self.marks.named_value(slot).math, None if adjoint is None else adjoint.math
            return Edge(source, target, kind, label, back, covers, (weight,))
        here, there = self._names(self.groups.found[target]), self._names(self.groups.found[source])
        shown = [(statement, argument) for statement, argument in pairs if statement in here and argument in there]
        if len(shown) != 1:  # several of the neuron's own statements use it: no single partial
            return Edge(source, target, kind, covers=covers)
        step = self.marks.steps.at(self.marks.list.slots[shown[0][0]])
        link = next((k for k in step.links if k.source == self.marks.list.slots[shown[0][1]]), None)
        if link is None or not self.marks.flows(step, link):
            return Edge(source, target, "still", covers=covers)
        return Edge(source, target, kind, self.marks.partial(step, link), self.marks.contribution(step, link), covers)
