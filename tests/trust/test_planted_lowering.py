"""Wrong lowering: after the right list is made, one thing in it is put wrong, whatever it may be: an operand is another one,
operands are swapped, all users of a statement read another one (two subexpressions merged though they differ; a statement
lost), another primitive stands there, a constant is another number, the output is another slot.

The verification of an ordinary run says `failed` wherever the function that the list computes is another one. Whether it is, is
reckoned by running the list in the tests' own evaluator with 60 digits at five points.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

import wengert.report
from tests.conftest import Count, LastingJudge
from tests.programs import FUNCTIONS, evaluate, model, mp, value_of
from wengert.errors import ValueProblem
from wengert.lang.model import Model
from wengert.report import Settings, report
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.wengert_list import ListFault, WengertList, check

AT = {"x": "0.7", "y": "1.3", "z": "0.4"}
TEXTS = [
    "ln(x) + x*y - sin(y)",
    "a = x*y; b = sin(a) + 2*a; f = b*a/(y + 3)",
    "(x**2 + 1)**3 - 2**y",
    "a = sigmoid(x*y + z); b = tanh(a*z - 1); f = (a - b)**2 + x",
    "where(x > y, x*x, y*z) + max(x, z) - norm(x, y, z)",
    "softmax(2, x, y*z, 1) + logsumexp(x, z) + dot(x, y, z, 0.5)",
    "sin(x)*sin(y) + sin(x) + cos(x)*sin(y)",
]
PATIENCE = 60  # seconds of the budget where it ran out
FEW = 14  # faults of a text in the short run
POINTS = 5
Mutation = tuple[str, WengertList]


def copied(wl: WengertList, skip: int | None = None) -> WengertList:
    """The same list once more, to be changed."""
    other = WengertList(wl.model)
    for statement in wl:
        other.append(statement.primitive.name, list(statement.operands), statement.node)
    other.constants = list(wl.constants)
    other.names, other.slots = dict(wl.names), dict(wl.slots)
    return other


def mutations(wl: WengertList) -> Iterator[Mutation]:
    """Every list that differs from this one in one place; those that are no lists are seen to by the checker."""
    for slot in wl.statements():
        first, end = wl.span(slot)
        record = wl.primitive(slot)
        for i in range(first + record.literal, end):
            for o in (*range(slot), *range(-len(wl.constants), 0)):
                if o != wl.operands[i]:
                    yield f"operand {i - first} of slot {slot} is {o}", _with_operand(wl, i, o)
            for k in range(i + 1, end):
                if wl.operands[i] != wl.operands[k]:
                    other = _with_operand(wl, i, wl.operands[k])
                    other.operands[k] = wl.operands[i]
                    yield f"operands {i - first} and {k - first} of slot {slot} are swapped", other
        for source in range(slot):
            yield f"slot {slot} is merged with slot {source}", _merged(wl, slot, source)
        for name, primitive in PRIMITIVES.items():
            if primitive.name != record.name and len(primitive.params) == end - first and not primitive.many:
                yield f"slot {slot} is {name}", _with_primitive(wl, slot, name)
    for i, root in enumerate(wl.constants):
        for k, other_root in enumerate(wl.constants):
            if i != k:
                other = copied(wl)
                other.constants[i] = other_root
                yield f"constant {i} is constant {k}", other
        nodes = wl.model.nodes
        if nodes.operation(root) == "number":
            other = copied(wl)
            other.constants[i] = nodes.number(f"{float(nodes.text(root)) * 1.000001!r}")
            yield f"constant {i} is off by 1e-6", other
    for output in wl.model.outputs:
        for slot in range(len(wl)):
            if slot != wl.slots[output]:
                other = copied(wl)
                other.slots[output] = slot
                yield f"the output is slot {slot}", other


def _with_operand(wl: WengertList, at: int, operand: int) -> WengertList:
    other = copied(wl)
    other.operands[at] = operand
    return other


def _merged(wl: WengertList, slot: int, source: int) -> WengertList:
    """All who use the slot use the other one."""
    other = copied(wl)
    for i, o in enumerate(wl.operands):
        if o == slot:
            other.operands[i] = source
    for name in wl.model.outputs:
        if wl.slots[name] == slot:
            other.slots[name] = source
    return other


def _with_primitive(wl: WengertList, slot: int, name: str) -> WengertList:
    other = WengertList(wl.model)
    for statement in wl:
        primitive = name if statement.slot == slot else statement.primitive.name
        other.append(primitive, list(statement.operands), statement.node)
    other.constants, other.names, other.slots = list(wl.constants), dict(wl.names), dict(wl.slots)
    return other


def well_formed(wl: WengertList) -> bool:
    try:
        check(wl)
    except ListFault:
        return False
    return True


# -- what a list computes, by the tests' own evaluator


def computed(wl: WengertList, point: Sequence[Any]) -> Any:
    """The value of the output; None where there is none."""
    values = list(point)
    nodes = wl.model.nodes
    try:
        constants = [evaluate(nodes, root, {})[root] for root in wl.constants]
        for statement in wl:
            a = [values[o] if o >= 0 else constants[-1 - o] for o in statement.operands]
            record = statement.primitive
            if record.comparison:
                a = [FUNCTIONS[record.comparison](*a[:2]), *a[2:]]
            value = FUNCTIONS[record.label](*a)
            values.append(value)
        return values[wl.slots[wl.model.outputs[0]]]
    except (ValueError, ZeroDivisionError, TypeError, OverflowError, IndexError):
        return None


def is_another_function(m: Model, wl: WengertList) -> bool:
    rng = random.Random(7)
    with mp.workdps(60):
        for n in range(POINTS):
            point = {x.name: mp.mpf(AT[x.name]) if n == 0 else mp.mpf(rng.randint(11, 190)) / 100 for x in m.inputs}
            right, found = value_of(m, m.outputs[0], point), computed(wl, list(point.values()))
            if found is None or abs(found - right) > mp.mpf(10) ** -45 * (1 + abs(right)):
                return True
    return False


# -- the runs


def _verdict(m: Model, wl: WengertList, at_point: bool, judge: LastingJudge) -> str | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wengert.report, "lower", lambda *_: check(wl))
        try:
            said = report(m, Settings(), at_point, judge.ready()).verdict
            if said == "unchecked":  # on a busy machine the budget may run out before the first comparison
                said = report(m, Settings(budget=PATIENCE), at_point, judge.ready()).verdict
            return said
        except ValueProblem:
            return "refused"


def _check(text: str, long: bool, judge: LastingJudge, count: Count) -> None:
    at = {x: v for x, v in AT.items() if x in text}
    m = model(text, at)
    planted = [(what, other) for what, other in mutations(lower(m)) if well_formed(other)]
    if not long:
        planted.sort(key=lambda mutation: zlib.crc32(f"{text} {mutation[0]}".encode()))
        planted = planted[:FEW]
    missed = []
    for number, (what, other) in enumerate(planted):
        changes = is_another_function(m, other)
        count("planted lowering: faults planted", 1)
        count("planted lowering: of these change nothing", not changes)
        if not changes:
            continue
        runs = [("trace", m, True), ("diff", model(text), False)] if long or number % 2 else [("trace", m, True)]
        found = []
        for how, asked, at_point in runs if long else runs[-1:]:
            if not at_point:
                other = next(o for w, o in mutations(lower(asked)) if w == what)
            found.append((how, _verdict(asked, other, at_point, judge)))
        count("planted lowering: runs", len(found))
        count("planted lowering: runs that failed", sum(said in ("failed", "refused") for _, said in found))
        count("planted lowering: faults caught", all(said in ("failed", "refused") for _, said in found))
        missed += [f"{said}: {how} of {text} where {what}" for how, said in found if said not in ("failed", "refused")]
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("text", TEXTS)
def test_a_wrong_list_fails(text: str, lasting: LastingJudge, count: Count) -> None:
    _check(text, False, lasting, count)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("text", TEXTS)
def test_every_wrong_list_fails(text: str, lasting: LastingJudge, count: Count) -> None:
    _check(text, True, lasting, count)


@pytest.mark.parametrize("text", TEXTS)
def test_a_copy_of_the_right_list_passes(text: str, lasting: LastingJudge) -> None:
    m = model(text, {x: v for x, v in AT.items() if x in text})
    wl = copied(lower(m))
    assert not is_another_function(m, wl)
    assert _verdict(m, wl, True, lasting) in ("proved", "agrees")
