"""Too little memory (`ulimit -v`): whether an error means that, whatever CPython or a library made of it, and whether there is
room for libraries that end the process where there is none.

Loads next to nothing, and what it needs at once: when memory has run out, no library can be loaded to ask about it.
"""

from __future__ import annotations

import errno
from importlib import import_module
from typing import Any

TOO_LITTLE = "error: there is not enough memory for this\n  hint: free some or raise its limit (ulimit -v)"
# CPython loses the MemoryError where a call gets no frame ("error return without exception set", "… returned NULL without
# setting an exception"); a dynamic linker finds no room for a library; a thread finds none for its stack.
_SAID = {
    SystemError: ("without exception set", "without setting an exception"),
    ImportError: ("failed to map segment", "annot allocate memory"),
    RuntimeError: ("can't start new thread",),
}

try:
    _resource: Any = import_module("resource")
except ImportError:  # Windows
    _resource = None


def limited() -> bool:
    """Whether the system holds a limit on this process's address space."""
    if _resource is None:
        return False
    return bool(_resource.getrlimit(_resource.RLIMIT_AS)[0] != _resource.RLIM_INFINITY)


def wanting(error: BaseException) -> bool:
    """Whether the error means that memory did not suffice."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    if not limited():
        return False
    said = str(error)
    return panic(error) or any(isinstance(error, kind) and any(words in said for words in all_) for kind, all_ in _SAID.items())


def panic(error: BaseException) -> bool:
    """Whether a library written in Rust (Typst, resvg) met what it did not expect; it is no Exception."""
    return type(error).__name__ == "PanicException"


def forget(error: BaseException) -> None:
    """Let go of what the error's frames hold, so that there is memory again to tell it with."""
    error.__traceback__ = error.__context__ = error.__cause__ = None


def room(size: int) -> None:
    """Raise MemoryError where a limit leaves less address space than so many bytes: for what would end the process."""
    if not limited():
        return
    mapping: Any = import_module("mmap")
    try:
        mapping.mmap(-1, size, mapping.MAP_PRIVATE | mapping.MAP_ANONYMOUS, mapping.PROT_READ).close()
    except OSError:
        raise MemoryError from None
