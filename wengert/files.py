"""Files: a spec is read from one whole, a result is written to one whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from errno import EACCES, EISDIR
from importlib import import_module
from itertools import chain
from typing import BinaryIO

from wengert import ending
from wengert.errors import SpecError, UsageError
from wengert.lang.tokens import MAX_BYTES

UNFINISHED = ".wengert-"  # what the name of a file begins with that is not whole yet; one that is left tells of a kill -9
DEVICES = ("/dev/", "/proc/")  # /dev/stdout may be a file that others write to as well: it is not put in another's place
_FLAGS = sum(getattr(os, flag, 0) for flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))


def contents(path: str) -> bytes:
    """The bytes of a spec file, at most one more than a spec may have. Raises SpecError; where there is no such file, with the
    name of one that is spelled much alike."""
    try:
        data = read_regular(path)
    except FileNotFoundError as error:
        near = _near(path)
        raise SpecError(f"there is no file {path}", hint=f"did you mean {near}?" if near else None) from error
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL character in the name
        raise SpecError("this is not a file's name") from error
    if data is None:
        raise SpecError(f"{path} is not a file that can be read as a spec")
    return data


def read_regular(path: str, follow: bool = True) -> bytes | None:
    """The bytes of a regular file, at most MAX_BYTES and one more, read once; None for a pipe or a device, which is not opened.

    Nothing here waits: a pipe that is put in the place of the file meanwhile is opened and let go. With `follow` false a link
    in the last place is no file. Raises OSError and ValueError.
    """
    status = os.stat(path, follow_symlinks=follow)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), path)
    if not stat.S_ISREG(status.st_mode):
        return None
    with os.fdopen(os.open(path, os.O_RDONLY | _FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0))), "rb") as file:
        return file.read(MAX_BYTES + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None


def _near(path: str) -> str | None:
    folder, name = os.path.split(path)
    try:
        names = [n for n in os.listdir(folder or ".") if n.lower().endswith((".yaml", ".yml"))]
    except OSError:
        return None
    found: list[str] = import_module("difflib").get_close_matches(name, names, 1)
    return os.path.join(folder, found[0]) if found else None


def write_whole(path: str, text: str | Iterable[str] | Iterable[bytes]) -> None:
    """Write beside the file, piece by piece, then put it in place: a reader sees the old contents or the new. Raises UsageError
    where it cannot be written; whatever happens before the last piece leaves the file as it was.

    A link stays a link, permissions and (where one may) the owner stay; another name of the same file, a hard link, keeps the
    old contents. What is no file (a pipe, a device) takes the pieces as they come.
    """
    if "\0" in path:
        raise UsageError(f"{path!r} is no name of a file")
    made: Iterator[str | bytes] = iter([text] if isinstance(text, str) else text)
    first = next(made, "")  # what the pieces are made of may raise: then nothing is written
    made = chain([first], made)
    target = os.path.realpath(path)
    try:
        before = _status(path)
        if before is not None and (not stat.S_ISREG(before.st_mode) or os.path.abspath(path).startswith(DEVICES)):
            with open(path, "ab" if stat.S_ISREG(before.st_mode) else "wb") as device:
                _write_pieces(device, made)
        else:
            _replace(target, before, made)
    except FileNotFoundError as error:
        raise UsageError(f"{path} cannot be written: there is no folder {_folder_of(path, target)}") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def _status(path: str) -> os.stat_result | None:
    """What is there, links followed; None where there is nothing yet. Raises OSError where nothing can be there."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        if not os.path.basename(path):
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR)) from None
        return None


def _replace(target: str, before: os.stat_result | None, made: Iterable[str | bytes]) -> None:
    if before is not None and not os.access(target, os.W_OK):  # a new file could take its place all the same
        raise PermissionError(EACCES, os.strerror(EACCES))
    beside = os.path.join(os.path.dirname(target), f"{UNFINISHED}{os.urandom(6).hex()}")
    ending.leave(beside, lambda: os.unlink(beside))
    try:
        with open(beside, "xb", opener=_creator(0o666 if before is None else 0o600)) as file:
            if before is not None:
                _keep(file.fileno(), before)
            _write_pieces(file, made)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    finally:
        ending.taken(beside)


def _creator(mode: int) -> Callable[[str, int], int]:
    return lambda path, flags: os.open(path, flags, mode)


def _keep(file: int, before: os.stat_result) -> None:
    """Owner and permissions of the file that was there, as far as one may give them and the file system has them."""
    if not hasattr(os, "fchown") or not hasattr(os, "fchmod"):  # Windows
        return
    for owner, group in ((before.st_uid, -1), (-1, before.st_gid)):
        with suppress(OSError):
            os.fchown(file, owner, group)
    mode = before.st_mode & 0o777
    if os.fstat(file).st_gid != before.st_gid:  # what one group might do is not given to another
        mode = mode & 0o707 | (mode & 0o007) << 3
    with suppress(OSError):
        os.fchmod(file, mode)


def _folder_of(path: str, target: str) -> str:
    """The folder that is not there, as the person wrote it; that of what a link points to is another."""
    folder = os.path.dirname(path) or os.curdir
    return os.path.dirname(target) if os.path.isdir(folder) else folder


def _write_pieces(file: BinaryIO, made: Iterable[str | bytes]) -> None:
    for piece in made:
        file.write(piece.encode("utf-8") if isinstance(piece, str) else piece)
