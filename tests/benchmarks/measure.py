"""What a row of the benchmark is, and how it is measured: two pieces of work in turn, and the ratio of their medians.

It changes when the way to measure changes; what is measured stands in the other files of this folder.
"""

from __future__ import annotations

import os
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
    """So that every process uses this checkout, and no terminal's habits."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
