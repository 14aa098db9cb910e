"""The first steps of a training without rounding, where numbers are short rationals: which of the printed ones are exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Unknown
from wengert.sweep.choice import SHADOWED
from wengert.sweep.columns import extended
from wengert.sweep.evaluate import evaluate
from wengert.sweep.optimizers import GRADIENT, PARAMETER, RATE, STEP
from wengert.sweep.point import point
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules, parsed
from wengert.sweep.training import Training

_RATIONAL = Rules(Rational())
STEPS = 12  # that are followed; their numbers have twice as many digits from step to step


@dataclass(frozen=True)
class Unrounded:
    """`begun[n - 1][name]` has the numbers that step n begins with for a moved name, by their names in the optimizer's
    formulas; `values[n]` are those of every slot after n steps. UNKNOWN stands for what is not known to be a rational."""

    begun: Sequence[Mapping[str, Mapping[str, Any]]] = ()
    values: Sequence[Sequence[Any]] = ()

    def of_step(self, number: int, name: str) -> dict[str, Any]:
        """The numbers that a step, from 1, begins with; none where it was not followed."""
        return dict(self.begun[number - 1][name]) if number <= len(self.begun) else {}

    def value(self, steps: int, slot: int) -> Any:
        """The slot's value after so many steps."""
        return self.values[steps][slot] if steps < len(self.values) else UNKNOWN


def unrounded(training: Training, rate: Any) -> Unrounded:
    """`rate` as a rational, or UNKNOWN. Nothing is followed in a long list, nor once no parameter is known."""
    wl, optimizer, rules = training.list, training.optimizer, Rules(Rational())
    if len(wl) > SHADOWED:
        return Unrounded()
    active = wl.depends_on(training.slots)
    inputs = point(wl, rules, strict=False)
    values = [sweeps.primal(wl, inputs, rules, strict=False)]
    fixed = {RATE: rate, **{name: Fraction(repr(c)) for name, c in optimizer.constants.items()}}
    states: dict[str, dict[str, Any]] = {name: dict.fromkeys(optimizer.state, Fraction(0)) for name in training.moved}
    begun: list[dict[str, dict[str, Any]]] = []
    while len(begun) < min(training.steps, STEPS) and any(values[-1][slot] is not UNKNOWN for slot in training.slots):
        partials = sweeps.local_partials(wl, values[-1], rules, active, extended(rules))
        adjoints = sweeps.adjoints(wl, partials, wl.slots[training.of], rules.arithmetic)
        begun.append({})
        for name, slot in zip(training.moved, training.slots, strict=True):
            slope = Fraction(0) if adjoints[slot] is None else adjoints[slot]
            known = {PARAMETER: values[-1][slot], GRADIENT: slope, STEP: Fraction(len(begun)), **fixed, **states[name]}
            begun[-1][name] = dict(known)
            for symbol, text in optimizer.lines:
                known[symbol] = exact_line(text, known)
            inputs[slot] = known[PARAMETER]
            states[name] = {kept: known[kept] for kept in optimizer.state}
        values.append(sweeps.primal(wl, inputs, rules, strict=False))
    return Unrounded(begun, values)


def exact_line(text: str, known: Mapping[str, Any]) -> Any:
    """What a formula of the optimizer comes to without rounding, UNKNOWN where that is not known."""
    nodes, root = parsed(text)
    if not all(isinstance(known.get(name), Fraction) for name in nodes.names_in([root])):
        return UNKNOWN
    try:
        return evaluate(nodes, root, _RATIONAL, known.__getitem__)
    except (Unknown, *FAULTS):
        return UNKNOWN
