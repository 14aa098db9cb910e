"""Operation counts: what the sweeps cost in elementary operations, and what the derivatives written out would cost.

What counts as one operation is what a person would count on paper:

    a statement                 1: an arithmetic operation, a function, a choice (`where`, with its comparison)
    over n numbers              n − 1: a sum, a maximum, a mean; so a dot product of k pairs is 2k − 1
    a copy, a change of sign    0, as a statement and inside a formula
    a local partial             the operations of its simplified formula, the values of arguments and statement being at
                                hand: cos(x) 1, y 0, 2·x 1, out·(1 − out) 2, −out/y 1; what has constants alone (1/2, ln(2)) 0
    adjoint or tangent · local partial   1, as the tables write it (the seed 1 is a number like another); but 0 for a local
                                partial that is 1 or −1 at every point, as those of sums and differences are (or 0: a sign's)
    + contribution              1 for each but the first

An operation over all arguments inside the partials of a statement (softmax in those of logsumexp) counts once for the
statement, since it gives all components together. (Griewank & Walther 2008, chapter 4: the cost of a reverse sweep
is a small multiple of that of the value, whatever the number of inputs.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.sweep.algebra import BIG
from wengert.sweep.readable import readable
from wengert.sweep.rules import Rules, parsed
from wengert.sweep.sweeps import constants
from wengert.sweep.symbols import Symbols
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.tape.wengert_list import WengertList

CEILING = 10**1000  # a larger count of the formulas written out is not followed further
MOST_BITS = 1 << 31  # names × statements up to which the sweeps of forward mode are counted name by name


@dataclass(frozen=True)
class Counts:
    """Elementary operations.

    `forward_one`: the local partials and one tangent sweep along a direction, all names moving at once. `forward_all`: the
    local partials once and a tangent sweep for each of the `names`, each over what depends on that name. `reverse`: the local
    partials and a reverse sweep for each of the `outputs`. `expanded`: all derivatives written out in the inputs, nothing
    shared, nothing simplified; at most CEILING. `forward_all` and `expanded` are None where names × statements are more than
    MOST_BITS.
    """

    names: int
    outputs: int
    primal: int
    partials: int
    forward_one: int
    forward_all: int | None
    reverse: int
    expanded: int | None


@dataclass(frozen=True, slots=True)
class PartialCost:
    """What one local partial is made of: its own operations, those it shares with the other partials of its statement, how
    often each argument and the statement's value stand in it, and whether it is 1, −1 or 0 at every point."""

    operations: int
    shared: int
    arguments: tuple[tuple[int, int], ...]  # (argument, times)
    all_arguments: int
    out: int
    literal: bool


def count(wl: WengertList, active: bytearray, outputs: Sequence[str], wrt: Sequence[str]) -> Counts:
    """The counts of the statements that lead to an output; `active` says which depend on a name of `wrt`."""
    return _Counting(wl, active, [wl.slots[y] for y in outputs], [wl.slots[x] for x in wrt]).run()


def operations(record: Primitive, operands: int) -> int:
    """What a statement of the primitive costs: 1; over n numbers n − 1; nothing for a copy or a change of sign."""
    if record.name in ("identity", "neg"):
        return 0
    return max(1, operands - len(record.params)) if record.many else 1


class _Counting:
    def __init__(self, wl: WengertList, active: bytearray, outputs: list[int], wrt: list[int]) -> None:
        self.list = wl
        self.active = active
        self.outputs = outputs
        self.wrt = wrt
        self.needed = _leads_to_any(wl, outputs)
        self.costs = PartialCosts(wl)

    def run(self) -> Counts:
        wl = self.list
        primal = partials = one = 0
        seeded = set(self.wrt)
        for slot in wl.statements():
            if not self.needed[slot]:
                continue
            operands = wl.operands_of(slot)
            primal += operations(wl.primitive(slot), len(operands))
            if not self.active[slot]:
                continue
            links = self._links(slot, operands)
            if links:
                partials += sum(c.operations for _, c in links) + max(c.shared for _, c in links)
                one += sum(not c.literal for _, c in links) + len(links) - 1 + (slot in seeded)
        every, expanded = self._forward() if len(self.wrt) * len(wl) <= MOST_BITS else (None, None)
        reverse = self._reverse()
        return Counts(
            len(self.wrt), len(self.outputs), primal, partials, partials + one, None if every is None else partials + every,
            partials + reverse, expanded,
        )  # fmt: skip

    def _links(self, slot: int, operands: Sequence[int]) -> list[tuple[int, PartialCost]]:
        """(slot of the argument, cost of the local partial) for every argument that a change flows through."""
        active = self.active
        costs = self.costs.of(slot, operands, active)
        return [(o, c) for o, c in zip(operands, costs, strict=True) if c is not None]

    def _forward(self) -> tuple[int, int]:
        """A tangent sweep for each name, and the derivatives written out: one pass, with a set of names for every slot.

        `moved[v]` are the names (bits) that v depends on. For the tree of v: T(v) operations for its value, D(v) for all its
        derivatives, D(v) = Σ over arguments (D(argument) + for each name 1 multiplication and P) + additions, P the local
        partial with every value replaced by its tree.
        """
        wl = self.list
        moved: dict[int, int] = {}
        for i, slot in enumerate(self.wrt):
            moved[slot] = moved.get(slot, 0) | 1 << i
        tree = [0] * len(wl)
        written = [0] * len(wl)
        last = self._last_uses()
        sweeps = 0
        for slot in wl.statements():
            if not self.needed[slot]:
                continue
            operands = wl.operands_of(slot)
            below = sum(tree[o] for o in operands if o >= 0)
            tree[slot] = min(CEILING, operations(wl.primitive(slot), len(operands)) + below)
            names = moved.get(slot, 0)
            cost = derivatives = 0
            for o, c in self._links(slot, operands) if self.active[slot] else ():
                incoming = moved.get(o, 0)
                if not incoming:
                    continue
                many = incoming.bit_count()
                cost += (0 if c.literal else many) + (names & incoming).bit_count()
                names |= incoming
                derivatives += written[o] + many * self._partial_tree(c, operands, tree, below, slot)
            if names:
                moved[slot] = names
            sweeps += cost
            written[slot] = min(CEILING, derivatives + cost)
            for o in operands:
                if o >= 0 and last[o] == slot:
                    moved.pop(o, None)
        return sweeps, min(CEILING, sum(written[y] for y in self.outputs))

    def _partial_tree(self, c: PartialCost, operands: Sequence[int], tree: list[int], below: int, slot: int) -> int:
        total = c.operations + c.shared + c.out * tree[slot] + c.all_arguments * below
        for j, times in c.arguments:
            o = operands[j]
            if o >= 0:
                total += times * tree[o]
        return total

    def _reverse(self) -> int:
        """A reverse sweep for each output: as `_forward`, with a set of outputs for every slot."""
        wl = self.list
        reached: dict[int, int] = {}
        for i, slot in enumerate(self.outputs):
            reached[slot] = reached.get(slot, 0) | 1 << i
        cost = 0
        for slot in reversed(wl.statements()):
            outgoing = reached.pop(slot, 0)
            if not outgoing or not self.active[slot]:
                continue
            many = outgoing.bit_count()
            for o, c in self._links(slot, wl.operands_of(slot)):
                before = reached.get(o, 0)
                cost += (0 if c.literal else many) + (before & outgoing).bit_count()
                reached[o] = before | outgoing
        return cost

    def _last_uses(self) -> list[int]:
        """For each slot the last needed statement that uses it: after that its set of names is forgotten."""
        last = [-1] * len(self.list)
        for slot in self.list.statements():
            if self.needed[slot]:
                for o in self.list.operands_of(slot):
                    if o >= 0:
                        last[o] = slot
        return last


def _leads_to_any(wl: WengertList, outputs: Sequence[int]) -> bytearray:
    reached = bytearray(len(wl))
    for slot in outputs:
        reached[slot] = 1
    for slot in reversed(wl.statements()):
        if reached[slot]:
            for o in wl.operands_of(slot):
                if o >= 0:
                    reached[o] = 1
    return reached


class PartialCosts:
    """The costs of local partials. Statements of the same primitive, with the same constants and the same arguments equal,
    have the same partials, and are looked at once."""

    def __init__(self, wl: WengertList) -> None:
        self.list = wl
        self._symbols = Symbols(taken=wl.model.names())
        self._rules = Rules(self._symbols, stable=False)
        self._constants = constants(wl, self._rules)
        a = self._symbols.algebra
        self._simple = {a.ZERO, a.ONE, a.num(-1)}
        self._known: dict[tuple[int, ...], tuple[PartialCost | None, ...]] = {}
        self._plain: dict[str, PartialCost] = {}

    def of(self, slot: int, operands: Sequence[int], active: bytearray) -> Sequence[PartialCost | None]:
        """One entry an operand, None where nothing flows: for a constant, an operand that does not depend on the names, or
        what decides a choice."""
        wl = self.list
        record = wl.primitive(slot)
        if record.many:
            return [self._of_many(record, j, operands) if o >= 0 and active[o] else None for j, o in enumerate(operands)]
        opcode = wl.opcode[slot - wl.inputs]
        if len(operands) == 1:
            o = operands[0]
            key: tuple[int, ...] = (opcode, int(o >= 0 and active[o]))
        else:
            key = (opcode, *(
                self._constant(record, o) if o < 0 else 2 * operands.index(o) + (not active[o]) for o in operands
            ))  # fmt: skip
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(
                self._of_few(record, j, operands) if o >= 0 and active[o] and record.partial_of(j) else None
                for j, o in enumerate(operands)
            )
        return found

    def _constant(self, record: Primitive, operand: int) -> int:
        """The constant operand where its value makes the partial simpler (an exponent, 1, 0), else one for all constants."""
        value = self._constants[-1 - operand]
        return -2 - value if record.name == "power" or value in self._simple else -1

    def _of_few(self, record: Primitive, argument: int, operands: Sequence[int]) -> PartialCost:
        """From the simplified symbolic partial, as the list's local partials are shown."""
        algebra = self._symbols.algebra
        values = [
            self._symbols.symbol(f"argument {operands.index(o)}") if o >= 0
            else self._symbols.symbol(CONSTANT) if self._constant(record, o) == -1
            else self._constants[-1 - o]
            for o in operands
        ]
        partial = BIG if BIG in values else self._rules.partial(record.name, argument)(
            values, self._symbols.symbol("out"), argument
        )  # fmt: skip
        if partial != BIG:
            partial = readable(algebra, partial)
        if partial == BIG:
            return self._as_it_stands(record, argument)
        nodes = Nodes()
        root = self._symbols.to_nodes(partial, nodes)
        names = {f"argument {j}": j for j in range(len(operands))}
        return _cost(nodes, root, names, record)

    def _of_many(self, record: Primitive, argument: int, operands: Sequence[int]) -> PartialCost | None:
        """From the formula over `arg` in the rule table."""
        if not record.partial_of(argument):
            return None
        plain = self._plain.get(record.name)
        if plain is None:
            plain = self._plain[record.name] = self._as_it_stands(record, argument)
        fixed = len(record.params) - 1
        n = len(operands) - fixed
        held = dict(plain.arguments)
        found = []
        if ARG in held:
            found.append((argument, held[ARG]))
        if PARTNER in held:
            found.append(((argument + len(operands) // 2) % len(operands), held[PARTNER]))
        literal = plain.literal or (record.name == "mean" and n == 1)
        shared = plain.shared * max(1, n - 1)
        return PartialCost(plain.operations, shared, tuple(found), plain.all_arguments, plain.out, literal)

    def _as_it_stands(self, record: Primitive, argument: int) -> PartialCost:
        nodes, root = parsed(record.partial_of(argument))
        names = {name: j for j, name in enumerate(record.params)}
        return _cost(nodes, root, {**names, "arg": ARG, "partner": PARTNER, "args": ALL}, record)


ARG, PARTNER, ALL = -1, -2, -3
CONSTANT = "constant"  # the symbol of a constant whose value does not matter
_NUMBERS = frozenset({CONSTANT, "pi", "e", "n", "ties"})


def _cost(nodes: Nodes, root: int, names: dict[str, int], record: Primitive) -> PartialCost:
    """What the formula is made of. A formula of the table is a tree, that of the algebra may share nodes: each is counted as
    often as it is written. Of a choice the larger branch counts."""
    made: dict[int, _Parts] = {}
    for node in nodes.reachable([root]):
        operation = nodes.operation(node)
        arguments = [made[a] for a in nodes.arguments(node)]
        if operation == "number":
            made[node] = _Parts(number=True)
        elif operation == "name":
            text = nodes.text(node)
            given = names.get(text)
            held = {} if given is None or given == ALL else {given: 1}
            number = text in _NUMBERS and given is None
            made[node] = _Parts(held=held, every=int(given == ALL), out=int(text == "out"), number=number)
        elif operation in COMPARISONS:
            made[node] = _together(arguments)
        elif operation == "where":
            test, yes, no = arguments
            larger = max(yes, no, key=lambda p: (p.operations + p.shared, sum(p.held.values()) + p.out + p.every))
            made[node] = _together([test, larger], 1)
        elif operation == "neg":
            made[node] = _together(arguments)
            made[node].number = arguments[0].number
        elif all(p.number for p in arguments):
            made[node] = _Parts(number=True)
        elif any(p.every for p in arguments) and PRIMITIVES[operation].many:
            made[node] = _together(arguments)
            made[node].shared += 1
        else:
            made[node] = _together(arguments, operations(PRIMITIVES[operation], len(arguments)))
    whole = made[root]
    inner = nodes.arguments(root)[0] if nodes.operation(root) == "neg" else root
    literal = nodes.operation(inner) == "number" and nodes.text(inner) in ("0", "1")
    return PartialCost(whole.operations, whole.shared, tuple(whole.held.items()), whole.every, whole.out, literal)


class _Parts:
    """A part of a formula: its operations, and what stands in it. `number`: made of constants alone, and so at hand."""

    def __init__(
        self, operations: int = 0, shared: int = 0, held: dict[int, int] | None = None, every: int = 0, out: int = 0,
        number: bool = False,
    ) -> None:  # fmt: skip
        self.operations = operations
        self.shared = shared
        self.held = held or {}
        self.every = every
        self.out = out
        self.number = number


def _together(parts: list[_Parts], more: int = 0) -> _Parts:
    held: dict[int, int] = {}
    for p in parts:
        for j, times in p.held.items():
            held[j] = held.get(j, 0) + times
    return _Parts(
        more + sum(p.operations for p in parts), sum(p.shared for p in parts), held, sum(p.every for p in parts),
        sum(p.out for p in parts),
    )  # fmt: skip
