"""What a row that goes on with the one above says again of that row's first cell, where the cell stands in every row.

A neuron's weighted sum has a contribution to each of its inputs: with the sum itself in each of these rows, a table would grow
with the square of the inputs. Of a long formula the rows that go on name only what it is the formula of.
"""

from __future__ import annotations

from wengert.show.document import Cell, Equation, Formula
from wengert.show.notation import size

LONGEST = 40  # nodes of a formula that is said in every row


def again(cell: Cell) -> Cell:
    """The cell, or the name alone where what it equals is a long formula."""
    if not isinstance(cell, Equation) or not isinstance(cell.sides[-1], Formula):
        return cell
    formula = cell.sides[-1]
    return cell if size(formula.nodes, formula.root, LONGEST) < LONGEST else cell.sides[0]
