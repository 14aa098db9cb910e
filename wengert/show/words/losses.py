"""Lost digits in words: which statement lost them and why, how many, and the right value beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from wengert.lang.expr import Nodes
from wengert.show.document import Adjoint, Derivative, Equation, Formula, Line, Math, Name, Number, Tangent, Words
from wengert.show.notation import TextNotation
from wengert.show.numbers import Digits
from wengert.sweep.losses import DOUBLE, Loss
from wengert.sweep.steps import copy
from wengert.tape.primitives import SYMBOLS
from wengert.tape.wengert_list import WengertList

LOST_DIGITS = "Where double precision lost digits"
QUANTITY = "quantity"
IN_DOUBLES = "in doubles"
RIGHT = "right value"
WHY = "why"
OVERFLOW = "overflow"
FROM = "from "
AND = " and "
NEARLY_CANCEL = " nearly cancel"
CANCEL = " cancel"
CONTRIBUTIONS = "contributions "
ABSORBED = " is too small to be seen beside "
IS_LIMIT = " is "
SATURATED = " in double precision (saturated)"
UNDERFLOWS = "too small for a double"
SUBNORMAL = "so small that a double keeps only some of its digits"
OVERFLOWS = "too large for a double"
OPERATIONS = {"add": "the sum", "sub": "the difference", "mul": "the product", "div": "the quotient", "power": "the power"}
LOCAL = " (local partial of "
VALUE_OF = "The value of "
IN_HIDDEN = "imprecise in digits not shown"

SHOWN = 6  # significant digits of values
MOST_SHOWN = 34  # of two numbers that differ late
MOST_TERMS = 4
CLOSE = 1e-2  # two terms this close cancel by themselves
NOTHING_LEFT = 1e-30  # beside its double a right value so small is 0, but for the rounding of many digits


def lost_digits(lost: int) -> str:
    """`every digit lost`, `9 of 16 digits lost`"""
    return "every digit lost" if lost >= DOUBLE else f"{lost} of {DOUBLE} digits lost"


def more_lost(count: int) -> str:
    return f"… and {count} further derivatives, with their right values in the table above."


def remedy(digits: int) -> str:
    return f"--precision {max(20, digits)} gives the right digits."


def not_located(why: str) -> str:
    """In documents that are verified, whose commands have a budget."""
    return f"Which statements lost them was not looked for: {why} (--budget gives more)."


def overflow_not_told(why: str) -> str:
    return f"whether what is infinite in doubles has a value was not worked out: {why}"


def conditioned(function: str, slope: bool) -> str:
    return f"{'the slope of ' if slope else ''}{function} magnifies the rounding error of its argument"


def value_imprecise(right: str | None) -> str:
    """Goes after `The value of f`; None where the digits shown are right."""
    return f" is imprecise; right is {right}." if right is not None else f" is {IN_HIDDEN}."


def value_failed(reason: str) -> str:
    return f" failed: {reason}."


def overflown(right: str, beyond: bool) -> str:
    """Goes after the symbol of what is infinite in doubles; `beyond` where its own value is too large for one."""
    if beyond:
        return f" overflows in double precision: its value is {right}"
    return f" is lost to an overflow in double precision: its value is {right}"


def further_overflows(count: int) -> str:
    return f"{count} further numbers overflow in double precision"


def why(loss: Loss, wl: WengertList, slot_lost: int) -> Line:
    """What happened at the loss's own statement, and how many digits went there (`slot_lost`, 0 for none to be told)."""
    lost: Line = (Words(f": {lost_digits(slot_lost)}"),) if slot_lost else ()
    of: Line = (Words(LOCAL), statement(wl, loss.slot), Words(")")) if loss.where == "partial" else ()
    return (*_what(loss, wl), *lost, *of)


def sentence(loss: Loss, wl: WengertList) -> str:
    """The whole as one text: `v2 = 1 − v1: 1 and 0.99999999999999995 nearly cancel: every digit lost; v2 is 5e−17 and double
    precision has 0`."""
    partial = loss.where == "partial"
    head: Math = quantity(loss, wl, loss.slot) if partial or loss.where != "value" else statement(wl, loss.slot)
    later: Line = ()
    if loss.shown_at is not None:
        later = (Words("; in "), statement(wl, loss.shown_at), Words(f": {lost_digits(loss.lost)}"))
    made, right = both(loss.value, loss.right, Digits(SHOWN))
    line: Line = (
        head, Words(": "), *why(loss, wl, 0 if later else loss.lost), *later,
        Words("; "), quantity(loss, wl), Words(" is "), Number(right), Words(" and double precision has "), Number(made),
    )  # fmt: skip
    return TextNotation(symbols=SYMBOLS).line(line)


def quantity(loss: Loss, wl: WengertList, slot: int | None = None) -> Math:
    """What has the wrong value: a name, an adjoint, a tangent, a local partial; at `slot` (else where it comes to light)."""
    at = slot if slot is not None else loss.slot if loss.shown_at is None else loss.shown_at
    many = wl.model.many()
    if loss.where == "adjoint":
        several = len(wl.model.outputs) > 1
        return Adjoint(loss.of, wl.name(at), many, several, several)
    if loss.where == "tangent":
        return Tangent(wl.name(at), "seed", many)
    if (loss.argument is not None and at != loss.slot) or loss.where == "partial":
        assert loss.argument is not None
        return Derivative(wl.name(at), (wl.name(wl.operands_of(at)[loss.argument]),), True)
    return Name(wl.name(at))


def statement(wl: WengertList, slot: int) -> Math:
    """`v2 = 1 − v1`"""
    record = wl.primitive(slot)
    nodes = Nodes()
    operands = wl.operands_of(slot)
    if len(operands) > 8:
        return Name(wl.name(slot))
    arguments = [nodes.name(wl.name(o)) if o >= 0 else copy(wl.model.nodes, wl.constants[-1 - o], nodes) for o in operands]
    if record.comparison:
        root = nodes.call("where", [nodes.call(record.comparison, arguments[:2]), *arguments[2:]])
    else:
        root = arguments[0] if record.name == "identity" else nodes.call(record.label, arguments)
    return Equation((Name(wl.name(slot)), Formula(nodes, root)))


def both(value: Any, right: Any, digits: Digits) -> tuple[str, str]:
    """The double and the right value as texts, with as many digits as it takes to see that they differ. A right value that is
    only what rounding has left of 0 is 0."""
    if isfinite(value) and abs(right) <= abs(value) * NOTHING_LEFT:
        right = 0.0
    return _apart(value, right, digits)


def _what(loss: Loss, wl: WengertList) -> Line:
    """What happened there."""
    name = wl.primitive(loss.slot).name
    if loss.kind == "cancellation":
        head: Line = (Words(CONTRIBUTIONS),) if loss.where == "adjoint" else ()
        wholly = len(loss.terms) == 2 and abs(loss.terms[0]) == abs(loss.terms[1])
        terms = _cancelling(loss.terms, name == "sub" and loss.where == "value")
        return (*head, *terms, Words(CANCEL if wholly else NEARLY_CANCEL))
    if loss.kind == "absorption":
        small = next(t for t in reversed(loss.terms) if t != 0)
        return (_number(small), Words(ABSORBED), _number(loss.terms[0]))
    if loss.kind == "saturation":
        argument, limit = loss.terms
        nodes = Nodes()
        call: Math = Name(wl.name(loss.slot))
        if len(wl.operands_of(loss.slot)) == 1:
            text = Digits(DOUBLE).result(argument)
            number = nodes.number(text.removeprefix("-"))
            inner = nodes.call("neg", [number]) if text.startswith("-") else number
            call = Formula(nodes, nodes.call(wl.primitive(loss.slot).label, [inner]))
        return (call, Words(IS_LIMIT), _number(limit), Words(SATURATED))
    if loss.kind == "conditioning":
        function = OPERATIONS.get(name, wl.primitive(loss.slot).label)
        return (Words(conditioned(function, slope=loss.where == "partial")),)
    if loss.kind == "underflow":
        return (Words(UNDERFLOWS if loss.value == 0 else SUBNORMAL),)
    return (Words(OVERFLOWS),)


def _cancelling(terms: Sequence[Any], difference: bool) -> Line:
    """The terms of a sum that nearly cancel, with their signs (the operands of a difference), up to where they differ."""
    first, second = terms[0], terms[1] if difference else -terms[1]
    if abs(first - second) < CLOSE * abs(first):
        one, other = _apart(first, second, Digits(SHOWN), 1)
        return (Number(one), Words(AND), Number(other if difference else _opposite(other)))
    shown = [_number(t) for t in terms[:MOST_TERMS]]
    if len(terms) > MOST_TERMS:
        return (Words(f"{len(terms)} terms"),)
    pieces: list[Math] = [shown[0]]
    for n, term in enumerate(shown[1:], 2):
        pieces += [Words(AND if n == len(shown) else ", "), term]
    return tuple(pieces)


def _apart(first: Any, second: Any, digits: Digits, more: int = 0) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to see that they differ, and some more."""

    def texts(significant: int) -> tuple[str, str]:
        finer = replace(digits, significant=significant)
        return finer.result(first), finer.result(second)

    least = digits.significant
    shown = next((d for d in range(least, MOST_SHOWN) if len(set(texts(d))) == 2), MOST_SHOWN)
    return texts(shown + more if shown > least else shown)


def _opposite(text: str) -> str:
    return text[1:] if text.startswith("-") else f"-{text}"


def _number(value: Any, digits: int = SHOWN) -> Number:
    return Number(Digits(digits).result(value))
