"""The oracle of algebra: sympy's derivative of an expression that is built node by node, worked out by an evaluator of the
test's own on mpmath.

At a kink's side (abs, max, where …) the expression is that of the branch on which the point stands. Literals become exact
rationals. Derivatives are worked out on the graph of the expression, each part once: printed it may be far longer.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sympy

from tests.readings import mp
from tests.trust.quotients import REAL, Key
from tests.trust.reading import Reading

S: Any = sympy
DIGITS = 90
LARGEST = {0: 100_000, 1: 400, 2: 80}  # operations of an output written out, by the order of the derivative

SECONDS = 5  # of the processor's time, for one program or network


class _Ended(BaseException):
    """sympy's time is up. No Exception: sympy catches those."""


@contextmanager
def limited() -> Iterator[None]:
    """Ends what takes longer; what was found until then stays."""

    def end(*_: object) -> None:
        raise _Ended

    before = signal.signal(signal.SIGVTALRM, end)
    gc.disable()  # what is raised in a callback of the collector (hypothesis has one) is lost
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, SECONDS)  # again, should something catch the first
    try:
        yield
    except _Ended:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        gc.enable()
        signal.signal(signal.SIGVTALRM, before)


def derivatives(
    reading: Reading, point: Mapping[str, str], keys: Collection[Key], direction: Mapping[str, str]
) -> tuple[dict[Key, Any], int]:
    """The keys that sympy can do in its time, and how many it was not asked for, because their outputs are too large."""
    found: dict[Key, Any] = {}
    skipped = sum(reading.size(key[0]) > LARGEST[len(key) - 1] for key in keys)
    with mp.workdps(DIGITS), limited():
        decided: list[Any] = [None] * len(reading.operations)
        reading.run(mp.mpf, REAL, {x: mp.mpf(v) for x, v in point.items()}, every=decided)
        symbols = {x: S.Symbol(f"s{i}", real=True) for i, x in enumerate(point)}
        outputs = reading.run(S.Rational, SYMPY, symbols, decided)
        slopes: dict[Key, Any] = {}
        made = {symbols[x]: mp.mpf(v) for x, v in point.items()}
        for key in keys:
            if reading.size(key[0]) <= LARGEST[len(key) - 1]:
                found[key] = evaluated(slope(outputs, symbols, key, direction, slopes), made)
    return found, skipped


def slope(
    outputs: Mapping[str, Any], symbols: Mapping[str, Any], key: Key, direction: Mapping[str, str], made: dict[Key, Any]
) -> Any:
    """The derivative by the last name of the key of that by the names before; along the direction the sum of its parts."""
    if len(key) == 1:
        return outputs[key[0]]
    if key not in made:
        *before, last = key
        if last == "seed":
            parts = ((slope(outputs, symbols, (*before, x), direction, made), S.Rational(c)) for x, c in direction.items())
            made[key] = S.Add(*(part * component for part, component in parts))
        else:
            made[key] = S.diff(slope(outputs, symbols, tuple(before), direction, made), symbols[last])
    return made[key]


def evaluated(root: Any, made: dict[Any, Any]) -> Any:
    """The value of an expression; `made` holds those of its parts, and grows."""
    waiting = [root]
    while waiting:
        node = waiting[-1]
        if node in made:
            waiting.pop()
            continue
        missing = [a for a in node.args if a not in made]
        if missing:
            waiting += missing
            continue
        made[node] = _value(node, [made[a] for a in node.args])
        waiting.pop()
    return made[root]


def _value(node: Any, u: list[Any]) -> Any:
    if node.is_Rational:
        return mp.mpf(int(node.p)) / int(node.q)
    if node.is_Add:
        return mp.fsum(u)
    if node.is_Mul:
        return mp.fprod(u)
    if node.is_Pow:
        return mp.power(*u)
    if node is S.pi or node is S.E:
        return +mp.pi if node is S.pi else mp.exp(1)
    return VALUES[type(node).__name__](*u)


def _away(x: Any) -> Any:
    """The slope of a sign, which sympy puts for √(x²)/x, off its jump."""
    assert x != 0
    return mp.mpf(0)


# sympy's functions by their names; those that are not here are an error, not a guess
VALUES: dict[str, Any] = {
    **{f: getattr(mp, f) for f in ("exp", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc",
                                   "acot", "atan2", "sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh",
                                   "asech", "acsch", "acoth", "erf", "erfc", "sign")},
    "log": mp.log, "Abs": abs, "DiracDelta": lambda x, *order: _away(x),
}  # fmt: skip


# -- sympy's view of every operation


def _half(*u: Any) -> Any:
    return S.Add(*(x * y for x, y in zip(u[: len(u) // 2], u[len(u) // 2 :], strict=True)))


def _chosen(best: Any) -> Any:
    """max, min: the argument whose value is the most, the least."""
    return lambda at, *u: u[at.index(best(at))]


_LAMBDA, _ALPHA = S.Rational("1.0507009873554804934193349852946"), S.Rational("1.6732632423543772848170429916717")
_HUNDREDTH = S.Rational(1, 100)
SYMPY: dict[str, Any] = {
    "identity": lambda x: x, "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y, "neg": lambda x: -x, "power": lambda x, y: x**y, "exp": S.exp, "ln": S.log,
    "log2": lambda x: S.log(x, 2), "log10": lambda x: S.log(x, 10), "log1p": lambda x: S.log(1 + x),
    "expm1": lambda x: S.exp(x) - 1, "log": lambda x, b: S.log(x) / S.log(b), "sqrt": S.sqrt,
    "sin": S.sin, "cos": S.cos, "tan": S.tan, "sec": S.sec, "csc": S.csc, "cot": S.cot, "asin": S.asin, "acos": S.acos,
    "atan": S.atan, "asec": S.asec, "acsc": S.acsc, "acot": S.acot, "atan2": S.atan2, "sinh": S.sinh, "cosh": S.cosh,
    "tanh": S.tanh, "sech": S.sech, "csch": S.csch, "coth": S.coth, "asinh": S.asinh, "acosh": S.acosh, "atanh": S.atanh,
    "asech": S.asech, "acsch": S.acsch, "acoth": S.acoth, "erf": S.erf, "erfc": S.erfc,
    "hypot": lambda x, y: S.sqrt(x**2 + y**2), "sigmoid": lambda x: 1 / (1 + S.exp(-x)),
    "softplus": lambda x: S.log(1 + S.exp(x)), "gelu": lambda x: x * (1 + S.erf(x / S.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + S.exp(-x)), "softmax": lambda k, *u: S.exp(u[int(k) - 1]) / S.Add(*map(S.exp, u)),
    "logsumexp": lambda *u: S.log(S.Add(*map(S.exp, u))), "sum": lambda *u: S.Add(*u),
    "mean": lambda *u: S.Add(*u) / len(u), "dot": _half, "norm": lambda *u: S.sqrt(S.Add(*(x**2 for x in u))),
    "pi": lambda: S.pi, "e": lambda: S.E,
    # with the arguments' values first
    "abs": lambda at, x: x if at[0] > 0 else -x, "sign": lambda at, x: S.Integer(1 if at[0] > 0 else -1),
    "relu": lambda at, x: x if at[0] > 0 else S.Integer(0), "cbrt": lambda at, x: S.cbrt(x) if at[0] > 0 else -S.cbrt(-x),
    "leaky_relu": lambda at, x, k=_HUNDREDTH: x if at[0] > 0 else k * x,
    "elu": lambda at, x, k=S.S.One: x if at[0] > 0 else k * (S.exp(x) - 1),
    "selu": lambda at, x: _LAMBDA * (x if at[0] > 0 else _ALPHA * (S.exp(x) - 1)),
    "floor": lambda at, x: S.Integer(int(mp.floor(at[0]))), "ceil": lambda at, x: S.Integer(int(mp.ceil(at[0]))),
    "clip": lambda at, *u: u[at.index(sorted(at)[1])], "max": _chosen(max), "min": _chosen(min),
}  # fmt: skip
