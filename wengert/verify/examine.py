"""What the judge does with one request: figures first, symbols second, an answer at a time.

It changes when the questions or the answers change (judge.py says what they look like). No item ends the examination: what
goes wrong at one becomes that item's answer.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

from wengert.lang.expr import Nodes
from wengert.verify.numeric import BEYOND, DIGITS, Direction, Site, Slope
from wengert.verify.orders import Orders
from wengert.verify.plan import Undefined
from wengert.verify.proof import FORMULA_FACTOR, SOURCE_TERMS, Proof, Source, prove_formula, prove_rule
from wengert.verify.subject import Subject, digits, points, rational_inputs, ways

Answer = dict[str, Any]

DIRECTIONS = 3
RANDOM_POINTS = 3
BRANCHES = 4  # further random points where a choice goes a way that it did not go before, and in a small model others
SMALL = 1_000  # slots
BRANCH_TRIES = 40  # random points among which such are looked for
LARGE = 5_000  # slots from which on one random point and one direction must do
HUGE = 40_000  # slots from which on a model with a point of its own is looked at there only
HIGHER_POINTS = 6
RULE_POINTS = 12
FIRST_POINTS = 2  # at which a rule is looked at before it is proved
RULE_DIGITS = 25
FORMULAS_TERMS = 100_000  # of all formulas together: of more, the rules are proved and every figure is compared


def examine(request: dict[str, Any]) -> Iterator[Answer]:
    """All the answers to a request, {"kind": "done"} last. Where a rule is wrong, no formula made of it is worth a proof."""
    wrong = False
    for part in (_figures, _orders, _rules, _proofs):
        if wrong and part is _proofs:
            continue
        try:
            for answer in part(request):
                wrong = wrong or (answer["kind"] == "rule" and answer["status"] == "wrong")
                yield answer
        except Exception as problem:
            yield {"kind": "note", "text": f"the judge stopped within {part.__name__[1:]}: {_words(problem)}", "fatal": True}
    yield {"kind": "done"}


# -- figures


def _figures(request: dict[str, Any]) -> Iterator[Answer]:
    model = Subject(request)
    site: Site | None = None
    every = model.affordable()
    if request.get("at_point"):
        site = Site(model.plan, model.given(), model.digits)
        yield from _at_point(model, site, every)
    if site is None or len(model.plan) < HUGE:
        yield from _at_random(model, site, every and site is None)


def _at_point(model: Subject, site: Site, every: bool) -> Iterator[Answer]:
    defined = []
    for name, slot in zip(model.outputs, model.slots, strict=True):
        try:
            value = site.value(slot)
        except Exception as problem:
            value = Undefined(_words(problem))
        if isinstance(value, Undefined):
            yield {"kind": "value", "of": name, "value": None, "reason": value.reason}
        else:
            defined.append(name)
            yield {"kind": "value", "of": name, "value": digits(site, value)}
    if not defined:
        return
    if model.seed:
        yield from _entries(model, site, defined, model.along_seed(), {"wrt": ["seed"]})
    if every:
        for name in model.wrt:
            yield from _entries(model, site, defined, model.unit(name), {"wrt": [name]})
    else:
        for _ in range(DIRECTIONS if len(model.plan) < LARGE else 1):
            chosen, direction = model.random_direction(model.wrt)
            shown = {"direction": {n: str(a) for n, a in chosen.items()}}
            yield from _entries(model, site, defined, direction, shown)


def _entries(
    model: Subject, site: Site, outputs: Sequence[str], direction: Direction, labels: dict[str, Any]
) -> Iterator[Answer]:
    kind = "direction" if "direction" in labels else "derivative"
    try:
        slopes = site.slopes(direction, [model.plan.slot_of[n] for n in outputs])
    except Exception as problem:
        for name in outputs:
            yield {"kind": kind, "of": name, **labels, "value": None, "method": None, "reason": _words(problem)}
        return
    for name in outputs:
        yield _told(site, slopes[model.plan.slot_of[name]], {"kind": kind, "of": name, **labels})


def _told(site: Site, slope: Slope, answer: Answer) -> Answer:
    """The answer with the figure in it, or with its sides."""
    if any(site.beyond(figure) for figure in (slope.value, slope.left, slope.right)):
        slope = Slope(None, slope.method, reason=f"too large: {BEYOND}")
    if slope.sided:
        if answer["kind"] == "derivative":
            answer["kind"] = "one_sided"
        else:
            answer["value"] = None
        answer |= {"left": digits(site, slope.left), "right": digits(site, slope.right)}
        if slope.along:
            answer["along"] = slope.along
    else:
        answer["value"] = digits(site, slope.value)
    answer["method"] = slope.method
    if slope.reason:
        answer["reason"] = slope.reason
    return answer


def _at_random(model: Subject, site: Site | None, entries: bool) -> Iterator[Answer]:
    """A few points; where the model has choices, some more on branches that those do not lie on."""
    found = 0
    known: set[tuple[int, ...]] = set()
    for point in points(model, site):
        answers = list(_random(model, point, entries and not found))
        yield from answers
        if answers:
            found += 1
            known |= ways(model, point)
        if found == (RANDOM_POINTS if len(model.plan) < LARGE else 1):
            break
    if not found:
        yield {"kind": "note", "text": "no random point was found where every operation has a value"}
    elif model.choices and len(model.plan) < LARGE:
        yield from _on_other_branches(model, known)


def _on_other_branches(model: Subject, known: set[tuple[int, ...]]) -> Iterator[Answer]:
    """At points where a choice goes a way that it did not go before, and at some others: what decides may be wrong too, and is
    right here and there by chance."""
    new, others = BRANCHES, BRANCHES if len(model.plan) < SMALL else 0
    for point in islice(points(model, None), BRANCH_TRIES):
        here = ways(model, point)
        if (here <= known and not others) or (not here <= known and not new):
            continue
        answers = list(_random(model, point, False))
        yield from answers
        if answers:
            others -= here <= known
            new -= not here <= known
            known |= here
        if not new and not others:
            return


def _random(model: Subject, point: dict[str, Fraction], entries: bool) -> Iterator[Answer]:
    """Values and slopes at a point; nothing where one is missing."""
    moved = [n for n in model.wrt if n in model.names] or model.wrt[:1]  # a definition moves as if it were free
    there = Site(model.plan, rational_inputs(model.names, point))
    shown = {n: str(v) for n, v in point.items()}
    amounts, direction = model.random_direction(moved)
    slopes = there.slopes(direction, model.slots) if moved else dict.fromkeys(model.slots, Slope(there.mp.mpf(0)))
    values = {slot: there.value(slot) for slot in model.slots}
    if any(isinstance(v, Undefined) for v in values.values()) or any(s.value is None for s in slopes.values()):
        return
    if any(there.beyond(s.value) for s in slopes.values()):
        return
    for name, slot in zip(model.outputs, model.slots, strict=True):
        yield {"kind": "random", "point": shown, "direction": {n: str(a) for n, a in amounts.items()}, "of": name,
               "value": digits(there, values[slot]), "slope": digits(there, slopes[slot].value),
               "method": slopes[slot].method}  # fmt: skip
    if entries:
        yield from _random_entries(model, there, shown, values)


def _random_entries(model: Subject, there: Site, shown: dict[str, str], values: dict[int, Any]) -> Iterator[Answer]:
    for name in model.wrt:
        slopes = there.slopes(model.unit(name), model.slots)
        for of, slot in zip(model.outputs, model.slots, strict=True):
            yield {"kind": "random_entry", "point": shown, "of": of, "wrt": [name], "value": digits(there, values[slot]),
                   "slope": digits(there, slopes[slot].value), "method": slopes[slot].method}  # fmt: skip


# -- higher orders


def _orders(request: dict[str, Any]) -> Iterator[Answer]:
    """The derivatives of higher order: at the point, else at one random point; a note for what would cost too much."""
    asked: list[list[str]] = [list(index) for index in request.get("orders") or []]
    if not asked:
        return
    model = Subject(request)
    axes: dict[str, Direction] = {name: model.unit(name) for name in model.wrt}
    if model.seed and "seed" not in model.plan.slot_of:
        axes["seed"] = model.along_seed()
    known = [index for index in asked if len(index) > 1 and all(x in axes for x in index)]
    if len(known) < len(asked):
        yield {"kind": "note", "text": f"the judge knows {len(known)} of {len(asked)} of the higher derivatives asked for"}
    if request.get("at_point"):
        site = Site(model.plan, model.given(), model.digits)
        outputs = [s for s in model.slots if not isinstance(site.value(s), Undefined)]
        orders = Orders(site, axes, outputs)
        affordable = _affordable(orders, known, model.evaluations)
        for index in affordable:
            yield from _higher(model, orders, index)
    else:
        affordable = yield from _higher_at_random(model, axes, known)
    if len(affordable) < len(known):
        least = min(len(index) for index in known if index not in affordable)
        left = f"{len(known) - len(affordable)} of {len(known)} have no figure"
        yield {"kind": "note", "text": "the higher derivatives of this model are more than the judge evaluates, "
               f"from order {least} on: {left}"}  # fmt: skip


def _affordable(orders: Orders, asked: list[list[str]], budget: float) -> list[list[str]]:
    """Those of the multi-indices that can be evaluated: all of one order or none, lower orders first."""
    chosen: set[int] = set()
    for order in sorted({len(index) for index in asked}):
        for index in asked:
            if len(index) == order:
                budget -= orders.cost(index)
                if budget < 0:
                    return [index for index in asked if len(index) in chosen]
        chosen.add(order)
    return asked


def _higher(model: Subject, orders: Orders, index: list[str]) -> Iterator[Answer]:
    try:
        figures = orders.figures(index)
    except Exception as problem:
        for slot in orders.outputs:
            yield {"kind": "derivative", "of": model.output_at(slot), "wrt": index, "value": None, "method": None,
                   "reason": _words(problem)}  # fmt: skip
        return
    for slot, figure in figures.items():
        yield _told(orders.site, figure, {"kind": "derivative", "of": model.output_at(slot), "wrt": index})


def _higher_at_random(
    model: Subject, axes: dict[str, Direction], asked: list[list[str]]
) -> Generator[Answer, None, list[list[str]]]:
    """All figures at the first random point that has them all; what could be afforded is returned."""
    affordable = asked
    for _, point in zip(range(HIGHER_POINTS), points(model, None), strict=False):
        there = Site(model.plan, rational_inputs(model.names, point))
        orders = Orders(there, axes, model.slots)
        affordable = _affordable(orders, asked, model.evaluations)
        figures = [(index, orders.figures(index)) for index in affordable]
        values = {slot: there.value(slot) for slot in model.slots}
        if any(isinstance(v, Undefined) for v in values.values()):
            continue
        if any(f.sided or f.value is None for _, found in figures for f in found.values()):
            continue
        shown = {n: str(v) for n, v in point.items()}
        for index, found in figures:
            for slot, figure in found.items():
                yield {"kind": "random_entry", "point": shown, "of": model.output_at(slot), "wrt": index,
                       "value": digits(there, values[slot]), "slope": digits(there, figure.value),
                       "method": figure.method}  # fmt: skip
        return affordable
    yield {"kind": "note", "text": "no random point was found where every higher derivative has a value"}
    return affordable


# -- symbols


def _rules(request: dict[str, Any]) -> Iterator[Answer]:
    """A few numbers first: a wrong rule may keep sympy busy for long."""
    for rule in request.get("rules") or []:
        status, reason, branches = "open", _looked_at(rule, FIRST_POINTS, {}), 0
        if reason is not None:
            status = "wrong"
        else:
            try:
                proof = prove_rule(
                    Nodes.from_columns(rule["nodes"]), rule["params"], rule["argument"], rule["source"], rule["partial"]
                )
            except Exception as problem:
                proof = Proof("open", _words(problem), 0)
            status, reason, branches = proof.status, proof.reason, proof.branches
            if status != "proved" and (fault := _looked_at(rule, RULE_POINTS, proof.places)) is not None:
                status, reason = "wrong", fault
        yield {"kind": "rule", "key": rule["key"], "status": status, "branches": branches, "reason": reason}


def _looked_at(rule: dict[str, Any], count: int, places: Mapping[str, Fraction]) -> str | None:
    """`_rule_fault`; what goes wrong in looking is no fault of the rule."""
    try:
        return _rule_fault(rule, count, places)
    except Exception:
        return None


def _rule_fault(rule: dict[str, Any], count: int, places: Mapping[str, Fraction]) -> str | None:
    """A point at which the rule's partial is not the slope of its operation; None where none is found. It is looked for at
    random points, and at one that has the values of `places`."""
    param = rule["params"][rule["argument"]]
    model = Subject({
        "nodes": rule["nodes"], "inputs": [[p, None] for p in rule["params"]], "outputs": ["value", "partial"],
        "definitions": [["value", rule["source"]], ["partial", rule["partial"]]], "wrt": [param],
    })  # fmt: skip
    value, partial = model.slots
    chosen = list(islice(points(model, None, [value]), count))
    if places and chosen:
        chosen.append({**chosen[0], **places})
    for point in chosen:
        there = Site(model.plan, rational_inputs(model.names, point))
        slope, ours = there.slopes(model.unit(param), [value])[value], there.value(partial)
        if slope.sided or slope.value is None or (isinstance(ours, Undefined) and ours.large):
            continue
        where = " at " + ", ".join(f"{n} = {float(v):g}" for n, v in point.items())
        if isinstance(ours, Undefined):
            return f"its partial has no value{where}"
        with there.mp.workdps(DIGITS + 20):
            if slope.value == 0 and abs(ours) < there.mp.mpf(10) ** -DIGITS:
                continue  # too small for the digits that the slope is known to: exp(-x**2) far out
            if abs(slope.value - ours) > there.mp.mpf(10) ** -RULE_DIGITS * max(abs(slope.value), abs(ours)):
                return f"its partial is not its slope{where}"
    return None


def _proofs(request: dict[str, Any]) -> Iterator[Answer]:
    formulas = request.get("formulas")
    if not formulas or not formulas["roots"]:
        return
    nodes = Nodes.from_columns(formulas["nodes"])
    source = Source(
        Nodes.from_columns(request["nodes"]), [n for n, _ in request["inputs"]], [(n, r) for n, r in request["definitions"]]
    )
    terms = int((request.get("options") or {}).get("terms") or SOURCE_TERMS)
    many = _too_many(source, nodes, [root for _, _, root in formulas["roots"] if root is not None], terms)
    for of, wrt, root in formulas["roots"]:
        names = [wrt] if isinstance(wrt, str) else list(wrt)
        seed = request.get("seed") if names[-1:] == ["seed"] and not source.knows("seed") else None
        try:
            if root is None:
                proof = Proof("skipped", "the formula is too large to be written")
            elif many is not None:
                proof = Proof("open", many)
            else:
                proof = prove_formula(source, of, names[:-1] if seed else names, (nodes, root), seed=seed, terms=terms)
        except Exception as problem:
            proof = Proof("open", _words(problem))
        yield {"kind": "proof", "of": of, "wrt": names, "status": proof.status, "reason": proof.reason,
               "branches": proof.branches}  # fmt: skip


def _too_many(source: Source, nodes: Nodes, roots: Sequence[int], terms: int) -> str | None:
    """Why no formula is proved: those that are small enough each are too large together. A count, and no clock: the same rows
    are proved in every run."""
    sizes = [source.size(nodes, root)[0] for root in roots]
    total = sum(size for size in sizes if size <= FORMULA_FACTOR * terms)
    if total <= FORMULAS_TERMS:
        return None
    return f"too large: {len(roots)} formulas of {total:,} terms together when written out; the limit is {FORMULAS_TERMS:,}"


def _words(problem: Exception) -> str:
    if isinstance(problem, MemoryError):
        return "the judge's memory limit was reached"
    if isinstance(problem, RecursionError):
        return "nested too deeply for sympy"
    return f"{type(problem).__name__}: {problem}"[:200]
