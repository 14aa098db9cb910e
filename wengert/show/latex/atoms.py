r"""Mathematics as LaTeX sets it: a row of atoms with their widths, and the places where a line may be broken.

Reads the language that `notation.latex` writes, with a stack of its own, so that depth is no danger. An atom is what TeX never
breaks: a sign with its indices, a fraction, a root. A fraction that is wider than its line may be written with a slash instead,
`(a + b)/(c - d)`, which can be broken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import fsum
from typing import Literal, TypeAlias

from wengert.show.latex import metrics as m

Kind: TypeAlias = Literal["ord", "bin", "rel", "open", "close", "comma", "word", "function", "space"]

_TOKEN = re.compile(r"\\([A-Za-z]+|.)|(.)", re.DOTALL)
_RELATIONS = frozenset({"=", "<", ">", "approx", "le", "ge", "ne", "to", "leftarrow", "Rightarrow", "in"})
_BINARY = frozenset({"+", "-", "cdot", "odot", "pm"})  # \\times stands in 1.5 × 10⁻⁷, which stays whole
_OPEN = {"(", "[", "lvert", "lfloor", "lceil", "langle"}
_CLOSE = {")", "]", "rvert", "rfloor", "rceil", "rangle"}
_NO_OPERAND = frozenset({"bin", "rel", "open", "comma"})  # after these a sign is that of a number
_FACES = {"text": m.TEXT, "mathrm": m.TEXT, "operatorname": m.TEXT, "mathit": m.LETTERS, "mathsf": m.TEXT, "mathtt": {}}
_ARGUMENTS = {"frac": 2, "sqrt": 1, "bar": 1, "dot": 1, "mathrel": 1, "phantom": 1, "hphantom": 1, **dict.fromkeys(_FACES, 1)}
_BIG: dict[str, Kind] = {"bigl": "open", "bigr": "close", "left": "open", "right": "close"}


@dataclass(slots=True)
class Atom:
    """`text` as LaTeX; `width` in ems. `scripts` stand at it. `parts`: the atoms of a fraction or root."""

    text: str
    width: float
    kind: Kind = "ord"
    scripts: str = ""
    script_width: float = 0.0
    parts: tuple[list[Atom], ...] = ()
    depth: int = 0  # of the groups inside

    @property
    def whole(self) -> str:
        return self.text + self.scripts

    @property
    def total(self) -> float:
        return self.width + self.script_width


Atoms: TypeAlias = Sequence[Atom]


@dataclass(slots=True)
class _Group:
    """What is being read: the arguments of a command, or an index."""

    command: str
    style: int
    start: int
    needs: int = 1
    atoms: list[Atom] = field(default_factory=list)
    done: list[list[Atom]] = field(default_factory=list)
    option: str = ""


@lru_cache(maxsize=4096)
def atoms(latex: str, style: int = m.DISPLAY) -> tuple[Atom, ...]:
    """The atoms of mathematics in that style. What the printer does not write (an array) is one atom of a guessed width."""
    return tuple(_read(latex, style))


def _read(latex: str, style: int) -> list[Atom]:
    stack = [_Group("", style, 0)]
    at = 0
    while at < len(latex):
        top = stack[-1]
        token = _TOKEN.match(latex, at)
        assert token is not None
        name, sign = token[1], token[2]
        at = token.end()
        if name is not None and name in _FACES:
            end = _closing(latex, at)
            top.atoms.append(_word(name, latex[at + 1 : end], latex[token.start() : end + 1], top.style))
            at = end + 1
        elif name is not None and name in _ARGUMENTS:
            option = ""
            if latex.startswith("[", at):
                option = latex[at : latex.index("]", at) + 1]
                at += len(option)
            inner = min(top.style + 1, m.SECOND) if name == "frac" else top.style
            stack.append(_Group(name, inner, token.start(), _ARGUMENTS[name], option=option))
            at += 1  # its brace
        elif sign in ("^", "_"):
            if latex.startswith("{", at):
                stack.append(_Group(sign, m.SCRIPT if top.style < m.SCRIPT else m.SECOND, token.start()))
                at += 1
            else:
                inside = _TOKEN.match(latex, at)
                assert inside is not None
                _script(top, sign + inside[0], m.SMALLER[m.SCRIPT] * 0.5, 0)
                at = inside.end()
        elif sign == "{":
            stack.append(_Group("{", top.style, token.start()))
        elif sign == "}":
            at = _close(stack, latex, token.start())
        elif name is not None and name in _BIG:
            bracket = _TOKEN.match(latex, at)
            assert bracket is not None
            at = bracket.end()
            top.atoms.append(Atom(latex[token.start() : at], m.BIG_BRACKET, _BIG[name]))
        elif sign is not None and sign.isspace():
            continue
        else:
            trailing = " " if name and name.isalpha() and latex.startswith(" ", at) else ""
            top.atoms.append(_sign(name or sign, token[0] + trailing, top))
    return stack[0].atoms


def _closing(latex: str, at: int) -> int:
    """The brace that closes the one that stands here; words may hold escaped braces and mathematics of their own."""
    depth = 0
    for token in _TOKEN.finditer(latex, at):
        depth += (token[2] == "{") - (token[2] == "}")
        if depth == 0:
            return token.start()
    raise ValueError(f"a brace is not closed: {latex[at:at + 40]}")


def _close(stack: list[_Group], latex: str, end: int) -> int:
    """A brace ends an argument; after the last one the command is an atom."""
    group = stack.pop()
    group.done.append(group.atoms)
    if len(group.done) < group.needs:
        stack.append(replace(group, atoms=[]))
        return end + 2  # the brace and the next one
    top = stack[-1]
    text = latex[group.start : end + 1]
    depth = 1 + max((a.depth for part in group.done for a in part), default=0)
    widths = [width(part) for part in group.done]
    if group.command in ("^", "_"):
        _script(top, text, widths[0], depth)
    elif group.command == "frac":
        top.atoms.append(Atom(text, max(widths) + m.RULE, parts=tuple(group.done), depth=depth))
    elif group.command == "sqrt":
        sign = m.CUBE_ROOT if group.option else m.ROOT
        top.atoms.append(Atom(text, widths[0] + sign, parts=tuple(group.done), depth=depth))
    else:
        top.atoms.append(Atom(text, widths[0], depth=depth))
    return end + 1


def _script(group: _Group, text: str, wide: float, depth: int) -> None:
    if not group.atoms:
        group.atoms.append(Atom("{}", 0.0))
    last = group.atoms[-1]
    wide += m.AFTER
    both = last.scripts and last.scripts[0] != text[0]  # an index and a power stand above one another
    last.script_width = max(last.script_width, wide) if both else last.script_width + wide
    last.scripts += text
    last.depth = max(last.depth, depth)


def _word(face: str, inner: str, text: str, style: int) -> Atom:
    table = _FACES[face]
    usual = m.TYPEWRITER if face == "mathtt" else m.WORD
    plain = re.sub(r"\\[A-Za-z]+(\{\})?|\\.|[{}$]", "0", inner)
    wide = fsum(table.get(c, usual) for c in plain) * m.SMALLER[style]
    return Atom(text, wide, "function" if face == "operatorname" else "word")


def _sign(name: str, text: str, group: _Group) -> Atom:
    scale = m.SMALLER[group.style]
    kind: Kind = "ord"
    spread = 0.0
    if name in _RELATIONS:
        kind, spread = "rel", 2 * m.RELATION
    elif name in _BINARY and group.atoms and group.atoms[-1].kind not in _NO_OPERAND:
        kind, spread = "bin", 2 * m.BINARY
    elif name in _OPEN:
        kind = "open"
    elif name in _CLOSE:
        kind = "close"
    elif name == ",":
        kind, spread = "comma", m.PUNCTUATION
    elif name in ("quad", "qquad") or name == " ":
        kind = "space"
    if len(name) == 1:
        wide = m.LETTERS.get(name, m.SIGNS.get(name, m.SIGN))
    elif name in _RELATIONS | _BINARY | m.COMMANDS.keys():
        wide = m.COMMANDS.get(name, m.SIGN)
    elif len(name) >= 2 and name in _FUNCTIONS:
        return Atom(text, (fsum(m.TEXT.get(c, m.WORD) for c in name) + m.PUNCTUATION) * scale, "function")
    else:
        wide = 0.62
    return Atom(text, wide * scale + (spread if group.style < m.SCRIPT else 0.0), kind)


_FUNCTIONS = frozenset(
    {"arccos", "arcsin", "arctan", "cos", "cosh", "cot", "coth", "csc", "exp", "ln", "log", "max", "min", "sec", "sin", "sinh",
     "tan", "tanh"}
)  # fmt: skip


# -- what is made of them


def width(row: Atoms) -> float:
    return fsum(a.total for a in row)


def text(row: Atoms, display: bool = False) -> str:
    """The atoms as LaTeX; in `display` their fractions are as large as in a displayed equation."""
    out: list[str] = []
    tall = _tall_brackets(row) if display else frozenset()
    for n, atom in enumerate(row):
        whole = atom.whole
        if display and whole.startswith(r"\frac"):
            whole = rf"\d{whole[1:]}"
        elif n in tall:
            whole = rf"\B{whole[2:]}"
        if atom.kind in ("bin", "rel"):
            out.append(f" {whole.strip()} ")
        elif atom.kind == "comma":
            out.append(f"{whole} ")
        else:
            if out and whole[:1].isalpha() and _ends_in_command(out[-1]):
                out.append(" ")
            out.append(whole)
    return "".join(out).strip()


def _tall_brackets(row: Atoms) -> frozenset[int]:
    r"""The places of \bigl and \bigr with a fraction between them."""
    found: set[int] = set()
    begun: list[int] = []
    fractions = 0
    counts: list[int] = []
    for n, atom in enumerate(row):
        if atom.text.startswith(r"\bigl"):
            begun.append(n)
            counts.append(fractions)
        elif atom.text.startswith(r"\bigr") and begun:
            first = begun.pop()
            if counts.pop() < fractions:
                found |= {first, n}
        fractions += atom.text.startswith(r"\frac")
    return frozenset(found)


def _ends_in_command(text: str) -> bool:
    return re.search(r"\\[A-Za-z]+\Z", text) is not None


def depth(row: Atoms) -> int:
    return max((a.depth for a in row), default=0)


def widest_script(row: Atoms) -> float:
    """The width of the widest index or power, those inside fractions and roots too."""
    widest = 0.0
    stack = list(row)
    while stack:
        atom = stack.pop()
        widest = max(widest, atom.script_width)
        for part in atom.parts:
            stack.extend(part)
    return widest
