"""The plot of `train`: the loss by step."""

from __future__ import annotations

from collections.abc import Sequence

from wengert.show.curve import is_logarithmic
from wengert.show.numbers import Digits
from wengert.show.plot import ticks
from wengert.show.plot.model import Mark, Plot, Point, Remark, Series
from wengert.show.words import plots as words
from wengert.show.words import training as said
from wengert.sweep.training import Training

COLUMNS = 700  # of points side by side: no more are seen
MARKED = 30  # steps up to which each has a mark


def loss_plot(training: Training, title: str | None, notes: Sequence[str], digits: Digits) -> Plot:
    """The output before the first step and after each, on the scale that the document's curve has."""
    history, last = training.history, training.steps
    before, after = (digits.result(value).replace("-", "−") for value in (history[0], history[-1]))
    axis = ticks.logarithmic if is_logarithmic(history) else ticks.linear
    marks = [Mark(n, v, text=words.at_step(n, digits.result(v))) for n, v in enumerate(history)] if last <= MARKED else []
    rate = digits.result(training.rate).replace("-", "−")
    went = words.went(training.of, before, after, last, said.HEADINGS[training.optimizer.name], rate)
    return Plot(
        title or said.by_step(training.of), went, " ".join([went, *notes]),
        ticks.linear(words.STEP, 0, last, loose=False, whole=True), axis(training.of, min(history), max(history)),
        (Series(training.of, (thinned(history, COLUMNS),), tuple(marks)),), "",
        remarks=(Remark(0, history[0], before), Remark(last, history[-1], after)), notes=tuple(notes),
    )  # fmt: skip


def thinned(values: Sequence[float], columns: int) -> list[Point]:
    """The values by their number; of very many the first, the least, the largest and the last of each column."""
    count = len(values)
    if count <= 4 * columns:
        return [(float(n), v) for n, v in enumerate(values)]
    made: list[Point] = []
    for column in range(columns):
        numbers = range(column * count // columns, (column + 1) * count // columns)
        kept = {numbers[0], min(numbers, key=values.__getitem__), max(numbers, key=values.__getitem__), numbers[-1]}
        made += [(float(n), values[n]) for n in sorted(kept)]
    return made
