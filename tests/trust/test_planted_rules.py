"""Every formula of every record of the rule table is put wrong in every way of planting.py, and the ordinary verification of
an ordinary run says `failed`: of a trace at a point where something changes, and of a diff where a slope does.

The short run takes a few kinds of fault for each formula, other ones for the next, a trace or a diff of each; the long run
takes all of them, in every context, at up to MOST points at which they change anything, and as a diff. What changes nothing is
counted, and is known to change nothing by an evaluator that shares no line with the table's.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import pytest

from tests.conftest import Count, LastingJudge
from tests.trust.planting import Context, Fault, Point, changed_at, contexts, faults
from wengert.errors import ValueProblem
from wengert.report import Settings, report
from wengert.tape.primitives import PRIMITIVES

MOST = 4  # points of a context in the long run
FEW = 2  # kinds of fault of a formula in the short run


def verdict(context: Context, point: Point | None, judge: LastingJudge) -> str | None:
    """The verdict of an ordinary run; "refused" where it ends with an error, for want of a value, and prints none."""
    try:
        return report(context.model(point), Settings(), point is not None, judge.ready()).verdict
    except ValueProblem:
        return "refused"


def some(found: Sequence[Fault]) -> list[Fault]:
    """Of each formula a few kinds of fault, one of each; which kinds, changes from formula to formula."""
    formulas: dict[tuple[str, int], dict[str, Fault]] = {}
    for fault in found:
        formulas.setdefault((fault.field, fault.at), {}).setdefault(fault.kind, fault)
    chosen = []
    for key, kinds in formulas.items():
        start = zlib.crc32(f"{found[0].name} {key}".encode())
        of_each = list(kinds.values())
        chosen += [of_each[(start + i) % len(of_each)] for i in range(min(FEW, len(of_each)))]
    return chosen


def runs(fault: Fault, number: int, long: bool) -> list[tuple[Context, Point | None]]:
    """The runs that must fail. A diff prints the textbook's slopes alone, as `written` where the record has that."""
    found: list[tuple[Context, Point | None]] = []
    printed = fault.field == "written" or (fault.field == "partials" and PRIMITIVES[fault.name].written is None)
    for context in contexts(PRIMITIVES[fault.name]):
        places = changed_at(fault, context)
        points: list[Point | None] = [] if fault.field == "written" else [*places]
        if long:  # the first ones are those in the branches, after them those beside boundaries
            points = points[:MOST]
        found += [(context, point) for point in (*points, *([None] if places and printed else []))]
    return found if long or not found else [found[number % len(found)]]


def _check(name: str, chosen: Sequence[Fault], long: bool, judge: LastingJudge, count: Count) -> None:
    missed = []
    for number, fault in enumerate(chosen):
        what = "slopes" if fault.is_slope else "values"
        wanted = runs(fault, number, long)
        count(f"planted rules, {what}: faults planted", 1)
        count(f"planted rules, {what}: of these change nothing", not wanted)
        count(f"planted rules, {what}: runs", len(wanted))
        with pytest.MonkeyPatch.context() as patch:
            fault.plant(patch)
            found = [(f"{'diff' if point is None else 'trace'} {context.text} {point or ''}", verdict(context, point, judge))
                     for context, point in wanted]  # fmt: skip
        caught = {"failed"} if fault.is_slope else {"failed", "refused"}
        count(f"planted rules, {what}: runs that failed", sum(said in caught for _, said in found))
        count(f"planted rules, {what}: faults caught", bool(wanted) and all(said in caught for _, said in found))
        missed += [f"{said}: {run} with {fault}" for run, said in found if said not in caught]
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("name", PRIMITIVES)
def test_a_wrong_formula_fails(name: str, lasting: LastingJudge, count: Count) -> None:
    _check(name, some(faults(PRIMITIVES[name])), False, lasting, count)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_wrong_formula_fails_everywhere(name: str, lasting: LastingJudge, count: Count) -> None:
    _check(name, faults(PRIMITIVES[name]), True, lasting, count)


@pytest.mark.parametrize("name", PRIMITIVES)
def test_the_right_formulas_pass_in_the_same_places(name: str, lasting: LastingJudge) -> None:
    for context in contexts(PRIMITIVES[name]):
        for point in (*context.points[:2], None):
            assert verdict(context, point, lasting) in ("proved", "agrees"), (context.text, point)


def test_every_formula_of_the_table_is_planted() -> None:
    planted = {(f.name, f.field, f.at) for record in PRIMITIVES.values() for f in faults(record)}
    for r in PRIMITIVES.values():
        for field in ("partials", "stable_partials"):
            assert planted >= {(r.name, field, i) for i, text in enumerate(getattr(r, field)) if text}
        assert planted >= {(r.name, field, 0) for field in ("definition", "stable", "written") if getattr(r, field)}
