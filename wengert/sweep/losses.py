"""Where double precision lost digits: the statement to blame, found by comparing two sweeps of the same list.

A value (a local partial, an adjoint, a tangent) is wrong where its relative error is over 1e-9. The search walks from the wrong
result back: to the operand (factor, contribution) whose own error accounts for it, as long as that one is wrong too. Where none
is, the statement itself made a small error large, and is the culprit. How much of an error an operand brings is not estimated
but computed: the statement is worked out with many digits once more, this operand replaced by its double.
(Higham 2002, Accuracy and Stability of Numerical Algorithms, chapter 1.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Unknown, digits
from wengert.sweep.columns import Columns
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

Kind = Literal["cancellation", "absorption", "saturation", "underflow", "overflow", "conditioning"]
Where = Literal["value", "partial", "adjoint", "tangent"]

WRONG = 1e-9  # a relative error over this is a loss: fewer than 9 digits are right
ACCOUNTS = 0.1  # the share of an error that an operand must bring for the search to go on there
NEARLY = 1e-3  # a sum smaller than this share of its largest term is a cancellation
MOST = 3
WIDE = 16  # operands of one statement that are tried one by one, those with the largest errors first
DOUBLE = 16  # decimal digits that a double carries (15.95)
SMALLEST = 2.2250738585072014e-308  # a double closer to 0 has fewer digits

_SUMS = frozenset({"add", "sub", "sum", "mean", "dot"})
_SATURATING = frozenset({"tanh", "sigmoid", "erf", "erfc", "coth", "softmax", "atan"})
_LIMITS = (0.0, 1.0, -1.0, 2.0, math.pi / 2, -math.pi / 2)


@dataclass(frozen=True)
class Loss:
    """Where digits were lost.

    `slot` is the statement to blame, `where` whether its value, a local partial of it (with respect to operand `argument`), or
    the adjoint or tangent at the slot. `kind`: `cancellation`: a sum much smaller than its terms; `absorption`: a term too
    small to be seen beside the others; `saturation`: a function that has come to its limit in doubles; `underflow`: too small
    for a double, or for all its digits, `overflow`: too large for one; `conditioning`: any other operation that magnifies its
    argument's error. `terms` are the right values that the kind is about, the one largest in size first: the terms of a sum,
    with their signs, the operands of a difference; of a saturation the last argument and the limit, of conditioning the
    argument. `shown_at` is the statement at which the loss comes to light, where that is not `slot` (f = v1 − 1 after
    v1 = 1 + x): in its value, or in its local partial where `argument` is given. `lost` of the 16 digits, `value` (a double)
    and `right` (many digits) are those of `shown_at`, else of `slot`.
    """

    slot: int
    kind: Kind
    where: Where
    lost: int
    value: float
    right: Any
    argument: int | None = None
    terms: tuple[Any, ...] = ()
    shown_at: int | None = None
    of: str = ""


def losses(
    wl: WengertList, floats: Columns, precise: Columns, of: str, wrt: str | None = None, rules: Rules | None = None
) -> list[Loss]:
    """The statements to blame for the double of ∂of/∂wrt (`wrt` None: of the value of `of`; "seed": along the seed): first
    where the largest part of the error arose, then a cancellation met on the way; at most three, none where 9 digits are right.

    `precise` are the columns of a sweep with `rules` (of many digits; 60 by default); its adjoints and tangents may be missing.
    """
    search = _Search(wl, floats, precise, rules or Rules(digits(60)), of)
    if wrt is None:
        search.value(wl.slots[of])
    elif of in floats.adjoints and wrt in wl.slots:
        search.linear(_Reverse(search, of), wl.slots[wrt])
    else:
        search.linear(_Forward(search, wrt), wl.slots[of])
    found: dict[tuple[int, str], Loss] = {}
    for loss in search.found:
        found.setdefault((loss.slot, loss.where), loss)
    return list(found.values())[:MOST]


def digits_lost(value: float, right: Any) -> int:
    """How many of a double's 16 digits are wrong, 0 where at least 9 are right."""
    error = _error(value, right)
    return 0 if error <= WRONG else digits_wrong(error)


def digits_wrong(error: float) -> int:
    """How many of a double's 16 digits a relative error makes wrong."""
    return DOUBLE if error >= 1 else DOUBLE - min(DOUBLE, int(-math.log10(error)))


class _Search:
    def __init__(self, wl: WengertList, floats: Columns, precise: Columns, rules: Rules, of: str) -> None:
        self.list = wl
        self.floats = floats
        self.precise = precise
        self.rules = rules
        self.arithmetic = rules.arithmetic
        self.of = of
        self.found: list[Loss] = []
        self._constants = sweeps.constants(wl, rules)

    # -- values

    def value(self, slot: int) -> None:
        """Walk from a wrong value to the statement that made it wrong."""
        while self.wrong(slot) and slot >= self.list.inputs:
            worst, share = self._worst(slot, None)
            if worst is not None and share >= ACCOUNTS and self.wrong(worst):
                slot = worst
                continue
            self._blame(slot, None, worst)
            return

    def wrong(self, slot: int) -> bool:
        return _error(self.floats.values[slot], self.precise.values[slot]) > WRONG

    def partial(self, slot: int, argument: int) -> None:
        """Blame for a wrong local partial: the operand or the statement's value that made it wrong, or the partial itself."""
        worst, share = self._worst(slot, argument)
        if worst is not None and share >= ACCOUNTS and self.wrong(worst):
            self.value(worst)
        else:
            self._blame(slot, argument, worst)

    def _worst(self, slot: int, argument: int | None) -> tuple[int | None, float]:
        """The operand (or the statement itself, for a partial) whose error brings the largest share of the error of the value,
        or of a local partial."""
        operands = self.list.operands_of(slot)
        right = [self.precise.values[o] if o >= 0 else self._constants[-1 - o] for o in operands]
        made, known = self._made(slot, argument)
        if known is None:
            return None, 0.0
        whole = _distance(made, known)
        candidates = {o: j for j, o in enumerate(operands) if o >= 0 and self._differs(o)}
        first = sorted(candidates, key=lambda o: -_error(self.floats.values[o], self.precise.values[o]))[:WIDE]
        if argument is not None and self._differs(slot):
            first.append(slot)
        best: int | None = None
        most = self.arithmetic.zero
        for o in first:
            changed = [self._double(o) if p == o else x for p, x in zip(operands, right, strict=True)]
            out = self._double(slot) if o == slot else self.precise.values[slot]
            moved = _distance(self._work(slot, argument, changed, out), known)
            if moved > most:
                best, most = o, moved
        if best is None:
            return None, 0.0
        return best, 1.0 if not whole or most >= whole else float(most / whole)

    def _made(self, slot: int, argument: int | None) -> tuple[Any, Any]:
        """The double and the right value of the statement, or of its local partial."""
        if argument is None:
            return self.floats.values[slot], self.precise.values[slot]
        at = self.list.span(slot)[0] + argument
        return self.floats.partials[at], self.precise.partials[at]

    def _work(self, slot: int, argument: int | None, values: list[Any], out: Any) -> Any:
        name = self.list.primitive(slot).name
        try:
            if argument is None:
                return self.rules.value(name)(values, None, 0)
            return self.rules.partial(name, argument)(values, out, argument)
        except (*FAULTS, Unknown):
            return self.arithmetic.undefined

    def _differs(self, slot: int) -> bool:
        return _error(self.floats.values[slot], self.precise.values[slot]) > 0

    def _double(self, slot: int) -> Any:
        """The slot's double as a number of many digits."""
        return self.arithmetic.zero + self.floats.values[slot]

    # -- what a statement did

    def _blame(self, slot: int, argument: int | None, operand: int | None) -> None:
        """A statement that made a small error large. Where its operand had dropped a term or come to its limit, that is where
        the digits went, and this statement is where it comes to light."""
        made, right = self._made(slot, argument)
        where: Where = "value" if argument is None else "partial"
        lost = digits_lost(made, right)
        if operand is not None and operand != slot and operand >= self.list.inputs:
            earlier = self._dropped(operand)
            if earlier is not None:
                kind, terms = earlier
                self._add(Loss(operand, kind, "value", lost, float(made), right, argument, terms, slot, self.of))
                return
        kind, terms = self._kind(slot, argument, operand)
        self._add(Loss(slot, kind, where, lost, float(made), right, argument, terms, None, self.of))

    def _dropped(self, slot: int) -> tuple[Kind, tuple[Any, ...]] | None:
        """`absorption` where a sum's double is one of its terms although the others are not 0, `saturation` where a function's
        double is its limit although its value is not."""
        name = self.list.primitive(slot).name
        value, right = self.floats.values[slot], self.precise.values[slot]
        if name in _SUMS:
            terms = self._terms(slot)
            if len(terms) > 1 and value == float(terms[0]) and any(terms[1:]):
                return "absorption", terms
        elif name in _SATURATING and value in _LIMITS and value != right:
            return "saturation", (self._values(slot)[-1], value)
        return None

    def _kind(self, slot: int, argument: int | None, operand: int | None) -> tuple[Kind, tuple[Any, ...]]:
        made, right = self._made(slot, argument)
        if not math.isfinite(made):
            return "overflow", ()
        if argument is None and self.list.primitive(slot).name in _SUMS:
            terms = self._terms(slot)
            if terms and abs(right) < NEARLY * abs(terms[0]):
                both = tuple(sorted(self._values(slot), key=abs, reverse=True))
                return "cancellation", both if self.list.primitive(slot).name == "sub" else terms
        if abs(made) < SMALLEST and right != 0:
            return "underflow", ()
        values = self._values(slot)
        operands = self.list.operands_of(slot)
        about = [v for o, v in zip(operands, values, strict=True) if o == operand] or values[:1]
        return "conditioning", tuple(about[:1])

    def _values(self, slot: int) -> list[Any]:
        return [self.precise.values[o] if o >= 0 else self._constants[-1 - o] for o in self.list.operands_of(slot)]

    def _terms(self, slot: int) -> tuple[Any, ...]:
        """What a sum adds up, the largest first; for a mean and a dot product the shares and the products."""
        values = self._values(slot)
        name = self.list.primitive(slot).name
        if name == "sub":
            values[1] = -values[1]
        elif name == "mean":
            values = [v / len(values) for v in values]
        elif name == "dot":
            half = len(values) // 2
            values = [x * y for x, y in zip(values[:half], values[half:], strict=True)]
        return tuple(sorted(values, key=abs, reverse=True))

    def _add(self, loss: Loss) -> None:
        if loss.lost:
            self.found.append(loss)

    # -- adjoints and tangents: sums of products factor · local partial

    def linear(self, sweep: _Linear, slot: int) -> None:
        """Walk from a wrong adjoint (tangent) to what made it wrong: the factor before it, a local partial, or the sum."""
        cancelled: list[Loss] = []
        while True:
            made, right = sweep.double(slot), sweep.right(slot)
            if _error(made, right) <= WRONG:
                break
            worst: _Term | None = None
            terms = []
            for term in sweep.terms(slot):
                terms.append(term.right)
                if worst is None or term.error > worst.error:
                    worst = term
            terms.sort(key=abs, reverse=True)
            lost = digits_lost(made, right)
            if len(terms) > 1 and abs(right) < NEARLY * abs(terms[0]):
                cancelled.append(
                    Loss(slot, "cancellation", sweep.where, lost, float(made), right, None, tuple(terms), None, self.of)
                )  # fmt: skip
            if worst is None:
                break
            partial_wrong = _error(worst.partial, worst.right_partial) > WRONG
            factor_wrong = _error(sweep.double(worst.before), sweep.right(worst.before)) > WRONG
            if partial_wrong and (
                not factor_wrong
                or _error(worst.partial, worst.right_partial) >= _error(sweep.double(worst.before), sweep.right(worst.before))
            ):
                self.partial(worst.slot, worst.argument)
                break
            if not factor_wrong:
                if not math.isfinite(made):
                    self._add(Loss(slot, "overflow", sweep.where, lost, float(made), right, of=self.of))
                elif abs(made) < SMALLEST and right != 0 and not cancelled:
                    self._add(Loss(slot, "underflow", sweep.where, lost, float(made), right, of=self.of))
                break
            slot = worst.before
        self.found += [loss for loss in cancelled if loss.lost]


@dataclass(frozen=True)
class _Term:
    """factor · local partial: a part of an adjoint or tangent. `before` is the slot of the factor."""

    before: int
    slot: int
    argument: int
    partial: Any
    right_partial: Any
    right: Any
    error: Any


class _Linear:
    """A tangent or reverse sweep in both arithmetics: a column of doubles, one of many digits, and the terms of an entry."""

    where: Where

    def __init__(self, search: _Search, doubles: Sequence[Any], rights: Sequence[Any]) -> None:
        self.search = search
        self._doubles = doubles
        self._rights = rights

    def double(self, slot: int) -> Any:
        value = self._doubles[slot]
        return 0.0 if value is None else value

    def right(self, slot: int) -> Any:
        value = self._rights[slot]
        return self.search.arithmetic.zero if value is None else value

    def terms(self, slot: int) -> Iterator[_Term]:
        raise NotImplementedError

    def _term(self, before: int, slot: int, argument: int) -> _Term | None:
        at = self.search.list.span(slot)[0] + argument
        partial, right_partial = self.search.floats.partials[at], self.search.precise.partials[at]
        if partial is None or right_partial is None or self._rights[before] is None:
            return None
        value, right = self.double(before) * partial, self.right(before) * right_partial
        return _Term(before, slot, argument, partial, right_partial, right, _distance(value, right))


class _Reverse(_Linear):
    where = "adjoint"

    def __init__(self, search: _Search, of: str) -> None:
        wl = search.list
        rights = search.precise.adjoints.get(of)
        if rights is None:
            rights = sweeps.adjoints(wl, search.precise.partials, wl.slots[of], search.arithmetic)
        super().__init__(search, search.floats.adjoints[of], rights)
        self._uses: dict[int, list[tuple[int, int]]] = {}
        for slot in wl.statements():
            if rights[slot] is not None:
                for j, o in enumerate(wl.operands_of(slot)):
                    if o >= 0:
                        self._uses.setdefault(o, []).append((slot, j))

    def terms(self, slot: int) -> Iterator[_Term]:
        for user, argument in self._uses.get(slot, ()):
            term = self._term(user, user, argument)
            if term is not None:
                yield term


class _Forward(_Linear):
    where = "tangent"

    def __init__(self, search: _Search, wrt: str) -> None:
        wl = search.list
        seed: Mapping[str, int | None] = {wrt: None}
        if wrt == "seed" and wl.model.seed is not None:
            seed = wl.model.seed
        made: dict[int, Any] = {
            wl.slots[x]: search.arithmetic.one if root is None else sweeps.constant(wl, root, search.rules)
            for x, root in seed.items()
        }
        rights = search.precise.tangents.get(wrt)
        if rights is None:
            rights = sweeps.tangents(wl, search.precise.partials, made, search.arithmetic)
        super().__init__(search, search.floats.tangents[wrt], rights)

    def terms(self, slot: int) -> Iterator[_Term]:
        if slot < self.search.list.inputs:
            return
        for j, o in enumerate(self.search.list.operands_of(slot)):
            if o >= 0:
                term = self._term(o, slot, j)
                if term is not None:
                    yield term


def _error(value: Any, right: Any) -> float:
    """The relative error of a double, infinite for a double that is no number where the right value is one; 0 where there is
    nothing to compare with."""
    if right is None or value is None or right != right:
        return 0.0
    if not math.isfinite(value):
        return 0.0 if value == right else math.inf
    if value == right:
        return 0.0
    return math.inf if right == 0 else float(abs((right - value) / right))


def _distance(value: Any, right: Any) -> Any:
    """The absolute error: 0 where one of them is no number at all."""
    if value is None or right is None or value != value or right != right:
        return 0.0
    return abs(right - value)
