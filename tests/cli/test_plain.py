"""A plain command line is read without typer: the same values, or none at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wengert
from wengert.cli.app import group
from wengert.cli.commands import COMMANDS, VERSION, command
from wengert.cli.plain import read
from wengert.cli.run import run

GROUP = group()
DEEP = str(Path(wengert.__file__).parents[1] / "samples" / "deep-sigmoid.yaml")
WORDS = ("x**2", " -x", "-", "--", "", "x=1,y=2", "12", "007", "0.5", ".5", "5.", "1e3", "1_0", " 4", "١", "9" * 20,
         "inf", "both", "--at", "--at=x=1", "--at=", "--wrt", "--wrt=x=y", "--verify", "--no-verify", "--no-verify=1", "--veri",
         "-f", "-fjson", "-f=json", "--format", "-o", "-", "--digits", "--digits=3", "--digits=3.0", "--digits=-3", "--order",
         "--budget", "--budget=7", "--budget=2.50", "--steps=4", "--momentum=0.9", "--rate", "--ascii", "--standalone",
         "--help", "-h", "--nope", "-x", "\udcff", "--of=a", "--seed=x=1",
         "--compare=relu", "--with=skip", "--depth=2", "--order=2", "-fcsv")  # fmt: skip


def by_typer(name: str, arguments: Sequence[str]) -> dict[str, Any] | None:
    """None where typer shows help or refuses the line."""
    try:
        with GROUP.commands[name].make_context(name, list(arguments)) as made:
            return _flat(made.params)
    except Exception as error:
        assert hasattr(error, "exit_code"), error
        return None


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Typer has an empty tuple or None where a repeatable option is not given."""
    return {name: (list(value) or None) if isinstance(value, (list, tuple)) else value for name, value in values.items()}


PLAIN = [
    ("trace", ["ln(x1)+x1*x2-sin(x2)", "--at", "x1=2,x2=5", "--no-verify"]),
    ("trace", ["--at=x=1", "x*y", "--at", "y=2", "-f", "json", "-o", "-", "--mode", "both", "--order", "2"]),
    ("trace", ["x", "--budget", "0.5", "--precision=40", "--share", "--no-share", "--fold", "--rows", "10:"]),
    ("diff", [" -x**2"]),
    ("diff", ["-"]),
    ("graph", ["net.yaml", "--row", "2", "--level", "layer"]),
    ("train", ["net.yaml", "--rate", "1/2", "--steps", "500", "--momentum", "0.9", "--save", "out.yaml"]),
    ("flow", ["deep.yaml", "--compare", "sigmoid,relu", "--with", "skip", "--depth", "2..10"]),
    ("trace", ["x*y", "--wrt", "x", "--wrt=y", "--of", "a", "--of", "b,c", "--seed", "x=1", "--seed=y=1"]),
    ("flow", ["deep.yaml", "--compare", "relu", "--compare=tanh", "--with", "skip", "--with=skip", "--depth=2", "--depth=3"]),
    ("rules", []),
    ("rules", ["mul", "--no-verify", "--digits", "4"]),
    ("schema", ["-o", "schema.json"]),
    ("completion", ["bash"]),
    ("man", []),
]


@pytest.mark.parametrize(("name", "arguments"), PLAIN)
def test_plain_lines_need_no_typer(name: str, arguments: list[str]) -> None:
    values = read(command(name), arguments)
    assert values is not None
    assert _flat(values) == by_typer(name, arguments)


@pytest.mark.parametrize(
    "arguments",
    [["x", "--help"], ["x", "y"], [], ["x", "--nope"], ["x", "--digits", "two"], ["x", "--digits"], ["--", "x"],
     ["x", "--fold=1"], ["x", "--order", "1", "--order=2"], ["x", "-f", "text", "--format", "json"]],
)
def test_all_else_is_left_to_typer(arguments: list[str]) -> None:
    assert read(command("trace"), arguments) is None


@pytest.mark.parametrize("name", COMMANDS)
@settings(max_examples=60, deadline=None)
@given(arguments=st.lists(st.sampled_from(WORDS), max_size=7))
def test_both_ways_agree(name: str, arguments: list[str]) -> None:
    values = read(command(name), arguments)
    assert values is None or _flat(values) == by_typer(name, arguments)


def test_a_shell_that_asks_typer_is_answered_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_WENGERT_COMPLETE", "complete_bash")
    assert read(command("trace"), ["x"]) is None


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "trace"]])
def test_the_version_reads_the_same_both_ways(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    assert capsys.readouterr().out == f"{VERSION}\n"


@pytest.mark.parametrize(
    ("apart", "together"),
    [(["trace", "a = x*y; b = x + y", "--wrt", "x", "--wrt", "y"], ["--wrt", "x,y"]),
     (["trace", "a = x*y; b = x + y", "--of", "a", "--of", "b"], ["--of", "a,b"]),
     (["diff", "x*y", "--seed", "x=1", "--seed", "y=2"], ["--seed", "x=1,y=2"]),
     (["graph", "a = x*y; b = x + y", "--of", "a", "--of", "b", "--wrt", "x", "--wrt", "y"], ["--of", "a,b", "--wrt", "x,y"]),
     (["train", "x*y", "--rate", "0.1", "--wrt", "x", "--wrt", "y"], ["--wrt", "x,y"]),
     (["flow", DEEP, "--compare", "relu", "--compare", "tanh", "--depth", "2", "--depth", "3"],
      ["--compare", "relu,tanh", "--depth", "2,3"])],
)  # fmt: skip
def test_what_is_given_of_a_list_adds_up(apart: list[str], together: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command, spec, *_ = apart
    begin = [command, spec, "--rate", "0.1"] if command == "train" else [command, spec]
    more = [] if command == "flow" else ["--at", "x=1,y=2"]
    quick = [] if command == "graph" else ["--no-verify"]
    assert run([*apart, *more, *quick]) == 0
    told = capsys.readouterr().out
    assert run([*begin, *together, *more, *quick]) == 0
    assert told == capsys.readouterr().out
