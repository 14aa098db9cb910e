"""The settings: what a person chose of what is computed, in which numbers. How it is shown stands in `wengert.show.chosen`."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real

from wengert.errors import UsageError
from wengert.lang.expr import MOST_STATEMENTS
from wengert.sweep.choice import BESIDE, MODES, STRICT, Choice
from wengert.sweep.rules import OWN
from wengert.sweep.steps import LEVELS

NUMBERS = ("float", "exact")
CONVENTIONS = (OWN, "jax", "torch", STRICT)
MOST_DIGITS = 4000  # of --precision
MOST_DECIMALS = 50  # of --round
MOST_ORDER = 30
MOST_SECONDS = 86_400  # of --budget


@dataclass(frozen=True)
class Settings:
    """What a person chose: the command line's options that bear on what is computed."""

    mode: str | None = None  # None: reverse, along a seed forward
    level: str | None = None  # None: neuron for a network, operation for all else
    share: bool = True
    fold: bool = False
    verify: bool = True
    budget: float = 5.0
    numbers: str = "float"
    precision: int | None = None  # digits that are right to the last one
    round: int | None = None  # decimals to which nodes are rounded before they are used
    order: int = 1
    kink: str = OWN  # whose partials are taken at kinks, or strict
    paths: bool = False  # every path, not only the first
    limit: int = MOST_STATEMENTS  # of a list

    def choice(self) -> Choice:
        """The numbers to reckon with. Raises UsageError where a setting means nothing or contradicts another."""
        for name, word, known in (("--mode", self.mode, MODES), ("--level", self.level, LEVELS)):
            if word is not None and word not in known:
                raise UsageError(f"{name} is {word}", hint=f"one of {', '.join(known)}")
        self._check_types()
        if not 0 < self.budget <= MOST_SECONDS:
            hint = f"seconds greater than 0, at most {MOST_SECONDS:,}"
            raise UsageError(f"--budget is {self.budget:g}", hint=hint)
        if self.limit < 1:
            raise UsageError(f"--limit is {self.limit}", hint="a number of statements, from 1")
        if self.numbers not in NUMBERS:
            raise UsageError(f"--numbers is {self.numbers}", hint=f"one of {', '.join(NUMBERS)}; --precision N for many digits")
        if self.kink not in CONVENTIONS:
            raise UsageError(f"--kink is {self.kink}", hint=f"one of {', '.join(CONVENTIONS)}")
        exact = self.numbers == "exact"
        for option, value, least, most in (
            ("--precision", self.precision, 1, MOST_DIGITS),
            ("--round", self.round, 0, MOST_DECIMALS),
            ("--order", self.order, 1, MOST_ORDER),
        ):
            if value is not None and not least <= value <= most:
                raise UsageError(f"{option} is {value}", hint=f"a whole number from {least} to {most}")
        if self.round is not None and (exact or self.precision is not None):
            other = "--numbers exact" if exact else "--precision"
            raise UsageError(
                f"--round calculates with rounded numbers, {other} without rounding",
                hint="--round shows the full-precision values beside; choose one",
            )  # fmt: skip
        if self.round is not None and self.order > 1:
            raise UsageError("--round goes with derivatives of first order", hint="leave out --order")
        if self.order > 1 and self.kink in CONVENTIONS[1:3]:
            raise UsageError(
                f"--kink {self.kink} goes with derivatives of first order",
                hint="leave out --order, or --kink: higher derivatives take wengert's own convention",
            )
        digits = max(self.precision or 0, BESIDE) if exact else self.precision
        return Choice(digits, exact, self.round, self.kink, self.order, self.budget)

    def _check_types(self) -> None:
        """Raises UsageError: a program may give anything."""
        for name in ("share", "fold", "verify", "paths"):
            if not isinstance(getattr(self, name), bool):
                raise UsageError(f"{name} is {getattr(self, name)!r}", hint="True or False")
        for name in ("precision", "round", "order", "limit"):
            value = getattr(self, name)
            optional = name in ("precision", "round")
            if not (value is None and optional) and (not isinstance(value, Integral) or isinstance(value, bool)):
                raise UsageError(f"{name} is {value!r}", hint=f"a whole number{', or None' if optional else ''}")
        if not isinstance(self.budget, Real) or isinstance(self.budget, bool):
            raise UsageError(f"budget is {self.budget!r}", hint="a number of seconds")
