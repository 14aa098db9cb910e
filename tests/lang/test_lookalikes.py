"""Names that look alike: refused side by side, and told apart by number where one stands for the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from wengert import pipeline
from wengert.errors import WengertError
from wengert.lang.program import read_formula
from wengert.lang.spec import read_spec
from wengert.tape.primitives import VOCABULARY

ALIKE = [
    # (formula, the two names as the message has them)
    ("µ*μ", "µ (U+00B5) and μ (U+03BC)"),
    ("a*\u0430", "a and \u0430 (U+0430)"),
    ("\u039f*O", "\u039f (U+039F) and O"),
    ("x1*\u04451", "x1 and \u04451 (U+0445)"),
    ("\u0430 = x; y = a*\u0430", "a and \u0430 (U+0430)"),
    ("a = 1; \u0430 = 2; a + \u0430", "a and \u0430 (U+0430)"),
]
APART = ["ν*v", "α*a", "ϕ*φ", "𝑥*x", "ℓ*l", "x₁*x1", "x1*x_1", "σ(x)*ς", "é*è", "Σ*S"]
SPECS = [
    ("let: {a: 2*x, \u0430: 3*x}\n", "a and \u0430 (U+0430)"),
    ("inputs: {x: 1}\nparameters: {a: 2, \u0430: 1}\nlayers: [{weights: [[a]], bias: [\u0430]}]\n", "a and \u0430 (U+0430)"),
    ("inputs: {x: 1}\nlayers: [{weights: [[1]], post: [\u0445]}]\n", "\u0445 (U+0445) and x"),
]


@pytest.mark.parametrize(("formula", "names"), ALIKE)
def test_refused(formula: str, names: str) -> None:
    with pytest.raises(WengertError) as caught:
        read_formula(formula, VOCABULARY)
    assert caught.value.title == f"two names look alike: {names}"
    assert caught.value.place is not None
    assert caught.value.hint == "give one of them another name, or type both the same way"


@pytest.mark.parametrize("formula", APART)
def test_names_that_a_reader_can_tell_apart(formula: str) -> None:
    assert len(read_formula(formula, VOCABULARY).names()) >= 2


@pytest.mark.parametrize(("spec", "names"), SPECS)
def test_refused_in_a_spec(spec: str, names: str) -> None:
    with pytest.raises(WengertError) as caught:
        read_spec(spec, "net.yaml", VOCABULARY)
    assert caught.value.title == f"two names look alike: {names}"


@pytest.mark.parametrize(
    ("formula", "at", "hint"),
    [
        ("μ**2", {"µ": 1}, "did you mean μ? They look alike: µ (U+00B5) and μ (U+03BC)."),
        ("x**2", {"\u0445": 1}, "did you mean x? They look alike: \u0445 (U+0445) and x."),
    ],
)
def test_one_for_the_other(formula: str, at: dict[str, int], hint: str) -> None:
    with pytest.raises(WengertError) as caught:
        pipeline.trace(formula, at=at, verify=False)
    assert caught.value.hint == hint


def test_a_key_with_a_foreign_letter(tmp_path: Path) -> None:
    with pytest.raises(WengertError) as caught:
        read_spec("f\u043ermula: x\n", "f.yaml", VOCABULARY, (), tmp_path)
    assert caught.value.hint == "did you mean formula? They look alike: f\u043ermula (U+043E) and formula."
