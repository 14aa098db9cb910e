"""Training: the compiled sweeps against the others, the optimizers against their formulas written by hand, faults."""

from __future__ import annotations

import math
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wengert
from tests.programs import DOMAINS, Program, model, programs
from wengert import pipeline
from wengert.errors import ValueProblem
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.sweep.compiled import Compiled
from wengert.sweep.optimizers import OPTIMIZERS
from wengert.sweep.trace import run
from wengert.sweep.training import WORTH, Training, at_values, train
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
SGD = OPTIMIZERS["sgd"]


def agree(m: Model, rel: float = 1e-12) -> None:
    """The compiled sweeps have every value and derivative that `sweep.trace.run` has."""
    wl = lower(m)
    trace = run(wl)
    inputs = {x.name for x in m.inputs}
    moved = [x for x in m.wrt if x in inputs]
    for compiled in (True, False):
        values, gradient = at_values(wl, m.outputs[0], moved, compiled)
        assert values == pytest.approx(trace.values, rel=rel, abs=1e-300)
        assert gradient == pytest.approx([trace.derivative(m.outputs[0], x) for x in moved], rel=rel, abs=1e-300)


@settings(max_examples=60)
@given(programs())
def test_compiled_sweeps_of_random_programs(program: Program) -> None:
    agree(model(program.text, program.point))


@pytest.mark.parametrize("operation", sorted(DOMAINS))
def test_compiled_sweeps_of_each_operation(operation: str) -> None:
    @settings(max_examples=3)
    @given(programs([operation, operation, "mul", "sin"], most=5))
    def holds(program: Program) -> None:
        m = model(program.text, program.point)
        agree(m)
        wl = lower(m)  # none of these points is in doubt: what was compared is the compiled source itself
        trace = run(wl)
        made = Compiled(wl, trace.active, wl.slots["f"])
        column = [*trace.values[: wl.inputs], *[0.0] * len(wl.opcode)]
        made.values(column)
        assert column == pytest.approx(trace.values, rel=1e-12, abs=1e-300)

    holds()


ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "gelu", "softplus", "leaky_relu(x, 0.1)", "silu")
LOSSES = ("half_squared_error", "mse", "huber", "absolute_error", "(o1 - t1)**2 + sin(o1)")


@st.composite
def networks(draw: st.DrawFn) -> str:
    """A spec: rows of data, layers of units with random weights, batchnorm, skip, softmax, a loss."""
    rng = random.Random(draw(st.integers(0, 10**6)))
    rows, width, depth = rng.randint(1, 4), rng.randint(1, 3), rng.randint(1, 3)
    layers = []
    for _ in range(depth):
        norm = ", batchnorm: true" if rows > 1 and rng.random() < 0.4 else ""
        skip = ", skip: previous" if rng.random() < 0.4 else ""
        act = rng.choice(ACTIVATIONS)
        layers.append(f'  - {{units: {width}, init: {{scheme: normal, std: 0.7, random_seed: {rng.randint(0, 99)}}}, '
                      f'activation: "{act}"{norm}{skip}}}')  # fmt: skip
    softmax = rng.random() < 0.3
    outputs = 3 if softmax else 1
    layers.append(f"  - {{units: {outputs}, activation: {'softmax' if softmax else 'tanh'}, "
                  f"post: [{', '.join(f'o{k + 1}' for k in range(outputs))}]}}")  # fmt: skip
    names = [*(f"x{i + 1}" for i in range(width)), "t1"]
    cells = [{n: round(rng.uniform(-1.5, 1.5), 3) for n in names[:-1]} | {"t1": rng.randint(1, 3) if softmax else 0.5}
             for _ in range(rows)]  # fmt: skip
    data = "\n".join("  - {" + ", ".join(f"{n}: {v}" for n, v in c.items()) + "}" for c in cells)
    loss = "cross_entropy" if softmax else rng.choice(LOSSES)
    return (f"inputs: [{', '.join(names[:-1])}]\ndata:\n{data}\ntargets: [t1]\nlayers:\n" + "\n".join(layers)
            + f'\nloss: "{loss}"\nrate: 0.05\n')  # fmt: skip


@settings(max_examples=60)
@given(networks())
def test_compiled_sweeps_of_random_networks(spec: str) -> None:
    agree(read_spec(spec, None, VOCABULARY))


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_compiled_sweeps_of_samples(path: Path) -> None:
    agree(pipeline.load(path))


def test_a_long_list_is_compiled_in_parts() -> None:
    agree(model("f = " + " + ".join(f"sin({i}*x)*y" for i in range(1, 400)), {"x": "0.3", "y": "2"}), rel=1e-11)


# -- optimizers, by hand


def trained(text: str, at: dict[str, str], steps: int, optimizer: str = "sgd", rate: float = 0.1, compiled: bool | None = None,
            of: str = "f") -> Training:  # fmt: skip
    m = model(text, at)
    return train(lower(m), of, list(m.wrt), OPTIMIZERS[optimizer], rate, steps, compiled=compiled)


@pytest.mark.parametrize("compiled", [True, False])
def test_gradient_descent(compiled: bool) -> None:
    """x ← x − η·2x = x·(1 − 2η), so that f = x² is (1 − 2η)^(2n)·4 after n steps."""
    found = trained("f = x**2", {"x": "2"}, 50, compiled=compiled)
    assert found.history == pytest.approx([4 * 0.8 ** (2 * n) for n in range(51)], rel=1e-12)
    assert found.parameters["x"] == pytest.approx(2 * 0.8**50, rel=1e-12)
    assert found.uphill == 0
    assert not found.diverged
    assert [s.number for s in found.first] == [1, 2, 3]
    assert found.first[1].before == found.first[0].after == pytest.approx([1.6])


def test_all_derivatives_come_from_one_forward_pass() -> None:
    found = trained("f = x*y", {"x": "2", "y": "3"}, 1, rate=0.5)
    assert found.parameters == {"x": 2 - 0.5 * 3, "y": 3 - 0.5 * 2}


def test_momentum() -> None:
    """v ← μ v − η g, w ← w + v (Sutskever et al. 2013, equations 1 and 2)."""
    found = trained("f = sin(x)*x", {"x": "1.3"}, 20, "momentum")
    w, v = 1.3, 0.0
    for _ in range(20):
        v = 0.9 * v - 0.1 * (math.cos(w) * w + math.sin(w))
        w += v
    assert found.parameters["x"] == pytest.approx(w, rel=1e-12)


def test_adam() -> None:
    """Kingma & Ba 2015, algorithm 1."""
    found = trained("f = sin(x)*x", {"x": "1.3"}, 20, "adam")
    w, m, v = 1.3, 0.0, 0.0
    for t in range(1, 21):
        g = math.cos(w) * w + math.sin(w)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
    assert found.parameters["x"] == pytest.approx(w, rel=1e-12)
    assert abs(1.3 - found.first[0].after[0]) == pytest.approx(0.1, rel=1e-6), "Adam's first step has the length of the rate"


def test_compiled_or_not_the_steps_are_the_same() -> None:
    m = pipeline.load(SAMPLES / "xor.yaml")
    both = [train(lower(m), "L", list(m.wrt), SGD, 0.5, 40, compiled=c) for c in (True, False)]
    assert both[0].history == pytest.approx(both[1].history, rel=1e-12)
    assert both[0].parameters == pytest.approx(both[1].parameters, rel=1e-11)


# -- choices, kinks, faults


def test_a_branch_that_is_left_out_may_have_no_value() -> None:
    """ln(x) is undefined in the branch that is not taken: the compiled sweep is in doubt, the other one knows."""
    found = trained("f = where(x > 0, ln(x), x**2)", {"x": "-1"}, 20)
    assert found.parameters["x"] == pytest.approx(-(0.8**20))


# the last number is the first tenth, hundredth, … of the rate whose first step leads downhill
FAULTS = [
    pytest.param("f = x**4", "2", 5.0, "after step 5: the power overflows at x = ", 0.05, id="overflow"),
    pytest.param("f = x**4", "10", 1.0, "after step 4: the power overflows at x = ", 0.001, id="far too large a rate"),
    pytest.param("f = ln(x)", "2", 1.0, "after step 3: ln is undefined at x = ", 0.1, id="domain"),
]


@pytest.mark.parametrize(("text", "x", "rate", "title", "less"), FAULTS)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_fault_names_the_step_the_statement_and_the_rate(
    text: str, x: str, rate: float, title: str, less: float, compiled: bool
) -> None:
    with pytest.raises(ValueProblem) as caught:
        trained(text, {"x": x}, 20, rate=rate, compiled=compiled)
    assert caught.value.title.startswith(title)
    assert caught.value.place is not None
    assert caught.value.hint == f"the rate {rate:g} is probably too large: try --rate {less:g}"


def test_a_fault_before_the_first_step_is_no_fault_of_the_rate() -> None:
    with pytest.raises(ValueProblem) as caught:
        trained("f = ln(x)", {"x": "-2"}, 20)
    assert caught.value.title == "ln is undefined at x = -2"
    assert "rate" not in (caught.value.hint or "")


def test_an_infinite_derivative_is_no_step() -> None:
    with pytest.raises(ValueProblem, match="the derivative of f with respect to x is infinite at x = 0"):
        trained("f = sqrt(x)", {"x": "0"}, 20)


@pytest.mark.parametrize("steps", [WORTH - 1, WORTH])
def test_compiled_or_not_there_is_one_zero(steps: int) -> None:
    """The root's slope at −0.0 would be −∞, and ∞ − ∞ no longer undefined."""
    with pytest.raises(ValueProblem, match="the derivative of f with respect to x is undefined at x = 0"):
        trained("f = sqrt(x) + sqrt(-x)", {"x": "0"}, steps)


def test_a_parameter_that_overflows() -> None:
    with pytest.raises(ValueProblem, match="after step 1: a parameter is beyond the largest double"):
        trained("f = x", {"x": "-1e308"}, 3, rate=1e308)


def test_divergence_is_seen() -> None:
    found = trained("f = x**2", {"x": "1"}, 10, rate=1.1)
    assert found.diverged
    assert found.uphill == 10
    assert not trained("f = x**2", {"x": "1"}, 10, rate=-0.1).diverged, "uphill was asked for"


def test_the_progress_is_told() -> None:
    told: list[int] = []
    m = model("f = x**2", {"x": "1"})
    train(lower(m), "f", ["x"], SGD, 0.1, 200, told.append)
    assert told == [0, 50, 100, 150]


# -- speed, and what is learned


def test_ten_thousand_steps_take_seconds() -> None:
    m = pipeline.load(SAMPLES / "mazur-2-2-2.yaml")
    moved = [x for x in m.wrt if x not in m.frozen]
    m = replace(m, wrt=tuple(moved))
    before = time.process_time()
    found = train(lower(m), "E_total", moved, SGD, 0.5, 10_000)
    assert time.process_time() - before < 5
    assert found.history[0] == pytest.approx(0.298371109, abs=5e-10)
    assert found.history[1] == pytest.approx(0.29102777369359933, rel=1e-12)
    assert found.history[-1] == pytest.approx(3.510187782978e-05, rel=1e-9), "as thirty lines of plain Python have it"
    assert found.parameters.keys().isdisjoint({"b1", "b2"})


def test_xor_is_learned() -> None:
    m = pipeline.load(SAMPLES / "xor.yaml")
    found = train(lower(m), "L", list(m.wrt), SGD, 0.5, 5000)
    assert found.history[-1] < 0.01
    slots = found.list.slots
    assert [round(found.values[slots[f"y_s{r}"]]) for r in (1, 2, 3, 4)] == [0, 1, 1, 0]
