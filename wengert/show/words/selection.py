"""The sentences of a document of which a part is shown."""

from __future__ import annotations


def nothing_of(only: str) -> str:
    return f"Here is no part of that kind (--only {only})."


def rows_shown(first: int | None, last: int, total: int | None, wanted_first: int | None, wanted_last: int | None) -> str:
    """`total` is None where there are more rows behind the last one."""
    if first is None:
        asked = f"{wanted_first or 1}" + (f" to {wanted_last}" if wanted_last is not None else "")
        return f"No row {asked} (--rows): the table has {total or 0}."
    rows = f"Row {first}" if first == last else f"Rows {first} to {last}"
    return f"{rows}{f' of {total}' if total is not None else ''} (--rows)."
