"""PNG: an SVG of ours, drawn by resvg (package resvg-py, extra `png`). Text is drawn with the machine's own fonts.

resvg leaves text away whose font it does not find. So a family is chosen by trying which one draws, and what no font can draw
is an error, before any picture is made. The same input gives the same bytes where the fonts are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from wengert.errors import UsageError
from wengert.memory import room

SCALE = 2.0  # pixels a unit of the SVG: sharp on a slide
MOST_PIXELS = 100_000_000  # 800 MB while it is drawn
ROOM = 64 << 20  # bytes of address space that resvg takes, whatever the picture,
ROOM_EACH = 8  # and for each pixel,
ROOM_TEXT = 64  # and for each byte of the SVG
FAMILIES = (  # for `sans-serif`, the first that the machine has; those with signs of mathematics first
    "DejaVu Sans", "Liberation Sans", "Arial", "Helvetica", "Helvetica Neue", "Segoe UI", "Noto Sans", "Verdana", "Tahoma",
    "Open Sans", "Roboto", "Ubuntu", "Ubuntu Sans", "Cantarell", "Adwaita Sans", "Inter", "FreeSans", "Nimbus Sans",
    "Nimbus Sans L", "Lato", "Source Sans 3", "Fira Sans", "Carlito", "Calibri", "Bitstream Vera Sans", "Droid Sans",
    "Latin Modern Sans", "DejaVu Serif", "Liberation Serif", "Times New Roman", "DejaVu Sans Mono", "Liberation Mono",
)  # fmt: skip
ABSENT = "\U0010fffd"  # a character that no font has: drawn as a box
TOLD = 8  # characters that an error names


def png(svg: str) -> bytes:
    """The picture as PNG, `SCALE` pixels a unit. Raises UsageError where the package or a font is not installed, or the picture
    is too large; MemoryError where a limit leaves no room for what resvg takes."""
    resvg = _package()
    root = ElementTree.fromstring(svg)
    area = _area(root)
    zoom = _zoom(area)
    room(ROOM + int(ROOM_EACH * area * zoom**2) + ROOM_TEXT * len(svg))  # resvg would end the process
    texts = sorted({c for text in _drawn(root) for c in text if not c.isspace()})
    family = _family(resvg) if texts else None
    missing = [c for c in texts if not c.isascii() and _shown(resvg, c, family) == _shown(resvg, ABSENT, family)]
    if missing:
        signs = " ".join(missing[:TOLD]) + (" …" if len(missing) > TOLD else "")
        raise UsageError(
            f"no font of this machine has {signs}",
            hint="install a font that has it (the Noto fonts have most), or write .svg instead of .png",
        )
    return _draw(resvg, svg, family, zoom)


def _package() -> Any:
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise UsageError(
            "PNG is drawn by the package resvg-py, which is not installed",
            hint='python -m pip install "wengert[png]", or write .svg instead of .png',
        ) from None
    except ImportError as problem:  # its library does not fit into the memory there is
        raise UsageError(f"the package resvg-py cannot be loaded: {problem}", hint="or write .svg, which needs none") from None
    return resvg_py


def _draw(resvg: Any, svg: str, family: str | None, zoom: float = 1.0) -> bytes:
    """Every generic family is the one that was found: none of ours asks for another."""
    fonts = {} if family is None else {f"{kind}_family": family for kind in ("font", "sans_serif", "serif", "monospace")}
    made: bytes = resvg.svg_to_bytes(svg_string=svg, zoom=zoom, **fonts)
    return made


def _area(root: ElementTree.Element) -> float:
    """Square units of the picture. Raises UsageError where it is too large at one pixel a unit."""
    width, height = (float(root.get(side, "0").removesuffix("px")) for side in ("width", "height"))
    area = width * height
    if area > MOST_PIXELS:
        raise UsageError(
            f"the picture is too large for PNG: {math.ceil(width):,} × {math.ceil(height):,}", hint="write .svg instead of .png"
        )
    return area


def _zoom(area: float) -> float:
    return SCALE if area * SCALE**2 <= MOST_PIXELS else 1.0


def _drawn(root: ElementTree.Element) -> Iterator[str]:
    """The texts that are drawn; a title or a description is not."""
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        yield from element.itertext()


@lru_cache(maxsize=1)
def _family(resvg: Any) -> str:
    """The first family that draws a letter."""
    nothing = _shown(resvg, "", None)
    found = next((family for family in FAMILIES if _shown(resvg, "M", family) != nothing), None)
    if found is None:
        raise UsageError(
            "no font was found to draw the picture's text with",
            hint="install one, for example DejaVu Sans (Debian: apt install fonts-dejavu-core), or write .svg instead of .png",
        )
    return found


@lru_cache(maxsize=1024)
def _shown(resvg: Any, text: str, family: str | None) -> bytes:
    """A small picture of that text alone."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">'
    drawn = f'<text x="4" y="18" font-family="sans-serif" font-size="14">{_escaped(text)}</text>'
    return _draw(resvg, f"{head}{drawn}</svg>", family)


def _escaped(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)
