"""Where a line of text is broken: a formula where a person would break it, a sentence where the line is full."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from wengert.show.spelling import BAR, DOT

_COMMA, _RELATION, _PLUS, _TIMES, _BLANK, _TIGHT, _DEEPER, _CUT = 0, 1, 2, 3, 5, 6, 40, 1000  # what a break costs there
LINE = 10  # what a line costs
_MIXED = 15  # what a line costs besides that begins inside brackets and goes on with another term behind them
_BEFORE = {"=": _RELATION, "≈": _RELATION, "~=": _RELATION, "+": _PLUS, "−": _PLUS, "-": _PLUS, "·": _TIMES, "*": _TIMES}
_USUAL = " -~\u00b0-\u00ff\u03b1-\u03c9∂−≈∞√∑→…⁰¹²³⁴⁵⁶⁷⁸⁹⁻"  # one column each
usual = re.compile(f"[{_USUAL}{BAR}{DOT}]*").fullmatch
all_single = re.compile(f"[{_USUAL}]*").fullmatch
_LONG = 4000  # characters of a formula that is no longer broken as a person would
_OPENS_BARS = frozenset("([|,=<>≥≤+−-·*/^√")  # a bar after one of these opens an absolute value


def display_width(text: str) -> int:
    """The columns that a text takes on a terminal: combining marks none, wide characters two."""
    if text.isascii():
        return len(text)
    return len(text) - text.count(BAR) - text.count(DOT) if usual(text) else sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(c: str) -> int:
    if unicodedata.category(c) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1


# -- folding


def fold(text: str, width: int, hang: int = 0) -> list[str]:
    """The mathematics in lines of at most `width` columns (`hang` less after the first), broken where a person would: after
    a comma, before a relation, a sum's sign, a product's, and outside brackets as long as that costs few lines. Only what has
    no such place and is too wide is cut."""
    width, hang = max(2, width), max(0, min(hang, width - 2))
    if display_width(text) <= width:
        return [text]
    if len(text) > _LONG:
        return fold_prose(text, width, hang)
    pieces = _pieces(text, width - hang)
    _, ends = _set(pieces, width, hang)
    lines, at = [], 0
    while at < len(pieces):
        lines.append("".join(" " * (p.blanks if n else 0) + p.text for n, p in enumerate(pieces[at : ends[at]])))
        at = ends[at]
    return lines


def fold_cost(text: str, width: int, prose: bool = False) -> int:
    """What folding the text costs: LINE for every line, and for a formula what its breaks cost besides."""
    width = max(2, width)
    if display_width(text) <= width:
        return LINE
    if prose or len(text) > _LONG:
        return LINE * len(fold_prose(text, width))
    return _set(_pieces(text, width), width, 0)[0]


def _set(pieces: list[_Piece], width: int, hang: int) -> tuple[int, list[int]]:
    """The cheapest way to set the pieces in lines: its cost, and for every piece where a line that it begins would end. Of ways
    that cost the same it is the one whose first lines are fullest."""
    count = len(pieces)
    costs, ends = [0] * (count + 1), [count] * count
    for i in range(count - 1, -1, -1):
        room = width - (hang if i else 0)
        used, best, line = 0, -1, LINE
        for j in range(i + 1, count + 1):
            last = pieces[j - 1]
            used += last.width + (last.blanks if j - 1 > i else 0)
            if used > room and j > i + 1:
                break
            if j - 1 > i and last.cost < _TIMES and _DEEPER <= pieces[i].cost < _CUT:
                line = LINE + _MIXED
            cost = line + (pieces[j].cost + costs[j] if j < count else 0)
            if best < 0 or cost <= best:
                best, ends[i] = cost, j
        costs[i] = best
    return costs[0], ends


def fold_prose(text: str, width: int, hang: int = 0) -> list[str]:
    """The sentence in lines of at most `width` columns (`hang` less after the first), each as full as can be; a sign stays
    with what follows it, so that no ≈ stands apart from its number."""
    width, hang = max(2, width), max(0, min(hang, width - 2))
    if display_width(text) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0
    for word in _glued(text):
        size = display_width(word)
        room = width - (hang if lines else 0)
        if line and used + 1 + size <= room:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
            room = width - hang
        *whole, line = _cut(word, room, width - hang)
        lines += whole
        used = display_width(line)
    return [*lines, line] if line else lines


def narrowest(text: str) -> int:
    """The width below which folding would have to break inside brackets or to cut."""
    return max((p.width for p in _joined(_pieces(text), lambda p: p.cost < _DEEPER)), default=0)


def narrowest_prose(text: str) -> int:
    """The width below which folding a sentence would have to cut."""
    return max(map(display_width, _glued(text)), default=0)


def narrowest_result(text: str) -> int:
    """The width of a result, or of an equation with one, that is broken before its second relation: `x̄ = 1/3` over
    `≈ 0.333333`."""
    pieces = _joined(_pieces(text), lambda p: p.cost == _RELATION)
    sides = [p for p in pieces if p.text]
    if len(sides) < 2 or sides[0].text[0] in "=≈~":
        return max((p.width for p in sides), default=0)
    return max(sides[0].width + 1 + sides[1].width, *(p.width for p in sides[1:]))


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never broken; a line may be broken before it at that cost, and if it is not, so many blanks stand there."""

    text: str
    width: int
    cost: int
    blanks: int


def _pieces(text: str, width: int | None = None) -> list[_Piece]:
    """The text between the places where it may be broken; pieces wider than `width` are cut."""
    starts = _places(text.rstrip())
    made: list[_Piece] = []
    for n, (at, cost) in enumerate(starts):
        end = starts[n + 1][0] if n + 1 < len(starts) else len(text.rstrip())
        body = text[at:end].rstrip()
        blanks = 0 if not n else at - len(text[:at].rstrip())
        if width is None or display_width(body) <= width:
            made.append(_Piece(body, display_width(body), cost, blanks))
            continue
        for k, part in enumerate(_cut(body, width, width)):
            made.append(_Piece(part, display_width(part), _CUT if k else cost, 0 if k else blanks))
    return made


def _places(text: str) -> list[tuple[int, int]]:
    """Where a line may begin, each place with its cost: before operators and after commas and blanks, dearer in brackets."""
    places = [(len(text) - len(text.lstrip()), 0)]
    depth, bars, before = 0, False, " "
    at = places[0][0]
    while at < len(text):
        c = text[at]
        if c == " ":
            end = at
            while text[end] == " ":
                end += 1
            sign = next((s for s in ("~=", text[end]) if text.startswith(s + " ", end) and s in _BEFORE), "")
            apart = end - at > 1 or before == ","
            cost = _COMMA if apart else _BEFORE.get(sign, _BLANK)
            places.append((end, cost + _DEEPER * (depth + bars)))
            at, before = end, sign or before
            if sign:
                at += len(sign) + 1  # the sign stays with what it stands before
            continue
        tight = c == "·" or (c == "*" and before != "*" and text[at + 1 : at + 2] != "*")
        if tight and before != " ":
            places.append((at, _TIGHT + _DEEPER * (depth + bars)))
        if c == "|":
            bars = not bars if bars or before in _OPENS_BARS or before == " " else bars
        depth += (c in "([") - (c in ")]")
        before = c
        at += 1
    return places


def _joined(pieces: list[_Piece], breaks: Callable[[_Piece], bool]) -> list[_Piece]:
    """The pieces put together wherever the line is not to be broken."""
    made: list[_Piece] = []
    for piece in pieces:
        if made and not breaks(piece):
            last = made[-1]
            blanks = " " * piece.blanks
            text, width = f"{last.text}{blanks}{piece.text}", last.width + piece.blanks + piece.width
            made[-1] = _Piece(text, width, last.cost, last.blanks)
        else:
            made.append(piece)
    return made


def _glued(text: str) -> list[str]:
    """The words of a sentence; an operator and what follows it are one, and so is an interval `[0, 1]`."""
    words: list[str] = []
    held = ""
    for word in text.split():
        opens = "[" in word and "]" not in word and not held
        held = f"{held} {word}" if held else word
        if word not in _BEFORE and not opens:
            words.append(held)
            held = ""
    return [*words, held] if held else words


def _cut(word: str, first: int, width: int) -> list[str]:
    """The word in parts of at most `first` and then `width` columns."""
    pieces: list[str] = []
    piece, used, room = "", 0, first
    for c in word:
        w = display_width(c)
        if used + w > room and piece:
            pieces.append(piece)
            piece, used, room = "", 0, width
        piece += c
        used += w
    return [*pieces, piece]
