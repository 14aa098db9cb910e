"""A sign of life on stderr for anything that takes longer than a second; nothing where stderr is not a terminal."""

from __future__ import annotations

import sys
import threading
import time
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
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _show(self) -> None:
        started = time.monotonic()
        shown = False
        while not self._done.wait(STEP):
            passed = time.monotonic() - started
            if passed < PATIENCE:
                continue
            at = int(passed / STEP) % (2 * WIDTH - 2)
            at = at if at < WIDTH else 2 * WIDTH - 2 - at
            bar = "." * at + "#" + "." * (WIDTH - 1 - at)
            sys.stderr.write(f"\r{self.what} [{bar}] {passed:.0f} s ")
            sys.stderr.flush()
            shown = True
        if shown:
            sys.stderr.write("\r" + " " * (len(self.what) + WIDTH + 12) + "\r")
            sys.stderr.flush()
