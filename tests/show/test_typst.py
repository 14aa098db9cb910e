"""The Typst file: its parts, what is escaped in it, and that Typst takes it, of every sample and every kind of document."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typst as compiler

import wengert
from wengert.cli.run import run
from wengert.show.document import Column, Document, Formula, Matrix, Name, Number, Result, Row, Section, Words
from wengert.show.look import look_of
from wengert.show.typst import render
from wengert.show.typst_setting import SETTING

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
LOOK = look_of()
read = pytest.mark.needs("pdftotext")


def made(document: Document) -> str:
    """The file without what stands at the head of each."""
    text = "".join(render(document, LOOK))
    assert text.startswith(SETTING)
    return text.removeprefix(SETTING)


def compiled(source: str) -> list[str]:
    """The warnings of Typst; an error is raised."""
    _, warnings = compiler.compile_with_warnings(source.encode(), format="pdf", ignore_system_fonts=True)
    return [w.message for w in warnings]


def section(*rows: Row, columns: tuple[Column, ...]) -> Section:
    return Section("H", columns, lambda: iter(rows))


def test_the_parts() -> None:
    rows = (
        Row((Name("v1"), Result("0.5", True), Words("proved")), mark="good"),
        Row((None, Result("-1.25", False), Words("kink")), opens=False, mark="warn"),
    )
    table = Section(
        "Reverse", (Column("from", folds=1), Column("value"), Column("verdict")), lambda: iter(rows),
        before=((Words("Before "), Name("x1")),), after=lambda: iter([(), (Words("  = "), Number("2"))]),
    )  # fmt: skip
    assert made(Document("A [title]", ((Words("Source: $5"),),), (table,))) == (
        '#set document(title: "A [title]", date: none)\n\n'
        "= A \\[title\\]\n\n"
        "Source: \\$5\n\n"
        "== Reverse\n\n"
        "Before $x_1$\n\n"
        "#worked(\n"
        "  (left, left, left), (1, 0, 0),\n"
        "  ([from], [value], [verdict]),\n"
        "  ([$v_1$], [$= #h(0.778em)0.5$], good[proved]),\n"
        "  more, ([], [$approx -1.25$], warn[kink]),\n"
        ")\n\n"
        "#v(0.4em)\n\n"
        "#pad(left: 1.5em)[$= 2$]\n\n"
    )


@pytest.mark.parametrize(
    ("numbers", "before"),
    [
        (["1", "10", "-2"], ["#h(0.778em)", "#h(0.278em)", ""]),
        (["0.5", "123.25"], ["#h(1.000em)", ""]),
        (["1e-9", "12"], ["#h(0.500em)", ""]),
    ],
)
def test_numbers_stand_by_their_points(numbers: list[str], before: list[str]) -> None:
    table = section(*(Row((Number(n),)) for n in numbers), columns=(Column("∂/∂x", "point"),))
    lines = [line for line in made(Document(None, (), (table,))).splitlines() if line.startswith("  ([")]
    assert [line.removeprefix("  ([").partition("$")[0] for line in lines[1:]] == before


def test_a_column_of_one_is_an_array() -> None:
    text = made(Document(None, (), (section(Row((Name("x"),)), columns=(Column(""),)),)))
    assert "  (left,), (0,),\n  ([],),\n  ([$x$],),\n" in text
    assert compiled(SETTING + text) == []


def test_chains_of_equations() -> None:
    """A row that opens begins a chain; words stand beside the side they are about, a sign is the relation of the next one."""
    y, x = Name("y"), Name("x")
    rows = (
        Row((y, Words("local partial"), x, Result("2", True))),
        Row((y, Words("="), x, Words("chain rule"), None)),
        Row((None, Words("≈"), Number("2"), Words("rounded"), Words("proved")), opens=False, mark="good"),
    )
    columns = tuple(Column("") for _ in range(5))
    text = made(Document(None, (), (Section("", columns, lambda: iter(rows), equations=True),)))
    assert text.removeprefix("#set document(date: none)\n\n") == (
        "#chain([$y$], ([$= x$], [local partial]), ([$= 2$], []))\n\n"
        "#chain([$y$], ([$= x$], [chain rule]), ([$approx 2$], [rounded#h(1em)#good[proved]]))\n\n"
    )
    assert compiled(SETTING + text) == []


def test_a_picture_stands_for_its_drawing() -> None:
    """The curve made of characters is left out where there is a picture."""
    table = Section("Curve", (Column(""),), lambda: iter([Row((Words("⠱⡀"),))]), kind="drawing")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"><text y="9">"a" \\</text></svg>'
    text = made(Document(None, (), (table,), picture=lambda: svg))
    assert "== Curve" not in text
    assert '#picture("<svg xmlns=\\"http' in text
    assert compiled(SETTING + text) == []
    assert "== Curve" in made(Document(None, (), (table,)))


def placed(path: Path, word: str) -> tuple[float, float, float]:
    """Where the first word of a PDF with that in it stands: its left side, its top, its height, in points."""
    html = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    found = re.search(rf'xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)">[^<]*{re.escape(word)}[^<]*<', html)
    assert found is not None, word
    left, top, bottom = map(float, found.groups())
    return left, top, bottom - top


def pdf(source: str, folder: Path) -> Path:
    path = folder / "made.pdf"
    path.write_bytes(compiler.compile((SETTING + source).encode(), format="pdf", ignore_system_fonts=True))
    return path


def chain(side: str) -> str:
    return f'#chain([$"left"$], ([$= {side}$], [first]), ([$= "second"$], [said]))\n'


@read
@pytest.mark.parametrize("wide", ["(FACTORS) dot FACTORS", "(frac(1, 2) + FACTORS)", "frac(FACTORS, FACTORS)", "(FACTORS)^2"])
def test_a_side_too_wide_goes_on_below_at_full_size(wide: str, tmp_path: Path) -> None:
    """It is broken before a sign, also between tall brackets, in a fraction and in a power; the left side stands beside its
    first line."""
    factors = " dot ".join(f'"factor{n}"' for n in range(15))
    path = pdf(chain('"a"') + chain(wide.replace("FACTORS", factors)), tmp_path)
    _, _, full = placed(path, "second")
    _, _, height = placed(path, "factor3")
    assert height == pytest.approx(full)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    lines = [line.strip() for line in text.splitlines() if "factor" in line]
    assert len(lines) > 1
    assert all(line[0] in "·⋅/" for line in lines[1:])
    assert not any(line[-1] in "·⋅" for line in lines)
    assert lines[0].startswith("left")


@read
def test_a_line_keeps_off_the_table_above_it(tmp_path: Path) -> None:
    table = "#worked((left,), (0,), ([a],), ([cell],),)\n\n"
    _, cell, _ = placed(pdf(f"{table}below\n", tmp_path), "cell")
    _, below, _ = placed(pdf(f"{table}below\n", tmp_path), "below")
    assert below - cell > 1.7 * 9 + 0.5 * 9  # the line itself, and the space


def test_a_graph_is_left_out_where_its_letters_are_too_small() -> None:
    """The sentence stands instead where the page would have to be turned for it; on a turned page there is room."""

    def drawn(width: int, height: int, before: str = "") -> bool:
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="9" height="9"/></svg>'
        source = f"{SETTING}{before}#graph({json.dumps(svg)}, 8.25pt, [#metadata(1)<instead>])\n"
        return json.loads(compiler.query(source.encode(), "<instead>")) == []

    assert drawn(400, 300)
    assert drawn(800, 300)
    assert not drawn(830, 300)
    assert not drawn(300, 1200)
    assert drawn(830, 300, "#context turned.update(true)\n")
    assert not drawn(1240, 300, "#context turned.update(true)\n")


def test_a_graph_too_wide_for_any_page_is_a_sentence(tmp_path: Path) -> None:
    text = written(["trace", "mazur-2-2-2.yaml"], tmp_path).read_text(encoding="utf-8")
    said = "The computational graph is too large for a page: wengert graph draws it."
    assert text.endswith(f"== Computational graph\n\n{said}\n\n")
    text = written(["trace", "baydin.yaml"], tmp_path).read_text(encoding="utf-8")
    assert '#graph("<' in text


@pytest.mark.parametrize(("formula", "whole"), [("x*y", True), ("+".join(["sin(x*y)"] * 40), False)])
def test_a_graph_is_shown_where_it_is_whole(formula: str, whole: bool, tmp_path: Path) -> None:
    text = written(["trace", formula, "--at", "x=1,y=2", "--no-share"], tmp_path).read_text(encoding="utf-8")
    assert ("== Computational graph" in text) == whole
    assert text.count("#graph(\"") == whole


def test_an_optional_section_without_rows_is_left_out() -> None:
    assert "== H" not in made(Document(None, (), (Section("H", (Column(""),), optional=True),)))


def test_a_long_table_streams_and_goes_on_in_the_middle_of_a_statement() -> None:
    """Rows are asked for a block at a time, and a block may begin with a row that continues the one above."""
    asked = 0

    def rows() -> Iterator[Row]:
        nonlocal asked
        for n in range(1200):
            asked += 1
            yield Row((Number(str(n)), Words("w")), opens=n % 3 == 0)

    pieces = render(Document(None, (), (Section("", (Column("n"), Column("w")), rows),)), LOOK)
    drawn = [next(pieces), next(pieces), next(pieces)]
    assert drawn[-1].startswith("#worked(")
    assert asked <= 501
    text = "".join([*drawn, *pieces])
    assert text.count("#worked(\n") == 3
    assert compiled(text) == []


NASTY = '#read("/etc/passwd") $x$ \\ *b* _i_ `r` <l> @r // c /* d */ = - + 1. [z] {q} "s" ~ é ß ‮x‬ \x1b[31m \x00'
SEEN = NASTY.translate({0x202E: "�", 0x202C: "�", 0x1B: "�", 0: "�"})


def test_everything_that_was_typed_is_escaped() -> None:
    cells = (Words(NASTY), Name(NASTY), Result(NASTY, True), Number(NASTY), Matrix(((Name(NASTY), Words(NASTY)),)))
    table = section(Row(cells), columns=tuple(Column(NASTY) for _ in cells))
    document = Document(NASTY, ((Words(NASTY),), (Name(NASTY), Words(NASTY))), (table, Section(NASTY)))
    text = "".join(render(document, LOOK))
    assert not set(text) & {"\u202e", "\u202c", "\x1b", "\x00"}
    assert compiled(text) == []
    asked = text + "#context [#metadata(document.title)<t>]"
    title = json.loads(compiler.query(asked.encode(), "<t>", field="value", one=True))
    assert title["text"] == SEEN


def test_a_name_wider_than_the_page_is_set_smaller() -> None:
    long = "x" * 300
    nodes = wengert.lang.expr.Nodes()
    line = (Formula(nodes, nodes.name(long)),)
    table = section(Row((Name(long), Name(long))), columns=(Column("a"), Column("b")))
    assert compiled("".join(render(Document(None, (line,), (table,)), LOOK))) == []


DOCUMENTS = {
    "a formula, both ways": ["trace", "baydin.yaml", "--mode", "both"],
    "a network": ["trace", "mazur-2-2-2.yaml"],
    "layers": ["trace", "batchnorm.yaml", "--level", "layer"],
    "a kink": ["trace", "kink.yaml"],
    "symbols": ["diff", "two-two-one.yaml"],
    "training": ["train", "xor.yaml", "--steps", "20"],
    "flow": ["flow", "deep-sigmoid.yaml"],
    "all rules": ["rules"],
    "a rule": ["rules", "mul"],
    "the Hessian": ["trace", "x**2*y + y**3", "--at", "x=2,y=3", "--order", "2"],
    "exact": ["trace", "x/3 + sqrt(x) + 1/7", "--at", "x=2", "--numbers", "exact"],
}


def written(arguments: list[str], folder: Path, ending: str = "typ", verify: bool = False) -> Path:
    """The file that a command writes."""
    arguments = [str(SAMPLES / a) if a.endswith(".yaml") else a for a in arguments]
    path = folder / f"made.{ending}"
    asks = ["--budget", "100"] if verify or arguments[0] == "rules" else ["--no-verify"]
    assert run([*arguments, *asks, "-o", str(path)]) == 0
    return path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_compile_without_a_warning(name: str, tmp_path: Path) -> None:
    assert compiled(written(DOCUMENTS[name], tmp_path).read_text(encoding="utf-8")) == []


SHORT_ENOUGH = [  # the derivatives of 20 layers in symbols are 11 MB, which no PDF is made of
    (command, path.name)
    for path in sorted(SAMPLES.glob("*.yaml"))
    for command in ("trace", "diff")
    if (command, path.name) != ("diff", "deep-sigmoid.yaml")
]


@pytest.mark.long
@pytest.mark.parametrize(("command", "sample"), SHORT_ENOUGH)
def test_every_sample_compiles_without_a_warning(command: str, sample: str, tmp_path: Path) -> None:
    assert compiled(written([command, sample], tmp_path).read_text(encoding="utf-8")) == []
