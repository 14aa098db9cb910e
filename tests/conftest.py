"""What all tests share: repeatable hypothesis runs, mpmath left as it was found, a judge and a browser
for a whole session, and figures."""

from __future__ import annotations

import gc
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from typing import Any

import mpmath
import pytest
from hypothesis import HealthCheck, settings

from tests.show.browser import Browser
from wengert.verify.judge import Judge

settings.register_profile(
    "wengert", derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
settings.load_profile("wengert")


PACKAGES = {"pdftotext": "poppler-utils", "pdflatex": "texlive-latex-recommended", "dot": "graphviz"}  # of Debian


LONG = 7200  # seconds that a test marked long may take, unless it says otherwise


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests and the libraries stay until the end: the collector of garbage has nothing to find in them, while they
    are made and later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The timeout of all tests is against hanging; those that are known to take minutes have more."""
    for item in items:
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `needs("pandoc")` fails, and says how to mend that, where the machine has no such program: a test that is
    skipped would say nothing."""
    for marker in item.iter_markers("needs"):
        for command in marker.args:
            if shutil.which(command) is None:
                pytest.fail(f"{command} is not installed: apt-get install {PACKAGES.get(command, command)}", pytrace=False)


@pytest.fixture(autouse=True)
def _working_precision() -> Iterator[None]:
    before = mpmath.mp.dps
    yield
    mpmath.mp.dps = before


class LastingJudge(Judge):
    """A judge that a report does not end, so that sympy is imported once; `end` ends it."""

    def close(self) -> None:
        """Left running for the next request."""

    def end(self) -> None:
        super().close()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ready(self) -> LastingJudge:
        """Running, with nothing left to answer."""
        if not self.running or not self._answers.empty():
            self.end()
            self.start()
        return self


@pytest.fixture(scope="session")
def lasting() -> Iterator[LastingJudge]:
    made = LastingJudge()
    yield made
    made.end()


class RememberingJudge(LastingJudge):
    """It answers a question that it has answered to the end as it did then: for tests of what is made of the answers."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, list[str]] = {}
        self.asked = ""

    def ask(self, request: dict[str, Any], seconds: float = 0) -> None:
        self.asked = json.dumps(request, sort_keys=True)
        if self.asked not in self.known:
            super().ask(request, seconds)

    def answers(self, deadline: float) -> Iterator[dict[str, Any]]:
        if self.asked in self.known:
            yield from map(json.loads, self.known[self.asked])
            return
        said = []
        for answer in super().answers(deadline):
            said.append(json.dumps(answer))
            yield answer
        if said and json.loads(said[-1])["kind"] == "done":
            self.known[self.asked] = said


class Borrowed(Judge):
    """What a run takes for a judge of its own: it starts and ends, and another one answers."""

    def __init__(self, other: LastingJudge) -> None:
        super().__init__()
        self.other = other

    def start(self, memory: int = 0, cpu: int = 0) -> None:
        """The other one is running, or is started when it is asked."""

    def ask(self, request: dict[str, Any], seconds: float = 0) -> None:
        self.other.ready().ask(request, seconds)

    def answers(self, deadline: float) -> Iterator[dict[str, Any]]:
        return self.other.answers(deadline)


@pytest.fixture(scope="session")
def remembering() -> Iterator[RememberingJudge]:
    made = RememberingJudge()
    yield made
    made.end()


@pytest.fixture
def one_judge(remembering: RememberingJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in this process share a judge: for tests of what is printed."""
    for place in ("wengert.verify.judge.Judge", "wengert.cli.rules.Judge"):
        monkeypatch.setattr(place, lambda: Borrowed(remembering))


@pytest.fixture
def sleeping_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every judge sleeps longer than any budget here. (On a busy machine the real one may be done before he is listened to.)"""
    monkeypatch.setattr("wengert.verify.judge._CODE", "import time; time.sleep(600)")


@pytest.fixture
def figures_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge of figures, ended before his first proof: where proofs would take minutes, and nothing depends on them."""
    every = Judge.answers

    def answers(self: Judge, deadline: float) -> Iterator[dict[str, Any]]:
        for answer in every(self, deadline):
            if answer["kind"] in ("rule", "proof"):
                self.close()
                yield {"kind": "stopped", "reason": "no proof is waited for"}
                return
            yield answer

    monkeypatch.setattr(Judge, "answers", answers)


@pytest.fixture
def judge(lasting: LastingJudge) -> LastingJudge:
    """A running judge that has nothing left to answer."""
    return lasting.ready()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests that look at a page."""
    made = Browser()
    yield made
    made.close()


# -- figures: what a test counts (planted and caught, compared, tried), summed over all tests and workers at the end of a run,
#    and what it measures, of which the largest is shown

FIGURE, LARGEST = "figure: ", "largest: "
Count = Callable[[str, int], None]
Largest = Callable[[str, float], None]


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """count("planted faults: caught", 1) adds to the figure of that name."""
    return lambda name, number: record_property(FIGURE + name, number)


@pytest.fixture
def largest(record_property: Callable[[str, object], None]) -> Largest:
    """largest("relative difference", 3e-16) shows the largest of the figures of that name."""
    return lambda name, number: record_property(LARGEST + name, number)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    sums: dict[str, int] = defaultdict(int)
    for name, number in _recorded(terminalreporter, FIGURE):
        sums[name] += number
    most: dict[str, float] = defaultdict(float)
    for name, size in _recorded(terminalreporter, LARGEST):
        most[name] = max(most[name], size)
    if sums or most:
        terminalreporter.section("figures")
        width = max(map(len, [*sums, *most]))
        for name in sorted(sums):
            terminalreporter.write_line(f"{name:<{width}}  {sums[name]:>12,}")
        for name in sorted(most):
            terminalreporter.write_line(f"{name:<{width}}  {most[name]:>12.1e}")


def _recorded(terminalreporter: pytest.TerminalReporter, sort: str) -> Iterator[tuple[str, Any]]:
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                for name, number in report.user_properties:
                    if name.startswith(sort):
                        yield name.removeprefix(sort), number
