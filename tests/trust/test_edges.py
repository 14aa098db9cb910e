"""The README's table of edges: each cell of wengert is what it says, and each figure is right by a witness of its own.

The witness is mpmath with 2,600 digits: values by the textbook definitions of tests/programs.py, one-sided slopes by difference
quotients. It knows neither the rule table nor the judge. What JAX, PyTorch and sympy say is measured by measure_peers.py.
`WENGERT_UPDATE_GOLDEN=1 python -m pytest tests/trust/test_edges.py` writes wengert's cells anew; read what it wrote.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import mpmath
import pytest

from tests.conftest import Count, LastingJudge
from tests.programs import evaluate, model, parse
from tests.trust.edges import README, Edge, edges
from wengert.errors import ValueProblem, WengertError
from wengert.report import Report, Settings, report
from wengert.show.documents import document_of
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.show.text import render

EDGES = edges()
UPDATE = bool(os.environ.get("WENGERT_UPDATE_GOLDEN"))
SIX = Digits(6)
STATUS = {"proved": 0, "agrees": 0, "imprecise": 0, "kink": 0, "unchecked": 3, "failed": 1}

every = pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)


def _report(edge: Edge, judge: LastingJudge | None, **settings: Any) -> Report:
    made = model(edge.text, edge.point, wrt=[edge.wrt])
    return report(made, Settings(verify=judge is not None, budget=60, **settings), True, judge)


_RECORDS: dict[str, dict[str, Any] | ValueProblem] = {}


def _record(edge: Edge, judge: LastingJudge) -> dict[str, Any]:
    """What `wengert trace -f json` prints, worked out once. Raises ValueProblem where there is no value."""
    if edge.name not in _RECORDS:
        try:
            _RECORDS[edge.name] = record(_report(edge, judge))
        except ValueProblem as problem:
            _RECORDS[edge.name] = problem
    found = _RECORDS[edge.name]
    if isinstance(found, ValueProblem):
        raise found
    return found


# -- wengert's cells


def cell(edge: Edge, judge: LastingJudge) -> str:
    """What the table says of wengert: value; derivative, verdict. In brackets the right number, where that stands beside."""
    try:
        made = _record(edge, judge)
    except ValueProblem as problem:
        return f"error: {problem.title}"
    output, found = made["outputs"][0], made["derivatives"][0]
    verdict = found["verdict"]
    if verdict == "kink":
        left, right = (_told(found["one_sided"][side]) if found["one_sided"][side] is not None else "none"
                       for side in ("left", "right"))  # fmt: skip
        verdict = f"kink ({left}, {right})"
    return f"{_with_right(output)}; {_with_right(found)}, {verdict}"


def _with_right(entry: dict[str, Any]) -> str:
    right = f" [{_told(entry['reference'])}]" if entry["verdict"] == "imprecise" else ""
    return _told(entry["value"]) + right


def _told(number: Any) -> str:
    if number is None:
        return "undefined"
    return number if number in ("inf", "-inf") else SIX.result(Decimal(str(number)))


def test_update(judge: LastingJudge) -> None:
    """Writes wengert's cells anew where that is asked for; else there is nothing to do."""
    if not UPDATE:
        return
    lines = README.read_text(encoding="utf-8").splitlines()
    for edge in EDGES:
        start = edge.line.rpartition(" | ")[0]
        lines[lines.index(edge.line)] = f"{start} | {cell(edge, judge)} |"
    README.write_text("\n".join(lines) + "\n", encoding="utf-8")


@every
def test_the_table_says_what_wengert_says(edge: Edge, judge: LastingJudge, count: Count) -> None:
    assert UPDATE or cell(edge, judge) == edge.wengert
    count("edges tabled", 1)


def test_the_table_is_whole() -> None:
    assert len({edge.name for edge in EDGES}) == len(EDGES) >= 170
    assert all(all(edge.cells) for edge in EDGES)
    assert len({edge.group for edge in EDGES}) == 6


# -- the witness

mp = mpmath.mp
DIGITS = (2_600, 3_000)  # a number that shrinks by hundreds of digits from one to the other is 0, one that grows so has a pole
STEPS = (900, 1_100)  # of the difference quotients, as exponents


class Right:
    """The value and the slopes on both sides: a number, ±inf, or None where there is none."""

    def __init__(self, edge: Edge) -> None:
        nodes, root = parse(edge.text)

        def f(moved: Any) -> Any:
            at = {x: self._evaluated(*parse(v), {}) for x, v in edge.point.items()}
            return self._evaluated(nodes, root, {**at, edge.wrt: at[edge.wrt] + moved})

        with mp.workdps(DIGITS[1]):
            finer = f(mp.mpf(0))
        with mp.workdps(DIGITS[0]):
            self.value = f(mp.mpf(0))
            if self.value and finer is not None:
                moved = abs(finer / self.value)
                self.value = mp.mpf(0) if moved < mp.mpf(10) ** -200 else None if moved > mp.mpf(10) ** 200 else self.value
            self.sides = [None if self.value is None else self._limit(f, sign) for sign in (-1, 1)]
            self.smooth = None not in self.sides and self._same(*self.sides)
            self.slope = self.sides[1] if self.smooth else None

    @staticmethod
    def _evaluated(nodes: Any, root: int, names: dict[str, Any]) -> Any:
        try:
            value = evaluate(nodes, root, names)[root]
        except (ZeroDivisionError, ValueError, TypeError):
            return None
        return mp.mpf(value) if isinstance(value, (mpmath.mpf, int)) and mp.isfinite(value) else None

    def _limit(self, f: Callable[[Any], Any], sign: int) -> Any:
        quotients = []
        for exponent in STEPS:
            step = sign * mp.mpf(10) ** -exponent
            beside = f(step)
            if beside is None:
                return None
            quotients.append((beside - self.value) / step)
        a, b = quotients
        if abs(a - b) <= abs(b) * mp.mpf(10) ** -30:
            return b
        if abs(b) < abs(a) * mp.mpf(10) ** -30:
            return mp.mpf(0)
        return mp.inf if b > 0 else -mp.inf

    @staticmethod
    def _same(a: Any, b: Any) -> bool:
        return bool(mp.isfinite(a) and mp.isfinite(b) and abs(a - b) <= max(abs(a), abs(b)) * mp.mpf(10) ** -20)


@cache
def _right(edge: Edge) -> Right:
    return Right(edge)


def _close(found: Any, right: Any, digits: int = 9) -> bool:
    """Whether a number of the JSON (a number, a text of many digits, "inf", null) is the right one."""
    if found is None or right is None:
        return found is None and right is None
    with mp.workdps(60):
        found = mp.mpf(found)
        if not mp.isfinite(right):
            return bool(found == right)
        return bool(abs(found - right) <= abs(right) * mp.mpf(10) ** -digits)


def _right_beside(entry: dict[str, Any]) -> Any:
    return entry["reference"] if entry["verdict"] == "imprecise" else entry["value"]


ONLY_DOUBLES = ("overflows", "only in double precision", "is computed without overflow")


@every
def test_each_figure_is_right(edge: Edge, judge: LastingJudge) -> None:
    right = _right(edge)
    try:
        made = _record(edge, judge)
    except ValueProblem as problem:
        if right.value is not None:  # then doubles alone are at fault: the message says so, and many digits have the value
            assert any(said in f"{problem.title} {problem.hint}" for said in ONLY_DOUBLES)
            assert "--precision 20" in (problem.hint or "")
        return
    output, found = made["outputs"][0], made["derivatives"][0]
    assert _close(_right_beside(output), right.value), (output, right.value)
    if right.smooth:
        assert found["verdict"] in ("proved", "agrees", "imprecise")
        assert _close(_right_beside(found), right.slope), (found, right.slope)
    else:
        assert found["verdict"] == "kink"
        assert all(_close(found["one_sided"][s], r) for s, r in zip(("left", "right"), right.sides, strict=True))


# -- the same edges in every mode and every arithmetic

WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "trace --mode forward": ("trace", {"mode": "forward"}), "trace --mode both": ("trace", {"mode": "both"}),
    "trace --numbers exact": ("trace", {"numbers": "exact"}), "trace --precision 30": ("trace", {"precision": 30}),
    "trace --order 2": ("trace", {"order": 2}), "trace --precision 30 --order 2": ("trace", {"precision": 30, "order": 2}),
    "trace --kink jax": ("trace", {"kink": "jax"}), "trace --kink torch": ("trace", {"kink": "torch"}),
    "trace --kink strict": ("trace", {"kink": "strict"}), "trace --round 4": ("trace", {"round": 4}),
    "trace --decimals 4": ("trace", {}), "diff --at": ("diff", {}), "diff --at --order 2": ("diff", {"order": 2}),
}  # fmt: skip
MANY = ("trace --numbers exact", "trace --precision 30")


def _asked(edge: Edge, way: str, judge: LastingJudge | None, count: Count) -> None:
    """One edge asked in one way: an error that says what is wrong, or a whole document without nan and a JSON without NaN."""
    command, settings = WAYS[way]
    count("edges asked in another way", 1)
    try:
        made = _report(edge, judge, **settings)
        text = "".join(render(document_of(command, made, Digits(6, 4 if "decimals" in way else None)), Look()))
        found = record(made)
    except WengertError as error:
        assert error.title and error.status == 2
        return
    written = json.dumps(found, allow_nan=False, ensure_ascii=False)
    if "--kink" not in way:  # there the document says what the other library has
        assert not re.search(r"\b(nan|inf)\b", text), text
    assert not re.search(r"NaN|-0\.0[,}\]]", written), written
    assert len(found["derivatives"]) >= 1
    if judge is not None:
        assert found["verdict"] in STATUS and found["verdict"] != "failed", found["derivatives"]


FEW = 4  # of 13, so that each way is asked of some fifty edges


@every
def test_no_way_of_asking_crashes_or_says_nan(edge: Edge, judge: LastingJudge, count: Count) -> None:
    """Some of the ways, others for each edge, and one of them verified; the long run takes and verifies all."""
    for n in range(FEW):
        way = list(WAYS)[(EDGES.index(edge) + 3 * n) % len(WAYS)]
        _asked(edge, way, judge if n == 0 else None, count)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
@every
def test_every_way_of_asking_is_verified(edge: Edge, way: str, judge: LastingJudge, count: Count) -> None:
    _asked(edge, way, judge, count)


@pytest.mark.parametrize("way", MANY)
@pytest.mark.parametrize("edge", EDGES[::3], ids=lambda edge: edge.name)
def test_many_digits_have_some_of_what_doubles_lose(edge: Edge, way: str) -> None:
    _many_digits(edge, way)


@pytest.mark.long
@pytest.mark.parametrize("way", MANY)
@every
def test_many_digits_have_what_doubles_lose(edge: Edge, way: str) -> None:
    _many_digits(edge, way)


def _many_digits(edge: Edge, way: str) -> None:
    right = _right(edge)
    try:
        swept = _report(edge, None, **WAYS[way][1])
    except ValueProblem:
        assert right.value is None
        return
    made = record(swept)
    assert right.value is not None and swept.trace is not None
    assert _close(made["outputs"][0]["value"], right.value, 15)
    if right.smooth and not swept.trace.kinks:
        assert _close(made["derivatives"][0]["value"], right.slope, 15)


# -- the whole way through the command line

LINES = ["abs(x)", "exp(x)", "1 - sigmoid(x)", "sqrt(x)", "tan(x)", "x**2", "(-2)**y", "x - 9007199254740992"]


@pytest.mark.parametrize("text", LINES)
def test_the_command_line_says_the_same(text: str) -> None:
    edge = next(e for e in EDGES if e.text == text)
    run = subprocess.run(
        [sys.executable, "-m", "wengert", "trace", edge.text, "--at", edge.at, "--wrt", edge.wrt, "-f", "json"],
        capture_output=True, encoding="utf-8", timeout=90, check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    if edge.wengert.startswith("error: "):
        assert (run.returncode, run.stdout) == (2, "")
        assert run.stderr.splitlines()[0] == edge.wengert
    else:
        made = json.loads(run.stdout)
        assert run.returncode == STATUS[made["verdict"]]
        assert made["derivatives"][0]["verdict"] in edge.wengert


# -- losses of networks at their kinks: the same figures as the formulas in the table

LOSSES = [  # loss, activation x, target, derivative by x, sides
    ("hinge", "1", "1", -0.5, (-1, 0)),
    ("absolute_error", "1", "1", 0, (-1, 1)),
    ("huber", "2", "1", 1, None),
    ("huber", "0", "1", -1, None),
]


@pytest.mark.parametrize(("loss", "x", "target", "slope", "sides"), LOSSES)
def test_losses_at_their_kinks(
    loss: str, x: str, target: str, slope: float, sides: tuple[int, int] | None, judge: LastingJudge
) -> None:
    from wengert.lang.spec import read_spec
    from wengert.tape.primitives import VOCABULARY

    text = f"inputs: {{x: {x}}}\nlayers: [{{weights: [[1]]}}]\ntargets: [{target}]\nloss: {loss}\nwrt: [x]\n"
    made = record(report(read_spec(text, "f.yaml", VOCABULARY), Settings(budget=60), True, judge))
    found = made["derivatives"][0]
    assert found["value"] == slope
    assert (found["verdict"] == "kink") == (sides is not None)
    if sides is not None:
        assert (found["one_sided"]["left"], found["one_sided"]["right"]) == sides


def test_the_witness_knows_infinite_and_missing_slopes() -> None:
    """The witness itself, on cases that anyone can check."""
    known = {
        ("sqrt(x)", "x=0"): (0, [None, math.inf]), ("abs(x)", "x=0"): (0, [-1, 1]), ("x**2", "x=3"): (9, [6, 6]),
        ("ln(x)", "x=0"): (None, [None, None]), ("x**1.5", "x=0"): (0, [None, 0]), ("tan(x)", "x=pi/2"): (None, [None, None]),
        ("sign(x)", "x=0"): (0, [math.inf, math.inf]), ("x**x", "x=0"): (1, [None, -math.inf]),
    }  # fmt: skip
    for (text, at), (value, sides) in known.items():
        right = Right(Edge("", text, at, "x", (), "", ""))
        assert all(map(_close, [right.value, *right.sides], [value, *sides]))
