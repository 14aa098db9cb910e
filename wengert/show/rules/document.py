"""The documents of `wengert rules`: the table of all rules, and one rule with its derivation, its proof and a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Literal

from wengert.lang.expr import Nodes
from wengert.show.document import Cell, Column, Document, Equation, Formula, Line, Math, Name, Number, Row, Section, Words
from wengert.show.notation import TextNotation
from wengert.show.numbers import Digits
from wengert.show.pieces import equals
from wengert.show.plot.operation import has_curve, operation_plot
from wengert.show.plot.svg import svg
from wengert.show.rules.conditions import condition_math, kink_place, kinks_section
from wengert.show.rules.derivation import derivation_sections, derivative
from wengert.show.rules.facts import VALUE, Arguments, Rule, Writer, comparisons, conditions, samples
from wengert.show.rules.flow import flow_section
from wengert.show.words import rules as words
from wengert.tape import derivations
from wengert.tape.primitives import SYMBOLS
from wengert.tape.record import Condition, Kink, Primitive
from wengert.verify.rule_verdicts import RuleCheck, RuleVerdicts

Mark = Literal["", "good", "warn", "bad"]
TABLE_DIGITS = Digits(6)
_MARKS: dict[str, Mark] = {"proved": "good", "open": "warn", "unchecked": "warn", "failed": "bad"}


# -- the table


def rules_document(rules: Sequence[Rule], verdicts: RuleVerdicts | None) -> Document:
    """The table of all rules, in groups."""
    opening: list[Line] = [(Words(t),) for t in words.TABLE_OPENING]
    opening.append((Words(words.TABLE_MORE),))
    firsts = {first: heading for heading, first in derivations.GROUPS}
    groups: list[tuple[str, list[Rule]]] = []
    for rule in rules:
        if rule.record.name in firsts or not groups:
            groups.append((firsts.get(rule.record.name, ""), []))
        groups[-1][1].append(rule)
    sections = [_group(heading, group) for heading, group in groups]
    sections.append(Section("", after=lambda: _told(verdicts, rules)))
    return Document(None, tuple(opening), tuple(sections))


def _group(heading: str, rules: Sequence[Rule]) -> Section:
    columns = (
        Column(words.RULE), Column(words.PARTIAL, folds=2), Column(words.DOMAIN, folds=3), Column(words.KINK, folds=4)
    )  # fmt: skip
    return Section(
        heading, columns, lambda: (row for rule in rules for row in _table_rows(rule)), tuple(_constants_of(rules)),
        count=2 * len(rules),
    )  # fmt: skip


def _constants_of(rules: Sequence[Rule]) -> Iterator[Line]:
    """`selu: λ ≈ 1.05070, α ≈ 1.67326`: the long constants of a definition, before the table that has them."""
    for rule in rules:
        pieces: list[Math] = []
        for literal, name in Writer(Nodes(), Arguments(rule.record)).constants.items():
            value = equals(Name(name), float(literal), Fraction(literal), TABLE_DIGITS)
            pieces += [Words(", " if pieces else f"{rule.name}: "), value]
        if pieces:
            yield tuple(pieces)


def _table_rows(rule: Rule) -> Iterator[Row]:
    record = rule.record
    arguments = Arguments(record)
    writer = Writer(Nodes(), arguments)
    call: Math = Formula(writer.nodes, writer.call())
    calls: list[Cell] = [Words("identity(x)") if record.name == "identity" else call]  # which is written as x alone
    partials: list[Cell] = [_partial(writer, arguments, name, j) for name, j in arguments.asked()]
    domain: list[Cell] = [condition_math(writer, c) for c in conditions(record)]
    kinks: list[Cell] = [kink_place(writer, c) for c in _distinct(record.kinks)]
    for i in range(max(len(calls), len(partials), len(domain), len(kinks))):
        cells = (column[i] if i < len(column) else None for column in (calls, partials, domain, kinks))
        yield Row(tuple(cells), opens=i == 0)


def _distinct(kinks: Sequence[Kink]) -> list[Kink]:
    return list({k.test: k for k in kinks}.values())


def _partial(writer: Writer, arguments: Arguments, name: str, j: int, stable: bool = False) -> Equation:
    return Equation((derivative(arguments, name), Formula(writer.nodes, writer.partial(name, j, stable))))


def _constants(record: Primitive) -> list[Math]:
    """λ = 1.0507…: the long constants of a definition, with all their digits."""
    constants = Writer(Nodes(), Arguments(record)).constants
    return [Equation((Name(name), Number(literal))) for literal, name in constants.items()]


def _told(verdicts: RuleVerdicts | None, rules: Sequence[Rule]) -> Iterator[Line]:
    if verdicts is None:
        yield (Words(words.NOT_VERIFIED),)
        return
    yield (Words(words.all_proved(*verdicts.counts())),)
    for rule in rules:
        for param in range(len(rule.record.params)):
            check = verdicts.check(rule.records, param)
            if check is not None and check.verdict != "proved":
                yield (Words(f"{rule.name}: {verdict_words(check)}"),)


def verdict_words(check: RuleCheck) -> str:
    """The verdict on one partial in words."""
    if check.verdict == "proved":
        return words.branches(check.branches)
    return {"open": words.open_verdict, "failed": words.failed, "unchecked": words.unchecked}[check.verdict](check.reason)


# -- one rule


def rule_document(rules: Sequence[Rule], verdicts: RuleVerdicts | None, digits: Digits) -> Document:
    """One rule; several where a word names several (log)."""
    first, *others = rules
    sections = _sections(first, verdicts, digits)
    for rule in others:
        sections.append(Section(_title(rule), before=tuple(_opening(rule))))
        sections += _sections(rule, verdicts, digits)
    if verdicts is None:
        sections.append(Section("", after=lambda: iter([(Words(words.NOT_VERIFIED),)])))
    drawn = next((rule for rule in rules if has_curve(rule.record)), None)  # log is ln, or of two arguments
    picture = None if drawn is None else partial(_picture, drawn)
    return Document(_title(first), tuple(_opening(first)), tuple(sections), picture=picture)


def _picture(rule: Rule) -> str:
    arguments = Arguments(rule.record)
    writer, notation = Writer(Nodes(), arguments), TextNotation(symbols=SYMBOLS)
    formulas = [_reading(rule, writer), *(_partial(writer, arguments, name, j) for name, j in arguments.asked()[:1])]
    sign = SYMBOLS.get(rule.name, rule.name)
    return svg(operation_plot(rule.record, _title(rule), [notation.math(m) for m in formulas], sign))


def _title(rule: Rule) -> str:
    return f"{rule.name}: {derivations.TITLES[rule.name]}"


def _sections(rule: Rule, verdicts: RuleVerdicts | None, digits: Digits) -> list[Section]:
    found = [_partials(rule, verdicts), *derivation_sections(rule, digits)]
    found += [flow_section(s, digits, opens=n == 0) for n, s in enumerate(samples(rule.record))]
    if rule.record.kinks:
        found.append(kinks_section(rule.record, digits))
    if rule.record.stable or any(rule.record.stable_partials):
        found.append(_computed(rule, verdicts))
    return found


def _reading(rule: Rule, writer: Writer) -> Equation:
    """`v = σ(x) = 1/(1 + exp(−x))`"""
    record = rule.record
    reading: list[Math] = [Name(VALUE), Formula(writer.nodes, writer.call())]
    if record.definition is not None and not record.comparison and record.name != "identity":
        reading.append(Formula(writer.nodes, writer.value(record.definition)))
    return Equation(tuple(reading))


def _opening(rule: Rule) -> Iterator[Line]:
    record = rule.record
    writer = Writer(Nodes(), Arguments(record))
    yield (_reading(rule, writer),)
    for constant in _constants(record):
        yield (constant,)
    if record.aliases:
        yield (Words(words.ALSO + ", ".join(record.aliases)),)
    signs = comparisons(rule)
    if signs:
        yield (Words(words.several(words.COMPARISON, signs)),)
    yield from _domain(writer, conditions(record))
    if "ties" in record.partials[-1]:
        yield (Words(words.ties(record.name)),)
    for sentence in re.split(r"(?<=[.])\s+(?=[A-Z0-9])", record.sentence):
        yield (Words(sentence),)


def _domain(writer: Writer, domain: Sequence[Condition]) -> Iterator[Line]:
    """`Domain: cos(x) ≠ 0 (tan is sin/cos)`; what a sentence says besides its condition stands before its colon."""
    if not domain:
        yield (Words(words.ALL_REAL),)
        return
    pieces: list[Math] = [Words(words.DOMAIN_IS)]
    for n, condition in enumerate(domain):
        reason, colon, _ = condition.sentence.partition(": ")
        pieces += [Words(", ")] if n else []
        pieces.append(condition_math(writer, condition))
        if colon and not isinstance(pieces[-1], Words):
            pieces.append(Words(f" ({reason})"))
    yield tuple(pieces)


def _partials(rule: Rule, verdicts: RuleVerdicts | None) -> Section:
    columns = [Column("", folds=1)]
    if verdicts is not None:
        columns.append(Column("", folds=2))

    def rows() -> Iterator[Row]:
        arguments = Arguments(rule.record)
        writer = Writer(Nodes(), arguments)
        for name, j in arguments.asked():
            cells: list[Cell] = [_partial(writer, arguments, name, j)]
            yield _judged(cells, verdicts, rule, j, stable=False)

    return Section(words.PARTIALS, tuple(columns), rows, after=lambda: _proof(rule, verdicts))


def _proof(rule: Rule, verdicts: RuleVerdicts | None) -> Iterator[Line]:
    if verdicts is None:
        return
    checks = [verdicts.check(rule.records, p) for p in range(len(rule.record.params))]
    if all(c is None or c.verdict == "proved" for c in checks):
        yield (Words(words.PROVED_FOR),)


def _judged(cells: list[Cell], verdicts: RuleVerdicts | None, rule: Rule, j: int, stable: bool) -> Row:
    if verdicts is None:
        return Row(tuple(cells))
    check = verdicts.check(rule.records, rule.record.param_of(j), stable)
    if check is None:
        return Row((*cells, None))
    return Row((*cells, Words(verdict_words(check))), mark=_MARKS[check.verdict])


def _computed(rule: Rule, verdicts: RuleVerdicts | None) -> Section:
    record = rule.record
    columns = [Column("", folds=1)]
    if verdicts is not None:
        columns.append(Column("", folds=2))

    def rows() -> Iterator[Row]:
        arguments = Arguments(record)
        writer = Writer(Nodes(), arguments)
        if record.stable is not None:
            cells: list[Cell] = [Equation((Name(VALUE), Formula(writer.nodes, writer.value(record.stable))))]
            yield Row((*cells, None) if verdicts is not None else tuple(cells))
        for name, j in arguments.asked():
            if record.stable_partial_of(j) is not None:
                yield _judged([_partial(writer, arguments, name, j, stable=True)], verdicts, rule, j, stable=True)

    why: tuple[Line, ...] = ((Words(words.stable(derivations.STABLE[record.name])),),)
    return Section(words.COMPUTED, tuple(columns), rows, before=why)
