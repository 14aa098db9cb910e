"""PNG through resvg: sharp, the same every time, and never with text missing."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator

import pytest

from wengert.errors import UsageError
from wengert.show import raster

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" font-family="sans-serif">'


def picture(text: str, width: float = 120, height: float = 40) -> str:
    return HEAD.format(width, height) + f'<title>中</title><text x="5" y="20">{text}</text></svg>'


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.fixture
def fresh() -> Iterator[None]:
    """What was found out about fonts is forgotten, before and after."""
    for found in (raster._family, raster._shown):
        found.cache_clear()
    yield
    for found in (raster._family, raster._shown):
        found.cache_clear()


def test_two_pixels_a_unit_and_the_same_bytes_again() -> None:
    made = raster.png(picture("loss"))
    assert size(made) == (240, 80)
    assert made == raster.png(picture("loss"))


@pytest.mark.parametrize("text", ["loss", "v\u0304", "∂f/∂x", "σ′(x) = 1/4", "‖δ‖", "η ← η − 1", "&lt;b&gt;", "\U0001d465"])
def test_text_is_drawn(text: str) -> None:
    assert raster.png(picture(text)) != raster.png(picture(""))


def test_other_texts_are_other_pictures() -> None:
    """Not one box for all."""
    assert len({raster.png(picture(c)) for c in "aσδ∂‖−·′"}) == 8


@pytest.mark.parametrize("family", ["sans-serif", "serif", "monospace"])
def test_every_generic_family_draws(family: str) -> None:
    assert raster.png(picture("a").replace("sans-serif", family)) != raster.png(picture("").replace("sans-serif", family))


def test_a_character_without_a_font_is_an_error() -> None:
    with pytest.raises(UsageError, match="no font of this machine has \U0010fffd") as caught:
        raster.png(picture("a\U0010fffd"))
    assert ".svg" in str(caught.value.hint)


def test_no_font_is_an_error(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "FAMILIES", ("No Such Family", "Nor This One"))
    with pytest.raises(UsageError, match="no font was found") as caught:
        raster.png(picture("loss"))
    assert "fonts-dejavu" in str(caught.value.hint)
    assert size(raster.png(picture(""))) == (240, 80)  # nothing to draw with one


def test_the_first_family_that_draws_is_taken(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    there = raster._family(raster._package())
    raster._family.cache_clear()
    monkeypatch.setattr(raster, "FAMILIES", ("No Such Family", there))
    assert raster._family(raster._package()) == there


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match="resvg-py, which is not installed") as caught:
        raster.png(picture("loss"))
    assert 'python -m pip install "wengert[png]"' in str(caught.value.hint)


def test_a_large_picture_has_fewer_pixels_and_a_giant_one_none() -> None:
    assert raster._zoom(raster._area(raster.ElementTree.fromstring(picture("", 9000, 9000)))) == 1
    with pytest.raises(UsageError, match="too large for PNG: 20,000 × 20,000"):
        raster.png(picture("", 20_000, 20_000))
