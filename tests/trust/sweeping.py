"""Sweeps that are wrong in one way: stand-ins for the two loops of wengert/sweep/sweeps.py, each with a fault built in.

`reverse(kind, at)` and `tangents(kind, at)` go over a list as the right ones do, and do one thing wrong: everywhere, or at the
contribution numbered `at` (from 1). A kind "" is right, so that the stand-ins themselves can be tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wengert.sweep.arithmetics import Field
from wengert.sweep.sweeps import Contribution
from wengert.tape.wengert_list import WengertList

Reverse = Callable[[WengertList, Sequence[Any], int, Field, list[Any]], Iterator[Contribution]]
Tangents = Callable[[WengertList, Sequence[Any], Mapping[int, Any], Field], list[Any]]

# wrong at one contribution
LOST, DOUBLED, OVERWRITES = "lost", "doubled", "= for +="
MISPLACED, TO_NEIGHBOUR = "to the other argument", "to the slot before"
UNCHAINED, WRONG_PARTIAL = "without the adjoint", "times the next argument's partial"
AT_ONE = (LOST, DOUBLED, OVERWRITES, MISPLACED, TO_NEIGHBOUR, UNCHAINED, WRONG_PARTIAL)
# wrong as a whole
EVERYWHERE_OVERWRITES, FORWARDS = "= for += everywhere", "from the first statement on"
SEED_DOUBLED, SEED_BESIDE, STOPS = "the seed is 2", "the seed is in the slot before", "the first statement is left out"
WHOLE = (EVERYWHERE_OVERWRITES, FORWARDS, SEED_DOUBLED, SEED_BESIDE, STOPS)


def reverse(kind: str = "", at: int = 0) -> Reverse:
    def swept(
        wl: WengertList, partials: Sequence[Any], output: int, arithmetic: Field, adjoints: list[Any]
    ) -> Iterator[Contribution]:
        one = arithmetic.one
        adjoints[max(0, output - (kind == SEED_BESIDE))] = arithmetic.add(one, one) if kind == SEED_DOUBLED else one
        order = range(output, wl.inputs - 1, -1)
        number = 0
        for slot in order if kind != FORWARDS else reversed(order):
            adjoint = adjoints[slot]
            if adjoint is None or (kind == STOPS and slot == wl.inputs):
                continue
            first, end = wl.span(slot)
            for i in range(first, end):
                target, partial = wl.operands[i], partials[i]
                if target < 0 or partial is None:
                    continue
                number += 1
                here = kind if number == at else ""
                if here == LOST:
                    continue
                if here == MISPLACED:
                    others = (*wl.operands[i + 1 : end], *wl.operands[first:i])
                    target = next((o for o in others if o >= 0 and o != target), target)
                elif here == TO_NEIGHBOUR:
                    target = max(0, target - 1)
                elif here == WRONG_PARTIAL:
                    partial = next((p for p in (*partials[i + 1 : end], *partials[first:i]) if p is not None), partial)
                value = partial if here == UNCHAINED else arithmetic.mul(adjoint, partial)
                if here == DOUBLED:
                    value = arithmetic.add(value, value)
                before = None if here == OVERWRITES or kind == EVERYWHERE_OVERWRITES else adjoints[target]
                adjoints[target] = value if before is None else arithmetic.add(before, value)
                yield Contribution(slot, i - first, target, partial, adjoint, value, adjoints[target])

    return swept


def tangents(kind: str = "", at: int = 0) -> Tangents:
    def swept(wl: WengertList, partials: Sequence[Any], seed: Mapping[int, Any], arithmetic: Field) -> list[Any]:
        column: list[Any] = [None] * len(wl)
        for slot, component in seed.items():
            where = max(0, slot - (kind == SEED_BESIDE))
            column[where] = arithmetic.add(component, component) if kind == SEED_DOUBLED else component
        slots = wl.statements()
        number = 0
        for slot in slots if kind != FORWARDS else reversed(slots):
            first, end = wl.span(slot)
            total = column[slot]
            for i in range(first, end):
                o, partial = wl.operands[i], partials[i]
                if o < 0 or column[o] is None or partial is None or (kind == STOPS and slot == wl.inputs):
                    continue
                number += 1
                here = kind if number == at else ""
                if here == LOST:
                    continue
                moved = column[o]
                if here == MISPLACED:
                    others = (*wl.operands[i + 1 : end], *wl.operands[first:i])
                    moved = next((column[p] for p in others if p >= 0 and column[p] is not None), moved)
                elif here == TO_NEIGHBOUR:
                    moved = column[max(0, o - 1)] or moved
                elif here == WRONG_PARTIAL:
                    partial = next((p for p in (*partials[i + 1 : end], *partials[first:i]) if p is not None), partial)
                part = partial if here == UNCHAINED else arithmetic.mul(partial, moved)
                if here == DOUBLED:
                    part = arithmetic.add(part, part)
                fresh = total is None or here == OVERWRITES or kind == EVERYWHERE_OVERWRITES
                total = part if fresh else arithmetic.add(total, part)
            column[slot] = total
        return column

    return swept
