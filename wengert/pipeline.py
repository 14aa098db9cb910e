"""The whole way in a few lines: text or file → model → report. The library and the command line go through here.

    made = trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
    made.trace.derivative("f", "x1")      # 5.5
    made.verdict                          # "proved"

Its results are the inner ones (a `Model`, a `Report`), which every room of the house works with; `wengert.face` puts them
into the objects that a person gets from `wengert.trace`.
"""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from numbers import Integral, Real
from typing import Any, TypeAlias

from wengert.errors import FormulaError, Place, Source, SpecError, UsageError
from wengert.files import contents
from wengert.lang.expr import MOST_STATEMENTS
from wengert.lang.model import Model
from wengert.lang.options import override
from wengert.lang.program import read_formula
from wengert.lang.tokens import MAX_BYTES
from wengert.report import Report, Settings, report
from wengert.tape.primitives import VOCABULARY

SPEC_ENDINGS = (".yaml", ".yml")
FOLDERS = ("/", "./", "../")  # how no formula begins
Spec: TypeAlias = "str | os.PathLike[str] | Model"
Names: TypeAlias = "str | Sequence[str]"


def is_file_name(spec: str) -> bool:
    """Whether SPEC names a spec file: by its ending, in small letters or capitals (files of Windows come as NET.YAML)."""
    return spec.lower().endswith(SPEC_ENDINGS)


def load(spec: str | os.PathLike[str], given: Collection[str] = (), most: int = MOST_STATEMENTS) -> Model:
    """The model of a formula, or of a spec file (a path object, or a text ending in .yaml or .yml). `given` are names that will
    get a value, and so are names whatever else they might mean; a network may have `most` statements. Raises WengertError."""
    if isinstance(spec, os.PathLike) or is_file_name(spec):
        from pathlib import Path

        from wengert.lang.reader import decode
        from wengert.lang.spec import read_spec

        path = os.fspath(spec)
        return read_spec(decode(contents(path), path), path, VOCABULARY, given, Path(path).parent, most)
    text = spec.strip()
    if text and "\n" not in text and os.path.isfile(text):
        raise SpecError(f"{text} is a file", hint="the name of a spec file ends in .yaml or .yml; or: wengert … - < file")
    if text.startswith(FOLDERS) and "\n" not in text and "\0" not in text and os.path.isdir(text):
        raise SpecError(f"{text} is a folder", hint="a spec is a file whose name ends in .yaml or .yml")
    if not text:
        raise FormulaError("there is no formula here", hint='for example: wengert diff "(x**2+1)**3"')
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise FormulaError(f"a formula of more than {MAX_BYTES:,} bytes", Place(Source(text), 0, 1))
    return read_formula(text, VOCABULARY, None, given)


def trace(spec: Spec, *, at: Mapping[str, Any] | None = None, wrt: Names | None = None, of: Names | None = None,
          seed: Mapping[str, Any] | None = None, **settings: Any) -> Report:  # fmt: skip
    """The report of the sweeps at a point. Keyword settings are those of `wengert.report.Settings`. Raises WengertError."""
    return report(asked(spec, at, wrt, of, seed), _settings("trace", settings), True)


def diff(spec: Spec, *, at: Mapping[str, Any] | None = None, wrt: Names | None = None, of: Names | None = None,
         seed: Mapping[str, Any] | None = None, **settings: Any) -> Report:  # fmt: skip
    """The report of the symbolic derivative; with `at` also its value there. Raises WengertError."""
    return report(asked(spec, at, wrt, of, seed), _settings("diff", settings), at is not None)


def asked(
    spec: Spec, at: Mapping[str, Any] | None = None, wrt: Names | None = None, of: Names | None = None,
    seed: Mapping[str, Any] | None = None,
) -> Model:  # fmt: skip
    """The model with its point, outputs, names and direction. Raises WengertError."""
    check_values("at", at)
    check_values("seed", seed)
    model = spec if isinstance(spec, Model) else load(spec, at or ())
    return override(model, VOCABULARY, at=at or {}, wrt=_listed("wrt", wrt), of=_listed("of", of), seed=seed)


def check_values(what: str, given: Any) -> None:
    """Raises UsageError where values by name are wanted and something else was given: a text, as on the command line."""
    if given is not None and not hasattr(given, "items"):
        raise UsageError(
            f"{what} wants a dictionary of names and values, not {type(given).__name__}", hint=f'for example {what}={{"x": 1}}'
        )


def _listed(what: str, names: Names | None) -> str | None:
    """Raises UsageError for what is neither a name nor several."""
    if names is None or isinstance(names, str):
        return names
    listed = list(names) if isinstance(names, Iterable) else [names]
    for name in listed:
        if not isinstance(name, str):
            example = f'for example {what}="x" or {what}=["x", "y"]'
            raise UsageError(f"{what} wants a name or a list of names, and {name!r} is none", hint=example)
    return ",".join(listed)


def _settings(function: str, given: Mapping[str, Any]) -> Settings:
    """Raises TypeError for a setting that there is not, as Python does for an argument."""
    known = [f.name for f in fields(Settings)]
    for name in given:
        if name not in known:
            raise TypeError(f"{function}() has no setting {name!r}; there are {', '.join(known)}")
    return Settings(**{name: _of_python(value) for name, value in given.items()})


def _of_python(value: Any) -> Any:
    """A number of another library (numpy, fractions) as Python's own."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    try:
        return int(value) if isinstance(value, Integral) else float(value)
    except OverflowError:  # more than any limit
        return math.inf
