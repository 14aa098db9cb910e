"""Verdicts: what the witnesses said of each derivative, put together (design, section 7).

The judge's answers come from another process and know the model alone. Here our own list is swept in 50 digits and more,
with the textbook form of each rule and with its stable form, and our printed formulas are evaluated; each derivative gets
the verdict that the comparison deserves, with the witness that gave it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

from wengert.lang.model import Key
from wengert.sweep.arithmetics import digits
from wengert.sweep.exact import Exact
from wengert.sweep.formulas import Formulas
from wengert.sweep.trace import Trace
from wengert.verify import other_numbers, roundings
from wengert.verify.accumulation import accumulates
from wengert.verify.answers import Answers
from wengert.verify.checks import Check, Value, Verification, failed, fails, in_doubt, worst
from wengert.verify.comparison import (
    AGREEMENT,
    FLOAT_AGREEMENT,
    JUDGED,
    PRECISIONS,
    SIDES,
    UNSEEN,
    NotZero,
    both,
    digits_lost,
    is_hidden,
    tolerance,
)
from wengert.verify.output_faults import Outputs
from wengert.verify.reasons import COUNTED_AS_0, NO_PROOF, ON_EDGE, TAKEN_FOR_0, TOO_FAR, exists, lost_words, short, shown
from wengert.verify.request import is_stable
from wengert.verify.witness import Late, OnEdge, Ours, TooFar, Undefined

FORMULA_POINTS = 2  # random points at which a printed formula is evaluated
AHEAD, AHEAD_OUTPUTS = 2_000, 4  # statements of a list, and outputs, that are swept before it is known that it must be


def verify(
    trace: Trace | None, ours: Ours, keys: Sequence[Key], formulas: Formulas | None,
    answers: Iterable[dict[str, Any]], rules: int = 0,
) -> Verification:  # fmt: skip
    """The verdict of every derivative. `trace` is None where there is no point (`diff` without `--at`). What is not
    compared by the deadline of `ours` stays unchecked. `rules` is how many of them the judge was asked to prove."""
    collected = Answers()
    judgement = _Judgement(trace, ours, formulas, collected, keys)
    for answer in answers:
        collected.take(answer)
        judgement.look_ahead(answer)
    judgement.settle()
    checks = {key: judgement.check(key) for key in keys}
    values = {} if trace is None else {of: judgement.value(of) for of in ours.outputs}
    faults = bool(judgement.faults)
    unexplained: str | None = None
    said: tuple[str, ...] = ()
    if trace is not None and trace.choice.digits is None and in_doubt(checks, values):
        unexplained = roundings.unexplained(trace)
        said = () if len(trace.list) <= roundings.MOST else (roundings.TOO_LONG,)
    if unexplained is not None:
        checks = {key: fails(check, unexplained) for key, check in checks.items()}
        values = {of: fails(value, unexplained) for of, value in values.items()}
    other = None if trace is None else other_numbers.fault(trace)
    verdict = worst([c.verdict for c in checks.values()], [v.verdict for v in values.values()], faults)
    if any(answer["status"] == "wrong" for answer in collected.reformulations.values()):
        verdict = "failed"
    proved = sum(r["status"] == "proved" and not is_stable(r) for r in collected.rules.values())
    wrong = {of: value for of, value in values.items() if value.verdict in ("imprecise", "failed")}
    printed = [f"The value of {of} is {value.verdict}: {value.reason}." for of, value in wrong.items()]
    notes = tuple(dict.fromkeys((*collected.notes, *said, *printed)))
    found = Verification(checks, verdict, notes, values, (proved, rules), collected.reformulations)
    return found if other is None else failed(found, other)


class _Judgement:
    """What needs no answer is reckoned first, what needs a single one when that is there: the judge works meanwhile."""

    def __init__(
        self, trace: Trace | None, ours: Ours, formulas: Formulas | None, answers: Answers, keys: Sequence[Key]
    ) -> None:
        self.trace = trace
        self.ours = ours
        self.formulas = formulas
        self.answers = answers
        self.keys = keys
        self.evaluated = False  # whether the printed formulas have been, as far as time allowed
        self.looked: dict[Key, str | None] = {}  # what was found out of them
        self.accumulates = accumulates(ours.list, ours.outputs, ours.wrt) if ours.wrt else True
        self.faults: dict[str, str] = {}
        self.late = False  # whether time ran out before every output was compared as a whole
        self.ahead = len(ours.list) <= AHEAD
        digits(PRECISIONS[0])  # loads mpmath
        if self.ahead and trace is not None:
            for precision in PRECISIONS[:2]:
                self._sweep(precision, None)

    def look_ahead(self, answer: dict[str, Any]) -> None:
        """Sweep the list where the judge has been, and when all his figures are there, evaluate the printed formulas. What is
        found is kept, and asked for when all answers are in."""
        if self.ahead and answer.get("kind") in ("rule", "proof") and not self.evaluated:
            self.evaluated = True
            with suppress(Late):
                for key in self.keys:
                    self.looked[key] = self._formula_fault(key)
        if self.ahead and answer.get("kind") == "random":
            self._sweep(PRECISIONS[0], answer["point"])
            if len(self.answers.randoms) <= 2 * FORMULA_POINTS:
                self._sweep(PRECISIONS[1], answer["point"])

    def settle(self) -> None:
        """All answers are in."""
        try:
            self.faults = Outputs(self.ours, self.answers, self.trace is not None, self.accumulates).faults()
        except Late:
            self.late = True

    def _sweep(self, precision: int, point: Any) -> None:
        for of in self.ours.outputs[:AHEAD_OUTPUTS]:
            for stable in (False, True) if precision == PRECISIONS[0] else (False,):
                with suppress(Undefined, Late):
                    self.ours.value(of, precision, stable, point)
                    self.ours.adjoints(of, precision, stable, point)

    # -- the value of an output

    def value(self, of: str) -> Value:
        """Whether the number printed for an output is right: a double to 9 digits."""
        assert self.trace is not None
        reference = self.answers.values.get(of)
        if of in self.faults:
            return Value("failed", reference, reason=self.faults[of])
        if reference is None:
            return Value("unchecked", reason=self._why_open())
        lost = self._lost(self.trace.values[self.ours.list.slots[of]], reference)
        if not lost:
            return Value("agrees", reference)
        if self.trace.choice.digits is not None:
            swept = self.trace.values[self.ours.list.slots[of]]
            if Decimal(reference).is_zero() and is_hidden(swept, PRECISIONS[-1]):
                return Value("unchecked", reason=TAKEN_FOR_0.format(shown(swept)))
            return Value("failed", reference, reason=f"the judge has {short(reference)}, the sweep {shown(swept)}")
        return Value("imprecise", reference, lost, lost_words(lost, reference))

    # -- one derivative

    def check(self, key: Key) -> Check:
        """The verdict of a derivative."""
        if not self.late and time.monotonic() < self.ours.deadline:
            with suppress(Late):
                return self._compared(key)
        return Check(key, "unchecked", reason="the budget ran out before this was compared (--budget gives more)")

    def _compared(self, key: Key) -> Check:
        of, *wrt = key
        if of in self.faults:
            reference = self.answers.derivatives.get(key, {}).get("value")
            return Check(key, "failed", "50 digits", reference, reason=self.faults[of])
        if key in self.answers.one_sided:
            return self._kink(key)
        answer = self.answers.derivatives.get(key)
        asked = [r for r in self.answers.randoms if r["of"] == of and r.get("wrt") == wrt]
        held = [said for r in asked if (said := self._entry_holds(key, r)) is not None]
        if asked and not held and answer is None:
            return Check(key, "unchecked", reason=TOO_FAR)
        if answer is None and not held and not (len(wrt) == 1 and self._along_directions(of)):
            return Check(key, "unchecked", reason=self._why_open())
        formula_fault = self.looked[key] if key in self.looked else self._formula_fault(key)
        if not all(held):
            formula_fault = formula_fault or "it differs at a random point"
        if answer is None:
            if formula_fault:
                return Check(key, "failed", "50 digits", reason=formula_fault)
            witness = "50 digits, random points" if held else "50 digits, random directions"
            return self._proof(Check(key, "agrees", witness))
        return self._at_point(key, answer, formula_fault)

    def _at_point(self, key: Key, answer: dict[str, Any], formula_fault: str | None) -> Check:
        reference, witness = answer["value"], f"50 digits, {answer['method']}"
        if reference is None or reference in SIDES:
            return Check(key, "unchecked", witness, reason=answer.get("reason") or "the judge found no finite value")
        check, compared = Check(key, "agrees", witness, reference), reference
        try:
            said = both(
                lambda d, s: self.ours.derivative(key, d, s), reference, lambda d, s: self.ours.derivative_size(key, d, s),
                tell=True, method=answer["method"],
            )  # fmt: skip
        except NotZero as found:  # the judge's figure has too few digits to see it; sympy's formula may speak for ours
            if self._proof(check).verdict != "proved":
                return replace(check, verdict="unchecked", reason=TAKEN_FOR_0.format(found))
            said, reference, compared = True, str(found), found.compared
            check = replace(check, witness="sympy's derivative, in 25 digits", reference=reference)
        except TooFar:
            return replace(check, verdict="unchecked", reason=TOO_FAR)
        except OnEdge:
            return replace(check, verdict="unchecked", reason=ON_EDGE)
        if said is None:
            return replace(check, verdict="unchecked", reason=TOO_FAR)
        if not said:
            ours = self.ours.shown_derivative(key)
            if self.trace is not None and self.trace.kinks:
                return replace(check, value=reference, reason=exists(self.trace, key, reference, ours))
            return replace(check, verdict="failed", reason=f"the judge has {short(reference)}, the list {ours}")
        formula_fault = formula_fault or self._tangent_fault(key, compared) or self._exact_fault(key, compared)
        if formula_fault:
            return replace(check, verdict="failed", reason=formula_fault)
        if self.trace is not None:
            lost = self._lost(self.trace.figure(key), reference)
            if lost and self.trace.choice.digits is not None:
                if Decimal(reference).is_zero() and is_hidden(self.trace.figure(key), UNSEEN):
                    return replace(check, verdict="unchecked", reason=TAKEN_FOR_0.format(shown(self.trace.figure(key))))
                ours = self.ours.shown_derivative(key)
                return replace(check, verdict="failed", reason=f"the judge has {short(reference)}, the sweep {ours}")
            if lost:
                return replace(check, verdict="imprecise", lost=lost, reason=lost_words(lost, reference))
            if key in self.trace.counted:
                return replace(check, verdict="unchecked", reason=COUNTED_AS_0)
        return self._proof(check)

    def _tangent_fault(self, key: Key, reference: str) -> str | None:
        """Whether the forward sweep, where one is shown, has the same derivative as the reverse sweep."""
        if self.trace is None or len(key) > 2 or key[1] not in self.trace.columns.tangents:
            return None
        size = lambda d, s: self.ours.derivative_size(key, d, s)  # noqa: E731
        if both(lambda d, s: self.ours.tangent(key, d, s), reference, size) is not False:
            return None
        return f"the judge has {short(reference)}, the forward sweep another value"

    def _exact_fault(self, key: Key, reference: str) -> str | None:
        """Whether the number without rounding, where one is shown, is another number."""
        if self.trace is None or not self.trace.choice.exact:
            return None
        exact, arithmetic = self.trace.exact_figure(key), self.trace.unrounded.arithmetic
        if not isinstance(arithmetic, Exact) or exact is None or exact == arithmetic.undefined:
            return None
        c = digits(PRECISIONS[0]).context
        target = digits(PRECISIONS[0]).decimal(reference)
        enough = tolerance(max(abs(target), c.mpf(1)), AGREEMENT)
        for precision in PRECISIONS[1:]:  # where terms cancel, and in sin(10^300), most of these digits may be lost
            value = arithmetic.value_in(exact, precision)
            if value is None or value != value or abs(c.mpf(value) - target) <= enough:
                return None
        return f"the judge has {short(reference)}, the exact number is {c.nstr(c.mpf(value), 12)}"

    def _lost(self, value: Any, reference: str) -> int | None:
        """How many digits of the printed number are wrong, None where it is as good as it claims."""
        assert self.trace is not None
        claimed = self.trace.choice.digits
        return digits_lost(value, reference, FLOAT_AGREEMENT if claimed is None else min(claimed, JUDGED))

    def _kink(self, key: Key) -> Check:
        answer = self.answers.one_sided[key]
        sides = (_side(answer.get("left")), _side(answer.get("right")))
        return Check(key, "kink", "50 digits, one-sided limits", one_sided=sides, reason=answer.get("reason"))

    def _proof(self, check: Check) -> Check:
        proof = self.answers.proofs.get(check.key)
        if proof is None or proof["status"] != "proved":
            reason = self._why_cut(check.key) if proof is None else proof.get("reason")
            return replace(check, reason=check.reason or reason)
        return replace(check, verdict="proved", witness="sympy")

    def _why_cut(self, key: Key) -> str | None:
        """Why a proof that was asked for is not there."""
        formula = None if self.formulas is None else self.formulas.by_key.get(key)
        if formula is None or formula.root is None or self.answers.stopped is None:
            return None
        return NO_PROOF + self.answers.stopped

    def _along_directions(self, of: str) -> bool:
        """Whether random directions at the point (or, without a point, at random points) speak for the whole gradient."""
        if self.trace is not None:
            return any(a["of"] == of and a["value"] is not None for a in self.answers.directions)
        return any(a["of"] == of and "wrt" not in a for a in self.answers.randoms)

    def _formula_fault(self, key: Key) -> str | None:
        """Whether the formula that is printed has, at every point where the judge gave a value, the list's value."""
        formula = self.formulas.by_key.get(key) if self.formulas is not None else None
        if formula is None or formula.root is None or self.formulas is None:
            return None
        points: list[Any] = [None] if self.trace is not None and not self.trace.kinks else []
        points += [r["point"] for r in self.answers.randoms if r["of"] == key[0]][:FORMULA_POINTS]
        for point in points:
            for root in {formula.root, formula.named}:
                if root is None:
                    continue
                try:
                    written = self.ours.formula(self.formulas.nodes, root, PRECISIONS[1], point, key[0])
                    swept = self.ours.derivative(key, PRECISIONS[1], False, point)
                    size = self.ours.derivative_size(key, PRECISIONS[1], False, point)
                except Undefined:
                    continue
                if abs(written - swept) > tolerance(size + abs(swept), AGREEMENT):
                    return "the printed formula has another value than the list"
        return None

    def _entry_holds(self, key: Key, entry: dict[str, Any]) -> bool | None:
        point = entry["point"]
        return both(
            lambda d, s: self.ours.derivative(key, d, s, point), entry["slope"],
            lambda d, s: self.ours.derivative_size(key, d, s, point), method=entry["method"],
        )  # fmt: skip

    def _why_open(self) -> str:
        if self.answers.stopped:
            return self.answers.stopped
        return self.answers.notes[0] if self.answers.notes else "the judge gave no answer"


def _side(text: Any) -> float | None:
    if text is None:
        return None
    return SIDES[text] if text in SIDES else float(text)
