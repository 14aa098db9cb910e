"""Hundreds of runs of the command line, each in a process of its own, for the price of one start: a process that has loaded all
of wengert forks for each, and the fork gets the streams, the limits and the user that the test wants.

    with Forks() as forks:
        ended = forks.run("trace", "x**2", "--at", "x=1", stdout="full")

What depends on Python's own start (hash seeds, locales, signals while modules are loaded) is tested with whole processes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import wengert

ROOT = Path(wengert.__file__).parents[1]
NOBODY = 65534

SERVER = r"""
import gc, importlib, json, os, pkgutil, resource, signal, sys, tempfile

import wengert
for found in pkgutil.walk_packages(wengert.__path__, "wengert."):
    if not found.name.startswith(("wengert.__main__", "wengert.verify")):
        importlib.import_module(found.name)
import rich.console, rich.table, typst, resvg_py, difflib, uuid, wengert.verify.judge
from wengert.cli import main
from wengert.cli.run import run

run(["trace", "x", "--at", "x=1", "--no-verify", "-o", os.devnull, "-f", "text"])  # no PDF: Typst has threads, lost by a fork


def stream(kind, number):
    # What Python's start would have made of it: None for one that is closed.
    if kind == "closed":
        os.close(number)
        return None
    if kind == "full":
        handle = os.open("/dev/full", os.O_WRONLY)
    elif kind == "broken":
        read, handle = os.pipe()
        os.close(read)
    else:
        handle = os.open(kind, os.O_WRONLY | os.O_APPEND)
    os.dup2(handle, number)
    os.close(handle)
    return open(number, "w", encoding="utf-8", closefd=False, buffering=1 if number == 2 else -1,
                errors="backslashreplace" if number == 2 else "strict")


def child(asked, out, err):
    signal.alarm(100)
    os.chdir(asked["cwd"])
    os.umask(asked["umask"])
    sys.stdin = open(os.devnull)
    sys.stdout = sys.__stdout__ = stream(asked["stdout"] or out, 1)
    sys.stderr = sys.__stderr__ = stream(asked["stderr"] or err, 2)
    if asked["largest"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["largest"], asked["largest"]))
    if asked["user"] is not None:
        os.setgroups([])
        os.setgid(asked["user"])
        os.setuid(asked["user"])
    sys.argv = ["wengert", *asked["arguments"]]
    main()


gc.freeze()
for line in sys.stdin:
    asked = json.loads(line)
    names = [tempfile.mkstemp()[1] for _ in range(2)]
    pid = os.fork()
    if pid == 0:
        child(asked, *names)
    _, status = os.waitpid(pid, 0)
    texts = []
    for name in names:
        with open(name, "rb") as file:
            texts.append(file.read().decode("latin-1"))
        os.unlink(name)
    print(json.dumps([os.waitstatus_to_exitcode(status), *texts]), file=sys.__stdout__, flush=True)
"""


@dataclass(frozen=True)
class Ended:
    status: int
    out: bytes
    err: str


class Forks:
    """`stdout` and `stderr`: "full", "closed", "broken" (nobody reads), or a file's name; `largest`: bytes that a file may
    have; `user`: as whom, which only root can ask for."""

    def __enter__(self) -> Forks:
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()

    def run(
        self, *arguments: str, cwd: Path = ROOT, stdout: str | None = None, stderr: str | None = None, umask: int = 0o022,
        largest: int | None = None, user: int | None = None,
    ) -> Ended:  # fmt: skip
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        asked: dict[str, Any] = {"arguments": arguments, "cwd": str(cwd), "stdout": stdout, "stderr": stderr, "umask": umask,
                                 "largest": largest, "user": user}  # fmt: skip
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        status, out, err = json.loads(self._server.stdout.readline())
        return Ended(status, out.encode("latin-1"), err.encode("latin-1").decode("utf-8"))
