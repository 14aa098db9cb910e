"""The closing tables of a document: every derivative with its formula, its value and its verdict.

Those of first order come first (the gradient, or the Jacobian), then those of higher order. A row waits for the verification.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from wengert.lang.model import Key
from wengert.report import Report
from wengert.show import words
from wengert.show.document import Cell, Column, Derivative, Formula, Line, Math, Row, Section, Tangent, Words
from wengert.show.figures import LONGEST, Figures, RoundedFigures
from wengert.show.loss_words import loss_line
from wengert.show.matrices import hessian_section, jacobian_section
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.sweep.formulas import DerivativeFormula
from wengert.verify.answers import JUMPS
from wengert.verify.verdicts import Check

Mark = Literal["", "good", "warn", "bad"]
LONGEST_NUMBERS = 40  # nodes of a formula that is shown with numbers beside it
SHORT = 30  # nodes of a formula that is written in the inputs although the model has names for its parts
MARKS: dict[str, Mark] = {"proved": "good", "agrees": "good", "imprecise": "warn", "kink": "warn", "unchecked": "warn",
                          "failed": "bad"}  # fmt: skip


def gradient_sections(report: Report, digits: Digits) -> list[Section]:
    """The derivatives, order by order, with their matrices."""
    if report.settings.order > 1 and report.in_one_name:
        return [_section(report, digits, words.orders(report.settings.order), by_output(report.keys))]
    sections = [_section(report, digits, _heading(report), report.pairs)]
    if len(report.outputs) > 1 and len(report.pairs) > len(report.outputs):
        sections.append(jacobian_section(report, digits))
    higher = report.keys[len(report.pairs) :]
    if higher:
        order = report.settings.order
        heading = words.HESSIAN_SEED if report.model.seed else words.HESSIAN if order == 2 else words.of_order(order)
        sections.append(_section(report, digits, heading, higher, words.SYMMETRIC if not report.model.seed else ""))
        if order == 2 and not report.model.seed:
            sections += [hessian_section(report, digits, of) for of in report.outputs]
    return sections


def by_output(keys: Sequence[Key]) -> list[Key]:
    """The derivatives of an output together, by order."""
    return sorted(keys, key=lambda key: ([k[0] for k in keys].index(key[0]), len(key)))


def _heading(report: Report) -> str:
    if report.trace is not None and report.trace.seeded:
        return words.ALONG_SEED
    return words.JACOBIAN if len(report.outputs) > 1 else words.GRADIENT if len(report.pairs) > 1 else words.DERIVATIVE


def _section(report: Report, digits: Digits, heading: str, keys: Sequence[Key], said: str = "") -> Section:
    """Derivative, formula, numbers, value, verdict."""
    rounded = report.trace is not None and report.trace.rounded is not None
    columns = [Column(""), Column(words.FORMULA, folds=2)]
    if report.trace is not None:
        columns += [Column(words.NUMBERS, folds=3), Column(words.VALUE)]
    if rounded:
        columns += [Column(words.FULL), Column(words.DRIFT)]
    if report.settings.verify:
        columns.append(Column(words.VERDICT))
    before: tuple[Line, ...] = ((Words(said),),) if said else ()
    return Section(
        heading, tuple(columns), lambda: _rows(report, digits, keys), before, lambda: _after(report, keys), len(keys)
    )


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


def symbol(report: Report, key: Key) -> Math:
    """∂f/∂x, ∂²f/∂x∂y, ḟ along the seed, ∂ḟ/∂x of a Hessian-vector product."""
    of, *wrt = key
    many = report.model.many()
    if wrt[-1] != "seed" or report.model.seed is None:
        return Derivative(of, tuple(wrt), many)
    return Tangent(of, "seed", many) if len(wrt) == 1 else Derivative(of, tuple(wrt[:-1]), many, dotted=True)


def _rows(report: Report, digits: Digits, keys: Sequence[Key]) -> Iterator[Row]:
    nodes = report.formulas.nodes
    figures = None if report.trace is None else Figures(report.trace, digits)
    on_paper = None
    if report.trace is not None and report.trace.rounded is not None:
        on_paper = RoundedFigures(report.trace, digits)
    for key in keys:
        verification = report.verification
        check = None if verification is None else verification.checks[key]
        found = report.formulas.by_key.get(key)
        root = None if found is None else formula_to_show(report, found)
        cells: list[Cell] = [symbol(report, key), None if root is None else Formula(nodes, root)]
        if figures is not None:
            settled = check is not None and check.value is not None
            shown = on_paper or figures
            cells.append(None if root is None or settled else _numbers(report, root, key, shown))
            value = None if check is None else check.value
            cells.append(shown.derivative(key, None if on_paper else value))
            if on_paper is not None:
                cells += [figures.derivative(key, value), on_paper.drift(on_paper.figure(key), figures.figure(key))]
        if check is not None:
            cells.append(Words(_verdict(check, digits)))
        yield Row(tuple(cells), mark="" if check is None else MARKS[check.verdict])


def _numbers(report: Report, root: int, key: Key, figures: Figures) -> Cell:
    nodes = report.formulas.nodes
    if nodes.operation(root) in ("number", "name") or size(nodes, root, LONGEST_NUMBERS) >= LONGEST_NUMBERS:
        return None
    return figures.put_in(nodes, root, figures.figure(key), keep_call=False)


def _verdict(check: Check, digits: Digits) -> str:
    if check.verdict == "kink" and check.reason == JUMPS:
        return words.KINK_JUMPS
    if check.verdict == "kink" and check.one_sided is not None:
        left, right = check.one_sided
        return words.kink(_shown(left, digits), _shown(right, digits))
    if check.verdict == "imprecise" and check.reference is not None:
        return words.imprecise(digits.result(Decimal(check.reference)).replace("-", "−"))
    return check.verdict


def _shown(value: float | None, digits: Digits) -> str | None:
    if value is None:
        return None
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return digits.result(value).replace("-", "−")


def _after(report: Report, keys: Sequence[Key]) -> Iterator[Line]:
    verification = report.verification
    for key in keys:
        found = report.formulas.by_key.get(key)
        if found is not None and report.trace is None:
            what = symbol(report, key)
            if found.root is None:
                yield (Words(words.NOT_WRITTEN_OF), what, Words(words.NOT_WRITTEN))
            elif not found.expanded:
                yield (what, Words(words.IN_NAMES_OF_STATEMENTS))
    if verification is None:
        yield (Words(words.NOT_VERIFIED),)
        return
    if not keys:
        yield (Words(words.NOTHING),)
        return
    checks = [verification.checks[key] for key in keys]
    proved = sum(c.verdict == "proved" for c in checks)
    yield (Words(words.checked(proved, len(checks), verification.verdict)),)
    for check in checks:
        told = check.verdict in ("proved", "agrees") or (check.verdict == "kink" and len(check.key) == 2)
        if check.reason and (not told or check.value is not None):
            verdict = "exists" if check.value is not None else check.verdict
            yield (symbol(report, check.key), Words(f" {verdict}: {check.reason}"))
    if keys[0] == report.keys[0]:
        yield from ((Words(sentence),) for sentence in verification.values)
        yield from (loss_line(loss, report.list) for loss in report.losses)
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
