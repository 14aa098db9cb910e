"""A sign of life on stderr for anything that takes longer than a second; nothing where stderr is not a terminal."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from types import TracebackType

PATIENCE = 1.0  # seconds
STEP = 0.1
WIDTH = 20


class Busy:
    """`with Busy("checking"): …` shows a moving bar and the seconds, from the second second on, and takes it away again."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Busy:
        if sys.stderr is not None and sys.stderr.isatty():
            thread = threading.Thread(target=self._show, daemon=True)
            with suppress(RuntimeError):  # no memory for one: then no sign of life
                thread.start()
                self._thread = thread
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _show(self) -> None:
        started = time.monotonic()
        shown = 0
        while not self._done.wait(STEP):
            passed = time.monotonic() - started
            if passed < PATIENCE:
                continue
            bar = self._bar(passed)
            sys.stderr.write(f"\r{bar}")
            sys.stderr.flush()
            shown = max(shown, len(bar))
        if shown:
            sys.stderr.write("\r" + " " * (shown + 1) + "\r")
            sys.stderr.flush()

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
