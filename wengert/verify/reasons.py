"""The sentences that say why a derivative has its verdict. Nothing is compared here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wengert.lang.model import Key
from wengert.sweep.arithmetics import digits
from wengert.sweep.losses import DOUBLE
from wengert.sweep.trace import Trace
from wengert.tape.record import CONVENTIONS

TOO_FAR = "the values grow beyond what can be compared"
NO_PROOF = "no proof was reached: "  # before the reason for which the judge was ended
ON_EDGE = "it stands at the edge of a domain, where rounding alone decides whether the list has a value"
COUNTED_AS_0 = "it counts as 0 in all the digits that were tried, and may be a smaller number"
TAKEN_FOR_0 = "the judge's figures take it for 0, the list has {}"
SHOWN = 60  # working digits of a figure in a sentence
MOST_NAMED = 6  # statements in a sentence


def exists(trace: Trace, key: Key, reference: str, ours: str) -> str:
    """That the derivative exists although statements stand at kinks, and what the sweep makes of their slopes."""
    sides = "the slopes on both sides agree" if len(key) == 2 else "the limits from both sides agree"
    reached = trace.columns.adjoints.get(key[0])
    found = [(slot, met) for slot, kinks in trace.met for met in kinks if reached is None or reached[slot] is not None]
    system = CONVENTIONS.get(trace.choice.convention)
    nans = [slot for slot, met in found if met.undefined_by(trace.choice.convention)]
    figure = trace.figure(key)
    several = len({slot for slot, _ in found}) > 1
    if nans:
        names = _names(trace, nans)
        leads = f"{system}'s nan at {names} {'leave' if len(set(nans)) > 1 else 'leaves'} the sweep without a value"
    elif figure != figure:
        names = _names(trace, [slot for slot, _ in found])
        where = f"The {'slopes' if several else 'slope'} at {names} {'lead' if several else 'leads'} the sweep to"
        leads = f"{where} {'∞·0, which has no value' if trace.without_product else 'no value'}"
    else:
        whose = f"{system}'s slopes" if system else "The conventions" if several else "The convention"
        names = _names(trace, [slot for slot, _ in found])
        lead = "lead" if system or several else "leads"
        leads = f"{whose} at {names} {lead} the sweep to {ours}, which is not the derivative"
    return f"exists at this point and is {short(reference)}: {sides}. {leads}."


def lost_words(lost: int, reference: str) -> str:
    much = "every digit" if lost >= DOUBLE else f"{lost} of {DOUBLE} digits"
    return f"double precision lost {much}; the right value is {short(reference)}"


def shown(value: Any) -> str:
    """A number of many digits to twelve of them, however small it is."""
    c = digits(SHOWN)
    return str(c.context.nstr(c.zero + value, 12)).removesuffix(".0")


def short(reference: str) -> str:
    mantissa, sign, exponent = f"{Decimal(reference):.12g}".partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + sign + exponent


def _names(trace: Trace, slots: Sequence[int]) -> str:
    """The statements by name: `v1 and v3`."""
    names = [trace.list.name(slot) for slot in dict.fromkeys(slots)]
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
