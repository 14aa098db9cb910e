"""Path by path: every path from a name to an output with its product, and their sum, in symbols or with numbers, and as data.

The derivative is the sum over all paths of the products of the local partials along them. Paths are counted on the list and
made one by one: their number may be astronomical, and then the first ones stand for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from wengert.report import Report
from wengert.show.document import (
    Cell,
    Column,
    Derivative,
    Formula,
    Line,
    Math,
    Name,
    Number,
    Phrase,
    Product,
    Row,
    Section,
    Sum,
    Words,
)
from wengert.show.figures import Figures
from wengert.show.gradient import SHORT, formula_to_show
from wengert.show.insertion import MORE_DIGITS
from wengert.show.notation import language, size
from wengert.show.numbers import Digits, is_finite
from wengert.show.pieces import local_partial, too_large
from wengert.show.words import tables as words
from wengert.sweep.columns import Columns
from wengert.sweep.paths import Path, Paths
from wengert.sweep.steps import Step, Steps

FIRST = 16  # paths that are listed where nobody asked for all
LISTED = 1000  # paths that are listed for each derivative with --paths
LONGEST_PATH = 40  # steps of a path that is written out
LONGEST_WALK = 2000  # steps of a path that is walked at all
MOST_TERMS = 16  # terms of a sum that is written out
MOST_WORK = 2_000_000  # slots that are visited to count paths, over all derivatives
KEPT = 50_000  # slots of a list whose steps are looked at once for all names
SAFE = 2**53


def symbolic_paths(report: Report, limit: int = FIRST) -> Section:
    """Each path with its chain rule and the product of its local partials, in symbols."""
    columns = (Column(words.PATH, folds=1), Column(words.CHAIN_RULE, folds=2), Column(words.PRODUCT, folds=3, equals=True))
    notes: list[Line] = []
    rows = partial(_symbolic_rows, report, limit, notes)
    return Section(words.PATHS, columns, rows, after=lambda: iter(notes), kind="reverse")


def path_section(report: Report, figures: Figures, limit: int = LISTED) -> Section:
    """Each path with its chain rule, the values of its local partials and their product; the sum of the paths below."""
    columns = (
        Column(words.PATH, folds=1), Column(words.CHAIN_RULE, folds=3), Column(words.NUMBERS, folds=2, equals=True),
        Column(words.VALUE, equals=True),
    )  # fmt: skip
    notes: list[Line] = []
    rows = partial(_numeric_rows, report, figures, limit, notes)
    return Section(words.PATHS, columns, rows, after=lambda: iter(notes), kind="reverse")


def paths_record(report: Report, limit: int = LISTED) -> list[dict[str, Any]]:
    """The JSON key "paths", at operation level: for each output and name the number of paths (a string of digits beyond
    2**53), the first `limit` of them, from the name to the output, with the formulas of their local partials, and with a point
    their values and product; "sum" is the sum of all paths (the derivative, where not all are listed)."""
    steps = _Kept(report, "operation")
    trace = report.trace
    made = []
    for of, wrt, paths in _counted(report, steps, []):
        one: dict[str, Any] = {"of": of, "wrt": wrt, "count": paths.count if paths.count <= SAFE else str(paths.count)}
        values = None if trace is None else _Partials(steps, report.list.slots[of], trace.columns, trace.arithmetic)
        listed = []
        total = None if trace is None else trace.arithmetic.zero
        for path in _walked(report, steps, of, wrt, paths, limit):
            entry: dict[str, Any] = {"statements": _names(report, path, wrt)}
            entry["formulas"] = [None if k.partial is None else language(s.nodes, k.partial) for s, k in reversed(path)]
            if values is not None:
                factors, value = values.along(path)
                entry["partials"] = [_json(p) for p in reversed(factors)]
                entry["value"] = _json(value)
                total = values.arithmetic.add(total, value)
            listed.append(entry)
        one["listed"] = listed
        if trace is not None:
            one["sum"] = _json(total if len(listed) == paths.count else trace.figure((of, wrt)))
        made.append(one)
    return made


# -- which paths


class _Kept(Steps):
    """Steps that are made once: a path through a wide sum is one of many."""

    def __init__(self, report: Report, level: str) -> None:
        super().__init__(report.list, report.active, level)
        self._kept: dict[int, Step] = {}
        self._sources: dict[int, list[int]] = {}
        self._distances: dict[int, dict[int, int]] = {}
        self._short = len(report.list) <= KEPT

    def sources(self, slot: int) -> list[int]:
        found = self._sources.get(slot)
        if found is None:
            found = super().sources(slot)
            if self._short:
                self._sources[slot] = found
        return found

    def distances(self, output: int) -> dict[int, int]:
        """How many steps there are at least from each slot that leads to the output, up to it."""
        found = self._distances.get(output)
        if found is None:
            found = self._distances[output] = {output: 0}
            for slot in reversed(self.slots()):
                if slot in found:
                    further = found[slot] + 1
                    for source in self.sources(slot):
                        if found.get(source, further + 1) > further:
                            found[source] = further
        return found

    def at(self, slot: int) -> Step:
        step = self._kept.get(slot)
        if step is None:
            step = self._kept[slot] = super().at(slot)
        return step


def _counted(report: Report, steps: Steps, notes: list[Line]) -> Iterator[tuple[str, str, Paths]]:
    """Each output and name of first order with its paths, as long as counting them takes no more than MOST_WORK."""
    wl = report.list
    pairs = [(of, x) for of in report.outputs for x in report.model.wrt]
    most = max(1, MOST_WORK // max(1, len(wl)))
    for of, wrt in pairs[:most]:
        paths = Paths(steps, wl.slots[of], wl.slots[wrt])
        if paths.count:
            yield of, wrt, paths
        else:
            notes.append((Words(words.does_not_depend(of, wrt)),))
    if len(pairs) > most:
        notes.append((Words(words.paths_left(len(pairs) - most)),))


def _walked(report: Report, steps: _Kept, of: str, wrt: str, paths: Paths, limit: int) -> Iterator[Path]:
    """The first paths; none where all are too long to be walked."""
    if _shortest(report, steps, of, wrt) <= LONGEST_WALK:
        yield from islice(paths, limit)


def _shortest(report: Report, steps: _Kept, of: str, wrt: str) -> int:
    """The number of steps of the shortest path; not worked out for a short list."""
    wl = report.list
    if len(wl) <= LONGEST_WALK:
        return 0
    return steps.distances(wl.slots[of]).get(wl.slots[wrt], len(wl) + 1)


def _names(report: Report, path: Path, wrt: str) -> list[str]:
    return [wrt, *(report.list.name(step.slot) for step, _ in reversed(path))]


# -- in symbols


def _symbolic_rows(report: Report, limit: int, notes: list[Line]) -> Iterator[Row]:
    steps = _Kept(report, report.level)
    for of, wrt, paths in _counted(report, steps, notes):
        _tell(report, steps, of, wrt, paths, limit, notes)
        products: list[Math] = []
        for path in _walked(report, steps, of, wrt, paths, limit):
            if len(path) > LONGEST_PATH:
                yield Row((Words(words.long_path(len(path))), None, None), not products)
                continue
            name, chain = _chain(report, path, wrt, several=paths.count > 1)
            factors: list[Math] = [too_large() if k.partial is None else Formula(s.nodes, k.partial) for s, k in path]
            product = _product(factors)
            yield Row((name, chain, product), not products)
            products.append(product)
        if 1 < paths.count == len(products):
            whole = Derivative(of, (wrt,), report.many)
            total = _sum(products) if len(products) <= MOST_TERMS else _total(report, of, wrt, len(products))
            yield Row((Words(words.SUM_OF_PATHS), whole, total), opens=False)


def _total(report: Report, of: str, wrt: str, terms: int) -> Math:
    """What so many products come to: the derivative's formula, where that is short."""
    found = report.formulas.by_key.get((of, wrt))
    root = None if found is None else formula_to_show(report, found)
    if root is None or size(report.formulas.nodes, root, SHORT) >= SHORT:
        return Words(words.many_terms(terms))
    return Formula(report.formulas.nodes, root)


def _tell(report: Report, steps: _Kept, of: str, wrt: str, paths: Paths, limit: int, notes: list[Line]) -> None:
    if _shortest(report, steps, of, wrt) > LONGEST_WALK:
        notes.append((Words(words.long_paths(paths.count, wrt, of, LONGEST_WALK)),))
    elif paths.count > limit:
        notes.append((Words(words.paths(paths.count, limit, of, wrt, limit if report.settings.paths else LISTED)),))


def _chain(report: Report, path: Path, wrt: str, several: bool) -> tuple[Cell, Math]:
    many = report.many
    symbols: list[Math] = [
        local_partial(report.list, step, link, many, direct=several and len(path) == 1) for step, link in path
    ]
    along: list[Math] = [Name(name) for name in _names(report, path, wrt)]
    for at in range(len(along) - 1, 0, -1):
        along.insert(at, Words(" → "))
    return Phrase(tuple(along)), _product(symbols)


def _product(factors: Sequence[Math]) -> Math:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _sum(terms: Sequence[Math]) -> Math:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


# -- with numbers


class _Partials:
    """The local partials along paths to one output, in one arithmetic."""

    def __init__(self, steps: Steps, output: int, columns: Columns, arithmetic: Any) -> None:
        self.arithmetic = arithmetic
        self._known = {
            (c.slot, c.argument, c.target): c.partial for c in steps.contributions(columns.partials, output, arithmetic)
        }

    def along(self, path: Path) -> tuple[list[Any], Any]:
        """The local partials from the output back, and their product. Nothing flows where there is none: 0."""
        factors = [
            self._known.get((s.slot, -1 if k.argument is None else k.argument, k.source), self.arithmetic.zero) for s, k in path
        ]
        product = factors[0]
        for factor in factors[1:]:
            product = self.arithmetic.mul(product, factor)
        return factors, product


def _numeric_rows(report: Report, figures: Figures, limit: int, notes: list[Line]) -> Iterator[Row]:
    steps = _Kept(report, report.level)
    known: dict[str, tuple[_Partials, _Partials | None]] = {}
    for of, wrt, paths in _counted(report, steps, notes):
        _tell(report, steps, of, wrt, paths, limit, notes)
        if of not in known:
            output = report.list.slots[of]
            exact_partials = None
            if figures.exact is not None:
                exact_partials = _Partials(steps, output, figures.exact, figures.trace.unrounded.arithmetic)
            known = {of: (_Partials(steps, output, figures.columns, figures.arithmetic), exact_partials)}
        values, exacts = known[of]
        found: list[tuple[Any, Any]] = []
        for path in _walked(report, steps, of, wrt, paths, limit):
            factors, value = values.along(path)
            exact_factors, exact = ([None] * len(path), None) if exacts is None else exacts.along(path)
            shown = figures.result(value, exact)
            if len(path) > LONGEST_PATH:
                yield Row((Words(words.long_path(len(path))), None, None, shown), not found)
            else:
                name, chain = _chain(report, path, wrt, several=paths.count > 1)
                symbols = [None if k.partial is None else Formula(s.nodes, k.partial) for s, k in path]
                numbers = _product(_numbers(figures, factors, exact_factors, symbols, value, figures.arithmetic.mul))
                yield Row((name, chain, numbers, shown), not found)
            found.append((value, exact))
        if paths.count > 1:
            yield _closing(report, figures, of, wrt, paths, found, exacts)


def _closing(
    report: Report, figures: Figures, of: str, wrt: str, paths: Paths, found: list[tuple[Any, Any]], exacts: _Partials | None
) -> Row:
    """The sum of the paths where all are there, else the derivative as the sum of all."""
    whole = Derivative(of, (wrt,), report.many)
    if len(found) < paths.count:
        key = (of, wrt)
        shown = figures.result(figures.figure(key), figures.exact_figure(key))
        return Row((Words(words.SUM_OF_ALL), whole, None, shown), opens=False)
    total = _added([v for v, _ in found], figures.arithmetic)
    exact = None if exacts is None else _added([e for _, e in found], exacts.arithmetic)
    terms: Cell = Words(words.many_terms(len(found)))
    if len(found) <= MOST_TERMS:
        values, exact_values = [v for v, _ in found], [e for _, e in found]
        terms = _sum(_numbers(figures, values, exact_values, [None] * len(found), total, figures.arithmetic.add))
    return Row((Words(words.SUM_OF_PATHS), whole, terms, figures.result(total, exact)), opens=False)


def _added(values: list[Any], arithmetic: Any) -> Any:
    total = values[0]
    for value in values[1:]:
        total = arithmetic.add(total, value)
    return total


def _numbers(
    figures: Figures, values: list[Any], exacts: list[Any], symbols: Sequence[Math | None], result: Any, combine: Any
) -> list[Math]:
    """The numbers of a product or a sum, with as many digits as it takes for the line to come to its result as printed."""
    plain = [figures.number(*three) for three in zip(values, exacts, symbols, strict=True)]
    if figures.trace.choice.exact or not all(is_finite(v) for v in (*values, result)):
        return plain
    target = figures.digits.result(result)
    for digits in _finer(figures.line):
        texts = [digits.inserted(v) for v in values]
        total = figures.arithmetic.number(texts[0])
        for text in texts[1:]:
            total = combine(total, figures.arithmetic.number(text))
        if is_finite(total) and figures.digits.result(total) == target:
            return [Number(text) for text in texts]
    return plain


def _finer(line: Digits) -> Iterator[Digits]:
    yield line
    for extra in MORE_DIGITS:
        yield replace(line, significant=line.significant + extra, decimals=None)


def _json(value: Any) -> Any:
    number = float(value)
    if number != number:
        return None
    return number if is_finite(number) else "inf" if number > 0 else "-inf"
