r"""How wide a piece of LaTeX comes out, about, and where a line of it may be broken: for columns of tables and long displays.

The unit is a digit (half an em). A fraction is as wide as its wider half, in small print; an index is small too. TeX breaks a
formula in a paragraph after a sign that stands outside all braces; a display is broken here, before one that stands outside
all brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

Extent: TypeAlias = tuple[float, float]  # a width, and that of the widest part that cannot be broken

LINE = 69.0  # digits in a line of an article, 345 points
SMALL = 0.7  # of an index
STACKED = 0.8  # of a fraction in a line of text
WIDE = 12.0  # a fraction that is wider is written with a slash where there is no room
LETTER = 0.9  # of a word
_TOKEN = re.compile(r"\\[A-Za-z]+ ?|\\.|[{}$_^&]|\n|[^\\{}$_^&\n]")
_OPERATORS = re.compile(r"\\(?:cdot|approx|times|odot|ge|le|ne|to|Rightarrow)(?![A-Za-z])")
_SIGNS = frozenset("=+-<>")
_NO_WIDTH = ("left", "right", "begin", "end", "text", "mathrm", "mathit", "mathtt", "mathsf", "operatorname", "bar", "dot",
             "underline", "hspace")  # fmt: skip
_WIDE = {r"\quad": 2.0, r"\qquad": 4.0, r"\cdot": 1.6, r"\approx": 2.6, r"\times": 2.4, r"\odot": 2.4, r"\bigl": 0.2,
         r"\bigr": 0.2, **{f"\\{command}": 0.0 for command in _NO_WIDTH}}  # fmt: skip
_WORDS = frozenset(["sin", "cos", "tan", "sec", "csc", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth",
                    "exp", "ln", "log", "max", "min"])  # fmt: skip


@lru_cache(maxsize=4096)
def extent(mathematics: str) -> Extent:
    """The width of a formula, and of its widest part that a paragraph cannot break."""
    parts = [_width(part) for part in _unbreakable(mathematics)]
    return sum(parts), max(parts, default=0.0)


def prose_extent(pieces: Sequence[tuple[bool, str]]) -> Extent:
    """The same of words and mathematics in turns."""
    total = widest = 0.0
    for inside, text in pieces:
        if inside:
            width, part = extent(text)
        else:
            plain = re.sub(r"\\(.)|</?span>", r"\1", text)
            width, part = LETTER * len(plain), max((LETTER * len(word) for word in plain.split()), default=0.0)
        total += width
        widest = max(widest, part)
    return total, widest


def _unbreakable(mathematics: str) -> Iterator[str]:
    """The formula's parts, each up to and with a sign outside all braces."""
    depth = start = 0
    for m in _TOKEN.finditer(mathematics):
        token = m[0]
        depth += (token == "{") - (token == "}")
        follows_sign = m.end() > start + 2  # a minus that begins a part belongs to its number
        if depth == 0 and (_OPERATORS.match(token) or (token in _SIGNS and follows_sign)):
            yield mathematics[start : m.end()]
            start = m.end()
    if start < len(mathematics):
        yield mathematics[start:]


def _width(mathematics: str, stacked: float = STACKED) -> float:
    """The width of what stands on one line, by a stack of open braces: what each holds so far and by how much it counts."""
    widths = [0.0]
    factors: list[float] = []
    above: list[float | None] = []  # of a fraction's second half: the width of the first
    pending: list[tuple[float, float | None]] = []  # what the next braces are: their factor and the half before them
    for m in _TOKEN.finditer(mathematics):
        token = m[0].rstrip(" ") or " "
        if token == "{":
            factor, half = pending.pop() if pending else (1.0, None)
            factors.append(factor)
            above.append(half)
            widths.append(0.0)
        elif token == "}" and factors:
            inner, factor, half = widths.pop(), factors.pop(), above.pop()
            if factor < 0:  # the first half of a fraction
                pending.append((stacked, inner * stacked))
            elif half is not None:
                widths[-1] += max(half, inner * factor) + 1.0
            else:
                widths[-1] += inner * factor
        elif token == r"\frac":
            pending.append((-1.0, None))
        elif token in "_^":
            pending.append((SMALL, None))
        else:
            width = _token_width(token)
            if pending and token != " ":  # an index of one letter
                width *= abs(pending.pop()[0])
            widths[-1] += width
    return sum(widths)


def unstacked(mathematics: str, widest: float = WIDE) -> str:
    """The formula with a slash for each fraction that is wider and stands in a line, for a line can be broken: (a + b)/(c)."""
    at = 0
    while (at := mathematics.find(r"\frac{", at)) >= 0:
        above = _closing(mathematics, at + 5)
        below = _closing(mathematics, above + 1)
        if _width(mathematics[at : below + 1]) > widest and not _depth(mathematics, at):
            first, second = mathematics[at + 6 : above], mathematics[above + 2 : below]
            mathematics = f"{mathematics[:at]}({first})/({second}){mathematics[below + 1 :]}"
        else:
            at += 1
    return mathematics


def _closing(mathematics: str, at: int) -> int:
    """Where the brace closes that opens at that place."""
    depth = 0
    for i in range(at, len(mathematics)):
        depth += (mathematics[i] == "{") - (mathematics[i] == "}")
        if depth == 0:
            return i
    return len(mathematics)


def _depth(mathematics: str, at: int) -> int:
    """How many braces are open there."""
    return mathematics.count("{", 0, at) - mathematics.count("}", 0, at)


def _token_width(token: str) -> float:
    if token in _WIDE:
        return _WIDE[token]
    if token.startswith("\\"):
        return float(len(token) - 1) if token[1:] in _WORDS else 1.2
    if token in "=+<>":
        return 2.4
    return {" ": 0.2, ",": 0.9, "(": 0.8, ")": 0.8, ".": 0.6, "'": 0.6, "$": 0.0, "&": 0.0, "\n": 0.0}.get(token, 1.0)


# -- displays


def broken(mathematics: str, room: float = LINE) -> list[str]:
    """A display as lines that fit, broken before signs outside all brackets, or within round ones where it must be; what has
    none stays as wide as it is."""
    if display_width(mathematics) <= room:
        return [mathematics]
    lines: list[str] = []
    line = ""
    for whole in _outside(mathematics):
        parts = [whole] if display_width(whole) <= room else list(_outside(whole, within_round=True))
        for part in parts:
            if line.strip() and display_width(line) + display_width(part) > room:
                lines.append(line.strip(" "))
                line = ""
            line += part
    return [*lines, line.strip(" ")]


def split_at_relation(mathematics: str) -> tuple[str, str]:
    """What stands before the first = or ≈ outside all brackets, and the rest; ("", all) where there is none."""
    at = 0
    for part in _outside(mathematics):
        if at and re.match(r"(=|\\approx)(?![A-Za-z])", part):
            return mathematics[:at].rstrip(" "), mathematics[at:]
        at += len(part)
    return "", mathematics


def _outside(mathematics: str, within_round: bool = False) -> Iterator[str]:
    """The parts of a display, each from a sign outside all brackets (but for round ones) on."""
    depth = start = 0
    for m in _TOKEN.finditer(mathematics):
        token = m[0].rstrip(" ") or " "
        if token in "()" and within_round:
            continue
        if token in ("{", "(", r"\left", r"\begin", r"\lvert", r"\lfloor", r"\lceil"):
            depth += 1
        elif token in ("}", ")", r"\right", r"\end", r"\rvert", r"\rfloor", r"\rceil"):
            depth -= 1
        operator = _OPERATORS.match(token) or (token in _SIGNS and mathematics[m.start() - 1] == " ")
        if depth == 0 and operator and mathematics[start : m.start()].strip(" "):
            yield mathematics[start : m.start()]
            start = m.start()
    yield mathematics[start:]


_MATRIX = re.compile(r"\\left\\lbrack \\begin\{array\}\{[rlc]+\}(.*?)\\end\{array\}\\right\\rbrack", re.DOTALL)


def display_width(mathematics: str) -> float:
    """The width of a display; a matrix is as wide as the widest entries of its columns."""
    total = 0.0
    at = 0
    for m in _MATRIX.finditer(mathematics):
        rows = [row.split(" & ") for row in m[1].split(" \\\\\n")]
        columns = max(map(len, rows))
        total += 3.0 + sum(max(_width(row[i].strip()) for row in rows if i < len(row)) + 2.0 for i in range(columns))
        total += _width(mathematics[at : m.start()], 1.0)
        at = m.end()
    return total + _width(mathematics[at:], 1.0)
