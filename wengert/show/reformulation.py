"""The section on a loss and its activation: the long chain through σ′ and what it collapses to, with the judge's word on both.

The formulas are those of verify/reformulated.py. Values are worked out from the formulas as they stand, so that a long way that
divides by 0 in doubles is seen to fail where the short one does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from wengert.report import Report
from wengert.show.document import (
    Cell,
    Column,
    Derivative,
    Equation,
    Formula,
    Line,
    Math,
    Name,
    Number,
    Product,
    Row,
    Section,
    Sum,
    Words,
)  # fmt: skip
from wengert.show.figures import Figures, values_by_name
from wengert.show.gradient import MARKS
from wengert.show.notation import language
from wengert.show.numbers import is_finite
from wengert.show.words import networks as said
from wengert.show.words import tables as words
from wengert.sweep.arithmetics import FAULTS, Unknown
from wengert.sweep.evaluate import evaluate
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.verify.answers import REFORMULATION
from wengert.verify.reformulated import Meeting

MOST_TERMS = 4  # of a sum over the outputs that is written out
MOST_DRAWN = 5  # outputs of a Jacobian whose entries are written as formulas
MOST_MATRIX = 10  # outputs of a Jacobian that is drawn at all
_STATUS = {"proved": "proved", "open": said.OPEN, "wrong": "failed"}


def reformulation_sections(report: Report, figures: Figures | None) -> list[Section]:
    """Both ways from the loss to z, for softmax its Jacobian too; nothing where the loss does not meet its activation.
    `figures` is None where there is no point."""
    found = report.meeting
    if found is None:
        return []
    columns = [Column(said.WAY), Column(words.DERIVATIVE_COLUMN), Column(words.FORMULA, folds=3, equals=True)]
    if figures is not None:
        columns += [Column(words.NUMBERS, folds=2, equals=True), Column(words.VALUE, equals=True)]
    if report.settings.verify:
        columns.append(Column(words.VERDICT))
    rows, after = partial(_rows, report, found, figures), partial(_after, report, found)
    sections = [Section(said.TOGETHER, tuple(columns), rows, tuple(_before(found)), after)]
    if found.activation == "softmax" and len(found.a) <= (MOST_DRAWN if figures is None else MOST_MATRIX):
        drawn = (Column(""), *(Column(z) for z in found.z))
        sections.append(Section(said.JACOBIAN_SOFTMAX, drawn, partial(_jacobian, report, found, figures)))
    return sections


def reformulation_record(report: Report) -> dict[str, Any] | None:
    """The JSON key "reformulation": the factors of the long way and their sum for each z, what it collapses to, the verdict."""
    found = report.meeting
    if found is None:
        return None
    figures = None if report.trace is None else _Values.of_trace(report)

    def entry(of: str, wrt: str, root: int) -> dict[str, Any]:
        made: dict[str, Any] = {"of": of, "wrt": wrt, "formula": language(found.nodes, root)}
        if figures is not None:
            value = figures.value(found, root)
            made["value"] = None if value is None or not is_finite(value) else float(value)
        return made

    sources = list(dict.fromkeys(k for j in found.units for k in found.sources(j)))
    long = [entry(found.loss, found.a[k], found.upstream[k]) for k in sources]
    if found.a != found.z:
        long += [entry(found.a[k], found.z[j], found.slope(k, j)) for j in found.units for k in found.sources(j)]
        long += [entry(found.loss, found.z[j], found.long(j)) for j in found.units]
    collapsed = []
    for j in found.units:
        made = entry(found.loss, found.z[j], found.together[j])
        made["verdict"] = _verdict(report, found, j)[0] if report.settings.verify else None
        collapsed.append(made)
    verdicts = [c["verdict"] for c in collapsed]
    worst = next((v for v in ("failed", said.OPEN) if v in verdicts), "proved")
    return {
        "loss": found.kind, "activation": found.activation, "name": found.loss, "rows": found.rows, "long": long,
        "collapsed": collapsed, "verdict": worst if report.settings.verify else None,
    }  # fmt: skip


# -- lines around the table


def _before(found: Meeting) -> Iterator[Line]:
    yield (Words(said.meets(found.kind, found.loss, found.hit is not None, found.a == found.z)),)
    if found.rows > 1:
        yield (Words(said.rows(found.rows, found.divisor > 1)),)
    if found.kind == "cross_entropy" and found.hit is None:
        yield (Words(said.sum_to_one(found.targets[-1], len(found.targets) - 1) if found.unit_sum else said.NOT_ONE),)
    if found.hit is not None:
        yield (Words(said.hit(found.a[found.hit - 1])),)
    if found.stable:
        yield (Words(said.STABLE),)


def _after(report: Report, found: Meeting) -> Iterator[Line]:
    if len(found.units) < len(found.a):
        yield (Words(said.only_first(len(found.units), len(found.a))),)
    if found.activation == "softmax" and len(found.a) > MOST_MATRIX:
        yield (Words(said.no_matrix(len(found.a), MOST_MATRIX)),)
    yield (Words(said.gain(found.kind, found.unit_sum)),)
    if not report.settings.verify:
        return
    verdicts = [_verdict(report, found, j) for j in found.units]
    worst = max(verdicts, key=lambda v: ("proved", said.OPEN, "failed").index(v[0]))
    if worst[0] == "proved":
        yield (Words(said.proved(len(verdicts), max(v[1] for v in verdicts), found.stable)),)
    else:
        yield (Words(said.not_proved(worst[0], worst[2])),)


def _verdict(report: Report, found: Meeting, j: int) -> tuple[str, int, str | None]:
    """The worst of what the judge said of one output's forms, on how many branches, and why not more."""
    verification = report.verification
    given = {} if verification is None else verification.reformulations
    asked = ("long", "together", *(("stable",) if found.stable else ()))
    told = [given.get(f"{REFORMULATION}{j}/{name}") for name in asked]
    if any(answer is None for answer in told):
        notes = () if verification is None else verification.notes
        return said.OPEN, 0, notes[0] if notes else None
    answers = [answer for answer in told if answer is not None]
    worst = max(answers, key=lambda answer: ("proved", "open", "wrong").index(answer["status"]))
    return _STATUS[worst["status"]], max(answer["branches"] or 0 for answer in answers), worst["reason"]


# -- the table


class _Values:
    """The values of the formulas, in the numbers of the trace and without rounding."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._value = values_by_name(figures.trace.list, figures.values)
        self._exact = None if figures.exact is None else values_by_name(figures.trace.list, figures.exact.values)

    @classmethod
    def of_trace(cls, report: Report) -> _Values:
        from wengert.show.numbers import Digits

        assert report.trace is not None
        return cls(Figures(report.trace, Digits()))

    def value(self, found: Meeting, root: int) -> Any:
        """None where the formula has no value in these numbers."""
        try:
            return evaluate(found.nodes, root, self.figures.rules, self._value)
        except (Unknown, *FAULTS):
            return None

    def exact(self, found: Meeting, root: int) -> Any:
        if self._exact is None:
            return None
        unrounded = self.figures.trace.unrounded
        rules = Rules(_Quotients()) if isinstance(unrounded.arithmetic, Rational) else unrounded
        try:
            return evaluate(found.nodes, root, rules, self._exact)
        except (Unknown, *FAULTS):
            return unrounded.arithmetic.undefined

    def cells(self, found: Meeting, root: int, numbers: Math | None = None) -> tuple[Cell, Cell]:
        """The formula with numbers put in (or the given line of numbers), and its value."""
        value = self.value(found, root)
        if value is None or not is_finite(value):
            return None, Words(said.NO_VALUE)
        put_in = numbers or self.figures.cell(found.nodes, root, value, keep_call=False)
        return put_in, self.figures.result(value, self.exact(found, root))

    def number(self, found: Meeting, root: int) -> Math:
        value = self.value(found, root)
        return Words(words.NOT_PUT_IN) if value is None else self.figures.number(value, self.exact(found, root))


class _Quotients(Rational):
    """Rationals, and 0 through what is not known is 0: these formulas divide by a and by 1 − a alone, which are never 0."""

    def __init__(self) -> None:
        super().__init__()
        known = self.functions["div"]
        self.functions = {**self.functions, "div": lambda a, b: self.zero if a == 0 and b is UNKNOWN else known(a, b)}

    def truth(self, comparison: str, a: Any, b: Any) -> bool:
        """Asked of divisors alone: whether they differ from 0."""
        return a is UNKNOWN or super().truth(comparison, a, b)


def _rows(report: Report, found: Meeting, figures: Figures | None) -> Iterator[Row]:
    values = None if figures is None else _Values(figures)
    many, wide = report.many, report.settings.verify
    way: Cell = Words(said.LONG_WAY)

    def row(opening: Cell, left: Math, formula: Math, root: int, numbers: Math | None = None, verdict: str = "") -> Row:
        cells: list[Cell] = [opening, left, formula]
        if values is not None:
            cells += values.cells(found, root, numbers)
        if wide:
            cells.append(Words(verdict) if verdict else None)
        return Row(tuple(cells), opening is not None, MARKS.get(verdict, "warn" if verdict else ""))

    shown = found.units if found.hit is None else sorted({*found.units, found.hit - 1})
    for k in shown:
        yield row(way, Derivative(found.loss, (found.a[k],), many), Formula(found.nodes, found.upstream[k]), found.upstream[k])
        way = None
        if found.activation == "sigmoid":
            slope = found.slope(k, k)
            prime = found.nodes.call("sigmoid′", [found.nodes.name(found.z[k])])
            sides = Equation((Formula(found.nodes, prime), Formula(found.nodes, slope)))
            yield row(None, Derivative(found.a[k], (found.z[k],), many), sides, slope)
    if found.a != found.z:
        for j in found.units:
            chain, numbers = _chain(found, j, many, values)
            yield row(None, Derivative(found.loss, (found.z[j],), many), chain, found.long(j), numbers)
    way = Words(said.TOGETHER_WAY)
    for j in found.units:
        verdict = _verdict(report, found, j)[0] if wide else ""
        left, short = Derivative(found.loss, (found.z[j],), many), found.together[j]
        yield row(way, left, Formula(found.nodes, short), short, verdict=verdict)
        way = None


def _chain(found: Meeting, j: int, many: bool, values: _Values | None) -> tuple[Math, Math | None]:
    """Σ_k ∂L/∂a_k · ∂a_k/∂z_j in symbols, then in formulas; the same with numbers."""
    terms: list[Math] = []
    formulas: list[Math] = []
    numbers: list[Math] = []
    for k in found.sources(j):
        terms.append(Product((Derivative(found.loss, (found.a[k],), many), Derivative(found.a[k], (found.z[j],), many))))
        upstream, slope = found.upstream[k], found.slope(k, j)
        if found.nodes.operation(upstream) != "number":
            formulas.append(Product((Formula(found.nodes, upstream), Formula(found.nodes, slope))))
        if values is not None:
            numbers.append(Product((values.number(found, upstream), values.number(found, slope))))
    telling = 1 if found.hit is None else found.hit - 1  # the one term that is not 0
    return Equation((_sum(terms, telling), _sum(formulas, 1))), _sum(numbers, telling) if numbers else None


def _sum(terms: Sequence[Math], telling: int) -> Math:
    """The sum; of a long one the first term, the telling one and the last."""
    if len(terms) > MOST_TERMS:
        kept: list[Math] = []
        before = -1
        for i in sorted({0, telling, len(terms) - 1}):
            kept += [Words("…")] * (i > before + 1)
            kept.append(terms[i])
            before = i
        terms = kept
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _jacobian(report: Report, found: Meeting, figures: Figures | None) -> Iterator[Row]:
    values = None if figures is None else _Values(figures)
    for k, a in enumerate(found.a):
        cells: list[Cell] = [Name(a)]
        for j in range(len(found.z)):
            slope = found.slope(k, j)
            formula: Math = Formula(found.nodes, slope)
            value = None if values is None else values.value(found, slope)
            if values is None or figures is None or value is None:
                cells.append(formula)
            elif len(found.a) <= MOST_DRAWN:
                cells.append(figures.equals(formula, value, values.exact(found, slope)))
            else:
                cells.append(Number(figures.digits.result(value)))
        yield Row(tuple(cells))
