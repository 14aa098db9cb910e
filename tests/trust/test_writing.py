"""`-o`, `--save` and `.save` write whole or not at all: whatever fails, the old file is as it was, and nothing else is there.

As root, permissions bind nobody; those tests then run as the user nobody, in a process that was root when it loaded wengert.
"""

from __future__ import annotations

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import wengert
from tests.conftest import Count
from tests.trust.commands import COMMANDS, cases, ending, line
from tests.trust.forks import NOBODY, ROOT, Forks
from wengert.errors import UsageError
from wengert.files import UNFINISHED, write_whole

ROOT_USER = hasattr(os, "getuid") and os.getuid() == 0
OLD = "as it was"
TRACE = ["trace", "x**2*y", "--at", "x=3,y=2", "--no-verify"]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder that everybody may enter and write to."""
    for folder in (tmp_path, *tmp_path.parents):
        if "pytest-" not in str(folder):
            break
        folder.chmod(folder.stat().st_mode | 0o711)
    made = tmp_path / "desk"
    made.mkdir()
    made.chmod(0o777)
    return made


# -- every command and format


@pytest.mark.parametrize(("name", "format"), cases())
def test_every_format(name: str, format: str, tmp_path: Path, forks: Forks, count: Count) -> None:
    """The file holds what a pipe gets. On a full disk (here: a file may have no more bytes) the old one stays, and a new one is
    not there."""
    target = tmp_path / f"out{ending(format)}"
    piped = forks.run(*line(name, format))
    assert forks.run(*COMMANDS[name][0], "-o", str(target)).status == 0
    assert target.read_bytes() == piped.out
    assert os.listdir(tmp_path) == [target.name]
    target.write_text(OLD, encoding="utf-8")
    for before in ([target.name], []) if name == "trace" else ([target.name],):
        full = forks.run(*COMMANDS[name][0], "-o", str(target), largest=len(piped.out) - 1)
        assert (full.status, full.err) == (2, f"error: {target} cannot be written: File too large\n")
        assert os.listdir(tmp_path) == before
        if before:
            assert target.read_text(encoding="utf-8") == OLD
            target.unlink()
        count("writing: failures that left all as it was", 1)


@pytest.mark.parametrize(("arguments", "name"), [
    (["train", "samples/mazur-2-2-2.yaml", "--no-verify", "-f", "text", "--save"], "trained.yaml"),
    (["schema", "-o"], "schema.json"),
])  # fmt: skip
def test_other_files(arguments: list[str], name: str, tmp_path: Path, forks: Forks) -> None:
    target = tmp_path / name
    target.write_text(OLD, encoding="utf-8")
    assert forks.run(*arguments, str(target), largest=100).status == 2
    assert target.read_text(encoding="utf-8") == OLD
    assert forks.run(*arguments, str(target)).status == 0
    assert target.stat().st_size > 100
    assert os.listdir(tmp_path) == [name]


# -- whatever the system answers


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EPERM])
@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open"])
def test_every_failure(call: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disk full, quota, a broken disk, read-only: told wherever it comes, at the last moment too."""
    target = tmp_path / "out.txt"
    target.write_text(OLD, encoding="utf-8")

    def fails(*_: object, **__: object) -> Iterator[str]:
        raise OSError(number, os.strerror(number))

    pieces: Iterator[str] = iter(["one", "two"])
    if call == "write":
        pieces = (piece if i == 0 else next(fails()) for i, piece in enumerate(["one", "two"]))
    else:
        monkeypatch.setattr(os, call, fails)
    with pytest.raises(UsageError, match=f"out.txt cannot be written: {os.strerror(number)}"):
        write_whole(str(target), pieces)
    monkeypatch.undo()
    assert target.read_text(encoding="utf-8") == OLD
    assert os.listdir(tmp_path) == ["out.txt"]


def test_a_disk_that_is_full(tmp_path: Path, forks: Forks) -> None:
    """A real one, of 16 kB, where this machine lets us make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(disk)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk; test_every_format limits the size of a file instead")
    try:
        (disk / "out.html").write_text(OLD, encoding="utf-8")
        full = forks.run(*TRACE, "-o", str(disk / "out.html"))
        assert (full.status, full.err) == (2, f"error: {disk}/out.html cannot be written: No space left on device\n")
        assert os.listdir(disk) == ["out.html"]
        assert (disk / "out.html").read_text(encoding="utf-8") == OLD
        assert forks.run(*TRACE, "-o", str(disk / "out.txt")).status == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# -- permissions


def made(path: Path, mode: int, owner: int | None = None) -> Path:
    path.write_text(OLD, encoding="utf-8")
    path.chmod(mode)
    if owner is not None and ROOT_USER:
        os.chown(path, owner, owner)
    return path


@pytest.mark.parametrize(
    ("folder", "file", "owner", "message"),
    [
        (0o555, 0o666, NOBODY, "Permission denied"),  # no place for the new file
        (0o777, 0o444, NOBODY, "Permission denied"),  # it was made read-only
        (0o777, 0o644, 0, "Permission denied"),  # another's
        (0o1777, 0o666, 0, "Operation not permitted"),  # another's, in a folder like /tmp: it cannot be replaced
        (0o777, 0o666, 0, None),
        (0o777, 0o640, NOBODY, None),
    ],
)
def test_permissions(folder: int, file: int, owner: int, message: str | None, desk: Path, forks: Forks) -> None:
    if not ROOT_USER and owner == 0:
        pytest.skip("only root can make a file that belongs to somebody else")
    target = made(desk / "out.txt", file, owner)
    desk.chmod(folder)
    ended = forks.run(*TRACE, "-o", str(target), user=NOBODY if ROOT_USER else None)
    desk.chmod(0o777)
    assert os.listdir(desk) == ["out.txt"]
    if message is None:
        assert (ended.status, ended.err) == (0, "")
        assert target.read_text(encoding="utf-8").startswith("f = ")
        assert stat.S_IMODE(target.stat().st_mode) == file
    else:
        assert (ended.status, ended.err) == (2, f"error: {target} cannot be written: {message}\n")
        assert target.read_text(encoding="utf-8") == OLD


def test_a_file_keeps_its_owner(desk: Path) -> None:
    """`sudo wengert …` does not make a student's file root's."""
    if not ROOT_USER:
        pytest.skip("only root can give a file away")
    target = made(desk / "out.txt", 0o600, NOBODY)
    write_whole(str(target), "new")
    assert (target.stat().st_uid, target.stat().st_gid, stat.S_IMODE(target.stat().st_mode)) == (NOBODY, NOBODY, 0o600)


def test_what_one_group_may_do_is_not_given_to_another(desk: Path, forks: Forks) -> None:
    if not ROOT_USER:
        pytest.skip("only root can make a file of a group that it is not in")
    target = made(desk / "out.txt", 0o666)
    os.chown(target, NOBODY, 0)
    target.chmod(0o664)
    assert forks.run(*TRACE, "-o", str(target), user=NOBODY).status == 0
    assert (target.stat().st_gid, stat.S_IMODE(target.stat().st_mode)) == (NOBODY, 0o644)


@pytest.mark.parametrize("call", ["fchmod", "fchown", "chmod"])
def test_a_file_system_without_permissions(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory stick (FAT) refuses to change them."""

    def refuses(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    target = made(tmp_path / "out.txt", 0o640)
    monkeypatch.setattr(os, call, refuses)
    for path in (target, tmp_path / "new.txt"):
        write_whole(str(path), "new")
        assert path.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_usual_permissions(umask: int, mode: int, tmp_path: Path, forks: Forks) -> None:
    assert forks.run(*TRACE, "-o", str(tmp_path / "out.txt"), umask=umask).status == 0
    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == mode


# -- what may stand where the file should


def folder(desk: Path) -> str:
    (desk / "out.txt").mkdir()
    return "out.txt"


def loop(desk: Path) -> str:
    (desk / "a.txt").symlink_to("b.txt")
    (desk / "b.txt").symlink_to("a.txt")
    return "a.txt"


def to_no_folder(desk: Path) -> str:
    (desk / "a.txt").symlink_to("none/b.txt")
    return "a.txt"


def file_as_folder(desk: Path) -> str:
    (desk / "a.txt").write_text(OLD, encoding="utf-8")
    return "a.txt/b.txt"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (folder, "out.txt cannot be written: Is a directory"),
        (loop, "a.txt cannot be written: Too many levels of symbolic links"),
        (to_no_folder, "a.txt cannot be written: there is no folder {desk}/none"),
        (file_as_folder, "a.txt/b.txt cannot be written: Not a directory"),
        (lambda _: "none/a.txt", "none/a.txt cannot be written: there is no folder none"),
        (lambda _: "new/", "new/ cannot be written: Is a directory"),
        (lambda _: "x" * 252 + ".txt", "x" * 252 + ".txt cannot be written: File name too long"),
        (lambda _: "/dev/full", "/dev/full cannot be written: No space left on device"),
        (lambda _: "", "-o has no name of a file\n  hint: for example -o solution.pdf"),
    ],
    ids=["folder", "loop", "link to no folder", "file as folder", "no folder", "slash", "long name", "full device", "no name"],
)  # fmt: skip
def test_no_place_for_a_file(make: Callable[[Path], str], message: str, desk: Path, forks: Forks, count: Count) -> None:
    name = make(desk)
    before = sorted(desk.rglob("*"))
    ended = forks.run(*TRACE, "-f", "text", "-o", name, cwd=desk)
    assert (ended.status, ended.err) == (2, f"error: {message.format(desk=desk)}\n")
    assert sorted(desk.rglob("*")) == before
    count("writing: failures that left all as it was", 1)


@pytest.mark.parametrize("name", ["out.txt", "./out.txt", "sub/../out.txt", "x" * 251 + ".txt", "ä ∂.txt", "-.txt"])
def test_names(name: str, desk: Path, forks: Forks) -> None:
    (desk / "sub").mkdir()
    assert forks.run(*TRACE, "-o", name, cwd=desk).status == 0
    assert sorted(os.listdir(desk)) == sorted([Path(name).name, "sub"])


def test_links(desk: Path, forks: Forks) -> None:
    """A link stays one, to nothing yet or over another; a hard link is another name of the old contents."""
    (desk / "sub").mkdir()
    (desk / "a.txt").symlink_to("b.txt")
    (desk / "b.txt").symlink_to("sub/real.txt")
    wanted = forks.run(*TRACE).out
    assert forks.run(*TRACE, "-o", "a.txt", cwd=desk).status == 0
    assert (desk / "sub/real.txt").read_bytes() == wanted
    assert sorted(os.listdir(desk)) == ["a.txt", "b.txt", "sub"]
    assert (desk / "a.txt").is_symlink()
    assert (desk / "b.txt").is_symlink()
    (desk / "sub/real.txt").write_text(OLD, encoding="utf-8")
    os.link(desk / "sub/real.txt", desk / "other.txt")
    assert forks.run(*TRACE, "-o", "a.txt", cwd=desk).status == 0
    assert (desk / "sub/real.txt").read_bytes() == wanted
    assert (desk / "other.txt").read_text(encoding="utf-8") == OLD


def test_a_pipe_with_a_name(desk: Path, forks: Forks) -> None:
    pipe = desk / "pipe.txt"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert forks.run(*TRACE, "-o", str(pipe)).status == 0
    reader.join(30)
    assert read == [forks.run(*TRACE).out]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_by_its_name(desk: Path, forks: Forks) -> None:
    """It may be a log that others write to as well: nothing of it is lost."""
    log = desk / "log.txt"
    log.write_text(f"{OLD}\n", encoding="utf-8")
    inode = log.stat().st_ino
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        assert forks.run(*TRACE, "-f", "text", "-o", name, stdout=str(log)).status == 0
    assert log.read_bytes() == f"{OLD}\n".encode() + 3 * forks.run(*TRACE).out
    assert log.stat().st_ino == inode
    assert os.path.exists("/dev/stdout")


@pytest.mark.parametrize("name", ["r.txt", "r.pdf", "r.png", "r.html", "r.json"])
def test_save(name: str, tmp_path: Path) -> None:
    """Python's `.save` is the same writing."""
    found = wengert.trace("x**2", at={"x": 3}, verify=False)
    found.save(tmp_path / name)
    before = (tmp_path / name).read_bytes()
    with pytest.raises(UsageError, match="there is no folder"):
        found.save(tmp_path / "none" / name)
    with pytest.raises(UsageError):
        found.save(tmp_path / name, digits=-1)
    assert (tmp_path / name).read_bytes() == before
    assert os.listdir(tmp_path) == [name]


# -- stopped in the middle


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A spec whose table takes a while to write, and the table."""
    spec = tmp_path_factory.mktemp("long") / "long.yaml"
    terms = "+".join(f"sin({i}*x)*x" for i in range(1, 1500))
    spec.write_text(f"formula: {terms}\nat: {{x: 1}}\n", encoding="utf-8")
    whole = subprocess.run(started(spec, "-f", "csv"), capture_output=True, check=True, cwd=ROOT)
    return spec, whole.stdout


def started(spec: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "wengert", "trace", str(spec), "--no-verify", *more]


def unfinished(desk: Path) -> list[str]:
    return [name for name in os.listdir(desk) if name.startswith(UNFINISHED)]


def stopped(number: int, chance: random.Random, long: tuple[Path, bytes], desk: Path) -> bool:
    """A run that was sent a signal while it wrote; whether it was in the middle."""
    spec, whole = long
    target = desk / "out.csv"
    target.write_text(OLD, encoding="utf-8")
    process = subprocess.Popen(started(spec, "-o", str(target)), cwd=ROOT, stderr=subprocess.DEVNULL)
    while process.poll() is None and not unfinished(desk):
        time.sleep(0.001)
    time.sleep(chance.random() * 0.3)
    process.send_signal(number)
    status = process.wait(60)
    contents = target.read_bytes()
    assert contents in (OLD.encode(), whole), f"half a file of {len(contents)} bytes"
    assert (status == 0) <= (contents == whole)
    return status != 0


def killed(times: int, seed: int, long: tuple[Path, bytes], desk: Path, count: Count) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        count("kill -9: in the middle of writing", stopped(signal.SIGKILL, chance, long, desk))
        count("kill -9: half files", 0)
        for name in unfinished(desk):  # named so that a person knows whose it is
            count("kill -9: unfinished files beside it", 1)
            (desk / name).unlink()
        assert os.listdir(desk) == ["out.csv"]


def test_kill_9(long: tuple[Path, bytes], desk: Path, count: Count) -> None:
    killed(8, 1, long, desk, count)


@pytest.mark.long
def test_kill_9_two_hundred_times(long: tuple[Path, bytes], desk: Path, count: Count) -> None:
    killed(200, 2, long, desk, count)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_middle_leaves_nothing(number: signal.Signals, long: tuple[Path, bytes], desk: Path) -> None:
    chance = random.Random(number)
    for _ in range(2):
        stopped(number, chance, long, desk)
        assert os.listdir(desk) == ["out.csv"]


# -- several at once


def test_eight_at_once(desk: Path, count: Count) -> None:
    """Into one file, of which one whole result remains; and into files of their own, which hold what a single run writes."""
    points = [f"x={i},y=2" for i in range(8)]
    asked = [[sys.executable, "-m", "wengert", "trace", "x**2*y", "--no-verify", "--at", at] for at in points]
    alone = {at: subprocess.run([*line, "-f", "json"], capture_output=True, check=True, cwd=ROOT).stdout
             for at, line in zip(points, asked, strict=True)}  # fmt: skip
    runs = [subprocess.Popen([*line, "-o", str(desk / "same.json")], cwd=ROOT) for line in asked]
    assert [run.wait(120) for run in runs] == [0] * 8
    assert (desk / "same.json").read_bytes() in alone.values()
    runs = [subprocess.Popen([*line, "-o", str(desk / f"{i}.json")], cwd=ROOT) for i, line in enumerate(asked)]
    assert [run.wait(120) for run in runs] == [0] * 8
    assert [(desk / f"{i}.json").read_bytes() for i in range(8)] == list(alone.values())
    assert len(os.listdir(desk)) == 9
    count("side by side: runs", 16)
