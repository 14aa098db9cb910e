"""The plots of `flow`: the gradient by layer, on its way back; where depths were asked for, what is left of it by depth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from wengert.flow_report import FlowReport, Measured
from wengert.show.flow_bars import LEAST, short
from wengert.show.plot import ticks
from wengert.show.plot.model import Axis, Level, Mark, Plot, Point, Remark, Series, Tick
from wengert.show.words import flow as said
from wengert.show.words import plots as words
from wengert.sweep.flow import EXPLODED, EXPLODING, NONE, VANISHED, VANISHING

DIGITS = 2  # of a figure in the picture
EVERY = 40  # layers up to which each has its number
Label = Callable[[Measured], str]


@dataclass(frozen=True)
class _Line:
    """A network's sizes by layer or depth. `scales`: whether the axis reaches down to them. `told` says one of them."""

    name: str
    points: Sequence[tuple[int, float]]
    scales: bool
    underflow: bool
    told: Callable[[str, int, str], str]


def gradient_plot(report: FlowReport, label: Label, notes: Sequence[str]) -> Plot:
    """`label` names a network beside others, `notes` are the document's own sentences."""
    return _by_depth(report, label) if report.depths else _by_layer(report, label, notes)


def _by_layer(report: FlowReport, label: Label, notes: Sequence[str]) -> Plot:
    """Mean |δ| of each layer, the last layer on the left: the gradient travels to the right. As in the document's bars, the
    scale is not made for a network without a gradient."""
    networks = report.networks
    lines = [
        _Line(label(m) if len(networks) > 1 else "", [(x.layer.number, x.delta_mean) for x in reversed(m.flow.layers)],
              m.flow.verdict != NONE or m is networks[0], m.flow.underflow, words.at_layer)
        for m in networks if m.flow is not None
    ]  # fmt: skip
    last, half = len(report.own.layers), Fraction(1, 2)
    x = ticks.linear(words.LAYER_BACK, last + half, half, loose=False, whole=True)
    if last <= EVERY:
        x = Axis(x.label, x.low, x.high, tuple(Tick(Fraction(n), str(n)) for n in range(last, 0, -1)))
    subtitle = said.TRAVEL if len(networks) == 1 else said.CHART
    return _plot(report, subtitle, x, said.MEAN_DELTA, lines, [*notes, *_missing(label, networks)])


def _by_depth(report: FlowReport, label: Label) -> Plot:
    """‖δ‖ of the first layer against that of the last, with the bounds that the verdict goes by."""
    lines = []
    for k, network in enumerate(report.networks):
        found = [(m.depth, m.flow) for m in (row[k] for row in report.depths) if m.flow is not None]
        points = [(depth, flow.ratio) for depth, flow in found if flow.ratio is not None]
        lines.append(_Line(label(network), points, True, any(flow.underflow for _, flow in found), words.at_depth))
    depths = [row[0].depth for row in report.depths]
    room = max(Fraction(1, 2), Fraction(max(depths) - min(depths), 50))
    x = ticks.linear(words.LAYERS, min(depths) - room, max(depths) + room, loose=False, whole=True)
    notes = [said.repeats(report.network.repeated_layer, report.network.fixed)]
    notes += _missing(label, [m for row in report.depths for m in row])
    levels = (Level(VANISHED, words.level(VANISHING, below=True, at=VANISHED)),
              Level(EXPLODED, words.level(EXPLODING, below=False, at=EXPLODED)))  # fmt: skip
    return _plot(report, said.DEPTH, x, words.FIRST_TO_LAST, lines, notes, levels)


def _plot(
    report: FlowReport, subtitle: str, x: Axis, what: str, lines: Sequence[_Line], notes: Sequence[str],
    levels: Sequence[Level] = (),
) -> Plot:  # fmt: skip
    finite = [size for line in lines for _, size in line.points if 0 < size < math.inf]
    lowest = min((size for line in lines if line.scales for _, size in line.points if 0 < size < math.inf), default=None)
    least = lowest or min(finite, default=1.0)
    y = ticks.logarithmic(what, least, max(finite, default=1.0), LEAST)
    series = [_series(line, least) for line in lines]
    alone = len(series) == 1
    small = [s.name for s in series if any(m.kind == "none" for m in s.marks)]
    large = [line.name for line in lines if any(not size < math.inf for _, size in line.points)]
    notes = [*notes, *([words.nothing(", ".join(small) if not alone else "")] if small else [])]
    notes += [words.beyond(", ".join(large) if not alone else "")] if large else []
    ends = [s.marks[n] for s in series for n in (0, -1) if s.marks] if alone else []
    title = report.report.model.title or subtitle
    return Plot(
        title, subtitle if title != subtitle else "", " ".join([subtitle + ".", *notes]), x, y, tuple(series),
        "" if alone else "end", tuple(v for v in levels if 0 < y.share(v.y) < 1),
        tuple(Remark(m.x, m.y, short(m.y, DIGITS)) for m in dict.fromkeys(ends) if m.kind == "value"), tuple(notes),
    )  # fmt: skip


def _series(line: _Line, least: float) -> Series:
    """Lines between the sizes from `least` on; what is smaller is marked at the foot of the axis."""
    pieces: list[list[Point]] = [[]]
    marks: list[Mark] = []
    for n, size in line.points:
        if least <= size < math.inf:
            pieces[-1].append((n, size))
            marks.append(Mark(n, size, text=line.told(line.name, n, short(size, DIGITS))))
            continue
        pieces.append([])
        if size < least:
            told = short(size, DIGITS) or (said.TOO_SMALL if line.underflow else "0")
            marks.append(Mark(n, least, "none", line.told(line.name, n, told)))
    return Series(line.name, tuple(p for p in pieces if p), tuple(marks))


def _missing(label: Label, networks: Iterable[Measured]) -> list[str]:
    """What is left out of the picture, and why."""
    return list(dict.fromkeys(words.not_drawn(label(m), m.problem) for m in networks if m.flow is None))
