"""The layer level: a network as a short list of matrix statements, swept forward and backward with their own pullbacks.

Rows of data are columns here: X has a row for each input and a column for each row of data, Z, A and their adjoints likewise.
The symbols are those of a textbook, numbered by layers: X, W1, b1, Z1, A1, …, T and the loss; with batch normalisation μ1, v1
(the variance), N1, Y1, γ1, β1; with a skip F1, the activation before it. numpy is loaded when a network is swept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from wengert.lang.expr import Nodes
from wengert.lang.model import CONSTANTS, Model
from wengert.lang.shape import Layer, Names, PerRow
from wengert.sweep.evaluate import evaluate
from wengert.sweep.layer_losses import LossFormula, NamedLoss
from wengert.sweep.layer_rules import Elementwise, Written
from wengert.sweep.layer_statements import (
    Activate,
    Adjoints,
    Affine,
    Matrices,
    Normalise,
    Skip,
    Softmax,
    Statement,
    Term,
)  # fmt: skip
from wengert.sweep.rules import Rules

# The letters of the matrices; the next one where a name of the model would be mistaken for the matrix.
LETTERS = {
    "X": "XD", "T": "TG", "W": "WM", "b": "bBc", "Z": "ZU", "A": "AH", "F": "FP", "μ": "μm", "v": "vVq", "N": "NK", "Y": "YQ",
    "γ": "γΓg", "β": "βΒ", "S": "SC",
}  # fmt: skip
LOSS, ROWS = "loss", "ℓ"
NUMBERED = re.compile(r"[^\W\d_][0-9]*\Z")
Table: TypeAlias = tuple[Names, ...]  # names as they stand in a matrix: [row of the matrix][column]


@dataclass(frozen=True)
class LayerPlan:
    """What belongs to one layer: its shape, the symbols of what it takes and makes, and its statements in order."""

    shape: Layer
    takes: str
    out: str
    statements: tuple[Statement, ...]


@dataclass
class Plan:
    """The matrix statements of a model; `tables` are the names of a matrix's entries, where they have names."""

    model: Model
    rules: Rules
    layers: list[LayerPlan] = field(default_factory=list)
    loss: Statement | None = None
    tables: dict[str, Table] = field(default_factory=dict)
    places: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # of what is no parameter

    letters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        taken = {name[0] for name in self.model.names() if NUMBERED.match(name)}
        for usual, options in LETTERS.items():
            self.letters[usual] = next((letter for letter in options if letter not in taken), usual)

    @property
    def statements(self) -> Iterator[Statement]:
        for layer in self.layers:
            yield from layer.statements
        if self.loss is not None:
            yield self.loss

    def put(self, symbol: str, table: Table, located: bool = True) -> str:
        """A matrix and the names of its entries. A later one wins where z and a are one quantity."""
        self.tables[symbol] = table
        if located:
            self.places.update((name, (symbol, i, j)) for i, row in enumerate(table) for j, name in enumerate(row))
        return symbol


@dataclass(frozen=True)
class LayerSweep:
    """The matrices, and the adjoints of each output. `derivatives` are the parameters' own: the sums of all their entries."""

    plan: Plan
    matrices: Matrices
    adjoints: dict[str, Adjoints]

    def derivative(self, of: str, name: str) -> Any:
        """∂of/∂name for a parameter or an input: the sum over the entries in which it stands; 0 where no path leads."""
        bar = self.adjoints[of]
        total = bar.names.get(name)
        for symbol, i, j in self.entries.get(name, ()):
            whole = bar.of(symbol)
            if whole is not None:
                total = whole.item(i, j) if total is None else total + whole.item(i, j)
        return self.plan.rules.arithmetic.zero if total is None else total

    @cached_property
    def entries(self) -> Mapping[str, Sequence[tuple[str, int, int]]]:
        """Parameter or input → where it stands."""
        found: dict[str, list[tuple[str, int, int]]] = {}
        known = {x.name for x in self.plan.model.inputs}
        for symbol, table in self.plan.tables.items():
            for i, row in enumerate(table):
                for j, name in enumerate(row):
                    if name in known:
                        found.setdefault(name, []).append((symbol, i, j))
        return found


def sweep_layers(model: Model, point: Sequence[Any], rules: Rules, outputs: Sequence[str]) -> LayerSweep:
    """The network's matrices forward and backward. `point` are the values of the model's inputs in their order, in the numbers
    of `rules`."""
    made = plan(model, rules)
    return sweep(made, fill(made, point), outputs)


def fill(made: Plan, point: Sequence[Any]) -> Matrices:
    """The matrices that are given: data, targets, parameters."""
    given = dict(zip((x.name for x in made.model.inputs), point, strict=True))
    m = Matrices(made.rules, given)
    for symbol, table in made.tables.items():
        if all(name in given for row in table for name in row):
            m.of[symbol] = m.array([list(map(given.__getitem__, row)) for row in table])
    return m


def sweep(made: Plan, m: Matrices, outputs: Sequence[str]) -> LayerSweep:
    """Forward and, for each output, backward. `m` holds what `fill` puts there, and then everything."""
    statements = list(made.statements)
    adjoints: dict[str, Adjoints] = {}
    with m.quiet():
        for statement in statements:
            statement.value(m)
        for of in outputs:
            bar = adjoints[of] = Adjoints()
            symbol, i, j = made.places[of]
            seed = m.zeros(m[symbol])
            seed[i, j] = made.rules.arithmetic.one
            bar.add(symbol, Term(None, seed, seed=True))
            for statement in reversed(statements):
                statement.pullback(m, bar)
            for symbol in bar.terms:
                bar.of(symbol)
    return LayerSweep(made, m, adjoints)


def plan(model: Model, rules: Rules) -> Plan:
    """The matrix statements of a network. Nothing is computed but constants (ε, δ)."""
    shape = model.network
    assert shape is not None
    made = Plan(model, rules)
    before = made.put(made.letters["X"], _columns(shape.inputs))
    if shape.targets and shape.targets[0]:
        made.put(made.letters["T"], _columns(shape.targets))
    made_by: dict[PerRow, str] = {shape.inputs: before}
    for layer in shape.layers:
        made.layers.append(_layer(layer, before, made, made_by))
        before = made.layers[-1].out
        made_by[layer.post] = before
    if shape.loss is not None:
        made.loss = _loss(model, made, rules)
    return made


def _columns(per_row: PerRow) -> Table:
    """[row of data][neuron] to rows of a matrix."""
    return tuple(zip(*per_row, strict=True))


def _column(names: Names) -> Table:
    return tuple((name,) for name in names)


def _layer(layer: Layer, before: str, made: Plan, made_by: Mapping[PerRow, str]) -> LayerPlan:
    n, nodes, rules, letters = str(layer.number), made.model.nodes, made.rules, made.letters
    statements: list[Statement] = []
    inner = before
    if layer.weights:
        inner = made.put(letters["Z"] + n, _columns(layer.pre))
        w = made.put(letters["W"] + n, layer.weights, located=False)
        b = made.put(letters["b"] + n, _column(layer.bias), located=False) if layer.bias else None
        statements.append(Affine(layer.number, w, before, b, inner))
    norm = layer.batchnorm
    if norm is not None:
        u, inner = inner, made.put(letters["Y"] + n, _columns(norm.scaled))
        mean, variance = made.put(letters["μ"] + n, _column(norm.mean)), made.put(letters["v"] + n, _column(norm.variance))
        normalised = made.put(letters["N"] + n, _columns(norm.normalised))
        gamma = made.put(letters["γ"] + n, _column(norm.gamma), located=False)
        beta = made.put(letters["β"] + n, _column(norm.beta), located=False)
        epsilon = _constant(nodes, norm.epsilon, rules)
        statements.append(Normalise(layer.number, u, mean, variance, normalised, gamma, beta, inner, epsilon))
    out = made.put(letters["A"] + n, _columns(layer.post))
    active = letters["F"] + n if layer.skip else out
    if layer.softmax:
        statements.append(Softmax(layer.number, inner, active))
    else:
        distinct = {a: Elementwise(a, nodes, rules) for a in dict.fromkeys(layer.activations)}
        statements.append(Activate(layer.number, inner, active, tuple(distinct[a] for a in layer.activations)))
    if layer.skip:
        statements.append(Skip(layer.number, active, made_by[layer.skip], out))
    return LayerPlan(layer, before, out, tuple(statements))


def _loss(model: Model, made: Plan, rules: Rules) -> Statement:
    shape = model.network
    assert shape is not None
    loss, last = shape.loss, made.layers[-1]
    assert loss is not None
    whole = made.put(LOSS, ((loss.name,),))
    rows = whole if loss.rows == (loss.name,) else made.put(ROWS, (loss.rows,))
    if loss.kind is not None:
        x = last.out
        if loss.form == "stable":
            x = next(s.y for s in last.statements if isinstance(s, (Activate, Softmax)))
        if loss.parts and loss.parts[0]:
            made.put(made.letters["S"], _columns(loss.parts))
        delta = None if loss.delta is None else _constant(model.nodes, loss.delta, rules)
        return NamedLoss(loss, x, made.letters["T"], made.letters["S"], rows, whole, delta)
    known = model.names()
    formulas, places = [], []
    for row in loss.rows:
        definition = model.definition(row)
        assert definition is not None
        names = [n for n in model.nodes.names_in([definition.root]) if n in known or n not in CONSTANTS]
        formulas.append(Written(model.nodes, definition.root, names, rules, row))
        places.append(tuple(made.places.get(n) for n in names))
    return LossFormula(loss, tuple(formulas), tuple(places), rows, whole)


def _constant(nodes: Nodes, root: int, rules: Rules) -> Any:
    arithmetic = rules.arithmetic
    return evaluate(nodes, root, rules, lambda name: arithmetic.e if name == "e" else arithmetic.pi)
