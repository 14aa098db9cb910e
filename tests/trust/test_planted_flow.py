"""The figures of `wengert flow`, put wrong one way at a time: the second reckoning (verify/flows.py) sees each that changes.

Right figures of random networks pass it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Count
from tests.sweep.random_networks import random_network
from wengert import pipeline
from wengert.cli.run import run
from wengert.errors import ValueProblem
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.sweep import flow as room
from wengert.sweep.arithmetics import Float
from wengert.sweep.flow import Flow, _Measured, flow, reaching_all
from wengert.sweep.layer_check import compare
from wengert.sweep.layers import sweep_layers
from wengert.sweep.rules import Rules
from wengert.sweep.trace import Trace
from wengert.sweep.trace import run as swept
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES, VOCABULARY
from wengert.verify.flows import confirm

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
DEAD = """
inputs: [1, -2]
layers:
  - {weights: [[1, 2], [-1, 0.5]], bias: [0, 0.1], activation: relu}
  - {weights: [[1, 2], [-1, 0.5], [0.3, 3]], bias: [0.2, 0, 0.1], activation: leaky_relu}
  - {weights: [[1, 2, 1], [-1, 0.5, 2]], activation: sigmoid}
loss: squared_error
targets: [0, 1]
"""
ROWS = """
inputs: [p, q]
data: [{p: 30, q: 20, t: 0}, {p: 1, q: -2, t: 1}, {p: -1, q: -3, t: 1}]
targets: [t]
layers:
  - {weights: [[1, 2], [-1, 0.5]], bias: [0.1, 0.1], activation: tanh}
  - {weights: [[1, 2], [-1, 0.5], [-5, -9]], bias: [0.2, 0, -50], activation: relu}
  - {weights: [[1, 2, 1]], activation: sigmoid}
loss: mse
"""
CUT = """
inputs: [1, -2]
layers:
  - {weights: [[1, 2], [-1, 0.5]], activation: tanh}
  - {weights: [[1, 2], [-1, 0.5]], bias: [-50, -50], activation: relu}
  - {weights: [[1, 2]], activation: sigmoid}
"""
# Right networks in which something is as it rarely is
RARE = {
    "two formulas at the same z": """
inputs: {x1: 2}
layers:
  - {weights: [[1], [1]], activation: ['x**2', 'x/(1+abs(x))']}
targets: [0.5, 0.5]
loss: squared_error
""",
    "zero weights above": """
inputs: {x1: 1, x2: 2}
layers:
  - {weights: [[1, 2]], activation: tanh}
  - {weights: [[0]], bias: [0], activation: sigmoid}
targets: [1]
loss: squared_error
""",
    "batch normalisation of equal rows": """
inputs: [x1]
data: [{x1: 10, t: 0.5}, {x1: 10, t: 0.5}]
layers:
  - {weights: [[-2]], activation: tanh, batchnorm: {}, skip: input}
targets: [t]
loss: squared_error
""",
    "a jump": """
inputs: {x1: 0}
layers:
  - {weights: [[1]], activation: sign}
  - {weights: [[1]], activation: tanh}
targets: [0.5]
loss: squared_error
""",
    "an infinite slope": """
inputs: {x1: 0, x2: 1}
layers:
  - {weights: [[1, 0], [0, 1]], activation: [cbrt, tanh]}
  - {weights: [[1, 1]], activation: tanh}
targets: [0.5]
loss: squared_error
""",
    "an infinite slope beside the output": """
inputs: {x1: 1e-30}
layers:
  - {units: 3, init: zeros, activation: [tanh, x + 0.5, cbrt]}
""",
    "an infinite slope beside an output that skips": """
inputs: {x1: 0, x2: 0}
layers:
  - {units: 2, init: zeros, activation: [tanh, cbrt], skip: input}
""",
    "outputs whose infinite slopes cancel": """
inputs: {x1: 0}
layers:
  - {weights: [[1]], activation: cbrt}
  - {weights: [[1], [-1]], activation: identity}
""",
}
RANDOM = 40


def specs() -> dict[str, Model]:
    found = {name: pipeline.load(SAMPLES / f"{name}.yaml") for name in ("mazur-2-2-2", "xor", "batchnorm", "residual")}
    written = {"dead": DEAD, "rows": ROWS, "cut": CUT}
    return found | {name: read_spec(text, None, VOCABULARY, (), None) for name, text in written.items()}


def trace_of(model: Model) -> Trace:
    return swept(lower(reaching_all(model)))


def numbers(found: Flow) -> list[Any]:
    own = [getattr(x, f.name) for x in found.layers for f in fields(x) if f.name != "layer"]
    return [*own, found.ratio, found.per_layer, found.entering, found.slopes, found.verdict]


def differ(one: list[Any], other: list[Any]) -> bool:
    def same(a: Any, b: Any) -> bool:
        if isinstance(a, float) and isinstance(b, float):
            return math.isclose(a, b, rel_tol=1e-10) or (math.isnan(a) and math.isnan(b))
        return bool(a == b)

    return not all(same(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("seed", [*range(RANDOM), 80, 229, 428])  # of the last three the outputs' slopes cancel
def test_right_figures_of_a_random_network_pass(seed: int) -> None:
    try:
        trace = trace_of(read_spec(random_network(seed).text, None, VOCABULARY, (), None))
    except ValueProblem:
        return
    found = confirm(flow(trace), trace)
    assert (found.faults, found.reason) == ((), "")
    assert found.figures >= 5


@pytest.mark.parametrize("text", RARE.values(), ids=RARE)
def test_right_figures_of_rare_networks_pass(text: str) -> None:
    model = read_spec(text, None, VOCABULARY, (), None)
    trace = trace_of(model)
    found = confirm(flow(trace), trace)
    assert (found.faults, found.reason) == ((), "")
    layers = sweep_layers(model, trace.values[: trace.list.inputs], Rules(Float()), trace.outputs)
    assert compare(trace, layers).agrees


@pytest.mark.parametrize("wrong", [{"factor": 1.0}, {"slope": 3.0}, {"delta_mean": 0.25}, {"factor_activation": 2.0},
                                   {"delta_norm": 7.0}, {"delta_max": math.inf}, {"weights_mean": -math.inf}])  # fmt: skip
@pytest.mark.parametrize("at", [0, 1])
def test_a_wrong_figure_beside_infinite_ones(wrong: dict[str, float], at: int) -> None:
    trace = trace_of(read_spec(RARE["an infinite slope"], None, VOCABULARY, (), None))
    right = flow(trace)
    layers = list(right.layers)
    layers[at] = replace(layers[at], **wrong)
    if numbers(right) != numbers(replace(right, layers=tuple(layers))):
        assert confirm(replace(right, layers=tuple(layers)), trace).faults


def test_an_entering_of_0_is_0() -> None:
    trace = trace_of(read_spec(RARE["batch normalisation of equal rows"], None, VOCABULARY, (), None))
    assert flow(trace).entering == 0.0


def _rows_less(found: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *a: found(*a)[:-1] or found(*a)


RIGHT = {name: getattr(room, name) for name in ("_norm", "_mean", "_quotient", "_saturated", "_dead", "_dot", "_near")}
METHODS = {name: getattr(_Measured, name) for name in ("_bar", "_adjoints", "_transposed", "_slopes", "_slope", "_layer")}
# what is wrong, what is put in another's place, and what in
FUNCTIONS: list[tuple[str, str, Callable[..., Any]]] = [
    ("the norm is the sum", "_norm", lambda rows: sum(abs(x) for row in rows for x in row)),
    ("the norm is a mean", "_norm", lambda rows: RIGHT["_norm"](rows) / math.sqrt(sum(map(len, rows)))),
    ("the norm is the largest", "_norm", lambda rows: max(abs(x) for row in rows for x in row)),
    ("the norm has no root", "_norm", lambda rows: RIGHT["_norm"](rows) ** 2),
    ("the norm is off by 1e-9", "_norm", lambda rows: RIGHT["_norm"](rows) * (1 + 1e-9) if len(rows[0]) == 2 else
     RIGHT["_norm"](rows)),
    ("the mean is the sum", "_mean", lambda sizes: RIGHT["_mean"](sizes) * len(sizes)),
    ("the mean leaves one out", "_mean", lambda sizes: RIGHT["_mean"](sizes[:-1] or sizes)),
    ("the mean is off by 1e-9", "_mean", lambda sizes: RIGHT["_mean"](sizes) * (1 + 1e-9)),
    ("a quotient upside down", "_quotient", lambda a, b: RIGHT["_quotient"](b, a)),
    ("a quotient of 0 is 0", "_quotient", lambda a, b: RIGHT["_quotient"](a, b) or 0.0),
    ("nothing saturates", "_saturated", lambda layer, slopes: None if RIGHT["_saturated"](layer, slopes) is None else 0.0),
    ("all saturates", "_saturated", lambda layer, slopes: None if RIGHT["_saturated"](layer, slopes) is None else 1.0),
    ("saturation of one row", "_saturated", lambda layer, slopes: RIGHT["_saturated"](layer, slopes[:1])),
    ("dead in one row", "_dead", lambda layer, slopes: RIGHT["_dead"](layer, slopes[:1])),
    ("nothing is dead", "_dead", lambda layer, slopes: None if RIGHT["_dead"](layer, slopes) is None else 0.0),
    ("Wᵀ without signs", "_dot", lambda w, d: sum(abs(a * b) for a, b in zip(w, d, strict=True))),
    ("Wᵀ without one term", "_dot", lambda w, d: RIGHT["_dot"](w[:-1] or w, d[:-1] or d)),
    ("other ways are not seen", "_near", lambda one, other: True),
]  # fmt: skip
ON_TRACES: list[tuple[str, str, Callable[..., Any]]] = [
    ("adjoints doubled", "_bar", lambda self, name: 2 * METHODS["_bar"](self, name)),
    ("adjoints of the slot beside", "_bar", lambda self, name: float(self.bars[self.slots[name] - 1] or 0.0)),
    ("values for adjoints", "_bar", lambda self, name: float(self.trace.values[self.slots[name]])),
    ("a row of data lost", "_adjoints", _rows_less(METHODS["_adjoints"])),
    ("a neuron lost", "_adjoints", lambda self, names: [[*row[:-1], 0.0] for row in METHODS["_adjoints"](self, names)]),
    ("W for Wᵀ", "_transposed", lambda self, layer: METHODS["_adjoints"](self, layer.pre)),
    ("slopes of one row", "_slopes", lambda self, layer: METHODS["_slopes"](self, layer)[:1]),
    ("σ′ squared", "_slope", lambda self, a, b: METHODS["_slope"](self, a, b) ** 2),
    ("σ′ is σ", "_slope", lambda self, a, b: float(self.trace.values[self.slots[b]])),
    ("σ′ is 1", "_slope", lambda self, a, b: 1.0),
    ("σ′ off by 1e-9", "_slope", lambda self, a, b: METHODS["_slope"](self, a, b) * (1 + 1e-9)),
    ("σ′ of another neuron", "_slope", lambda self, a, b: METHODS["_slope"](self, *_other(self, a, b))),
    ("the layer above is the first", "_layer", lambda self, layer, above: METHODS["_layer"](
        self, layer, None if above is None else self.shape.layers[0])),
    ("the layer itself for the one above", "_layer", lambda self, layer, above: METHODS["_layer"](
        self, layer, None if above is None else layer)),
]  # fmt: skip


def _other(self: Any, inner: str, post: str) -> tuple[str, str]:
    for layer in self.shape.layers:
        for row_in, row_out in zip(layer.inner, layer.post, strict=True):
            if post in row_out:
                return row_in[0], row_out[0]
    raise AssertionError(post)


PROPERTIES: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("the ratio upside down", "ratio", lambda f: f.layers[-1].delta_norm / f.layers[0].delta_norm),
    ("the ratio of the second layer", "ratio", lambda f: f.layers[1].delta_norm / f.layers[-1].delta_norm),
    ("a root over the layers", "per_layer", lambda f: None if f.ratio is None else f.ratio ** (1 / len(f.layers))),
    ("slopes summed", "slopes", lambda f: sum(x.slope for x in f.layers)),
    ("slopes without the last", "slopes", lambda f: math.prod(x.slope for x in f.layers[:-1])),
    ("what enters without normalisation upside down", "entering", lambda f: 1 / f.layers[-1].factor_activation),
    ("all is healthy", "verdict", lambda f: "healthy"),
    ("all vanishes", "verdict", lambda f: "vanishing"),
]  # fmt: skip
PLANTED = [
    *((what, room, name, wrong) for what, name, wrong in FUNCTIONS),
    *((what, _Measured, name, wrong) for what, name, wrong in ON_TRACES),
    *((what, Flow, name, property(wrong)) for what, name, wrong in PROPERTIES),
]


@pytest.mark.parametrize(("what", "where", "name", "wrong"), PLANTED, ids=[p[0] for p in PLANTED])
def test_a_wrong_figure_is_seen(
    what: str, where: Any, name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    changed = 0
    for of, model in specs().items():
        trace = trace_of(model)
        right = numbers(flow(trace))
        with monkeypatch.context() as there:
            there.setattr(where, name, wrong)
            try:
                found = flow(trace)
                differs = differ(numbers(found), right)
                faults = confirm(found, trace).faults
            except (ValueError, IndexError, KeyError, ZeroDivisionError):  # the fault does not go unseen
                continue
        changed += differs
        assert bool(faults) == differs, (of, faults)
        count("planted faults, flow: planted", 1)
        count("planted faults, flow: of these change nothing", not differs)
        count("planted faults, flow: caught", differs and bool(faults))
    assert changed


def test_the_command_ends_with_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(room, "_norm", lambda rows: 2 * RIGHT["_norm"](rows) if len(rows[0]) == 1 else RIGHT["_norm"](rows))
    assert run(["flow", str(SAMPLES / "xor.yaml")]) == 1
    told = capsys.readouterr().out
    assert "Figures: failed: layer 2: ‖δ‖ is " in told and "when reckoned again" in told


def test_json_tells_how_many_were_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["flow", str(SAMPLES / "xor.yaml"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures_check"] == {"figures": 29, "faults": [], "reason": None}
    assert run(["flow", str(SAMPLES / "xor.yaml"), "--format", "json", "--no-verify"]) == 0
    assert json.loads(capsys.readouterr().out)["figures_check"] is None


def test_what_is_too_large_is_unchecked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("wengert.verify.flows.SHADOWED", 10)
    assert run(["flow", str(SAMPLES / "xor.yaml")]) == 3
    assert "Figures: unchecked: no second reckoning of networks of more than 20,000 statements." in capsys.readouterr().out


def test_a_rule_that_only_another_network_uses(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge is asked about the spec's own network; the second reckoning knows what relu is."""
    record = PRIMITIVES["atan"]
    monkeypatch.setitem(PRIMITIVES, "atan", replace(record, partials=("1/(1 + x)",)))  # type: ignore[index]
    assert run(["flow", str(SAMPLES / "xor.yaml"), "--compare", "atan"]) == 1
    assert "Figures: failed: layer 1: the mean |σ′|" in capsys.readouterr().out
