"""0, 1, 2 … as an array: what columns of consecutive numbers are cut from, at the speed of a copy."""

from __future__ import annotations

import sys
from array import array

_BYTE = 256
_known = {"i": array("i"), "I": array("I")}


def ramp(typecode: str, length: int) -> array[int]:
    """An array (of typecode i or I, four bytes an entry) of 0, 1 … of at least that length; it is shared, and to be read only.

    It is made byte by byte of the entries: the lowest bytes are 0 to 255 again and again, the next ones change 256 times more
    slowly. An iterator over as many Python integers would take ten times as long.
    """
    found = _known[typecode]
    if len(found) < length:
        size = _BYTE**2 * -(-max(length, 2 * len(found)) // _BYTE**2)
        made = bytearray(4 * size)
        made[0::4] = bytes(range(_BYTE)) * (size // _BYTE)
        made[1::4] = b"".join(bytes([b]) * _BYTE for b in range(_BYTE)) * (size // _BYTE**2)
        made[2::4] = b"".join(bytes([b % _BYTE]) * _BYTE**2 for b in range(size // _BYTE**2))
        made[3::4] = b"".join(bytes([b // _BYTE]) * _BYTE**2 for b in range(size // _BYTE**2))
        found = _known[typecode] = array(typecode, bytes(made))
        if sys.byteorder == "big":
            found.byteswap()
    return found
