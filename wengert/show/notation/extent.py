r"""How wide a piece of LaTeX comes out, about, and where a line of it may be broken: for columns of tables and long displays.

The unit is a digit (half an em). A fraction is as wide as its wider half, in small print; an index is small too. TeX breaks a
formula in a paragraph after a sign that stands outside all braces; a display is broken here, before one that stands outside
all brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import fsum
from typing import TypeAlias

Extent: TypeAlias = tuple[float, float]  # a width, and that of the widest part that cannot be broken

LINE = 69.0  # digits in a line of an article, 345 points
SMALL = 0.7  # of an index
STACKED = 0.8  # of a fraction in a line of text
WIDE = 12.0  # a quotient that is wider may be broken behind its slash where there is no room
LETTER = 0.9  # of a word
TYPED = 1.05  # of a bar of signs
_TOKEN = re.compile(r"\\[A-Za-z]+ ?|\\.|[{}$_^&]|\n|[^\\{}$_^&\n]")
_OPERATORS = re.compile(r"\\(?:cdot|approx|times|odot|ge|le|ne|to|Rightarrow)(?![A-Za-z])")
_SIGNS = frozenset("=+-<>")
_ABOVE = _SIGNS | {"/"}  # a half of a fraction with these needs brackets in a line
_BELOW = _ABOVE | {r"\cdot"}
_OPENING = frozenset(["(", ",", r"\left", r"\bigl"])  # a minus behind these belongs to what follows
_OPENS = frozenset(["{", "(", r"\left", r"\begin", r"\lvert", r"\lfloor", r"\lceil"])
_CLOSES = frozenset(["}", ")", r"\right", r"\end", r"\rvert", r"\rfloor", r"\rceil"])
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
    return fsum(parts), max(parts, default=0.0)


def prose_extent(pieces: Sequence[tuple[bool, str]]) -> Extent:
    """The same of words and mathematics in turns."""
    total = widest = 0.0
    for inside, text in pieces:
        if inside:
            width, part = extent(text)
        else:
            words = [_word_width(word) for word in re.sub(r"\\(.)|</?span>", r"\1", text).split()]
            width, part = fsum(words) + LETTER * text.count(" "), max(words, default=0.0)
        total += width
        widest = max(widest, part)
    return total, widest


def _word_width(word: str) -> float:
    return TYPED * (len(word) - 2) if word.startswith("`") else LETTER * len(word)


def _unbreakable(mathematics: str) -> Iterator[str]:
    """The formula's parts, each up to and with a sign outside all braces. A sign that nothing stands before belongs to what
    follows it: the minus of a number, the relation that a result begins with."""
    depth = start = 0
    operand = False
    for m in _TOKEN.finditer(mathematics):
        token = m[0].rstrip(" ")
        depth += (token == "{") - (token == "}")
        sign = bool(_OPERATORS.match(token)) or token in _SIGNS
        if sign and operand and depth == 0:
            yield mathematics[start : m.end()]
            start = m.end()
        if token:
            operand = not sign and token not in _OPENING
    if start < len(mathematics):
        yield mathematics[start:]


def parted(mathematics: str) -> Iterator[str]:
    """The formula for where there is no room: parts that a line may be broken between, each up to a comma outside all braces,
    or up to the slash of a wide quotient."""
    done = ""
    for whole in _unbreakable(mathematics):
        wide = _width(whole) > WIDE
        depth = start = 0
        for at, c in enumerate(whole):
            depth += (c == "{") - (c == "}")
            if depth == 0 and (c == "," or (c == "/" and wide)):
                yield done + whole[start : at + 1]
                done = ""
                start = at + 1
        done += whole[start:]
    if done:
        yield done


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
    return fsum(widths)


def unstacked(mathematics: str) -> str:
    """The formula with a slash for each fraction, as a cell of a table has it: its rows are too close for fractions, and a
    fraction cannot be broken. (a + b)/c, with brackets only where a half needs them."""
    if r"\frac{" not in mathematics:
        return mathematics
    texts: list[list[str]] = [[]]  # of the open braces, what each holds so far
    halves: list[str] = []  # which half of a fraction each holds, if any
    half = ""
    for m in _TOKEN.finditer(mathematics):
        token = m[0]
        if token == r"\frac" and mathematics.startswith("{", m.end()):
            half = "above"
        elif token == "{":
            halves.append(half)
            texts.append([])
            half = ""
        elif token == "}" and halves:
            text, which = "".join(texts.pop()), halves.pop()
            half = "below" if which == "above" else ""
            made = {"above": f"{_half(text, _ABOVE)}/", "below": _half(text, _BELOW)}
            texts[-1].append(made.get(which, f"{{{text}}}"))
        else:
            texts[-1].append(token)
    return "".join(map("".join, texts)).replace(r"\left(", "(").replace(r"\right)", ")")


def _half(text: str, signs: frozenset[str]) -> str:
    """A half of a fraction, in brackets where one of those signs stands outside all brackets."""
    depth = 0
    for m in _TOKEN.finditer(text):
        token = m[0].rstrip(" ")
        depth += (token in _OPENS) - (token in _CLOSES)
        if depth == 0 and token and (token in signs or (token != r"\cdot" and _OPERATORS.match(token))):
            return f"({text})"
    return text


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
        if token in _OPENS:
            depth += 1
        elif token in _CLOSES:
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
        total += 3.0 + fsum(max(_width(row[i].strip()) for row in rows if i < len(row)) + 2.0 for i in range(columns))
        total += _width(mathematics[at : m.start()], 1.0)
        at = m.end()
    return total + _width(mathematics[at:], 1.0)
