"""The library's face: the objects that `wengert.trace`, `wengert.diff` and `wengert.load` give.

They hold nothing of their own: numbers come from the sweeps' columns, formulas and verdicts from the report, documents from
`wengert.show`. Each number, formula and verdict is made when it is asked for, and none can be changed.
"""

from wengert.face.entries import Derivative, Partial, Statement
from wengert.face.model import Model
from wengert.face.results import Diff, Trace
from wengert.face.tables import Table

__all__ = ["Derivative", "Diff", "Model", "Partial", "Statement", "Table", "Trace"]
