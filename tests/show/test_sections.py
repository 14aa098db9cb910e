"""The sections beside the tables: what it costs, path by path, and sentences about lost digits."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.programs import model
from wengert import pipeline
from wengert.report import Report
from wengert.show import terminal, text
from wengert.show.cost_section import cost_record, cost_section
from wengert.show.document import Document, Section
from wengert.show.figures import Figures
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.path_section import path_section, paths_record, symbolic_paths
from wengert.show.words.costs import verdict
from wengert.show.words.losses import sentence
from wengert.sweep.arithmetics import digits
from wengert.sweep.columns import sweep
from wengert.sweep.counts import Counts
from wengert.sweep.losses import losses
from wengert.sweep.rules import Rules
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.tape.primitives import SYMBOLS

NETWORK = Path(__file__).parents[2] / "samples" / "two-two-one.yaml"
NOTATION = Look(symbols=SYMBOLS)


def shown(section: Section, notation: Look = NOTATION) -> list[str]:
    return "".join(text.render(Document(None, (), (section,)), notation)).splitlines()


def traced(spec: str | Path, at: dict[str, Any] | None = None, **more: Any) -> Report:
    return pipeline.trace(spec, at=at, verify=False, **more)


def paths(report: Report, **more: Any) -> list[str]:
    assert report.trace is not None
    return shown(path_section(report, Figures(report.trace, Digits()), **more))


# -- what it costs


COUNTING = ["Local partials are counted in; signs and factors that are always 1 are free.", "A sum of n terms counts n − 1."]


def test_cost() -> None:
    assert shown(cost_section(traced(NETWORK))) == [
        "Cost in elementary operations",
        "what                                             operations",
        "the values (primal sweep)                                15",
        "forward mode, all 9 names (9 sweeps)                     33",
        "reverse mode, all 9 names (one sweep)                    17",
        "the same derivatives, each written out in full          397",
        "One output and 9 names: one reverse sweep gives all 9 derivatives.",
        "It takes 17 operations, 1.13 times the 15 of the value; 9 forward sweeps take 33, 2.2 times the 15.",
        *COUNTING,
    ]


def test_the_cost_along_a_seed_is_that_of_the_sweep_that_was_made() -> None:
    """Not that of a direction in which all names move."""
    lines = shown(cost_section(traced("x*y*sin(x)", {"x": 1, "y": 2}, seed={"x": 1})))
    assert lines[1:] == [
        "what                                             operations",
        "the values (primal sweep)                                 3",
        "forward sweep along the seed                              6",
        "forward mode, both names (2 sweeps)                       8",
        "reverse mode, both names (one sweep)                      7",
        "the same derivatives, each written out in full           11",
        "One forward sweep gives the derivative along the seed.",
        "It takes 6 operations, 2 times the 3 of the value.",
        *COUNTING,
    ]


def test_the_cost_is_that_of_the_first_derivatives() -> None:
    assert shown(cost_section(traced("x**3", {"x": 1}, order=2)))[0] == "Cost in elementary operations (first derivatives)"


# names, outputs, primal, partials, forward one, forward all, reverse, expanded
VERDICTS = [
    (Counts(1, 3, 3, 1, 7, 7, 10, 20), "3 outputs and one name: one forward sweep gives all 3 derivatives.",
     "It takes 7 operations, 2.33 times the 3 of the value; 3 reverse sweeps take 10, 3.33 times the 3."),
    (Counts(1, 1, 4, 1, 6, 6, 6, 6), "One output and one name: one reverse sweep and one forward sweep cost the same.",
     "Each way takes 6 operations, 1.5 times the 4 of the value."),
    (Counts(2, 1, 4, 1, 6, 4, 4, 6), "One output and 2 names: one reverse sweep and 2 forward sweeps cost the same.",
     "Each way takes 4 operations, as many as the value."),
    (Counts(2, 1, 15, 1, 6, 20, 8, 6), "One output and 2 names: one reverse sweep gives both derivatives.",
     "It takes 8 operations beside the 15 of the value; 2 forward sweeps take 20, 1.33 times the 15."),
    (Counts(2, 1, 1, 0, 1, 0, 0, 0), "One output and 2 names: one reverse sweep and 2 forward sweeps cost the same.",
     "Each way takes no operation beside the one of the value."),
    (Counts(70_000, 1, 1000, 0, 0, None, 2500, None), "One output and 70,000 names: one reverse sweep gives all 70,000 "
     "derivatives.",
     "It takes 2,500 operations, 2.5 times the 1,000 of the value; forward mode would need 70,000 sweeps."),
    (Counts(2, 1, 0, 0, 0, 0, 0, 0), "One output and 2 names: one reverse sweep and 2 forward sweeps cost the same.",
     "Each way takes no operation."),
    (Counts(0, 1, 1, 0, 0, 0, 0, 0), "There is nothing to differentiate: no name is free."),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "expected"), [pytest.param(c, lines, id=lines[-1][:40]) for c, *lines in VERDICTS])
def test_the_sentences_follow_the_figures(counts: Counts, expected: list[str]) -> None:
    assert list(verdict(counts)) == expected
    assert all(len(line) <= 100 for line in expected)


def test_huge_counts_are_told_by_their_power_and_safe_in_json() -> None:
    report = pipeline.diff("; ".join(["a0 = x + 1", *(f"a{i + 1} = a{i}*a{i}" for i in range(300))]), verify=False)
    assert any(line.endswith("about 10^93") for line in shown(cost_section(report)))
    record = json.loads(json.dumps(cost_record(report)))
    assert record["primal"] == 301
    assert record["forward"] == {"one": 900, "all": 900}
    assert record["reverse"] == 900
    assert len(record["expanded"]) in (93, 94)
    assert record["expanded"].isdigit()


def test_a_count_beyond_the_ceiling() -> None:
    report = pipeline.diff("; ".join(["a0 = x + 1", *(f"a{i + 1} = a{i}**2*a{i}" for i in range(3600))]), verify=False)
    assert "more than 10^1000" in "\n".join(shown(cost_section(report)))
    assert cost_record(report)["expanded"] == "more than 1e1000"


# -- path by path


def test_paths_with_numbers() -> None:
    assert paths(traced("x1*x2*sin(x1)", {"x1": 2, "x2": 3})) == [
        "Path by path",
        "path               chain rule         numbers                  value",
        "x1 → v1 → f        ∂f/∂v1 · ∂v1/∂x1   0.90929743 · 3         ≈ 2.72789",
        "x1 → v2 → f        ∂f/∂v2 · ∂v2/∂x1   6 · (−0.41614684)      ≈ −2.49688",
        "sum of the paths   ∂f/∂x1             2.7278923 − 2.496881   ≈ 0.231011",
        "x2 → v1 → f        ∂f/∂v1 · ∂v1/∂x2   0.90929743 · 2         ≈ 1.81859",
    ]


def test_paths_with_exact_numbers() -> None:
    lines = paths(traced("x1*sin(x1)", {"x1": 2}, numbers="exact"))
    assert any("2 · cos(2)" in line and "= 2·cos(2) ≈ −0.832294" in line for line in lines)


def test_the_first_of_too_many_paths() -> None:
    report = traced("; ".join(["a0 = x + 1", *(f"a{i + 1} = a{i}*a{i}" for i in range(30))]), {"x": 0})
    lines = paths(report, limit=5)
    assert len(lines) == 2 + 5 + 1 + 1
    assert lines[-2].split() == ["sum", "of", "all", "paths", "da30/dx", "=", "1073741824"]
    assert lines[-1] == "1,073,741,824 paths lead from x to a30; the first 5 are shown; --paths shows the first 1,000."


def squares(count: int) -> str:
    return "; ".join(["a0 = x*x", *(f"a{i + 1} = a{i}*a{i}" for i in range(count))])


def test_the_way_to_all_paths_is_told() -> None:
    told = shown(symbolic_paths(pipeline.diff(squares(4), verify=False)))
    assert told[-1] == "32 paths lead from x to a4; the first 16 are shown; --paths shows all."
    assert "sum of the paths" not in "".join(told)
    told = paths(traced(squares(12), {"x": 1}, paths=True))
    assert told[-1] == "8,192 paths lead from x to a12; the first 1,000 are shown."


@pytest.mark.parametrize(("squarings", "total"), [(3, "a2 · a1 · a0 · x + a2"), (4, "32·x³¹")])
def test_a_sum_of_more_than_sixteen_paths_is_written_as_its_total(squarings: int, total: str) -> None:
    (line,) = (s for s in shown(symbolic_paths(pipeline.diff(squares(squarings), verify=False), 1000)) if s.startswith("sum"))
    assert total in line
    assert len(line) < 600


def test_long_paths_keep_their_value() -> None:
    report = traced("; ".join(["a0 = 2*x", *(f"a{i + 1} = a{i} + 1" for i in range(50))]), {"x": 1})
    assert paths(report)[2].split() == ["a", "path", "of", "51", "steps,", "not", "written", "out", "=", "2"]


def test_a_very_long_path_is_not_walked() -> None:
    report = traced("; ".join(["a0 = 2*x", *(f"a{i + 1} = a{i} + 1" for i in range(2500))]), {"x": 1})
    assert paths(report)[-1] == "1 paths lead from x to a2500, each of more than 2000 steps: none is written out."


def test_a_name_that_leads_nowhere() -> None:
    report = traced("y = x*2; z = w*3", {"x": 1, "w": 2}, of=["z"])
    assert "z does not depend on x." in paths(report)


def test_paths_of_neurons() -> None:
    line = next(line for line in paths(traced(NETWORK)) if line.startswith("w1"))
    assert line.split("   ")[0] == "w1 → a1 → h1 → a3 → y"
    assert line.endswith("≈ 0.0512341")


@pytest.mark.parametrize("spec", ["x1*x2*sin(x1) + x2/x1", "x**x", "exp(x*y) - x*exp(y)/y", NETWORK])
def test_the_sum_of_the_paths_is_the_derivative(spec: str | Path) -> None:
    point = None if isinstance(spec, Path) else {n: 1.25 for n in ("x1", "x2", "x", "y") if n in spec.replace("exp", "")}
    if isinstance(spec, str) and "x1" in spec:
        point = {"x1": 1.25, "x2": -0.5}
    report = traced(spec, point)
    assert report.trace is not None
    for entry in paths_record(report):
        assert entry["count"] == len(entry["listed"])
        assert entry["sum"] == pytest.approx(report.trace.derivative(entry["of"], entry["wrt"]), rel=1e-12)
        for path in entry["listed"]:
            assert path["statements"][0] == entry["wrt"]
            assert path["statements"][-1] == entry["of"]
            assert len(path["partials"]) == len(path["formulas"]) == len(path["statements"]) - 1


def test_record_without_a_point_has_formulas_alone() -> None:
    (entry,) = paths_record(pipeline.diff("sin(x)*2", verify=False))
    assert entry == {"of": "f", "wrt": "x", "count": 1,
                     "listed": [{"statements": ["x", "v1", "f"], "formulas": ["cos(x)", "2"]}]}  # fmt: skip


def test_record_of_too_many_paths() -> None:
    report = traced("; ".join(["a0 = x + 1", *(f"a{i + 1} = a{i}*a{i}" for i in range(60))]), {"x": 0})
    (entry,) = paths_record(report, limit=3)
    assert entry["count"] == str(2**60)
    assert len(entry["listed"]) == 3
    assert entry["sum"] == float(2**60)


def test_symbolic_paths() -> None:
    assert shown(symbolic_paths(pipeline.diff("x1*x2*sin(x1)", verify=False))) == [
        "Path by path",
        "path               chain rule         product",
        "x1 → v1 → f        ∂f/∂v1 · ∂v1/∂x1   v2 · x2",
        "x1 → v2 → f        ∂f/∂v2 · ∂v2/∂x1   v1 · cos(x1)",
        "sum of the paths   ∂f/∂x1             v2 · x2 + v1 · cos(x1)",
        "x2 → v1 → f        ∂f/∂v1 · ∂v1/∂x2   v2 · x1",
    ]


# -- lost digits


def lost(formula: str, at: dict[str, str], wrt: str | None) -> list[str]:
    wl = lower(model(formula, at))
    trace, rules = run(wl), Rules(digits(60))
    precise = sweep(wl, rules, trace.active, trace.outputs, {}, strict=True)
    return [sentence(loss, wl) for loss in losses(wl, trace.columns, precise, trace.outputs[0], wrt, rules)]


SENTENCES = [
    ("(1 - cos(x))/x**2", "1e-8", None, "v2 = 1 − v1: 1 and 0.99999999999999995 nearly cancel: every digit lost; "
     "v2 is 5e−17 and double precision has 0"),
    ("(exp(x) - 1)/x", "1e-12", None, "v2 = v1 − 1: 1.000000000001 and 1 nearly cancel: 12 of 16 digits lost; "
     "v2 is 1e−12 and double precision has 1.00009e−12"),
    ("ln(1 + x)", "1e-17", None, "v1 = 1 + x: 1e−17 is too small to be seen beside 1; in f = ln(v1): every digit lost; "
     "f is 1e−17 and double precision has 0"),
    ("1 - tanh(x)", "20", None, "v1 = tanh(x): tanh(20) is 1 in double precision (saturated); in f = 1 − v1: every digit "
     "lost; f is 8.49671e−18 and double precision has 0"),
    ("exp(-x)", "800", "x", "f = exp(v1): too small for a double: every digit lost; f is 3.66787e−348 and double precision "
     "has 0"),
    ("sin(pi*x)", "1", None, "f = sin(v1): sin magnifies the rounding error of its argument: every digit lost; f is 0 and "
     "double precision has 1.22465e−16"),
    ("ln(1 + x)", "1e-10", None, "f = ln(v1): ln magnifies the rounding error of its argument: 9 of 16 digits lost; "
     "f is 1e−10 and double precision has 1.0000001e−10"),
    ("sqrt(x**2 + 1) - x", "1e9", "x", "x̄: contributions −1 and 0.9999999999999999995 nearly cancel: every digit lost; "
     "x̄ is −5e−19 and double precision has 0"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "x", "wrt", "expected"), SENTENCES)
def test_sentences(formula: str, x: str, wrt: str | None, expected: str) -> None:
    assert lost(formula, {"x": x}, wrt)[0] == expected


# -- the renderers


def test_ascii_and_a_terminal() -> None:
    from rich.console import Console

    report = traced("x1*x2*sin(x1)", {"x1": 2, "x2": 3})
    assert report.trace is not None
    sections = (path_section(report, Figures(report.trace, Digits())), cost_section(report))
    for section in (path_section(report, Figures(report.trace, Digits())), cost_section(report)):
        assert "\n".join(shown(section, Look(ascii=True))).isascii()
    out = io.StringIO()
    console = Console(file=out, width=60, force_terminal=True, color_system=None)
    for piece in terminal.renderables(Document(None, (), sections), NOTATION, 60):
        console.print(piece)
    written = out.getvalue()
    assert "sum of the paths" in written
    assert all(len(line) <= 60 for line in written.splitlines())
