"""Where digits were lost: a culprit for each way in which doubles go wrong, and none where they are right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.programs import model
from wengert.sweep.arithmetics import digits
from wengert.sweep.columns import sweep
from wengert.sweep.losses import Loss, digits_lost, losses
from wengert.sweep.rules import Rules
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList

RULES = Rules(digits(60))
Told = tuple[str, str, str, "str | None"]  # statement, kind, where, and where it came to light


def found(text: str, at: dict[str, str], wrt: str | None, mode: str = "reverse", **more: Any) -> tuple[WengertList, list[Loss]]:
    wl = lower(model(text, at, **more))
    trace = run(wl, mode)
    precise = sweep(wl, RULES, trace.active, trace.outputs, {}, strict=True)
    return wl, losses(wl, trace.columns, precise, trace.outputs[0], wrt, RULES)


def told(wl: WengertList, loss: Loss) -> Told:
    return wl.name(loss.slot), loss.kind, loss.where, None if loss.shown_at is None else wl.name(loss.shown_at)


CASES: list[tuple[str, dict[str, str], str | None, list[Told]]] = [
    ("(1 - cos(x))/x**2", {"x": "1e-8"}, None, [("v2", "cancellation", "value", None)]),
    ("(1 - cos(x))/x**2", {"x": "1e-8"}, "x", [("v2", "cancellation", "value", None), ("x", "cancellation", "adjoint", None)]),
    ("sqrt(x**2 + 1) - x", {"x": "1e9"}, None, [("f", "cancellation", "value", None)]),
    ("sqrt(x**2 + 1) - x", {"x": "1e9"}, "x", [("x", "cancellation", "adjoint", None)]),
    ("(exp(x) - 1)/x", {"x": "1e-12"}, None, [("v2", "cancellation", "value", None)]),
    ("ln(1 + x)", {"x": "1e-17"}, None, [("v1", "absorption", "value", "f")]),
    ("ln(1 + x)", {"x": "1e-10"}, None, [("f", "conditioning", "value", None)]),
    ("1 - tanh(x)", {"x": "20"}, None, [("v1", "saturation", "value", "f")]),
    ("1 - sigmoid(x)", {"x": "40"}, None, [("v1", "saturation", "value", "f")]),
    ("(x + 1e20) - 1e20", {"x": "1"}, None, [("v1", "absorption", "value", "f")]),
    ("x**2 - y**2", {"x": "100000001", "y": "1e8"}, None, [("f", "cancellation", "value", None)]),
    ("x*y - x*z", {"x": "2", "y": "1.0000000000001", "z": "1"}, "x", [("x", "cancellation", "adjoint", None)]),
    ("exp(-x)", {"x": "800"}, None, [("f", "underflow", "value", None)]),
    ("exp(-x)", {"x": "741"}, None, [("f", "underflow", "value", None)]),
    ("x**2*y", {"x": "1e-170", "y": "2"}, "y", [("v1", "underflow", "value", None)]),
    ("dot(a, b, c, d)", {"a": "1e8", "b": "-1e8", "c": "1.0000000001", "d": "1"}, None, [("f", "cancellation", "value", None)]),
    ("mean(a, b)", {"a": "0.1", "b": "-0.10000000000001"}, None, [("f", "cancellation", "value", None)]),
    ("1/(1 - tanh(x))", {"x": "15"}, "x", [("v2", "cancellation", "value", None)]),
    ("v = 1 + x; f = acosh(v)", {"x": "1e-18"}, None,
     [("v", "absorption", "value", "f")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "wrt", "expected"), CASES)
def test_the_culprit(text: str, at: dict[str, str], wrt: str | None, expected: list[Told]) -> None:
    wl, all_found = found(text, at, wrt)
    assert [told(wl, loss) for loss in all_found] == expected


RIGHT = [
    ("sin(x)", {"x": "1e22"}), ("x - x + 1e-30", {"x": "3"}), ("sin(x)*cos(x)", {"x": "1"}),
    ("sum(a, b, c)", {"a": "1e20", "b": "1", "c": "-1e20"}),
    ("ln(x)/x", {"x": "7.3"}), ("tanh(x)", {"x": "20"}), ("relu(x) - relu(-x)", {"x": "0"}), ("sqrt(x)", {"x": "0"}),
    ("log1p(x)", {"x": "1e-17"}), ("expm1(x)/x", {"x": "1e-12"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), RIGHT)
def test_no_loss_where_doubles_are_right(text: str, at: dict[str, str]) -> None:
    for wrt in (None, *at):
        assert found(text, at, wrt)[1] == []


def test_the_digits_lost_and_both_values() -> None:
    _, (loss,) = found("(1 - cos(x))/x**2", {"x": "1e-8"}, None)
    assert (loss.lost, loss.value) == (16, 0.0)
    assert abs(loss.right - RULES.arithmetic.number("5e-17")) < 1e-32
    assert [float(t) for t in loss.terms] == [1.0, 1.0]


def test_forward_mode_and_the_seed() -> None:
    at = {"x": "1e-8"}
    wl, forward = found("(1 - cos(x))/x**2", at, "x", mode="forward")
    expected = [("v2", "cancellation", "value", None), ("f", "cancellation", "tangent", None)]
    assert [told(wl, loss) for loss in forward] == expected
    wl, seeded = found("(1 - cos(x))/x**2", at, "seed", seed={"x": "2"})
    assert [told(wl, loss) for loss in seeded] == expected


@pytest.mark.parametrize(
    ("value", "right", "lost"),
    [(1.0, "1", 0), (0.0, "1", 16), (1.0000001, "1", 10), (float("inf"), "1", 16), (1e-300, "0", 16)]
)  # fmt: skip
def test_digits_lost(value: float, right: str, lost: int) -> None:
    assert digits_lost(value, RULES.arithmetic.number(right)) == lost


def test_a_long_list_is_searched_without_recursion() -> None:
    text = "; ".join(["a0 = 1 - cos(x)", *(f"a{i + 1} = a{i}*1.0001" for i in range(3000))])
    wl, (loss,) = found(text, {"x": "1e-8"}, None)
    assert told(wl, loss) == ("a0", "cancellation", "value", None)
