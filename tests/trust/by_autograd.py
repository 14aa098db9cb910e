"""The oracle of another library: HIPS autograd, in doubles, forward over reverse where wengert sweeps backward and forward.

The map from wengert's names to autograd.numpy is the test's own, in forms that do not overflow where the plain one would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import autograd.numpy as anp
from autograd import grad, make_jvp

from tests.autograd_functions import UNARY
from tests.trust.quotients import Key
from tests.trust.reading import Reading


def derivatives(
    reading: Reading, point: Mapping[str, str], keys: Iterable[Key], direction: Mapping[str, str]
) -> dict[Key, float]:
    """The value, gradient (reverse), tangent (forward) and second derivatives (reverse over reverse) of each key."""
    names = list(point)
    at = anp.array([float(v) for v in point.values()])
    along = anp.array([float(direction.get(x, "0")) for x in names])
    functions = {of: _function(reading, names, of) for of in reading.names}
    slopes = {of: grad(f) for of, f in functions.items()}
    made: dict[Key, Any] = {}

    def once(key: Key, work: Callable[[], Any]) -> Any:
        if key not in made:
            made[key] = work()
        return made[key]

    found: dict[Key, float] = {}
    for key in keys:
        of, *wrt = key
        if not wrt:
            value = functions[of](at)
        elif wrt == ["seed"]:
            value = make_jvp(functions[of])(at)(along)[1]
        elif len(wrt) == 1:
            value = once((of,), lambda: slopes[of](at))[names.index(wrt[0])]
        elif wrt[1] == "seed":
            value = once((of, "seed"), lambda: grad(lambda v: anp.dot(slopes[of](v), along))(at))[names.index(wrt[0])]
        else:
            row = names.index(wrt[0])
            value = once((of, wrt[0]), lambda: grad(lambda v: slopes[of](v)[row])(at))[names.index(wrt[1])]
        found[key] = float(value)
    return found


def _function(reading: Reading, names: list[str], of: str) -> Callable[[Any], Any]:
    def function(vector: Any) -> Any:
        inputs = {x: vector[i] for i, x in enumerate(names)}
        # autograd warns of what depends on nothing (floor, sign), and of a slope that does not
        return reading.run(float, AUTOGRAD, inputs)[of] + 0 * anp.sum(vector**3)

    return function


def _most(*u: Any) -> Any:
    return anp.max(anp.stack(u))


def _power(x: Any, y: Any) -> Any:
    """autograd 1.9's slope of x**y is y·x**where(y, y − 1, 1), whose own slope by y is wrong where y is 0: only a number is
    left to it as an exponent."""
    return x**y if isinstance(y, float) else anp.exp(y * anp.log(x))


def _softmax(k: Any, *u: Any) -> Any:
    e = anp.exp(anp.stack(u) - _most(*u))
    return e[int(k) - 1] / anp.sum(e)


def _dot(*u: Any) -> Any:
    half = len(u) // 2
    return anp.dot(anp.stack(u[:half]), anp.stack(u[half:]))


AUTOGRAD: dict[str, Callable[..., Any]] = {
    **UNARY,
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "power": _power, "log": lambda x, b: anp.log(x) / anp.log(b), "atan2": anp.arctan2,
    "hypot": lambda x, y: anp.sqrt(x**2 + y**2), "clip": lambda x, low, high: low if x < low else high if x > high else x,
    "max": _most, "min": lambda *u: anp.min(anp.stack(u)), "sum": lambda *u: anp.sum(anp.stack(u)),
    "mean": lambda *u: anp.mean(anp.stack(u)), "dot": _dot, "norm": lambda *u: anp.sqrt(anp.sum(anp.stack(u) ** 2)),
    "softmax": _softmax, "logsumexp": lambda *u: _most(*u) + anp.log(anp.sum(anp.exp(anp.stack(u) - _most(*u)))),
    "leaky_relu": lambda x, slope=0.01: x if x > 0 else slope * x,
    "elu": lambda x, alpha=1.0: x if x > 0 else alpha * anp.expm1(x),
    "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y,
}  # fmt: skip
