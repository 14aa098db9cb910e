"""Mathematics in Typst: a table of what is written, and that Typst takes all of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programs import Program, model, parse, programs
from wengert.show.document import (
    Adjoint,
    Derivative,
    Equation,
    Formula,
    Line,
    Math,
    Matrix,
    Name,
    Number,
    Phrase,
    Product,
    Result,
    Sum,
    Tangent,
    Words,
)
from wengert.show.look import ADJOINTS, look_of
from wengert.show.notation.typst import TypstNotation, escaped, quoted

LOOK = look_of()
NOTATION = TypstNotation(LOOK)
TIMES = 'med class("normal", times) med'

FORMULAS = [
    ("x1*x2", "x_1 dot x_2"),
    ("3*v2^2", "3 dot v_2^(2)"),
    ("x^-1", "x^(-1)"),
    ("x^y^z", "x^(y^(z))"),
    ("(x^2)^3", "(x^(2))^(3)"),
    ("sin(x)^2", "sin(x)^(2)"),
    ("-x^2", "-x^(2)"),
    ("(-x)^2", "(-x)^(2)"),
    ("a*(-b)", "a dot (-b)"),
    ("-(-x)", "-(-x)"),
    ("a-(b-c)", "a - (b - c)"),
    ("(x+1)*(x-1)", "(x + 1) dot (x - 1)"),
    ("a/(b/c)", "frac(a, frac(b, c))"),
    ("(a/b)^2", "(frac(a, b))^(2)"),
    ("(a/b)*c", "frac(a, b) dot c"),
    ("-a/b", "frac(-a, b)"),
    ("1/2x", "frac(1, 2) dot x"),
    ("e^(x/2)", "e^(frac(x, 2))"),
    ("|x+1|", "abs(x + 1)"),
    ("sqrt(x+1)/2", "frac(sqrt(x + 1), 2)"),
    ("cbrt(x)", "root(3, x)"),
    ("floor(x) + ceil(y)", "floor(x) + ceil(y)"),
    ("log2(x)", "log_2(x)"),
    ("asin(x)", "arcsin(x)"),
    ("tanh(x/2)", "tanh(frac(x, 2))"),
    ("gelu(x)", 'op("gelu")(x)'),
    ("leaky_relu(x, 0.1)", 'op("leaky_relu")(x, 0.1)'),
    ("max(x, y, z)", "max(x, y, z)"),
    ("sigmoid(net_h1)", 'σ(italic("net")_(italic("h1")))'),
    ("where(x > 0, x, 0)", 'op("where")(x > 0, x, 0)'),
    ("1e-3*x", f"1 {TIMES} 10^(-3) dot x"),
    ("E_total*W1_2_3", 'E_"total" dot W_(1, 2, 3)'),
    ("θ1*ä", 'θ_1 dot italic("ä")'),
    ("2*pi*e", "2 dot pi dot e"),
    ("x__1 + v_3", '"x__1" + "v_3"'),
    ("日本*x", 'italic("日本") dot x'),
]


def formula(text: str) -> Formula:
    return Formula(*parse(text))


@pytest.mark.parametrize(("typed", "typst"), FORMULAS)
def test_formulas(typed: str, typst: str) -> None:
    assert NOTATION.math(formula(typed)) == typst


CLASSES: list[tuple[Math, str]] = [
    (Name("v2"), "v_2"),
    (Adjoint("f", "v3"), "accent(v, macron)_3"),
    (Adjoint("E_total", "net_h1"), 'frac(partial E_"total", partial#math.italic("net")_(italic("h1")))'),
    (Tangent("x1", "seed"), "accent(x, dot)_1"),
    (Tangent("out", "x1"), 'frac(partial#math.italic("out"), partial x_1)'),
    (Derivative("f", ("x",), many=False), "frac(d f, d x)"),
    (Derivative("f", ("x", "x"), many=False), "frac(d^2 f, d x^2)"),
    (Derivative("f", ("x1", "x1", "x2")), "frac(partial^3 f, partial x_1^2 partial x_2)"),
    (Derivative("f", ("x",), note="direct"), 'frac(partial f, partial x)" [direct]"'),
    (Derivative("f", ("x",), dotted=True), "frac(partial accent(f, dot), partial x)"),
    (Number("-0.5"), "-0.5"),
    (Number("1e-9"), f"1 {TIMES} 10^(-9)"),
    (Number("inf"), "infinity"),
    (Number("-1/3"), "-frac(1, 3)"),
    (Number("√2/2"), '"√2/2"'),
    (Result("0.5", True), "= 0.5"),
    (Result("0.69", False, formula("ln(2)")), "= ln(2) approx 0.69"),
    (Product((Number("-2"), Number("1/3"), formula("a + b"))), "(-2) dot frac(1, 3) dot (a + b)"),
    (Sum((Number("1"), Number("-2"))), "1 - 2"),
    (Equation((Adjoint("f", "x1"), Result("0.5", False))), "accent(x, macron)_1 approx 0.5"),
    (Equation((Name("h"), formula("a + b"), Name("c")), ("=", "≈")), "h = a + b approx c"),
    (Words('"#x" \\'), '"\\"#x\\" \\\\"'),
    (Phrase((Name("a"), Name("b"))), "a b"),
    (Matrix(((Number("1"), Name("w1")), (Number("-2.5"), Name("w2")))), 'mat(delim: "[", 1&, w_1; -2&.5, w_2)'),
    (
        Matrix(((Name("a"), Name("b")), (Name("c"), Name("d"))), 1, 1),
        'mat(delim: "[", a, dots.c, b; dots.v, dots.down, dots.v; c, dots.c, d)',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("math", "typst"), CLASSES)
def test_classes(math: Math, typst: str) -> None:
    assert NOTATION.math(math) == typst


@pytest.mark.parametrize(
    ("adjoints", "short", "long"),
    [
        ("bar", "accent(z, macron)_1", 'frac(partial L, partial#math.italic("net"))'),
        ("leibniz", "frac(partial L, partial z_1)", 'frac(partial L, partial#math.italic("net"))'),
        ("delta", "delta_(z_1)", 'delta_(italic("net"))'),
        ("grad", 'z_1".grad"', 'italic("net")".grad"'),
    ],
)
def test_adjoints(adjoints: str, short: str, long: str) -> None:
    assert adjoints in ADJOINTS
    notation = TypstNotation(replace(LOOK, adjoints=adjoints, preactivations=frozenset({"z1", "net"})))  # type: ignore[arg-type]
    assert notation.math(Adjoint("L", "z1")) == short
    assert notation.math(Adjoint("L", "net")) == long


@pytest.mark.parametrize(
    ("line", "typst"),
    [
        ((Words("at "), Name("x1"), Words(" = 2")), "at $x_1$ \\= 2"),
        ((Name("Z"), Words(" = "), Name("W"), Words(" · "), Name("X")), "$Z = W dot X$"),
        ((Name("μ"), Words(" = "), Words("the mean of "), Name("Z")), "$μ =$ the mean of $Z$"),
        ((Words("  = "), Name("W"), Words("ᵀ")), ' $= W^"T"$'),
        ((Words("ᵀ"), Name("W")), "ᵀ$W$"),
    ],
)
def test_lines(line: Line, typst: str) -> None:
    assert NOTATION.prose(line) == typst


# -- what was typed is shown, and is no code

NASTY = [
    '#read("/etc/passwd")', "#import \"@preview/x:1.0.0\": *", "$x$", "a \\ b", "*bold* _it_", "`raw`", "<label> @ref", "// c",
    "/* c */", "https://a.b", "1. one", "- x", "+ x", "= head", "/ term: x", "-1 -- --- -?", "...", "a~b", "[x] {y}",
    "'q' \"q\"", "a's rows' x", "\\u{41}", "#", "\\", "x/", "é ü ß Ж א", "a\u202eb", "a\x1bb", "a\nb\tc", "&;,:^|!", "",
]  # fmt: skip


TEXT = """
#let plain(it) = if it == [ ] { " " } else if it.func() == smartquote { "’" } else if it.has("text") { it.text } else {
  it.children.map(plain).join("") }
"""


def read_back(markup: str) -> str:
    """The text that Typst sees in markup."""
    source = f"{TEXT}\n#metadata(plain[{markup}])<t>"
    return str(json.loads(typst.query(source.encode(), "<t>", field="value", one=True)) or "")


@pytest.mark.parametrize("text", NASTY)
def test_words_are_shown_as_they_are(text: str) -> None:
    expected = "".join("�" if c in "\u202e\x1b" else " " if c in "\n\t" else c for c in text)
    assert read_back(escaped(text)).replace("’", "'") == expected


@given(st.text(st.sampled_from("ab1 #$*_`<>@~[]\"'\\/-+=.:;,&^|!?(){}%é"), max_size=30))
@settings(max_examples=100)
def test_any_words_are_shown_as_they_are(text: str) -> None:
    made = read_back(f"x{escaped(text)}x").replace("’", "'")
    assert made.split() == f"x{text}x".split()


@given(st.text(max_size=30))
@settings(max_examples=60)
def test_any_string_is_a_string(text: str) -> None:
    made = json.loads(typst.query(f"#metadata({quoted(text)})<t>".encode(), "<t>", field="value", one=True))
    assert made == json.loads(json.dumps(made))
    assert len(made) == len(text)


# -- Typst takes all of it

HEAD = '#set page(width: 20cm, height: auto)\n#set text(font: "New Computer Modern")\n'


def compiles(texts: list[str]) -> None:
    """Raises what Typst says; a warning is a failure too."""
    source = HEAD + "".join(f"${text}$\n\n" for text in texts)
    _, warnings = typst.compile_with_warnings(source.encode(), format="pdf", ignore_system_fonts=True)
    assert not [w.message for w in warnings]


def test_every_case_compiles() -> None:
    compiles([written for _, written in [*FORMULAS, *CLASSES]])


@given(programs())
@settings(max_examples=40)
def test_random_expressions_compile(program: Program) -> None:
    made = model(program.text)
    compiles([NOTATION.formula(made.nodes, d.root) for d in made.definitions])
