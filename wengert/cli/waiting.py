"""A sign of life on stderr for anything that takes longer than a second; nothing where stderr is not a terminal."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from types import TracebackType

from wengert import ending

PATIENCE = 1.0  # seconds
STEP = 0.1
WIDTH = 20
ECHO = 2  # columns of the ^C that a terminal puts behind the bar


class Busy:
    """`with Busy("checking"): …` shows a moving bar and the seconds, from the second second on, and takes it away again, also
    where the run ends early."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._drawing = threading.Lock()
        self._shown = False

    def __enter__(self) -> Busy:
        if sys.stderr is not None and sys.stderr.isatty():
            thread = threading.Thread(target=self._show, daemon=True)
            with suppress(RuntimeError):  # no memory for one: then no sign of life
                ending.leave(self, self._take_away)
                thread.start()
                self._thread = thread
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        ending.taken(self)

    def _show(self) -> None:
        started = time.monotonic()
        try:
            while not self._done.wait(STEP):
                passed = time.monotonic() - started
                if passed >= PATIENCE:
                    self._draw(self._bar(passed)[: _columns() - ECHO - 1])
            self._wipe()
        except OSError:  # the terminal is gone
            return

    def _draw(self, bar: str) -> None:
        with self._drawing:
            if not self._done.is_set():
                self._shown = True
                _put(f"\r{bar}")

    def _wipe(self) -> None:
        with self._drawing:
            if self._shown:
                _put("\r" + " " * (_columns() - 1) + "\r")  # the whole line: there is a ^C for each time it was pressed
                self._shown = False

    def _take_away(self) -> None:
        """From a signal's handler, which may have stopped any line of the main thread: the other one draws no more."""
        self._done.set()
        self._wipe()

    def _bar(self, passed: float) -> str:
        at = int(passed / STEP) % (2 * WIDTH - 2)
        at = at if at < WIDTH else 2 * WIDTH - 2 - at
        return f"{self.what} [{'.' * at}#{'.' * (WIDTH - 1 - at)}] {passed:.0f} s "


class Counting(Busy):
    """The same for something that is counted: `at(n)` tells that n of `total` are done."""

    def __init__(self, what: str, total: int) -> None:
        super().__init__(what)
        self.total = total
        self.done = 0

    def __enter__(self) -> Counting:
        super().__enter__()
        return self

    def at(self, done: int) -> None:
        self.done = done

    def _bar(self, passed: float) -> str:
        full = WIDTH * self.done // self.total
        return f"{self.what} [{'#' * full}{'.' * (WIDTH - full)}] {self.done:,} of {self.total:,}, {passed:.0f} s "


def _columns() -> int:
    """The terminal's width: a bar that is wider would begin a new line at every step."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(columns or 80, ECHO + 2)


def _put(text: str) -> None:
    """Past the buffer of stderr, whose lock a stopped thread may hold."""
    os.write(sys.stderr.fileno(), text.encode("ascii"))
