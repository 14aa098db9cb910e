r"""Numbers with their points below one another: a number is moved by a phantom, `\phantom{-0}0.5` above `-10.5`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LEAD = re.compile(r"(-?)([0-9]+)(?![0-9])")
WIDEST = 5  # digits before the point: a larger number is not waited for
DIGIT, MINUS = 0.5, 0.78


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

    def before(self, text: str) -> tuple[str, float]:
        """The phantom before a number, with its width."""
        match = _LEAD.match(text)
        if match is None:
            return "", 0.0
        minus = self.minus and not match[1]
        digits = max(0, self.digits - len(match[2]))
        hidden = "-" * minus + "0" * digits
        return (rf"\phantom{{{hidden}}}" if hidden else ""), MINUS * minus + DIGIT * digits
