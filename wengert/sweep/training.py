"""Training: steps of gradient descent on a Wengert list, all derivatives of a step from one forward pass.

A step sweeps the list at the present values (primal, then reverse), and only then moves every parameter by the optimizer's
formulas. Long runs use the compiled sweeps; a point at which those are in doubt is swept once more statement by statement, so
that what a fault means is decided in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wengert.errors import ValueProblem
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.columns import extended
from wengert.sweep.compiled import Compiled
from wengert.sweep.faults import explain, explain_constant, number
from wengert.sweep.functions import Doubt
from wengert.sweep.optimizers import PARAMETER, Optimizer, update
from wengert.sweep.point import point
from wengert.sweep.rules import Rules
from wengert.tape.wengert_list import WengertList

WORTH = 8  # steps from which compiling costs less than it saves
FULL = 3  # steps that are kept in full
INFINITE = "a step would have no end; another point may do"
MOST_TENTHS = 16  # of the rate that are tried for a hint: rate/10, rate/100, …
TOLD = 50  # steps between two reports of the progress


@dataclass(frozen=True)
class Step:
    """One step in full: `number` from 1, an entry a parameter in each list. `state` is what the optimizer carried into it,
    `lines` what its formulas came to, by name; `loss` is the output before the step."""

    number: int
    loss: float
    before: Sequence[float]
    gradient: Sequence[float]
    state: Mapping[str, Sequence[float]]
    lines: Mapping[str, Sequence[float]]

    @property
    def after(self) -> Sequence[float]:
        return self.lines[PARAMETER]


@dataclass(frozen=True)
class Training:
    """`history[n]` is the output after n steps; `start` and `values` are those of every slot, before the first and after the
    last one, `first` the first steps in full and `last` the last one."""

    list: WengertList
    of: str
    moved: tuple[str, ...]
    optimizer: Optimizer
    rate: float
    history: Sequence[float]
    first: Sequence[Step]
    last: Step
    start: Sequence[float]
    values: Sequence[float]
    gentler: float  # a rate to try where this one led uphill

    @property
    def steps(self) -> int:
        return len(self.history) - 1

    @property
    def slots(self) -> Sequence[int]:
        """Where the moved names stand."""
        return [self.list.slots[name] for name in self.moved]

    @property
    def parameters(self) -> dict[str, float]:
        """The moved names' values after the last step."""
        return {name: self.values[slot] for name, slot in zip(self.moved, self.slots, strict=True)}

    @property
    def uphill(self) -> int:
        """How many steps made the output larger."""
        return sum(after > before for before, after in zip(self.history, self.history[1:], strict=False))

    @property
    def diverged(self) -> bool:
        """Whether the output is larger in the end than it was, although the steps lead downhill."""
        return self.rate > 0 and self.history[-1] > self.history[0]

    @property
    def still(self) -> bool:
        """Whether nothing moved at all."""
        return all(self.values[slot] == self.start[slot] for slot in self.slots)


def train(
    wl: WengertList, of: str, moved: Sequence[str], optimizer: Optimizer, rate: float, steps: int,
    progress: Callable[[int], None] | None = None, compiled: bool | None = None,
) -> Training:  # fmt: skip
    """So many steps that make the output `of` smaller by moving the inputs `moved`. `compiled` None: where that is worth it.

    There is one at least. Raises ValueProblem where the output or one of its derivatives has no finite value, naming the step.
    """
    sweep = _Sweep(wl, of, moved, steps >= WORTH if compiled is None else compiled)
    move = update(optimizer, rate)
    w = begun = [sweep.v[slot] for slot in sweep.slots]
    state: dict[str, list[float]] = {name: [0.0] * len(w) for name in optimizer.state}
    history: list[float] = []
    first: list[Step] = []
    start: Sequence[float] = ()
    for done in range(steps):
        try:
            gradient = sweep.gradient()
        except ValueProblem as problem:
            raise _blamed(problem, done, rate, sweep, optimizer, begun) from problem
        loss = sweep.v[sweep.output]
        if not done:
            start = list(sweep.v)
        history.append(loss)
        try:
            lines = move(w, gradient, state, float(done + 1))
            if any(x - x != 0 for column in lines.values() for x in column):
                raise OverflowError
        except FAULTS as fault:
            raise _blamed(ValueProblem("a parameter is beyond the largest double, about 1.8e308"), done + 1, rate, sweep,
                          optimizer, begun) from fault  # fmt: skip
        kept = (done + 1, loss, w, gradient, state, lines)
        if done < FULL:
            first.append(Step(*kept))
        w = lines[PARAMETER]
        state = {name: lines[name] for name in optimizer.state}
        sweep.move(w)
        if progress is not None and not done % TOLD:
            progress(done)
    try:
        sweep.primal()
    except ValueProblem as problem:
        raise _blamed(problem, steps, rate, sweep, optimizer, begun) from problem
    end = list(sweep.v)
    history.append(end[sweep.output])
    less = gentler(sweep, optimizer, rate, begun) if rate > 0 and history[-1] > history[0] else rate
    return Training(wl, of, tuple(moved), optimizer, rate, history, first, Step(*kept), start, end, less)


def gentler(sweep: _Sweep, optimizer: Optimizer, rate: float, start: Sequence[float]) -> float:
    """The largest of rate/10, rate/100, … whose first step from `start` makes the output smaller; rate/10 where none does."""
    try:
        sweep.move(start)
        gradient, before = sweep.gradient(), sweep.v[sweep.output]
    except ValueProblem:
        return rate / 10
    for tenths in range(1, MOST_TENTHS):
        try:
            state = {name: [0.0] * len(start) for name in optimizer.state}
            sweep.move(update(optimizer, rate / 10.0**tenths)(list(start), gradient, state, 1.0)[PARAMETER])
            sweep.primal()
        except (ValueProblem, *FAULTS):
            continue
        if sweep.v[sweep.output] < before:
            return float(rate / 10.0**tenths)
    return rate / 10


class _Sweep:
    """The list at the present values: `v` has an entry a slot."""

    def __init__(self, wl: WengertList, of: str, moved: Sequence[str], compiled: bool) -> None:
        self.list = wl
        self.rules = Rules(Float())
        self.output = wl.slots[of]
        self.slots = [wl.slots[name] for name in moved]
        self.active = wl.depends_on(self.slots)
        self.inputs = point(wl, self.rules)
        self.v: list[float] = [*self.inputs, *[0.0] * len(wl.opcode)]
        try:
            self.compiled = Compiled(wl, self.active, self.output) if compiled else None
        except sweeps.ConstantFault as fault:
            raise explain_constant(wl, fault) from fault
        self.d = [0.0] * len(wl)

    def move(self, w: Sequence[float]) -> None:
        for slot, value in zip(self.slots, w, strict=True):
            self.v[slot] = self.inputs[slot] = value

    def primal(self) -> None:
        """The values. Raises ValueProblem for a statement without one."""
        if self.compiled is not None:
            try:
                self.compiled.values(self.v)
                return
            except Doubt:
                pass
        try:
            self.v = sweeps.primal(self.list, self.inputs, self.rules)
        except sweeps.StatementFault as fault:
            raise explain(self.list, fault) from fault
        except sweeps.ConstantFault as fault:
            raise explain_constant(self.list, fault) from fault

    def gradient(self) -> list[float]:
        """The derivatives by the moved names, after the values. Raises ValueProblem where one is not finite."""
        self.primal()
        if self.compiled is not None:
            try:
                self.compiled.adjoints(self.v, self.d)
                found = [self.d[slot] for slot in self.slots]
                if all(g - g == 0 for g in found):
                    return found
            except Doubt:
                pass
        partials = sweeps.local_partials(self.list, self.v, self.rules, self.active, extended(self.rules))
        column = sweeps.adjoints(self.list, partials, self.output, self.rules.arithmetic)
        found = [0.0 if column[slot] is None else column[slot] for slot in self.slots]
        for slot, g in zip(self.slots, found, strict=True):
            if g - g != 0:
                name, of = self.list.name(slot), self.list.name(self.output)
                what = f"the derivative of {of} with respect to {name} is {'undefined' if g != g else 'infinite'}"
                raise ValueProblem(f"{what} at {name} = {number(self.v[slot])}", hint=INFINITE)
        return found


def _blamed(
    problem: ValueProblem, steps: int, rate: float, sweep: _Sweep, optimizer: Optimizer, start: Sequence[float]
) -> ValueProblem:
    """The problem with the step it came after, and the rate that most likely led there; before the first step without them."""
    if not steps:
        return ValueProblem(problem.title, problem.place, details=problem.details, hint=problem.hint)
    return ValueProblem(
        f"after step {steps:,}: {problem.title}", problem.place, details=[*problem.details, *filter(None, [problem.hint])],
        hint=f"the rate {rate:g} is probably too large: try --rate {gentler(sweep, optimizer, rate, start):g}",
    )  # fmt: skip


def at_values(wl: WengertList, of: str, moved: Sequence[str], compiled: bool) -> tuple[list[float], list[float]]:
    """Every value and the gradient at the model's own point, by the compiled sweeps or statement by statement."""
    sweep = _Sweep(wl, of, moved, compiled)
    found = sweep.gradient()
    return list(sweep.v), found
