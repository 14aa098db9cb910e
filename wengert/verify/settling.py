"""When figures have settled: in growing precision, or as the steps of a difference quotient shrink.

It changes when another behaviour of figures is to be told apart. Nothing is computed here but with the figures given.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from wengert.verify.answers import UNSETTLED
from wengert.verify.plan import Undefined

AGREE = 38  # digits in which two precisions must agree
SIDE_AGREE = 28  # digits in which the two sides must agree to be one derivative, with the first of the steps


class Open(str):
    """The reason why a limit is not known, where others say why there is none."""

    __slots__ = ()


def agree(mp: Any, a: Any, b: Any, digits: int) -> bool:
    return bool(a == b or abs(a - b) <= mp.mpf(10) ** -digits * max(abs(a), abs(b)))


def settle(
    levels: Sequence[int], figure: Callable[[int], dict[int, Any]], keys: Sequence[int], digits: int = AGREE
) -> dict[int, Any]:
    """For each key the figure on whose `digits` two precisions agree, 0 where it shrinks as the precision grows; else
    Undefined."""
    mp: Any = importlib.import_module("mpmath").mp
    found: dict[int, Any] = {}
    below = figure(levels[0])
    for i in range(1, len(levels)):
        above = figure(levels[i])
        gap = levels[i] - levels[i - 1]
        shrinks = gap // 2 if i == len(levels) - 1 else gap - gap // 8  # rounding does by all of it, its root by half
        with mp.workdps(levels[i]):
            for key in keys:
                a, b = below[key], above[key]
                if key in found:
                    continue
                if isinstance(b, Undefined) or isinstance(a, Undefined):
                    if isinstance(a, Undefined) and isinstance(b, Undefined):
                        found[key] = b
                elif agree(mp, a, b, digits):
                    found[key] = b
                elif levels[i] >= 400 and abs(b) <= abs(a) * mp.mpf(10) ** -shrinks:
                    found[key] = mp.mpf(0)
        if len(found) == len(keys):
            return found
        below = above
    for key in keys:
        found.setdefault(key, Undefined(f"{levels[-1]} digits of working precision do not settle the figure", True))
    return found


def limit(quotients: Sequence[Any], noise: Sequence[Any] = (0, 0, 0)) -> tuple[Any, str | None]:
    """The limit of a difference quotient from its figures at h, h² and h⁴: a number, "inf", "-inf", or None with the reason.
    A figure that is no more than its `noise` is 0.

    A convergent quotient moves ever less (by a power of h), a divergent one ever more (a power or a logarithm of h).
    """
    a, b, c = (q if isinstance(q, Undefined) or abs(q) > n else q * 0 for q, n in zip(quotients, noise, strict=True))
    broken = next((q for q in (c, b) if isinstance(q, Undefined)), None)
    if broken is not None:
        return None, Open(broken.reason) if broken.large else broken.reason
    if a == b == 0:  # too small to be seen before
        return c, None
    if abs(c - b) * 10**SIDE_AGREE <= abs(c):
        return c, None
    if isinstance(a, Undefined):
        return None, a.reason
    first, second = b - a, c - b
    if abs(c) < abs(b) < abs(a) and abs(c * a**2 - b**3) * 10**SIDE_AGREE <= abs(b**3):
        return c * 0, None  # a power of h, however small: of |x|^1.001 at 0
    if abs(second) <= abs(first) / 1000:
        # The rest of the way is about second²/first; a figure no larger than its last move is on its way to 0.
        return (c * 0 if abs(c) <= abs(second) / 1000 else c), None
    logarithm = abs(second - 2 * first) <= abs(first) / 100  # of h: it moves twice as far
    grows = c * b > 0 and b * a > 0 and abs(c) >= 2 * abs(b) >= 4 * abs(a) and abs(second) >= 3 * abs(first)
    if logarithm or grows:
        return ("inf" if second > 0 else "-inf"), None
    return None, UNSETTLED
