"""Where output goes and in which look: terminal, pipe or file; colour, width, encoding; whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wengert.errors import UsageError
from wengert.show.document import Document
from wengert.show.notation import TextNotation

FORMATS = ("rich", "text", "json")
ENDINGS = {".txt": "text", ".json": "json"}
_SIGNS = "≈∂·−√²⁻x\u0304\u0307→…"


class Output:
    """Decided from the options and the surroundings; `write` draws a document, or writes its record as JSON."""

    def __init__(self, format: str | None, path: str | None, ascii: bool, symbols: Mapping[str, str]) -> None:
        path = None if path == "-" else path
        if path is None and sys.stdout is None:
            raise UsageError("standard output is closed", hint="-o FILE writes to a file")
        self.path = path
        self.format = _format(format, path)
        self.ascii = ascii or (path is None and not _can_encode(sys.stdout.encoding))
        self.symbols = symbols

    def write(self, record: Callable[[], dict[str, Any]], document: Callable[[], Document]) -> None:
        """Raises UsageError where the file cannot be written; a failed run leaves an existing file as it was."""
        if self.path is not None:
            write_whole(self.path, "".join(self._chunks(record, document)))
            return
        if self.format == "rich":
            self._draw(document())
            return
        for chunk in self._chunks(record, document):
            sys.stdout.write(_encodable(chunk))
            sys.stdout.flush()

    def _notation(self) -> TextNotation:
        return TextNotation(ascii=self.ascii, symbols=self.symbols)

    def _chunks(self, record: Callable[[], dict[str, Any]], document: Callable[[], Document]) -> Iterator[str]:
        if self.format == "json":
            encoder = json.JSONEncoder(ensure_ascii=self.ascii, allow_nan=False, indent=2)
            yield from encoder.iterencode(record())
            yield "\n"
            return
        from wengert.show.text import render

        yield from render(document(), self._notation())

    def _draw(self, document: Document) -> None:
        from rich.console import Console

        from wengert.show.terminal import renderables

        width, height = _size()
        colour = _colour()
        class Drawn(Console):
            def on_broken_pipe(self) -> None:
                raise BrokenPipeError  # rich would end the program with the status of a failed verification

        console = Drawn(
            width=width, height=height, highlight=False, markup=False, emoji=False, no_color=not colour,
            force_terminal=colour, legacy_windows=False,
        )  # fmt: skip
        for part in renderables(document, self._notation(), width):
            console.print(part, soft_wrap=False)
            sys.stdout.flush()


def quiet_stdout() -> None:
    """Let nothing more be written, also not when Python ends and flushes."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _format(format: str | None, path: str | None) -> str:
    if format is None and path is not None:
        ending = os.path.splitext(path)[1].lower()
        if ending not in ENDINGS:
            hint = f"one of {', '.join(ENDINGS)}, or -f"
            raise UsageError(f"the ending {ending or '(none)'} of {path} names no format", hint=hint)
        return ENDINGS[ending]
    if format is None:
        return "rich" if _on_terminal() else "text"
    if format not in FORMATS:
        raise UsageError(f"--format is {format}", hint=f"one of {', '.join(FORMATS)}")
    return "text" if format == "rich" and path is not None else format


def _on_terminal() -> bool:
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"))


def _colour() -> bool:
    """NO_COLOR wins, FORCE_COLOR forces, a terminal that is not dumb has colours."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _size() -> tuple[int, int]:
    size = shutil.get_terminal_size((100, 40))  # honours COLUMNS
    return max(20, size.columns), max(5, size.lines)


def _can_encode(encoding: str | None) -> bool:
    try:
        _SIGNS.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _encodable(text: str) -> str:
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "replace").decode(encoding)


def write_whole(path: str, text: str) -> None:
    """Write beside the file, then put it in place: a reader sees the old contents or the new."""
    try:
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "w", encoding="utf-8", newline="\n") as device:
                device.write(text)
            return
        target = os.path.realpath(path)
        handle, beside = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".wengert-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, stat.S_IMODE(os.stat(target).st_mode) if os.path.exists(target) else 0o666 & ~_umask())
            os.replace(beside, target)
        except BaseException:
            os.unlink(beside)
            raise
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
