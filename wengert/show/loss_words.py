"""Lost digits in a sentence: which statement lost them, how many, and the right value beside."""

from __future__ import annotations

from math import log10
from typing import Any

from wengert.lang.expr import Nodes
from wengert.show import words
from wengert.show.document import Adjoint, Derivative, Equation, Formula, Line, Math, Name, Number, Tangent, Words
from wengert.show.notation import TextNotation
from wengert.show.numbers import Digits
from wengert.sweep.losses import DOUBLE, Loss
from wengert.sweep.steps import copy
from wengert.tape.primitives import SYMBOLS
from wengert.tape.wengert_list import WengertList

SHOWN = 6  # significant digits of values
MOST_SHOWN = 25  # of two terms that differ late
NOTHING_LEFT = 1e-30  # beside its double a right value so small is 0, but for the rounding of many digits



def loss_line(loss: Loss, wl: WengertList) -> Line:
    """`v2 = 1 − v1: 1 and 0.99999999999999995 nearly cancel; every digit is lost: v2 is 5e−17 and double precision has 0`."""
    return (*_what(loss, wl), *_outcome(loss, wl))


def sentence(loss: Loss, wl: WengertList) -> str:
    """The same as one text."""
    return TextNotation(symbols=SYMBOLS).line(loss_line(loss, wl))


def _what(loss: Loss, wl: WengertList) -> Line:
    """The statement, and what happened there."""
    head: list[Math] = []
    if loss.where in ("adjoint", "tangent"):
        head = [_quantity(loss, wl)]
    elif loss.where == "partial":
        head = [_quantity(loss, wl), Words(words.LOCAL), _statement(wl, loss.slot)]
    else:
        head = [_statement(wl, loss.slot)]
    if loss.kind == "cancellation":
        first, second = _apart(loss.terms)
        between = words.CONTRIBUTIONS if loss.where == "adjoint" else ": "
        return (*head, Words(between), first, Words(words.AND), second, Words(words.NEARLY_CANCEL))
    if loss.kind == "absorption":
        small = next(t for t in reversed(loss.terms) if t != 0)
        return (*head, Words(": "), _number(small), Words(words.ABSORBED), _number(loss.terms[0]), Words("; "))
    if loss.kind == "saturation":
        return (*head, Words(": at "), _number(loss.terms[0]), Words(words.SATURATED))
    if loss.kind == "conditioning" and loss.terms:
        return (*head, Words(": at "), _number(loss.terms[0], 12), Words(words.CONDITIONED))
    outcome = {"overflow": words.OVERFLOWS, "underflow": words.UNDERFLOWS}
    return (*head, Words(outcome.get(loss.kind, ": ")))


def _outcome(loss: Loss, wl: WengertList) -> Line:
    """How many digits are lost where it comes to light, and both values."""
    whose: tuple[Math, ...] = ()
    if loss.shown_at is not None:
        whose = (Words("in "), _statement(wl, loss.shown_at), Words(" "))
    lost = "every digit is lost: " if loss.lost >= DOUBLE else f"{loss.lost} of {DOUBLE} digits are lost: "
    right = 0.0 if abs(loss.right) <= abs(loss.value) * NOTHING_LEFT else loss.right
    digits = next((d for d in range(SHOWN, DOUBLE) if Digits(d).result(right) != Digits(d).result(loss.value)), DOUBLE)
    return (
        *whose, Words(lost), _quantity(loss, wl), Words(" is "), _number(right, digits), Words(words.DOUBLE_HAS),
        _number(loss.value, digits),
    )  # fmt: skip


def _quantity(loss: Loss, wl: WengertList) -> Math:
    """What has the wrong value: a name, an adjoint, a tangent, a local partial."""
    slot = loss.slot if loss.shown_at is None else loss.shown_at
    many = wl.model.many()
    if loss.where == "adjoint":
        return Adjoint(loss.of, wl.name(slot), many, len(wl.model.outputs) > 1)
    if loss.where == "tangent":
        return Tangent(wl.name(slot), "seed", many)
    if loss.argument is not None:
        return Derivative(wl.name(slot), (wl.name(wl.operands_of(slot)[loss.argument]),), True)
    return Name(wl.name(slot))


def _statement(wl: WengertList, slot: int) -> Math:
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


def _apart(terms: tuple[Any, ...]) -> tuple[Math, Math]:
    """The sizes of the two largest terms of a sum, with digits up to where they differ."""
    first, second = abs(terms[0]), abs(terms[1])
    digits = SHOWN
    if first != second:
        digits = min(MOST_SHOWN, max(SHOWN, 1 - int(log10(abs(first - second) / first)) + 1))
    return _number(first, digits), _number(second, digits)


def _number(value: Any, digits: int = SHOWN) -> Number:
    return Number(Digits(digits).result(value))
