"""The formulas of derivatives of higher order.

It changes when the way to a formula that a person would write changes. Each order is differentiated from the readable formula
of the order before, as on paper: by the sweeps in symbols over that formula's own list. Where the recorded list, written out,
gives a shorter one, that is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from wengert.lang.expr import Nodes
from wengert.lang.model import Definition, Input, Key, Model
from wengert.sweep import sweeps
from wengert.sweep.algebra import BIG, MOST_WORK, Algebra, Expr, TooMuchWork
from wengert.sweep.formulas import SymbolicSweep
from wengert.sweep.readable import readable
from wengert.sweep.rules import Rules
from wengert.sweep.symbols import Symbols
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList

if TYPE_CHECKING:
    from wengert.sweep.higher.derivatives import Higher

SEED = "seed"
MAX_WRITTEN = 5_000  # statements of a list that is also swept in symbols as it is
MAX_FORMULAS = 2_000
ROUNDS = 3  # of shortening


def higher_formulas(higher: Higher, nodes: Nodes) -> dict[Key, int | None]:
    """The formula of every derivative, in the inputs and in the free definitions of its index, as a node of `nodes`; None
    where it is too large to be written (more than 2,000 nodes), or those before it took all the work."""
    if len(higher.list) > 10 * MAX_WRITTEN or len(higher.operands) > MAX_FORMULAS:
        return dict.fromkeys(higher.operands)
    writing = _Writing(higher)
    found: dict[Key, int | None] = dict.fromkeys(higher.operands)
    with suppress(TooMuchWork):
        for key, operand in higher.operands.items():
            e = _whole_powers(writing.symbols.algebra, writing.formula(key[0], key[1:], operand))
            found[key] = None if e == BIG else writing.symbols.to_nodes(e, nodes)
    return found


def shortened(algebra: Algebra, e: Expr) -> Expr:
    """Made readable until that shortens it no more: what was multiplied out may have a factor in common."""
    e = readable(algebra, e)
    for _ in range(ROUNDS):
        again = readable(algebra, e)
        if e == BIG or algebra.size[again] >= algebra.size[e]:
            break
        e = again
    return e


def _whole_powers(algebra: Algebra, e: Expr) -> Expr:
    """(√u)³ as u^(3/2), in a product or in the terms of a sum."""
    if e == BIG or algebra.kind[e] not in ("prod", "sum"):
        return e
    if algebra.kind[e] == "sum":
        terms = [(c, _whole_powers(algebra, t)) for c, t in algebra.terms(e)]
        changed = {t: c for c, t in terms}
        return algebra.total(changed) if len(changed) == len(terms) else e
    coefficient, factors = algebra.data[e]
    bases: dict[Expr, Expr] = {}
    for base, exponent in factors:
        root = algebra.kind[base] == "fn" and algebra.data[base][0] == "sqrt" and algebra.kind[exponent] == "num"
        if root and abs(algebra.data[exponent]) >= 3:
            base, exponent = algebra.data[base][1][0], algebra.num(algebra.data[exponent] / 2)
        if base in bases:
            return e
        bases[base] = exponent
    return algebra.product(coefficient, bases)


def free_definitions(wl: WengertList, wrt: Sequence[str]) -> frozenset[int]:
    """The slots of the definitions that are free names of the derivative with that index."""
    names = [y for x in wrt for y in ((wl.model.seed or {}) if x == SEED else (x,))]
    return frozenset(wl.slots[x] for x in names if wl.slots[x] >= wl.inputs)


class _Writing:
    """The symbolic sweeps, each made once; equal expressions of all orders are one."""

    def __init__(self, higher: Higher) -> None:
        self.list = higher.list
        self.model = higher.list.model
        self.symbols = Symbols(Algebra(most=MOST_WORK), self.model.names(), self.model.given())
        self._orders: dict[tuple[str, tuple[str, ...], frozenset[int]], Expr] = {}
        self._gradients: dict[tuple[Expr, frozenset[int]], dict[str, Expr]] = {}
        self._columns: dict[frozenset[int], list[Expr]] = {}
        self._seed: dict[str, Expr] | None = None
        self._sources: dict[tuple[str, frozenset[int]], dict[str, Expr]] = {}

    def formula(self, of: str, wrt: tuple[str, ...], operand: int | None) -> Expr:
        algebra = self.symbols.algebra
        free = free_definitions(self.list, wrt)
        by_hand = self._by_hand(of, wrt, free)
        if len(wrt) == 1 or len(self.list) > MAX_WRITTEN:
            return by_hand
        recorded = shortened(algebra, self._recorded(operand, free))
        return recorded if by_hand == BIG or (recorded != BIG and algebra.size[recorded] < algebra.size[by_hand]) else by_hand

    def _by_hand(self, of: str, wrt: tuple[str, ...], free: frozenset[int]) -> Expr:
        """Order after order, each made readable before it is differentiated again."""
        e = BIG
        for k in range(1, len(wrt) + 1):
            key = (of, wrt[:k], free)
            if key not in self._orders:
                slopes = self._source(of, free) if k == 1 else self._slopes(e, free)
                self._orders[key] = shortened(self.symbols.algebra, self._along(slopes, wrt[k - 1]))
            e = self._orders[key]
            if e == BIG:
                return BIG
        return e

    def _along(self, slopes: Mapping[str, Expr], name: str) -> Expr:
        """The slope with respect to a name, or along the seed."""
        zero = self.symbols.zero
        if name != SEED:
            return slopes.get(name, zero)
        total = zero
        if self._seed is None:
            rules = Rules(self.symbols, stable=False)
            self._seed = {x: sweeps.constant(self.list, root, rules) for x, root in (self.model.seed or {}).items()}
        for x, component in self._seed.items():
            total = self.symbols.add(total, self.symbols.mul(slopes.get(x, zero), component))
        return total

    def _source(self, of: str, free: frozenset[int]) -> dict[str, Expr]:
        """The slopes of the output in the model's names."""
        key = (of, free)
        if key not in self._sources:
            self._sources[key] = self._swept(self.list, of, self.model.wrt, free)
        return self._sources[key]

    def _slopes(self, e: Expr, free: frozenset[int]) -> dict[str, Expr]:
        """The slopes of a formula with respect to every name: its own list, swept."""
        key = (e, free)
        if key not in self._gradients:
            self.symbols.algebra.spend(self.symbols.algebra.size[e])
            nodes = Nodes(shared=True)
            root = self.symbols.to_nodes(e, nodes)
            inside = set(nodes.names_in([root]))
            names = [x.name for x in self.model.inputs] + [self.list.name(s) for s in sorted(free)]
            names = [x for x in names if x in inside]
            inputs = tuple(Input(x) for x in names)
            wrt = tuple(x for x in self.model.wrt if x in inside)
            output = "·"  # no name that a person can write
            model = Model(nodes, inputs, (Definition(output, root),), (output,), wrt)
            self._gradients[key] = self._swept(lower(model), output, wrt, frozenset()) if wrt else {}
        return self._gradients[key]

    def _swept(self, wl: WengertList, of: str, wrt: Sequence[str], free: frozenset[int]) -> dict[str, Expr]:
        active = wl.depends_on([wl.slots[x] for x in wrt])
        sweep = SymbolicSweep(wl, self.symbols, active, "nothing", free)
        for slot in free:
            first, end = wl.span(slot)
            sweep.partials[first:end] = [None] * (end - first)
        column = sweep.adjoints(of)
        return {x: column[wl.slots[x]] for x in wrt if column[wl.slots[x]] is not None}

    def _recorded(self, operand: int | None, free: frozenset[int]) -> Expr:
        """The recorded statements, written out."""
        if operand is None:
            return self.symbols.zero
        rules = Rules(self.symbols, stable=False)
        if operand < 0:
            return int(sweeps.constant(self.list, self.list.constants[-1 - operand], rules))
        if free not in self._columns:
            wl = self.list
            values: list[Expr] = [self.symbols.symbol(x.name) for x in self.model.inputs]
            known = sweeps.constants(wl, rules)
            for s in wl:
                arguments = [values[o] if o >= 0 else known[-1 - o] for o in s.operands]
                if s.slot in free:
                    values.append(self.symbols.symbol(wl.name(s.slot)))
                else:
                    values.append(BIG if BIG in arguments else rules.value(s.primitive.name)(arguments, None, 0))
            self._columns[free] = values
        return self._columns[free][operand]
