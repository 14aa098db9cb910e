"""What many digits may take: reckoned before, the same on every machine, held against the budget."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.programs import model
from wengert.cli.run import run as run_line
from wengert.report import Settings, report
from wengert.show.loss_section import loss_section
from wengert.show.numbers import Digits as Shown
from wengert.show.overflows import overflow_warnings
from wengert.sweep import effort
from wengert.sweep.arithmetics import MAX_ANGLE, Digits
from wengert.sweep.choice import Choice
from wengert.sweep.effort import Effort, OutOfTime, seconds
from wengert.sweep.precise import Watched
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.verify.judge import Judge

FEW, MANY = Digits(40), Digits(5120)


@pytest.mark.parametrize("name", sorted(FEW.functions.keys() - effort.CHEAP))
def test_a_function_takes_more_in_more_digits(name: str) -> None:
    taken = [seconds(name, digits, MANY.context.mpf(7)) for digits in (40, 320, 5120, 40960)]
    assert all(0 < one < other for one, other in pairwise(taken))
    assert taken[-1] / taken[-2] < 8**3  # no worse than its cube, which is erf's


# the argument of erf and erfc, in 5,120 digits, beside seconds that were measured (Python 3.11, one core, no gmpy2)
ERF = [
    ("erf", "0.636", 0.19), ("erf", "10", 0.52), ("erf", "30", 1.3), ("erf", "100", 10.1), ("erf", "1e400", 0.02),
    ("erfc", "5", 0.34), ("erfc", "30", 1.9), ("erfc", "100", 30), ("erfc", "-30", 1.3), ("erfc", "1e400", 0.1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "x", "measured"), ERF)
def test_what_erf_takes_depends_on_how_far_out(name: str, x: str, measured: float) -> None:
    assert measured / 4 < seconds(name, 5120, MANY.decimal(x)) < measured * 4


@pytest.mark.parametrize("x", ["nan", "inf", "-inf", "0", "1e-400000", "-1e400000"])
@pytest.mark.parametrize("name", ["erf", "erfc", "sin", "tan", "exp", "atan"])
def test_every_argument_takes_some_time(name: str, x: str) -> None:
    c = MANY.context
    assert 0 < seconds(name, 5120, getattr(c, x) if x in ("nan", "inf") else -c.inf if x == "-inf" else MANY.decimal(x)) < 1


def test_a_large_angle_takes_longer_up_to_the_largest() -> None:
    c = FEW.context
    small, large, beyond = (seconds("sin", 40, c.mpf(10) ** power) for power in (0, MAX_ANGLE - 1, 10 * MAX_ANGLE))
    assert small < large / 100
    assert beyond == pytest.approx(large, rel=0.01)  # it is refused


@pytest.mark.parametrize("digits", [30, 400])
def test_erf_is_1_where_it_is_to_the_last_digit(digits: int) -> None:
    arithmetic = Digits(digits)
    c = arithmetic.context
    for k in range(-300, 300, 7):
        assert arithmetic.functions["erf"](c.mpf(k) / 7) == c.erf(c.mpf(k) / 7)


def test_it_is_told_before_it_is_worked_out() -> None:
    arithmetic = Watched(5120, 1200, Effort(limit=5, count=20))
    with pytest.raises(OutOfTime) as caught:
        arithmetic.functions["erfc"](arithmetic.context.mpf(100))
    assert caught.value.report() == (
        "error: 20 digits take more than 5 s: 5,120 working digits or more are needed\n"
        "  hint: --budget gives more; fewer digits take less"
    )


# what takes long, beside a budget that is not enough for it and one that is
LONG = [
    ("log1p(erfc(x))", "100.01", 5, None),
    ("sin(sin(sin(x)))", "1e200", 1e-4, 60),
    ("f = x - 1e-900; g = ln(1 + x) - ln(1 + f)", "1", 0.001, 60),
]


@pytest.mark.parametrize(("text", "x", "short", "enough"), LONG)
def test_many_digits_keep_to_the_budget(text: str, x: str, short: float, enough: float | None) -> None:
    with pytest.raises(OutOfTime):
        run(lower(model(text, {"x": x})), choice=Choice(digits=20, seconds=short))
    if enough is not None:
        found = run(lower(model(text, {"x": x})), choice=Choice(digits=20, seconds=enough))
        assert found.values == run(lower(model(text, {"x": x})), choice=Choice(digits=20)).values


def test_higher_orders_keep_to_it_too() -> None:
    with pytest.raises(OutOfTime):
        run(lower(model("exp(sin(x))**x", {"x": "2"})), choice=Choice(digits=1000, order=6, seconds=0.01))


def test_the_status_is_that_of_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_line(["trace", "log1p(erfc(x))", "--at", "x=100.01", "--precision", "20"]) == 3
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[1]) == ("", "  hint: --budget gives more; fewer digits take less")


# -- doubles, beside which many digits are looked at: what was skipped is said


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step takes a day."""
    monkeypatch.setattr(effort, "LEAST", 86_400.0)


def lines_of(section: Any) -> list[str]:
    list(section.rows())
    return ["".join(getattr(piece, "text", "") for piece in line) for line in section.after()]


TAKES = "20 digits take more than 60 s: 40 working digits or more are needed"


@pytest.mark.usefixtures("slow")
def test_it_is_said_that_the_statements_to_blame_were_not_looked_for(judge: Judge) -> None:
    made = report(model("(x + 1e20) - 1e20", {"x": "0.3"}), Settings(budget=60.0), True, judge)
    assert made.verification is not None
    assert {v.verdict for v in made.verification.values.values()} == {"imprecise"}
    said = f"Which statements lost them was not looked for: {TAKES} (--budget gives more)."
    assert lines_of(loss_section(made, Shown(6))) == [said]


def test_that_many_digits_give_the_right_ones(judge: Judge) -> None:
    made = report(model("(x + 1e20) - 1e20", {"x": "0.3"}), Settings(budget=60.0), True, judge)
    assert lines_of(loss_section(made, Shown(6))) == ["--precision 20 gives the right digits."]


@pytest.mark.usefixtures("slow")
def test_it_is_said_that_an_infinity_may_be_an_overflow() -> None:
    trace = run(lower(model("1/x", {"x": "1e-160"})), choice=Choice(seconds=60))
    assert overflow_warnings(trace) == [f"whether what is infinite in doubles has a value was not worked out: {TAKES}"]
