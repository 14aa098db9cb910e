"""Where the system holds no limit on memory, a thread looks at what a process takes, and ends it in time."""

from __future__ import annotations

import subprocess
import sys

from wengert.verify.memory import counter

MEGABYTE = 1 << 20
FILLING = """
import os, sys, time
from wengert.verify.memory import watch
watch(int(sys.argv[1]), lambda: os._exit(7))
taken = b"x" * int(sys.argv[2])
time.sleep(1)
"""
# A small process in between: a child's peak begins with what the process that started it has in memory.
BETWEEN = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"


def ended(limit: int, taken: int) -> int:
    filling = [sys.executable, "-c", FILLING, str(limit), str(taken)]
    return subprocess.run([sys.executable, "-I", "-S", "-c", BETWEEN, *filling], timeout=60).returncode


def test_a_process_that_takes_too_much_is_ended() -> None:
    assert ended(200 * MEGABYTE, 300 * MEGABYTE) == 7


def test_a_process_that_takes_less_goes_on() -> None:
    assert ended(200 * MEGABYTE, 20 * MEGABYTE) == 0


def test_what_is_counted_is_what_is_taken() -> None:
    used = counter()
    assert used is not None
    before = used()
    taken = bytearray(100 * MEGABYTE)
    taken[:] = b"x" * len(taken)
    assert used() >= max(before, 100 * MEGABYTE)
