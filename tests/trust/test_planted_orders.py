"""Wrong derivatives of higher order: in what records them one thing is put wrong, and a run with --order 2 fails.

Whether a fault changes anything is reckoned in 60 digits at the point, of the derivatives in both forms of the rules.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.conftest import Count, LastingJudge
from tests.programs import model
from wengert.errors import ValueProblem
from wengert.report import Settings, report
from wengert.sweep.arithmetics import digits
from wengert.sweep.higher import Higher, evaluate, higher
from wengert.sweep.higher import derivatives as room
from wengert.sweep.higher.recorder import Recorder
from wengert.sweep.point import point
from wengert.sweep.rules import Rules
from wengert.tape.lower import lower

AT = {"x": "0.7", "y": "1.3"}
TEXTS = ["x**2*sin(y) + x*y", "exp(x*y)/(x + y)", "a = tanh(x*y); f = a*a*x", "a = x*y; f = a**3 - ln(a + x)*y",
         "where(x < y, x*x*y, sin(y)) + max(x**2, y**2)*x"]  # fmt: skip
FEW = 1  # places of a kind of fault and text in the short run

# method of Recorder, and what it gives instead, from itself, the right method and the operands
Wrong = Callable[..., Any]
AT_ONE: dict[str, tuple[str, Wrong]] = {
    "a factor is lost": ("mul", lambda self, go, a, b: a),
    "the other factor is lost": ("mul", lambda self, go, a, b: b),
    "a product is doubled": ("mul", lambda self, go, a, b: go(self.number("2"), go(a, b))),
    "a product's sign": ("mul", lambda self, go, a, b: self.neg(go(a, b))),
    "a product off by 1e-12": ("mul", lambda self, go, a, b: go(self.number("1.000000000001"), go(a, b))),
    "a contribution is lost": ("add", lambda self, go, a, b: a),
    "= for +=": ("add", lambda self, go, a, b: b),
    "− for +": ("add", lambda self, go, a, b: self.sub(a, b)),
    "a difference is turned": ("sub", lambda self, go, a, b: go(b, a)),
    "a sign is lost": ("neg", lambda self, go, a: a),
    "the branches are swapped": ("decide", lambda self, go, word, a, b, yes, no: go(word, a, b, no, yes)),
}
Plant = Callable[[pytest.MonkeyPatch], None]


def at_one(kind: str, at: int, patch: pytest.MonkeyPatch) -> dict[int, int]:
    """Plants the fault at the call numbered `at` (from 1) of each recorder; tells how many calls each made."""
    name, new = AT_ONE[kind]
    right = getattr(Recorder, name)
    made: dict[int, int] = {}
    kept: list[Recorder] = []  # so that no two have one identity
    inside: list[bool] = []

    def planted(self: Recorder, *a: Any) -> Any:
        if inside:
            return right(self, *a)
        if id(self) not in made:
            kept.append(self)
        made[id(self)] = made.get(id(self), 0) + 1
        inside.append(True)
        try:
            return new(self, lambda *b: right(self, *b), *a) if made[id(self)] == at else right(self, *a)
        finally:
            inside.pop()

    patch.setattr(Recorder, name, planted)
    return made


def figures(text: str) -> list[Mapping[Any, Any]]:
    """The derivatives in 60 digits, in the stable and in the textbook's form."""
    found = []
    for stable in (True, False):
        wl = lower(model(text, AT))
        rules = Rules(digits(60), stable)
        found.append(evaluate(higher(wl, 2, stable=stable), rules, point(wl, rules)))
    return found


def differ(a: list[Mapping[Any, Any]], b: list[Mapping[Any, Any]]) -> bool:
    for right, wrong in zip(a, b, strict=True):
        for key, value in right.items():
            if len(key) == 3 and not abs(value - wrong[key]) <= 1e-40 * (1 + abs(value)):
                return True
    return False


def _judged(text: str, right: list[Mapping[Any, Any]], what: str, judge: LastingJudge, count: Count) -> None:
    changes = differ(right, figures(text))
    try:
        said = report(model(text, AT), Settings(order=2), True, judge.ready()).verdict
    except ValueProblem:
        said = "refused"
    count("planted faults, higher orders: planted", 1)
    count("planted faults, higher orders: of these change nothing", not changes)
    count("planted faults, higher orders: caught", changes and said in ("failed", "refused"))
    assert said in ("failed", "refused") or not changes, (text, what, said)


@pytest.mark.parametrize("kind", AT_ONE)
@pytest.mark.parametrize("text", TEXTS)
def test_a_wrong_record_fails(text: str, kind: str, lasting: LastingJudge, count: Count) -> None:
    _check(text, kind, FEW, lasting, count)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", AT_ONE)
@pytest.mark.parametrize("text", TEXTS)
def test_every_wrong_record_fails(text: str, kind: str, lasting: LastingJudge, count: Count) -> None:
    _check(text, kind, None, lasting, count)


def _check(text: str, kind: str, few: int | None, judge: LastingJudge, count: Count) -> None:
    with pytest.MonkeyPatch.context() as patch:
        made = at_one(kind, 0, patch)
        right = figures(text)
    places = sorted(range(1, max(made.values(), default=0) + 1), key=lambda at: zlib.crc32(f"{text} {kind} {at}".encode()))
    for at in places[:few]:
        with pytest.MonkeyPatch.context() as patch:
            at_one(kind, at, patch)
            _judged(text, right, f"{kind} {at}", judge, count)


# -- the whole


def _other_entry(patch: pytest.MonkeyPatch) -> None:
    """Each entry of the Hessian is that of the next key."""
    right = room.higher

    def planted(*a: Any, **more: Any) -> Higher:
        made = right(*a, **more)
        second = [k for k in made.operands if len(k) == 3]
        turned = dict(zip(second, (made.operands[k] for k in [*second[1:], *second[:1]]), strict=True))
        return Higher(made.list, made.order, made.base, made.stable, made.operands | turned)

    for where in ("wengert.report", "wengert.sweep.trace", "wengert.verify.witness", "wengert.sweep.higher"):
        patch.setattr(f"{where}.higher", planted)
    patch.setitem(globals(), "higher", planted)


def _no_statement(patch: pytest.MonkeyPatch) -> None:
    right = room._Recording._tangent
    patch.setattr(room._Recording, "_tangent", lambda self, slot, column: None if slot % 3 == 0 else right(self, slot, column))


def _first_argument_alone(patch: pytest.MonkeyPatch) -> None:
    right = room._Recording.partial
    patch.setattr(
        room._Recording, "partial", lambda self, at, slot: None if at > self.list.span(slot)[0] else right(self, at, slot)
    )


def _seed_doubled(patch: pytest.MonkeyPatch) -> None:
    right = room._Recording._direction

    def planted(self: Any, name: str) -> Mapping[int, int]:
        return {slot: self.recorder.number("2") for slot in right(self, name)}

    patch.setattr(room._Recording, "_direction", planted)


def _of_the_other_name(patch: pytest.MonkeyPatch) -> None:
    right = room._Recording._direction
    patch.setattr(room._Recording, "_direction", lambda self, name: right(self, "y" if name == "x" else "x"))


WHOLE: dict[str, Plant] = {
    "another entry": _other_entry, "statements are left out": _no_statement, "the first argument alone": _first_argument_alone,
    "the seed is 2": _seed_doubled, "by the other name": _of_the_other_name,
}  # fmt: skip


@pytest.mark.parametrize("what", WHOLE)
@pytest.mark.parametrize("text", TEXTS)
def test_a_wrong_hessian_fails(
    text: str, what: str, monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge, count: Count
) -> None:
    right = figures(text)
    WHOLE[what](monkeypatch)
    _judged(text, right, what, lasting, count)


@pytest.mark.parametrize("text", TEXTS)
def test_the_right_hessian_passes(text: str, lasting: LastingJudge) -> None:
    assert report(model(text, AT), Settings(order=2), True, lasting.ready()).verdict in ("proved", "agrees")
