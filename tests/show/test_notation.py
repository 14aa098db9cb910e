from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.errors import Source
from wengert.lang.expr import COMPARISONS, Nodes
from wengert.lang.parser import parse_expression
from wengert.show.document import (
    Adjoint,
    Derivative,
    Equation,
    Formula,
    Math,
    Name,
    Number,
    Product,
    Result,
    Sum,
    Tangent,
    Words,
)
from wengert.show.notation import TextNotation, language, size
from wengert.tape.primitives import VOCABULARY

UNICODE = TextNotation(symbols={"sigmoid": "σ"})
ASCII = TextNotation(ascii=True, symbols={"sigmoid": "σ"})
NODES = Nodes()


def formula(text: str) -> Formula:
    return Formula(NODES, parse_expression(Source(text), NODES, VOCABULARY))


def written(nodes: Nodes, root: int) -> object:
    """The tree as nested tuples, built without recursion."""
    trees: dict[int, object] = {}
    for node in nodes.reachable([root]):
        leaf = (nodes.operation(node), nodes.text(node)) if nodes.is_leaf(node) else None
        trees[node] = leaf or (nodes.operation(node), *(trees[a] for a in nodes.arguments(node)))
    return trees[root]


@pytest.mark.parametrize(
    ("typed", "unicode", "ascii"),
    [
        ("x1*x2", "x1·x2", "x1*x2"),
        ("3*v2^2", "3·v2²", "3*v2**2"),
        ("x^-1", "x⁻¹", "x**(-1)"),
        ("x^(y+1)", "x^(y + 1)", "x**(y + 1)"),
        ("x^y", "x^y", "x**y"),
        ("x^0.5", "x^0.5", "x**0.5"),
        ("x^y^z", "x^(y^z)", "x**(y**z)"),
        ("(x^2)^3", "(x²)³", "(x**2)**3"),
        ("sin(x)^2", "sin(x)²", "sin(x)**2"),
        ("-x", "−x", "-x"),
        ("-(x+y)", "−(x + y)", "-(x + y)"),
        ("-x^2", "−x²", "-x**2"),
        ("(-x)^2", "(−x)²", "(-x)**2"),
        ("-x*y", "−x·y", "-x*y"),
        ("a*(-b)", "a·(−b)", "a*(-b)"),
        ("a - -b*c", "a − (−b)·c", "a - (-b)*c"),
        ("-(-x)", "−(−x)", "-(-x)"),
        ("a/(b*c)", "a/(b·c)", "a/(b*c)"),
        ("a/(b/c)", "a/(b/c)", "a/(b/c)"),
        ("(a/b)/c", "(a/b)/c", "(a/b)/c"),
        ("(a/b)*c/d", "(a/b)·c/d", "(a/b)*c/d"),
        ("a*b/c/d", "(a·b/c)/d", "(a*b/c)/d"),
        ("-a/b/c", "(−a/b)/c", "(-a/b)/c"),
        ("-(a/b/c)", "−(a/b)/c", "-(a/b)/c"),
        ("(-(a/b))/c", "(−a/b)/c", "(-a/b)/c"),
        ("(-(a/b))*c", "(−a/b)·c", "(-a/b)*c"),
        ("a-(b-c)", "a − (b − c)", "a - (b - c)"),
        ("a-b+c", "a − b + c", "a - b + c"),
        ("(x+1)*(x-1)", "(x + 1)·(x − 1)", "(x + 1)*(x - 1)"),
        ("1/2x", "(1/2)·x", "(1/2)*x"),
        ("|x|", "|x|", "abs(x)"),
        ("abs(x+abs(y))", "abs(x + |y|)", "abs(x + abs(y))"),
        ("abs(x)*abs(y)", "|x|·|y|", "abs(x)*abs(y)"),
        ("abs(x)^2", "|x|²", "abs(x)**2"),
        ("sqrt(x)", "√x", "sqrt(x)"),
        ("sqrt(x+1)", "√(x + 1)", "sqrt(x + 1)"),
        ("sqrt(x)^2", "(√x)²", "sqrt(x)**2"),
        ("sigmoid(-x)", "σ(−x)", "sigmoid(-x)"),
        ("2*pi*x", "2·π·x", "2*pi*x"),
        ("θ1+中", "θ1 + 中", "theta1 + U+4E2D"),
        ("where(x>=0, p, q)", "where(x ≥ 0, p, q)", "where(x >= 0, p, q)"),
        ("where(x==0, p, q)", "where(x = 0, p, q)", "where(x == 0, p, q)"),
        ("identity(x)*y", "x·y", "x*y"),
        ("max(x, y, 0)", "max(x, y, 0)", "max(x, y, 0)"),
        ("1e-3*x", "1e−3·x", "1e-3*x"),
    ],
)
def test_formulas(typed: str, unicode: str, ascii: str) -> None:
    assert (UNICODE.math(formula(typed)), ASCII.math(formula(typed))) == (unicode, ascii)


def literals(operation: str, *texts: str) -> Formula:
    return Formula(NODES, NODES.call(operation, [NODES.number(t) for t in texts]))


@pytest.mark.parametrize(
    ("m", "text"),
    [
        (literals("mul", "0.4", "-0.49"), "0.4·(−0.49)"),
        (literals("mul", "-1", "2"), "(−1)·2"),
        (literals("power", "-2", "2"), "(−2)²"),
        (literals("power", "1e-7", "2"), "(1e−7)²"),
        (literals("power", "1/3", "2"), "(1/3)²"),
        (literals("mul", "2", "1/3"), "2·(1/3)"),
        (literals("mul", "1/3", "2"), "(1/3)·2"),
        (literals("div", "1/3", "2/7"), "(1/3)/(2/7)"),
        (literals("div", "-1/7", "7"), "(−1/7)/7"),
        (literals("sub", "-1", "-2"), "−1 − (−2)"),
        (literals("neg", "-2"), "−(−2)"),
        (literals("sqrt", "-2"), "√(−2)"),
        (literals("ln", "-2"), "ln(−2)"),
    ],
)
def test_numbers_put_into_formulas(m: Math, text: str) -> None:
    assert UNICODE.math(m) == text


F = formula
CASES: list[tuple[Math, str, str]] = [
    (Adjoint("f", "v3"), "v̄3", "bar(v3)"),
    (Adjoint("f", "f"), "f̄", "bar(f)"),
    (Adjoint("E_total", "net_h1"), "∂E_total/∂net_h1", "dE_total/dnet_h1"),
    (Adjoint("E_total", "net_h1", many=False), "dE_total/dnet_h1", "dE_total/dnet_h1"),
    (Adjoint("g", "v3", output_shown=True), "∂g/∂v3", "dg/dv3"),
    (Tangent("v3", "x1"), "v̇3", "dot(v3)"),
    (Tangent("v3", "x1", direction_shown=True), "∂v3/∂x1", "dv3/dx1"),
    (Tangent("net_h1", "x1", many=False), "dnet_h1/dx1", "dnet_h1/dx1"),
    (Tangent("net_h1", "seed", direction_shown=True), "dot(net_h1)", "dot(net_h1)"),
    (Derivative("f", ("x1",)), "∂f/∂x1", "df/dx1"),
    (Derivative("f", ("x",), many=False), "df/dx", "df/dx"),
    (Derivative("f", ("x1", "x2")), "∂²f/∂x1∂x2", "d2f/(dx1 dx2)"),
    (Derivative("f", ("x", "x")), "∂²f/∂x²", "d2f/dx**2"),
    (Derivative("f", ("x", "x", "y")), "∂³f/∂x²∂y", "d3f/(dx**2 dy)"),
    (Derivative("E_total", ("w5",)), "∂E_total/∂w5", "dE_total/dw5"),
    (Product((Adjoint("f", "v4"), F("cos(x2)"))), "v̄4 · cos(x2)", "bar(v4) * cos(x2)"),
    (Product((Number("-1"), Number("0.28366219"))), "(−1) · 0.28366219", "(-1) * 0.28366219"),
    (Product((F("3*x^2"), F("x+1"), F("-x"))), "3·x² · (x + 1) · (−x)", "3*x**2 * (x + 1) * (-x)"),
    (Product((Adjoint("f", "v1"), F("1/x1"))), "v̄1 · 1/x1", "bar(v1) * 1/x1"),
    (Product((Number("2"), Sum((Number("1"), Number("2"))))), "2 · (1 + 2)", "2 * (1 + 2)"),
    (Sum((Number("5"), Number("-0.28"), Number("1"))), "5 − 0.28 + 1", "5 - 0.28 + 1"),
    (Sum((Number("-5"), F("-x*y"))), "−5 − x·y", "-5 - x*y"),
    (Sum((Product((Number("-5"), Number("2"))), F("x"))), "(−5) · 2 + x", "(-5) * 2 + x"),
    (Equation((Name("v2"), F("x1*x2"))), "v2 = x1·x2", "v2 = x1*x2"),
    (Equation((Name("a"), F("b"), Number("-0.5")), ("=", "≈")), "a = b ≈ −0.5", "a = b ~= -0.5"),
    (Equation((Adjoint("f", "a"), Result("0.7", False))), "a\u0304 ≈ 0.7", "bar(a) ~= 0.7"),
    (Result("5.5", True), "= 5.5", "= 5.5"),
    (Result("-1.5e-7", False), "≈ −1.5e−7", "~= -1.5e-7"),
    (Result("-inf", True), "= −∞", "= -inf"),
    (Words("loss = ½ Σ (a − t)²"), "loss = ½ Σ (a − t)²", "loss = 1/2 Sigma (a - t)**2"),
    (Words("café v̄3\x1b[31m"), "café v̄3�[31m", "cafe bar(v3)?[31m"),
    (Name("pi"), "π", "pi"),
    (Name("x\x1b"), "x�", "xU+001B"),
]


@pytest.mark.parametrize(("m", "unicode", "ascii"), CASES)
def test_mathematics(m: Math, unicode: str, ascii: str) -> None:
    assert (UNICODE.math(m), ASCII.math(m)) == (unicode, ascii)


@pytest.mark.parametrize(
    ("adjoints", "texts"),
    [("bar", ["v̄3", "z̄1"]), ("leibniz", ["∂f/∂v3", "∂f/∂z1"]), ("grad", ["v3.grad", "z1.grad"]), ("delta", ["v̄3", "δ_z1"])],
)
def test_notations_of_an_adjoint(adjoints: str, texts: list[str]) -> None:
    notation = TextNotation(adjoints=adjoints, preactivations=frozenset({"z1"}))  # type: ignore[arg-type]
    assert [notation.math(Adjoint("f", n)) for n in ("v3", "z1")] == texts


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("((a*b))*c + (d)", "a*b*c + d"),
        ("x^y^z", "x**y**z"),
        ("(x^y)^z", "(x**y)**z"),
        ("-x*y", "-x*y"),
        ("-(x*y)", "-(x*y)"),
        ("x^-1", "x**(-1)"),
        ("|x| + √y", "abs(x) + sqrt(y)"),
        ("where(a > b, p, q)", "where(a > b, p, q)"),
        ("identity(x)", "identity(x)"),
        ("θ1*π", "θ1*π"),
    ],
)
def test_language(typed: str, text: str) -> None:
    f = formula(typed)
    assert language(f.nodes, f.root) == text


LEAVES = st.sampled_from(["x", "y1", "net_h", "π", "θ", "2", "0.10", "1e-3"]).map(lambda t: (t,))
CALLS = sorted({f.operation: f for fs in VOCABULARY.values() for f in fs if f.operation != "where"}.items())


def _grown(children: st.SearchStrategy[tuple]) -> st.SearchStrategy[tuple]:  # type: ignore[type-arg]
    calls = st.sampled_from(CALLS).flatmap(
        lambda c: st.tuples(st.just(c[0]), *[children] * (c[1].least if c[1].most != 1 else 1))
    )
    compared = st.tuples(st.sampled_from(sorted(COMPARISONS)), children, children)
    return st.one_of(
        st.tuples(st.sampled_from(["add", "sub", "mul", "div", "power"]), children, children),
        st.tuples(st.just("neg"), children),
        st.tuples(st.just("where"), compared, children, children),
        calls,
    )


def _node(nodes: Nodes, tree: tuple) -> int:  # type: ignore[type-arg]
    if len(tree) == 1:
        return nodes.number(tree[0]) if tree[0][0].isdigit() else nodes.name(tree[0])
    return nodes.call(tree[0], [_node(nodes, t) for t in tree[1:]])


@given(st.recursive(LEAVES, _grown, max_leaves=12))
def test_the_language_reads_back_as_the_same_tree(tree: tuple) -> None:  # type: ignore[type-arg]
    nodes = Nodes()
    root = _node(nodes, tree)
    text = language(nodes, root)
    again = Nodes()
    assert written(again, parse_expression(Source(text), again, VOCABULARY)) == written(nodes, root)


@given(st.recursive(LEAVES, _grown, max_leaves=12))
def test_ascii_is_ascii(tree: tuple) -> None:  # type: ignore[type-arg]
    nodes = Nodes()
    assert ASCII.formula(nodes, _node(nodes, tree)).isascii()


@given(st.text())
def test_no_text_breaks_the_notation(text: str) -> None:
    for m in (Name(text), Words(text), Adjoint(text, text), Number(text), Result(text, True), Derivative(text, (text,))):
        assert UNICODE.math(m).isprintable() or not text.isprintable()
        assert ASCII.math(m).isascii()


def test_long_and_deep_formulas() -> None:
    nodes = Nodes()
    x = nodes.name("x")
    total = deep = tower = shared = x
    for _ in range(100_000):
        total = nodes.call("add", [total, x])
    for _ in range(20_000):
        deep, tower = nodes.call("abs", [deep]), nodes.call("power", [x, tower])
    for _ in range(200):
        shared = nodes.call("mul", [shared, shared])
    for root in (total, deep, tower):
        assert UNICODE.formula(nodes, root)
        assert language(nodes, root)
    assert [size(nodes, r, 2000) for r in (x, total, shared)] == [1, 2000, 2000]
    assert size(nodes, total, 10**6) == 200_001
