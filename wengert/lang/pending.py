"""What waits on the grammar's stacks: operands, operators without their right side, open brackets.

Data alone, for the grammar (precedence.py), which moves it, and for the messages (mistakes.py), which look at it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wengert.lang.expr import COMPARISONS
from wengert.lang.vocabulary import Function

COMPARISON, SUM, PRODUCT, MINUS, POWER, ROOT, BRACKET = 0, 1, 2, 3, 4, 5, -1
LEVELS = {"add": SUM, "sub": SUM, "mul": PRODUCT, "div": PRODUCT, "power": POWER} | dict.fromkeys(COMPARISONS, COMPARISON)


@dataclass(slots=True)
class Operand:
    node: int
    start: int
    end: int


@dataclass(slots=True)
class Pending:
    """An operator that still waits for its right side, or an open bracket.

    `what` is an operation, or one of `(` `call` `|`; brackets have the level BRACKET.
    """

    what: str
    level: int
    start: int
    end: int
    functions: tuple[Function, ...] = ()
    name: str = ""
    power: int | None = None  # sin²(x): the exponent, already a node
    arguments: list[int] = field(default_factory=list)
