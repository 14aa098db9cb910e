"""CSV as programs read it: the standard library's reader, and what a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wengert.show.csv as renderer
from tests.show.test_notation import formula
from wengert.cli.run import run
from wengert.lang.expr import Nodes
from wengert.show.document import (
    Adjoint,
    Cell,
    Column,
    Derivative,
    Document,
    Equation,
    Formula,
    Name,
    Number,
    Product,
    Result,
    Row,
    Section,
    Tangent,
    Words,
)  # fmt: skip
from wengert.show.look import Look
from wengert.show.notation.plain import PlainNotation

SAMPLES = Path(__file__).parents[2] / "samples"
NOTATION = PlainNotation.of(Look())
AB = (Column("a"), Column("b"))


def written(*sections: Section, look: Look | None = None) -> str:
    return "".join(renderer.render(Document("A title", (), sections), look or Look()))


def read(text: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1, "not rectangular"
    return rows


NODES = Nodes()
CELLS: list[tuple[Cell, str]] = [
    (None, ""),
    (Result("0.693147", False), "0.693147"),
    (Result("-1.5e-7", False), "-1.5e-7"),
    (Result("-inf", True), "-inf"),
    (Result("0.5", True, Formula(NODES, NODES.call("div", [NODES.number("1"), NODES.number("2")]))), "0.5"),
    (Number("-2"), "-2"),
    (Equation((Adjoint("f", "v3"), Number("-0.28")), ("≈",)), "-0.28"),
    (Equation((Adjoint("E", "net_h1"), Number("1"))), "1"),
    (Equation((Tangent("v1", "x1"), Number("0"))), "0"),
    (Equation((Derivative("f", ("x",)), Result("2", True))), "2"),
    (Equation((Name("v1"), formula("x1*sin(x2)^2"))), "v1 = x1*sin(x2)**2"),
    (Equation((Name("b"), Number("2"))), "b = 2"),
    (Equation((Product((Name("a"), Name("b"))), Number("-0.5")), ("≈",)), "a * b ~= -0.5"),
    (formula("|x| + √y/π"), "abs(x) + sqrt(y)/π"),
    (formula("-x*y"), "(-x*y)"),
    (formula("-(x*y)"), "(-(x*y))"),
    (formula("-3"), "-3"),
    (Product((Number("-1"), Name("x"))), "(-1) * x"),
    (Product((Adjoint("f", "v4"), formula("cos(x2)"))), "bar(v4) * cos(x2)"),
    (Derivative("f", ("x1", "x2")), "d2f/(dx1 dx2)"),
    (Name("θ1"), "θ1"),
    (Words("proved"), "proved"),
    (Words("4.76e−4"), "4.76e-4"),
    (Words("1,040"), "1040"),
    (Words("0%"), "0%"),
    (Words("–"), ""),
    (Words("███ 0.1"), "0.1"),
    (Words("kink: −0.2 from the left"), "kink: −0.2 from the left"),
    (Words("a\nb\tc\x1b"), "a b c�"),
    (Words('say "hi", then'), 'say "hi", then'),
    (Words("=HYPERLINK(1)"), "'=HYPERLINK(1)"),
    (Words("+1+1"), "'+1+1"),
    (Words("-1+1"), "'-1+1"),
    (Words("@SUM(A1)"), "'@SUM(A1)"),
    (Words("\t=1"), "'=1"),
    (Words("＝1"), "'＝1"),
    (Words("a;=1; -2;b"), "a;'=1;' -2;b"),
    (Name("a;=1"), "a;'=1"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_cells(cell: Cell, text: str) -> None:
    made = written(Section("T", AB, lambda: iter([Row((Name("x"), cell))])))
    assert read(made) == [["section", "a", "b"], ["T", "x", text]]
    assert not re.match(r"[=+@\t\r]|-(?![0-9i])", text)


def test_headings_and_sections_are_no_formulas_either() -> None:
    made = written(Section("=1+1", (Column("-a"), Column("@b, c")), lambda: iter([Row((Name("x"), None))])))
    assert read(made) == [["section", "'-a", "'@b, c"], ["'=1+1", "x", ""]]


def test_one_table_for_all() -> None:
    made = written(
        Section("No table", before=((Words("Words."),),)),
        Section("One", (Column(""), Column("value"), Column("value"), Column("")), lambda: iter([row(1, 2, 3, 4)])),
        Section("Drawn", (Column(""), Column("")), lambda: iter([row(5, 6)])),
        Section("Empty", (Column("other"),), optional=True),
        Section("Two", (Column("value"), Column("section")), lambda: iter([row(7, 8)])),
    )
    assert read(made) == [
        ["section", "what", "value", "value 2", "value 2 2", "other", "section 2"],
        ["One", "1", "2", "3", "4", "", ""],
        ["Two", "", "7", "", "", "", "8"],
    ]


def row(*numbers: int, opens: bool = True) -> Row:
    return Row(tuple(Number(str(n)) for n in numbers), opens)


def test_a_row_that_continues_repeats_its_first_cell() -> None:
    rows = [row(1, 2), Row((None, Number("3")), False), Row((None, Number("4"))), Row((None, Number("5")), False)]
    made = read(written(Section("T", AB, lambda: iter(rows))))
    assert [r[1:] for r in made[1:]] == [["1", "2"], ["1", "3"], ["", "4"], ["", "5"]]


def test_lines_end_in_a_newline_alone() -> None:
    made = written(Section("T", AB, lambda: iter([row(1, 2)])))
    assert made == "section,a,b\nT,1,2\n"


def test_rows_stream() -> None:
    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for _ in range(1000):
            made += 1
            yield row(1, 2)

    pieces = renderer.render(Document(None, (), (Section("T", AB, rows),)), Look())
    assert next(pieces) == "section,a,b\n"
    assert made == 0
    assert next(pieces) == "T,1,2\n"
    assert made == 1


def test_ascii() -> None:
    rows = [Row((Name("θ1"), Words("− ½")))]
    made = written(Section("é", (Column("∂/∂θ"), Column("b")), lambda: iter(rows)), look=Look(ascii=True))
    assert made.isascii()
    assert read(made)[1] == ["e", "theta1", "'- 1/2"]


def test_notations() -> None:
    cell = Product((Adjoint("f", "z1"), Name("x")))
    signs = {"bar": "bar(z1)", "leibniz": "df/dz1", "grad": "z1.grad", "delta": "delta_z1"}
    for adjoints, sign in signs.items():
        look = Look(adjoints=adjoints, preactivations=frozenset({"z1"}))  # type: ignore[arg-type]
        assert renderer.cell_text(cell, PlainNotation.of(look)) == f"{sign} * x"


# -- the command


@pytest.mark.parametrize(
    "arguments",
    [
        ["trace", "baydin.yaml", "--mode", "both"], ["trace", "mazur-2-2-2.yaml"],
        ["trace", "two-two-one.yaml", "--round", "3"],
        ["diff", "griewank-walther.yaml", "--order", "2"], ["train", "xor.yaml", "--steps", "6"], ["flow", "deep-sigmoid.yaml"],
        ["trace", "softmax-classifier.yaml", "--level", "layer"], ["rules"], ["rules", "max"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_document_is_a_table(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*(str(SAMPLES / a) if a.endswith(".yaml") else a for a in arguments), "--no-verify", "-f", "csv"]) == 0
    rows = read(capsys.readouterr().out)
    assert rows[0][0] == "section"
    assert len(set(rows[0])) == len(rows[0])
    assert len(rows) > 1
    for cells in rows:
        assert not [c for c in cells if re.match(r"[=+@\t\r]|-(?![0-9i])", c)]


@pytest.mark.parametrize(
    ("options", "value"),
    [([], "0.693147180559945"), (["--digits", "4"], "0.6931"), (["--decimals", "2"], "0.69"),
     (["--precision", "20"], "0.69314718055994530942")],
)  # fmt: skip
def test_digits(options: list[str], value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """15 unless the options say otherwise: all that can be trusted of a double."""
    assert run(["trace", "ln(x)", "--at", "x=2", "--no-verify", "-f", "csv", *options]) == 0
    rows = read(capsys.readouterr().out)
    assert rows[2][rows[0].index("value")] == value
