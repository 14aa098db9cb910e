"""The judge's process: answers, deadlines, limits."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from tests.verify.handmade import build, request
from wengert.lang.expr import Nodes
from wengert.verify.examine import examine
from wengert.verify.judge import Judge


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as one:
        one.start()
        yield one


def ask(judge: Judge, question: dict[str, Any], seconds: float = 30) -> list[dict[str, Any]]:
    judge.ask(question)
    return list(judge.answers(time.monotonic() + seconds))


def of_kind(answers: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [a for a in answers if a["kind"] == kind]


def test_figures_come_first_then_proofs(judge: Judge) -> None:
    formulas = [("f", "x1", "x2+1/x1"), ("f", "x2", "x1-cos(x2)"), ("f", "seed", "x2+1/x1+(x1-cos(x2))/2")]
    question = request({"f": "ln(x1)+x1*x2-sin(x2)"}, {"x1": "2", "x2": "5"}, formulas, seed={"x1": "1", "x2": "0.5"})
    answers = ask(judge, question)
    assert [a["kind"] for a in answers] == ["value", *["derivative"] * 3, *["random"] * 3, *["proof"] * 3, "done"]
    assert answers[0]["value"].startswith("11.65207145522308377831038652761417054142796167832")
    assert [(a["wrt"], a["value"][:14]) for a in of_kind(answers, "derivative")] == [
        (["seed"], "6.358168907268"), (["x1"], "5.5"), (["x2"], "1.716337814536")]  # fmt: skip
    assert {a["status"] for a in of_kind(answers, "proof")} == {"proved"}


def test_runs_repeat(judge: Judge) -> None:
    question = request({"f": "relu(x)*sqrt(y)+x/y"}, {"x": "1", "y": "2"}, [("f", "x", "1")])
    assert ask(judge, question) == ask(judge, question)


def test_one_sided_values_at_a_kink(judge: Judge) -> None:
    answers = ask(judge, request({"f": "sqrt(x)+abs(y)"}, {"x": "0", "y": "0"}))
    sides = {a["wrt"][0]: (a["left"], a["right"]) for a in of_kind(answers, "one_sided")}
    assert sides == {"x": (None, "inf"), "y": ("-1.0", "1.0")}
    assert of_kind(answers, "random")


def test_without_a_point_each_entry_is_answered_at_a_random_one(judge: Judge) -> None:
    answers = ask(judge, request({"a": "x**2", "f": "a*ln(x)"}, {"x": None}, wrt=["x", "a"]))
    assert {a["wrt"][0] for a in of_kind(answers, "random_entry")} == {"x", "a"}
    assert of_kind(answers, "random")


def test_higher_orders_at_a_point(judge: Judge) -> None:
    asked = [["x", "x"], ["x", "y"], ["y", "x"], ["y", "y"], ["x", "seed"], ["x", "x", "x"]]
    text = {"f": "(1-x)**2 + 100*(y-x**2)**2"}
    answers = ask(judge, request(text, {"x": "-1.2", "y": "1"}, seed={"x": "2", "y": "-0.5"}, orders=asked))
    found = {tuple(a["wrt"]): a["value"] for a in of_kind(answers, "derivative") if len(a["wrt"]) > 1}
    assert [list(index) for index in found] == asked
    assert [float(x) for x in found.values()] == [1330, 480, 480, 200, 2420, -2880]
    first = {tuple(a["wrt"]) for a in of_kind(answers, "derivative") if len(a["wrt"]) == 1}
    assert first == {("x",), ("y",), ("seed",)}


def test_higher_orders_at_a_kink(judge: Judge) -> None:
    answers = ask(judge, request({"f": "x*abs(y)"}, {"x": "1", "y": "0"}, orders=[["y", "x"], ["x", "x"]]))
    sided = of_kind(answers, "one_sided")[-1]
    assert sided == {
        "kind": "one_sided", "of": "f", "wrt": ["y", "x"], "left": "-1.0", "right": "1.0", "along": "y",
        "method": "one-sided limits", "reason": "the derivative of order 1 with respect to y does not exist here",
    }  # fmt: skip
    assert of_kind(answers, "derivative")[-1]["wrt"] == ["x", "x"]


def test_higher_orders_at_a_random_point(judge: Judge) -> None:
    answers = ask(judge, request({"a": "x**2", "f": "a*x**3"}, {"x": None}, wrt=["x", "a"], orders=[["x", "x"], ["x", "a"]]))
    entries = [a for a in of_kind(answers, "random_entry") if len(a["wrt"]) > 1]
    assert [a["wrt"] for a in entries] == [["x", "x"], ["x", "a"]]
    x = float(Fraction(entries[0]["point"]["x"]))
    assert float(entries[0]["slope"]) == pytest.approx(20 * x**3)
    assert float(entries[1]["slope"]) == pytest.approx(3 * x**2)


def test_higher_orders_beyond_the_evaluations_are_told(judge: Judge) -> None:
    question = request({"f": "exp(x)*sin(y)"}, {"x": "1", "y": "2"}, orders=[["x", "y"], ["x"] * 8 + ["y"] * 8])
    answers = ask(judge, {**question, "options": {"entries": 100}})
    assert "1 of 2 have no figure" in of_kind(answers, "note")[-1]["text"]
    assert of_kind(answers, "derivative")[-1]["wrt"] == ["x", "y"]


def test_a_name_that_is_not_moved_is_told(judge: Judge) -> None:
    answers = ask(judge, request({"f": "x*y"}, {"x": "1", "y": "2"}, wrt=["x"], orders=[["x", "y"], ["x", "x"]]))
    assert "1 of 2" in of_kind(answers, "note")[0]["text"]


@pytest.mark.parametrize("digits", [200, 1000, 4000])
def test_more_digits(judge: Judge, digits: int) -> None:
    answers = ask(judge, request({"f": "exp(x)*sin(x)"}, {"x": "1/3"}, orders=[["x", "x"]], options={"digits": digits}))
    with mpmath.workdps(digits + 10):
        x = mpmath.mpf(1) / 3
        truth = [mpmath.exp(x) * t for t in (mpmath.sin(x), mpmath.sin(x) + mpmath.cos(x), 2 * mpmath.cos(x))]
        got = [mpmath.mpf(a["value"]) for a in answers if a["kind"] in ("value", "derivative")]
        assert [abs(a - b) < mpmath.mpf(10) ** (12 - digits) for a, b in zip(got, truth, strict=True)] == [True] * 3
    assert len(of_kind(answers, "random")[0]["slope"]) < 60


def test_more_digits_at_a_kink(judge: Judge) -> None:
    answers = ask(judge, request({"f": "relu(x)*exp(y)"}, {"x": "0", "y": "1"}, options={"digits": 300}))
    right = of_kind(answers, "one_sided")[0]["right"]
    with mpmath.workdps(320):
        assert abs(mpmath.mpf(right) - mpmath.e) < mpmath.mpf(10) ** -288


def test_more_digits_than_a_large_model_bears(judge: Judge) -> None:
    steps = {"s0": "sin(x)"} | {f"s{i}": f"sin(s{i - 1})+x" for i in range(1, 600)}
    answers = ask(judge, request(steps, {"x": "1"}, options={"digits": 4000}))
    assert len(answers[0]["value"]) < 60


def test_no_point_in_the_domain_is_said(judge: Judge) -> None:
    answers = ask(judge, request({"f": "ln(-1-x**2)"}, {"x": None}))
    assert "no random point" in of_kind(answers, "note")[0]["text"]


# operation, what is said to be its derivative, status
RULES = [
    ("sigmoid(x)", "sigmoid(x)*(1-sigmoid(x))", "proved"),
    ("sigmoid(x)", "sigmoid(x)", "wrong"),
    ("erf(x)", "2/sqrt(pi)*exp(-x**2)", "proved"),
    ("relu(x)", "where(x > 0.000001, 1, 0)", "wrong"),  # in a place where no random point falls
    ("relu(x)", "where(x > 1e-20, 1, 0)", "wrong"),
    ("asech(x)", "-1/(x*sqrt(-x*(1 + x)))", "wrong"),  # it has no value where asech has a slope
    ("asec(x)", "1/(abs(x)*sqrt(x**2.000001 - 1))", "wrong"),  # what would keep sympy busy for minutes
]


@pytest.mark.parametrize(("source", "partial", "status"), RULES)
def test_rules(source: str, partial: str, status: str, judge: Judge) -> None:
    nodes = Nodes()
    item = {"primitive": "f", "key": "key", "params": ["x"], "argument": 0, "operation": "f", "source": build(nodes, source),
            "partial": build(nodes, partial), "nodes": nodes.columns()}  # fmt: skip
    answers = ask(judge, request({"f": source}, {"x": "1/2" if "asec" not in source else "5/8"}, rules=[item]))
    assert [a["status"] for a in of_kind(answers, "rule")] == [status]


def test_formulas_that_are_too_large_together_are_not_proved() -> None:
    """By a count: none of them, whatever the machine has time for."""
    sine = "+".join(f"sin({i}*x)" for i in range(2, 22))
    cosine = "+".join(f"{i}*cos({i}*x)" for i in range(2, 22))
    formulas = [("f", "x", cosine), ("f", "y", "1")]
    assert _statuses(request({"f": f"{sine}+y"}, {"x": None, "y": None}, formulas)) == {"proved"}
    assert _statuses(request({"f": f"{sine}+y"}, {"x": None, "y": None}, [*formulas] * 800)) == {
        "too large: 1600 formulas of 112,000 terms together when written out; the limit is 100,000"
    }


def _statuses(asked: dict[str, Any]) -> set[str]:
    return {a["reason"] or a["status"] for a in examine({**asked, "outputs": []}) if a["kind"] == "proof"}


def test_no_formula_is_proved_where_a_rule_is_wrong(judge: Judge) -> None:
    nodes = Nodes()
    item = {"primitive": "f", "key": "key", "params": ["x"], "argument": 0, "operation": "f", "source": build(nodes, "sin(x)"),
            "partial": build(nodes, "sin(x)"), "nodes": nodes.columns()}  # fmt: skip
    answers = ask(judge, request({"f": "sin(x)"}, {"x": "1"}, [("f", "x", "cos(x)")], rules=[item]))
    assert not of_kind(answers, "proof")


@pytest.mark.parametrize("text", ["where(x > y, x**2, y)", "abs(x - y)", "max(x, y)", "relu(x - y)*y"])
def test_some_random_points_lie_on_branches_that_the_point_does_not_lie_on(text: str, judge: Judge) -> None:
    answers = ask(judge, request({"f": text}, {"x": "1", "y": "7"}))
    sides = {Fraction(a["point"]["x"]) > Fraction(a["point"]["y"]) for a in of_kind(answers, "random")}
    assert sides == {True, False}


def test_a_choice_between_constants_hides_no_random_point(judge: Judge) -> None:
    answers = ask(judge, request({"f": "where(1 == 1, x**2, x)"}, {"x": None}))
    assert of_kind(answers, "random")


@pytest.mark.parametrize(
    "text", ["9**9**9**9*x", "exp(exp(exp(exp(exp(x)))))", "x**(10**9)+sin(10**10**7*x)", "1e1000000000*x"]
)
def test_towers_end_without_a_deadline(judge: Judge, text: str) -> None:
    began = time.monotonic()
    answers = ask(judge, request({"f": text}, {"x": "3"}, [("f", "x", "x")]))
    assert answers[-1] == {"kind": "done"}
    assert of_kind(answers, "proof")[0]["status"] == "open"
    assert time.monotonic() - began < 10


def test_sigmoids_nested_deeply_come_back(judge: Judge) -> None:
    steps = {"s1": "sigmoid(x)"} | {f"s{i}": f"sigmoid(s{i - 1})" for i in range(2, 41)}
    ours = "*".join(f"s{i}*(1-s{i})" for i in range(1, 41))
    answers = ask(judge, request(steps, {"x": "1"}, [("s40", "x", ours)]))
    assert of_kind(answers, "proof")[0]["status"] in ("proved", "open")
    assert of_kind(answers, "derivative")


def test_the_deadline_ends_the_child() -> None:
    with Judge() as judge:
        judge.start()
        question = request({"f": "x**2"}, {"x": "1"})
        answers = ask(judge, question, seconds=0.01)
        assert answers[-1]["kind"] == "stopped"
        assert "budget" in answers[-1]["reason"]
        assert ask(judge, question)[0]["fatal"]


def test_the_memory_limit_is_told() -> None:
    with Judge() as judge:
        judge.start(memory=60 << 20)
        answers = ask(judge, request({"f": "x**2"}, {"x": "1"}))
        assert answers[-1]["kind"] == "stopped"
        assert answers[-1]["reason"]


def test_the_processor_limit_is_told() -> None:
    pytest.importorskip("resource")
    nodes = Nodes()
    root = nodes.name("x")
    for _ in range(300_000):
        root = nodes.call("sin", [root])
    question = request({"f": "x"}, {"x": "1"})
    question |= {"nodes": nodes.columns(), "inputs": [["x", None]], "definitions": [["f", root]]}
    with Judge() as judge:
        judge.start(cpu=1)
        answers = ask(judge, question)
        assert answers[-1]["kind"] == "stopped"
        assert "signal" in answers[-1]["reason"]


def test_a_judge_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with Judge() as judge:
        judge.start()
        answers = ask(judge, request({"f": "x"}, {"x": "1"}))
    assert len(answers) == 1
    assert answers[0]["fatal"]


def test_the_child_ends_when_its_stdin_closes() -> None:
    code = "import sys; sys.path[:] = sys.argv[1:]; from wengert.verify.child import main; main()"
    child = subprocess.Popen([sys.executable, "-c", code, *sys.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.communicate(b"", timeout=20)
    assert child.returncode == 0


def test_the_parent_side_loads_neither_library() -> None:
    code = "import sys, wengert.verify.judge; print('sympy' in sys.modules or 'mpmath' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_large_request_does_not_wait_for_itself(judge: Judge) -> None:
    nodes = Nodes()
    root = nodes.name("x")
    for _ in range(60_000):
        root = nodes.call("add", [root, nodes.number("1")])
    question = request({"f": "x"}, {"x": "1"})
    value = nodes.number("2")
    question |= {"nodes": nodes.columns(), "inputs": [["x", value]], "definitions": [["f", root]]}
    answers = ask(judge, question, seconds=60)
    assert of_kind(answers, "value")[0]["value"] == "60002.0"
