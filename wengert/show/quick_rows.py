"""The rows of the forward and the reverse table of a long list, as patterns and texts (patterns.py).

Statements of one primitive with the same kinds of operands have rows that differ in names and numbers alone. The first of them
is made as every row is, and its names become holes; the numbers of the others come from the columns. Whatever is not as usual
(a value that is infinite, digits that do not suffice, a choice, two names in one partial) is left to the ordinary rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from wengert.lang.expr import NAME, NUMBER
from wengert.show.document import Cell, Equation, Formula, Math, Name, Number, Product, Result, Row, Words
from wengert.show.figures import Figures
from wengert.show.insertion import LONGEST
from wengert.show.notation import size
from wengert.show.patterns import Like, Pattern, Quick, hole, opened
from wengert.show.put_in import Put, PutIn, with_holes
from wengert.sweep.steps import Step, Steps
from wengert.sweep.sweeps import Contribution
from wengert.tape.wengert_list import WengertList

SEEN = 50_000  # kinds that are remembered
KINDS = 5_000  # of which patterns are kept

Kind = tuple[Any, ...]


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
        self.many = figures.trace.model.many()
        self.values = figures.values
        self.kinds: dict[Kind, Alike] = {}
        self.seen: set[Kind] = set()
        self.last: tuple[int, Kind, list[int], list[str]] = (-1, (), [], [])  # a statement, its kind, its slots, their names
        self.upstream = (-1, "")  # a statement, and its adjoint as it is put into a line
        self.put_in = PutIn(figures)

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

    def _statement(self, slot: int, ordinary: Callable[[int], Row]) -> Row | Like | None:
        exact = self.figures.exact
        shown = self._result(self.values[slot], None if exact is None else exact.values[slot])
        if shown is None:
            return None
        kind, slots = self._kind(slot)
        if len(slots) > LONGEST:
            return None
        alike = self.kinds.get(kind)
        if alike is None:
            if self._is_new(kind):
                return None
            row = ordinary(slot)
            self._keep(kind, self._alike_statement(slot, slots, row))
            return row
        if alike.cells is None:
            return None
        names = [self.list.name(s) for s in slots]
        numbers: list[str] = []
        if alike.put is not None:
            put = self.put_in.numbers(alike.put, slots, self.values[slot])
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
        names = [self.list.name(s) for s in slots]
        holes = {name: hole(i) for i, name in enumerate(names)}
        put = None
        if isinstance(row.cells[1], Formula):
            put = with_holes(step.nodes, step.formula, names, len(slots), keep_call=True)
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
    ) -> Row | Like | None:
        figures = self.figures
        value = self._result(c.value, None if exact is None else exact.value)
        so_far = value if exact is None and c.so_far == c.value else self._result(c.so_far, exact and exact.so_far)
        if value is None or so_far is None:
            return None
        if self.last[0] != c.slot:
            statement, slots = self._kind(c.slot)
            self.last = c.slot, statement, slots, list(map(self.list.name, slots))
        _, statement, slots, names = self.last
        if len(slots) > LONGEST:
            return None
        kind = (*statement, "to", c.argument, opens, c.slot == self.output)
        alike = self.kinds.get(kind)
        if alike is None:
            if self._is_new(kind):
                return None
            row = ordinary()
            self._keep(kind, self._alike_contribution(c, slots, row))
            return row
        if alike.cells is None or alike.put is None:
            return None
        put = self.put_in.numbers(alike.put, slots, c.partial)
        if put is None:
            return None
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
        names = [self.list.name(s) for s in slots]
        holes = {name: hole(i) for i, name in enumerate(names)}
        numbers = row.cells[3]
        if link.partial is None or not _is_stable(step, link.partial):
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
        put = with_holes(step.nodes, link.partial, names, len(slots) + len(before), keep_call=False)
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
        if not self.many:  # then ∂ stands where several operands are differentiated
            kind.extend(self.figures.trace.active[o] for o in slots[1:])
        return tuple(kind), slots

    def _is_new(self, kind: Kind) -> bool:
        """Whether it is the first of its kind: there may be no second one, as of a sum with a number."""
        if kind in self.seen:
            return False
        if len(self.seen) >= SEEN:
            self.seen.clear()
        self.seen.add(kind)
        return True

    def _keep(self, kind: Kind, alike: Alike | None) -> None:
        """What is known of the kind from now on; None where its row is not as usual, and the next one shall tell."""
        if alike is None:
            return
        if len(self.kinds) >= KINDS:
            self.kinds.clear()
        self.kinds[kind] = alike


def _is_stable(step: Step, root: int) -> bool:
    """Whether the partial is written in the same way for all statements of the kind: with two names the order of factors may
    depend on the statements before, and so may how a fraction is written."""
    nodes = step.nodes
    reached = nodes.reachable([root])
    names = {nodes.text(n) for n in reached if nodes.op[n] == NAME}
    fractions = any(nodes.operation(n) == "div" and nodes.op[nodes.arguments(n)[1]] == NUMBER for n in reached)
    return len(names) < 2 and not fractions
