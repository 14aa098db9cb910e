"""The JSON contract (design, section 9), key by key: what other programs rely on."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tests.conftest import LastingJudge
from tests.programs import evaluate, mp, parse
from wengert import pipeline
from wengert.lang.options import override
from wengert.report import Report, Settings, report
from wengert.show.record import record
from wengert.tape.primitives import PRIMITIVES, VOCABULARY

Json = dict[str, Any]
TRACE_KEYS = ["schema", "title", "source", "formula", "arithmetic", "assumptions", "inputs", "statements", "contributions",
              "outputs", "derivatives", "operations", "verdict", "warnings"]  # fmt: skip
DIFF_KEYS = [k for k in TRACE_KEYS if k != "contributions"]
STATEMENT_KEYS = ["name", "primitive", "arguments", "formula", "value", "partials", "adjoints", "tangents"]
VALUE_KEYS = {"value", "adjoints", "tangents", "reference", "contributions"}
BAYDIN = "ln(x1) + x1*x2 - sin(x2)"
NETWORK = """\
title: Two neurons
source: a test
inputs: {x1: 1, x2: 2}
parameters: {w1: 0.5, w2: -0.25, b: 0.1, v: 2}
layers:
  - {weights: [[w1, w2]], bias: [b], activation: tanh, pre: [z], post: [h]}
  - {weights: [[v]], pre: [y], post: [y]}
targets: [1]
loss: {kind: half_squared_error, name: L}
"""


def made(
    formula: str, judge: LastingJudge | None, at: str | None = None, *, wrt: str | None = None, of: str | None = None,
    seed: str | None = None, **settings: Any,
) -> Json:  # fmt: skip
    model = override(pipeline.load(formula), VOCABULARY, at=[at] if at else (), wrt=wrt, of=of, seed=seed)
    return read(report(model, Settings(**{"verify": judge is not None, **settings}), at is not None, judge))


def read(found: Report) -> Json:
    """The record as a strict reader of JSON has it."""

    def refuse(text: str) -> Any:
        raise AssertionError(f"{text} is not JSON")

    return json.loads(json.dumps(record(found), allow_nan=False), parse_constant=refuse)  # type: ignore[no-any-return]


@pytest.fixture
def network(tmp_path: Any, judge: LastingJudge) -> Json:
    path = tmp_path / "net.yaml"
    path.write_text(NETWORK, encoding="utf-8")
    return read(report(pipeline.load(path), Settings(mode="both"), True, judge))


# -- trace


def test_keys_of_a_trace(judge: LastingJudge) -> None:
    found = made(BAYDIN, judge, "x1=2,x2=5", mode="both")
    assert list(found) == TRACE_KEYS
    assert found["schema"] == "wengert.trace/1"
    assert (found["title"], found["source"]) == (None, None)
    assert found["formula"] == BAYDIN
    assert found["arithmetic"] == "float64"
    assert found["assumptions"] == ["ln and log are the natural logarithm"]
    assert found["warnings"] == []
    assert found["verdict"] == "proved"


def test_inputs_and_statements(judge: LastingJudge) -> None:
    found = made(BAYDIN, judge, "x1=2,x2=5", mode="both")
    x1, x2 = found["inputs"]
    assert x1 == {"name": "x1", "value": 2.0, "role": "input", "adjoints": {"f": 5.5}, "tangents": {"x1": 1.0, "x2": 0.0}}
    assert list(x2) == list(x1)
    v1, v2, v3, v4, f = found["statements"]
    assert [s["name"] for s in (v1, v2, v3, v4, f)] == ["v1", "v2", "v3", "v4", "f"]
    assert [s["primitive"] for s in (v1, v2, v3, v4, f)] == ["ln", "mul", "add", "sin", "sub"]
    assert [s["arguments"] for s in (v1, v2, v3, v4, f)] == [["x1"], ["x1", "x2"], ["v1", "v2"], ["x2"], ["v3", "v4"]]
    for statement in (v1, v2, v3, v4, f):
        assert list(statement) == STATEMENT_KEYS
        assert isinstance(statement["value"], float)
    assert v1["partials"] == [{"argument": 0, "to": "x1", "formula": "1/x1", "value": 0.5}]
    assert v1["adjoints"] == {"f": 1.0}
    assert v1["tangents"] == {"x1": 0.5, "x2": 0.0}
    assert [p["value"] for p in v2["partials"]] == [5.0, 2.0]
    assert f["value"] == pytest.approx(math.log(2) + 10 - math.sin(5), rel=1e-15)


def test_contributions_stand_in_the_order_of_the_sweep(judge: LastingJudge) -> None:
    found = made(BAYDIN, judge, "x1=2,x2=5")
    order = [(c["statement"], c["argument"], c["to"]) for c in found["contributions"]]
    assert order == [("f", 0, "v3"), ("f", 1, "v4"), ("v4", 0, "x2"), ("v3", 0, "v1"), ("v3", 1, "v2"), ("v2", 0, "x1"),
                     ("v2", 1, "x2"), ("v1", 0, "x1")]  # fmt: skip
    assert found["contributions"][0] == {
        "output": "f", "statement": "f", "argument": 0, "to": "v3", "partial": "1", "partial_value": 1.0, "adjoint": 1.0,
        "value": 1.0,
    }  # fmt: skip
    for c in found["contributions"]:
        assert c["value"] == c["adjoint"] * c["partial_value"]
    sums = {x["name"]: 0.0 for x in found["inputs"]}
    for c in found["contributions"]:
        if c["to"] in sums:
            sums[c["to"]] += c["value"]
    assert sums == {x["name"]: x["adjoints"]["f"] for x in found["inputs"]}


def test_derivatives(judge: LastingJudge) -> None:
    found = made(BAYDIN, judge, "x1=2,x2=5")
    first, second = found["derivatives"]
    assert list(first) == ["of", "wrt", "value", "formula", "expanded", "verdict", "witness", "reference"]
    assert first | {"formula": ""} == {
        "of": "f", "wrt": ["x1"], "value": 5.5, "formula": "", "expanded": True, "verdict": "proved", "witness": "sympy",
        "reference": 5.5,
    }  # fmt: skip
    assert second["wrt"] == ["x2"]
    assert second["reference"] == pytest.approx(second["value"], rel=1e-15)
    value = found["statements"][-1]["value"]
    assert found["outputs"] == [{"name": "f", "statement": "f", "value": value, "verdict": "agrees", "reference": value}]


def test_the_mode_decides_which_sweeps_are_there(judge: LastingJudge) -> None:
    for mode, keys in (("reverse", {"adjoints"}), ("forward", {"tangents"}), ("both", {"adjoints", "tangents"})):
        found = made(BAYDIN, judge, "x1=2,x2=5", mode=mode)
        assert set(found["statements"][0]) & {"adjoints", "tangents"} == keys
        assert [d["value"] for d in found["derivatives"]] == pytest.approx([5.5, 2 - math.cos(5)])
        assert bool(found["contributions"]) == (mode != "forward")


def test_several_outputs(judge: LastingJudge) -> None:
    found = made("r = x*y; s = r + x", judge, "x=2,y=3", of="r,s")
    assert [o["name"] for o in found["outputs"]] == ["r", "s"]
    assert [(d["of"], d["wrt"], d["value"]) for d in found["derivatives"]] == [
        ("r", ["x"], 3.0), ("r", ["y"], 2.0), ("s", ["x"], 4.0), ("s", ["y"], 2.0),
    ]  # fmt: skip
    r, s = found["statements"]
    assert r["adjoints"] == {"r": 1.0, "s": 1.0}
    assert s["adjoints"] == {"s": 1.0}, "no path leads from s to r"
    assert [c["output"] for c in found["contributions"]] == ["r", "r", "s", "s", "s", "s"]


def test_a_seed(judge: LastingJudge) -> None:
    found = made("x*y", judge, "x=2,y=3", seed="x=1,y=0.5")
    assert found["derivatives"][0]["wrt"] == ["seed"]
    assert found["derivatives"][0]["value"] == 4.0
    assert [x["tangents"] for x in found["inputs"]] == [{"seed": 1.0}, {"seed": 0.5}]
    assert found["statements"][0]["tangents"] == {"seed": 4.0}
    assert found["derivatives"][0]["verdict"] in ("proved", "agrees")


def test_a_kink(judge: LastingJudge) -> None:
    found = made("abs(x)", judge, "x=0")
    row = found["derivatives"][0]
    assert row["verdict"] == found["verdict"] == "kink"
    assert row["one_sided"] == {"left": -1.0, "right": 1.0}
    assert row["value"] == 0.0
    assert len(found["assumptions"]) == 1


def test_an_infinite_slope(judge: LastingJudge) -> None:
    row = made("cbrt(x)", judge, "x=0")["derivatives"][0]
    assert row["verdict"] == "kink"
    assert row["one_sided"] == {"left": "inf", "right": "inf"}
    assert row["value"] in ("inf", None)


def test_one_side_only(judge: LastingJudge) -> None:
    row = made("sqrt(x)", judge, "x=0")["derivatives"][0]
    assert row["verdict"] == "kink"
    assert row["one_sided"] == {"left": None, "right": "inf"}


def test_a_derivative_that_exists_at_kinks(judge: LastingJudge) -> None:
    row = made("relu(x) - relu(-x)", judge, "x=0")["derivatives"][0]
    assert row["value"] == 1.0
    assert row["verdict"] in ("proved", "agrees")
    assert "0" in row["reason"]


def test_lost_digits(judge: LastingJudge) -> None:
    found = made("(1 - cos(x))/x**2", judge, "x=1e-8")
    row = found["derivatives"][0]
    assert row["verdict"] == found["verdict"] == "imprecise"
    assert row["digits_lost"] > 8
    assert row["reference"] == pytest.approx(-1e-8 / 12, rel=1e-6)


def test_a_value_that_lost_its_digits(judge: LastingJudge) -> None:
    found = made("1 - tanh(x)", judge, "x=20")
    (output,), (row,) = found["outputs"], found["derivatives"]
    assert (output["value"], output["verdict"], output["digits_lost"]) == (0.0, "imprecise", 16)
    assert output["reference"] == pytest.approx(8.496708510583178e-18)
    assert (row["verdict"], found["verdict"]) == ("proved", "imprecise")
    assert found["losses"][0]["statement"] == "v1"


def test_without_verification() -> None:
    found = made("x**2", None, "x=3")
    assert found["verdict"] is None
    row = found["derivatives"][0]
    assert (row["verdict"], row["witness"], row["reference"]) == (None, None, None)


def test_constants_as_arguments(judge: LastingJudge) -> None:
    found = made("2*x + pi", judge, "x=3")
    assert [s["arguments"] for s in found["statements"]] == [["2", "x"], ["v1", "pi"]]
    assert found["statements"][0]["partials"] == [{"argument": 1, "to": "x", "formula": "2", "value": 2.0}]


def test_the_same_name_twice(judge: LastingJudge) -> None:
    found = made("x*x", judge, "x=3")
    assert [p["argument"] for p in found["statements"][0]["partials"]] == [0, 1]
    assert [(c["argument"], c["value"]) for c in found["contributions"]] == [(0, 3.0), (1, 3.0)]


# -- diff


def test_keys_of_a_diff(judge: LastingJudge) -> None:
    found = made("(x**2 + 1)**3", judge)
    assert list(found) == DIFF_KEYS
    assert found["schema"] == "wengert.diff/1"
    assert found["verdict"] == "proved"

    def keys(tree: Any) -> set[str]:
        if isinstance(tree, dict):
            return set(tree).union(*(keys(v) for v in tree.values()))
        return set().union(*(keys(v) for v in tree)) if isinstance(tree, list) else set()

    assert not keys(found) & VALUE_KEYS
    assert found["derivatives"] == [
        {"of": "f", "wrt": ["x"], "formula": "6*x*(x**2 + 1)**2", "expanded": True, "verdict": "proved", "witness": "sympy"}
    ]
    assert found["inputs"] == [{"name": "x", "role": "input"}]


def test_a_diff_with_a_point_has_values(judge: LastingJudge) -> None:
    model = override(pipeline.load("(x**2 + 1)**3"), VOCABULARY, at=["x=3"])
    found = read(report(model, Settings(), True, judge))
    assert found["derivatives"][0]["value"] == 1800.0


# -- a network


def test_a_network_is_written_at_operation_level(network: Json) -> None:
    assert (network["title"], network["source"], network["formula"]) == ("Two neurons", "a test", None)
    assert any("½" in sentence for sentence in network["assumptions"])
    roles = {x["name"]: x["role"] for x in network["inputs"]}
    assert roles == {
        "x1": "input", "x2": "input", "w1": "parameter", "w2": "parameter", "b": "parameter", "v": "parameter", "t1": "target",
    }  # fmt: skip
    names = [s["name"] for s in network["statements"]]
    assert {"z", "h", "y", "L"} <= set(names)
    assert len(names) > 4
    assert all(len(s["arguments"]) <= 2 for s in network["statements"]), "one elementary operation a statement"
    assert network["statements"][-1]["name"] == "L"
    assert [d["wrt"] for d in network["derivatives"]] == [["w1"], ["w2"], ["b"], ["v"]]


def test_a_network_adds_up(network: Json) -> None:
    """The gradient by hand: y = v·tanh(w1·x1 + w2·x2 + b), L = ½(y − 1)²."""
    h = math.tanh(0.5 * 1 - 0.25 * 2 + 0.1)
    y = 2 * h
    z_bar = (y - 1) * 2 * (1 - h * h)
    expected = {"w1": z_bar, "w2": 2 * z_bar, "b": z_bar, "v": (y - 1) * h}
    assert {d["wrt"][0]: d["value"] for d in network["derivatives"]} == pytest.approx(expected, rel=1e-14)
    bars = {s["name"]: s["adjoints"]["L"] for s in network["statements"]}
    assert bars["z"] == pytest.approx(z_bar, rel=1e-14)


# -- formulas are in the formula language


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        (BAYDIN, "x1=2,x2=5"),
        ("-x**2 + (-x)**3 - -x", "x=1.5"),
        ("2**-x / 3**(x/2)", "x=0.5"),
        ("max(x, y, 2)*abs(x - y) + where(x >= y, x, y)", "x=1,y=3"),
        ("sigmoid(a*x + b)*relu(x) + leaky_relu(x, 0.1)", "a=1,x=2,b=-1"),
        ("softmax(2, x, y, z) + logsumexp(x, y) + mean(x, y, z) + norm(x, y) + dot(x, y, z, x)", "x=1,y=2,z=3"),
        ("log(x, 3) + log2(x) + log10(x) + log1p(x) + expm1(x) + cbrt(x) + √x", "x=2"),
        ("sec(x)*csc(x)*cot(x) + asin(x) + acoth(3x) + atan2(x, 2) + hypot(x, 1)", "x=0.5"),
        ("(x - (y - 1))/(x/(y/2))**2**x", "x=1.5,y=2"),
        ("gelu(x) + silu(x) + softplus(x) + erf(x) + erfc(x) + elu(x) + selu(x)", "x=0.7"),
    ],
)
def test_formulas_parse_back(formula: str, at: str) -> None:
    """Every formula of the record, read again and evaluated by another evaluator, has the value that stands beside it."""
    found = made(formula, None, at)
    names = {x["name"]: mp.mpf(x["value"]) for x in (*found["inputs"], *found["statements"])}
    beside = [(s["formula"], s["value"]) for s in found["statements"]]
    beside += [(p["formula"], p["value"]) for s in found["statements"] for p in s["partials"]]
    beside += [(c["partial"], c["partial_value"]) for c in found["contributions"]]
    beside += [(d["formula"], d["value"]) for d in found["derivatives"]]
    beside.append((found["formula"], found["outputs"][0]["value"]))
    for text, value in beside:
        nodes, root = parse(text)
        assert float(evaluate(nodes, root, names)[root]) == pytest.approx(value, rel=1e-12, abs=1e-14), text


def test_primitives_have_their_names(judge: LastingJudge) -> None:
    found = made("sigmoid(x)*y + max(x, y) - log(x, 2)", None, "x=1,y=2")
    labels = {s["primitive"] for s in found["statements"]}
    assert labels <= {p.label for p in PRIMITIVES.values()}
    assert {"sigmoid", "mul", "max", "log", "add", "sub"} <= labels
