"""Nothing is written but `-o`, nothing is read but the named files, no socket is opened and no process started but the judge.

Python tells a hook of every file, folder, socket and process that it is asked for; what the parts that are no Python do (Typst,
resvg), the system itself tells by strace. Python's own compiled files (__pycache__) are Python's, and switched off here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.trust.commands import TOLD
from tests.trust.forks import ROOT

AUDITED = """
import json, os, sys
told = []
BELONGS = tuple(os.path.realpath(p) for p in (sys.prefix, sys.base_prefix, sys.exec_prefix, {root!r} + "/wengert"))
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
           "os.utime", "os.setxattr", "shutil.", "tempfile.")
REACHES = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.startfile", "pty.", "urllib.",
           "http.", "ftplib.", "smtplib.", "webbrowser.", "syslog.")


def hook(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, (str, bytes)):
            path = os.fsdecode(path)
            if flags & WRITES:
                told.append(["writes", path])
            elif not os.path.realpath(path).startswith(BELONGS) and not path.startswith(("/proc/", "/sys/", "/etc/", "/dev/")):
                told.append(["reads", path])
    elif event.startswith(CHANGES):
        told.append(["changes", event, *map(str, arguments[:2])])
    elif event.startswith(REACHES):
        told.append(["reaches", event, str(arguments[0])])


sys.addaudithook(hook)
from wengert.cli.run import run
status = run(sys.argv[2:])
found = json.dumps([status, told])
with open(sys.argv[1], "w") as file:
    file.write(found)
"""
NET = "net.yaml"
PATIENT = ("--budget", "100")
RUNS: dict[str, tuple[list[str], set[str]]] = {  # arguments, and what may be read
    "trace": (["trace", NET, "--level", "layer", *PATIENT], {NET}),
    "trace-pdf": (["trace", NET, "--no-verify", "-o", "out.pdf"], {NET}),
    "trace-foreign-pdf": (["trace", "x", "--at", "x=1", "--no-verify", "--title", "ж", "-o", "out.pdf"], set()),
    "trace-html": (["trace", NET, "--no-verify", "-o", "out.html"], {NET}),
    "trace-rich": (["trace", "x**2", "--at", "x=1", "--no-verify", "-f", "rich"], set()),
    "diff": (["diff", "x**2*sin(x)", *PATIENT, "-o", "out.tex"], set()),
    "graph-png": (["graph", NET, "-o", "out.png"], {NET}),
    "graph-svg": (["graph", NET, "-o", "out.svg"], {NET}),
    "train": (["train", NET, "--no-verify", "--save", "out.yaml", "-o", "out.md"], {NET}),
    "flow": (["flow", "deep.yaml", "--no-verify", "-o", "out.svg"], {"deep.yaml"}),
    "rules": (["rules", "sin", *PATIENT, "-o", "out.json"], set()),
    "data": (["trace", "data.yaml", "--no-verify", "-o", "out.csv"], {"data.yaml", "rows.csv"}),
    "wrong": (["trace", "x +", "-o", "out.txt"], set()),
    **{name: (arguments, set()) for name, arguments in TOLD.items() if name in ("help", "man", "zsh", "schema")},
}
CALLS = ("trace=open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat,"
         "truncate,ftruncate,chmod,fchmodat,mknod,mknodat,utimensat,socket,connect,bind,execve")  # fmt: skip
VERIFYING = {"trace", "diff", "rules", "wrong"}  # the judge starts before the formula is read


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    made = tmp_path / "desk"
    made.mkdir()
    shutil.copy(ROOT / "samples/mazur-2-2-2.yaml", made / NET)
    shutil.copy(ROOT / "samples/deep-sigmoid.yaml", made / "deep.yaml")
    (made / "rows.csv").write_text("x,t\n1,2\n3,4\n", encoding="utf-8")
    spec = "inputs: [x]\nparameters: {w: 1}\nlayers:\n  - weights: [[w]]\ntargets: [t]\nloss: mse\ndata: rows.csv\n"
    (made / "data.yaml").write_text(spec, encoding="utf-8")
    return made


def surroundings(desk: Path) -> dict[str, str]:
    """HOME and TMPDIR beside the desk, so that what is put there is seen."""
    home = desk.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PYTEST", "COV"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(home), "TMPDIR": str(home)}


def written(arguments: list[str]) -> set[str]:
    return {arguments[i + 1] for i, a in enumerate(arguments) if a in ("-o", "--save")}


@pytest.mark.parametrize("name", RUNS)
def test_python_is_asked_for_nothing_else(name: str, desk: Path, count: Count) -> None:
    arguments, readable = RUNS[name]
    before = set(os.listdir(desk))
    ended = subprocess.run(
        [sys.executable, "-c", AUDITED.format(root=str(ROOT)), "../told.json", *arguments], cwd=desk, env=surroundings(desk),
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    status, said = json.loads((desk.parent / "told.json").read_text(encoding="utf-8"))
    assert status == (2 if name == "wrong" else 0), ended.stderr
    results = written(arguments) if status == 0 else set()
    beside = r"(.*/)?\.wengert-[0-9a-f]{12}"
    told = [[kind, os.path.relpath(desk / what, desk) if kind == "reads" else what, *more] for kind, what, *more in said]
    allowed = [(kind, what) for kind, what, *_ in told if kind == "reads" and what in readable]
    for kind, what, *more in told:
        if kind == "writes":
            assert re.fullmatch(beside, what) or (what == os.devnull and name in VERIFYING), f"writes {what}"
        elif kind == "changes":
            assert what in ("os.rename", "os.chmod", "os.chown"), (what, more)
            if what == "os.rename":
                assert re.fullmatch(beside, more[0])
                assert Path(more[1]).name in results
        elif kind == "reaches":
            assert what == "subprocess.Popen", (what, more)
            assert name in VERIFYING
            assert more[0] == sys.executable
        else:
            assert (kind, what) in allowed or what in results, f"{kind} {what}"
    assert {what for _, what in allowed} == readable
    assert set(os.listdir(desk)) - before == results
    assert os.listdir(desk.parent / "home") == []
    count("nothing else: runs watched by Python", 1)


@pytest.mark.needs("strace")
@pytest.mark.parametrize("name", ["trace", "trace-pdf", "trace-foreign-pdf", "graph-png"])
def test_the_system_is_asked_for_nothing_else(name: str, desk: Path, count: Count) -> None:
    """The judge's process and what Typst and resvg do included; they read the machine's fonts."""
    arguments, _ = RUNS[name]
    log = desk.parent / "strace.log"
    ended = subprocess.run(
        ["strace", "-f", "-qq", "-s", "400", "-o", str(log), "-e", CALLS, sys.executable, "-m", "wengert", *arguments],
        cwd=desk, env=surroundings(desk), capture_output=True, check=False, timeout=250,
    )  # fmt: skip
    if b"ptrace" in ended.stderr:
        pytest.skip("this machine lets no process watch another (ptrace)")
    assert ended.returncode == 0, ended.stderr
    lines = [text.partition(" ")[2].strip() for text in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    done = [text for text in lines if not re.search(r"= -1 E", text) and "(" in text]
    changing = [text for text in done if not text.startswith(("open", "execve")) or re.search(r"O_(WRONLY|RDWR|CREAT)", text)]
    kept = [text for text in changing if ".wengert-" not in text and "/dev/null" not in text]
    assert kept == []
    assert sum(text.startswith("execve") for text in done) == (2 if name in VERIFYING else 1)
    assert not [text for text in lines if text.startswith("socket")]
    count("nothing else: runs watched by the system", 1)


@pytest.mark.parametrize("arguments", [
    ["trace", NET, "-o", "out.pdf"], ["graph", NET, "-o", "out.png"], ["diff", "x**2"],
], ids=["pdf", "png", "diff"])  # fmt: skip
def test_without_a_home_and_a_place_for_temporary_files(arguments: list[str], desk: Path) -> None:
    """HOME and TMPDIR are missing, and nothing can be made where they should be."""
    environment = {**surroundings(desk), "HOME": "/proc/none", "TMPDIR": "/proc/none", "XDG_CACHE_HOME": "/proc/none"}
    asked = [sys.executable, "-m", "wengert", *arguments, *(PATIENT if arguments[0] != "graph" else ())]
    ended = subprocess.run(asked, cwd=desk, env=environment, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
