"""Every sample is traced and differentiated, is verified, and opens with a comment that says where it is from."""

from __future__ import annotations

from pathlib import Path

import pytest

import wengert
from tests.test_golden_samples import UNPROVED

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.yaml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_sample(path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "Notice:" in text
    if path.stem in UNPROVED:
        request.getfixturevalue("figures_alone")
    assert wengert.trace(path, mode="both", budget=60).verdict in ("proved", "agrees")
    assert wengert.diff(path, budget=60).verdict in ("proved", "agrees")
