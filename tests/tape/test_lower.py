"""Lowering: formula text beside its Wengert list, a statement a line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.programs import Program, model, programs, tree
from wengert.errors import FormulaError
from wengert.lang.spec import read_spec
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY
from wengert.tape.wengert_list import WengertList, check


def shown(wl: WengertList) -> list[str]:
    """`v1 = mul(x, 2)`; a constant operand is its expression."""
    nodes = wl.model.nodes

    def operand(o: int) -> str:
        return wl.name(o) if o >= 0 else tree(nodes, wl.constants[-1 - o])

    return [f"{wl.name(s.slot)} = {s.primitive.name}({', '.join(operand(o) for o in s.operands)})" for s in wl]


# with respect to which names → the list
FREE = [
    (["x"], ["a = exp(x)", "b = identity(a)", "v1 = exp(x)", "y = dot(a, b, b, v1)"]),
    (["a"], ["a = exp(x)", "b = exp(x)", "v1 = exp(x)", "y = dot(a, b, b, v1)"]),
    (["b"], ["a = exp(x)", "b = identity(a)", "v1 = exp(x)", "y = dot(a, b, b, v1)"]),
]


@pytest.mark.parametrize(("wrt", "expected"), FREE, ids=str)
def test_a_name_that_is_free_has_no_copies(wrt: list[str], expected: list[str]) -> None:
    """∂y/∂a is the derivative with a free, and b is not a copy of it then; what was written for b stays exp(x)."""
    assert shown(lower(model("a = exp(x); b = exp(x); y = dot(a, b, b, exp(x))", wrt=wrt))) == expected


LISTS = [
    ("x", ["f = identity(x)"]),
    ("2", ["f = identity(2)"]),
    ("-2", ["f = identity((neg 2))"]),
    ("-x", ["f = neg(x)"]),
    ("x*x", ["f = mul(x, x)"]),
    ("x**2", ["f = power(x, 2)"]),
    ("x**-1", ["f = power(x, (neg 1))"]),
    ("-2*x", ["f = mul((neg 2), x)"]),
    ("-(2*x)", ["v1 = mul(2, x)", "f = neg(v1)"]),
    ("ln(x1) + x1*x2 - sin(x2)", ["v1 = ln(x1)", "v2 = mul(x1, x2)", "v3 = add(v1, v2)", "v4 = sin(x2)", "f = sub(v3, v4)"]),
    ("(a+b)*(a+b)", ["v1 = add(a, b)", "f = mul(v1, v1)"]),
    ("sin(x)+sin(x)", ["v1 = sin(x)", "f = add(v1, v1)"]),
    ("(a+b)*(b+a)", ["v1 = add(a, b)", "v2 = add(b, a)", "f = mul(v1, v2)"]),
    ("2*3*x", ["v1 = mul(2, 3)", "f = mul(v1, x)"]),
    ("sin(pi/2)*x", ["v1 = div(pi, 2)", "v2 = sin(v1)", "f = mul(v2, x)"]),
    ("pi*x + π*x", ["v1 = mul(pi, x)", "f = add(v1, v1)"]),
    ("2*x + 2.0*x", ["v1 = mul(2, x)", "v2 = mul(2.0, x)", "f = add(v1, v2)"]),
    # where
    ("where(x > 0, x, 0)", ["f = where_gt(x, 0, x, 0)"]),
    ("where(a <= b, sin(a), b)", ["v1 = sin(a)", "f = where_le(a, b, v1, b)"]),
    ("where(sin(a) == b, 1, 2)", ["v1 = sin(a)", "f = where_eq(v1, b, 1, 2)"]),
    # defaults, aliases
    ("leaky_relu(x)", ["f = leaky_relu(x, 0.01)"]),
    ("leaky_relu(x, 0.2)", ["f = leaky_relu(x, 0.2)"]),
    ("elu(x)", ["f = elu(x, 1)"]),
    ("leaky_relu(x) + leaky_relu(x, 0.01)", ["v1 = leaky_relu(x, 0.01)", "f = add(v1, v1)"]),
    ("log(x) + ln(x)", ["v1 = ln(x)", "f = add(v1, v1)"]),
    ("softmax(2, a, b)", ["f = softmax(2, a, b)"]),
    ("dot(a, b, c, d)", ["f = dot(a, b, c, d)"]),
    # names
    ("a = w*x; y = a + w*x", ["a = mul(w, x)", "v1 = mul(w, x)", "y = add(a, v1)"]),
    ("y = w*x + 1; z = w*x + 2", ["v1 = mul(w, x)", "y = add(v1, 1)", "z = add(v1, 2)"]),
    ("a = w*x; b = w*x; y = a*b", ["a = mul(w, x)", "b = identity(a)", "y = mul(a, b)"]),
    ("a = x; b = a", ["a = identity(x)", "b = identity(a)"]),
    ("v1 = x**2; y = sin(v1 + 1)", ["v1 = power(x, 2)", "v2 = add(v1, 1)", "y = sin(v2)"]),
    ("sin(v2) * v1", ["v3 = sin(v2)", "f = mul(v3, v1)"]),
    ("v2 = sin(x*x); y = cos(v2 * x)", ["v1 = mul(x, x)", "v2 = sin(v1)", "v3 = mul(v2, x)", "y = cos(v3)"]),
    ("e = x + 1; y = e*2", ["e = add(x, 1)", "y = mul(e, 2)"]),
    ("f + y", ["F = add(f, y)"]),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_list(text: str, expected: list[str]) -> None:
    assert shown(lower(model(text))) == expected


NOT_SHARED = [
    ("sin(x)+sin(x)", ["v1 = sin(x)", "v2 = sin(x)", "f = add(v1, v2)"]),
    ("a = w*x; b = w*x", ["a = mul(w, x)", "b = mul(w, x)"]),
]


@pytest.mark.parametrize(("text", "expected"), NOT_SHARED)
def test_without_sharing(text: str, expected: list[str]) -> None:
    assert shown(lower(model(text), share=False)) == expected


FOLDED = [
    ("2*3*x", ["f = mul(6, x)"]),
    ("sin(pi/2)*x", ["f = mul((sin (/ pi 2)), x)"]),
    ("x*2*3", ["v1 = mul(x, 2)", "f = mul(v1, 3)"]),
    ("x + (2*3 - -1)", ["f = add(x, 7)"]),
    ("max(1, 2)*x", ["f = mul((max 1 2), x)"]),
    ("leaky_relu(-1)*x", ["f = mul((leaky_relu (neg 1)), x)"]),
    ("where(1 > 2, 3, 4)*x", ["f = mul((where (> 1 2) 3 4), x)"]),
    ("2*3", ["f = identity(6)"]),
    ("x*(1/3 - 1)", ["f = mul(x, (neg (/ 2 3)))"]),
    ("x*0.1**2", ["f = mul(x, (/ 1 100))"]),
    ("x*(1/0)", ["f = mul(x, (/ 1 0))"]),  # a fault to be told, not to be hidden
    ("x*9**999", ["f = mul(x, (** 9 999))"]),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_folded(text: str, expected: list[str]) -> None:
    assert shown(lower(model(text), fold=True)) == expected


@pytest.mark.parametrize(("text", "expected"), [(t, e) for t, e in LISTS if t in ("2*3*x", "sin(pi/2)*x")])
def test_constants_are_not_folded_unless_asked(text: str, expected: list[str]) -> None:
    assert shown(lower(model(text), fold=False)) == expected


# text, first line of the message, what the carets stand under
BAD = [
    ("softmax(3, x, y)", "softmax wants the number of a component first, from 1 to 2"),
    ("softmax(0, x, y)", "softmax wants the number of a component first, from 1 to 2"),
    ("softmax(k, x, y)", "softmax wants the number of a component first, from 1 to 2"),
    ("softmax(1.5, x, y)", "softmax wants the number of a component first, from 1 to 2"),
    ("softmax(-1, x, y)", "softmax wants the number of a component first, from 1 to 2"),
    ("softmax(99999999999999999999999, x)", "softmax wants the number of a component first, from 1 to 1"),
    ("dot(a, b, c)", "dot takes two lists of equal length, here it has 3 arguments"),
    ("dot(a)", "dot takes two lists of equal length, here it has 1 arguments"),
]


@pytest.mark.parametrize(("text", "title"), BAD)
def test_bad_arguments(text: str, title: str) -> None:
    with pytest.raises(FormulaError) as caught:
        lower(model(f"1 + {text}"))
    assert caught.value.title == title
    assert caught.value.place is not None
    assert caught.value.place.source.text[caught.value.place.start : caught.value.place.end] == text
    assert caught.value.hint


def test_every_statement_knows_its_place() -> None:
    wl = lower(model("a = w*x + b; y = sigmoid(a)**2"))
    places = [wl.model.nodes.place(s.node) for s in wl]
    texts = [p.source.text[p.start : p.end] for p in places if p is not None]
    assert texts == ["w*x", "w*x + b", "sigmoid(a)", "sigmoid(a)**2"]


def test_20000_nested_calls_and_100000_terms() -> None:
    assert len(lower(model("sin(" * 20_000 + "x" + ")" * 20_000))) == 20_001
    assert len(lower(model("+".join(["x"] * 100_000)))) == 100_000


@settings(max_examples=60)
@given(programs())
def test_random_lists_are_well_formed_and_shared(program: Program) -> None:
    m = model(program.text, program.point)
    wl = check(lower(m))
    keys = [(s.primitive.name, tuple(s.operands)) for s in wl if s.slot not in wl.names]
    assert len(keys) == len(set(keys)), "an unnamed statement stands twice"
    names = [wl.name(slot) for slot in range(len(wl))]
    assert len(names) == len(set(names))
    assert len(lower(m, share=False)) >= len(wl)


def used(wl: WengertList) -> set[str]:
    return {s.primitive.name for s in wl}


@settings(max_examples=100)
@given(programs())
def test_a_list_knows_the_primitives_of_its_statements_alone(program: Program) -> None:
    wl = lower(model(program.text, program.point))
    assert set(wl.opcodes) == used(wl)


def test_what_a_value_is_made_of_is_no_statement() -> None:
    """ln(2) is the value of a parameter: the network has no logarithm, and nothing is assumed of one."""
    text = "inputs: {x1: 1, x2: 2}\nparameters: {w: ln(2)}\nlayers: [{weights: [[w, 0.5]], activation: sigmoid}]\n"
    wl = lower(read_spec(text, None, VOCABULARY, (), None))
    assert set(wl.opcodes) == used(wl)
    assert "ln" not in wl.opcodes
