r"""Where a row of atoms may be broken, and how it is written so that it fits a width.

A line is broken before a sign, as books do, first outside all brackets; where that is not enough inside them, then a fraction
is written with a slash, at last words are split. TeX itself chooses among the places it is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from wengert.show.latex.atoms import Atom, Atoms, atoms, text, width

DEEPEST = 3  # brackets in brackets in which a column may count on breaks
HANG = 1.0  # ems that a line which goes on is set in
CHUNK = 8  # signs of a split word or number
_BEFORE_RELATION, _BEFORE_SIGN = r"\allowbreak ", r"\penalty5 "
_OPENED = Atom("(", 0.39, "open")
_SEAM = Atom("", 0.0, "bin")  # a place inside a word
_SIGN = re.compile(r"\\(?:[A-Za-z]+|.)(?:\{[^{}]*\})*|\{\}|\$[^$]*\$|.", re.DOTALL)  # a command with its arguments is one


def segments(row: Atoms, deepest: int) -> list[list[Atom]]:
    """The row in pieces that stay whole, where it may be broken in brackets down to `deepest`."""
    pieces: list[list[Atom]] = []
    level = 0
    fresh = True
    for atom in row:
        if atom.kind == "close":
            level -= 1
        if fresh or (atom.kind in ("bin", "rel") and level <= deepest and pieces[-1]):
            pieces.append([])
        fresh = False
        pieces[-1].append(atom)
        if atom.kind == "open":
            level += 1
        fresh = atom.kind == "comma" and level <= deepest
    return pieces


def narrowest(row: Atoms, deepest: int) -> float:
    """The least width of a cell in which the row, broken so, has room; lines after the first are set in."""
    return max((width(piece) + (HANG if n else 0.0) for n, piece in enumerate(segments(row, deepest))), default=0.0)


def lines(row: Atoms, room: float, deepest: int) -> list[list[Atom]]:
    """The row in lines of that width, each as full as it can be, all but the first set in."""
    made: list[list[Atom]] = []
    used = 0.0
    for piece in segments(row, deepest):
        wide = width(piece)
        if made and used + wide <= room:
            made[-1] += piece
            used += wide
        else:
            used = wide + (HANG if made else 0.0)
            made.append(list(piece))
    return made


def deepest_for(row: Atoms, room: float) -> int | None:
    """How deep in brackets the row must be broken to fit; None where that does not do it."""
    return next((d for d in range(_brackets(row) + 1) if narrowest(row, d) <= room), None)


def _brackets(row: Atoms) -> int:
    """How many brackets stand in one another."""
    level = most = 0
    for atom in row:
        level += (atom.kind == "open") - (atom.kind == "close")
        most = max(most, level)
    return most


def fitting(row: Atoms, room: float) -> tuple[list[Atom], int]:
    """The row, its fractions opened and its words split as far as the width needs it, and how deep it is broken."""
    made = list(row)
    for change in (None, _opened, _split):
        if change is not None:
            made = change(made, max(1.0, room - HANG))
        found = deepest_for(made, room)
        if found is not None:
            return made, found
    return made, _brackets(made)


def broken(row: Atoms, room: float, display: bool = True) -> str:
    """The mathematics with the places where TeX may break it, none where it fits on one line."""
    if width(row) <= room:
        return text(row, display)
    made, deepest = fitting(row, room)
    out: list[str] = []
    for n, piece in enumerate(segments(made, deepest)):
        mark = _BEFORE_RELATION if piece[0].kind == "rel" else _BEFORE_SIGN
        out.append((mark if n else "") + text(piece, display))
    return " ".join(out)


def _opened(row: Atoms, room: float) -> list[Atom]:
    """The row with a slash for each fraction that is wider than the width, with 1/2 for such a root."""
    out: list[Atom] = []
    stack = list(reversed(row))
    while stack:
        atom = stack.pop()
        if atom.total <= room or not atom.parts:
            out.append(atom)
            continue
        if len(atom.parts) == 2:
            above, below = (atoms(text(part)) for part in atom.parts)  # no longer small
            inside = [*_bracketed(above), Atom("/", 0.5), *_bracketed(below)]
        else:
            exponent = "^{1/3}" if atom.text.startswith(r"\sqrt[") else "^{1/2}"
            inside = [_OPENED, *atoms(text(atom.parts[0])), Atom(")", 0.39, "close", exponent, 1.2)]
        if atom.scripts:
            inside = [_OPENED, *inside, Atom(")", 0.39, "close", atom.scripts, atom.script_width)]
        stack.extend(reversed(inside))
    return out


def _bracketed(row: Sequence[Atom]) -> list[Atom]:
    if len(row) == 1 or all(map(_is_digit, row)):
        return list(row)
    return [_OPENED, *row, Atom(")", 0.39, "close")]


def _split(row: Atoms, room: float) -> list[Atom]:
    """Words and numbers that are wider than the width, in pieces."""
    out: list[Atom] = []
    for number, same in groupby(row, key=_is_digit):
        run = list(same)
        if number and width(run) > room:
            for n, atom in enumerate(run):
                out += [_SEAM] if n and n % CHUNK == 0 else []
                out.append(atom)
            continue
        for atom in run:
            out += _chunks(atom) if atom.total > room and _is_word(atom) else [atom]
            out += [_SEAM] if atom.kind == "open" else []
    return out


def _is_digit(atom: Atom) -> bool:
    return atom.kind == "ord" and len(atom.text) == 1 and (atom.text.isdigit() or atom.text == ".")


def _is_word(atom: Atom) -> bool:
    return atom.kind in ("word", "function") and "{" in atom.text


def _chunks(atom: Atom) -> list[Atom]:
    face, _, inner = atom.text.partition("{")
    signs = _SIGN.findall(inner[:-1])
    out: list[Atom] = []
    for at in range(0, len(signs), CHUNK):
        part = "".join(signs[at : at + CHUNK])
        out += [_SEAM] if at else []
        out += atoms(f"{face}{{{part}}}")
    out[-1] = replace(out[-1], scripts=atom.scripts, script_width=atom.script_width)
    return out
