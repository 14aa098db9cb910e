"""wengert shows the working of a derivative.

    import wengert
    report = wengert.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
    report.trace.derivative("f", "x1")      # 5.5
    report.verdict                          # "proved"

`load` reads a formula or a spec, `trace` sweeps it at a point, `diff` differentiates it in symbols; both return a `Report`,
which `wengert.show` turns into documents.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from wengert.lang.model import Model
    from wengert.report import Report

__all__ = ["__version__", "diff", "load", "trace"]
__version__ = "0.1.0"


def load(spec: str | Path, given: Collection[str] = ()) -> Model:
    """The model of a formula, or of a spec file (a Path, or a text ending in .yaml or .yml). `given` are names that will get a
    value, and so are names whatever else they might mean. Raises WengertError."""
    from wengert.lang.program import read_formula
    from wengert.tape.primitives import VOCABULARY

    if isinstance(spec, os.PathLike) or spec.endswith((".yaml", ".yml")):
        from pathlib import Path

        from wengert.lang.spec import read_spec_file

        return read_spec_file(Path(spec), VOCABULARY)
    return read_formula(spec, VOCABULARY, None, given)


def trace(spec: str | Path | Model, *, at: Mapping[str, Any] | None = None, wrt: Sequence[str] | None = None,
          of: Sequence[str] | None = None, seed: Mapping[str, Any] | None = None, **settings: Any) -> Report:  # fmt: skip
    """The report of the sweeps at a point. Keyword settings are those of `wengert.report.Settings`. Raises WengertError."""
    return _report(spec, at, wrt, of, seed, settings, at_point=True)


def diff(spec: str | Path | Model, *, at: Mapping[str, Any] | None = None, wrt: Sequence[str] | None = None,
         of: Sequence[str] | None = None, **settings: Any) -> Report:  # fmt: skip
    """The report of the symbolic derivative; with `at` also its value there. Raises WengertError."""
    return _report(spec, at, wrt, of, None, settings, at_point=at is not None)


def _report(
    spec: str | Path | Model, at: Mapping[str, Any] | None, wrt: Sequence[str] | None, of: Sequence[str] | None,
    seed: Mapping[str, Any] | None, settings: dict[str, Any], at_point: bool,
) -> Report:  # fmt: skip
    from wengert.lang.model import Model
    from wengert.lang.options import override
    from wengert.report import Settings, report
    from wengert.tape.primitives import VOCABULARY

    model = spec if isinstance(spec, Model) else load(spec, at or ())
    texts = [f"{name}={value}" for name, value in (at or {}).items()]
    directions = None if seed is None else ",".join(f"{name}={value}" for name, value in seed.items())
    model = override(
        model, VOCABULARY, at=texts, wrt=None if wrt is None else ",".join(wrt), of=None if of is None else ",".join(of),
        seed=directions,
    )  # fmt: skip
    return report(model, Settings(**settings), at_point)
