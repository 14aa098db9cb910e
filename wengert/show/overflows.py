"""What overflowed: numbers that are infinite in doubles although they have a value, a sentence each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from wengert.show.document import Adjoint, Derivative, Math, Tangent
from wengert.show.notation import TextNotation
from wengert.show.numbers import Digits
from wengert.show.words import losses as said
from wengert.sweep.trace import Trace
from wengert.tape.primitives import SYMBOLS

MOST_WARNED = 8
SHOWN = 2  # digits: what counts is the size


def overflow_warnings(trace: Trace) -> list[str]:
    """A sentence for each local partial, adjoint and tangent that is no number in doubles although it has a value."""
    if trace.choice.digits is not None:
        return []
    if trace.unbounded and trace.right is None:
        return [] if trace.skipped is None else [said.overflow_not_told(trace.skipped)]
    notation, found = TextNotation(symbols=SYMBOLS), []
    count = 0
    for what, right in _overflown(trace):
        count += 1
        if count <= MOST_WARNED:
            text = notation.number(Digits(SHOWN).result(right))
            found.append(notation.math(what) + said.overflown(text, abs(right) > sys.float_info.max))
    return found + ([said.further_overflows(count - MOST_WARNED)] if count > MOST_WARNED else [])


def _overflown(trace: Trace) -> Iterator[tuple[Math, Any]]:
    wl, made, many = trace.list, trace.columns, trace.model.many()
    several = len(trace.outputs) > 1
    for slot in wl.statements():
        for j, at in enumerate(range(*wl.span(slot))):
            if _lost(made.partials[at]) and trace.right is not None and not _lost(trace.right.partials[at]):
                right = trace.right.partials[at]
                yield Derivative(wl.name(slot), (wl.name(wl.operands_of(slot)[j]),), True), right
    for of, adjoints in made.adjoints.items():
        for slot in reversed(range(len(wl))):
            if _lost(adjoints[slot]) and trace.right is not None and not _lost(trace.right.adjoints[of][slot]):
                yield Adjoint(of, wl.name(slot), many, several, several), trace.right.adjoints[of][slot]
    for key, tangents in made.tangents.items():
        for slot in range(len(wl)):
            if _lost(tangents[slot]) and trace.right is not None and not _lost(trace.right.tangents[key][slot]):
                yield Tangent(wl.name(slot), key, many, key != "seed"), trace.right.tangents[key][slot]


def _lost(x: Any) -> bool:
    return x is not None and x - x != 0
