"""What a list costs: building it and sweeping it, beside micrograd, casadi and autograd."""

from __future__ import annotations

import gc
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.benchmarks.measure import Measured, Row, in_turn, seconds
from wengert.lang.model import Model
from wengert.lang.spec import read_spec
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

WIDE = 256  # inputs and neurons of the network that is written out neuron by neuron


def spec(width: int) -> str:
    """A width-width-width-1 network of tanh."""
    layer = "- {units: %d, init: {scheme: xavier, random_seed: 1}, activation: tanh}"
    return "\n".join([
        f"inputs: [{', '.join(map(str, _inputs(width)))}]", "layers:", *(layer % n for n in (width, width, 1)),
        "loss: squared_error", "targets: [0.5]", "",
    ])  # fmt: skip


def _inputs(width: int) -> list[float]:
    return [(i % 7 - 3) / 5 for i in range(width)]


def network(width: int) -> Model:
    return read_spec(spec(width), None, VOCABULARY, (), None)


def _micrograd(width: int) -> Any:
    """The same network of micrograd's Values: its forward and its backward sweep, as a function."""
    from micrograd.engine import Value
    from micrograd.nn import MLP


    def tanh(x: Any) -> Any:
        t = math.tanh(x.data)
        out = Value(t, (x,), "tanh")

        def _backward() -> None:
            x.grad += (1 - t * t) * out.grad

        out._backward = _backward
        return out

    made = MLP(width, [width, width, 1])
    for layer in made.layers:
        for neuron in layer.neurons:
            neuron.nonlin = False

    def sweeps() -> None:
        a: list[Any] = _inputs(width)
        for layer in made.layers:
            z = layer(a)
            a = [tanh(x) for x in (z if isinstance(z, list) else [z])]
        loss = (a[0] - 0.5) ** 2
        with deep():
            loss.backward()

    return sweeps


@contextmanager
def deep() -> Iterator[None]:
    """micrograd's order of the graph is a recursion as deep as the graph."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _network(runs: int) -> Measured:
    model = network(WIDE)
    reading = seconds(lambda: network(WIDE))

    def ours() -> None:
        run(lower(model))

    found = in_turn(ours, _micrograd(WIDE), max(2, runs // 2))
    gc.collect()
    statements = len(lower(model).opcode)
    return Measured(found.ours, found.theirs, beside={"statements": statements, "reading the spec (s)": reading})


ROWS = [
    Row("network", "256-256-256-1 tanh network: list, both sweeps", "micrograd's forward and backward", 0.1, _network),
]
