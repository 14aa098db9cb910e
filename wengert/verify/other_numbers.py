"""The numbers that stand beside those that are judged: nodes rounded as on paper, and numbers without any rounding.

Each is compared with what it stands for: a rounded node with the value before it, which is within half a unit, at a tie nearer
to 0; an exact number with the sweep in many digits, whose figures are the judge's.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from wengert.sweep.arithmetics import digits
from wengert.sweep.columns import flat
from wengert.sweep.exact import Exact
from wengert.sweep.rounded import TIE, WORKING
from wengert.sweep.rules import Rules
from wengert.sweep.sweeps import constants
from wengert.sweep.trace import Trace

AGREEMENT = 17  # digits of an exact number; those beside it are settled to 20
PRECISIONS = (60, 200, 1200)  # for terms that cancel
SLACK = 20  # digits that rounding may use up
SHOWN = 12


def fault(trace: Trace) -> str | None:
    """What is wrong with the numbers that the trace shows beside its own; None where nothing is."""
    return _misrounded(trace) or _inexact(trace)


def _misrounded(trace: Trace) -> str | None:
    """A node that is not its value rounded half away from zero, a value that is not the operation on the nodes before it."""
    rounded, wl = trace.rounded, trace.list
    if rounded is None:
        return None
    finer = digits(WORKING + rounded.decimals + 10)
    rules = Rules(finer, stable=False)
    mpf, known = finer.context.mpf, constants(wl, rules)
    half, tiny = Fraction(1, 2 * 10**rounded.decimals), Fraction(1, 10**TIE)
    for slot in wl.statements():
        value = rounded.columns.values[slot]
        before, node = rounded.before.get(slot, value), rounded.nodes.get(slot)
        if before - before != 0:
            continue
        operands = [mpf(rounded.columns.values[o]) if o >= 0 else known[-1 - o] for o in wl.operands_of(slot)]
        if all(x - x == 0 for x in operands):
            right = rules.value(wl.primitive(slot).name)(operands, None, 0)  # it had a value in the sweep
            if abs(right - before) > mpf(10) ** -TIE * max(abs(right), 1):
                return f"{wl.name(slot)} is {_shown(right)} with the rounded values before it, and has {_shown(before)}"
        if node is None:
            continue
        exactly = _fraction(before)
        away = abs(node - exactly)
        nearer = abs(away - half) <= tiny * abs(exactly) and abs(node) < abs(exactly)
        longer = node * 10**rounded.decimals % 1 != 0
        used = abs(mpf(value) - finer.rational(node)) <= mpf(10) ** -TIE * abs(value)
        if away > half + tiny * abs(exactly) or nearer or longer or not used:
            places = f"{rounded.decimals} decimal{'' if rounded.decimals == 1 else 's'}"
            return f"{wl.name(slot)} = {_shown(before)} is not {_shown(value)} when it is rounded to {places}"
    return None


def _inexact(trace: Trace) -> str | None:
    """A number without rounding that is another one than its digits say."""
    arithmetic = trace.unrounded.arithmetic
    if not trace.choice.exact or trace.shadow is None or not isinstance(arithmetic, Exact):
        return None
    context = digits(PRECISIONS[-1]).context
    for at, (exact, beside) in enumerate(zip(flat(trace.shadow), flat(trace.columns), strict=True)):
        if exact is None or beside is None or exact == arithmetic.undefined or beside - beside != 0:
            continue
        for precision in PRECISIONS:
            value = arithmetic.value_in(exact, precision)
            if value is None or abs(context.mpf(value) - beside) <= context.mpf(10) ** -AGREEMENT * abs(beside):
                break
            if precision < PRECISIONS[-1]:
                continue
            if beside == 0 and abs(value) <= context.mpf(10) ** -(precision // 2):
                break  # a 0 that the expression does not show: what rounding leaves of it shrinks as digits are added
            lost = context.mpf(10) ** -(precision - SLACK)
            if abs(value - beside) <= lost and arithmetic.may_cancel(exact):
                break  # 1/2 − erf(700)/2 is 0 in so many digits: nothing can be compared
        else:
            where = trace.list.name(at) if at < len(trace.list) else "a local partial, an adjoint or a tangent"
            return f"{where} is {_shown(beside)}, and without rounding {_shown(value)}"
    return None


def _fraction(x: Any) -> Fraction:
    """What a number of many digits is exactly."""
    mantissa, exponent = x.man_exp
    size = Fraction(int(mantissa) << max(exponent, 0), 1 << max(-exponent, 0))
    return -size if x < 0 and size > 0 else size


def _shown(x: Any) -> str:
    return str(digits(PRECISIONS[0]).context.nstr(x, SHOWN)).removesuffix(".0")
