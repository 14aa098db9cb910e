"""The JSON contract (design, section 9): one report as plain data. `json` of the standard library writes it.

Values are numbers; an infinite one is "inf", an undefined one null, one beyond a double a string. Beside them, with exact
numbers or many digits, `exact` has the number in full (of adjoints and tangents `adjoints_exact`, `tangents_exact`), and
where nodes were rounded, `rounded` what came of that. Formulas are texts in the formula language. The record is always at
operation level.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wengert.lang.expr import Nodes
from wengert.lang.model import Key
from wengert.report import Report
from wengert.show.cost_section import cost_record
from wengert.show.gradient import warnings
from wengert.show.notation import language, size
from wengert.show.numbers import Digits, padded, shown_exactly
from wengert.show.path_section import paths_record
from wengert.show.reformulation import reformulation_record
from wengert.show.words.losses import sentence
from wengert.sweep.columns import Columns
from wengert.sweep.losses import Loss
from wengert.sweep.rules import OWN
from wengert.sweep.steps import Steps
from wengert.sweep.sweeps import Contribution, reverse
from wengert.sweep.trace import Trace
from wengert.verify.checks import Check, Value

TRACE = "wengert.trace/1"
DIFF = "wengert.diff/1"
MOST_DIGITS = 17  # of a number beyond a double
OPEN = Value("unchecked")
LONGEST = 20_000  # nodes of a formula that is still written


def record(report: Report) -> dict[str, Any]:
    """The report as the contract's object; `diff` without a point has no values."""
    return {key: list(value) if isinstance(value, Iterator) else value for key, value in record_parts(report)}


def record_parts(report: Report) -> Iterator[tuple[str, Any]]:
    """The object's keys and values in order, each made when its turn comes; a list that may be long is an iterator."""
    wl, trace, model = report.list, report.trace, report.model
    steps = report.steps_at("operation")
    yield "schema", DIFF if trace is None else TRACE
    yield "title", model.title
    yield "source", model.source
    yield "formula", formula_read(report)
    yield "arithmetic", "symbols" if trace is None else trace.choice.name
    yield "assumptions", [*report.assumptions, *_kinks(report)]
    if trace is not None and trace.rounded is not None:
        yield "rounding", {"decimals": trace.rounded.decimals}
    if trace is not None and trace.choice.convention != OWN:
        yield "convention", trace.choice.convention
    yield "inputs", (_input(report, i) for i in range(wl.inputs))
    yield "statements", (statement_record(report, steps, slot) for slot in wl.statements())
    if trace is not None:
        yield "contributions", (c for of in trace.columns.adjoints for c in _contributions(report, steps, of))
    yield "outputs", (_output(report, of) for of in report.outputs)
    yield "derivatives", _derivatives(report)
    yield "operations", cost_record(report)
    if report.settings.paths:
        yield "paths", paths_record(report)
    if report.meeting is not None:
        yield "reformulation", reformulation_record(report)
    if trace is not None and report.losses:
        yield "losses", [_loss(report, loss) for loss in report.losses]
    yield "verdict", report.verdict
    yield "warnings", warnings(report) + _notes(report)


def formula_read(report: Report) -> str | None:
    """What was read, where that is one formula that can be written."""
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
    _add_value(made, report, slot)
    made["role"] = x.role.value
    _add_derivatives(made, report, slot)
    return made


def statement_record(report: Report, steps: Steps, slot: int) -> dict[str, Any]:
    """A statement with its local partials; `steps` are those of the operation level."""
    wl, trace = report.list, report.trace
    step = steps.at(slot)
    made: dict[str, Any] = {
        "name": wl.name(slot),
        "primitive": wl.primitive(slot).label,
        "arguments": [_operand(report, o) for o in wl.operands_of(slot)],
        "formula": language(step.nodes, step.formula),
    }
    _add_value(made, report, slot)
    first = wl.span(slot)[0]
    made["partials"] = []
    for link in step.links:
        assert link.argument is not None
        partial: dict[str, Any] = {
            "argument": link.argument, "to": wl.name(link.source),
            "formula": None if link.partial is None else language(step.nodes, link.partial),
        }  # fmt: skip
        if trace is not None:
            partial["value"] = number(trace.columns.partials[first + link.argument])
            _add(partial, "exact", _exact(report, trace.columns.partials, lambda c: c.partials, first + link.argument))
        made["partials"].append(partial)
    _add_derivatives(made, report, slot)
    return made


def _operand(report: Report, operand: int) -> str:
    if operand >= 0:
        return report.list.name(operand)
    return language(report.model.nodes, report.list.constants[-1 - operand])


def _add_value(made: dict[str, Any], report: Report, slot: int) -> None:
    trace = report.trace
    if trace is None:
        return
    made["value"] = number(trace.values[slot])
    _add(made, "exact", _exact(report, trace.values, lambda c: c.values, slot))
    if trace.rounded is not None:
        made["rounded"] = number(trace.rounded.columns.values[slot])


def _add(made: dict[str, Any], key: str, value: Any) -> None:
    if value is not None:
        made[key] = value


def _exact(report: Report, column: Sequence[Any], of: Callable[[Columns], Sequence[Any]], at: int) -> str | None:
    """The number at that place of a column in full, where the trace's numbers are more than doubles."""
    trace = report.trace
    assert trace is not None
    if trace.choice.digits is None:
        return None
    return in_full(trace, column[at], None if trace.shadow is None else of(trace.shadow)[at])


def in_full(trace: Trace, value: Any, exact: Any) -> str | None:
    """A number in full: an exact one as a formula (None where it is too large to be written), else all its digits."""
    if value is None or value - value != 0:
        return None
    if not trace.choice.exact:
        digits = Digits(trace.choice.digits or 1)
        text = digits.result(value)
        return text if shown_exactly(text, exact if isinstance(exact, Fraction) else None) else padded(text, digits)
    arithmetic: Any = trace.unrounded.arithmetic
    if exact is None or exact == arithmetic.undefined:
        return None
    nodes = Nodes()
    return language(nodes, arithmetic.to_nodes(exact, nodes, frozenset(trace.model.names())))


def _add_derivatives(made: dict[str, Any], report: Report, slot: int) -> None:
    """`adjoints` by output and `tangents` by direction: those that were swept, 0 left out where no path leads."""
    trace = report.trace
    if trace is None:
        return
    for word in ("adjoints", "tangents"):
        columns: dict[str, list[Any]] = getattr(trace.columns, word)
        if not columns:
            continue
        found = {key: column[slot] for key, column in columns.items()}
        if word == "tangents":
            made[word] = {key: 0.0 if v is None else number(v) for key, v in found.items()}
        else:
            made[word] = {key: number(v) for key, v in found.items() if v is not None}
        if trace.choice.digits is not None:
            shadow = None if trace.shadow is None else getattr(trace.shadow, word)
            exact = {key: None if shadow is None else shadow[key][slot] for key in found}
            made[f"{word}_exact"] = {key: in_full(trace, v, exact[key]) for key, v in found.items() if v is not None}
        if trace.rounded is not None:
            on_paper = getattr(trace.rounded.columns, word)
            made[f"{word}_rounded"] = {key: number(c[slot]) for key, c in on_paper.items() if c[slot] is not None}


def _contributions(report: Report, steps: Steps, of: str) -> Iterator[dict[str, Any]]:
    wl, trace = report.list, report.trace
    assert trace is not None

    def swept(columns: Columns, arithmetic: Any) -> Iterator[Contribution]:
        return reverse(wl, columns.partials, wl.slots[of], arithmetic, [None] * len(wl))

    exact = on_paper = None
    if trace.choice.digits is not None and trace.shadow is not None:
        exact = swept(trace.shadow, trace.unrounded.arithmetic)
    if trace.rounded is not None:
        on_paper = swept(trace.rounded.columns, trace.rounded.arithmetic)
    for c in swept(trace.columns, trace.arithmetic):
        step = steps.at(c.slot)
        link = next(k for k in step.links if k.argument == c.argument)
        made = {
            "output": of, "statement": wl.name(c.slot), "argument": c.argument, "to": wl.name(c.target),
            "partial": None if link.partial is None else language(step.nodes, link.partial),
            "partial_value": number(c.partial), "adjoint": number(c.adjoint), "value": number(c.value),
        }  # fmt: skip
        same = None if exact is None else next(exact)
        if trace.choice.digits is not None:
            _add(made, "exact", in_full(trace, c.value, None if same is None else same.value))
        if on_paper is not None:
            made["rounded"] = number(next(on_paper).value)
        yield made


def _output(report: Report, of: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": of, "statement": of}
    _add_value(made, report, report.list.slots[of])
    if report.trace is not None:
        value = None if report.verification is None else report.verification.values.get(of, OPEN)
        made["verdict"] = None if value is None else value.verdict
        made["reference"] = _reference(value)
        if value is not None and value.lost is not None:
            made["digits_lost"] = value.lost
    return made


def derivative_record(report: Report, key: Key) -> dict[str, Any]:
    """A derivative with what the judge says of it."""
    trace = report.trace
    found = report.formulas.by_key.get(key)
    check = None if report.verification is None else report.verification.checks[key]
    made: dict[str, Any] = {"of": key[0], "wrt": list(key[1:])}
    if trace is not None:
        settled = check is not None and check.value is not None
        value = trace.figure(key)
        made["value"] = number(float(check.value) if check is not None and check.value is not None else value)
        if trace.choice.digits is not None and not settled:
            _add(made, "exact", in_full(trace, value, trace.exact_figure(key)))
        if trace.rounded is not None:
            made["rounded"] = number(trace.rounded_figure(key))
    made["formula"] = derivative_formula(report, key)
    made["expanded"] = bool(found is not None and found.expanded)
    made["verdict"] = None if check is None else check.verdict
    made["witness"] = None if check is None else check.witness
    if trace is not None:
        made["reference"] = _reference(check)
    if check is not None:
        _add_details(made, check)
    return made


def derivative_formula(report: Report, key: Key) -> str | None:
    """The derivative in the formula language; None where it is too large to be written."""
    found, nodes = report.formulas.by_key.get(key), report.formulas.nodes
    if found is None or found.root is None or size(nodes, found.root, LONGEST) >= LONGEST:
        return None
    return language(nodes, found.root)


def _derivatives(report: Report) -> Iterator[dict[str, Any]]:
    """Every derivative that is reported; of a Hessian then those below the diagonal."""
    mixed: list[dict[str, Any]] = []
    for key in report.keys:
        made = derivative_record(report, key)
        if _is_mixed(report, made):
            mixed.append(made)
        yield made
    yield from map(_mirrored, mixed)


def _is_mixed(report: Report, made: dict[str, Any]) -> bool:
    """Whether it is an entry above the diagonal of a Hessian."""
    return len(made["wrt"]) == 2 and len(set(made["wrt"])) == 2 and report.model.seed is None


def _mirrored(made: dict[str, Any]) -> dict[str, Any]:
    """The entry below the diagonal: the same derivative, by symmetry."""
    return {**made, "wrt": made["wrt"][::-1], "by_symmetry": True}


def _add_details(made: dict[str, Any], check: Check) -> None:
    if check.one_sided is not None:
        left, right = check.one_sided
        made["one_sided"] = {"left": number(left), "right": number(right)}
    if check.lost is not None:
        made["digits_lost"] = check.lost
    if check.reason:
        made["reason"] = check.reason


def _loss(report: Report, loss: Loss) -> dict[str, Any]:
    """A statement at which double precision lost digits."""
    return {
        "statement": report.list.name(loss.slot), "where": loss.where, "kind": loss.kind, "digits_lost": loss.lost,
        "value": number(loss.value), "right": Digits(MOST_DIGITS).result(loss.right), "sentence": sentence(loss, report.list),
    }  # fmt: skip


def _reference(check: Check | Value | None) -> Any:
    if check is None or check.reference is None:
        return None
    value = float(check.reference)
    if not math.isfinite(value) or (abs(value) < sys.float_info.min and Decimal(check.reference) != Decimal(value)):
        return check.reference  # beyond a double, or beyond its digits: its own
    return value + 0.0


def _notes(report: Report) -> list[str]:
    return [] if report.verification is None else list(report.verification.notes)


def number(value: Any) -> Any:
    """A JSON number, "inf", "-inf", null for what is undefined; beyond a double the digits as a string."""
    if value is None or value != value:
        return None
    if value - value != 0:
        return "inf" if value > 0 else "-inf"
    number = float(value) + 0.0  # a number has one zero
    held = isinstance(value, float) or number == value or abs(number) >= sys.float_info.min  # else it has lost digits
    if math.isfinite(number) and held:
        return number
    return Digits(MOST_DIGITS).result(value)
