"""Random networks for the tests: a spec in YAML, and what it means by `tests.network_reading` on HIPS autograd."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
from autograd import grad
from hypothesis import strategies as st

from tests.network_reading import NetworkReading
from tests.programs import Choices, Drawn, Seeded
from tests.trust.libraries import IN_AUTOGRAD

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


@dataclass(frozen=True)
class RandomNetwork:
    spec: dict[str, Any]
    loss: str

    @property
    def values(self) -> dict[str, float]:
        """The parameters that have names."""
        found: dict[str, float] = self.spec["parameters"]
        return found

    @property
    def text(self) -> str:
        return "\n".join(f"{key}: {_yaml(value)}" for key, value in self.spec.items()) + "\n"

    def gradient(self) -> dict[str, float]:
        """The derivative of the sum of the outputs by each named parameter."""
        reading = NetworkReading(self.text)
        names = list(self.values)

        def whole(vector: Any) -> Any:
            numbers = {x: float(v) for x, v in reading.parameters.items()} | {x: vector[i] for i, x in enumerate(names)}
            made = reading.run(numbers, IN_AUTOGRAD)
            return sum(made[of] for of in reading.outputs) + 0 * anp.sum(vector)  # autograd warns of what depends on nothing

        found = grad(whole)(anp.array([float(v) for v in self.values.values()]))
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
    """Structure from hypothesis, numbers from a seed of it."""
    return _Maker(Drawn(draw), random.Random(draw(st.integers(0, 2**32)))).make()


def random_network(seed: int) -> RandomNetwork:
    """The random network of that seed."""
    rng = random.Random(f"network {seed}")
    return _Maker(Seeded(rng), rng).make()


class _Maker:
    """Sizes 1 to 4, depth 1 to 3 (more where a layer is repeated), 1 to 4 rows."""

    def __init__(self, choices: Choices, rng: random.Random) -> None:
        self.choices, self.rng = choices, rng
        self.values: dict[str, float] = {"p": rng.uniform(-0.8, 0.8)}
        self.layers: list[dict[str, Any]] = []
        self.sizes: dict[str, int] = {}  # of the layers that a skip may name
        self.depth = 0

    def make(self) -> RandomNetwork:
        choices, rng = self.choices, self.rng
        self.rows = choices.whole(1, 4)
        self.loss = choices.one_of(LOSSES)
        inputs = size = choices.whole(1, 4)
        self.sizes["input"] = inputs
        depth = choices.whole(1, 3)
        for n in range(1, depth + 1):
            size = self._layer(size, n == depth)
        names = [f"x{i + 1}" for i in range(inputs)]
        data = [[rng.uniform(-1.5, 1.5) for _ in names] for _ in range(self.rows)]
        targets = [] if self.loss == "none" else _targets(self.loss, size, self.rows, rng)
        columns = [f"t{i + 1}" for i in range(len(targets[0]))] if targets else []
        spec: dict[str, Any] = {"inputs": names}
        if self.rows == 1 and self._coin():
            spec["inputs"] = data[0] if self._coin() else dict(zip(names, data[0], strict=True))
            columns = [] if not targets else targets[0]
        else:
            rows = [x + t for x, t in zip(data, targets or [[]] * self.rows, strict=True)]
            spec["data"] = [dict(zip([*names, *columns], row, strict=True)) for row in rows]
        spec |= {"parameters": self.values, "layers": self.layers}
        if targets:
            spec |= {"targets": columns, "loss": self._loss(size)}
        return RandomNetwork(spec, self.loss)

    # -- layers

    def _layer(self, before: int, last: bool) -> int:
        """One layer; its size."""
        n = self.depth + 1
        if not last and self.rows > 1 and self.choices.whole(0, 9) == 0:
            self.layers.append({"batchnorm": "true", "activation": self._activation()})
            self.depth += 1
            return before
        kind = self.choices.one_of(("one", "each", "softmax"))
        size = self.choices.whole(1, 4)
        if last and self.loss in ("cross_entropy", "class"):
            kind, size = "softmax", max(size, 2)
        layer: dict[str, Any] = {"name": f"layer{n}"}
        times = 1
        if not last and self.choices.whole(0, 4) == 0:
            size, times = before, self.choices.whole(2, 3)
            layer["repeat"] = times
        if n == 1 and kind != "softmax" and self.choices.whole(0, 3) == 0:  # equal weights of a softmax say nothing
            layer |= {"units": size, "init": {"scheme": "constant", "value": round(self.rng.uniform(0.1, 0.6), 2)}}
        else:
            layer["weights"] = [[self._parameter(f"w{n}{i}{j}", -0.9, 0.9, "s") for j in range(before)] for i in range(size)]
        norm = self._norm(n, size) if self.rows > 1 and self.choices.whole(0, 3) == 0 else None
        if self._coin() and (norm is None or self.choices.whole(0, 5) == 0):  # a mean takes a bias away
            layer["bias"] = [self._parameter(f"c{n}{i}", -0.5, 0.5, "s") for i in range(size)]
        if last and self.loss == "binary_cross_entropy":
            layer["activation"] = "sigmoid"
        elif kind == "softmax" and size > 1:
            layer["activation"] = "softmax"
        elif kind == "each":
            layer["activation"] = [self._activation() for _ in range(size)]
        else:
            layer["activation"] = self._activation()
        if norm is not None:
            layer["batchnorm"] = norm
        if self._coin() and not (last and self.loss in ("binary_cross_entropy", "cross_entropy", "class")):
            fitting = [k for k, s in self.sizes.items() if s == size] + (["previous"] if before == size else [])
            if fitting:
                layer["skip"] = self.choices.one_of(sorted(fitting))
        if times == 1 and self.choices.whole(0, 3) == 0:
            layer["pre"] = [f"net{n}_{i}" for i in range(size)]
            layer["post"] = [f"out{n}_{i}" for i in range(size)]
        self.layers.append(layer)
        self.sizes[f"layer{n}"] = size
        self.depth += times
        return size

    def _norm(self, n: int, size: int) -> Any:
        if self.choices.whole(0, 2) == 0:
            return "true"
        gamma = [self._parameter(f"g{n}{i}", 0.5, 1.5, "sg") for i in range(size)]
        if self._coin():
            return {"gamma": gamma[0], "beta": self._parameter(f"h{n}", -0.5, 0.5, "s"), "epsilon": 0.01}
        return {"gamma": gamma, "beta": [self._parameter(f"h{n}{i}", -0.5, 0.5, "s") for i in range(size)], "epsilon": "1/100"}

    def _parameter(self, name: str, low: float, high: float, shared: str) -> Any:
        """A name of its own, now and then a shared one, or a number."""
        kind = self.rng.random()
        value = self.rng.uniform(low, high)
        if kind > 0.9:
            return value
        name = shared if kind < 0.15 else name
        self.values.setdefault(name, value)
        return name

    def _activation(self) -> str:
        name = self.choices.one_of((*EVERYWHERE, *INSIDE, "formula"))
        if name in INSIDE:
            low, high = INSIDE[name]
            return f"{name}({(low + high) / 2} + {(high - low) / 2}*tanh(x))"
        return "p*x + tanh(x)" if name == "formula" else name

    def _coin(self) -> bool:
        return bool(self.choices.whole(0, 1))

    # -- the loss

    def _loss(self, size: int) -> Any:
        post = self.layers[-1].get("post", [f"a{self.depth}_1"])[0]
        first = self.layers[0].get("post", ["a1_1"])[0]
        spec: dict[str, Any] = {"kind": "cross_entropy" if self.loss == "class" else self.loss}
        if self.loss == "formula":
            spec["kind"] = f"({post} - t1)**2 + p*{post} + x1*{first}/3"
        if self._coin():
            spec["reduction"] = self.choices.one_of(("mean", "sum"))
        if self.loss == "huber" and self._coin():
            spec["delta"] = 0.7
        if self.loss in ("binary_cross_entropy", "cross_entropy", "class") and self._coin():
            spec["form"] = "stable"
        if self._coin():
            spec["name"] = "E_total"
            if self.loss not in ("formula", "class"):
                spec["parts"] = [f"E{i}" for i in range(size)]
        return spec["kind"] if len(spec) == 1 and self.loss != "formula" else spec


def _targets(loss: str, size: int, rows: int, rng: random.Random) -> list[list[float]]:
    if loss == "class":
        return [[rng.randint(1, size)] for _ in range(rows)]
    if loss == "hinge":
        return [[rng.choice([-1, 1]) for _ in range(size)] for _ in range(rows)]
    if loss == "formula":
        return [[rng.uniform(-1, 1)] for _ in range(rows)]
    low = 0.05 if loss in ("binary_cross_entropy", "cross_entropy") else -1
    return [[rng.uniform(low, 0.95) for _ in range(size)] for _ in range(rows)]
