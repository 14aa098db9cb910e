"""The matrix statements of a network: affine, activation, batch normalisation, skip; each with its value and its pullback.

A matrix has a column for each row of data: Z = W A + b, b added to every column. `bar` collects the adjoints, which have the
shapes of what they belong to: Z̄ = ∂L/∂Z. Pullbacks as in Giles, Collected matrix derivative results for forward and reverse
mode algorithmic differentiation, 2008: C = A B gives Ā = C̄ Bᵀ and B̄ = Aᵀ C̄. The losses stand in layer_losses.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from operator import mul
from typing import Any, Protocol, TypeAlias

from wengert.sweep.arrays import numpy
from wengert.sweep.layer_rules import Elementwise, softmax
from wengert.sweep.rules import Rules

Array: TypeAlias = Any  # of numpy: doubles, or objects where there are many digits


class Matrices:
    """The matrices by symbol (W1, Z1, A1 …), in the numbers of `rules`; `given` are the values of names."""

    def __init__(self, rules: Rules, given: Mapping[str, Any]) -> None:
        self.rules = rules
        self.given = given
        self._numpy: Any = numpy()
        self._sort: Any = float if rules.arithmetic.name == "float64" else object
        self.of: dict[str, Array] = {}
        self.slopes: dict[str, Array] = {}  # f′ of every entry, by the symbol of what f makes
        self.inner: dict[str, dict[str, Array]] = {}  # ∂a/∂p for parameters p inside f, by the same symbol
        self.jacobians: dict[str, list[Array]] = {}  # one a column, by the same symbol

    def __getitem__(self, symbol: str) -> Array:
        return self.of[symbol]

    def array(self, rows: Sequence[Sequence[Any]]) -> Array:
        return self._numpy.array([list(row) for row in rows], dtype=self._sort)

    def zeros(self, like: Array) -> Array:
        return self.array([[self.rules.arithmetic.zero] * like.shape[1]] * like.shape[0])

    def root(self, a: Array) -> Array:
        function = self.rules.value("sqrt")
        return self.array([[function([x], None, 0) for x in row] for row in a.tolist()])

    def reached(self, a: Array, slopes: Array) -> Array:
        """a ⊙ f′, and 0 where a is 0 because no path leads there: whatever the slope is, ∞ too."""
        return self._numpy.where(a == self.rules.arithmetic.zero, a, a * slopes)

    def quiet(self) -> AbstractContextManager[object]:
        """In it numpy says nothing of ∞·0: such numbers are shown, or left out of comparisons, as they are."""
        made: AbstractContextManager[object] = self._numpy.errstate(all="ignore")
        return made

    def number(self, value: int) -> Any:
        return self.rules.arithmetic.number(str(value))


@dataclass(frozen=True)
class Term:
    """One statement's contribution to an adjoint; `part` tells apart what a statement gives in several parts. Of a `seed` (or a
    copy of it) the entries that are 0 are those from which no path leads to what is differentiated."""

    statement: Statement | None  # None: what is differentiated is the entry itself
    value: Array
    part: str = ""
    seed: bool = False


class Adjoints:
    """The adjoints of one output; a symbol that no path leads to has none."""

    def __init__(self) -> None:
        self.terms: dict[str, list[Term]] = {}
        self.names: dict[str, Any] = {}  # of parameters that stand inside formulas
        self._totals: dict[str, Array] = {}

    def add(self, symbol: str, term: Term) -> None:
        self._totals.pop(symbol, None)
        self.terms.setdefault(symbol, []).append(term)

    def add_name(self, name: str, value: Any) -> None:
        self.names[name] = self.names[name] + value if name in self.names else value

    def of(self, symbol: str) -> Array | None:
        found = self.terms.get(symbol)
        if found is None:
            return None
        if symbol not in self._totals:
            total = found[0].value
            for term in found[1:]:
                total = total + term.value
            self._totals[symbol] = total
        return self._totals[symbol]

    def is_seed(self, symbol: str) -> bool:
        return all(term.seed for term in self.terms[symbol])


class Statement(Protocol):
    def value(self, m: Matrices) -> None: ...
    def pullback(self, m: Matrices, bar: Adjoints) -> None: ...


@dataclass(frozen=True)
class Affine:
    """Z = W A + b."""

    layer: int
    w: str
    a: str
    b: str | None
    z: str

    def value(self, m: Matrices) -> None:
        z = m[self.w] @ m[self.a]
        m.of[self.z] = z if self.b is None else z + m[self.b]

    def pullback(self, m: Matrices, bar: Adjoints) -> None:
        """W̄ = δ Aᵀ, b̄ = δ·1, Ā = Wᵀ δ, with δ = Z̄."""
        delta = bar.of(self.z)
        if delta is None:
            return
        bar.add(self.w, Term(self, delta @ m[self.a].T))
        if self.b is not None:
            bar.add(self.b, Term(self, delta.sum(axis=1, keepdims=True)))
        bar.add(self.a, Term(self, m[self.w].T @ delta))


@dataclass(frozen=True)
class Normalise:
    """μ and the variance v of every row of U, N = (U − μ)/√(v + ε), Y = γ ⊙ N + β (Ioffe & Szegedy 2015, algorithm 1)."""

    layer: int
    u: str
    mu: str
    v: str
    n: str
    gamma: str
    beta: str
    y: str
    epsilon: Any

    def value(self, m: Matrices) -> None:
        u = m[self.u]
        count = m.number(u.shape[1])
        m.of[self.mu] = u.sum(axis=1, keepdims=True) / count
        centred = u - m[self.mu]
        m.of[self.v] = (centred * centred).sum(axis=1, keepdims=True) / count
        m.of[self.n] = centred / m.root(m[self.v] + self.epsilon)
        m.of[self.y] = m[self.gamma] * m[self.n] + m[self.beta]

    def pullback(self, m: Matrices, bar: Adjoints) -> None:
        """N̄ = γ ⊙ Ȳ; v̄ = −½ Σ N̄ ⊙ (U − μ)/s³, s = √(v + ε); μ̄ = −Σ N̄/s − (2/R) v̄ Σ (U − μ);
        Ū = N̄/s + (2/R) v̄ (U − μ) + μ̄/R: directly, through the variance, through the mean."""
        y = bar.of(self.y)
        if y is not None:
            bar.add(self.gamma, Term(self, (y * m[self.n]).sum(axis=1, keepdims=True)))
            bar.add(self.beta, Term(self, y.sum(axis=1, keepdims=True)))
            bar.add(self.n, Term(self, m[self.gamma] * y))
        u = m[self.u]
        centred, s = u - m[self.mu], m.root(m[self.v] + self.epsilon)
        count, two = m.number(u.shape[1]), m.number(2)
        n = bar.of(self.n)
        if n is not None:
            bar.add(self.u, Term(self, n / s, "direct"))
            bar.add(self.v, Term(self, -(n * centred).sum(axis=1, keepdims=True) / (two * s * s * s)))
            bar.add(self.mu, Term(self, -n.sum(axis=1, keepdims=True) / s, "direct"))
        v = bar.of(self.v)
        if v is not None:
            bar.add(self.u, Term(self, two / count * v * centred, "variance"))
            bar.add(self.mu, Term(self, -two / count * v * centred.sum(axis=1, keepdims=True), "variance"))
        mu = bar.of(self.mu)
        if mu is not None:
            bar.add(self.u, Term(self, mu / count + m.zeros(u), "mean"))


@dataclass(frozen=True)
class Activate:
    """A = f(Y), entry by entry; every neuron has its own f."""

    layer: int
    y: str
    out: str
    functions: tuple[Elementwise, ...]

    @property
    def is_identity(self) -> bool:
        return all(f.is_identity for f in self.functions)

    def value(self, m: Matrices) -> None:
        rows = [[f.at(z, m.given) for z in row] for f, row in zip(self.functions, m[self.y].tolist(), strict=True)]
        m.of[self.out] = m.array([[value for value, _, _ in row] for row in rows])
        m.slopes[self.out] = m.array([[slope for _, slope, _ in row] for row in rows])
        inner = m.inner[self.out] = {}
        zero = m.rules.arithmetic.zero
        for name in dict.fromkeys(p for f in self.functions for p in f.parameters):
            at = [f.parameters.index(name) if name in f.parameters else None for f in self.functions]
            inner[name] = m.array(
                [[zero if k is None else others[k] for _, _, others in row] for k, row in zip(at, rows, strict=True)]
            )

    def pullback(self, m: Matrices, bar: Adjoints) -> None:
        """Ȳ = Ā ⊙ f′(Y)."""
        a = bar.of(self.out)
        if a is None:
            return
        product = m.reached if bar.is_seed(self.out) else mul
        bar.add(self.y, Term(self, product(a, m.slopes[self.out])))
        for name, slopes in m.inner[self.out].items():
            bar.add_name(name, product(a, slopes).sum(keepdims=True).item())


@dataclass(frozen=True)
class Softmax:
    """A = softmax of every column of Y; its Jacobian, one a column, is not diagonal."""

    layer: int
    y: str
    out: str

    def value(self, m: Matrices) -> None:
        columns = [softmax(column, m.rules) for column in m[self.y].T.tolist()]
        m.of[self.out] = m.array([a for a, _ in columns]).T
        m.jacobians[self.out] = [m.array(jacobian) for _, jacobian in columns]

    def pullback(self, m: Matrices, bar: Adjoints) -> None:
        """Column by column ȳ = Jᵀ ā."""
        a = bar.of(self.out)
        if a is None:
            return
        columns = [(j.T @ a[:, [r]])[:, 0].tolist() for r, j in enumerate(m.jacobians[self.out])]
        bar.add(self.y, Term(self, m.array(columns).T))


@dataclass(frozen=True)
class Skip:
    """A = F + S, where S are the activations of an earlier layer."""

    layer: int
    f: str
    s: str
    out: str

    def value(self, m: Matrices) -> None:
        m.of[self.out] = m[self.f] + m[self.s]

    def pullback(self, m: Matrices, bar: Adjoints) -> None:
        """F̄ = Ā and S̄ = Ā: a sum copies the adjoint."""
        a = bar.of(self.out)
        if a is not None:
            bar.add(self.f, Term(self, a, seed=bar.is_seed(self.out)))
            bar.add(self.s, Term(self, a, seed=bar.is_seed(self.out)))
