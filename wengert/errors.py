"""What goes wrong, and where: one small tree of errors, each with a place and a hint.

Every error that a person can cause is a `WengertError`. It says what is wrong (`title`), where (`place`: a span of a
source text), which values were involved (`details`, a line each) and how to mend it (`hint`). `report()` lays it out as
plain text; only the command line prints it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from wengert.characters import INVISIBLE
from wengert.characters import printable as printable

WINDOW = 76  # characters of a source line that a report shows around the caret
LONGEST = 400  # characters of a line of a report: a name or a value in it may have any length


@dataclass(frozen=True, slots=True)
class Source:
    """A text a person wrote, and where it stands.

    `origin` is what the person calls it (a file's name, `--at`), None for a formula on the command line.
    `positions`, where given, holds a (line, column) in the file for the start of each line of `text`, both from 1: a
    formula inside a YAML file is a text of its own that begins somewhere in the file. `folds`, where given, are the spans
    of `text` at whose starts those positions stand instead: a value that was written over several lines is one line of text.
    """

    text: str
    origin: str | None = None
    positions: tuple[tuple[int, int], ...] = ((1, 1),)
    folds: tuple[tuple[int, int], ...] = ()
    _starts: list[int] = field(default_factory=list, repr=False, compare=False)

    def locate(self, offset: int) -> tuple[int, int, str, int]:
        """The line and column in the file (from 1), the text of that line, and the offset within it."""
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(i + 1 for i, c in enumerate(self.text) if c == "\n")
        row = bisect_right(self._starts, offset) - 1
        start = self._starts[row]
        end = self._starts[row + 1] - 1 if row + 1 < len(self._starts) else len(self.text)
        if self.folds:
            fold = max(0, bisect_right(self.folds, (offset, len(self.text))) - 1)
            (line, column), (begins, ends) = self.positions[fold], self.folds[fold]
            return line, column + max(0, min(offset, ends) - begins), self.text[start:end], offset - start
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
        return "\n".join(_shown(line) for line in lines)


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


def _shown(line: str) -> str:
    """A line of a report: nothing in it is obeyed by a terminal or hidden from a reader, and its middle is left out where it is
    long."""
    if len(line) > LONGEST:
        line = f"{line[: LONGEST * 3 // 4]} … {line[-LONGEST // 5 :]}"
    return INVISIBLE.sub("�", printable(line))
