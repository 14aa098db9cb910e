"""What a row says again of the row that it goes on with: everything that is short, of a long formula its name."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
import yaml

import wengert


def largest(count: int, format: str) -> str:
    """Two statements that are alike, of so many operands each; a third that has few."""
    names = [f"x{i}" for i in range(count)]
    text = f"a = max({', '.join(names)}); b = max({', '.join([*names[1:], 'a'])}); y = a*b"
    return str(wengert.trace(text, at={name: n + 0.5 for n, name in enumerate(names)}, verify=False).to(format))


def neuron(count: int, format: str, folder: Path) -> str:
    path = folder / "neuron.yaml"
    layers = [{"units": 1, "activation": "tanh", "init": {"scheme": "xavier", "random_seed": 1}}]
    spec = {"inputs": [0.5] * count, "layers": layers, "targets": [1], "loss": "mse"}
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    return str(wengert.trace(path, verify=False).to(format))


@pytest.mark.parametrize(
    ("count", "b", "a"),
    [
        (3, {"b = max(x1, x2, a)"}, {"a = max(x0, x1, x2)"}),
        (60, {"b", "b = max(" + ", ".join(f"x{i}" for i in range(1, 60)) + ", a)"},
         {"a", "a = max(" + ", ".join(f"x{i}" for i in range(60)) + ")"}),
    ],
)  # fmt: skip
def test_what_the_reverse_table_says_of_each_statement(count: int, b: set[str], a: set[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(largest(count, "csv"))))
    said = [row["from"] for row in rows if row["section"].startswith("Reverse")]
    assert {text for text in said if text.startswith("y")} == {"y = a*b"}
    assert {text for text in said if text.startswith("b")} == b
    assert {text for text in said if text.startswith("a")} == a
    for name in "ba":
        assert sum(text.startswith(name) for text in said) == count
        assert said.index(max((t for t in said if t.startswith(name)), key=len)) == min(
            n for n, text in enumerate(said) if text.startswith(name)
        )


@pytest.mark.parametrize("format", ["csv", "html", "text", "markdown", "latex", "typst"])
def test_a_statement_of_many_operands_is_written_in_proportion_to_them(format: str, tmp_path: Path) -> None:
    """Twice the operands, about twice the text: a row an operand, and the statement once. (In the JSON each derivative has its
    formula, in which all operands stand.)"""
    few, many = (len(neuron(count, format, tmp_path)) for count in (50, 100))
    assert many < 2.3 * few


def test_a_page_says_the_short_ones_to_those_who_do_not_see() -> None:
    page = largest(60, "html")
    hidden = re.findall(r'<span class="again">(.*?)</span>', page)
    assert len(hidden) == 59 + 59 + 1
    assert max(map(len, hidden)) < 200
