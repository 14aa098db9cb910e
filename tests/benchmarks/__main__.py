"""python -m tests.benchmarks: wengert beside what people use instead, as ratios of medians measured in one run.

    python -m tests.benchmarks                  all rows, as a table
    python -m tests.benchmarks network train    those whose names begin so
    python -m tests.benchmarks --json FILE      also as JSON
    python -m tests.benchmarks --list           the rows

The peers come with `pip install ".[bench]"`. No row is a test: a ratio depends on the machine.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks import judging, lists, printing, start
from tests.benchmarks.measure import Measured, Row

ROWS: list[Row] = [*start.ROWS, *lists.ROWS, *judging.ROWS, *printing.ROWS]
PEERS = ("typer", "rich", "sympy", "numpy", "micrograd", "autograd", "casadi")


def main() -> int:
    read = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="wengert beside what people use instead")
    read.add_argument("names", nargs="*", help="rows whose names begin so (all)")
    read.add_argument("--runs", type=int, default=5, help="how often each side is measured (5)")
    read.add_argument("--json", metavar="FILE", help="where the table goes as JSON, too")
    read.add_argument("--list", action="store_true", help="the rows, without measuring")
    asked = read.parse_args()
    rows = [r for r in ROWS if not asked.names or r.name.startswith(tuple(asked.names))]
    if asked.list:
        print("\n".join(f"{r.name:14} {r.what} / {r.against} ≤ {r.most:g}" for r in rows))
        return 0
    found: list[tuple[Row, Measured]] = []
    for row in rows:
        measured = row.measure(asked.runs)
        found.append((row, measured))
        print(_line(row, measured), flush=True)
    if asked.json:
        Path(asked.json).write_text(json.dumps(_record(found, asked.runs), indent=2) + "\n", encoding="utf-8")
    return 0


def _line(row: Row, m: Measured) -> str:
    met = "met" if m.ratio <= row.most else "missed"
    figures = f"{_figure(m.ours, m.unit):>10} / {_figure(m.theirs, m.unit):<10}"
    return f"{row.name:14} {figures} ratio {m.ratio:8.3f}  ≤ {row.most:<5g} {met:7} {row.what} / {row.against}"


def _figure(figures: Any, unit: str) -> str:
    middle = median(figures)
    if unit != "s":
        return f"{middle:.4g} {unit}"
    return f"{middle * 1e3:.4g} ms" if middle < 10 else f"{middle:.4g} s"


def _record(found: list[tuple[Row, Measured]], runs: int) -> dict[str, Any]:
    return {
        "python": platform.python_version(), "machine": platform.machine(), "runs": runs,
        "versions": {name: _version(name) for name in PEERS},
        "rows": [
            {"name": r.name, "what": r.what, "against": r.against, "most": r.most, "ratio": m.ratio, "met": m.ratio <= r.most,
             "ours": list(m.ours), "theirs": list(m.theirs), "unit": m.unit, **m.beside}
            for r, m in found
        ],
    }  # fmt: skip


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
