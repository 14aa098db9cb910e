"""A message can be shown to anybody: no control character, nothing that cannot be seen, no line without an end."""

from __future__ import annotations

import pytest

from wengert.cli.messages import MOST_WARNINGS, warn
from wengert.errors import LONGEST, Place, Source, WengertError


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("\x1b]0;owned\x07", "�]0;owned�"),
        ("a\nb\r\tc", "a�b��c"),
        ("\x9b31m", "�31m"),
        ("x\u202ey\u2066z", "x�y�z"),
        ("a\u200bb\ufeffc\u00add", "a�b�c�d"),
        ("x\ufe0f\u115f\U000e0041", "x���"),
        ("\udcff", "�"),
        ("é α 中 \U0001f600", "é α 中 \U0001f600"),
    ],
)
def test_what_is_shown_of_a_title(title: str, shown: str) -> None:
    assert WengertError(title).report() == f"error: {shown}"


def test_a_long_line_is_cut_in_its_middle() -> None:
    text = "a" * 1_000_000
    error = WengertError(f"{text} is not a name", Place(Source(text), 0, len(text)), details=[text], hint=f"not {text}, but x")
    lines = error.report().split("\n")
    assert all(len(line) <= LONGEST for line in lines)
    assert lines[0].startswith("error: aaa") and lines[0].endswith("aaa is not a name") and " … " in lines[0]
    assert lines[-1].endswith("aaa, but x")


def test_very_many_warnings_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    warn(f"nothing uses x{i}" for i in range(1000))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MOST_WARNINGS + 1
    assert lines[-1] == "warning: 950 more"
