"""Every command with every format that it can write: what the tests of writing, of streams and of equal bytes go through."""

from __future__ import annotations

from typing import Any

import pytest

from wengert.show.formats import DOCUMENTS, FORMATS, GRAPHS

DRAWN = ("svg", "png")
DOCUMENT_FORMATS = [f for f in DOCUMENTS if f != "rich"]
WITHOUT_PICTURE = [f for f in DOCUMENT_FORMATS if f not in DRAWN]
COMMANDS: dict[str, tuple[list[str], list[str]]] = {
    "trace": (["trace", "x**2*sin(y)", "--at", "x=3,y=2", "--no-verify"], DOCUMENT_FORMATS),
    "trace-network": (["trace", "samples/mazur-2-2-2.yaml", "--no-verify"], DOCUMENT_FORMATS),
    "diff": (["diff", "(x**2+1)**3", "--no-verify"], DOCUMENT_FORMATS),
    "graph": (["graph", "samples/baydin.yaml"], list(GRAPHS)),
    "train": (["train", "samples/mazur-2-2-2.yaml", "--steps", "5", "--no-verify"], DOCUMENT_FORMATS),
    "flow": (["flow", "samples/deep-sigmoid.yaml", "--no-verify"], DOCUMENT_FORMATS),
    "rules": (["rules", "--no-verify"], WITHOUT_PICTURE),
    "rule": (["rules", "sigmoid", "--no-verify"], DOCUMENT_FORMATS),
}
WRITTEN = [(name, format) for name, (_, formats) in COMMANDS.items() for format in formats]
TOLD = {  # what has one format, and no -o
    "version": ["--version"],
    "help": ["--help"],
    "help-of-trace": ["trace", "--help"],
    "man": ["man"],
    "bash": ["completion", "bash"],
    "zsh": ["completion", "zsh"],
    "fish": ["completion", "fish"],
    "schema": ["schema"],
}


_SHORT = {
    *(("trace", f) for f in DOCUMENT_FORMATS), *(("graph", f) for f in GRAPHS), *((name, "text") for name in COMMANDS),
    ("train", "pdf"), ("flow", "svg"), ("rule", "png"), ("rules", "json"), ("diff", "latex"),
}  # fmt: skip
SHORT = [case for case in WRITTEN if case in _SHORT and case[0] != "trace-network"]


def cases() -> list[Any]:
    """(name, format) of each, for a table of cases; what differs from another in the command alone waits for the long run."""
    marks = {case: () if case in SHORT else (pytest.mark.long,) for case in WRITTEN}
    return [pytest.param(*case, marks=marks[case], id="-".join(case)) for case in WRITTEN]


def line(name: str, format: str) -> list[str]:
    return [*COMMANDS[name][0], "-f", format]


def ending(format: str) -> str:
    return FORMATS[format].endings[0]
