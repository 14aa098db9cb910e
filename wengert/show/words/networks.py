"""What documents say of networks: the loss and its activation together, and the derivation as a textbook gives it."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMED = 8  # names in a sentence

TOGETHER = "The loss and its activation together"
JACOBIAN_SOFTMAX = "The Jacobian of the softmax (a row for each a, a column for each z)"
WAY = "way"
LONG_WAY = "the long way"
TOGETHER_WAY = "together"
NO_VALUE = "none in doubles: it divides by 0"
OPEN = "open"

_LOSSES = {
    "binary_cross_entropy": "−[t·ln(a) + (1 − t)·ln(1 − a)]", "cross_entropy": "−Σ t·ln(a)",
    "half_squared_error": "½(a − t)²",
}  # fmt: skip
_CLASS = "−ln(a) of the target's class"


def meets(kind: str, name: str, by_class: bool, same: bool) -> str:
    """What the section is about; `name` is that of the loss. `same`: z and a go by one name."""
    loss = _CLASS if by_class else _LOSSES[kind]
    if kind == "half_squared_error":
        names = "z and a are one quantity" if same else "a = z"
        return f"The loss {loss} meets the identity: {names}, and the slope of the activation is 1 everywhere."
    if kind == "cross_entropy":
        return (
            f"The loss {loss} meets a = softmax(z). Every a depends on every z: ∂a_k/∂z_j is a_k·(1 − a_k) for j = k and "
            "−a_k·a_j otherwise, and the long way is a sum over all a."
        )
    return f"The loss {loss} meets a = σ(z). The long way goes through ∂{name}/∂a and σ′(z) = a·(1 − a)."


def rows(count: int, mean: bool) -> str:
    what = f"The loss is the {'mean' if mean else 'sum'} over {count} rows of data"
    factor = f", hence 1/{count}" if mean else ""
    return f"{what}{factor}; row 1 is shown, and every row is alike."


def sum_to_one(last: str, others: int) -> str:
    rest = f"{last} = 1 − the {others} others" if others > 1 else f"{last} = 1 − the other"
    return f"The targets of a row sum to 1 (in the proof {rest})."


NOT_ONE = "The targets do not sum to 1 in every row, so that a is multiplied by their sum."
STABLE = "The loss is computed in its stable form, straight from z; the long way is that of the textbook's form."


def only_first(shown: int, count: int) -> str:
    return f"The first {shown} of {count} outputs are written out."


def no_matrix(count: int, most: int) -> str:
    return f"The Jacobian of {count} outputs is not drawn (more than {most})."


def hit(name: str) -> str:
    return f"The target is 1 for the class of {name} and 0 for the others: a − t is {name} − 1 there and a elsewhere."


def gain(kind: str, unit_sum: bool) -> str:
    """`unit_sum`: whether softmax's targets sum to 1 in every row."""
    if kind == "half_squared_error":
        return "This is the model of the other two: an error a − t at the output, and no slope to shrink it."
    slope = "no Jacobian to multiply by" if kind == "cross_entropy" else "no σ′ that vanishes where the neuron is saturated"
    back = "The error a − t is what goes back." if unit_sum else "What goes back is a times the sum of the targets, minus t."
    return f"What it gains: no division by a small a, and {slope}. {back}"


def proved(count: int, branches: int, stable: bool) -> str:
    """`count` outputs, each on so many branches."""
    where = "" if branches == 1 else f" on {branches} branches"
    ways = "Both ways are" if not stable else "Both ways, and the stable form's derivative, are"
    which = "" if count == 1 else f", for each of {count} outputs" if count > 2 else ", for both outputs"
    return f"{ways} proved by sympy{where}: equal to its derivative of the loss written in z{which}."


def not_proved(verdict: str, reason: str | None) -> str:
    return f"Not proved ({verdict}{': ' + reason if reason else ''})."


# -- the table of the gradient

WIDE_FORMULA = "The formula of "
WIDE_FORMULAS = "The formulas of "


TOO_WIDE = "too wide for a table"
TOO_LARGE = "too large to be written"
BY_SWEEPS = "the sweeps{where} are the derivation."
BY_CHAIN_RULE = "the chain rule{where} is the derivation, factor by factor."
BY_NOTHING = "of higher derivatives the derivation is not written out."
ABOVE = " above"
LEFT_OUT = ", which --only leaves out,"


def wide_formulas(count: int, derived: str, why: str) -> str:
    rest = f" and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
    return f"{rest} {'is' if count == 1 else 'are'} {why}; {derived}"


# -- the derivation as a textbook gives it

STEPS_OF_ALL = "Step by step, as a textbook has it"
LINE = "derivation"


def step_by_step(of: str, wrt: str) -> str:
    return f"The derivative of {of} with respect to {wrt}, step by step"


CHAIN_RULE = "chain rule"
SUM_OVER_PATHS = "chain rule, summed over {count} paths"
FACTORED = "what the paths share, before the bracket"
PUT_IN = "local partials"
WRITTEN_OUT = "slopes written out"
COLLAPSED = "loss and activation together"
SIMPLIFIED = "simplified"


def many_names(count: int, most: int) -> str:
    return f"{count} derivatives are asked for; the first {most} are derived step by step (--wrt chooses)."


def many_paths(of: str, names: Sequence[str], most: int) -> str:
    return f"More than {most} paths lead to {of} from {_listed(names)}: they are not written as one derivation."


def long_paths(of: str, names: Sequence[str], most: int) -> str:
    return f"A path to {of} from {_listed(names)} has more than {most} steps or is too large to be written as one derivation."


def no_path(of: str, names: Sequence[str]) -> str:
    return f"{of} does not depend on {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]


def wrong_line(of: str, wrt: str, line: str, swept: str) -> str:
    """`line` and `swept` are values at one point, of the last line and of the sweep."""
    return f"The derivation of {of} by {wrt} failed: its last line comes to {line} where the list has {swept}."


def one_row(loss: str, first: str, count: int, mean: bool) -> str:
    """The derivation is that of one row's loss."""
    what = "mean" if mean else "sum"
    return f"{loss} is the {what} of {count} rows' losses, and so is its derivative; derived here is row 1, {first}."
