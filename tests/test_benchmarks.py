"""The benchmark can be run where its peers are not installed, and its own sides do what they say; no clock is looked at."""

from __future__ import annotations

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import lists
from tests.benchmarks.measure import Measured
from wengert.sweep.trace import run
from wengert.tape.lower import lower


def test_the_rows_are_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", "--list"])
    assert benchmarks.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [row.name for row in benchmarks.ROWS]
    assert len({row.name for row in benchmarks.ROWS}) == len(lines)


@pytest.mark.parametrize(("ours", "theirs", "ratio"), [([3.0, 1.0, 2.0], [4.0, 8.0, 4.0], 0.5), ([1.0], [2.0], 0.5)])
def test_a_ratio_is_one_of_medians(ours: list[float], theirs: list[float], ratio: float) -> None:
    assert Measured(ours, theirs).ratio == ratio


@pytest.mark.parametrize("statements", [300, 3_000])
def test_the_formula_has_so_many_statements(statements: int) -> None:
    assert abs(lists.way(statements) - statements) <= 3


def test_the_network_is_the_one_that_is_said() -> None:
    model = lists.network(9)
    found = run(lower(model))
    assert model.network is not None
    assert [layer.size for layer in model.network.layers] == [9, 9, 1]
    assert found.list.sums  # so that the row measures what it is about
    assert all(found.derivative("L", name) for name in model.wrt if name.startswith("b"))
