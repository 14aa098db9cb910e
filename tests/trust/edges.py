"""The README's table of edges, read back: one row an edge, the cells of JAX, PyTorch, sympy and wengert beside one another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parents[2] / "README.md"
SYSTEMS = ("JAX", "PyTorch", "sympy")
_CASE = re.compile(r"`(?P<text>[^`]+)` at `(?P<at>[^`]+)`(?: by `(?P<wrt>\w+)`)?")


class Edge(NamedTuple):
    """`at` is written as after --at; `wrt` is the name by which is differentiated, the first where the row says nothing."""

    group: str
    text: str
    at: str
    wrt: str
    cells: tuple[str, ...]  # of SYSTEMS
    wengert: str
    line: str  # of the README

    @property
    def point(self) -> dict[str, str]:
        return dict(part.split("=") for part in self.at.split(","))

    @property
    def name(self) -> str:
        return f"{self.text} at {self.at} by {self.wrt}"


def section() -> str:
    """The README's section on edges."""
    return README.read_text(encoding="utf-8").partition("\n## Edges\n")[2].partition("\n## ")[0]


def edges() -> list[Edge]:
    """Every row, in order. Raises ValueError for one that cannot be read."""
    found, group = [], ""
    for line in section().splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        if cells[1:4] == list(SYSTEMS):
            group = cells[0]
            continue
        case = _CASE.fullmatch(cells[0])
        if case is None or len(cells) != len(SYSTEMS) + 2:
            raise ValueError(f"no row of the table of edges: {line}")
        wrt = case["wrt"] or case["at"].partition("=")[0]
        found.append(Edge(group, case["text"], case["at"], wrt, tuple(cells[1:4]), cells[4], line))
    return found
