"""Rows of data of a size that no person types: an end in seconds, or a message."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from wengert.errors import SpecError
from wengert.lang.spec import read_spec
from wengert.pipeline import load
from wengert.tape.primitives import VOCABULARY

NET = "inputs: [x]\nlayers:\n  - {weights: [[1]]}\ntargets: [t]\nloss: mse\ndata: rows.csv\n"


def test_many_columns_are_not_compared_with_one_another(tmp_path: Path) -> None:
    columns = 200_000
    names = ",".join(["x", "t", *(f"c{i}" for i in range(columns))])
    (tmp_path / "rows.csv").write_text(f"{names}\n1,2{',1' * columns}\n", encoding="utf-8")
    began = time.process_time()
    model = read_spec(NET, "s.yaml", VOCABULARY, (), tmp_path)
    assert time.process_time() - began < 60
    assert len(model.warnings) == columns


def test_too_many_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wengert.lang.data.MOST_CELLS", 10)
    (tmp_path / "rows.csv").write_text("x,t\n" + "1,2\n" * 5, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_spec(NET, "s.yaml", VOCABULARY, (), tmp_path)
    assert caught.value.title == "rows.csv has more than 10 values"


@pytest.mark.parametrize(
    ("layer", "rest"),
    [
        ("{units: 30, activation: softmax}", ""),
        ("{units: 30, activation: 'x+x+x+x+x+x+x+x+x+x+x+x+x+x+x+x+x+x'}", ""),
        ("{units: 1, repeat: 100, activation: 'x+x+x+x'}", ""),
        ("{units: 1}", "targets: [1]\nloss: {kind: huber, delta: 1" + "+1" * 300 + "}\n"),
    ],
)
def test_a_network_that_is_too_large_written_out(layer: str, rest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wengert.lang.expr.MOST_NODES", 800)
    with pytest.raises(SpecError, match="written out, this is more than 800 numbers, names and operations") as caught:
        read_spec(f"inputs: [1]\nlayers:\n  - {layer}\n{rest}", "s.yaml", VOCABULARY)
    assert caught.value.place is not None


@pytest.mark.parametrize(
    ("files", "hint"),
    [(["x9.csv"], "there is x9.csv"), (["x8.csv", "x9.csv"], "there are x8.csv, x9.csv")],
)
def test_the_files_that_there_are(files: list[str], hint: str, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).write_text("a\n1\n", encoding="utf-8")
    spec = tmp_path / "net.yaml"
    spec.write_text("inputs: [a]\nlayers:\n  - {weights: [[1]]}\ndata: nothing-like-it.csv\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load(spec)
    assert caught.value.hint == hint
