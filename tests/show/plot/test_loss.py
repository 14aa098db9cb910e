"""The loss by step: what stands on paper is the history."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from tests.show.plot.drawn import Drawn, sound
from wengert.show.numbers import Digits
from wengert.show.plot.loss import COLUMNS, loss_plot, thinned
from wengert.show.plot.svg import svg
from wengert.sweep.optimizers import OPTIMIZERS
from wengert.sweep.training import Training

DIGITS = Digits(6)


def training(history: Sequence[float], of: str = "L") -> Training:
    """A training of which only the history is looked at."""
    return Training(None, of, (), OPTIMIZERS["sgd"], 0.5, history, (), None, (), (), 0.05)  # type: ignore[arg-type]


def drawn(history: Sequence[float], **told: str) -> Drawn:
    made = training(history, told.get("of", "L"))
    return sound(svg(loss_plot(made, told.get("title"), [told["note"]] if "note" in told else [], DIGITS)))


HISTORIES = [
    pytest.param([0.298371, 0.291028], id="one step"),
    pytest.param([1 / (n + 1) for n in range(6)], id="a few"),
    pytest.param([math.exp(-n / 40) + 0.01 for n in range(101)], id="a hundred"),
    pytest.param([math.exp(-n / 40) for n in range(401)], id="logarithmic"),
    pytest.param([1.44**n for n in range(16)], id="diverging"),
    pytest.param([10.0 ** (20 * n) for n in range(-15, 16)], id="giant"),
    pytest.param([1e308, -1e308, 0.0], id="beyond the differences of doubles"),
    pytest.param([-1.0, -2.0, -2.5], id="negative"),
    pytest.param([0.0, 0.0], id="nothing to do"),
    pytest.param([3.0, 3.0, 3.0], id="still"),
    pytest.param([1e-320, 5e-324], id="subnormal"),
]


@pytest.mark.parametrize("history", HISTORIES)
def test_the_curve_is_the_history(history: list[float]) -> None:
    made = drawn(history)
    points = made.values("L")
    assert [round(x, 2) for x, _ in points] == [pytest.approx(n, abs=0.02 * len(history)) for n in range(len(history))]
    span = max(history) / 4 - min(history) / 4 or 1.0
    for n, (_, y) in enumerate(points):
        if made.y.logarithmic:
            assert math.log10(y) == pytest.approx(math.log10(history[n]), abs=1e-3 * (made.y.ticks[-1][1] - made.y.ticks[0][1]))
        else:
            assert y / 4 == pytest.approx(history[n] / 4, abs=1e-3 * span + 1e-322)
    assert f"{DIGITS.result(history[-1]).replace('-', '−')} in {len(history) - 1} step" in made.description


def test_the_scale_is_that_of_the_document() -> None:
    assert drawn([1.0, 0.011]).y.logarithmic is False
    assert drawn([1.0, 0.01]).y.logarithmic is True
    assert drawn([1.0, 0.0]).y.logarithmic is False


def test_few_steps_are_marked_each() -> None:
    assert drawn([3.0, 2.0, 1.0]).marks("value") == [pytest.approx((n, 3 - n), abs=0.01) for n in range(3)]
    assert drawn([1 / (n + 1) for n in range(100)]).marks("value") == []


def test_very_many_steps_keep_every_peak() -> None:
    history = [1.0 + (n == 77_777) * 5 - (n == 12_345) * 0.5 for n in range(100_000)]
    points = thinned(history, COLUMNS)
    assert len(points) < 5 * COLUMNS
    assert {(77_777.0, 6.0), (12_345.0, 0.5), (0.0, 1.0), (99_999.0, 1.0)} <= set(points)
    assert [x for x, _ in points] == sorted({x for x, _ in points})
    assert max(y for _, y in drawn(history).values("L")) == pytest.approx(6, abs=0.02)


def test_names_and_titles_are_text() -> None:
    evil = "</text><script>alert(1)</script><text x='1' y=\"2\">&amp;\x1b[31m\u202e\ufffe"
    made = drawn([2.0, 1.0], title=evil, of=evil, note=evil)
    assert not [e for e in made.root.iter() if "script" in e.tag]
    assert made.title.startswith("</text><script>alert(1)</script><text x='1' y=\"2\">&amp;")
    assert not {"\x1b", "\u202e", "\ufffe"} & set(made.title + "".join(made.texts))


@pytest.mark.parametrize("length", [30, 100, 1000])
def test_long_names_and_titles_are_cut_on_paper_and_whole_for_a_reader(length: int) -> None:
    title = "W" * length + " and so on " * (length // 10)
    made = drawn([2.0, 1.0], title=title, of="L" * length, note="long " * length)
    assert made.title == title
