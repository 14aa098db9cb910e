from __future__ import annotations

import io
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from wengert.errors import Source
from wengert.lang.expr import Nodes
from wengert.lang.parser import parse_expression
from wengert.show.document import (
    Adjoint,
    Column,
    Derivative,
    Document,
    Equation,
    Formula,
    Math,
    Name,
    Number,
    Product,
    Result,
    Row,
    Section,
    Words,
)
from wengert.show.folding import display_width
from wengert.show.look import Look
from wengert.show.terminal import _Lines, _text, renderables
from wengert.tape.primitives import VOCABULARY

COLUMNS = (Column("from", folds=1), Column("to"), Column("contribution", folds=3), Column("numbers", folds=2), Column("value"),
           Column("adjoint so far"))  # fmt: skip


def shown(document: Document, width: int, color: bool = False, notation: Look | None = None) -> str:
    system: Literal["standard"] | None = "standard" if color else None
    console = Console(file=io.StringIO(), width=width, height=50, force_terminal=color, color_system=system)
    for renderable in renderables(document, notation or Look(), width):
        console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def one(section: Section) -> Document:
    return Document(None, (), (section,))


def contribution(of: str, to: str, partial: str, numbers: tuple[str, str], value: str, opens: bool) -> Row:
    chain = Product((Adjoint("f", of), Derivative(of, (to,))))
    start: Math | None = Words(f"{of} = …") if opens else None
    product = Product((Number(numbers[0]), Number(numbers[1])))
    cells = (start, Name(to), Equation((chain, Product((Adjoint("f", of), Words(partial))))), product, Result(value, True),
             Equation((Adjoint("f", to), Number(value))))  # fmt: skip
    return Row(cells, opens)


ROWS = [
    contribution("v4", "x2", "cos(x2)", ("-1", "0.28366219"), "-0.28", True),
    contribution("v2", "x1", "x2", ("1", "5"), "5", True),
    contribution("v2", "x2", "x1", ("1", "2"), "2", False),
]
WIDE = """\
Reverse
from    to  contribution                 numbers              value  adjoint so far
───────────────────────────────────────────────────────────────────────────────────
v4 = …  x2  v̄4 · ∂v4/∂x2 = v̄4 · cos(x2)  (−1) · 0.28366219  = −0.28  x̄2 = −0.28
v2 = …  x1  v̄2 · ∂v2/∂x1 = v̄2 · x2       1 · 5              = 5      x̄1 = 5
        x2  v̄2 · ∂v2/∂x2 = v̄2 · x1       1 · 2              = 2      x̄2 = 2
"""
FOLDED = """\
Reverse
from    to  contribution    numbers              value  adjoint so far
──────────────────────────────────────────────────────────────────────
v4 = …  x2  v̄4 · ∂v4/∂x2    (−1) · 0.28366219  = −0.28  x̄2 = −0.28
            = v̄4 · cos(x2)
──────────────────────────────────────────────────────────────────────
v2 = …  x1  v̄2 · ∂v2/∂x1    1 · 5              = 5      x̄1 = 5
            = v̄2 · x2
        x2  v̄2 · ∂v2/∂x2    1 · 2              = 2      x̄2 = 2
            = v̄2 · x1
"""
BLOCKS = """\
Reverse
from / to / contribution / numbers / value /
adjoint so far
────────────────────────────────────────────
v4 = …
  x2  v̄4 · ∂v4/∂x2 = v̄4 · cos(x2)
      (−1) · 0.28366219  = −0.28
      x̄2 = −0.28

v2 = …
  x1  v̄2 · ∂v2/∂x1 = v̄2 · x2
      1 · 5              = 5
      x̄1 = 5
  x2  v̄2 · ∂v2/∂x2 = v̄2 · x1
      1 · 2              = 2
      x̄2 = 2
"""


@pytest.mark.parametrize(("width", "expected"), [(200, WIDE), (83, WIDE), (70, FOLDED), (45, BLOCKS)])
def test_a_table_fits_its_terminal(width: int, expected: str) -> None:
    text = shown(one(Section("Reverse", COLUMNS, lambda: iter(ROWS))), width)
    assert "\n".join(line.rstrip() for line in text.splitlines()) + "\n" == expected


@pytest.mark.parametrize("width", [1, 2, 5, 11, 20, 33, 60, 80])
def test_no_character_is_lost_at_any_width(width: int) -> None:
    section = Section("Reverse", COLUMNS, lambda: iter(ROWS), after=lambda: iter([(Words("Checked by sympy."),)]))
    text = shown(one(section), width)
    assert all(display_width(line) <= max(2, width) for line in text.splitlines())
    assert text.count("…") == 2  # those of the cells: nothing was cut
    pieces = "".join(text.split())
    for digits in ("0.28366219", "cos(x2)") if width > 20 else ("Reverse",):
        assert digits in pieces


@pytest.mark.parametrize("width", range(50, 120, 10))
def test_no_table_breaks_inside_brackets_or_before_a_number(width: int) -> None:
    product = Words("0")
    rows = []
    for n in range(3):
        nodes = Nodes()
        root = parse_expression(Source(f"0.74158287*(1 - 0.74158287)*1.86*(1 - x{n}) - 2*(1 - cos(x))/x**3"), nodes, VOCABULARY)
        rows.append(Row((Name(f"x{n}"), Formula(nodes, root), Formula(nodes, root), Result("0.5", False), product)))
    columns = (Column(""), Column("formula", folds=2), Column("numbers", folds=3), Column("value"), Column("verdict"))
    for line in shown(one(Section("Gradient", columns, lambda: iter(rows))), width).splitlines():
        assert line.count("(") == line.count(")"), line
        assert not line.rstrip().endswith("≈")


def test_blocks_of_one_line_stand_close() -> None:
    rows = [Row((Name(f"x{n}"), Words(""), Result("0.5", True))) for n in range(3)]
    rows.append(Row((Words("a long statement"), Words("w" * 40), Result("0.25", True))))
    columns = (Column("statement"), Column("numbers"), Column("value"))
    lines = shown(one(Section("Forward", columns, lambda: iter(rows))), 30).splitlines()
    assert lines[1] == "statement / numbers / value"
    assert lines[3:6] == ["x0  = 0.5", "x1  = 0.5", "x2  = 0.5"]
    assert set(lines[2]) == {"─"} and len(lines[2]) == 30


def test_a_cell_too_wide_for_its_column_is_no_label() -> None:
    wide = " + ".join(["abc"] * 60)
    rows = [Row((Name("x"), Words(wide), Words("…"), Result("0.5", True)))]
    columns = (Column(""), Column("formula", folds=2), Column("numbers"), Column("value"))
    lines = shown(one(Section("Gradient", columns, lambda: iter(rows))), 60).splitlines()
    assert lines[3].startswith("x  abc + abc") and lines[-1].endswith("= 0.5")


def test_names_are_no_markup() -> None:
    text = shown(Document("[bold]a[/bold] :smile:", ((Name("[/0]"),),), (Section("h", (Column("[red]"),)),)), 80)
    assert text == "[bold]a[/bold] :smile:\n[/0]\n\nh\n[red]\n─────\n"


def test_colour_repeats_the_words() -> None:
    rows = [Row((Name("x"), Words("proved")), mark="good"), Row((Name("y"), Words("failed")), mark="bad")]
    section = Section("Gradient", (Column(""), Column("verdict")), lambda: iter(rows))
    assert "\x1b[32mproved" in shown(one(section), 80, color=True)
    assert "\x1b[1;31mfailed" in shown(one(section), 80, color=True)
    assert "\x1b" not in shown(one(section), 80)


def test_long_tables_are_handed_out_in_blocks() -> None:
    rows = (Row((Name("x"), Number(str(i)))) for i in range(1201))
    pieces = list(renderables(one(Section("Long", (Column("a"), Column("b")), lambda: rows)), Look(), 80))
    assert len(pieces) == 4


def test_sections_are_apart_and_ascii_is_ascii() -> None:
    sections = (Section("A", COLUMNS, lambda: iter(ROWS)), Section("B", COLUMNS, lambda: iter(ROWS)))
    for width in (40, 70, 120):
        text = shown(Document("t", (), sections), width, notation=Look(ascii=True))
        assert text.isascii()
        assert "\n\nB\n" in text


@given(st.lists(st.text("v̄ẋ1·−≈∂² =汉/()", max_size=60), min_size=1, max_size=4), st.integers(20, 50))
def test_plain_lines_are_written_as_texts_are(lines: list[str], width: int) -> None:
    def drawn(part: RenderableType) -> str:
        out = io.StringIO()
        Console(file=out, width=width, highlight=False, markup=False, emoji=False).print(part, soft_wrap=False)
        return out.getvalue()

    assert drawn(_Lines([line.rstrip() for line in lines])) == drawn(_text([[(line.rstrip(), "")] for line in lines]))
