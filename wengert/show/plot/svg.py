"""A plot as SVG: one function from the data to the picture. It stands on its own light paper, in a file and in a page.

Colours are those of palette.py; what they tell, dashes and marks tell too. Nothing is cut: the margins are as wide as what
stands in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from wengert.show import palette
from wengert.show.plot.frame import EDGE, LINE, SMALL, TICK, Frame, axes, line
from wengert.show.plot.labels import Box, Room, dense, spread
from wengert.show.plot.model import Mark, Plot, Point, Series
from wengert.show.vector import cut, element, image, text, titled, width, wrapped

WIDTH, HEIGHT = 760.0, 330.0  # of the picture, and of the plot's frame in it
TITLE = 18.0  # font size
LONGEST = 230.0  # that a name beside a line's end takes
SWATCH = 30.0
MARK = 3.6  # radius
WRITING = (palette.FORWARD_TEXT, palette.BACKWARD_TEXT)  # of two curves' names


def svg(plot: Plot) -> str:
    """The whole picture."""
    head, top = _head(plot)
    names = [cut(s.name, SMALL, LONGEST) for s in plot.series]
    legend: list[int] = []
    content: list[str] = []
    while True:  # again, with the names that found no room along their curves in a legend above
        rows, below = _legend(plot, legend, top)
        frame = _frame(plot, below, names)
        room = Room(frame.box, _things(frame))
        drawn, missing = _named(plot, frame, room, names, legend)
        content = [*head, *rows, *axes(frame), *_levels(frame), *_curves(frame), *drawn]
        if set(missing) <= set(legend):
            break
        legend = sorted({*legend, *missing})
    content += _remarks(frame, room)
    notes, height = _foot(plot, frame)
    return image(WIDTH, height, plot.title, plot.description, [*content, *notes], palette.PAPER, "plot")


def _head(plot: Plot) -> tuple[list[str], float]:
    """Title and subtitle, and where what follows begins."""
    y = EDGE / 2
    made: list[str] = []
    for row in wrapped(plot.title, TITLE * 1.1, WIDTH - 2 * EDGE, 2):  # bold is wider
        y += TITLE * LINE
        made.append(text(row, EDGE, y, TITLE, font_weight="bold", fill=palette.INK))
    for row in wrapped(plot.subtitle, SMALL, WIDTH - 2 * EDGE, 3):
        y += SMALL * LINE + 2
        made.append(text(row, EDGE, y, SMALL, fill=palette.MUTED))
    return made, y + 6


def _legend(plot: Plot, shown: Sequence[int], top: float) -> tuple[list[str], float]:
    """Rows of swatches with names, and where what follows begins."""
    if not shown:
        return [], top
    made: list[str] = []
    x, y = EDGE, top + SMALL * LINE
    for n in shown:
        name = cut(plot.series[n].name, SMALL, WIDTH - 2 * EDGE - SWATCH)
        wide = SWATCH + 8 + width(name, SMALL)
        if x > EDGE and x + wide > WIDTH - EDGE:
            x, y = EDGE, y + SMALL * LINE
        made += [*_swatch(plot, n, x, y - SMALL / 3), text(name, x + SWATCH + 6, y, SMALL, fill=palette.INK)]
        x += wide + 18
    return made, y + 6


def _frame(plot: Plot, top: float, names: Sequence[str]) -> Frame:
    left = EDGE + max(width(tick.text, TICK) for tick in plot.y.ticks) + 8
    right = EDGE
    tall = HEIGHT
    if plot.named == "end":
        right += SWATCH + 20 + max(width(name, SMALL) for name in names)
        tall = max(tall, SMALL * LINE * len(names))
    last = max((t for t in plot.x.ticks if t.text), key=lambda t: abs(t.at - plot.x.low))
    right = max(right, EDGE + width(last.text, TICK) / 2)
    top += (SMALL * LINE + 5 if plot.y.label else 0) + 10  # the name of the axis stands above it
    return Frame(plot, Box(left, top, WIDTH - right, top + tall))


# -- curves


def _curves(frame: Frame) -> Iterator[str]:
    for n, series in enumerate(frame.plot.series):
        yield element("g", [titled(series.name), *_curve(frame, n, series)], class_="series")


def _curve(frame: Frame, n: int, series: Series) -> Iterator[str]:
    colour, dashes = palette.SERIES[n % len(palette.SERIES)]
    for piece in frame.pieces(series):
        if len(piece) > 1:
            yield element(
                "path", d="M" + "L".join(f"{x:.2f},{y:.2f}" for x, y in piece), fill="none", stroke=colour, stroke_width=2.2,
                stroke_dasharray=dashes or None, stroke_linejoin="round",
            )  # fmt: skip
    for mark in series.marks:
        yield _mark(frame.plot, n, mark, *frame.foot(mark))


def _mark(plot: Plot, n: int, mark: Mark, x: float, y: float) -> str:
    colour = palette.SERIES[n % len(palette.SERIES)][0]
    fill = palette.PAPER if mark.kind in ("limit", "none") else colour
    told = [titled(mark.text)] if mark.text else None
    if mark.kind == "taken":
        path = _shape(3, x, y, MARK + 1.2)
        return element("path", told, d=path, fill=fill, stroke=palette.PAPER, stroke_width=1, class_="taken")
    shape = n if plot.named == "end" else 0
    return element("path", told, d=_shape(shape, x, y, MARK), fill=fill, stroke=colour, stroke_width=1.6, class_=mark.kind)


def _shape(n: int, x: float, y: float, r: float) -> str:
    """Seven marks, six colours: forty-two series are told apart."""
    corners: tuple[tuple[float, float], ...] = (
        (),
        ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
        ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
        ((0, 1.2), (1.1, -0.8), (-1.1, -0.8)),
        ((-1.1, -0.5), (1.1, -0.5), (1.1, 0.5), (-1.1, 0.5)),
        ((-0.5, -1.1), (0.5, -1.1), (0.5, 1.1), (-0.5, 1.1)),
    )[n % 7]
    if not corners:
        return f"M{x - r:.2f},{y:.2f}a{r},{r} 0 1 0 {2 * r},0a{r},{r} 0 1 0 {-2 * r},0Z"
    return "M" + "L".join(f"{x + r * dx:.2f},{y + r * dy:.2f}" for dx, dy in corners) + "Z"


def _swatch(plot: Plot, n: int, x: float, y: float) -> Iterator[str]:
    colour, dashes = palette.SERIES[n % len(palette.SERIES)]
    yield line(x, y, x + SWATCH, y, colour, 2.2, dashes or None)
    if plot.named == "end":
        yield _mark(plot, n, Mark(0, 0), x + SWATCH / 2, y)


def _things(frame: Frame) -> list[list[Point]]:
    """What words must keep away from: the curves, then the levels."""
    series = [[*dense(frame.pieces(s)), *(frame.foot(m) for m in s.marks)] for s in frame.plot.series]
    box = frame.box
    return [*series, *(dense([[(box.left, frame.y(v.y)), (box.right, frame.y(v.y))]]) for v in frame.plot.levels)]


def _levels(frame: Frame) -> Iterator[str]:
    for level in frame.plot.levels:
        y = frame.y(level.y)
        drawn = line(frame.box.left, y, frame.box.right, y, palette.MUTED, 1.4, "6 4")
        yield element("g", [titled(level.text), drawn], class_="level")


# -- words in the frame


def _named(
    plot: Plot, frame: Frame, room: Room, names: Sequence[str], legend: Sequence[int]
) -> tuple[list[str], list[int]]:
    """The names of series and levels where they found room, and the numbers of the series that found none."""
    made: list[str] = []
    missing: list[int] = []
    for k, level in enumerate(plot.levels):
        box = room.along(len(plot.series) + k, width(level.text, SMALL), SMALL)
        if box is None:
            box = _at_edge(frame, level.y, width(level.text, SMALL))
        made.append(_written(level.text, box, palette.INK))
    if plot.named == "end":
        return [*made, *_at_ends(plot, frame, names)], []
    for n, name in enumerate(names if plot.named else ()):
        if n in legend:
            continue
        box = room.along(n, width(name, SMALL), SMALL)
        if box is None:
            missing.append(n)
        else:
            made.append(_written(name, box, WRITING[n] if len(names) == len(WRITING) else palette.INK))
    return made, missing


def _at_edge(frame: Frame, y: float, wide: float) -> Box:
    """Above a level at its left end, on whatever is there: it has a rim of paper."""
    return Box(frame.box.left + 6, frame.y(y) - 6 - SMALL, frame.box.left + 6 + wide, frame.y(y) - 6)


def _written(words: str, box: Box, colour: str) -> str:
    return text(
        words, (box.left + box.right) / 2, box.bottom - SMALL * 0.15, SMALL, fill=colour, text_anchor="middle",
        stroke=palette.PAPER, stroke_width=3, paint_order="stroke", class_="said",
    )  # fmt: skip


def _at_ends(plot: Plot, frame: Frame, names: Sequence[str]) -> Iterator[str]:
    """Beside the ends of the lines, moved apart, each with its swatch and a thin line to its end."""
    ends = [_end(frame, series) for series in plot.series]
    gap = SMALL * LINE
    heights = spread([y for _, y in ends], gap, frame.box.top + gap / 2, frame.box.bottom - gap / 2)
    for n, ((x, y), height) in enumerate(zip(ends, heights, strict=True)):
        start = frame.box.right + 14
        yield line(x + MARK + 1, y, start, height, palette.FAINT, 1)
        yield from _swatch(plot, n, start, height)
        yield text(names[n], start + SWATCH + 6, height + SMALL * 0.36, SMALL, fill=palette.INK, class_="said")


def _end(frame: Frame, series: Series) -> Point:
    """Where a line ends on the right: at a point or at a mark."""
    points = list(chain.from_iterable(frame.pieces(series))) + [frame.foot(m) for m in series.marks]
    return max(points) if points else (frame.box.right, frame.box.bottom)


def _remarks(frame: Frame, room: Room) -> Iterator[str]:
    """Where they find room: what they say stands in the subtitle or the notes too."""
    for remark in frame.plot.remarks:
        box = room.beside((frame.x(remark.x), frame.y(remark.y)), width(remark.text, SMALL), SMALL)
        if box is not None:
            yield _written(remark.text, box, palette.INK)


def _foot(plot: Plot, frame: Frame) -> tuple[list[str], float]:
    """The notes, and where the picture ends."""
    y = frame.box.bottom + TICK + 8 + SMALL * LINE + 6
    made: list[str] = []
    for note in plot.notes:
        for row in wrapped(note, TICK, WIDTH - 2 * EDGE, 3):
            y += TICK * LINE
            made.append(text(row, EDGE, y, TICK, fill=palette.MUTED))
    return made, y + EDGE / 2 + 4

