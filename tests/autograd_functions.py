"""Every function of one argument once more, on HIPS autograd: definitions of the textbooks, for arrays and for scalars."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
from autograd.extend import defjvp, defvjp, primitive


@primitive  # type: ignore[untyped-decorator]
def _erf(x: Any) -> Any:
    return anp.vectorize(math.erf)(x)


defvjp(_erf, lambda ans, x: lambda g: g * 2 / math.sqrt(math.pi) * anp.exp(-(x**2)))
defjvp(_erf, lambda g, ans, x: g * 2 / math.sqrt(math.pi) * anp.exp(-(x**2)))
_SELU = (1.0507009873554804934193349852946, 1.6732632423543772848170429916717)


def _elu(x: Any, alpha: float = 1.0) -> Any:
    return anp.where(x > 0, x, alpha * (anp.exp(anp.minimum(x, 0)) - 1))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + anp.exp(-x))


UNARY: dict[str, Callable[[Any], Any]] = {
    "abs": anp.abs, "acot": lambda x: anp.arctan(1 / x), "asinh": anp.arcsinh, "atan": anp.arctan,
    "cbrt": lambda x: anp.sign(x) * anp.abs(x) ** (1 / 3), "ceil": anp.ceil, "cos": anp.cos, "cosh": anp.cosh, "elu": _elu,
    "erf": _erf, "erfc": lambda x: 1 - _erf(x), "exp": anp.exp, "expm1": anp.expm1, "floor": anp.floor,
    "gelu": lambda x: x * (1 + _erf(x / math.sqrt(2))) / 2, "identity": lambda x: x,
    "leaky_relu": lambda x: anp.where(x > 0, x, 0.01 * x), "relu": lambda x: anp.where(x > 0, x, 0 * x),
    "sech": lambda x: 1 / anp.cosh(x), "selu": lambda x: _SELU[0] * _elu(x, _SELU[1]), "sigmoid": _sigmoid, "sign": anp.sign,
    "silu": lambda x: x * _sigmoid(x),
    "sin": anp.sin, "sinh": anp.sinh, "softplus": lambda x: anp.log1p(anp.exp(x)), "tanh": anp.tanh, "acos": anp.arccos,
    "acosh": anp.arccosh, "acoth": lambda x: anp.arctanh(1 / x), "acsc": lambda x: anp.arcsin(1 / x),
    "acsch": lambda x: anp.arcsinh(1 / x), "asec": lambda x: anp.arccos(1 / x), "asech": lambda x: anp.arccosh(1 / x),
    "asin": anp.arcsin, "atanh": anp.arctanh, "cot": lambda x: anp.cos(x) / anp.sin(x), "coth": lambda x: 1 / anp.tanh(x),
    "csc": lambda x: 1 / anp.sin(x), "csch": lambda x: 1 / anp.sinh(x), "ln": anp.log, "log10": anp.log10, "log1p": anp.log1p,
    "log2": anp.log2, "sec": lambda x: 1 / anp.cos(x), "sqrt": anp.sqrt, "tan": anp.tan,
}  # fmt: skip
