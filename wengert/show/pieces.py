"""The pieces that documents are made of: results, numbers in a line, a step's mathematics."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from wengert.show.document import Derivative, Equation, Formula, Math, Number, Result, Words
from wengert.show.numbers import Digits, is_infinite, padded, shown_exactly
from wengert.show.words import tables as words
from wengert.sweep.steps import Link, Step
from wengert.tape.wengert_list import WengertList


def result(value: Any, exact: Any, digits: Digits) -> Result | Words:
    """`= 5.5` or `≈ 0.693147`; `exact` is the value as a rational, or no rational where it is not known to be one."""
    if value != value:
        return Words(words.UNDEFINED)
    text = digits.result(value)
    is_exact = is_infinite(value) or (isinstance(exact, Fraction) and shown_exactly(text, exact))
    # a value that was not followed exactly (a long list) may well be round
    return Result(text if is_exact or exact is None or value == 0 else padded(text, digits), is_exact)


def number(value: Any, digits: Digits) -> Number:
    return Number(digits.inserted(value))


def equals(left: Math, value: Any, exact: Any, digits: Digits) -> Equation:
    """`x̄1 ≈ −0.283662`"""
    shown = result(value, exact, digits)
    if isinstance(shown, Words):
        return Equation((left, shown))
    return Equation((left, Number(shown.text)), ("=" if shown.exact else "≈",))


def local_partial(wl: WengertList, step: Step, link: Link, many: bool, direct: bool = False) -> Derivative:
    """∂v_i/∂v_j of one step: with ∂ wherever the step has several arguments, whatever the number of free names."""
    names = (wl.name(step.slot), (wl.name(link.source),))
    if link.argument is not None and sum(k.source == link.source for k in step.links) > 1:  # x**x, a + a
        return Derivative(*names, True, words.argument(link.argument))
    several = len({k.source for k in step.links}) > 1
    return Derivative(*names, many or several, words.DIRECT if direct else "", ascii_only=not many)


def too_large() -> Words:
    return Words(words.TOO_LARGE)


def step_partial(step: Step, link: Link) -> Math | None:
    """The link's local partial as a formula, None where it is too large to be written."""
    return None if link.partial is None else Formula(step.nodes, link.partial)
