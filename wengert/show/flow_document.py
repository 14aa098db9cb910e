"""The document of `wengert flow`: the gradient layer by layer with bars, what it does to weights and units, what σ′ alone would
leave, the networks beside it, the depths, the verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Literal

from wengert.flow_report import FlowReport, Measured
from wengert.lang.expr import Nodes
from wengert.lang.shape import Layer
from wengert.lang.variants import SKIP
from wengert.show.document import Cell, Column, Document, Line, Number, Row, Section, Words
from wengert.show.flow_bars import Scale, bar_of, barred, figure
from wengert.show.notation import language, size
from wengert.show.numbers import Digits
from wengert.show.plot.gradient import gradient_plot
from wengert.show.plot.svg import svg
from wengert.show.words import flow as said
from wengert.show.words import tables as words
from wengert.sweep.flow import EXPLODED, EXPLODING, HEALTHY, NONE, STEEPEST, VANISHED, VANISHING, Flow, geometric_mean

WIDE = 80  # columns that the tables keep to, with gaps of GAP
GAP = 2
BARS = 24  # signs of a bar, where nothing else wants the room
ABREAST = 4  # networks whose bars stand beside one another
LONGEST = 18  # characters of an activation's formula
MOST_AHEAD = 40  # layers that are looked ahead
MARKS: dict[str, Literal["good", "warn"]] = {HEALTHY: "good", NONE: "warn"}
STEEP = {"sigmoid": "1/4", "tanh": "1", "atan": "1", "erf": "2/√π"}


def flow_document(report: FlowReport, digits: Digits, bars: bool = True) -> Document:
    """What `flow` shows. Figures have the significant digits of `digits`; those beside bars have one or two, unless it is to be
    without `bars`, for a program."""
    writer = _Writer(report, digits, bars)
    sections = [writer.travel(), writer.units(), writer.slopes()]
    if len(report.networks) > 1:
        sections += [writer.side_by_side(), *writer.charts()]
    if report.depths:
        sections += writer.depths()
    sections.append(writer.verdict())
    picture = partial(_picture, report, writer)
    return Document(report.report.model.title, tuple(writer.opening()), tuple(sections), picture=picture)


def _picture(report: FlowReport, writer: _Writer) -> str:
    return svg(gradient_plot(report, label, list(writer.found())))


def activation(layer: Layer, nodes: Nodes) -> str:
    """What the layer does to z, in short: sigmoid; tanh + skip; batchnorm, relu."""
    found = dict.fromkeys(
        a.operation or (language(nodes, a.root) if a.root is not None and size(nodes, a.root, LONGEST) < LONGEST else "formula")
        for a in layer.activations
    )
    names = ", ".join(x if len(x) <= LONGEST else f"{x[: LONGEST - 1]}…" for x in list(found)[:2])
    names += ", …" if len(found) > 2 else ""
    if layer.batchnorm is not None:
        names = "batchnorm" if names == "identity" else f"batchnorm, {names}"
    return f"{names} + skip" if layer.skip else names


def label(measured: Measured) -> str:
    """What a network is called beside others: `relu + skip`."""
    return " + ".join([measured.activation or said.AS_WRITTEN, *measured.remedies])


class _Writer:
    def __init__(self, report: FlowReport, digits: Digits, bars: bool) -> None:
        self.report = report
        self.digits = digits
        self.bars = bars
        self.own = report.own
        self.back = tuple(reversed(self.own.layers))
        self.shape = report.network.shape
        self.nodes = report.network.model.nodes

    def opening(self) -> Iterator[Line]:
        model = self.report.report.model
        for name, text in (("Source", model.source), ("Note", model.note)):
            if text:
                yield (Words(f"{name}: {text}"),)
        for sentence in self.report.report.assumptions:
            yield (Words(words.assumed(sentence)),)
        if self.shape.loss is None or model.outputs != (self.shape.loss.name,):
            yield (Words(said.differentiated(model.outputs)),)
            yield (Words(said.NO_LOSS),)
        else:
            yield (Words(said.OUTPUT),)
        yield (Words(said.NORM.format(rows=said.over_rows(self.shape.rows))),)
        yield (Words(said.DIGITS.format(n=self.digits.significant, rows="")),)

    # -- the spec's own network

    def travel(self) -> Section:
        """One row a layer, the last first: a bar, and the factor with what it is made of."""
        other = any(_is_apart(x.factor_other) for x in self.back)
        norm = any(x.factor_batchnorm is not None for x in self.back)
        room = WIDE - max(5, *(len(self._label(x.layer)) for x in self.back))
        room -= max(10, *(len(activation(x.layer, self.nodes)) for x in self.back))
        room -= 12 + 6 + 5 + 6 + GAP * 6 + (10 + GAP) * other + (9 + GAP) * norm  # as wide as in ASCII
        scale = Scale.of((x.delta_mean for x in self.back), max(8, min(BARS, room)))
        columns = [Column(said.LAYER), Column(said.ACTIVATION), Column(said.MEAN_DELTA, "right"), Column("", drawn=True),
                   Column(said.FACTOR, "right"), Column(said.BY_W, "right")]  # fmt: skip
        columns += [Column(said.BY_OTHER, "right")] * other + [Column(said.BY_SLOPE, "right")]
        columns += [Column(said.BY_NORM, "right")] * norm

        def rows() -> Iterator[Row]:
            for x in self.back:
                entering = x is self.back[0]  # nothing stands above it
                cells: list[Cell] = [
                    Words(self._label(x.layer)), Words(activation(x.layer, self.nodes)), self._number(x.delta_mean),
                    Words(bar_of(scale, x.delta_mean)), self._number(x.factor), self._number(x.factor_weights),
                ]  # fmt: skip
                cells += [self._number(x.factor_other)] * other
                cells += [self._number(None if entering else x.factor_activation)]
                cells += [self._number(None if entering else x.factor_batchnorm)] * norm
                yield Row(tuple(cells))

        before = [] if scale is None else [(Words(said.bars(said.MEAN_DELTA, scale.start, scale.step)),)]
        if len(self.back) > 1:
            before.append((Words(said.FACTORS + said.made_of(other, norm)),))
        return Section(said.TRAVEL, tuple(columns), rows, tuple(before), lambda: self._averages(other, norm), len(self.back))

    def _averages(self, other: bool, norm: bool) -> Iterator[Line]:
        own = self.own
        below = own.layers[:-1]
        if len(own.layers) < 2 or own.per_layer is None:
            return
        if own.ratio == 0:
            stuck = max(x.layer.number for x in below if x.delta_norm == 0)
            yield (Words(said.stuck(stuck)),)
            return
        ways = [("W", [x.factor_weights for x in below])]
        ways += [(said.BY_OTHER, [x.factor_other for x in below])] if other else []
        ways += [("σ′", [x.factor_activation for x in below])]
        ways += [("batchnorm", [x.factor_batchnorm or 1.0 for x in below])] if norm else []
        parts = [(what, self._text(mean)) for what, of in ways if (mean := geometric_mean(of)) is not None]
        yield (Words(said.averaged(len(own.layers), self._text(own.per_layer), parts if len(parts) == len(ways) else ())),)

    def units(self) -> Section:
        """The largest |δ|, |W̄| and the units of every layer (the mean |δ| has its bar)."""
        saturated = any(x.saturated is not None for x in self.back)
        dead = any(x.dead is not None for x in self.back)
        columns = [Column(said.LAYER)]
        figures = (said.MOST_DELTA, said.MEAN_WEIGHT, said.MOST_WEIGHT, said.MEAN_SLOPE)
        columns += [Column(heading, "right") for heading in figures]
        columns += [Column(said.SATURATED_UNITS, "right")] * saturated + [Column(said.DEAD_UNITS, "right")] * dead

        def rows() -> Iterator[Row]:
            for x in self.back:
                cells: list[Cell] = [Words(self._label(x.layer))]
                figures = (x.delta_max, x.weights_mean, x.weights_max, x.slope)
                cells += [self._number(figure) for figure in figures]
                cells += [_share(x.saturated)] * saturated + [_share(x.dead)] * dead
                yield Row(tuple(cells))

        used = dict.fromkeys(a.operation for x in self.back for a in x.layer.activations if a.operation in STEEP)
        saturating = [f"{name}: {STEEP[name]}" for name in used if name is not None]
        before = tuple((Words(s),) for s in said.units(saturating, dead, self.shape.rows))
        after: list[Line] = [(Words(said.SHARED),)] if self._shared() else []
        return Section(said.UNITS, tuple(columns), rows, before, lambda: iter(after), len(self.back))

    def _shared(self) -> bool:
        names = [n for x in self.shape.layers for n in {n for row in x.weights for n in row}]
        return len(set(names)) < len(names)

    def slopes(self) -> Section:
        """The bound (1/4)^L, and the measured product."""
        lines: list[str] = []
        for name, steepest in STEEPEST.items():
            count = sum(all(a.operation == name for a in x.layer.activations) for x in self.back)
            if count:
                bound = steepest**count
                lines.append(said.at_most(name, STEEP[name], count, self._text(bound) if bound else ""))
        slopes = [x.slope for x in self.back]
        product = self._text(self.own.slopes) if self.own.slopes else ""
        lines.append(said.measured(len(slopes), self._text(min(slopes)), self._text(max(slopes)), product, 0 in slopes))
        if self.own.slopes < VANISHED and len(slopes) > 1:
            lines.append(said.left_over(0 in slopes))
        return Section(said.SLOPES, before=tuple((Words(line),) for line in lines if line))

    # -- other networks

    def side_by_side(self) -> Section:
        networks = self.report.networks
        columns = [Column(said.NETWORK, folds=1)]
        columns += [Column(h, "right") for h in (said.FIRST_WEIGHTS, said.RATIO, said.PER_LAYER, said.PRODUCT)]
        columns.append(Column(words.VERDICT))

        def rows() -> Iterator[Row]:
            for m in networks:
                name = Words(label(m))
                if m.flow is None:
                    yield Row((name, None, None, None, None, Words(m.problem)), mark="bad")
                    continue
                figures = (m.flow.layers[0].weights_mean, m.flow.ratio, m.flow.per_layer, m.flow.slopes)
                yield Row((name, *map(self._number, figures), Words(said.VERDICTS[m.flow.verdict])), mark=_mark(m.flow))

        before = [*said.KEPT, *said.columns_of_side(len(self.back))]
        return Section(
            said.SIDE_BY_SIDE, tuple(columns), rows, tuple((Words(s),) for s in before), self._conclusions, len(networks)
        )

    def _conclusions(self) -> Iterator[Line]:
        networks = self.report.networks
        hidden = len(self.back) - 1
        for remedy in dict.fromkeys(r for m in networks for r in m.remedies):
            counts = [m.variant.changed[remedy] for m in networks if remedy in m.remedies]
            yield (Words(said.changed(remedy, counts[0], hidden)),)
        for m in networks:
            if m.flow is None:
                continue
            if m.flow.verdict == NONE:
                yield (Words(f"{label(m)}: {self._blocked(m.flow)}"),)
            dead = next((x.layer.number for x in m.flow.layers if x.dead == 1), None)
            if dead is not None and m.flow.ratio == 0:
                yield (Words(said.all_dead(label(m), dead)),)
            if SKIP in m.remedies and m.flow.verdict == HEALTHY and m.flow.slopes < VANISHED and m.flow.ratio is not None:
                yield (Words(said.bypassed(label(m), self._text(m.flow.slopes), self._text(m.flow.ratio))),)

    def charts(self) -> list[Section]:
        """A column of bars a network, on one scale."""
        networks = self.report.networks
        drawn = [m.flow for m in networks if m.flow is not None and (m.flow.verdict != NONE or m is networks[0])]
        scale = Scale.of((x.delta_mean for found in drawn for x in found.layers), self._width(5, 1))

        def cell(m: Measured, i: int) -> Words | Number:
            return Words(said.NOT_MEANT) if m.flow is None else self._barred(scale, m.flow.layers[i].delta_mean, 1, m.flow)

        heads = [Words(self._label(x.layer)) for x in self.back]
        rows = [[cell(m, i) for m in networks] for i in reversed(range(len(self.back)))]
        before = [] if scale is None else [f"{said.bars(said.MEAN_DELTA, scale.start, scale.step)} {said.beside(1)}"]
        return self._abreast(said.CHART, Column(said.LAYER), heads, rows, before, lambda: iter(()))

    def depths(self) -> list[Section]:
        """A row a depth, a column of bars a network: ‖δ‖ of layer 1 against that of the last."""
        networks, depths = self.report.networks, self.report.depths
        ratios = [m.flow.ratio for row in depths for m in row if m.flow is not None and m.flow.ratio is not None]
        scale = Scale.of(ratios, self._width(6, 2))

        def cell(m: Measured) -> Words | Number:
            if m.flow is None:
                return Words(said.NO_VALUE)
            return Words(said.NOT_MEANT) if m.flow.ratio is None else self._barred(scale, m.flow.ratio, 2, m.flow)

        def after() -> Iterator[Line]:
            for k, m in enumerate(networks):
                runs = []
                for verdict, group in groupby((row[k] for row in depths), _said):
                    held = [x.depth for x in group]
                    runs.append((verdict, held[0], held[-1]))
                yield (Words(said.turns(label(m), runs)),)

        network = self.report.network
        before = [said.repeats(network.repeated_layer, network.fixed)]
        before += [] if scale is None else [f"{said.bars(said.RATIO, scale.start, scale.step)} {said.beside(2)}"]
        heads = [Number(str(row[0].depth)) for row in depths]
        rows = [[cell(m) for m in row] for row in depths]
        return self._abreast(said.DEPTH, Column(said.LAYER + "s", "right"), heads, rows, before, after)

    def _barred(self, scale: Scale | None, size: float, digits: int, flow: Flow) -> Words | Number:
        return barred(scale, size, digits, flow.underflow) if self.bars or not size else Number(figure(size, self.digits))

    def _width(self, first: int, digits: int) -> int:
        """Of the bars, beside a first column and with figures of so many digits."""
        columns = min(ABREAST, len(self.report.networks))
        return min(BARS, (WIDE - first) // columns - GAP - digits - (6 if digits == 1 else 7))

    def _abreast(
        self,
        heading: str,
        first: Column,
        heads: Sequence[Words | Number],
        rows: Sequence[Sequence[Words | Number]],
        before: Sequence[str],
        after: Callable[[], Iterator[Line]],
    ) -> list[Section]:
        """A table, or several below one another where the networks' bars are too many to stand side by side."""
        networks = self.report.networks
        groups: list[list[int]] = []
        used = 0
        for k, m in enumerate(networks):
            width = GAP + max(map(len, (label(m), *(row[k].text for row in rows))))
            if not groups or (self.bars and used + width > WIDE):
                groups.append([])
                used = max(len(first.heading), *(len(h.text) for h in heads))
            groups[-1].append(k)
            used += width
        sections = []
        for n, group in enumerate(groups):
            columns = (first, *(Column(label(networks[k])) for k in group))
            lines = [Row((head, *(row[k] for k in group))) for head, row in zip(heads, rows, strict=True)]
            said_before: tuple[Line, ...] = () if n else tuple((Words(s),) for s in before)
            sections.append(
                Section(
                    "" if n else heading, columns, lambda lines=lines: iter(lines), said_before,  # type: ignore[misc]
                    after if n == len(groups) - 1 else lambda: iter(()), len(lines),
                )
            )  # fmt: skip
        return sections

    # -- the end

    def verdict(self) -> Section:
        return Section(said.VERDICT, after=self._verdict)

    def found(self) -> Iterator[str]:
        """What became of the gradient, and of that of the networks beside it."""
        own, networks = self.own, self.report.networks
        ratio = "0" if own.ratio is None else self._text(own.ratio)
        blocked = own.verdict == NONE
        yield said.none_because(self._blocked(own)) if blocked else said.verdict(own.verdict, len(self.back), ratio)
        if len(networks) > 1:
            good = [label(m) for m in networks if m.flow is not None and m.flow.verdict == HEALTHY]
            yield said.rescued(good, len(networks))

    def _verdict(self) -> Iterator[Line]:
        own, count = self.own, len(self.back)
        told, *beside = self.found()
        yield (Words(told),)
        means = [x.weights_mean for x in own.layers if x.weights_mean is not None]
        first, last = own.layers[0].weights_mean, own.layers[-1].weights_mean
        if own.verdict in (VANISHING, EXPLODING) and count > 1 and first is not None and last is not None:
            yield (Words(said.consequence(own.verdict, means, self._text(first), self._text(last), count)),)
        further = _turns_at(own)
        if further is not None and own.per_layer is not None:
            yield (Words(said.from_depth(*further[:1], self._text(own.per_layer), further[1])),)
        for line in (*beside, *said.THRESHOLD):
            yield (Words(line),)
        yield from self._checked()

    def _checked(self) -> Iterator[Line]:
        verification = self.report.report.verification
        if verification is None:
            yield (Words(said.NOT_CHECKED),)
        else:
            verdicts = [c.verdict for c in verification.checks.values()]
            yield (Words(said.derivatives(words.checked(verdicts, verification.verdict))),)
        made = self.report.variants
        if made:
            yield (Words(said.accumulation(sum(m.accumulates for m in made), len(made))),)
        again = self.report.confirmed
        if again is not None:
            measured = sum(m.confirmed is not None for m in (self.report.networks[0], *made))
            yield (Words(said.figures(again.figures, measured, again.faults, again.reason)),)

    def _blocked(self, flow: Flow) -> str:
        entering = flow.entering
        return said.no_gradient(len(flow.layers), None if entering is None else self._text(entering))

    # -- cells

    def _label(self, layer: Layer) -> str:
        return str(layer.number) if layer.name is None else f"{layer.number} {layer.name}"

    def _text(self, value: float) -> str:
        """For a sentence."""
        return figure(value, self.digits).replace("-", "−")

    def _number(self, value: float | None) -> Cell:
        return Words(said.NOT_MEANT) if value is None else Number(figure(value, self.digits))


def _said(m: Measured) -> str:
    return said.NO_VALUE if m.flow is None else said.VERDICTS[m.flow.verdict]


def _share(value: float | None) -> Cell:
    return Words(said.NOT_MEANT if value is None else f"{value:.0%}")


def _is_apart(factor: float | None) -> bool:
    return factor is not None and factor != 1.0


def _mark(flow: Flow) -> Literal["good", "warn", "bad"]:
    return MARKS.get(flow.verdict, "bad")


def _turns_at(flow: Flow) -> tuple[str, int] | None:
    """From how many layers on a healthy network would no longer be, at its own factor a layer; None where that is far off."""
    mean = flow.per_layer
    if flow.verdict != HEALTHY or not mean or mean in (1.0, math.inf) or mean != mean:
        return None
    limit = VANISHED if mean < 1 else EXPLODED
    layers = math.floor(math.log(limit) / math.log(mean)) + 2  # L − 1 factors beyond it
    return (VANISHING if mean < 1 else EXPLODING, layers) if layers <= MOST_AHEAD else None

