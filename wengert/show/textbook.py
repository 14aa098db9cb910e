"""The derivation of a network's derivatives as a textbook writes it: the chain rule along each path and their sum, the local
partials with σ′(z), the values of σ′ written out, the loss and its activation taken together, the simplified whole.

Of several rows of data the loss of row 1 is derived: every row is alike. The last line is compared with the list's own
derivative in 60 digits, at a point where nothing is 0, and takes its verdict: failed where it differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial

from wengert.lang.expr import Nodes
from wengert.lang.model import Key, Kind, Role
from wengert.report import Report
from wengert.show.document import Cell, Column, Derivative, Formula, Line, Math, Number, Product, Row, Section, Sum, Words
from wengert.show.gradient import MARKS
from wengert.show.insertion import STRUCTURAL
from wengert.show.notation import TextNotation, language
from wengert.show.pieces import local_partial
from wengert.show.words import networks as said
from wengert.show.words import tables as words
from wengert.sweep.algebra import BIG
from wengert.sweep.arithmetics import digits
from wengert.sweep.evaluate import evaluate
from wengert.sweep.paths import Path, Paths
from wengert.sweep.readable import readable
from wengert.sweep.rules import Rules
from wengert.sweep.steps import Link, Step, copy
from wengert.sweep.symbols import Symbols
from wengert.tape.primitives import PRIMITIVES
from wengert.verify.witness import Ours, Undefined

MOST_NAMES = 12  # derivatives that are derived step by step
MOST_PATHS = 8  # of a derivation
LONGEST_PATH = 20  # steps of a path in a derivation
PRECISION, AGREEMENT = 60, 25  # digits of the comparison with the list
FACTORS = ((1, 1), (10, 1), (1, -1), (10, -1), (100, 1))  # of that point, for parameters others: acosh has no value below 1
SHOWN = 12  # of values that differ
SLACK = 20  # digits that rounding may use up, where contributions cancel
PRIME = "′"


def textbook_sections(report: Report, failures: list[Key] | None = None) -> list[Section]:
    """A table with a group of lines for each derivative; nothing for what is no network, or at operation level. To `failures`
    come the derivatives whose last line fails, when the rows are made."""
    keys = [key for key in report.pairs if key[1] in report.model.wrt]
    if report.model.form != "network" or report.level == "operation" or not keys:
        return []
    columns = [Column(words.DERIVATIVE_COLUMN), Column(""), Column(said.LINE, folds=2), Column("", folds=1)]
    if report.settings.verify:
        columns.append(Column(words.VERDICT))
    heading = said.step_by_step(*keys[0]) if len(keys) == 1 else said.STEPS_OF_ALL
    book = _Book(report)
    failures = [] if failures is None else failures
    notes: list[Line] = []
    rows = partial(_rows, book, keys[:MOST_NAMES], notes, failures)
    before = tuple(_before(book, keys))
    return [Section(heading, tuple(columns), rows, before, lambda: iter(notes), kind="gradient", equations=True)]


def _before(book: _Book, keys: Sequence[Key]) -> Iterator[Line]:
    if len(keys) > MOST_NAMES:
        yield (Words(said.many_names(len(keys), MOST_NAMES)),)
    shape = book.report.model.network
    loss = None if shape is None else shape.loss
    if shape is not None and loss is not None and len(loss.rows) > 1 and any(of == loss.name for of, _ in keys):
        yield (Words(said.one_row(loss.name, loss.rows[0], len(loss.rows), loss.reduction == "mean")),)


def _rows(book: _Book, keys: Sequence[Key], notes: list[Line], failures: list[Key]) -> Iterator[Row]:
    left_out: dict[tuple[str, str], list[str]] = {}
    for of, wrt in keys:
        target = book.target(of)
        paths = book.paths(target, wrt)
        if isinstance(paths, str):
            left_out.setdefault((paths, target), []).append(wrt)
            continue
        left: Cell = Derivative(target, (wrt,), book.report.many)
        lines = list(book.lines(target, wrt, paths))
        for n, (line, why) in enumerate(lines):
            cells: list[Cell] = [left, Words("="), line.math, Words(why)]
            verdict = ""
            if book.report.settings.verify:
                verdict = book.verdict((of, wrt), target, line) if n == len(lines) - 1 else ""
                cells.append(Words(verdict) if verdict else None)
                if verdict == "failed" and (of, wrt) not in failures:
                    failures.append((of, wrt))
                    notes += book.difference(target, wrt, line)
            yield Row(tuple(cells), n == 0, MARKS.get(verdict, ""))
            left = None
    for (reason, target), names in left_out.items():
        said_of = {"none": said.no_path(target, names), "many": said.many_paths(target, names, MOST_PATHS),
                   "long": said.long_paths(target, names, LONGEST_PATH)}  # fmt: skip
        notes.append((Words(said_of[reason]),))


@dataclass(frozen=True)
class _Factor:
    """A local partial on a path: as a quotient ∂a/∂b, with σ′(z), and written out; `formula` (its text) tells what is equal."""

    slot: int
    source: int
    symbol: Math
    prime: Formula
    written: Formula


@dataclass(frozen=True)
class _Line:
    """One line: what is printed, and the same as one expression (None for a line of quotients)."""

    math: Math
    formula: Formula | None = None


Factors = tuple[_Factor, ...]


class _Book:
    """The derivations of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.list = report.list
        self.steps = report.steps_at("neuron")

    def target(self, of: str) -> str:
        """What is derived: the output, or for a loss over several rows that of the first."""
        shape = self.report.model.network
        loss = None if shape is None else shape.loss
        return loss.rows[0] if loss is not None and of == loss.name else of

    def paths(self, target: str, wrt: str) -> list[Path] | str:
        """All paths, or why they are not written: "none", "many" or "long"."""
        paths = Paths(self.steps, self.list.slots[target], self.list.slots[wrt])
        if paths.count == 0:
            return "none"
        if paths.count > MOST_PATHS:
            return "many"
        found = list(paths)
        if any(len(path) > LONGEST_PATH or link.partial is None for path in found for _, link in path):
            return "long"
        return found

    def lines(self, target: str, wrt: str, found: list[Path]) -> Iterator[tuple[_Line, str]]:
        """The lines with a word on each; a line that says what the one above says is left out."""
        paths = [tuple(self._factor(step, link, len(found)) for step, link in path) for path in found]
        chain = _sum([_product([f.symbol for f in path]) for path in paths])
        yield _Line(chain), said.CHAIN_RULE if len(paths) == 1 else said.SUM_OVER_PATHS.format(count=len(paths))
        factored = _factored(paths, lambda f: f.symbol)
        if factored != chain:
            yield _Line(factored), said.FACTORED
        written = _Line(_factored(paths, lambda f: f.written), _joined(paths))
        primed = any(f.prime is not f.written for path in paths for f in path)
        if primed:
            yield _Line(_factored(paths, lambda f: f.prime)), said.PUT_IN
        why = said.WRITTEN_OUT if primed else said.PUT_IN
        last = written
        shorter = self._together(target, paths)
        if shorter is not None:
            yield last, why
            last, why = _Line(_factored(shorter, lambda f: f.written), _joined(shorter)), said.COLLAPSED
        simple = self._simplified(last)
        before, after = _printed(last), "" if simple is None else _printed(simple)
        if simple is not None and before == after:
            yield simple, why
            return
        yield last, why
        if simple is not None and len(after) < len(before):
            yield simple, said.SIMPLIFIED

    def _factor(self, step: Step, link: Link, count: int) -> _Factor:
        assert link.partial is not None
        many = self.report.many
        symbol = local_partial(self.list, step, link, many, direct=False)
        written = self._in_names(Formula(step.nodes, link.partial))
        return _Factor(step.slot, link.source, symbol, self._prime(step) or written, written)

    def _prime(self, step: Step) -> Formula | None:
        """σ′(z), where the step is one activation of one argument, its constants kept."""
        nodes, root = step.nodes, step.formula
        definition = self.report.model.definition(self.list.name(step.slot))
        if definition is None or definition.kind is not Kind.POST or nodes.is_leaf(root):
            return None
        operation, arguments = nodes.operation(root), nodes.arguments(root)
        record = PRIMITIVES.get(operation)
        if record is None or record.name in (*STRUCTURAL, "identity", "softmax", "where"):
            return None
        named = [a for a in arguments if nodes.operation(a) == "name"]
        if len(named) != 1 or not all(nodes.is_leaf(a) for a in arguments) or len(step.links) != 1:
            return None
        made = Nodes()
        return Formula(made, made.call(operation + PRIME, [copy(nodes, a, made) for a in arguments]))

    def _in_names(self, formula: Formula) -> Formula:
        """softmax(1, z1, z2) as a1, where the model calls it so."""
        if not self._softmaxes:
            return formula
        made = Nodes(shared=True)
        new: dict[int, int] = {}
        for node in formula.nodes.reachable([formula.root]):
            operation = formula.nodes.operation(node)
            known = self._softmaxes.get(language(formula.nodes, node)) if operation == "softmax" else None
            if known is not None:
                new[node] = made.name(known)
            elif formula.nodes.is_leaf(node):
                text = formula.nodes.text(node)
                new[node] = made.number(text) if operation == "number" else made.name(text)
            else:
                new[node] = made.call(operation, [new[a] for a in formula.nodes.arguments(node)])
        return Formula(made, new[formula.root])

    @cached_property
    def _softmaxes(self) -> dict[str, str]:
        model = self.report.model
        return {
            language(model.nodes, d.root): d.name
            for d in model.definitions if model.nodes.operation(d.root) == "softmax"
        }  # fmt: skip

    def _together(self, target: str, paths: Sequence[Factors]) -> list[Factors] | None:
        """The paths from the z of the output layer on, each behind ∂L/∂z = a − t; None where the loss does not meet its
        activation, or a path goes another way."""
        met = self.report.meeting
        if met is None or met.activation == "identity" or target != self.target(met.loss):
            return None
        places = {self.list.slots[z]: j for j, z in enumerate(met.z)}
        found: list[Factors] = []
        for path in paths:
            at = next((i for i, f in enumerate(path) if f.source in places), None)
            if at is None:
                return None
            source = path[at].source
            root = met.of_row(places[source])
            head = replace(path[0], source=source, written=Formula(met.nodes, root), prime=Formula(met.nodes, root))
            if not any(len(known) == len(path) - at and all(map(_same, known, (head, *path[at + 1 :]))) for known in found):
                found.append((head, *path[at + 1 :]))
        return found

    def _simplified(self, line: _Line) -> _Line | None:
        """The whole as one expression, in a readable form; None where it is too large."""
        assert line.formula is not None
        symbols = Symbols(taken=self.report.model.names())
        rules = Rules(symbols, stable=False)
        nodes = line.formula.nodes
        e = evaluate(nodes, line.formula.root, rules, symbols.symbol)
        if e == BIG:
            return None
        made = Nodes(shared=True)
        formula = Formula(made, symbols.to_nodes(readable(symbols.algebra, e), made, arrange=False))
        return _Line(formula, formula)

    # -- the verdict

    def verdict(self, key: Key, target: str, line: _Line) -> str:
        """That of the derivative, where the line has the list's value; of one row's loss that it agrees with the list."""
        verification = self.report.verification
        assert line.formula is not None
        if verification is None:
            return ""
        same = self._same(target, key[1], line.formula)
        if same is None:
            return "unchecked"
        if not same:
            return "failed"
        verdict = verification.checks[key].verdict
        return verdict if target == key[0] or verdict not in ("proved", "imprecise") else "agrees"

    def difference(self, target: str, wrt: str, line: _Line) -> Iterator[Line]:
        """Both values, where the line has another one than the list."""
        if line.formula is not None and self._same(target, wrt, line.formula) is False:
            ours = self._ours.derivative((target, wrt), PRECISION, False, self._point)
            value = self._ours.formula(line.formula.nodes, line.formula.root, PRECISION, self._point)
            nstr = digits(PRECISION).context.nstr
            yield (Words(said.wrong_line(target, wrt, str(nstr(value, SHOWN)), str(nstr(ours, SHOWN))).replace("-", "−")),)

    def _same(self, target: str, wrt: str, formula: Formula) -> bool | None:
        try:
            ours = self._ours.derivative((target, wrt), PRECISION, False, self._point)
            size = self._ours.derivative_size((target, wrt), PRECISION, False, self._point)
            value = self._ours.formula(formula.nodes, formula.root, PRECISION, self._point)
        except Undefined:
            return None
        ten = digits(PRECISION).context.mpf(10)
        is_zero = abs(ours) <= size * ten ** (SLACK - PRECISION)  # contributions that cancel, but for rounding
        return bool(abs(value - ours) <= (size if is_zero else abs(ours)) * ten**-AGREEMENT)

    @cached_property
    def _ours(self) -> Ours:
        return Ours(self.list)

    @cached_property
    def _point(self) -> dict[str, str]:
        """A point where no input is 0, those of a kind have one sign, the targets of a row sum to 1, and the list has values,
        if one of those that are tried is such."""
        for factors in FACTORS:
            point = self._inputs(factors)
            with suppress(Undefined):
                for of in self.report.outputs:
                    self._ours.adjoints(of, PRECISION, False, point)
                return point
        return self._inputs(FACTORS[0])

    def _inputs(self, factors: tuple[int, int]) -> dict[str, str]:
        shape = self.report.model.network
        aims = max(1, len(shape.targets[0])) if shape is not None and shape.targets else 1
        return {
            x.name: f"1/{aims}" if x.role is Role.TARGET
            else f"{factors[x.role is Role.PARAMETER] * (3 * i % 17 + 2)}/{5 * i % 13 + 19}"
            for i, x in enumerate(self.report.model.inputs)
        }  # fmt: skip


# -- sums with brackets


def _factored(paths: Sequence[Factors], of: Callable[[_Factor], Math]) -> Math:
    """The sum over the paths, what all share in front of the bracket or behind it, likewise inside."""
    if len(paths) == 1:
        return _product([of(f) for f in paths[0]])
    shortest = min(map(len, paths))
    first = paths[0]
    head = 0
    while head < shortest and all(_same(path[head], first[head]) for path in paths):
        head += 1
    tail = 0
    while tail < shortest - head and all(_same(path[-1 - tail], first[-1 - tail]) for path in paths):
        tail += 1
    middles = [path[head : len(path) - tail] for path in paths]
    groups: list[list[Factors]] = []
    for middle in middles:
        group = next((g for g in groups if g[0] and middle and _same(g[0][0], middle[0])), None)
        if group is None:
            groups.append([middle])
        else:
            group.append(middle)
    bracket = _sum([_factored(group, of) for group in groups])
    return _product([*map(of, first[:head]), bracket, *map(of, first[len(first) - tail :])])


def _same(a: _Factor, b: _Factor) -> bool:
    return (a.slot, a.source) == (b.slot, b.source)


def _product(factors: Sequence[Math]) -> Math:
    kept = [f for f in factors if not _is_one(f)] or [Number("1")]
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


def _sum(terms: Sequence[Math]) -> Math:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _joined(paths: Sequence[Factors]) -> Formula:
    """The sum over the paths as one expression."""
    nodes = Nodes(shared=True)
    total: int | None = None
    for path in paths:
        term: int | None = None
        for factor in [f for f in path if not _is_one(f.written)] or path[:1]:
            root = copy(factor.written.nodes, factor.written.root, nodes)
            term = root if term is None else nodes.call("mul", [term, root])
        assert term is not None
        total = term if total is None else nodes.call("add", [total, term])
    assert total is not None
    return Formula(nodes, total)


def _printed(line: _Line) -> str:
    """The line as it reads, whatever stands around its multiplication signs."""
    return TextNotation().math(line.math).replace(" · ", "·")


def _is_one(m: Math) -> bool:
    return isinstance(m, Formula) and m.nodes.operation(m.root) == "number" and m.nodes.text(m.root) == "1"
