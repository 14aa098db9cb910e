"""What the judge does with one request: figures first, symbols second, an answer at a time.

It changes when the questions or the answers change (judge.py says what they look like). No item ends the examination: what
goes wrong at one becomes that item's answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from wengert.lang.expr import Nodes
from wengert.verify.meanings import Context, literal, rational
from wengert.verify.numeric import Base, Direction, Plan, Site, Slope, Undefined, find_edges, run
from wengert.verify.proof import SOURCE_TERMS, Proof, Source, prove_formula, prove_rule

Answer = dict[str, Any]

EVALUATIONS = 200_000  # steps evaluated for all single entries together; about ten microseconds each
SEARCH = 400_000  # steps evaluated in search of random points
DIGITS = 50
DIRECTIONS = 3
RANDOM_POINTS = 3
LARGE = 5_000  # slots from which on one random point and one direction must do
HUGE = 40_000  # slots from which on a model with a point of its own is looked at there only
BOXES = (("0.1", "0.9"), ("-2", "2"), ("1", "3"), ("2", "6"), ("-0.9", "-0.1"), ("-3", "-1"), ("0.01", "0.2"), ("5", "50"))
RANDOM_SEED = 20180201  # any fixed number: runs repeat


RULE_POINTS = 12
RULE_DIGITS = 25


def examine(request: dict[str, Any]) -> Iterator[Answer]:
    """All the answers to a request, {"kind": "done"} last."""
    for part in (_figures, _rules, _proofs):
        try:
            yield from part(request)
        except Exception as problem:
            yield {"kind": "note", "text": f"the judge stopped within {part.__name__[1:]}: {_words(problem)}"}
    yield {"kind": "done"}


# -- figures


class _Figures:
    """The model of a request as a plan, and the sites at which it is evaluated."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.nodes = Nodes.from_columns(request["nodes"])
        self.names = [name for name, _ in request["inputs"]]
        self.roots = {name: root for name, root in request["inputs"] if root is not None}
        self.plan = Plan(self.nodes, self.names, [(n, r) for n, r in request["definitions"]])
        self.outputs = [n for n in request["outputs"] if n in self.plan.slot_of]
        self.slots = [self.plan.slot_of[n] for n in self.outputs]
        self.wrt = [n for n in request["wrt"] if n in self.plan.slot_of]
        options = request.get("options") or {}
        self.evaluations = int(options.get("entries") or EVALUATIONS)
        self.rng = random.Random(RANDOM_SEED)

    def given(self) -> Callable[[Context], list[Any]]:
        """The inputs' values at a precision, from the expressions that the person gave."""
        constants = constant_values(self.nodes, self.roots)

        def values(context: Context) -> list[Any]:
            known = constants(context)
            return [known.get(name, Undefined(f"{name} has no value")) for name in self.names]

        return values

    def unit(self, name: str) -> Direction:
        return {self.plan.slot_of[name]: lambda c: c.mp.mpf(1)}

    def random_direction(self, names: Sequence[str]) -> tuple[dict[str, Fraction], Direction]:
        amounts = {n: Fraction(self.rng.choice((-1, 1)) * self.rng.randint(2, 16), 8) for n in names}
        return amounts, {self.plan.slot_of[n]: _exactly(amount) for n, amount in amounts.items()}

    def affordable(self) -> bool:
        """Whether every entry can be evaluated: its steps, at two precisions."""
        spent = 0
        for name in self.wrt:
            spent += 2 * (1 + len(self.plan.dependents([self.plan.slot_of[name]])))
            if spent > self.evaluations:
                return False
        return True


def constant_values(nodes: Nodes, roots: dict[str, int]) -> Callable[[Context], dict[str, Any]]:
    """The values of constant expressions at a precision."""
    plan = Plan(nodes, [], list(roots.items()))

    def values(context: Context) -> dict[str, Any]:
        slots: list[Any] = [None] * len(plan)
        run(plan, context, slots, range(len(plan)))
        return {name: slots[plan.slot_of[name]] for name in roots}

    return values


def _figures(request: dict[str, Any]) -> Iterator[Answer]:
    model = _Figures(request)
    site: Site | None = None
    every = model.affordable()
    if request.get("at_point"):
        site = Site(model.plan, model.given())
        yield from _at_point(model, site, request.get("seed"), every)
    if site is None or len(model.plan) < HUGE:
        yield from _at_random(model, site, every and site is None)


def _at_point(model: _Figures, site: Site, seed: dict[str, int] | None, every: bool) -> Iterator[Answer]:
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
    if seed:
        along = {n: root for n, root in seed.items() if n in model.plan.slot_of}
        amounts = constant_values(model.nodes, along)
        direction: Direction = {model.plan.slot_of[n]: _picked(amounts, n) for n in along}
        yield from _entries(model, site, defined, direction, {"wrt": ["seed"]})
    if every:
        for name in model.wrt:
            yield from _entries(model, site, defined, model.unit(name), {"wrt": [name]})
    else:
        for _ in range(DIRECTIONS if len(model.plan) < LARGE else 1):
            chosen, direction = model.random_direction(model.wrt)
            shown = {"direction": {n: str(a) for n, a in chosen.items()}}
            yield from _entries(model, site, defined, direction, shown)


def _entries(
    model: _Figures, site: Site, outputs: Sequence[str], direction: Direction, labels: dict[str, Any]
) -> Iterator[Answer]:
    kind = "direction" if "direction" in labels else "derivative"
    try:
        slopes = site.slopes(direction, [model.plan.slot_of[n] for n in outputs])
    except Exception as problem:
        for name in outputs:
            yield {"kind": kind, "of": name, **labels, "value": None, "method": None, "reason": _words(problem)}
        return
    for name in outputs:
        slope = slopes[model.plan.slot_of[name]]
        answer = {"kind": kind, "of": name, **labels}
        if slope.sided:
            if kind == "derivative":
                answer["kind"] = "one_sided"
            else:
                answer["value"] = None
            answer |= {"left": digits(site, slope.left), "right": digits(site, slope.right)}
        else:
            answer["value"] = digits(site, slope.value)
        answer["method"] = slope.method
        if slope.reason:
            answer["reason"] = slope.reason
        yield answer


def _at_random(model: _Figures, site: Site | None, entries: bool) -> Iterator[Answer]:
    moved = [n for n in model.wrt if n in model.names] or model.names
    found = 0
    wanted = RANDOM_POINTS if len(model.plan) < LARGE else 1
    for point in _points(model, site):
        there = Site(model.plan, _rational_inputs(model.names, point))
        shown = {n: str(v) for n, v in point.items()}
        amounts, direction = model.random_direction(moved)
        slopes = there.slopes(direction, model.slots) if moved else dict.fromkeys(model.slots, Slope(there.mp.mpf(0)))
        values = {slot: there.value(slot) for slot in model.slots}
        if any(isinstance(v, Undefined) for v in values.values()) or any(s.value is None for s in slopes.values()):
            continue
        for name, slot in zip(model.outputs, model.slots, strict=True):
            yield {"kind": "random", "point": shown, "direction": {n: str(a) for n, a in amounts.items()}, "of": name,
                   "value": digits(there, values[slot]), "slope": digits(there, slopes[slot].value),
                   "method": slopes[slot].method}  # fmt: skip
        if entries and not found:
            yield from _random_entries(model, there, shown, values)
        found += 1
        if found == wanted:
            return
    if not found:
        yield {"kind": "note", "text": "no random point was found where every operation has a value"}


def _random_entries(model: _Figures, there: Site, shown: dict[str, str], values: dict[int, Any]) -> Iterator[Answer]:
    for name in model.wrt:
        slopes = there.slopes(model.unit(name), model.slots)
        for of, slot in zip(model.outputs, model.slots, strict=True):
            yield {"kind": "random_entry", "point": shown, "of": of, "wrt": [name], "value": digits(there, values[slot]),
                   "slope": digits(there, slopes[slot].value), "method": slopes[slot].method}  # fmt: skip


def _points(model: _Figures, site: Site | None) -> Iterator[dict[str, Fraction]]:
    """Points where every output has a value and nothing stands near a kink or a boundary, deterministic in their order."""
    tries = max(4, min(160, SEARCH // max(1, len(model.plan))))
    near = [] if site is None else _floats(site, len(model.names))
    for attempt in range(tries):
        point: dict[str, Fraction] = {}
        around = bool(near) and attempt < tries // 2
        low, high = (literal(x.lstrip("-")) * (-1 if x[0] == "-" else 1) for x in BOXES[attempt % len(BOXES)])
        for i, name in enumerate(model.names):
            if around:
                width = (0.1, 0.3, 0.02)[attempt % 3]
                x = near[i] * (1 + width * _centred(model.rng)) + (width * _centred(model.rng) * (near[i] == 0))
                point[name] = Fraction(f"{x:.3e}")
            else:
                point[name] = low + (high - low) * Fraction(model.rng.randint(1, 999), 1000)
        if _inside(model, point):
            yield point


def _centred(rng: random.Random) -> float:
    """A number between -1 and 1."""
    return 2 * rng.random() - 1


def _inside(model: _Figures, point: dict[str, Fraction]) -> bool:
    there = Site(model.plan, _rational_inputs(model.names, point))
    base: Base = there.base(30)
    if any(isinstance(base.values[s], Undefined) for s in model.slots):
        return False
    with there.mp.workdps(30):
        return not find_edges(model.plan, base.context, base.values, there.mp.mpf("0.001"))


def _floats(site: Site, count: int) -> list[float]:
    values = site.base(60).values[:count]
    if any(isinstance(v, Undefined) or not 1e-200 < abs(v) < 1e200 for v in values if isinstance(v, Undefined) or v != 0):
        return []
    return [float(v) for v in values]


def _rational_inputs(names: Sequence[str], point: dict[str, Fraction]) -> Callable[[Context], list[Any]]:
    return lambda c: [rational(c.mp, point[n]) for n in names]


def _exactly(amount: Fraction) -> Callable[[Context], Any]:
    return lambda c: rational(c.mp, amount)


def _picked(values: Callable[[Context], dict[str, Any]], name: str) -> Callable[[Context], Any]:
    return lambda c: values(c)[name]


def digits(site: Site, value: Any) -> str | None:
    """A figure as text with 50 significant digits; "inf", "-inf" and None stay."""
    if value is None or isinstance(value, str):
        return value
    with site.mp.workdps(DIGITS + 20):
        return str(site.mp.nstr(value, DIGITS, strip_zeros=True))


# -- symbols


def _rules(request: dict[str, Any]) -> Iterator[Answer]:
    for rule in request.get("rules") or []:
        try:
            nodes = Nodes.from_columns(rule["nodes"])
            proof = prove_rule(nodes, rule["params"], rule["argument"], rule["source"], rule["partial"])
        except Exception as problem:
            proof = Proof("open", _words(problem), 0)
        status, reason = proof.status, proof.reason
        if status != "proved":
            try:
                fault = _rule_fault(rule)
            except Exception as problem:
                fault, reason = None, reason or _words(problem)
            if fault is not None:
                status, reason = "wrong", fault
        yield {"kind": "rule", "key": rule["key"], "status": status, "branches": proof.branches, "reason": reason}


def _rule_fault(rule: dict[str, Any]) -> str | None:
    """A point at which the rule's partial is not the slope of its operation; None where none is found."""
    param = rule["params"][rule["argument"]]
    model = _Figures({
        "nodes": rule["nodes"], "inputs": [[p, None] for p in rule["params"]], "outputs": ["value", "partial"],
        "definitions": [["value", rule["source"]], ["partial", rule["partial"]]], "wrt": [param],
    })  # fmt: skip
    value, partial = model.slots
    for _, point in zip(range(RULE_POINTS), _points(model, None), strict=False):
        there = Site(model.plan, _rational_inputs(model.names, point))
        slope, ours = there.slopes(model.unit(param), [value])[value].value, there.value(partial)
        if slope is None or isinstance(slope, str) or isinstance(ours, Undefined):
            continue
        with there.mp.workdps(DIGITS + 20):
            if abs(slope - ours) > there.mp.mpf(10) ** -RULE_DIGITS * max(abs(slope), abs(ours)):
                return "its partial is not its slope at " + ", ".join(f"{n} = {float(v):g}" for n, v in point.items())
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
    for of, wrt, root in formulas["roots"]:
        names = [wrt] if isinstance(wrt, str) else list(wrt)
        seed = request.get("seed") if names == ["seed"] and not source.knows("seed") else None
        try:
            if root is None:
                proof = Proof("skipped", "there is no formula")
            else:
                proof = prove_formula(source, of, names, (nodes, root), seed=seed, terms=terms)
        except Exception as problem:
            proof = Proof("open", _words(problem))
        yield {"kind": "proof", "of": of, "wrt": names, "status": proof.status, "reason": proof.reason,
               "branches": proof.branches}  # fmt: skip


def _words(problem: Exception) -> str:
    if isinstance(problem, MemoryError):
        return "the memory limit was reached"
    if isinstance(problem, RecursionError):
        return "nested too deeply for sympy"
    return f"{type(problem).__name__}: {problem}"[:200]
