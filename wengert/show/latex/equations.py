r"""Chains of equalities: align*, the rows' signs below one another, a word about a line on its right.

A row is written on one line where all rows have room for that, else each of its sides on a line of its own. A side that is
wider than the page goes on in further lines, set in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import fsum

from wengert.show.document import Equation, Math, Result, Row, Section, Words
from wengert.show.latex.atoms import Atom, atoms, text
from wengert.show.latex.breaks import DEEPEST, fitting, lines
from wengert.show.latex.runs import Run, Runs, runs_of, units, words_width
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.latex_text import row_of

BLOCK = 40  # rows of one align*
GAP, STEP = 2.0, 2.0  # ems before a remark, and before the continuation of a side
RELATIONS = {"=": "=", "≈": r"\approx"}
ONE_LINE = 0.9  # of the page that a row on one line may take
_SIGN = 1.4  # a relation with its space


@dataclass(frozen=True, slots=True)
class Link:
    """`= side`, with the words that stand beside it."""

    relation: str
    side: Runs
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """The left side (None where it goes on from the row above) and what it is equal to."""

    left: Runs | None
    links: tuple[Link, ...]


def equations(section: Section, notation: LatexNotation, room: float) -> Iterator[str]:
    """The section's rows, in pieces that end in newlines."""
    rows = section.rows()
    while block := list(islice(rows, BLOCK)):
        yield written([chain_of(row, notation) for row in block], room, notation)


def chain_of(row: Row, notation: LatexNotation) -> Chain:
    """The row's cells: first mathematics, then what it is equal to; words say something of the side before them."""
    left: Runs | None = None
    begun = False
    links: list[Link] = []
    pending: list[str] = []
    for n, cell in enumerate(row.cells):
        if cell is None:
            begun = begun or n == 0
        elif isinstance(cell, Words) and cell.text in RELATIONS:
            continue
        elif isinstance(cell, Words):
            if links:
                last = links[-1]
                links[-1] = Link(last.relation, last.side, (*last.remarks, cell.text))
            else:
                pending.append(cell.text)
        elif not begun:
            left, begun = runs_of((cell,), notation), True
        else:
            for link in _links(cell, notation):
                if not links or _latex(links[-1].side) != _latex(link.side):
                    links.append(link)
    if pending and links:
        links[0] = Link(links[0].relation, links[0].side, (*pending, *links[0].remarks))
    return Chain(left, tuple(links))


def _links(cell: Math, notation: LatexNotation) -> Iterator[Link]:
    if isinstance(cell, Result):
        relation, value = notation.result(cell)
        yield Link(relation, _runs(value))
    elif isinstance(cell, Equation):
        for i, side in enumerate(cell.sides):
            relation = "=" if i == 0 else notation.relation(cell.relation(i - 1))
            yield Link(relation, runs_of((side,), notation))
    else:
        yield Link("=", runs_of((cell,), notation))


def _runs(latex: str) -> Runs:
    return Runs((Run(row=atoms(latex)),))


def _latex(side: Runs) -> str:
    return side.written(float("inf"))


# -- the environment


def written(chains: Sequence[Chain], room: float, notation: LatexNotation) -> str:
    remarked = any(link.remarks for chain in chains for link in chain.links)
    remarks = max((words_width(_said(link)) + GAP for chain in chains for link in chain.links if link.remarks), default=0.0)
    left = max((chain.left.width for chain in chains if chain.left is not None), default=0.0)
    single = all(len(chain.links) > 1 and left + _width(chain) <= ONE_LINE * room for chain in chains)
    room -= left + remarks + _SIGN
    made = [line for chain in chains for line in _lines(chain, room, single, notation)]
    name = "alignat*}{2" if remarked and not single else "align*"
    return f"\\begin{{{name}}}\n" + " \\\\\n".join(map(row_of, made)) + f"\n\\end{{{name.partition('}')[0]}}}\n"


def _said(link: Link) -> str:
    return ", ".join(link.remarks)


def _width(chain: Chain) -> float:
    """Of a row on one line, with its remarks."""
    remarks = [words_width(_said(link)) for link in chain.links if link.remarks]
    return fsum(link.side.width + _SIGN for link in chain.links) + fsum(remarks) + GAP * bool(remarks)


def _lines(chain: Chain, room: float, single: bool, notation: LatexNotation) -> list[str]:
    head = "" if chain.left is None else chain.left.inside()
    if not chain.links:
        return [head]
    if single:
        sides = " ".join(f"{link.relation} {link.side.inside()}" for link in chain.links)
        remarks = ", ".join(r for link in chain.links for r in link.remarks)
        return [_line(head, sides, "", notation) + (rf" \qquad\text{{{notation.outside(remarks)}}}" if remarks else "")]
    made: list[str] = []
    for n, link in enumerate(chain.links):
        parts = _parts(link.side, room)
        for k, part in enumerate(parts):
            relation = f"{link.relation} " if k == 0 else r"\qquad {}"
            said = _said(link) if k == len(parts) - 1 else ""
            made.append(_line(head if n == k == 0 else "", relation + part, said, notation))
    return made


def _line(left: str, right: str, remark: str, notation: LatexNotation) -> str:
    said = f" &\\qquad&\\text{{{notation.outside(remark)}}}" if remark else ""
    return f"{left} &{right}{said}".strip()


def _parts(side: Runs, room: float) -> list[str]:
    """The side in lines of the width."""
    if side.width <= room:
        return [side.inside()]
    room -= STEP
    if not any(run.words for run in side.runs):
        row: list[Atom] = [atom for run in side.runs for atom in run.row]
        made, deepest = fitting(row, room)
        return [text(line) for line in lines(made, room, deepest)]
    filled: list[str] = []
    used = room
    for latex, wide in units(side, DEEPEST):
        if used + wide > room:
            filled.append("")
            used = 0.0
        filled[-1] += latex
        used += wide
    return filled
