"""A layer to definitions: z = W a + b, batch normalisation, activation and skip, written out neuron by neuron and row by row.

Names of what a batch normalisation of layer 2 computes for neuron 1: mu2_1 and var2_1 over the rows, n2_1_s1 (normalised) and
y2_1_s1 = γ·n + β in row 1; y has no name of its own where it is the activation itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wengert.errors import Place
from wengert.lang import shape
from wengert.lang.activation import SOFTMAX
from wengert.lang.fields import Named
from wengert.lang.layers import LayerSpec, Norm
from wengert.lang.model import Definition, Kind
from wengert.lang.scope import Entry, Scope
from wengert.lang.shape import Names, PerRow
from wengert.lang.written import Written, copied

NO_MERGE = "z and a share a name only where the activation is identity, and nothing is added or normalised"


class Neurons:
    """Writes one layer. `before` are the names of the layer's inputs in each row, `added` those that a skip adds."""

    def __init__(self, spec: LayerSpec, before: PerRow, added: PerRow, scope: Scope) -> None:
        self.spec = spec
        self.scope = scope
        self.nodes = scope.nodes
        self.before = before
        self.added = added
        self.definitions: list[Definition] = []
        self.softmax = spec.activations[0].operation == SOFTMAX
        self.dense = bool(spec.weights)

    def write(self) -> shape.Layer:
        """Add the definitions; the layer as the model's shape has it."""
        spec, scope = self.spec, self.scope
        number = spec.number
        pre_names = list(spec.pre or self._defaults("z"))
        post_names = list(spec.post or self._defaults("a"))
        plain = [a.operation == "identity" and spec.norm is None and not self.added for a in spec.activations]
        merged = [self.dense and plain[i] and pre_names[i].name == post_names[i].name for i in range(spec.size)]
        self._claim(pre_names, post_names, merged)
        for activation, neurons in Counter(spec.activations).items():
            self.nodes.foresee(scope.rows * neurons * activation.cost(spec.size, self.nodes), activation.place)
        pre = scope.per_row([n.name for n in pre_names]) if self.dense else self.before
        post = scope.per_row([n.name for n in post_names])
        together = self.softmax or spec.norm is not None  # every z stands before the first activation
        for row in range(scope.rows):
            for i in range(spec.size if self.dense else 0):
                z = self._weighted(spec.weights[i], self.before[row], spec.bias[i] if spec.bias else None, spec.places[i])
                self._define(post[row][i] if merged[i] else pre[row][i], z, Kind.POST if merged[i] else Kind.PRE, row)
                if not together and not merged[i]:
                    self._activate(row, i, pre[row], post[row][i])
            if self.softmax and spec.norm is None:
                for i in range(spec.size):
                    self._activate(row, i, pre[row], post[row][i])
        inner, norm = pre, None
        if spec.norm is not None:
            norm = self._normalise(spec.norm, pre, post)
            inner = norm.scaled
        activations = tuple(shape.Activation(a.operation, a.root) for a in spec.activations)
        return shape.Layer(
            number, spec.name.name if spec.name is not None else None, "dense" if self.dense else "batchnorm",
            tuple(tuple(e.name for e in row) for row in spec.weights), tuple(e.name for e in spec.bias), activations,
            self.softmax, self.before, pre, inner, post, self.added, spec.skip.name if spec.skip is not None else None, norm,
        )  # fmt: skip

    # -- names

    def _defaults(self, letter: str) -> list[Named]:
        return [Named(f"{letter}{self.spec.number}_{i}", place) for i, place in enumerate(self.spec.places, 1)]

    def _claim(self, pre: Sequence[Named], post: Sequence[Named], merged: Sequence[bool]) -> None:
        claim = self.scope.claim_rows
        for i, named in enumerate(pre):
            if self.dense and not merged[i]:
                claim(named.name, named.place, None if self.spec.pre else _default_hint(named.name, "pre"))
        for i, named in enumerate(post):
            twin = NO_MERGE if named.name == pre[i].name else None
            claim(named.name, named.place, twin if self.spec.post else _default_hint(named.name, "post"))

    def _define(self, name: str, root: int, kind: Kind, row: int | None) -> None:
        number = None if row is None or self.scope.rows == 1 else row + 1
        self.definitions.append(Definition(name, root, kind, self.spec.number, number))

    # -- expressions

    def _weighted(self, row: Sequence[Entry], before: Names, bias: Entry | None, place: Place) -> int:
        """w1*a1 + w2*a2 + b, added from the left."""
        nodes = self.nodes
        nodes.begin(place.source)
        spans = [(entry.place.start, entry.place.end) for entry in row]
        total = nodes.weighted_sum([entry.name for entry in row], before, place.start, spans)
        if bias is not None:
            term = nodes.name(bias.name, bias.place.start, bias.place.end)
            total = nodes.call("add", [total, term], place.start, place.end)
        return total

    def _activate(self, row: int, i: int, inner: Names, post: str) -> None:
        """a = f(inner), or f(inner) + what the skip brings."""
        activation = self.spec.activations[i]
        if self.softmax:
            root = activation.of_layer(i + 1, inner, self.nodes)
        elif activation.operation == "identity" and self.added:
            root = Written(self.nodes, activation.place).name(inner[i])
        else:
            root = activation.of(inner[i], self.nodes)
        if self.added:
            assert self.spec.skip is not None
            written = Written(self.nodes, self.spec.skip.place)
            root = written.call("add", root, written.name(self.added[row][i]))
        self._define(post, root, Kind.POST, row)

    def _normalise(self, norm: Norm, before: PerRow, post: PerRow) -> shape.BatchNorm:
        """μ, variance, n and y of every neuron, then the activations."""
        scope, number, size = self.scope, self.spec.number, self.spec.size
        names = {key: [f"{key}{number}_{i}" for i in range(1, size + 1)] for key in ("mu", "var", "n", "y")}
        whole = all(a.operation == "identity" for a in self.spec.activations) and not self.added  # y is a
        for key in ("mu", "var"):
            for name in names[key]:
                scope.claim(name, norm.place, _own_hint(name))
        for key in ("n",) if whole else ("n", "y"):
            for name in names[key]:
                scope.claim_rows(name, norm.place, _own_hint(name))
        written = Written(self.nodes, norm.place)
        for i in range(size):
            values = [before[row][i] for row in range(scope.rows)]
            mean, variance = names["mu"][i], names["var"][i]
            self._define(mean, written.call("mean", *written.names(values)), Kind.STATISTIC, None)
            squares = [written.square(written.call("sub", written.name(v), written.name(mean))) for v in values]
            self._define(variance, written.call("mean", *squares), Kind.STATISTIC, None)
        normalised = scope.per_row(names["n"])
        scaled = post if whole else scope.per_row(names["y"])
        for row in range(scope.rows):
            for i in range(size):
                epsilon = copied(self.nodes, norm.epsilon, {})
                written.begin()
                root = written.call("sqrt", written.call("add", written.name(names["var"][i]), epsilon))
                centred = written.call("sub", written.name(before[row][i]), written.name(names["mu"][i]))
                self._define(normalised[row][i], written.call("div", centred, root), Kind.NORMALISED, row)
                product = written.call("mul", written.name(norm.gamma[i].name), written.name(normalised[row][i]))
                y = written.call("add", product, written.name(norm.beta[i].name))
                self._define(scaled[row][i], y, Kind.POST if whole else Kind.NORMALISED, row)
            for i in range(0 if whole else size):
                self._activate(row, i, scaled[row], post[row][i])
        return shape.BatchNorm(
            tuple(e.name for e in norm.gamma), tuple(e.name for e in norm.beta), norm.epsilon, norm.epsilon_text,
            tuple(names["mu"]), tuple(names["var"]), normalised, scaled,
        )  # fmt: skip


def _default_hint(name: str, key: str) -> str:
    return f"{name} is the name it gets by itself; give the neurons names with {key}:"


def _own_hint(name: str) -> str:
    return f"{name} is a name that the batch normalisation gives; the other one wants another name"
