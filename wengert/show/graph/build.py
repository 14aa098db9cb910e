"""From a report to its computational graph, at the level and for the output that are asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from wengert.lang.shape import Shape
from wengert.report import Report
from wengert.show.graph.layered import layered
from wengert.show.graph.marks import Marks
from wengert.show.graph.model import Graph
from wengert.show.graph.network import MOST_LINES, network
from wengert.show.graph.operations import operations
from wengert.show.numbers import Digits
from wengert.show.opening import conventions
from wengert.show.words import graphs as words
from wengert.show.words.tables import NO_PRODUCT
from wengert.tape.record import CONVENTIONS

LONGEST = 20_000  # slots of a list that is drawn neuron by neuron


def graph_of(report: Report, digits: Digits, of: str | None = None, row: int = 1, level: str | None = None) -> Graph:
    """The graph of the report, at its own level where none is given: of a network the neurons, or its layers where they are too
    many; else the statements. `of` is the output whose adjoints are shown (by default the first of those asked for), `row` the
    row of data (from 1)."""
    level, shape = level or report.level, report.model.network
    chosen = of or _first_output(report, row)
    if shape is None or level == "operation":
        marks = Marks(report, digits, chosen, level)
        made = operations(marks)
    else:
        made, marks = _network(report, digits, chosen, row, level, shape)
    within = None if shape is None or level == "operation" else row
    return replace(made, notes=(*made.notes, *_notes(marks, _drawn(made, marks, within))))


def _network(report: Report, digits: Digits, of: str, row: int, level: str, shape: Shape) -> tuple[Graph, Marks]:
    notes = []
    if level == "neuron":
        if len(report.list) <= LONGEST:
            marks = Marks(report, digits, of, level)
            made = network(marks, shape, row)
            if made is not None:
                return made, marks
        neurons = sum(layer.size for layer in shape.layers)
        weights = sum(len(names) for layer in shape.layers for names in layer.weights)
        notes.append(words.as_layers(neurons, weights, MOST_LINES))
    marks = Marks(report, digits, of, "operation", shown=True)  # its adjoints without the steps between
    return layered(marks, shape, row, notes), marks


def _first_output(report: Report, row: int) -> str:
    """The first output, of a network one of that row."""
    for name in report.outputs:
        definition = report.model.definition(name)
        if definition is None or definition.row in (None, row):
            return name
    return report.outputs[0]


def _drawn(made: Graph, marks: Marks, row: int | None) -> Callable[[int], bool]:
    """Whether a statement is drawn, by itself or as a step of a quantity that is; of a network's neurons or layers those of the
    `row`."""
    shown = {name for vertex in made.vertices if vertex.shape != "summary" for name in vertex.covers}
    owners = marks.steps.slots()
    if row is not None:
        definitions, slots = marks.report.model.definitions, marks.list.slots
        owners = sorted({slots[d.name] for d in definitions if d.name in slots})
        here = {d.name for d in definitions if d.row in (None, row)}
        shown = here if made.direction == "down" else here & shown  # every layer is drawn

    def is_drawn(slot: int) -> bool:
        at = bisect_left(owners, slot)
        return at < len(owners) and marks.list.name(owners[at]) in shown

    return is_drawn


def _notes(marks: Marks, drawn: Callable[[int], bool]) -> list[str]:
    notes = []
    others = [name for name in marks.report.outputs if name != marks.of]
    figures = marks.figures
    if figures is not None and others and figures.columns.adjoints:
        notes.append(words.adjoints_of(marks.of, others))
    if figures is not None and marks.direction is not None:
        notes.append(words.tangents_along(marks.direction, len(figures.trace.directions) - 1))
    if figures is not None:
        notes += conventions(figures.trace, drawn)
        adjoints = figures.columns.adjoints.get(marks.of)
        kinks = {slot for slot, _ in figures.trace.kinks if not drawn(slot)}
        elsewhere = sum(1 for slot in kinks if adjoints is None or adjoints[slot])  # without an adjoint no slope is asked for
        notes += [words.kinks_not_drawn(elsewhere)] * bool(elsewhere) + _no_product(marks)
    return notes


def _no_product(marks: Marks) -> list[str]:
    """That a figure has no value although the factors have one, where it is shown; at which statement, where statements are."""
    figures = marks.figures
    assert figures is not None
    trace, columns = figures.trace, figures.columns
    shown = (columns.adjoints.get(marks.of), columns.tangents.get(marks.direction or ""))
    if not trace.indefinite or trace.overflows or not any(v is not None and v != v for column in shown for v in column or ()):
        return []
    found = trace.without_product
    if found is None or marks.report.level != "operation" or marks.of != (found.of or marks.of):
        return [f"{NO_PRODUCT}."]
    system = CONVENTIONS.get(trace.choice.convention)
    return [words.no_product_at(marks.list.name(found.slot), found.of is not None, system)]
