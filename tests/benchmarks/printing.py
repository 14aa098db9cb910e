"""What printing costs: tables of many rows beside csv.writer on the same rows."""

from __future__ import annotations

from tests.benchmarks.measure import Row

ROWS: list[Row] = []
