"""The exact check of the accumulation: with random local partials modulo a large prime, forward and reverse sweep must give
the same number, ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩.

It asks nothing of the rules: only that every contribution is added once, in the right order, to the right adjoint. A sweep
that loses one passes with probability below statements / 2⁶¹.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Modular
from wengert.tape.wengert_list import WengertList


def accumulates(wl: WengertList, outputs: Sequence[str], wrt: Sequence[str], seed: int = 1) -> bool:
    """Whether both sweeps agree exactly on this list with random local partials."""
    field = Modular()
    rng = random.Random(seed)
    slots = [wl.slots[x] for x in wrt]
    active = wl.depends_on(slots)
    partials = [rng.randrange(1, field.prime) if o >= 0 and active[o] else None for o in wl.operands]
    direction = {slot: rng.randrange(1, field.prime) for slot in slots}
    tangents = sweeps.tangents(wl, partials, direction, field)
    for output in outputs:
        at = wl.slots[output]
        bars = sweeps.adjoints(wl, partials, at, field)
        backward = 0
        for slot, component in direction.items():
            if bars[slot] is not None:
                backward = field.add(backward, field.mul(bars[slot], component))
        if backward != (tangents[at] or 0):
            return False
    return True
