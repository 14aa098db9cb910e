"""The help of every command has examples, and they run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_completion import shell
from tests.cli.test_output import ROOT, text_of
from wengert.cli.app import group

COMMANDS = ("", *group().commands)
SAMPLES = {"net.yaml": "mazur-2-2-2.yaml", "deep.yaml": "deep-sigmoid.yaml"}  # what the examples call them


def examples(command: str) -> list[str]:
    """The lines below `Examples:` in the docstring that the help is made from."""
    made = group()
    told = (made.commands[command] if command else made).help or ""
    block = told.partition("Examples:\n")[2].partition("\n\n")[0]
    return [line.strip() for line in block.splitlines()]


EVERY = [(command, line) for command in COMMANDS for line in examples(command)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = text_of([*([command] if command else []), "--help"], capsys)
    assert 2 <= len(examples(command)) <= 4
    assert "  Examples:\n" + "".join(f"    {line}\n" for line in examples(command)) in told
    assert max(map(len, told.splitlines())) <= 80


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the specs that the examples name, and with `wengert` in bin/."""
    for name, sample in SAMPLES.items():
        shutil.copy(ROOT / "samples" / sample, tmp_path / name)
    (tmp_path / ".config" / "fish" / "completions").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "wengert"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m wengert "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


LINES = list(dict.fromkeys(line for _, line in EVERY))
PLAIN = [line for line in LINES if not re.search(r"[|<>$~]", line)]
SHELL = [line for line in LINES if line not in PLAIN]
FIRST = [line for n, line in enumerate(PLAIN) if line.split()[1] not in {earlier.split()[1] for earlier in PLAIN[:n]}]


def test_an_example_is_of_its_command() -> None:
    for command, line in EVERY:
        assert line.startswith(f"wengert {command}") or f"$(wengert {command} " in line
    assert {line.split()[1] for line in FIRST} | {command for command, line in EVERY if line in SHELL} >= {*COMMANDS} - {""}


def whether_written(line: str, desk: Path) -> bool:
    """Whether it writes a file, which then is there."""
    written = re.search(r"(?:-o|--output|--save|>) (\S+)", line)
    if written:
        assert (desk / written[1].replace("~", str(desk))).stat().st_size > 100
    return bool(written)


@pytest.mark.usefixtures("one_judge")
@pytest.mark.parametrize("line", [line for line in PLAIN if line not in FIRST])
def test_plain_examples_run(
    line: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process: what a shell makes of such words is tested with the first of each command. Whether the usual budget is
    enough is up to the machine."""
    monkeypatch.chdir(desk)
    monkeypatch.setenv("HOME", str(desk))
    words = shlex.split(line)[1:]
    out = text_of([*words, *(["--budget", "100"] if words[0] not in ("graph", "schema") else [])], capsys)
    assert whether_written(line, desk) or out


@pytest.mark.parametrize("line", [*FIRST, *SHELL])
def test_examples_run(line: str, desk: Path) -> None:
    environment = {"PATH": f"{desk / 'bin'}:{os.environ['PATH']}", "HOME": str(desk), "LC_ALL": "C.UTF-8"}
    if "zsh" in line:
        code = ["zsh", "-f", "-c", f"autoload -Uz compinit && compinit -u -D; {line}; (( $+_comps[wengert] ))"]
    else:
        code = ["bash", "--norc", "-o", "pipefail", "-c", line + ("; complete -p wengert" if "eval" in line else "")]
    ended = subprocess.run(
        [shell(code[0]), *code[1:]], cwd=desk, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    assert whether_written(line, desk) or "zsh" in line or ended.stdout
