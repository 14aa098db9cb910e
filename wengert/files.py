"""Files: a spec is read from one whole, a result is written to one whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain

from wengert.errors import SpecError, UsageError
from wengert.lang.tokens import MAX_BYTES


def contents(path: str) -> bytes:
    """The bytes of a spec file, at most one more than a spec may have. Raises SpecError; where there is no such file, with the
    name of one that is spelled much alike."""
    try:
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SpecError(f"{path} is not a file that can be read as a spec")
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        near = _near(path)
        raise SpecError(f"there is no file {path}", hint=f"did you mean {near}?" if near else None) from error
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL character in the name
        raise SpecError("this is not a file's name") from error


def _near(path: str) -> str | None:
    folder, name = os.path.split(path)
    try:
        names = [n for n in os.listdir(folder or ".") if n.endswith((".yaml", ".yml"))]
    except OSError:
        return None
    found: list[str] = import_module("difflib").get_close_matches(name, names, 1)
    return os.path.join(folder, found[0]) if found else None


def write_whole(path: str, text: str | Iterable[str] | Iterable[bytes]) -> None:
    """Write beside the file, piece by piece, then put it in place: a reader sees the old contents or the new. Raises UsageError
    where it cannot be written; whatever happens before the last piece leaves the file as it was."""
    if "\0" in path:
        raise UsageError(f"{path!r} is no name of a file")
    made: Iterator[str | bytes] = iter([text] if isinstance(text, str) else text)
    first = next(made, "")  # what the pieces are made of may raise: then nothing is written
    try:
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "wb") as device:
                _write_pieces(device, chain([first], made))
            return
        target = os.path.realpath(path)
        handle, beside = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".wengert-")
        try:
            with os.fdopen(handle, "wb") as file:
                _write_pieces(file, chain([first], made))
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, stat.S_IMODE(os.stat(target).st_mode) if os.path.exists(target) else 0o666 & ~_umask())
            os.replace(beside, target)
        except BaseException:
            os.unlink(beside)
            raise
    except FileNotFoundError as error:
        folder = os.path.dirname(path) or os.curdir
        raise UsageError(f"{path} cannot be written: there is no folder {folder}") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def _write_pieces(file: io.BufferedIOBase, made: Iterable[str | bytes]) -> None:
    for piece in made:
        file.write(piece.encode("utf-8") if isinstance(piece, str) else piece)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
