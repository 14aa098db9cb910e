"""The oracle of limits: derivatives at a point by complex steps and central difference quotients in mpmath.

Where every operation is analytic, f′ = Im f(x + ih)/h with h = 10⁻⁵⁰ in 120 digits (Squire & Trapp 1998); else the central
quotient with h = 10⁻³⁰ in 100 digits. Second derivatives are quotients of values at four points, or of complex steps at two.
All are right to more than 55 digits unless a derivative is much smaller than those of higher order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.readings import FUNCTIONS, mp
from tests.trust.reading import COMPARISONS, Reading

Key = tuple[str, ...]  # (output,), (output, name), (output, name, name); "seed" is the direction
ANALYTIC = {"identity", "add", "sub", "mul", "div", "neg", "power", "exp", "ln", "log2", "log10", "log1p", "expm1", "log",
            "sqrt", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc", "acot", "sinh", "cosh",
            "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh", "asech", "acsch", "acoth", "erf", "erfc", "hypot",
            "sigmoid", "softplus", "gelu", "silu", "softmax", "logsumexp", "sum", "mean", "dot", "norm"}  # fmt: skip
REAL = {**FUNCTIONS, "pi": lambda: +mp.pi, "e": lambda: +mp.e}
NOISE = -25  # the exponent of the relative error that `noisy` gives every operation
Values = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def values_of(reading: Reading) -> Values:
    """The function of a point."""
    return lambda point: reading.run(mp.mpf, REAL, point)


def noisy_values_of(reading: Reading, point: Mapping[str, str], noise: int) -> Values:
    """The function with errors of rounding; `noise` is a seed.

    Each name and result has a relative error of ±10⁻²⁵, and so has each local partial: an argument a, which is a₀ at the point,
    goes in as a + δ·(a − a₀). Each is a fixed one. What is constant has none (an exponent, the k of softmax).
    """
    rng = random.Random(noise)
    with mp.workdps(170):
        base: list[Any] = [None] * len(reading.operations)
        reading.run(mp.mpf, REAL, {x: mp.mpf(v) for x, v in point.items()}, every=base)
        constants = reading.constants()
        errors = [0 if constant else rng.choice((-1, 1)) for constant in constants]
        tilts = [[rng.choice((-1, 1)) for _ in a] for a in reading.arguments]

    def touch(i: int, value: Any) -> Any:
        return value * (1 + errors[i] * mp.mpf(10) ** NOISE)

    def use(i: int, j: int, value: Any) -> Any:
        k = reading.arguments[i][j]
        return value if constants[k] else value + tilts[i][j] * mp.mpf(10) ** NOISE * (value - base[k])

    return lambda at: reading.run(mp.mpf, REAL, at, touch=touch, use=use)


def is_analytic(reading: Reading) -> bool:
    return reading.used <= ANALYTIC


def derivatives(
    values: Values, point: Mapping[str, str], keys: Iterable[Key], direction: Mapping[str, str], analytic: bool
) -> dict[Key, Any]:
    """The value or derivative of each key. Equal steps are taken once for all outputs."""
    with mp.workdps(170):
        start = {x: mp.mpf(v) for x, v in point.items()}
        along = {"seed": {x: mp.mpf(v) for x, v in direction.items()}, **{x: {x: mp.mpf(1)} for x in point}}
        made: dict[Key, Mapping[str, Any]] = {}
        found = {}
        for of, *wrt in keys:
            key = tuple(wrt)
            if key not in made:
                steps = [along[x] for x in key]
                made[key] = _complex(values, start, steps) if analytic and steps else _real(values, start, steps)
            found[(of, *wrt)] = made[key][of]
        return found


def _moved(start: Mapping[str, Any], step: Mapping[str, Any], by: Any) -> dict[str, Any]:
    return {**start, **{x: start[x] + by * c for x, c in step.items()}}


def _real(values: Values, start: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    with mp.workdps((60, 100, 160)[len(steps)]):
        if not steps:
            return values(start)
        h = mp.mpf(10) ** -30
        up, down = (_real_at(values, _moved(start, steps[0], s * h), steps[1:], h) for s in (1, -1))
        return {of: (up[of] - down[of]) / (2 * h) for of in up}


def _real_at(values: Values, at: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], h: Any) -> Mapping[str, Any]:
    if not steps:
        return values(at)
    up, down = (values(_moved(at, steps[0], s * h)) for s in (1, -1))
    return {of: (up[of] - down[of]) / (2 * h) for of in up}


def _complex(values: Values, start: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    with mp.workdps((0, 120, 150)[len(steps)]):
        h = mp.mpf(10) ** -50
        step = _moved(start, steps[0], mp.mpc(0, h))
        if len(steps) == 1:
            return {of: mp.im(v) / h for of, v in values(step).items()}
        k = mp.mpf(10) ** -30
        up, down = (values(_moved(step, steps[1], s * k)) for s in (1, -1))
        return {of: (mp.im(up[of]) - mp.im(down[of])) / (2 * h * k) for of in up}


assert not ANALYTIC & set(COMPARISONS)
