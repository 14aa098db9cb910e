"""The numbers on which a network is worked out: mpmath's, autograd's, and pairs of a value and sympy's expression of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import autograd.numpy as anp
import numpy as np

from tests.autograd_functions import UNARY
from tests.network_reading import Library
from tests.readings import mp
from tests.trust import by_sympy, quotients
from tests.trust.reading import CHOICES

LARGEST = 1500  # operations of an output written out, for sympy
OPERATORS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "power": lambda x, y: x**y,
}  # fmt: skip


def _softmax(functions: Mapping[str, Callable[..., Any]]) -> Callable[[list[Any]], list[Any]]:
    def softmax(z: list[Any]) -> list[Any]:
        e = [functions["exp"](one) for one in z]
        total = sum(e[1:], e[0])
        return [one / total for one in e]

    return softmax


def _library(
    functions: Mapping[str, Callable[..., Any]], number: Callable[[str], Any], near: Callable[[Any, Any], bool]
) -> Library:
    """On arrays of objects."""

    def huber(r: Any, delta: Any) -> Any:
        return r * r / 2 if near(r, delta) else delta * (functions["abs"](r) - delta / 2)

    made: dict[str, Callable[..., Any]] = {name: np.frompyfunc(f, 1, 1) for name, f in functions.items() if name in UNARY}
    made |= {"huber": np.frompyfunc(huber, 2, 1), "softmax": _softmax(made), **OPERATORS}
    return Library(number, lambda items: np.array(items, dtype=object), made, np.sum)


class _Arithmetic:
    """The operators, by `_with`."""

    def _with(self, other: Any, f: Callable[[Any, Any], Any]) -> Any:
        raise NotImplementedError

    def _and(self, other: Any, f: Callable[[Any, Any], Any]) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else self._with(other, f)  # numpy goes through its elements

    def __add__(self, other: Any) -> Any:
        return self._and(other, lambda x, y: x + y)

    def __sub__(self, other: Any) -> Any:
        return self._and(other, lambda x, y: x - y)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        return self._and(other, lambda x, y: x * y)

    def __truediv__(self, other: Any) -> Any:
        return self._and(other, lambda x, y: x / y)

    def __pow__(self, other: Any) -> Any:
        return self._and(other, lambda x, y: x**y)

    def __neg__(self) -> Any:
        return self * -1


class Noisy(_Arithmetic):
    """A number of mpmath; whatever is made of it has a random relative error of ±10⁻²⁵."""

    def __init__(self, value: Any, rng: random.Random) -> None:
        self.value, self.rng = value, rng

    def made(self, value: Any) -> Noisy:
        return Noisy(value * (1 + self.rng.choice((-1, 1)) * mp.mpf(10) ** quotients.NOISE), self.rng)

    def _with(self, other: Any, f: Callable[[Any, Any], Any]) -> Any:
        return self.made(f(self.value, other.value if isinstance(other, Noisy) else other))


def in_mpmath() -> Library:
    return _library(quotients.REAL, mp.mpf, lambda r, delta: abs(r) <= delta)


def in_noise(rng: random.Random) -> Library:
    def on_noisy(f: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x: x.made(f(x.value))

    functions = {name: on_noisy(quotients.REAL[name]) for name in UNARY}
    return _library(functions, lambda text: Noisy(mp.mpf(text), rng), lambda r, delta: abs(r.value) <= delta.value)


IN_AUTOGRAD = Library(
    lambda text: float(Fraction(text)), anp.stack,
    {**UNARY, **OPERATORS,
     "softmax": lambda z: _softmax({"exp": lambda one: anp.exp(one - anp.max(anp.stack(z), axis=0))})(z),
     "huber": lambda r, delta: anp.where(anp.abs(r) <= delta, r**2 / 2, delta * (anp.abs(r) - delta / 2))},
    anp.sum,
)  # fmt: skip


class Both(_Arithmetic):
    """A value, sympy's expression of it, and the number of its operations if it were written out. The value decides on which
    side of a kink the expression is taken."""

    def __init__(self, value: Any, expression: Any, size: int = 0) -> None:
        self.value, self.expression, self.size = value, expression, size

    def _with(self, other: Any, f: Callable[[Any, Any], Any]) -> Any:
        if not isinstance(other, Both):
            other = Both(mp.mpf(other), by_sympy.S.Integer(other))
        size = self.size + other.size + 1
        known = self.expression is not None and other.expression is not None and size <= LARGEST
        return Both(f(self.value, other.value), f(self.expression, other.expression) if known else None, size)


def _on_both(name: str) -> Callable[..., Any]:
    def function(x: Both) -> Both:
        large = x.expression is None
        first = ([x.value],) if name in CHOICES else ()
        return Both(quotients.REAL[name](x.value), None if large else by_sympy.SYMPY[name](*first, x.expression), x.size + 1)

    return function


IN_SYMPY = _library(
    {name: _on_both(name) for name in UNARY},
    lambda text: Both(mp.mpf(text), by_sympy.S.Rational(text)), lambda r, delta: abs(r.value) <= delta.value,
)  # fmt: skip
