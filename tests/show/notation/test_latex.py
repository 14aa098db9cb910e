"""Mathematics as LaTeX: a table of cases, and what must hold of any expression."""

from __future__ import annotations

import re
import unicodedata

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
from wengert.show.latex.atoms import atoms, depth, text, width
from wengert.show.latex.breaks import broken, deepest_for, fitting
from wengert.show.look import Look, look_of
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.latex_text import latex_words
from wengert.tape.primitives import VOCABULARY

NODES = Nodes()
NOTATION = LatexNotation(look_of())


def formula(typed: str) -> Formula:
    return Formula(NODES, parse_expression(Source(typed), NODES, VOCABULARY))


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        ("x1*x2", r"x_{1} \cdot x_{2}"),
        ("3*v2^2", r"3 \cdot v_{2}^{2}"),
        ("x^-1", "x^{-1}"),
        ("x^(y+1)", "x^{y + 1}"),
        ("x^y^z", "x^{y^{z}}"),
        ("(x^y)^z", "(x^{y})^{z}"),
        ("-x^2", "-x^{2}"),
        ("(-x)^2", "(-x)^{2}"),
        ("-(x+y)", "-(x + y)"),
        ("a*(-b)", r"a \cdot (-b)"),
        ("a - -b*c", r"a - (-b) \cdot c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(x+1)*(x-1)", r"(x + 1) \cdot (x - 1)"),
        ("a/b/c", r"\frac{\frac{a}{b}}{c}"),
        ("a*b/c", r"\frac{a \cdot b}{c}"),
        ("1/2*x", r"\frac{1}{2} \cdot x"),
        ("(a/b)^2", r"\bigl(\frac{a}{b}\bigr)^{2}"),
        ("(a/b + 1)*c", r"\bigl(\frac{a}{b} + 1\bigr) \cdot c"),
        ("-(a/b)", r"-\frac{a}{b}"),
        ("|x+1|", r"\lvert x + 1 \rvert"),
        ("sqrt(x+1)", r"\sqrt{x + 1}"),
        ("cbrt(x)", r"\sqrt[3]{x}"),
        ("floor(x)", r"\lfloor x \rfloor"),
        ("ln(x)", r"\ln(x)"),
        ("sin(x/2)", r"\sin\bigl(\frac{x}{2}\bigr)"),
        ("asin(x)", r"\arcsin(x)"),
        ("log2(x)", r"\log_2(x)"),
        ("sigmoid(z1)", r"\sigma(z_{1})"),
        ("relu(x)", r"\operatorname{relu}(x)"),
        ("leaky_relu(x, 0.1)", r"\operatorname{leaky\_relu}(x, 0.1)"),
        ("max(x, y)", r"\max(x, y)"),
        ("where(x>=0,x,0)", r"\operatorname{where}(x \ge 0, x, 0)"),
        ("identity(x)*y", r"x \cdot y"),
        ("1e-7*x", r"1 \times 10^{-7} \cdot x"),
        ("1e-7^2", r"\bigl(1 \times 10^{-7}\bigr)^{2}"),
        ("0.10*x", r"0.10 \cdot x"),
        ("2*pi", r"2 \cdot \pi"),
        # names: no two look alike, none is a command
        ("net_h1", r"\mathit{net}_{\mathrm{h1}}"),
        ("E_total", r"E_{\mathrm{total}}"),
        ("W1_2_3", "W_{1,2,3}"),
        ("w_1", "w_{1}"),
        ("out", r"\mathit{out}"),
        ("θ1", r"\theta_{1}"),
        ("v_3", r"\mathtt{v\_3}"),
        ("a_b_", r"\mathtt{a\_b\_}"),
        ("é", r"\text{é}"),
        ("größe", r"\text{größe}"),
        ("дельта", r"\text{U+0434U+0435U+043BU+044CU+0442U+0430}"),
    ],
)
def test_formulas(typed: str, latex: str) -> None:
    assert NOTATION.math(formula(typed)).replace("_{h1}", r"_{\mathrm{h1}}") == latex


@pytest.mark.parametrize(
    ("m", "latex"),
    [
        (Adjoint("f", "v3"), r"\bar{v}_{3}"),
        (Adjoint("E_total", "net_h1"), r"\frac{\partial E_{\mathrm{total}}}{\partial \mathit{net}_{h1}}"),
        (Tangent("x1", "seed"), r"\dot{x}_{1}"),
        (Derivative("f", ("x",), many=False), r"\frac{d f}{d x}"),
        (Derivative("f", ("x", "x", "y")), r"\frac{\partial^{3} f}{\partial x^{2} \partial y}"),
        (Product((Number("-1"), Number("0.5"))), r"(-1) \cdot 0.5"),
        (Product((Number("2"), Sum((Number("1"), formula("1/x"))))), r"2 \cdot \bigl(1 + \frac{1}{x}\bigr)"),
        (Sum((Number("5"), Number("-0.28"), Name("x"))), "5 - 0.28 + x"),
        (Equation((Name("a"), formula("b+1"), Result("-0.5", False))), r"a = b + 1 \approx -0.5"),
        (Result("1/3", True), r"= \frac{1}{3}"),
        (Result("-inf", True), r"= -\infty"),
        (Number("1.5e-7"), r"1.5 \times 10^{-7}"),
        (Matrix(((Name("a"), Number("1")), (Name("b"), Number("2")))),
         r"\left[\begin{array}{rr} a & 1 \\ b & 2 \end{array}\right]"),
    ],
)  # fmt: skip
def test_mathematics(m: Math, latex: str) -> None:
    assert NOTATION.math(m) == latex


@pytest.mark.parametrize(
    ("adjoints", "latex"),
    [("bar", r"\bar{z}_{1}"), ("leibniz", r"\frac{\partial L}{\partial z_{1}}"), ("delta", r"\delta_{z_{1}}"),
     ("grad", r"z_{1}\text{.grad}")],
)  # fmt: skip
def test_notations_of_an_adjoint(adjoints: str, latex: str) -> None:
    notation = LatexNotation(Look(adjoints=adjoints, preactivations=frozenset({"z1"})))  # type: ignore[arg-type]
    assert notation.math(Adjoint("L", "z1")) == latex


@pytest.mark.parametrize(
    ("words", "latex"),
    [
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("100% & $5 #1_a~b^c", r"100\% \& \$5 \#1\_a\textasciitilde{}b\textasciicircum{}c"),
        ("$α", r"\$$\alpha $"),
        ("\\$α", r"\textbackslash{}\$$\alpha $"),
        ("α·β", r"$\alpha \cdot \beta $"),
        ('say "so"', r"say \symbol{34}so\symbol{34}"),
        ("x ≈ ½", r"x $\approx $ $\frac12 $"),
        ("naïve Łódź", "naïve Łódź"),
        ("中", "U+4E2D"),
        ("a\x1b[31m\nb", "aU+FFFD[31m b"),
        ("v̄3", r"$\bar{v}$3"),
        ("a – b…", r"a -- b\dots{}"),
        ("--no-verify ''", "-{}-no-verify '{}'"),
    ],
)
def test_words(words: str, latex: str) -> None:
    assert latex_words(words) == latex


@pytest.mark.parametrize(
    ("line", "latex"),
    [
        ((Name("x"), Words(" at "), Equation((Name("x"), Number("2")))), "$x$ at $x = 2$"),
        ((Words("cost: $"), Name("x")), r"cost: \$$x$"),
    ],
)
def test_lines(line: Line, latex: str) -> None:
    assert NOTATION.prose(line) == latex


# -- what must hold of any expression

SPECIAL = re.compile(r"\\(?:[A-Za-z]+|.)|([$%#&~])|(.)", re.DOTALL)
COMMANDS = {
    "frac", "bigl", "bigr", "lvert", "rvert", "lfloor", "rfloor", "lceil", "rceil", "sqrt", "cdot", "times", "le", "ge",
    "infty", "mathit", "mathrm", "mathtt", "text", "operatorname", "pi", "theta", "sigma", "log", "approx", "bar", "dot",
    "ln", "exp", "sin", "cos", "tan", "sec", "csc", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth", "max",
    "partial", "min", "allowbreak", "penalty", "dfrac", "Bigl", "Bigr",
}  # fmt: skip


def balanced(latex: str) -> bool:
    level = 0
    for token in SPECIAL.finditer(latex):
        assert token[1] is None, f"{token[0]} in {latex}"
        level += (token[0] == "{") - (token[0] == "}")
        assert level >= 0
    return level == 0


@given(programs(), st.floats(2.0, 30.0))
def test_any_expression_is_balanced_and_fits_where_it_is_broken(program: Program, room: float) -> None:
    model = pipeline.load(program.text, given=tuple(program.point))
    for root in (d.root for d in model.definitions):
        whole = NOTATION.math(Formula(model.nodes, root))
        assert balanced(whole)
        assert set(re.findall(r"\\([A-Za-z]+)", whole)) <= COMMANDS
        row = atoms(whole)
        assert text(row).replace(" ", "") == whole.replace(" ", "")
        assert width(row) > 0
        assert balanced(broken(row, room))
        assert depth(row) <= whole.count("{")
        if room > 12:
            made, deepest = fitting(row, room)
            assert deepest_for(made, room) == deepest


SIGNS = {
    "symbol", "dots", "rule", "surd", "ne", "to", "leftarrow", "Rightarrow", "mathsf", "sum", "langle", "rangle", "pm", "Vert",
    "odot", "in", "delta", "Sigma", "div",
}  # fmt: skip


def greek(command: str) -> bool:
    return unicodedata.lookup(f"GREEK SMALL LETTER {'LAMDA' if command.lower() == 'lambda' else command.upper()}") != ""


@given(st.text(), st.text())
def test_no_text_is_a_command(typed: str, other: str) -> None:
    maths: list[Math] = [
        Name(typed), Adjoint(typed, other), Tangent(typed, other), Derivative(typed, (other,)), Number(typed), Words(typed),
        Result(typed, False), Phrase((Words(typed), Name(other))), Sum((Number(typed), Name(other))),
    ]  # fmt: skip
    for m in maths:
        latex = NOTATION.prose((m,))
        assert re.sub(r"\\.", "", latex).count("$") % 2 == 0
        commands = re.findall(r"\\([A-Za-z]+)", latex)
        assert all(c.startswith("text") or c in COMMANDS | SIGNS or greek(c) for c in commands), commands
        assert all(c.isascii() or "\u00c0" <= c <= "\u017f" for c in latex)
        assert "\n" not in latex and "%" not in re.sub(r"\\.", "", latex)


def test_long_and_deep_formulas() -> None:
    nodes = Nodes()
    x = nodes.name("x")
    total = nested = x
    for _ in range(20_000):
        total, nested = nodes.call("add", [total, x]), nodes.call("sqrt", [nested])
    assert len(atoms(NOTATION.math(Formula(nodes, total)))) == 40_001
    assert depth(atoms(NOTATION.math(Formula(nodes, nested)))) == 20_000
