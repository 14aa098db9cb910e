r"""Lines with matrices: align*, the signs of a matrix equation below one another. A line that is too wide is broken before the
sign between two matrices; a matrix that is too wide all the same loses columns from its middle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum

from wengert.show.document import Line, Math, Matrix, Words
from wengert.show.latex import metrics as m
from wengert.show.latex.atoms import atoms, width
from wengert.show.latex.numbers import Lead
from wengert.show.latex.runs import words_width
from wengert.show.notation.display import flat
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.latex_text import SIGNS, row_of

LEAST = 2  # columns that a matrix keeps
APART = "[8pt]"
STEP = 2.0  # ems that a line which goes on is set in
_RELATION = re.compile(r"\s*([=≈])\s*\Z")
_FORMULA = re.compile(r"\^\((?P<exponent>[0-9/]+)\)|(?P<name>[^\W\d_]\w*′?)|(?P<other>[-−+·⊙√½/()0-9 ᵀ<>×]|, )")
_LETTER = re.compile(r"[^\W\d_][0-9]*\Z")


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a line as LaTeX with its width."""

    latex: str
    width: float
    breaks: bool = False  # a line may be broken before it


def has_matrix(line: Line) -> bool:
    return any(isinstance(piece, Matrix) for piece in flat(line))


def paragraphs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Sentences one by one, as soon as they are there; lines of equations together, the empty ones between them too."""
    group: list[Line] = []
    for line in lines:
        if not line and group:
            group.append(line)
            continue
        if line and (_relation(line) is not None or (group and _is_inset(line))):
            group.append(line)
            continue
        if group:
            yield group
            group = []
        if line:
            yield [line]
    if group:
        yield group


def equation_block(lines: Sequence[Line], notation: LatexNotation, room: float) -> str:
    """The lines as one align*; where an empty line stands between two, they are set apart."""
    out: list[str] = []
    apart = False
    for line in lines:
        for row in _rows(line, notation, room) if line else ():
            out += [f" \\\\{APART * apart}\n"] if out else []
            out.append(row_of(row))
            apart = False
        apart = apart or not line
    return "".join(["\\begin{align*}\n", *out, "\n\\end{align*}\n"])


def _relation(line: Line) -> int | None:
    """The place of the first = or ≈ between the pieces of a line."""
    return next((i for i, p in enumerate(line) if isinstance(p, Words) and _RELATION.match(p.text)), None)


def _is_inset(line: Line) -> bool:
    """Whether the line says something about the one above."""
    return isinstance(line[0], Words) and line[0].text.startswith("  ")


def _rows(line: Line, notation: LatexNotation, room: float) -> Iterator[str]:
    at = _relation(line)
    if at is None or (at and _is_inset(line)):
        said = "".join(part.latex for part in _parts(line, notation))
        yield rf"&\qquad {said}"
        return
    left = _parts(line[:at], notation)
    head = "".join(part.latex for part in left)
    room -= fsum(part.width for part in left) if head else 0.0
    rest = [*line[at:]]
    pieces = [_narrowed(piece, notation, room - STEP) if isinstance(piece, Matrix) else piece for piece in rest]
    row, used = "", 0.0
    first = True
    for group in _groups(_parts(pieces, notation)):
        wide = fsum(part.width for part in group)
        if row and used + wide > room:
            yield f"{head if first else ''} &{row}".strip()
            first = False
            row, used = r"\qquad {}", STEP
        row += "".join(part.latex for part in group)
        used += wide
    yield f"{head if first else ''} &{row}".strip()


def _groups(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    group: list[_Part] = []
    for part in parts:
        if part.breaks and group:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _parts(pieces: Sequence[Math], notation: LatexNotation) -> list[_Part]:
    made: list[_Part] = []
    for piece in flat(tuple(pieces)):
        if isinstance(piece, Matrix):
            made.append(_Part(matrix(piece, notation), _matrix_width(piece, notation)))
        elif isinstance(piece, Words):
            made.append(_words(piece.text, notation))
        else:
            latex = notation.math(piece)
            made.append(_Part(latex, width(atoms(latex))))
    return made


def _words(said: str, notation: LatexNotation) -> _Part:
    """Words among matrices: a sign, a short formula, or a remark."""
    relation = _RELATION.match(said)
    if relation:
        return _Part(f"{notation.relation(relation[1])} ", m.SIGN + 2 * m.RELATION, True)
    formula = _formula(said, notation)
    if formula is None:
        return _Part(rf"\text{{{notation.outside(said)}}}", words_width(said))
    return _Part(f" {formula} ", width(atoms(f"x{formula}")), said.startswith(" "))


def _formula(said: str, notation: LatexNotation) -> str | None:
    """`A2 − T` as mathematics; None where there is a word in it."""
    out: list[str] = []
    at = 0
    while at < len(said):
        token = _FORMULA.match(said, at)
        if token is None:
            return None
        at = token.end()
        exponent, name, other = token["exponent"], token["name"], token["other"]
        if exponent:
            out.append(f"^{{{exponent}}}")
        elif name == "σ" or (name and said.startswith("(", at) and len(name.rstrip("′")) > 1):
            out.append(notation.call(name))
        elif name and _LETTER.match(name):
            out.append(notation.name(name))
        elif name:
            return None
        else:
            out.append(r",\quad " if other == ", " else SIGNS.get(other, other))
    return "".join(out)


# -- one matrix


def matrix(made: Matrix, notation: LatexNotation) -> str:
    """The matrix, the points of the numbers of a column below one another."""
    rows = _entries(made, notation)
    if made.after_column is not None:
        for row in rows:
            row.insert(made.after_column, r"\cdots")
    if made.after_row is not None:
        dots = [r"\vdots"] * len(made.rows[0])
        if made.after_column is not None:
            dots.insert(made.after_column, r"\ddots")
        rows.insert(made.after_row, dots)
    body = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\left[\begin{{array}}{{{'l' * len(rows[0])}}} {body} \end{{array}}\right]"


def _entries(made: Matrix, notation: LatexNotation) -> list[list[str]]:
    rows = [[notation.math(entry) for entry in row] for row in made.rows]
    for column in zip(*(range(len(row)) for row in rows), strict=True):
        i = column[0]
        lead = Lead()
        lead.see([row[i] for row in rows])
        for row in rows:
            row[i] = lead.moved(row[i])
    return rows


def _matrix_width(made: Matrix, notation: LatexNotation) -> float:
    rows = _entries(made, notation)
    widths = [max(width(atoms(row[i], m.INLINE)) for row in rows) for i in range(len(rows[0]))]
    dots = 0.0 if made.after_column is None else 1.4 + m.COLUMN
    return fsum(widths) + m.COLUMN * len(widths) + dots + 2 * m.MATRIX_BRACKET


def _narrowed(made: Matrix, notation: LatexNotation, room: float) -> Matrix:
    while _matrix_width(made, notation) > room and len(made.rows[0]) > LEAST:
        count = len(made.rows[0])
        before = (count + 1) // 2 if made.after_column is None else made.after_column
        drop = before - 1 if before > count - before else before
        rows = tuple((*row[:drop], *row[drop + 1 :]) for row in made.rows)
        made = replace(made, rows=rows, after_column=min(before, drop))
    return made
