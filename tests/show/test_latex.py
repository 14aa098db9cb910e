"""The LaTeX renderer without TeX: what it is made of, what is escaped, how it folds and streams. `tests/long` compiles it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert import pipeline
from wengert.lang.expr import Nodes
from wengert.show.curve import curve
from wengert.show.diff_document import diff_document
from wengert.show.document import (
    Cell,
    Column,
    Derivative,
    Document,
    Equation,
    Formula,
    Line,
    Matrix,
    Name,
    Number,
    Product,
    Result,
    Row,
    Section,
    Words,
)
from wengert.show.latex import render
from wengert.show.layer_document import layer_document
from wengert.show.look import Look, look_of
from wengert.show.numbers import Digits
from wengert.show.trace_document import trace_document
from wengert.tape.primitives import SYMBOLS

LOOK = Look(symbols=SYMBOLS)
WHOLE = Look(symbols=SYMBOLS, standalone=True)


def drawn(*sections: Section, title: str | None = None, opening: tuple[Line, ...] = (), look: Look = LOOK) -> str:
    return "".join(render(Document(title, opening, sections), look))


def body(text: str) -> str:
    """What stands between the settings and the end."""
    return text[text.index("\\allowdisplaybreaks\n") + len("\\allowdisplaybreaks\n") : text.index("\\par\\endgroup")].strip()


def table(rows: list[Row], *columns: Column) -> str:
    return body(drawn(Section("", columns, lambda: iter(rows))))


def test_a_part_says_what_it_needs_and_keeps_its_settings_to_itself() -> None:
    text = drawn(title="T")
    assert text.startswith("% A part of a document")
    head = text[: text.index("\\begingroup")]
    assert all(line.startswith("%") for line in head.splitlines())
    for package in ("amsmath", "array", "booktabs", "longtable"):
        assert package in head
    assert text.endswith("\\par\\endgroup\n")
    assert "\\documentclass" not in text
    assert "\\wengerttitle{T}" in text


def test_a_whole_file() -> None:
    text = drawn(title="T", look=WHOLE)
    assert text.count("\\documentclass") == text.count("\\begin{document}") == text.count("\\end{document}") == 1
    assert text.index("\\usepackage") < text.index("\\begin{document}") < text.index("\\wengerttitle{T}")
    assert text.endswith("\\end{document}\n")


def test_a_small_document() -> None:
    rows = [
        Row((Name("x1"), None, Result("2", True))),
        Row((Equation((Name("v1"), Name("x1"))), Words("ln(2)"), Result("-10.69", False))),
    ]
    section = Section(
        "Forward", (Column("statement"), Column("numbers"), Column("value")), lambda: iter(rows),
        after=lambda: iter([(Words("Done: 100%."),)]),
    )  # fmt: skip
    text = body(drawn(section, title="A & B", opening=((Name("f"), Words("      at "), Name("x_1")),)))
    assert text == "\n".join([
        "\\wengerttitle{A \\& B}",
        "$f$      at $x_{1}$\\par",
        "",
        "\\wengertheading{Forward}",
        "{\\small",
        "\\begin{longtable}[l]{@{}L{4.61em}L{4.00em}L{4.65em}@{}}",
        "\\toprule",
        "statement & numbers & \\hphantom{${}={}$}value \\\\",
        "\\midrule",
        "\\endhead",
        "$x_{1}$ &  & $= \\phantom{-0}2$ \\\\",
        "$v_{1} = x_{1}$ & ln(2) & $\\approx -10.69$ \\\\",
        "\\bottomrule",
        "\\end{longtable}}",
        "Done: 100\\%.\\par",
    ])  # fmt: skip


def test_no_rules_without_headings() -> None:
    text = table([Row((Name("a"), Words("so")))], Column(""), Column(""))
    assert "rule" not in text
    assert "$a$ & so \\\\" in text


@pytest.mark.parametrize("typed", ["[bold]", "(lr)", "*"])
def test_a_row_that_begins_with_a_bracket_is_no_option_of_the_row_before(typed: str) -> None:
    text = table([Row((Words(typed), Words("1")))] * 2, Column(typed), Column("b"))
    assert re.findall(rf"^.*?(?={re.escape(typed)})", text, re.MULTILINE) == ["{}"] * 3


def test_numbers_stand_with_their_points_below_one_another() -> None:
    rows = [Row((Result(t, False),)) for t in ("0.5", "-12.5", "1.5e-7", "1234567", "inf")]
    cells = re.findall(r"\$(.*)\$", table(rows, Column("")))
    assert cells == [
        r"\approx \phantom{-0}0.5", r"\approx -12.5", r"\approx \phantom{-0}1.5\times 10^{-7}", r"\approx \phantom{-}1234567",
        r"\approx \infty",
    ]  # fmt: skip


def test_a_negative_number_behind_a_phantom_is_no_difference() -> None:
    rows = [Row((Result(t, False),)) for t in ("-0.5", "-12.5")]
    assert r"\approx \phantom{0}{-}0.5" in table(rows, Column(""))


NODES = Nodes()
LONG = Formula(NODES, NODES.call("mul", [NODES.name(f"factor_{i}") for i in range(2)]))


def product_of(count: int) -> Product:
    return Product(tuple(Name(f"out_h{i}") for i in range(count)))


def test_what_is_too_wide_folds_before_signs() -> None:
    rows = [Row((Name("a"), product_of(30), Words("so")))]
    text = table(rows, Column("name"), Column("formula", folds=1), Column("why"))
    assert re.search(r"L\{0\.\d+\\linewidth\}", text)
    assert text.count(r"\penalty5 \cdot") == 29


def test_what_is_equal_stands_below_where_there_is_no_room_beside() -> None:
    rows = [Row((Derivative("f", ("x",)), product_of(12), product_of(14), Result("0.5", False), Words("proved")))]
    columns = (
        Column(""), Column("formula", folds=1, equals=True), Column("numbers", folds=2, equals=True),
        Column("value", equals=True), Column("verdict"),
    )  # fmt: skip
    text = table(rows, *columns)
    assert "formula, numbers" in text
    assert text.count("\\\\*\n") >= 1
    lines = text[text.index("\\endhead") :].splitlines()
    assert sum(" $= " in line for line in lines) >= 2
    assert any("approx 0.5$ & proved \\\\" in line for line in lines)


def test_more_columns_than_fit_are_printed_in_parts() -> None:
    columns = (Column(""), *(Column(f"∂/∂x{i}", "point") for i in range(12)))
    rows = [Row((Name(f"row{n}"), *(Result(f"-0.{n}34567{i}", False) for i in range(12)))) for n in range(3)]
    text = table(rows, *columns)
    assert text.count("\\begin{longtable}") == text.count("\\end{longtable}") > 1
    assert text.count("$\\mathit{row}_{0}$") == text.count("\\begin{longtable}")
    assert text.count("approx") == 36


def test_a_word_that_is_too_long_is_split() -> None:
    text = table([Row((Words("x" * 200), Name("y" * 150)))], Column("a"), Column("b"))
    assert text.count("allowbreak") >= 20
    assert text.count(r"\mathit{yyyyyyyy}") >= 15
    assert "\\allowbreak{}" in body(drawn(opening=((Words("u" * 300),),)))
    for sign in ('"', "\\", "--", "$", "θ", "é"):  # what has braces or dollars of its own stays whole
        assert "\\penalty5 " in table([Row((Name(f"a{sign}" * 60),))], Column("a"))


def test_a_fraction_that_is_too_wide_gets_a_slash() -> None:
    nodes = Nodes()
    total = nodes.name("a")
    for i in range(40):
        total = nodes.call("add", [total, nodes.name(f"b{i}")])
    quotient = Formula(nodes, nodes.call("power", [nodes.call("div", [nodes.name("c"), total]), nodes.number("2")]))
    text = table([Row((Name("v"), quotient))], Column("a"), Column("b", folds=1))
    assert "frac" not in text
    assert "c/(" in text.replace(" ", "")
    assert "^{2}" in text


def test_what_nests_too_deep_for_tex_is_words() -> None:
    nodes = Nodes()
    x = nodes.name("x")
    for _ in range(100):
        x = nodes.call("sqrt", [nodes.call("add", [x, nodes.number("1")])])
    text = table([Row((Formula(nodes, x),))], Column("", folds=1))
    assert "sqrt{" not in text
    assert text.count("$\\surd $") == 100


# -- equations and matrices


def test_equal_sides_are_a_chain() -> None:
    same = Product((Name("a"), Name("b")))
    rows = [
        Row((Derivative("f", ("x",)), Words("local partial"), same, same)),
        Row((Derivative("f", ("y",)), Name("c"), Name("d"), Result("2", True))),
    ]
    columns = tuple(Column(h) for h in ("", "rule", "names", "back"))
    text = body(drawn(Section("", columns, lambda: iter(rows), equations=True)))
    assert text.startswith("\\begin{align") and text.rstrip().endswith("*}")
    assert r"\frac{\partial f}{\partial x} &= a \cdot b" in text
    assert text.count("a \\cdot b") == 1  # said twice, written once
    assert r"\text{local partial}" in text
    assert r"\frac{\partial f}{\partial y} &= c" in text
    assert "= 2" in text


def test_a_derivation_keeps_its_remarks_beside_its_lines() -> None:
    rows = [
        Row((Derivative("f", ("x",)), Words("="), product_of(3), Words("chain rule"), None)),
        Row((None, Words("="), product_of(20), Words("put in"), Words("proved")), opens=False),
    ]
    section = Section("", tuple(Column("") for _ in range(5)), lambda: iter(rows), equations=True)
    text = body(drawn(section))
    assert text.startswith("\\begin{alignat*}{2}\n")
    assert text.endswith("\\end{alignat*}")
    assert r"&\qquad&\text{chain rule}" in text
    assert r"&\qquad&\text{put in, proved}" in text
    assert r"&\qquad {}" in text  # the long side goes on


def test_many_equations_are_several_displays() -> None:
    rows = [Row((Name(f"a{n}"), Name(f"b{n}"))) for n in range(100)]
    text = drawn(Section("", (Column(""), Column("")), lambda: iter(rows), equations=True))
    assert text.count("\\begin{align*}") == 3


def test_matrices_are_displayed() -> None:
    a = Matrix(((Number("0.5"), Number("-1")), (Number("10"), Number("2"))))
    lines: list[Line] = [
        (Name("Z"), Words(" = "), Name("W"), Words(" · "), Name("X")),
        (Words("  = "), a, Words(" · "), a),
        (Words("  ≈ "), a),
        (),
        (Name("A"), Words(" = "), a),
        (Words("That is all."),),
    ]
    text = body(drawn(Section("Layer", after=lambda: iter(lines))))
    assert r"Z &= W \cdot X \\" in " ".join(text.split())
    shown = r"\left[\begin{array}{ll} \phantom{0}0.5 & -1 \\ 10 & \phantom{-}2 \end{array}\right]"
    assert f"&= {shown} \\cdot {shown}" in " ".join(text.split())
    assert "\\\\[8pt]\nA &= " in text
    assert text.endswith("\\end{align*}\nThat is all.\\par")


def test_a_wide_matrix_loses_columns_and_a_wide_line_is_broken() -> None:
    wide = Matrix((tuple(Number(f"0.1234567{i}") for i in range(12)),) * 2)
    text = body(drawn(Section("", after=lambda: iter([(Name("A"), Words(" = "), wide, Words(" + "), wide)]))))
    assert text.count(r"\cdots") == 4
    assert r"&\qquad {} + " in " ".join(text.split())


def test_a_curve_is_a_picture() -> None:
    found = curve([1.0, 0.5, 0.3, 0.2, 0.1], 20, 4)
    assert found is not None
    rows = [Row((Number("1") if n == 0 else None, Words(line))) for n, line in enumerate(found.lines)]
    rows.append(Row((Words("step"), Words("0" + "\u2800" * 15 + "1,000"))))
    text = body(drawn(Section("Curve", (Column("", "right"), Column("")), lambda: iter(rows))))
    assert "\\begin{picture}(58,22)" in text
    assert text.count("\\qbezier") >= 10
    assert "{\\makebox(0,0)[r]{1,000}}" in text
    assert "U+28" not in text


# -- escaping


HOSTILE = (
    r"\input{/etc/passwd}", r"\write18{rm}", "100% $x$ #1 ^_~ & {", "$α$", "a\x1b[31m\x00\n\nb", "中文 ✓ 🙂", "]\\\\[9em]",
    "^^5cinput",
)  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("look", [LOOK, WHOLE])
def test_what_was_typed_is_no_command(typed: str, look: Look) -> None:
    cells: tuple[Cell, ...] = (Words(typed), Name(typed), Number(typed), Result(typed, False), Derivative(typed, (typed,)))
    columns = tuple(Column(typed) for _ in cells)
    after: Line = (Words(typed), Name(typed))
    sections = (
        Section(typed, columns, lambda: iter([Row(cells)]), before=((Words(typed),),), after=lambda: iter([after])),
        Section(typed, columns, lambda: iter([Row(cells)]), equations=True),
        Section("", after=lambda: iter([(Name(typed), Words(" = "), Words(typed), Matrix(((Words(typed),),)))])),
    )  # fmt: skip
    text = drawn(*sections, title=typed, opening=((Words(typed),),), look=look)
    inside = body(text)
    for command in ("\\input", "\\write", "^^", "]\\\\[9em]"):
        assert command not in inside
    assert "\n\n\n" not in text
    assert all(c.isprintable() or c == "\n" for c in text)
    assert text.isascii()
    assert not re.search(r"(?<!\\)(?:\\\\)*[%#~]", inside)
    assert re.sub(r"\\.", "", inside).count("$") % 2 == 0


@given(st.text())
def test_ascii_is_ascii(typed: str) -> None:
    assert drawn(title=typed, opening=((Words(typed), Name(typed)),), look=Look(ascii=True)).isascii()


# -- streaming


def test_rows_are_handed_out_before_the_last_one_is_made() -> None:
    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for n in range(20_000):
            made = n
            yield Row((Name(f"v{n}"), Result(str(n), True)))

    pieces = render(Document(None, (), (Section("", (Column("a"), Column("b")), rows),)), LOOK)
    first = list(islice(pieces, 4))
    assert made < 2_000
    assert max(map(len, first)) < 100_000
    rest = sum(len(piece) for piece in pieces)
    assert made == 19_999
    assert rest > 200_000


def test_a_table_whose_later_rows_are_wider_begins_again() -> None:
    rows = [Row((Name("a"), Number("1")))] * 600 + [Row((Name("a_long_name_of_a_statement"), Number("1234.5678")))]
    text = table(rows, Column("name"), Column("value"))
    assert text.count("\\begin{longtable}") == text.count("\\end{longtable}") == 2
    assert text.count("\\toprule") == text.count("\\bottomrule") == 2


# -- whole documents


def documents() -> Iterator[tuple[str, Document, Look]]:
    network = pipeline.trace("samples/mazur-2-2-2.yaml", verify=False)
    yield "trace", trace_document(network, Digits()), look_of(network.model)
    layers = pipeline.trace("samples/mazur-2-2-2.yaml", level="layer", verify=False)
    yield "layers", layer_document(layers, Digits()), look_of(layers.model)
    chain = pipeline.diff("(x**2+1)**3", verify=False)
    yield "diff", diff_document(chain, Digits()), look_of(chain.model)


@pytest.mark.parametrize(("name", "document", "look"), [pytest.param(*d, id=d[0]) for d in documents()])
def test_environments_are_balanced(name: str, document: Document, look: Look) -> None:
    text = "".join(render(document, look))
    begun: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{([a-z*]+)\}", text):
        if kind == "begin":
            begun.append(environment)
        else:
            assert begun.pop() == environment
    assert not begun
    expected = {"trace": "longtable", "layers": "align*", "diff": "align*"}[name]
    assert f"\\begin{{{expected}}}" in text
    assert text.isascii()


def test_the_chain_of_a_formula() -> None:
    made = pipeline.diff("(x**2+1)**3", verify=False)
    text = "".join(render(diff_document(made, Digits()), look_of(made.model)))
    assert (
        r"\frac{d f}{d x} &= \frac{d f}{d v_{1}} \cdot \frac{d v_{1}}{d x} = 3 \cdot v_{2}^{2} \cdot 2 \cdot x"
        r" = 6 \cdot x \cdot (x^{2} + 1)^{2}"
    ) in text
