"""How much memory a process takes, and what to do where the system itself holds no limit on it: a thread looks.

Linux holds RLIMIT_AS. macOS takes the call and does not hold it, Windows has no such call; both tell how much is in use.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

EVERY = 0.05  # seconds between two looks


def counter() -> Callable[[], int] | None:
    """What tells how many bytes this process takes or has taken at most; None where the system does not say."""
    if sys.platform == "win32":
        return _of_windows()
    try:
        resource: Any = import_module("resource")
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return lambda: int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit


def held(memory: int) -> bool:
    """Ask the system for a limit of so many bytes; whether it holds one."""
    try:
        resource: Any = import_module("resource")
        kind = resource.RLIMIT_AS
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))
    except (ImportError, AttributeError, ValueError, OSError):
        return False
    return sys.platform != "darwin"


def watch(memory: int, beyond: Callable[[], None]) -> None:
    """Call `beyond` once this process takes more; nothing where no one tells."""
    used = counter()
    if used is not None:
        threading.Thread(target=_watch, args=(memory, used, beyond), daemon=True).start()


def _watch(memory: int, used: Callable[[], int], beyond: Callable[[], None]) -> None:
    while used() <= memory:
        time.sleep(EVERY)
    beyond()


def _of_windows() -> Callable[[], int] | None:
    """GetProcessMemoryInfo of psapi.h: what is committed to this process."""
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    sizes = ("PeakWorkingSetSize", "WorkingSetSize", "QuotaPeakPagedPoolUsage", "QuotaPagedPoolUsage",
             "QuotaPeakNonPagedPoolUsage", "QuotaNonPagedPoolUsage", "PagefileUsage", "PeakPagefileUsage")  # fmt: skip

    class Counters(ctypes.Structure):
        _fields_ = [("cb", wintypes.DWORD), ("PageFaultCount", wintypes.DWORD), *((name, ctypes.c_size_t) for name in sizes)]

    kernel = ctypes.WinDLL("kernel32")
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
    counters = Counters()

    def used() -> int:
        kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), ctypes.sizeof(counters))
        return int(counters.PagefileUsage)

    return used
