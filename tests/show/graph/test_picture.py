"""The drawing by characters: what it says, how wide it is, and what it does where there is no room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.graph.drawing import BAYDIN, NOTATION, SAMPLES, graph, traced
from wengert.show.document import Name, Number, Words
from wengert.show.folding import display_width
from wengert.show.graph.build import graph_of
from wengert.show.graph.canvas import Canvas
from wengert.show.graph.model import Edge, Figure, Graph, Vertex
from wengert.show.graph.picture import picture
from wengert.show.look import look_of
from wengert.show.numbers import Digits
from wengert.show.spelling import BAR

LOOK, ASCII = look_of(), look_of(ascii=True)
ALL = sorted(SAMPLES.glob("*.yaml"))


def drawn(graph: Graph, width: int | None = None, ascii: bool = False) -> list[str]:
    return list(picture(graph, ASCII if ascii else LOOK, width))


def test_a_statement_with_two_arguments() -> None:
    assert drawn(graph("x*y", {"x": 2, "y": 3})) == [
        "╭───────╮",
        "│   x   │",
        "│  = 2  │─╮",
        f"│ x{BAR} = 3 │ │           ╔═════════╗",
        "╰───────╯ ╰─ y = 3 ─╮ ║ f = x·y ║",
        "             ← 3    ├▶║   = 6   ║",
        f"╭───────╮           │ ║  f{BAR} = 1  ║",
        "│   y   │ ╭─ x = 2 ─╯ ╚═════════╝",
        "│  = 3  │─╯  ← 2",
        f"│ y{BAR} = 2 │",
        "╰───────╯",
        "",
        "╭─╮ input   ╔═╗ output   on a line: local partial, below it ← what flows back",
    ]


def test_in_ascii() -> None:
    assert drawn(graph("x*x", {"x": 3}), ascii=True) == [
        ".------------.             #============#",
        "|     x      | +- x = 3 -+ #  f = x*x   #",
        "|    = 3     |-+  <- 3   +>#    = 9     #",
        "| bar(x) = 6 | +- x = 3 -+ # bar(f) = 1 #",
        "'------------'    <- 3     #============#",
        "",
        ".-. input   #=# output   on a line: local partial, below it <- what flows back",
    ]


def test_without_a_point() -> None:
    found = Graph(
        "t", (Vertex(Name("x"), "input"), Vertex(Name("y"), "operation", output=True)), (Edge(0, 1, "use", Name("c")),)
    )
    assert drawn(found) == [
        "t",
        "",
        "╭───╮       ╔═══╗",
        "│ x │── c ─▶║ y ║",
        "╰───╯       ╚═══╝",
        "",
        "╭─╮ input   ╔═╗ output   on a line: local partial",
    ]


def test_where_it_is_too_wide_it_turns_and_says_so() -> None:
    found = graph(BAYDIN, {"x1": 2, "x2": 5})
    natural = max(map(display_width, drawn(found)))
    assert not any("Drawn from top" in line for line in drawn(found, natural))
    turned = drawn(found, 80)
    said = " ".join(turned)
    assert f"Drawn from top to bottom: from left to right it takes {natural} columns, and there are 80." in said
    assert max(map(display_width, turned)) <= 80
    assert any("▼" in line for line in turned)


def test_where_that_is_too_wide_as_well_it_is_a_list_and_says_so() -> None:
    found = graph(SAMPLES / "mazur-2-2-2.yaml")
    listed = drawn(found, 70)
    assert max(map(display_width, listed)) <= 70
    assert listed[2:5] == [
        "i1 = 0.05", "    → out_h1: w1 = 0.15, ∂E_total/∂w1 ≈ 0.000438568",
        "    → out_h2: w3 = 0.25, ∂E_total/∂w3 ≈ 0.000497713",
    ]  # fmt: skip
    assert re.search(r"Listed, not drawn: a drawing takes \d+ columns, and there are 70", " ".join(listed))


@pytest.mark.parametrize("width", [20, 40, 80, 100, 200, None])
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_it_never_is_wider_than_the_terminal_and_loses_nothing(path: Path, width: int | None) -> None:
    found = graph(path)
    shown = drawn(found, width)
    if width is not None and width >= 80:
        assert max(map(display_width, shown)) <= width
    text = " ".join(" ".join(shown).split())
    for vertex in found.vertices:
        for figure in vertex.figures:
            assert " ".join(NOTATION.math(figure.math).split()[:1]) in text
    if width is None:
        assert all(NOTATION.math(e.contribution) in text for e in found.edges if e.contribution is not None)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_ascii_is_ascii(path: Path) -> None:
    assert all(line.isascii() for line in drawn(graph(path), ascii=True))


def test_long_lists_are_listed_rather_than_drawn() -> None:
    found = graph_of(traced(" + ".join(f"sin(x{i})" for i in range(1, 50)), {f"x{i}": 1 for i in range(1, 50)}), Digits())
    assert drawn(found)


def test_nothing_that_was_typed_moves_the_cursor() -> None:
    found = Graph("\x1b[2J\n\r", (Vertex(Name("x\x1b[31m\t"), "input", "\x07"),), (), ("\x1b[0m",))
    assert not any(c in line for line in drawn(found) for c in "\x1b\n\r\t\x07")


def test_wide_characters_keep_the_box_straight() -> None:
    shown = drawn(Graph(None, (Vertex(Words("中文"), "input", figures=(Figure(Number("1")),)),), ()))
    assert len({display_width(line) for line in shown[:4]}) == 1


# -- lines


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(2, 7))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    edges = [
        Edge(min(p), max(p), "use", Name(draw(st.sampled_from(["aa", "bbb", "cccc"]))))
        for p in draw(st.lists(pair, max_size=10))
    ]
    vertices = [
        Vertex(Name(f"n{i}"), "operation", figures=(Figure(Number("1")),) * draw(st.integers(0, 3))) for i in range(count)
    ]
    return Graph(None, tuple(vertices), tuple(edges))


@given(graphs(), st.booleans())
@settings(max_examples=60)
def test_every_line_arrives(found: Graph, down: bool) -> None:
    """Each vertex that has arguments is met by one arrow, and no text is overwritten."""
    shown = drawn(Graph(None, found.vertices, found.edges, direction="down" if down else "right"))
    text = "\n".join(shown)
    for i in range(len(found.vertices)):
        assert len(re.findall(rf"\bn{i}\b", text)) == 1
    for label in ("aa", "bbb", "cccc"):
        assert len(re.findall(rf"\b{label}\b", text)) == sum(1 for e in found.edges if e.label == Name(label))
    assert text.count("▼" if down else "▶") == len({e.target for e in found.edges})


def test_lines_join_in_their_net_and_bridge_others() -> None:
    canvas = Canvas()
    canvas.line((1, 0), (1, 4), 1, True)
    canvas.line((0, 2), (2, 2), 2, False)
    assert list(canvas.rows()) == ["  │", "──│──", "  │"]
    joined = Canvas()
    joined.line((1, 0), (1, 4), 1, True)
    joined.line((0, 2), (2, 2), 1, False)
    assert list(joined.rows()) == ["  │", "──┼──", "  │"]
