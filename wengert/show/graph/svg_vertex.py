"""One vertex of an SVG: its lines of text, its outline, how much room it takes and where lines meet it.

What a vertex is shows in its outline as well as in its colour: an input is round at its sides, a parameter has straight
corners, a target dashes, a loss cut corners, a neuron is a circle with its figures below, and an output has a second line
around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from wengert.show import palette
from wengert.show.graph.chain import Size
from wengert.show.graph.model import Flow, Shape, Vertex
from wengert.show.graph.style import COLOURS, DASHES, FILLS
from wengert.show.graph.svg_text import BOLD, FIGURE, HEAD, Text, number, written
from wengert.show.look import Look

LINE = 17.0  # from one line of text to the next
ASIDE, ABOVE = 11.0, 7.0  # room in a box around its text
RADIUS, AROUND_SIGN = 19.0, 7.0  # of a circle; between its sign and its line
BELOW_CIRCLE = 5.0
RING = 3.5  # from the outline of an output to its second line
CUT = 9.0  # a corner of a loss
CORNER = 5.0
ROUND: dict[Shape, float] = {"input": 18.0, "target": 18.0, "parameter": 0.0}


@dataclass(frozen=True, slots=True)
class Block:
    """A vertex ready to be drawn: `texts` with their flow, the first the label, and what each is `about`; `radius` 0 for a box.
    `half` is how far the outline reaches from the axis, up and down."""

    shape: Shape
    texts: tuple[tuple[Text, Flow], ...]
    about: tuple[str, ...]
    sign: Text | None
    output: bool
    width: float
    height: float
    radius: float = 0.0

    @property
    def half(self) -> float:
        return self.radius or self.height / 2

    def size(self, down: bool) -> Size:
        """The room it takes in a layout, whole pixels and ring included; `down`: the picture's way leads downwards."""
        ring = RING if self.output else 0.0
        width, height = _up(self.width + 2 * ring), _up(self.height + 2 * ring)
        if down:
            return Size(height, _up(width / 2), _up(width / 2))
        above = _up(self.half + ring)
        return Size(width, above, max(above, height - above))

    def side(self, offset: float) -> float:
        """How far from the axis' middle the outline stands at this distance from it (0: at the middle)."""
        ring = RING if self.output else 0.0
        if self.radius:
            return sqrt(max(0.0, (self.radius + ring) ** 2 - offset**2))
        return self.width / 2 + ring


def block(vertex: Vertex, look: Look) -> Block:
    texts = ((Text.of(vertex.label, look), ""), *((Text.of(f.math, look), f.flow) for f in vertex.figures))
    about = ("", *(" ".join(f.about or ()) for f in vertex.figures))
    head, rest = texts[0][0], texts[1:]
    width = max(head.width(HEAD) * BOLD, *(text.width(FIGURE) for text, _ in rest), 0.0)
    if vertex.shape == "neuron":
        sign = Text.plain(vertex.sign)
        radius = max(RADIUS, sign.width(HEAD) / 2 + AROUND_SIGN)
        height = 2 * radius + BELOW_CIRCLE + LINE * len(texts)
        return Block("neuron", tuple(texts), about, sign, vertex.output, max(width, 2 * radius), height, radius)
    width, height = width + 2 * ASIDE, LINE * len(texts) + 2 * ABOVE
    return Block(vertex.shape, tuple(texts), about, None, vertex.output, max(width, height), height)


def drawn(block: Block, x: float, y: float) -> list[str]:
    """The vertex with its axis' middle at (x, y)."""
    box = (block.shape, x, y, block.width, 2 * block.half, block.radius)
    out = [*(ring(*box) if block.output else ()), *outline(*box)]
    if block.sign is not None:
        out.append(written(block.sign, x, y, HEAD, palette.INK))
    top = y + block.radius + BELOW_CIRCLE if block.radius else y - block.height / 2 + ABOVE
    for i, (text, flow) in enumerate(block.texts):
        y_text, size = top + LINE * (i + 0.5), FIGURE if i else HEAD
        out.append(written(text, x, y_text, size, COLOURS[flow], bold=not i, figure=block.about[i]))
    return out


def ring(shape: Shape, x: float, y: float, width: float, height: float, radius: float = 0.0) -> list[str]:
    """The second line around an output."""
    return outline(shape, x, y, width + 2 * RING, height + 2 * RING, radius and radius + RING, ring=True)


def outline(
    shape: Shape, x: float, y: float, width: float, height: float, radius: float = 0.0, ring: bool = False
) -> list[str]:
    """The outline alone, its middle at (x, y)."""
    fill = palette.PAPER if ring else FILLS[shape]
    dashes = f' stroke-dasharray="{DASHES[shape]}"' if shape in DASHES and not ring else ""
    paint = f'fill="{fill}" stroke="{palette.INK}" stroke-width="1.2"{dashes}'
    if radius:
        return [f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" {paint}/>']
    left, top = x - width / 2, y - height / 2
    if shape == "loss":
        right, bottom, cut = left + width, top + height, min(CUT, height / 3)
        corners = (
            (left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut), (right - cut, bottom),
            (left + cut, bottom), (left, bottom - cut), (left, top + cut),
        )  # fmt: skip
        points = " ".join(f"{number(a)},{number(b)}" for a, b in corners)
        return [f'<polygon points="{points}" {paint}/>']
    corner = min(ROUND.get(shape, CORNER), height / 2)
    place = f'x="{number(left)}" y="{number(top)}" width="{number(width)}" height="{number(height)}"'
    return [f'<rect {place} rx="{number(corner)}" {paint}/>']


def _up(value: float) -> int:
    """Whole pixels, rounded up."""
    return -int(-value // 1)
