"""Tables: booktabs rules, a longtable that breaks over pages and repeats its heading, columns of fixed widths, so that a table
is right after one run of LaTeX.

A table is planned for its first rows, up to BLOCK; further rows stream into the same columns, and where they do not fit a new
table begins. A table that is too wide for any plan is printed in parts, each with the first column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from wengert.show.document import Cell, Column, Line, Name, Number, Result, Row, Section, Words
from wengert.show.latex.atoms import atoms
from wengert.show.latex.numbers import Lead
from wengert.show.latex.plan import SIGN, Plan, fits, forced, plan
from wengert.show.latex.plot import is_plot, plot
from wengert.show.latex.runs import Run, Runs, runs_of
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.latex_text import row_of

BLOCK = 500  # rows that are planned together
BY = "∂/∂"
LEAST_COLUMNS = 3  # of a table that is cut into parts
MARGIN = 0.15  # ems that a cell leaves free, its width being an estimate


def table(section: Section, notation: LatexNotation, room: float) -> Iterator[str]:
    """The section's table, for a line of `room` ems, in pieces that end in newlines."""
    maker = _Table(section.columns, notation, room)
    rows = section.rows()
    first = list(islice(rows, BLOCK))
    if is_plot(first):
        yield from plot(first, notation)
        first = []
    for block in chain([first] if first else [], iter(lambda: list(islice(rows, BLOCK)), [])):
        yield from maker.block(block)
    yield from maker.end()


def _heading(said: str) -> Line:
    """A column's heading; ∂/∂x is mathematics."""
    return (Words(BY), Name(said[len(BY) :])) if said.startswith(BY) else (Words(said),)


def _plain(cell: Runs) -> Runs:
    return replace(cell, runs=tuple(
        replace(run, row=tuple(a for a in run.row if not a.text.startswith("\\phantom"))) for run in cell.runs
    ))  # fmt: skip


@dataclass(slots=True)
class _Table:
    columns: Sequence[Column]
    notation: LatexNotation
    room: float
    leads: list[Lead] = field(default_factory=list)
    results: list[bool] = field(default_factory=list)
    plan: Plan | None = None
    begun: bool = False
    last: tuple[bool, bool] | None = None  # of the row before: whether it opened, and whether it was high

    def __post_init__(self) -> None:
        self.leads = [Lead() for _ in self.columns]
        self.results = [False] * len(self.columns)

    def block(self, rows: list[Row]) -> Iterator[str]:
        self._measure(rows)
        cells = [[self._cell(i, cell) for i, cell in enumerate(row.cells)] for row in rows]
        if self.plan is None or not fits(self.plan, self.columns, cells):
            yield from self.end()
            self.plan = plan(self.columns, rows, cells, self._heads(), self.room)
        if self.plan is None:
            yield from self._parts(rows, cells)
            return
        if not self.begun:
            yield self._begin(self.plan)
        yield "".join(self._row(self.plan, row, line) for row, line in zip(rows, cells, strict=True))

    def end(self) -> Iterator[str]:
        if self.begun:
            yield ("\\bottomrule\n" if self._headed() else "") + "\\end{longtable}}\n"
        self.begun = False

    # -- cells

    def _measure(self, rows: Sequence[Row]) -> None:
        for row in rows:
            for i, cell in enumerate(row.cells):
                if isinstance(cell, Result):
                    self.results[i] = True
                if isinstance(cell, (Result, Number)):
                    self.leads[i].see([self._value(cell)])

    def _value(self, cell: Result | Number) -> str:
        if isinstance(cell, Number):
            return self.notation.math(cell)
        return "" if cell.of is not None else self.notation.number(cell.text)

    def _cell(self, i: int, cell: Cell) -> Runs | None:
        if cell is None:
            return None
        point = self.columns[i].align == "point"
        if isinstance(cell, (Result, Number)) and self.columns[i].align != "right":
            value = self._value(cell)
            if not value:
                return replace(runs_of((cell,), self.notation), kept=True)
            relation = self.notation.result(cell)[0] if isinstance(cell, Result) and not (cell.exact and point) else ""
            moved = self.leads[i].moved(value) if self.results[i] or point else value
            return Runs((Run(row=atoms(f"{relation} {moved}")),), True)
        return runs_of((cell,), self.notation)

    def _heads(self) -> list[Runs]:
        made = [runs_of(_heading(c.heading), self.notation) for c in self.columns]
        return [replace(head, inset=SIGN) if self._indented(i) else head for i, head in enumerate(made)]

    def _indented(self, i: int) -> bool:
        """Whether the heading stands over the values of results, not over their relations."""
        return self.results[i] and self.columns[i].align == "left" and bool(self.columns[i].heading)

    def _headed(self) -> bool:
        return any(c.heading for c in self.columns)

    # -- the table

    def _begin(self, made: Plan) -> str:
        self.begun = True
        self.last = None
        spec = "".join(self._column(made, k) for k in range(len(made.slots)))
        lines = [f"{{\\small\n\\begin{{longtable}}[l]{{@{{}}{spec}@{{}}}}\n"]
        if self._headed():
            heads = " & ".join(self._heading(slot) for slot in made.slots)
            if made.lead and self.columns[0].heading:
                heads = f"{self._across(made, self._heading((0,)))} \\\\*\n{row_of(heads)}"
            lines.append(f"\\toprule\n{row_of(heads)} \\\\\n\\midrule\n\\endhead\n")
        return "".join(lines)

    def _column(self, made: Plan, k: int) -> str:
        letter = "R" if self.columns[made.slots[k][0]].align == "right" else "L"
        wide = made.widths[k]
        if made.natural:
            return f"{letter}{{{wide:.2f}em}}"
        return f"{letter}{{{wide / self.room:.3f}\\linewidth}}"

    def _heading(self, slot: Sequence[int]) -> str:
        said = [runs_of(_heading(self.columns[i].heading), self.notation) for i in slot if self.columns[i].heading]
        indent = r"\hphantom{${}={}$}" if self._indented(slot[0]) else ""
        return indent + ", ".join(runs.written(self.room, False) for runs in said)

    def _row(self, made: Plan, row: Row, cells: Sequence[Runs | None]) -> str:
        stacks = [self._stack(made, k, cells) for k in range(len(made.slots))]
        height = max([1, *map(len, stacks)])
        stacked = next((k for k, stack in enumerate(stacks) if len(made.slots[k]) > 1), None)
        lines: list[str] = []
        for n in range(height):
            parts = []
            for k, stack in enumerate(stacks):
                at = n
                if len(made.slots[k]) == 1:  # beside a stack: the left side stands by its first line, the value by its last
                    at = n if stacked is None or k < stacked else n - height + 1
                parts.append(self._written(made, k, stack[at]) if 0 <= at < len(stack) else "")
            lines.append(row_of(" & ".join(parts).rstrip()))
        lead = cells[0] if made.lead else None
        gap = ""
        if lead is not None:
            lines.insert(0, self._across(made, lead.written(self.room)))
            gap = f"\\addlinespace[{4 if lead.is_tall else 2}pt]\n"
        tall = any(cell is not None and cell.is_tall for cell in cells)
        high = height > 1 or any(
            c is not None and c.width > made.widths[k] for k, slot in enumerate(made.slots) for i in slot for c in (cells[i],)
        )
        space = self._space(row, tall, high)
        self.last = (row.opens, high or tall)
        return space + f" \\\\*\n{gap}".join(lines[:2]) + "".join(f" \\\\*\n{line}" for line in lines[2:]) + " \\\\\n"

    def _stack(self, made: Plan, k: int, cells: Sequence[Runs | None]) -> list[tuple[int, Runs]]:
        """What stands in a slot, a line each. Results below one another need no phantoms, there being other things between."""
        slot = made.slots[k]
        found = [(i, cell) for i, cell in ((i, cells[i]) for i in slot) if cell is not None]
        return [(i, _plain(cell) if len(slot) > 1 and cell.kept else cell) for i, cell in found]

    def _space(self, row: Row, tall: bool, high: bool) -> str:
        if self.last is None:
            return ""
        opened, before = self.last
        if row.opens and (not opened or high or before):
            return "\\addlinespace\n"
        return "\\addlinespace[3pt]\n" if tall or before else ""

    def _written(self, made: Plan, k: int, cell: tuple[int, Runs]) -> str:
        i, runs = cell
        room = made.widths[k] - MARGIN
        if len(made.slots[k]) > 1 and self.columns[i].equals and not runs.kept and runs.runs and runs.runs[0].row:
            return "$= " + runs.written(room - SIGN)[1:]
        return runs.written(room)

    def _across(self, made: Plan, body: str) -> str:
        """What stands on a line of its own, from the left edge of the table."""
        return rf"\multicolumn{{{len(made.slots)}}}{{@{{}}L{{\linewidth}}@{{}}}}{{{body}}}"

    # -- parts

    def _parts(self, rows: list[Row], cells: list[list[Runs | None]]) -> Iterator[str]:
        """The table in parts that fit, each with the first column; one column that is too wide all the same is split."""
        if len(self.columns) < LEAST_COLUMNS:
            self.plan = forced(cells, self._heads(), self.room)
            yield self._begin(self.plan)
            yield "".join(self._row(self.plan, row, line) for row, line in zip(rows, cells, strict=True))
            return
        start = 1
        while start < len(self.columns):
            count = len(self.columns) - start
            while True:
                chosen = [0, *range(start, start + count)]
                part = _Table([self.columns[i] for i in chosen], self.notation, self.room)
                narrow = [replace(row, cells=tuple(row.cells[i] for i in chosen)) for row in rows]
                part._measure(narrow)
                made = plan(part.columns, narrow, [[line[i] for i in chosen] for line in cells], part._heads(), self.room)
                if made is not None or count == 1:
                    break
                count -= 1
            yield from part.block(narrow)
            yield from part.end()
            start += count
