"""A result that is lost is noticed: standard output or standard error full, closed, or read no longer, for every command and
format, help, version and the rest included. Whole processes and shells stand in tests/cli/test_pipes.py and test_output.py.
"""

from __future__ import annotations

import pytest

from tests.conftest import Count
from tests.trust.commands import TOLD, cases, line
from tests.trust.forks import Forks

LINES = [pytest.param(line(*case.values), marks=case.marks, id=case.id) for case in cases()]
LINES += [pytest.param(line("trace", "rich"), id="trace-rich"), *(pytest.param(a, id=name) for name, a in TOLD.items())]
WRONG = {
    "formula": ["trace", "x +"],
    "file": ["trace", "none.yaml"],
    "option": ["trace", "x", "--nope"],
    "command": ["nope"],
    "none": [],
}


@pytest.mark.parametrize("arguments", LINES)
def test_a_lost_result_is_no_success(arguments: list[str], forks: Forks, count: Count) -> None:
    full = forks.run(*arguments, stdout="full")
    assert (full.status, full.err) == (2, "error: No space left on device\n")
    closed = forks.run(*arguments, stdout="closed")
    assert closed.status == 2
    assert closed.err.startswith("error: standard output is closed\n")
    count("streams: lost results noticed", 2)


@pytest.mark.parametrize("stderr", ["full", "closed"])
@pytest.mark.parametrize("stdout", ["full", "closed"])
@pytest.mark.parametrize("arguments", [line("trace", "text"), line("trace", "pdf"), *TOLD.values()])
def test_a_lost_result_and_a_lost_message(
    arguments: list[str], stdout: str, stderr: str, forks: Forks, count: Count
) -> None:
    assert forks.run(*arguments, stdout=stdout, stderr=stderr).status == 2
    count("streams: lost results noticed", 1)


@pytest.mark.parametrize("arguments", LINES)
def test_a_reader_that_has_seen_enough(arguments: list[str], forks: Forks, count: Count) -> None:
    ended = forks.run(*arguments, stdout="broken")
    assert (ended.status, ended.err) == (0, "")
    count("streams: readers that left", 1)


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("stderr", ["full", "closed", "broken"])
def test_a_message_that_is_lost_keeps_its_status(stderr: str, arguments: list[str], forks: Forks, count: Count) -> None:
    """2, whatever becomes of the message: 1 would say that a derivative is wrong, 120 is Python's own."""
    assert forks.run(*arguments, stderr=stderr).status == 2
    count("streams: lost messages that kept their status", 1)


def test_a_warning_that_is_lost_does_not_lose_the_result(forks: Forks) -> None:
    arguments = ["trace", "exp(x)", "--at", "x=1", "--no-verify", "-f", "latex", "--title", "\u4e2d"]
    told = forks.run(*arguments)
    assert told.err.startswith("warning: ")
    for stderr in ("full", "closed"):
        ended = forks.run(*arguments, stderr=stderr)
        assert (ended.status, ended.out) == (told.status, told.out) == (0, told.out)
