"""Command lines, each run in a process of its own with little memory and little time, and what became of it.

`Children` talks to one process that has imported wengert once and forks for every command line: a child a case costs a few
hundredths of a second, and a child that hangs or eats its memory hurts nobody. Needs fork and resource (not on Windows).
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY = 2**30  # bytes a child may have
SECONDS = 20  # of processor time; a generous bound on hanging
WAITING = 200  # seconds of waiting: a pipe without an end must not be waited for


@dataclass(frozen=True)
class Ended:
    """How a child ended: `status` is its exit status, or minus the signal that ended it."""

    status: int
    out: str
    err: str
    seconds: float  # of processor time
    megabytes: int  # that it had more than when it began


class Children:
    """`with Children() as run: run(["trace", "x"], folder)`."""

    def __enter__(self) -> Children:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.trust.forked"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, encoding="ascii",
        )  # fmt: skip
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(timeout=60)
        self._server.stdout.close()

    def __call__(
        self, arguments: Sequence[str], folder: Path, stdin: str = os.devnull, memory: int = MEMORY, seconds: int = SECONDS
    ) -> Ended:
        """Run a command line in a folder, with standard input from a file."""
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(json.dumps([list(arguments), os.fspath(folder), stdin, memory, seconds]) + "\n")
        self._server.stdin.flush()
        return Ended(*json.loads(self._server.stdout.readline()))


def _serve() -> None:
    from wengert.cli.run import run

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):  # what a run imports is imported once
        for format in ("text", "markdown", "latex", "typst", "html", "json", "csv"):
            run(["trace", os.fspath(ROOT / "samples" / "two-two-one.yaml"), "--no-verify", "-f", format])
        run(["trace", "x +", "--no-verify"])
    for line in sys.stdin:
        print(json.dumps(_child(*json.loads(line))), flush=True)


def _child(arguments: list[str], folder: str, stdin: str, memory: int, seconds: int) -> list[object]:
    reading, writing = os.pipe()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _run(arguments, folder, stdin, memory, seconds, writing)
    os.close(writing)
    with open(reading, encoding="utf-8", errors="surrogateescape") as pipe:
        told = pipe.read()
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    out, err = json.loads(told) if told else ("", "")
    return [code, out, err, used.ru_utime + used.ru_stime, max(0, used.ru_maxrss - before) // 1024]


def _run(arguments: list[str], folder: str, stdin: str, memory: int, seconds: int, writing: int) -> None:
    """In the child: run, tell, end."""
    from wengert.cli.run import run

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape") for _ in range(2))
    status = 70
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(max(WAITING, 2 * seconds))
        os.chdir(folder)
        handle = os.open(stdin, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(handle, True)
        os.dup2(handle, 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout, sys.stderr = out, err
        status = run(arguments)
    except BaseException as error:
        err.write(f"Traceback: {type(error).__name__}: {error}")
    finally:
        with open(writing, "w", encoding="utf-8", errors="surrogateescape") as pipe:
            json.dump([_text(out), _text(err)], pipe)
        os._exit(status)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8", "surrogateescape")  # type: ignore[attr-defined,no-any-return]


if __name__ == "__main__":
    _serve()
