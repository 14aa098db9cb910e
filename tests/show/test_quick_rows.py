"""Rows that are alike are those that every row is made by: of random programs, in every notation, with few digits and many.

The short run takes six programs, the long one (`-m long`) eighteen more."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from tests.programs import model, random_program
from wengert.report import Report, Settings, report
from wengert.show import csv, markdown, text
from wengert.show.document import Document, Row
from wengert.show.figures import Figures
from wengert.show.look import ADJOINTS, Adjoints, Look, look_of
from wengert.show.notation import TextNotation, holes
from wengert.show.notation.base import Notation
from wengert.show.notation.holes import Holed
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.markdown import MarkdownNotation
from wengert.show.notation.mathml import MathmlNotation
from wengert.show.notation.plain import PlainNotation
from wengert.show.notation.typst import TypstNotation
from wengert.show.numbers import Digits
from wengert.show.patterns import MOST, Like, hole, hole_in, rows_of
from wengert.show.quick_rows import QuickRows
from wengert.show.trace_document import trace_document

FEW = [Digits(6), Digits(15), Digits(3), Digits(6, 4)]
SEEDS = [pytest.param(seed, marks=[pytest.mark.long] if seed >= 6 else []) for seed in range(24)]


def traced(seed: int) -> Report:
    made = random_program(seed, most=25, outputs=1 + seed % 2)
    return report(model(made.text, made.point, of=made.outputs), Settings(verify=False), True)


def document(seed: int, digits: Digits) -> Document:
    return trace_document(traced(seed), digits)


def notations(look: Look) -> list[Notation]:
    return [TextNotation.of(look), TextNotation.of(replace(look, ascii=True)), PlainNotation.of(look), LatexNotation(look),
            MarkdownNotation(look), MathmlNotation(look), TypstNotation(look)]  # fmt: skip


@pytest.fixture(params=[True, False], ids=["exactness known", "a long list"])
def shadowed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr("wengert.sweep.trace.SHADOWED", 0)


@pytest.mark.usefixtures("shadowed")
@pytest.mark.parametrize("seed", SEEDS)
def test_they_say_what_ordinary_rows_say(seed: int) -> None:
    made = document(seed, FEW[seed % len(FEW)])
    printers = notations(look_of(model("x")))
    quick_ones = 0
    for section in made.sections:
        if section.quick is None:
            continue
        ordinary, quick = list(section.rows()), list(section.quick())
        quick_ones += sum(isinstance(row, Like) for row in quick)
        same = list(rows_of(iter(quick)))
        assert [row.opens for row in same] == [row.opens for row in ordinary]
        for printer in printers:
            assert [texts(row, printer) for row in same] == [texts(row, printer) for row in ordinary]
    assert quick_ones


def texts(row: Row, notation: Notation) -> list[str]:
    return ["" if cell is None else notation.math(cell) for cell in row.cells]


@pytest.mark.parametrize("adjoints", ADJOINTS)
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_pattern_filled_is_the_row_printed(seed: int, adjoints: Adjoints) -> None:
    made = document(seed, Digits(6))
    look = replace(look_of(model("x")), adjoints=adjoints, preactivations=frozenset({"x", "v2"}))
    for printer in notations(look)[:5]:  # those whose renderers ask for templates
        holed = Holed(printer)
        for section in made.sections:
            for row in section.quick() if section.quick is not None else ():
                if isinstance(row, Like):
                    cells = [cell for cell in row.pattern.cells if cell is not None]
                    filled = [cell for cell in row.row().cells if cell is not None]
                    assert [holed.math(cell).text(row.texts) for cell in cells] == [printer.math(cell) for cell in filled]


@pytest.mark.usefixtures("shadowed")
@pytest.mark.parametrize("seed", SEEDS)
def test_renderers_write_the_same(seed: int) -> None:
    made = document(seed, FEW[seed % len(FEW)])
    ordinary = replace(made, sections=tuple(replace(section, quick=None) for section in made.sections))
    look = replace(look_of(model("x")), ascii=seed % 3 == 0, adjoints=ADJOINTS[seed % len(ADJOINTS)])
    for renderer in (csv, text, markdown):
        assert "".join(renderer.render(made, look)) == "".join(renderer.render(ordinary, look))


def test_operands_that_do_not_move_are_no_kind_of_their_own() -> None:
    """With one name, ∂ stands where several operands are differentiated: of v3·v4, but not of x·v1 where v1 is exp(2)."""
    m = model("x*exp(2)*exp(3)*sin(x)*cos(x)*tanh(x)", {"x": "0.5"})
    made = trace_document(report(m, Settings(verify=False), True), Digits(6))
    printer = TextNotation.of(look_of(m))
    for section in made.sections:
        if section.quick is not None:
            same = [texts(row, printer) for row in rows_of(section.quick())]
            assert same == [texts(row, printer) for row in section.rows()]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_row_is_made_in_vain(seed: int) -> None:
    """Each row that is made as every row is made is also shown."""
    made = traced(seed)
    assert made.trace is not None
    figures = Figures(made.trace, FEW[seed % len(FEW)])
    asked: list[int] = []

    forward = list(document(seed, FEW[seed % len(FEW)]).sections[0].rows())

    def ordinary(slot: int) -> Row:
        asked.append(slot)
        return forward[slot]

    rows = list(QuickRows(figures, made.steps).forward(ordinary, lambda slot: False))
    assert len(rows) == len(made.list)
    assert len(asked) == sum(isinstance(row, Row) for row in rows)


def test_most_rows_of_a_long_program_are_alike() -> None:
    statements = "; ".join(["a0 = x", *(f"a{n} = a{n - 1}*x + sin(a{n - 1})/y - 0.5" for n in range(1, 200))])
    made = trace_document(report(model(statements, {"x": "0.7", "y": "1.3"}), Settings(verify=False), True), Digits(6))
    for section in made.sections:
        if section.quick is not None:
            rows = list(section.quick())
            assert sum(isinstance(row, Like) for row in rows) > 0.5 * len(rows)


def test_names_that_csv_quotes() -> None:
    """A library's user may have named an input so."""
    made = document(1, Digits(6))
    forward = next(section for section in made.sections if section.quick is not None)
    assert forward.quick is not None
    like = next(row for row in forward.quick() if isinstance(row, Like))
    for name in ('a,b', 'a"b', "a;=b", "=a", "-a", "a%s", " +a", "a\nb"):
        odd = like._replace(texts=(name, *like.texts[1:]))
        quick = replace(forward, rows=lambda odd=odd: iter([odd.row()]), quick=lambda odd=odd: iter([odd]))
        ordinary = replace(quick, quick=None)
        made, expected = ("".join(csv.render(Document(None, (), (each,)), Look())) for each in (quick, ordinary))
        assert made == expected


def test_a_hole_is_no_name_that_can_be_typed() -> None:
    assert [hole_in(hole(i)) for i in (0, 5)] == [0, 5]
    assert all(hole_in(text) is None for text in ("x", "", "v3", "汉", "0"))


@pytest.mark.parametrize("kind", [LatexNotation, MarkdownNotation])
@pytest.mark.parametrize(
    "name", ["v12", "x1", "a0", "v01", "W123", "x_1", "W1_2_3", "v1_2", "w01_20", "W1_a", "W1_2_", "v_3", "é1_2"]
)
def test_a_letter_with_its_number_is_spelled_as_all_names_are(kind: type[LatexNotation], name: str) -> None:
    printer = kind(replace(look_of(model("x")), names=frozenset({"a_0", "x1", "x_1", name})))
    spelled = printer.names(name)
    whole = printer.indexed(printer._base(spelled.base), printer._index(spelled.index))
    assert printer.name(name) == (printer.typed(spelled.base) if spelled.typed else whole)


def written_alike(text: str, at: dict[str, str], renderer: ModuleType, wrt: tuple[str, ...] = ()) -> str:
    """What a renderer makes of the tables of a program, which is the same from patterns and from rows."""
    made = trace_document(report(model(text, at, wrt=wrt), Settings(verify=False), True), Digits(6))
    tables = replace(made, sections=tuple(section for section in made.sections if section.quick is not None))
    ordinary = replace(tables, sections=tuple(replace(section, quick=None) for section in tables.sections))
    look = look_of(model("x"))
    quick = "".join(renderer.render(tables, look))
    assert quick == "".join(renderer.render(ordinary, look))
    return quick


@pytest.mark.parametrize("renderer", [csv, text, markdown])
def test_a_statement_of_more_operands_than_a_row_has_holes(renderer: ModuleType) -> None:
    names = [f"x{i}" for i in range(MOST + 1)]
    sums = "; ".join(f"{of} = norm({', '.join(args)})" for of, args in (("a", names), ("b", names[::-1]), ("c", names[1:])))
    made = written_alike(f"{sums}; y = a*b*c", dict.fromkeys(names, "1.5"), renderer, ("x1",))
    assert not any(hole_in(c) for c in made)


def test_a_name_that_ends_in_a_greek_letter_leaves_no_blank_before_the_dollar() -> None:
    made = written_alike("a = exp(αβ); b = exp(y); c = y + αβ; d = αβ + y; f = a*b*c*d", {"αβ": "1", "y": "2"}, markdown)
    assert r"\beta$" in made
    assert " $ " not in made


def test_a_negative_number_in_a_fraction_keeps_its_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the marks for holes have been used up and are used again."""
    monkeypatch.setattr(holes, "_MARKS", 40)
    products = "; ".join(f"p{i} = a*{i}.5; q{i} = b*{i}.5" for i in range(20))
    divisions = "; ".join(f"r{i} = g{i % 2}/h{i % 3}" for i in range(6))
    point = {"a": "1.5", "b": "2.5", "g0": "-1.25", "g1": "-3.75", "h0": "-1.5", "h1": "-2.75", "h2": "-4.5"}
    assert "(-3.75)/(-2.75)" in written_alike(f"{products}; {divisions}; y = r4*r5", point, markdown)
