"""A trace: a Wengert list with what the sweeps computed on it.

`run` is the numeric pipeline: point, primal sweep, local partials, then tangents along each direction and adjoints of each
output, in the numbers that were chosen. The columns are as in `sweeps.py`. `shadow` is the same without any rounding, where
that can be: it says which of the printed numbers are exact, and with exact numbers it is what is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from wengert.errors import UsageError, ValueProblem
from wengert.lang.model import Key, Model
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Digits, Float
from wengert.sweep.choice import BESIDE, MODES, SHADOWED, STRICT, Choice
from wengert.sweep.columns import Columns, Directions, flat, sweep
from wengert.sweep.edges import raise_certain, raise_missed, raise_pole
from wengert.sweep.effort import PATIENCE, OutOfTime
from wengert.sweep.exact import Exact
from wengert.sweep.extended import Extended, ExtendedDigits
from wengert.sweep.faults import explain_kink
from wengert.sweep.higher import Higher, evaluate, higher
from wengert.sweep.many import raise_with_right_values, right_columns, right_figures
from wengert.sweep.point import point
from wengert.sweep.precise import Unsettled
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rounded import Rounded, round_nodes
from wengert.sweep.rules import Met, Rules
from wengert.sweep.underflow import underflows
from wengert.tape.wengert_list import WengertList

MOST_NAMED = 6  # in a warning


class Lacking(NamedTuple):
    """A product without a value: the statement and the argument (from 0), with the output whose adjoint is the other factor or
    the direction whose tangent is."""

    slot: int
    argument: int
    of: str | None
    direction: str | None


@dataclass(frozen=True)
class Trace:
    """The list, where it was swept (`mode`), and the columns in the numbers chosen.

    `wrt` and `outputs` are names, `directions` the seeds of the tangent sweeps by key: slot → component (as roots of constant
    expressions, None standing for 1). `rounded` is there where nodes were rounded, `higher` holds derivatives of higher
    order, and `counted` names those derivatives that are 0 only for want of digits.
    """

    list: WengertList
    mode: str
    outputs: tuple[str, ...]
    wrt: tuple[str, ...]
    directions: Directions
    active: bytearray
    choice: Choice
    columns: Columns
    warnings: tuple[str, ...] = ()
    rounded: Rounded | None = None
    derived: Higher | None = None
    higher: Mapping[Key, Any] = field(default_factory=dict)
    counted: frozenset[Key] = frozenset()

    @property
    def model(self) -> Model:
        return self.list.model

    @property
    def values(self) -> Sequence[Any]:
        return self.columns.values

    @cached_property
    def rules(self) -> Rules:
        """The rule table in the trace's numbers, with infinities."""
        digits = self.choice.digits
        return Rules(Extended() if digits is None else ExtendedDigits(digits + 20), convention=self.choice.partials)

    @property
    def arithmetic(self) -> Float | Digits:
        arithmetic = self.rules.arithmetic
        assert isinstance(arithmetic, (Float, Digits))
        return arithmetic

    def derivative(self, of: str, *wrt: str) -> float:
        """∂of/∂wrt as a double, of a higher order for several names, along the seed for wrt = "seed"; 0.0 where no path
        leads."""
        return float(self.figure((of, *wrt)))

    def figure(self, key: Key) -> Any:
        """The derivative in the trace's numbers."""
        return self.higher[key] if len(key) > 2 else _derivative(self.list, self.columns, key, self.arithmetic.zero)

    def pairs(self) -> Sequence[Key]:
        """The key of every derivative of first order that the trace gives; its name is "seed" along a direction."""
        names = tuple(self.directions) if self.seeded else self.wrt
        return [(of, x) for of in self.outputs for x in names]

    @property
    def seeded(self) -> bool:
        return "seed" in self.directions

    @cached_property
    def decimals(self) -> bool:
        """Whether the person wrote decimals: numbers are then shown so, where that is exact."""
        return any("." in text or "e-" in text for text in self.model.nodes.texts)

    @cached_property
    def unrounded(self) -> Rules:
        """The rule table in numbers that are never rounded: exact ones, or rationals alone."""
        if self.choice.exact:
            return Rules(Exact(decimals=self.decimals), stable=False, convention=self.choice.partials)
        return Rules(Rational(), convention=self.choice.partials)

    @cached_property
    def shadow(self) -> Columns | None:
        """The columns without rounding, undefined where a value is not known so; None for a long list."""
        if len(self.list) > SHADOWED:
            return None
        swept = (self.list, self.unrounded, self.active, self.outputs, self.directions)
        return sweep(*swept, strict=False, guide=self.values)

    @cached_property
    def right(self) -> Columns | None:
        """The columns in many digits, beside doubles that are in doubt; None where they were skipped, and where many digits
        have no certain value either."""
        return self._right[0]

    @property
    def skipped(self) -> str | None:
        """Why the columns in many digits were not worked out."""
        return self._right[1]

    @cached_property
    def _right(self) -> tuple[Columns | None, str | None]:
        if len(self.list) > SHADOWED:
            return None, f"the list has more than {SHADOWED:,} statements"
        choice = replace(self.choice, digits=BESIDE)
        reverse = bool(self.columns.adjoints)
        try:
            return right_columns(self.list, self.active, self.outputs, self.directions, reverse, choice).columns, None
        except ValueProblem:
            return None, None
        except OutOfTime as problem:
            return None, problem.title

    @cached_property
    def unbounded(self) -> bool:
        """Whether an entry of the columns is infinite or undefined."""
        return _unbounded(self.columns)

    @cached_property
    def overflows(self) -> bool:
        """Whether every infinity in the columns of doubles (and what is undefined for one) is an overflow alone: many digits
        have a value there."""
        if self.choice.digits is not None or not self.unbounded:
            return False
        return self.right is not None and not _unbounded(self.right)

    @cached_property
    def exact_higher(self) -> Mapping[Key, Any]:
        """The derivatives of higher order without rounding, where that can be."""
        if self.derived is None or len(self.derived.list) > SHADOWED:
            return {}
        return evaluate(self.derived, self.unrounded, point(self.list, self.unrounded, strict=False))

    def exact_figure(self, key: Key) -> Any:
        """The derivative without rounding, undefined where it is not known so."""
        if len(key) > 2:
            return self.exact_higher.get(key, self.unrounded.arithmetic.undefined)
        if self.shadow is None:
            return UNKNOWN
        return _derivative(self.list, self.shadow, key, self.unrounded.arithmetic.zero)

    def rounded_figure(self, key: Key) -> Any:
        """The derivative from the rounded nodes."""
        assert self.rounded is not None
        return _derivative(self.list, self.rounded.columns, key, self.rounded.arithmetic.zero)

    def exact_rounded_figure(self, key: Key) -> Any:
        """The derivative from the rounded nodes as a rational, UNKNOWN where it is not known so."""
        assert self.rounded is not None
        shadow = self.rounded.shadow
        return UNKNOWN if shadow is None else _derivative(self.list, shadow, key, self.unrounded.arithmetic.zero)

    def drift(self, key: Key) -> Any:
        """How far rounding the nodes has led the derivative away from the full-precision one; None where one is not finite."""
        assert self.rounded is not None
        columns, zero = self.rounded.full, self.rounded.arithmetic.zero
        full = None if columns is None else _derivative(self.list, columns, key, zero)
        return self.rounded.drift(self.rounded_figure(key), self.figure(key), full)

    @cached_property
    def kinks(self) -> Sequence[tuple[int, str]]:
        """(slot, sentence) of each statement that stands at a kink and is differentiated."""
        return [(slot, self.rules.told(met)) for slot, kinks in self.met for met in kinks]

    @cached_property
    def flat(self) -> Sequence[tuple[int, str]]:
        """(slot, sentence) of each statement that is differentiated where it is flat, as it is everywhere but at its kinks."""
        at_kinks = {slot for slot, _ in self.kinks}
        slots = [s for s in self.list.statements() if self.active[s] and self.list.primitive(s).flat]
        return [(slot, self.list.primitive(slot).flat) for slot in slots if slot not in at_kinks]

    @property
    def indefinite(self) -> bool:
        """Whether a product of local partials that have values has none: ∞·0, or ∞ − ∞."""
        columns = [*self.columns.adjoints.values(), *self.columns.tangents.values()]
        if not any(v is not None and v != v for column in columns for v in column):
            return False
        return not any(p is not None and p != p for p in self.columns.partials)

    @cached_property
    def without_product(self) -> Lacking | None:
        """The first product of a sweep that has no value although both factors have one: ∞·0."""
        mul, wl = self.arithmetic.mul, self.list
        for of in self.columns.adjoints:
            for c in sweeps.reverse(wl, self.columns.partials, wl.slots[of], self.arithmetic, [None] * len(wl)):
                if c.value != c.value and c.partial == c.partial and c.adjoint == c.adjoint:
                    return Lacking(c.slot, c.argument, of, None)
        for key, column in self.columns.tangents.items():
            for slot in wl.statements():
                first, _ = wl.span(slot)
                for j, o in enumerate(wl.operands_of(slot)):
                    factors = (self.columns.partials[first + j], column[o] if o >= 0 else None)
                    if None not in factors and all(x == x for x in factors) and mul(*factors) != mul(*factors):
                        return Lacking(slot, j, None, key)
        return None

    @property
    def met(self) -> Iterator[tuple[int, Sequence[Met]]]:
        """The kinks that each statement stands at and is differentiated at."""
        known = sweeps.constants(self.list, self.rules)
        for slot in self.list.statements():
            record = self.list.primitive(slot)
            if not self.active[slot] or not (record.kinks or record.elsewhere):
                continue
            operands = self.list.operands_of(slot)
            arguments = [self.values[o] if o >= 0 else known[-1 - o] for o in operands]
            moving = [j for j, o in enumerate(operands) if o >= 0 and self.active[o]]
            yield slot, self.rules.kinks_met(record, arguments, self.values[slot], moving)


def run(wl: WengertList, mode: str = "reverse", choice: Choice | None = None) -> Trace:
    """Sweep the list at the model's point. Raises ValueProblem where a value is missing or does not exist."""
    choice = choice or Choice()
    if mode not in MODES:
        raise UsageError(f"--mode is {mode}", hint=f"one of {', '.join(MODES)}")
    model = wl.model
    if model.seed is not None and mode == "reverse":
        mode = "forward"
    active = wl.depends_on(wl.slots_of(model.wrt))
    directions = _directions(wl, mode)
    swept = (wl, active, model.outputs, directions)
    warnings: tuple[str, ...] = ()
    zeros: list[str] = []
    counted: set[Key] = set()
    tried = 0
    reverse = mode != "forward"
    patient = replace(choice, seconds=PATIENCE * choice.seconds)
    if choice.digits is None:
        rules = Rules(Float(), convention=choice.partials)
        try:
            columns = sweep(wl, rules, *swept[1:], strict=True, reverse=reverse)
        except ValueProblem as problem:
            raise_with_right_values(*swept, problem, choice)
            raise
        raise_missed(wl, columns.values, rules)
        warnings = underflows(wl, columns)
    else:
        raise_certain(wl)
        try:
            columns, marks, tried = right_columns(*swept, reverse, patient)
        except Unsettled:
            raise_pole(wl)
            raise
        counted = _counted(wl, model.outputs, tuple(directions) if model.seed is not None else model.wrt, marks)
        zeros = [wl.name(slot) for slot, mark in enumerate(marks.values) if mark]
    rounded = None
    if choice.decimals is not None:
        rounded = round_nodes(*swept, choice.decimals, reverse, choice.partials, len(wl) <= SHADOWED)
    derived = None
    if choice.order > 1:
        derived = higher(wl, choice.order, stable=True)
    figures: dict[Key, Any] = {}
    if derived is not None and choice.digits is None:
        rules = Rules(Extended(), convention=choice.partials)
        figures = evaluate(derived, rules, point(derived.list, rules))
    elif derived is not None:
        figures, more, further = right_figures(derived, patient)
        counted |= more
        tried = max(tried, further)
    if choice.digits is not None:
        warnings = _for_want_of_digits(zeros, counted, tried)
    trace = Trace(
        wl, mode, model.outputs, model.wrt, directions, active, choice, columns, warnings, rounded, derived, figures,
        frozenset(counted),
    )  # fmt: skip
    if choice.convention == STRICT:
        _refuse_kinks(trace)
    return trace


def _directions(wl: WengertList, mode: str) -> dict[str, dict[int, int | None]]:
    model = wl.model
    if model.seed is not None:
        return {"seed": {wl.slots[x]: root for x, root in model.seed.items()}}
    if mode == "reverse":
        return {}
    return {x: {wl.slots[x]: None} for x in model.wrt}


def _counted(wl: WengertList, outputs: Sequence[str], names: Sequence[str], marks: Columns) -> set[Key]:
    """The derivatives of first order that are marked."""
    return {(of, x) for of in outputs for x in names if _derivative(wl, marks, (of, x), False)}


def _for_want_of_digits(statements: Sequence[str], derivatives: Set[Key], digits: int) -> tuple[str, ...]:
    """The warning of what counts as 0 in all the digits that were tried."""
    named = [*statements, *(f"the derivative of {key[0]} by {' and '.join(key[1:])}" for key in sorted(derivatives))]
    told = f"a number smaller than {digits:,} digits tell beside the terms that it comes from; it counts as 0"
    return (f"{' and '.join(named[:MOST_NAMED])} may be {told}",) if named else ()


def _unbounded(columns: Columns) -> bool:
    """Whether an entry is infinite or undefined."""
    return any(x is not None and x - x != 0 for x in flat(columns))


def _refuse_kinks(trace: Trace) -> None:
    for slot, kinks in trace.met:
        for met in kinks:
            raise explain_kink(trace.list, slot, trace.values, met.kink, trace.rules.number_at(met))


def _derivative(wl: WengertList, columns: Columns, key: Key, zero: Any) -> Any:
    of, wrt = key
    if of in columns.adjoints and wrt in wl.slots and wrt != "seed":
        value = columns.adjoints[of][wl.slots[wrt]]
    else:
        value = columns.tangents[wrt][wl.slots[of]]
    return zero if value is None else value
