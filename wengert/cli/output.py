"""Where output goes and in which look: terminal, pipe or file; colour, width, encoding; whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace

from wengert import ending
from wengert.cli.streams import Closed
from wengert.errors import UsageError
from wengert.files import write_whole
from wengert.show.document import Document
from wengert.show.formats import DOCUMENTS, FORMATS, Content, check_standalone, format_of, pieces
from wengert.show.look import Look

PLAIN = b"\x1b[0m"  # no colour
_SIGNS = "≈∂·−√²⁻x\u0304\u0307→…"
OFFERED = DOCUMENTS


class Output:
    """Decided from the options and the surroundings; `write` puts a content there, in the format that was asked for."""

    def __init__(
        self, format: str | None, path: str | None, ascii: bool, offered: tuple[str, ...] = OFFERED, standalone: bool = False
    ) -> None:
        path = None if path == "-" else path
        if path == "":
            raise UsageError("-o has no name of a file", hint="for example -o solution.pdf")
        if path is None and isinstance(sys.stdout, Closed):
            raise UsageError("standard output is closed", hint="-o FILE writes to a file")
        self.path = path
        self.format = _format(format, path, offered)
        chosen = FORMATS[self.format]
        if chosen.binary and path is None and sys.stdout.isatty():
            raise UsageError(f"{self.format} is no text for a terminal", hint=f"-o FILE{chosen.endings[0]} writes a file")
        check_standalone(self.format, standalone)
        self.standalone = standalone
        plain = path is None and not chosen.binary and not _can_encode(sys.stdout.encoding)
        self.ascii = ascii or plain

    @property
    def pictured(self) -> bool:
        """Whether a curve is drawn, which says nothing of a verdict: then there is nothing to ask a judge."""
        return FORMATS[self.format].of == "picture"

    def write(self, content: Content, look: Look) -> None:
        """Raises UsageError where the file cannot be written; a failed run leaves an existing file as it was."""
        look = replace(look, ascii=self.ascii, standalone=self.standalone)
        if self.format == "rich":
            self._draw(content.document(), look)
            return
        self.put(pieces(self.format, look, content))

    @property
    def columns(self) -> int | None:
        """The width that there is, None for as much as it takes: into a pipe or a file."""
        return _size()[0] if self.path is None and _on_terminal() else None

    def put(self, made: Iterator[str] | Iterator[bytes]) -> None:
        """What has been made, piece by piece, where it belongs. Raises UsageError where the file cannot be written."""
        if self.path is not None:
            write_whole(self.path, made)
            return
        for piece in made:
            if isinstance(piece, bytes):
                sys.stdout.buffer.write(piece)
            else:
                sys.stdout.write(_encodable(piece))
            sys.stdout.flush()

    def _draw(self, document: Document, look: Look) -> None:
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
        if colour and sys.stdout.isatty():
            ending.leave(self, lambda: os.write(sys.stdout.fileno(), PLAIN))
        for part in renderables(document, look, width):
            console.print(part, soft_wrap=False)
            sys.stdout.flush()
        ending.taken(self)


def _format(format: str | None, path: str | None, offered: tuple[str, ...]) -> str:
    if format is None and path is not None:
        return format_of(path, offered)
    if format is None:
        return "rich" if "rich" in offered and _on_terminal() else "text"
    if format not in offered:
        raise UsageError(f"--format is {format}", hint=f"one of {', '.join(offered)}")
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
    from shutil import get_terminal_size

    size = get_terminal_size((100, 40))  # honours COLUMNS
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
