from __future__ import annotations

from collections.abc import Iterator

import pytest

from wengert.show.document import Column, Document, Name, Number, Result, Row, Section, Words
from wengert.show.layout import display_width, fold
from wengert.show.notation import TextNotation
from wengert.show.text import render

UNICODE = TextNotation()


def table(rows: list[Row], *columns: Column) -> str:
    section = Section("T", columns, lambda: iter(rows))
    return "".join(render(Document(None, (), (section,)), UNICODE))


def test_the_whole_document() -> None:
    rows = [
        Row((Name("x1"), None, Number("2"))),
        Row((Name("v1"), Words("ln(2)"), Result("0.693147", False))),
        Row((Name("f_longer"), Words("2 · 5"), Result("-10", True))),
    ]
    columns = (Column("statement"), Column("numbers"), Column("value"))
    document = Document(
        "A title",
        ((Name("f"), Words("  at "), Name("x")),),
        (
            Section("Forward", columns, lambda: iter(rows), after=lambda: iter([(Words("Done."),)])),
            Section("Nothing", before=((Words("No table."),),)),
        ),
    )
    expected = """\
A title
f  at x

Forward
statement   numbers     value
x1                      2
v1          ln(2)     ≈ 0.693147
f_longer    2 · 5     = −10
Done.

Nothing
No table.
"""
    assert "".join(render(document, UNICODE)) == expected
    assert "".join(render(document, TextNotation(ascii=True))).isascii()


def test_alignment_counts_columns_of_a_terminal() -> None:
    rows = [Row((Words("v̄3"), Number("1"))), Row((Words("中"), Number("22"))), Row((Words("ab"), Number("-3")))]
    assert table(rows, Column(""), Column("n", align="right")) == "T\n      n\nv̄3    1\n中   22\nab   −3\n"


def test_no_heading_line_without_headings() -> None:
    assert table([Row((Name("a"), Name("b")))], Column(""), Column("")) == "T\na   b\n"


def test_an_empty_table_keeps_its_headings_to_itself() -> None:
    assert table([], Column("a")) == "T\n"


def test_one_giant_cell_does_not_widen_the_table() -> None:
    rows = [Row((Name("a" * 5000), Name("b"))), Row((Name("a"), Name("b")))]
    assert table(rows, Column(""), Column("")) == f"T\n{'a' * 5000}   b\na   b\n"


def test_rows_stream() -> None:
    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for _ in range(10_000):
            made += 1
            yield Row((Name("x"),))

    pieces = render(Document(None, (), (Section("T", (Column("a"),), rows),)), UNICODE)
    assert next(pieces) == "T\n"
    assert next(pieces).count("\n") == 501
    assert made == 500
    assert sum(piece.count("\n") for piece in pieces) == 9_500


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("v̄3", 2), ("中x", 3), ("−", 1), ("e\u0301", 1)])
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("v̄4 · ∂v4/∂x2 = v̄4 · cos(x2)", 20, ["v̄4 · ∂v4/∂x2", "= v̄4 · cos(x2)"]),
        ("f = x1·x2 + sin(x2) − ln(x1)", 20, ["f = x1·x2 + sin(x2)", "− ln(x1)"]),
        ("0.036 · 0.593·(1 − 0.593)", 20, ["0.036", "· 0.593·(1 − 0.593)"]),
        ("f = x      at a = 1, b = 2", 17, ["f = x", "at a = 1, b = 2"]),
        ("a word list", 6, ["a word", "list"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("short", 10, ["short"]),
    ],
)
def test_fold(text: str, width: int, lines: list[str]) -> None:
    assert fold(text, width) == lines
