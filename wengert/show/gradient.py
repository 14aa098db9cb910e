"""The closing tables of a document: every derivative with its formula, its value and its verdict.

Those of first order come first (the gradient, or the Jacobian), then those of higher order. A row waits for the verification.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from wengert.lang.model import Key
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
    Phrase,
    Row,
    Section,
    Tangent,
    Words,
)  # fmt: skip
from wengert.show.figures import Figures
from wengert.show.insertion import LONGEST
from wengert.show.matrices import hessian_section, jacobian_section
from wengert.show.notation import size
from wengert.show.numbers import Digits, is_finite
from wengert.show.overflows import overflow_warnings
from wengert.show.rounded_figures import RoundedFigures
from wengert.show.words import networks as of_networks
from wengert.show.words import tables as words
from wengert.show.words.losses import IN_HIDDEN, VALUE_OF, value_failed, value_imprecise
from wengert.sweep.formulas import DerivativeFormula
from wengert.verify.answers import JUMPS, UNSETTLED
from wengert.verify.reasons import NO_PROOF

if TYPE_CHECKING:
    from wengert.verify.checks import Check

Mark = Literal["", "good", "warn", "bad"]
LONGEST_NUMBERS = 40  # nodes of a formula that is shown with numbers beside it
WIDEST = 70  # nodes of a network's formula that stands in the table
SHORT = 30  # nodes of a formula that is written in the inputs although the model has names for its parts
MARKS: dict[str, Mark] = {"proved": "good", "agrees": "good", "imprecise": "warn", "kink": "warn", "unchecked": "warn",
                          "failed": "bad"}  # fmt: skip


def gradient_sections(report: Report, digits: Digits, derived: str = of_networks.BY_SWEEPS) -> list[Section]:
    """The derivatives, order by order, with their matrices. `derived` says where the document derives those of first order."""
    if report.settings.order > 1 and report.in_one_name:
        return [_section(report, digits, derived, words.orders(report.settings.order), by_output(report.keys), higher=True)]
    sections = [_section(report, digits, derived, _heading(report), report.pairs)]
    if len(report.outputs) > 1 and len(_ordinary(report)) > len(report.outputs):
        sections.append(jacobian_section(report, digits))
    higher = report.keys[len(report.pairs) :]
    if higher:
        order = report.settings.order
        heading = words.HESSIAN_SEED if report.model.seed else words.HESSIAN if order == 2 else words.of_order(order)
        sections.append(_section(report, digits, derived, heading, higher, _symmetric(report), higher=True))
        if order == 2 and not report.model.seed:
            sections += [hessian_section(report, digits, of) for of in report.outputs]
    return sections


def by_output(keys: Sequence[Key]) -> list[Key]:
    """The derivatives of an output together, by order."""
    return sorted(keys, key=lambda key: ([k[0] for k in keys].index(key[0]), len(key)))


def _heading(report: Report) -> str:
    if report.trace is not None and report.trace.seeded:
        return words.ALONG_SEED
    one = len(_ordinary(report)) <= 1
    usual = words.JACOBIAN if len(report.outputs) > 1 else words.DERIVATIVE if one else words.GRADIENT
    return usual if report.model.seed is None else words.DERIVATIVE_AND_ALONG_SEED if one else usual + words.AND_ALONG_SEED


def _ordinary(report: Report) -> Sequence[Key]:
    """The derivatives of first order with respect to names."""
    return [key for key in report.pairs if key[-1] != "seed" or report.model.seed is None]


def _symmetric(report: Report) -> Line:
    """That mixed derivatives are worked out once, in the report's own names; nothing along a seed."""
    names = report.model.wrt
    if report.model.seed is not None or len(names) < 2:
        return ()
    if report.trace is not None and report.trace.kinks:
        return (Words(words.WORKED_OUT_ONCE),)
    if report.settings.order > 2:
        return (Words(words.ANY_ORDER),)
    of, x, y = report.outputs[0], *names[:2]
    pair = Equation((symbol(report, (of, x, y)), symbol(report, (of, y, x))))
    return (pair, Words(words.symmetric(math.comb(len(names), 2), len(report.outputs))))


def _section(
    report: Report, digits: Digits, derived: str, heading: str, keys: Sequence[Key], said: Line = (), higher: bool = False
) -> Section:
    """Derivative, of a higher order what it is the derivative of, formula, numbers, value, verdict."""
    rounded = report.trace is not None and report.trace.rounded is not None
    columns = [Column(""), *([Column(words.FROM)] if higher else []), Column(words.FORMULA, folds=2, equals=not higher)]
    if report.trace is not None:
        columns += [Column(words.NUMBERS, folds=3, equals=True)]
        columns.append(Column(words.FROM_ROUNDED if rounded else words.VALUE, equals=True))
    if rounded:
        columns += [Column(words.FULL), Column(words.DRIFT)]
    if report.settings.verify:
        columns.append(Column(words.VERDICT))
    before: tuple[Line, ...] = (said,) if said else ()
    rows = partial(_rows, report, digits, keys, higher)
    seed = (the_seed(report),) if report.model.seed is not None and keys[:1] == report.keys[:1] else ()
    tangents = derived == of_networks.BY_SWEEPS  # whose table opens with the seed
    after = partial(_after, report, digits, keys, derived.format(where=of_networks.ABOVE))
    return Section(
        heading, tuple(columns), rows, before if tangents else (*seed, *before), after, len(keys), kind="gradient",
        alone=partial(_after, report, digits, keys, derived.format(where=of_networks.LEFT_OUT)), told=seed if tangents else (),
    )  # fmt: skip


def the_seed(report: Report) -> Line:
    """The seed: ẋ = 3, ẏ = 7."""
    model = report.model
    assert model.seed is not None
    line: list[Math] = [Words(words.THE_SEED)]
    for n, (name, component) in enumerate(model.seed.items()):
        if n == words.MOST_NAMED:
            return (*line, Words(", …"))
        line += [Words(", ")] * bool(n) + [Equation((Tangent(name, "seed", report.many), Formula(model.nodes, component)))]
    return tuple(line)


def formula_to_show(report: Report, found: DerivativeFormula) -> int | None:
    """In the inputs where that is short, else in the names of statements; None where neither can be written."""
    nodes = report.formulas.nodes
    if report.settings.round is not None and found.named is not None:
        return found.named  # the rounded nodes are what its numbers come of
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
    many = report.many
    if wrt[-1] != "seed" or report.model.seed is None:
        return Derivative(of, tuple(wrt), many)
    return Tangent(of, "seed", many) if len(wrt) == 1 else Derivative(of, tuple(wrt[:-1]), many, dotted=True)


def _source(report: Report, key: Key) -> Cell:
    """∂/∂y of ∂f/∂x: what was differentiated last; nothing for a first derivative."""
    of, *wrt = key
    if len(wrt) < 2:
        return None
    along = report.model.seed is not None and wrt[-1] == "seed"
    last, before = (wrt[0], (of, "seed")) if along else (wrt[-1], key[:-1])
    return Phrase((Derivative("", (last,), report.many), Words(words.OF), symbol(report, before)))


def _rows(report: Report, digits: Digits, keys: Sequence[Key], higher: bool) -> Iterator[Row]:
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
        cells: list[Cell] = [symbol(report, key), *([_source(report, key)] if higher else [])]
        wide = report.model.form == "network" and (root is None or size(nodes, root, WIDEST) >= WIDEST)
        cells.append(Words(words.NOT_PUT_IN) if wide else None if root is None else Formula(nodes, root))
        if figures is not None:
            settled = check is not None and check.value is not None
            shown = on_paper or figures
            cells.append(None if root is None or wide or settled else _numbers(report, root, key, shown))
            value = None if check is None else check.value
            cells.append(shown.derivative(key, None if on_paper else value))
            if on_paper is not None:
                cells += [figures.derivative(key, value), on_paper.drift_of(key) if value is None else None]
        if check is not None:
            cells.append(Words(verdict_words(check, digits, None if figures is None else figures.figure(key))))
        yield Row(tuple(cells), mark="" if check is None else MARKS[check.verdict])


def _numbers(report: Report, root: int, key: Key, figures: Figures) -> Cell:
    nodes = report.formulas.nodes
    value = figures.figure(key)
    if not nodes.is_leaf(root) and is_finite(value) and size(nodes, root, LONGEST_NUMBERS) >= LONGEST_NUMBERS:
        return Words(words.NOT_PUT_IN)
    return figures.cell(nodes, root, value, keep_call=False)


def _numbers_left_out(report: Report, key: Key) -> bool:
    """Whether … stands for the numbers of a formula that is written out itself."""
    found = report.formulas.by_key.get(key)
    root = None if found is None else formula_to_show(report, found)
    if root is None or report.trace is None:
        return False
    wide = report.model.form == "network" and size(report.formulas.nodes, root, WIDEST) >= WIDEST
    check = None if report.verification is None else report.verification.checks[key]
    if wide or (check is not None and check.value is not None):
        return False
    return isinstance(_numbers(report, root, key, Figures(report.trace, Digits())), Words)


def verdict_words(check: Check, digits: Digits, figure: Any = None) -> str:
    if check.verdict == "kink" and check.reason == JUMPS:
        return words.KINK_JUMPS
    if check.verdict == "kink" and check.one_sided is not None:
        left, right = check.one_sided
        if len(check.key) > 2 and left is not None and left == right and math.isfinite(left):
            return words.kink_alike(_shown(left, digits) or "")
        return words.kink(_shown(left, digits), _shown(right, digits), check.reason != UNSETTLED)
    if check.verdict == "imprecise" and check.reference is not None:
        beside = _right(figure, check.reference, digits)
        return IN_HIDDEN if beside is None else words.imprecise(beside)
    return check.verdict


def _right(made: Any, reference: str, digits: Digits) -> str | None:
    """The right value as it is printed; None where the double, so printed, is the same."""
    right = digits.result(Decimal(reference))
    return None if made is not None and digits.result(made) == right else right.replace("-", "−")


def _shown(value: float | None, digits: Digits) -> str | None:
    if value is None:
        return None
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return digits.result(value).replace("-", "−")


def _after(report: Report, digits: Digits, keys: Sequence[Key], derived: str | None = None) -> Iterator[Line]:
    """`derived`: where those of first order are derived; None where their formulas do not stand above."""
    verification = report.verification
    yield from _not_written(report, keys)
    for key in keys:
        found = report.formulas.by_key.get(key)
        if found is not None and report.trace is None and found.root is not None and not found.expanded:
            yield (symbol(report, key), Words(words.IN_NAMES_OF_STATEMENTS))
    if derived is not None and report.model.form == "network":
        yield from _too_wide(report, [key for key in keys if len(key) == 2], derived)
        yield from _too_wide(report, [key for key in keys if len(key) > 2], of_networks.BY_NOTHING)
    if derived is not None and report.trace is not None and any(_numbers_left_out(report, key) for key in keys):
        yield (Words(words.NUMBERS_LEFT_OUT),)
    if verification is None:
        yield (Words(words.NOT_VERIFIED),)
        return
    if not keys:
        yield (Words(words.NOTHING),)
        return
    checks = [verification.checks[key] for key in keys]
    proved = sum(c.verdict == "proved" for c in checks)
    for check in checks:
        if check.value is not None and check.reason:
            yield (symbol(report, check.key), Words(f" {check.reason}"))
    yield (Words(words.checked([c.verdict for c in checks], verification.verdict)),)
    if any(c.one_sided not in (None, (None, None)) and c.reason != JUMPS for c in checks):
        yield (Words(words.ONE_SIDED),)
    reasons: dict[str, list[Math]] = {}
    for check in checks:
        told = check.verdict in ("proved", "agrees") or (check.verdict == "kink" and len(check.key) == 2)
        if check.reason and check.verdict != "imprecise" and not told:
            reasons.setdefault(f" {check.verdict}: {check.reason}", []).append(symbol(report, check.key))
    for reason, whose in reasons.items():
        yield (whose[0], *(piece for m in whose[1:] for piece in (Words(", "), m)), Words(reason))
    if keys[0] == report.keys[0]:
        for of, value in verification.values.items():
            if value.verdict == "imprecise" and value.reference is not None:
                made = None if report.trace is None else report.trace.values[report.list.slots[of]]
                yield (Words(VALUE_OF), Name(of), Words(value_imprecise(_right(made, value.reference, digits))))
            elif value.verdict == "failed" and value.reason and not any(c.verdict == "failed" for c in checks):
                yield (Words(VALUE_OF), Name(of), Words(value_failed(value.reason)))
    others = {c.witness for c in checks if c.verdict == "agrees" and c.witness and c.value is None}
    if others:
        yield (Words(words.agrees(sorted(others))),)
    yield from _unproved(checks)
    done, asked = verification.rules
    if asked and proved < len(checks):
        yield (Words(words.rules_proved(done, asked)),)


def _unproved(checks: Sequence[Check]) -> Iterator[Line]:
    """Why those that agree are not proved, a line a kind of reason; of those that differ in a number the kind alone."""
    kinds: dict[str, list[str]] = {}
    for check in checks:
        if check.verdict == "agrees" and check.reason and check.value is None:
            reason = check.reason.removeprefix(NO_PROOF)
            kinds.setdefault(reason.partition(":")[0], []).append(reason)
    for kind, reasons in kinds.items():
        yield (Words(words.no_proof(len(reasons), len(checks), reasons[0] if len(set(reasons)) == 1 else kind)),)


def _not_written(report: Report, keys: Sequence[Key]) -> Iterator[Line]:
    """Which formulas there are none of; many are counted."""
    if report.trace is not None and report.model.form == "network":
        return  # told with those that are too wide
    formulas = report.formulas.by_key
    missing = [key for key in keys if key in formulas and formulas[key].root is None]
    if len(missing) > words.MOST_NAMED:
        yield (Words(words.many_not_written(len(missing))),)
        return
    for key in missing:
        yield (Words(words.NOT_WRITTEN_OF), symbol(report, key),
               Words(words.NOT_WRITTEN if report.trace is None else words.NOT_WRITTEN_AT))  # fmt: skip


def closing_lines(report: Report, digits: Digits) -> Iterator[Line]:
    """What is said of the verification of the derivatives of first order, wherever they are shown."""
    yield from _after(report, digits, report.pairs)


def _too_wide(report: Report, keys: Sequence[Key], derived: str) -> Iterator[Line]:
    """Which formulas the table leaves out."""
    nodes = report.formulas.nodes
    wide: list[Key] = []
    large: list[Key] = []
    for key in keys:
        formula = report.formulas.by_key.get(key)
        root = None if formula is None else formula_to_show(report, formula)
        if root is None and report.trace is None and formula is not None and formula.root is None:
            continue  # told above
        if root is None:
            large.append(key)
        elif size(nodes, root, WIDEST) >= WIDEST:
            wide.append(key)
    for found, why in ((wide, of_networks.TOO_WIDE), (large, of_networks.TOO_LARGE)):
        if found:
            names: list[Math] = []
            for n, key in enumerate(found[: words.MOST_NAMED]):
                names += [Words(", ")] * bool(n) + [symbol(report, key)]
            several = of_networks.WIDE_FORMULAS if len(found) > 1 else of_networks.WIDE_FORMULA
            yield (Words(several), *names, Words(of_networks.wide_formulas(len(found), derived, why)))


def warnings(report: Report) -> list[str]:
    """What stderr should say besides: underflows, and what the model's reader found."""
    found: list[str] = list(report.model.warnings)
    if report.trace is not None:
        found += (*report.trace.warnings, *overflow_warnings(report.trace))
    return found
