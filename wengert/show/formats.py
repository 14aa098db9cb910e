"""The formats, one record each: its name, the endings of its files, and the renderer that makes it.

A renderer is a module with `render(document, look)`, which hands out text in pieces, each as soon as it is there (pdf: bytes).
It is imported when it is used. The command line and the library both come here; neither knows a renderer by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from wengert.errors import UsageError
from wengert.show.document import Document
from wengert.show.lines import lines_of
from wengert.show.look import Look


@dataclass(frozen=True, slots=True)
class Format:
    """`of` says what the format is made from: the document, its record for programs, its picture, or its graph alone (which
    `graph` offers, and no other command)."""

    name: str
    endings: tuple[str, ...]
    module: str
    of: Literal["document", "record", "picture", "graph"] = "document"
    binary: bool = False


FORMATS = {
    f.name: f
    for f in (
        Format("rich", (), "wengert.show.terminal"),
        Format("text", (".txt",), "wengert.show.text"),
        Format("markdown", (".md", ".markdown"), "wengert.show.markdown"),
        Format("latex", (".tex",), "wengert.show.latex"),
        Format("typst", (".typ",), "wengert.show.typst"),
        Format("html", (".html", ".htm"), "wengert.show.html"),
        Format("json", (".json",), "", "record"),
        Format("jsonl", (".jsonl", ".ndjson"), "", "record"),
        Format("csv", (".csv",), "wengert.show.csv"),
        Format("pdf", (".pdf",), "wengert.show.pdf", binary=True),
        Format("svg", (".svg",), "", "picture"),
        Format("png", (".png",), "wengert.show.raster", "picture", binary=True),
        Format("dot", (".dot", ".gv"), "wengert.show.graph.dot", "graph"),
        Format("mermaid", (".mmd", ".mermaid"), "wengert.show.graph.mermaid", "graph"),
    )
}
DOCUMENTS = tuple(f.name for f in FORMATS.values() if f.of != "graph")  # what a document can be written as
_HALVES = re.compile("[\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
GRAPHS = ("text", "svg", "png", "dot", "mermaid", "json")  # what a graph can


STANDALONE = "latex"  # the format of which a part is made where nothing else is asked for


def check_standalone(name: str, standalone: bool) -> None:
    """Raises UsageError where a whole file is asked for of a format that makes nothing else."""
    if standalone and name != STANDALONE:
        raise UsageError(
            f"--standalone is for {STANDALONE}, and this is {name}",
            hint=f"-f {STANDALONE} with it; the other formats make whole documents anyway",
        )


@dataclass(frozen=True, slots=True)
class Content:
    """What a command has to show, each part made when a format asks for it.

    `record` is one JSON object; `parts` its keys and values with long lists as iterators, so that they stream (None: those of
    the record).
    """

    document: Callable[[], Document]
    record: Callable[[], dict[str, Any]]
    parts: Callable[[], Iterable[tuple[str, Any]]] | None = None


def pieces(name: str, look: Look, content: Content) -> Iterator[str] | Iterator[bytes]:
    """The content in that format, piece by piece; bytes where the format is binary. Raises UsageError for a document that has
    no picture, and where an extra package is not installed."""
    chosen = FORMATS[name]
    if name == "json":
        return _json(content.record(), look.ascii)
    if name == "jsonl":
        parts = content.parts() if content.parts is not None else content.record().items()
        return _jsonl(lines_of(parts), look.ascii)
    if chosen.of == "picture":
        return _picture(chosen, content.document(), look)
    rendered: Iterator[str] | Iterator[bytes] = import_module(chosen.module).render(content.document(), look)
    return rendered


def ending_of(path: str) -> str:
    """The ending of a file's name, in small letters with its point; empty where it has none."""
    from os.path import splitext

    return splitext(path)[1].lower()


def format_of(path: str, offered: tuple[str, ...] = DOCUMENTS) -> str:
    """The format that a file's ending names, of those offered. Raises UsageError."""
    ending = ending_of(path)
    found = {e: name for name in offered for e in FORMATS[name].endings}
    if ending in found:
        return found[ending]
    raise UsageError(
        f"the ending {ending or '(none)'} of {path} names no format",
        hint=_elsewhere(ending) or f"one of {', '.join(found)}, or -f",
    )


def _elsewhere(ending: str) -> str | None:
    """Which command writes files with that ending, where another one does."""
    for command, offered in (("graph", GRAPHS), ("trace", DOCUMENTS)):
        if any(ending in FORMATS[name].endings for name in offered):
            return f"wengert {command} writes {ending}"
    return None


def _json(record: dict[str, Any], ascii: bool) -> Iterator[str]:
    import json

    for piece in json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=2).iterencode(record):
        yield _characters(piece, ascii)
    yield "\n"


def _jsonl(lines: Iterator[dict[str, Any]], ascii: bool) -> Iterator[str]:
    import json

    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
    for line in lines:
        yield _characters(encoder.encode(line), ascii) + "\n"


def _characters(made: str, ascii: bool) -> str:
    """JSON as text that every encoding of Unicode takes: half a character, which it has no room for, is � (a byte of a command
    line that is not UTF-8 comes as one). In ASCII the others are \\u03c3."""
    if made.isascii():
        return made
    import json

    whole = _HALVES.sub("�", made)
    return _BEYOND_ASCII.sub(lambda m: json.dumps(m[0])[1:-1], whole) if ascii else whole


def _picture(chosen: Format, document: Document, look: Look) -> Iterator[str] | Iterator[bytes]:
    """The document's own picture, or its computational graph."""
    if document.picture is not None:
        svg = document.picture()
    elif document.graph is not None:
        svg = import_module("wengert.show.graph.svg").svg(document.graph(), look)
    else:
        raise UsageError(
            f"there is no picture of this to write as {chosen.name}",
            hint="wengert graph draws the computational graph; train, flow and rules NAME have curves",
        )
    if not chosen.binary:
        return iter([svg.encode("ascii", "xmlcharrefreplace").decode("ascii") if look.ascii else svg])
    png: bytes = import_module(chosen.module).png(svg)
    return iter([png])
