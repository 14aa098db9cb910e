"""The closing table of a document: every derivative with its formula, its value and its verdict."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from wengert.report import Report
from wengert.show import words
from wengert.show.document import Cell, Column, Derivative, Formula, Line, Math, Number, Row, Section, Tangent, Words
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.show.pieces import LONGEST, result, values_by_name, with_numbers
from wengert.sweep.formulas import DerivativeFormula
from wengert.verify.verdicts import Check

Mark = Literal["", "good", "warn", "bad"]
LONGEST_NUMBERS = 40  # nodes of a formula that is shown with numbers beside it
SHORT = 30  # nodes of a formula that is written in the inputs although the model has names for its parts
MARKS: dict[str, Mark] = {"proved": "good", "agrees": "good", "imprecise": "warn", "kink": "warn", "unchecked": "warn",
                          "failed": "bad"}  # fmt: skip


def gradient_section(report: Report, digits: Digits) -> Section:
    """Derivative, formula, numbers, value, verdict; the rows wait for the verification."""
    columns = [Column(""), Column(words.FORMULA, folds=2)]
    if report.trace is not None:
        columns += [Column(words.NUMBERS, folds=3), Column(words.VALUE)]
    if report.settings.verify:
        columns.append(Column(words.VERDICT))
    if report.trace is not None and report.trace.seeded:
        heading = words.ALONG_SEED
    else:
        heading = words.JACOBIAN if len(report.outputs) > 1 else words.GRADIENT if len(report.pairs) > 1 else words.DERIVATIVE
    rows = len(report.pairs)
    return Section(heading, tuple(columns), lambda: _rows(report, digits), after=lambda: _after(report), count=rows)


def formula_to_show(report: Report, found: DerivativeFormula) -> int | None:
    """In the inputs where that is short, else in the names of statements; None where neither can be written."""
    nodes = report.formulas.nodes
    by_name = found.named is not None and (report.level == "neuron" or report.model.form == "network")
    longest = LONGEST if report.model.form == "formula" else SHORT
    if not by_name and found.expanded and found.root is not None and size(nodes, found.root, longest) < longest:
        return found.root
    if found.named is not None:
        return found.named
    return found.root


def _rows(report: Report, digits: Digits) -> Iterator[Row]:
    nodes = report.formulas.nodes
    many = report.model.many()
    for of, wrt in report.pairs:
        verification = report.verification
        check = None if verification is None else verification.checks[of, wrt]
        found = report.formulas.by_pair.get((of, wrt))
        root = None if found is None else formula_to_show(report, found)
        left: Math = Tangent(of, "seed", many) if wrt == "seed" else Derivative(of, (wrt,), many)
        cells: list[Cell] = [left]
        cells.append(None if root is None else Formula(nodes, root))
        if report.trace is not None:
            settled = check is not None and check.value is not None
            cells.append(None if root is None or settled else _numbers(report, root, of, wrt, digits))
            cells.append(_value(report, of, wrt, check, digits))
        if check is not None:
            cells.append(Words(_verdict(check, digits)))
        yield Row(tuple(cells), mark="" if check is None else MARKS[check.verdict])


def _numbers(report: Report, root: int, of: str, wrt: str, digits: Digits) -> Cell:
    assert report.trace is not None
    nodes = report.formulas.nodes
    if nodes.operation(root) in ("number", "name") or size(nodes, root, LONGEST_NUMBERS) >= LONGEST_NUMBERS:
        return None
    values = values_by_name(report.list, report.trace.values)
    value = report.trace.derivative(of, wrt)
    return with_numbers(report.formulas.nodes, root, values, digits, keep_call=False, result=value)


def _value(report: Report, of: str, wrt: str, check: Check | None, digits: Digits) -> Cell:
    trace = report.trace
    assert trace is not None
    if check is not None and check.value is not None:
        short = check.reference is not None and len(check.reference) < 20  # a limit that is a round number
        return result(check.value, Fraction(check.reference) if short and check.reference else None, digits)
    value = trace.derivative(of, wrt)
    if math.isnan(value):
        return Words(words.UNDEFINED)
    if math.isinf(value):
        return Number("inf" if value > 0 else "-inf")
    return result(value, trace.exact_derivative(of, wrt), digits)


def _verdict(check: Check, digits: Digits) -> str:
    if check.verdict == "kink" and check.one_sided is not None:
        left, right = check.one_sided
        return words.kink(_shown(left, digits), _shown(right, digits))
    if check.verdict == "imprecise" and check.reference is not None:
        return words.imprecise(_shown_decimal(check.reference, digits))
    return check.verdict


def _shown_decimal(reference: str, digits: Digits) -> str:
    """The judge's value, also where a double would be 0 or infinite."""
    value = float(reference)
    if value != 0 and math.isfinite(value) and abs(value) > 1e-300:
        return _shown(value, digits) or ""
    mantissa, sign, exponent = f"{Decimal(reference):.{digits.significant}g}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return (mantissa + sign + exponent).replace("-", "−").replace("+", "")


def _shown(value: float | None, digits: Digits) -> str | None:
    if value is None:
        return None
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return digits.result(value).replace("-", "−")


def _after(report: Report) -> Iterator[Line]:
    verification = report.verification
    for of, wrt in report.pairs:
        found = report.formulas.by_pair.get((of, wrt))
        if found is not None and report.trace is None:
            what = f"d{of}/d{wrt}"
            if found.root is None:
                yield (Words(words.not_written(what)),)
            elif not found.expanded:
                yield (Words(words.in_names(what)),)
    if verification is None:
        yield (Words(words.NOT_VERIFIED),)
        return
    if not report.pairs:
        yield (Words(words.NOTHING),)
        return
    checks = [verification.checks[p] for p in report.pairs]
    proved = sum(c.verdict == "proved" for c in checks)
    yield (Words(words.checked(proved, len(checks), verification.verdict)),)
    for check in checks:
        told = check.verdict in ("proved", "agrees", "kink") and check.value is None
        if check.reason and not told:
            verdict = "exists" if check.value is not None else check.verdict
            yield (Derivative(check.of, (check.wrt,), report.model.many()), Words(f" {verdict}: {check.reason}"))
    for sentence in verification.values:
        yield (Words(sentence),)
    others = {c.witness for c in checks if c.verdict == "agrees" and c.witness}
    if others:
        yield (Words(words.agrees(sorted(others))),)
    done, asked = verification.rules
    if asked and proved < len(checks):
        yield (Words(words.rules_proved(done, asked)),)


def warnings(report: Report) -> list[str]:
    """What stderr should say besides: underflows, and what the model's reader found."""
    found: list[str] = list(report.model.warnings)
    if report.trace is not None:
        found += report.trace.warnings
    return found

