"""Numbers as they stand in a document: results, numbers put into a line, and a whole line with numbers for its names.

What is shown depends on the numbers of the trace: doubles and many digits are rounded to the digits asked for, exact ones
are written out with their decimals beside. Numbers put into a line get more digits until the line, worked out from the numbers
as they stand there, comes to the result as printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.lang.model import Key
from wengert.show import words
from wengert.show.document import Equation, Formula, Math, Name, Number, Result, Words
from wengert.show.notation import size
from wengert.show.numbers import LARGEST, Digits, is_finite, is_infinite, padded, shown_exactly
from wengert.sweep.arithmetics import FAULTS
from wengert.sweep.columns import Columns
from wengert.sweep.extended import ExtendedDigits
from wengert.sweep.rationals import UNKNOWN
from wengert.sweep.rules import Rules
from wengert.sweep.steps import copy
from wengert.sweep.trace import Trace
from wengert.tape.wengert_list import WengertList

LONGEST = 60  # nodes of a formula that stands in a table's cell with its numbers
LONGEST_EXACT = 14  # nodes of an exact number that is written out as a result
LONGEST_INSERTED = 8  # nodes of an exact number that is put into a line
MORE_DIGITS = (0, 3, 6, 9)  # beyond the two that numbers in a line carry anyway
SHORT_DECIMAL = 20  # characters of a decimal that is a round number
DRIFT_DIGITS = 2
MOST_DOUBLE = 17  # digits of a double

Value = Callable[[str], Any]  # name → value, None for a constant


class Figures:
    """The numbers of one trace as they are shown. `columns` is what was swept, `exact` the same without any rounding (rationals
    or exact numbers; None where that was not worked out)."""

    def __init__(self, trace: Trace, digits: Digits) -> None:
        self.trace = trace
        self.digits = digits  # of results
        self.line = digits  # of numbers put into a line
        self.columns: Columns = trace.columns
        self.exact: Columns | None = trace.shadow
        self.rules: Rules = trace.rules
        self._name_values()

    def _name_values(self) -> None:
        self._value = values_by_name(self.trace.list, self.columns.values)
        self._exact = None if self.exact is None else values_by_name(self.trace.list, self.exact.values)
        self._most = MOST_DOUBLE if self.trace.choice.digits is None else LARGEST

    @property
    def values(self) -> Sequence[Any]:
        return self.columns.values

    @property
    def arithmetic(self) -> Any:
        return self.rules.arithmetic

    @property
    def zero(self) -> Any:
        return self.arithmetic.zero

    @property
    def one(self) -> Any:
        return self.arithmetic.one

    # -- results

    def result(self, value: Any, exact: Any) -> Result | Words:
        """`= 5.5`, `≈ 0.693147`, `= ln(2) ≈ 0.693147`; `exact` is the value without rounding, None where nothing was followed,
        anything else where it is not known."""
        if value != value:
            return Words(words.UNDEFINED)
        text = self.digits.result(value)
        exact = self._rational(exact)
        if self.trace.choice.exact and not is_infinite(value):
            return self._exact_result(text, exact)
        is_exact = is_infinite(value) or (isinstance(exact, Fraction) and shown_exactly(text, exact))
        # a value that was not followed exactly (a long list) may well be round
        return Result(text if is_exact or exact is None or value == 0 else padded(text, self.digits), is_exact)

    def slot(self, slot: int) -> Result | Words:
        """The value of a slot as a result."""
        return self.result(self.values[slot], None if self.exact is None else self.exact.values[slot])

    def figure(self, key: Key) -> Any:
        """A derivative in the trace's numbers."""
        return self.trace.figure(key)

    def exact_figure(self, key: Key) -> Any:
        """A derivative without rounding."""
        return self.trace.exact_figure(key)

    def derivative(self, key: Key, settled: str | None = None) -> Result | Words:
        """A derivative as a result; `settled` is what the judge found it to be, where a convention gives another value."""
        if settled is None:
            return self.result(self.figure(key), self.exact_figure(key))
        exact = Fraction(settled) if len(settled) < SHORT_DECIMAL else self.trace.unrounded.arithmetic.undefined
        return self.result(Decimal(settled), exact)

    def equals(self, left: Math, value: Any, exact: Any) -> Equation:
        """`x̄1 ≈ −0.283662`"""
        shown = self.result(value, exact)
        if isinstance(shown, Words):
            return Equation((left, shown))
        if shown.of is not None:
            return Equation((left, shown.of, Number(shown.text)), ("=", "=" if shown.exact else "≈"))
        return Equation((left, Number(shown.text)), ("=" if shown.exact else "≈",))

    def _exact_result(self, text: str, exact: Any) -> Result:
        if isinstance(exact, Fraction):
            is_exact = shown_exactly(text, exact)
            if is_exact and (exact.denominator == 1 or self.trace.decimals):
                return Result(text, True)
            return Result(text if is_exact else padded(text, self.digits), is_exact, _fraction(exact))
        formula = self._written(exact, LONGEST_EXACT)
        return Result(padded(text, self.digits), False, formula)

    def _rational(self, exact: Any) -> Any:
        """A rational as a Fraction, whatever the arithmetic."""
        arithmetic: Any = self.trace.unrounded.arithmetic
        if not self.trace.choice.exact or exact is None or isinstance(exact, Fraction) or exact == arithmetic.undefined:
            return exact
        rational = arithmetic.algebra.number_of(exact)
        return exact if rational is None else rational

    def _written(self, exact: Any, longest: int) -> Formula | None:
        """An exact number as a formula; None where it is not known or longer than `longest` nodes."""
        arithmetic: Any = self.trace.unrounded.arithmetic
        if not self.trace.choice.exact or exact is None or exact == arithmetic.undefined or isinstance(exact, Fraction):
            return None
        nodes = Nodes()
        root = arithmetic.to_nodes(exact, nodes, frozenset(self.trace.model.names()))
        return Formula(nodes, root) if size(nodes, root, longest + 1) <= longest else None

    def _exact_rational(self, value: Fraction) -> Math:
        """A rational in a line: as a decimal where the model is written in decimals and it has a short one."""
        text = self.line.inserted(value)
        if value.denominator == 1 or (self.trace.decimals and shown_exactly(text, value)):
            return Number(text)
        return _fraction(value)

    # -- numbers in a line

    def number(self, value: Any, exact: Any = None, symbol: Math | None = None) -> Math:
        """A number put into a line; an exact one where it is short, and else its `symbol` if it has one."""
        if self.trace.choice.exact:
            rational = self._rational(exact)
            if isinstance(rational, Fraction):
                return self._exact_rational(rational)
            written = self._written(rational, LONGEST_INSERTED)
            if written is not None or symbol is not None:
                return written or symbol or Number("")
        return Number(self.line.inserted(value))

    def factor(self, value: Any, other: Any, product: Any, exact: Any = None, symbol: Math | None = None) -> Math:
        """The first of two factors, with as many digits as the product needs to come out as printed."""
        if self.trace.choice.exact or not is_finite(value) or not is_finite(product):
            return self.number(value, exact, symbol)
        for extra in MORE_DIGITS:
            text = replace(self.line, significant=min(self._most, self.line.significant + extra)).inserted(value)
            if self.digits.result(self._number(text) * other) == self.digits.result(product):
                return Number(text)
        return self.number(value)

    def put_in(self, nodes: Nodes, root: int, result: Any, keep_call: bool) -> Formula | None:
        """The formula with numbers for its names. A call becomes its value (cos(5) is 0.28366219); with `keep_call` a call that
        is the whole stays: ln(2). Exact numbers leave every call.

        `result` is what the line must come to. None where the formula is too long for a cell, where a call in it has no
        value, or where no digits make the line add up.
        """
        if size(nodes, root, LONGEST) >= LONGEST or not is_finite(result):
            return None
        if self.trace.choice.exact:
            return self._with_exact(nodes, root)
        for extra in MORE_DIGITS:
            finer = replace(self.line, significant=min(self._most, self.line.significant + extra))
            made, computed = self._with_rounded(nodes, root, finer, keep_call)
            if made is None or computed is None:
                return made
            if is_finite(computed) and self.digits.result(computed) == self.digits.result(result):
                return made
        return None

    def _with_exact(self, nodes: Nodes, root: int) -> Formula | None:
        """The formula with exact numbers for its names; a name stays where its number is long or not known. None where no
        number could be put in."""
        made = Nodes()
        new: dict[int, int] = {}
        for node in nodes.reachable([root]):
            operation = nodes.operation(node)
            if operation == "number":
                new[node] = made.number(nodes.text(node))
            elif operation == "name":
                name = nodes.text(node)
                value = self._value(name)
                exact = None if self._exact is None or value is None else self._exact(name)
                new[node] = _inserted(made, self.number(value, exact, Name(name)))
            else:
                new[node] = made.call(operation, [new[a] for a in nodes.arguments(node)])
        names = [n for n in nodes.names_in([root]) if self._value(n) is not None]
        kept = set(made.names_in([new[root]]))
        return Formula(made, new[root]) if not names or any(n not in kept for n in names) else None

    def _with_rounded(self, nodes: Nodes, root: int, digits: Digits, keep_call: bool) -> tuple[Formula | None, Any]:
        """The formula with numbers, and what it comes to when it is worked out from the numbers as they stand there."""
        arithmetic = self.rules.arithmetic
        made = Nodes()
        new: dict[int, int] = {}
        known: dict[int, Any] = {}

        def insert(node: int, number: Any) -> bool:
            text = digits.inserted(number)
            new[node] = made.number(text)
            known[node] = self._number(text) if is_finite(number) else None
            return is_finite(number)

        for node in nodes.reachable([root]):
            operation = nodes.operation(node)
            arguments = nodes.arguments(node)
            if operation == "number":
                known[node], new[node] = arithmetic.number(nodes.text(node)), made.number(nodes.text(node))
            elif operation == "name":
                name = nodes.text(node)
                given = self._value(name)
                if given is None:  # a constant: pi stays pi
                    known[node], new[node] = arithmetic.e if name == "e" else arithmetic.pi, made.name(name)
                elif not insert(node, given):
                    return None, None
            elif operation in COMPARISONS:
                new[node] = made.call(operation, [new[a] for a in arguments])
                a, b = (known[x] for x in arguments)
                known[node] = None if a is None or b is None else arithmetic.truth(operation, a, b)
            else:
                computed = known[node] = self._computed(operation, [known[a] for a in arguments])
                structural = operation in ("add", "sub", "mul", "div", "neg", "power")
                if structural or (keep_call and node == root):
                    new[node] = made.call(operation, [new[a] for a in arguments])
                elif computed is None or not insert(node, computed):
                    return None, None
        return Formula(made, new[root]), known[root]

    def _number(self, text: str) -> Any:
        return self.rules.arithmetic.number(text)

    def _computed(self, operation: str, values: list[Any]) -> Any:
        if operation == "where":
            return values[1] if values[0] else values[2]
        if any(v is None for v in values):
            return None
        try:
            return self.rules.value(operation)(values, None, 0)
        except FAULTS:
            return None


class RoundedFigures(Figures):
    """The numbers of the sweep on rounded nodes: results to the decimals that nodes are rounded to, inputs as they were given,
    numbers in a line with their digits."""

    def __init__(self, trace: Trace, digits: Digits) -> None:
        super().__init__(trace, digits)
        assert trace.rounded is not None
        self.rounded = trace.rounded
        self.full = Figures(trace, digits)
        self.digits = replace(digits, decimals=trace.rounded.decimals)
        self.line = replace(digits, decimals=None)
        self.columns = trace.rounded.columns
        self.exact = None
        self.rules = Rules(ExtendedDigits(trace.rounded.arithmetic.digits), stable=False)
        self._name_values()

    def slot(self, slot: int) -> Result | Words:
        if slot < self.trace.list.inputs:
            return self.full.slot(slot)
        return self.result(self.values[slot], self.rounded.exact(slot))

    def figure(self, key: Key) -> Any:
        return self.trace.rounded_figure(key)

    def exact_figure(self, key: Key) -> Any:
        return Fraction(0) if self.trace.exact_figure(key) == 0 else UNKNOWN

    def drift(self, rounded: Any, full: Any) -> Number:
        """How far rounding has led away from the full-precision value."""
        difference = rounded - self.arithmetic.rational(Fraction(full)) if is_finite(full) else full
        return Number(replace(self.line, significant=DRIFT_DIGITS).result(difference))


def _fraction(value: Fraction) -> Formula:
    nodes = Nodes()
    top = nodes.number(str(abs(value.numerator)))
    root = top if value.denominator == 1 else nodes.call("div", [top, nodes.number(str(value.denominator))])
    return Formula(nodes, nodes.call("neg", [root]) if value < 0 else root)


def _inserted(nodes: Nodes, shown: Math) -> int:
    if isinstance(shown, Formula):
        return copy(shown.nodes, shown.root, nodes)
    if isinstance(shown, Name):
        return nodes.name(shown.name)
    assert isinstance(shown, Number)
    text = shown.text
    return nodes.call("neg", [nodes.number(text[1:])]) if text.startswith("-") else nodes.number(text)


def values_by_name(wl: WengertList, values: Sequence[Any]) -> Value:
    """name → value, None for a constant; names of unnamed statements included."""

    def value(name: str) -> Any:
        slot = wl.slot_named(name)
        return None if slot is None else values[slot]

    return value
