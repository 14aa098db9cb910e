"""What a judge's process is made to do instead of examining a request: each takes one, and answers nothing of use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

Answers = Iterator[dict[str, Any]]
BEGINS = {"kind": "note", "text": "begins"}


def hangs_in_c(request: dict[str, Any]) -> Answers:
    """Holds the interpreter, so that no other thread runs."""
    yield BEGINS
    yield {"kind": "note", "text": str(9**9**9)}


def hangs_in_python(request: dict[str, Any]) -> Answers:
    yield BEGINS
    while not request.get("nothing"):
        pass
    yield {"kind": "done"}


def fills_the_memory(request: dict[str, Any]) -> Answers:
    _fill(1 << 20)
    yield {"kind": "done"}


def tells_its_peak(request: dict[str, Any]) -> Answers:
    """Its own peak, not that of the process that started it, which `getrusage` would begin with."""
    for size in (1 << 20, 1 << 12, 64):
        try:
            _fill(size)
        except MemoryError:
            continue
    peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    yield {"kind": "note", "text": str(int(peak) * 1024)}
    yield {"kind": "done"}


def _fill(size: int) -> None:
    held: list[bytes] = []
    while True:
        held.append(b"x" * size)
