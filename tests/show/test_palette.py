"""The palette keeps what it promises: writing that can be read, and curves that grey printing keeps apart."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from wengert.show import palette

COLOURS = {
    name: value for name, value in vars(palette).items() if isinstance(value, str) and re.fullmatch("#[0-9A-F]{6}", value)
}
FILLS = [name for name in COLOURS if name.endswith("FILL") or name == "PAPER"]
SOURCE = Path(palette.__file__).read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """CIE L*, what is left of a colour in grey."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("text", ["INK", "MUTED", "FORWARD_TEXT", "BACKWARD_TEXT"])
def test_writing_can_be_read(text: str, fill: str) -> None:
    assert contrast(COLOURS[text], COLOURS[fill]) >= 4.5


def test_the_grey_values_are_those_that_are_stated() -> None:
    stated = dict(re.findall(r'^([A-Z_]+) = "#[0-9A-F]{6}"  # (\d+)', SOURCE, re.M))
    assert len(stated) == len(re.findall(r'^[A-Z_]+ = "#', SOURCE, re.M))
    assert {name: round(lightness(COLOURS[name])) for name in stated} == {name: int(n) for name, n in stated.items()}


def test_curves_differ_without_their_colours() -> None:
    assert len({dashes for _, dashes in palette.SERIES}) == len(palette.SERIES)


def test_forward_and_backward_differ_in_grey() -> None:
    for one, other in combinations((palette.FORWARD, palette.BACKWARD, palette.FAINT, palette.INK), 2):
        assert abs(lightness(one) - lightness(other)) >= 8
