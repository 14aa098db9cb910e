r"""Numbers with their points below one another: a number is moved by a phantom, `\phantom{-0}0.5` above `-10.5`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LEAD = re.compile(r"(-?)([0-9]+)(?![0-9])")
WIDEST = 5  # digits before the point: a larger number is not waited for


@dataclass(slots=True)
class Lead:
    """What stands before the point in a column: whether there is a minus, and how many digits at most."""

    minus: bool = False
    digits: int = 1

    def see(self, texts: Sequence[str]) -> None:
        for text in texts:
            match = _LEAD.match(text)
            if match:
                self.minus = self.minus or bool(match[1])
                self.digits = max(self.digits, len(match[2]) if len(match[2]) <= WIDEST else 0)

    def moved(self, text: str) -> str:
        """The number with the phantom that it needs; a minus behind one is no difference."""
        match = _LEAD.match(text)
        if match is None:
            return text
        hidden = "-" * (self.minus and not match[1]) + "0" * max(0, self.digits - len(match[2]))
        if not hidden:
            return text
        return rf"\phantom{{{hidden}}}" + (f"{{-}}{text[1:]}" if match[1] else text)
