"""Wrong sweeps: one contribution lost, doubled, overwritten, misplaced, without its adjoint or with another's partial, at
every place; order and seed wrong; in the reverse and in the tangent sweep, which serve every arithmetic, symbols included. The
verification of an ordinary run says `failed` wherever a derivative changes.

Whether one changes is reckoned by difference quotients in 60 digits of the tests' own evaluator, at three points.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

from tests.conftest import Count, LastingJudge
from tests.programs import model, slope_of
from tests.trust import sweeping
from tests.trust.sweeping import AT_ONE, WHOLE
from wengert.lang.model import Model
from wengert.report import Settings, report
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import digits
from wengert.sweep.point import point as model_point
from wengert.sweep.rules import Rules
from wengert.tape.lower import lower

AT = {"x": "0.7", "y": "1.3", "z": "-0.4"}
ELSEWHERE = ({"x": "1.9", "y": "0.6", "z": "0.3"}, {"x": "0.31", "y": "2.2", "z": "1.7"})
TEXTS = [
    "a = x*y; f = a*a + sin(x)*a",
    "ln(x) + x*y - sin(y)",
    "a = max(x, y, z); f = a*dot(x, y, z, a)",
    "a = x*x; b = a*a; f = b*a + softmax(1, a, x)",
    "where(x > y, x*x*y, y*y) + x/y",
    "a = sigmoid(x*y + z); b = tanh(a*z); f = (a - b)**2 + a",
]
FEW = 24  # faults of a kind of sweep and text in the short run


def _model(text: str, at: Mapping[str, str] | None, **more: Any) -> Model:
    return model(text, None if at is None else {k: v for k, v in at.items() if k in text}, **more)


def _contributions(text: str) -> int:
    wl = lower(_model(text, AT))
    return sum(o >= 0 for o in wl.operands)


def _faults(text: str, long: bool) -> list[tuple[str, int]]:
    every = [(kind, at) for kind in AT_ONE for at in range(1, _contributions(text) + 1)]
    if not long:
        every.sort(key=lambda fault: zlib.crc32(f"{text} {fault}".encode()))
        every = every[: FEW - len(WHOLE)]
    return [*((kind, 0) for kind in WHOLE), *every]


def _changes(text: str, which: str) -> bool:
    """Whether the sweep that was planted gets a derivative wrong. A forward sweep is seen at its point alone: a fault in a
    branch that is not taken there prints nothing wrong."""
    for point in (AT, *(ELSEWHERE if which == "reverse" else ())):
        m = _model(text, point)
        wl, rules = lower(m), Rules(digits(60))
        values = sweeps.primal(wl, model_point(wl, rules), rules)
        partials = sweeps.local_partials(wl, values, rules, wl.depends_on([wl.slots[x] for x in m.wrt]))
        out = wl.slots[m.outputs[0]]
        bars = sweeps.adjoints(wl, partials, out, rules.arithmetic)
        for x in m.wrt:
            dot = sweeps.tangents(wl, partials, {wl.slots[x]: rules.arithmetic.one}, rules.arithmetic)[out]
            right = slope_of(m, m.outputs[0], x, {k: v for k, v in point.items() if k in text})
            found = bars[wl.slots[x]] if which == "reverse" else dot
            if abs((0 if found is None else found) - right) > 1e-25 * (1 + abs(right)):
                return True
    return False


def _check(text: str, which: str, long: bool, judge: LastingJudge, count: Count) -> None:
    missed = []
    for number, (kind, at) in enumerate(_faults(text, long)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweeps, which, getattr(sweeping, which)(kind, at))
            changes = _changes(text, which)
            count(f"planted sweeps, {which}: faults planted", 1)
            count(f"planted sweeps, {which}: of these change nothing", not changes)
            if not changes:
                continue
            all_runs = list(_runs(text, which))
            chosen = all_runs if long else [all_runs[number % len(all_runs)]]
            found = [(how, run(judge)) for how, run in chosen]
        count(f"planted sweeps, {which}: runs", len(found))
        count(f"planted sweeps, {which}: runs that failed", sum(said == "failed" for _, said in found))
        count(f"planted sweeps, {which}: faults caught", all(said == "failed" for _, said in found))
        missed += [f"{said}: {how} of {text} with {which} {kind} {at}" for how, said in found if said != "failed"]
    assert not missed, "\n".join(missed)


def _runs(text: str, which: str) -> Iterator[tuple[str, Callable[[LastingJudge], str | None]]]:
    """Ways of running it that print what the sweep makes."""

    def of(at: Mapping[str, str] | None, **settings: Any) -> Any:
        return lambda judge: report(_model(text, at), Settings(**settings), at is not None, judge.ready()).verdict

    if which == "reverse":
        yield "trace", of(AT)
        yield "diff", of(None)
        yield "trace --precision 30", of(AT, precision=30)
    else:
        yield "trace --mode forward", of(AT, mode="forward")
        yield "trace --mode both", of(AT, mode="both")


@pytest.mark.parametrize("which", ["reverse", "tangents"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_wrong_sweep_fails(text: str, which: str, lasting: LastingJudge, count: Count) -> None:
    _check(text, which, False, lasting, count)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("which", ["reverse", "tangents"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_wrong_sweep_fails(text: str, which: str, lasting: LastingJudge, count: Count) -> None:
    _check(text, which, True, lasting, count)


@pytest.mark.parametrize("which", ["reverse", "tangents"])
def test_the_stand_ins_are_right_without_a_fault(which: str, monkeypatch: pytest.MonkeyPatch, lasting: LastingJudge) -> None:
    monkeypatch.setattr(sweeps, which, getattr(sweeping, which)())
    for text in TEXTS:
        assert not _changes(text, which)
        for how, run in _runs(text, which):
            assert run(lasting) in ("proved", "agrees"), (how, text)


def test_a_wrong_tangent_sweep_along_a_seed_fails(lasting: LastingJudge, count: Count) -> None:
    """All at once: every contribution of a sweep whose direction moves every name."""
    for text in TEXTS[:3]:
        names = [x for x in AT if x in text]
        seed = {x: f"{i + 1}/3" for i, x in enumerate(names)}
        for at in range(1, _contributions(text) + 1):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sweeps, "tangents", sweeping.tangents(sweeping.DOUBLED, at))
                made = report(_model(text, AT, seed=seed), Settings(mode="forward"), True, lasting.ready())
                matters = _doubled_matters(text, at, seed)
                assert made.verdict == "failed" or not matters, (text, at)
                count("planted sweeps, tangents along a seed: faults that change it", matters)
                count("planted sweeps, tangents along a seed: runs of these that failed", matters and made.verdict == "failed")


def _doubled_matters(text: str, at: int, seed: Mapping[str, str]) -> bool:
    m = _model(text, AT, seed=seed)
    wl, rules = lower(m), Rules(digits(60))
    partials = sweeps.local_partials(
        wl, sweeps.primal(wl, model_point(wl, rules), rules), rules, wl.depends_on([wl.slots[x] for x in m.wrt])
    )
    amounts = {wl.slots[x]: rules.arithmetic.rational(Fraction(v)) for x, v in seed.items()}
    found = sweeps.tangents(wl, partials, amounts, rules.arithmetic)[wl.slots[m.outputs[0]]]
    right = sum(
        amounts[wl.slots[x]] * slope_of(m, m.outputs[0], x, {k: v for k, v in AT.items() if k in text}) for x in seed
    )
    return bool(abs(found - right) > 1e-25 * (1 + abs(right)))
