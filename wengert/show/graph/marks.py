"""What is written in vertices and beside edges: the same figures as in the tables, made by the same code.

A graph shows the adjoints of one output. Without a point there are no figures, and an edge shows its local partial alone.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

from wengert.report import Report
from wengert.show.document import Adjoint, Derivative, Equation, Formula, Math, Name, Number, Phrase, Result, Tangent, Words
from wengert.show.figures import Figures
from wengert.show.graph.model import Figure, Sweep
from wengert.show.notation import size
from wengert.show.numbers import Digits
from wengert.show.rounded_figures import RoundedFigures
from wengert.show.words import graphs as words
from wengert.sweep.steps import Link, Step, Steps

LONGEST_FORMULA = 24  # nodes of a statement that is written out in its vertex
LONGEST_PARTIAL = 14  # nodes of a local partial that is written out beside its edge


class Marks:
    """The figures of one report at one level, of the output `of`."""

    def __init__(self, report: Report, digits: Digits, of: str, level: str, shown: bool | None = None) -> None:
        """`shown`: whether an adjoint says whose it is; by default as in the reverse table."""
        self.report = report
        self.list = report.list
        self.of = of
        self.steps: Steps = report.steps_at(level)
        self.many = report.many
        self.shown = len(report.outputs) > 1 or level == "neuron" if shown is None else shown
        trace = report.trace
        self.figures: Figures | None = None
        if trace is not None:
            self.figures = Figures(trace, digits) if trace.rounded is None else RoundedFigures(trace, digits)

    # -- of a vertex

    def head(self, slot: int) -> Math:
        """`v1 = ln(x1)`; the name alone of an input."""
        name = Name(self.list.name(slot))
        if slot < self.list.inputs:
            return name
        step = self.steps.line(slot)
        if size(step.nodes, step.formula, LONGEST_FORMULA) >= LONGEST_FORMULA:
            return Equation((name, Words(words.NOT_WRITTEN)))
        return Equation((name, Formula(step.nodes, step.formula)))

    def figures_of(self, slot: int) -> tuple[Figure, ...]:
        """The value, and the adjoint or the tangent."""
        found = (self.value(slot), self.adjoint(slot), self.tangent(slot))
        return tuple(figure for figure in found if figure is not None)

    def value(self, slot: int) -> Figure | None:
        """`= 0.5`, below the statement."""
        return None if self.figures is None else Figure(self.figures.slot(slot), "forward", ("forward", self.list.name(slot)))

    def named_value(self, slot: int) -> Figure:
        """`a1 = 1.36688`; the name alone without a point."""
        name = self.list.name(slot)
        if self.figures is None:
            return Figure(Name(name))
        return Figure(_equation(Name(name), self.figures.slot(slot)), "forward", ("forward", name))

    def adjoint(self, slot: int) -> Figure | None:
        """`v̄1 = 1`, None for what no derivative reaches."""
        found = self._adjoint(slot)
        if found is None or self.figures is None:
            return None
        return Figure(self.figures.equals(self.bar(slot), *found), "backward", ("reverse", self.list.name(slot)))

    def adjoint_of(self, slot: int) -> Result | Words | None:
        """The adjoint's value alone."""
        found = self._adjoint(slot)
        return None if found is None or self.figures is None else self.figures.result(*found)

    def tangent(self, slot: int) -> Figure | None:
        """`v̇1 = 1` along the direction that is shown, None where none is."""
        key, figures = self.direction, self.figures
        if key is None or figures is None:
            return None
        value = figures.columns.tangents[key][slot]
        if value is None:
            return None
        exact = None if figures.exact is None else figures.exact.tangents[key][slot]
        shown = self.report.level == "neuron" and key != "seed"
        name = self.list.name(slot)
        return Figure(figures.equals(Tangent(name, key, self.many, shown), value, exact), "forward", ("tangent", name))

    @cached_property
    def direction(self) -> str | None:
        """The direction whose tangents are shown: the seed, or the first where there are no adjoints."""
        if self.figures is None:
            return None
        directions = self.figures.trace.directions
        if self.figures.columns.adjoints and "seed" not in directions:
            return None
        return next(iter(directions), None)

    def bar(self, slot: int) -> Adjoint:
        return Adjoint(self.of, self.list.name(slot), self.many, self.shown, len(self.report.outputs) > 1)

    # -- of an edge

    def partial(self, step: Step, link: Link) -> Math | None:
        """The local partial, as a formula and its value: `cos(x2) ≈ 0.283662`. None where it leads into a branch that a where
        leaves out."""
        formula = None
        if link.partial is not None and size(step.nodes, link.partial, LONGEST_PARTIAL) < LONGEST_PARTIAL:
            formula = Formula(step.nodes, link.partial)
        figures = self.figures
        if figures is None:
            return formula or Words(words.NOT_WRITTEN)
        found = self._partial(step, link)
        if found is None:
            return None
        if formula is None:
            return figures.result(*found)
        if _is_number(formula):
            return formula
        return figures.equals(formula, *found)

    def slope(self, step: Step, link: Link) -> Figure | None:
        """The same as a line in a vertex: `∂h/∂a ≈ 0.161863`, without a point `∂h/∂a = h·(1 − h)`."""
        symbol = Derivative(self.list.name(step.slot), (self.list.name(link.source),), True)
        figures = self.figures
        if figures is None:
            partial = self.partial(step, link)
            return None if partial is None else Figure(Equation((symbol, partial)))
        found = self._partial(step, link)
        about: tuple[Sweep, str] = ("forward", self.list.name(step.slot))
        return None if found is None else Figure(figures.equals(symbol, *found), "", about)

    def contribution(self, step: Step, link: Link) -> Math | None:
        """`← −0.283662`: what the adjoint of the argument receives along this edge; None without adjoints."""
        figures = self.figures
        adjoint, partial = self._adjoint(step.slot), None if figures is None else self._partial(step, link)
        if figures is None or adjoint is None or partial is None:
            return None
        value = figures.arithmetic.mul(adjoint[0], partial[0])
        exact = None
        if adjoint[1] is not None and partial[1] is not None:
            exact = figures.trace.unrounded.arithmetic.mul(adjoint[1], partial[1])
        return _arrow(figures.result(value, exact))

    def flows(self, step: Step, link: Link) -> bool:
        """Whether a derivative can go along the edge: not into a branch that is left out."""
        return self.figures is None or self._partial(step, link) is not None

    # -- numbers

    def _adjoint(self, slot: int) -> tuple[Any, Any] | None:
        """The adjoint and the same without rounding."""
        figures = self.figures
        if figures is None or self.of not in figures.columns.adjoints:
            return None
        if slot == self.list.slots[self.of]:
            return figures.one, figures.trace.unrounded.arithmetic.one  # of itself, however long the list is
        if self.steps.level != "operation":
            found = self._of_quantities.get(slot)
        else:
            column = figures.columns.adjoints[self.of][slot]
            exact = None if figures.exact is None else figures.exact.adjoints[self.of][slot]
            found = None if column is None else (column, exact)
        if found is None and slot < self.list.inputs and self.report.list.name(slot) in self.report.model.wrt:
            return figures.zero, Fraction(0)
        return found

    @cached_property
    def _of_quantities(self) -> dict[int, tuple[Any, Any]]:
        """The adjoints of the named quantities, summed up over them as in the reverse table."""
        figures, output = self.figures, self.list.slots[self.of]
        assert figures is not None
        unrounded: Any = figures.trace.unrounded.arithmetic
        exact: dict[int, Any] = {}
        if figures.exact is not None:
            exact = {c.target: c.so_far for c in self.steps.contributions(figures.exact.partials, output, unrounded)}
        found = {c.target: c.so_far for c in self.steps.contributions(figures.columns.partials, output, figures.arithmetic)}
        return {slot: (value, exact.get(slot)) for slot, value in found.items()}

    def _partial(self, step: Step, link: Link) -> tuple[Any, Any] | None:
        figures = self.figures
        assert figures is not None
        value = self.steps.partial_value(step, link, figures.columns.partials, figures.arithmetic)
        if value is None:
            return None
        if figures.exact is None:
            return value, None
        unrounded: Any = figures.trace.unrounded.arithmetic
        return value, self.steps.partial_value(step, link, figures.exact.partials, unrounded)


def _equation(left: Math, shown: Result | Words) -> Math:
    if isinstance(shown, Words):
        return Phrase((left, Words(words.BESIDE), shown))
    if shown.of is not None:
        return Equation((left, shown.of, Number(shown.text)), ("=", "=" if shown.exact else "≈"))
    return Equation((left, Number(shown.text)), ("=" if shown.exact else "≈",))


def _arrow(shown: Result | Words) -> Math:
    if isinstance(shown, Words):
        return Phrase((Words(words.CONTRIBUTES), shown))
    about = () if shown.exact else (Words(words.ABOUT),)
    return Phrase((Words(words.CONTRIBUTES), *about, Number(shown.text)))


def _is_number(formula: Formula) -> bool:
    nodes, root = formula.nodes, formula.root
    inner = nodes.arguments(root)[0] if nodes.operation(root) == "neg" else root
    return nodes.operation(inner) == "number"
