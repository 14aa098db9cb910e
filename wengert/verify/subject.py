"""The model that a request is about: its plan, the directions in which it is moved, the points at which it is looked at.

It changes when a request describes its model otherwise, or when random points are chosen otherwise.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from wengert.lang.expr import Nodes
from wengert.verify.meanings import Context, literal, rational
from wengert.verify.numeric import DIGITS, Base, Direction, Site
from wengert.verify.plan import OPERATION, Plan, Undefined
from wengert.verify.running import find_edges, run, weight

EVALUATIONS = 200_000  # steps evaluated for all single entries together; about ten microseconds each
MAX_DIGITS = 4_000  # of a figure
COMPARED = 4  # arguments of a choice of which each two are compared
SEARCH = 400_000  # steps evaluated in search of random points
BOXES = (("0.1", "0.9"), ("-2", "2"), ("1", "3"), ("2", "6"), ("-0.9", "-0.1"), ("-3", "-1"), ("0.01", "0.2"), ("5", "50"))
RANDOM_SEED = 20180201  # any fixed number: runs repeat


class Subject:
    """The model of a request as a plan, and the sites at which it is evaluated."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.nodes = Nodes.from_columns(request["nodes"])
        self.names = [name for name, _ in request["inputs"]]
        self.roots = {name: root for name, root in request["inputs"] if root is not None}
        self.plan = Plan(self.nodes, self.names, [(n, r) for n, r in request["definitions"]])
        self.outputs = [n for n in request["outputs"] if n in self.plan.slot_of]
        self.slots = [self.plan.slot_of[n] for n in self.outputs]
        self._name_of = dict(zip(self.slots, self.outputs, strict=True))
        self.wrt = [n for n in request["wrt"] if n in self.plan.slot_of]
        options = request.get("options") or {}
        self.evaluations = int(options.get("entries") or EVALUATIONS)
        self.digits = min(max(DIGITS, int(options.get("digits") or DIGITS)), MAX_DIGITS)
        if self.digits > DIGITS and not self.affordable(self.digits):
            self.digits = DIGITS
        self.seed = {n: root for n, root in (request.get("seed") or {}).items() if n in self.plan.slot_of}
        self.rng = random.Random(RANDOM_SEED)
        moved = {*range(len(self.names)), *(self.plan.slot_of[n] for n in self.wrt)}
        self.moving = self.plan.dependents(moved)  # all but constants, which stand where they stand
        self.choices = [s for s in self.moving if self.plan.kind[s] == OPERATION and self.plan.data[s].edge is not None]

    def given(self) -> Callable[[Context], list[Any]]:
        """The inputs' values at a precision, from the expressions that the person gave."""
        constants = constant_values(self.nodes, self.roots)

        def values(context: Context) -> list[Any]:
            known = constants(context)
            return [known.get(name, Undefined(f"{name} has no value")) for name in self.names]

        return values

    def output_at(self, slot: int) -> str:
        return str(self._name_of[slot])

    def unit(self, name: str) -> Direction:
        return {self.plan.slot_of[name]: lambda c: c.mp.mpf(1)}

    def along_seed(self) -> Direction:
        amounts = constant_values(self.nodes, self.seed)
        return {self.plan.slot_of[n]: _picked(amounts, n) for n in self.seed}

    def random_direction(self, names: Sequence[str]) -> tuple[dict[str, Fraction], Direction]:
        amounts = {n: Fraction(self.rng.choice((-1, 1)) * self.rng.randint(2, 16), 8) for n in names}
        return amounts, {self.plan.slot_of[n]: _exactly(amount) for n, amount in amounts.items()}

    def affordable(self, digits: int = DIGITS) -> bool:
        """Whether the values and every entry can be evaluated: their steps, at two precisions."""
        each = 2 * (weight(digits) if digits > DIGITS else 1)
        spent = each * len(self.plan) if digits > DIGITS else 0
        for name in self.wrt:
            spent += each * (1 + len(self.plan.dependents([self.plan.slot_of[name]])))
            if spent > self.evaluations:
                return False
        return spent <= self.evaluations


def constant_values(nodes: Nodes, roots: dict[str, int]) -> Callable[[Context], dict[str, Any]]:
    """The values of constant expressions at a precision."""
    plan = Plan(nodes, [], list(roots.items()))

    def values(context: Context) -> dict[str, Any]:
        slots: list[Any] = [None] * len(plan)
        run(plan, context, slots, range(len(plan)))
        return {name: slots[plan.slot_of[name]] for name in roots}

    return values


def points(model: Subject, site: Site | None, needed: Sequence[int] | None = None) -> Iterator[dict[str, Fraction]]:
    """Points where every output (every slot of `needed`) has a value and nothing that moves stands near a kink or a boundary,
    deterministic in their order."""
    needed = model.slots if needed is None else needed
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
        if _inside(model, point, needed):
            yield point


def _centred(rng: random.Random) -> float:
    """A number between -1 and 1."""
    return 2 * rng.random() - 1


def _inside(model: Subject, point: dict[str, Fraction], needed: Sequence[int]) -> bool:
    there = Site(model.plan, rational_inputs(model.names, point))
    base: Base = there.base(30)
    if any(isinstance(base.values[s], Undefined) for s in needed):
        return False
    with there.mp.workdps(30):
        return not find_edges(model.plan, base.context, base.values, there.mp.mpf("0.001"), model.moving)


def ways(model: Subject, point: dict[str, Fraction]) -> set[tuple[int, ...]]:
    """Which way every choice goes at a point, as far as signs tell: of the argument of what is not analytic, or of the
    differences of its arguments."""
    values = Site(model.plan, rational_inputs(model.names, point)).base(30).values
    found: set[tuple[int, ...]] = set()
    for slot in model.choices:
        a = [values[i] for i in model.plan.args[slot] if not isinstance(values[i], (Undefined, bool))]
        differences = [x - y for x, y in combinations(a[:COMPARED], 2)] if len(a) > 1 else a
        found |= {(slot, i, int(d > 0)) for i, d in enumerate(differences)}
    return found


def _floats(site: Site, count: int) -> list[float]:
    values = site.base(60).values[:count]
    if any(isinstance(v, Undefined) or not 1e-200 < abs(v) < 1e200 for v in values if isinstance(v, Undefined) or v != 0):
        return []
    return [float(v) for v in values]


def rational_inputs(names: Sequence[str], point: dict[str, Fraction]) -> Callable[[Context], list[Any]]:
    return lambda c: [rational(c.mp, point[n]) for n in names]


def _exactly(amount: Fraction) -> Callable[[Context], Any]:
    return lambda c: rational(c.mp, amount)


def _picked(values: Callable[[Context], dict[str, Any]], name: str) -> Callable[[Context], Any]:
    return lambda c: values(c)[name]


def digits(site: Site, value: Any) -> str | None:
    """A figure as text with as many significant digits as its site gives (50 and more); "inf", "-inf" and None stay."""
    if value is None or isinstance(value, str):
        return value
    with site.mp.workdps(site.digits + 20):
        return str(site.mp.nstr(value, site.digits, strip_zeros=True))
