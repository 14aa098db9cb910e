"""The sentences of what Python's prompt and a notebook show."""

from __future__ import annotations


def more(rows: int) -> str:
    return f"… {rows:,} further rows"


def rows_left(rows: int) -> str:
    """In a notebook's cell, which holds only the first rows of a long table."""
    return f"The first {rows:,} rows; .save(\"trace.html\") has them all."
