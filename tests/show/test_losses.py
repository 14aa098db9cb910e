"""Lost digits as a document shows them: the table of its own, the right value in the forward table, the word overflow."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import LastingJudge
from tests.programs import model
from wengert.report import Report, Settings, report
from wengert.show import text
from wengert.show.gradient import warnings
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.trace_document import trace_document
from wengert.show.words.losses import LOST_DIGITS, OVERFLOW
from wengert.tape.primitives import SYMBOLS


def traced(formula: str, at: dict[str, str], judge: LastingJudge | None, **more: str) -> Report:
    return report(model(formula, at), Settings(budget=60.0, verify=judge is not None, **more), True, judge)  # type: ignore[arg-type]


def written(made: Report) -> str:
    return "".join(text.render(trace_document(made, Digits()), Look(symbols=SYMBOLS)))


def section(whole: str, heading: str) -> list[str]:
    """The lines of a section, blanks between columns as one."""
    lines = whole.split(heading + "\n")[1].split("\n\n")[0].splitlines()
    return ["  ".join(part.strip() for part in line.split("  ") if part.strip()) for line in lines]


TABLES = [
    ("(1-cos(x))/x**2", "1e-8", [
        "v2 = 1 − v1  0  5e−17  1 and 0.99999999999999995 nearly cancel: every digit lost",
        "f = v2/v3  0  0.5  from v2: every digit lost",
        "x̄  1e8  −8.33333e−10  contributions −99999999.9999999992 and 99999999.9999999983 nearly cancel: every digit lost",
        "df/dx  1e8  −8.33333e−10  from x̄: every digit lost",
    ]),
    ("1 - tanh(x)", "20", [
        "v1 = tanh(x)  1  0.99999999999999999  tanh(20) is 1 in double precision (saturated)",
        "f = 1 − v1  0  8.49671e−18  from v1: every digit lost",
    ]),
    ("x + 1e20 - 1e20", "1", [
        "v1 = x + 1e20  100000000000000000000  100000000000000000001  1 is too small to be seen beside 1e20",
        "f = v1 − 1e20  0  1  from v1: every digit lost",
    ]),
    ("ln(x)", "1.0000000000001", [
        "f = ln(x)  9.99201e−14  1e−13  ln magnifies the rounding error of its argument: 13 of 16 digits lost",
    ]),
    ("tanh(x)", "400", [
        "df/dx  0  1.46715e−347  too small for a double: every digit lost (local partial of f = tanh(x))",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "x", "rows"), TABLES)
def test_the_table(formula: str, x: str, rows: list[str], judge: LastingJudge) -> None:
    made = traced(formula, {"x": x}, judge)
    found = section(written(made), LOST_DIGITS)
    assert found[0] == "quantity  in doubles  right value  why"
    assert [row.replace("∂f/∂x", "df/dx") for row in found[1 : 1 + len(rows)]] == rows
    assert found[-1] == "--precision 20 gives the right digits."
    assert made.verdict == "imprecise"


def test_no_table_where_nothing_was_lost(judge: LastingJudge) -> None:
    whole = written(traced("x**2", {"x": "3"}, judge))
    assert LOST_DIGITS not in whole
    assert "right value" not in whole


def test_the_right_value_stands_in_the_forward_row(judge: LastingJudge) -> None:
    forward = section(written(traced("1 - tanh(x)", {"x": "20"}, judge)), "Forward")
    assert forward[0] == "statement  numbers  value  right value"
    assert forward[-1] == "f = 1 − v1  1 − 1  ≈ 0  ≈ 8.49671e−18"
    assert section(written(traced("ln(sigmoid(x))", {"x": "40"}, judge)), "Forward")[-1].endswith("≈ 0  ≈ −4.24835e−18")


def test_without_verification_nothing_is_looked_for() -> None:
    assert "right value" not in written(traced("1 - tanh(x)", {"x": "20"}, None))
    code = ("import sys\nfrom wengert import pipeline\nmade = pipeline.trace('1 - tanh(x)', at={'x': 20}, verify=False)\n"
            "from wengert.show.trace_document import trace_document\nfrom wengert.show.numbers import Digits\n"
            "[list(s.rows()) for s in trace_document(made, Digits()).sections]\nprint('mpmath' in sys.modules)\n")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"


def test_a_value_that_is_wrong_in_hidden_digits_only(judge: LastingJudge) -> None:
    whole = written(traced("sin(x) - x", {"x": "1e-5"}, judge))
    assert "The value of f is imprecise in digits not shown." in whole


def test_numbers_that_do_not_add_up_as_printed_are_left_out(judge: LastingJudge) -> None:
    for asked in (judge, None):
        row = section(written(traced("(1-cos(x))/x**2", {"x": "1e-4"}, asked)), "Derivative")[1]
        assert row.startswith("df/dx  sin(x)/x² − 2·(1 − cos(x))/x³  …  ≈ 0.0000441080")


# -- overflow

QUOTIENT = ("exp(x)/exp(y)", {"x": "-740", "y": "-741"})


def test_an_overflow_is_told_with_the_true_value(judge: LastingJudge) -> None:
    made = traced(*QUOTIENT, judge)
    whole = written(made)
    assert "∞" not in whole
    assert "v̄2: overflow" in whole
    found = section(whole, LOST_DIGITS)
    assert f"∂f/∂v2  {OVERFLOW}  −1.76403e322  too large for a double: every digit lost (local partial of f = v1/v2)" in found
    assert f"∂f/∂y  {OVERFLOW}  −2.71828  from ∂f/∂v2: every digit lost" in found
    assert "v̄2 overflows in double precision: its value is −1.8e322" in warnings(made)
    assert "x̄ is lost to an overflow in double precision: its value is 2.7" in warnings(made)


def test_an_overflow_is_told_without_verification_too() -> None:
    made = traced(*QUOTIENT, None)
    assert "∞" not in written(made)
    assert "v̄2 overflows in double precision: its value is −1.8e322" in warnings(made)


def test_a_pole_is_no_overflow() -> None:
    made = traced("sqrt(x)", {"x": "0"}, None)
    assert warnings(made) == []
    assert OVERFLOW not in written(made)
    assert "∞" in written(made)
