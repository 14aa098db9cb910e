"""Formulas of higher order in the names of quantities, and the order of the names in a product."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

import wengert
from tests.programs import Program, model, mp, programs
from wengert import pipeline
from wengert.lang.expr import Nodes
from wengert.lang.model import Model
from wengert.show.notation import language
from wengert.sweep.algebra import Algebra
from wengert.sweep.formulas import derive
from wengert.sweep.higher import higher, named_formulas
from wengert.sweep.higher.named import collected, in_order
from wengert.tape.lower import lower
from wengert.verify.witness import Ours, Undefined

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
NEURON = "a1 = w1*x; h = sigmoid(a1); a2 = w2*h + b; y = sigmoid(a2)"


def _written(m: Model, of: str, *wrt: str) -> str:
    nodes = Nodes(shared=True)
    root = named_formulas(lower(m), [(of, *wrt)], nodes)[(of, *wrt)]
    assert root is not None
    return language(nodes, root)


@pytest.mark.parametrize(
    ("wrt", "formula"),
    [
        ("w2 b", "y*(1 - y)*(1 - 2*y)*h"),
        ("w2 w2", "y*(1 - y)*(1 - 2*y)*h**2"),
        ("w1 w2", "y*(1 - y)*h*(1 - h)*x*(1 + (1 - 2*y)*w2*h)"),
        ("w1 w1", "y*(1 - y)*w2*h*(1 - h)*x**2*(1 - 2*h + (1 - 2*y)*w2*h*(1 - h))"),
        ("b b b", "y*(1 - y)*((1 - 2*y)**2 - 2*y*(1 - y))"),
        ("h h", "y*(1 - y)*(1 - 2*y)*w2**2"),  # a definition that is a name of wrt is free
        ("x x", "y*(1 - y)*w2*h*(1 - h)*w1**2*(1 - 2*h + (1 - 2*y)*w2*h*(1 - h))"),
    ],
)
def test_formulas_of_a_network_of_two_neurons(wrt: str, formula: str) -> None:
    names = tuple(dict.fromkeys(wrt.split()))
    assert _written(model(NEURON, wrt=names), "y", *wrt.split()) == formula


def test_along_a_seed() -> None:
    m = model("a = x*y; f = exp(a)", wrt=("x", "y"), seed={"x": "1", "y": "2"})
    assert _written(m, "f", "x", "seed") == "f*(2 + y*(y + 2*x))"


def test_nothing_where_no_path_leads() -> None:
    assert _written(model("a = x*y; b = z*y; f = a + b", wrt=("x", "z")), "f", "x", "z") == "0"


@settings(deadline=None, max_examples=60)
@given(programs(most=6))
def test_named_formulas_have_the_values_of_the_list(program: Program) -> None:
    wl = lower(model(program.text, program.point))
    keys = list(higher(wl, 2, stable=False).of_order(2))
    nodes = Nodes(shared=True)
    ours = Ours(wl, order=2)
    point = {x.name: program.point[x.name] for x in wl.model.inputs}
    for key, root in named_formulas(wl, keys, nodes).items():
        if root is None:
            continue
        try:
            written, swept = ours.formula(nodes, root, 60, point), ours.derivative(key, 60, False, point)
        except Undefined:
            continue
        with mp.workdps(60):
            size = ours.derivative_size(key, 60, False, point)
            assert abs(written - swept) <= mp.mpf(10) ** -30 * (size + abs(swept)), language(nodes, root)


def test_forty_five_second_derivatives_take_no_time() -> None:
    wl = lower(pipeline.load(SAMPLES / "two-two-one.yaml"))
    keys = list(higher(wl, 2, stable=False).of_order(2))
    started = time.process_time()
    nodes = Nodes(shared=True)
    found = named_formulas(wl, keys, nodes)
    assert time.process_time() - started < 5
    assert len(found) == 45
    assert max(len(language(nodes, root)) for root in found.values() if root is not None) < 90


def test_terms_that_differ_in_the_order_of_factors_are_not_lost() -> None:
    a = Algebra()
    x, y = a.sym("x"), a.sym("y")
    both = a.add(a.mul(a.mul(x, y), a.sym("z")), a.mul(a.mul(y, x), a.sym("z")))
    assert a.kind[both] == "sum"  # two expressions, until they are put in one order
    assert in_order(a, both, a.mul(x, y)) == a.scale(Fraction(2), a.mul(a.mul(x, y), a.sym("z")))


def test_brackets_are_put_together_and_not_multiplied_out() -> None:
    a = Algebra()
    y, k = a.sym("y"), a.sym("k")
    rest = a.sub(a.ONE, y)
    slope = a.sub(a.mul(rest, k), a.mul(y, k))
    assert collected(a, slope) == a.mul(k, a.sub(a.ONE, a.scale(Fraction(2), y)))


# -- names in the order in which they were given


@pytest.mark.parametrize(
    ("text", "wrt", "formula"),
    [
        ("x*y*z", "x", "y*z"),
        ("x*y*z", "y", "x*z"),
        ("x**2*y", "x", "2*x*y"),
        ("x**y*z", "x", "y*z*x**(y - 1)"),
        ("x*y*sin(x)", "y", "x*sin(x)"),
        ("exp(t) + cos(w*t)", "w", "-(t*sin(w*t))"),  # w*t is the person's own
        ("pi*x*y", "x", "pi*y"),
    ],
)
def test_products_of_names(text: str, wrt: str, formula: str) -> None:
    m = model(text)
    found = derive(lower(m), m.outputs, (wrt,))
    root = found.by_key[m.outputs[0], wrt].root
    assert root is not None
    assert language(found.nodes, root) == formula
