"""Names that look alike are not let stand side by side: no reader could tell which of them a line of the working means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wengert.characters import codes, look
from wengert.errors import Place, SpecError


def refuse_lookalikes(names: Mapping[str, Place | None]) -> None:
    """Raises SpecError where two names of a model differ and look the same. Those of ASCII alone never do."""
    if all(name.isascii() for name in names):
        return
    seen: dict[str, str] = {}
    for name, place in names.items():
        other = seen.setdefault(look(name), name)
        if other != name:
            raise SpecError(f"two names look alike: {codes(other)} and {codes(name)}", place, details=_where(names[other]),
                            hint="give one of them another name, or type both the same way")  # fmt: skip


def lookalike(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks like another one."""
    shape = look(name)
    return next((k for k in known if k != name and look(k) == shape), None)


def _where(first: Place | None) -> list[str]:
    if first is None:
        return []
    line, column = first.source.locate(first.start)[:2]
    return [f"the first is in line {line}, column {column}"]
