"""Random networks for the tests: a spec in YAML, and the same network written once more on HIPS autograd.

The second reading knows nothing of wengert but the meaning of a spec: rows of data are rows of its arrays, the losses are
those of the textbooks.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
from autograd import grad
from autograd.extend import defvjp, primitive
from hypothesis import strategies as st

EVERYWHERE = ("abs", "asinh", "atan", "cos", "cosh", "elu", "erf", "erfc", "exp", "expm1", "gelu", "identity", "leaky_relu",
              "relu", "sech", "selu", "sigmoid", "sign", "silu", "sin", "sinh", "softplus", "tanh")  # fmt: skip
# Of floor and ceil such that they are not 0: the next layer would stand at a kink.
INSIDE = {"cbrt": (0.4, 1.8), "ceil": (0.3, 0.7), "floor": (1.3, 1.7),
          "acos": (-0.8, 0.8), "acosh": (1.3, 3.0), "acot": (0.4, 1.8), "acoth": (1.3, 3.0), "acsc": (1.3, 3.0),
          "acsch": (0.4, 1.8),
          "asec": (1.3, 3.0), "asech": (0.2, 0.8), "asin": (-0.8, 0.8), "atanh": (-0.8, 0.8), "cot": (0.5, 2.5),
          "coth": (0.4, 1.8), "csc": (0.5, 2.5), "csch": (0.4, 1.8), "ln": (0.4, 3.0), "log10": (0.4, 3.0),
          "log1p": (-0.6, 2.0), "log2": (0.4, 3.0), "sec": (-1.0, 1.0), "sqrt": (0.4, 3.0), "tan": (-1.0, 1.0)}  # fmt: skip
LOSSES = ("half_squared_error", "squared_error", "mse", "absolute_error", "huber", "hinge", "binary_cross_entropy",
          "cross_entropy", "class", "formula", "none")  # fmt: skip


@primitive  # type: ignore[untyped-decorator]
def _erf(x: Any) -> Any:
    return anp.vectorize(math.erf)(x)


defvjp(_erf, lambda ans, x: lambda g: g * 2 / math.sqrt(math.pi) * anp.exp(-(x**2)))
_SELU = (1.0507009873554804934193349852946, 1.6732632423543772848170429916717)


def _elu(x: Any, alpha: float = 1.0) -> Any:
    return anp.where(x > 0, x, alpha * (anp.exp(anp.minimum(x, 0)) - 1))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + anp.exp(-x))


REFERENCE: dict[str, Callable[[Any], Any]] = {
    "abs": anp.abs, "acot": lambda x: anp.arctan(1 / x), "asinh": anp.arcsinh, "atan": anp.arctan,
    "cbrt": lambda x: anp.sign(x) * anp.abs(x) ** (1 / 3), "ceil": anp.ceil, "cos": anp.cos, "cosh": anp.cosh, "elu": _elu,
    "erf": _erf, "erfc": lambda x: 1 - _erf(x), "exp": anp.exp, "expm1": anp.expm1, "floor": anp.floor,
    "gelu": lambda x: x * (1 + _erf(x / math.sqrt(2))) / 2, "identity": lambda x: x,
    "leaky_relu": lambda x: anp.where(x > 0, x, 0.01 * x), "relu": lambda x: anp.where(x > 0, x, 0 * x),
    "sech": lambda x: 1 / anp.cosh(x), "selu": lambda x: _SELU[0] * _elu(x, _SELU[1]), "sigmoid": _sigmoid, "sign": anp.sign,
    "silu": lambda x: x * _sigmoid(x),
    "sin": anp.sin, "sinh": anp.sinh, "softplus": lambda x: anp.log1p(anp.exp(x)), "tanh": anp.tanh, "acos": anp.arccos,
    "acosh": anp.arccosh, "acoth": lambda x: anp.arctanh(1 / x), "acsc": lambda x: anp.arcsin(1 / x),
    "acsch": lambda x: anp.arcsinh(1 / x), "asec": lambda x: anp.arccos(1 / x), "asech": lambda x: anp.arccosh(1 / x),
    "asin": anp.arcsin, "atanh": anp.arctanh, "cot": lambda x: 1 / anp.tan(x), "coth": lambda x: 1 / anp.tanh(x),
    "csc": lambda x: 1 / anp.sin(x), "csch": lambda x: 1 / anp.sinh(x), "ln": anp.log, "log10": anp.log10, "log1p": anp.log1p,
    "log2": anp.log2, "sec": lambda x: 1 / anp.cos(x), "sqrt": anp.sqrt, "tan": anp.tan,
}  # fmt: skip


@dataclass
class RandomLayer:
    """`weights` and `bias` are names; an activation is a name of REFERENCE, or "softmax", or "formula" (p·x + tanh(x))."""

    weights: list[list[str]]
    bias: list[str]
    activations: list[str]
    norm: tuple[list[str], list[str], float] | None
    skip: str | None
    name: str


@dataclass
class RandomNetwork:
    values: dict[str, float]
    inputs: list[list[float]]
    targets: list[list[float]]
    layers: list[RandomLayer]
    loss: str
    form: str
    reduction: str

    # -- as a spec

    @property
    def text(self) -> str:
        size = len(self.inputs[0])
        names = [f"x{i + 1}" for i in range(size)]
        columns = [f"t{i + 1}" for i in range(len(self.targets[0]))] if self.loss != "none" else []
        rows = [
            dict(zip([*names, *columns], [*x, *(t if columns else [])], strict=True))
            for x, t in zip(self.inputs, self.targets, strict=True)
        ]
        spec: dict[str, Any] = {"inputs": names, "data": rows, "parameters": self.values}
        spec["layers"] = [self._layer(layer) for layer in self.layers]
        if columns:
            spec["targets"] = columns
        if self.loss != "none":
            spec["loss"] = self._loss()
        return "\n".join(f"{key}: {_yaml(value)}" for key, value in spec.items()) + "\n"

    def _layer(self, layer: RandomLayer) -> dict[str, Any]:
        spec: dict[str, Any] = {"weights": layer.weights, "name": layer.name}
        if layer.bias:
            spec["bias"] = layer.bias
        texts = [self.activation_text(a) for a in layer.activations]
        spec["activation"] = texts[0] if len(set(texts)) == 1 else texts
        if layer.norm is not None:
            gamma, beta, epsilon = layer.norm
            spec["batchnorm"] = {"gamma": gamma, "beta": beta, "epsilon": epsilon}
        if layer.skip is not None:
            spec["skip"] = layer.skip
        return spec

    @staticmethod
    def activation_text(name: str) -> str:
        if name in INSIDE:
            low, high = INSIDE[name]
            return f"{name}({(low + high) / 2} + {(high - low) / 2}*tanh(x))"
        return "p*x + tanh(x)" if name == "formula" else name

    def _loss(self) -> Any:
        if self.loss == "formula":
            last = len(self.layers)
            return {"kind": f"(a{last}_1 - t1)**2 + p*a{last}_1 + x1*a1_1/3", "reduction": self.reduction}
        spec: dict[str, Any] = {"kind": "cross_entropy" if self.loss == "class" else self.loss, "reduction": self.reduction}
        if self.loss == "huber":
            spec["delta"] = 0.7
        if self.form == "stable":
            spec["form"] = "stable"
        return spec

    # -- on autograd

    def forward(self, p: Mapping[str, Any]) -> Any:
        """The loss; without one the sum of the outputs."""
        x = anp.array(self.inputs)
        h = x
        made = {"input": x}
        first = None
        for layer in self.layers:
            w = anp.array([[p[n] for n in row] for row in layer.weights])
            z = anp.dot(h, w.T)
            if layer.bias:
                z = z + anp.array([p[n] for n in layer.bias])
            if layer.norm is not None:
                gamma, beta, epsilon = layer.norm
                centred = z - anp.mean(z, axis=0)
                z = centred / anp.sqrt(anp.mean(centred**2, axis=0) + epsilon)
                z = z * anp.array([p[n] for n in gamma]) + anp.array([p[n] for n in beta])
            if layer.activations[0] == "softmax":
                e = anp.exp(z - anp.max(z, axis=1, keepdims=True))
                a = e / anp.sum(e, axis=1, keepdims=True)
            else:
                a = anp.stack([self._activate(f, z[:, i], p) for i, f in enumerate(layer.activations)], axis=1)
            if layer.skip is not None:
                a = a + (h if layer.skip == "previous" else made[layer.skip])
            first = a if first is None else first
            made[layer.name] = h = a
        t = anp.array(self.targets)
        rows = self._row_losses(h, t, p, x, first)
        return anp.sum(rows) / (len(self.inputs) if self.reduction == "mean" and self.loss != "none" else 1)

    @staticmethod
    def _activate(name: str, z: Any, p: Mapping[str, Any]) -> Any:
        if name == "formula":
            return p["p"] * z + anp.tanh(z)
        if name in INSIDE:
            low, high = INSIDE[name]
            z = (low + high) / 2 + (high - low) / 2 * anp.tanh(z)
        return REFERENCE[name](z)

    def _row_losses(self, a: Any, t: Any, p: Mapping[str, Any], x: Any, first: Any) -> Any:
        r = a - t if a.shape == t.shape else None
        if self.loss == "none":
            return anp.sum(a, axis=1)
        if self.loss == "formula":
            return (a[:, 0] - t[:, 0]) ** 2 + p["p"] * a[:, 0] + x[:, 0] * first[:, 0] / 3
        if self.loss == "class":
            return -anp.log(anp.stack([a[i, int(c) - 1] for i, (c,) in enumerate(self.targets)]))
        shares = {
            "half_squared_error": lambda: r**2 / 2, "squared_error": lambda: r**2, "mse": lambda: r**2 / a.shape[1],
            "absolute_error": lambda: anp.abs(r),
            "huber": lambda: anp.where(anp.abs(r) <= 0.7, r**2 / 2, 0.7 * (anp.abs(r) - 0.35)),
            "hinge": lambda: anp.maximum(0, 1 - t * a),
            "binary_cross_entropy": lambda: -(t * anp.log(a) + (1 - t) * anp.log(1 - a)),
            "cross_entropy": lambda: -t * anp.log(a),
        }[self.loss]()  # fmt: skip
        return anp.sum(shares, axis=1)

    def gradient(self) -> dict[str, float]:
        names = list(self.values)

        def whole(vector: Any) -> Any:
            loss = self.forward({name: vector[i] for i, name in enumerate(names)})
            return loss + 0 * anp.sum(vector)  # autograd warns of what depends on nothing: floor, sign

        found = grad(whole)(anp.array([self.values[n] for n in names]))
        return dict(zip(names, map(float, found), strict=True))


def _yaml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, str):
        return value if re.match(r"\w+\Z", value) else f"'{value}'"
    return repr(value)


@st.composite
def networks(draw: st.DrawFn) -> RandomNetwork:
    """Sizes 1 to 4, depth 1 to 3, 1 to 4 rows; structure from hypothesis, numbers from a seed of it."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    rows = draw(st.integers(1, 4))
    loss = draw(st.sampled_from(LOSSES))
    values: dict[str, float] = {"p": rng.uniform(-0.8, 0.8)}

    def parameter(name: str, low: float, high: float, shared: str) -> str:
        """A name of its own, or now and then a shared one."""
        name = shared if rng.random() < 0.15 else name
        values.setdefault(name, rng.uniform(low, high))
        return name

    size = inputs = draw(st.integers(1, 4))
    sizes = {"input": inputs}
    layers: list[RandomLayer] = []
    depth = draw(st.integers(1, 3))
    activation = st.sampled_from([*EVERYWHERE, *INSIDE, "formula"])
    for n in range(1, depth + 1):
        before, size = size, draw(st.integers(1, 4))
        last = n == depth
        kind = draw(st.sampled_from(["one", "each", "softmax"]))
        if last and loss in ("cross_entropy", "class"):
            kind, size = "softmax", max(size, 2)
        if kind == "softmax" and size > 1:
            activations = ["softmax"] * size
        elif kind == "each":
            activations = [draw(activation) for _ in range(size)]
        else:
            activations = [draw(activation)] * size
        if last and loss == "binary_cross_entropy":
            activations = ["sigmoid"] * size
        weights = [[parameter(f"w{n}{i}{j}", -0.9, 0.9, "s") for j in range(before)] for i in range(size)]
        bias = [parameter(f"c{n}{i}", -0.5, 0.5, "s") for i in range(size)] if draw(st.booleans()) else []
        norm = None
        if rows > 1 and draw(st.integers(0, 3)) == 0:
            gamma = [parameter(f"g{n}{i}", 0.5, 1.5, "sg") for i in range(size)]
            norm = (gamma, [parameter(f"h{n}{i}", -0.5, 0.5, "s") for i in range(size)], 0.01)
        skip = None
        if draw(st.booleans()) and not (last and loss in ("binary_cross_entropy", "cross_entropy", "class")):
            fitting = [k for k, s in sizes.items() if s == size] + (["previous"] if before == size else [])
            skip = draw(st.sampled_from(sorted(fitting))) if fitting else None
        layers.append(RandomLayer(weights, bias, activations, norm, skip, f"layer{n}"))
        sizes[f"layer{n}"] = size
    data = [[rng.uniform(-1.5, 1.5) for _ in range(inputs)] for _ in range(rows)]
    form = draw(st.sampled_from(["textbook", "stable"])) if loss in ("binary_cross_entropy", "cross_entropy", "class") else ""
    return RandomNetwork(
        values, data, _targets(loss, size, rows, rng), layers, loss, form, draw(st.sampled_from(["mean", "sum"]))
    )


def _targets(loss: str, size: int, rows: int, rng: random.Random) -> list[list[float]]:
    if loss == "class":
        return [[rng.randint(1, size)] for _ in range(rows)]
    if loss == "hinge":
        return [[rng.choice([-1, 1]) for _ in range(size)] for _ in range(rows)]
    if loss == "formula":
        return [[rng.uniform(-1, 1)] for _ in range(rows)]
    low = 0.05 if loss in ("binary_cross_entropy", "cross_entropy") else -1
    return [[rng.uniform(low, 0.95) for _ in range(size)] for _ in range(rows)]
