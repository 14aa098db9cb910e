"""The document of train: what its tables hold, which steps have a row, and the curve."""

from __future__ import annotations

from pathlib import Path

import pytest

import wengert
from wengert.cli.run import run
from wengert.show.curve import BLANK, curve
from wengert.show.spelling import ascii_words
from wengert.show.train_document import steps_told

SAMPLES = Path(wengert.__file__).parents[1] / "samples"


STRAIGHT = ("⠑⢄⠀⠀", "⠀⠀⠑⢄")


def lines_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert run(["train", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_step_in_full_adds_up_as_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of([str(SAMPLES / "mazur-2-2-2.yaml"), "--digits", "8", "--budget", "100"], capsys)
    row = next(line.split() for line in lines if line.startswith("w5 "))
    assert row == ["w5", "≈", "0.082167041", "0.4", "−", "0.5·0.08216704056", "≈", "0.35891648"]
    assert round(0.4 - 0.5 * 0.08216704056, 8) == 0.35891648
    assert "E_total ≈ 0.29837111 before step 1, ≈ 0.29102777 after it." in lines
    assert "Checked by sympy: 8 of 8 derivatives proved." in lines
    assert "Left alone (frozen): b1, b2." in lines
    assert "All derivatives of a step come from one forward pass: no new value is used before the next step." in lines


def test_exact_numbers_have_an_equals_sign(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(["(x - 1)**2", "--at", "x=3", "--rate", "1/4", "--no-verify"], capsys)
    assert next(line.split() for line in lines if line.startswith("x ")) == ["x", "=", "4", "3", "−", "0.25·4", "=", "2"]
    assert "Not verified (--no-verify)." in lines


def test_exact_numbers_have_an_equals_sign_in_later_steps_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Defect: from the second step on, 2 − 0.25·4 was ≈ 1.00000."""
    lines = lines_of(["x**2", "--at", "x=4", "--rate", "0.25", "--steps", "3", "--no-verify"], capsys)
    rows = [" ".join(line.split()) for line in lines]
    assert [row for row in rows if row.startswith("x ")] == [
        "x = 8 4 − 0.25·8 = 2", "x = 4 2 − 0.25·4 = 1", "x = 2 1 − 0.25·2 = 0.5",
    ]  # fmt: skip
    assert "f = 1 before step 3, = 0.25 after it." in rows
    assert rows[rows.index("f by step") + 2 :][:4] == ["0 = 16", "1 = 4", "2 = 1", "3 = 0.25"]


@pytest.mark.parametrize(("rate", "said"), [("1/3", "η ≈ 0.33333333"), ("1/4", "η = 0.25"), ("sqrt(2)", "η ≈ 1.4142136")])
def test_a_rounded_rate_has_no_equals_sign(rate: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(["x**2", "--at", "x=1", "--rate", rate, "--steps", "2", "--no-verify"], capsys)
    assert any(f"with {said}; g" in line for line in lines)


@pytest.mark.parametrize(("at", "relation"), [("1", "="), ("1/3", "≈")])
def test_the_table_of_steps_begins_as_the_first_step(at: str, relation: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(["x**2", "--at", f"x={at}", "--rate", "0.3", "--steps", "2", "--no-verify"], capsys)
    before = next(line for line in lines if " before step 1" in line).removeprefix("f ").split(" before")[0]
    assert before.startswith(relation)
    rows = [line.split(maxsplit=1) for line in lines[lines.index("f by step") + 2 :]]
    assert rows[0] == ["0", before]


@pytest.mark.parametrize(("options", "value"), [([], "0.111111111111111"), (["--digits", "4"], "0.1111")])
def test_csv_has_15_digits_for_those_who_plot_it(options: list[str], value: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(["x**2", "--at", "x=1", "--rate", "1/3", "--steps", "2", "--no-verify", "-f", "csv", *options], capsys)
    assert f"f by step,,,,,1,{value}" in lines


def test_adam_shows_every_formula_with_its_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(["x**2", "--at", "x=1", "--rate", "0.1", "--optimizer", "adam", "--no-verify"], capsys)
    rows = [line.split(maxsplit=1) for line in lines[lines.index("Step 1") + 2 :]][:6]
    assert [r[0] for r in rows] == ["x", "m", "v", "m_hat", "v_hat", "w"]
    text = "\n".join(lines)
    assert "0.9·0 + (1 − 0.9)·2" in text
    assert "0.999·0 + (1 − 0.999)·2²" in text
    assert "1 − 0.1·2/(2 + 1e−8)" in text
    assert "Kingma & Ba 2015, algorithm 1" in text


def test_many_parameters_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of([str(SAMPLES / "deep-sigmoid.yaml"), "--no-verify", "--steps", "20"], capsys)
    assert lines.count("The first 20 of 400 parameters are shown; -f json has all of them.") == 2
    assert "Step 1" in lines
    assert "Step 2" not in lines


def test_outputs_stand_beside_their_targets(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of([str(SAMPLES / "softmax-classifier.yaml"), "--no-verify", "--steps", "100"], capsys)
    rows = [line.split() for line in lines[lines.index("Outputs and targets after 100 steps") + 2 :][:3]]
    assert [(r[0], r[-1]) for r in rows] == [("a1", "0"), ("a2", "1"), ("a3", "0")]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (1, [0, 1]),
        (12, list(range(13))),
        (50, list(range(0, 51, 5))),
        (5000, [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]),
        (100_000, [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]),
    ],
)
def test_steps_with_a_row(steps: int, told: list[int]) -> None:
    assert steps_told(steps) == told


# -- the curve


def test_a_straight_line() -> None:
    drawn = curve([3.0, 2.0, 1.0], 4, 2)
    assert drawn is not None
    assert (drawn.top, drawn.bottom, drawn.logarithmic) == (3.0, 1.0, False)
    assert drawn.lines == STRAIGHT
    assert [ascii_words(line) for line in drawn.lines] == ["'.  ", "  '."]


def test_a_logarithmic_scale_where_the_values_span_it() -> None:
    drawn = curve([10.0 ** -n for n in range(5)], 4, 2)
    assert drawn is not None
    assert drawn.logarithmic
    assert drawn.lines == STRAIGHT
    assert not curve([-1.0, 1000.0], 4, 2).logarithmic  # type: ignore[union-attr]


def test_no_peak_is_lost_between_columns() -> None:
    values = [0.0] * 10_000
    values[5_123] = 1.0
    drawn = curve(values, 20, 4)
    assert drawn is not None
    assert any(ord(c) > BLANK for c in drawn.lines[0])


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0]])
def test_nothing_to_draw(values: list[float]) -> None:
    assert curve(values, 10, 4) is None


def test_values_of_any_size() -> None:
    for values in ([-1.7e308, 1.7e308], [5e-324, 1e308], [0.0, 5e-324]):
        assert curve(values, 10, 4) is not None
