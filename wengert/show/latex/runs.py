"""A cell or a line as runs of words and of mathematics: its width, how many lines it takes, how it is written in a width."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import fsum

from wengert.show.document import Line, Words
from wengert.show.latex import metrics as m
from wengert.show.latex.atoms import Atom, atoms, depth, text, widest_script, width
from wengert.show.latex.breaks import CHUNK, HANG, broken, fitting, lines, narrowest, segments
from wengert.show.notation.display import flat
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.latex_text import joined, latex_words
from wengert.show.notation.text import TextNotation

TALL, FLAT = 2.1, 1.0  # the height of a line with a fraction, and of one without
DEEPEST_GROUP = 30  # groups in one another that are left to TeX, which has room for 255 of its own
WIDEST_SCRIPT = 12.0  # ems of an exponent, which cannot be broken
LONGEST_WORD = 24  # signs of a word that is not split
_BLANKS = re.compile(r"[ \t\n]+")  # other blanks are shown by their numbers


@dataclass(frozen=True)
class Run:
    """Words as they were typed, or mathematics."""

    words: str = ""
    row: tuple[Atom, ...] = ()

    @cached_property
    def width(self) -> float:
        return words_width(self.words) if self.words else width(self.row)


@dataclass(frozen=True)
class Runs:
    """A line: its runs side by side."""

    runs: tuple[Run, ...] = ()
    kept: bool = False  # a result, which is broken only where nothing else helps
    inset: float = 0.0  # ems that stand empty before it

    @cached_property
    def width(self) -> float:
        return self.inset + fsum(run.width for run in self.runs)

    @cached_property
    def is_tall(self) -> bool:
        return any(atom.text.startswith((r"\frac", r"\bigl")) for run in self.runs for atom in run.row)

    @cached_property
    def is_prose(self) -> bool:
        return bool(self.runs) and all(run.words for run in self.runs)

    def narrowest(self, deepest: int) -> float:
        """The width of the widest part that is not broken, where mathematics is broken down to that depth of brackets."""
        widths = [longest_word(run.words) if run.words else narrowest(run.row, deepest) for run in self.runs]
        return self.inset + max(widths, default=0.0)

    def count(self, room: float) -> int:
        """The number of lines it takes in that width."""
        if self.width <= room:
            return 1
        room -= self.inset
        if len(self.runs) == 1 and self.runs[0].row:
            row, deepest = fitting(self.runs[0].row, room)
            return len(lines(row, room, deepest))
        return 1 + int(self.width / max(1.0, room - 1.0))

    def used(self, room: float) -> float:
        """The width of its widest line in that width."""
        if self.width <= room:
            return self.width
        if len(self.runs) == 1 and self.runs[0].row:
            row, deepest = fitting(self.runs[0].row, room - self.inset)
            return min(room, self.inset + max(map(width, lines(row, room - self.inset, deepest))) + HANG)
        return room

    def written(self, room: float, display: bool = True) -> str:
        """As LaTeX, with places where TeX may break it if it does not fit."""
        out: list[str] = []
        whole = self.width <= room
        for run in self.runs:
            if run.words:
                out.append(broken_words(run.words, room))
                continue
            body = text(run.row, display) if whole else broken(run.row, room, display)
            out.append(f"${body}$")
        return joined(out)

    def inside(self) -> str:
        """For a displayed equation, unbroken: words in boxes of text."""
        return " ".join(rf"\text{{{latex_words(run.words)}}}" if run.words else text(run.row) for run in self.runs)


def runs_of(line: Line, notation: LatexNotation, style: int = m.DISPLAY) -> Runs:
    """The pieces of a line."""
    made: list[Run] = []
    row: list[Atom] = []
    for piece in flat(line):
        if isinstance(piece, Words):
            if row:
                made.append(Run(row=tuple(row)))
                row = []
            if piece.text:
                made.append(Run(words=piece.text))
        else:
            found = atoms(notation.math(piece), style)
            if depth(found) <= DEEPEST_GROUP and widest_script(found) <= WIDEST_SCRIPT:
                row += found
                continue
            made += [Run(row=tuple(row))] if row else []
            row = []
            made.append(Run(words=_plain(notation).math(piece)))  # one line of signs, which nests nothing
    if row:
        made.append(Run(row=tuple(row)))
    return Runs(tuple(made))


def _plain(notation: LatexNotation) -> TextNotation:
    return TextNotation.of(replace(notation.look, ascii=False))


# -- words


def words_width(words: str) -> float:
    return fsum(m.TEXT.get(c) or _width(c) for c in words)


@lru_cache(maxsize=4096)
def _width(c: str) -> float:
    """Of a sign that the table does not have; one that has no sign in LaTeX is written by its number."""
    return m.NUMBERED if latex_words(c).startswith("U+") else m.WORD if c.isalpha() else m.WIDE


def longest_word(words: str) -> float:
    """The width that the longest word needs; words after the first may stand on a line that is set in."""
    widths = [min(words_width(word), LONGEST_WORD * m.WORD) + HANG * (n > 0) for n, word in enumerate(_separate(words))]
    return max(widths, default=0.0)


def _separate(words: str) -> list[str]:
    return _BLANKS.split(words.strip(" \t\n"))


def broken_words(words: str, room: float) -> str:
    """The words; one that is too long for a line is split anywhere."""
    if all(words_width(word) <= room for word in _separate(words)):
        return latex_words(words)
    out: list[str] = []
    for part in re.split(r"([ \t\n]+)", words):
        if words_width(part) <= room:
            out.append(latex_words(part))
        else:
            out.append(r"\allowbreak{}".join(map(latex_words, _chunks(part))))
    return "".join(out)


def _chunks(word: str) -> list[str]:
    """The word in parts of a few signs, and of few ems."""
    made = [""]
    for c in word:
        if len(made[-1]) >= CHUNK or (made[-1] and words_width(made[-1] + c) > CHUNK):
            made.append("")
        made[-1] += c
    return made


def units(side: Runs, deepest: int) -> list[tuple[str, float]]:
    """What stays whole of a line in a display, with widths: words one by one in boxes of text, mathematics sign by sign."""
    made: list[tuple[str, float]] = []
    for run in side.runs:
        if run.words:
            parts = [chunk for word in re.findall(r"[ \t\n]*[^ \t\n]+[ \t\n]*", run.words) for chunk in _chunks(word)]
            made += [(rf"\text{{{latex_words(part)}}}", words_width(part)) for part in parts]
        else:
            made += [(text(piece), width(piece)) for piece in segments(run.row, deepest)]
    return made
