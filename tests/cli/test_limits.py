"""Inputs of a size that no person types: no recursion error, and an end in seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wengert import pipeline
from wengert.cli.run import run

NESTED, TERMS, DOUBLINGS = 10_000, 100_000, 30
WIDEST = 2_000  # characters of the widest line of a list that is long because it has many names


def nested() -> str:
    return "formula: " + "sin(" * NESTED + "x" + ")" * NESTED + "\nat: {x: 0.5}\n"


def doublings() -> str:
    """b = a*a, thirty times: the formula in x would have a billion factors."""
    return "let:\n  a1: x*x\n" + "".join(f"  a{i}: a{i - 1}*a{i - 1}\n" for i in range(2, DOUBLINGS + 1)) + "at: {x: 1}\n"


def negations() -> str:
    return "formula: " + "-" * NESTED + "x\nat: {x: 1}\n"


def brackets() -> str:
    return "formula: " + "(" * NESTED + "x" + ")" * NESTED + "\nat: {x: 1}\n"


@pytest.mark.parametrize("command", ["trace", "diff"])
@pytest.mark.parametrize("make", [nested, doublings, negations, brackets])
def test_deep_inputs(make: Callable[[], str], command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(make(), command, tmp_path, capsys)
    assert len(out) < 10_000_000
    assert "f" in out or "a30" in out


@pytest.mark.parametrize("command", ["trace", "diff"])
def test_doublings_stay_in_names(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """2^30 paths, counted and not built; the formula in x is not written, and the document says so."""
    out = printed(doublings(), command, tmp_path, capsys)
    assert len(out) < 100_000
    assert max(map(len, out.splitlines())) < WIDEST
    if command == "trace":
        assert str(2**30) in out
    else:
        assert str(2**30) in out.replace(",", "").replace(" ", "")


def test_many_terms() -> None:
    """A sum of 100,000 terms is traced and differentiated; its derivative has a closed value."""
    terms = " + ".join(f"{i}*x" for i in range(1, TERMS + 1))
    model = pipeline.load(terms)
    found = pipeline.trace(model, at={"x": "0.5"}, verify=False)
    assert found.trace is not None
    assert found.trace.derivative("f", "x") == TERMS * (TERMS + 1) / 2
    formula = pipeline.diff(model, verify=False).formulas.by_key["f", "x"]
    assert not formula.expanded  # nobody reads a sum of 100,000 terms; the document says that it is not written


@pytest.mark.parametrize("command", ["trace", "diff"])
def test_many_terms_are_printed(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terms = " + ".join(["x"] * (TERMS // 10))
    out = printed(f"formula: {terms}\nat: {{x: 0.5}}\n", command, tmp_path, capsys)
    assert len(out) < 20_000_000


def test_long_json_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(nested(), "trace", tmp_path, capsys, "-f", "json")
    found = json.loads(out)
    assert len(found["statements"]) == NESTED
    assert len(found["contributions"]) == NESTED
    assert found["verdict"] is None


def printed(spec: str, command: str, folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    path = folder / "spec.yaml"
    path.write_text(spec, encoding="utf-8")
    assert run([command, str(path), "--no-verify", *options]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out
