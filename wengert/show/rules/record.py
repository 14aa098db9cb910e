"""The JSON contract of `wengert rules`: the table, or some rules of it, as plain data (schema wengert.rules/1).

Formulas are texts of the formula language over the names of the arguments; `v` is the value. Numbers are numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wengert.lang.expr import Nodes
from wengert.show.notation import language
from wengert.show.rules.derivation import from_definition
from wengert.show.rules.facts import Arguments, Rule, Sample, Writer, comparisons, conditions, samples
from wengert.tape import derivations
from wengert.tape.record import Condition, Primitive
from wengert.verify.rule_verdicts import RuleVerdicts

SCHEMA = "wengert.rules/1"


def rules_record(rules: Sequence[Rule], verdicts: RuleVerdicts | None) -> dict[str, Any]:
    """The contract's object; every verdict is null where verification is off."""
    return {
        "schema": SCHEMA,
        "rules": [_rule(rule, verdicts) for rule in rules],
        "verdict": None if verdicts is None else verdicts.verdict,
    }


def _rule(rule: Rule, verdicts: RuleVerdicts | None) -> dict[str, Any]:
    record = rule.record
    arguments = Arguments(record)
    writer = Writer(Nodes(), arguments)
    made: dict[str, Any] = {
        "name": rule.name,
        "call": language(writer.nodes, writer.call()),
        "aliases": list(record.aliases),
        "definition": None if record.definition is None else language(writer.nodes, writer.value(record.definition)),
        "stable": None if record.stable is None else language(writer.nodes, writer.value(record.stable)),
        "constants": {name: literal for literal, name in writer.constants.items()},
        "partials": [_partial(rule, writer, name, j, verdicts) for name, j in arguments.asked()],
        "domain": [_condition(c) for c in conditions(record)],
        "kinks": [{"test": k.test, "sentence": k.told()} for k in record.kinks],
        "sentence": record.sentence,
        "derivation": _derivation(record),
        "sample": _sample(next(samples(record))),
    }
    if record.comparison:
        made["comparisons"] = comparisons(rule)
    return made


def _partial(rule: Rule, writer: Writer, name: str, j: int, verdicts: RuleVerdicts | None) -> dict[str, Any]:
    record = rule.record
    check = None if verdicts is None else verdicts.check(rule.records, record.param_of(j))
    stable = record.stable_partial_of(j)
    made: dict[str, Any] = {
        "to": name,
        "formula": language(writer.nodes, writer.partial(name, j)),
        "stable": None if stable is None else language(writer.nodes, writer.partial(name, j, stable=True)),
        "verdict": None if check is None else check.verdict,
        "branches": None if check is None else check.branches,
    }
    if check is not None and check.reason:
        made["reason"] = check.reason
    return made


def _condition(condition: Condition) -> dict[str, str]:
    return {"test": condition.test, "sentence": condition.sentence}


def _derivation(record: Primitive) -> list[dict[str, Any]]:
    """The lines by hand; else the Wengert list of the definition with its local partials."""
    lines = derivations.derivation(record.name)
    if not lines and record.definition is not None:
        return _from_definition(record)
    made = []
    for line in lines:
        entry: dict[str, Any] = {"kind": line.kind, "formulas": list(line.sides)}
        entry |= {"limit": line.limit} if line.limit else {}
        entry |= {"why": line.why} if line.why else {}
        made.append(entry)
    return made


def _from_definition(record: Primitive) -> list[dict[str, Any]]:
    found = from_definition(record.name)
    made: list[dict[str, Any]] = []
    for slot in found.steps.slots():
        step = found.steps.at(slot)
        partials = [
            {"to": found.list.name(k.source), "formula": None if k.partial is None else language(step.nodes, k.partial)}
            for k in step.links
        ]
        formula = language(step.nodes, step.formula)
        made.append({"kind": "statement", "name": found.list.name(slot), "formulas": [formula], "partials": partials})
    for (of, *wrt), derivative in found.formulas.by_key.items():
        if derivative.root is not None:
            formula = language(found.formulas.nodes, derivative.root)
            made.append({"kind": "result", "name": f"d{of}/d{wrt[0]}", "formulas": [formula]})
    return made


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "arguments": dict(zip(sample.arguments.names(), sample.point, strict=True)),
        "value": sample.value,
        "partials": [{"to": f.to, "value": f.partial} for f in sample.flows],
    }
