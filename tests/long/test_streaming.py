"""A list of 20,000 statements, 50,000 rows of working, goes to a file in the memory that computing it takes: measured as the
peak of a child process, against one that computes the same and renders nothing. `python -m pytest -m long` runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
STEPS = 10_000
ROWS = 50_000
MARGIN = 12  # MB
CHILD = """
import resource, sys
from wengert.cli import output
from wengert.cli.run import run

def nothing(self, content, look):
    for section in content.document().sections:
        for row in section.rows():
            pass

if sys.argv[2] == "nothing":
    output.Output.write = nothing
status = run(["trace", sys.argv[1], "--no-verify", "-f", sys.argv[3], "-o", sys.argv[4]])
print(status, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024))
"""


def peak(spec: Path, format: str, out: Path, render: bool = True) -> int:
    """In MB."""
    arguments = [str(spec), "all" if render else "nothing", format, str(out)]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=1800, check=True
    )
    status, megabytes = done.stdout.split()
    assert status == "0"
    return int(megabytes)


def test_a_long_list_streams(tmp_path: Path) -> None:
    formula = "x"
    for k in range(STEPS):
        formula = f"({formula})*x + {k % 7 + 1}"
    spec = tmp_path / "horner.yaml"
    spec.write_text(f"formula: {formula}\nat: {{x: 0.5}}\n", encoding="utf-8")
    bare = peak(spec, "text", tmp_path / "nothing", render=False)
    for format in ("text", "markdown", "csv", "jsonl"):
        out = tmp_path / format
        taken = peak(spec, format, out)
        with out.open(encoding="utf-8") as lines:
            assert sum(1 for _ in lines) >= ROWS
        assert taken - bare < MARGIN, format
