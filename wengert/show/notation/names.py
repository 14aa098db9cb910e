"""Names in notations that have indices: `x1` is x with index 1, `net_h1` is net with index h1, `W1_2_3` is W with index 1,2,3.

Two names must never look alike. Where two of a document would (`x1` beside `x_1`), all but the one without a line stay as
they were typed; so does `v_3`, since wengert calls statements v1, v2, … itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

USUAL = re.compile(r"([A-Za-z])([0-9]+(?:_[0-9]+)*)\Z")  # v12, W1_2_3: by far the most; two of them never look alike
_SPLIT = re.compile(r"([^\W\d_]+)([0-9]*)((?:_[^\W_]+)*)\Z")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_OWN = re.compile(r"v(_[0-9]+|[₀-₉]+)\Z")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A letter or word and its index, "" where it has none. `typed`: not split, shown as it stands in `base`."""

    base: str
    index: str = ""
    typed: bool = False


class Names:
    """How the names of one document are spelled."""

    def __init__(self, given: Collection[str]) -> None:
        self.typed = frozenset(_alike(given))

    def __call__(self, name: str) -> Spelled:
        found = split(name)
        return Spelled(name, "", True) if name in self.typed or _OWN.match(name) else found


@lru_cache(maxsize=4096)
def split(name: str) -> Spelled:
    """The name in two parts, where it has them: letters, then digits and parts after a line."""
    plain = name.translate(_SUBSCRIPTS)
    match = _SPLIT.match(plain)
    if match is None:
        return Spelled(name, "", True)
    base, digits, parts = match.groups()
    index = ",".join([digits] * bool(digits) + parts.split("_")[1:])
    return Spelled(base, index)


def _alike(given: Collection[str]) -> set[str]:
    """The names that would look like another one."""
    spelled: dict[Spelled, list[str]] = {}
    for name in given:
        if not USUAL.match(name):
            spelled.setdefault(split(name), []).append(name)
    usual = given if isinstance(given, (set, frozenset)) or not spelled else frozenset(given)
    typed: set[str] = set()
    for what, same in spelled.items():
        twin = what.base + what.index.replace(",", "_")
        if twin not in same and twin in usual and USUAL.match(twin):
            same.append(twin)
        if len(same) > 1:
            plainest = min(same, key=lambda n: (n.count("_"), not n.isascii(), n))
            typed.update(n for n in same if n != plainest)
    return typed
