"""Fuzzing: every input, however wild, ends as a model or as a wengert error that can be shown (tests/trust/fuzz/demands.py).

Short, with a fixed seed: hypothesis drives the makers of tests/trust/fuzz/makers.py. Long: a million inputs each for the
formula parser and the YAML reader by atheris, guided by coverage.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from io import BytesIO, TextIOWrapper
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Count
from tests.trust.fuzz import demands, makers
from tests.trust.fuzz.__main__ import INSTALL
from wengert.cli.run import run

ROOT = Path(__file__).resolve().parent.parent.parent
LONG = 1_000_000
draws = st.randoms(use_true_random=False)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    demands.lower_limits(monkeypatch.setattr)


def tried(make: Callable[[Random], str], check: Callable[[str], object], examples: int) -> int:
    """How many inputs were made and met the demands."""
    number = 0

    @settings(max_examples=examples)
    @given(draws)
    def every(draw: Random) -> None:
        nonlocal number
        check(make(draw))
        number += 1

    every()
    return number


def standard_input(draw: Random) -> str:
    return makers.any_formula(draw) if draw.random() < 0.5 else makers.any_spec(draw)


@pytest.mark.parametrize(
    ("make", "check", "examples"),
    [
        pytest.param(makers.any_formula, demands.formula, 1500, id="formula"),
        pytest.param(makers.any_spec, demands.spec, 1500, id="yaml"),
        pytest.param(standard_input, demands.standard_input, 500, id="standard input"),
        pytest.param(makers.any_csv, demands.csv, 500, id="csv"),
    ],
)
def test_every_input_is_read_or_refused(
    make: Callable[[Random], str], check: Callable[[str], object], examples: int, request: pytest.FixtureRequest, count: Count
) -> None:
    count(f"fuzzed, short: {request.node.callspec.id}", tried(make, check, examples))


@pytest.mark.parametrize(
    ("make", "read"),
    [
        pytest.param(makers.formula, demands.formula, id="formula"),
        pytest.param(makers.spec, demands.spec, id="yaml"),
    ],
)
def test_what_is_read_is_worked_out_or_refused(
    make: Callable[[Random], str], read: Callable[[str], object], request: pytest.FixtureRequest, count: Count
) -> None:
    """Sweeps and documents behind the parser, with settings at random."""
    documents = 0

    @settings(max_examples=150)
    @given(draws)
    def every(draw: Random) -> None:
        nonlocal documents
        model = read(make(draw))
        if model is not None:
            documents += len(demands.behind(model, draw))  # type: ignore[arg-type]

    every()
    assert documents > 10
    count(f"fuzzed, short: documents behind the {request.node.callspec.id}", documents)


# -- options of the command line

VALUED = ("--at", "--wrt", "--of", "--seed", "--mode", "--level", "-f", "--numbers", "--precision", "--round", "--order",
          "--kink", "--digits", "--decimals", "--notation", "--only", "--rows", "--title", "--budget")  # fmt: skip
FLAGS = ("--ascii", "--fold", "--no-share", "--paths", "--standalone")
GOOD = (
    "x=2,y=0.5",
    "x=1/3,y=-1",
    "x",
    "x,y",
    "f",
    "x=1",
    "both",
    "forward",
    "neuron",
    "text",
    "json",
    "csv",
    "markdown",
    "latex",
    "html",
    "typst",
    "exact",
    "strict",
    "jax",
    "grad",
    "leibniz",
    "gradient",
    "reverse",
    "1:3",
    ":2",
    "2:",
    "3",
    "20",
    "1",
    "0",
)
NUMERIC = (
    "-1",
    "0",
    "1e9",
    "9" * 30,
    "9" * 5000,
    "nan",
    "inf",
    "1e999",
    "0x10",
    "",
    " ",
    "1:",
    ":",
    "1:0",
    "0:0",
    "9" * 5000 + ":1",
    "-1:-5",
    "1:2:3",
    "٣",
    "²",
    "1_000",
    "+2",
    "2.5",
    "x=",
    "=1",
    "x==1",
    "x=1,x=2",
    ",",
    "x=1,,y=2",
    "x=(1,2)",
    "x=1)",
    "e=1",
    "pi=3",
    "x=x",
    "x=1e400",
    "x=1/0",
    "x=ln(0)",
    "x=9**9**9",
)


def options(draw: Random) -> list[str]:
    """A command line: a few options, most of them with a value that may stand there."""
    command = draw.choice(["trace", "trace", "diff", "graph"])
    arguments = [command, draw.choice(["x*y + sin(x)", "x**2", "a = x*y; f = a**2", "|x|", "-x", makers.formula(draw, 2)])]
    if draw.random() < 0.7:
        arguments += ["--at", "x=2,y=0.5" if "y" in arguments[1] else "x=2"]
    for _ in range(draw.randrange(4)):
        option = draw.choice(VALUED)
        kind = draw.randrange(6)
        value = draw.choice(GOOD if kind < 3 else NUMERIC) if kind < 5 else makers.soup(draw)
        arguments += [option, value] if draw.random() < 0.8 else [f"{option}={value}"]
    arguments += draw.sample(FLAGS, draw.choice([0, 0, 1]))
    return [*(a.replace("\0", "") for a in arguments), *(["--no-verify"] if command != "graph" else [])]


def test_option_values(count: Count, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 0, 2 or 3; never a traceback, a fault of wengert's own, or a character that a terminal obeys."""
    monkeypatch.chdir(tmp_path)
    statuses: dict[int, int] = {}

    @settings(max_examples=250)
    @given(draws)
    def every(draw: Random) -> None:
        arguments = options(draw)
        with TextIOWrapper(BytesIO(), encoding="utf-8") as out, TextIOWrapper(BytesIO(), encoding="utf-8") as err:
            with redirect_stdout(out), redirect_stderr(err):
                status = run(arguments)
            err.seek(0)
            said = err.read()
        assert status in (0, 2, 3), (arguments, said)
        assert "Traceback" not in said and "itself failed" not in said, (arguments, said)
        assert "\x1b" not in said and "\u202e" not in said, (arguments, said)
        assert (status == 2) == ("error: " in said.lower()), (arguments, said)
        statuses[status] = statuses.get(status, 0) + 1

    every()
    assert statuses[0] > 20 and statuses[2] > 20
    assert list(tmp_path.iterdir()) == []
    count("fuzzed, short: command lines", sum(statuses.values()))


# -- the long run


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("target", ["formula", "yaml", "csv"])
def test_a_million_inputs(target: str, count: Count) -> None:
    if find_spec("atheris") is None:
        pytest.fail(INSTALL, pytrace=False)
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust.fuzz", target, "--runs", str(LONG), "--behind", "100"], cwd=ROOT,
        capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-5000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["inputs"] == LONG
    assert figures["slowest"] < demands.SECONDS
    assert figures["megabytes"] - figures["megabytes after 20,000"] < 200, "memory grows"
    print(figures)
    count(f"fuzzed, long: {target}", figures["inputs"])
    count(f"fuzzed, long: documents behind the {target}", figures["behind"])
