"""The JSON contract (design, section 9): one report as plain data. `json` of the standard library writes it.

Values are numbers; an infinite one is "inf", an undefined one null. Formulas are texts in the formula language. The record
is always at operation level.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from wengert.report import Report
from wengert.show.gradient import warnings
from wengert.show.notation import language, size
from wengert.sweep.arithmetics import Float
from wengert.sweep.steps import Steps
from wengert.sweep.sweeps import reverse
from wengert.verify.verdicts import Check

TRACE = "wengert.trace/1"
DIFF = "wengert.diff/1"
LONGEST = 20_000  # nodes of a formula that is still written


def record(report: Report) -> dict[str, Any]:
    """The report as the contract's object; `diff` without a point has no values."""
    wl, trace, model = report.list, report.trace, report.model
    steps = report.steps_at("operation")
    verification = report.verification
    made: dict[str, Any] = {
        "schema": DIFF if trace is None else TRACE,
        "title": model.title,
        "source": model.source,
        "formula": _formula(report),
        "arithmetic": "symbols" if trace is None else "float64",
        "assumptions": [*report.assumptions, *_kinks(report)],
        "inputs": [_input(report, i) for i in range(wl.inputs)],
        "statements": [_statement(report, steps, slot) for slot in wl.statements()],
    }
    if trace is not None:
        made["contributions"] = [c for of in trace.columns.adjoints for c in _contributions(report, steps, of)]
    made["outputs"] = [_output(report, of) for of in report.outputs]
    made["derivatives"] = [_derivative(report, of, wrt) for of, wrt in report.pairs]
    made["verdict"] = None if verification is None else verification.verdict
    made["warnings"] = warnings(report) + _notes(report)
    return made


def _formula(report: Report) -> str | None:
    model = report.model
    if not model.is_one_formula:
        return None
    root = model.definitions[0].root
    return language(model.nodes, root) if size(model.nodes, root, LONGEST) < LONGEST else None


def _kinks(report: Report) -> list[str]:
    if report.trace is None:
        return []
    return [f"{report.list.name(slot)}: {sentence}" for slot, sentence in report.trace.kinks]


def _input(report: Report, slot: int) -> dict[str, Any]:
    x = report.model.inputs[slot]
    made: dict[str, Any] = {"name": x.name}
    if report.trace is not None:
        made["value"] = _number(report.trace.values[slot])
    made["role"] = x.role.value
    _add_derivatives(made, report, slot)
    return made


def _statement(report: Report, steps: Steps, slot: int) -> dict[str, Any]:
    wl, trace = report.list, report.trace
    step = steps.at(slot)
    made: dict[str, Any] = {
        "name": wl.name(slot),
        "primitive": wl.primitive(slot).label,
        "arguments": [_operand(report, o) for o in wl.operands_of(slot)],
        "formula": language(step.nodes, step.formula),
    }
    if trace is not None:
        made["value"] = _number(trace.values[slot])
    first = wl.span(slot)[0]
    made["partials"] = []
    for link in step.links:
        assert link.argument is not None
        partial: dict[str, Any] = {
            "argument": link.argument, "to": wl.name(link.source),
            "formula": None if link.partial is None else language(step.nodes, link.partial),
        }  # fmt: skip
        if trace is not None:
            partial["value"] = _number(trace.columns.partials[first + link.argument])
        made["partials"].append(partial)
    _add_derivatives(made, report, slot)
    return made


def _operand(report: Report, operand: int) -> str:
    if operand >= 0:
        return report.list.name(operand)
    return language(report.model.nodes, report.list.constants[-1 - operand])


def _add_derivatives(made: dict[str, Any], report: Report, slot: int) -> None:
    """`adjoints` by output and `tangents` by direction: those that were swept, 0 left out where no path leads."""
    trace = report.trace
    if trace is None:
        return
    if trace.columns.adjoints:
        found = {of: column[slot] for of, column in trace.columns.adjoints.items()}
        made["adjoints"] = {of: _number(v) for of, v in found.items() if v is not None}
    if trace.columns.tangents:
        along = {key: column[slot] for key, column in trace.columns.tangents.items()}
        made["tangents"] = {key: 0.0 if v is None else _number(v) for key, v in along.items()}


def _contributions(report: Report, steps: Steps, of: str) -> Iterator[dict[str, Any]]:
    wl, trace = report.list, report.trace
    assert trace is not None
    adjoints: list[Any] = [None] * len(wl)
    for c in reverse(wl, trace.columns.partials, wl.slots[of], Float(), adjoints):
        step = steps.at(c.slot)
        link = next(k for k in step.links if k.argument == c.argument)
        yield {
            "output": of, "statement": wl.name(c.slot), "argument": c.argument, "to": wl.name(c.target),
            "partial": None if link.partial is None else language(step.nodes, link.partial),
            "partial_value": _number(c.partial), "adjoint": _number(c.adjoint), "value": _number(c.value),
        }  # fmt: skip


def _output(report: Report, of: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": of, "statement": of}
    if report.trace is not None:
        made["value"] = _number(report.trace.values[report.list.slots[of]])
    return made


def _derivative(report: Report, of: str, wrt: str) -> dict[str, Any]:
    trace = report.trace
    found = report.formulas.by_pair.get((of, wrt))
    check = None if report.verification is None else report.verification.checks[of, wrt]
    made: dict[str, Any] = {"of": of, "wrt": [wrt]}
    if trace is not None:
        value = trace.derivative(of, wrt)
        made["value"] = _number(check.value if check is not None and check.value is not None else value)
    root = None if found is None else found.root
    writable = root is not None and size(report.formulas.nodes, root, LONGEST) < LONGEST
    made["formula"] = language(report.formulas.nodes, root) if root is not None and writable else None
    made["expanded"] = bool(found is not None and found.expanded)
    made["verdict"] = None if check is None else check.verdict
    made["witness"] = None if check is None else check.witness
    if trace is not None:
        made["reference"] = _reference(check)
    if check is not None:
        _add_details(made, check)
    return made


def _add_details(made: dict[str, Any], check: Check) -> None:
    if check.one_sided is not None:
        left, right = check.one_sided
        made["one_sided"] = {"left": _number(left), "right": _number(right)}
    if check.lost is not None:
        made["digits_lost"] = check.lost
    if check.reason:
        made["reason"] = check.reason


def _reference(check: Check | None) -> Any:
    if check is None or check.reference is None:
        return None
    value = float(check.reference)
    if not math.isfinite(value) or (value == 0 and not Decimal(check.reference).is_zero()):
        return check.reference  # beyond a double: its digits
    return value


def _notes(report: Report) -> list[str]:
    return [] if report.verification is None else list(report.verification.notes)


def _number(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value
