"""Whole drawings, byte for byte, so that a change of them is one that somebody looked at.

`golden/NAME.txt`, `.ascii.txt`, `.dot`, `.mmd`, `.svg`, `.json` are what `wengert graph` writes. After a change that is meant:

    WENGERT_UPDATE_GOLDEN=1 pytest tests/show/graph/test_golden.py
    git diff tests/show/graph/golden
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.show.graph.drawing import BAYDIN, SAMPLES
from wengert.cli.run import run

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("WENGERT_UPDATE_GOLDEN"))
DRAWN: dict[str, list[str]] = {
    "baydin": [BAYDIN, "--at", "x1=2,x2=5"],
    "symbols": ["a = w*x + b; y = sigmoid(a)"],
    "two-two-one": [str(SAMPLES / "two-two-one.yaml")],
    "mazur-2-2-2": [str(SAMPLES / "mazur-2-2-2.yaml")],
    "deep-sigmoid": [str(SAMPLES / "deep-sigmoid.yaml"), "--digits", "3"],
}
FORMATS = {"txt": ["-f", "text"], "ascii.txt": ["-f", "text", "--ascii"], "dot": ["-f", "dot"], "mmd": ["-f", "mermaid"],
           "svg": ["-f", "svg"], "json": ["-f", "json"]}  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", DRAWN)
def test_drawing(name: str, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", *DRAWN[name], *FORMATS[ending]]) == 0
    shown, told = capsys.readouterr()
    assert told == ""
    assert ending != "ascii.txt" or shown.isascii()
    path = GOLDEN / f"{name}.{ending}"
    if UPDATE:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8", newline="\n")
    assert path.exists(), "no golden file: WENGERT_UPDATE_GOLDEN=1 writes it"
    assert shown == path.read_text(encoding="utf-8")


def test_no_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.{ending}" for name in DRAWN for ending in FORMATS}
