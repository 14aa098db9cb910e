"""Standard streams that are closed, full, read no longer, or in an encoding of few signs."""

from __future__ import annotations

import io
import os
import re
import sys
from typing import TextIO

from wengert.errors import UsageError


class Closed(io.TextIOBase):
    """What stands for a standard output that is closed: a result that goes there is lost, and that is an error."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        """Raises UsageError, whatever the text."""
        raise UsageError("standard output is closed")


def drop(stream: TextIO | Closed | None) -> None:
    """Let nothing more be written there, also not when Python ends and flushes."""
    if stream is None or isinstance(stream, Closed):
        return
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # no stream of the process: a test's, a notebook's
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)


def quiet_stdout() -> None:
    """Whoever reads our output has seen enough (`| head`)."""
    drop(sys.stdout)


def put(text: str) -> None:
    """A text on standard output, at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def fitting(text: str) -> str:
    """Help and scripts for standard output: where its encoding lacks one of their signs, all are spelled in ASCII."""
    if sys.stdout is None or text.isascii():
        return text
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        from wengert.show.spelling import ascii_words

        return re.sub(r"[^\x00-\x20]*[^\x00-\x7f][^\x00-\x20]*", lambda m: ascii_words(m[0]), text)
    return text
