"""A Wengert list that is continued: copied first, and freed at the end of what nothing wanted needs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from wengert.tape.wengert_list import WengertList


def copied(wl: WengertList) -> WengertList:
    """The list once more, to be continued. The expression nodes are shared."""
    twin = WengertList(wl.model)
    twin.opcodes = list(wl.opcodes)
    twin._opcode_index = dict(wl._opcode_index)
    twin.opcode, twin.first = wl.opcode[:], wl.first[:]
    twin.operands, twin.nodes = wl.operands[:], wl.nodes[:]
    twin.constants = list(wl.constants)
    twin.names, twin.slots = dict(wl.names), dict(wl.slots)
    return twin


def trimmed(long: WengertList, base: int, constants: int, wanted: Iterable[int]) -> tuple[WengertList, dict[int, int]]:
    """The list without the statements from slot `base` on, and the constants after the first `constants`, that none of
    `wanted` needs; and where the wanted operands went."""
    wanted = list(wanted)
    needed = bytearray(len(long))
    used: set[int] = {o for o in wanted if o < 0}
    for o in wanted:
        if o >= 0:
            needed[o] = 1
    for slot in range(len(long) - 1, base - 1, -1):
        if needed[slot]:
            for o in long.operands_of(slot):
                if o >= 0:
                    needed[o] = 1
                else:
                    used.add(o)
    short = WengertList(long.model)
    kept = base - long.inputs
    bounds = [*long.first, len(long.operands)]
    short.opcodes, short._opcode_index = list(long.opcodes), dict(long._opcode_index)
    short.opcode, short.first, short.nodes = long.opcode[:kept], long.first[:kept], long.nodes[:kept]
    short.operands = long.operands[: bounds[kept]]
    short.names, short.slots = dict(long.names), dict(long.slots)
    short.constants = long.constants[:constants]
    went: dict[int, int] = {}
    for o in sorted(used, reverse=True):
        if -1 - o >= constants:
            short.constants.append(long.constants[-1 - o])
            went[o] = -len(short.constants)
    for at, (start, stop) in enumerate(pairwise(bounds)):
        slot = at + long.inputs
        if slot >= base and needed[slot]:
            operands = [went.get(o, o) for o in long.operands[start:stop]]
            went[slot] = short.append(long.opcodes[long.opcode[at]], operands, long.nodes[at])
    return short, {o: went.get(o, o) for o in wanted}
