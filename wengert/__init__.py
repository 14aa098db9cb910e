"""wengert shows the working of a derivative.

>>> import wengert
>>> r = wengert.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
>>> r.gradient["x1"], r.formulas["x1"], r.verdict
(5.5, 'x2 + 1/x1', 'proved')
>>> print(r.to("text", only="gradient"))
f = ln(x1) + x1·x2 − sin(x2)      at x1 = 2, x2 = 5
Assumed: ln and log are the natural logarithm
<BLANKLINE>
Gradient
         formula        numbers            value     verdict
∂f/∂x1   x2 + 1/x1      5 + 1/2          = 5.5       proved
∂f/∂x2   x1 − cos(x2)   2 − 0.28366219   ≈ 1.71634   proved
Checked by sympy: 2 of 2 derivatives proved.
<BLANKLINE>
>>> wengert.diff("(x**2 + 1)**3").formulas["x"]
'6*x*(x**2 + 1)**2'

`trace` sweeps a formula, a spec file or a loaded model at a point, `diff` differentiates it in symbols, `load` reads it. What
they give has the numbers as attributes, `.to("markdown")` and `.save("solution.pdf")`, and shows itself in a notebook. A
mistake is a `WengertError`, with the message of the command line. `import wengert` alone loads next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Mapping, Sequence

    from wengert.errors import WengertError
    from wengert.face import Derivative, Diff, Model, Partial, Statement, Table, Trace

__all__ = ["Derivative", "Diff", "Model", "Partial", "Statement", "Table", "Trace", "WengertError", "__version__", "diff",
           "load", "trace"]  # fmt: skip
__version__ = "0.1.0"


def load(spec: str | os.PathLike[str], given: Collection[str] = ()) -> Model:
    """The model of a formula, or of a spec file (a path object, or a text ending in .yaml or .yml). `given` are names that will
    get a value, and so are names whatever else they might mean. Raises WengertError."""
    from wengert import pipeline
    from wengert.face import Model

    return Model(pipeline.load(spec, given))


def trace(
    spec: str | os.PathLike[str] | Model, *, at: Mapping[str, Any] | None = None, wrt: str | Sequence[str] | None = None,
    of: str | Sequence[str] | None = None, seed: Mapping[str, Any] | None = None, **settings: Any,
) -> Trace:  # fmt: skip
    """The working of a derivative at a point: `wengert.trace("x*sin(y)", at={"x": 2, "y": "pi/6"})`.

    Values are numbers, or texts as one writes them ("1/3", "sqrt(2)"). Settings are those of the command line: mode, level,
    order, numbers, precision, round, kink, paths, share, fold, verify, budget. Raises WengertError.
    """
    return _loaded(spec, at).trace(at=at, wrt=wrt, of=of, seed=seed, **settings)


def diff(
    spec: str | os.PathLike[str] | Model, *, at: Mapping[str, Any] | None = None, wrt: str | Sequence[str] | None = None,
    of: str | Sequence[str] | None = None, seed: Mapping[str, Any] | None = None, **settings: Any,
) -> Diff:  # fmt: skip
    """The derivative in symbols: `wengert.diff("(x**2 + 1)**3")`; with `at` also its value there. Settings as for `trace`.
    Raises WengertError."""
    return _loaded(spec, at).diff(at=at, wrt=wrt, of=of, seed=seed, **settings)


def _loaded(spec: str | os.PathLike[str] | Model, at: Mapping[str, Any] | None) -> Model:
    import os

    from wengert.face import Model
    from wengert.pipeline import check_values

    check_values("at", at)
    if isinstance(spec, Model):
        return spec
    if not isinstance(spec, (str, os.PathLike)):
        raise TypeError(f"a formula, the path of a spec file or a Model is wanted, not {type(spec).__name__}")
    return load(spec, at or ())


def __getattr__(name: str) -> Any:
    """The classes, imported when they are asked for."""
    if name == "WengertError":
        from wengert.errors import WengertError

        return WengertError
    if name in __all__:
        from wengert import face

        return getattr(face, name)
    raise AttributeError(f"module 'wengert' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
