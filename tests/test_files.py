"""Reading a file: only a plain one, once, no more than the cap, and never waiting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wengert.errors import SpecError
from wengert.files import contents, read_regular
from wengert.lang.tokens import MAX_BYTES


def test_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"a: b\r\n\x1a\n")
    assert contents(os.fspath(path)) == b"a: b\r\n\x1a\n"  # bytes as they are, on Windows too


def test_no_more_than_one_byte_beyond_the_cap(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    with open(path, "wb") as file:
        file.truncate(10 * MAX_BYTES)
    found = read_regular(os.fspath(path))
    assert found is not None and len(found) == MAX_BYTES + 1


def test_what_is_no_plain_file(tmp_path: Path) -> None:
    """A pipe that nobody writes to is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "inside").symlink_to("file")
    assert read_regular(os.fspath(tmp_path / "pipe")) is None
    assert read_regular(os.fspath(tmp_path / "link")) is None
    assert read_regular(os.fspath(tmp_path / "inside")) == b"x"
    assert read_regular(os.fspath(tmp_path / "inside"), follow=False) is None
    with pytest.raises(SpecError, match="pipe is not a file that can be read as a spec"):
        contents(os.fspath(tmp_path / "pipe"))
    with pytest.raises(IsADirectoryError):
        read_regular(os.fspath(tmp_path))
