"""Under a limit of memory (`ulimit -v`) what is usual works, with its verdict, and what is too large is told, not killed."""

from __future__ import annotations

import builtins
import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import wengert
from tests.conftest import Count
from tests.trust.measured import measured
from wengert.cli.outcome import status_of_line
from wengert.cli.run import run

pytest.importorskip("resource")

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
MEGABYTE = 1 << 20
USUAL = {
    "a formula": ["trace", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5"],
    "a network in matrices": ["trace", str(SAMPLES / "two-two-one.yaml"), "--level", "layer"],
    "a PDF": ["trace", str(SAMPLES / "neuron.yaml"), "-o", "OUTPUT.pdf"],
    "training": ["train", str(SAMPLES / "neuron.yaml"), "--rate", "0.1", "--steps", "3"],
}


@pytest.mark.parametrize(
    ("what", "megabytes"),
    [
        ("a formula", 2048),
        ("a network in matrices", 2048),
        ("a PDF", 2048),
        *(pytest.param(what, megabytes, marks=pytest.mark.long) for what in USUAL for megabytes in (2048, 1024, 768, 512)),
    ],
)
def test_what_is_usual_works(what: str, megabytes: int, tmp_path: Path, count: Count) -> None:
    """numpy's threads would map more than that on a machine of many cores; the judge has a limit of its own besides."""
    arguments = [a.replace("OUTPUT", str(tmp_path / "made")) for a in USUAL[what]]
    ended = measured([*arguments, "--budget", "60"], megabytes * MEGABYTE)
    assert (ended.status, ended.err) == (0, "")
    count("under a limit of memory: works", 1)


def terms(number: int) -> str:
    return "formula: " + " + ".join(f"{i}*x{i % 7}" for i in range(1, number)) + "\nat: {" + ", ".join(
        f"x{i}: 0.5" for i in range(7)
    ) + "}\n"  # fmt: skip


def wide(units: int) -> str:
    layer = f"  - {{units: {units}, activation: tanh, init: {{scheme: xavier, random_seed: 1}}}}\n"
    inputs = ", ".join(["0.5"] * 100)
    last = "  - {units: 1, init: {scheme: xavier, random_seed: 1}}\n"
    return f"inputs: [{inputs}]\nlayers:\n{layer}{last}targets: [1]\nloss: mse\n"


def long_list(number: int) -> str:
    steps = "".join(f"  s{i}: sin(s{i - 1})*x + s{max(0, i - 3)}\n" for i in range(1, number))
    return f"let:\n  s0: sin(x)\n{steps}at: {{x: 0.5}}\n"


@pytest.mark.parametrize(
    ("make", "options", "megabytes"),
    [
        (lambda: terms(40_000), ("-f", "json"), 90),
        *(
            pytest.param(make, options, megabytes, marks=pytest.mark.long)
            for make in (lambda: wide(1_000), lambda: long_list(60_000))
            for options in (("-f", "json"), ("-f", "html"), ("-f", "text"), ("-o", "OUTPUT.pdf"))
            for megabytes in (2048, 256, 128)
        ),
    ],
)
def test_what_is_too_large_is_told(
    make: Callable[[], str], options: tuple[str, ...], megabytes: int, tmp_path: Path, count: Count
) -> None:
    """Where it does not fit: one message, exit status 2 or 3. Where it does: the document; never a kill."""
    path = tmp_path / "spec.yaml"
    path.write_text(make(), encoding="utf-8")
    arguments = [a.replace("OUTPUT", str(tmp_path / "made")) for a in options]
    patience = 900  # seconds: 584 MB of HTML take 270
    ended = measured(["trace", str(path), *arguments, "--no-verify"], megabytes * MEGABYTE, patience)
    assert ended.status in (0, 2, 3)
    assert "Traceback" not in ended.err
    if ended.status == 3:
        assert "error: there is not enough memory for this\n  hint: " in ended.err
    if megabytes == 90:
        assert ended.status == 3
    count("under a limit of memory: told, or done", 1)


class PanicException(BaseException):
    """As pyo3 names it."""


LOST = [
    PanicException("called `Result::unwrap()` on an `Err` value"),
    MemoryError(),
    OSError(12, "Cannot allocate memory"),
    SystemError("error return without exception set"),
    SystemError("<function trace at 0x7f79c63c5c60> returned NULL without setting an exception"),
    ImportError("unicodedata.so: failed to map segment from shared object"),
    RuntimeError("can't start new thread"),
]


@pytest.mark.parametrize("error", LOST, ids=lambda e: f"{type(e).__name__}: {e}")
@pytest.mark.parametrize("limit", [90 * MEGABYTE, None])
def test_whatever_cpython_makes_of_too_little_memory(
    error: BaseException, limit: int | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no limit holds, only the errors that say nothing else mean it; no library can be loaded to ask whether one does."""
    import resource

    def starved(*_: object) -> None:
        raise error

    monkeypatch.setattr("wengert.cli.outcome._carried_out", starved)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY if limit is None else limit,) * 2)
    monkeypatch.delenv("WENGERT_DEBUG", raising=False)
    meant = limit is not None or isinstance(error, (MemoryError, OSError))
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "resource", None)
        patched.setattr(importlib, "import_module", starved)
        patched.setattr(builtins, "__import__", starved)
        status = status_of_line([], None)
    assert status == (3 if meant else 4)
    told = "there is not enough memory for this\n  hint: free some" if meant else "wengert itself failed here: "
    assert capsys.readouterr().err.startswith(f"error: {told}")


MATRICES = ("trace", "--level", "layer", "--no-verify")


@pytest.mark.parametrize(
    ("sample", "command", "megabytes"),
    [
        ("two-two-one", MATRICES, 60),  # numpy's own libraries
        ("two-two-one", MATRICES, 90),  # what its linear algebra asks for at its start
        ("two-two-one", MATRICES, 104),
        ("deep-sigmoid", ("trace", "--no-verify", "-o", "made.pdf"), 1024),  # what Typst takes for a long document
        ("deep-sigmoid", ("graph", "-o", "made.png"), 76),  # the pixels of a picture
    ],
)
def test_where_libraries_do_not_fit(
    sample: str, command: tuple[str, ...], megabytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would end the process: OpenBLAS with a status of its own, Typst and resvg by SIGABRT. An existing file stays."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / command[-1]
    made.write_bytes(b"of before")
    ended = measured([command[0], str(SAMPLES / f"{sample}.yaml"), *command[1:]], megabytes * MEGABYTE)
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("error: there is not enough memory for this\n  hint: free some")
    assert made.read_bytes() == b"of before"


THREADS = """
import os, sys
from wengert.cli.outcome import status_of_line
from wengert.cli.run import run
sys.stdout = open(os.devnull, "w", encoding="utf-8")
status = run(["trace", sys.argv[1], "--level", "layer", "--no-verify"])
print(status, len(os.listdir("/proc/self/task")), file=sys.stderr)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in /proc")
def test_matrices_take_no_threads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", THREADS, str(SAMPLES / "two-two-one.yaml")], capture_output=True, text=True, check=True
    )
    assert done.stderr.split() == ["0", "1"]


@pytest.mark.parametrize(("package", "file", "instead"), [("typst", "a.pdf", ".typ"), ("resvg_py", "a.png", ".svg")])
def test_a_library_that_does_not_fit_is_not_called_missing(
    package: str, file: str, instead: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the dynamic linker says under a limit of memory is an ImportError, as is a package that is not there."""
    beside = tmp_path / f"{package}.py"
    beside.write_text("raise ImportError('failed to map segment from shared object')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, package, raising=False)
    command = "graph" if file.endswith("png") else "trace"
    checked = [] if command == "graph" else ["--no-verify"]
    assert run([command, "x**2", "--at", "x=1", *checked, "-o", str(tmp_path / file)]) == 2
    err = capsys.readouterr().err
    assert "cannot be loaded: failed to map segment" in err
    assert f"write {instead}" in err
