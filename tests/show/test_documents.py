"""The documents of trace and diff as a person reads them: which sections, which rows, which sentences, at which level."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import wengert
from tests.conftest import LastingJudge
from tests.programs import evaluate, mp, parse
from wengert import pipeline
from wengert.lang.options import override
from wengert.report import Report, Settings, report
from wengert.show.diff_document import diff_document
from wengert.show.document import Document
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.show.text import render
from wengert.show.trace_document import trace_document
from wengert.tape.primitives import SYMBOLS, VOCABULARY

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
COST = "Cost in elementary operations"
BAYDIN = "ln(x1) + x1*x2 - sin(x2)"


def text(document: Document, ascii: bool = False) -> str:
    return "".join(render(document, Look(ascii=ascii, symbols=SYMBOLS)))


def reported(
    formula: str | Path, at: str | None = None, judge: LastingJudge | None = None, *, wrt: str | None = None,
    of: str | None = None, seed: str | None = None, at_point: bool | None = None, **settings: Any,
) -> Report:  # fmt: skip
    model = override(pipeline.load(formula), VOCABULARY, at=[at] if at else (), wrt=wrt, of=of, seed=seed)
    chosen = Settings(**{"verify": judge is not None, **settings})
    made = report(model, chosen, at is not None if at_point is None else at_point, judge)
    assert (made.verification is None) == (judge is None)  # asked for at once, so that no answer is left for the next test
    return made


def traced(formula: str | Path, at: str | None = None, judge: LastingJudge | None = None, digits: int = 6, **more: Any) -> str:
    return text(trace_document(reported(formula, at, judge, at_point=True, **more), Digits(digits)))


def differentiated(formula: str | Path, judge: LastingJudge | None = None, **more: Any) -> str:
    return text(diff_document(reported(formula, None, judge, **more), Digits(6)))


def sections(shown: str) -> dict[str, list[str]]:
    """The lines of each section, by its heading; the opening under ''."""
    found: dict[str, list[str]] = {}
    for i, block in enumerate(shown.rstrip("\n").split("\n\n")):
        lines = block.split("\n")
        found["" if i == 0 else lines[0]] = lines if i == 0 else lines[1:]
    return found


# -- trace


def test_sections_follow_the_mode() -> None:
    both = list(sections(traced(BAYDIN, "x1=2,x2=5", mode="both")))
    assert both == ["", "Forward", "Tangents along x1", "Tangents along x2", "Reverse, from the output back", "Gradient",
                    COST]
    reverse = list(sections(traced(BAYDIN, "x1=2,x2=5")))
    assert reverse == ["", "Forward", "Reverse, from the output back", "Gradient", COST]
    forward = list(sections(traced(BAYDIN, "x1=2,x2=5", mode="forward")))
    assert forward == ["", "Forward", "Tangents along x1", "Tangents along x2", "Gradient", COST]


def test_the_table_of_the_design(judge: LastingJudge) -> None:
    """Section 8 of the design, by its figures: every adjoint so far, and both derivatives."""
    shown = sections(traced(BAYDIN, "x1=2,x2=5", judge))
    so_far = [re.split(r"\s{2,}", line)[-1] for line in shown["Reverse, from the output back"][1:]]
    assert so_far == [
        "f̄ = 1", "v̄3 = 1", "v̄4 = −1", "x̄2 ≈ −0.283662", "v̄1 = 1", "v̄2 = 1", "x̄1 = 5", "x̄2 ≈ 1.71634", "x̄1 = 5.5",
    ]  # fmt: skip
    gradient = [re.split(r"\s{2,}", line) for line in shown["Gradient"]]
    assert gradient[1] == ["∂f/∂x1", "x2 + 1/x1", "5 + 1/2", "= 5.5", "proved"]
    assert gradient[2] == ["∂f/∂x2", "x1 − cos(x2)", "2 − 0.28366219", "≈ 1.71634", "proved"]
    assert shown["Gradient"][3] == "Checked by sympy: 2 of 2 derivatives proved."


def test_one_variable_has_d_and_several_have_partial_d() -> None:
    assert "df/dx" in traced("x**2", "x=1")
    assert "∂" not in traced("x**2", "x=1")
    assert "∂f/∂x" in traced("x*y", "x=1,y=2")
    assert "∂" in traced("x*y", "x=1,y=2", wrt="x"), "y is still free"


def test_a_jacobian_has_a_sweep_for_each_output() -> None:
    shown = sections(traced("r = x*y; s = r + x", "x=2,y=3", of="r,s"))
    assert [h for h in shown if h.startswith("Reverse")] == ["Reverse, from r back", "Reverse, from s back"]
    assert [line.split()[0] for line in shown["Jacobian"][1:5]] == ["∂r/∂x", "∂r/∂y", "∂s/∂x", "∂s/∂y"]


def test_levels_of_a_network() -> None:
    neuron = traced(SAMPLES / "two-two-one.yaml")
    operation = traced(SAMPLES / "two-two-one.yaml", level="operation")
    assert "a1 = w1·x1 + w2·x2 + b1" in neuron
    assert "v1" not in neuron
    assert "v1 = w1·x1" in operation
    for shown in (neuron, operation):
        assert "≈ 1.05421" in shown, "a3, without the lecture's rounding"
        assert "≈ 0.741583" in shown


def test_a_network_says_which_factor_its_loss_has() -> None:
    opening = sections(traced(SAMPLES / "mazur-2-2-2.yaml"))[""]
    assert opening[0] == "Mazur's 2-2-2 network"
    assert any("½ Σ" in line for line in opening)


def test_a_kink_names_its_convention(judge: LastingJudge) -> None:
    shown = sections(traced("abs(x)", "x=0", judge))
    assert any("abs at 0" in line for line in shown[""])
    assert "kink" in shown["Derivative"][1]


def test_digits_and_decimals() -> None:
    assert "≈ 0.69315" in traced("ln(x)", "x=2", digits=5)
    shown = text(trace_document(reported("ln(x)", "x=2", verify=False), Digits(6, 3)))
    assert "≈ 0.693" in shown
    assert "≈ 0.693147" not in shown


def test_nothing_rounds_to_0() -> None:
    shown = text(trace_document(reported("x**3", "x=1e-5", verify=False), Digits(6, 2)))
    values = re.findall(r"[=≈] (0\.0*)(?=\s|$)", shown)
    assert not values


def test_without_verification_the_table_says_so() -> None:
    assert "verdict" not in traced("x**2", "x=1")
    assert "Not verified" in traced("x**2", "x=1")


def test_ascii_is_ascii(judge: LastingJudge) -> None:
    for made in (
        text(trace_document(reported("√x·|x − 3|·σ(π·x)", "x=3", judge, mode="both"), Digits(6)), ascii=True),
        text(diff_document(reported("θ1²·√x", None, judge), Digits(6)), ascii=True).replace("θ", "?"),
        text(trace_document(reported(SAMPLES / "mazur-2-2-2.yaml", at_point=True), Digits(6)), ascii=True),
    ):
        made.encode("ascii")


# -- singular points


SINGULAR = [
    ("abs(x)", "x=0"), ("sqrt(x)", "x=0"), ("cbrt(x)", "x=0"), ("max(x, y)", "x=1,y=1"), ("min(x, y, 1)", "x=1,y=1"),
    ("norm(x, y)", "x=0,y=0"), ("hypot(x, y)", "x=0,y=0"), ("relu(x)*y", "x=0,y=2"), ("leaky_relu(x, 0.1)", "x=0"),
    ("sign(x)", "x=0"), ("where(x > 0, x, 0)", "x=0"), ("abs(x)*x", "x=0"), ("x**0.5", "x=0"), ("x**(1/3)", "x=0"),
    ("asin(x)", "x=1"), ("acosh(x)", "x=1"), ("x**y", "x=0,y=2"), ("x**x", "x=1"), ("sqrt(x**2)", "x=0"),
    ("selu(x)", "x=0"), ("elu(x, 2)", "x=0"), ("norm(x, y)*z", "x=0,y=0,z=3"), ("sqrt(x)*y", "x=0,y=0"),
    ("abs(x) + abs(-x)", "x=0"), ("relu(x) - relu(-x)", "x=0"), ("max(x, x)", "x=2"), ("exp(-x)", "x=800"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "at"), SINGULAR)
@pytest.mark.parametrize("show", [lambda r: text(trace_document(r, Digits(6))), record], ids=["document", "record"])
def test_singular_points_are_shown(show: Callable[[Report], Any], formula: str, at: str, judge: LastingJudge) -> None:
    found = reported(formula, at, judge, mode="both")
    assert show(found)
    assert found.verdict not in ("failed", None)


@pytest.mark.parametrize(("formula", "at"), [s for s in SINGULAR if s[0] not in ("exp(-x)",)])
def test_what_is_put_in_is_what_comes_out(formula: str, at: str, judge: LastingJudge) -> None:
    """A local partial's formula, evaluated at the statement's arguments, has the partial's value: also at a kink."""
    made = record(reported(formula, at, judge))
    names = {x["name"]: mp.mpf(x["value"]) for x in (*made["inputs"], *made["statements"])}
    for statement in made["statements"]:
        for partial in statement["partials"]:
            if partial["value"] in (None, "inf", "-inf"):
                continue
            nodes, root = parse(partial["formula"])
            try:
                written = evaluate(nodes, root, names)[root]
            except ZeroDivisionError:
                continue  # x/‖x‖ at 0: the value is a convention's, which the document names
            if not mp.isnan(written):
                assert float(written) == pytest.approx(partial["value"]), partial["formula"]


# -- diff


def test_sections_of_diff(judge: LastingJudge) -> None:
    shown = sections(differentiated("(x**2+1)**3", judge))
    assert list(shown) == [
        "", "The list, with its local partials", "Chain rule, from the output back", "Path by path", "Derivative",
        COST,
    ]  # fmt: skip
    assert re.split(r"\s{2,}", shown["Path by path"][1]) == [
        "x → v1 → v2 → f", "df/dv2 · dv2/dv1 · dv1/dx", "3·v2² · 1 · 2·x",
    ]  # fmt: skip
    assert re.split(r"\s{2,}", shown["Derivative"][1]) == ["df/dx", "6·x·(x² + 1)²", "proved"]


def test_paths_are_summed() -> None:
    lines = sections(differentiated("x*sin(x)*exp(x)"))["Path by path"]
    assert sum("→" in line for line in lines) == 3
    assert lines[-1].startswith("sum of the paths")


def test_many_paths_are_counted() -> None:
    """Thirty lines of b = a·a have 2^30 paths: the first sixteen are written, all are counted."""
    doubled = "a1 = x*x; " + "; ".join(f"a{i} = a{i - 1}*a{i - 1}" for i in range(2, 31))
    lines = sections(differentiated(doubled))["Path by path"]
    assert sum("→" in line for line in lines) == 16
    assert any(str(2**30) in re.sub(r"[,\s]", "", line) for line in lines)


def test_a_name_that_does_not_matter() -> None:
    shown = differentiated("a = x**2; b = y + a; c = x", wrt="x,y")
    assert "y" in shown
    assert re.search(r"∂c/∂y\s+0", shown)


def test_a_long_formula_stays_in_names_and_says_so() -> None:
    shown = differentiated("a1 = sin(x)*cos(x); " + "; ".join(f"a{i} = sin(a{i - 1})*cos(a{i - 1})" for i in range(2, 20)))
    assert max(map(len, shown.splitlines())) < 20_000  # 2,000 nodes
    assert "names" in sections(shown)["Derivative"][-2] + sections(shown)["Derivative"][-1]


def test_every_sample_has_both_documents() -> None:
    samples = sorted(SAMPLES.glob("*.yaml"))
    assert len(samples) >= 8
    for path in samples:
        assert "Forward" in traced(path)
        assert "Chain rule" in differentiated(path)


# -- exact numbers, many digits, sparse sweeps


@pytest.mark.parametrize(
    ("formula", "at", "lines"),
    [
        ("y/5*x", "y=1/3,x=2/7", ["(1/3)/5", "(1/15)·(2/7)"]),
        ("x/7/y", "x=-1,y=7", ["(−1/7)/7"]),
        ("x/y", "x=1/3,y=2/7", ["(1/3)/(2/7)"]),
        ("2*sin(x)/3/sqrt(2)", "x=5", ["(2·sin(5)/3)/√2"]),
        ("1e32*cos(x) - 1e32", "x=1e-8", ["1e32·cos(1e−8) − 1e32", "v̄2 · 1e32", "= −1e32·sin(1e−8) ≈"]),
        ("123456789*x**3", "x=1234567", ["= 1881672302290562263 ≈ 1.88167e18"]),
        ("0.1234567*x", "x=0.1", ["0.1234567·0.1", "= 0.01234567"]),
        ("0.1*x + x/3", "x=2", ["0.1·2", "= 2/3 ≈"]),
        ("pi*x + e*sin(pi/7*x)", "x=1/2", ["π·(1/2)", "π/7", "e·sin(π/14)", "= π/2 ≈ 1.57080"]),
        ("x*e + π", "x=2", ["2·e ", "2·e + π "]),
    ],
)
def test_exact_numbers_read_as_they_were_typed(formula: str, at: str, lines: list[str]) -> None:
    shown = traced(formula, at, numbers="exact")
    assert [line for line in lines if line not in shown] == []
    assert "0000000" not in shown.replace("1.00000", "").replace("5.00000", "")


def test_an_argument_that_was_left_out_has_its_default(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("inputs: [-2]\nlayers:\n  - {weights: [[0.5]], activation: leaky_relu}\n", encoding="utf-8")
    forward = sections(traced(path, numbers="exact"))["Forward"]
    assert re.match(r"a1_1 = leaky_relu\(z1_1\) .*= −0.01$", forward[-1])


def test_a_number_too_long_to_be_put_in_stands_by_its_name() -> None:
    shown = traced("x**60/7**30 + x", "x=3", numbers="exact")
    assert "f = v3 + x   v3 + 3 " in shown  # 42391158275216203514294433201/22539340290692258087863249
    assert "its name or its decimals stand" in shown.split("\n\n")[0]
    network = sections(traced(SAMPLES / "two-two-one.yaml", numbers="exact"))["Forward"]
    assert re.match(r"y = σ\(a3\) +σ\(a3\) +=", network[-1])


def test_many_digits_say_so_and_add_up() -> None:
    shown = traced("(1-cos(x))/x**2", "x=1e-8", digits=20, precision=20)
    assert "Numbers are worked out to 20 digits, each right to the last one shown." in shown
    row = next(line for line in shown.splitlines() if line.startswith("v2 = 1 − v1"))
    assert "1 − 0.99999999999999995000000000000000041667 " in row


def test_a_formula_too_long_for_its_numbers_has_a_mark() -> None:
    rows = sections(traced("*".join(f"x{i}" for i in range(25)), ",".join(f"x{i}=1" for i in range(25))))["Gradient"]
    assert re.search(r" {3}… +≈? ?", rows[1])


def test_what_a_sweep_leaves_out_is_said() -> None:
    left_out = "Only what leads to w1 is shown."
    assert left_out in traced(SAMPLES / "two-two-one.yaml", wrt="w1")
    assert "Only what" not in traced(SAMPLES / "two-two-one.yaml")
    assert "Only what leads to x is shown." in traced("x*y", "x=1,y=2", wrt="x")
    assert "Only what" not in traced("x*2", "x=1", wrt="x")
    assert "x\u03072 = 0" in traced(BAYDIN, "x1=2,x2=5", mode="forward", seed="x1=1,x2=0")
    assert "x\u03072 = 0" in traced(BAYDIN, "x1=2,x2=5", mode="forward")


def test_the_chain_rule_of_the_output_itself_is_its_local_partial() -> None:
    rows = sections(differentiated("(x**2+1)**3"))["Chain rule, from the output back"]
    assert re.match(r"df/dv2 +local partial +3·v2²", rows[1])
