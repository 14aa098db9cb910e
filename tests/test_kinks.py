"""Kinks and singular points: what is taken there, what the judge says, and what JAX and PyTorch would take.

The first table is measured: JAX 0.10.2 and PyTorch 2.13 (tests/trust/measure_peers.py). The others go through each
kink of the rule table.
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import pytest

from tests.conftest import LastingJudge
from tests.programs import model
from wengert.errors import ValueProblem
from wengert.report import Report, Settings, report
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.text import render
from wengert.show.trace_document import trace_document
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Float
from wengert.sweep.choice import Choice
from wengert.sweep.columns import sweep
from wengert.sweep.rules import OWN, Rules
from wengert.sweep.trace import Trace, run
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES, SYMBOLS
from wengert.tape.record import CONVENTIONS

INF, NAN = math.inf, math.nan
NONE = None  # no real value on that side


class Row(NamedTuple):
    """`value` is what is printed for d/d`wrt`; `sides` are the one-sided derivatives at a kink; `jax` and `torch` the whole
    derivative there, None where it is not known; `says` stands in a sentence of the document."""

    text: str
    at: str
    wrt: str
    value: float
    verdict: str
    sides: tuple[float | None, float | None] | None = None
    jax: float | None = None
    torch: float | None = None
    says: str = ""


MEASURED = [
    Row("relu(x)", "x=0", "x", 0, "kink", (0, 1), 0, 0, "[0, 1]"),
    Row("abs(x)", "x=0", "x", 0, "kink", (-1, 1), 1, 0, "[−1, 1]"),
    Row("max(a, b)", "a=1,b=1", "a", 0.5, "kink", (0, 1), 0.5, 0.5, "[0, 1]"),
    Row("max(a, b)", "a=1,b=1", "b", 0.5, "kink", (0, 1), 0.5, 0.5, "[0, 1]"),
    Row("clip(x, 0, 1)", "x=0", "x", 0, "kink", (0, 1), 0.5, 1, "[0, 1]"),
    Row("leaky_relu(x)", "x=0", "x", 0.01, "kink", (0.01, 1), 1, 0.01,
        "0.01, the slope of the left side, is taken, of the slopes in [0.01, 1]"),
    Row("sqrt(x)", "x=0", "x", INF, "kink", (NONE, INF), INF, INF, "infinite"),
    Row("sqrt(x**2)", "x=0", "x", NAN, "kink", (-1, 1), NAN, NAN, "infinite"),
    Row("x**0.0", "x=0", "x", 0, "proved", None, NAN, 0),
    Row("0**y", "y=0", "y", NAN, "kink", (NONE, -INF), 0, 0, "jumps"),
    Row("0**y", "y=2", "y", 0, "agrees", None, 0, 0),
    Row("(-2)**y", "y=2", "y", NAN, "kink", (NONE, NONE), NAN, NAN, "whole exponents only"),
    Row("sigmoid(x)", "x=-1000", "x", 0, "imprecise"),
    Row("softplus(x)", "x=1000", "x", 1, "proved"),
    Row("logsumexp(a, b)", "a=1000,b=1000", "a", 0.5, "proved", None, 0.5, 0.5),
    Row("sign(x)", "x=0", "x", 0, "kink", (INF, INF), 0, 0, "jumps at 0"),
    Row("floor(x)", "x=0.5", "x", 0, "proved", None, 0, 0),
]  # fmt: skip

# text, point, first line of the error, a word of its hint
WITHOUT_A_VALUE = [
    ("ln(x)", "x=0", "ln is undefined at x = 0", "falls to −∞"),
    ("x*ln(x)", "x=0", "ln is undefined at x = 0", "falls to −∞"),
    ("ln(x)", "x=-1", "ln is undefined at x = -1", "positive"),
    ("1/(1 + exp(-x))", "x=-1000", "exp overflows at v1 = 1000", "sigmoid"),
    ("ln(1 + exp(x))", "x=1000", "exp overflows at x = 1000", "softplus"),
    ("x**y", "x=0,y=-1", "the power is undefined at x = 0 and y = -1", "negative power"),
    ("x**0.5", "x=-1", "the power is undefined at x = -1", "whole exponent"),
    ("clip(x, 1, 0)", "x=2", "clip is undefined at x = 2", "lo ≤ hi"),
]  # fmt: skip

CHOSEN = [  # a slope is taken of several
    Row("min(a, b)", "a=1,b=1", "a", 0.5, "kink", (1, 0), 0.5, 0.5, "[0, 1]"),
    Row("max(x, 0)", "x=0", "x", 0.5, "kink", (0, 1), 0.5, 0.5, "[0, 1]"),
    Row("max(a, b, c)", "a=1,b=1,c=1", "b", 1 / 3, "kink", (0, 1), 1 / 3, 1 / 3, "share (1/3) for each of the 3 largest"),
    Row("max(a, b, c)", "a=0,b=1,c=1", "c", 0.5, "kink", (0, 1), 0.5, 0.5, "share (1/2) for each of the 2 largest"),
    Row("max(a, b, c)", "a=0,b=1,c=1", "a", 0, "proved"),
    Row("max(a, b, c)", "a=0,b=0,c=1", "a", 0, "proved"),
    Row("min(a, b, c)", "a=1,b=1,c=0", "c", 1, "proved"),
    Row("max(x, -x)", "x=0", "x", 0, "kink", (-1, 1), 0, 0, "[0, 1]"),
    Row("leaky_relu(x, s)", "x=0,s=0.1", "x", 0.1, "kink", (0.1, 1), 1, 0.1, "of the slopes in [0.1, 1]"),
    Row("leaky_relu(x, s)", "x=0,s=0.1", "s", 0, "proved", None, 0, 0),
    Row("elu(x)", "x=0", "x", 1, "proved", None, 1, 1),
    Row("elu(x, 2)", "x=0", "x", 2, "kink", (2, 1), 2, 2, "2, the slope of the left side, is taken, of the slopes in [1, 2]"),
    Row("selu(x)", "x=0", "x", 1.7580993408473766, "kink", (1.7580993408473766, 1.0507009873554805), 1.7580993408473766,
        1.7580993408473766, "[1.0507, 1.7581]"),
    Row("clip(x, 0, 1)", "x=1", "x", 0, "kink", (1, 0), 0.5, 1, "[0, 1]"),
    Row("clip(x, a, b)", "x=0,a=0,b=1", "a", 0, "kink", (0, 1), 0.5, 0, "[0, 1]"),
    Row("clip(x, a, b)", "x=1,a=0,b=1", "b", 0, "kink", (1, 0), 0.5, 0, "[0, 1]"),
    Row("clip(x, a, b)", "x=1,a=1,b=1", "x", 0, "proved"),
    Row("clip(x, a, b)", "x=1,a=1,b=1", "a", 0, "kink", (0, NONE), None, None, "outward"),
    Row("norm(x, y)", "x=0,y=0", "x", 0, "kink", (-1, 1), NAN, 0, "gradients of length at most 1"),
    Row("norm(x, y, z)", "x=0,y=0,z=0", "z", 0, "kink", (-1, 1), NAN, 0, "gradients of length at most 1"),
    Row("norm(x, y)", "x=3,y=0", "y", 0, "proved", None, 0, 0),
    Row("hypot(x, y)", "x=0,y=0", "x", 0, "kink", (-1, 1), 0.5, NAN, "gradients of length at most 1"),
    Row("hypot(x, y)", "x=0,y=2", "x", 0, "proved", None, 0, 0),
    Row("where(x > 0, 2*x, -x)", "x=0", "x", -1, "kink", (-1, 2), -1, -1, "the chosen branch"),
    Row("where(x >= 0, 2*x, -x)", "x=0", "x", 2, "kink", (-1, 2), 2, 2, "the chosen branch"),
]  # fmt: skip

STEEP = [
    Row("cbrt(x)", "x=0", "x", INF, "kink", (INF, INF), INF, None, "infinite"),
    Row("asin(x)", "x=1", "x", INF, "kink", (INF, NONE), INF, INF, "asin at ±1 is infinite"),
    Row("asin(x)", "x=-1", "x", INF, "kink", (NONE, INF), INF, INF, "asin at ±1 is infinite"),
    Row("acos(x)", "x=1", "x", -INF, "kink", (-INF, NONE), -INF, -INF, "acos at ±1 is infinite"),
    Row("acosh(x)", "x=1", "x", INF, "kink", (NONE, INF), INF, INF, "infinite"),
    Row("asec(x)", "x=-1", "x", INF, "kink", (INF, NONE), None, None, "infinite"),
    Row("acsc(x)", "x=1", "x", -INF, "kink", (NONE, -INF), None, None, "infinite"),
    Row("asech(x)", "x=1", "x", -INF, "kink", (-INF, NONE), None, None, "infinite"),
    Row("x**0.5", "x=0", "x", INF, "kink", (NONE, INF), INF, INF, "infinite"),
    Row("x**(1/3)", "x=0", "x", INF, "kink", (NONE, INF), INF, INF, "infinite"),
]

POWERS = [
    Row("x**0", "x=0", "x", 0, "proved"),
    Row("x**1", "x=0", "x", 1, "proved", None, 1, 1),
    Row("x**2", "x=0", "x", 0, "proved", None, 0, 0),
    Row("x**1.5", "x=0", "x", 0, "kink", (NONE, 0), 0, 0, "slope from the right"),
    Row("x**y", "x=0,y=0", "x", 0, "proved", None, NAN, 0),
    Row("x**y", "x=0,y=0", "y", NAN, "kink", (NONE, -INF), 0, 0, "jumps where its exponent is 0"),
    Row("x**y", "x=0,y=2", "y", 0, "proved", None, 0, 0),
    Row("x**y", "x=0,y=0.5", "y", 0, "proved", None, 0, 0),
    Row("x**y", "x=-2,y=3", "x", 12, "proved", None, 12, 12),
    Row("x**y", "x=-2,y=3", "y", NAN, "kink", (NONE, NONE), NAN, NAN, "whole exponents only"),
    Row("x**3", "x=-2", "x", 12, "proved", None, 12, 12),
]  # fmt: skip

JUMPS = [
    Row("sign(x)", "x=-2", "x", 0, "proved", None, 0, 0),
    Row("floor(x)", "x=2", "x", 0, "kink", (INF, 0), 0, 0, "jumps at whole numbers"),
    Row("ceil(x)", "x=2", "x", 0, "kink", (0, INF), 0, 0, "jumps at whole numbers"),
    Row("x*floor(x)", "x=2.5", "x", 2, "proved", None, 2, 2),
    Row("x - floor(x)", "x=-0.3", "x", 1, "proved", None, 1, 1),
    Row("acot(x)", "x=0", "x", -1, "kink", (INF, -1), None, None, "jumps at 0"),
    Row("atan2(y, x)", "y=0,x=0", "y", NAN, "kink", (INF, INF), NAN, 0, "no slope"),
    Row("atan2(y, x)", "y=0,x=0", "x", NAN, "kink", (-INF, 0), NAN, 0, "no slope"),
    Row("atan2(y, x)", "y=0,x=-1", "y", -1, "kink", (INF, -1), -1, -1, "jumps by 2π"),
    Row("atan2(y, x)", "y=0,x=-1", "x", 0, "proved", None, 0, 0),
    Row("where(x > 0, 1, 2)", "x=0", "x", 0, "kink", (0, -INF), 0, 0, "the chosen branch"),
    Row("where(x == 0, 1, x)", "x=0", "x", 0, "kink", (INF, -INF), 0, 0, "the chosen branch"),
]

WHOLE = [  # the whole output has a derivative, whatever its statements have
    Row("relu(x) - relu(-x)", "x=0", "x", 1, "agrees", None, 0, 0, "[0, 1]"),
    Row("x*abs(x)", "x=0", "x", 0, "proved", None, 0, 0, "[−1, 1]"),
    Row("abs(x)**2", "x=0", "x", 0, "proved", None, 0, 0, "[−1, 1]"),
    Row("max(x, x)", "x=1", "x", 1, "proved", None, 1, 1, "at a tie"),
    Row("x*abs(x)**0.5", "x=0", "x", 0, "agrees", None, NAN, NAN, "infinite"),
    Row("where(x > 0, x**2, -x**2)", "x=0", "x", 0, "proved", None, 0, 0, "the chosen branch"),
    Row("where(x > 0, w*x, 2*w)", "x=0,w=3", "w", 2, "proved", None, 2, 2),
]

EVERY = [*MEASURED, *CHOSEN, *STEEP, *POWERS, *JUMPS, *WHOLE]


def _rows(known: str | None = None) -> list[Any]:
    """Every row, or those in which a convention is known."""
    rows = [row for row in EVERY if known is None or getattr(row, known) is not None]
    return [pytest.param(row, id=f"{row.text} at {row.at} by {row.wrt}") for row in rows]


def _point(at: str) -> dict[str, str]:
    return dict(part.split("=") for part in at.split(","))


def _report(row: Row, judge: LastingJudge) -> Report:
    return report(model(row.text, _point(row.at)), Settings(), True, judge)


def _trace(row: Row) -> Trace:
    return run(lower(model(row.text, _point(row.at), wrt=[row.wrt])))


def _under(row: Row, convention: str) -> float:
    """The derivative under a convention."""
    trace = _trace(row)
    rules = Rules(Float(), convention=convention)
    columns = sweep(trace.list, rules, trace.active, trace.outputs, trace.directions, strict=True)
    found = columns.adjoints[trace.outputs[0]][trace.list.slots[row.wrt]]
    return 0.0 if found is None else float(found)


def _sentences(trace: Trace, convention: str = OWN) -> list[str]:
    """The sentences of the kinks that the statements stand at."""
    rules = Rules(Float(), convention=convention)
    wl, known, found = trace.list, sweeps.constants(trace.list, rules), []
    for slot in wl.statements():
        operands = wl.operands_of(slot)
        moving = [j for j, o in enumerate(operands) if o >= 0 and trace.active[o]]
        arguments = [trace.values[o] if o >= 0 else known[-1 - o] for o in operands]
        found += [rules.told(k) for k in rules.kinks_met(wl.primitive(slot), arguments, trace.values[slot], moving)]
    return found


def _same(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return (a != a and b != b) or a == pytest.approx(b, rel=1e-9)


@pytest.mark.parametrize("row", _rows())
def test_value_verdict_and_sides(row: Row, judge: LastingJudge) -> None:
    made = _report(row, judge)
    assert made.verification is not None and made.trace is not None
    of = made.outputs[0]
    check = made.verification.checks[of, row.wrt]
    printed = float(check.value if check.value is not None else made.trace.derivative(of, row.wrt))
    assert _same(printed, row.value), printed
    assert check.verdict == row.verdict, check
    sides = check.one_sided or (None, None)
    assert (check.one_sided is None) == (row.sides is None)
    assert all(map(_same, sides, row.sides or (None, None))), sides


@pytest.mark.parametrize("row", _rows())
def test_the_kink_is_told_with_its_slopes(row: Row) -> None:
    sentences = _sentences(_trace(row))
    assert any(row.says in s for s in sentences) if row.says else not sentences
    assert row.says or row.verdict != "kink"


@pytest.mark.parametrize("row", _rows("jax"))
def test_what_jax_takes(row: Row) -> None:
    assert _same(_under(row, "jax"), row.jax), _under(row, "jax")


@pytest.mark.parametrize("row", _rows("torch"))
def test_what_pytorch_takes(row: Row) -> None:
    assert _same(_under(row, "torch"), row.torch), _under(row, "torch")


@pytest.mark.parametrize(("text", "at", "title", "hint"), WITHOUT_A_VALUE)
def test_where_there_is_no_value_there_is_an_error(text: str, at: str, title: str, hint: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model(text, _point(at))))
    assert caught.value.title == title
    assert hint in (caught.value.hint or "")


# -- what is said of the others

TOLD = [
    ("abs(x)", "x=0", OWN, "abs at 0: 0 is taken, of the slopes in [−1, 1]"),
    ("abs(x)", "x=0", "jax", "abs at 0: JAX takes 1, of the slopes in [−1, 1]; the usual convention is 0"),
    ("abs(x)", "x=0", "torch", "abs at 0: PyTorch takes 0, as the usual convention does"),
    ("sqrt(x)", "x=0", "jax", "the slope of the square root at 0 is infinite, in JAX too"),
    ("(-2)**y", "y=2", "jax",
     "a negative base has real powers for whole exponents only: no slope with respect to the exponent; "
     "JAX has nan (undefined)"),
    ("0**y", "y=0", "torch",
     "a power of 0 jumps where its exponent is 0, from 1 to 0: it has no slope there; PyTorch has 0"),
    ("clip(x, 0, 1)", "x=0", "torch",
     "clip at its lower bound: PyTorch takes 1, of the slopes in [0, 1]; the usual convention is 0"),
    ("leaky_relu(x, 0.1)", "x=0", "jax",
     "leaky_relu at 0: JAX takes 1, of the slopes in [0.1, 1]; the usual convention is 0.1, the slope of the left side"),
    ("sign(x)", "x=0", "jax",
     "sign jumps at 0 and has no slope there; JAX takes 0, its slope on both sides, as the usual convention does"),
    ("atan2(y, x)", "y=0,x=-2", OWN,
     "atan2 on the negative x-axis jumps by 2π; −0.5, its slope on both sides, is taken"),
    ("norm(x, y)", "x=0,y=0", "jax",
     "a length at the origin: JAX has nan (undefined); the usual convention is 0, of the gradients of length at most 1"),
    ("cbrt(x)", "x=0", "torch",
     "the slope of the cube root at 0 is infinite; what PyTorch takes is not known here, and wengert's own convention is used"),
    ("x**0.0", "x=0", "jax",
     "a power with exponent 0 is 1 everywhere, so that its slope at base 0 is 0; JAX has nan (undefined)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "convention", "sentence"), TOLD)
def test_another_convention_is_told(text: str, at: str, convention: str, sentence: str) -> None:
    trace = run(lower(model(text, _point(at))))
    assert _sentences(trace, convention) == [sentence]


def test_a_smooth_point_is_told_only_where_the_other_system_differs() -> None:
    trace = run(lower(model("x**0.0", {"x": 0})))
    assert _sentences(trace) == _sentences(trace, "torch") == []


def test_where_a_convention_is_not_known_the_own_one_is_used() -> None:
    row = Row("cbrt(x)", "x=0", "x", INF, "kink")
    assert _under(row, "torch") == _under(row, OWN) == INF
    assert next(iter(PRIMITIVES["cbrt"].kinks)).taken_by("torch") is None


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_off_the_kinks_every_convention_is_the_same(convention: str) -> None:
    for name, record in PRIMITIVES.items():
        own, other = Rules(Float()), Rules(Float(), convention=convention)
        for sample in record.samples:
            arguments = list(sample)
            out = own.value(name)(arguments, None, 0)
            for j in range(len(arguments)):
                if record.partial_of(j):
                    assert own.partial(name, j)(arguments, out, j) == other.partial(name, j)(arguments, out, j), name


# -- whole documents


def _text(source: str, at: str, judge: LastingJudge | None = None, **settings: Any) -> str:
    made = report(model(source, _point(at)), Settings(verify=judge is not None, **settings), True, judge)
    return "".join(render(trace_document(made, Digits(6)), Look(ascii=False, symbols=SYMBOLS)))


WHOLE_LINES = [
    ("relu(x) - relu(-x)", "x=0", OWN, "df/dx exists at this point and is 1: the slopes on both sides agree. "
     "The conventions at v1 and v3 lead the sweep to 0, which is not the derivative."),
    ("norm(x, y)**2", "x=0,y=0", "jax", "∂f/∂y exists at this point and is 0: the slopes on both sides agree. "
     "JAX's nan at v1 leaves the sweep without a value."),
    ("x*abs(x)**0.5", "x=0", OWN, "df/dx exists at this point and is 0: the slopes on both sides agree. "
     "The slopes at v1 and v2 lead the sweep to ∞·0, which has no value."),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "kink", "line"), WHOLE_LINES)
def test_a_derivative_that_exists_is_told_under_the_table(
    source: str, at: str, kink: str, line: str, judge: LastingJudge
) -> None:
    lines = _text(source, at, judge, kink=kink).splitlines()
    assert line in lines
    assert lines[lines.index(line) - 1].startswith(("df/dx", "∂f/∂"))  # the table, or the line of another derivative


@pytest.mark.parametrize(("source", "at", "cell"), [
    ("(-2)**y", "y=2", "kink: no derivative on either side"),
    ("sqrt(x)", "x=0", "kink: ∞ from the right, no value on the left"),
])  # fmt: skip
def test_the_verdict_of_a_side_without_a_value(source: str, at: str, cell: str, judge: LastingJudge) -> None:
    assert cell in _text(source, at, judge)


@pytest.mark.parametrize(("source", "at", "settings", "line"), [
    ("sqrt(x**2)", "x=0", {}, "At v1 = x²: v̄1 · 2·x is ∞·0, which has no value."),
    ("sqrt(x**2)", "x=0", {"kink": "jax"}, "At v1 = x²: v̄1 · 2·x is ∞·0, which has no value (JAX: nan)."),
    ("sqrt(x**2)", "x=0", {"mode": "forward"}, "At f = √v1: 1/(2·f) · v̇1 is ∞·0, which has no value."),
])  # fmt: skip
def test_the_product_without_a_value_is_named(source: str, at: str, settings: dict[str, Any], line: str) -> None:
    assert line in _text(source, at, **settings).splitlines()


@pytest.mark.parametrize(("source", "at", "title", "detail", "hint"), [
    ("relu(x)", "x=0", "relu has no derivative at x = 0", "slopes from 0 to 1", "the usual convention, 0, is taken and named"),
    ("leaky_relu(x, 0.1)", "x=0", "leaky_relu has no derivative at x = 0", "slopes from 0.1 to 1", "0.1, the slope of the"),
    ("sqrt(x**2)", "x=0", "sqrt has no finite derivative at v1 = 0", "the slope of the square root at 0 is infinite", "whole"),
    ("where(x > 0, x, 0)", "x=0", "where is at its boundary at x = 0", "whether its branches meet", "the chosen branch"),
])  # fmt: skip
def test_strict_says_what_is_missing(source: str, at: str, title: str, detail: str, hint: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        run(lower(model(source, _point(at))), choice=Choice(convention="strict"))
    assert caught.value.title == title
    assert detail in caught.value.details[-1]
    assert hint in (caught.value.hint or "")


def test_shares_at_a_tie_of_three_are_shown_by_their_values() -> None:
    shown = _text("max(a, b, c)", "a=1,b=1,c=1")
    assert "f̄ · ∂f/∂a = f̄ · 1/3   1 · 1/3" in shown
    assert "f̄ · ∂f/∂a = f̄ · where(a > b" in _text("max(a, b)", "a=1,b=1")


@pytest.mark.parametrize(("source", "at", "line"), [
    ("max(a, b)", "a=1,b=1", "1 · 1/2"),
    ("relu(x)*sign(x)", "x=0", "0 · 0"),
    ("where(x > 0, sqrt(2)*x, 1)", "x=1", "1 · √2"),
])  # fmt: skip
def test_exact_numbers_decide_choices(source: str, at: str, line: str) -> None:
    reverse = _text(source, at, numbers="exact").partition("Reverse")[2]
    assert line in reverse
    assert not re.search(r"(where|sign)\(\d", reverse)


@pytest.mark.parametrize("numbers", ["float", "exact"])
def test_a_branch_that_is_not_taken(numbers: str) -> None:
    shown = _text("where(x > 0, ln(x), 2*x)", "x=-1", numbers=numbers)
    rows = {row.split("  ")[0]: row for row in shown.partition("Reverse")[0].splitlines()}
    assert rows["v1 = ln(x)"].endswith("not taken")
    assert rows["f = where(x > 0, v1, v2)"].endswith("where(−1 > 0, v1, −2)   = −2")
    assert "≈" not in shown and "undefined" not in shown


@pytest.mark.parametrize("settings", [{}, {"round": 2}, {"numbers": "exact"}])
@pytest.mark.parametrize("level", ["operation", "neuron"])
def test_nothing_flows_into_a_branch_that_is_not_taken(settings: dict[str, Any], level: str) -> None:
    shown = _text("a = where(x > 0, ln(x*u), 2*x); y = a*x", "x=-1,u=2", mode="both", level=level, **settings)
    last = re.findall(r"x̄ = (\S+)|∂y/∂x = (−4)$", shown.partition("Reverse")[2], re.MULTILINE)
    assert "−4" in {value for pair in last for value in pair}
    assert not re.search(r"1 · 1 += 0|−1 · 2 += [^−]", shown)
