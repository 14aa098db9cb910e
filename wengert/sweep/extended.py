"""Numbers with infinities: what a local partial is where it has no finite value (the root's slope at 0).

The sweeps ask an arithmetic first; only where it has no value do they ask its extension, which knows 1/0 and 0·∞.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from wengert.sweep.arithmetics import Digits, Float, OutsideDomain


class Extended(Float):
    """Doubles with infinities and nan."""

    def __init__(self) -> None:
        self.functions = _extended(Float.functions, math.inf, math.nan)


class ExtendedDigits(Digits):
    """Many digits, with infinities and nan."""

    def __init__(self, digits: int) -> None:
        super().__init__(digits)
        self.functions = _extended(self.functions, self.context.inf, self.context.nan)


def _extended(functions: Mapping[str, Callable[..., Any]], inf: Any, nan: Any) -> dict[str, Callable[..., Any]]:
    return {name: _with_infinities(name, function, inf, nan) for name, function in functions.items()}


def _with_infinities(name: str, function: Callable[..., Any], inf: Any, nan: Any) -> Callable[..., Any]:
    def extended(*a: Any) -> Any:
        if any(x != x for x in a):
            return nan
        if name == "div" and a[1] == 0:
            return nan if a[0] == 0 else _signed(inf, a[0] > 0) * _signed(1, not _below_zero(a[1]))
        if name == "power" and a[0] == 0 and a[1] < 0:
            return inf
        if name == "ln" and a[0] == 0:
            return -inf
        try:
            return function(*a)
        except OverflowError:
            return inf
        except (ValueError, OutsideDomain):
            return nan

    return extended


def _signed(value: Any, positive: bool) -> Any:
    return value if positive else -value


def _below_zero(x: Any) -> bool:
    """Whether a zero came from below: doubles keep its sign."""
    return isinstance(x, float) and math.copysign(1.0, x) < 0
