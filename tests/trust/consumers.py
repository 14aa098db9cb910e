"""What reads the formats, and what all tests of injection ask of a text that was read back."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from tests.conftest import Count
from tests.trust.everywhere import PLACES
from tests.trust.payloads import ALL

JOINED = [" ".join(ALL[n : n + 12]) for n in range(0, len(ALL), 12)]  # for documents that take longer to make
CONTROLS = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2028\u2029\ufeff\ud800-\udfff]"
)


def words(text: str) -> list[str]:
    """The letters and digits, in order: what every format must still say."""
    return re.findall("[A-Za-z0-9]+", text)


def says(shown: str, payload: str) -> bool:
    """Whether the words of the payload stand in the text, in order."""
    return "".join(words(payload)) in "".join(words(shown))


def tried(count: Count, format: str, payloads: int = len(ALL), places: int = PLACES) -> None:
    count(f"injections tried: {format}", payloads * places)


class Reader(HTMLParser):
    """Elements with their attributes, and the text outside scripts and style sheets."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.other: list[str] = []
        self.inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)


# Of mathematics and of lines that are wrapped: they depend on what the text is made of.
FREE = frozenset(
    {"math", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msub", "msup", "msubsup", "mover", "wbr", "tspan", "text"}
)


MERMAID = re.compile(  # every line that wengert writes below the opening, its texts between quotes
    r"""flowchart\ (?:LR|TB)
    | \ \ (?:v\d+|notes)(?:\(\[|\[\[|\{\{|\[|\()"(?P<a>[^"`]*)"(?:\]\)|\]\]|\}\}|\]|\))
    | \ \ v\d+\ (?:-->|==>|-\.->|~~~)(?:\|"(?P<b>[^"`]*)"\|)?\ (?:v\d+|notes)
    | \ \ (?:style\ notes|classDef\ [a-z]+)\ [a-z\-#:0-9A-F,. x]+
    | \ \ class\ [v0-9,]+\ [a-z]+""",
    re.VERBOSE,
)


def pandoc(text: str, reader: str) -> list[Any]:
    done = subprocess.run(
        ["pandoc", "--sandbox", "-f", reader, "-t", "json"], input=text, capture_output=True, encoding="utf-8", timeout=240,
        check=True,
    )  # fmt: skip
    assert not done.stderr
    blocks: list[Any] = json.loads(done.stdout)["blocks"]
    return blocks


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All nodes of pandoc's tree, in order."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if "t" in node:
                yield node
            stack += reversed(list(node.values()))
        elif isinstance(node, list):
            stack += reversed(node)
