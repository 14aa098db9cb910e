"""What numbers a trace is reckoned in, as a person chose it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wengert.sweep.arithmetics import Float
from wengert.sweep.rules import OWN

MODES = ("reverse", "forward", "both")
STRICT = "strict"
BESIDE = 20  # digits that are carried beside exact numbers
SHADOWED = 20_000  # statements up to which exactness is worked out


@dataclass(frozen=True)
class Choice:
    """What numbers to reckon with. `digits` None stands for doubles, else so many decimal digits are right; `exact` carries
    numbers without rounding (and at least BESIDE digits beside them); `decimals` rounds nodes as on paper; `convention` is
    whose partials are taken at kinks, or "strict"; `order` the order of derivatives. `seconds` is the budget, as `effort.py`
    reckons what many digits take."""

    digits: int | None = None
    exact: bool = False
    decimals: int | None = None
    convention: str = OWN
    order: int = 1
    seconds: float = math.inf

    @property
    def name(self) -> str:
        if self.exact:
            return "exact"
        return Float.name if self.digits is None else f"{self.digits} digits"

    @property
    def partials(self) -> str:
        """Whose partials are taken at kinks."""
        return OWN if self.convention == STRICT else self.convention
