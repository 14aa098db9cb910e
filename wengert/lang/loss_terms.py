"""The named losses of one row of data, as expressions over outputs a, targets t and, in the stable forms, z.

The cross-entropies are written as textbooks have them, over a, so that the chain through the activation's derivative is seen.
The stable form is over z: −t ln σ(z) − (1 − t) ln(1 − σ(z)) = softplus(z) − t·z, and −ln softmax(k, z) = logsumexp(z) − z_k.
Huber's loss as in P. J. Huber 1964: ½ r² where |r| ≤ δ, else δ·(|r| − ½ δ).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wengert.lang.activation import SOFTMAX
from wengert.lang.written import Written, copied

BINARY, CROSS = "binary_cross_entropy", "cross_entropy"
ACTIVATION_OF = {BINARY: "sigmoid", CROSS: SOFTMAX}  # with which the stable form is the same


class RowLoss:
    """Writes the loss of one row: outputs a, the arguments z of their activations, targets t."""

    def __init__(
        self, kind: str, form: str, delta: int | None, a: Sequence[str], z: Sequence[str], t: Sequence[str], written: Written
    ) -> None:
        self.kind = kind
        self.stable = form == "stable"
        self.delta = delta
        self.a, self.z, self.t = a, z, t
        self.write = written

    def shares(self) -> list[int]:
        """Each output's share; of mse before the division by n."""
        terms = self._terms()
        if self.kind == "half_squared_error":
            return [self.write.over(s, 2) for s in terms]
        if self.kind in ACTIVATION_OF and not self.stable:
            return [self.write.call("neg", s) for s in terms]
        return terms

    def total(self) -> int:
        """The sum over the outputs, the common factor before it."""
        total = self.write.sum(self._terms())
        if self.kind == "half_squared_error":
            return self.write.over(total, 2)
        if self.kind in ACTIVATION_OF and not self.stable:
            return self.write.call("neg", total)
        return self._over_outputs(total)

    def joined(self, parts: Sequence[str]) -> int:
        return self._over_outputs(self.write.sum(self.write.names(parts)))

    def of_class(self, k: int) -> int:
        """−ln a_k, or logsumexp(z) − z_k."""
        w = self.write
        if self.stable:
            return w.call("sub", w.call("logsumexp", *w.names(self.z)), w.name(self.z[k - 1]))
        return w.call("neg", w.call("ln", w.name(self.a[k - 1])))

    def _over_outputs(self, total: int) -> int:
        return self.write.over(total, len(self.a)) if self.kind == "mse" and len(self.a) > 1 else total

    def _terms(self) -> list[int]:
        """What is summed over the outputs, without factor and sign in front."""
        term: Callable[[int], int] = {
            "absolute_error": self._absolute, "huber": self._huber, "hinge": self._hinge,
            BINARY: self._binary_stable if self.stable else self._binary,
            CROSS: self._cross_stable if self.stable else self._cross,
        }.get(self.kind, self._square)  # fmt: skip
        return [term(i) for i in range(len(self.a))]

    def _difference(self, i: int) -> int:
        return self.write.call("sub", self.write.name(self.a[i]), self.write.name(self.t[i]))

    def _square(self, i: int) -> int:
        return self.write.square(self._difference(i))

    def _absolute(self, i: int) -> int:
        return self.write.call("abs", self._difference(i))

    def _huber(self, i: int) -> int:
        assert self.delta is not None
        w = self.write
        deltas = [copied(w.nodes, self.delta, {}) for _ in range(3)]
        w.begin()
        near = w.call("le", self._absolute(i), deltas[0])
        outside = w.call("mul", deltas[1], w.call("sub", self._absolute(i), w.over(deltas[2], 2)))
        return w.call("where", near, w.over(self._square(i), 2), outside)

    def _hinge(self, i: int) -> int:
        w = self.write
        product = w.call("mul", w.name(self.t[i]), w.name(self.a[i]))
        return w.call("max", w.number("0"), w.call("sub", w.number("1"), product))

    def _binary(self, i: int) -> int:
        """t ln a + (1 − t) ln(1 − a)"""
        w = self.write
        hit = w.call("mul", w.name(self.t[i]), w.call("ln", w.name(self.a[i])))
        rest, miss = (w.call("sub", w.number("1"), w.name(x)) for x in (self.t[i], self.a[i]))
        return w.call("add", hit, w.call("mul", rest, w.call("ln", miss)))

    def _binary_stable(self, i: int) -> int:
        """softplus(z) − t·z"""
        w = self.write
        return w.call("sub", w.call("softplus", w.name(self.z[i])), w.call("mul", w.name(self.t[i]), w.name(self.z[i])))

    def _cross(self, i: int) -> int:
        """t ln a"""
        w = self.write
        return w.call("mul", w.name(self.t[i]), w.call("ln", w.name(self.a[i])))

    def _cross_stable(self, i: int) -> int:
        """t·(logsumexp(z) − z)"""
        w = self.write
        return w.call("mul", w.name(self.t[i]), w.call("sub", w.call("logsumexp", *w.names(self.z)), w.name(self.z[i])))
