"""The pieces of an SVG: elements with everything escaped, and how wide a text will be.

What a person typed (a title, a name) comes into a picture only through `text` and `element`, which escape it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from math import fsum

from wengert.errors import printable

# The family is the viewer's own; raster.py takes for it the first one that it finds.
FONT = "sans-serif"
# Advances in em of DejaVu Sans, among the widest of the usual ones: what fits in it fits in the others. Characters by width.
_ADVANCES = {
    0.23: "′", 0.28: "'ijl", 0.3: "IJ", 0.34: " ,./:;\\|·", 0.36: "f-", 0.4: "()[]t!²³⁰¹⁴⁵⁶⁷⁸⁹", 0.42: "r", 0.5: "\"*_`–‖",
    0.53: "sz?⁻∂", 0.58: "cLFk", 0.6: "vxyPπ", 0.64: "TYaoeESbdghnpqu$0123456789{}√", 0.7: "KAVBRXZC", 0.77: "UHNDG&",
    0.84: "OQw#+<=>^~−≈→←×≤≥∞", 0.86: "M", 1.0: "%mW@½…",
}  # fmt: skip
_ADVANCE = {c: width for width, characters in _ADVANCES.items() for c in characters}
_OTHER, _WIDE = 0.68, 1.05  # a letter of another script; one of the wide ones (ideographs, emoji)


def width(text: str, size: float) -> float:
    """About how wide the text is at that font size; rather more than less."""
    return size * fsum(map(_advance, text))


@lru_cache(maxsize=4096)
def _advance(c: str) -> float:
    known = _ADVANCE.get(c)
    if known is not None:
        return known
    if unicodedata.combining(c):
        return 0.0
    return _WIDE if unicodedata.east_asian_width(c) in "WF" else _OTHER


def cut(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning as there is room for, with …"""
    if width(text, size) <= room:
        return text
    used = width("…", size)
    for n, c in enumerate(text):
        used += size * _advance(c)
        if used > room:
            return text[:n] + "…"
    return text


def wrapped(text: str, size: float, room: float, lines: int) -> list[str]:
    """The text in at most so many lines, broken between words; what there is no room for is cut with …"""
    made: list[str] = []
    rest = text.split()
    while rest:
        line = [rest.pop(0)]
        last = len(made) == lines - 1
        while rest and (last or width(" ".join([*line, rest[0]]), size) <= room):
            line.append(rest.pop(0))
        made.append(cut(" ".join(line), size, room))
    return made


def escaped(text: str) -> str:
    """For the contents of an element or an attribute: no markup, nothing that XML 1.0 has no room for."""
    shown = printable(text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        shown = shown.replace(sign, entity)
    return shown


def element(name: str, content: Iterable[str] | None = None, /, **attributes: object) -> str:
    """An element; `content` is made already (of elements, or of `escaped`). An attribute of None is left out, `_` is written
    `-`, floats have two decimals."""
    written = "".join(f' {k.strip("_").replace("_", "-")}="{_value(v)}"' for k, v in attributes.items() if v is not None)
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{''.join(content)}</{name}>"


def text(content: str, x: float, y: float, size: float, /, **attributes: object) -> str:
    """A line of text whose base line begins (or ends, by text_anchor) at a point."""
    return element("text", [escaped(content)], x=x, y=y, font_size=size, **attributes)


def titled(content: str) -> str:
    """What a viewer shows of an element under the pointer, and a screen reader reads."""
    return element("title", [escaped(content)])


def image(width: float, height: float, title: str, description: str, content: Iterable[str], paper: str, name: str) -> str:
    """A whole picture on paper of its own, for a file or inside a page of HTML (an SVG in UTF-8 needs no XML header). `name`
    begins the ids of its title and description, which a page must not have twice."""
    return element(
        "svg",
        [
            element("title", [escaped(title)], id=f"{name}-title"),
            element("desc", [escaped(description)], id=f"{name}-description"),
            element("rect", width="100%", height="100%", fill=paper),
            *content,
        ],
        xmlns="http://www.w3.org/2000/svg", width=number(width), height=number(height),
        viewBox=f"0 0 {number(width)} {number(height)}", role="img", aria_labelledby=f"{name}-title {name}-description",
        font_family=FONT,
    ) + "\n"  # fmt: skip


def number(value: float) -> str:
    """A coordinate: two decimals, none that say nothing."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def _value(value: object) -> str:
    return number(value) if isinstance(value, (int, float)) else escaped(str(value))
