"""Ctrl-C at any moment leaves a clean terminal and status 130; SIGTERM and SIGHUP end a run at once; nobody is left behind.

The moments are counted from the one at which wengert listens, a few milliseconds after Python has begun to run it. What comes
before is Python's own: it ends with a traceback of its modules, or by the signal.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.trust.forks import ROOT
from tests.trust.terminals import CTRL_C, Left, Terminal

HARD = "7**exp(exp(exp(10*e)))*x"  # the judge works on it until its time is up
TERMS = "+".join(f"sin({i}*x)*x" for i in range(1, 2000))
# arguments, and the seconds within which the moments lie
RUNS = {
    "loading and judging": (["trace", "x**2*sin(y)", "--at", "x=3,y=2"], 0.8),
    "waiting for the judge": (["diff", HARD, "--budget", "60"], 2.5),
    "sweeps and a table": (["trace", "long.yaml", "--no-verify"], 2.0),
    "a bar that counts": (["train", "net.yaml", "--steps", "1000000", "--no-verify"], 2.5),
    "a PDF": (["trace", "net.yaml", "--no-verify", "-o", "out.pdf"], 1.0),
    "a picture": (["graph", "net.yaml", "-o", "out.png"], 1.0),
    "a long file": (["trace", "long.yaml", "--no-verify", "-o", "out.csv"], 2.0),
    "rules": (["rules"], 1.5),
}
SHORT = [(name, i) for name in RUNS for i in range(3)]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "long.yaml").write_text(f"formula: {TERMS}\nat: {{x: 1}}\n", encoding="utf-8")
    (tmp_path / "net.yaml").write_bytes((ROOT / "samples/mazur-2-2-2.yaml").read_bytes())
    return tmp_path


def clean(left: Left, desk: Path) -> None:
    """What holds however far the run had come."""
    assert not left.orphans, "a process outlived it"
    assert left.echo
    assert "Traceback" not in left.screen
    assert "Exception" not in left.screen
    assert "Error" not in left.screen
    assert not re.search(r"\[[.#]{20}\]", left.screen), "a progress bar remains"
    assert b"\x1b[?25l" not in left.raw
    coloured = re.findall(rb"\x1b\[([0-9;]*)m", left.raw)
    assert not coloured or coloured[-1] in (b"", b"0"), "colours remain"
    assert not [n for n in os.listdir(desk) if n.startswith(".")], "an unfinished file remains"


def interrupted(name: str, moment: float, desk: Path) -> bool:
    """Ctrl-C after so many seconds; whether it was still there to be interrupted."""
    with Terminal(*RUNS[name][0], cwd=desk) as terminal:
        terminal.started()
        terminal.listen(moment)
        late = terminal.process.poll() is not None
        terminal.press(CTRL_C)
        left = terminal.left()
    clean(left, desk)
    assert left.status == 130 or (left.status == 0 and not re.search(r"\^C.", left.screen, re.DOTALL)), left
    return not late and left.status == 130


@pytest.mark.parametrize(("name", "part"), SHORT)
def test_ctrl_c(name: str, part: int, desk: Path, count: Count) -> None:
    chance = random.Random(f"{name} {part}")
    moment = RUNS[name][1] * (part + chance.random()) / 3
    count("Ctrl-C: moments", 1)
    count("Ctrl-C: ended with status 130", interrupted(name, moment, desk))


@pytest.mark.long
@pytest.mark.parametrize("name", RUNS)
def test_ctrl_c_at_hundreds_of_moments(name: str, desk: Path, count: Count) -> None:
    for moment in range(60):
        count("Ctrl-C: moments", 1)
        count("Ctrl-C: ended with status 130", interrupted(name, RUNS[name][1] * moment / 60, desk))


@pytest.mark.parametrize("presses", [1, 3])
def test_the_bar_goes(presses: int, desk: Path) -> None:
    """It was there when the key was pressed, and neither it nor the ^C behind it is there afterwards."""
    with Terminal(*RUNS["a bar that counts"][0], cwd=desk) as terminal:
        terminal.started()
        assert b"training [" in terminal.listen(30, until=b"training [")
        terminal.press(CTRL_C * presses)
        left = terminal.left()
    clean(left, desk)
    assert (left.status, left.screen.strip()) == (130, "")


def test_the_bar_goes_while_the_key_is_pressed_again(desk: Path) -> None:
    """A terminal throws away what it was sent and has not shown at every further Ctrl-C: the bar's end comes after them."""
    with Terminal(*RUNS["a bar that counts"][0], cwd=desk) as terminal:
        terminal.started()
        terminal.listen(30, until=b"training [")
        for _ in range(3):
            terminal.press(CTRL_C)
            time.sleep(0.005)
        left = terminal.left()
    clean(left, desk)
    assert (left.status, left.screen.strip()) == (130, "")


def test_colours_go(desk: Path) -> None:
    """Interrupted within a coloured table that nobody reads on, the terminal gets its own colour back."""
    with Terminal("trace", "long.yaml", "--no-verify", cwd=desk) as terminal:
        terminal.started()
        terminal.listen(60, until=b"\x1b[")  # then we stop reading: it stands within a write
        time.sleep(0.5)
        terminal.press(CTRL_C)
        left = terminal.left()
    clean(left, desk)
    assert left.status == 130
    assert left.raw.rstrip(b"\r\n").endswith(b"\x1b[0m")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("name", ["waiting for the judge", "a bar that counts", "a long file"])
def test_a_signal_to_wengert_alone(name: str, number: signal.Signals, desk: Path, count: Count) -> None:
    """Whoever sends it, the judge goes too, and the status tells which it was."""
    with Terminal(*RUNS[name][0], cwd=desk) as terminal:
        terminal.started()
        terminal.listen(1.3)
        sent = time.monotonic()
        terminal.process.send_signal(number)
        left = terminal.left()
        assert time.monotonic() - sent < 10
    clean(left, desk)
    assert left.status == (130 if number == signal.SIGINT else -number)
    count(f"{number.name}: ended at once", 1)


def test_an_ignored_signal_stays_ignored(desk: Path) -> None:
    """nohup; and a job in the background of a script, which must not end where the foreground is interrupted."""
    code = (
        "import os, signal, sys; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGHUP, signal.SIGINT)];"
        "os.execv(sys.executable, [sys.executable, '-m', 'wengert', *sys.argv[1:]])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *RUNS["a bar that counts"][0]], cwd=desk, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        time.sleep(1.5)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None
    finally:
        process.terminate()
        assert process.wait(30) == -signal.SIGTERM


@pytest.mark.parametrize("entry", ["module", "script"])
def test_both_ways_to_start_it(entry: str, desk: Path) -> None:
    """`python -m wengert` and the console script listen alike."""
    script = "from wengert.cli import main; import sys; sys.exit(main())"
    way = ["-m", "wengert"] if entry == "module" else ["-c", script]
    process = subprocess.Popen(
        [sys.executable, *way, *RUNS["a bar that counts"][0]], cwd=desk, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, b"")


def children(pid: int) -> list[int]:
    """As Linux tells them."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = Path("/proc", entry, "stat").read_text(encoding="utf-8")
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == pid:
            found.append(int(entry))
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_judge_that_hears_nothing_goes_too(number: signal.Signals, desk: Path) -> None:
    """It is stopped, as it may be deep in a computation: it does not see that nobody is there any more, and is ended."""
    with Terminal(*RUNS["waiting for the judge"][0], cwd=desk) as terminal:
        terminal.started()
        terminal.listen(1.0)
        (judge,) = children(terminal.process.pid)
        os.kill(judge, signal.SIGSTOP)
        terminal.process.send_signal(number)
        clean(terminal.left(), desk)


def test_the_judge_of_a_killed_run_ends_by_itself(desk: Path) -> None:
    with Terminal(*RUNS["waiting for the judge"][0], cwd=desk) as terminal:
        terminal.started()
        terminal.listen(1.5)
        assert children(terminal.process.pid)
        terminal.process.kill()
        assert not terminal.left().orphans


@pytest.mark.parametrize(("signals", "status"), [("SIGINT", 130), ("SIGINT SIGINT SIGTERM", 130), ("SIGTERM", -15)])
def test_a_signal_is_not_lost_where_python_would_lose_it(signals: str, status: int) -> None:
    """A KeyboardInterrupt in a destructor is printed and forgotten, and the run goes on."""
    code = (
        "import os, signal, sys\nfrom wengert import ending\nending.watch()\n"
        "class Gone:\n    def __del__(self):\n"
        "        for name in sys.argv[1:]:\n            os.kill(os.getpid(), getattr(signal, name))\n"
        "Gone()\nprint('it goes on')\n"
    )
    asked = [sys.executable, "-c", code, *signals.split()]
    ended = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (status, "", "")


SLOW = {
    "it waits": "time.sleep(60)",
    "it writes to what takes nothing": "os.write(os.pipe()[1], bytes(1 << 20))",
}


@pytest.mark.parametrize("what", SLOW)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_slow_to_take_away_changes_no_status(what: str, number: signal.Signals) -> None:
    """Defect: on a machine that was busy for two seconds it ended by SIGALRM."""
    code = (
        "import os, time; from wengert import ending; ending.watch();"
        f"ending.leave('it', lambda: {SLOW[what]}); os.kill(os.getpid(), {int(number)}); time.sleep(60)"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert (done.returncode, done.stderr) == (130 if number == signal.SIGINT else -number, "")
    assert time.monotonic() - began < 30
