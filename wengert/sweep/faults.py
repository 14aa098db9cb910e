"""A statement without a value, told to the person who wrote it: which one, its arguments' values, the place in the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wengert.errors import ValueProblem
from wengert.lang.loss_terms import ACTIVATION_OF
from wengert.sweep.arithmetics import TooLarge, TooSmall
from wengert.sweep.sweeps import ConstantFault, StatementFault
from wengert.tape.record import INFINITE, NONE, Kink, Value
from wengert.tape.wengert_list import WengertList

WAY_OUT = "; --precision 20 has no such limit"
LARGEST = f"the largest double is about 1.8e308{WAY_OUT}"
MOST = "in many digits numbers reach up to about e^(10^12)"
DIGITS = 6  # of a value in a message
SHOWN = 4  # statements whose values lead up to the fault
_INFIX = {"add": " + ", "sub": " - ", "mul": "*", "div": "/", "power": "**"}


def explain(
    wl: WengertList, fault: StatementFault, right: Sequence[Any] | None = None, remark: str = ""
) -> ValueProblem:
    """The error for a fault of the primal sweep. `right` are the values in many digits, of which there are some where doubles
    alone are at fault; `remark` is added to the hint."""
    record = wl.primitive(fault.slot)
    place = wl.model.nodes.place(wl.node_of(fault.slot))
    operands = wl.operands_of(fault.slot)
    shown = {o: number(fault.values[o]) for o in operands if o >= 0}
    if not fault.overflow:
        shown = _told_apart(fault.values, shown)
    at = _at(wl, shown) or words(wl, fault.slot)
    what = record.noun or record.label
    if fault.overflow:
        title = f"{what} {'is not computed' if fault.reason else 'overflows'} at {at}"
        largest = LARGEST if all(isinstance(v, float) for v in fault.values) else MOST
        hint = fault.reason or _stable_name(wl, fault.slot) or largest
    else:
        title = f"{what} is undefined at {at}"
        hint = _stable_loss(wl, fault) or fault.reason or "no real value exists here"
        if right is not None:
            hint = _stable_loss(wl, fault) or _rounded(wl, fault, right)
        if remark:
            hint = f"{hint}; {remark}"
    return ValueProblem(title, place, details=_details(wl, fault.values, shown), hint=hint)


def explain_kink(wl: WengertList, slot: int, values: Sequence[Any], kink: Kink, value: Value) -> ValueProblem:
    """The error for a statement at a kink, where kinks are refused. `value` has the numbers of the kink's formulas."""
    record = wl.primitive(slot)
    operands = wl.operands_of(slot)
    shown = {o: number(values[o]) for o in operands if o >= 0}
    what, at = record.noun or record.label, _at(wl, shown)
    slopes, taken = kink.interval(value, joint=" to "), kink.convention(value).removesuffix(",")
    if record.comparison:
        title = f"{what} is at its boundary at {at}"
        details = ["whether its branches meet there, with one slope, is not looked at"]
    elif kink.slopes in (INFINITE, NONE) or not slopes:
        title = f"{what} has no {'finite ' if kink.slopes == INFINITE else ''}derivative at {at}"
        details = [kink.sentence]
    else:
        title = f"{what} has no derivative at {at}"
        details = [f"slopes from {slopes}" if isinstance(kink.slopes, tuple) else kink.slopes]
    usual = f"the usual convention, {taken}, is taken and named" if taken else "it is named, and the whole output is looked at"
    place = wl.model.nodes.place(wl.node_of(slot))
    led = _details(wl, values, shown)
    return ValueProblem(title, place, details=[*led, *details], hint=f"without --kink strict {usual}")


def _at(wl: WengertList, shown: Mapping[int, str]) -> str:
    """`x = 0 and y = 1`: the values of a statement's arguments; empty where all are constants."""
    return " and ".join(f"{wl.name(o)} = {text}" for o, text in shown.items())


def _told_apart(values: Sequence[Any], shown: Mapping[int, str]) -> dict[int, str]:
    """The arguments' values in as many digits as tell them from a whole number and from one another: acos(1.0000001) is
    undefined, acos(1) is not, and (-8)^2 is not what (-8)^2.0000001 was stopped at."""
    alike = {o for o, text in shown.items() for p in shown if text == shown[p] and values[o] != values[p]}
    return {o: _in_full(values[o], text, o in alike) for o, text in shown.items()}


def _in_full(value: Any, text: str, alike: bool) -> str:
    """The text of a value, unless it reads as a whole number that the value is not, or `alike` another one."""
    if isinstance(value, float):
        return repr(value) if alike or (float(text).is_integer() and not value.is_integer()) else text
    if not hasattr(value, "context") or not (alike or (_is_whole(text) and not value.context.isint(value))):
        return text
    digits = 2 * DIGITS
    while digits < value.context.dps and (alike or _is_whole(number(value, digits))):
        digits *= 2
    return number(value, min(digits, value.context.dps))


def _is_whole(text: str) -> bool:
    from decimal import Decimal

    return Decimal(text) == Decimal(text).to_integral_value()


def _stable_name(wl: WengertList, slot: int) -> str | None:
    """The function of the language that computes without overflow what an exponential is part of here."""
    if wl.primitive(slot).name != "exp":
        return None
    sums = [s for s in wl.statements() if slot in wl.operands_of(s) and wl.primitive(s).name in ("add", "sum")]
    names = [wl.primitive(s).name for s in wl.statements() if any(o in sums or o == slot for o in wl.operands_of(s))]
    exponentials = sum(o >= wl.inputs and wl.primitive(o).name == "exp" for s in sums for o in wl.operands_of(s))
    differences = [s for s in wl.statements() if slot in wl.operands_of(s) and wl.primitive(s).name == "sub"]
    if "ln" in names and sums:
        known = "logsumexp(a, b, …)" if exponentials > 1 else "softplus(x), which is ln(1 + exp(x)),"
    elif "div" in names and sums:
        known = "softmax(k, a, b, …)" if exponentials > 1 else "sigmoid(x), which is 1/(1 + exp(-x)),"
        if exponentials > 1 and differences:
            known = "tanh(x), which is (exp(x) - exp(-x))/(exp(x) + exp(-x)),"
    else:
        return None
    return f"{known} is computed without overflow; or --precision 20"


def _rounded(wl: WengertList, fault: StatementFault, right: Sequence[Any]) -> str:
    """That the right values of the arguments lie within the domain, and what computes with them."""
    operands = [o for o in dict.fromkeys(wl.operands_of(fault.slot)) if o >= 0 and fault.values[o] != right[o]]
    values = " and ".join(f"{wl.name(o)} is {_apart(right[o], fault.values[o])}" for o in operands)
    return f"only in double precision: {values}; --precision 20 computes with that"


def _apart(right: Any, double: float) -> str:
    """A number that a double is not, though it may be near."""
    return f"not quite {number(double)}" if number(right) == number(double) else number(right)


def _stable_loss(wl: WengertList, fault: StatementFault) -> str | None:
    """How to write a cross-entropy whose ln(a) or ln(1 − a) is ln(0) because its sigmoid or softmax is saturated."""
    shape = wl.model.network
    if shape is None or shape.loss is None or shape.loss.form == "stable" or wl.primitive(fault.slot).name != "ln":
        return None
    kind, last = shape.loss.kind, shape.layers[-1]
    activation = None if kind is None else ACTIVATION_OF.get(kind)
    if activation is None or last.skip or any(a.operation != activation for a in last.activations):
        return None
    argument = wl.operands_of(fault.slot)[0]
    if argument < 0 or fault.values[argument] != 0:
        return None
    outputs = {wl.slots[name] for row in last.post for name in row}
    inner = (argument,) if argument < wl.inputs or argument in wl.names else (argument, *wl.operands_of(argument))
    if not outputs.intersection(inner):
        return None
    return f"the {activation} is saturated; write loss: {{kind: {kind}, form: stable}}, which is computed from z"


def explain_constant(
    wl: WengertList, fault: ConstantFault, what: str = "this constant", way_out: str = WAY_OUT
) -> ValueProblem:
    """The error for a constant expression without a value; `way_out` ends the hint where doubles alone are at fault."""
    place, cause = wl.model.nodes.place(fault.root), fault.__cause__
    if fault.overflow:
        largest = f"it is beyond the largest double, about 1.8e308{way_out}"
        hint = (fault.reason or MOST) if isinstance(cause, TooLarge) else largest
        return ValueProblem(f"{what} overflows", place, hint=hint)
    if isinstance(cause, TooSmall):
        return ValueProblem(f"{what} underflows", place, hint=f"{cause}{way_out}")
    return ValueProblem(f"{what} is undefined", place, hint=fault.reason or "no real value exists here")


def words(wl: WengertList, slot: int) -> str:
    """A statement's right side in names, `v1 - 3`: for messages alone, documents print expressions."""
    record = wl.primitive(slot)
    parts = [_operand(wl, o) for o in wl.operands_of(slot)]
    if record.name in _INFIX:
        return _INFIX[record.name].join(parts)
    if record.name == "neg":
        return f"-{parts[0]}"
    if record.name == "identity":
        return parts[0]
    return f"{record.label}({', '.join(parts)})"


def _operand(wl: WengertList, operand: int) -> str:
    if operand >= 0:
        return wl.name(operand)
    nodes = wl.model.nodes
    root = wl.constants[-1 - operand]
    place = nodes.place(root)
    if place is None:
        return nodes.text(root) if nodes.is_leaf(root) else "…"
    return place.source.text[place.start : place.end][:40]


def _details(wl: WengertList, values: Sequence[Any], shown: Mapping[int, str]) -> list[str]:
    """The statements that led to the arguments, nearest last; the arguments' own values are given as they are shown."""
    wanted = {o for o in shown if o >= wl.inputs}
    for slot in sorted(wanted, reverse=True):
        if len(wanted) < SHOWN:
            wanted |= {o for o in wl.operands_of(slot) if o >= wl.inputs}
    chosen = sorted(wanted)[-SHOWN:]
    line = ", ".join(f"{wl.name(s)} = {words(wl, s)} = {shown.get(s) or number(values[s])}" for s in chosen)
    return [line] if line else []


def number(value: Any, count: int = DIGITS) -> str:
    """A value to so many digits: 0, never 0.0."""
    if isinstance(value, (int, float)):
        return f"{value:.{count}g}"
    if hasattr(value, "context"):
        with value.context.workdps(count + 10):  # Python makes no text of an integer of thousands of digits
            text: str = value.context.nstr(+value, count)
    else:
        text = str(value)
    return text.removesuffix(".0").replace(".0e", "e")
