"""A network written out wrongly: a weight of another place, a bias dropped, a skip added twice, a loss without its factor.

The judge works from the same definitions as the list, and cannot see it. What sees it is the second reading of the YAML
(tests/network_reading.py) on autograd's numbers, over random networks; and in an ordinary run the network's matrices, which
are made of its shape, and not of what was written out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Count, LastingJudge
from tests.sweep.random_networks import RandomNetwork, random_network
from wengert import pipeline
from wengert.errors import WengertError
from wengert.lang import layers, neurons
from wengert.lang import loss as losses
from wengert.lang.loss_terms import RowLoss
from wengert.lang.neurons import Neurons
from wengert.lang.spec import read_source
from wengert.report import Report, Settings, report
from wengert.tape.primitives import VOCABULARY

NETWORKS = 60  # as test_oracles.py has them

Plant = Callable[[pytest.MonkeyPatch], None]


def _weighted(new: Callable[..., Any]) -> Plant:
    right = Neurons._weighted
    return lambda patch: patch.setattr(Neurons, "_weighted", lambda self, *a: new(lambda *b: right(self, *b), *a))


def _turned(items: Any) -> Any:
    return type(items)([*items[1:], *items[:1]])


def _transposed(patch: pytest.MonkeyPatch) -> None:
    """Square matrices alone: others do not fit."""
    right = Neurons.write

    def write(self: Neurons) -> Any:
        w = self.spec.weights
        if w and len(w) == len(w[0]):
            self.spec = replace(self.spec, weights=tuple(zip(*w, strict=True)))
        return right(self)

    patch.setattr(Neurons, "write", write)


def _activated(new: Callable[..., Any]) -> Plant:
    right = Neurons._activate

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Neurons, "_activate", lambda self, *a: new(self, lambda *b: right(self, *b), *a))

    return plant


def _of_the_neuron_before(self: Neurons, go: Any, row: int, i: int, inner: Any, post: str) -> None:
    spec = self.spec
    self.spec = replace(spec, activations=tuple(_turned(list(spec.activations))))
    go(row, i, inner, post)
    self.spec = spec


def _skip(change: Callable[[Any], Any]) -> Plant:
    def new(self: Neurons, go: Any, row: int, i: int, inner: Any, post: str) -> None:
        added = self.added
        self.added = change(added) if added else added
        go(row, i, inner, post)
        self.added = added

    return _activated(new)


def _twice(self: Neurons, go: Any, row: int, i: int, inner: Any, post: str) -> None:
    go(row, i, inner, post)
    if self.added:
        last = self.definitions[-1]
        root = self.nodes.call("add", [last.root, self.nodes.name(self.added[row][i])])
        self.definitions[-1] = replace(last, root=root)


def _calls(of: str, to: str, where: Any, method: str) -> Plant:
    """Within a method, one operation is written for another."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        right, written = getattr(where, method), neurons.Written.call

        def planted(self: Any, *a: Any) -> Any:
            with pytest.MonkeyPatch.context() as inner:
                inner.setattr(neurons.Written, "call", lambda w, op, *b: written(w, to if op == of else op, *b))
                return right(self, *a)

        patch.setattr(where, method, planted)

    return plant


def _term(name: str, new: Callable[..., Any]) -> Plant:
    right = getattr(RowLoss, name)
    return lambda patch: patch.setattr(RowLoss, name, lambda self, *a: new(self, lambda *b: right(self, *b), *a))


def _reduction(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(losses, "one_of", lambda *a: {"mean": "sum", "sum": "mean"}.get(found := _ONE_OF(*a), found))


_ONE_OF = losses.one_of
FAULTS: dict[str, Plant] = {
    "the next input's weight": _weighted(lambda go, row, before, *rest: go(_turned(list(row)), before, *rest)),
    "the next input": _weighted(lambda go, row, before, *rest: go(row, _turned(list(before)), *rest)),
    "the last product is lost": _weighted(lambda go, row, before, *r: go(row[:-1] or row, before[: len(row[:-1]) or None], *r)),
    "the bias is dropped": _weighted(lambda go, row, before, bias, place: go(row, before, None, place)),
    "the bias is a weight": _weighted(lambda go, row, before, bias, place: go(row, before, bias and row[0], place)),
    "the weights are transposed": _transposed,
    "the activation of the neuron before": _activated(_of_the_neuron_before),
    "the activation of the first neuron's z": _activated(
        lambda self, go, row, i, inner, post: go(row, i, inner if self.softmax else [inner[0]] * len(inner), post)),
    "the classes of softmax are turned": _activated(
        lambda self, go, row, i, inner, post: go(row, (i + 1) % len(inner) if self.softmax else i, inner, post)),
    "the skip is lost": _skip(lambda added: ()),
    "the skip is the next one's": _skip(lambda added: tuple(_turned(list(row)) for row in added)),
    "the skip is of the first row": _skip(lambda added: (added[0],) * len(added)),
    "the skip is added twice": _activated(_twice),
    "γ is added": _calls("mul", "add", Neurons, "_normalise"),
    "no root of the variance": _calls("sqrt", "identity", Neurons, "_normalise"),
    "the sum for the mean of a batch": _calls("mean", "sum", Neurons, "_normalise"),
    "another ε": lambda patch: patch.setattr(layers, "EPSILON", "1e-3"),
    "the factor ½ is lost": lambda patch: patch.setattr(RowLoss, "total", _without_half),
    "the mean over the outputs is lost": lambda patch: patch.setattr(RowLoss, "_over_outputs", lambda self, total: total),
    "the last output is lost": _term("_terms", lambda self, go: go()[:-1] or go()),
    "targets of the next output": _term("_difference", lambda self, go, i: self.write.call(
        "sub", self.write.name(self.a[i]), self.write.name(self.t[(i + 1) % len(self.t)]))),
    "the next class": _term("of_class", lambda self, go, k: go(k % len(self.a) + 1)),
    "the absolute error is squared": _term("_absolute", lambda self, go, i: self._square(i)),
    "Huber without its half": _term("_huber", lambda self, go, i: self.write.call("mul", self.write.number("2"), go(i))),
    "hinge without its 1": _term("_hinge", lambda self, go, i: self.write.call("sub", go(i), self.write.name(self.a[i]))),
    "cross-entropy of the first output": _term("_cross", lambda self, go, i: go(0)),
    "a stable cross-entropy without its logarithm": _term("_cross_stable", lambda self, go, i: self.write.call(
        "mul", self.write.name(self.t[i]), self.write.name(self.z[i]))),
    "binary cross-entropy without its second half": _term("_binary", lambda self, go, i: self._cross(i)),
    "a stable binary cross-entropy, without t·z": _term("_binary_stable", lambda self, go, i: self.write.call(
        "softplus", self.write.name(self.z[i]))),
    "mean for sum over the rows, and sum for mean": _reduction,
}  # fmt: skip


def _without_half(self: RowLoss) -> int:
    total = self.write.sum(self._terms())
    return total if self.kind == "half_squared_error" else _TOTAL(self)


_TOTAL = RowLoss.total


@pytest.fixture(scope="module")
def right() -> list[tuple[RandomNetwork, dict[str, float]]]:
    made = [random_network(seed) for seed in range(NETWORKS)]
    return [(network, network.gradient()) for network in made]


def outcome(network: RandomNetwork, theirs: dict[str, float]) -> tuple[bool, bool]:
    """Whether the second reading sees a difference, and whether the layer level of the run itself does."""
    try:
        made = pipeline.trace(read_source(network.text, "net.yaml", VOCABULARY), verify=False, level="layer")
        assert made.trace is not None and made.agreement is not None
        ours = {x: sum(made.trace.derivative(of, x) for of in made.outputs) for x in theirs}
    except (WengertError, ValueError):  # it does not get as far as a number
        return True, True
    scale = max(1.0, *map(abs, theirs.values()))
    return any(abs(ours[x] - g) > 1e-9 * max(scale, abs(g)) for x, g in theirs.items()), not made.agreement.agrees


@pytest.mark.parametrize("what", FAULTS)
def test_a_wrong_expansion_is_seen(
    what: str, right: list[tuple[RandomNetwork, dict[str, float]]], monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    FAULTS[what](monkeypatch)
    seen = by_layers = False
    for network, theirs in right:
        read, matrices = outcome(network, theirs)
        by_layers |= matrices
        if read:
            seen = True
            break
    count("planted faults, networks' expansion: planted", 1)
    count("planted faults, networks' expansion: caught by the second reading", seen)
    count("planted faults, networks' expansion: caught by the run's own matrices", by_layers)
    assert seen


def test_the_right_expansion_is_seen_as_right(right: list[tuple[RandomNetwork, dict[str, float]]], count: Count) -> None:
    for network, theirs in right[:20]:
        assert outcome(network, theirs) == (False, False), network.text
        count("networks' expansion that is right: networks", 1)


def test_an_ordinary_run_fails(monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge) -> None:
    net = "inputs: {x: 2}\nparameters: {w: 0.5, b: 1}\nlayers:\n  - {weights: [[w]], bias: [b], activation: tanh}\n"

    def judged() -> Report:
        return report(read_source(net, "net.yaml", VOCABULARY), Settings(), True, lasting.ready())

    assert judged().verdict == "proved"
    FAULTS["the bias is dropped"](monkeypatch)
    made = judged()
    assert made.verdict == "failed"
    assert made.verification is not None
    assert made.verification.checks["a1_1", "w"].reason == (
        "the network's matrices have other values of z1_1, a1_1, ∂a1_1/∂z1_1, ∂a1_1/∂x"
    )
