"""What the judge costs: verified derivatives beside sympy's own."""

from __future__ import annotations

from tests.benchmarks.measure import Row

ROWS: list[Row] = []
