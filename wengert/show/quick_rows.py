"""The rows of the forward and the reverse table of a long list, as patterns and texts (patterns.py).

Statements of one primitive with the same kinds of operands have rows that differ in names and numbers alone. The first of them
is made as every row is, and its names become holes; the numbers of the others come from the columns. Whatever is not as usual
(a value that is infinite, digits that do not suffice, a choice, two names in one partial) is left to the ordinary rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, Inexact
from typing import Any, NamedTuple

from wengert.lang.expr import COMPARISONS, NAME, NUMBER, Nodes
from wengert.show.document import Cell, Equation, Formula, Math, Name, Number, Product, Result, Row, Words
from wengert.show.figures import LONGEST, Figures
from wengert.show.notation import size
from wengert.show.patterns import Like, Pattern, Quick, filled, hole, hole_in, opened
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.rules import Rule, Rules
from wengert.sweep.steps import Step, Steps
from wengert.sweep.sweeps import Contribution
from wengert.tape.wengert_list import WengertList

STRUCTURAL = ("add", "sub", "mul", "div", "neg", "power")
KNOWN = 50_000  # texts of numbers that are kept
KINDS = 5_000  # patterns that are kept

_FLOAT = Rules(Float())
_EXACT = Context(prec=700, traps=[Inexact])  # of decimals that are added and multiplied

Kind = tuple[Any, ...]


class Part(NamedTuple):
    """A node of a formula that numbers are put into: a number that is there as `text`, one of the statement's slots, or an
    operation on earlier parts, which is written out or becomes its value (`inserted`)."""

    text: str = ""
    known: float = 0.0
    operand: int | None = None
    operation: str = ""
    rule: Rule | None = None
    arguments: tuple[int, ...] = ()
    inserted: bool = False


@dataclass(frozen=True, slots=True)
class Put:
    """A formula with holes for numbers, and the parts that tell what stands in them. `sums`: what it comes to is asked of
    rationals too, where it adds and subtracts."""

    formula: Formula
    parts: tuple[Part, ...]
    sums: bool
    first: int  # the number of its first hole


@dataclass(slots=True)
class Alike:
    """What is known of the statements of a kind (of the contributions, in a reverse table): their cells with holes. The rows
    of a kind without `cells` are all ordinary ones."""

    cells: tuple[Cell, ...] | None = None
    put: Put | None = None
    patterns: dict[Any, Pattern] = field(default_factory=dict)


class QuickRows:
    """The rows of a table, the reverse one for the slot `output`; `ordinary` makes a row as every row is made."""

    def __init__(self, figures: Figures, steps: Steps, output: int = -1) -> None:
        self.figures = figures
        self.output = output
        self.list: WengertList = figures.trace.list
        self.steps = steps
        self.values = figures.values
        self.kinds: dict[Kind, Alike] = {}
        self.seen: set[Kind] = set()
        self.texts: dict[int, str] = {}  # of slots, as they are put into a line
        self.upstream = (-1, "")  # a statement, and its adjoint as it is put into a line
        self.round = Context(prec=figures.digits.significant, rounding=ROUND_HALF_UP).plus

    @staticmethod
    def are_there(figures: Figures, level: str) -> bool:
        """Whether the trace has such rows: in doubles, every statement a line."""
        choice = figures.trace.choice
        return level == "operation" and choice.digits is None and not choice.exact and figures.trace.rounded is None

    # -- forward

    def forward(self, ordinary: Callable[[int], Row], typed: Callable[[int], bool]) -> Quick:
        """A row a slot, inputs first; `typed`: the row of an input shows how its value was typed."""
        wl, values, exact = self.list, self.values, self.figures.exact
        result = self._result
        input_patterns = {e: Pattern((Name(hole(0)), None, Result(hole(1), e))) for e in (False, True)}
        for i, x in enumerate(wl.model.inputs):
            shown = None if typed(i) else result(values[i], None if exact is None else exact.values[i])
            yield ordinary(i) if shown is None else Like(input_patterns[shown[1]], (x.name, shown[0]))
        for slot in wl.statements():
            yield self._statement(slot, ordinary) or ordinary(slot)

    def _statement(self, slot: int, ordinary: Callable[[int], Row]) -> Like | None:
        exact = self.figures.exact
        shown = self._result(self.values[slot], None if exact is None else exact.values[slot])
        if shown is None:
            return None
        kind, slots = self._kind(slot)
        alike = self.kinds.get(kind)
        if alike is None:
            if self._is_new(kind):
                return None
            alike = self._keep(kind, self._alike_statement(slot, slots, ordinary(slot)))
        if alike.cells is None:
            return None
        names = [self.list.name(s) for s in slots]
        numbers: list[str] = []
        if alike.put is not None:
            put = self._put_in(alike.put, slots, self.values[slot])
            if put is None:
                return None
            numbers = put
        pattern = alike.patterns.get(shown[1])
        if pattern is None:
            last = Result(hole(len(names) + len(numbers)), shown[1])
            pattern = alike.patterns[shown[1]] = Pattern((*alike.cells, last))
        return Like(pattern, (*names, *numbers, shown[0]))

    def _alike_statement(self, slot: int, slots: Sequence[int], row: Row) -> Alike | None:
        step = self.steps.line(slot)
        holes = {self.list.name(s): hole(i) for i, s in enumerate(slots)}
        if len(holes) < len(slots):
            return Alike()
        put = None
        if isinstance(row.cells[1], Formula):
            put = self._put(step.nodes, step.formula, slots, len(slots), keep_call=True)
            if put is None:
                return Alike()
        elif row.cells[1] is not None and size(step.nodes, step.formula, LONGEST) < LONGEST:
            return None  # … for another reason than its length
        numbers = row.cells[1] if put is None else put.formula
        return Alike((opened(row.cells[0], holes), numbers), put)

    # -- reverse

    def contribution(self, c: Contribution, exact: Contribution | None, opens: bool, ordinary: Callable[[], Row]) -> Row | Like:
        """The row of a contribution."""
        return self._contribution(c, exact, opens, ordinary) or ordinary()

    def _contribution(
        self, c: Contribution, exact: Contribution | None, opens: bool, ordinary: Callable[[], Row]
    ) -> Like | None:
        figures = self.figures
        value = self._result(c.value, None if exact is None else exact.value)
        so_far = self._result(c.so_far, None if exact is None else exact.so_far)
        if value is None or so_far is None:
            return None
        statement, slots = self._kind(c.slot)
        kind = (*statement, "to", c.argument, opens, c.slot == self.output)
        alike = self.kinds.get(kind)
        if alike is None:
            if self._is_new(kind):
                return None
            alike = self._keep(kind, self._alike_contribution(c, slots, ordinary()))
        if alike.cells is None or alike.put is None:
            return None
        put = self._put_in(alike.put, slots, c.partial)
        if put is None:
            return None
        names = [self.list.name(s) for s in slots]
        numbers: list[str] = []
        if isinstance(alike.cells[3], Product):
            if self.upstream[0] != c.slot:
                self.upstream = (c.slot, figures.line.inserted(c.adjoint))
            upstream = self.upstream[1]
            product = float(upstream) * c.partial
            if product != c.value and self._text(product) != value[2]:
                number = figures.factor(c.adjoint, c.partial, c.value)
                if not isinstance(number, Number):
                    return None
                upstream = number.text
            numbers = [upstream]
        pattern = alike.patterns.get((value[1], so_far[1]))
        if pattern is None:
            pattern = self._pattern(alike, len(names) + len(numbers) + len(put), opens, value[1], so_far[1])
        return Like(pattern, (*names, *numbers, *put, value[0], so_far[0]))

    @staticmethod
    def _pattern(alike: Alike, count: int, opens: bool, exact: bool, so_far_exact: bool) -> Pattern:
        assert alike.cells is not None
        *cells, last = alike.cells
        assert isinstance(last, Equation)
        so_far = Equation((last.sides[0], Number(hole(count + 1))), ("=" if so_far_exact else "≈",))
        made = Pattern((*cells, Result(hole(count), exact), so_far), opens)
        alike.patterns[exact, so_far_exact] = made
        return made

    def _alike_contribution(self, c: Contribution, slots: Sequence[int], row: Row) -> Alike | None:
        step = self.steps.at(c.slot)
        link = next(k for k in step.links if k.argument == c.argument)
        holes = {self.list.name(s): hole(i) for i, s in enumerate(slots)}
        numbers = row.cells[3]
        if len(holes) < len(slots) or link.partial is None or not _is_stable(step, link.partial):
            return Alike()
        factor: Cell = numbers
        before: tuple[Math, ...] = ()
        if isinstance(numbers, Product):
            if not isinstance(numbers.factors[0], Number):
                return None
            factor = numbers.factors[1]
            before = (Number(hole(len(slots))),)
        if not isinstance(factor, Formula) or not isinstance(row.cells[5], Equation):
            return None
        put = self._put(step.nodes, link.partial, slots, len(slots) + len(before), keep_call=False)
        if put is None:
            return Alike()
        from_cell, to, contribution = (opened(cell, holes) for cell in row.cells[:3])
        inside: Cell = Product((*before, put.formula)) if before else put.formula
        return Alike((from_cell, to, contribution, inside, opened(row.cells[5], holes)), put)

    # -- numbers

    def _text(self, value: float) -> str:
        return self.figures.digits.result(value)

    def _result(self, value: Any, exact: Any) -> tuple[str, bool, str] | None:
        """A result's text, whether it is exact, and its text without the zeros that fill it up; None where it is no number."""
        if type(value) is not float or value - value != 0:
            return None
        text = self.figures.digits.result(value)
        if exact is None:
            return text, False, text
        shown = self.figures.result(value, exact)
        return None if isinstance(shown, Words) or shown.of is not None else (shown.text, shown.exact, text)

    def _inserted(self, slot: int) -> str:
        text = self.texts.get(slot)
        if text is None:
            if len(self.texts) >= KNOWN:
                self.texts.clear()
            text = self.texts[slot] = self.figures.line.inserted(self.values[slot])
        return text

    def _put_in(self, put: Put, slots: Sequence[int], result: float) -> list[str] | None:
        """The texts of the numbers; None where the line does not come to what is printed, or has no value."""
        texts: list[str] = []
        known: list[float] = []
        try:
            for _, value, operand, _, rule, arguments, inserted in put.parts:
                if operand is not None:
                    if self.values[slots[operand]] - self.values[slots[operand]] != 0:
                        return None
                    texts.append(self._inserted(slots[operand]))
                    known.append(float(texts[-1]))
                elif rule is None:
                    known.append(value)
                else:
                    computed = rule([known[a] for a in arguments], None, 0)
                    if inserted:
                        texts.append(self.figures.line.inserted(computed))
                        computed = float(texts[-1])
                    known.append(computed)
        except FAULTS:
            return None
        computed = known[-1]
        if computed - computed != 0 or (computed != result and self._text(computed) != self._text(result)):
            return None
        return texts if not put.sums or self._holds(put, texts, computed) else None

    def _holds(self, put: Put, texts: list[str], computed: float) -> bool:
        """Whether decimals come to it as well as doubles do."""
        digits = self.figures.digits
        if digits.decimals is None:
            try:
                value = _decimally(put.parts, texts)
            except DecimalException:
                value = None
            rounded = None if value is None else self.round(value)
            if rounded is not None and rounded == self.round(Decimal(computed)) and rounded.adjusted() < digits.significant:
                return True  # both are printed so
        made = filled(put.formula, ["0"] * put.first + texts)
        assert isinstance(made, Formula)
        return self.figures.holds(made, computed)

    # -- kinds

    def _kind(self, slot: int) -> tuple[Kind, list[int]]:
        """What the statement is like, and the slots that its row names: its own, then its operands', each once."""
        slots = [slot]
        kind: list[int] = [self.list.opcode[slot - self.list.inputs]]
        for o in self.list.operands_of(slot):
            if o < 0:
                kind.append(o)
            elif o in slots:
                kind.append(slots.index(o))
            else:
                kind.append(len(slots))
                slots.append(o)
        return tuple(kind), slots

    def _is_new(self, kind: Kind) -> bool:
        """Whether it is the first of its kind: there may be no second one, as of a sum with a number."""
        if kind in self.seen:
            return False
        if len(self.seen) >= KNOWN:
            self.seen.clear()
        self.seen.add(kind)
        return True

    def _keep(self, kind: Kind, alike: Alike | None) -> Alike:
        """The kind as it is known from now on; None where its first row is not as usual, and the next one shall tell."""
        if alike is None:
            return Alike()
        if len(self.kinds) >= KINDS:
            self.kinds.clear()
        self.kinds[kind] = alike
        return alike

    def _put(self, nodes: Nodes, root: int, slots: Sequence[int], first: int, keep_call: bool) -> Put | None:
        """The formula with holes for numbers, numbered from `first`; None where only the ordinary way can fill it."""
        operands = {self.list.name(s): i for i, s in enumerate(slots)}
        made = Nodes()
        new: dict[int, int] = {}
        parts: list[Part] = []
        places: dict[int, int] = {}
        holes = first
        reached = nodes.reachable([root])
        if len(reached) >= LONGEST:
            return None
        for node in reached:
            operation, arguments = nodes.operation(node), nodes.arguments(node)
            places[node] = len(parts)
            if nodes.op[node] == NUMBER:
                new[node] = made.number(nodes.text(node))
                parts.append(Part(nodes.text(node), _FLOAT.arithmetic.number(nodes.text(node))))
            elif nodes.op[node] == NAME:
                if nodes.text(node) not in operands:
                    return None
                new[node] = made.number(hole(holes))
                holes += 1
                parts.append(Part(operand=operands[nodes.text(node)]))
            elif operation == "where" or operation in COMPARISONS:
                return None
            elif operation == "power" and _is_hole(made, new[arguments[1]]):
                return None  # 2³ or 2^0.5
            else:
                written = operation in STRUCTURAL or (keep_call and node == root)
                new[node] = made.number(hole(holes)) if not written else made.call(operation, [new[a] for a in arguments])
                holes += not written
                parts.append(Part("", 0.0, None, operation, _rule(operation, len(arguments)),
                                  tuple(places[a] for a in arguments), not written))  # fmt: skip
        sums = any(made.operation(node) in ("add", "sub") for node in made.reachable([new[root]]))
        return Put(Formula(made, new[root]), tuple(parts), sums, first)


def _rule(operation: str, count: int) -> Rule:
    """The operation's value, from so many arguments: those left out have their defaults."""
    rule = _FLOAT.value(operation)
    missing = _FLOAT.completed(operation, [0.0] * count)[count:]
    return rule if not missing else lambda a, out, j: rule([*a, *missing], out, j)


def _is_hole(nodes: Nodes, node: int) -> bool:
    return nodes.op[node] == NUMBER and hole_in(nodes.text(node)) is not None


def _is_stable(step: Step, root: int) -> bool:
    """Whether the partial is written in the same way for all statements of the kind: with two names the order of factors may
    depend on the statements before, and so may how a fraction is written."""
    nodes = step.nodes
    reached = nodes.reachable([root])
    names = {nodes.text(n) for n in reached if nodes.op[n] == NAME}
    fractions = any(nodes.operation(n) == "div" and nodes.op[nodes.arguments(n)[1]] == NUMBER for n in reached)
    return len(names) < 2 and not fractions


def _decimally(parts: Sequence[Part], texts: Sequence[str]) -> Decimal | None:
    """What the numbers come to without rounding; None where that takes more than sums and products. Raises
    DecimalException where there are too many digits."""
    known: list[Decimal | None] = []
    inserted = iter(texts)
    for part in parts:
        if part.operand is not None or part.inserted:
            known.append(Decimal(next(inserted)))
        elif part.rule is None:
            known.append(Decimal(part.text))
        else:
            a, b = (known[i] for i in part.arguments) if len(part.arguments) == 2 else (None, None)
            if a is None or b is None or part.operation not in ("add", "sub", "mul"):
                return None
            known.append({"add": _EXACT.add, "sub": _EXACT.subtract, "mul": _EXACT.multiply}[part.operation](a, b))
    return known[-1]
