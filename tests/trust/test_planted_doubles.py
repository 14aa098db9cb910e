"""Functions of double precision that are wrong: a double that differs from the many-digit sweep fails where rounding does not
explain it, and is imprecise where it does.

Each function of the arithmetic is planted off by 1e-6 of itself, and by 1e-6, at points in each branch of what uses it; so are
its numbers, sums and products. That hard points stay as they were is asked of tests/verify/test_verdicts.py, and here of random
programs and of points far out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Count, LastingJudge
from tests.programs import model, random_program
from tests.trust.planting import contexts
from wengert.errors import ValueProblem
from wengert.report import Report, Settings, report
from wengert.sweep.arithmetics import Float, Numbers
from wengert.sweep.choice import Choice
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES
from wengert.verify.roundings import unexplained

Fault = Callable[[float], float]
FAULTS: dict[str, Fault] = {"off by 1e-6 of itself": lambda v: v * (1 + 1e-6), "off by 1e-6": lambda v: v + 1e-6}


def wrong(function: Callable[..., Any], fault: Fault) -> Callable[..., Any]:
    return lambda *a: fault(function(*a))


def judged(text: str, at: dict[str, str], judge: LastingJudge, **settings: Any) -> Report:
    return report(model(text, at), Settings(**settings), True, judge.ready())


@pytest.mark.parametrize("name", Float.functions)
def test_a_wrong_function_of_doubles_fails(name: str, lasting: LastingJudge, count: Count) -> None:
    for context in contexts(PRIMITIVES[name]):
        for point in context.points[:2]:
            for what, fault in FAULTS.items():
                with pytest.MonkeyPatch.context() as patch:
                    patch.setitem(Float.functions, name, wrong(Float.functions[name], fault))  # type: ignore[arg-type]
                    try:
                        said = report(context.model(point), Settings(), True, lasting.ready()).verdict
                    except ValueProblem:
                        said = "refused"
                values = run(lower(context.model(point))).values
                count("planted faults, doubles: planted", 1)
                if values[-1] == 0 and "itself" in what:
                    assert said in ("proved", "agrees", "kink"), (context.text, point, said)
                    count("planted faults, doubles: of these change nothing", 1)
                    continue
                count("planted faults, doubles: caught", said in ("failed", "refused"))
                assert said in ("failed", "refused"), (said, what, context.text, point)


OTHER: list[tuple[str, type, str, Callable[..., Any], str, dict[str, str]]] = [
    ("numbers off", Float, "number", lambda self, text: float(text) * (1 + 1e-6), "x*y", {"x": "0.7", "y": "1.3"}),
    ("numbers off by 1e-6", Float, "number", lambda self, text: float(text) + 1e-6, "2*x", {"x": "0.7"}),
    ("products of the sweep off", Numbers, "mul", lambda self, a, b: a * b * (1 + 1e-6), "sin(x**2)", {"x": "0.7"}),
    ("sums of the sweep off", Numbers, "add", lambda self, a, b: (a + b) * (1 + 1e-6), "x*sin(x)", {"x": "0.7"}),
    ("comparisons turned", Numbers, "truth", lambda self, c, a, b: a < b, "where(x > 0.5, x*x, 3*x)", {"x": "0.7"}),
]


@pytest.mark.parametrize(("what", "room", "name", "planted", "text", "at"), OTHER, ids=[o[0] for o in OTHER])
def test_wrong_numbers_sums_and_products_of_doubles_fail(
    what: str, room: type, name: str, planted: Any, text: str, at: dict[str, str], monkeypatch: pytest.MonkeyPatch,
    lasting: LastingJudge, count: Count,
) -> None:  # fmt: skip
    monkeypatch.setattr(Float, name, planted)
    said = judged(text, at, lasting).verdict
    count("planted faults, doubles: planted", 1)
    count("planted faults, doubles: caught", said == "failed")
    assert said == "failed"


@pytest.mark.parametrize("name", ["pi", "e"])
def test_a_wrong_constant_of_doubles_fails(
    name: str, monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge, count: Count
) -> None:
    monkeypatch.setattr(Float, name, getattr(Float, name) + 1e-6)
    said = judged(f"{name}*x**2", {"x": "0.7"}, lasting).verdict
    count("planted faults, doubles: planted", 1)
    count("planted faults, doubles: caught", said == "failed")
    assert said == "failed"


def test_a_wrong_function_fails_in_the_second_order(monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge) -> None:
    monkeypatch.setitem(Float.functions, "cos", wrong(Float.functions["cos"], FAULTS["off by 1e-6"]))  # type: ignore[arg-type]
    assert judged("sin(x)**2", {"x": "0.7"}, lasting, order=2).verdict == "failed"


def test_the_failure_names_the_operation_and_both_values(monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge) -> None:
    monkeypatch.setitem(Float.functions, "sin", wrong(Float.functions["sin"], FAULTS["off by 1e-6"]))  # type: ignore[arg-type]
    made = judged("y*sin(x)", {"x": "0.5", "y": "2"}, lasting)
    assert made.verification is not None
    assert made.verification.checks["f", "y"].reason == (
        "sin(0.5) in doubles is 0.479426538604203, and rounding does not make that of 0.479425538604203 (in v1 = sin(x))"
    )


# -- what rounding explains

# functions of one argument, and points
FAR_OUT = [
    ("sin cos tan exp sinh tanh expm1 atan cbrt erf erfc sigmoid softplus gelu silu selu asinh",
     "1e-300 5e-324 3e-320 -1e-9 22 -37.5 3.14159265358979"),
    ("sin cos tan atan cbrt asinh sigmoid", "1e15 1e300 -1e22"),
    ("ln log2 log10 log1p sqrt acosh asec acoth", "1.0000000000000002 1.0000001 1e300 1e8"),
    ("acos asin atanh asech", "0.9999999999999999 0.99999 1e-8"),
]  # fmt: skip
FAR = [
    *((f"{name}(x)", {"x": x}) for names, points in FAR_OUT for name in names.split() for x in points.split()),
    ("dot(x, y, y, -x)", {"x": "0.1", "y": "0.3"}), ("x**y", {"x": "1.0000000001", "y": "1e12"}),
    ("x**y", {"x": "1e-300", "y": "1.05"}), ("x*y/y", {"x": "1e-300", "y": "1e-20"}),
    ("logsumexp(x, y)", {"x": "-800", "y": "-0.693147"}), ("softmax(1, x, y)", {"x": "700", "y": "-700"}),
    ("logsumexp(x, y)", {"x": "-0.6931471805599453", "y": "-0.6931471805599453"}),
    ("hypot(x, y)", {"x": "1e300", "y": "1e-300"}), ("norm(x, y)", {"x": "1e200", "y": "1e200"}),
    ("sum(x, y, -x)", {"x": "1e16", "y": "1"}), ("atan2(x, y)", {"x": "0", "y": "-1"}),
    ("floor(x) + ceil(y)", {"x": "2.9999999999999996", "y": "1e15"}),
]  # fmt: skip


@pytest.mark.parametrize("order", [1, 2])
def test_rounding_explains_every_double_far_out(order: int, count: Count) -> None:
    for text, at in FAR:
        try:
            made = run(lower(model(text, at)), "both" if order == 1 else "reverse", Choice(order=order))
        except ValueProblem:  # no double has it
            count("doubles that are right: points without a value", 1)
            continue
        assert unexplained(made) is None, (text, at)
        count("doubles that are right: points far out", 1)


def test_rounding_explains_every_double_of_random_programs(count: Count) -> None:
    for seed in range(60):
        program = random_program(seed)
        m = model(program.text, program.point, of=program.outputs)
        assert unexplained(run(lower(m), "both")) is None, program
        count("doubles that are right: random programs", 1)
