"""Text to tokens: the words of the formula language (design, section 4), each with its span.

What a person writes on paper is read here into the language's own signs: `−` and `·`, `²`, `≤`. Whether a bar `|` opens or
closes is decided here too, because it depends on its neighbours alone.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import overload

from wengert.characters import INVISIBLE
from wengert.errors import FormulaError, Place, Source

MAX_BYTES = 10_000_000  # of a text that is read, formula or spec
MAX_TOKENS = 4_000_000  # of one formula
MAX_NAME = 200
MAX_LITERAL = 2000
MAX_EXPONENT = 5000
MAX_BARS = 1000


class Kind(IntEnum):
    NUMBER = 0
    NAME = 1
    OPERATOR = 2  # + - * / ** and comparisons
    OPEN = 3
    CLOSE = 4
    COMMA = 5
    ROOT = 6
    RAISED = 7  # a superscript integer; its text is in plain digits
    BAR_OPEN = 8
    BAR_CLOSE = 9
    ASSIGN = 10
    SEPARATOR = 11
    END = 12


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int


_KINDS = tuple(Kind)


class Tokens(Sequence[Token]):
    """The tokens of a source in columns (kind, start, end); a `Token` is a view made on demand, and its text what was written
    there, an operator's and a superscript's in plain signs."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.kinds = bytearray()
        self.starts = array("I")
        self.ends = array("I")

    def add(self, kind: Kind, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.starts.append(start)
        self.ends.append(end)

    def __len__(self) -> int:
        return len(self.kinds)

    @overload
    def __getitem__(self, at: int) -> Token: ...

    @overload
    def __getitem__(self, at: slice) -> list[Token]: ...

    def __getitem__(self, at: int | slice) -> Token | list[Token]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        kind, start, end = _KINDS[self.kinds[at]], self.starts[at], self.ends[at]
        text = self.source.text[start:end]
        if kind is Kind.OPERATOR:
            text = _SIGNS.get(text, text)
        elif kind is Kind.RAISED:
            text = plain_digits(text)
        return Token(kind, text, start, end)


def plain_digits(superscript: str) -> str:
    return "".join(_SUPERSCRIPTS[s] for s in superscript)


OPERAND_ENDS = frozenset({Kind.NUMBER, Kind.NAME, Kind.CLOSE, Kind.RAISED, Kind.BAR_CLOSE})
OPERAND_STARTS = frozenset({Kind.NUMBER, Kind.NAME, Kind.OPEN, Kind.ROOT, Kind.BAR_OPEN})

_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_OTHER_BASE = re.compile(r"0[xX][0-9a-fA-F]{1,12}\b|0[oO][0-7]{1,16}\b|0[bB][01]{1,48}\b")
_NOT_FINITE = re.compile(r"\.(?:nan|inf)\b", re.IGNORECASE)  # as YAML writes them
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_SUBSCRIPTS = frozenset("₀₁₂₃₄₅₆₇₈₉")
_SIGNS = {
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "·": "*", "⋅": "*", "∙": "*", "×": "*", "/": "/", "÷": "/",
    "∕": "/", "^": "**", "<": "<", ">": ">", "≤": "<=", "≥": ">=",
}  # fmt: skip
_PAIRS = ("**", "<=", ">=", "==")
_BOTH = "where both hold: where(x > 0, where(x < 1, p, q), q)"
_EITHER = "where one of two holds: where(x > 0, p, where(x < 1, p, q))"
CONNECTIVES = {"and": _BOTH, "or": _EITHER}  # words that are no part of the language, and what to write
_HINTS = {
    "&": _BOTH, "∧": _BOTH, "∨": _EITHER,
    "!": "write a factorial as a product; where(x != y, p, q) is where(x == y, q, p)",
    "%": "there is no remainder; write a percentage as a fraction",
    "'": "a formula holds no quotes",
    '"': "a formula holds no quotes",
    "“": "a formula holds no quotes", "”": "a formula holds no quotes", "’": "a formula holds no quotes",
    "°": "angles are in radians: 30° is pi/6",
    "∛": "write cbrt(x)",
    "[": "use round brackets",
    "]": "use round brackets",
    "{": "use round brackets",
    "}": "use round brackets",
    ".": "write sin(x), not math.sin(x); a decimal point stands beside a digit",
    ":": "give a name with =, as in a = w*x + b",
    "≠": "where(x ≠ y, p, q) is where(x == y, q, p)",
    "½": "write 1/2",
    "∂": "wengert diff differentiates; write the function itself",
    "∑": "write the terms, or sum(a, b, c)",
    "\\": "write the formula without LaTeX commands",
    "$": "write the formula without dollar signs",
}


def tokenize(source: Source, start: int = 0, end: int | None = None) -> Tokens:
    """The tokens of text[start:end], END last. Raises FormulaError at the first sign that is no part of the language."""
    text = source.text
    end = len(text) if end is None else end
    tokens = Tokens(source)
    depth = 0
    i = start
    while i < end:
        c = text[i]
        if len(tokens) > MAX_TOKENS:
            raise FormulaError(f"a formula of more than {MAX_TOKENS:,} words and signs", Place(source, i, i + 1),
                               hint="give the steps names: let: {a: …, b: …}")  # fmt: skip
        if c == "\n" or c == ";":
            if depth == 0:
                tokens.add(Kind.SEPARATOR, i, i + 1)
            elif c == ";":
                raise FormulaError("a ; stands inside brackets", Place(source, i, i + 1))
            i += 1
        elif c.isspace() or (c == "\ufeff" and i == 0):
            i += 1
        elif c == "#":
            while i < end and text[i] != "\n":
                i += 1
        elif c in "0123456789" or (c == "." and i + 1 < end and text[i + 1] in "0123456789"):
            stop = _number(source, i, end)
            tokens.add(Kind.NUMBER, i, stop)
            i = stop
        elif (c.isalpha() and not INVISIBLE.match(c)) or c == "_":
            stop = i + 1
            while stop < end and _continues_name(text[stop]):
                stop += 1
            if stop - i > MAX_NAME:
                raise FormulaError(f"a name of {stop - i} characters", Place(source, i, stop), hint=f"at most {MAX_NAME}")
            tokens.add(Kind.NAME, i, stop)
            i = stop
        elif c in _SUPERSCRIPTS:
            stop = i
            while stop < end and text[stop] in _SUPERSCRIPTS:
                stop += 1
            if not re.fullmatch(r"[+-]?[0-9]{1,9}", plain_digits(text[i:stop])):
                raise FormulaError("this superscript is not a whole number", Place(source, i, stop))
            tokens.add(Kind.RAISED, i, stop)
            i = stop
        elif c == "(":
            depth += 1
            tokens.add(Kind.OPEN, i, i + 1)
            i += 1
        elif c == ")":
            depth = max(0, depth - 1)
            tokens.add(Kind.CLOSE, i, i + 1)
            i += 1
        elif c == ",":
            tokens.add(Kind.COMMA, i, i + 1)
            i += 1
        elif c == "√":
            tokens.add(Kind.ROOT, i, i + 1)
            i += 1
        elif c == "|":
            tokens.add(Kind.BAR_OPEN, i, i + 1)  # which of the two is settled below
            i += 1
        elif text[i : min(i + 2, end)] in _PAIRS:
            tokens.add(Kind.OPERATOR, i, i + 2)
            i += 2
        elif c in _SIGNS:
            if text[i : min(i + 2, end)] == "//":
                raise FormulaError("// is not an operator here", Place(source, i, i + 2), hint="write / for division")
            tokens.add(Kind.OPERATOR, i, i + 1)
            i += 1
        elif c == "=":
            tokens.add(Kind.ASSIGN, i, i + 1)
            i += 1
        else:
            if other := _NOT_FINITE.match(text, i, end):
                place = Place(source, i, other.end())
                raise FormulaError(f"{other.group()} is no number here", place, hint="numbers are finite: 0.5, 1e-3, 1/3")
            unseen = not c.isprintable() or bool(INVISIBLE.match(c))
            shown = f"U+{ord(c):04X}" if unseen else c
            hint = "this character shows nothing: delete it" if unseen else _HINTS.get(c)
            if "\udc80" <= c <= "\udcff":  # how Python hands over a byte that it could not decode
                hint = "the formula came in another encoding than the locale's; PYTHONUTF8=1 has it read as UTF-8"
            raise FormulaError(f"{shown} has no meaning in a formula", Place(source, i, i + 1), hint=hint)
    tokens.add(Kind.END, end, end)
    _settle_bars(source, tokens)
    return tokens


def _in_tens(text: str, start: int) -> str:
    """What to write for a number in another base."""
    match = _OTHER_BASE.match(text, start)
    literal = "0x10" if match is None else match.group()
    return f"write {int(literal, 0)}, not {literal}"


def _number(source: Source, start: int, limit: int) -> int:
    """Where the literal ends."""
    match = _NUMBER.match(source.text, start, limit)
    assert match is not None
    end = match.end()
    literal = match.group()
    following = source.text[end : min(end + 2, limit)]
    if following[:1] == "_":
        raise FormulaError("digits are not grouped with _", Place(source, start, end + 1), hint="write 1000, not 1_000")
    if literal == "0" and re.match(r"[xXoObB][0-9]", following):
        raise FormulaError("only decimal numbers are read", Place(source, start, end + 2), hint=_in_tens(source.text, start))
    exponent = re.split(r"[eE]", literal)[1:]
    if len(literal) > MAX_LITERAL or (exponent and abs(int(exponent[0][:9])) > MAX_EXPONENT) or (
        exponent and len(exponent[0]) > 9
    ):
        raise FormulaError(
            "this number is too long to be read", Place(source, start, end),
            hint=f"at most {MAX_LITERAL:,} characters, and an exponent of at most {MAX_EXPONENT:,}",
        )  # fmt: skip
    return end


def _continues_name(c: str) -> bool:
    if c.isascii():
        return c.isalnum() or c == "_"
    named = c.isalpha() or c in _SUBSCRIPTS or unicodedata.category(c) in ("Mn", "Nd")
    return named and not INVISIBLE.match(c)


def composed(text: str) -> str:
    """The text in Unicode's normal form C: é is one character, whichever way a keyboard or a file wrote it, and one name."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _settle_bars(source: Source, tokens: Tokens) -> None:
    """Decide for each bar whether it opens or closes an absolute value: the one reading, or an error."""
    kinds = tokens.kinds
    if Kind.BAR_OPEN not in kinds:
        return
    groups: list[list[int]] = [[]]
    finished: list[list[int]] = []
    for i, kind in enumerate(kinds):
        if kind == Kind.BAR_OPEN:
            groups[-1].append(i)
        elif kind == Kind.OPEN:
            groups.append([])
        elif kind == Kind.CLOSE and len(groups) > 1:
            finished.append(groups.pop())
        elif kind in (Kind.COMMA, Kind.SEPARATOR, Kind.END):
            finished.append(groups[-1])
            groups[-1] = []
    finished += groups
    readings = [_reading(source, tokens, bars) for bars in finished]  # while every bar still opens
    for bars, reading in zip(finished, readings, strict=True):
        for i, opens in zip(bars, reading, strict=True):
            kinds[i] = Kind.BAR_OPEN if opens else Kind.BAR_CLOSE


def _reading(source: Source, tokens: Tokens, bars: list[int]) -> list[bool]:
    """The only way to read these bars (all at one depth of brackets) as pairs; FormulaError for none or several."""
    if not bars:
        return []
    place = Place(source, tokens[bars[0]].start, tokens[bars[-1]].end)
    if len(bars) > MAX_BARS:
        raise FormulaError(f"{len(bars):,} bars at one level", place, hint=f"at most {MAX_BARS:,}; write abs(...)")
    # Readings of the first i + 1 bars, by the depth that they end in (a bit each) and whether the last one opens: ways[i] has
    # the depths that are reached with an opening bar, in one way and in several, then those with a closing one.
    ways: list[tuple[int, int, int, int]] = []
    opened, opened_twice, closed, closed_twice = 0, 0, 1, 0
    for i, at in enumerate(bars):
        before, after = tokens[at - 1] if at else None, tokens[at + 1]
        touching = i > 0 and bars[i - 1] == at - 1
        ends = before is not None and before.kind in OPERAND_ENDS
        signed = after.kind is Kind.OPERATOR and after.text in "+-" and not ends
        starts = after.kind in OPERAND_STARTS or signed  # a following bar counts: it must then open
        every, twice = opened | closed, opened_twice | closed_twice | opened & closed
        # After a bar that opens, and where no operand ended, a bar can only open.
        if touching:
            closing, closing_twice = closed, closed_twice
        else:
            closing, closing_twice = (every, twice) if ends else (0, 0)
        opened, opened_twice = (every << 1, twice << 1) if starts else (0, 0)
        closed, closed_twice = closing >> 1, closing_twice >> 1  # at depth 0 there is nothing to close
        ways.append((opened, opened_twice, closed, closed_twice))
    if not closed & 1:
        joined = (tokens[a - 1 : b + 2] for a, b in pairwise(bars) if b - a == 1 and a)  # x || y
        either = any(around[0].kind in OPERAND_ENDS and around[-1].kind in OPERAND_STARTS for around in joined)
        hint = "write abs(x) for |x|" + (f"; || is not known, {_EITHER}" if either else "")
        raise FormulaError("these bars do not pair up", place, hint=hint)
    if closed_twice & 1:
        raise FormulaError("these bars can be read in more than one way", place, hint="write abs(x) for |x|")
    reading: list[bool] = []
    depth, opens = 0, False
    for i in range(len(bars) - 1, -1, -1):
        reading.append(opens)
        if i:
            depth += -1 if opens else 1
            only_closing = bars[i - 1] == bars[i] - 1 and not opens
            opens = not only_closing and bool(ways[i - 1][0] >> depth & 1)
    return reading[::-1]
