"""Derivatives as a person would leave them: formula beside derivative; and the rewriting never changes a value."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from tests.programs import Program, evaluate, model, mp, programs, slope_of
from wengert.errors import Source
from wengert.lang.expr import Nodes
from wengert.lang.model import Definition, Input, Model
from wengert.lang.parser import parse_expression
from wengert.show.notation import language
from wengert.sweep.algebra import BIG
from wengert.sweep.formulas import MAX_DERIVATIVES, MAX_STATEMENTS, SymbolicSweep, derive
from wengert.sweep.readable import readable
from wengert.sweep.symbols import Symbols
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

FORMS = [
    ("(x**2+1)**3", "x", "6*x*(x**2 + 1)**2"),
    ("sin(x**2+1)", "x", "2*x*cos(x**2 + 1)"),
    ("x**3*exp(x)", "x", "x**2*(x + 3)*exp(x)"),
    ("(2*x+1)**5*(3*x-2)**7", "x", "(2*x + 1)**4*(3*x - 2)**6*(72*x + 1)"),
    ("x/(1+x**2)", "x", "(1 - x**2)/(1 + x**2)**2"),
    ("exp(-x)*sin(w*x+b)", "x", "w*exp(-x)*cos(w*x + b) - sin(w*x + b)*exp(-x)"),
    ("ln(x1)+x1*x2-sin(x2)", "x1", "x2 + 1/x1"),
    ("ln(x1)+x1*x2-sin(x2)", "x2", "x1 - cos(x2)"),
    ("3*x**2+2*x+1", "x", "6*x + 2"),
    ("x**4-3*x**2+2", "x", "4*x**3 - 6*x"),
    ("x*x", "x", "2*x"),
    ("(x+1)*(x-1)", "x", "2*x"),
    ("sqrt(x**2+1)", "x", "x/sqrt(x**2 + 1)"),
    ("sin(x)**2+cos(x)**2", "x", "0"),
    ("tanh(x)", "x", "1 - tanh(x)**2"),
    ("sigmoid(w*x+b)", "w", "x*(1 - sigmoid(w*x + b))*sigmoid(w*x + b)"),
    ("x**x", "x", "x**x*(1 + ln(x))"),
    ("a**x", "x", "a**x*ln(a)"),
    ("1/2*(a-t)**2", "a", "a - t"),
    ("0.5*(a-t)**2", "a", "a - t"),
    ("x**0.5", "x", "0.5/sqrt(x)"),
    ("x*ln(x)-x", "x", "ln(x)"),
    ("exp(x**2)", "x", "2*x*exp(x**2)"),
    ("max(x,y)", "x", "where(x > y, 1, where(x == y, 1/2, 0))"),
    ("relu(x)", "x", "where(x > 0, 1, 0)"),
    ("abs(x)", "x", "sign(x)"),
    ("norm(x,y)", "x", "x/norm(x, y)"),
    ("mean(x,y,z)", "x", "1/3"),
    ("a = x**2; b = sin(a); y = a*b", "x", "2*x*(sin(x**2) + x**2*cos(x**2))"),
    ("5 + 0*x", "x", "0"),
]


@pytest.mark.parametrize(("text", "wrt", "expected"), FORMS)
def test_form(text: str, wrt: str, expected: str) -> None:
    m = model(text, wrt=(wrt,))
    found = derive(lower(m), m.outputs, m.wrt)
    formula = found.by_key[m.outputs[0], wrt]
    assert formula.expanded and formula.root is not None
    assert language(found.nodes, formula.root) == expected


_SMOOTH = ("add", "sub", "mul", "mul", "div", "power", "neg", "sin", "cos", "exp", "ln", "sqrt", "sigmoid", "tanh", "dot")


@settings(max_examples=60)
@given(programs(_SMOOTH, most=7))
def test_readable_never_changes_a_derivative(program: Program) -> None:
    m = model(program.text)
    wl = lower(m)
    active = wl.depends_on([wl.slots[x] for x in m.wrt])
    symbols = Symbols()
    column = SymbolicSweep(wl, symbols, active, "nothing").adjoints("f")
    for x in m.wrt:
        e = symbols.zero if column[wl.slots[x]] is None else column[wl.slots[x]]
        better = readable(symbols.algebra, e)
        assert (better == BIG) == (e == BIG)
        if e == BIG:
            continue
        assert symbols.algebra.size[better] <= symbols.algebra.size[e]
        nodes = Nodes()
        roots = [symbols.to_nodes(form, nodes) for form in (e, better)]
        with mp.workdps(60):
            reference = slope_of(m, "f", x, program.point, 90)
            point = {n: mp.mpf(v) for n, v in program.point.items()}
            for moved in (0, mp.mpf("0.003"), mp.mpf("-0.007")):
                there = {n: v * (1 + moved) for n, v in point.items()}
                before, after = (evaluate(nodes, root, there)[root] for root in roots)
                assert abs(before - after) <= mp.mpf(10) ** -45 * max(1, abs(before))
                if not moved:
                    assert abs(after - reference) <= mp.mpf(10) ** -30 * max(1, abs(reference))


# -- sizes are counted, nothing that explodes is built


def _chain(step: str, count: int) -> str:
    lines = ["a0 = x"] + [f"a{i + 1} = {step.replace('a', f'a{i}')}" for i in range(count)]
    return "; ".join(lines)


def test_thirty_squarings_stay_short() -> None:
    m = model(_chain("a*a", 30))
    found = derive(lower(m), m.outputs, m.wrt)
    formula = found.by_key["a30", "x"]
    assert formula.expanded and formula.root is not None
    assert language(found.nodes, formula.root) == f"{2**30}*x**{2**30 - 1}"


@pytest.mark.parametrize("step", ["a*sin(a)", "a + sin(a)*cos(a)", "sigmoid(a)*a + x", "(a + 1)*(a + 2)", "a**a"])
def test_what_explodes_is_not_built(step: str) -> None:
    began = time.process_time()
    m = model(_chain(step, 60))
    found = derive(lower(m), m.outputs, m.wrt)
    assert not found.by_key["a60", "x"].expanded
    assert len(found.nodes) < 5_000
    assert time.process_time() - began < 5


def test_a_long_derivative_is_written_in_the_names_of_statements() -> None:
    m = model(_chain("sin(a)", 80))  # sines 80 deep when written out, a product of 80 short cosines in names
    found = derive(lower(m), m.outputs, m.wrt)
    formula = found.by_key["a80", "x"]
    assert formula.root is not None and not formula.expanded
    assert language(found.nodes, formula.root).startswith("cos(a79)*cos(a78)*")
    assert set(found.nodes.names_in([formula.root])) == {f"a{i}" for i in range(80)}


def test_a_very_long_list_is_not_swept_in_symbols() -> None:
    m = model("+".join(["x"] * (MAX_STATEMENTS + 2)))
    wl = lower(m, share=False)
    assert derive(wl, m.outputs, m.wrt).by_key["f", "x"].root is None


def test_many_derivatives_are_not_written() -> None:
    m = model("+".join(f"x{i}" for i in range(MAX_DERIVATIVES + 1)))
    assert derive(lower(m), m.outputs, m.wrt).by_key["f", "x7"].root is None


NAMES_E = [("ln(e)*x", "x", "ln(e)"), ("ln(e)*x", "e", "x/e"), ("e**x", "e", "x*e**(x - 1)")]


@pytest.mark.parametrize(("text", "wrt", "formula"), NAMES_E)
def test_a_name_e_is_no_constant(text: str, wrt: str, formula: str) -> None:
    nodes = Nodes()
    root = parse_expression(Source(text), nodes, VOCABULARY)
    inputs = tuple(Input(n) for n in nodes.names_in([root]))
    m = Model(nodes, inputs, (Definition("f", root),), ("f",), tuple(x.name for x in inputs))
    found = derive(lower(m), m.outputs, m.wrt)
    written = found.by_key["f", wrt].root
    assert written is not None
    assert language(found.nodes, written) == formula
