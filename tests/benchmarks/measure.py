"""What a row of the benchmark is, and how it is measured: two pieces of work in turn, and the ratio of their medians.

It changes when the way to measure changes; what is measured stands in the other files of this folder.
"""

from __future__ import annotations

import gc
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Work = Callable[[], object]


@dataclass(frozen=True)
class Measured:
    """Figures of `unit` (s, bytes a statement) of ours and of what it is compared with, a figure a run; `beside` further
    figures by name, for the JSON."""

    ours: Sequence[float]
    theirs: Sequence[float]
    unit: str = "s"
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return median(self.ours) / median(self.theirs)


@dataclass(frozen=True)
class Row:
    """`what` against what, and how large the ratio may be; `measure` is called with the number of runs."""

    name: str
    what: str
    against: str
    most: float
    measure: Callable[[int], Measured]


def in_turn(ours: Work, theirs: Work, runs: int) -> Measured:
    """Seconds of both, each `runs` times, one after the other so that a busy machine hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for work, kept in zip((ours, theirs), times, strict=True):
            kept.append(seconds(work))
    return Measured(*times)


def seconds(work: Work) -> float:
    """Its time; what was left over before is swept up first, so that nobody pays for another's garbage."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process(arguments: Sequence[str], status: int = 0) -> Work:
    """A Python process with these arguments, its output into a pipe that is read."""

    def run() -> None:
        made = subprocess.run([sys.executable, *arguments], capture_output=True, cwd=ROOT, env=environment(), check=False)
        if made.returncode != status:
            raise RuntimeError(f"{' '.join(arguments)} ended with {made.returncode}: {made.stderr.decode()[-500:]}")

    return run


def environment() -> dict[str, str]:
    """So that every process uses this checkout, compiled as an installed package is, and no terminal's habits."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "", "NO_COLOR": "1"}


def on_terminal(arguments: Sequence[str], sign: str, columns: int = 100) -> tuple[float, float]:
    """Seconds until a Python process with these arguments shows `sign` on a terminal of its own, and until it has ended."""
    import fcntl  # here: Windows has neither of them
    import termios

    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {name: value for name, value in environment().items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env={**kept, "TERM": "xterm-256color"},
    ) as made:  # fmt: skip
        os.close(slave)
        shown, seen = b"", None
        while piece := _read(master):
            shown += piece
            if seen is None and sign.encode() in shown:
                seen = time.perf_counter() - start
    ended = time.perf_counter() - start
    os.close(master)
    if seen is None or made.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {made.returncode}: {shown.decode()[-500:]}")
    return seen, ended


def _read(master: int) -> bytes:
    """What the terminal shows next; nothing at its end, which Linux tells by an error."""
    try:
        return os.read(master, 1 << 16)
    except OSError:
        return b""
