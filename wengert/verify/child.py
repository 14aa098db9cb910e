"""The judge's own process: limits first, then requests from stdin, answers to stdout, one JSON line each.

It changes when the protocol between parent and child changes. sympy is imported while the request is still being made. The
process ends by itself when its stdin closes, and leaves an interrupt to the parent.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import math
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from wengert.verify.memory import held, watch

STACK = 128 << 20  # bytes; sympy recurses over what is nested
RECURSION = 6_000
SPARE = 2  # seconds of processor time beyond what a request may take: the parent's deadline comes first
NO_MEMORY = "the judge's memory limit was reached"


def main(memory: int = 1 << 30, cpu: int = 0) -> None:
    """Serve requests until stdin closes. `memory` in bytes, `cpu` in seconds, 0 for no limit."""
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_resources(memory, cpu)
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    sys.setrecursionlimit(RECURSION)
    threading.stack_size(STACK)
    worker = threading.Thread(target=_work, args=(lines,), daemon=True)
    worker.start()
    worker.join()


def limit_resources(memory: int, cpu: int) -> None:
    """Memory and processor time; where the system holds no limit on memory, a thread watches."""
    if memory and not held(memory):
        watch(memory, _too_much)
    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:  # Windows: the parent's deadline remains
        return
    if cpu:
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            soft = cpu if hard == resource.RLIM_INFINITY else min(cpu, hard)
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _too_much() -> None:
    _send({"kind": "stopped", "reason": NO_MEMORY})
    os._exit(1)


def limit_processor(seconds: float, standing: int | None) -> int | None:
    """So much processor time from now on, or the `standing` limit for 0; gives the limit that stood before, None where there
    are no such limits (Windows: the parent's deadline remains). The system's limit ends what holds the interpreter in C code
    and outlives its parent: no thread of ours would get to run there."""
    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = math.ceil(used.ru_utime + used.ru_stime + seconds) + SPARE if seconds else soft if standing is None else standing
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    return int(soft)


def _read(lines: queue.SimpleQueue[bytes]) -> None:
    try:
        for line in sys.stdin.buffer:
            lines.put(line)
    except MemoryError:
        _send({"kind": "stopped", "reason": NO_MEMORY})
    os._exit(0)  # the parent is gone; whatever sympy is doing has no reader


def _work(lines: queue.SimpleQueue[bytes]) -> None:
    gc.disable()  # what is imported stays: there is nothing to find in it, now and later
    _warm_up()
    from wengert.verify.examine import examine

    gc.freeze()
    gc.enable()

    standing = limit_processor(0, None)
    while True:
        try:
            _answer(lines.get(), examine, standing)
        except MemoryError:
            _send({"kind": "stopped", "reason": NO_MEMORY})


def _answer(
    line: bytes, examine: Callable[[dict[str, Any]], Iterable[dict[str, Any]]], standing: int | None
) -> None:
    try:
        request = json.loads(line)
    except ValueError as problem:
        _send({"kind": "note", "text": f"the request is not JSON: {problem}", "fatal": True})
        _send({"kind": "done"})
        return
    limit_processor(float(request.get("seconds") or 0), standing)
    for answer in examine(request):
        _send(answer)


def _warm_up() -> None:
    """Import sympy, and let it import what it loads at the first derivative."""
    sympy: Any = importlib.import_module("sympy")
    x = sympy.Dummy("x")
    sympy.expand(sympy.fraction(sympy.together(sympy.diff(x / (1 + sympy.exp(-x)), x)))[0])


def _send(answer: dict[str, Any]) -> None:
    try:
        sys.stdout.buffer.write(json.dumps(answer, separators=(",", ":"), allow_nan=False).encode() + b"\n")
        sys.stdout.buffer.flush()
    except OSError:
        os._exit(0)
