"""What `wengert.trace` and `wengert.diff` give: every number, formula and verdict of one run, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wengert.face.columns import Statements, adjoint_table, partial_table, tangent_table, value_table
from wengert.face.entries import Derivative, Value, derivative_of, value_of
from wengert.face.shown import Shown
from wengert.face.tables import Missing, Table

if TYPE_CHECKING:
    from wengert.face.model import Model
    from wengert.lang.model import Key
    from wengert.report import Report
    from wengert.sweep.trace import Trace as Swept


class Result(Shown):
    """What trace and diff have in common.

    With several outputs, `value`, `gradient`, `hessian`, `formulas`, `verdicts` and `adjoints` are tables by output, then by
    name: `r.gradient["s"]["x"]`, or `r.gradient["s", "x"]`. Numbers are floats (with `precision=` or `numbers="exact"` they
    are the nearest ones; the entries of `derivatives` and `statements` have the number in full, as `exact`).
    """

    def __init__(self, report: Report) -> None:
        self._report = report

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "_report" or hasattr(self, "_report"):
            raise AttributeError(f"a {type(self).__name__} cannot be changed: make another one")
        super().__setattr__(name, value)

    # -- what was asked

    @property
    def report(self) -> Report:
        """The inner result, of `wengert.report`: for programs that build on wengert's own rooms; it may change."""
        return self._report

    @property
    def model(self) -> Model:
        """What was read, at its point."""
        from wengert.face.model import Model

        return Model(self._report.model)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What a document opens with: the loss's factor, the base of logarithms."""
        return tuple(self._report.assumptions)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the command line says on stderr besides."""
        from wengert.show.gradient import warnings

        return tuple(warnings(self._report))

    # -- numbers

    @cached_property
    def values(self) -> Table[Value]:
        """The value of every input and statement."""
        return value_table(self._report, self._swept)

    @cached_property
    def inputs(self) -> Table[Value]:
        """The values of the inputs (of a network its parameters and targets too)."""
        return Table.of([x.name for x in self._report.model.inputs], self.values.__getitem__, "input")

    @cached_property
    def outputs(self) -> Table[Value]:
        """The value of each output."""
        return Table.of(self._report.outputs, self.values.__getitem__, "output")

    @property
    def value(self) -> Any:
        """The value of the output."""
        return self._by_output(self.values.__getitem__)

    @cached_property
    def gradient(self) -> Any:
        """The derivatives of first order by name, 5.5 for `r.gradient["x1"]`; along a seed the only name is "seed".

        At a kink it is what the documents print: where the derivative exists, the judge says so, and is waited for.
        """
        swept = self._swept
        return self._by_output(lambda of: self._first(of, lambda key: self._figure(swept, key), "derivative"))

    @cached_property
    def hessian(self) -> Any:
        """The second derivatives, `r.hessian["x", "y"]`; they need order=2."""
        self._wants(self._report.settings.order == 2 and self._report.model.seed is None, "second derivatives", "order=2")
        swept = self._swept
        return self._by_output(lambda of: self._hessian(swept, of))

    @cached_property
    def adjoints(self) -> Any:
        """v̄ = ∂f/∂v of every input and statement that depends on what is differentiated by."""
        swept = self._swept
        self._wants(bool(swept.columns.adjoints), "adjoints", 'mode="both"')
        return self._by_output(lambda of: adjoint_table(self._report, swept, of))

    @cached_property
    def tangents(self) -> Table[Table[Value]]:
        """v̇ of every input and statement by direction: `r.tangents["x1"]["v3"]`, "seed" along a seed."""
        swept = self._swept
        self._wants(bool(swept.columns.tangents), "tangents", 'mode="both"')
        return Table.of(list(swept.columns.tangents), lambda along: tangent_table(self._report, swept, along), "tangent")

    @cached_property
    def partials(self) -> Table[Table[Value]]:
        """The local partials, `r.partials["v2"]["x1"]` for ∂v2/∂x1; where a name stands for two arguments, their sum."""
        return partial_table(self._report, self._swept)

    # -- formulas and verdicts

    @cached_property
    def formulas(self) -> Any:
        """The derivatives of first order as formulas: "x2 + 1/x1"; None for one too large to be written."""
        from wengert.show.record import derivative_formula

        return self._by_output(lambda of: self._first(of, lambda key: derivative_formula(self._report, key), "formula"))

    @property
    def verdict(self) -> str | None:
        """The verdict of the whole; None where verify=False. The judge starts when it is first asked, and takes at most the
        budget (budget=5.0 seconds)."""
        return self._report.verdict

    @cached_property
    def verdicts(self) -> Any:
        """The verdict of each derivative of first order; those of higher order stand in `derivatives`."""
        self._wants(self._report.settings.verify, "verdicts", "verify=True")
        return self._by_output(lambda of: self._first(of, lambda key: self.derivative(*key).verdict, "verdict"))

    @cached_property
    def derivatives(self) -> tuple[Derivative, ...]:
        """Every derivative, those of higher order last, with formula, value and verdict."""
        return tuple(self.derivative(*key) for key in self._report.keys)

    def derivative(self, of: str, *wrt: str) -> Derivative:
        """One derivative: `r.derivative("f", "x1")`, `r.derivative("f", "x", "y")`. Raises UsageError."""
        from wengert.show.record import derivative_record

        key = self._keys.get((of, *sorted(wrt)))
        self._wants(key is not None, f"derivative of {of} with respect to {', '.join(wrt) or 'nothing'}", "of=, wrt= or order=")
        assert key is not None
        return derivative_of(derivative_record(self._report, key))

    @cached_property
    def statements(self) -> Statements:
        """The lines of the list: `r.statements[0]`, `r.statements["v2"]`, `for s in r.statements`."""
        return Statements(self._report)

    # -- help for the above

    @property
    def _swept(self) -> Swept:
        trace = self._report.trace
        self._wants(trace is not None, "numbers", "at={…}")
        assert trace is not None
        return trace

    def _wants(self, there: bool, what: str, how: str) -> None:
        if not there:
            raise Missing(f"there is no {what} here" if what.startswith("derivative") else f"there are no {what} here",
                          hint=f"wengert.{self.command}(…, {how}) gives them")  # fmt: skip

    def _by_output(self, made: Callable[[str], Any]) -> Any:
        outputs = self._report.outputs
        return made(outputs[0]) if len(outputs) == 1 else Table.of(outputs, made, "output")

    def _first(self, of: str, made: Callable[[Key], Any], what: str) -> Table[Any]:
        names = [key[1] for key in self._report.pairs if key[0] == of]
        return Table.of(names, lambda name: made((of, name)), what)

    @cached_property
    def _keys(self) -> Mapping[Key, Key]:
        """The keys of the derivatives, found whatever the order of their names."""
        return {(key[0], *sorted(key[1:])): key for key in self._report.keys}

    def _hessian(self, swept: Swept, of: str) -> Table[Table[Value]]:
        names = self._report.model.wrt

        def row(x: str) -> Table[Value]:
            return Table.of(names, lambda y: self._figure(swept, self._keys[of, min(x, y), max(x, y)]), "second derivative")

        return Table.of(names, row, "second derivative")

    def _figure(self, swept: Swept, key: Key) -> Value:
        """The derivative as it is printed."""
        from wengert.show.record import number

        if swept.kinks and self._report.verification is not None:
            settled = self._report.verification.checks[key].value
            if settled is not None:
                return float(settled)
        return value_of(number(swept.figure(key)))


class Trace(Result):
    """The sweeps at a point: `wengert.trace`.

    >>> import wengert
    >>> r = wengert.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
    >>> r
    f = ln(x1) + x1·x2 − sin(x2)      at x1 = 2, x2 = 5
             formula          value
    f                       ≈ 11.6521
    ∂f/∂x1   x2 + 1/x1      = 5.5
    ∂f/∂x2   x1 − cos(x2)   ≈ 1.71634
    >>> r.value
    11.652071455223084
    >>> r.gradient["x1"], r.values["v2"], r.adjoints["v4"], r.partials["v1"]["x1"]
    (5.5, 10.0, -1.0, 0.5)
    >>> r.formulas
    {'x1': 'x2 + 1/x1', 'x2': 'x1 - cos(x2)'}
    >>> r.verdict
    'proved'
    >>> r.statements["v2"]
    Statement(name='v2', primitive='mul', arguments=('x1', 'x2'), formula='x1*x2', partials=(Partial(to='x1', argument=0, \
formula='x2', value=5.0), Partial(to='x2', argument=1, formula='x1', value=2.0)), value=10.0, adjoint=1.0)
    """

    command = "trace"


class Diff(Result):
    """The derivative in symbols: `wengert.diff`. With `at` it has the numbers of a trace too.

    >>> import wengert
    >>> d = wengert.diff("(x**2 + 1)**3")
    >>> d
    f = (x² + 1)³
            formula
    df/dx   6·x·(x² + 1)²
    >>> d.formulas["x"]
    '6*x*(x**2 + 1)**2'
    >>> [(s.name, s.formula, [p.formula for p in s.partials]) for s in d.statements]
    [('v1', 'x**2', ['2*x']), ('v2', 'v1 + 1', ['1']), ('f', 'v2**3', ['3*v2**2'])]
    >>> wengert.diff("(x**2 + 1)**3", at={"x": 3}).gradient["x"]
    1800.0
    """

    command = "diff"
