"""The formulas of the derivatives: the sweeps in symbols, put into a readable form.

A derivative is written in the inputs where that stays within 2,000 nodes; else in the names of statements; else not at all,
and the caller says so. Sizes are counted while expressions are made: nothing that explodes is ever built. So is the work on all
of them together: what would come after MOST_WORK is not written.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from wengert.lang.expr import Nodes
from wengert.lang.model import Key
from wengert.sweep import sweeps
from wengert.sweep.algebra import BIG, MOST_WORK, Algebra, TooMuchWork
from wengert.sweep.readable import readable
from wengert.sweep.rules import Rules
from wengert.sweep.symbols import Symbols
from wengert.tape.wengert_list import WengertList

MAX_STATEMENTS = 50_000  # a longer list is not swept in symbols
MAX_DERIVATIVES = 2_000  # formulas that are made ready to print
SHORT = 200  # nodes of an operation's arguments up to which its value is written although no partial needs it
_OF_NONE = frozenset({"out", "n", "index", "pi"})  # in the partial of an operation on many: no argument's value


@dataclass(frozen=True)
class DerivativeFormula:
    """The formula of a derivative: `root` in `Formulas.nodes`, None where it is too large to be written even in names, or where
    those before it took all the work.
    `expanded`: written in the inputs alone. `named` is the same in the names of statements (of what the model names, where
    it names more than its output), where it was asked for."""

    root: int | None
    expanded: bool
    named: int | None = None


@dataclass(frozen=True)
class Formulas:
    nodes: Nodes
    by_key: dict[Key, DerivativeFormula]


def derive(
    wl: WengertList, outputs: Sequence[str], wrt: Sequence[str], named: bool = False, every: bool = False
) -> Formulas:
    """The formulas for every pair of an output and a name, and along the model's seed where it has one. `named`: also in the
    names of statements; `every`: of every statement, not only of what the model names."""
    nodes = Nodes(shared=True)
    along = ("seed",) if wl.model.seed is not None else ()
    found: dict[Key, DerivativeFormula] = {(of, x): DerivativeFormula(None, False) for of in outputs for x in (*wrt, *along)}
    if len(wl) <= MAX_STATEMENTS and len(outputs) * len(wrt) <= MAX_DERIVATIVES:
        with suppress(TooMuchWork):
            found.update(_written(wl, outputs, wrt, named, every, nodes))
    return Formulas(nodes, found)


def _written(
    wl: WengertList, outputs: Sequence[str], wrt: Sequence[str], named: bool, every: bool, nodes: Nodes
) -> Iterator[tuple[Key, DerivativeFormula]]:
    """The formulas one by one. Raises TooMuchWork."""
    active = wl.depends_on([wl.slots[x] for x in wrt])
    inner = frozenset(wl.slots[x] for x in wrt if wl.slots[x] >= wl.inputs)
    symbols = Symbols(Algebra(most=MOST_WORK), wl.model.names(), wl.model.given())
    expanded = SymbolicSweep(wl, symbols, active, "nothing", inner)
    keep = "statements" if every or wl.model.form == "formula" else "quantities"
    names: SymbolicSweep | None = None
    for of in outputs:
        column = expanded.adjoints(of)
        second: list[Any] | None = None
        for x in wrt:
            slot = wl.slots[x]
            e = symbols.zero if column[slot] is None else column[slot]
            root = None if e == BIG else symbols.to_nodes(readable(symbols.algebra, e), nodes)
            in_names = None
            if root is None or named:
                names = names or SymbolicSweep(wl, Symbols(Algebra(most=MOST_WORK), wl.model.names()), active, keep)
                second = second if second is not None else names.adjoints(of)
                n = names.symbols.zero if second[slot] is None else second[slot]
                if n != BIG:
                    in_names = names.symbols.to_nodes(n, nodes, arrange=False)
            yield (of, x), DerivativeFormula(root if root is not None else in_names, root is not None, in_names)
    if wl.model.seed is not None:
        column = expanded.tangents()
        for of in outputs:
            e = column[wl.slots[of]]
            e = symbols.zero if e is None else e
            root = None if e == BIG else symbols.to_nodes(readable(symbols.algebra, e), nodes)
            in_names = None
            if named:
                names = names or SymbolicSweep(wl, Symbols(Algebra(most=MOST_WORK), wl.model.names()), active, keep)
                n = names.tangents()[wl.slots[of]]
                n = names.symbols.zero if n is None else n
                in_names = None if n == BIG else names.symbols.to_nodes(n, nodes, arrange=False)
            yield (of, "seed"), DerivativeFormula(root, root is not None, in_names)


class SymbolicSweep:
    """Primal sweep and local partials in symbols. `keep` says which statements stay a name: "nothing" writes all out in the
    inputs, "quantities" keeps what the model names, "statements" keeps every statement. The slots of `own` stay names
    anyway: what is differentiated with respect to is a quantity of its own."""

    def __init__(
        self, wl: WengertList, symbols: Symbols, active: bytearray, keep: str, own: frozenset[int] = frozenset()
    ) -> None:
        self.list = wl
        self.symbols = symbols
        rules = Rules(symbols, stable=False)
        kept: Container[int] = {"nothing": own, "quantities": wl.names, "statements": range(len(wl))}[keep]
        values = self._values(rules, kept, _needed(wl, rules, active, kept))
        self.partials = sweeps.local_partials(wl, values, rules, active)

    def _values(self, rules: Rules, kept: Container[int], needed: bytearray) -> list[Any]:
        """Every value that a local partial is made of, and others where they are short."""
        wl, size = self.list, self.symbols.algebra.size
        values: list[Any] = [self.symbols.symbol(x.name) for x in wl.model.inputs]
        known = sweeps.constants(wl, rules)
        functions = [rules.value(name) for name in wl.opcodes]
        for slot in wl.statements():
            if slot in kept:
                values.append(self.symbols.symbol(wl.name(slot)))
                continue
            arguments = [values[o] if o >= 0 else known[-1 - o] for o in wl.operands_of(slot)]
            left_out = BIG in arguments or (not needed[slot] and sum(size[a] for a in arguments) > SHORT)
            values.append(BIG if left_out else functions[wl.opcode[slot - wl.inputs]](arguments, None, 0))
            self.symbols.note_typed(values[-1])
        return values

    def tangents(self) -> list[Any]:
        """v̇ of every slot along the model's seed."""
        rules = Rules(self.symbols, stable=False)
        seed = {self.list.slots[x]: sweeps.constant(self.list, root, rules) for x, root in (self.list.model.seed or {}).items()}
        return sweeps.tangents(self.list, self.partials, seed, self.symbols)

    def adjoints(self, of: str) -> list[Any]:
        """v̄ of every slot, None where no path leads: those of `sweeps.adjoints`, each sum made when its terms are there."""
        wl, mul, sum_of = self.list, self.symbols.mul, self.symbols.algebra.sum_of
        column: list[Any] = [None] * len(wl)
        terms: list[list[Any]] = [[] for _ in column]
        terms[wl.slots[of]].append(self.symbols.one)
        for slot in range(wl.slots[of], -1, -1):
            if not terms[slot]:
                continue
            column[slot] = adjoint = sum_of(terms[slot])
            if slot < wl.inputs:
                continue
            at = slot - wl.inputs
            for i, target in enumerate(wl.operands_of(slot), wl.first[at]):
                if target >= 0 and self.partials[i] is not None:
                    terms[target].append(mul(adjoint, self.partials[i]))
        return column


def _needed(wl: WengertList, rules: Rules, active: bytearray, kept: Container[int]) -> bytearray:
    """For each slot 1 where its value stands in a local partial, or in such a value."""
    needed = bytearray(len(wl))
    for slot in range(len(wl) - 1, wl.inputs - 1, -1):
        operands, record = wl.operands_of(slot), wl.primitive(slot)
        moved = {record.param_of(j): j for j, o in enumerate(operands) if o >= 0 and active[o]} if active[slot] else {}
        names = frozenset[str]().union(*(rules.mentioned(record.name, j) for j in moved.values()))
        needed[slot] |= "out" in names
        for k, o in enumerate(operands):
            if o >= 0 and (names - _OF_NONE if record.many else record.params[k] in names):
                needed[o] = 1
        if needed[slot] and slot not in kept:
            for o in operands:
                if o >= 0:
                    needed[o] = 1
    return needed
