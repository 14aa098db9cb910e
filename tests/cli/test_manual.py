"""The manual page: well formed, complete, and read back by mandoc as it was written."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.cli.test_completion import shell
from tests.cli.test_help import EVERY
from tests.cli.test_output import text_of
from wengert.cli.app import group
from wengert.cli.grammar import read
from wengert.cli.manual import ENVIRONMENT, STATUS


@pytest.fixture
def page(capsys: pytest.CaptureFixture[str]) -> str:
    return text_of(["man"], capsys)


def mandoc(page: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shell("mandoc"), *options], input=page, capture_output=True, text=True, encoding="utf-8", timeout=30, check=False
    )  # fmt: skip


def test_it_is_well_formed(page: str) -> None:
    """mandoc has nothing against it: only style, and a date, which would differ from build to build."""
    found = mandoc(page, "-Tlint", "-W", "warning").stdout.splitlines()
    assert [line for line in found if "missing date" not in line] == []
    assert page.isascii()


def test_it_says_everything(page: str) -> None:
    told = re.sub(".\b", "", mandoc(page, "-Tutf8", "-O", "width=300").stdout)
    words = " ".join(told.split())
    general, commands = read(group())
    for option in (*general, *(o for c in commands for o in c.options)):
        assert ", ".join(option.names) in told
        assert " ".join(option.told.split()) in words
    for command in commands:
        assert f"wengert {command.name}" in told
    for _, line in EVERY:
        assert line in told
    for name, meaning in (*STATUS, *ENVIRONMENT):
        assert re.search(rf"^ +{re.escape(name)}\b", told, re.M)
        assert meaning in words
