"""How the gradient travels, in numbers: by hand on small networks, and the split of the factors on all that there is."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import wengert
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.lang.variants import Change, Network, option_entries
from wengert.sweep.arithmetics import Float
from wengert.sweep.flow import STEEPEST, Flow, flow, geometric_mean, reaching_all
from wengert.sweep.rules import Rules
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(wengert.__file__).parents[1] / "samples"


def measured(model: Model) -> Flow:
    return flow(run(lower(reaching_all(model))))


def of(text: str) -> Flow:
    return measured(read_spec(text, None, VOCABULARY))


def network(name: str) -> Network:
    path = SAMPLES / f"{name}.yaml"
    return Network(path.read_text(encoding="utf-8"), str(path), VOCABULARY, path.parent)


def logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_two_sigmoid_neurons_by_hand() -> None:
    found = of("inputs: [1]\nlayers:\n  - {weights: [[0.5]], activation: sigmoid}\n"
               "  - {weights: [[0.8]], activation: sigmoid}\ntargets: [0]\nloss: half_squared_error\n")  # fmt: skip
    a1 = logistic(0.5)
    a2 = logistic(0.8 * a1)
    d2 = a2 * a2 * (1 - a2)
    d1 = d2 * 0.8 * a1 * (1 - a1)
    first, last = found.layers
    assert (last.delta_mean, last.delta_max, last.weights_mean) == pytest.approx((d2, d2, d2 * a1), rel=1e-12)
    assert (first.delta_mean, first.weights_mean) == pytest.approx((d1, d1), rel=1e-12)
    assert first.factor == pytest.approx(d1 / d2, rel=1e-12)
    assert (first.factor_weights, first.factor_activation) == pytest.approx((0.8, a1 * (1 - a1)), rel=1e-12)
    assert (first.factor_other, first.factor_batchnorm, last.factor, last.factor_weights) == (1.0, None, None, None)
    assert found.slopes == pytest.approx(a1 * (1 - a1) * a2 * (1 - a2), rel=1e-12)
    assert found.ratio == pytest.approx(d1 / d2) and found.per_layer == found.ratio and found.verdict == "healthy"


def test_a_skip_is_another_way() -> None:
    """a2 = tanh(w a1) + a1: δ of layer 1 comes by w and past it."""
    found = of("inputs: [0.5]\nlayers:\n  - {weights: [[0.4]], activation: tanh}\n"
               "  - {weights: [[0.3]], activation: tanh, skip: previous}\n")  # fmt: skip
    z2 = 0.3 * math.tanh(0.2)
    d2 = 1 - math.tanh(z2) ** 2
    first = found.layers[0]
    assert first.factor_weights == pytest.approx(0.3)
    assert first.factor_other == pytest.approx((0.3 * d2 + 1) / (0.3 * d2))
    assert first.delta_mean == pytest.approx((0.3 * d2 + 1) * (1 - math.tanh(0.2) ** 2))


CASES = ["deep-sigmoid", "residual", "batchnorm", "softmax-classifier", "xor", "mazur-2-2-2", "two-two-one"]
CHANGES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "softmax", "atan", "erf", "abs",
           "sin", "x*tanh(x)", "x/(1 + abs(x))", "max(x, 0)"]  # fmt: skip


def check_split(found: Flow) -> None:
    """Each factor is the product of its parts, and the ratio that of the factors."""
    for x, above in zip(found.layers, found.layers[1:], strict=False):
        parts = (x.factor_weights, x.factor_other, x.factor_activation, x.factor_batchnorm)
        if x.factor is None or x.factor_activation is None:
            continue
        assert x.factor == pytest.approx(math.prod(p for p in parts if p is not None), rel=1e-9)
        assert x.factor * above.delta_norm == pytest.approx(x.delta_norm, rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_the_factors_split(name: str) -> None:
    check_split(measured(network(name).model))


@pytest.mark.parametrize("activation", CHANGES)
@pytest.mark.parametrize("remedies", [(), ("skip",), ("batchnorm",)], ids=str)
def test_every_activation_and_formula(activation: str, remedies: tuple[str, ...]) -> None:
    made = Network(
        "inputs: [x1, x2]\ndata:\n  - {x1: 1, x2: 0.5, t: 1}\n  - {x1: -0.5, x2: 2, t: 0}\n  - {x1: 0.25, x2: -1, t: 1}\n"
        "targets: [t]\nlayers:\n  - {units: 2, activation: tanh, repeat: 3}\n  - {units: 1, activation: sigmoid}\n"
        "loss: binary_cross_entropy\n", None, VOCABULARY, None,
    )  # fmt: skip
    found = measured(made.variant(Change(option_entries(activation, "--compare")[0], remedies)).model)
    assert len(found.layers) == 4
    check_split(found)
    assert all(x.slope >= 0 and (x.saturated is None or 0 <= x.saturated <= 1) for x in found.layers)
    for x in found.layers[:-1]:
        steepest = STEEPEST.get(activation)
        assert steepest is None or x.slope <= steepest
        assert (x.saturated is None) == (steepest is None)


@pytest.mark.parametrize("name", STEEPEST)
def test_the_steepest_slope_is_that_at_0(name: str) -> None:
    rules = Rules(Float())
    out = rules.value(name)([0.0], None, 0)
    assert rules.partial(name, 0)([0.0], out, 0) == pytest.approx(STEEPEST[name], rel=1e-15)


def test_twenty_sigmoids_vanish() -> None:
    found = measured(network("deep-sigmoid").model)
    assert found.verdict == "vanishing" and found.slopes < 0.25**20
    assert found.ratio == pytest.approx(math.prod(x.factor for x in found.layers if x.factor is not None), rel=1e-12)
    assert found.per_layer == pytest.approx(geometric_mean(x.factor for x in found.layers[:-1]), rel=1e-12)


def test_weights_that_are_large_explode() -> None:
    found = of("inputs: [1]\nlayers:\n  - {weights: [[12]], repeat: 5}\n")
    assert found.verdict == "exploding" and found.ratio == pytest.approx(12.0**4)


def test_saturated_and_dead_units() -> None:
    found = of("inputs: [1]\nlayers:\n  - {weights: [[5], [0.1]], activation: sigmoid}\n"
               "  - {weights: [[-1, -1], [1, 1]], activation: relu}\n  - {weights: [[1, 1]]}\n")  # fmt: skip
    first, second, last = found.layers
    assert (first.saturated, first.dead) == (0.5, None)
    assert (second.saturated, second.dead) == (None, 0.5)
    assert (last.saturated, last.dead) == (None, None)


def test_a_unit_is_dead_only_if_every_row_says_so() -> None:
    spec = "inputs: [x]\ndata: [{x: 1}, {x: OTHER}]\nlayers:\n  - {weights: [[-1]], activation: relu}\n  - {weights: [[1]]}\n"
    assert of(spec.replace("OTHER", "2")).layers[0].dead == 1.0
    assert of(spec.replace("OTHER", "-2")).layers[0].dead == 0.0


def test_dead_layers_pass_nothing() -> None:
    found = of("inputs: [1]\nlayers:\n  - {weights: [[0.5]], activation: tanh}\n  - {weights: [[-1]], activation: relu}\n"
               "  - {weights: [[1]], activation: tanh}\n")  # fmt: skip
    assert found.verdict == "vanishing" and found.ratio == 0 and not found.underflow
    assert found.layers[0].factor is None and found.layers[1].factor == 0


def test_where_nothing_enters_nothing_travels() -> None:
    found = of("inputs: [1]\nlayers:\n  - {weights: [[2]], activation: tanh}\n  - {weights: [[0]]}\n"
               "targets: [0]\nloss: half_squared_error\n")  # fmt: skip
    assert found.verdict == "none" and found.ratio is None and found.per_layer is None


def test_a_saturated_output_lets_nothing_in() -> None:
    found = of("inputs: [1]\nlayers:\n  - {weights: [[1]], activation: tanh}\n  - {weights: [[50]], activation: sigmoid}\n"
               "targets: [0]\nloss: half_squared_error\n")  # fmt: skip
    assert found.verdict == "none" and found.ratio is not None and found.entering is not None and 0 < found.entering < 1e-6


def test_what_is_too_small_for_a_double_is_told_from_0() -> None:
    assert measured(network("deep-sigmoid").variant(Change(depth=600)).model).underflow


def test_wrt_and_seed_of_the_spec_leave_no_layer_out() -> None:
    spec = "inputs: {x: 1}\nparameters: {w: 0.5, v: 2}\nlayers:\n  - {weights: [[w]], activation: tanh}\n  - {weights: [[v]]}\n"
    assert of(spec + "wrt: v\n").layers == of(spec + "seed: {v: 1}\n").layers == of(spec).layers


def test_several_outputs_are_summed() -> None:
    found = of("inputs: [1]\nlayers:\n  - {weights: [[0.5]], activation: tanh}\n  - {weights: [[2], [-3]]}\n")
    assert found.outputs == ("a2_1", "a2_2")
    assert found.layers[1].delta_mean == 1.0
    assert found.layers[0].delta_mean == pytest.approx(1 - math.tanh(0.5) ** 2)
