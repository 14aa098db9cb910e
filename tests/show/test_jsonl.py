"""JSON Lines: the same record as JSON, a line at a time, and a cut file is noticed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LastingJudge
from wengert.cli.run import run
from wengert.show.lines import KINDS, lines_of

SAMPLES = Path(__file__).parents[2] / "samples"
LISTS = {kind: key for key, kind in KINDS.items()}
COMMANDS = [
    ["trace", "baydin.yaml", "--mode", "both"],
    ["trace", "mazur-2-2-2.yaml"],
    ["trace", "two-two-one.yaml", "--round", "3"],
    ["trace", "softmax-classifier.yaml", "--paths"],
    ["trace", "kink.yaml", "--kink", "jax"],
    ["trace", "x**2*y + y**3", "--at", "x=2,y=3", "--order", "2"],
    ["trace", "ln(x1) + x1*x2", "--at", "x1=2,x2=pi/3", "--numbers", "exact"],
    ["diff", "chain-rule.yaml"],
    ["train", "xor.yaml", "--steps", "3"],
    ["flow", "deep-sigmoid.yaml"],
    ["rules", "sigmoid"],
    ["rules"],
]


def reassembled(text: str) -> dict[str, Any]:
    """The JSON object of the lines, as a reader would put it together; a missing or a wrong end is an error."""
    lines = [json.loads(line) for line in text.split("\n")[:-1]]
    head, *entries, end = lines
    assert (head.pop("record"), end.pop("record")) == ("head", "end")
    counts = end.pop("counts")
    made: dict[str, Any] = {**head, **{LISTS[kind]: [] for kind in counts}, **end}
    for entry in entries:
        made[LISTS[entry.pop("record")]].append(entry)
    assert counts == {kind: len(made[LISTS[kind]]) for kind in counts}
    return made


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_the_lines_are_the_record(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    made = []
    for format in ("json", "jsonl"):
        status = run([*(str(SAMPLES / a) if a.endswith(".yaml") else a for a in arguments), "--no-verify", "-f", format])
        out, err = capsys.readouterr()
        assert (status, err) == (0, "")
        made.append(out)
    assert reassembled(made[1]) == json.loads(made[0])


def test_with_verdicts(capsys: pytest.CaptureFixture[str], judge: LastingJudge) -> None:
    made = []
    for format in ("json", "jsonl"):
        assert run(["trace", "(1 - cos(x))/x**2", "--at", "x=1e-4", "--budget", "100", "-f", format]) == 0
        made.append(capsys.readouterr().out)
    found = reassembled(made[1])
    assert found == json.loads(made[0])
    assert (found["verdict"], bool(found["losses"])) == ("imprecise", True)


def test_the_first_and_the_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "x**2", "--at", "x=3", "--no-verify", "-f", "jsonl"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert list(lines[0]) == ["record", "schema", "title", "source", "formula", "arithmetic", "assumptions"]
    assert [line["record"] for line in lines] == ["head", "input", "statement", "contribution", "output", "derivative", "end"]
    assert lines[-1] == {
        "record": "end", "operations": lines[-1]["operations"], "verdict": None, "warnings": [],
        "counts": {"input": 1, "statement": 1, "contribution": 1, "output": 1, "derivative": 1},
    }  # fmt: skip
    for line in lines:
        assert next(iter(line)) == "record"


def test_a_cut_file_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "x**2", "--at", "x=3", "--no-verify", "-f", "jsonl"]) == 0
    text = capsys.readouterr().out
    lines = text.splitlines(keepends=True)
    for cut in (lines[:-1], lines[:2] + lines[3:]):
        with pytest.raises(AssertionError):
            reassembled("".join(cut))


def test_nothing_is_made_before_its_turn() -> None:
    made: list[str] = []

    def entries(name: str) -> Iterator[dict[str, Any]]:
        for n in range(3):
            made.append(f"{name}{n}")
            yield {"n": n}

    def parts() -> Iterator[tuple[str, Any]]:
        yield "schema", "s"
        yield "inputs", entries("i")
        yield "between", 1
        yield "outputs", ["only", "names"]
        yield "statements", entries("s")
        made.append("verdict")
        yield "verdict", None

    lines = lines_of(parts())
    assert next(lines) == {"record": "head", "schema": "s"}
    assert made == []
    assert next(lines) == {"record": "input", "n": 0}
    assert made == ["i0"]
    rest = list(lines)
    assert made == ["i0", "i1", "i2", "s0", "s1", "s2", "verdict"]
    assert rest[-1] == {
        "record": "end", "between": 1, "outputs": ["only", "names"], "verdict": None, "counts": {"input": 3, "statement": 3},
    }  # fmt: skip


def test_a_record_without_lists() -> None:
    assert list(lines_of({"a": 1}.items())) == [{"record": "head", "a": 1}, {"record": "end", "counts": {}}]


def test_names_cannot_break_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "θ1*2", "--at", "θ1=3", "--no-verify", "--title", 'a "b"\nc\u2028', "-f", "jsonl"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out.split("\n")[0])["title"].startswith('a "b"')
    assert out.count("\n") == len(out.split("\n")) - 1
    assert run(["trace", "θ1*2", "--at", "θ1=3", "--no-verify", "-f", "jsonl", "--ascii"]) == 0
    assert capsys.readouterr().out.isascii()
