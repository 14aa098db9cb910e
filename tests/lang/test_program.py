"""Statements to a model."""

from __future__ import annotations

import pytest

from wengert.errors import WengertError
from wengert.lang.model import Kind
from wengert.lang.options import override
from wengert.lang.program import in_pieces, output_name, read_formula
from wengert.lang.spec import read_spec
from wengert.tape.primitives import VOCABULARY

MODELS = [
    # (text, form, inputs, definitions, output)
    ("(x**2+1)**3", "formula", "x", "f", "f"),
    ("ln(x1) + x1*x2 - sin(x2)", "formula", "x1 x2", "f", "f"),
    ("f*x", "formula", "f x", "y", "y"),
    ("f + y", "formula", "f y", "F", "F"),
    ("f + y + F", "formula", "f y F", "out", "out"),
    ("f + y + F + out", "formula", "f y F out", "out2", "out2"),
    ("b + a", "formula", "b a", "f", "f"),
    ("e**x + pi + π", "formula", "x", "f", "f"),
    ("2", "formula", "", "f", "f"),
    ("g = x**2", "program", "x", "g", "g"),
    ("a = w*x + b; y = sigmoid(a)", "program", "w x b", "a y", "y"),
    ("a = w*x + b\ny = sigmoid(a)\n", "program", "w x b", "a y", "y"),
    ("a = w*x; sigmoid(a)", "program", "w x", "a f", "f"),
    ("f = w*x; sigmoid(f)", "program", "w x", "f y", "y"),
    ("e = 2*x; y = e**2", "program", "x", "e y", "y"),  # a definition wins over the constant
    ("dot = x*y; z = dot + 1", "program", "x y", "dot z", "z"),  # calls and names are separate
    ("dot = x*y; z = dot(dot, 1)", "program", "x y", "dot z", "z"),
]


@pytest.mark.parametrize(("text", "form", "inputs", "definitions", "output"), MODELS)
def test_model(text: str, form: str, inputs: str, definitions: str, output: str) -> None:
    model = read_formula(text, VOCABULARY)
    assert model.form == form
    assert [x.name for x in model.inputs] == inputs.split()
    assert all(x.value is None for x in model.inputs)
    assert [d.name for d in model.definitions] == definitions.split()
    assert {d.kind for d in model.definitions} == {Kind.FORMULA if form == "formula" else Kind.STEP}
    assert model.outputs == (output,)
    assert model.wrt == tuple(inputs.split())


ERRORS = [
    # (text, words of the title, words of the details or the hint)
    ("y = a; a = x", "a is used before its definition", "comes later: in line 1, column 8"),
    ("a = a + 1", "a is defined by itself", "another name"),
    ("a = x; a = 2*x", "the name a is given twice", "the first is in line 1, column 1"),
    ("x**2; y = x", "only the last statement may go without a name", "name it"),
    ("y = e; e = x", "e is used before its definition", "comes later"),  # never silently the constant
    ("sin", "sin is a function and needs brackets", "write sin(…)"),
    ("x + max", "max is a function and needs brackets", ""),
    ("", "there is no formula here", ""),
]


@pytest.mark.parametrize(("text", "title", "words"), ERRORS)
def test_error(text: str, title: str, words: str) -> None:
    with pytest.raises(WengertError) as caught:
        read_formula(text, VOCABULARY)
    assert title in caught.value.title
    assert words in caught.value.report()
    assert caught.value.place is not None


def test_a_given_name_is_no_function() -> None:
    model = read_formula("x/σ + sigmoid(x)", VOCABULARY, given={"σ"})
    assert [x.name for x in model.inputs] == ["x", "σ"]


def test_a_product_without_a_sign_is_warned_of() -> None:
    assert read_formula("xy + x + y", VOCABULARY).warnings == ("xy is read as one name; the product is written x*y",)
    assert read_formula("x1 + x", VOCABULARY).warnings == ()


@pytest.mark.parametrize(
    ("name", "known", "pieces"),
    [
        ("xy", {"x", "y"}, ["x", "y"]), ("xx", {"x"}, ["x", "x"]), ("xy", {"x"}, None), ("xy", {"xy"}, None),
        ("w1x1", {"w1", "x1"}, ["w1", "x1"]), ("x12", {"x1", "x"}, None), ("abc", {"a", "b", "bc", "ab"}, ["a", "bc"]),
        ("x" * 200, {"y"}, None),
    ],
)  # fmt: skip
def test_in_pieces(name: str, known: set[str], pieces: list[str] | None) -> None:
    assert in_pieces(name, known) == pieces


def test_output_name() -> None:
    assert output_name({"f", "y", "F", "out", "out2"}) == "out3"


@pytest.mark.parametrize(
    "text",
    ["+".join(f"x{i}" for i in range(100_000)), "sin(" * 20_000 + "x" + ")" * 20_000,
     "a0 = x\n" + "\n".join(f"a{i} = a{i - 1}*x" for i in range(1, 20_000))],
    ids=["terms", "nested", "statements"],
)  # fmt: skip
def test_large(text: str) -> None:
    assert read_formula(text, VOCABULARY).outputs


COMPOSED, PARTED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(("formula", "at"), [(COMPOSED, PARTED), (PARTED, COMPOSED)])
def test_a_letter_and_its_accent_are_one(formula: str, at: str) -> None:
    """A keyboard of one system writes é as one character, another as two: the name is the same, on the command line and in a
    spec."""
    line = override(read_formula(f"{formula}**2", VOCABULARY), VOCABULARY, at=[f"{at}=3"], wrt=formula)
    spec = read_spec(f"formula: {formula}**2\nat: {{{at}: 3}}\nwrt: [{formula}]\nseed: {{{at}: 1}}", None, VOCABULARY)
    program = read_spec(f"let: {{{formula}: x**2, y: {at} + 1}}\nat: {{x: 3}}", None, VOCABULARY)
    assert [x.name for m in (line, spec) for x in m.inputs] == [COMPOSED, COMPOSED]
    assert line.wrt == spec.wrt == (COMPOSED,)
    assert [d.name for d in program.definitions] == [COMPOSED, "y"]
    assert [x.name for x in read_formula("\u2126 + \u03a9", VOCABULARY).inputs] == ["\u03a9"], "the sign of ohm is an omega"


@pytest.mark.parametrize("text", ["# words\ra = x\ry = a*2", "# words\r\na = x\r\ny = a*2", "# words\na = x\ny = a*2"])
def test_line_ends_of_every_kind(text: str) -> None:
    """A lone carriage return, old Macintoshes' end of a line, ends a comment too."""
    assert [d.name for d in read_formula(text, VOCABULARY).definitions] == ["a", "y"]


def test_a_long_name_is_no_product_without_signs() -> None:
    """Which names a name is put together from is asked of short names alone: it would take hours for many long ones."""
    assert in_pieces("xyxy", {"x", "y"}) == ["x", "y", "x", "y"]
    assert in_pieces("xy" * 11, {"x", "y"}) is None
