"""The figures of `wengert flow` over again: from the trace's adjoints, and from what the judge takes activations for.

It changes when a figure of sweep/flow.py is new or means something else. Three things are compared: every number of the sweeps
with those of the matrices (sweep/layer_check.py); a and σ′ of every neuron with the value and the difference quotient of the
activation, by the judge's meanings in 60 digits; and each figure with its definition, written here a second time. Of
sweep/flow.py the figures are used, and the words for a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite
from typing import Any

from wengert.errors import ValueProblem
from wengert.lang.expr import Nodes
from wengert.lang.shape import Activation, Layer, PerRow, Shape
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.arrays import numpy
from wengert.sweep.choice import SHADOWED
from wengert.sweep.flow import EXPLODING, HEALTHY, NONE, VANISHING, Flow, LayerFlow
from wengert.sweep.layer_check import compare
from wengert.sweep.layers import sweep_layers
from wengert.sweep.rules import Rules
from wengert.sweep.trace import Trace
from wengert.verify.numeric import Site, Slope
from wengert.verify.plan import Plan, Undefined

AGREEMENT = 1e-11  # of a figure, and of a and σ′ at their own z; a saturated σ(z) carries the rounding of z
TINY = 1e-290  # below it doubles have fewer digits
LARGEST, INFINITE = 1.79e308, float("inf")
TOO_LARGE = f"no second reckoning of networks of more than {SHADOWED:,} statements"
NO_MATRICES = "the matrices have no finite values here"
NAMED = 3  # faults in a sentence
SATURATING = ("sigmoid", "tanh", "atan", "erf")  # steepest at 0, and flat far from it
FLAT = 0.1  # of the slope at 0
NEITHER = ("identity", "softmax")  # neither saturated nor dead

Array = Any  # of numpy


@dataclass(frozen=True)
class Confirmed:
    """How many figures were compared, the `faults` in words, and why nothing was compared, where nothing was."""

    figures: int
    faults: tuple[str, ...] = ()
    reason: str = ""


def confirm(flow: Flow, trace: Trace) -> Confirmed:
    """The figures of one network against a second reckoning. `trace` is the one that `flow` was measured on."""
    if len(trace.list) > SHADOWED:
        return Confirmed(0, reason=TOO_LARGE)
    rules = Rules(Float(), convention=trace.rules.convention)
    try:
        agreement = compare(trace, sweep_layers(trace.model, trace.values[: trace.list.inputs], rules, trace.outputs))
    except (ValueProblem, *FAULTS):
        return Confirmed(0, reason=NO_MATRICES)
    faults = [f"the matrices have another {name}" for name in agreement.faults[:NAMED]]
    again = _Again(trace)
    for found in flow.layers:
        faults += again.neurons(found.layer)
    compared = 0
    above: Layer | None = None
    for found in reversed(flow.layers):
        for name, ours, theirs, spread in again.figures(found, above):
            compared += 1
            if not _alike(ours, theirs, spread):
                faults.append(f"layer {found.layer.number}: {name} is {_text(ours)}, and {_text(theirs)} when reckoned again")
        above = found.layer
    for name, ours, theirs in again.whole(flow):
        compared += 1
        if ours != theirs if isinstance(ours, str) else not _alike(ours, theirs, len(flow.layers)):
            faults.append(f"{name} is {_text(ours)}, and {_text(theirs)} when reckoned again")
    return Confirmed(compared, tuple(faults))


class _Again:
    def __init__(self, trace: Trace) -> None:
        assert trace.model.network is not None
        self.trace = trace
        self.shape: Shape = trace.model.network
        self.np: Any = numpy()
        self.given: Mapping[str, float] = dict(zip((x.name for x in trace.model.inputs), trace.values, strict=False))
        self._sites: dict[Activation, Plan] = {}
        self._slopes: dict[tuple[Any, ...], tuple[Any, Slope]] = {}
        self._of_layer: dict[int, Array] = {}

    # -- of the trace

    def bar(self, names: PerRow) -> Array:
        """Σ over the outputs of ∂output/∂name, [row of data, neuron]; rounded once, so that what cancels is the same 0, or the
        same rounding, as in the figures."""
        trace = self.trace
        return self.np.array([[_total([trace.derivative(of, n) for of in trace.outputs]) for n in row] for row in names])

    def value(self, name: str) -> float:
        return float(self.trace.values[self.trace.list.slots[name]])

    # -- neuron by neuron

    def neurons(self, layer: Layer) -> list[str]:
        """What is wrong with a = σ(inner) + skip. Keeps the slopes by the witness, the trace's own where a kink leaves them
        open."""
        faults = []
        slopes = []
        for r, (inner, post) in enumerate(zip(layer.inner, layer.post, strict=True)):
            z = [self.value(x) for x in inner]
            row = []
            for i, activation in enumerate(layer.activations):
                a = self.value(post[i])
                if layer.skip:
                    added = self.value(layer.skip[r][i])
                    spread = abs(a) + abs(added)
                    a -= added
                else:
                    spread = abs(a)
                value, slope = self._softmax(z, i) if layer.softmax else self._at(activation, z[i])
                if isinstance(value, Undefined) or not _close(a, value, spread):
                    faults.append(f"layer {layer.number}: {post[i]} is not its activation of {inner[i]}")
                row.append(slope)
            slopes.append(row)
        self._of_layer[layer.number] = slopes
        return faults[:NAMED]

    def _at(self, activation: Activation, z: float) -> tuple[Any, Slope]:
        plan = self._sites.get(activation)
        if plan is None:
            nodes, root, variable = self.trace.model.nodes, activation.root, activation.variable
            if activation.operation is not None:
                nodes = Nodes()
                root = nodes.call(activation.operation, [nodes.name(variable)])
            assert root is not None
            others = [n for n in nodes.names_in([root]) if n in self.given and n != variable]
            plan = self._sites[activation] = Plan(nodes, [variable, *others], [("\0", root)])
        return self._looked_up(activation, plan, [z, *(self.given[n] for n in plan.inputs[1:])], 0)

    def _softmax(self, z: Sequence[float], i: int) -> tuple[Any, Slope]:
        nodes = Nodes()
        names = [f"z{k}" for k in range(len(z))]
        root = nodes.call("softmax", [nodes.number(str(i + 1)), *map(nodes.name, names)])
        return self._looked_up("softmax", Plan(nodes, names, [("\0", root)]), z, i)

    def _looked_up(self, what: Activation | str, plan: Plan, point: Sequence[float], along: int) -> tuple[Any, Slope]:
        """The value and the slope of what the plan is of."""
        key = (what, along, *point)
        if key not in self._slopes:
            site = Site(plan, lambda context: [context.mp.mpf(x) for x in point])
            slot = plan.slot_of["\0"]
            self._slopes[key] = site.value(slot), site.slopes({along: lambda context: context.mp.mpf(1)}, [slot])[slot]
        return self._slopes[key]

    # -- figure by figure

    def figures(self, found: LayerFlow, above: Layer | None) -> Iterator[tuple[str, Any, Any, float]]:
        """(what, ours, over again, how much rounding may move it) of a layer."""
        np, layer = self.np, found.layer
        norm = np.linalg.norm
        delta, inner, post = self.bar(layer.pre), self.bar(layer.inner), self.bar(layer.post)
        yield "the mean |δ|", found.delta_mean, np.abs(delta).mean(), 1
        yield "the largest |δ|", found.delta_max, np.abs(delta).max(), 1
        yield "‖δ‖", found.delta_norm, _norm(np, delta), 1
        names = sorted({n for row in layer.weights for n in row})
        if names:
            gradients = np.abs(self.bar((tuple(names),)))
            yield "the mean |∂L/∂w|", found.weights_mean, gradients.mean(), 1
            yield "the largest |∂L/∂w|", found.weights_max, gradients.max(), 1
        else:
            yield "the mean |∂L/∂w|", found.weights_mean, None, 1
            yield "the largest |∂L/∂w|", found.weights_max, None, 1
        yield from self._of_slopes(found)
        yield "the activation's factor", found.factor_activation, _over(_norm(np, inner), _norm(np, post)), 1
        normalised = None if layer.batchnorm is None else _over(_norm(np, delta), _norm(np, inner))
        yield "the factor of batch normalisation", found.factor_batchnorm, normalised, 1
        if above is None:
            yield "the factor", found.factor, None, 1
            return
        entering = self.bar(above.pre)
        size = _norm(np, entering)
        yield "the factor", found.factor, _over(_norm(np, delta), size), 1
        if not above.weights:
            yield "the factor of the weights", found.factor_weights, None, 1
            return
        weights = np.array([[self.value(n) for n in row] for row in above.weights])
        with np.errstate(all="ignore"):
            through = entering @ weights
            terms = np.abs(entering) @ np.abs(weights)
        spread = _norm(np, terms) / _norm(np, through) if norm(through) > 0 else 1.0
        yield "the factor of the weights", found.factor_weights, _over(_norm(np, through), size), spread
        if size > 0:  # 0 beside 0: the weights are the only way
            only = norm(through) == 0 == norm(post)
            others = 1.0 if only else _over(_norm(np, post), _norm(np, through))
            yield "the factor of other paths", found.factor_other, others, 100 * spread

    def whole(self, flow: Flow) -> Iterator[tuple[str, Any, Any]]:
        """(what, ours, over again) of the network: from the first and the last layer's δ, and the layers' slopes as told."""
        first, last = self.shape.layers[0], self.shape.layers[-1]
        size = _norm(self.np, self.bar(last.pre))
        ratio = _over(_norm(self.np, self.bar(first.pre)), size)
        entering = _over(size, _norm(self.np, self.bar(last.post)))
        steps = len(self.shape.layers) - 1
        yield "‖δ‖ of the first layer over that of the last", flow.ratio, ratio
        yield "the factor a layer", flow.per_layer, None if ratio is None or not steps else ratio ** (1 / steps)
        yield "what enters at the last layer", flow.entering, entering
        yield "the product of the mean |σ′|", flow.slopes, float(self.np.prod([x.slope for x in flow.layers]))
        verdict = HEALTHY
        if ratio is None or (entering is not None and entering < 1e-6):
            verdict = NONE
        elif ratio < 1e-3:
            verdict = VANISHING
        elif not ratio <= 1e3:
            verdict = EXPLODING
        yield "the verdict", flow.verdict, verdict

    def _of_slopes(self, found: LayerFlow) -> Iterator[tuple[str, Any, Any, float]]:
        """At a kink what is between its sides is right, where a slope is infinite that and 0, which a jump may have."""
        np, layer = self.np, found.layer
        sides = [[_sides(s) for s in row] for row in self._of_layer[layer.number]]
        low = np.array([[_least(a, b) for a, b in row] for row in sides])
        high = np.array([[max(abs(a), abs(b)) for a, b in row] for row in sides])
        most = np.where(high < INFINITE, high, 0.0).mean()
        between = low.mean() * (1 - AGREEMENT) <= found.slope <= most * (1 + AGREEMENT)
        open_ = (low != high).any()
        known = not np.isnan(high).any()
        if known and not (open_ and (between or (found.slope == INFINITE and INFINITE in high))):
            yield "the mean |σ′|", found.slope, low.mean(), 1
        kinds = [a.operation for a in layer.activations]
        steep = [i for i, kind in enumerate(kinds) if kind in SATURATING]
        if steep:
            limits = np.array([FLAT * abs(float(self._at(layer.activations[i], 0.0)[1].value)) for i in steep])
            count = (low[:, steep] < limits).sum()
            yield "the share that is saturated", found.saturated, count / (len(low) * layer.size), 1
        else:
            yield "the share that is saturated", found.saturated, None, 1
        others = [i for i, kind in enumerate(kinds) if kind not in (*SATURATING, *NEITHER)]
        if not others:
            yield "the share that is dead", found.dead, None, 1
        elif not open_:
            yield "the share that is dead", found.dead, (high[:, others] == 0).all(axis=0).sum() / layer.size, 1


def _sides(slope: Slope) -> tuple[float, float]:
    """The slopes on the left and on the right; at the end of a domain the one that there is, nan where there is none."""
    sides = (slope.left, slope.right) if slope.sided else (slope.value, slope.value)
    a, b = (float("nan") if x is None else float(x) for x in sides)
    return (b if a != a else a), (a if b != b else b)


def _least(a: float, b: float) -> float:
    """The least |σ′| that a convention may choose between two slopes."""
    size = min(abs(a), abs(b))
    return size if (a > 0) == (b > 0) and max(abs(a), abs(b)) < INFINITE else 0.0


def _total(numbers: list[float]) -> float:
    return fsum(numbers) if all(map(isfinite, numbers)) else sum(numbers)


def _norm(np: Any, rows: Array) -> float:
    """Scaled, so that squares neither overflow nor underflow."""
    largest = float(np.abs(rows).max())
    return largest * float(np.linalg.norm(rows / largest)) if 0 < largest < float("inf") else largest


def _over(a: float, b: float) -> float | None:
    if b == 0:
        return None
    with numpy().errstate(all="ignore"):
        return float(numpy().float64(a) / b)


def _close(ours: float, theirs: Any, spread: float) -> bool:
    if not isfinite(ours):  # an overflow of doubles
        return bool(theirs * ours > 0 and abs(theirs) > LARGEST)
    return bool(abs(theirs - ours) <= AGREEMENT * max(abs(ours), spread) + TINY)


def _alike(ours: float | None, theirs: float | None, spread: float) -> bool:
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if not (isfinite(ours) and isfinite(theirs)):
        return ours == theirs or (ours != ours and theirs != theirs)
    return abs(float(ours) - float(theirs)) <= AGREEMENT * spread * abs(theirs) + TINY


def _text(x: Any) -> str:
    return x if isinstance(x, str) else "none" if x is None else f"{float(x):.6g}"
