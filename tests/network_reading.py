"""A network's spec read once more, from its YAML text: what design § 5 and the README say it means, and nothing of wengert's.

PyYAML parses the text, every scalar stays a text. A `Reading` knows names and values, and `run` works the network out on any
numbers: a quantity is an array over the rows of data (of doubles, autograd's boxes, mpmath's numbers, pairs with sympy). What
makes arrays, and the functions on them, is a `Library`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import yaml

from tests.trust.reading import Reading as Formula

ALL_IN_ONE = ("softmax",)
_NAME = re.compile(r"[^\W\d]\w*\Z")


@dataclass(frozen=True)
class Library:
    number: Callable[[str], Any]
    rows: Callable[[Sequence[Any]], Any]  # an array from the numbers of the rows
    functions: Mapping[str, Callable[..., Any]]  # on arrays, by the names of the formula language; softmax on a list of them
    total: Callable[[Any], Any]  # the sum of an array
    row: Callable[[Any, int], Any] = lambda array, r: array[r]


@dataclass(frozen=True)
class Layer:
    weights: list[list[str]]  # names; empty where the layer only normalises
    bias: list[str]
    activations: list[str]
    norm: tuple[list[str], list[str], str] | None  # gamma, beta, epsilon
    skip: str | None
    name: str | None
    pre: list[str]
    post: list[str]


class NetworkReading:
    def __init__(self, text: str) -> None:
        self.spec: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
        spec = self.spec
        self.parameters: dict[str, str] = dict(spec.get("parameters", {}))
        self.data: list[dict[str, str]] = spec.get("data") or [{}]
        self.rows = len(self.data)
        given = spec["inputs"]
        if isinstance(given, dict):
            self.inputs = list(given)
            self.data = [dict(given)]
        elif "data" in spec:
            self.inputs = list(given)
        else:
            self.inputs = [f"x{i}" for i in range(1, len(given) + 1)]
            self.data = [dict(zip(self.inputs, given, strict=True))]
        self.layers: list[Layer] = []
        size = len(self.inputs)
        for entry in spec["layers"]:
            times = int(entry.get("repeat", "1"))
            for time in range(times):
                self.layers.append(self._layer(entry, size, time == times - 1))
                size = len(self.layers[-1].post)
        self.loss = self._loss(spec.get("loss"))
        self.targets, self.classes = self._targets(spec.get("targets", []), size)

    # -- reading

    def _parameter(self, text: str, own: str) -> str:
        """A name of `parameters`, or a number, which then is a parameter of its own name."""
        if text in self.parameters:
            return text
        assert not _NAME.match(text), text
        self.parameters[own] = text
        return own

    def _layer(self, entry: Mapping[str, Any], before: int, last_time: bool) -> Layer:
        n = len(self.layers) + 1
        weights, bias = entry.get("weights", []), entry.get("bias", [])
        if "units" in entry:
            value = entry["init"]["value"] if entry["init"]["scheme"] == "constant" else "0"
            weights = [[value] * before for _ in range(int(entry["units"]))]
            bias = bias or ["0"] * (0 if "batchnorm" in entry else len(weights))
        size = len(weights) or before
        bias = [bias] if isinstance(bias, str) else bias
        rows = [[self._parameter(w, f"W{n}_{i}_{j}") for j, w in enumerate(row, 1)] for i, row in enumerate(weights, 1)]
        biases = [self._parameter(b, f"b{n}_{i}") for i, b in enumerate(bias, 1)]
        activation = entry.get("activation", "identity")
        norm = None
        if "batchnorm" in entry:
            asked = entry["batchnorm"] if isinstance(entry["batchnorm"], dict) else {}
            gamma, beta = (
                [self._parameter(t, f"{key}{n}_{i}") for i, t in enumerate([v] * size if isinstance(v, str) else v, 1)]
                for key, v in (("gamma", asked.get("gamma", "1")), ("beta", asked.get("beta", "0")))
            )
            norm = (gamma, beta, asked.get("epsilon", "1e-5"))
        numbers = range(1, size + 1)
        return Layer(
            rows, biases, [activation] * size if isinstance(activation, str) else activation, norm, entry.get("skip"),
            entry.get("name") if last_time else None,
            entry.get("pre") or [f"z{n}_{i}" for i in numbers], entry.get("post") or [f"a{n}_{i}" for i in numbers],
        )  # fmt: skip

    @staticmethod
    def _loss(given: Any) -> dict[str, Any] | None:
        if given is None:
            return None
        usual: dict[str, Any] = {"name": "L", "parts": [], "reduction": "mean", "delta": "1"}
        return usual | (given if isinstance(given, dict) else {"kind": given})

    def _targets(self, given: Sequence[str], size: int) -> tuple[dict[str, list[str]], list[int] | None]:
        if "data" in self.spec:
            columns = {name: [row[name] for row in self.data] for name in given}
        elif isinstance(given, dict):
            columns = {name: [text] for name, text in given.items()}
        else:
            columns = {f"t{i}": [text] for i, text in enumerate(given, 1)}
        if self.loss is not None and self.loss["kind"] == "cross_entropy" and len(columns) == 1 < size:
            return {}, [int(text) for text in next(iter(columns.values()))]
        return columns, None

    # -- what it is asked for

    @property
    def outputs(self) -> list[str]:
        """The loss, or without one the activations of the last layer."""
        if self.loss is not None:
            return [self.loss["name"]]
        return [self.row_name(a, r) for r in range(self.rows) for a in self.layers[-1].post]

    def row_name(self, name: str, row: int) -> str:
        return name if self.rows == 1 else f"{name}_s{row + 1}"

    @property
    def functions(self) -> set[str]:
        """What is called, the losses by their own names."""
        texts = [a for layer in self.layers for a in layer.activations] + ([self.loss["kind"]] if self.loss is not None else [])
        return {word for text in texts for word in re.findall(r"[a-z_]\w*", text)}

    # -- working it out

    def run(self, parameters: Mapping[str, Any], library: Library) -> dict[str, Any]:
        """The value of every activation, pre-activation and loss by its name. `parameters` may have values of inputs too."""
        made: dict[str, Any] = {}
        names = {}
        for x in self.inputs:
            of_rows = [(self.row_name(x, r), row[x]) for r, row in enumerate(self.data)]
            names[x] = library.rows([parameters[n] if n in parameters else library.number(t) for n, t in of_rows])
        names |= {t: library.rows([library.number(v) for v in column]) for t, column in self.targets.items()}
        h = [names[x] for x in self.inputs]
        layers: dict[str | None, list[Any]] = {"input": h}
        for layer in self.layers:
            before = h
            z = [reduce(lambda p, q: p + q, [parameters[w] * a for w, a in zip(row, h, strict=True)]) for row in layer.weights]
            z = [total + parameters[layer.bias[i]] if layer.bias else total for i, total in enumerate(z)] or list(h)
            names |= dict(zip(layer.pre, z, strict=True)) if layer.weights else {}
            if layer.norm is not None:
                z = [self._normalised(layer.norm, i, one, parameters, library) for i, one in enumerate(z)]
            h = self._activated(layer, z, parameters, library)
            if layer.skip is not None:
                added = before if layer.skip == "previous" else layers[layer.skip]
                h = [a + s for a, s in zip(h, added, strict=True)]
            names |= dict(zip(layer.post, h, strict=True))
            layers[layer.name] = h
        for name, array in names.items():
            made |= {self.row_name(name, r): library.row(array, r) for r in range(self.rows)}
        if self.loss is not None:
            made |= self._losses(h, {**parameters, **names}, library)
        return made

    def _normalised(
        self, norm: tuple[list[str], list[str], str], i: int, z: Any, parameters: Mapping[str, Any], library: Library
    ) -> Any:
        gamma, beta, epsilon = norm
        centred = z - library.total(z) / self.rows
        variance = library.total(centred**2) / self.rows
        spread = library.functions["sqrt"](library.rows([variance] * self.rows) + library.number(epsilon))
        return centred / spread * parameters[gamma[i]] + parameters[beta[i]]

    @staticmethod
    def _activated(layer: Layer, z: list[Any], parameters: Mapping[str, Any], library: Library) -> list[Any]:
        if layer.activations[0] in ALL_IN_ONE:
            return list(library.functions[layer.activations[0]](z))
        made = []
        for activation, one in zip(layer.activations, z, strict=True):
            formula = Formula.of(activation if "(" in activation or "*" in activation else f"{activation}(x)", "a")
            made.append(formula.run(library.number, library.functions, {**parameters, "x": one})["a"])
        return made

    def _losses(self, a: list[Any], names: Mapping[str, Any], library: Library) -> dict[str, Any]:
        """The losses as textbooks have them, also where the spec asks for the form that does not overflow: they are equal."""
        loss, f, number = self.loss, library.functions, library.number
        assert loss is not None
        kind = loss["kind"]
        t = [names[target] for target in self.targets]
        delta = number(loss["delta"])
        ones = library.rows([number("1")] * self.rows)
        terms: dict[str, Callable[[Any, Any], Any]] = {
            "squared_error": lambda a, t: (a - t) ** 2,
            "half_squared_error": lambda a, t: (a - t) ** 2 / 2,
            "mse": lambda a, t: (a - t) ** 2,
            "absolute_error": lambda a, t: f["abs"](a - t),
            "huber": lambda a, t: f["huber"](a - t, delta),
            "hinge": lambda a, t: f["relu"](ones - t * a),
            "binary_cross_entropy": lambda a, t: -(t * f["ln"](a) + (1 - t) * f["ln"](ones - a)),
            "cross_entropy": lambda a, t: -t * f["ln"](a),
        }  # fmt: skip
        made: dict[str, Any] = {}
        if self.classes is not None:
            rows = [-library.row(f["ln"](a[k - 1]), r) for r, k in enumerate(self.classes)]
        elif kind in terms:
            shares = [terms[kind](*each) for each in zip(a, t, strict=True)]
            for name, share in zip(loss["parts"], shares, strict=False):
                made |= {self.row_name(name, r): library.row(share, r) for r in range(self.rows)}
            total = reduce(lambda p, q: p + q, shares)
            total = total / len(a) if kind == "mse" else total
            rows = [library.row(total, r) for r in range(self.rows)]
        else:
            total = Formula.of(kind, "row").run(number, f, names)["row"]
            rows = [library.row(total, r) for r in range(self.rows)]
        made |= {self.row_name(loss["name"], r): one for r, one in enumerate(rows)}
        total = reduce(lambda p, q: p + q, rows)
        made[loss["name"]] = total / self.rows if loss["reduction"] == "mean" else total
        return made
