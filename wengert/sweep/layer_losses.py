"""The losses as matrix statements: from the outputs A and the targets T to the rows' losses, and to their mean or sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wengert.lang.loss_terms import CROSS
from wengert.lang.shape import Loss
from wengert.sweep.layer_rules import Written, logsumexp, share_of, stable_binary
from wengert.sweep.layer_statements import Adjoints, Array, Matrices, Term


@dataclass(frozen=True)
class NamedLoss:
    """The rows' losses ℓ from the shares S of the outputs, then L, their mean or sum. `x` is what the shares are functions of:
    A, in the stable forms Z."""

    loss: Loss
    x: str
    t: str
    shares: str
    rows: str
    out: str
    delta: Any = None

    def value(self, m: Matrices) -> None:
        x, kind = m[self.x], self.loss.kind
        assert kind is not None
        zero, one = m.rules.arithmetic.zero, m.rules.arithmetic.one
        classes, together = self.loss.classes, kind == CROSS and self.loss.form == "stable"
        values, slopes = m.zeros(x), m.zeros(x)
        share = stable_binary(m.rules) if self.loss.form == "stable" and not together else share_of(kind, m.rules, self.delta)
        for r in range(x.shape[1]):
            if together:
                total, gradient = logsumexp(x[:, r].tolist(), m.rules)
                aims = m[self.t][:, r] if classes is None else [one if i + 1 == classes[r] else zero for i in range(len(x))]
                for i in range(len(x)):
                    values[i, r] = aims[i] * (total - x[i, r])
                slope = [[aim * (g - (one if i == j else zero)) for j, g in enumerate(gradient)] for i, aim in enumerate(aims)]
                m.jacobians.setdefault(self.shares, []).append(m.array(slope))
                continue
            for i in range(len(x)):
                if classes is None:
                    values[i, r], slopes[i, r] = share(x[i, r], m[self.t][i, r])
                elif i + 1 == classes[r]:
                    values[i, r], slopes[i, r] = share(x[i, r], one)
        m.of[self.shares], m.slopes[self.shares] = values, slopes
        m.of[self.rows] = values.sum(axis=0, keepdims=True) / self._outputs(m)
        reduce(self.loss, self.rows, self.out, m)

    def _outputs(self, m: Matrices) -> Any:
        """n of mse, for all others 1."""
        return m.number(len(m[self.x]) if self.loss.kind == "mse" else 1)

    def pullback(self, m: Matrices, bar: Adjoints) -> None:
        spread(self.loss, self.rows, self.out, m, bar)
        rows = bar.of(self.rows)
        if rows is not None:
            bar.add(self.shares, Term(self, rows / self._outputs(m) + m.zeros(m[self.x])))
        shares = bar.of(self.shares)
        if shares is None:
            return
        if self.shares in m.jacobians:
            columns = [(j.T @ shares[:, [r]])[:, 0].tolist() for r, j in enumerate(m.jacobians[self.shares])]
            bar.add(self.x, Term(self, m.array(columns).T))
        else:
            bar.add(self.x, Term(self, shares * m.slopes[self.shares]))


@dataclass(frozen=True)
class LossFormula:
    """The rows' losses from a formula over names: `formulas` and, for every name of each, where it stands (None for a
    parameter). Then L, their mean or sum."""

    loss: Loss
    formulas: tuple[Written, ...]
    places: tuple[tuple[tuple[str, int, int] | None, ...], ...]
    rows: str
    out: str

    def value(self, m: Matrices) -> None:
        made = []
        for formula, places in zip(self.formulas, self.places, strict=True):
            named = zip(formula.names, places, strict=True)
            made.append(formula.at([m.given[n] if p is None else m[p[0]][p[1], p[2]] for n, p in named]))
        m.of[self.rows] = m.array([[value for value, _ in made]])
        m.inner[self.rows] = {str(r): m.array([gradient]) for r, (_, gradient) in enumerate(made)}
        reduce(self.loss, self.rows, self.out, m)

    def pullback(self, m: Matrices, bar: Adjoints) -> None:
        spread(self.loss, self.rows, self.out, m, bar)
        rows = bar.of(self.rows)
        if rows is None:
            return
        totals: dict[str, Array] = {}
        for r, (formula, places) in enumerate(zip(self.formulas, self.places, strict=True)):
            for k, (name, place) in enumerate(zip(formula.names, places, strict=True)):
                value = rows.item(0, r) * m.inner[self.rows][str(r)].item(0, k)
                if place is None:
                    bar.add_name(name, value)
                    continue
                symbol, i, j = place
                if symbol not in totals:
                    totals[symbol] = m.zeros(m[symbol])
                totals[symbol][i, j] = totals[symbol][i, j] + value
        for symbol, total in totals.items():
            bar.add(symbol, Term(self, total))


def reduce(loss: Loss, rows: str, out: str, m: Matrices) -> None:
    """L = (1/R) Σ ℓ or Σ ℓ; with one row of data ℓ is L."""
    if rows != out:
        total = m[rows].sum(axis=1, keepdims=True)
        m.of[out] = total / m.number(m[rows].shape[1]) if loss.reduction == "mean" else total


def spread(loss: Loss, rows: str, out: str, m: Matrices, bar: Adjoints) -> None:
    whole = bar.of(out)
    if rows != out and whole is not None:
        share = whole / m.number(m[rows].shape[1]) if loss.reduction == "mean" else whole
        bar.add(rows, Term(None, share + m.zeros(m[rows])))
