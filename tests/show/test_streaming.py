"""20,000 rows are handed out piece by piece, in memory that does not grow with them."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator

import pytest

from wengert.show.document import Adjoint, Column, Document, Equation, Name, Number, Product, Result, Row, Section
from wengert.show.formats import Content, pieces
from wengert.show.look import Look

FEW, MANY = 2_000, 8_000
MARGIN = 300_000  # bytes: caches fill up; 6,000 rows held would be 0.6 to 2.8 million
LOOK = Look()


def rows(count: int) -> Iterator[Row]:
    """Rows of a reverse sweep, each with numbers of its own."""
    for n in range(count):
        value = f"{n % 97}.{n:06d}"
        product = Equation((Product((Adjoint("f", "v1"), Name("x"))), Number(value)))
        yield Row((product, Result(value, n % 2 == 0), Equation((Adjoint("f", "x1"), Number(value)), ("≈",))), n % 2 == 0)


def content(count: int) -> Content:
    columns = (Column("contribution"), Column("value"), Column("adjoint so far"))
    section = Section("Reverse", columns, lambda: rows(count))
    entries = ({"name": f"v{n}", "value": n / 7, "formula": "v1*x"} for n in range(count))
    parts = (("schema", "s"), ("statements", entries), ("verdict", None))
    return Content(lambda: Document("A title", (), (section,)), dict, lambda: iter(parts))


def peak(format: str, count: int) -> tuple[int, int, int]:
    """What rendering takes at most, the longest piece, and how many lines came out."""
    made = content(count)
    tracemalloc.start()
    lines = longest = 0
    for piece in pieces(format, LOOK, made):
        lines += piece.count("\n") if isinstance(piece, str) else 0
        longest = max(longest, len(piece))
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest, longest, lines


@pytest.mark.parametrize("format", ["text", "markdown", "csv", "jsonl"])
def test_memory_does_not_grow_with_the_rows(format: str) -> None:
    list(itertools.islice(pieces(format, LOOK, content(FEW)), FEW))  # what is imported and cached is there
    few, _, _ = peak(format, FEW)
    many, longest, lines = peak(format, MANY)
    assert lines >= MANY
    assert longest < 60_000  # of text, a block of 500 rows
    assert many - few < MARGIN
