"""SPEC to model: a formula, a YAML file, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import TYPE_CHECKING

from wengert.errors import SpecError, UsageError
from wengert.files import contents
from wengert.lang.expr import MOST_STATEMENTS
from wengert.lang.model import Model
from wengert.lang.tokens import MAX_BYTES
from wengert.lang.vocabulary import Vocabulary
from wengert.pipeline import is_file_name, load

if TYPE_CHECKING:
    from pathlib import Path


def read_model(spec: str, vocabulary: Vocabulary, given: Collection[str] = (), most: int = MOST_STATEMENTS) -> Model:
    """The model that SPEC stands for; `given` are names that --at gives a value, whatever else they might mean; `most`
    is the number of statements that there may be. Raises
    WengertError for a file or a text that cannot be read."""
    if spec != "-":
        return load(spec, given, most)
    from wengert.lang.spec import read_source

    return read_source(_standard_input(), "standard input", vocabulary, given, most)


def read_text(spec: str) -> tuple[str, str, Path | None]:
    """The text of a spec file or of standard input, what to call it, and its folder. Raises SpecError, UsageError for a SPEC
    that is a formula."""
    from pathlib import Path

    from wengert.lang.reader import decode

    if spec == "-":
        return _standard_input(), "standard input", None
    if not is_file_name(spec):
        raise UsageError("this wants a network, and a network is a spec file", hint="its name ends in .yaml or .yml, or is -")
    return decode(contents(spec), spec), spec, Path(spec).parent


def _standard_input() -> str:
    from wengert.lang.reader import decode

    if sys.stdin is None:
        raise SpecError("standard input is closed")
    return decode(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")
