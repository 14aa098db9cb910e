"""Rounded nodes as they are shown: what is rounded and what is not, how far that has drifted, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from wengert import pipeline
from wengert.errors import ValueProblem
from wengert.lang.expr import Nodes
from wengert.show import text
from wengert.show.notation import TextNotation, language
from wengert.show.numbers import Digits
from wengert.show.trace_document import trace_document
from wengert.tape.primitives import PRIMITIVES, SYMBOLS
from wengert.tape.record import Primitive

NOTATION = TextNotation(symbols=SYMBOLS)
NETWORK = "samples/two-two-one.yaml"


def shown(spec: str, decimals: int, at: dict[str, Any] | None = None, digits: Digits | None = None, **more: Any) -> list[str]:
    """The document's lines, runs of blanks as two."""
    source = pipeline.load(spec) if spec.endswith(".yaml") else spec
    report = pipeline.trace(source, at=at, round=decimals, verify=False, **more)
    lines = "".join(text.render(trace_document(report, digits or Digits()), NOTATION)).splitlines()
    return [normalize("NFC", "  ".join(part.strip() for part in line.split("  ") if part.strip())) for line in lines]


NEURON_AT = {"a": "10", "w": "1.234", "x": "0.987"}
LINES = [
    # drift is the difference of the two columns, and derivatives keep their digits
    (NETWORK, 3, {}, "≈ 0.0511569  ≈ 0.0512341  −0.000077"),
    (NETWORK, 3, {}, "h1 = σ(a1)  σ(1.367)  ≈ 0.797  ≈ 0.796876  0.00012"),
    ("x**2 + x", 2, {"x": "1/3"}, "df/dx  1 + 2·x  1 + 2·0.33333333  ≈ 1.66667  ≈ 1.66667  0"),
    # what is not rounded stands in full, and alone
    (NETWORK, 3, {"level": "operation"}, "v1 = w1·x1  1.76·0.888  = 1.56288"),
    (NETWORK, 3, {"level": "operation"}, "v9 = v7 + v8  1.48242 + (−0.42777)  = 1.05465"),
    ("x**2 + x", 2, {"x": "1/3"}, "x  1/3  ≈ 0.333333"),
    # the gradient's numbers are those of the rounded nodes
    ("samples/neuron.yaml", 2, {}, "y·(1 − y)·w0  0.73·(1 − 0.73)·2  = 0.3942  ≈ 0.393224  0.00098"),
    ("a*sigmoid(w*x)", 1, NEURON_AT, "∂f/∂w  a·v2·(1 − v2)·x  10·0.8·(1 − 0.8)·0.987  = 1.5792  ≈ 1.73887  −0.16"),
    ("k*r**2", 1, {"r": "2.5", "k": "1"}, "∂f/∂k  v1  = 6.3  = 6.25  0.05"),
    # = where rounding has changed nothing, whatever came before
    ("k*r**2", 1, {"r": "2.5", "k": "1"}, "v1 = r²  2.5²  ≈ 6.3  = 6.25  0.05"),
    ("k*r**2", 1, {"r": "2.5", "k": "1"}, "f = k·v1  1·6.3  = 6.3  = 6.25  0.05"),
    ("samples/neuron.yaml", 2, {}, "v1 = w0·x0  2·(−1)  = −2.00  = −2  0"),
    ("samples/neuron.yaml", 2, {}, "seed  y  1  = 1  ȳ = 1"),
    ("samples/neuron.yaml", 2, {}, "a = v3 + w2  v3  ā · ∂a/∂v3 = ā · 1  0.1971 · 1  = 0.1971  v̄3 = 0.1971"),
    ("x**4", 3, {"x": "1e-20"}, "f = x⁴  (1e−20)⁴  ≈ 0.000  = 1e−80  −1e−80"),
    # a tie goes away from zero, and the line with its numbers says so
    ("x + 0.0005", 3, {"x": "1"}, "f = x + 0.0005  1 + 0.0005  ≈ 1.001  = 1.0005  0.0005"),
    # a node enters a line with all its decimals
    ("x*y + 1", 2, {"x": "1234567.25", "y": "3"}, "f = v1 + 1  3703701.75 + 1  = 3703702.75  ≈ 3.70370e6  0"),
    # which argument a max is, is asked of the value before it was rounded
    ("max(x, y)", 2, {"x": "0.1234", "y": "0.2266"}, "where(x > y, 1, where(x = y, 1/2, 0))  1 · 0  = 0  x̄ = 0"),
    ("max(x, y)", 2, {"x": "0.1234", "y": "0.2266"}, "where(y > x, 1, where(y = x, 1/2, 0))  1 · 1  = 1  ȳ = 1"),
    ("min(x, y)", 2, {"x": "0.23", "y": "0.2266"}, "where(x < y, 1, where(x = y, 1/2, 0))  1 · 0  = 0  x̄ = 0"),
    ("min(x, y)", 2, {"x": "0.23", "y": "0.2266"}, "where(y < x, 1, where(y = x, 1/2, 0))  1 · 1  = 1  ȳ = 1"),
    ("min(x, y, z)", 2, {"x": "0.1234", "y": "0.2266", "z": "3"}, "x  f̄ · ∂f/∂x = f̄ · 1  1 · 1  = 1  x̄ = 1"),
    ("max(x, y)", 2, {"x": "0.1234", "y": "0.1234"}, "where(y > x, 1, where(y = x, 1/2, 0))  1 · 0.5  = 0.5  ȳ = 0.5"),
    ("a*max(x, y)", 1, {"a": "2", "x": "1.26", "y": "1.34"}, "a·where(y > x, 1, where(y = x, 1/2, 0))  2·1  = 2  = 2  0"),
    # a slope that is infinite by rounding is told
    ("sqrt(x)", 2, {"x": "0.00001"},
     "f is 0.00316228, rounded to 0, where its slope is not finite; --round 3 leaves f some digits."),
    ("sqrt(x*y)", 2, {"x": "0.01", "y": "0.01"},
     "v1 is 0.0001, rounded to 0, where the slope of f is not finite; --round 4 leaves v1 some digits."),
    ("norm(x, y)", 2, {"x": "-0.001", "y": "0.002"},
     "f is 0.00223607, rounded to 0, where its slope is not finite; --round 3 leaves f some digits."),
    ("a*x", 1, {"a": "2", "x": "3"}, "every statement to 1 decimal (halves away from zero) before it is used."),
    (NETWORK, 3, {}, "Rounded as on paper: every z and a to 3 decimals (halves away from zero) before it is used."),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "decimals", "more", "line"), LINES)
def test_a_line(spec: str, decimals: int, more: dict[str, Any], line: str) -> None:
    given = {"at": more} if "level" not in more and more else more
    assert any(found.endswith(normalize("NFC", line)) for found in shown(spec, decimals, **given)), line


@pytest.mark.parametrize("weight", ["0.888", "-0.888"])
def test_a_slope_written_as_a_max_is_that_of_leaky_relu(weight: str, tmp_path: Path) -> None:
    """Defect: no argument was equal to the rounded value, and all derivatives were 0."""
    gradients = []
    for activation in ("leaky_relu(x, 0.1)", "max(x, 0.1*x)", "max(0.1*x, x, -9)"):
        spec = tmp_path / "net.yaml"
        spec.write_text(
            f"inputs: {{x1: 0.37}}\nparameters: {{w: {weight}, b: 0.1}}\nlayers:\n"
            f"  - {{weights: [[w]], bias: [b], activation: '{activation}'}}\ntargets: [1]\nloss: half_squared_error\n",
            encoding="utf-8",
        )
        trace = pipeline.trace(spec, round=3, verify=False).trace
        assert trace is not None
        gradients.append([trace.rounded_figure(("L", name)) for name in ("w", "b")])
    assert gradients[0] == gradients[1] == gradients[2]
    assert 0 not in gradients[0]


def test_what_a_rounded_value_came_of_is_named_through_what_is_not_rounded() -> None:
    """Defect: at operation level the sentence read "from  it is 1.05465"."""
    (line,) = [x for x in shown(NETWORK, 3, level="operation") if x.startswith("a3 is")]
    assert "from h1 = 0.797, h2 = 0.441 it is 1.05465" in line


@pytest.mark.parametrize("more", [{}, {"mode": "forward"}, {"mode": "both", "paths": True}, {"level": "operation"}])
def test_no_noise_of_doubles_in_a_drift(more: dict[str, Any]) -> None:
    assert not [line for line in shown(NETWORK, 3, **more) if "e−1" in line]


def test_decimals_are_those_of_what_is_not_rounded() -> None:
    lines = shown("x*y + sin(x)", 2, {"x": 1, "y": 2}, Digits(6, 3), paths=True)
    assert "f = v1 + v2  2 + 0.84  = 2.84  ≈ 2.841  −0.0015" in lines
    assert "seed  f  1  = 1.000  f̄ = 1.000" in lines
    assert "sum of the paths  ∂f/∂x  2 + 0.54030231  ≈ 2.540" in lines


def test_along_a_seed_the_formula_is_that_of_the_rounded_nodes() -> None:
    lines = shown("exp(x)*y", 1, {"x": 1, "y": 2}, seed={"x": 1, "y": 1})
    assert "ḟ  y·v1 + v1  2·2.7 + 2.7  = 8.1  ≈ 8.15485  −0.055" in lines


OUTSIDE = [
    ("(1-cos(x))/x**2", {"x": "1e-8"}, 3, "with --round 3 the quotient is undefined at v2 = 0 and v3 = 0",
     ("v1 = cos(x) = 0.99999999999999995, rounded to 3 decimals: 1", "v3 = x**2 = 1e-16, rounded to 3 decimals: 0"),
     "the denominator must not be 0; take --round 17, or leave out --round"),
    ("ln(x/1000)", {"x": "0.1"}, 1, "with --round 1 ln is undefined at v1 = 0",
     ("v1 = x/1000 = 0.0001, rounded to 1 decimal: 0",), "take --round 4, or leave out --round"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "at", "decimals", "title", "details", "hint"), OUTSIDE)
def test_a_domain_left_by_rounding(
    formula: str, at: dict[str, str], decimals: int, title: str, details: tuple[str, ...], hint: str
) -> None:
    with pytest.raises(ValueProblem) as told:
        shown(formula, decimals, at)
    assert told.value.title == title
    assert told.value.details == details
    assert (told.value.hint or "").endswith(hint)


def test_what_has_no_value_anyway_is_not_blamed_on_rounding() -> None:
    with pytest.raises(ValueProblem, match=r"^ln is undefined at x = 0\n"):
        shown("ln(x)", 3, {"x": "0"})


SAMPLED = [pytest.param(r, s, id=f"{r.name}{s}") for r in PRIMITIVES.values() for s in r.samples if r.name != "identity"]


@pytest.mark.parametrize(("record", "sample"), SAMPLED)
def test_many_decimals_come_near_to_full_precision(record: Primitive, sample: tuple[float, ...]) -> None:
    """Every rule with an argument of more decimals than are kept: its derivatives drift as little as its value."""
    nodes = Nodes()
    arguments = [nodes.name(f"x{i}") for i in range(len(sample))]
    if record.literal:
        arguments[0] = nodes.number(f"{sample[0]:g}")
    test = [nodes.call(record.comparison, arguments[:2])] if record.comparison else []
    formula = language(nodes, nodes.call("where" if test else record.name, [*test, *arguments[2 * len(test) :]]))
    at = {f"x{i}": repr(value + 0.000123456789) for i, value in enumerate(sample) if not (record.literal and i == 0)}
    trace = pipeline.trace(formula, at=at, round=6, verify=False).trace
    assert trace is not None
    for name in at:
        full = trace.figure(("f", name))
        assert float(trace.rounded_figure(("f", name))) == pytest.approx(full, rel=1e-4, abs=1e-4)
