"""A part of a document: which sections and rows stay, and what is said of it."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from wengert import pipeline
from wengert.show import text
from wengert.show.diff_document import diff_document
from wengert.show.document import Column, Document, Row, Section, Words
from wengert.show.layer_document import layer_document
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.selection import ONLY, Rows, select
from wengert.show.trace_document import trace_document

STATEMENTS = ("a", "b", "c", "d", "e")


def section(kind: str, heading: str) -> Section:
    rows = [Row((Words(s), Words(f"{s}1"))) for s in STATEMENTS]
    rows.insert(3, Row((None, Words("c2")), opens=False))
    return Section(heading, (Column("x"), Column("y")), lambda: iter(rows), kind=kind)  # type: ignore[arg-type]


DOCUMENT = Document("title", (), tuple(section(k, k or "cost") for k in ("forward", "tangent", "reverse", "gradient", "")))


def shown(document: Document) -> str:
    return "".join(text.render(document, Look()))


@pytest.mark.parametrize(
    ("only", "headings"),
    [
        ("forward", ["forward", "tangent"]),
        ("reverse", ["reverse"]),
        ("gradient", ["gradient"]),
        (None, ["forward", "tangent", "reverse", "gradient", "cost"]),
    ],
)
def test_only(only: str | None, headings: list[str]) -> None:
    assert [s.heading for s in select(DOCUMENT, only, None).sections] == headings


def test_a_part_that_is_not_there_is_said() -> None:
    document = Document(None, (), (section("forward", "F"),))
    assert shown(select(document, "reverse", None)) == "Here is no part of that kind (--only reverse).\n"


ROWS = [
    (Rows(2, 3), ["b b1", "c c1"], "Rows 2 to 3 (--rows)."),
    (Rows(None, 1), ["a a1"], "Row 1 (--rows)."),
    (Rows(5, None), ["d d1", "e e1"], "Rows 5 to 6 of 6 (--rows)."),
    (Rows(4, 4), ["c c2"], "Row 4 (--rows)."),  # a row that continues c begins with c
    (Rows(5, 9), ["d d1", "e e1"], "Rows 5 to 6 of 6 (--rows)."),
    (Rows(9, 12), [], "No row 9 to 12 (--rows): the table has 6."),
    (Rows(9, None), [], "No row 9 (--rows): the table has 6."),
]


@pytest.mark.parametrize(("rows", "lines", "said"), ROWS)
def test_rows(rows: Rows, lines: list[str], said: str) -> None:
    document = select(Document(None, (), (section("reverse", ""),)), None, rows)
    found = [" ".join(line.split()) for line in shown(document).splitlines()]
    assert [line for line in found if line not in ("x y",)] == [*lines, said]


def test_only_the_tables_of_the_working_lose_rows() -> None:
    assert shown(select(Document(None, (), (section("", "cost"),)), None, Rows(1, 1))).count("\n") == 8


@pytest.mark.parametrize("only", [None, "gradient"])
def test_results_stay_whole_unless_they_are_all_that_is_asked_for(only: str | None) -> None:
    document = select(Document(None, (), (section("gradient", ""),)), only, Rows(1, 1))
    assert ("e1" in shown(document)) == (only is None)


def test_no_row_is_made_behind_the_last_one() -> None:
    def rows():  # type: ignore[no-untyped-def]
        yield Row((Words("1"),))
        yield Row((Words("2"),))
        raise AssertionError("nobody asked for this row")

    document = Document(None, (), (Section("", (Column(""),), rows, kind="forward"),))
    assert shown(select(document, None, Rows(1, 1))) == "1\nRow 1 (--rows).\n"


@pytest.mark.parametrize("only", ONLY)
def test_every_part_is_found_in_a_trace_and_in_a_symbolic_derivative(only: str) -> None:
    at_a_point = trace_document(pipeline.trace("x*sin(y)", at={"x": 2, "y": 1}, mode="both", verify=False), Digits())
    for document in (at_a_point, diff_document(pipeline.diff("x*sin(y)", verify=False), Digits())):
        part = select(document, only, None)
        assert part.sections and all(s.kind in ONLY[only] for s in part.sections)
        assert len(part.sections) < len(document.sections)


WIDE = """inputs: {x1: 1, x2: 0.5}
parameters: {w: 0.3, b: -0.1}
layers:
  - {weights: [[w, w], [w, -0.2]], bias: [b, b], activation: tanh}
  - {weights: [[w, 1]], bias: [b], activation: sigmoid}
targets: [1]
loss: binary_cross_entropy
"""
OF_FIRST = "The formula of ∂L/∂w is too wide for a table; "
OF_SECOND = "The formula of ∂²L/∂w² is too wide for a table; of higher derivatives the derivation is not written out.\n"


@pytest.mark.parametrize(
    ("only", "where"),
    [(None, "the sweeps above are the derivation."), ("gradient", "the sweeps, which --only leaves out, are the derivation.")],
)
@pytest.mark.parametrize("order", [1, 2])
def test_what_derives_a_wide_formula(tmp_path: Path, only: str | None, where: str, order: int) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(WIDE)
    report = pipeline.trace(path, wrt=["w"], order=order, verify=False)
    lines = shown(select(trace_document(report, Digits()), only, None))
    assert OF_FIRST + where in lines
    assert (OF_SECOND in lines) == (order == 2)
    assert lines.count("too wide") == order
    assert ("\nReverse, " in lines) == (only is None)


def test_of_symbols_the_chain_rule_is_the_derivation(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(WIDE)
    document = diff_document(pipeline.diff(path, wrt=["w"], verify=False), Digits())
    assert OF_FIRST + "the chain rule above is the derivation, factor by factor." in shown(document)
    left_out = "the chain rule, which --only leaves out, is the derivation, factor by factor."
    assert OF_FIRST + left_out in shown(select(document, "gradient", None))


@pytest.mark.parametrize("only", ONLY)
def test_no_part_points_at_what_is_left_out(tmp_path: Path, only: str) -> None:
    """A formula too long to be read, more statements than are read, a network's many derivatives."""
    units = "{units: 8, init: {scheme: zeros}, activation: tanh}"
    net = tmp_path / "net.yaml"
    net.write_text(f"inputs: {{x1: 1, x2: 2}}\nlayers: [{units}, {units}]\n")
    for spec, choices in (
        ("x" + "+ x" * 2000, {"at": {"x": 1}}),
        ("; ".join(f"s{i} = x + {i}" for i in range(30)), {"at": {"x": 1}}),
        (net, {"level": "layer", "of": ["a2_1"]}),
    ):
        report = pipeline.trace(spec, verify=False, **choices)  # type: ignore[arg-type]
        made = layer_document if "level" in choices else trace_document
        lines = shown(select(made(report, Digits()), only, None))
        assert "above" not in lines
        assert "below" not in lines


@pytest.mark.parametrize("order", [1, 2])
def test_the_seed_is_named_once_where_no_tangents_are_shown(order: int) -> None:
    """Above the table of the derivatives, in `diff` as in `trace`; above the tangents where rows are left out."""
    seed = "The seed: ẋ = 3, ẏ = 7/2\n"
    chosen: dict[str, Any] = {"seed": {"x": 3, "y": "7/2"}, "order": order, "verify": False}
    symbols = unicodedata.normalize("NFC", shown(diff_document(pipeline.diff("x^2*y", **chosen), Digits())))
    assert "\nGradient and derivative along the seed\n" + seed in symbols
    document = trace_document(pipeline.trace("x^2*y", at={"x": 1, "y": 2}, **chosen), Digits())

    def part(only: str | None, rows: Rows | None = None) -> str:
        return unicodedata.normalize("NFC", shown(select(document, only, rows)))

    assert "Derivative along the seed\n" + seed in part("gradient")
    assert [made.count(seed) for made in (symbols, part("gradient"))] == [1, 1]
    assert "ẋ = 3" in part(None)
    for only, rows in ((None, Rows(3, 4)), (None, Rows(2, None)), ("forward", Rows(None, 1))):
        made = part(only, rows)
        assert "\nTangents along the seed\n" + seed in made and made.count(seed) == 1
    for only, rows in ((None, None), (None, Rows(1, 2)), ("forward", None), ("reverse", None)):
        assert seed not in part(only, rows)


def test_the_seed_is_not_counted_among_the_names() -> None:
    one = shown(diff_document(pipeline.diff("x*x", seed={"x": 2}, verify=False), Digits()))
    assert "\nDerivative, and the one along the seed\nThe seed: " in one
    two = pipeline.diff("a = x*x; b = 3*x", of=["a", "b"], seed={"x": 2}, verify=False)
    assert "Jacobian matrix" not in shown(diff_document(two, Digits()))  # a column alone
