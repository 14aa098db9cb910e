"""numpy: loaded when a network is swept in matrices, and where there is room for it."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from wengert.memory import room

ROOM = 96 << 20  # bytes of address space: what numpy 2.4 maps when it is loaded (70 to 76 MB on x86-64), and some


def numpy() -> Any:
    """The module. Raises MemoryError where a limit leaves no room for it: OpenBLAS in it would end the process."""
    if "numpy" not in sys.modules:
        room(ROOM)
    return import_module("numpy")
