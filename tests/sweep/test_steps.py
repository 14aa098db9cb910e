"""Steps: at neuron level a line is a named quantity, its local partials taken over all that stands between."""

from __future__ import annotations

import math

import pytest

from tests.programs import model
from wengert.lang.expr import Nodes
from wengert.show.notation import language
from wengert.sweep.arithmetics import Float
from wengert.sweep.steps import Step, Steps
from wengert.sweep.trace import run
from wengert.tape.lower import lower

# two neurons that share an input, and their loss
NETWORK = """
z1 = w1*x1 + w2*x2 + b
a1 = sigmoid(z1)
z2 = w3*a1 + w1*x1
a2 = tanh(z2)
L = 1/2*(a1 - t)**2 + a2*a1
"""
AT = {"w1": 0.15, "w2": 0.2, "w3": 0.25, "x1": 0.05, "x2": 0.1, "b": 0.35, "t": 0.01}
WRT = ("w1", "w2", "w3", "b")


def _steps(level: str, text: str = NETWORK, wrt: tuple[str, ...] = WRT) -> Steps:
    wl = lower(model(text, AT, wrt=wrt))
    return Steps(wl, wl.depends_on([wl.slots[x] for x in wrt]), level)


def _shown(steps: Steps, step: Step) -> tuple[str, dict[str, str | None]]:
    def written(nodes: Nodes, root: int | None) -> str | None:
        return None if root is None else language(nodes, root)

    return (
        f"{steps.list.name(step.slot)} = {language(step.nodes, step.formula)}",
        {steps.list.name(link.source): written(step.nodes, link.partial) for link in step.links},
    )


NEURONS = [
    ("z1 = w1*x1 + w2*x2 + b", {"w1": "x1", "w2": "x2", "b": "1"}),
    ("a1 = sigmoid(z1)", {"z1": "a1*(1 - a1)"}),
    ("z2 = w3*a1 + w1*x1", {"w3": "a1", "a1": "w3", "w1": "x1"}),
    ("a2 = tanh(z2)", {"z2": "1 - a2**2"}),
    ("L = 1/2*(a1 - t)**2 + a2*a1", {"a1": "a2 + a1 - t", "a2": "a1"}),
]


def test_neuron_level() -> None:
    steps = _steps("neuron")
    assert [_shown(steps, steps.at(s)) for s in steps.slots()] == NEURONS


def test_operation_level_is_the_list() -> None:
    steps = _steps("operation", "y = w1*x1 + sin(w1)", ("w1",))
    assert [_shown(steps, steps.at(s)) for s in steps.slots()] == [
        ("v1 = w1*x1", {"w1": "x1"}), ("v2 = sin(w1)", {"w1": "cos(w1)"}), ("y = v1 + v2", {"v1": "1", "v2": "1"}),
    ]  # fmt: skip


OPERATIONS = [
    ("y = x1*x1", {"x1"}, ["x1", "x1"]),
    ("y = w1/x1", {"w1", "x1"}, ["1/x1", "-(y/x1)"]),
    ("y = where(x1 > 0, x1, w1)", {"x1", "w1"}, ["where(x1 > 0, 1, 0)", "where(x1 > 0, 0, 1)"]),
    ("y = max(x1, w1)", {"x1", "w1"},
     ["where(x1 > w1, 1, where(x1 == w1, 1/2, 0))", "where(w1 > x1, 1, where(w1 == x1, 1/2, 0))"]),
    ("y = x1**2", {"x1"}, ["2*x1"]),
    ("y = exp(x1)", {"x1"}, ["y"]),
]


@pytest.mark.parametrize(("text", "wrt", "partials"), OPERATIONS)
def test_local_partials_are_written_as_in_the_book(text: str, wrt: set[str], partials: list[str]) -> None:
    steps = _steps("operation", text, tuple(sorted(wrt)))
    step = steps.at(steps.slots()[-1])
    assert [language(step.nodes, link.partial) for link in step.links if link.partial is not None] == partials


@pytest.mark.parametrize("level", ["operation", "neuron"])
def test_contributions_add_up_to_the_gradient(level: str) -> None:
    wl = lower(model(NETWORK, AT, wrt=WRT))
    trace = run(wl)
    steps = Steps(wl, trace.active, level)
    so_far = {}
    for c in steps.contributions(trace.columns.partials, wl.slots["L"], Float()):
        assert c.value == pytest.approx(c.adjoint * c.partial)
        so_far[wl.name(c.target)] = c.so_far
    for x in WRT:
        assert so_far[x] == pytest.approx(trace.derivative("L", x), rel=1e-14)
    for name in ("z1", "a1", "z2", "a2"):
        assert so_far[name] == pytest.approx(trace.columns.adjoints["L"][wl.slots[name]], rel=1e-14)


def test_neuron_contributions_by_hand() -> None:
    wl = lower(model(NETWORK, AT, wrt=WRT))
    trace = run(wl)
    steps = Steps(wl, trace.active, "neuron")
    contributions = steps.contributions(trace.columns.partials, len(wl) - 1, Float())
    found = [(wl.name(c.slot), wl.name(c.target), c.value) for c in contributions]
    z1 = 0.15 * 0.05 + 0.2 * 0.1 + 0.35
    a1 = 1 / (1 + math.exp(-z1))
    a2 = math.tanh(0.25 * a1 + 0.15 * 0.05)
    d2 = a1 * (1 - a2**2)
    d1 = (a1 - 0.01 + a2 + d2 * 0.25) * a1 * (1 - a1)
    assert found == [
        ("L", "a1", pytest.approx(a1 - 0.01 + a2)), ("L", "a2", pytest.approx(a1)), ("a2", "z2", pytest.approx(d2)),
        ("z2", "w3", pytest.approx(d2 * a1)), ("z2", "a1", pytest.approx(d2 * 0.25)), ("z2", "w1", pytest.approx(d2 * 0.05)),
        ("a1", "z1", pytest.approx(d1)), ("z1", "w1", pytest.approx(d1 * 0.05)), ("z1", "w2", pytest.approx(d1 * 0.1)),
        ("z1", "b", pytest.approx(d1)),
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["operation", "neuron"])
def test_a_step_is_made_once_for_all_its_contributions(level: str) -> None:
    steps = _steps(level)
    for slot in steps.slots():
        assert steps.at(slot) is steps.at(slot)
