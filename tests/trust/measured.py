"""Run wengert as a person does, in a process of its own, and measure it: time, and the most memory that it or the judge had."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A small process of its own in between: a child's peak begins with what the process that started it has in memory, and a test
# run may have a lot. Its arguments: a file for the figures, bytes of address space (0 for no limit), the command.
_LAUNCHER = """
import json, os, resource, sys, time
figures, memory, *command = sys.argv[1:]
began = time.monotonic()
child = os.fork()
if child == 0:
    if int(memory):
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    os.execv(command[0], command)
_, status, used = os.wait4(child, 0)
with open(figures, "w") as file:
    processor = used.ru_utime + used.ru_stime
    json.dump([os.waitstatus_to_exitcode(status), time.monotonic() - began, processor, used.ru_maxrss], file)
"""


@dataclass(frozen=True)
class Ended:
    """`processor`: seconds of processor time, the judge's included; `peak`: bytes of memory that the larger of the two had."""

    status: int
    out: str
    err: str
    seconds: float
    processor: float
    peak: int


def measured(arguments: Sequence[str], memory: int = 0, seconds: float = 120, stdin: str = "") -> Ended:
    """What came of `wengert ARGUMENTS`; `memory` as `ulimit -v` sets it, in bytes. Raises TimeoutExpired after `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder, "figures")
        command = [sys.executable, "-m", "wengert", *arguments]
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(figures), str(memory), *command],
            input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=seconds,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
        )  # fmt: skip
        status, wall, processor, peak = json.loads(figures.read_text(encoding="utf-8"))
    return Ended(status, done.stdout, done.stderr, wall, processor, peak * 1024)
