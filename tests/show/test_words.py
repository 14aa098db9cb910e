"""The sentences about verdicts: what was checked, how, and what agrees with what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wengert
from wengert import pipeline
from wengert.show.document import Words
from wengert.show.gradient import gradient_sections
from wengert.show.numbers import Digits
from wengert.show.words import tables as words

CHECKED = [
    (["proved", "proved"], "proved", "Checked by sympy: 2 of 2 derivatives proved."),
    (["proved"], "proved", "Checked by sympy: 1 of 1 derivative proved."),
    (["proved"], "imprecise", "Checked by sympy: 1 of 1 derivative proved; verdict of the whole: imprecise."),
    (["kink"], "kink", "Checked: kink."),
    (["agrees"], "agrees", "Checked: agrees (50 digits)."),
    (["kink", "proved"], "kink", "Checked: 1 proved, 1 kink."),
    (["kink", "agrees", "kink", "agrees"], "kink", "Checked: 2 agree (50 digits), 2 kinks."),
    (["proved", "imprecise"], "failed", "Checked: 1 proved, 1 imprecise; verdict of the whole: failed."),
]


@pytest.mark.parametrize(("verdicts", "worst", "expected"), CHECKED)
def test_checked(verdicts: list[str], worst: str, expected: str) -> None:
    assert words.checked(verdicts, worst) == expected


AGREES = [
    (["50 digits, one-sided limits"], "agrees: the list in 50 digits equals the judge's one-sided limits."),
    (["50 digits, central differences", "50 digits, complex step"],
     "agrees: the list in 50 digits equals the judge's central differences and complex step."),
    (["50 digits, random points"], "agrees: the list in 50 digits equals the judge's derivatives at random points."),
    (["50 digits, random directions"], "agrees: the list in 50 digits equals the judge's derivatives along random directions."),
]  # fmt: skip


@pytest.mark.parametrize(("witnesses", "expected"), AGREES)
def test_agrees(witnesses: list[str], expected: str) -> None:
    assert words.agrees(witnesses) == expected


def test_the_rules_used() -> None:
    assert words.rules_proved(4, 4) == "The rules used: all 4 local partials are proved by sympy, on each branch."
    assert words.rules_proved(2, 2) == "The rules used: both local partials are proved by sympy, on each branch."
    assert words.rules_proved(1, 1) == "The rule used: its local partial is proved by sympy, on each branch."
    assert words.rules_proved(3, 4) == "The rules used: 3 of 4 local partials are proved by sympy."


def test_below_a_kink_stands_how_its_slopes_were_found() -> None:
    (section,) = gradient_sections(pipeline.trace("abs(x) + x**2", at={"x": 0}, budget=60.0), Digits())
    list(section.rows())
    assert [line[0] for line in section.after()] == [
        Words("Checked: kink."),
        Words("At a kink the one-sided derivatives were worked out from the formula alone, with 50 digits."),
        Words("The rules used: all 4 local partials are proved by sympy, on each branch."),
    ]


# Words that no reader sees, or that are no sentence: keys of formats and styles, what a program reads.
NO_SENTENCE = re.compile(r"\s*(<|[.#/;]|digraph|classDef|style |bold |tall |med class|\">|root of the sum)")


def test_every_sentence_stands_in_words() -> None:
    """Two words of small letters beside one another, in no docstring and no error, are a sentence."""
    found = []
    for path in sorted((Path(wengert.__file__).parent / "show").rglob("*.py")):
        if "words" not in path.parts:
            found += [f"{path.name}:{line}: {text}" for line, text in sentences(path) if not NO_SENTENCE.match(text)]
    assert not found


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
            silent |= {id(e.value) for e in node.body if isinstance(e, ast.Expr)}
        called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, (ast.Raise, ast.Assert)) or called.endswith(("Error", "Problem")):
            silent |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if id(node) not in silent and re.search(r"[A-Za-z]{2,} [a-z]{2,}", text):
            yield node.lineno, text


def test_the_reader_of_sentences_sees_them() -> None:
    path = Path(wengert.__file__).parent / "show" / "words" / "layers.py"
    assert ", row by row" in {text for _, text in sentences(path)}
