"""What a run tells besides its results: messages on stderr, and the exit status that a verdict calls for."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from wengert.cli.streams import drop
from wengert.errors import printable

MOST_WARNINGS = 50
_STATUS = {None: 0, "proved": 0, "agrees": 0, "imprecise": 0, "kink": 0, "unchecked": 3, "failed": 1}


def say(text: str) -> None:
    """A message on stderr, without control characters, in an encoding that stderr has."""
    lines = "\n".join(printable(line) for line in text.split("\n"))
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "ascii"
    try:
        print(lines.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr, flush=True)
    except OSError:  # it takes nothing: the exit status tells the rest
        drop(sys.stderr)


def warn(warnings: Iterable[str]) -> None:
    """The warnings, a line each; of very many the first ones and their number."""
    told = list(warnings)
    for warning in told[:MOST_WARNINGS]:
        say(f"warning: {warning}")
    if len(told) > MOST_WARNINGS:
        say(f"warning: {len(told) - MOST_WARNINGS:,} more")


def status_of(verdict: str | None) -> int:
    """The exit status that a verdict calls for."""
    return _STATUS[verdict]
