"""Mathematics as MathML: a table of cases, with <mi> and so on for the elements, and what must hold of any expression."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.programs import Program, programs
from wengert import pipeline
from wengert.errors import Source
from wengert.lang.expr import Nodes
from wengert.lang.parser import parse_expression
from wengert.show.document import (
    Adjoint,
    Cell,
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
from wengert.show.look import Look, look_of
from wengert.show.notation.mathml import MathmlNotation
from wengert.tape.primitives import VOCABULARY

NODES = Nodes()
NOTATION = MathmlNotation(look_of())
LESS, PLUS = '<mo form="infix">−</mo>', '<mo form="infix">+</mo>'
MINUS, DOT, CALL = '<mo form="prefix">−</mo>', "<mo>·</mo>", "<mo>&#x2061;</mo>"


def formula(text: str) -> Formula:
    return Formula(NODES, parse_expression(Source(text), NODES, VOCABULARY))


def packed(text: str) -> str:
    """Without the blanks between elements, which mean nothing."""
    return re.sub(r"> +<", "><", text)


def shut(inside: str) -> str:
    return f'<mrow><mo stretchy="false">(</mo>{inside}<mo stretchy="false">)</mo></mrow>'


def tall(inside: str, left: str = "(", right: str = ")") -> str:
    return f"<mrow><mo>{left}</mo>{inside}<mo>{right}</mo></mrow>"


def over(above: str, below: str) -> str:
    return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"


def power(base: str, exponent: str) -> str:
    return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"


def mi(letter: str, index: str = "") -> str:
    return f"<msub><mi>{letter}</mi><mn>{index}</mn></msub>" if index else f"<mi>{letter}</mi>"


@pytest.mark.parametrize(
    ("typed", "mathml"),
    [
        ("x1*x2", mi("x", "1") + DOT + mi("x", "2")),
        ("x^2", power(mi("x"), "<mn>2</mn>")),
        ("x^-1", power(mi("x"), f"{MINUS}<mn>1</mn>")),
        ("v2^3", f"<msubsup>{mi('v')}<mn>2</mn><mrow><mn>3</mn></mrow></msubsup>"),
        ("-x^2", MINUS + power(mi("x"), "<mn>2</mn>")),
        ("(-x)^2", power(shut(MINUS + mi("x")), "<mn>2</mn>")),
        ("a-(b-c)", mi("a") + LESS + shut(mi("b") + LESS + mi("c"))),
        ("a - -b", mi("a") + LESS + shut(MINUS + mi("b"))),
        ("1/x", over("<mn>1</mn>", mi("x"))),
        ("(a/b)^2", power(tall(over(mi("a"), mi("b"))), "<mn>2</mn>")),
        ("|x|", f'<mrow><mo stretchy="false">|</mo>{mi("x")}<mo stretchy="false">|</mo></mrow>'),
        ("|x/y|", tall(over(mi("x"), mi("y")), "|", "|")),
        ("floor(x/y)", tall(over(mi("x"), mi("y")), "⌊", "⌋")),
        ("sqrt(x+1)", f"<msqrt>{mi('x')}{PLUS}<mn>1</mn></msqrt>"),
        ("cbrt(x)", f"<mroot><mrow>{mi('x')}</mrow><mn>3</mn></mroot>"),
        ("ln(x)", f"<mi>ln</mi>{CALL}{shut(mi('x'))}"),
        ("asin(x)", f"<mi>arcsin</mi>{CALL}{shut(mi('x'))}"),
        ("sigmoid(z1)", f'<mi mathvariant="normal">σ</mi>{CALL}{shut(mi("z", "1"))}'),
        ("log2(x)", f"<msub><mi>log</mi><mn>2</mn></msub>{CALL}{shut(mi('x'))}"),
        ("sin(x/2)", f"<mi>sin</mi>{CALL}{tall(over(mi('x'), '<mn>2</mn>'))}"),
        ("where(x>0,x,0)", f"<mi>where</mi>{CALL}"
         + shut(f'{mi("x")}<mo>&gt;</mo><mn>0</mn><mo separator="true">,</mo>{mi("x")}<mo separator="true">,</mo><mn>0</mn>')),
        ("net_h1", '<msub><mi class="name">net</mi><mi>h1</mi></msub>'),
        ("out", '<mi class="name">out</mi>'),
        ("θ1", mi("θ", "1")),
        ("pi", "<mi>π</mi>"),
        ("v_3", '<mi mathvariant="normal">v_3</mi>'),
        ("1e-7*x", f"<mn>1</mn><mo>×</mo><msup><mn>10</mn><mrow>{MINUS}<mn>7</mn></mrow></msup>{DOT}{mi('x')}"),
    ],
)  # fmt: skip
def test_formulas(typed: str, mathml: str) -> None:
    assert packed(NOTATION.math(formula(typed))) == mathml


BAR = f'<msub><mover>{mi("v")}<mo stretchy="false">¯</mo></mover><mn>3</mn></msub>'
D = '<mo form="prefix" lspace="0" rspace="0">∂</mo>'

@pytest.mark.parametrize(
    ("m", "mathml"),
    [
        (Adjoint("f", "v3"), BAR),
        (Adjoint("f", "x", output_shown=True), over(D + mi("f"), D + mi("x"))),
        (Tangent("x", "seed"), f'<mover accent="true">{mi("x")}<mo stretchy="false">˙</mo></mover>'),
        (Derivative("f", ("x",), many=False), over("<mi>d</mi>" + mi("f"), "<mi>d</mi>" + mi("x"))),
        (Derivative("f", ("x", "x"), many=False),
         over("<msup><mi>d</mi><mn>2</mn></msup>" + mi("f"), f"<mi>d</mi><msup>{mi('x')}<mn>2</mn></msup>")),
        (Result("-0.5", False), f"<mo>≈</mo>{MINUS}<mn>0.5</mn>"),
        (Result("1/2", True), f"<mo>=</mo>{over('<mn>1</mn>', '<mn>2</mn>')}"),
        (Product((Adjoint("f", "v3"), Number("-2"))), BAR + DOT + shut(f"{MINUS}<mn>2</mn>")),
        (Product((Name("a"), formula("1/x + 1"))), mi("a") + DOT + tall(over("<mn>1</mn>", mi("x")) + PLUS + "<mn>1</mn>")),
        (Sum((Name("a"), Number("-2"), Name("b"))), f"{mi('a')}{LESS}<mn>2</mn>{PLUS}{mi('b')}"),
        (Equation((Name("a"), Number("1"), Result("2", True))), f"{mi('a')}<mo>=</mo><mn>1</mn><mo>=</mo><mn>2</mn>"),
        (Name("a<b"), '<mi mathvariant="normal">a&lt;b</mi>'),
        (Words(" a & b "), "<mtext>\u00a0a &amp; b\u00a0</mtext>"),
        (Matrix(((Name("a"), Number("0.5")), (Name("b"), Number("-1")))),
         f"<mrow><mo>[</mo><mtable><mtr><mtd>{mi('a')}</mtd><mtd><mn>0.5</mn></mtd></mtr>"
         f"<mtr><mtd>{mi('b')}</mtd><mtd>{MINUS}<mn>1</mn></mtd></mtr></mtable><mo>]</mo></mrow>"),
    ],
)  # fmt: skip
def test_mathematics(m: Math, mathml: str) -> None:
    assert packed(NOTATION.math(m)) == mathml


@pytest.mark.parametrize(
    ("adjoints", "mathml"),
    [
        ("bar", BAR.replace(mi("v"), mi("z"))),
        ("delta", f"<msub><mi>δ</mi><mrow>{mi('z', '3')}</mrow></msub>"),
        ("grad", f"{mi('z', '3')}<mtext>.grad</mtext>"),
    ],
)
def test_notations_of_an_adjoint(adjoints: str, mathml: str) -> None:
    notation = MathmlNotation(Look(adjoints=adjoints, preactivations=frozenset({"z3"})))  # type: ignore[arg-type]
    assert notation.math(Adjoint("L", "z3")) == mathml


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ((Words("at "), Equation((Name("x"), Number("2"))), Words(" & so")),
         f"at <math>{mi('x')} <mo>=</mo> <mn>2</mn></math> &amp; so"),
        ((Name("Z"), Words(" = "), Name("W"), Words("ᵀ"), Words(" · "), Name("X")),
         f'<math>{mi("Z")}</math><math><mo form="infix">=</mo>{mi("W")}</math><math><mtext>ᵀ</mtext></math>'
         f'<math><mo form="infix">·</mo>{mi("X")}</math>'),
    ],
)  # fmt: skip
def test_lines(line: Line, html: str) -> None:
    assert NOTATION.prose(line) == html


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (formula("x + 1"), 1),  # short
        (formula("w1*x1 + w2*x2 + w3*x3 - b"), 4),
        (formula("alpha*beta*gamma*delta*x"), 5),
        (Product((formula("x1 + x2"), formula("x3"))), 2),
        (Sum((formula("x"), formula("y"), Number("-3"))), 3),
        (Equation((Name("a"), formula("w1*x1 + w2*x2 + w3*x3"), Result("5", True))), 5),
        (Equation((Name("a"), Number("1"))), 2),
        (Name("a"), 1),
        (None, 0),
    ],
)
def test_a_long_cell_has_places_where_a_line_may_break(cell: Cell, parts: int) -> None:
    assert NOTATION.text(cell).count("<math>") == parts


# -- what must hold of any expression


@given(programs())
def test_any_expression_is_well_formed_and_its_parts_make_the_whole(program: Program) -> None:
    model = pipeline.load(program.text, given=tuple(program.point))
    nodes = model.nodes
    for root in (d.root for d in model.definitions):
        for m in (Formula(nodes, root), Equation((Name("a"), Formula(nodes, root), Result("1", False)))):
            whole = NOTATION.math(m)
            ElementTree.fromstring(f"<math>{whole}</math>")
            assert packed("".join(NOTATION.parts(m))).replace(" ", "") == packed(whole).replace(" ", "")


@given(st.text(), st.text())
def test_no_text_is_markup(text: str, other: str) -> None:
    maths: list[Math] = [
        Name(text), Adjoint(text, other), Tangent(text, other), Derivative(text, (other,)), Number(text), Words(text),
        Result(text, False), Phrase((Words(text), Name(other))), Sum((Number(text), Name(other))), Matrix(((Words(text),),)),
    ]  # fmt: skip
    known = {"math", "mi", "mn", "mo", "mtext", "msub", "mover", "mrow", "mfrac", "mtable", "mtr", "mtd", "msup", "msubsup"}
    for m in maths:
        tree = ElementTree.fromstring(f"<p>{NOTATION.prose((m,))}</p>".replace("<wbr>", ""))
        assert {e.tag for e in tree.iter()} <= known | {"p"}


def test_long_and_deep_formulas() -> None:
    nodes = Nodes()
    x = nodes.name("x")
    total, nested = x, x
    for _ in range(20_000):
        total, nested = nodes.call("add", [total, x]), nodes.call("sin", [nested])
    assert len(NOTATION.parts(Formula(nodes, total))) == 20_001
    assert NOTATION.math(Formula(nodes, nested)).count("<mi>sin</mi>") == 20_000
