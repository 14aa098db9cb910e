"""YAML text to a tree with positions."""

from __future__ import annotations

import time

import pytest
import yaml

from wengert.errors import SpecError
from wengert.lang.reader import MAX_BYTES, Mapping, Scalar, Sequence, Tree, decode, formula_source, read_tree


def plain(tree: Tree) -> object:
    if isinstance(tree, Mapping):
        return {k.text: plain(v) for k, v in tree.entries}
    if isinstance(tree, Sequence):
        return [plain(t) for t in tree.items]
    return None if tree.empty else tree.text


@pytest.fixture(params=["c", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


def nested(depth: int) -> list[object]:
    inner: list[object] = []
    for _ in range(depth - 1):
        inner = [inner]
    return inner


TREES = [
    # (text, tree): scalars stay text, as YAML 1.2 would not read them otherwise than the formula language does
    ("a: 1e-3", {"a": "1e-3"}),
    ("a: no\non: yes", {"a": "no", "on": "yes"}),
    ("a: 010", {"a": "010"}),
    ("a: 1:30", {"a": "1:30"}),
    ("a: 2024-01-01", {"a": "2024-01-01"}),
    ("a: =", {"a": "="}),
    ("a:", {"a": None}),
    ("a: ~\nb: null\nc: Null\nd: NULL", dict.fromkeys("abcd")),
    ("a: ''\nb: \"null\"\nc: '~'", {"a": "", "b": "null", "c": "~"}),
    ("{a: [1, 2, {b: c}]}", {"a": ["1", "2", {"b": "c"}]}),
    ("- a\n- [b]\n- - c", ["a", ["b"], ["c"]]),
    ("---\na: b\n...\n", {"a": "b"}),
    ("%YAML 1.2\n---\na: b\n", {"a": "b"}),
    ("\ufeffa: b\n", {"a": "b"}),
    ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
    ("a: b # words\n# more\nc: d", {"a": "b", "c": "d"}),
    ("a: x\n  + y", {"a": "x + y"}),
    ("a: |\n  x = 1\n  y = x\n", {"a": "x = 1\ny = x\n"}),
    ("a: >\n  x\n  + 1\n", {"a": "x + 1\n"}),
    ("a: σ(𝜎)·x²", {"a": "σ(𝜎)·x²"}),
    ("a: " + "[" * 31 + "]" * 31, {"a": nested(31)}),  # 32 deep with the map
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_tree(text: str, tree: object) -> None:
    assert plain(read_tree(text, "f.yaml")) == tree


POSITIONS = [
    # (text, key path, positions of the lines of its formula, its text)
    ("a: x + y\n", ((1, 4),), "x + y"),
    ("# 𝜎\n\na:   x\n", ((3, 6),), "x"),
    ("\ufeffa: x\n", ((1, 4),), "x"),
    ("z: 1\r\na: x\r\n", ((2, 4),), "x"),
    ("a: 'x + y'\n", ((1, 5),), "x + y"),
    ("a: \"x + y\"\n", ((1, 5),), "x + y"),
    ("a: 'it''s'\n", ((1, 4),), "it's"),
    ("a: |\n  x = 1\n\n  y = x\n", ((2, 3), (3, 1), (4, 3)), "x = 1\n\ny = x"),
    ("a: |-\n    x\n     + y\n", ((2, 5), (3, 5)), "x\n + y"),
    ("a: >\n  x\n  + y\n", ((2, 3), (3, 3)), "x + y"),
    ("a: >\n  x + y\n", ((2, 3),), "x + y"),
]


@pytest.mark.parametrize(("text", "positions", "value"), POSITIONS)
def test_formula_source(text: str, positions: tuple[tuple[int, int], ...], value: str) -> None:
    tree = read_tree(text, "f.yaml")
    assert isinstance(tree, Mapping)
    scalar = next(v for k, v in tree.entries if k.text == "a")
    assert isinstance(scalar, Scalar)
    source = formula_source(scalar)
    assert (source.text, source.positions, source.origin) == (value, positions, "f.yaml")


FOLDED = [
    # (text, where the $ of its formula stands): the value is one line, and was written over several
    ("a: x\n  + y\n   + $\n", (3, 6)),
    ("a: x\n  + $ + y\n  + z\n", (2, 5)),
    ("a: 'x\n  + $'\n", (2, 5)),
    ('a: "x\n\n  + $"\n', (3, 5)),
    ("a:\n  x\n  + $\n", (3, 5)),
    ("a: >\n  x\n  + $\n", (3, 5)),
    ("a: [x,\n   x\n   + $]\n", (3, 6)),
    ("a: >\n  x  <\n     \n    $\n", (4, 5)),
]


@pytest.mark.parametrize(("text", "position"), FOLDED)
def test_a_place_in_a_folded_value(text: str, position: tuple[int, int]) -> None:
    tree = read_tree(text, "f.yaml")
    assert isinstance(tree, Mapping)
    scalar = tree.entries[0][1]
    scalar = scalar.items[-1] if isinstance(scalar, Sequence) else scalar
    assert isinstance(scalar, Scalar)
    source = formula_source(scalar)
    assert source.locate(source.text.index("$"))[:2] == position


def test_a_place_between_the_lines_of_a_folded_value() -> None:
    """What stands in none of them, the end of a line or blanks, is shown at the end of the line before."""
    tree = read_tree("a: >\n  x  <\n     \n    y\n", "f.yaml")
    assert isinstance(tree, Mapping) and isinstance(tree.entries[0][1], Scalar)
    source = formula_source(tree.entries[0][1])
    assert source.text == "x  <\n   \n  y"
    assert [source.locate(i)[:2] for i in range(4, 8)] == [(2, 7)] * 4


def test_places() -> None:
    text = "a: [x, {b: 'c'}]\nd:\n  - e\n  - f\n\n# end\ng: h\n"
    tree = read_tree(text, None)
    assert isinstance(tree, Mapping)
    shown = [text[v.place.start : v.place.end] for _, v in tree.entries]
    assert shown == ["[x, {b: 'c'}]", "- e\n  - f", "h"]


HOSTILE = {
    "brackets": "a: " + "[" * 100_000,
    "braces": "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "question marks": "? " * 100_000,
    "indentation": "\n".join(" " * i + "a:" for i in range(3000)),
    "anchors": "a: &a [x]\nb: [*a, *a]\n",
    "billion laughs": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "merge": "a: &a {x: 1}\nb:\n  <<: *a\n",
    "object": "a: !!python/object/apply:os.system ['true']\n",
    "open quote": "a: '" + "x" * 1_000_000,
    "tabs": "\t" * 100_000,
    "colons": ":" * 100_000,
    "NUL": "a: \0",
    "next line": "a: x\x85b: y",
    "line separator": "a: |\u2028\n  x\n",
    "paragraph separator": "a: x\u2029 y\n",
    "lone surrogate": "a: \ud800",
    "too long": "a: " + "x" * MAX_BYTES,
    "two documents": "a: b\n---\na: b\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile(text: str) -> None:
    started = time.process_time()
    with pytest.raises(SpecError) as caught:
        read_tree(text, "f.yaml")
    assert time.process_time() - started < 5
    assert "\x1b" not in caught.value.report()


@pytest.mark.parametrize("data", [b"a: \xff\n", "a: é\n".encode("latin-1"), "a: b".encode("utf-16")])
def test_not_utf8(data: bytes) -> None:
    with pytest.raises(SpecError, match="UTF-8"):
        decode(data, "f.yaml")


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wengert.lang.reader.MAX_NODES", 100)
    with pytest.raises(SpecError, match="more than 100 values"):
        read_tree("a: [" + "x, " * 200 + "]", None)
