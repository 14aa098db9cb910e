"""What goes wrong, and where: one small tree of errors, each with a place and a hint.

Every error that a person can cause is a `WengertError`. It says what is wrong (`title`), where (`place`: a span of a
source text), which values were involved (`details`, a line each) and how to mend it (`hint`). `report()` lays it out as
plain text; only the command line prints it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

WINDOW = 76  # characters of a source line that a report shows around the caret


@dataclass(frozen=True, slots=True)
class Source:
    """A text a person wrote, and where it stands.

    `origin` is what the person calls it (a file's name, `--at`), None for a formula on the command line.
    `positions`, where given, holds a (line, column) in the file for the start of each line of `text`, both from 1: a
    formula inside a YAML file is a text of its own that begins somewhere in the file.
    """

    text: str
    origin: str | None = None
    positions: tuple[tuple[int, int], ...] = ((1, 1),)
    _starts: list[int] = field(default_factory=list, repr=False, compare=False)

    def locate(self, offset: int) -> tuple[int, int, str, int]:
        """The line and column in the file (from 1), the text of that line, and the offset within it."""
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(i + 1 for i, c in enumerate(self.text) if c == "\n")
        row = bisect_right(self._starts, offset) - 1
        start = self._starts[row]
        end = self._starts[row + 1] - 1 if row + 1 < len(self._starts) else len(self.text)
        if row < len(self.positions):
            line, column = self.positions[row]
        else:  # later lines of a text whose further positions are not known
            line, column = self.positions[-1][0] + row - len(self.positions) + 1, 1
        return line, column + offset - start, self.text[start:end], offset - start


@dataclass(frozen=True, slots=True)
class Place:
    """The half-open span [start, end) of a source's text, in characters."""

    source: Source
    start: int
    end: int


class WengertError(Exception):
    """A mistake in the input, told to the person who made it. Exit status 2."""

    status = 2

    def __init__(
        self, title: str, place: Place | None = None, *, details: Sequence[str] = (), hint: str | None = None
    ) -> None:
        super().__init__(title)
        self.title = title
        self.place = place
        self.details = tuple(details)
        self.hint = hint

    def __str__(self) -> str:
        """The report without its first word, for Python's own tracebacks."""
        return self.report().removeprefix("error: ")

    def report(self) -> str:
        """The whole message: title, file position, source line with caret, values, hint."""
        lines = [f"error: {self.title}"]
        if self.place is not None:
            lines += picture(self.place)
        lines += [f"  {detail}" for detail in self.details]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(printable(line) for line in lines)


class FormulaError(WengertError):
    """The text is not a formula of the language (design, section 4)."""


class SpecError(WengertError):
    """The spec file is not one of the three forms (design, section 5)."""


class ValueProblem(WengertError):
    """The formula has no value here: outside a domain, overflow, or a value is missing."""


class UsageError(WengertError):
    """An option has a wrong value, or two options contradict one another."""


def picture(place: Place) -> list[str]:
    """The lines that show a place: the position where it helps, the source line (or a window of it), the carets."""
    line, column, text, at = place.source.locate(place.start)
    width = max(1, min(place.end, place.start + len(text) - at) - place.start)
    first = 0
    cut = len(text) > WINDOW
    if cut:
        first = max(0, min(at - WINDOW // 3, len(text) - WINDOW))
    shown = text[first : first + WINDOW].replace("\t", " ")
    before = "…" if first else ""
    after = "…" if cut and first + WINDOW < len(text) else ""
    carets = " " * (len(before) + at - first) + "^" * max(1, min(width, first + WINDOW - at))
    lines = []
    if place.source.origin is not None:
        lines.append(f"  in {place.source.origin}, line {line}, column {column}")
    elif cut or "\n" in place.source.text:
        lines.append(f"  line {line}, column {column}")
    return [*lines, f"  {before}{shown}{after}", f"  {carets}"]


def printable(text: str) -> str:
    """The text with � for what would act on a page or a terminal, or hide there, instead of being read: control characters
    (escape codes begin with one), marks that reorder a line, invisible signs, halves of a character, noncharacters."""
    if text.isascii() and text.isprintable():
        return text
    return _UNREADABLE.sub("�", text)


# ZWNJ and ZWJ (U+200C, U+200D) stay: Persian, Indic scripts and emoji are written with them.
_UNREADABLE = re.compile(
    "[\0-\x1f\x7f-\x9f"  # C0, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u2028\u2029"  # line and paragraph separators
    "\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # shown as nothing
    "\ud800-\udfff"  # surrogates
    "\ufdd0-\ufdef" + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000)) + "]"
)  # fmt: skip
