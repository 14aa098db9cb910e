"""The same input gives the same bytes on every run, whatever surrounds it: hash seed, locale, time zone, date, terminal,
working directory, user, HOME, umask, order of files, Python's own switches.

Help alone follows the width of the terminal (COLUMNS), and is made of docstrings, which python -OO leaves away.

A process goes through all samples, commands and formats and tells a digest of each output; two processes in different
surroundings must tell the same.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.trust.commands import COMMANDS, DOCUMENT_FORMATS, DRAWN, SHORT, TOLD, WITHOUT_PICTURE, WRITTEN, line
from tests.trust.forks import ROOT

SAMPLES = sorted(p.name for p in (ROOT / "samples").glob("*.yaml"))
NETWORKS = {"mazur-2-2-2.yaml", "batchnorm.yaml"}
HELP = ("help", "help-of-trace", "man")
SETTLED = [arguments for name, arguments in TOLD.items() if name not in HELP]
VERIFIED = [
    ["trace", "samples/baydin.yaml", "--mode", "both"],
    ["trace", "samples/kink.yaml", "-f", "json"],
    ["diff", "x**2*sin(x)/(1+exp(x))", "--order", "2"],
    ["trace", "ln(x)*y**x", "--at", "x=2,y=3", "--order", "2", "-f", "csv"],
    ["rules", "sigmoid", "-f", "json"],
]
DRIVER = """
import contextlib, hashlib, io, json, sys
from wengert.cli.run import run


class Captured(io.TextIOWrapper):
    def isatty(self):
        return False


told = {}
for arguments in json.load(open(sys.argv[1], encoding="utf-8")):
    out, err = (Captured(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run(list(arguments))
    digest = hashlib.sha256(out.buffer.getvalue() + b"|" + err.buffer.getvalue()).hexdigest()
    told[" ".join(arguments)] = [status, len(out.buffer.getvalue()), digest]
sys.__stdout__.write(json.dumps(told))
"""


def plain(sample: str, command: str, format: str) -> list[str]:
    return [command, f"samples/{sample}", "--no-verify", "-f", format]


def every_line() -> list[list[str]]:
    """Commands × formats, samples × commands × formats."""
    lines = [line(name, format) for name, format in WRITTEN] + SETTLED
    for sample in SAMPLES:
        lines += [plain(sample, command, format) for command in ("trace", "diff") for format in DOCUMENT_FORMATS]
        lines += [["graph", f"samples/{sample}", "-f", format] for format in COMMANDS["graph"][1]]
    lines += [["trace", "samples/mazur-2-2-2.yaml", "--no-verify", "--level", level] for level in ("operation", "layer")]
    return lines


def some_lines() -> list[list[str]]:
    """Every command and every format, PDF and PNG among them; and each sample in the formats that are quickly made."""
    lines = [line(name, format) for name, format in SHORT] + SETTLED
    for i, sample in enumerate(SAMPLES):
        formats = [f for f in WITHOUT_PICTURE if f not in ("pdf", *DRAWN)]
        lines += [plain(sample, c, formats[(i + j) % len(formats)]) for j, c in enumerate(("trace", "diff", "trace"))]
        lines.append(["graph", f"samples/{sample}", "-f", "svg"])
    return lines


def copied(folder: Path, backwards: bool = False) -> Path:
    """The samples in a folder of their own, made in the opposite order, with other times."""
    (folder / "samples").mkdir(parents=True)
    for source in sorted((ROOT / "samples").iterdir(), reverse=backwards):
        made = folder / "samples" / source.name
        made.write_bytes(source.read_bytes())
        if backwards:
            os.utime(made, (0, 0))
    return folder


def digests(
    lines: list[list[str]], cwd: Path, switches: tuple[str, ...] = (), umask: int = -1, without: tuple[str, ...] = (),
    **environment: str,
) -> dict[str, object]:  # fmt: skip
    asked = cwd / "asked.json"
    asked.write_text(json.dumps(lines), encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", *without)}
    ended = subprocess.run(
        [sys.executable, *switches, "-c", DRIVER, str(asked)], cwd=cwd, capture_output=True, umask=umask, check=False,
        env={**kept, "PYTHONPATH": str(ROOT), **environment}, timeout=7200,
    )  # fmt: skip
    asked.unlink()
    assert ended.returncode == 0, ended.stderr.decode()[-3000:]
    found: dict[str, object] = json.loads(ended.stdout)
    return found


def same(one: dict[str, object], other: dict[str, object], count: Count) -> None:
    assert {k: (one[k], other[k]) for k in one if one[k] != other[k]} == {}
    assert len(one) == len(other)
    count("outputs compared byte by byte", len(one))


BUDGET = "900"  # seconds: the proofs of residual.yaml take a minute or two, on a busy machine more
SURROUNDINGS: dict[str, dict[str, object]] = {
    "far away": {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "TERM": "dumb", "COLUMNS": "20", "LANG": "C",
                 "USER": "somebody", "umask": 0o077, "without": ("HOME", "LOGNAME"), "switches": ("-O", "-u")},
    "switches": {"PYTHONHASHSEED": "4294967295", "LC_ALL": "C.UTF-8", "TZ": "America/St_Johns", "TERM": "xterm-256color",
                 "COLUMNS": "500", "switches": ("-OO", "-X", "dev", "-W", "ignore"), "SOURCE_DATE_EPOCH": "1"},
    "german": {"PYTHONHASHSEED": "77", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "TZ": "Europe/Berlin",
               "HOME": "/nonexistent", "TMPDIR": "/nonexistent"},
    "turkish": {"PYTHONHASHSEED": "random", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Istanbul", "switches": ("-X", "utf8=0")},
}  # fmt: skip


def test_surroundings(tmp_path: Path, count: Count) -> None:
    """All that may be different at once; what it is that makes a difference, if it does, the long run tells."""
    one = digests(some_lines(), copied(tmp_path / "one"), PYTHONHASHSEED="0")
    same(one, digests(some_lines(), copied(tmp_path / "ä b", True), **SURROUNDINGS["far away"]), count)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HELP)
def test_help_repeats(name: str, count: Count) -> None:
    made = {
        subprocess.run(
            [sys.executable, "-m", "wengert", *TOLD[name]], cwd=ROOT, capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TERM": "dumb"},
        ).stdout
        for seed, locale in (("0", "C"), ("1", "C.UTF-8"))
    }  # fmt: skip
    assert len(made) == 1
    count("outputs compared byte by byte", 1)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What every line writes in usual surroundings."""
    return digests(every_line(), copied(tmp_path_factory.mktemp("one")), PYTHONHASHSEED="0")


@pytest.mark.long
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_surroundings_for_everything(name: str, everything: dict[str, object], tmp_path: Path, count: Count) -> None:
    """One after the other, so that the second runs on another day of its own files."""
    found = digests(every_line(), copied(tmp_path / "ä b", True), **SURROUNDINGS[name])  # type: ignore[arg-type]
    same(everything, found, count)


def test_verdicts_repeat(tmp_path: Path, count: Count) -> None:
    """With the judge: only a budget that ends may make a difference, and this one does not."""
    lines = [[*arguments, "--budget", "200"] for arguments in VERIFIED]
    one = digests(lines, copied(tmp_path / "one"), PYTHONHASHSEED="0")
    same(one, digests(lines, copied(tmp_path / "other", True), PYTHONHASHSEED="5", LC_ALL="C", TZ="Asia/Tokyo"), count)


@pytest.mark.long
def test_verdicts_of_every_sample_repeat(tmp_path: Path, count: Count) -> None:
    lines = [[command, f"samples/{sample}", "--budget", BUDGET] for sample in SAMPLES for command in ("trace", "diff")]
    lines += [["rules", "-f", "json", "--budget", BUDGET], *([*arguments, "--budget", BUDGET] for arguments in VERIFIED)]
    one = digests(lines, copied(tmp_path / "one"), PYTHONHASHSEED="0")
    for seed in ("1", "2", "3"):
        same(one, digests(lines, copied(tmp_path / seed, True), PYTHONHASHSEED=seed, TZ="Asia/Tokyo"), count)


@pytest.mark.parametrize("format", ["pdf", "png", "html"])
def test_no_date_in_a_file(format: str, tmp_path: Path, count: Count) -> None:
    """Two whole processes, more than a second apart."""
    asked = [sys.executable, "-m", "wengert", *line("graph" if format == "png" else "trace", format)]
    one = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
    time.sleep(1.1)
    assert subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout == one
    count("outputs compared byte by byte", 1)


def test_on_one_processor(tmp_path: Path, count: Count) -> None:
    taskset = shutil.which("taskset")
    if taskset is None:
        pytest.skip("taskset is not installed: apt-get install util-linux")
    asked = [sys.executable, "-m", "wengert", *line("trace", "pdf")]
    one = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
    assert subprocess.run([taskset, "-c", "0", *asked], cwd=ROOT, capture_output=True, check=True).stdout == one
    count("outputs compared byte by byte", 1)
