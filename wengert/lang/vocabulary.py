"""The words that the parser is handed: what a person may call, and with how many arguments.

The parser knows no function's name; the rule table (tape/primitives.py) derives this mapping from its records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Function:
    """One reading of a called name: the operation, and how many arguments it takes (`most` None: any number)."""

    operation: str
    least: int
    most: int | None

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)

    @property
    def of_one(self) -> bool:
        """Whether it is a function of one number, others having defaults: what an activation may be."""
        return self.most is not None and self.takes(1)


Vocabulary: TypeAlias = Mapping[str, tuple[Function, ...]]


def arity(functions: tuple[Function, ...]) -> str:
    """`1 or 2 arguments`, `at least 1 argument`: how a message says it."""
    if any(f.most is None for f in functions):
        least = min(f.least for f in functions)
        return f"at least {least} argument{'s' if least != 1 else ''}"
    counts = sorted({n for f in functions for n in range(f.least, (f.most or 0) + 1)})
    words = " or ".join(map(str, counts))
    return f"{words} argument{'s' if counts != [1] else ''}"
