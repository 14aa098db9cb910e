"""A run on a terminal of its own, as a person has it: Ctrl-C is a key there, and its signal goes to all that runs."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tests.trust.forks import ROOT

CTRL_C = b"\x03"
LONG = 60.0  # seconds, for what should take none
# What the console script does, and a sign from the moment on that signals are listened to.
STARTED = "import os; from wengert import ending; ending.watch(); os.write({sign}, b'.'); from wengert.cli import main; main()"
# As a person's shell has it: what was started in the background of a script ignores SIGINT, and so would its children.
TAKE_TERMINAL = (
    "import fcntl, os, signal, sys, termios; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


@dataclass(frozen=True)
class Left:
    """What a run left: its status, what the terminal shows, whether it echoes, and what still runs."""

    status: int
    raw: bytes
    screen: str
    echo: bool
    orphans: bool


class Terminal:
    """`with Terminal("trace", …) as terminal:` runs it; `started()` waits until signals are listened to."""

    def __init__(self, *arguments: str, cwd: Path = ROOT, **environment: str) -> None:
        self._master, slave = os.openpty()
        self._slave = slave
        termios.tcsetwinsize(slave, (40, 100)) if hasattr(termios, "tcsetwinsize") else None
        self._sign, sign = os.pipe()
        kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
        code = STARTED.format(sign=sign)
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", TAKE_TERMINAL, sys.executable, "-c", code, *arguments],
            stdin=slave, stdout=slave, stderr=slave, cwd=cwd, start_new_session=True, pass_fds=[sign],
            env={**kept, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        )  # fmt: skip
        os.close(sign)
        self._said = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for handle in (self._master, self._slave, self._sign):
            os.close(handle)

    def started(self) -> None:
        assert os.read(self._sign, 1) == b".", "it ended before it began"

    def listen(self, seconds: float, until: bytes | None = None) -> bytes:
        """What the terminal has been sent, after so long, or as soon as `until` is there or the run ends."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not (until and until in self._said):
            ended = self.process.poll() is not None
            rest = min(0.02, max(0.0, deadline - time.monotonic()))
            ready, _, _ = select.select([self._master], [], [], 0 if ended else rest)
            if ready:
                self._said += os.read(self._master, 65536)
            elif ended:
                break
        return self._said

    def press(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def left(self) -> Left:
        """Waits for the end."""
        self.listen(LONG)
        status = self.process.wait(1)
        deadline = time.monotonic() + 5
        while (orphans := self._orphans()) and time.monotonic() < deadline:
            time.sleep(0.02)
        echo = bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)
        return Left(status, self._said, screen(self._said.decode("utf-8", "replace")), echo, orphans)

    def _orphans(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


def screen(said: str) -> str:
    """The lines as a terminal shows them: a carriage return goes back, what comes later stands over what was there."""
    shown = []
    for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said).split("\n"):
        row: list[str] = []
        at = 0
        for c in line:
            if c == "\r":
                at = 0
            else:
                row[at:at + 1] = [c]
                at += 1
        shown.append("".join(row).rstrip())
    return "\n".join(shown)
