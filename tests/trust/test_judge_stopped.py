"""The judge is stopped when it must be: what hangs sympy ends within the budget and half a gigabyte, with no wrong verdict.

First whole commands on known hangs; then a judge that is made to hang on purpose, in C code and in Python, or to fill the
memory. `python -m pytest -q -s -m long tests/trust/test_judge_stopped.py` gives the hangs the five seconds that a person gives
them. What the parent itself has to work out is bounded by other limits: test_limits.py.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.trust import planted
from tests.trust.hangs import HANGS, NETWORK, Hang
from tests.trust.measured import Ended, measured
from tests.verify.handmade import request
from wengert.verify import judge as protocol
from wengert.verify.judge import Judge

GIGABYTE = 1 << 30
MOST = GIGABYTE // 2  # bytes that wengert, or its judge, may have in memory
WORK = 4  # seconds of processor time for all that is not the judge's, and for its start
WAIT = 60  # seconds that a loaded machine may take


def ends_in_time(ended: Ended, budget: float) -> None:
    assert ended.peak < MOST
    assert ended.processor < budget + WORK
    assert ended.seconds < budget + WAIT


def answered(ended: Ended) -> str:
    """`checked` or `unchecked`: the verdict of the whole, which the exit status tells too. Anything else is no answer."""
    assert (ended.err, "failed" in ended.out) == ("", False)
    assert ended.status in (0, 3)
    if ended.status == 0:
        assert "Checked" in ended.out
        assert "unchecked" not in ended.out
        return "checked"
    assert " unchecked: " in ended.out  # the reason
    return "unchecked"


@pytest.mark.parametrize("hang", HANGS, ids=lambda hang: hang.name)
def test_known_hangs_end(hang: Hang, count: Count) -> None:
    ended = measured([*hang.command(), "--budget", "1"])
    ends_in_time(ended, 1)
    count(f"sympy hangs: {answered(ended)} in time", 1)


@pytest.mark.long
@pytest.mark.parametrize("hang", HANGS, ids=lambda hang: hang.name)
def test_known_hangs_end_within_the_usual_budget(hang: Hang, count: Count) -> None:
    ended = measured(hang.command())
    ends_in_time(ended, 5)
    count(f"sympy hangs, 5 s: {answered(ended)} in time", 1)


@pytest.mark.parametrize("options", [(), ("--order", "2", "--wrt", "x1,x2")], ids=["gradient", "Hessian"])
def test_a_network_that_equals_does_not_settle(options: tuple[str, ...], tmp_path: Path, count: Count) -> None:
    path = tmp_path / "network.yaml"
    path.write_text(NETWORK, encoding="utf-8")
    ended = measured(["trace", str(path), *options, "--budget", "2"])
    ends_in_time(ended, 2)
    count(f"sympy hangs: {answered(ended)} in time", 1)


# -- a judge that is made to hang

HANGS_AT_WILL = [planted.hangs_in_c, planted.hangs_in_python]


def planted_code(examine: Callable[..., object]) -> str:
    """The judge's own, but for what it does with a request."""
    name = examine.__name__
    planting = f"import wengert.verify.examine as place; from tests.trust import planted; place.examine = planted.{name}"
    return protocol._CODE.replace("from wengert.verify.child", f"{planting}; from wengert.verify.child")


@pytest.mark.parametrize("examine", HANGS_AT_WILL, ids=lambda examine: examine.__name__)
def test_a_judge_that_hangs_is_ended(examine: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_CODE", planted_code(examine))
    with Judge() as judge:
        judge.start()
        process = judge._process
        assert process is not None
        judge.ask(request({"f": "x**2"}, {"x": "1"}), 2)
        answers = list(judge.answers(time.monotonic() + 3))
    assert answers[-1] == {"kind": "stopped", "reason": "the budget of 2 s ran out (--budget gives more)"}
    assert process.returncode == -signal.SIGKILL  # waited for: no zombie is left


def test_a_judge_that_fills_the_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_CODE", planted_code(planted.fills_the_memory))
    with Judge() as judge:
        judge.start()
        judge.ask(request({"f": "x**2"}, {"x": "1"}), 30)
        answers = list(judge.answers(time.monotonic() + WAIT))
    assert answers == [{"kind": "stopped", "reason": "the judge's memory limit was reached"}]


def test_the_memory_limit_is_half_a_gigabyte_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is one of address space, since no other is kept; what it leaves for use is measured here."""
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc")
    monkeypatch.setattr(protocol, "_CODE", planted_code(planted.tells_its_peak))
    with Judge() as judge:
        judge.start()
        judge.ask(request({"f": "x"}, {"x": "1"}), 30)
        answers = list(judge.answers(time.monotonic() + WAIT))
    assert [a["kind"] for a in answers] == ["note", "done"]
    assert GIGABYTE // 4 < int(answers[0]["text"]) < MOST


ORPHAN = """
import sys, time
from tests.verify.handmade import request
from wengert.verify import judge as protocol
protocol._CODE = sys.argv[1]
judge = protocol.Judge()
judge.start()
judge.ask(request({"f": "x"}, {"x": "1"}), 1)
print(judge._process.pid, flush=True)
for answer in judge.answers(time.monotonic() + 1000):
    print(answer["text"], flush=True)
"""


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"  # a zombie is its new parent's to reap
    except OSError:
        return False


@pytest.mark.parametrize("examine", HANGS_AT_WILL, ids=lambda examine: examine.__name__)
def test_no_judge_outlives_a_killed_parent(examine: Callable[..., object]) -> None:
    """Also one that no thread of its own can end any more: the system does, after a second more than it was given."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("no /proc")
    with subprocess.Popen([sys.executable, "-c", ORPHAN, planted_code(examine)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert parent.stdout.readline() == "begins\n"
        time.sleep(0.2)  # for it to do so
        parent.kill()
    deadline = time.monotonic() + WAIT
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    survived = lives(pid)
    if survived:
        os.kill(pid, signal.SIGKILL)
    assert not survived
