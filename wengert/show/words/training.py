"""The sentences and headings of `train`."""

from __future__ import annotations

from collections.abc import Sequence

HEADINGS = {"sgd": "Gradient descent", "momentum": "Gradient descent with momentum", "adam": "Adam"}
GETS = " ← "
WITH = ", with "
AND = ", "
WHERE = "; g = "
ONE_PASS = "All derivatives of a step come from one forward pass: no new value is used before the next step."
UPHILL = "The rate is negative: the steps go uphill, and make the output larger."

PARAMETER = "parameter"
GRADIENT = "derivative"
UPDATE = "update"
NEW = "new value"
QUANTITY = "quantity"
FORMULA = "with numbers"
VALUE = "value"
STEP = "step"
BEFORE = "before"
AFTER = "after"
OUTPUT = "output"
TARGET = "target"
LOGARITHMIC = " (logarithmic scale)"
STILL = "nothing moved: every derivative is 0, or too small to change a parameter"


def counted(steps: int) -> str:
    return "1 step, in full; --steps N takes more." if steps == 1 else f"{steps:,} steps."


def left_alone(names: Sequence[str]) -> str:
    return f"Left alone (frozen): {', '.join(names)}."


def computed(names: Sequence[str]) -> str:
    return f"Not moved, being computed or a target: {', '.join(names)}."


def in_full(number: int) -> str:
    return f"Step {number}"


def first_of(shown: int, count: int) -> str:
    return f"The first {shown} of {count:,} parameters are shown; -f json has all of them."


def moved_to(number: int) -> tuple[str, str]:
    """What stands between and behind the two values of the loss."""
    return f" before step {number:,}, ", " after it."


def by_step(of: str) -> str:
    return f"{of} by step"


def after(steps: int) -> str:
    return f"After {steps:,} steps"


def outputs_after(steps: int) -> str:
    return f"Outputs and targets after {steps:,} step{'' if steps == 1 else 's'}"


def rows_more(shown: int, count: int) -> str:
    return f"The first {shown} of {count:,} outputs are shown."


def curve_of(of: str, logarithmic: bool) -> str:
    return f"{of} over the steps" + (LOGARITHMIC if logarithmic else "")


def steps_axis(steps: int, width: int) -> str:
    """0 below the left end of the curve, the number of steps below its right end."""
    right = f"{steps:,}"
    return "0" + "\u2800" * max(1, width - 1 - len(right)) + right


def diverged(of: str, before: str, after: str, rate: float, gentler: float) -> str:
    return f"{of} grew from {before} to {after}: the rate {rate:g} is probably too large; try --rate {gentler:g}"


def wavered(of: str, uphill: int, steps: int) -> str:
    times = "1 step" if uphill == 1 else f"{uphill:,} steps"
    return f"{times} of {steps:,} made {of} larger: a smaller rate may do better."


def saved(path: str) -> str:
    return f"The trained values are in {path}: wengert trace {path}"


def wrong(fault: str) -> str:
    return f"verdict of the steps: failed: {fault}"
