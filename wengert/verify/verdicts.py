"""Verdicts: what the witnesses said of each derivative, put together (design, section 7).

The judge's answers come from another process and know the model alone. Here our own list is swept in 50 digits and more,
with the textbook form of each rule and with its stable form, and our printed formulas are evaluated; each derivative gets
the verdict that the comparison deserves, with the witness that gave it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from wengert.lang.model import Key
from wengert.sweep.arithmetics import digits
from wengert.sweep.exact import Exact
from wengert.sweep.formulas import Formulas
from wengert.sweep.losses import DOUBLE, digits_wrong
from wengert.sweep.trace import Trace
from wengert.tape.record import CONVENTIONS
from wengert.verify import other_numbers, roundings
from wengert.verify.accumulation import accumulates
from wengert.verify.answers import COMPLEX_STEP, Answers
from wengert.verify.witness import Ours, TooFar, Undefined

ORDER = ("proved", "agrees", "imprecise", "kink", "unchecked", "failed")  # from best to worst
AGREEMENT = 25  # digits to which our list and the judge must be equal
FLOAT_AGREEMENT = 9  # digits to which the printed double must be right
JUDGED = 35  # digits of the judge's figures that are certain
SEEN = 60  # digits down to which a difference quotient of 0 speaks; the complex step sees PRECISIONS[1]
SLACK = 20  # digits of a working precision that rounding may use up
PRECISIONS = (60, 200, 1200)  # our list is swept with more digits before a difference counts
TOO_FAR = "the values grow beyond what can be compared"
TAKEN_FOR_0 = "the judge's figures take it for 0, the list has {}"
HIDDEN = "hidden"
UNSEEN = 400  # digits with which the judge may take a derivative for 0
SIDES = {"inf": math.inf, "-inf": -math.inf}
FORMULA_POINTS = 2  # random points at which a printed formula is evaluated
AHEAD, AHEAD_OUTPUTS = 2_000, 4  # statements of a list, and outputs, that are swept before it is known that it must be
MOST_NAMED = 6  # statements in a sentence


class NotZero(Exception):
    """The judge's figure is 0, our value is not, and more digits do not change it; the text is that value, `compared` the same
    with digits to spare."""

    def __init__(self, text: str, compared: str) -> None:
        super().__init__(text)
        self.compared = compared


@dataclass(frozen=True)
class Check:
    """What is known of one derivative. `reference` is the judge's value in decimal digits; `value` is what is to be printed
    where it is not the sweep's own (a derivative that exists at a kink); `one_sided` (left, right), None for none."""

    key: Key
    verdict: str
    witness: str | None = None
    reference: str | None = None
    one_sided: tuple[float | None, float | None] | None = None
    reason: str | None = None
    lost: int | None = None  # digits that double precision lost
    value: str | None = None


@dataclass(frozen=True)
class Value:
    """What is known of the printed value of an output: agrees, imprecise, unchecked or failed. `reference` is the judge's
    value in decimal digits."""

    verdict: str
    reference: str | None = None
    lost: int | None = None  # digits that double precision lost
    reason: str | None = None


Known = TypeVar("Known", Check, Value)


@dataclass(frozen=True)
class Verification:
    """The verdict of the whole is the worst of its rows: of the derivatives, and of the outputs' values by name."""

    checks: dict[Key, Check]
    verdict: str
    notes: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    rules: tuple[int, int] = (0, 0)  # proved, asked
    reformulations: dict[str, dict[str, Any]] = field(default_factory=dict)  # the judge's answers, by key


def verify(
    trace: Trace | None, ours: Ours, keys: Sequence[Key], formulas: Formulas | None,
    answers: Iterable[dict[str, Any]], deadline: float = math.inf,
) -> Verification:  # fmt: skip
    """The verdict of every derivative. `trace` is None where there is no point (`diff` without `--at`). What is not
    compared by the deadline (time.monotonic) stays unchecked."""
    collected = Answers()
    judgement = _Judgement(trace, ours, formulas, collected)
    for answer in answers:
        collected.take(answer)
        judgement.look_ahead(answer)
    judgement.settle()
    late = Check((), "unchecked", reason="the budget ran out before this was compared (--budget gives more)")
    checks = {key: judgement.check(key) if time.monotonic() < deadline else replace(late, key=key) for key in keys}
    values = {} if trace is None else {of: judgement.value(of) for of in ours.outputs}
    faults = bool(judgement.faults)
    unexplained: str | None = None
    said: tuple[str, ...] = ()
    if trace is not None and trace.choice.digits is None and _in_doubt(checks, values):
        unexplained = roundings.unexplained(trace)
        said = () if len(trace.list) <= roundings.MOST else (roundings.TOO_LONG,)
    if unexplained is not None:
        checks = {key: _fails(check, unexplained) for key, check in checks.items()}
        values = {of: _fails(value, unexplained) for of, value in values.items()}
    other = None if trace is None else other_numbers.fault(trace)
    verdict = _worst([c.verdict for c in checks.values()], [v.verdict for v in values.values()], faults)
    if any(answer["status"] == "wrong" for answer in collected.reformulations.values()):
        verdict = "failed"
    rules = [r for key, r in collected.rules.items() if not key.endswith("/stable")]
    proved = sum(r["status"] == "proved" for r in rules)
    wrong = {of: value for of, value in values.items() if value.verdict in ("imprecise", "failed")}
    printed = [f"The value of {of} is {value.verdict}: {value.reason}." for of, value in wrong.items()]
    notes = tuple(dict.fromkeys((*collected.notes, *said, *printed)))
    found = Verification(checks, verdict, notes, values, (proved, len(rules)), collected.reformulations)
    return found if other is None else failed(found, other)


DOUBTFUL = ("imprecise", "kink")  # verdicts that let a double differ from many digits


def _in_doubt(checks: Mapping[Key, Check], values: Mapping[str, Value]) -> bool:
    return any(v in DOUBTFUL for v in (*(c.verdict for c in checks.values()), *(v.verdict for v in values.values())))


def _fails(known: Known, reason: str) -> Known:
    """A double that differs fails, where rounding does not explain the doubles that it comes of."""
    return replace(known, verdict="failed", reason=reason, lost=None) if known.verdict in DOUBTFUL else known


def _worst(derivatives: list[str], values: list[str], faults: bool) -> str:
    """A derivative that is checked speaks for its output's value too, unless that is known to be wrong."""
    if not derivatives:
        return "failed" if faults else max(values, key=ORDER.index, default="agrees")
    return max(*derivatives, *(v for v in values if v in ("imprecise", "failed")), "proved", key=ORDER.index)


def failed(found: Verification, reason: str) -> Verification:
    """Every row failed, for one reason where it has none of its own."""

    def wrong(known: Known) -> Known:
        return known if known.verdict == "failed" else replace(known, verdict="failed", reason=reason, lost=None)

    checks = {key: wrong(check) for key, check in found.checks.items()}
    values = {of: wrong(value) for of, value in found.values.items()}
    return replace(found, checks=checks, values=values, verdict="failed")


def unchecked(keys: Sequence[Key], reason: str) -> Verification:
    """Every row open, for one reason."""
    checks = {key: Check(key, "unchecked", reason=reason) for key in keys}
    return Verification(checks, "unchecked", (reason,))


class _Judgement:
    """What needs no answer is reckoned first, what needs a single one when that is there: the judge works meanwhile."""

    def __init__(self, trace: Trace | None, ours: Ours, formulas: Formulas | None, answers: Answers) -> None:
        self.trace = trace
        self.ours = ours
        self.formulas = formulas
        self.answers = answers
        self.accumulates = accumulates(ours.list, ours.outputs, ours.wrt) if ours.wrt else True
        self.faults: dict[str, str] = {}
        self.ahead = len(ours.list) <= AHEAD
        digits(PRECISIONS[0])  # loads mpmath
        if self.ahead and trace is not None:
            for precision in PRECISIONS[:2]:
                self._sweep(precision, None)

    def look_ahead(self, answer: dict[str, Any]) -> None:
        """Sweep the list where the judge has been. The columns are kept; what they say is asked when all answers are in."""
        if self.ahead and answer.get("kind") == "random":
            self._sweep(PRECISIONS[0], answer["point"])
            if len(self.answers.randoms) <= 2 * FORMULA_POINTS:
                self._sweep(PRECISIONS[1], answer["point"])

    def settle(self) -> None:
        """All answers are in."""
        self.faults = dict(self._faults_of_outputs())

    def _sweep(self, precision: int, point: Any) -> None:
        for of in self.ours.outputs[:AHEAD_OUTPUTS]:
            for stable in (False, True) if precision == PRECISIONS[0] else (False,):
                with suppress(Undefined):
                    self.ours.value(of, precision, stable, point)
                    self.ours.adjoints(of, precision, stable, point)

    # -- what speaks against a whole output

    def _faults_of_outputs(self) -> Iterator[tuple[str, str]]:
        wrong = next((r for r in self.answers.rules.values() if r["status"] == "wrong"), None)
        for of in self.ours.outputs:
            if wrong is not None:
                yield of, f"the rule of {wrong['key'].partition('/')[0]}: {wrong['reason']}"
                continue
            if not self.accumulates:
                yield of, "the forward and the reverse sweep of this list differ"
                continue
            reference = self.answers.values.get(of)
            if reference is not None and self.trace is not None:
                fault = self._value_fault(of, reference)
                if fault:
                    yield of, fault
                    continue
            for answer in self.answers.randoms:
                if answer["of"] == of and "wrt" not in answer:
                    fault = self._random_fault(answer)
                    if fault:
                        yield of, fault
                        break
            else:
                for answer in self.answers.directions:
                    if answer["of"] == of and (fault := self._direction_fault(answer)):
                        yield of, fault
                        break

    def _value_fault(self, of: str, reference: str) -> str | None:
        if self._both(lambda d, s: self.ours.value(of, d, s), reference) is not False:
            return self._gap(of, None)
        return f"the value of {of} is {_short(reference)}, the list has {self.ours.shown_value(of)}"

    def _random_fault(self, answer: dict[str, Any]) -> str | None:
        point, direction, of = answer["point"], answer["direction"], answer["of"]
        where = ", ".join(f"{x} = {v}" for x, v in list(point.items())[:4])
        if self._both(lambda d, s: self.ours.value(of, d, s, point), answer["value"]) is False:
            return f"the value of {of} differs at {where}"
        if gap := self._gap(of, point):
            return gap
        slope = self._both(
            lambda d, s: self.ours.slope(of, direction, d, s, point), answer["slope"],
            lambda d, s: self.ours.slope_size(of, direction, d, s, point), method=answer["method"],
        )  # fmt: skip
        if slope is False:
            return f"the slope of {of} differs at {where}"
        return None

    def _gap(self, of: str, point: Mapping[str, str] | None) -> str | None:
        """Whether a definition has no value of its own where the judge has one, and so says nothing of the stable form."""
        try:
            self.ours.value(of, PRECISIONS[0], False, point)
        except TooFar:
            return None
        except Undefined:
            name = self.ours.without_value(PRECISIONS[1], point)
            return None if name is None else f"the definition of {name} has no value where {of} has one"
        return None

    def _direction_fault(self, answer: dict[str, Any]) -> str | None:
        of, direction = answer["of"], answer["direction"]
        slope = self._both(
            lambda d, s: self.ours.slope(of, direction, d, s), answer["value"],
            lambda d, s: self.ours.slope_size(of, direction, d, s), method=answer["method"],
        )  # fmt: skip
        if slope is False:
            return f"the slope of {of} along a random direction differs"
        return None

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
            if Decimal(reference).is_zero() and _is_hidden(swept, PRECISIONS[-1]):
                return Value("unchecked", reason=TAKEN_FOR_0.format(_figure(swept)))
            return Value("failed", reference, reason=f"the judge has {_short(reference)}, the sweep {_figure(swept)}")
        return Value("imprecise", reference, lost, _lost_words(lost, reference))

    # -- one derivative

    def check(self, key: Key) -> Check:
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
        formula_fault = self._formula_fault(key)
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
            said = self._both(
                lambda d, s: self.ours.derivative(key, d, s), reference, lambda d, s: self.ours.derivative_size(key, d, s),
                tell=True, method=answer["method"],
            )  # fmt: skip
        except NotZero as found:  # the judge's figure has too few digits to see it; sympy's formula may speak for ours
            if self._proof(check).verdict != "proved":
                return replace(check, verdict="unchecked", reason=TAKEN_FOR_0.format(found))
            said, reference, compared = True, str(found), found.compared
            check = replace(check, witness="sympy's derivative, in 25 digits", reference=reference)
        if said is None:
            return replace(check, verdict="unchecked", reason=TOO_FAR)
        if not said:
            ours = self.ours.shown_derivative(key)
            if self.trace is not None and self.trace.kinks:
                return replace(check, value=reference, reason=_exists(self.trace, key, reference, ours))
            return replace(check, verdict="failed", reason=f"the judge has {_short(reference)}, the list {ours}")
        formula_fault = formula_fault or self._tangent_fault(key, compared) or self._exact_fault(key, compared)
        if formula_fault:
            return replace(check, verdict="failed", reason=formula_fault)
        if self.trace is not None:
            lost = self._lost(self.trace.figure(key), reference)
            if lost and self.trace.choice.digits is not None:
                if Decimal(reference).is_zero() and _is_hidden(self.trace.figure(key), UNSEEN):
                    return replace(check, verdict="unchecked", reason=TAKEN_FOR_0.format(_figure(self.trace.figure(key))))
                ours = self.ours.shown_derivative(key)
                return replace(check, verdict="failed", reason=f"the judge has {_short(reference)}, the sweep {ours}")
            if lost:
                return replace(check, verdict="imprecise", lost=lost, reason=_lost_words(lost, reference))
        return self._proof(check)

    def _tangent_fault(self, key: Key, reference: str) -> str | None:
        """Whether the forward sweep, where one is shown, has the same derivative as the reverse sweep."""
        if self.trace is None or len(key) > 2 or key[1] not in self.trace.columns.tangents:
            return None
        size = lambda d, s: self.ours.derivative_size(key, d, s)  # noqa: E731
        if self._both(lambda d, s: self.ours.tangent(key, d, s), reference, size) is not False:
            return None
        return f"the judge has {_short(reference)}, the forward sweep another value"

    def _exact_fault(self, key: Key, reference: str) -> str | None:
        """Whether the number without rounding, where one is shown, is another number."""
        if self.trace is None or not self.trace.choice.exact:
            return None
        exact, arithmetic = self.trace.exact_figure(key), self.trace.unrounded.arithmetic
        if not isinstance(arithmetic, Exact) or exact is None or exact == arithmetic.undefined:
            return None
        value = arithmetic.value_in(exact, PRECISIONS[1])  # where terms cancel, most of these digits may be lost
        c = digits(PRECISIONS[0]).context
        target = digits(PRECISIONS[0]).decimal(reference)
        if value is None or value != value or abs(c.mpf(value) - target) <= _tolerance(max(abs(target), c.mpf(1)), AGREEMENT):
            return None
        return f"the judge has {_short(reference)}, the exact number is {c.nstr(c.mpf(value), 12)}"

    def _lost(self, value: Any, reference: str) -> int | None:
        """How many digits of the printed number are wrong, None where it is as good as it claims."""
        assert self.trace is not None
        claimed = self.trace.choice.digits
        return _digits_lost(value, reference, FLOAT_AGREEMENT if claimed is None else min(claimed, JUDGED))

    def _kink(self, key: Key) -> Check:
        answer = self.answers.one_sided[key]
        sides = (_side(answer.get("left")), _side(answer.get("right")))
        return Check(key, "kink", "50 digits, one-sided limits", one_sided=sides, reason=answer.get("reason"))

    def _proof(self, check: Check) -> Check:
        proof = self.answers.proofs.get(check.key)
        if proof is None or proof["status"] != "proved":
            reason = None if proof is None else proof.get("reason")
            return replace(check, reason=check.reason or reason)
        return replace(check, verdict="proved", witness="sympy")

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
                    written = self.ours.formula(self.formulas.nodes, root, PRECISIONS[1], point)
                    swept = self.ours.derivative(key, PRECISIONS[1], False, point)
                    size = self.ours.derivative_size(key, PRECISIONS[1], False, point)
                except Undefined:
                    continue
                if abs(written - swept) > _tolerance(size + abs(swept), AGREEMENT):
                    return "the printed formula has another value than the list"
        return None

    def _entry_holds(self, key: Key, entry: dict[str, Any]) -> bool | None:
        point = entry["point"]
        return self._both(
            lambda d, s: self.ours.derivative(key, d, s, point), entry["slope"],
            lambda d, s: self.ours.derivative_size(key, d, s, point), method=entry["method"],
        )  # fmt: skip

    def _why_open(self) -> str:
        if self.answers.stopped:
            return self.answers.stopped
        return self.answers.notes[0] if self.answers.notes else "the judge gave no answer"

    def _both(
        self, ours: Any, reference: str | None, size: Any = None, tell: bool = False, method: str | None = COMPLEX_STEP
    ) -> bool | None:
        """Whether our value, from the textbook form of the rules and from their stable form, equals the reference; None where
        it grows beyond what can be compared. A value too small for the reference's digits, which depend on its `method`, is no
        difference; with `tell` it raises NotZero.

        A form that has no value here (0·ln 0) says nothing, nor does one whose digits leave nothing of a small value (erfc(60)
        as 1 − erf(60)); that neither has one is a difference.
        """
        if reference is None or reference in SIDES:
            return True
        seen = PRECISIONS[1] - SLACK if method == COMPLEX_STEP else SEEN
        try:
            said = [
                self._close(lambda d, s=s: ours(d, s), reference, size and (lambda d, s=s: size(d, s)), seen)
                for s in (False, True)
            ]
        except TooFar:
            return None
        except NotZero:
            if tell:
                raise
            return True
        if HIDDEN in said and False not in said and True not in said:
            return None
        return False not in said and True in said

    def _close(self, ours: Any, reference: str, size: Any, seen: int) -> bool | str | None:
        """Whether our value equals the reference to 25 digits, with as many working digits as that takes; None for no value,
        HIDDEN where both are so small that the working digits may have lost ours. A reference of 0 is one to `seen` digits."""
        zero = Decimal(reference).is_zero()  # a Fraction of 1e+21776789817 would not fit anywhere
        before: tuple[int, Any] | None = None
        known: Any = None  # our value, where it is to be measured against 0
        for precision in PRECISIONS[1:] if zero else PRECISIONS:
            try:
                value = ours(precision)
                c = digits(precision).context
                target = digits(precision).decimal(reference)
                scale = size(precision) if zero and size else abs(target)
            except TooFar:
                raise
            except Undefined as problem:
                if before is not None:  # at the edge of a domain, rounding decides on which side: nothing can be compared
                    raise TooFar from problem
                continue  # with more digits it may have a value: acosh(1 + 1e-90)
            if c.isnan(value):
                continue
            if abs(value - target) <= _tolerance(scale, AGREEMENT):
                return True
            if before is not None and abs(value - target) <= before[1] * c.mpf(10) ** -((precision - before[0]) // 5):
                return True  # what is left of the difference is rounding: sqrt(sin(x)) at pi, where sin is 0 but for 60 digits
            before = (precision, abs(value - target))
            if zero and abs(value) <= c.mpf(10) ** -seen:
                if known is not None and abs(value - known) > abs(known) / 2:
                    return True  # what rounding leaves of a 0: it shrinks as digits are added
                if known is not None:
                    raise NotZero(str(c.nstr(value, AGREEMENT)), str(c.nstr(value, AGREEMENT + SLACK)))
                known = value
        if before is None:
            return None
        return HIDDEN if not zero and _is_hidden(target, precision) and _is_hidden(value - target, precision) else False


def _is_hidden(value: Any, precision: int) -> bool:
    """Whether a sum of ordinary numbers in so many digits may come to 0 where it should come to this."""
    return bool(abs(value) <= digits(precision).context.mpf(10) ** -(precision - SLACK))


def _figure(value: Any) -> str:
    """A number of many digits to twelve of them, however small it is."""
    c = digits(PRECISIONS[0])
    return str(c.context.nstr(c.zero + value, 12)).removesuffix(".0")


def _tolerance(scale: Any, agreement: int) -> Any:
    return scale * 10 ** (-agreement)


def _exists(trace: Trace, key: Key, reference: str, ours: str) -> str:
    """That the derivative exists although statements stand at kinks, and what the sweep makes of their slopes."""
    sides = "the slopes on both sides agree" if len(key) == 2 else "the limits from both sides agree"
    reached = trace.columns.adjoints.get(key[0])
    found = [(slot, met) for slot, kinks in trace.met for met in kinks if reached is None or reached[slot] is not None]
    system = CONVENTIONS.get(trace.choice.convention)
    nans = [slot for slot, met in found if met.undefined_by(trace.choice.convention)]
    figure = trace.figure(key)
    several = len({slot for slot, _ in found}) > 1
    if nans:
        names = _names(trace, nans)
        leads = f"{system}'s nan at {names} {'leave' if len(set(nans)) > 1 else 'leaves'} the sweep without a value"
    elif figure != figure:
        names = _names(trace, [slot for slot, _ in found])
        where = f"The {'slopes' if several else 'slope'} at {names} {'lead' if several else 'leads'} the sweep to"
        leads = f"{where} {'∞·0, which has no value' if trace.without_product else 'no value'}"
    else:
        whose = f"{system}'s slopes" if system else "The conventions" if several else "The convention"
        names = _names(trace, [slot for slot, _ in found])
        lead = "lead" if system or several else "leads"
        leads = f"{whose} at {names} {lead} the sweep to {ours}, which is not the derivative"
    return f"exists at this point and is {_short(reference)}: {sides}. {leads}."


def _names(trace: Trace, slots: Sequence[int]) -> str:
    """The statements by name: `v1 and v3`."""
    names = [trace.list.name(slot) for slot in dict.fromkeys(slots)]
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _side(text: Any) -> float | None:
    if text is None:
        return None
    return SIDES[text] if text in SIDES else float(text)


def _digits_lost(value: Any, reference: str, claimed: int) -> int | None:
    """How many of the digits of a double are wrong, None where as many as it claims are right."""
    if value - value != 0:
        return DOUBLE
    c = digits(PRECISIONS[0]).context
    target = digits(PRECISIONS[0]).decimal(reference)
    error = abs(c.mpf(value) - target)
    if error <= abs(target) * _tolerance(c.mpf(1), claimed):
        return None
    return DOUBLE if target == 0 or error >= abs(target) else digits_wrong(float(error / abs(target)))


def _lost_words(lost: int, reference: str) -> str:
    much = "every digit" if lost >= DOUBLE else f"{lost} of {DOUBLE} digits"
    return f"double precision lost {much}; the right value is {_short(reference)}"


def _short(reference: str) -> str:
    mantissa, sign, exponent = f"{Decimal(reference):.12g}".partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + sign + exponent
