"""How the gradient travels through a network: per layer its size, what reaches the weights, and which factor came from where.

With δ_l = ∂L/∂z_l and ā_l = ∂L/∂a_l, all numbers of the reverse sweep, and ‖·‖ the root of the sum of squares over a layer's
neurons and all rows of data (Frobenius), the factor of layer l splits exactly into those of its way:

    ‖δ_l‖ / ‖δ_(l+1)‖ = ‖W_(l+1)ᵀ δ_(l+1)‖ / ‖δ_(l+1)‖      weights
                      · ‖ā_l‖ / ‖W_(l+1)ᵀ δ_(l+1)‖          other paths: skip connections, a loss that uses a_l itself
                      · ‖∂L/∂y_l‖ / ‖ā_l‖                   activation (of the quantity y_l that it is applied to)
                      · ‖δ_l‖ / ‖∂L/∂y_l‖                   batch normalisation (y_l = z_l without one)

and the product of all layers' factors is ‖δ_1‖/‖δ_L‖. A layer that only normalises has no z of its own: there δ is the adjoint
of what it takes, and the layer below has no factor of weights. A quotient whose lower number is 0 is None.

That such products decide whether the first layers learn: Hochreiter, Untersuchungen zu dynamischen neuronalen Netzen, 1991;
Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010 (equations 2 to 7).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush

from wengert.lang.model import Model, Role
from wengert.lang.shape import Layer, Names, PerRow, Shape
from wengert.sweep.trace import Trace

VANISHED, EXPLODED = 1e-3, 1e3  # ‖δ_1‖/‖δ_L‖ below and above which the verdict is said
BLOCKED = 1e-6  # ‖δ_L‖/‖∂L/∂a_L‖ below which next to nothing enters at the last layer
SATURATED = 0.1  # of the steepest slope: |σ′| below that share of it
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "atan": 1.0, "erf": 2 / math.sqrt(math.pi)}  # max |σ′| of what saturates: at 0
NEARLY_NONE = 1e-290  # less than this, and the next layer's δ may be no double
VANISHING, EXPLODING, HEALTHY, NONE = "vanishing", "exploding", "healthy", "none"

Rows = list[list[float]]  # [row][neuron]


@dataclass(frozen=True, slots=True)
class LayerFlow:
    """One layer. Means and maxima are of absolute values, over neurons and rows (`weights_*`: over the names of its weights).

    `slope` is the mean |σ′| (of softmax: of the diagonal), `saturated` the share of neurons and rows whose |σ′| is less than
    SATURATED times the greatest, `dead` the share of neurons whose σ′ is 0 in every row. None: the word does not apply.
    """

    layer: Layer
    delta_mean: float
    delta_max: float
    delta_norm: float
    weights_mean: float | None
    weights_max: float | None
    slope: float
    saturated: float | None
    dead: float | None
    factor: float | None
    factor_weights: float | None
    factor_other: float | None  # 1.0 where W is the only way
    factor_activation: float | None
    factor_batchnorm: float | None  # None too where there is none


@dataclass(frozen=True)
class Flow:
    """The layers from the first to the last. `outputs` are what was differentiated: their sum, where they are several."""

    layers: tuple[LayerFlow, ...]
    outputs: Names

    @cached_property
    def ratio(self) -> float | None:
        """‖δ_1‖/‖δ_L‖; None where δ_L is 0."""
        return _quotient(self.layers[0].delta_norm, self.layers[-1].delta_norm)

    @property
    def entering(self) -> float | None:
        """‖δ_L‖/‖∂L/∂a_L‖, what σ′ of the last layer lets in; None where the loss does not use a_L, or is at its least."""
        last = self.layers[-1]
        if last.factor_activation is None or last.factor_batchnorm is None:
            return last.factor_activation
        return last.factor_activation * last.factor_batchnorm

    @property
    def underflow(self) -> bool:
        """Whether a δ is 0 only because it is too small for a double: the one behind it was next to that."""
        below = [behind.delta_norm for x, behind in zip(self.layers, self.layers[1:], strict=False) if x.delta_norm == 0]
        return bool(below) and 0 < max(below) < NEARLY_NONE

    @property
    def per_layer(self) -> float | None:
        """The geometric mean of the layers' factors."""
        steps = len(self.layers) - 1
        return None if not steps or self.ratio is None else self.ratio ** (1 / steps)

    @property
    def verdict(self) -> str:
        """vanishing, exploding or healthy by VANISHED and EXPLODED; none where (next to) nothing enters at the last layer."""
        if self.ratio is None or (self.entering is not None and self.entering < BLOCKED):
            return NONE
        if self.ratio < VANISHED:
            return VANISHING
        return HEALTHY if self.ratio <= EXPLODED else EXPLODING  # nan is an overflow

    @property
    def slopes(self) -> float:
        """The product of the layers' mean |σ′|."""
        return math.prod(layer.slope for layer in self.layers)


def geometric_mean(factors: Iterable[float | None]) -> float | None:
    """Of factors; None where one of them is not known or infinite. 0 where one is 0."""
    known = list(factors)
    if not known or any(f is None or not f < math.inf for f in known):
        return None
    logs = [math.log(f) for f in known if f]
    return 0.0 if len(logs) < len(known) else math.exp(math.fsum(logs) / len(logs))


def reaching_all(model: Model) -> Model:
    """The model with derivatives by every input and parameter, so that every z has an adjoint whatever the spec asked for."""
    wrt = tuple(x.name for x in model.inputs if x.role is not Role.TARGET)
    return replace(model, wrt=wrt, seed=None)


def flow(trace: Trace) -> Flow:
    """What the reverse sweep says of each layer. `trace` is of a model of `reaching_all`, in doubles, with adjoints."""
    return _Measured(trace).flow()


class _Measured:
    def __init__(self, trace: Trace) -> None:
        assert trace.model.network is not None
        self.trace = trace
        self.shape: Shape = trace.model.network
        self.slots = trace.list.slots
        columns = list(trace.columns.adjoints.values())
        self.bars: Sequence[float | None] = columns[0]
        if len(columns) > 1:  # of the sum of the outputs
            self.bars = [_sum([0.0 if c is None else c for c in entries]) for entries in zip(*columns, strict=True)]

    def flow(self) -> Flow:
        layers: list[LayerFlow] = []
        above: Layer | None = None
        for layer in reversed(self.shape.layers):
            layers.append(self._layer(layer, above))
            above = layer
        return Flow(tuple(reversed(layers)), self.trace.outputs)

    def _layer(self, layer: Layer, above: Layer | None) -> LayerFlow:
        delta, inner, post = self._adjoints(layer.pre), self._adjoints(layer.inner), self._adjoints(layer.post)
        norm = _norm(delta)
        factor = weights = other = None
        if above is not None:
            entering = _norm(self._adjoints(above.pre))
            factor = _quotient(norm, entering)
            if above.weights:
                through = self._transposed(above)
                same = _near(through, post)
                weights = _quotient(_norm(post) if same else _norm(through), entering)
                other = None if weights is None else 1.0 if same else _quotient(_norm(post), _norm(through))
        gradients = [abs(self._bar(name)) for name in dict.fromkeys(n for row in layer.weights for n in row)]
        slopes = self._slopes(layer)
        sizes = [abs(x) for row in delta for x in row]
        return LayerFlow(
            layer, _mean(sizes), _largest(sizes), norm,
            _mean(gradients) if gradients else None, _largest(gradients) if gradients else None,
            _mean([s for row in slopes for s in row]), _saturated(layer, slopes), _dead(layer, slopes),
            factor, weights, other, _quotient(_norm(inner), _norm(post)),
            None if layer.batchnorm is None else _quotient(norm, _norm(inner)),
        )  # fmt: skip

    # -- numbers of the sweeps

    def _bar(self, name: str) -> float:
        bar = self.bars[self.slots[name]]
        return 0.0 if bar is None else float(bar)

    def _adjoints(self, names: PerRow) -> Rows:
        return [[self._bar(name) for name in row] for row in names]

    def _transposed(self, layer: Layer) -> Rows:
        """Wᵀ δ of the layer, row by row: what comes to its sources through its weights alone."""
        values = self.trace.values
        weights = [[float(values[self.slots[name]]) for name in row] for row in layer.weights]
        columns = list(zip(*weights, strict=True))
        return [[_dot(column, delta) for column in columns] for delta in self._adjoints(layer.pre)]

    def _slopes(self, layer: Layer) -> Rows:
        """|σ′| of every neuron in every row: the derivative of a by the quantity that its activation is applied to, along the
        statements of the activation alone."""
        return [
            [abs(self._slope(inner[i], post[i])) for i in range(layer.size)]
            for inner, post in zip(layer.inner, layer.post, strict=True)
        ]

    def _slope(self, inner: str, post: str) -> float:
        """∂post/∂inner, a reverse sweep over the statements between them: named quantities are its bounds."""
        wl, partials = self.trace.list, self.trace.columns.partials
        start, end = self.slots[post], self.slots[inner]
        bars = {start: 1.0}
        waiting = [-start]
        while waiting:
            slot = -heappop(waiting)
            if slot == end:
                return bars[end]
            if slot < wl.inputs or (slot in wl.names and slot != start):
                continue
            first, stop = wl.span(slot)
            for i in range(first, stop):
                target, partial = wl.operands[i], partials[i]
                if target < 0 or partial is None:
                    continue
                if target not in bars:
                    heappush(waiting, -target)
                bars[target] = bars.get(target, 0.0) + bars[slot] * float(partial)
        return 0.0


def _saturated(layer: Layer, slopes: Rows) -> float | None:
    """The share of neurons and rows; None where no activation saturates."""
    limits = [(i, SATURATED * STEEPEST[a.operation]) for i, a in enumerate(layer.activations) if a.operation in STEEPEST]
    return sum(row[i] < limit for i, limit in limits for row in slopes) / (layer.size * len(slopes)) if limits else None


def _dead(layer: Layer, slopes: Rows) -> float | None:
    """The share of neurons; None where every activation saturates, or is the identity or softmax."""
    others = [i for i, a in enumerate(layer.activations) if a.operation not in (*STEEPEST, "identity", "softmax")]
    return sum(all(row[i] == 0 for row in slopes) for i in others) / layer.size if others else None


def _norm(rows: Rows) -> float:
    return math.hypot(*(x for row in rows for x in row))


def _dot(weights: Sequence[float], deltas: Sequence[float]) -> float:
    products = [w * d for w, d in zip(weights, deltas, strict=True)]
    return _sum(products)


def _mean(sizes: Sequence[float]) -> float:
    return _sum(sizes) / len(sizes)


def _sum(numbers: Sequence[float]) -> float:
    """Rounded once, where all are finite."""
    return math.fsum(numbers) if all(map(math.isfinite, numbers)) else sum(numbers)


def _largest(sizes: Sequence[float]) -> float:
    """nan where one of them is."""
    return math.nan if any(x != x for x in sizes) else max(sizes)


def _near(one: Rows, other: Rows) -> bool:
    """Whether two ways to the same numbers differ by rounding alone: then there is one path."""
    size = max(_norm(one), _norm(other))
    gap = _norm([[a - b for a, b in zip(x, y, strict=True)] for x, y in zip(one, other, strict=True)])
    return gap <= 1e-9 * size


def _quotient(over: float, under: float) -> float | None:
    if under == 0:
        return None
    try:
        return over / under
    except OverflowError:
        return math.inf
