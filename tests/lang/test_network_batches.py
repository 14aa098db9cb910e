"""Networks over rows of data: values and gradients against formulas for whole batches, written by hand with plain lists."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, sqrt, tanh

import pytest

from wengert import pipeline
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.sweep.trace import Trace
from wengert.tape.primitives import VOCABULARY

Of = Callable[[float, float], float]
X = [[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]]
W1, B1 = [[0.5, -0.3], [0.2, 0.8]], [0.1, -0.2]
W2, B2 = [[0.6, -0.7]], [0.05]
T = [1.0, 0.0, 1.0]
ROWS = "data: [{x1: 1, x2: 0.5, t: 1}, {x1: -0.5, x2: 2, t: 0}, {x1: 0.25, x2: -1, t: 1}]\ntargets: [t]\ninputs: [x1, x2]\n"


def swept(text: str) -> tuple[Model, Trace]:
    model = read_spec(text, "f.yaml", VOCABULARY)
    trace = pipeline.trace(model, verify=False, mode="reverse").trace
    assert trace is not None
    return model, trace


def value(trace: Trace, name: str) -> float:
    return float(trace.values[trace.list.slots[name]])


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def layer(w: list[list[float]], b: list[float], a: list[float]) -> list[float]:
    return [sum(x * y for x, y in zip(row, a, strict=True)) + c for row, c in zip(w, b, strict=True)]


# loss → (its value, ∂/∂a) for a row with output a and target t; with the textbook's formulas
LOSSES: dict[str, tuple[Of, Of]] = {
    "half_squared_error": (lambda a, t: (a - t) ** 2 / 2, lambda a, t: a - t),
    "squared_error": (lambda a, t: (a - t) ** 2, lambda a, t: 2 * (a - t)),
    "mse": (lambda a, t: (a - t) ** 2, lambda a, t: 2 * (a - t)),
    "absolute_error": (lambda a, t: abs(a - t), lambda a, t: 1 if a > t else -1),
    "{kind: huber, delta: 0.45": (
        lambda a, t: (a - t) ** 2 / 2 if abs(a - t) <= 0.45 else 0.45 * (abs(a - t) - 0.225),
        lambda a, t: a - t if abs(a - t) <= 0.45 else (0.45 if a > t else -0.45),
    ),
    "binary_cross_entropy": (
        lambda a, t: -(t * log(a) + (1 - t) * log(1 - a)), lambda a, t: -t / a + (1 - t) / (1 - a),
    ),
    "{kind: binary_cross_entropy, form: stable": (
        lambda a, t: -(t * log(a) + (1 - t) * log(1 - a)), lambda a, t: -t / a + (1 - t) / (1 - a),
    ),
    "cross_entropy": (lambda a, t: -t * log(a), lambda a, t: -t / a),
    "hinge": (lambda a, t: max(0.0, 1 - t * a), lambda a, t: -t if 1 - t * a > 0 else 0.0),
}  # fmt: skip
NETWORK = """layers:
  - {weights: [[0.5, -0.3], [0.2, 0.8]], bias: [0.1, -0.2], activation: tanh, post: [h1, h2]}
  - {weights: [[0.6, -0.7]], bias: [0.05], activation: sigmoid, post: y}
"""


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", LOSSES)
def test_batch(loss: str, reduction: str) -> None:
    whole = (loss if loss.startswith("{") else "{kind: " + loss) + f", reduction: {reduction}}}"
    model, trace = swept(ROWS + NETWORK + f"loss: {whole}\n")
    of, slope = LOSSES[loss]
    factor = 1 / len(X) if reduction == "mean" else 1.0
    total, gw1, gb1 = 0.0, [[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0]
    gw2, gb2 = [0.0, 0.0], 0.0
    for row, (x, t) in enumerate(zip(X, T, strict=True), 1):
        h = [tanh(z) for z in layer(W1, B1, x)]
        y = sigmoid(layer(W2, B2, h)[0])
        assert value(trace, f"y_s{row}") == pytest.approx(y, rel=1e-14)
        assert value(trace, f"L_s{row}") == pytest.approx(of(y, t), rel=1e-12)
        total += factor * of(y, t)
        d2 = factor * slope(y, t) * y * (1 - y)
        gb2 += d2
        for j in range(2):
            gw2[j] += d2 * h[j]
            d1 = d2 * W2[0][j] * (1 - h[j] ** 2)
            gb1[j] += d1
            for k in range(2):
                gw1[j][k] += d1 * x[k]
    assert value(trace, "L") == pytest.approx(total, rel=1e-12)
    expected = {f"W1_{j + 1}_{k + 1}": gw1[j][k] for j in range(2) for k in range(2)}
    expected |= {"b1_1": gb1[0], "b1_2": gb1[1], "W2_1_1": gw2[0], "W2_1_2": gw2[1], "b2_1": gb2}
    assert set(model.wrt) == set(expected)
    for name, figure in expected.items():
        assert trace.derivative("L", name) == pytest.approx(figure, rel=1e-12, abs=1e-15), name


def test_a_formula_over_one_row_is_copied_for_each() -> None:
    model, trace = swept(ROWS + NETWORK + "loss: (y - t)**3 + x1*h1\n")
    total = 0.0
    for x, t in zip(X, T, strict=True):
        h = [tanh(z) for z in layer(W1, B1, x)]
        total += ((sigmoid(layer(W2, B2, h)[0]) - t) ** 3 + x[0] * h[0]) / 3
    assert value(trace, "L") == pytest.approx(total, rel=1e-12)
    assert model.assumptions == (
        "each row: loss = (y - t)**3 + x1*h1", "L = (1/3) Σ of the rows' losses: the mean over the 3 rows of data",
    )  # fmt: skip


@pytest.mark.parametrize("form", ["textbook", "stable"])
def test_softmax_and_classes(form: str) -> None:
    """∂L/∂z = (a − 1[k = class])/R, whichever way the loss is written."""
    data = "inputs: [x]\ndata: [{x: 1, c: 2}, {x: -2, c: 3}]\ntargets: c\n"
    net = "layers:\n  - {weights: [[0.4], [-0.2], [0.7]], bias: [0.1, 0.2, 0.3], activation: softmax}\n"
    model, trace = swept(data + net + f"loss: {{kind: cross_entropy, form: {form}}}\n")
    total, gw, gb = 0.0, [0.0] * 3, [0.0] * 3
    for x, c in ((1.0, 1), (-2.0, 2)):
        e = [exp(w * x + b) for w, b in zip((0.4, -0.2, 0.7), (0.1, 0.2, 0.3), strict=True)]
        a = [v / sum(e) for v in e]
        total -= log(a[c]) / 2
        for k in range(3):
            d = (a[k] - (k == c)) / 2
            gw[k] += d * x
            gb[k] += d
    assert value(trace, "L") == pytest.approx(total, rel=1e-12)
    for k in range(3):
        assert trace.derivative("L", f"W1_{k + 1}_1") == pytest.approx(gw[k], rel=1e-12)
        assert trace.derivative("L", f"b1_{k + 1}") == pytest.approx(gb[k], rel=1e-12)
    assert model.network is not None
    assert model.network.loss is not None
    assert model.network.loss.classes == (2, 3)
    assert not [x for x in model.inputs if x.role == "target"]


@pytest.mark.parametrize("loss", ["{kind: cross_entropy, form: stable}"])
def test_the_stable_form_of_a_saturated_softmax(loss: str) -> None:
    net = "inputs: [1]\nlayers:\n  - {weights: [[1000], [0]], activation: softmax}\n"
    _, trace = swept(net + f"targets: [2]\nloss: {loss}\n")
    assert value(trace, "L") == 1000
    assert trace.derivative("L", "W1_1_1") == 1
    _, one_hot = swept(net + f"targets: [0, 1]\nloss: {loss}\n")
    assert value(one_hot, "L") == 1000
    _, sigmoids = swept("inputs: [1]\nlayers:\n  - {weights: [[1000]], activation: sigmoid}\ntargets: [0]\n"
                        "loss: {kind: binary_cross_entropy, form: stable}\n")  # fmt: skip
    assert value(sigmoids, "L") == 1000
    assert sigmoids.derivative("L", "W1_1_1") == 1


NORMS = ["layers:\n  - {weights: [[0.5, -0.3], [0.2, 0.8]], batchnorm: {epsilon: 1e-3, gamma: [1.5, 0.7], beta: [0.1, -0.4]}, "
         "activation: tanh, post: [h1, h2]}\n",
         "layers:\n  - {weights: [[0.5, -0.3], [0.2, 0.8]], post: [p, q], pre: [p, q]}\n"
         "  - {batchnorm: {epsilon: 1/1000, gamma: [1.5, 0.7], beta: [0.1, -0.4]}, activation: tanh, post: [h1, h2]}\n"]


@pytest.mark.parametrize("net", NORMS, ids=["in a dense layer", "a layer of its own"])
def test_batchnorm(net: str) -> None:
    """Ioffe & Szegedy 2015: z̄ = γ/(R·s)·(R·ȳ − Σ ȳ − n Σ ȳ·n), γ̄ = Σ ȳ·n, β̄ = Σ ȳ, s = sqrt(var + ε)."""
    rows = ROWS.replace("targets: [t]\n", "").replace(", t: 1", "").replace(", t: 0", "")
    _, trace = swept(rows + net + "loss: h1*h2 + h2\n")
    count, gamma, beta = len(X), [1.5, 0.7], [0.1, -0.4]
    z = [layer(W1, [0, 0], x) for x in X]
    mean = [sum(r[j] for r in z) / count for j in range(2)]
    scale = [sqrt(sum((r[j] - mean[j]) ** 2 for r in z) / count + 1e-3) for j in range(2)]
    n = [[(r[j] - mean[j]) / scale[j] for j in range(2)] for r in z]
    h = [[tanh(gamma[j] * r[j] + beta[j]) for j in range(2)] for r in n]
    assert value(trace, "L") == pytest.approx(sum(a * b + b for a, b in h) / count, rel=1e-12)
    y_bar = [[a_bar * (1 - a * a) / count for a_bar, a in ((r[1], r[0]), (r[0] + 1, r[1]))] for r in h]
    number = 1 if "post: [p" not in net else 2
    for j in range(2):
        column = [r[j] for r in y_bar]
        dotted = sum(y_bar[r][j] * n[r][j] for r in range(count))
        z_bar = [gamma[j] / (count * scale[j]) * (count * column[r] - sum(column) - n[r][j] * dotted) for r in range(count)]
        assert trace.derivative("L", f"gamma{number}_{j + 1}") == pytest.approx(dotted, rel=1e-10)
        assert trace.derivative("L", f"beta{number}_{j + 1}") == pytest.approx(sum(column), rel=1e-10)
        for k in range(2):
            expected = sum(z_bar[r] * X[r][k] for r in range(count))
            assert trace.derivative("L", f"W1_{j + 1}_{k + 1}") == pytest.approx(expected, rel=1e-9, abs=1e-14)
        assert value(trace, f"mu{number}_{j + 1}") == pytest.approx(mean[j], rel=1e-12)
        assert value(trace, f"n{number}_{j + 1}_s2") == pytest.approx(n[1][j], rel=1e-12)


def test_skip_and_repeat() -> None:
    net = ("inputs: {x1: 0.5, x2: -1}\nlayers:\n  - {weights: [[0.3, -0.2], [0.1, 0.4]], activation: tanh, skip: previous, "
           "repeat: 3}\n  - {weights: [[1, 0], [0, 1]], activation: sigmoid, skip: input, post: [p, q]}\nloss: p + 2*q\n")
    model, trace = swept(net)
    w = [[0.3, -0.2], [0.1, 0.4]]
    a = [0.5, -1.0]
    before, slopes = [], []
    for _ in range(3):
        before.append(a)
        f = [tanh(v) for v in layer(w, [0, 0], a)]
        slopes.append([1 - v * v for v in f])
        a = [v + s for v, s in zip(f, a, strict=True)]
    last = [sigmoid(v) for v in a]
    assert value(trace, "L") == pytest.approx(last[0] + 0.5 + 2 * (last[1] - 1), rel=1e-13)
    bar = [last[0] * (1 - last[0]), 2 * last[1] * (1 - last[1])]
    for number in (3, 2, 1):
        delta = [b * s for b, s in zip(bar, slopes[number - 1], strict=True)]
        for j in range(2):
            for k in range(2):
                expected = delta[j] * before[number - 1][k]
                assert trace.derivative("L", f"W{number}_{j + 1}_{k + 1}") == pytest.approx(expected, rel=1e-12)
        bar = [bar[k] + sum(delta[j] * w[j][k] for j in range(2)) for k in range(2)]
    assert model.network is not None
    assert [x.skip_of for x in model.network.layers] == ["previous"] * 3 + ["input"]
    assert model.network.layers[1].skip == (("a1_1", "a1_2"),)
