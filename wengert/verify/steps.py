"""Whether steps of training are what they are called: gradients swept once more, and the optimizers' rules, written anew.

The gradients come of compiled sweeps as a rule; here, for the first and the last step, the list is swept at the same
parameters statement by statement, as the judged gradient is. The rules are those of their publications (see
sweep/optimizers.py), in 40 digits, from the step's own gradient and from what the step before left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wengert.sweep import sweeps
from wengert.sweep.arithmetics import Float, digits
from wengert.sweep.columns import extended
from wengert.sweep.rules import Rules
from wengert.sweep.training import Step, Training

DIGITS = 40
NEAR = 1e-12  # of the terms that a number is a sum of
LEAST = 1e-300
SHOWN = 12

Numbers = Mapping[str, Any]
Lines = dict[str, tuple[Any, Any]]  # each line's value by name, and the size of its terms
Rule = Callable[[Any, Any, Numbers, Any, Numbers, int], Lines]  # of w, g, the state before, η, the constants and t


def _descent(w: Any, g: Any, state: Numbers, rate: Any, c: Numbers, t: int) -> Lines:
    return {"w": (w - rate * g, abs(w) + abs(rate * g))}


def _momentum(w: Any, g: Any, state: Numbers, rate: Any, c: Numbers, t: int) -> Lines:
    kept, new = c["μ"] * state["v"], rate * g
    size = abs(kept) + abs(new)
    return {"v": (kept - new, size), "w": (w + kept - new, abs(w) + size)}


def _adam(w: Any, g: Any, state: Numbers, rate: Any, c: Numbers, t: int) -> Lines:
    first, second = c["β1"], c["β2"]
    m = first * state["m"] + g - first * g
    v = second * state["v"] + g * g - second * g * g
    mean, square = m / (1 - first**t), v / (1 - second**t)
    move = rate * mean / (digits(DIGITS).context.sqrt(square) + c["ε"])
    terms = abs(first * state["m"]) + abs(g)
    size = terms / (1 - first**t)
    relative = size / abs(mean) if mean != 0 else 1
    moved = w - move, abs(w) + relative * abs(move)
    return {"m": (m, terms), "v": (v, v), "m_hat": (mean, size), "v_hat": (square, square), "w": moved}


RULES: dict[str, Rule] = {"sgd": _descent, "momentum": _momentum, "adam": _adam}


def fault(training: Training) -> str | None:
    """What is wrong with the training; None where nothing is."""
    steps = list(training.first)
    wl, slots = training.list, training.slots
    before: Sequence[float] = [training.start[slot] for slot in slots]
    state: Mapping[str, Sequence[float]] = {name: [0.0] * len(slots) for name in training.optimizer.state}
    for number, step in enumerate(steps, 1):
        if step.number != number or list(step.before) != list(before) or not _same(step.state, state):
            return f"step {number} does not begin where the step before it ended"
        before, state = step.after, {name: step.lines[name] for name in training.optimizer.state}
    last = training.last
    for step in (*steps, *([last] if last.number > len(steps) else ())):
        if (said := _moves(training, step)) is not None:
            return said
    for step in (steps[0], *([last] if last.number > 1 else ())):
        if (said := _gradient(training, step)) is not None:
            return said
    values, _ = _swept(training, last.after, False)
    if values != list(training.values) or training.history[-1] != values[wl.slots[training.of]]:
        return f"the values after step {last.number} are not those of its parameters"
    return None


def _same(a: Mapping[str, Sequence[float]], b: Mapping[str, Sequence[float]]) -> bool:
    return a.keys() == b.keys() and all(list(a[name]) == list(b[name]) for name in a)


def _moves(training: Training, step: Step) -> str | None:
    """Whether the step's numbers are what the optimizer's rule makes of its gradient."""
    mpf = digits(DIGITS).context.mpf
    optimizer = training.optimizer
    constants = {name: mpf(value) for name, value in optimizer.constants.items()}
    for i, name in enumerate(training.moved):
        state = {key: mpf(column[i]) for key, column in step.state.items()}
        w, g, rate = mpf(step.before[i]), mpf(step.gradient[i]), mpf(training.rate)
        made = RULES[optimizer.name](w, g, state, rate, constants, step.number)
        for line, (right, size) in made.items():
            found = step.lines[line][i]
            if not abs(found - right) <= NEAR * size + LEAST:
                return f"step {step.number} of {optimizer.name}: {line} of {name} is {_shown(right)}, the step has {found!r}"
    return None


def _gradient(training: Training, step: Step) -> str | None:
    """Whether its gradient and its loss are those of the list, swept statement by statement."""
    values, adjoints = _swept(training, step.before, True)
    loss = values[training.list.slots[training.of]]
    if not loss == step.loss == training.history[step.number - 1]:
        return f"before step {step.number} {training.of} is {loss!r}, the training has {step.loss!r}"
    for i, (name, slot) in enumerate(zip(training.moved, training.slots, strict=True)):
        right = adjoints[slot] or 0.0
        if step.gradient[i] != right:
            return f"at step {step.number} ∂{training.of}/∂{name} is {right!r}, the training has {step.gradient[i]!r}"
    return None


def _swept(training: Training, moved: Sequence[float], reverse: bool) -> tuple[list[Any], list[Any]]:
    """The values and the adjoints at parameters: both ways of sweeping do the same operations in the same order."""
    wl, rules = training.list, Rules(Float())
    inputs = list(training.start[: wl.inputs])
    for slot, value in zip(training.slots, moved, strict=True):
        inputs[slot] = value
    values = sweeps.primal(wl, inputs, rules)
    if not reverse:
        return values, []
    partials = sweeps.local_partials(wl, values, rules, wl.depends_on(training.slots), extended(rules))
    return values, sweeps.adjoints(wl, partials, wl.slots[training.of], rules.arithmetic)


def _shown(x: Any) -> str:
    return str(digits(DIGITS).context.nstr(x, SHOWN)).removesuffix(".0")
