"""The reverse sweep in symbols: the same sums as the sweep of every arithmetic makes, and no more work than terms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.programs import Program, model, programs
from wengert.lang.model import Model
from wengert.show.notation import language
from wengert.sweep import sweeps
from wengert.sweep.algebra import MOST_WORK, Algebra
from wengert.sweep.formulas import SymbolicSweep, derive
from wengert.sweep.symbols import Symbols
from wengert.tape.lower import lower


def swept(m: Model) -> SymbolicSweep:
    wl = lower(m)
    symbols = Symbols(Algebra(most=100 * MOST_WORK), m.names(), m.given())
    return SymbolicSweep(wl, symbols, wl.depends_on([wl.slots[x] for x in m.wrt]), "nothing")


def agrees(m: Model) -> None:
    sweep = swept(m)
    for of in m.outputs:
        assert sweep.adjoints(of) == sweeps.adjoints(sweep.list, sweep.partials, sweep.list.slots[of], sweep.symbols)


@settings(max_examples=60)
@given(programs())
def test_the_adjoints_are_those_of_the_sweep(program: Program) -> None:
    agrees(model(program.text, None))


LONG = {
    "many terms": "+".join(f"sin({i}*x)" for i in range(100)),
    "a square of a sine meets its cosine": "+".join(f"sin(x)*y**{i}*x" for i in range(45)) + "+x*sin(y)**2+x*cos(y)**2",
    "terms that cancel": "+".join(f"x*y**{i}" for i in range(60)) + "".join(f"-x*y**{i}" for i in range(40)) + "+x*y",
    "too many nodes": "+".join(f"exp(sin({i}*x)**2)" for i in range(400)),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_sums_are_those_of_the_sweep(text: str) -> None:
    agrees(model(text, None))


@pytest.mark.parametrize("term", ["sin(x{i})*x{j}", "{i}*sin(x1)", "(w{i}*x1 - x{j})**2"])
def test_the_work_grows_with_the_terms(term: str) -> None:
    def work(count: int) -> int:
        sweep = swept(model("+".join(term.format(i=i + 1, j=(i + 1) % count + 1) for i in range(count)), None))
        sweep.adjoints("f")
        return sweep.symbols.algebra.work

    assert work(400) < 2.2 * work(200) < 4.84 * work(100)


def test_every_derivative_of_a_long_sum_is_written() -> None:
    m = model("+".join(f"sin(x{i})" for i in range(1000)), None)
    found = derive(lower(m), m.outputs, m.wrt)
    assert [language(found.nodes, f.root or 0) for f in found.by_key.values()] == [f"cos({x})" for x in m.wrt]


def test_ties_are_counted_in_proportion_to_their_number() -> None:
    """Twice the arguments: twice as many partials, each twice as long."""

    def work(count: int) -> int:
        sweep = swept(model(f"max({', '.join(f'x{i}' for i in range(count))})", None))
        sweep.adjoints("f")
        return sweep.symbols.algebra.work

    assert work(80) < 4.5 * work(40)


def test_the_ties_of_numbers_and_names() -> None:
    """1 + [x = 2] + [y = 2], and of a number that is equal 1 more."""
    symbols = Symbols(Algebra())
    a = symbols.algebra
    two, three, x, y = a.num(2), a.num(3), a.sym("x"), a.sym("y")
    chosen = [symbols.decide("eq", name, two, a.ONE, a.ZERO) for name in (x, y)]
    assert symbols.ties([two, x, y], 0) == a.add(a.add(a.ONE, chosen[0]), chosen[1])
    assert symbols.ties([two, x, two, y, three], 0) == a.add(a.add(two, chosen[0]), chosen[1])
    assert symbols.ties([two, three, a.num(5)], 0) == a.ONE
