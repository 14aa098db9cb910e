"""Tokens: what is written on paper becomes the language's own signs, each with its span."""

from __future__ import annotations

import itertools
import time

import pytest

from wengert.errors import FormulaError, Source
from wengert.lang.tokens import MAX_EXPONENT, MAX_LITERAL, MAX_NAME, Kind, tokenize


def shown(text: str) -> str:
    """Kinds and texts on a line: `x:NAME +:OPERATOR`, without the end."""
    return " ".join(f"{t.text}:{t.kind.name}" for t in tokenize(Source(text))[:-1])


SIGNS = [
    ("x+1", "x:NAME +:OPERATOR 1:NUMBER"),
    ("a−b", "a:NAME -:OPERATOR b:NAME"),
    ("a–b", "a:NAME -:OPERATOR b:NAME"),
    ("a·b", "a:NAME *:OPERATOR b:NAME"),
    ("a×b", "a:NAME *:OPERATOR b:NAME"),
    ("a÷b", "a:NAME /:OPERATOR b:NAME"),
    ("a^b", "a:NAME **:OPERATOR b:NAME"),
    ("a**b", "a:NAME **:OPERATOR b:NAME"),
    ("a≤b", "a:NAME <=:OPERATOR b:NAME"),
    ("a>=b", "a:NAME >=:OPERATOR b:NAME"),
    ("a==b", "a:NAME ==:OPERATOR b:NAME"),
    ("a=b", "a:NAME =:ASSIGN b:NAME"),
    ("x²", "x:NAME 2:RAISED"),
    ("x⁻¹²", "x:NAME -12:RAISED"),
    ("√x", "√:ROOT x:NAME"),
    ("|x|", "|:BAR_OPEN x:NAME |:BAR_CLOSE"),
    ("x₁θ1", "x₁θ1:NAME"),
    ("w_out", "w_out:NAME"),
    ("2x1", "2:NUMBER x1:NAME"),
    ("1e-3", "1e-3:NUMBER"),
    ("1e", "1:NUMBER e:NAME"),
    (".5", ".5:NUMBER"),
    ("5.", "5.:NUMBER"),
    ("0.10", "0.10:NUMBER"),
    ("a;b", "a:NAME ;:SEPARATOR b:NAME"),
    ("f(a,\nb)", "f:NAME (:OPEN a:NAME ,:COMMA b:NAME ):CLOSE"),
    ("x # a comment", "x:NAME"),
    ("\ufeffx", "x:NAME"),
]


@pytest.mark.parametrize(("text", "expected"), SIGNS)
def test_tokens(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("text", ["(x1 + 2.5e3)*√y − |z|²", "a = w*x + b; y = σ(a)\n"])
def test_spans_tile_the_text(text: str) -> None:
    tokens = tokenize(Source(text))
    for before, after in itertools.pairwise(tokens):
        assert before.end <= after.start
        assert text[before.end : after.start].strip(" ") == ""
    assert tokens[-1].kind is Kind.END and tokens[-1].start == tokens[-1].end == len(text)
    kept = [t for t in tokens if t.kind in (Kind.NAME, Kind.NUMBER)]
    assert all(text[t.start : t.end] == t.text for t in kept)


BARS = [
    ("|x|", "()"),
    ("|x||y|", "()()"),
    ("||x|-1|", "(())"),
    ("||x|−|y||", "(()())"),
    ("|x|+|y|", "()()"),
    ("|-x|", "()"),
    ("|x+|y|*2|", "(())"),
    ("2|x|", "()"),
    ("(|x|)(|y|)", "()()"),
    ("|f(|x|)|", "(())"),
    ("max(|a|,|b|)", "()()"),
    ("|||x|||", "((()))"),
]


@pytest.mark.parametrize(("text", "expected"), BARS)
def test_bars_pair_up(text: str, expected: str) -> None:
    kinds = {Kind.BAR_OPEN: "(", Kind.BAR_CLOSE: ")"}
    assert "".join(kinds.get(t.kind, "") for t in tokenize(Source(text))) == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("|x|y|z|", "these bars can be read in more than one way"),
        ("|x", "these bars do not pair up"),
        ("x|", "these bars do not pair up"),
        ("|(x|)", "these bars do not pair up"),
        ("||", "these bars do not pair up"),
        ("|x|" * 600, "1,200 bars at one level"),
    ],
)
def test_bars_without_one_reading(text: str, title: str) -> None:
    with pytest.raises(FormulaError) as caught:
        tokenize(Source(text))
    assert caught.value.title == title
    assert "abs(" in (caught.value.hint or "")


def test_limits_at_their_edges() -> None:
    assert shown("a" * MAX_NAME).endswith(":NAME")
    assert shown("1" * MAX_LITERAL).endswith(":NUMBER")
    assert shown(f"1e{MAX_EXPONENT}").endswith(":NUMBER")
    for text in ("a" * (MAX_NAME + 1), "1" * (MAX_LITERAL + 1), f"1e-{MAX_EXPONENT + 1}", "1e" + "9" * 5000):
        with pytest.raises(FormulaError):
            tokenize(Source(text))


@pytest.mark.parametrize(("text", "end", "stops"), [
    ("12.5", 2, [2]), ("1_0", 1, [1]), ("1e5", 2, [1, 2]), ("x**2", 2, [1, 2]), ("a//b", 2, [1, 2]), ("x²³", 2, [1, 2]),
    ("xy", 1, [1]), ("x # ab", 4, [1]), (".5", 2, [2]),
])  # fmt: skip
def test_nothing_is_read_behind_the_end(text: str, end: int, stops: list[int]) -> None:
    tokens = tokenize(Source(text), 0, end)
    assert [t.end for t in tokens] == [*stops, end]


def test_a_piece_of_a_long_text_takes_no_copy_of_it() -> None:
    source = Source("x," * 5_000_000)
    began = time.process_time()
    for i in range(0, 20_000, 2):
        assert len(tokenize(source, 9_000_000 + i, 9_000_000 + i + 1)) == 2
    assert time.process_time() - began < 10
