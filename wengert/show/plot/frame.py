"""Where a plot's axes stand on paper, and how they are drawn: grid, ticks, frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wengert.show import palette
from wengert.show.plot import ticks
from wengert.show.plot.labels import Box
from wengert.show.plot.model import Mark, Plot, Point, Series
from wengert.show.vector import cut, element, escaped, text, width
from wengert.show.words import plots as words

EDGE = 20.0  # between everything and the edge of the picture
SMALL, TICK = 13.0, 12.0  # font sizes
LINE = 1.4  # of a font size, from line to line
LEAST = 6.0  # between two labels of the x axis


@dataclass(frozen=True)
class Frame:
    """Where the axes stand on paper."""

    plot: Plot
    box: Box

    def x(self, value: float) -> float:
        return self.box.left + self.plot.x.share(value) * (self.box.right - self.box.left)

    def y(self, value: float) -> float:
        return self.box.bottom - self.plot.y.share(value) * (self.box.bottom - self.box.top)

    def foot(self, mark: Mark) -> Point:
        return self.x(mark.x), self.box.bottom if mark.kind == "none" else self.y(mark.y)

    def pieces(self, series: Series) -> list[list[Point]]:
        return [[(self.x(x), self.y(y)) for x, y in piece] for piece in series.pieces]


def axes(frame: Frame) -> Iterator[str]:
    """Grid, frame, ticks and what is measured."""
    box, plot = frame.box, frame.plot
    if plot.y.label:
        told = words.on_a_logarithmic_scale if plot.y.logarithmic else str
        name = cut(plot.y.label, SMALL, box.right - EDGE - width(told(""), SMALL))
        yield text(told(name), EDGE, box.top - 17, SMALL, fill=palette.MUTED)
    middle, below = (box.left + box.right) / 2, box.bottom + TICK + 8 + SMALL * LINE
    yield text(plot.x.label, middle, below, SMALL, fill=palette.MUTED, text_anchor="middle")
    for tick in plot.y.ticks:
        y = box.bottom - plot.y.along(tick.at) * (box.bottom - box.top)
        yield line(box.left, y, box.right, y, palette.FAINT, 0.8 if tick.text else 0.25)
        if tick.text:
            yield _figure(tick.text, box.left - 7, y + TICK * 0.36, text_anchor="end", class_="y")
    free = -EDGE
    places = [(box.left + plot.x.along(t.at) * (box.right - box.left), t) for t in plot.x.ticks]
    for x, tick in sorted(places, key=lambda pair: pair[0]):
        half = width(tick.text, TICK) / 2
        if x - half < free:
            continue
        free = x + half + LEAST
        yield line(x, box.top, x, box.bottom, palette.FAINT, 0.8)
        yield _figure(tick.text, x, box.bottom + TICK + 6, text_anchor="middle", class_="x")
    for axis, low, high in ((plot.x, plot.x.low, plot.x.high), (plot.y, plot.y.low, plot.y.high)):
        if not axis.logarithmic and min(low, high) < 0 < max(low, high):  # where a value is 0
            yield line(frame.x(0), box.top, frame.x(0), box.bottom, palette.MUTED, 1) if axis is plot.x else line(
                box.left, frame.y(0), box.right, frame.y(0), palette.MUTED, 1
            )
    yield element(
        "rect", x=box.left, y=box.top, width=box.right - box.left, height=box.bottom - box.top, fill="none",
        stroke=palette.MUTED, stroke_width=1, class_="frame",
    )  # fmt: skip


def _figure(shown: str, x: float, y: float, **attributes: object) -> str:
    """A number at a tick; an exponent is raised by the picture, since many fonts lack signs for it."""
    plain = shown.rstrip(ticks.RAISED)
    raised = shown[len(plain) :].translate(ticks.LOWERED)
    content = [escaped(plain)]
    if raised:
        content.append(element("tspan", [escaped(raised)], dy=-TICK * 0.4, font_size=TICK * 0.75))
    return element("text", content, x=x, y=y, font_size=TICK, fill=palette.INK, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, wide: float, dashes: str | None = None) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=wide, stroke_dasharray=dashes)
