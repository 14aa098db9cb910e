"""The numbers of a sweep on rounded nodes, as they are shown: nodes to their decimals, all else with its digits."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from wengert.lang.model import Key
from wengert.show.document import Number, Result, Words
from wengert.show.figures import Figures
from wengert.show.numbers import Digits, shown_exactly
from wengert.sweep.extended import ExtendedDigits
from wengert.sweep.rules import Rules
from wengert.sweep.trace import Trace

DRIFT_DIGITS = 2


class RoundedFigures(Figures):
    """The numbers of the sweep on rounded nodes: nodes to the decimals that they are rounded to; all else, which is not
    rounded, to the digits asked for."""

    def __init__(self, trace: Trace, digits: Digits) -> None:
        super().__init__(trace, digits)
        assert trace.rounded is not None
        self.rounded = trace.rounded
        self.full = Figures(trace, digits)
        self.node_digits = replace(digits, decimals=trace.rounded.decimals)
        self.line = replace(digits, decimals=None)
        self.columns = trace.rounded.columns
        self.exact = trace.rounded.shadow
        self.rules = Rules(ExtendedDigits(trace.rounded.arithmetic.digits), stable=False)
        self._name_values()

    def result(self, value: Any, exact: Any) -> Result | Words:
        # a tie is one in rationals alone
        return super().result(exact if isinstance(exact, Fraction) else value, exact)

    def slot(self, slot: int) -> Result | Words:
        if slot < self.trace.list.inputs:
            return self.full.slot(slot)
        if not self.is_node(slot):
            return super().slot(slot)
        text, exact = self.node(self.values[slot]), self.rounded.exact(slot)
        return Result(text, isinstance(exact, Fraction) and shown_exactly(text, exact))

    def is_node(self, slot: int) -> bool:
        """Whether the slot's value is rounded before it is used."""
        return slot in self.rounded.before

    def node(self, value: Any) -> str:
        """A value as it is printed for a node: rounded, with all its decimals."""
        rounded = self.rounded.node(value)
        return self.node_digits.result(value if rounded is None else rounded)

    def in_line(self, name: str, value: Any, digits: Digits) -> str:
        """A node enters a line with all its decimals: they are all there is."""
        slot = self.trace.list.slot_named(name)
        node = None if slot is None else self.rounded.nodes.get(slot)
        return super().in_line(name, value, digits) if node is None else self.node_digits.inserted(node)

    def figure(self, key: Key) -> Any:
        return self.trace.rounded_figure(key)

    def exact_figure(self, key: Key) -> Any:
        return self.trace.exact_rounded_figure(key)

    def drift(self, slot: int) -> Number | None:
        """How far rounding has led a node away from the full-precision value."""
        full = None if self.rounded.full is None else self.rounded.full.values[slot]
        return self._difference(self.rounded.drift(self.values[slot], self.full.values[slot], full))

    def drift_of(self, key: Key) -> Number | None:
        """The same for a derivative."""
        return self._difference(self.trace.drift(key))

    def _difference(self, drift: Any) -> Number | None:
        return None if drift is None else Number(replace(self.line, significant=DRIFT_DIGITS).result(drift))
