"""The judge works from the model and from its own dictionary: its process loads nothing of the rule table, of the lists or of
the sweeps, answers the same where those cannot be loaded at all, and the same for a model whatever is in the table.

The corpus has every primitive in it. What the judge is asked about the table's own formulas (rules, proofs) is left out where
the table is broken: those questions are made of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Count
from tests.programs import model
from tests.trust.planting import contexts
from wengert.report import Report, Settings
from wengert.sweep.formulas import Formulas
from wengert.tape import primitives
from wengert.tape.lower import lower
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.verify import judge
from wengert.verify.request import request

ROOT = Path(__file__).resolve().parent.parent.parent

# Before the judge's own code: what it loads is written to a file, and some of it cannot be loaded.
WATCH = """
import sys
class _Watch:
    def find_spec(self, name, path=None, target=None):
        with open({log!r}, "a") as out:
            out.write(name + "\\n")
        if name.startswith({banned!r}):
            raise ImportError("the judge may not load " + name)
        return None
sys.meta_path.insert(0, _Watch())
"""
OURS = ("wengert.tape", "wengert.sweep", "wengert.show", "wengert.cli", "wengert.report", "wengert.pipeline", "wengert.face")
ALLOWED = {"wengert", "wengert.verify", "wengert.lang", "wengert.errors", "wengert.characters", "wengert.lang.expr",
           "wengert.lang.model", "wengert.lang.ramp", "wengert.lang.shape"}  # fmt: skip


def answers(requests: list[bytes], code: str = "") -> list[bytes]:
    """The lines that a judge's process writes to these requests."""
    child = subprocess.Popen(
        [sys.executable, "-c", code + judge._CODE, str(judge.MEMORY), "0", *sys.path], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None
    found = []
    with child:
        for line in requests:
            child.stdin.write(line + b"\n")
            child.stdin.flush()
            while True:
                answer = child.stdout.readline()
                assert answer, "the judge ended early"
                found.append(answer)
                if json.loads(answer)["kind"] == "done":
                    break
    return found


def corpus() -> Iterator[tuple[str, bytes]]:
    """(primitive, request) for the shortest models with each primitive, at a point, with formulas and rules."""
    for name, record in PRIMITIVES.items():
        for context in contexts(record)[:1]:
            m = context.model(context.points[0])
            made = Report(m, lower(m), Settings(), None, None, None)
            yield name, json.dumps(made.request() | {"at_point": True}).encode()


def of_the_model_alone(text: str, point: dict[str, str], wrt: tuple[str, ...]) -> bytes:
    """What is asked of a model, without a question about rules or formulas."""
    m = model(text, point, wrt=wrt)
    asked: dict[str, Any] = request(m, None, [], True)
    return json.dumps(asked | {"orders": [[x, y] for x in m.wrt for y in m.wrt if x <= y]}).encode()


@pytest.fixture(scope="module")
def asked() -> list[bytes]:
    return [line for _, line in corpus()]


@pytest.fixture(scope="module")
def right(asked: list[bytes]) -> list[bytes]:
    return answers(asked)


def test_the_corpus_has_every_primitive_and_all_kinds_of_answers(right: list[bytes]) -> None:
    assert {name for name, _ in corpus()} == set(PRIMITIVES)
    kinds = {json.loads(line)["kind"] for line in right}
    assert kinds >= {"value", "derivative", "random", "rule", "proof"}


def test_the_process_loads_nothing_of_what_it_judges(asked: list[bytes], right: list[bytes], tmp_path: Path) -> None:
    log = tmp_path / "loaded"
    answers(asked, WATCH.format(log=str(log), banned=("no such module",)))
    loaded = set(log.read_text().split())
    assert "wengert.verify.examine" in loaded and "sympy" in loaded
    ours = {name for name in loaded if name.partition(".")[0] == "wengert"}
    assert not {name for name in ours if name.startswith(OURS)}
    assert {name for name in ours if not name.startswith("wengert.verify")} <= ALLOWED


def test_it_answers_the_same_bytes_where_that_cannot_be_loaded(
    asked: list[bytes], right: list[bytes], tmp_path: Path, count: Count
) -> None:
    found = answers(asked, WATCH.format(log=str(tmp_path / "loaded"), banned=OURS))
    assert found == right
    count("judge's independence: answers that are byte for byte the same without table, lists and sweeps", len(found))


def test_it_answers_the_same_bytes_with_a_broken_table_in_its_own_process(
    asked: list[bytes], right: list[bytes], count: Count
) -> None:
    """Every record at once: definition, partials, stable forms, what every arithmetic brings."""
    broken = (
        "from dataclasses import replace\n"
        "from wengert.tape import primitives\n"
        "from wengert.sweep.arithmetics import Digits, Float\n"
        "for name, r in list(primitives.PRIMITIVES.items()):\n"
        "    primitives.PRIMITIVES[name] = replace(r, definition='7', stable='8', partials=('9',)*len(r.partials),\n"
        "        stable_partials=('10',)*len(r.partials), written='11', domain=(), kinks=())\n"
        "Float.functions = dict.fromkeys(Float.functions, lambda *a: 12.0)\n"
    )
    assert answers(asked, broken) == right
    count("judge's independence: records broken in its own process", len(PRIMITIVES))


def _broken(record: Primitive) -> Primitive:
    count = len(record.partials)
    return replace(
        record, definition="7", stable="8", partials=("9",) * count, stable_partials=("10",) * count, written="11", domain=(),
        kinks=(), defaults=tuple((name, "12") for name, _ in record.defaults),
    )  # fmt: skip


def test_a_broken_record_changes_no_answer_about_a_model(monkeypatch: pytest.MonkeyPatch, count: Count) -> None:
    """Each record broken under it in turn, in the process that asks."""
    cases = [(r, c.text, dict(c.points[0]), c.wrt) for r in PRIMITIVES.values() for c in contexts(r)[:1]]
    before = [of_the_model_alone(*case) for _, *case in cases]
    after = []
    for record, *case in cases:
        with monkeypatch.context() as patch:
            patch.setitem(primitives.PRIMITIVES, record.name, _broken(record))
            after.append(of_the_model_alone(*case))
    assert after == before  # the questions themselves owe nothing to the table
    assert answers(after) == answers(before)
    count("judge's independence: records broken where it is asked, definition included", len(cases))


def test_a_question_about_a_formula_that_is_broken_leaves_the_figures_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """With formulas and rules in the request, the figures are still the model's."""
    for record in PRIMITIVES.values():
        context = contexts(record)[0]
        m = context.model(context.points[0])
        before = Report(m, lower(m), Settings(), None, None, None).request()
        with monkeypatch.context() as patch:
            patch.setitem(primitives.PRIMITIVES, record.name, _broken(record))
            after = Report(m, lower(m), Settings(), None, None, None).request()
        for key in ("inputs", "definitions", "outputs", "wrt", "seed", "nodes", "at_point", "orders"):
            assert before[key] == after[key], (record.name, key)
        assert isinstance(Report(m, lower(m), Settings(), None, None, None).formulas, Formulas)
