"""Habits of Windows and macOS: nothing here assumes a path, an encoding, a line end or a module of one system.

A machine with Windows is not at hand. What would differ there is looked for in the source, taken away (modules, functions of
`os`, links) or put in (encodings of consoles, line ends), each in a process of its own.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import wengert
from tests.conftest import Count

PACKAGE = Path(wengert.__file__).parent
ROOT = PACKAGE.parent
SAMPLES = ROOT / "samples"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def process(
    *arguments: str, flags: tuple[str, ...] = (), stdin: bytes = b"", cwd: Path = ROOT, **environment: str
) -> tuple[int, bytes, bytes]:
    """`python -m wengert`: status, stdout, stderr."""
    gone = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "LANG", "TERM")
    kept = {k: v for k, v in os.environ.items() if k not in gone}
    done = subprocess.run(
        [sys.executable, *flags, "-m", "wengert", *arguments], input=stdin, capture_output=True, timeout=240, check=False,
        cwd=cwd, env={**kept, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


# -- what the source says

_MODULES = "fcntl grp posix posixpath pty pwd readline resource select syslog termios tty curses crypt nis spwd"
UNIX_MODULES = frozenset(_MODULES.split())
_NAMES = """
os.O_CLOEXEC os.O_NOFOLLOW os.O_NONBLOCK os.WNOHANG os.chown os.fchdir os.fchmod os.fchown os.fork os.forkpty os.getegid
os.geteuid os.getgid os.getgroups os.getloadavg os.getpgid os.getpriority os.getuid os.initgroups os.killpg os.lchown
os.mkfifo os.mknod os.nice os.openpty os.posix_spawn os.readv os.sched_getaffinity os.sched_setaffinity os.sendfile
os.setpgid os.setsid os.setuid os.statvfs os.sync os.sysconf os.tcgetpgrp os.uname os.wait os.wait3 os.wait4 os.writev
signal.SIGALRM signal.SIGCHLD signal.SIGHUP signal.SIGKILL signal.SIGPIPE signal.SIGQUIT signal.SIGTSTP signal.SIGUSR1
signal.SIGWINCH signal.SIGXCPU signal.alarm signal.pause signal.pthread_sigmask signal.setitimer signal.siginterrupt
signal.sigwait time.tzset
"""
UNIX_NAMES = frozenset(_NAMES.split())


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the name it is made by: `open`, `path.read_text`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_every_file_is_opened_with_an_encoding() -> None:
    """Or as bytes. The platform's own would be cp1252 on Windows."""
    found = 0
    for path in SOURCES:
        for name, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            last = name.rpartition(".")[2]
            if last not in (
                "open",
                "fdopen",
                "read_text",
                "write_text",
                "TextIOWrapper",
                "NamedTemporaryFile",
                "TemporaryFile",
                "Popen",
                "run",
            ):
                continue
            if name == "os.open" or (last.endswith("_text") and last == name):
                continue
            if last in ("Popen", "run") and not name.startswith("subprocess"):
                continue
            given = {k.arg for k in call.keywords}
            mode = [a.value for b in call.args for a in ast.walk(b) if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            binary = last in ("Popen", "run") and not given & {"text", "universal_newlines"}
            assert binary or "encoding" in given or any(re.fullmatch("[rwax]b", m) for m in mode), f"{path}:{call.lineno}"
            found += 1
    assert found >= 3


def test_what_only_unix_has_is_asked_for_first() -> None:
    """No import of a module that Windows lacks but by `import_module` inside `try`; no such name of os, signal or time but by
    `getattr`, or behind `hasattr`."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                assert not UNIX_MODULES & {m.partition(".")[0] for m in modules}, f"{path}:{node.lineno}"
            elif isinstance(node, ast.Attribute) and ast.unparse(node) in UNIX_NAMES:
                assert f'hasattr({node.value.id}, "{node.attr}")' in text, f"{path}:{node.lineno}"  # type: ignore[attr-defined]


def test_no_path_of_one_system() -> None:
    """No text that is a path of Unix."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.match(r"(/tmp|/usr|/etc|/home|~/)", node.value), f"{path}:{node.lineno}"


# -- encodings

TRACE = ["trace", "√x·π − σ(x)·δ_1", "--at", "x=2,δ_1=3", "--no-verify"]
COMMANDS = {
    "help": ["--help"], "help of trace": ["trace", "--help"], "nothing": [], "completion": ["completion", "zsh"],
    "man": ["man"], "schema": ["schema"], "rules": ["rules", "sigmoid", "--no-verify"],
    "diff": ["diff", "√x·σ(x)", "--no-verify"],
    "train": ["train", "SAMPLES/xor.yaml", "--steps", "1", "--rate", "1", "--no-verify"],
    "flow": ["flow", "SAMPLES/deep-sigmoid.yaml", "--no-verify"], "graph": ["graph", "√x·π", "--at", "x=2"],
    **{f"trace {f}": [*TRACE, "-f", f, "--title", "naïve σ 中 \U0001f600"] for f in
       ("text", "rich", "markdown", "latex", "typst", "html", "csv", "json", "jsonl", "svg")},
    **{f"graph {f}": ["graph", "√x·π", "--at", "x=2", "-f", f, "--title", "σ 中"] for f in ("dot", "mermaid", "json", "svg")},
    "a wrong formula": ["trace", "ln(π − 4)·x·中 +", "--at", "x=1"], "a wrong option": ["trace", "x", "--bogué"],
    "a wrong file": ["trace", "中é.yaml"], "no value": ["trace", "σ_x + δ"],
}  # fmt: skip
ENCODINGS = ("ascii", "cp437", "cp850", "cp1252", "latin-1", "cp932", "utf-16")
LOOP = """
import io, json, sys
from wengert.cli.run import run
out = []
for encoding in sys.argv[1].split(","):
    for arguments in json.loads(sys.argv[2]):
        streams = [io.BytesIO(), io.BytesIO()]
        sys.stdout, sys.stderr = (io.TextIOWrapper(s, encoding=encoding, errors=e, newline=n) for s, e, n in
                                  zip(streams, ("strict", "backslashreplace"), ("\\r\\n", "\\r\\n")))
        status = run(arguments)
        sys.stdout.flush(); sys.stderr.flush()
        out.append([encoding, arguments, status, *(s.getvalue().hex() for s in streams)])
        for s in (sys.stdout, sys.stderr): s.detach()
sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
sys.stdout.write(json.dumps(out))
"""


def test_consoles_of_all_encodings(tmp_path: Path, count: Count) -> None:
    """Whatever a console speaks, it gets no byte that it cannot read, and no traceback; where it lacks the signs, ASCII. Lines
    end in \\r\\n once, as a console of Windows has them."""
    named = list(COMMANDS.items())
    asked = json.dumps([[a.replace("SAMPLES", str(SAMPLES)) for a in arguments] for _, arguments in named])
    done = subprocess.run(
        [sys.executable, "-c", LOOP, ",".join(ENCODINGS), asked], capture_output=True, cwd=tmp_path, timeout=280, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
    )  # fmt: skip
    for n, (encoding, arguments, status, out, err) in enumerate(json.loads(done.stdout)):
        name = named[n % len(named)][0]
        told, said = bytes.fromhex(out).decode(encoding), bytes.fromhex(err).decode(encoding)
        assert status == (2 if name == "nothing" or "wrong" in name or name == "no value" else 0), (encoding, arguments, said)
        assert "Traceback" not in said and "wengert itself" not in said, (encoding, arguments, said)
        assert bool(told) == (status == 0), (encoding, arguments)
        assert bool(said) == (status != 0 or name == "trace latex"), (encoding, arguments, said)
        ends = {told.count("\n")} if encoding != "ascii" else {0, told.count("\n")}  # typer itself writes on an ASCII stream
        assert "\r\r" not in told and told.count("\r") in ends, (encoding, arguments)
        if encoding != "utf-16" and name not in ("help", "help of trace", "completion"):
            assert told.isascii(), (encoding, arguments, told)
        count("consoles: command × encoding", 1)


def test_the_encoding_of_the_environment(tmp_path: Path) -> None:
    """The same with streams that Python itself makes: PYTHONIOENCODING, and the C locale with its UTF-8 mode off."""
    plain = process(*TRACE, PYTHONIOENCODING="utf-8")[1].decode()
    assert "√" in plain
    ascii = process(*TRACE, "--ascii")[1]
    assert process(*TRACE, PYTHONIOENCODING="cp437", PYTHONUTF8="0") == (0, ascii, b"")
    nothing = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    status, out, err = process("trace", "sqrt(x)*pi", "--at", "x=2", "--no-verify", **nothing)
    assert status == 0 and out.isascii() and b"sqrt(x)" in out
    status, out, err = process("trace", "ln(π−4", **nothing)
    assert status == 2 and err.startswith(b"error: ") and err.isascii()
    written = tmp_path / "out.txt"
    assert process(*TRACE, "-o", str(written), PYTHONIOENCODING="cp1252", PYTHONUTF8="0")[0] == 0
    assert written.read_bytes().decode("utf-8") == plain, "a file is UTF-8 with \\n, whatever the console speaks"


def test_no_encoding_is_left_to_the_platform(tmp_path: Path) -> None:
    """Python's own warning of it is an error."""
    strict = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")
    network = str(SAMPLES / "mazur-2-2-2.yaml")
    asked = (
        ["trace", "x*sin(x)", "--at", "x=1", "--budget", "60", "-o", str(tmp_path / "a.html")],
        ["train", network, "--rate", "1", "--steps", "1", "--no-verify", "--save", str(tmp_path / "a.yaml")],
        ["completion", "bash"],
        ["graph", network, "-o", str(tmp_path / "a.svg")],
    )
    for arguments in asked:
        status, _, err = process(*arguments, flags=strict)
        assert (status, err) == (0, b""), arguments


def test_files_have_one_line_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """\\n in files on every system: where os.linesep is \\r\\n no \\r gets in. CSV, which has a line end of its own, too."""
    from wengert.cli.run import run

    monkeypatch.setattr(os, "linesep", "\r\n")
    for ending in ("txt", "md", "tex", "typ", "html", "json", "jsonl", "csv", "svg"):
        path = tmp_path / f"out.{ending}"
        assert run([*TRACE, "-o", str(path)]) == 0
        assert b"\r" not in path.read_bytes() and path.read_bytes().endswith(b"\n"), ending


# -- specs as other systems write them

SPEC = '# a comment\nformula: |\n  a = w*x\n  a**2\nat:\n  w: 2\n  x: 3\ntitle: "two words"\n'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
def test_a_spec_of_another_system(mark: str, end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from wengert.cli.run import run

    data = (mark + SPEC.replace("\n", end)).encode()
    for name in ("spec.yaml", "SPEC.YML", "Wörter und Blanks.YAML", "n" * 200 + ".yaml"):
        (tmp_path / name).write_bytes(data)
        assert run(["trace", str(tmp_path / name), "--no-verify", "-f", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["title"], found["derivatives"][0]["value"]) == ("two words", 36.0)
    status, out, err = process("trace", "-", "--no-verify", "-f", "json", stdin=data)
    assert (status, err) == (0, b"") and json.loads(out)["derivatives"][0]["value"] == 36.0


WRONG = [  # bytes that other systems leave in a file, and what is said of them
    (b"formula: x\r\n\x1a", "U+001A does not belong in a spec"),
    ("formula: x\n".encode("utf-16"), "is not UTF-8 text"),
    ("formula: x\n".encode("utf-16-le"), "U+0000 does not belong in a spec"),
    ("title: café\nformula: x\n".encode("cp1252"), "is not UTF-8 text: line 1 holds another byte"),
    ("title: café\nformula: x\n".encode("cp437"), "is not UTF-8 text: line 1 holds another byte"),
]


@pytest.mark.parametrize(("data", "told"), WRONG)
def test_bytes_of_another_system(data: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from wengert.cli.run import run

    (tmp_path / "spec.yaml").write_bytes(data)
    assert run(["diff", str(tmp_path / "spec.yaml"), "--no-verify"]) == 2
    assert told in capsys.readouterr().err


NAMES = ("CON.txt", "nul.json", "aux.html", "com1.csv", "con.", "a b.txt", "ü中.txt", "a'b.txt", "a&b^c%d.txt", "-x.txt")


@pytest.mark.parametrize("name", NAMES)
def test_names_that_mean_something_to_windows(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here they are names as any other; wengert has no list of its own of what a system reserves."""
    from wengert.cli.run import run

    monkeypatch.chdir(tmp_path)
    assert run(["trace", "x", "--at", "x=1", "--no-verify", "-f", "text", "-o", name]) == 0
    assert [p.name for p in tmp_path.iterdir()] == [name]


# -- what Windows does not have

SITE = """
import importlib.abc, os, signal, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {modules!r}:
            raise ImportError(f"no module named {{name}} on this system", name=name)
for name in {modules!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Absent())
for name in {names!r}:
    module, _, attribute = name.partition(".")
    if module in ("os", "signal") and hasattr(sys.modules[module], attribute):
        delattr(sys.modules[module], attribute)
os.symlink = os.link = None
"""
# What subprocess itself asks of Linux, where it starts the judge.
NEEDED = frozenset({"os.WNOHANG", "signal.SIGKILL", "os.getuid", "os.geteuid", "os.getgid", "os.getegid"})


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder whose sitecustomize takes away what Unix alone has, in each Python that finds it, the judge's too."""
    folder = tmp_path_factory.mktemp("elsewhere")
    modules = sorted(UNIX_MODULES - {"posix", "posixpath", "select"})
    (folder / "sitecustomize.py").write_text(SITE.format(modules=modules, names=sorted(UNIX_NAMES - NEEDED)), encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("arguments", [
    ["trace", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5"], ["diff", "(x**2+1)**3"],
    ["rules", "sigmoid", "-f", "json"],
], ids=["trace", "diff", "rules"])  # fmt: skip
def test_without_what_unix_has(arguments: list[str], elsewhere: str) -> None:
    """The judge starts and judges, and it is said that nothing limits its memory."""
    with_all = process(*arguments, "--budget", "60")
    status, out, err = process(*arguments, "--budget", "60", PYTHONPATH=f"{elsewhere}{os.pathsep}{ROOT}")
    assert (status, out) == (0, with_all[1]), err
    assert err.decode() == "warning: this system sets no limit on the judge's memory; --budget ends it all the same\n"
    assert with_all[2] == b""


def test_graphs_and_files_without_what_unix_has(elsewhere: str, tmp_path: Path) -> None:
    for name in ("a.svg", "a.pdf", "a.txt"):
        where = {"PYTHONPATH": f"{elsewhere}{os.pathsep}{ROOT}"}
        assert process("trace", "x**2", "--at", "x=1", "--no-verify", "-o", str(tmp_path / name), **where) == (0, b"", b"")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_that_another_program_holds_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Windows refuses to replace it: a message, the file as it was, nothing left beside it."""
    from wengert.cli.run import run

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    (tmp_path / "a.txt").write_text("as it was", encoding="utf-8")
    monkeypatch.setattr(os, "replace", refused)
    assert run(["trace", "x", "--at", "x=1", "--no-verify", "-o", str(tmp_path / "a.txt")]) == 2
    assert "a.txt cannot be written: The process cannot access the file" in capsys.readouterr().err
    assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["as it was"]


def test_a_terminal_without_escape_codes() -> None:
    """TERM unset or dumb: no code, also where colours are not forbidden."""
    for term in ({}, {"TERM": "dumb"}):
        status, out, _ = process("trace", "x**2", "--at", "x=1", "--no-verify", "-f", "rich", PYTHONIOENCODING="utf-8", **term)
        assert status == 0 and b"\x1b" not in out


def test_no_file_is_a_program() -> None:
    """Nothing rests on an executable bit or on a first line that names an interpreter."""
    for path in SOURCES:
        assert not path.read_bytes().startswith(b"#!")
