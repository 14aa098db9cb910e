"""An early end of a run: Ctrl-C, SIGTERM or SIGHUP, at any moment, leaves nothing behind.

What must not outlive the run (the judge's process, an unfinished file, a progress bar) says here how it is taken away, while it
exists. Only the command line listens to signals; a library's user keeps his own. Loads next to nothing: it comes first.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

INTERRUPTED = 130  # the exit status of Ctrl-C
PATIENCE = 2  # seconds, for all that is taken away
SETTLE = 0.1  # seconds: a terminal throws away what it was sent and has not shown yet at every further Ctrl-C
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_left: dict[object, Callable[[], object]] = {}


def leave(what: object, take_away: Callable[[], object]) -> None:
    """Have `take_away` called if the run ends early, until `taken(what)`. It waits for nothing and raises OSError at most."""
    _left[what] = take_away


def taken(what: object) -> None:
    """It is gone; may be told twice."""
    _left.pop(what, None)


def watch() -> None:
    """End the process at once and cleanly when it is told to: with status 130 for Ctrl-C, by the signal itself for the others.
    A signal that is ignored (nohup, a job in the background of a script) stays so.

    A KeyboardInterrupt would not do: raised inside a destructor or while Python ends it is printed and lost.
    """
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


def rest() -> None:
    """All is written: what comes now is too late to end anything."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def at_once(status: int) -> None:
    """End the process with this status without what Python does at its end, but for what is still to be written."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(status)


def _end(number: int, frame: FrameType | None) -> None:
    rest()
    if hasattr(signal, "alarm") and hasattr(signal, "SIGALRM"):
        # A terminal that takes nothing must not hold us, nor a machine that is busy change the status.
        signal.signal(signal.SIGALRM, lambda *_: _leave(number))
        signal.alarm(PATIENCE)
    if number == signal.SIGINT:
        time.sleep(SETTLE)
    for take_away in [*_left.values()]:
        try:
            take_away()
        except OSError:
            continue
    _leave(number)


def _leave(number: int) -> None:
    if number != signal.SIGINT:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(INTERRUPTED)
