"""The Jacobian and the Hessian as matrices, and the tables of derivatives of higher order."""

from __future__ import annotations

import pytest

from tests.conftest import LastingJudge
from tests.show.test_documents import SAMPLES, differentiated, reported, sections, text
from wengert.show.document import Column, Number, Result, Row, Words
from wengert.show.layout import Grid, plain_table
from wengert.show.notation import TextNotation
from wengert.show.numbers import Digits
from wengert.show.trace_document import trace_document

JACOBIAN = "Jacobian matrix (a row for each output, a column for each name)"
EVERY_PAIR = ", and likewise for every pair: each mixed derivative is worked out once "
HESSIAN = "Hessian matrix (a row and a column for each name)"


def _traced(formula: str, at: str | None, ascii: bool = False, **more: object) -> dict[str, list[str]]:
    return sections(text(trace_document(reported(formula, at, at_point=True, **more), Digits(6)), ascii))  # type: ignore[arg-type]


def test_a_matrix_has_no_equations_and_stands_by_its_points() -> None:
    shown = _traced("a = x*y**2; b = sin(x)*y", "x=1,y=2", of="a,b")
    assert shown[JACOBIAN] == ["      ∂/∂x        ∂/∂y", "a     4           4", "b   ≈ 1.08060   ≈ 0.841471"]


def test_an_exact_matrix() -> None:
    shown = _traced("r = x*cos(t); s = x*sin(t)", "x=2,t=pi/6", of="r,s", numbers="exact")
    assert shown[JACOBIAN] == ["    ∂/∂x   ∂/∂t", "r   √3/2   −1", "s    1/2   √3"]


def test_a_hessian_is_headed_by_what_is_differentiated() -> None:
    shown = _traced("x**2*y + y**3", "x=2,y=3", order=2)
    assert shown[HESSIAN] == ["        ∂/∂x   ∂/∂y", "∂f/∂x   6       4", "∂f/∂y   4      18"]


def test_points_below_one_another() -> None:
    grid = Grid((Column("", "point"),), TextNotation())
    rows = [Row((Result("-12.5", True),)), Row((Result("0.25", False),)), Row((Number("7"),)), Row((Words("undefined"),))]
    assert list(plain_table(grid, rows)) == ["        −12.5\n≈         0.25\n          7\n  undefined\n"]


# -- derivatives of higher order


def test_every_second_derivative_says_where_it_comes_from() -> None:
    shown = _traced("x**2*y", "x=2,y=3", order=2)["Second derivatives"]
    assert shown[0] == "∂²f/∂x∂y = ∂²f/∂y∂x: each mixed derivative is worked out once (the Hessian is symmetric)."
    assert [line.split("   ")[1].strip() for line in shown[2:5]] == ["∂/∂x of ∂f/∂x", "∂/∂y of ∂f/∂x", "∂/∂y of ∂f/∂y"]


@pytest.mark.parametrize(
    ("formula", "at", "more", "heading", "sentence"),
    [
        ("p*q*r", "p=1,q=2,r=3", {"order": 2}, "Second derivatives",
         "∂²f/∂p∂q = ∂²f/∂q∂p" + EVERY_PAIR + "(the Hessian is symmetric)."),
        ("a = x*y; b = x + y", "x=1,y=2", {"order": 2, "of": "a,b"}, "Second derivatives",
         "∂²a/∂x∂y = ∂²a/∂y∂x" + EVERY_PAIR + "(every Hessian is symmetric)."),
        ("x*y*z", "x=1,y=2,z=3", {"order": 3}, "Derivatives of order 3",
         "The order of differentiation does not matter: each mixed derivative is worked out once."),
        ("abs(x)*y", "x=0,y=1", {"order": 2}, "Second derivatives",
         "Each mixed derivative is worked out once, in the order of the names."),
    ],
)  # fmt: skip
def test_the_sentence_of_symmetry_has_the_names_of_the_model(
    formula: str, at: str, more: dict[str, object], heading: str, sentence: str
) -> None:
    assert _traced(formula, at, **more)[heading][0] == sentence


def test_one_name_has_no_mixed_derivatives() -> None:
    shown = _traced("x**3", "x=2", order=3)["Derivatives of order 1 to 3"]
    assert "from" in shown[0] and "d/dx of d²f/dx²" in shown[3]


def test_ascii_has_one_way_to_write_a_second_derivative() -> None:
    shown = "\n".join(_traced("exp(x*y)", "x=1,y=2", ascii=True, order=2)["Second derivatives"])
    assert shown.isascii() and "d2f/(dx dy) = d2f/(dy dx)" in shown and "d2f/dx**2 " in shown and "d**2f" not in shown


def test_a_network_keeps_its_names_at_second_order(judge: LastingJudge) -> None:
    shown = text(trace_document(reported(SAMPLES / "two-two-one.yaml", judge=judge, wrt="w5,w6", order=2, at_point=True,
                                         budget=100.0), Digits(6)))  # fmt: skip
    row = next(line for line in sections(shown)["Second derivatives"] if line.startswith("∂²y/∂w5∂w6 ") and "of" in line)
    assert "y·(1 − y)·(1 − 2·y)·h1·h2   0.74158287·" in row and row.endswith("proved")


def test_a_long_entry_of_a_matrix_is_in_the_list() -> None:
    shown = sections(differentiated(SAMPLES / "two-two-one.yaml", wrt="w1,w5", order=2))[HESSIAN]
    assert "… (in the list above)" in shown[1] and "y·(1 − y)·(1 − 2·y)·h1²" in shown[2]


def test_a_kink_below_is_told_once(judge: LastingJudge) -> None:
    shown = text(trace_document(reported("abs(x)*y", "x=0,y=1", judge, order=2, at_point=True), Digits(6)))
    lines = sections(shown)["Second derivatives"]
    assert lines[2].endswith("kink: 0 on either side, none here")
    assert sum("does not exist here" in line for line in lines) == 1
