"""Names with indices: which part is the index, and that two names of a document never look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert.show.look import Look
from wengert.show.notation.display import DisplayNotation
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.mathml import MathmlNotation
from wengert.show.notation.names import Names, Spelled, split
from wengert.show.notation.typst import TypstNotation

SPLIT = [
    ("x", Spelled("x")),
    ("x1", Spelled("x", "1")),
    ("v12", Spelled("v", "12")),
    ("net_h1", Spelled("net", "h1")),
    ("out1", Spelled("out", "1")),
    ("E_total", Spelled("E", "total")),
    ("W1_2_3", Spelled("W", "1,2,3")),
    ("θ1", Spelled("θ", "1")),
    ("x₁", Spelled("x", "1")),
    ("x_", Spelled("x_", "", True)),
    ("_x", Spelled("_x", "", True)),
    ("a1b", Spelled("a1b", "", True)),
    ("x__1", Spelled("x__1", "", True)),
]


@pytest.mark.parametrize(("name", "expected"), SPLIT)
def test_split(name: str, expected: Spelled) -> None:
    assert split(name) == expected


ALIKE = [
    ({"x1", "x_1"}, {"x1"}, {"x_1"}),
    ({"x1", "x₁"}, {"x1"}, {"x₁"}),
    ({"W_1_2", "W1_2"}, {"W1_2"}, {"W_1_2"}),
    ({"x_1"}, {"x_1"}, set()),
    (set(), set(), {"v_3", "v₃"}),  # wengert's own statement is v3
]


@pytest.mark.parametrize(("given", "indexed", "typed"), ALIKE)
def test_names_that_would_look_alike_stay_as_typed(given: set[str], indexed: set[str], typed: set[str]) -> None:
    names = Names(given)
    assert not any(names(n).typed for n in indexed)
    assert all(names(n).typed for n in typed)


LETTERS = st.text("xyvW12_₁θé", min_size=1, max_size=5).filter(str.isidentifier)


@pytest.mark.parametrize("notation", [LatexNotation, MathmlNotation, TypstNotation])
@given(given=st.sets(LETTERS, min_size=2, max_size=8))
def test_no_two_names_are_shown_alike(notation: type[DisplayNotation], given: set[str]) -> None:
    shown = notation(Look(names=frozenset(given)))
    everything = [*given, "v1", "v2", "v12"]
    by_text: dict[str, set[str]] = {}
    for name in everything:
        by_text.setdefault(shown.name(name), set()).add(name)
    assert all(len(same) == 1 for same in by_text.values()), by_text


@given(given=st.sets(LETTERS, max_size=10))
def test_those_typed_are_all_of_a_spelling_but_one(given: set[str]) -> None:
    """v12 and the like, which are not compared with one another, are compared with all others."""
    spelled: dict[Spelled, set[str]] = {}
    for name in given:
        spelled.setdefault(split(name), set()).add(name)
    typed = Names(given).typed
    assert typed <= given
    assert all(len(same - typed) == 1 for same in spelled.values())
