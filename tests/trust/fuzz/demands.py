"""What is asked of every input, however wild: a model or a wengert error whose message can be shown; no other exception, an end
within a second, memory that does not grow.

Each target is a function of one text. It returns the model (None where the text is refused) and raises `Fault` where a demand
is not met. Targets of a second stage go on behind the parser: Wengert list, sweeps, every text format.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from random import Random

from wengert.characters import unix_lines
from wengert.errors import Place, Source, WengertError
from wengert.face.results import Diff, Trace
from wengert.lang.data import _csv
from wengert.lang.model import Model
from wengert.lang.options import override
from wengert.lang.program import read_formula
from wengert.lang.spec import read_source, read_spec
from wengert.lang.tokens import composed
from wengert.report import Settings, report
from wengert.tape.primitives import VOCABULARY

SECONDS = 1.0  # of processor time, for reading one input
SECONDS_BEHIND = 10.0  # for all that follows
LONGEST_LINE = 500
LONGEST_MESSAGE = 4000
MOST_NODES = 400  # of a model that the second stage takes
FORMATS = ("text", "markdown", "latex", "typst", "html", "json", "jsonl", "csv", "svg", "dot", "mermaid")
FOLDER = Path(__file__).resolve().parent.parent.parent / "errors"  # where data: finds files
LIMITS = {  # lowered: a line of text may ask for a large network, and here a second is what an input may take
    "wengert.lang.scope.MOST_PRODUCTS": 2000, "wengert.lang.layers.MOST_UNITS": 1000, "wengert.lang.layers.MOST_LAYERS": 50,
    "wengert.lang.network.MOST_LAYERS": 50, "wengert.lang.expr.MOST_NODES": 20_000,
}  # fmt: skip
_HIDDEN = re.compile("[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Fault(AssertionError):
    """A demand that was not met."""


def lower_limits(put: Callable[[object, str, int], None] = setattr) -> None:
    """Lower the limits on size for this process, or by `put` (monkeypatch.setattr)."""
    for name, value in LIMITS.items():
        module, _, constant = name.rpartition(".")
        put(import_module(module), constant, value)


def formula(text: str) -> Model | None:
    """A formula, read as the command line reads it."""
    return _told(lambda: read_formula(text, VOCABULARY), text)


def spec(text: str) -> Model | None:
    """A spec in YAML, with a folder for its data."""
    return _told(lambda: read_spec(text, "spec.yaml", VOCABULARY, (), FOLDER), text)


def standard_input(text: str) -> Model | None:
    """A text that may be either."""
    return _told(lambda: read_source(text, "standard input", VOCABULARY), text)


def csv(text: str) -> None:
    """Rows of data; the place of `data:` is a word in some spec."""
    asked = Place(Source("data: rows.csv", "spec.yaml"), 6, 14)
    _told(lambda: _csv(composed(unix_lines(text.removeprefix("\ufeff"))), "rows.csv", asked), text, "data: rows.csv")


def behind(model: Model, draw: Random) -> list[str]:
    """What follows a parser: sweeps and documents, with settings that are drawn. The formats that were made."""
    if len(model.nodes) > MOST_NODES or len(model.definitions) > 60 or len(model.inputs) > 60:
        return []
    values = ["0", "1", "-1", "2", "0.5", "-2.5", "1/3", "pi/4", "1e-9", "1e9", "0.1", "e"]
    missing = [x.name for x in model.inputs if x.value is None]
    assignments = ",".join(f"{name}={draw.choice(values)}" for name in missing)
    settings = Settings(
        mode=draw.choice([None, "forward", "reverse", "both"]), level=draw.choice([None, "operation", "neuron", "layer"]),
        share=draw.random() < 0.7, fold=draw.random() < 0.3, verify=False, numbers=draw.choice(["float", "float", "exact"]),
        precision=draw.choice([None, None, None, 30]), round=draw.choice([None, None, None, 2]),
        order=draw.choice([1, 1, 1, 2]), paths=draw.random() < 0.2, kink=draw.choice(["wengert", "jax", "torch", "strict"]),
    )  # fmt: skip
    at_point = draw.random() < 0.8
    format = draw.choice(FORMATS)
    made: list[str] = []

    def go() -> None:
        placed = override(model, VOCABULARY, at=[assignments]) if assignments and at_point else model
        found = report(placed, settings, at_point)
        shown = (Trace if at_point else Diff)(found)
        text = shown.to(format)
        _demand(isinstance(text, str) and text != "", f"{format} is empty")
        made.append(format)

    _told(go, None, seconds=SECONDS_BEHIND)
    return made


def message(error: WengertError, text: str | None = None, whole: str | None = None) -> None:
    """Whether the message can be shown: place inside its text, line and column inside the file, carets below the line."""
    report = error.report()
    _demand(len(report) <= LONGEST_MESSAGE, f"the message has {len(report)} characters")
    lines = report.split("\n")
    _demand(lines[0].startswith("error: ") and len(lines[0]) > 8, "the message has no title")
    for line in lines:
        _demand(len(line) <= LONGEST_LINE, f"a line of the message has {len(line)} characters")
        hidden = _HIDDEN.search(line)
        _demand(hidden is None, f"the message holds U+{ord(hidden.group()) if hidden else 0:04X}")
    place = error.place
    if place is None:
        return
    source = place.source
    _demand(0 <= place.start <= place.end, f"the place {place.start}:{place.end}")
    _demand(place.start <= len(source.text), "the place begins behind the text")
    line_number, column, line, at = source.locate(place.start)
    _demand("\n" not in line and 0 <= at <= len(line), "the place is not in its line")
    written = {None: source.text, "spec.yaml": whole, "rows.csv": text, "standard input": text}.get(source.origin)
    if written is not None:
        rows = unix_lines(composed(written.removeprefix("\ufeff"))).split("\n")
        _demand(1 <= line_number <= len(rows), f"line {line_number} of {len(rows)}")
        row = rows[line_number - 1]
        _demand(1 <= column <= len(row) + 2, f"column {column} of line {line_number}, {row!r}")
    carets = next((b for a, b in pairwise(lines) if set(b.strip()) == {"^"}), None)
    _demand(carets is not None, "there are no carets")


def _told(
    run: Callable[[], Model | object], text: str | None, whole: str | None = None, seconds: float = SECONDS
) -> Model | None:
    began = time.process_time()
    try:
        made = run()
    except WengertError as error:
        _demand(error.status in (2, 3), f"the status is {error.status}")
        message(error, text, text if whole is None else whole)
        made = None
    spent = time.process_time() - began
    _demand(spent < seconds, f"{spent:.1f} s of processor time")
    return made if isinstance(made, Model) else None


def _demand(met: bool, what: str) -> None:
    if not met:
        raise Fault(what)
