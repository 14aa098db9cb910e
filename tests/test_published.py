"""Published worked examples: what textbooks, lectures and libraries print, against what wengert computes.

`published.yaml` holds the cases. A printed figure holds if it is the right value rounded to its printed digits; one without
a decimal point is exact. Where a source slips, the right figure stands beside the printed one. Expressions (`2*sqrt(2)`) are
evaluated by `programs.evaluate`, which knows nothing of the rule table.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import mpmath
import pytest
import yaml

from tests.conftest import LastingJudge
from tests.programs import evaluate, parse
from wengert import pipeline
from wengert.lang.model import Model
from wengert.lang.options import override
from wengert.report import Settings, report
from wengert.show.record import record
from wengert.sweep.optimizers import OPTIMIZERS
from wengert.sweep.training import train
from wengert.tape.lower import lower
from wengert.tape.primitives import VOCABULARY

Case = dict[str, Any]
CASES: list[Case] = yaml.load((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
BY_ID = {case["id"]: case for case in CASES}

PROSE = ("conventions",)  # what other systems do at a kink: sentences
CHECKED = ("values", "tangents", "adjoints", "gradients", "hessian", "symbolic", "updated", "after", "one_sided")
GOOD = {"proved", "agrees", "kink", "imprecise"}
LOSSES = {"half_sse": "half_squared_error", "sse": "squared_error", "mse": "mse"}
BOXES = ((0.1, 0.9), (1.1, 2.9), (-0.9, 0.9), (-3.0, 3.0))  # where formulas are compared if the case names no domain


@dataclass
class Tally:
    """What has been checked so far: expectations by case."""

    expectations: dict[str, int] = field(default_factory=dict)

    def add(self, id: str, count: int) -> None:
        self.expectations[id] = self.expectations.get(id, 0) + count


TALLY = Tally()


def with_key(*keys: str) -> list[str]:
    return [c["id"] for c in CASES if any(k in c["expected"] for k in keys)]


# -- the tests


@pytest.mark.parametrize("id", with_key("values", "adjoints", "gradients"))
def test_values_adjoints_and_gradients(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    case = BY_ID[id]
    found = at_the_point(case, judge, tmp_path)
    assert_verified(found)
    wrong = []
    for what, got in (("values", values(found)), ("adjoints", adjoints(found)), ("gradients", gradients(found))):
        wrong += differences(case, what, case["expected"].get(what, {}), got)
    assert not wrong


@pytest.mark.parametrize("id", with_key("hessian"))
def test_derivatives_of_higher_order(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    """The Hessian, and every further order that the source prints."""
    case = BY_ID[id]
    orders = {name.count(",") + 1 for name in case["expected"]["hessian"]}
    got: dict[str, Any] = {}
    for order in orders:
        found = at_the_point(case, judge, tmp_path, order=order)
        assert_verified(found)
        got |= {",".join(sorted(d["wrt"])): d["value"] for d in found["derivatives"] if len(d["wrt"]) > 1}
    assert not differences(case, "hessian", case["expected"]["hessian"], got)


@pytest.mark.parametrize("id", with_key("tangents"))
def test_tangents(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    case = BY_ID[id]
    seed = ",".join(f"{name}={value}" for name, value in case["seed"].items())
    found = traced(override(model_of(case, tmp_path), VOCABULARY, seed=seed), judge, mode="forward")
    assert_verified(found)
    assert [d["wrt"] for d in found["derivatives"]] == [["seed"]]
    got = {s["name"]: s["tangents"]["seed"] for s in found["statements"]}
    assert found["derivatives"][0]["value"] == got[found["derivatives"][0]["of"]]
    assert not differences(case, "tangents", case["expected"]["tangents"], got)


@pytest.mark.parametrize("id", with_key("tangents"))
def test_a_seed_is_the_gradient_along_it(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    """Forward and reverse say the same of the cases that give a direction: ẏ = Σ (∂y/∂x)·ẋ."""
    case = BY_ID[id]
    found = at_the_point(case, judge, tmp_path, mode="both")
    slopes = gradients(found)
    printed = list(case["expected"]["tangents"].values())[-1]
    total = sum(float(constant(component)) * slopes[name] for name, component in case["seed"].items())
    assert fault(total, right(case, "tangents", list(case["expected"]["tangents"])[-1], printed)) is None
    for slope in found["derivatives"]:
        outputs = {s["name"]: s["tangents"] for s in found["statements"]}
        assert outputs[slope["of"]][slope["wrt"][0]] == pytest.approx(slope["value"], rel=1e-12)


@pytest.mark.parametrize("id", with_key("symbolic"))
def test_formulas_of_derivatives(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    case = BY_ID[id]
    model = model_of(case, tmp_path)
    found = json_of(record(report(model, Settings(), False, judge)))
    assert found["schema"] == "wengert.diff/1"
    assert_verified(found)
    ours = {d["wrt"][0]: d["formula"] for d in found["derivatives"]}
    wrong: list[str] = []
    for name, theirs in case["expected"]["symbolic"].items():
        assert next(d for d in found["derivatives"] if d["wrt"] == [name])["expanded"]
        wrong += different_formulas(case, model, ours[name], theirs)
    assert not wrong
    TALLY.add(id, len(case["expected"]["symbolic"]))


@pytest.mark.parametrize("id", with_key("updated"))
def test_one_step_of_gradient_descent(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    case = BY_ID[id]
    moved = stepped(case, at_the_point(case, judge, tmp_path))
    assert not differences(case, "updated", case["expected"]["updated"], moved)


@pytest.mark.parametrize("id", with_key("after"))
def test_after_steps_of_gradient_descent(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    case = BY_ID[id]
    assert set(case["expected"]["after"]) == {"1"}
    moved = stepped(case, at_the_point(case, judge, tmp_path))
    at = [",".join(f"{name}={value!r}" for name, value in moved.items())]
    found = traced(override(ready(case, tmp_path), VOCABULARY, at=at), judge)
    assert_verified(found)
    assert not differences(case, "after.1.values", case["expected"]["after"]["1"]["values"], values(found))


@pytest.mark.parametrize("id", with_key("updated", "after"))
def test_train_takes_the_same_step(id: str, tmp_path: Path) -> None:
    """The printed parameters and figures after one step, by the code of `wengert train`, compiled and not."""
    case = BY_ID[id]
    network = case.get("network", {})
    model = model_of(case, tmp_path)
    names = [n for n in network.get("params", case.get("at", {})) if n not in network.get("frozen", ())]
    rate = float(network.get("learning_rate") or case["learning_rate"])
    of = model.outputs[-1]
    for compiled in (True, False):
        found = train(lower(model), of, names, OPTIMIZERS["sgd"], rate, 1, compiled=compiled)
        after = {d.name: found.values[found.list.slots[d.name]] for d in model.definitions}
        assert not differences(case, "updated", case["expected"].get("updated", {}), found.parameters)
        for steps, expected in case["expected"].get("after", {}).items():
            assert steps == "1"
            assert not differences(case, "after.1.values", expected["values"], after)


@pytest.mark.parametrize("id", with_key("one_sided"))
def test_kinks(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    case = BY_ID[id]
    assert case["kink"] == "true"
    found = at_the_point(case, judge, tmp_path)
    assert found["verdict"] == "kink"
    assert found["assumptions"], "the convention at the kink is named"
    for name, sides in case["expected"]["one_sided"].items():
        row = next(d for d in found["derivatives"] if d["wrt"] == [name])
        assert row["verdict"] == "kink"
        got = row["one_sided"]
        wrong = differences(case, "one_sided", sides, got)
        assert not wrong
        assert min(got.values()) <= row["value"] <= max(got.values()), "the convention is a subgradient"


@pytest.mark.parametrize("id", [c["id"] for c in CASES if "formula" in c and "steps" in c and "at" in c])
def test_the_formula_and_the_steps_have_one_gradient(id: str, judge: LastingJudge, tmp_path: Path) -> None:
    """A source's own list of steps, and the formula in one piece, lowered by wengert."""
    case = BY_ID[id]
    ours = traced(model_of({**case, "steps": []}, tmp_path), judge)
    assert_verified(ours)
    theirs = gradients(at_the_point(case, judge, tmp_path))
    assert gradients(ours) == pytest.approx(theirs, rel=1e-12, abs=1e-14)


def test_every_expectation_is_checked() -> None:
    assert not {(c["id"], what) for c in CASES for what in c["expected"] if what not in (*CHECKED, *PROSE)}
    assert set(with_key(*CHECKED)) == set(BY_ID), "no case is left out altogether"


def test_tally(capsys: pytest.CaptureFixture[str]) -> None:
    """The count, for who reads the run. (With -n, each worker counts its own.)"""
    with capsys.disabled():
        held, count = len(TALLY.expectations), sum(TALLY.expectations.values())
        print(f"\npublished.yaml: {held} of {len(CASES)} cases hold, {count} figures and formulas", end="")


# -- a case as a model


def model_of(case: Case, folder: Path) -> Model:
    """The model of a case, read by the library from a formula or from a spec file."""
    if "network" in case:
        path = folder / f"{case['id']}.yaml"
        path.write_text(spec_of(case["network"]), encoding="utf-8")
        return pipeline.load(path)
    text = "\n".join(f"{name} = {expression}" for name, expression in case.get("steps") or ()) or case["formula"]
    return override(pipeline.load(text), VOCABULARY, at=[f"{name}={value}" for name, value in case.get("at", {}).items()])


def spec_of(network: Case) -> str:
    """The case's network in the words of a spec (design, section 5)."""
    spec: Case = {"inputs": network["inputs"], "parameters": network["params"], "layers": []}
    for layer in network["layers"]:
        made = {"weights": layer["weights"], "activation": layer["activation"], "pre": layer["net"], "post": layer["out"]}
        spec["layers"].append({**made, "bias": layer["bias"]} if "bias" in layer else made)
    if "loss" in network:
        loss = network["loss"]
        spec["targets"] = loss["targets"]
        spec["loss"] = {"kind": LOSSES[loss["kind"]], **{k: loss[k] for k in ("name", "parts") if k in loss}}
    if "learning_rate" in network:
        spec["rate"] = network["learning_rate"]
    if "frozen" in network:
        spec["frozen"] = network["frozen"]
    return plain(yaml.dump(spec, sort_keys=False))


def plain(text: str) -> str:
    """YAML without the quotes that PyYAML puts around the strings that are numbers."""
    return re.sub(r"'([-+.0-9e]+)'", r"\1", text)


def ready(case: Case, folder: Path) -> Model:
    """The model, differentiated by every name that the case says something of."""
    model = model_of(case, folder)
    asked = [*model.wrt, *(x for x in case["expected"].get("gradients", {}) if x not in model.wrt)]
    return override(model, VOCABULARY, wrt=",".join(asked))


def traced(model: Model, judge: LastingJudge, **settings: Any) -> Case:
    return json_of(record(report(model, Settings(**settings), True, judge)))


def at_the_point(case: Case, judge: LastingJudge, folder: Path, **settings: Any) -> Case:
    return traced(ready(case, folder), judge, **settings)


def stepped(case: Case, found: Case) -> dict[str, float]:
    """The parameters (an expression's: all its names) after w − rate·∂/∂w, frozen ones left alone."""
    network = case.get("network", {})
    rate = float(network.get("learning_rate") or case["learning_rate"])
    slopes, given = gradients(found), {x["name"]: x["value"] for x in found["inputs"]}
    names = [n for n in network.get("params", case.get("at", {})) if n not in network.get("frozen", ())]
    return {n: given[n] - rate * slopes[n] for n in names}


# -- what was found


def json_of(made: Case) -> Case:
    """The record as another program reads it: NaN and Infinity are no JSON."""

    def refuse(text: str) -> Any:
        raise AssertionError(f"{text} is not JSON")

    return json.loads(json.dumps(made, allow_nan=False), parse_constant=refuse)  # type: ignore[no-any-return]


def values(found: Case) -> dict[str, Any]:
    return {x["name"]: x["value"] for x in (*found["inputs"], *found["statements"])}


def adjoints(found: Case) -> dict[str, Any]:
    """By name, of the last output; 0 where no path leads."""
    of = found["outputs"][-1]["name"]
    return {x["name"]: x["adjoints"].get(of, 0.0) for x in (*found["inputs"], *found["statements"])}


def gradients(found: Case) -> dict[str, Any]:
    of = found["outputs"][-1]["name"]
    return {d["wrt"][0]: d["value"] for d in found["derivatives"] if d["of"] == of}


def assert_verified(found: Case) -> None:
    assert {d["verdict"] for d in found["derivatives"]} <= GOOD
    assert found["derivatives"]
    assert found["verdict"] in GOOD


# -- figures


def differences(case: Case, what: str, expected: Mapping[str, str], got: Mapping[str, Any]) -> list[str]:
    """A sentence for each figure that does not hold; counts those that do."""
    wrong = []
    for name, printed in expected.items():
        told = fault(got[name], right(case, what, name, printed))
        if told is None:
            TALLY.add(case["id"], 1)
        else:
            wrong.append(f"{what} {name}: {told}")
    return wrong


def right(case: Case, what: str, name: str, printed: str) -> str:
    """The printed figure, or the right one where the source slips."""
    slips = {s["where"]: s["right"] for s in case.get("slips", ())}
    return slips.get(f"{what}.{name}", printed)  # type: ignore[no-any-return]


def fault(value: float, printed: str) -> str | None:
    """What is wrong with a value, None where the printed figure is that value rounded (ties may go either way)."""
    if re.fullmatch(r"-?\d+\.\d+", printed):
        half = Decimal(5).scaleb(-len(printed.partition(".")[2]) - 1)
        slack = half + abs(Decimal(value)) * Decimal("2e-15")
        return None if abs(Decimal(value) - Decimal(printed)) <= slack else f"{value!r} is not {printed} when rounded"
    exact = constant(printed)
    return None if abs(value - exact) <= mpmath.mpf(10) ** -12 * max(1, abs(exact)) else f"{value!r} is not {printed}"


def constant(text: str) -> Any:
    """The value of a constant expression at 30 digits."""
    with mpmath.workdps(30):
        nodes, root = parse(text)
        return evaluate(nodes, root, {})[root]


# -- formulas


def different_formulas(case: Case, model: Model, ours: str, theirs: str) -> Iterator[str]:
    """Compares two formulas at 50 digits, at points where the function itself is real."""
    compared = 0
    with mpmath.workdps(50):
        for point in points(case, model.wrt):
            both = [real(parse(text), point) for text in (ours, theirs)]
            if real_function(model, point) is None or both[1] is None:
                continue
            compared += 1
            if both[0] is None or abs(both[0] - both[1]) > mpmath.mpf(10) ** -40 * (1 + abs(both[1])):
                where = ", ".join(f"{x} = {mpmath.nstr(v, 6)}" for x, v in point.items())
                yield f"{ours} is {both[0]}, {theirs} is {both[1]} at {where}"
                return
    assert compared >= 5, "too few points in the domain"


def points(case: Case, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Six points in the case's domain, or in each of the boxes: the same in every run."""
    draw = random.Random(case["id"])
    domain = {x: tuple(map(float, ends)) for x, ends in case.get("domain", {}).items()}
    for box in BOXES:
        for _ in range(6):
            yield {x: mpmath.mpf(str(round(draw.uniform(*domain.get(x, box)), 6))) for x in names}


def real_function(model: Model, point: Mapping[str, Any]) -> Any:
    """The value of the case's own function, None where it is not real."""
    names = dict(point)
    try:
        for d in model.definitions:
            names[d.name] = evaluate(model.nodes, d.root, names)[d.root]
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    value = names[model.outputs[-1]]
    return value if mpmath.isfinite(value) and mpmath.im(value) == 0 else None


def real(formula: tuple[Any, int], point: Mapping[str, Any]) -> Any:
    nodes, root = formula
    try:
        value = evaluate(nodes, root, point)[root]
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return mpmath.re(value) if mpmath.isfinite(value) and mpmath.im(value) == 0 else None
