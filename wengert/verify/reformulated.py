"""Where a loss meets its activation: the long chain through σ′, what it collapses to, and what the judge is asked about both.

Of an output layer with z, a = f(z), targets t and the loss L, a mean over R rows (R is 1 for one row or a sum):

    sigmoid, binary_cross_entropy    ∂L/∂z_j = ((1 − t_j)/(1 − a_j) − t_j/a_j)/R · a_j·(1 − a_j)   = (a_j − t_j)/R
    softmax, cross_entropy           ∂L/∂z_j = Σ_k −t_k/(R·a_k) · a_k·(δ_kj − a_j)                 = (a_j − t_j)/R, for Σ t = 1
    identity, half_squared_error     ∂L/∂z_j = (a_j − t_j)/R · 1                                   = (a_j − t_j)/R

(Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.6: canonical link functions.) The formulas are written here
alone: what a document shows is what the judge is asked about. Only the first row is written, for every row is alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wengert.lang.expr import Nodes
from wengert.lang.loss_terms import BINARY, CROSS
from wengert.lang.model import Model
from wengert.sweep.arithmetics import FAULTS, Unknown
from wengert.sweep.evaluate import evaluate
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.verify.answers import REFORMULATION

MEETINGS = {BINARY: "sigmoid", CROSS: "softmax", "half_squared_error": "identity"}
MOST_UNITS = 10  # outputs that are written out and asked for; of more, the first ones
ONE = 1e-12  # how far from 1 the sum of targets that were typed as decimals may be


@dataclass(frozen=True)
class Meeting:
    """The loss and the output layer of the first row of data. `targets` is () where a class number `hit` (from 1) is given;
    `divisor` is R for a mean over R rows, else 1; `unit_sum` says whether softmax's targets sum to 1 in every row. The
    roots are in `nodes`, over the names of a, z and t."""

    loss: str
    kind: str
    activation: str
    stable: bool
    rows: int
    divisor: int
    z: tuple[str, ...]
    a: tuple[str, ...]
    targets: tuple[str, ...]
    hit: int | None
    unit_sum: bool
    nodes: Nodes
    upstream: tuple[int, ...]  # ∂L/∂a_k
    together: tuple[int, ...]  # ∂L/∂z_j, collapsed

    @property
    def units(self) -> range:
        """The outputs that are written out."""
        return range(min(len(self.a), MOST_UNITS))

    def of_row(self, j: int) -> int:
        """∂/∂z_j of the row's own loss, collapsed: a_j − t_j without the factor of the mean."""
        root = self.together[j]
        return self.nodes.arguments(root)[0] if self.divisor > 1 else root

    def sources(self, j: int) -> list[int]:
        """The k of ∂a_k/∂z_j that are not 0."""
        return list(range(len(self.a))) if self.activation == "softmax" else [j]

    def slope(self, k: int, j: int) -> int:
        """∂a_k/∂z_j in the names of a: σ′ = a·(1 − a), of softmax a_k·(δ_kj − a_j), of the identity 1."""
        n = self.nodes
        if self.activation == "identity":
            return n.number("1")
        if k == j:
            return n.call("mul", [n.name(self.a[k]), n.call("sub", [n.number("1"), n.name(self.a[k])])])
        return n.call("neg", [n.call("mul", [n.name(self.a[k]), n.name(self.a[j])])])

    def long(self, j: int) -> int:
        """Σ_k ∂L/∂a_k · ∂a_k/∂z_j, every term written."""
        n = self.nodes
        total: int | None = None
        for k in self.sources(j):
            term = n.call("mul", [self.upstream[k], self.slope(k, j)])
            total = term if total is None else n.call("add", [total, term])
        assert total is not None
        return total


def meeting(model: Model) -> Meeting | None:
    """Where the model's loss meets its own activation, and is one of the outputs; None where it does not."""
    shape = model.network
    if shape is None or shape.loss is None:
        return None
    loss, kind, last = shape.loss, shape.loss.kind, shape.layers[-1]
    if kind is None or kind not in MEETINGS or loss.name not in model.outputs:
        return None
    wanted = MEETINGS[kind]
    if last.skip or any(activation.operation != wanted for activation in last.activations):
        return None
    if loss.classes is None and not shape.targets[0]:
        return None
    nodes = Nodes(shared=True)
    a, z = last.post[0], last.inner[0]
    t = shape.targets[0] if loss.classes is None else ()
    hit = None if loss.classes is None else loss.classes[0]
    divisor = shape.rows if loss.reduction == "mean" else 1
    unit = kind != CROSS or loss.classes is not None or all(_sums_to_one(model, row) for row in shape.targets)
    made = _Writer(nodes, kind, a, t, hit, divisor, unit)
    count = range(len(a))
    return Meeting(
        loss.name, kind, wanted, loss.form == "stable", shape.rows, divisor, z, a, t, hit, unit, nodes,
        tuple(made.upstream(k) for k in count), tuple(made.together(j) for j in count),
    )  # fmt: skip


def _sums_to_one(model: Model, names: Sequence[str]) -> bool:
    """Whether the targets of a row have values that sum to 1; without values they are taken to."""
    given = {x.name: x.value for x in model.inputs}
    total: Any = Fraction(0)
    for name in names:
        root = given.get(name)
        if root is None:
            return True
        try:
            value = evaluate(model.nodes, root, Rules(Rational()), lambda _: UNKNOWN)
        except (*FAULTS, Unknown):
            return False
        if not isinstance(value, Fraction):
            return False
        total += value
    return bool(abs(total - 1) <= ONE)


class _Writer:
    """Writes ∂L/∂a_k, and ∂L/∂z_j as it is in the end, in the names of a and t."""

    def __init__(
        self, nodes: Nodes, kind: str, a: Sequence[str], t: Sequence[str], hit: int | None, divisor: int, unit: bool
    ) -> None:
        self.nodes, self.kind, self.a, self.t, self.hit, self.divisor, self.unit = nodes, kind, a, t, hit, divisor, unit

    def upstream(self, k: int) -> int:
        n, a = self.nodes, self.nodes.name(self.a[k])
        if self.kind == BINARY:
            t, one = n.name(self.t[k]), n.number("1")
            miss = n.call("div", [n.call("sub", [one, t]), n.call("sub", [one, a])])
            return self._mean(n.call("sub", [miss, n.call("div", [t, a])]))
        if self.kind == CROSS:
            if self.hit is not None and k != self.hit - 1:
                return n.number("0")
            top = n.number("1") if self.hit is not None else n.name(self.t[k])
            below = a if self.divisor == 1 else n.call("mul", [n.number(str(self.divisor)), a])
            return n.call("neg", [n.call("div", [top, below])])
        return self._mean(n.call("sub", [a, n.name(self.t[k])]))

    def together(self, j: int) -> int:
        n, a = self.nodes, self.nodes.name(self.a[j])
        if self.hit is not None:
            return self._mean(n.call("sub", [a, n.number("1")]) if j == self.hit - 1 else a)
        if not self.unit:
            total = n.name(self.t[0])
            for t in self.t[1:]:
                total = n.call("add", [total, n.name(t)])
            a = n.call("mul", [a, total])
        return self._mean(n.call("sub", [a, n.name(self.t[j])]))

    def _mean(self, root: int) -> int:
        return root if self.divisor == 1 else self.nodes.call("div", [root, self.nodes.number(str(self.divisor))])


# -- what the judge is asked


def items(model: Model) -> list[dict[str, Any]]:
    """For each output unit: is the long chain the derivative of the row's loss with respect to z_j, and is the collapsed form?
    The source is the loss as the model has it, with a written out in z; of a stable form the textbook's loss, and then that
    the stable one has the same derivative."""
    found = meeting(model)
    if found is None:
        return []
    made = []
    for j in found.units:
        claims = [("long", found.long(j), False), ("together", found.together[j], False)]
        if found.stable:
            claims.append(("stable", found.together[j], True))
        made += [_item(model, found, f"{REFORMULATION}{j}/{name}", j, root, stable) for name, root, stable in claims]
    return made


def _item(model: Model, found: Meeting, key: str, j: int, claim: int, stable: bool) -> dict[str, Any]:
    shape = model.network
    assert shape is not None and shape.loss is not None
    nodes = Nodes(shared=True)
    known = {z: nodes.name(z) for z in found.z}
    if found.targets and found.kind == CROSS and found.unit_sum:  # the last target is what the others leave of 1
        rest = nodes.number("1")
        for t in found.targets[:-1]:
            rest = nodes.call("sub", [rest, nodes.name(t)])
        known[found.targets[-1]] = rest
    for a in found.a:
        if a not in known:
            definition = model.definition(a)
            assert definition is not None
            known[a] = _put_in(model.nodes, definition.root, nodes, known, model)
    if found.stable and not stable:
        source = _textbook(nodes, found, known)
    else:
        definition = model.definition(shape.loss.rows[0])
        assert definition is not None
        source = _put_in(model.nodes, definition.root, nodes, known, model)
    if found.divisor > 1:
        source = nodes.call("div", [source, nodes.number(str(found.divisor))])
    partial = _put_in(found.nodes, claim, nodes, known, model)
    params = list(dict.fromkeys((*found.z, *nodes.names_in([source, partial]))))
    return {
        "key": key, "primitive": "reformulation", "operation": "reformulation", "params": params, "argument": j,
        "nodes": nodes.columns(), "source": source, "partial": partial,
    }  # fmt: skip


def _textbook(nodes: Nodes, found: Meeting, known: Mapping[str, int]) -> int:
    """−Σ [t ln a + (1 − t) ln(1 − a)], −Σ t ln a, or −ln a of the class."""
    one = nodes.number("1")

    def log(x: int) -> int:
        return nodes.call("ln", [x])

    if found.hit is not None:
        return nodes.call("neg", [log(known[found.a[found.hit - 1]])])
    total: int | None = None
    for name, target in zip(found.a, found.targets, strict=True):
        a, t = known[name], known.get(target)
        t = nodes.name(target) if t is None else t
        term = nodes.call("mul", [t, log(a)])
        if found.kind == BINARY:
            miss = nodes.call("mul", [nodes.call("sub", [one, t]), log(nodes.call("sub", [one, a]))])
            term = nodes.call("add", [term, miss])
        total = term if total is None else nodes.call("add", [total, term])
    assert total is not None
    return nodes.call("neg", [total])


def _put_in(source: Nodes, root: int, nodes: Nodes, known: dict[str, int], model: Model) -> int:
    """The expression with `known` names replaced; other definitions (the parts of a loss) are written out."""
    pending = [d for d in (model.definition(name) for name in source.names_in([root]) if name not in known) if d is not None]
    for d in pending:
        known[d.name] = _copied(model.nodes, d.root, nodes, known)
    return _copied(source, root, nodes, known)


def _copied(source: Nodes, root: int, nodes: Nodes, known: Mapping[str, int]) -> int:
    made: dict[int, int] = {}
    for node in source.reachable([root]):
        if source.operation(node) == "name":
            name = source.text(node)
            made[node] = known[name] if name in known else nodes.name(name)
        elif source.is_leaf(node):
            made[node] = nodes.number(source.text(node))
        else:
            made[node] = nodes.call(source.operation(node), [made[x] for x in source.arguments(node)])
    return made[root]
