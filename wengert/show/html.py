"""The document as one web page: complete without scripts, and with them a way to go through the sweeps step by step.

Nothing is loaded from anywhere. Mathematics is MathML, the graph is SVG, and the tables come in pieces as their rows do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wengert.show.document import Document, Line, Words
from wengert.show.layout import sections_drawn
from wengert.show.look import Look
from wengert.show.notation import TextNotation
from wengert.show.notation.mathml import MathmlNotation, plain
from wengert.show.page.assets import policy, script, style
from wengert.show.page.stage import figure, player
from wengert.show.page.tables import Counters, paragraphs, section
from wengert.show.words import LANGUAGE
from wengert.show.words import page as words


def render(document: Document, look: Look) -> Iterator[str]:
    """The page in pieces. With an ASCII look every other character is a reference, and the page looks the same."""
    for piece in _page(document, replace(look, ascii=False)):
        yield piece.encode("ascii", "xmlcharrefreplace").decode("ascii") if look.ascii else piece


def _page(document: Document, look: Look) -> Iterator[str]:
    notation = MathmlNotation(look)
    heading, opening = _heading(document)
    yield _head(document, heading, look)
    yield f"<header>\n<h1>{notation.prose(heading)}</h1>\n"
    yield from paragraphs(opening, notation)
    yield "</header>\n"
    stage, graph = _stage(document, look)
    yield f'<div class="{"beside" if stage else "alone"}">\n<div class="stage">\n{stage}{player(graph)}</div>\n<main>\n'
    count = Counters()
    for s in sections_drawn(document):
        yield from section(s, notation, count)
    yield f"</main>\n</div>\n<footer><p>{plain(words.GENERATED)}</p></footer>\n"
    yield f"<script>{script()}</script>\n</body>\n</html>\n"


def _heading(document: Document) -> tuple[Line, tuple[Line, ...]]:
    """The page's heading, and the opening lines that are left below it: without a title the formula is the heading."""
    if document.title:
        return (Words(document.title),), document.opening
    first = document.opening[0] if document.opening else ()
    if any(not isinstance(piece, Words) for piece in first):
        return first, document.opening[1:]
    return (Words(words.UNTITLED),), document.opening


def _head(document: Document, heading: Line, look: Look) -> str:
    title = TextNotation.of(look).line(heading)
    return f"""<!DOCTYPE html>
<html lang="{LANGUAGE}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(style())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="wengert">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{plain(" ".join(title.split()))}</title>
<style>{style()}</style>
</head>
<body>
"""


def _stage(document: Document, look: Look) -> tuple[str, bool]:
    """The graph, or the picture of a document that has no graph; and whether it is a graph."""
    if document.graph is not None:
        from wengert.show.graph.svg import svg

        graph = replace(document.graph(), title=None)  # the page has a heading of its own
        return figure(svg(graph, look, embedded=True), words.GRAPH, True), True
    if document.picture is not None:
        return figure(document.picture(), words.PICTURE, False), False
    return "", False
