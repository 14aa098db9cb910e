"""What a list costs: building it and sweeping it, beside micrograd, casadi and autograd."""

from __future__ import annotations

import gc
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import ROOT, Measured, Row, environment, in_turn, seconds
from wengert import pipeline
from wengert.lang.model import Model, Role
from wengert.lang.spec import read_spec
from wengert.report import report
from wengert.settings import Settings
from wengert.show.documents import document_of
from wengert.show.formats import Content, pieces
from wengert.show.look import look_of
from wengert.show.numbers import Digits
from wengert.sweep.arithmetics import Float
from wengert.sweep.layer_statements import Matrices
from wengert.sweep.layers import fill, plan, sweep
from wengert.sweep.optimizers import OPTIMIZERS
from wengert.sweep.point import point
from wengert.sweep.rules import Rules
from wengert.sweep.trace import run
from wengert.sweep.training import train
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

STEPS, SHARE = 10_000, 10
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


def formula(statements: int) -> str:
    """A formula of about so many statements, where none is shared: sin(x1)*x1 + sin(x2)*x2 + …, again and again."""
    return "+".join(f"sin(x{i % 10 + 1})*x{i % 7 + 1}" for i in range(statements // 3))


def way(statements: int) -> int:
    """The whole way of a formula: read, lowered, swept forward and backward, each row of both tables written as CSV. How many
    statements there were."""
    at = {f"x{i}": f"0.{i}" for i in range(1, 11)}
    return written(pipeline.asked(formula(statements), at))


def written(model: Model) -> int:
    """The list, both sweeps, and each row of both tables as CSV."""
    made = report(model, Settings(level="operation", verify=False, share=False, limit=10**8), True)
    whole = document_of("trace", made, Digits(6))
    tables = replace(whole, sections=tuple(s for s in whole.sections if s.kind in ("forward", "reverse")))
    for piece in pieces("csv", look_of(model), Content(lambda: tables, dict)):
        assert piece
    return len(made.list.opcode)


def _linear(runs: int) -> Measured:
    """Microseconds a statement of a million beside those of a thousand."""
    def each(statements: int, times: int) -> float:
        counts: list[int] = []
        taken = seconds(lambda: counts.extend(way(statements) for _ in range(times)))
        return taken / sum(counts) * 1e6

    each(1_000, 1)
    few = [each(1_000, 50) for _ in range(3)]
    return Measured([each(1_000_000, 1)], few, "µs")


PEAK = """
import sys
from tests.benchmarks.lists import peak, way
few = way(1_000)
before = peak()
count = way(int(sys.argv[1]))
print((peak() - before)/count)
"""


def peak() -> int:
    """The most bytes that this process has had in memory (Linux tells; getrusage would count what it was forked from)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))


def _memory(runs: int) -> Measured:
    """What the process grows to at its peak, in bytes a statement: text, nodes with their places, list, columns, CSV."""
    call = [sys.executable, "-c", PEAK, "1000000"]
    made = subprocess.run(call, capture_output=True, check=True, text=True, cwd=ROOT, env=environment())
    return Measured([float(made.stdout)], [1.0], "bytes")


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


def _rows(runs: int) -> Measured:
    model = network(WIDE)
    return in_turn(lambda: written(model), _micrograd(WIDE), 1)


def _casadi(runs: int) -> Measured:
    """casadi's scalar expressions: the network's expression, its gradient, a Function of both, one evaluation."""
    import casadi

    model = network(WIDE)
    inputs = casadi.DM(_inputs(WIDE))
    shapes = [(WIDE, WIDE), (WIDE, WIDE), (1, WIDE)]

    def theirs() -> None:
        a, parts = casadi.SX(inputs), []
        for rows, columns in shapes:
            w, b = casadi.SX.sym("w", rows, columns), casadi.SX.sym("b", rows)
            parts += [casadi.vec(w), b]
            a = casadi.tanh(w @ a + b)
        loss, parameters = (a - 0.5) ** 2, casadi.vertcat(*parts)
        made = casadi.Function("f", [parameters], [loss, casadi.gradient(loss, parameters)])
        made(casadi.DM.ones(parameters.shape[0]) / 100)

    return in_turn(lambda: run(lower(model)), theirs, max(2, runs // 2))


def _layers(runs: int) -> Measured:
    """The matrices forward and backward with the plan and the arrays at hand, as autograd has them; `beside` what making both
    from the model takes."""
    import autograd.numpy as anp
    import numpy
    from autograd import value_and_grad

    model = network(WIDE)
    rules = Rules(Float())
    values = point(lower(model), rules)
    plan_of = plan(model, rules)
    arrays = fill(plan_of, values)
    weights = [(numpy.array(arrays.of[f"W{n}"]), numpy.array(arrays.of[f"b{n}"])) for n in (1, 2, 3)]
    x = numpy.array(arrays.of["X"])

    def loss(parameters: Any) -> Any:
        a = x
        for w, b in parameters:
            a = anp.tanh(w @ a + b)
        return anp.sum((a - 0.5) ** 2)

    value_and_grad(loss)([(numpy.ones((2, 256)), numpy.ones((2, 1)))])  # its imports are done

    def ours() -> None:
        m = Matrices(rules, arrays.given)
        m.of.update(arrays.of)
        sweep(plan_of, m, model.outputs)

    made = in_turn(ours, lambda: value_and_grad(loss)(weights), 5 * runs)
    beside = {"plan and arrays (s)": seconds(lambda: fill(plan(model, rules), values))}
    return Measured(made.ours, made.theirs, beside=beside)


def _train(runs: int) -> Measured:
    """Steps of gradient descent, as long as the issue of vanishing gradients takes in a course."""
    from micrograd.engine import Value

    model = pipeline.load(ROOT / "samples" / "mazur-2-2-2.yaml")
    wl = lower(model)
    moved = [x.name for x in model.inputs if x.role is Role.PARAMETER and x.name in model.wrt]
    start = dict(zip((x.name for x in model.inputs), point(wl, Rules(Float())), strict=True))
    shape = model.network
    assert shape is not None
    targets = [start[name] for name in shape.targets[0]]

    def ours() -> None:
        train(wl, model.outputs[0], moved, OPTIMIZERS["sgd"], 0.5, STEPS)

    def sigmoid(x: Any) -> Any:
        out = Value(1 / (1 + math.exp(-x.data)), (x,), "sigmoid")

        def _backward() -> None:
            x.grad += out.data * (1 - out.data) * out.grad

        out._backward = _backward
        return out

    def theirs() -> None:
        p = {name: Value(start[name]) for name in moved}
        for _ in range(STEPS // SHARE):
            a: list[Any] = [start[x] for x in shape.inputs[0]]
            for layer in shape.layers:
                z = [sum((p[w] * x for w, x in zip(row, a, strict=True)), Value(0.0)) for row in layer.weights]
                a = [sigmoid(x + (p[b] if b in p else start[b])) for x, b in zip(z, layer.bias, strict=True)]
            loss = sum(((y - t) ** 2 * 0.5 for y, t in zip(a, targets, strict=True)), Value(0.0))
            for q in p.values():
                q.grad = 0.0
            loss.backward()
            for q in p.values():
                q.data -= 0.5 * q.grad

    found = in_turn(ours, theirs, max(2, runs // 2))
    return Measured(found.ours, [SHARE * s for s in found.theirs], beside={"steps of micrograd": STEPS // SHARE})


ROWS = [
    Row("rows", "the same network, every row of both tables as CSV", "micrograd's forward and backward", 1.0, _rows),
    Row("train", "10,000 steps of Mazur's network", "the same in micrograd (a tenth of the steps, times ten)", 0.1, _train),
    Row("layers", "256-256-256-1 tanh network in matrices, plan at hand", "autograd's value and gradient", 2.0, _layers),
    Row("linear", "a statement of 1,000,000: read, lowered, swept, as CSV", "a statement of 1,000", 1.3, _linear),
    Row("memory", "peak memory at 1,000,000 statements", "one byte a statement", 500, _memory),
    Row("casadi", "256-256-256-1 tanh network: list, both sweeps", "casadi SX: gradient, Function, one call", 0.5, _casadi),

    Row("network", "256-256-256-1 tanh network: list, both sweeps", "micrograd's forward and backward", 0.1, _network),
]
