"""What all tests share: repeatable hypothesis runs, mpmath left as it was found, and one judge for a whole session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import mpmath
import pytest
from hypothesis import HealthCheck, settings

from wengert.verify.judge import Judge

settings.register_profile(
    "wengert", derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
settings.load_profile("wengert")


PACKAGES = {"pdftotext": "poppler-utils", "pdflatex": "texlive-latex-recommended", "dot": "graphviz"}  # of Debian


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


@pytest.fixture(scope="session")
def lasting() -> Iterator[LastingJudge]:
    made = LastingJudge()
    yield made
    made.end()


@pytest.fixture
def judge(lasting: LastingJudge) -> LastingJudge:
    """A running judge that has nothing left to answer."""
    if not lasting.running or not lasting._answers.empty():
        lasting.end()
        lasting.start()
    return lasting
