"""Every sample is traced and differentiated, is verified, and opens with a comment that says where it is from."""

from __future__ import annotations

from pathlib import Path

import pytest

import wengert
from tests.test_golden_samples import UNPROVED

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.yaml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_sample(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "Notice:" in text
    budget = 5 if path.stem in UNPROVED else 60  # of some, proofs would take minutes: they agree before
    assert wengert.trace(path, mode="both", budget=budget).verdict in ("proved", "agrees")
    assert wengert.diff(path, budget=budget).verdict in ("proved", "agrees")
