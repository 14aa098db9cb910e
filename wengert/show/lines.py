"""JSON Lines: a record as one object a line, so that a long list streams and a reader need not hold it.

Every line has the key `record`. The first is the `head`: the schema and what is known before the lists. Then each entry of the
lists has a line of its own, by kind (`input`, `statement`, `contribution`, `output`, `derivative` … in the order of the JSON
object). The last is the `end`: what is known after the lists, the verdict, and in `counts` how many lines of each kind stand
above; a file without one was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

# The lists whose entries have lines of their own, and what one such line is called.
KINDS = {
    "inputs": "input", "statements": "statement", "contributions": "contribution", "outputs": "output",
    "derivatives": "derivative", "paths": "path", "losses": "loss",
    "first": "step",  # train
    "layers": "layer", "variants": "variant", "depths": "depth",  # flow
    "rules": "rule",
}  # fmt: skip


def lines_of(parts: Iterable[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines of a record, given as its keys and values (a long list as an iterator), each made when its turn comes."""
    alone: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for key, value in parts:
        kind = KINDS.get(key)
        if kind is None or not _has_entries(value):
            alone[key] = value
            continue
        if not counts:
            yield {"record": "head", **alone}
            alone = {}
        counts[kind] = 0
        for entry in value:
            counts[kind] += 1
            yield {"record": kind, **entry}
    if not counts:  # a record without lists
        yield {"record": "head", **alone}
        alone = {}
    yield {"record": "end", **alone, "counts": counts}


def _has_entries(value: Any) -> bool:
    """Whether it is a list of objects (`outputs` of a gradient flow is one of names)."""
    return isinstance(value, Iterator) or (isinstance(value, list) and all(isinstance(entry, dict) for entry in value))
