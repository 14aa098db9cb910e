"""The same numbers in every format: what a reader of it finds, value by value, is JSON's number rounded to the digits shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.show.readers import READERS, Sections, results
from wengert.cli.run import run

SAMPLES = Path(__file__).parents[2] / "samples"
DIGITS = dict.fromkeys(READERS, 6) | {"csv": 15}
Record = dict[str, Any]
# What a section must say: its heading, which results of a row are asked for (counted from its end), the numbers row by row.
Said = Iterator[tuple[str, tuple[int, ...], list[tuple[float, ...]]]]


def steps(record: Record, level: str) -> list[Record]:
    """The inputs and the statements that the level shows."""
    statements = [s for s in record["statements"] if level == "operation" or not re.fullmatch(r"v[0-9]+", s["name"])]
    return [*record["inputs"], *statements]


def forward(record: Record, level: str) -> Said:
    yield "Forward", (-1,), [(x["value"],) for x in steps(record, level)]


def tangents(record: Record, level: str) -> Said:
    for key in record["inputs"][0]["tangents"]:
        rows = [(x["tangents"][key],) for x in steps(record, level)]
        yield f"Tangents along {'the seed' if key == 'seed' else key}", (-1,), rows


def reverse(record: Record, level: str) -> Said:
    """Each contribution, and what has come together so far."""
    outputs = [o["name"] for o in record["outputs"]]
    for of in outputs:
        so_far: dict[str, float] = {}
        rows: list[tuple[float, ...]] = [(1.0, 1.0)]
        for c in record["contributions"]:
            if c["output"] == of:
                so_far[c["to"]] = so_far.get(c["to"], 0.0) + c["value"]
                rows.append((c["value"], so_far[c["to"]]))
        heading = "Reverse, from the output back" if len(outputs) == 1 else f"Reverse, from {of} back"
        yield heading, (-2, -1), rows


def gradient(record: Record, level: str) -> Said:
    first = [d for d in record["derivatives"] if len(d["wrt"]) == 1]
    heading = "Jacobian" if len(record["outputs"]) > 1 else "Gradient" if len(first) > 1 else "Derivative"
    yield heading, (-1,), [(d["value"],) for d in first]


def second(record: Record, level: str) -> Said:
    found = [d for d in record["derivatives"] if len(d["wrt"]) == 2 and not d.get("by_symmetry")]
    yield "Second derivatives", (-1,), [(d["value"],) for d in found]


def training(record: Record, level: str) -> Said:
    for step in record["first"]:
        yield f"Step {step['step']}", (0, -1), [(p["gradient"], p["after"]) for p in step["parameters"]]
    yield f"{record['output']} by step", (-1,), [(loss,) for loss in record["history"]]


CASES: dict[str, tuple[list[str], str, tuple[Callable[[Record, str], Said], ...]]] = {
    "baydin": (["trace", "baydin.yaml", "--mode", "both"], "operation", (forward, tangents, reverse, gradient)),
    "griewank-walther": (["trace", "griewank-walther.yaml"], "operation", (forward, reverse, gradient)),
    "two-two-one": (["trace", "two-two-one.yaml", "--level", "operation"], "operation", (forward, reverse, gradient)),
    "mazur": (["trace", "mazur-2-2-2.yaml"], "neuron", (forward, gradient)),
    "mazur operation": (["trace", "mazur-2-2-2.yaml", "--level", "operation"], "operation", (forward, reverse, gradient)),
    "softmax": (["trace", "softmax-classifier.yaml"], "neuron", (forward, gradient)),
    "kink": (["trace", "kink.yaml"], "operation", (forward, reverse)),
    "jacobian": (["trace", "r = x*cos(t); s = x*sin(t)", "--at", "x=2,t=pi/6", "--of", "r,s"], "operation",
                 (forward, reverse, gradient)),
    "seed": (["trace", "x**2 - x*y + 3*y**2", "--at", "x=-1,y=2", "--seed", "x=3/5,y=4/5"], "operation", (forward, tangents)),
    "small and large": (["trace", "exp(-20*x)*y + x**90", "--at", "x=2,y=3"], "operation", (forward, reverse, gradient)),
    "second order": (["trace", "x**2*y + exp(y/3)", "--at", "x=2,y=3", "--order", "2"], "operation",
                     (forward, gradient, second)),
    "diff": (["diff", "(x**2 + 1)**3/7", "--at", "x=3"], "operation", (gradient,)),
    "leibniz": (["trace", "baydin.yaml", "--notation", "leibniz"], "operation", (forward, reverse, gradient)),
    "grad": (["trace", "baydin.yaml", "--notation", "grad"], "operation", (forward, reverse, gradient)),
    "train": (["train", "xor.yaml", "--steps", "6"], "operation", (training,)),
}  # fmt: skip


def printed(arguments: list[str], format: str, capsys: pytest.CaptureFixture[str]) -> str:
    given = [str(SAMPLES / a) if a.endswith(".yaml") else a for a in arguments]
    if format == "json":
        given = [a for n, a in enumerate(given) if "--notation" not in (a, given[n - 1])]
    assert run([*given, "--no-verify", "-f", format]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def rounded(value: float | str, digits: int) -> Decimal:
    """Half away from zero, to so many digits; a whole number keeps all of its own."""
    exact = Decimal(value)
    if exact == exact.to_integral_value() and abs(exact) < 10**15:
        return exact
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(exact)


def rows_of(sections: Sections, heading: str, wanted: tuple[int, ...]) -> list[tuple[Decimal, ...]]:
    """The results of the rows that have as many."""
    found = [results(cells) for cells in sections[heading]]
    return [tuple(row[i] for i in wanted) for row in found if len(row) >= len(wanted)]


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("case", CASES)
def test_the_same_numbers(case: str, format: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, level, expectations = CASES[case]
    digits = DIGITS[format]
    record = json.loads(printed(arguments, "json", capsys))
    sections = READERS[format](printed(arguments, format, capsys))
    compared = 0
    for expected in expectations:
        for heading, wanted, rows in expected(record, level):
            assert rows
            exactly = [tuple(rounded(value, digits) for value in row) for row in rows]
            assert rows_of(sections, heading, wanted) == exactly, heading
            compared += len(rows)
    assert compared


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize(("options", "expected"), [(["--digits", "3"], "0.693"), (["--decimals", "1"], "0.7")])
def test_digits_are_those_asked_for(
    format: str, options: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sections = READERS[format](printed(["trace", "ln(x)", "--at", "x=2", *options], format, capsys))
    assert rows_of(sections, "Forward", (-1,))[1] == (Decimal(expected),)


@pytest.mark.parametrize("format", ["text", "markdown", "typst", "html"])  # in LaTeX a row's results are in two tables then
def test_many_digits(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """More than fit beside one another on a line: all digits of values and derivatives are there, and every contribution."""
    arguments = ["trace", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5", "--precision", "40"]
    record = json.loads(printed(arguments, "json", capsys))
    sections = READERS[format](printed(arguments, format, capsys))
    for heading, key in (("Forward", "statements"), ("Gradient", "derivatives")):
        exactly = [(Decimal(x["exact"]),) for x in [*(record["inputs"] if key == "statements" else ()), *record[key]]]
        assert rows_of(sections, heading, (-1,)) == exactly
    for heading, wanted, rows in reverse(record, "operation"):
        found = [tuple(rounded(str(x), 12) for x in row) for row in rows_of(sections, heading, wanted)]
        assert found == [tuple(rounded(x, 12) for x in row) for row in rows]


@pytest.mark.parametrize("format", ["text", "markdown", "typst", "html"])
def test_long_names(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same of names that leave no room."""
    long, other = "temperature_of_the_left_boundary_condition", "velocity_in_direction_of_the_flow"
    arguments = ["trace", f"{long}*{other} + exp(-{long})", "--at", f"{long}=2,{other}=3"]
    record = json.loads(printed(arguments, "json", capsys))
    sections = READERS[format](printed(arguments, format, capsys))
    for expected in (forward, reverse, gradient):
        for heading, wanted, rows in expected(record, "operation"):
            assert rows_of(sections, heading, wanted) == [tuple(rounded(x, 6) for x in row) for row in rows], heading


@pytest.mark.parametrize("format", [name for name in READERS if name != "csv"])
def test_every_adjoint_of_a_network(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """At neuron level, where JSON has the contributions of single operations: the adjoints that they come to."""
    record = json.loads(printed(["trace", "mazur-2-2-2.yaml"], "json", capsys))
    sections = READERS[format](printed(["trace", "mazur-2-2-2.yaml"], format, capsys))
    shown = {row[0] for row in rows_of(sections, "Reverse, from the output back", (-1,))}
    swept = [x for x in steps(record, "neuron") if x["adjoints"] and x.get("role") not in ("target", "input")]
    adjoints = [x["adjoints"]["E_total"] for x in swept]
    assert len(adjoints) > 20
    assert {rounded(a, 6) for a in adjoints} <= shown


@pytest.mark.parametrize("format", [name for name in READERS if name != "csv"])
@pytest.mark.parametrize("sample", ["two-two-one.yaml", "softmax-classifier.yaml"])
def test_matrices(sample: str, format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """At layer level every derivative stands in a matrix of the backward half, whatever draws it."""
    arguments = ["trace", sample, "--level", "layer"]
    record = json.loads(printed(arguments, "json", capsys))
    document = printed(arguments, format, capsys)
    if format == "html":
        document = re.sub(r"<(head|script|style)\b.*?</\1>|<[^>]*>", " ", document, flags=re.DOTALL)
    bare = document.replace("&", "")  # of Typst, before a point
    backward = bare[bare.index("Backward") : bare.index("Both levels")]
    shown = {n.rstrip("0") for n in re.findall(r"(?<![0-9.])[0-9]+\.[0-9]{4,}", backward)}
    wanted = {str(abs(rounded(d["value"], 6))).rstrip("0") for d in record["derivatives"]}
    wanted = {w for w in wanted if re.fullmatch(r"[0-9]+\.[0-9]{4,}", w)}
    assert len(wanted) > 5
    assert wanted <= shown


def test_lines_of_json_hold_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """(That they are the whole record is tested beside.)"""
    record = json.loads(printed(["trace", "baydin.yaml"], "json", capsys))
    lines = [json.loads(line) for line in printed(["trace", "baydin.yaml"], "jsonl", capsys).splitlines()]
    for kind, key in (("statement", "value"), ("contribution", "value"), ("derivative", "value")):
        assert [line[key] for line in lines if line["record"] == kind] == [entry[key] for entry in record[f"{kind}s"]]
