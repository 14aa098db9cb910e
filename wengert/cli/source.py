"""SPEC to model: a formula, a YAML file, or standard input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection
from importlib import import_module
from pathlib import Path

from wengert.errors import FormulaError, Place, Source, SpecError, UsageError
from wengert.lang.model import Model
from wengert.lang.tokens import MAX_BYTES
from wengert.lang.vocabulary import Vocabulary


def read_model(spec: str, vocabulary: Vocabulary, given: Collection[str] = ()) -> Model:
    """The model that SPEC stands for; `given` are names that --at gives a value, whatever else they might mean. Raises
    WengertError for a file or a text that cannot be read."""
    if spec == "-":
        from wengert.lang.reader import decode
        from wengert.lang.spec import read_source

        if sys.stdin is None:
            raise SpecError("standard input is closed")
        text = decode(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")
        return read_source(text, "standard input", vocabulary, given)
    if spec.endswith((".yaml", ".yml")):
        from wengert.lang.reader import decode
        from wengert.lang.spec import read_spec

        return read_spec(decode(_contents(spec), spec), spec, vocabulary, given, Path(spec).parent)
    from wengert.lang.program import read_formula

    if os.path.isfile(spec):
        raise SpecError(f"{spec} is a file", hint="the name of a spec file ends in .yaml or .yml; or: wengert … - < file")
    text = spec.strip()
    if not text:
        raise FormulaError("there is no formula here", hint='for example: wengert diff "(x**2+1)**3"')
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise FormulaError(f"a formula of more than {MAX_BYTES} bytes", Place(Source(text), 0, 1))
    return read_formula(text, vocabulary, None, given)


def read_text(spec: str) -> tuple[str, str, Path | None]:
    """The text of a spec file or of standard input, what to call it, and its folder. Raises SpecError, UsageError for a SPEC
    that is a formula."""
    from wengert.lang.reader import decode

    if spec == "-":
        if sys.stdin is None:
            raise SpecError("standard input is closed")
        return decode(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"), "standard input", None
    if not spec.endswith((".yaml", ".yml")):
        raise UsageError("this wants a network, and a network is a spec file", hint="its name ends in .yaml or .yml, or is -")
    return decode(_contents(spec), spec), spec, Path(spec).parent


def _contents(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SpecError(f"{path} is not a file that can be read as a spec")
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        near = _near(path)
        raise SpecError(f"there is no file {path}", hint=f"did you mean {near}?" if near else None) from error
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL character in the name
        raise SpecError("this is not a file's name") from error


def _near(path: str) -> str | None:
    folder, name = os.path.split(path)
    try:
        names = [n for n in os.listdir(folder or ".") if n.endswith((".yaml", ".yml"))]
    except OSError:
        return None
    found: list[str] = import_module("difflib").get_close_matches(name, names, 1)
    return os.path.join(folder, found[0]) if found else None

