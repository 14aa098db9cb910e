"""A part of a document: the sections and rows that a person asked for. What is left out is said in the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wengert.show.document import Document, Kind, Line, Row, Section, Words
from wengert.show.words import selection as words

ONLY: dict[str, tuple[Kind, ...]] = {
    "forward": ("forward", "tangent", "list"),
    "reverse": ("reverse",),
    "gradient": ("gradient",),
}
_STEPS: tuple[Kind, ...] = (*ONLY["forward"], *ONLY["reverse"])


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows `first` to `last` of a table, counted from 1, both of them in it; None: from its first, to its last."""

    first: int | None
    last: int | None


def select(document: Document, only: str | None, rows: Rows | None) -> Document:
    """The document with the sections of that kind alone (a key of ONLY), and with those rows of the tables of the sweeps;
    results stay whole, unless they are all that was asked for."""
    sections = document.sections
    if only is not None:
        sections = tuple(_alone(s) for s in sections if s.kind in ONLY[only])
        if not sections:
            sections = (Section("", before=((Words(words.nothing_of(only)),),)),)
    if rows is not None:
        cut = _STEPS if only != "gradient" else ONLY["gradient"]
        sections = tuple(_cut(s, rows) if s.columns and s.kind in cut else s for s in sections)
    return replace(document, sections=sections)


def _alone(section: Section) -> Section:
    told = () if section.told_by else section.told
    return replace(section, before=(*told, *section.before), after=section.alone or section.after)


def _cut(section: Section, rows: Rows) -> Section:
    seen = _Seen()

    def after() -> Iterator[Line]:
        yield (Words(words.rows_shown(seen.first, seen.last, seen.total, rows.first, rows.last)),)
        yield from section.after()

    whole = (rows.first or 1) == 1 and (rows.last is None or rows.last >= section.told_by)
    before = section.before if whole or not section.told_by else (*section.told, *section.before)
    return replace(section, rows=lambda: _chosen(section, rows, seen), before=before, after=after, quick=None)


@dataclass(slots=True)
class _Seen:
    """Which rows were shown; `total` is how many there are, None where the table was not followed to its end."""

    first: int | None = None
    last: int = 0
    total: int | None = None
    opener: Row | None = None


def _chosen(section: Section, rows: Rows, seen: _Seen) -> Iterator[Row]:
    """The rows asked for. A first one that continues a statement begins with that statement, which would stand above it."""
    number = 0
    for number, row in enumerate(section.rows(), 1):
        if rows.last is not None and number > rows.last:
            return
        if row.opens:
            seen.opener = row
        if number < (rows.first or 1):
            continue
        if seen.first is None:
            seen.first = number
            if not row.opens and row.cells and row.cells[0] is None and seen.opener is not None:
                row = replace(row, cells=(seen.opener.cells[0], *row.cells[1:]), opens=True)
        seen.last = number
        yield row
    seen.total = number
