"""The pipe contract: what wengert writes is read by the programs that people put behind it, in every format and encoding.

Closed streams, colours and widths of the tables themselves stand in test_output.py; what takes minutes runs with `-m long`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import wengert
from tests.cli.test_output import ESCAPE, ROOT
from wengert.cli.run import run
from wengert.show.formats import DOCUMENTS, FORMATS

NET = "samples/mazur-2-2-2.yaml"
TEXTS = [name for name in DOCUMENTS if not FORMATS[name].binary]
LOCALES = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "C": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
}  # fmt: skip


def needs(*commands: str) -> None:
    packages = {"pdftotext": "poppler-utils", "pdflatex": "texlive-latex-recommended"}
    for command in commands:
        assert shutil.which(command), f"{command} is not installed: apt-get install {packages.get(command, command)}"


def piped(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of bash in that folder, where `wengert` stands for this one; it fails where any part of it does."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING")}
    program = f'wengert() {{ "{sys.executable}" -m wengert "$@"; }}; '
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", program + line], cwd=folder, capture_output=True, timeout=240,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    shutil.copy(ROOT / NET, tmp_path / "net.yaml")
    return tmp_path


# -- head


@pytest.mark.parametrize("format", DOCUMENTS)
def test_head(format: str, tmp_path: Path) -> None:
    """`| head` ends the run quietly and well, long before the list does."""
    terms, take = (30, "head -c 20") if FORMATS[format].binary else (300, "head -n 1")
    spec = tmp_path / "long.yaml"
    spec.write_text("formula: " + " + ".join(f"sin({i}*x)" for i in range(1, terms)) + "\nat: {x: 1}\n", encoding="utf-8")
    ended = piped(f'wengert trace long.yaml --no-verify -f {format} | {take}; echo "${{PIPESTATUS[@]}}"', tmp_path)
    assert ended.stderr == b""
    assert ended.stdout.rstrip().endswith(b"0 0")
    assert len(ended.stdout) > 4


# -- programs that read it


def test_jq() -> None:
    needs("jq")
    line = f"wengert trace {NET} --budget 100 -f json | jq -r '.derivatives[] | \"\\(.wrt[0]) \\(.value) \\(.verdict)\"'"
    ended = piped(line, ROOT)
    assert (ended.returncode, ended.stderr) == (0, b"")
    rows = [row.split() for row in ended.stdout.decode().splitlines()]
    assert [row[0] for row in rows] == ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "b1", "b2"]
    assert float(rows[4][1]) == pytest.approx(0.08216704056)
    assert {row[2] for row in rows} <= {"proved", "agrees"}


def test_jq_reads_lines() -> None:
    needs("jq")
    ended = piped(f"wengert trace {NET} --no-verify -f jsonl | jq -c 'select(.record == \"derivative\") | .value'", ROOT)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert float(ended.stdout.splitlines()[4]) == pytest.approx(0.08216704056)


@pytest.mark.parametrize("format", ["markdown", "html"])
def test_pandoc_reads_it(format: str) -> None:
    """Without a word of complaint, and with every number of the gradient."""
    needs("pandoc")
    ended = piped(f"wengert trace {NET} --no-verify -f {format} | pandoc -f {format} -t html --mathml", ROOT)
    assert (ended.returncode, ended.stderr) == (0, b"")
    told = re.sub("<[^>]*>", "", ended.stdout.decode())  # the page sets a number's digits by their point
    swept = wengert.trace(ROOT / NET, verify=False)
    for value in (swept.value, *swept.gradient.values()):
        assert f"{abs(value):.6g}" in told


def test_csv_is_read_by_python(desk: Path) -> None:
    code = "import csv, sys; print(sum('proved' in r or 'agrees' in r for r in csv.reader(sys.stdin)))"
    ended = piped(f"wengert trace net.yaml --budget 100 -f csv | '{sys.executable}' -c \"{code}\"", desk)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"10\n", b"")


def test_a_pdf_through_a_pipe(desk: Path) -> None:
    needs("pdftotext")
    ended = piped("wengert trace net.yaml --no-verify -f pdf > net.pdf && pdftotext -layout net.pdf -", desk)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "0.298371" in ended.stdout.decode()


# -- a pager


@pytest.mark.parametrize(("environment", "coloured"), [("FORCE_COLOR=1", True), ("NO_COLOR=1 FORCE_COLOR=1", False)])
def test_less(environment: str, coloured: bool, desk: Path) -> None:
    """In a terminal: `| less -R` shows the colours that FORCE_COLOR lets through, and no escape code as text."""
    needs("tmux", "less")
    (desk / "run.sh").write_text(
        f'cd "{desk}"; export PYTHONPATH="{ROOT}" COLUMNS=100 LESS= TERM=screen-256color\n'
        f'{environment} "{sys.executable}" -m wengert trace "ln(x1)*x2" --at x1=2,x2=5 --no-verify | less -R\n',
        encoding="utf-8",
    )
    tmux = ["tmux", "-u", "-f", "/dev/null", "-S", str(desk / "socket")]
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "TMUX")}
    kept["LC_ALL"] = "C.UTF-8"
    subprocess.run([*tmux, "new-session", "-d", "-x", "100", "-y", "60", f"sh {desk / 'run.sh'}"], check=True, env=kept)
    try:
        drawn, deadline = "", time.monotonic() + 30
        while "not verified" not in drawn.lower() and time.monotonic() < deadline:
            time.sleep(0.1)
            pane = subprocess.run([*tmux, "capture-pane", "-p", "-e"], capture_output=True, check=True, env=kept)
            drawn = pane.stdout.decode()
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, env=kept)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", drawn)
    assert "∂f/∂x1" in plain
    assert "ESC[" not in plain
    table = drawn.partition("Forward")[2].partition("Gradient")[0]
    assert (ESCAPE in table) == coloured


# -- encodings


@pytest.mark.parametrize(("format", "encoding"), [*((f, "cp437") for f in TEXTS), *(("text", e) for e in LOCALES)])
def test_without_utf8(
    format: str, encoding: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No sign is lost: the output is ASCII by itself, and the same that --ascii gives."""
    asked = ["trace", "samples/softmax-classifier.yaml", "--no-verify", "-f", format]
    ended = piped(f"wengert {' '.join(asked)}", ROOT, PYTHONUTF8="0", COLUMNS="100", **LOCALES[encoding])
    assert (ended.returncode, ended.stderr) == (0, b"")
    asked[1] = str(ROOT / asked[1])
    monkeypatch.setenv("COLUMNS", "100")
    assert run([*asked, "--ascii"]) == 0
    assert ended.stdout.decode("ascii") == capsys.readouterr().out


def test_a_file_is_utf8_whatever_the_terminal_is(desk: Path) -> None:
    ended = piped("wengert trace net.yaml --no-verify -o a.md", desk, PYTHONUTF8="0", **LOCALES["C"])
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    assert (desk / "a.md").read_bytes() == piped("wengert trace net.yaml --no-verify -f markdown", desk).stdout


# -- where nothing can be written


@pytest.mark.parametrize("format", DOCUMENTS)
def test_a_full_device(format: str, tmp_path: Path) -> None:
    """A standard output that takes nothing ends the run with a message and status 2."""
    refused(piped(f'wengert trace "x**2*y" --at x=1,y=2 --no-verify -f {format} >/dev/full', tmp_path))


@pytest.mark.parametrize("format", ["text", "pdf"])
def test_nowhere_to_write(format: str, tmp_path: Path) -> None:
    asked = f'wengert trace "x**2*y" --at x=1,y=2 --no-verify -f {format}'
    assert b"standard output is closed" in refused(piped(f"{asked} >&-", tmp_path))
    assert b"/dev/full cannot be written" in refused(piped(f"{asked} -o /dev/full", tmp_path))
    assert b"cannot be written" in refused(piped(f"{asked} -o none/a.txt", tmp_path))


def refused(ended: subprocess.CompletedProcess[bytes]) -> bytes:
    """The message of a run that could not write."""
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"error: ")
    assert ended.stderr.count(b"\n") <= 2
    return ended.stderr


# -- long: through pandoc and TeX (a LaTeX part in a homework stands in tests/long)


@pytest.mark.long
@pytest.mark.parametrize("spec", [NET, "samples/baydin.yaml", "samples/softmax-classifier.yaml"])
def test_pandoc_makes_a_pdf(spec: str, tmp_path: Path) -> None:
    needs("pandoc", "pdflatex", "pdftotext")
    made = f"wengert trace {ROOT / spec} --no-verify -f markdown | pandoc -o hw.pdf"
    ended = piped(f"{made} && pdftotext -layout hw.pdf -", tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == b""
    value = json.loads(piped(f"wengert trace {spec} --no-verify -f json", ROOT).stdout)["outputs"][0]["value"]
    assert f"{value:.5g}" in ended.stdout.decode()
