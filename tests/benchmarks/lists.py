"""What a list costs: building it and sweeping it, beside micrograd, casadi and autograd."""

from __future__ import annotations

from tests.benchmarks.measure import Row

ROWS: list[Row] = []
