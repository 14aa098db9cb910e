"""How wide each column is when a table is too wide for its terminal: the widths that need the fewest and best breaks.

Columns that are meant to fold may be as narrow as their longest piece without a break outside brackets; the others give way
only by breaking a result before its decimals, or a sentence. A few widths of each column are tried with the others'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod

from wengert.show.document import Cell, Column, Equation, Phrase, Result, Row, Words
from wengert.show.folding import display_width, fold, fold_cost, fold_prose, narrowest, narrowest_prose, narrowest_result

PROSE = (Words, Phrase)
NARROWEST = 12  # a folded column keeps this width
SHORT, SENTENCE = 16, 24  # a sentence keeps this one, in a column that does not fold otherwise the second
TRIED = 6  # widths of a column that are tried
MOST = 4000  # ways to choose one for each column
LOOKED_AT = 40  # rows that are: the longest ones


def fold_cell(cell: Cell, text: str, width: int) -> list[str]:
    """The cell in lines; what stands below the values of results, set in by blanks, stays there."""
    body, indent = _body(text)
    return [" " * indent + line for line in (fold_prose if isinstance(cell, PROSE) else fold)(body, width - indent)]


def folded_widths(
    columns: Sequence[Column], headings: Sequence[str], rows: Sequence[Row], texts: Sequence[Sequence[str]], room: int
) -> list[int] | None:
    """Widths of at most `room` together, None where there are none. The texts are those of the rows' cells."""
    full = [max(map(display_width, column)) for column in zip(headings, *texts, strict=True)]
    if sum(full) <= room:
        return full
    longest = sorted(range(len(rows)), key=lambda n: -sum(map(display_width, texts[n])))[:LOOKED_AT]
    choices: list[list[int]] = []
    for i, column in enumerate(columns):
        cells = [_narrowest(row.cells[i], line[i], column.folds > 0) for row, line in zip(rows, texts, strict=True)]
        least = max([display_width(headings[i]), *cells])
        least = min(full[i], max(least, NARROWEST) if column.folds else least)
        steps = TRIED if column.folds else 2
        tried = {least + (full[i] - least) * k // (steps - 1) for k in range(steps)}
        choices.append(sorted({max(least, _used(rows, texts, i, w, longest)) for w in tried}))
    if prod(map(len, choices)) > MOST:  # a matrix
        choices = [widths[:1] for widths in choices]
    costs = [
        {w: [_cost(rows[n].cells[i], texts[n][i], w) for n in longest] for w in widths} for i, widths in enumerate(choices)
    ]

    def cost(widths: Iterable[int]) -> tuple[int, int]:
        """What the rows cost (the dearest cell of each), then what all cells do."""
        chosen = list(widths)
        for i, w in enumerate(chosen):
            if w not in costs[i]:
                costs[i][w] = [_cost(rows[n].cells[i], texts[n][i], w) for n in longest]
        columns_costs = [costs[i][w] for i, w in enumerate(chosen)]
        return sum(map(max, zip(*columns_costs, strict=True))), sum(map(sum, columns_costs))

    fitting = [widths for widths in product(*choices) if sum(widths) <= room]
    if not fitting:
        return None
    best = list(min(fitting, key=cost))
    spare = room - sum(best)
    wider = [[w + min(spare, full[k] - w) * (i == k) for k, w in enumerate(best)] for i in range(len(best))]
    return min([best, *wider], key=cost)


def _used(rows: Sequence[Row], texts: Sequence[Sequence[str]], i: int, width: int, looked_at: Sequence[int]) -> int:
    """What the lines of the column take of that width."""
    lines = (line for n in looked_at for line in fold_cell(rows[n].cells[i], texts[n][i], width))
    return max(map(display_width, lines), default=0)


def _narrowest(cell: Cell, text: str, folds: bool) -> int:
    """The least width of a cell that is not to be broken inside brackets."""
    body, indent = _body(text)
    if isinstance(cell, PROSE):
        return indent + max(narrowest_prose(body), min(display_width(body), SHORT if folds else SENTENCE))
    if folds:
        return indent + narrowest(body)
    if isinstance(cell, (Result, Equation)):
        return indent + narrowest_result(body)
    return indent + display_width(body)


def _cost(cell: Cell, text: str, width: int) -> int:
    body, indent = _body(text)
    return fold_cost(body, width - indent, isinstance(cell, PROSE))


def _body(text: str) -> tuple[str, int]:
    body = text.lstrip(" ")
    return body, len(text) - len(body)
