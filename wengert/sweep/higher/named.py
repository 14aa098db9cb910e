"""The formulas of derivatives of higher order in the names of quantities, as a person who has named them writes them.

It changes when the way to such a formula changes. An order is differentiated from the order before it: by each name q in that
formula, times how q itself moves, written in the same names: ∂²y/∂w² = Σ_q ∂(∂y/∂w)/∂q · ∂q/∂w.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any

from wengert.lang.expr import Nodes
from wengert.lang.model import Definition, Input, Key, Model
from wengert.sweep import sweeps
from wengert.sweep.algebra import BIG, MOST_WORK, Algebra, Expr, TooMuchWork
from wengert.sweep.formulas import SymbolicSweep
from wengert.sweep.higher.written import SEED, free_definitions
from wengert.sweep.readable import arranged, readable
from wengert.sweep.symbols import Symbols
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList

MOST_NAMES = 100  # names in a formula that is differentiated again
MAX_TERMS = 24  # of a sum that is put together
SMALL = 40  # nodes of a formula that is also tried multiplied out
MUCH = 2  # times shorter it must be then
MOST_MOVED = 500_000  # slots of all tangent sweeps together


def named_formulas(wl: WengertList, keys: Iterable[Key], nodes: Nodes) -> dict[Key, int | None]:
    """The formula of each derivative in the names of statements (of what the model names, where it names more than its
    output), as a node of `nodes`; None where it is too large to be written, or those before it took all the work."""
    keys = list(keys)
    naming = _Naming(wl)
    if len(wl) * len(wl.model.wrt) > MOST_MOVED:
        return dict.fromkeys(keys)
    found: dict[Key, int | None] = dict.fromkeys(keys)
    with suppress(TooMuchWork):
        for key in keys:
            e = naming.formula(key[0], key[1:], free_definitions(wl, key[1:]))
            found[key] = None if e == BIG else naming.symbols.to_nodes(e, nodes, arrange=False)
    return found


class _Naming:
    """The sweeps in names, each made once."""

    def __init__(self, wl: WengertList) -> None:
        self.list = wl
        self.symbols = Symbols(Algebra(most=MOST_WORK), wl.model.names())
        self.keep = "statements" if wl.model.form == "formula" else "quantities"
        self.active = wl.depends_on([wl.slots[x] for x in wl.model.wrt])
        self._sweeps: dict[frozenset[int], SymbolicSweep] = {}
        self._adjoints: dict[tuple[str, frozenset[int]], list[Any]] = {}
        self._tangents: dict[tuple[str, frozenset[int]], list[Any]] = {}
        self._slopes: dict[Expr, dict[str, Expr]] = {}
        self._orders: dict[tuple[str, tuple[str, ...], frozenset[int]], Expr] = {}

    def formula(self, of: str, wrt: tuple[str, ...], free: frozenset[int]) -> Expr:
        """Order after order, each made readable before it is differentiated again."""
        e = first = BIG
        for k in range(1, len(wrt) + 1):
            key = (of, wrt[:k], free)
            if key not in self._orders:
                made = self._first(of, wrt[0], free) if k == 1 else self._next(e, wrt[k - 1], free)
                self._orders[key] = collected(self.symbols.algebra, made)
            e = self._orders[key]
            if e == BIG:
                return BIG
            first = e if k == 1 else first
        return in_order(self.symbols.algebra, e, first)

    def _first(self, of: str, name: str, free: frozenset[int]) -> Expr:
        slot = self.list.slots[of]
        if name == SEED:
            return self._or_zero(self._moved(SEED, free)[slot])
        if (of, free) not in self._adjoints:
            self._adjoints[of, free] = self._sweep(free).adjoints(of)
        return self._or_zero(self._adjoints[of, free][self.list.slots[name]])

    def _next(self, e: Expr, name: str, free: frozenset[int]) -> Expr:
        moved = self._moved(name, free)
        total = self.symbols.zero
        for q, slope in self._by_each_name(e).items():
            slot = self.list.slot_named(q)
            assert slot is not None
            if moved[slot] is not None:
                total = self.symbols.add(total, self.symbols.mul(slope, moved[slot]))
        return total

    def _or_zero(self, e: Expr | None) -> Expr:
        return self.symbols.zero if e is None else e

    def _sweep(self, free: frozenset[int]) -> SymbolicSweep:
        """The local partials in names; what a free definition depends on does not move it."""
        if free not in self._sweeps:
            sweep = self._sweeps[free] = SymbolicSweep(self.list, self.symbols, self.active, self.keep)
            for slot in free:
                first, end = self.list.span(slot)
                sweep.partials[first:end] = [None] * (end - first)
        return self._sweeps[free]

    def _moved(self, name: str, free: frozenset[int]) -> list[Any]:
        """How every slot moves with a name, or along the seed."""
        if (name, free) not in self._tangents:
            sweep = self._sweep(free)
            if name == SEED:
                column = sweep.tangents()
            else:
                seed: Mapping[int, Any] = {self.list.slots[name]: self.symbols.one}
                column = sweeps.tangents(self.list, sweep.partials, seed, self.symbols)
            self._tangents[name, free] = column
        return self._tangents[name, free]

    def _by_each_name(self, e: Expr) -> dict[str, Expr]:
        """The slopes of a formula with respect to the names in it, as if all of them were free: its own list, swept."""
        if e not in self._slopes:
            self.symbols.algebra.spend(self.symbols.algebra.size[e])
            nodes = Nodes(shared=True)
            root = self.symbols.to_nodes(e, nodes, arrange=False)
            names = [x for x in nodes.names_in([root]) if self.list.slot_named(x) is not None]
            if len(names) > MOST_NAMES:
                names, self._slopes[e] = [], dict.fromkeys(names, BIG)
            else:
                self._slopes[e] = {}
            if names:
                output = "·"  # no name that a person can write
                inputs = tuple(Input(x) for x in names)
                own = lower(Model(nodes, inputs, (Definition(output, root),), (output,), tuple(names)))
                sweep = SymbolicSweep(own, self.symbols, own.depends_on(range(own.inputs)), "nothing")
                column = sweep.adjoints(output)
                found = {x: column[own.slots[x]] for x in names if column[own.slots[x]] is not None}
                self._slopes[e] = {x: collected(self.symbols.algebra, slope) for x, slope in found.items()}
        return self._slopes[e]


def collected(algebra: Algebra, e: Expr) -> Expr:
    """The terms of a sum put together two by two, those that share most first: a·(1 − a)·b − a²·b = a·b·(1 − 2·a). Nothing is
    multiplied out unless that is much shorter."""
    if e == BIG:
        return BIG
    made = _by_pairs(algebra, e)
    if algebra.kind[made] == "prod":
        coefficient, factors = algebra.data[made]
        shorter = algebra.num(coefficient)
        for base, power in factors:
            shorter = algebra.mul(shorter, algebra.power(_by_pairs(algebra, base), power))
        made = made if shorter == BIG else shorter
    if algebra.size[made] > SMALL:
        return made
    other = readable(algebra, e)
    return other if other != BIG and MUCH * algebra.size[other] < algebra.size[made] else made


def _by_pairs(algebra: Algebra, e: Expr) -> Expr:
    terms = [algebra.term(c, t) for c, t in algebra.terms(e)]
    if not 2 <= len(terms) <= MAX_TERMS:
        return e
    while len(terms) > 2:
        best: tuple[int, int, int, Expr] | None = None
        for i, a in enumerate(terms):
            for j in range(i + 1, len(terms)):
                together = _together(algebra, [a, terms[j]])
                if together == BIG:
                    continue
                saved = algebra.size[a] + algebra.size[terms[j]] - algebra.size[together]
                if saved > 0 and (best is None or saved > best[0]):
                    best = saved, i, j, together
        if best is None:
            break
        _, i, j, together = best
        terms[i : i + 1], terms[j : j + 1] = [together], []
    whole = _together(algebra, terms)
    if whole != BIG:
        return whole
    total = algebra.ZERO
    for t in terms:
        total = algebra.add(total, t)
    return e if total == BIG else arranged(algebra, total)


def _together(algebra: Algebra, terms: list[Expr]) -> Expr:
    """The sum of terms with what all of them share in front; BIG where they share nothing."""
    shared: dict[Expr, Expr] | None = None
    for t in terms:
        powers = dict(algebra.factors(algebra.split(t)[1]))
        shared = powers if shared is None else _lowest(algebra, shared, powers)
    if not shared:
        return BIG
    front = algebra.product(Fraction(1), shared)
    rest = algebra.ZERO
    for t in terms:
        rest = algebra.add(rest, algebra.div(t, front))
    return BIG if rest == BIG else algebra.mul(front, arranged(algebra, rest))


def _lowest(algebra: Algebra, ours: Mapping[Expr, Expr], theirs: Mapping[Expr, Expr]) -> dict[Expr, Expr]:
    """The powers that two products share."""
    shared: dict[Expr, Expr] = {}
    for base, power in ours.items():
        other = theirs.get(base)
        if other == power:
            shared[base] = power
        elif other is not None and algebra.kind[power] == algebra.kind[other] == "num":
            shared[base] = power if algebra.data[power] < algebra.data[other] else other
    return shared


def in_order(algebra: Algebra, e: Expr, first: Expr) -> Expr:
    """The factors of every product in the order in which the formula `first` has their names, and what is made of one name
    alone beside it: y·(1 − y)·(1 − 2·y)·h, not h·y·(1 − 2·y)·(1 − y). Brackets of several names stand last."""
    places = {name: i for i, name in enumerate(dict.fromkeys((*_names(algebra, first), *_names(algebra, e))))}
    made: dict[Expr, Expr] = {}
    inside: dict[Expr, frozenset[Expr]] = {}
    for x in algebra.order(e):
        kind = algebra.kind[x]
        inside[x] = frozenset([x]) if kind == "sym" else frozenset().union(*(inside[p] for p in algebra.parts(x)))
        if kind == "prod":
            coefficient, factors = algebra.data[x]
            pairs = sorted(factors, key=lambda pair: _place(algebra, pair[0], inside[pair[0]], places))
            made[x] = algebra.num(coefficient)
            for base, power in pairs:
                made[x] = algebra.mul(made[x], algebra.power(made[base], made[power]))
        elif kind == "sum":
            made[x] = algebra.ZERO
            for c, t in algebra.data[x]:
                made[x] = algebra.add(made[x], algebra.scale(c, made[t]))
        else:
            made[x] = x
    return made[e]


def _place(algebra: Algebra, base: Expr, inside: frozenset[Expr], places: Mapping[Expr, int]) -> tuple[int, bool, int]:
    at = -1 if not inside else len(places) if len(inside) > 1 else places[next(iter(inside))]
    return at, algebra.kind[base] != "sym", algebra.size[base]


def _names(algebra: Algebra, e: Expr) -> list[Expr]:
    """The names of an expression as they are read."""
    names: dict[Expr, None] = {}
    seen: set[Expr] = set()
    stack = [e]
    while stack:
        x = stack.pop()
        if x in seen:
            continue
        seen.add(x)
        if algebra.kind[x] == "sym":
            names[x] = None
        stack.extend(reversed(algebra.parts(x)))
    return list(names)
