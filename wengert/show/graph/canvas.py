"""A sheet of characters: text, boxes, and lines that join at corners and cross like bridges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from wengert.show.folding import display_width

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
_LINES = {
    NORTH | SOUTH: "│", EAST | WEST: "─", NORTH | EAST: "╰", EAST | SOUTH: "╭", NORTH | WEST: "╯", SOUTH | WEST: "╮",
    NORTH | EAST | SOUTH: "├", NORTH | SOUTH | WEST: "┤", EAST | SOUTH | WEST: "┬", NORTH | EAST | WEST: "┴",
    NORTH | EAST | SOUTH | WEST: "┼", NORTH: "│", SOUTH: "│", EAST: "─", WEST: "─",
}  # fmt: skip
Border = tuple[str, str, str, str, str, str]  # corners from the upper left on in reading order, horizontal, vertical


@dataclass
class Canvas:
    """Cells by (row, column). Lines of different nets keep apart: where two cross, the upright one is the bridge."""

    ascii: bool = False
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    lines: dict[tuple[int, int], dict[int, int]] = field(default_factory=dict)  # the directions of each net in a cell

    def text(self, row: int, column: int, text: str) -> None:
        """Over whatever is there; combining marks go with the character before them, a wide one takes two cells."""
        at = column
        for c in text:
            width = display_width(c)
            if not width and at > column:
                self.cells[row, at - 1] = self.cells.get((row, at - 1), "") + c
                continue
            self.cells[row, at] = c
            if width == 2:
                self.cells[row, at + 1] = ""
            at += width

    def box(self, row: int, column: int, height: int, width: int, border: Border) -> None:
        upper_left, upper_right, lower_left, lower_right, across, upright = border
        self.text(row, column, upper_left + across * (width - 2) + upper_right)
        for r in range(row + 1, row + height - 1):
            self.text(r, column, upright + " " * (width - 2) + upright)
        self.text(row + height - 1, column, lower_left + across * (width - 2) + lower_right)

    def line(self, start: tuple[int, int], end: tuple[int, int], net: int, level: bool) -> None:
        """A straight line from cell to cell, both included, level or upright."""
        (row, column), last = sorted((start, end))
        ahead, back, step = (EAST, WEST, (0, 1)) if level else (SOUTH, NORTH, (1, 0))
        if (row, column) == last:
            self._add(last, net, ahead | back)
        while (row, column) != last:
            self._add((row, column), net, ahead)
            row, column = row + step[0], column + step[1]
            self._add((row, column), net, back)

    def _add(self, cell: tuple[int, int], net: int, direction: int) -> None:
        here = self.lines.setdefault(cell, {})
        here[net] = here.get(net, 0) | direction

    def rows(self) -> Iterator[str]:
        """The sheet line by line, without blanks at the ends."""
        drawn = {cell: self._sign(nets) for cell, nets in self.lines.items()} | self.cells
        last = max((row for row, _ in drawn), default=-1)
        by_row: list[dict[int, str]] = [{} for _ in range(last + 1)]
        for (row, column), sign in drawn.items():
            by_row[row][column] = sign
        for here in by_row:
            yield "".join(here.get(column, " ") for column in range(max(here, default=-1) + 1)).rstrip()

    def _sign(self, nets: dict[int, int]) -> str:
        bits = next(iter(nets.values())) if len(nets) == 1 else NORTH | SOUTH
        sign = _LINES[bits]
        if not self.ascii:
            return sign
        return {"│": "|", "─": "-"}.get(sign, "+")
