"""Every sample is traced and differentiated, is verified, and opens with a comment that says where it is from."""

from __future__ import annotations

from pathlib import Path

import pytest

import wengert

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.yaml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_sample(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "Notice:" in text
    assert wengert.trace(path, mode="both", budget=15).verdict in ("proved", "agrees")
    assert wengert.diff(path, budget=15).verdict in ("proved", "agrees")
