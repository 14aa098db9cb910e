"""What printing costs: tables of many rows beside csv.writer on the same rows.

The rows are those of a network's forward table at operation level (a product, a sum, a tanh …), as `wengert trace` hands them
to a renderer, and for JSON Lines the records of its statements; they are made beforehand, so that the renderer is measured.
csv.writer is given the texts of the same cells, ready. `csv-rows` is the whole way from the trace to CSV: numbers formatted,
every line checked to add up, forward and reverse table; its `beside` tells the microseconds a row.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.measure import Measured, Row, in_turn
from wengert import pipeline
from wengert.report import Report
from wengert.show.chosen import Chosen
from wengert.show.document import Document, Section
from wengert.show.formats import Content, pieces
from wengert.show.look import look_of
from wengert.show.notation import TextNotation
from wengert.show.patterns import Like, Quick, rows_of
from wengert.show.record import statement_record
from wengert.show.trace_document import trace_document

ROWS_SHOWN = 100_000
WIDTH = 129  # of a network with about 100,000 slots
SMALLER = 90  # … with about 50,000


def network(width: int) -> str:
    """A spec of two tanh layers of that width and one output."""
    rng = random.Random(1)
    inputs = ", ".join(f"{rng.uniform(-1, 1):.4f}" for _ in range(width))
    layers = [f"  - {{units: {units}, activation: {activation}, init: {{scheme: xavier, random_seed: {units}}}}}\n"
              for units, activation in ((width, "tanh"), (width, "tanh"), (1, "identity"))]  # fmt: skip
    return f"inputs: [{inputs}]\nlayers:\n{''.join(layers)}"


@lru_cache(maxsize=2)
def traced(width: int) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.yaml"
        path.write_text(network(width), encoding="utf-8")
        return pipeline.trace(pipeline.load(path), level="operation", verify=False)


def document(report: Report, format: str, kinds: tuple[str, ...]) -> Document:
    made = trace_document(report, Chosen().figures(report.settings, format))
    return Document(None, (), tuple(section for section in made.sections if section.kind in kinds))


def made(report: Report, format: str, content: Content) -> Callable[[], None]:
    """Writes the content, and forgets it."""
    look = look_of(report.model)

    def run() -> None:
        for piece in pieces(format, look, content):
            assert isinstance(piece, str)

    return run


def written(lines: list[list[str]]) -> Callable[[], None]:
    def run() -> None:
        csv.writer(io.StringIO(), lineterminator="\n").writerows(lines)

    return run


def rendered(format: str) -> Callable[[int], Measured]:
    """The renderer on rows that are there."""

    def measure(runs: int) -> Measured:
        report = traced(WIDTH)
        section = document(report, format, ("forward",)).sections[0]
        assert section.quick is not None
        rows = list(islice(section.quick(), ROWS_SHOWN))
        ready = replace(section, rows=lambda: rows_of(iter(rows)), quick=lambda: iter(rows))
        notation = TextNotation.of(look_of(report.model))
        lines = [["" if cell is None else notation.math(cell) for cell in row.cells] for row in rows_of(iter(rows))]
        ours = made(report, format, Content(lambda: Document(None, (), (ready,)), dict))
        measured = in_turn(ours, written(lines), runs)
        return replace(measured, beside={"rows": len(rows), "alike": sum(isinstance(row, Like) for row in rows)})

    return measure


def json_lines(runs: int) -> Measured:
    report = traced(WIDTH)
    steps = report.steps_at("operation")
    records = [statement_record(report, steps, slot) for slot in report.list.statements()]
    records = list(islice(cycle(records), ROWS_SHOWN))
    ours = made(report, "jsonl", Content(lambda: Document(None, (), ()), dict, lambda: [("statements", iter(records))]))
    measured = in_turn(ours, written([list(_flat(record)) for record in records]), runs)
    return replace(measured, beside={"rows": len(records)})


def _flat(value: Any) -> Iterator[str]:
    """What stands in a record, as cells: numbers by their shortest text, as JSON has them."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _flat(each)
    elif isinstance(value, list):
        for each in value:
            yield from _flat(each)
    else:
        yield str(value)


def csv_rows(runs: int) -> Measured:
    report = traced(SMALLER)
    whole = document(report, "csv", ("forward", "reverse"))
    lines = [line for section in whole.sections for line in _lines(section)]
    ours = made(report, "csv", Content(lambda: document(report, "csv", ("forward", "reverse")), dict))
    measured = in_turn(ours, written(lines), runs)
    per_row = [seconds / len(lines) * 1e6 for seconds in measured.ours]
    return replace(measured, beside={"rows": len(lines), "microseconds a row": median(per_row)})


def _lines(section: Section) -> Iterator[list[str]]:
    quick: Quick = section.quick() if section.quick is not None else section.rows()
    notation = TextNotation(ascii=True)
    for row in rows_of(quick):
        yield [section.heading, *("" if cell is None else notation.math(cell) for cell in row.cells)]


ROWS: list[Row] = [
    Row("text", "100,000 rows as text", "csv.writer", 5, rendered("text")),
    Row("markdown", "100,000 rows as Markdown", "csv.writer", 5, rendered("markdown")),
    Row("jsonl", "100,000 statements as JSON Lines", "csv.writer", 5, json_lines),
    Row("csv-rows", "from a trace of 50,000 slots to every row as CSV", "csv.writer on the texts", 20, csv_rows),
]
