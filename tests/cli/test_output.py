"""Where output goes and in which look: terminal, pipe or file; colours, width, encoding; whole or not at all."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

import wengert
from wengert.cli.run import run
from wengert.tape.primitives import PRIMITIVES

ROOT = Path(wengert.__file__).parents[1]
WIDE = "sin(first_name*second_name + third_name)*exp(first_name - second_name)*sqrt(third_name)"
POINT = "first_name=1,second_name=2,third_name=3"
ESCAPE = "\x1b"
NUMBERS = ("--numbers", "--precision", "--round", "--order", "--kink", "--paths", "--notation", "--only", "--rows", "--title",
           "--standalone", "--limit")  # fmt: skip
DOCUMENTED = {
    "trace": ["--at", "--wrt", "--of", "--seed", "--mode", "--level", "--format", "--output", "--digits", "--decimals",
              "--verify", "--no-verify", "--budget", "--share", "--no-share", "--fold", "--ascii", "--help", "-f", "-o",
              *NUMBERS],
    "diff": ["--at", "--wrt", "--of", "--seed", "--level", "--format", "--output", "--digits", "--decimals", "--verify",
             "--no-verify", "--budget", "--share", "--no-share", "--fold", "--ascii", "--help", "-f", "-o", *NUMBERS],
}  # fmt: skip


def process(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`python -m wengert` with its output in pipes."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING")}
    return subprocess.run(
        [sys.executable, "-m", "wengert", *arguments], input=stdin, capture_output=True, timeout=120, check=False, cwd=ROOT,
        env={**kept, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


def text_of(arguments: list[str], capsys: pytest.CaptureFixture[str], status: int = 0) -> str:
    """What a command prints into a pipe, without a word on stderr."""
    assert run(arguments) == status
    out, err = capsys.readouterr()
    assert err == ""
    return out


# -- help, version, exit status


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert text_of(["--version"], capsys) == f"wengert {wengert.__version__}\n"


@pytest.mark.parametrize("command", DOCUMENTED)
def test_help_names_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = text_of([command, "--help"], capsys)
    words = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", told))
    assert words - {"-h"} == set(DOCUMENTED[command])
    for line in told.splitlines():
        if line.startswith("  -"):
            assert len(line) <= 80


def test_help_of_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    told = text_of(["--help"], capsys)
    assert all(word in told for word in ("trace", "diff", "--version"))


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["trace", "x**2", "--at", "x=1"], 0),
        (["trace", "abs(x)", "--at", "x=0"], 0),
        (["trace", "x**2", "--at", "x=1", "--no-verify"], 0),
        (["trace", "x**2"], 2),
    ],
    ids=["proved", "kink", "not-verified", "wrong-input"],
)
def test_exit_status(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == status
    capsys.readouterr()


@pytest.mark.usefixtures("sleeping_judge")
def test_a_budget_that_ended_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    out = text_of(["trace", "x**2", "--at", "x=1", "--budget", "0.2"], capsys, status=3)
    assert "unchecked" in out
    assert "budget" in out
    found = json.loads(text_of(["trace", "x**2", "--at", "x=1", "--budget", "0.2", "-f", "json"], capsys, status=3))
    assert found["verdict"] == "unchecked"
    assert found["derivatives"][0]["value"] == 2
    assert "budget" in found["derivatives"][0]["reason"]


def test_a_wrong_rule_ends_with_status_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong rule in the table: the judge, who has a dictionary of his own, finds it."""
    wrong = replace(PRIMITIVES["sin"], partials=("cos(x) + x/10**12",))
    monkeypatch.setitem(PRIMITIVES, "sin", wrong)
    out = text_of(["trace", "sin(x)", "--at", "x=1"], capsys, status=1)
    assert "failed" in out


# -- what a formula may look like on the command line


@pytest.mark.parametrize(
    ("arguments", "formula", "slope"),
    [
        (["trace", "-x**2", "--at", "x=3"], "-x**2", -6),
        (["trace", "--at", "x=3", "-x**2"], "-x**2", -6),
        (["trace", "-(x + 1)*-x", "--at", "x=3"], "-(x + 1)*-x", 7),
        (["trace", "--digits", "6", "-x", "--at", "x=3"], "-x", -1),
        (["trace", "-2x", "--at", "x=-3"], "-2*x", -2),
        (["trace", "--at", "x=3", "--", "-x**2"], "-x**2", -6),
        (["trace", "−x²", "--at", "x=3"], "-x**2", -6),
        (["trace", "x^2", "--at", "x=3"], "x**2", 6),
    ],
)
def test_minus_signs(arguments: list[str], formula: str, slope: float, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(text_of([*arguments[:1], "-f", "json", "--no-verify", *arguments[1:]], capsys))
    assert found["formula"].replace("(-x)", "-x") == formula
    assert found["derivatives"][0]["value"] == slope


@pytest.mark.parametrize(
    ("stdin", "arguments"),
    [
        (b"x**2", ["--at", "x=3"]),
        (b"x**2\n", ["--at", "x=3"]),
        (b"\xef\xbb\xbfx**2\r\n", ["--at", "x=3"]),
        (b"formula: x**2\nat: {x: 3}\n", []),
        (b"# a comment\nformula: x**2\nat: {x: 1}\n", ["--at", "x=3"]),
        (b"f = x**2\n", ["--at", "x=3"]),
        (b"let: {f: x**2}\r\nat: {x: 3}\r\n", []),
    ],
)
def test_standard_input(stdin: bytes, arguments: list[str]) -> None:
    ended = process("trace", "-", *arguments, "--no-verify", "-f", "json", stdin=stdin)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["derivatives"][0]["value"] == 6


@pytest.mark.parametrize("stdin", [b"", b"\n", b"formula: \xff", b"\0", b"formla: x", b"x**"])
def test_bad_standard_input(stdin: bytes) -> None:
    ended = process("trace", "-", stdin=stdin)
    assert ended.returncode == 2
    assert ended.stdout == b""
    assert ended.stderr.startswith(b"error: ")
    assert b"Traceback" not in ended.stderr


# -- pipes, colours, width, encoding


@pytest.mark.parametrize("columns", ["10", "40", "200"])
@pytest.mark.parametrize("command", ["trace", "diff"])
def test_a_pipe_is_never_cut(command: str, columns: str) -> None:
    """The same bytes whatever the width, no escape codes, no line that ends in blanks."""
    arguments = (command, WIDE, "--at", POINT, "--no-verify")
    plain = process(*arguments)
    narrow = process(*arguments, COLUMNS=columns, TERM="xterm-256color")
    assert plain.returncode == 0
    assert narrow.stdout == plain.stdout
    text = plain.stdout.decode()
    assert ESCAPE not in text
    assert "\u2026" not in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_colours_where_they_are_forced() -> None:
    arguments = ("trace", "x**2", "--at", "x=1", "--no-verify")
    forced = process(*arguments, FORCE_COLOR="1", COLUMNS="100").stdout.decode()
    assert ESCAPE in forced
    neither = process(*arguments, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert neither == process(*arguments).stdout, "NO_COLOR wins"
    assert process(*arguments, NO_COLOR="1").stdout == neither
    assert ESCAPE not in process(*arguments, "-f", "text", FORCE_COLOR="1").stdout.decode()
    assert ESCAPE not in process(*arguments, "-f", "rich", NO_COLOR="1").stdout.decode()


def test_rich_stays_within_the_width() -> None:
    for columns in (40, 60, 100):
        drawn = process("trace", WIDE, "--at", POINT, "--no-verify", "-f", "rich", COLUMNS=str(columns), NO_COLOR="1")
        assert drawn.returncode == 0
        assert max(cell_len(line) for line in drawn.stdout.decode().splitlines()) <= columns


def test_ascii_by_itself() -> None:
    arguments = ("trace", "√x·π − x²", "--at", "x=2", "--no-verify")
    chosen = process(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert chosen.returncode == 0, chosen.stderr
    assert chosen.stdout.decode("ascii") == process(*arguments, "--ascii").stdout.decode("ascii")
    assert b"?" not in chosen.stdout
    error = process("trace", "ln(π − 4)·x", "--at", "x=1", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert error.returncode == 2
    error.stderr.decode("ascii")
    assert b"Traceback" not in error.stderr


def test_head_ends_quietly(tmp_path: Path) -> None:
    """`wengert … | head -1`: whoever reads closes the pipe early."""
    spec = tmp_path / "long.yaml"
    spec.write_text("formula: " + " + ".join(f"x**{i}" for i in range(2, 1500)) + "\nat: {x: 1}\n", encoding="utf-8")
    for format in ("text", "json", "rich"):
        running = subprocess.Popen(
            [sys.executable, "-m", "wengert", "trace", str(spec), "--no-verify", "-f", format],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        told = running.stderr.read()
        running.stderr.close()
        assert running.wait(60) in (0, 141)
        assert told == b""


@pytest.mark.parametrize(("closed", "arguments", "told"), [
    (">&-", "trace x --at x=1 --no-verify", "standard output is closed"),
    ("<&-", "trace -", "standard input is closed"),
])  # fmt: skip
def test_a_closed_stream_is_noticed(closed: str, arguments: str, told: str) -> None:
    run = subprocess.run(
        f"{sys.executable} -m wengert {arguments} {closed}", shell=True, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert told in run.stderr


def test_a_file_is_written_without_any_stream(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    command = f"{sys.executable} -m wengert trace x --at x=1 --no-verify -o {target} >&- 2>&-"
    assert subprocess.run(command, shell=True, cwd=ROOT, check=False).returncode == 0
    assert json.loads(target.read_text(encoding="utf-8"))["verdict"] is None


def test_files_beside_it_do_not_stand_in_for_libraries(tmp_path: Path) -> None:
    for name in ("json", "random", "sympy", "mpmath"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "wengert", "trace", "x**2", "--at", "x=3"], cwd=tmp_path, env=environment,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "1 of 1 derivative proved" in run.stdout


# -- names and titles stay inert


@pytest.mark.parametrize("format", ["text", "rich", "json"])
def test_markup_and_control_characters(format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "inert.yaml"
    spec.write_text(
        'formula: x**2\nat: {x: 1}\ntitle: "[bold]T[/bold] \\e[31mred\\x07 \\u202Eback\\u2028line"\n'
        'source: "[link=a]S[/link] :smile:"\n'
        'note: "[/nothing] {x} %s \\u009b31m"\n',
        encoding="utf-8",
    )
    out = text_of(["trace", str(spec), "--no-verify", "-f", format], capsys)
    assert "[bold]T[/bold]" in out
    assert "[link=a]S[/link] :smile:" in out
    assert format == "json" or "[/nothing] {x} %s" in out
    if format == "json":
        assert json.loads(out)["title"].startswith("[bold]T[/bold] ")
        assert ESCAPE not in out
        return
    for c in (ESCAPE, "\x07", "\u202e", "\u009b", "\u2028"):
        assert c not in out


def test_control_characters_in_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "x + \x1b[31mred\u202e"]) == 2
    err = capsys.readouterr().err
    assert ESCAPE not in err
    assert "\u202e" not in err


# -- files


@pytest.mark.parametrize(("name", "format"), [("out.txt", "text"), ("out.json", "json"), ("OUT.TXT", "text")])
def test_the_ending_chooses_the_format(name: str, format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    shown = text_of(["trace", "x**2", "--at", "x=1", "--no-verify", "-f", format], capsys)
    assert text_of(["trace", "x**2", "--at", "x=1", "--no-verify", "-o", str(path)], capsys) == ""
    assert path.read_text(encoding="utf-8") == shown
    assert os.listdir(tmp_path) == [name]


def test_an_option_wins_over_the_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.txt"
    text_of(["trace", "x**2", "--at", "x=1", "--no-verify", "-f", "json", "-o", str(path)], capsys)
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == "wengert.trace/1"
    text_of(["trace", "x**2", "--at", "x=1", "--no-verify", "-f", "rich", "-o", str(path)], capsys)
    assert ESCAPE not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [["trace", "ln(x)", "--at", "x=-1"], ["trace", "x +"], ["trace", "x", "--at", "x=1", "--wrt", "q"]]
)
def test_a_failed_run_leaves_the_file(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.txt"
    path.write_text("as it was", encoding="utf-8")
    assert run([*arguments, "-o", str(path)]) == 2
    capsys.readouterr()
    assert path.read_text(encoding="utf-8") == "as it was"
    assert os.listdir(tmp_path) == ["out.txt"]
    path.unlink()
    assert run([*arguments, "-o", str(path)]) == 2
    assert os.listdir(tmp_path) == []


def test_a_file_keeps_its_mode_and_its_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    text_of(["trace", "x**2", "--at", "x=1", "--no-verify", "-o", str(link)], capsys)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("f = x")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.usefixtures("sleeping_judge")
def test_a_verdict_of_3_still_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.json"
    assert run(["trace", "x**2", "--at", "x=1", "--budget", "0.2", "-o", str(path)]) == 3
    capsys.readouterr()
    assert json.loads(path.read_text(encoding="utf-8"))["verdict"] == "unchecked"


def test_a_full_device() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "wengert", "trace", "x**2", "--at", "x=1", "--no-verify"],
            stdout=full, stderr=subprocess.PIPE, check=False, timeout=60, cwd=ROOT,
        )  # fmt: skip
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
    assert ended.stderr.startswith(b"error: ")
