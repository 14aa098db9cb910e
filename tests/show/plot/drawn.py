"""A plot read back from its SVG: its axes by their ticks, its curves in values, its texts with the room that they take."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from xml.etree import ElementTree

from wengert.show.vector import width

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?[0-9.]+"
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass
class Scale:
    """From paper to values, by two ticks."""

    ticks: list[tuple[float, float]]  # (place, value or its logarithm)
    logarithmic: bool

    def value(self, place: float) -> float:
        (a, p), (b, q) = self.ticks[0], self.ticks[-1]
        share = (place - a) / (b - a) if a != b else 0.0
        at = p * (1 - share) + q * share
        return 10**at if self.logarithmic else at


class Drawn:
    def __init__(self, svg: str) -> None:
        self.root = ElementTree.fromstring(svg)
        assert self.root.tag == SVG + "svg"
        self.title, self.description = (self.root.findtext(SVG + tag) or "" for tag in ("title", "desc"))
        self.texts = ["".join(t.itertext()) for t in self.root.iter(SVG + "text")]
        rect = next(r for r in self.root.iter(SVG + "rect") if r.get("class") == "frame")
        left, top, wide, tall = (float(rect.get(k, "")) for k in ("x", "y", "width", "height"))
        self.frame = (left, top, left + wide, top + tall)
        self.x = Scale(self._ticks("x"), False)
        self.y = Scale(self._ticks("y"), any("logarithmic scale" in t for t in self.texts))

    def _ticks(self, axis: str) -> list[tuple[float, float]]:
        found = []
        for t in self.root.iter(SVG + "text"):
            if t.get("class") == axis:
                at = float(t.get("x", "")) if axis == "x" else float(t.get("y", "")) - 12 * 0.36
                raised = t.findtext(SVG + "tspan")
                value = number(t.text or "", raised)
                if axis == "y" and any("logarithmic scale" in s for s in self.texts):
                    value = math.log10(value)
                found.append((at, value))
        return found

    @property
    def series(self) -> dict[str, list[list[tuple[float, float]]]]:
        """The pieces of each curve, on paper, by the curve's name."""
        made = {}
        for group in self.root.iter(SVG + "g"):
            if group.get("class") == "series":
                paths = [p for p in group.iter(SVG + "path") if p.get("fill") == "none"]
                made[group.findtext(SVG + "title") or ""] = [points(p.get("d", "")) for p in paths]
        return made

    def values(self, name: str) -> list[tuple[float, float]]:
        return [(self.x.value(x), self.y.value(y)) for piece in self.series[name] for x, y in piece]

    def marks(self, kind: str) -> list[tuple[float, float]]:
        """The values at the middles of the marks of a kind."""
        made = []
        for p in self.root.iter(SVG + "path"):
            if p.get("class") == kind:
                at = points(p.get("d", "").partition("a")[0])
                x, y = (at[0][0] + 3.6, at[0][1]) if len(at) == 1 else (sum(c) / len(at) for c in zip(*at, strict=True))
                made.append((self.x.value(x), self.y.value(y)))
        return made

    def boxes(self) -> list[tuple[str, Box]]:
        """Where each text stands."""
        made = []
        for t in self.root.iter(SVG + "text"):
            size, x, y = (float(t.get(k, "")) for k in ("font-size", "x", "y"))
            shown = "".join(t.itertext())
            wide = width(shown, size * (1.1 if t.get("font-weight") else 1))
            left = x - {"end": wide, "middle": wide / 2}.get(t.get("text-anchor", ""), 0)
            made.append((shown, (left, y - size * 0.76, left + wide, y + size * 0.2)))
        return made


def number(text: str, raised: str | None) -> float:
    """A tick's number: `0.5`, `−1,000`, `π/2`, and with a raised exponent `10` or `2·10`."""
    plain = text.replace("−", "-").replace(",", "")
    if raised is not None:
        mantissa = plain.removesuffix("10").removesuffix("·") or "1"
        return float(mantissa) * float(f"1e{raised.replace('−', '-')}")
    if "π" in plain:
        factor = plain.replace("/2", "").replace("π", "")
        return math.pi * float(factor + "1" if factor in ("", "-") else factor) / (2 if "/2" in plain else 1)
    return float(plain)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(rf"({NUMBER}),({NUMBER})", path)]


def sound(svg: str) -> Drawn:
    """The picture, having seen to it that everything stands inside, and no text on another."""
    drawn = Drawn(svg)
    width, height = (float(drawn.root.get(k, "")) for k in ("width", "height"))
    assert drawn.root.get("role") == "img"
    named = (drawn.root.get("aria-labelledby") or "").split()
    assert len(named) == 2 and named == [e.get("id") for e in drawn.root if e.tag in (SVG + "title", SVG + "desc")]
    assert drawn.title and drawn.description
    left, top, right, bottom = drawn.frame
    for pieces in drawn.series.values():
        for x, y in (p for piece in pieces for p in piece):
            assert left - 0.02 <= x <= right + 0.02 and top - 0.02 <= y <= bottom + 0.02, (x, y)
    boxes = drawn.boxes()
    for n, (shown, box) in enumerate(boxes):
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height, shown
        for other, there in boxes[:n]:
            apart = box[0] >= there[2] or there[0] >= box[2] or box[1] >= there[3] or there[1] >= box[3]
            assert apart, (shown, other)
    return drawn
