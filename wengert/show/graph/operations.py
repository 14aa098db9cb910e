"""The graph of a Wengert list: a vertex a statement or input, an edge an argument. Of a long list its end, the output's side.

An argument that is used twice in a statement has two edges, each with its own local partial and contribution: x·x has two, and
the adjoint of x is their sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wengert.lang.model import Kind, Role
from wengert.show.document import Words
from wengert.show.graph.marks import Marks
from wengert.show.graph.model import Edge, Graph, Shape, Vertex
from wengert.show.words import graphs as words

MOST_VERTICES = 60  # statements and inputs that are drawn one by one
LAST_STATEMENTS = 30  # of a longer list
MOST_INPUTS = 16  # that are drawn beside those
MOST_LABELLED = 120  # edges up to which each has its local partial beside it
MOST_COVERED = 2000  # names that one vertex or edge goes by in a page

_SHAPES: dict[Role, Shape] = {Role.INPUT: "input", Role.PARAMETER: "parameter", Role.TARGET: "target"}
_LOSSES = (Kind.PART, Kind.ROW, Kind.LOSS)


@dataclass(frozen=True)
class _Shown:
    """The slots that are drawn one by one, in order, and those for which one vertex stands, all before the statements drawn."""

    slots: Sequence[int]
    folded: Sequence[int]


def operations(marks: Marks) -> Graph:
    """The statements of the marks' level, one by one as far as they are not too many."""
    shown = _choose(marks)
    vertices: list[Vertex] = []
    place: dict[int, int] = {}
    inputs = [slot for slot in shown.slots if slot < marks.list.inputs]
    for slot in inputs:
        place[slot] = len(vertices)
        vertices.append(_vertex(marks, slot))
    if shown.folded:
        place.update(dict.fromkeys(shown.folded, len(vertices)))
        vertices.append(_folded(marks, shown.folded))
    for slot in shown.slots[len(inputs) :]:
        place[slot] = len(vertices)
        vertices.append(_vertex(marks, slot))
    edges = _edges(marks, shown, place)
    notes = []
    if shown.folded:
        statements = [s for s in shown.slots if s >= marks.list.inputs]
        notes.append(words.only_last(len(statements), len(marks.steps.slots())))
    if len(edges) > MOST_LABELLED:
        edges = [replace(edge, label=None, contribution=None) for edge in edges]
        notes.append(words.no_partials(len(edges), MOST_LABELLED))
    return Graph(marks.report.model.title, tuple(vertices), tuple(edges), tuple(notes))


def _choose(marks: Marks) -> _Shown:
    inputs, statements = range(marks.list.inputs), marks.steps.slots()
    if len(inputs) + len(statements) <= MOST_VERTICES:
        return _Shown([*inputs, *statements], ())
    last = statements[-LAST_STATEMENTS:]
    used = {o for slot in last for o in _arguments(marks, slot) if o < marks.list.inputs}
    beside = sorted(used)[:MOST_INPUTS]
    drawn = {*beside, *last}
    return _Shown([*beside, *last], [s for s in (*inputs, *statements) if s not in drawn])


def _arguments(marks: Marks, slot: int) -> Sequence[int]:
    """The slots that the statement is made of, in order; at operation level one entry an argument, also where two are alike."""
    if marks.steps.level == "operation":
        return [o for o in marks.list.operands_of(slot) if o >= 0]
    step = marks.steps.at(slot)
    found = [marks.list.slots[n] for n in step.nodes.names_in([step.formula]) if n in marks.list.slots]
    return list(dict.fromkeys([*found, *(link.source for link in step.links)]))


def _vertex(marks: Marks, slot: int) -> Vertex:
    name = marks.list.name(slot)
    output = name in marks.report.outputs
    shape: Shape = "operation"
    if slot < marks.list.inputs:
        shape = _SHAPES[marks.report.model.inputs[slot].role]
    else:
        definition = marks.report.model.definition(name)
        if definition is not None and definition.kind in _LOSSES:
            shape = "loss"
    return Vertex(marks.head(slot), shape, "", marks.figures_of(slot), (name,), None, output)


def _folded(marks: Marks, slots: Sequence[int]) -> Vertex:
    inputs = sum(1 for slot in slots if slot < marks.list.inputs)
    covers = tuple(marks.list.name(slot) for slot in slots) if len(slots) <= MOST_COVERED else ()
    return Vertex(Words(words.folded(len(slots) - inputs, inputs)), "summary", covers=covers)


def _edges(marks: Marks, shown: _Shown, place: dict[int, int]) -> list[Edge]:
    folded = frozenset(shown.folded)
    found: list[Edge] = []
    grey: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for slot in (*shown.folded, *shown.slots):
        if slot < marks.list.inputs:
            continue
        if slot in folded:
            for source in _arguments(marks, slot):
                if source not in folded:
                    grey.setdefault((place[source], place[slot]), []).append(_pair(marks, slot, source))
            continue
        step = marks.steps.at(slot)
        links = {(k.source, k.argument): k for k in step.links}
        for argument, source in _numbered(marks, slot):
            if source in folded:
                grey.setdefault((place[source], place[slot]), []).append(_pair(marks, slot, source))
                continue
            link, ends, covers = links.get((source, argument)), (place[source], place[slot]), (_pair(marks, slot, source),)
            if link is None or not marks.flows(step, link):
                found.append(Edge(*ends, "still", covers=covers))
            else:
                found.append(Edge(*ends, "use", marks.partial(step, link), marks.contribution(step, link), covers))
    for ends, pairs in grey.items():
        found.append(Edge(*ends, "summary", covers=tuple(pairs) if len(pairs) <= MOST_COVERED else ()))
    return found


def _numbered(marks: Marks, slot: int) -> list[tuple[int | None, int]]:
    """(argument, source) of a statement; at neuron level all uses of a quantity are one."""
    if marks.steps.level == "operation":
        return [(j, o) for j, o in enumerate(marks.list.operands_of(slot)) if o >= 0]
    return [(None, source) for source in _arguments(marks, slot)]


def _pair(marks: Marks, slot: int, source: int) -> tuple[str, str]:
    return marks.list.name(slot), marks.list.name(source)
