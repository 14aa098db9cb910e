"""Tables by name: what a person reads numbers, formulas and verdicts from, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice
from typing import Any, Generic, TypeVar

from wengert.errors import UsageError

V = TypeVar("V")
SHOWN = 12  # entries of a table's repr
NEAREST = 3


class Missing(UsageError, AttributeError):
    """What was not asked for, and so was not computed: `r.tangents` of a reverse sweep. `hasattr` says no."""


class NoSuchName(UsageError, KeyError):
    """A table has no entry of that name."""


class Table(Mapping[str, V], Generic[V]):
    """Entries by name: `t["x1"]`, and `t["f", "x1"]` for `t["f"]["x1"]` of a table of tables. It compares like a dictionary.

    `names` makes the names in their order, `entry` an entry (KeyError for a name that has none); `what` is said of such a name.
    """

    __slots__ = ("_entry", "_names", "_what")

    def __init__(self, names: Callable[[], Iterable[str]], entry: Callable[[str], V], what: str) -> None:
        self._names = names
        self._entry = entry
        self._what = what

    @classmethod
    def of(cls, names: Sequence[str], entry: Callable[[str], V], what: str) -> Table[V]:
        """The table over these names alone."""
        known = {name: name for name in names}
        return cls(lambda: known, lambda name: entry(known[name]), what)

    def __getitem__(self, name: str | tuple[str, ...]) -> Any:
        if isinstance(name, tuple):
            found: Any = self
            for part in name:
                found = found[part]
            return found
        try:
            return self._entry(name)
        except KeyError:
            raise NoSuchName(f"there is no {self._what} of {name}", hint=self._near(name)) from None

    def _near(self, name: object) -> str | None:
        """What may have been meant."""
        known = list(islice(self._names(), 5000))
        found: list[str] = import_module("difflib").get_close_matches(str(name), known, NEAREST)
        if found:
            return f"did you mean {' or '.join(found)}?"
        return f"there are {', '.join(known[:SHOWN])}{', …' if len(known) > SHOWN else ''}" if known else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return sum(1 for _ in self._names())

    def __contains__(self, name: object) -> bool:
        try:
            self._entry(name)  # type: ignore[arg-type]
        except KeyError:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return dict(self) == (dict(other) if isinstance(other, Mapping) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        names = list(islice(self._names(), SHOWN + 1))
        shown = ", ".join(f"{name!r}: {self[name]!r}" for name in names[:SHOWN])
        return f"{{{shown}, … {len(self) - SHOWN:,} more}}" if len(names) > SHOWN else f"{{{shown}}}"

    def _ipython_key_completions_(self) -> list[str]:
        """What a notebook offers behind `t["`."""
        return list(islice(self._names(), 5000))
