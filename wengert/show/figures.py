"""Numbers as they stand in a document: results, numbers put into a line, and a whole line with numbers for its names.

What is shown depends on the numbers of the trace: doubles and many digits are rounded to the digits asked for, exact ones
are written out with their decimals beside. Numbers put into a line get more digits until the line, worked out from the numbers
as they stand there, comes to the result as printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.lang.model import Key
from wengert.show.document import Equation, Formula, Math, Name, Number, Phrase, Result, Words
from wengert.show.insertion import LONGEST, MORE_DIGITS, MOST_DOUBLE, Value, Written, inserted, with_more
from wengert.show.many_digits import call_values
from wengert.show.notation import size
from wengert.show.numbers import LARGEST, WHOLE, Digits, is_finite, padded, plain, shown_exactly
from wengert.show.pieces import result
from wengert.show.words import tables as words
from wengert.show.words.losses import OVERFLOW
from wengert.sweep.arithmetics import FAULTS, Float, Unknown
from wengert.sweep.columns import Columns
from wengert.sweep.evaluate import evaluate
from wengert.sweep.literals import decimal, whole
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.sweep.steps import copy
from wengert.sweep.trace import Trace
from wengert.tape.wengert_list import WengertList

LONGEST_EXACT = 14  # nodes of an exact number that is written out as a result
LONGEST_INSERTED = 8  # nodes of an exact number that is put into a line
LONGEST_RATIONAL = 40  # characters of a rational in a document
MORE_OF_MANY = (*MORE_DIGITS, 12, 16, 20, 25, 30)  # where there are more than a double has
CHOICES = frozenset({"where", "abs", "sign", "max", "min", "relu", "leaky_relu", "clip", "floor", "ceil"})  # decided by numbers
SHORT_DECIMAL = 20  # characters of a decimal that is a round number

_RATIONAL = Rules(Rational())


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
        if not is_finite(value) and self.trace.overflows:
            return Words(OVERFLOW)
        exact = self._rational(exact)
        if self.trace.choice.exact and is_finite(value):
            return self._exact_result(self.digits.result(value), exact)
        return result(value, exact, self.digits)

    def slot(self, slot: int) -> Result | Words:
        """The value of a slot as a result; without one it stands in a branch that a where leaves out."""
        if self.values[slot] != self.values[slot]:
            return Words(words.NOT_TAKEN)
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

    def equals(self, left: Math, value: Any, exact: Any) -> Equation | Phrase:
        """`x̄1 ≈ −0.283662`"""
        shown = self.result(value, exact)
        if isinstance(shown, Words):
            return Phrase((left, Words(": "), shown)) if shown.text == OVERFLOW else Equation((left, shown))
        if shown.of is not None:
            return Equation((left, shown.of, Number(shown.text)), ("=", "=" if shown.exact else "≈"))
        return Equation((left, Number(shown.text)), ("=" if shown.exact else "≈",))

    def _exact_result(self, text: str, exact: Any) -> Result:
        if isinstance(exact, Fraction):
            is_exact = shown_exactly(text, exact)
            if is_exact and (exact.denominator == 1 or self.trace.decimals):
                return Result(text, True)
            return Result(text if is_exact else padded(text, self.digits), is_exact, self._rational_formula(exact))
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

    def _rational_formula(self, value: Fraction) -> Formula | None:
        """A rational as it is written: as a decimal where the model is written in decimals and it has a short one, else as a
        fraction; None where that is too long."""
        size = abs(value)
        text = whole(size.numerator) if size.denominator == 1 else decimal(size) if self.trace.decimals else None
        nodes = Nodes()
        if text is None:
            above, below = whole(size.numerator), whole(size.denominator)
            root = nodes.call("div", [nodes.number(above), nodes.number(below)])
            text = above + below
        else:
            root = nodes.number(text)
        if len(text) > LONGEST_RATIONAL:
            return None
        return Formula(nodes, nodes.call("neg", [root]) if value < 0 else root)

    def _exact_rational(self, value: Fraction) -> Math | None:
        """A rational in a line, None where it is too long."""
        made = self._rational_formula(value)
        if made is None:
            return None
        negative = made.nodes.operation(made.root) == "neg"
        leaf = made.nodes.arguments(made.root)[0] if negative else made.root
        if made.nodes.operation(leaf) != "number":
            return made
        return Number("-" * negative + made.nodes.text(leaf))

    # -- numbers in a line

    def number(self, value: Any, exact: Any = None, symbol: Math | None = None) -> Math:
        """A number put into a line; an exact one where it is short, and else its `symbol` if it has one."""
        if not is_finite(value) and self.trace.overflows:
            return Words(OVERFLOW)
        if self.trace.choice.exact:
            rational = self._rational(exact)
            is_rational = isinstance(rational, Fraction)
            written = self._exact_rational(rational) if is_rational else self._written(rational, LONGEST_INSERTED)
            shown = written or symbol
            if shown is not None:
                return shown
        return Number(self.line.inserted(value))

    def fraction(self, value: Any, exact: Any) -> Math:
        """A number put into a line, as a fraction where it is one: 1/3."""
        rational = self._rational(exact)
        written = self._exact_rational(rational) if isinstance(rational, Fraction) else None
        return written or self.number(value, exact)

    def factor(self, value: Any, other: Any, product: Any, exact: Any = None, symbol: Math | None = None) -> Math:
        """The first of two factors, with as many digits as the product needs to come out as printed."""
        if self.trace.choice.exact or not is_finite(value) or not is_finite(product):
            return self.number(value, exact, symbol)
        for finer in self._finer():
            text = finer.inserted(value)
            if self.digits.result(self.arithmetic.number(text) * other) == self.digits.result(product):
                return Number(text)
        return self.number(value)

    def _finer(self) -> Iterator[Digits]:
        """The digits that numbers in a line are tried with, one after the other."""
        return with_more(self.line, MORE_DIGITS if self.trace.choice.digits is None else MORE_OF_MANY, self._most)

    def cell(
        self, nodes: Nodes, root: int, result: Any, keep_call: bool, printed: Callable[[Any], str] | None = None
    ) -> Math | None:
        """What `put_in` makes as a table's cell: … where it makes nothing of a result that is a number; empty where the formula
        is a single name or number."""
        if nodes.is_leaf(root) or not is_finite(result):
            return None
        return self.put_in(nodes, root, result, keep_call, printed) or Words(words.NOT_PUT_IN)

    def printed(self, value: Any) -> str:
        """What a line must come to: its result as it is printed."""
        return self.digits.result(value)

    def in_line(self, name: str, value: Any, digits: Digits) -> str:
        """The value of a name as it is put into a line."""
        return digits.inserted(value)

    def _in_line(self, digits: Digits) -> Written:
        return lambda number, name: digits.inserted(number) if name is None else self.in_line(name, number, digits)

    def put_in(
        self, nodes: Nodes, root: int, result: Any, keep_call: bool, printed: Callable[[Any], str] | None = None
    ) -> Formula | None:
        """The formula with numbers for its names. A call becomes its value (cos(5) is 0.28366219); with `keep_call` a call that
        is the whole stays: ln(2). Exact numbers leave every call.

        `result` is what the line must come to, as `printed`. None where the formula is too long for a cell, where a call in
        it has no value, or where no digits make the line add up.
        """
        printed = printed or self.printed
        if size(nodes, root, LONGEST) >= LONGEST or not is_finite(result):
            return None
        if self.trace.choice.exact:
            return self._with_exact(nodes, root, keep_call)
        calls: dict[int, Any] | None = {}
        if self.trace.choice.digits is not None:
            most = max(self.digits.significant, self.trace.choice.digits, len(str(WHOLE)) + (self.digits.decimals or 0))
            calls = call_values(nodes, root, self._value, keep_call, most, MORE_OF_MANY[-1])
        for finer in () if calls is None else self._finer():
            made, computed = inserted(nodes, root, self.rules, self._value, self._in_line(finer), keep_call, calls or {})
            if made is None:
                return None
            if is_finite(computed) and printed(computed) == printed(result) and self.holds(made, computed):
                return made
        return None

    def holds(self, made: Formula, computed: Any) -> bool:
        """Whether the line comes to that for a reader too: where a sum cancels, doubles repeat the sweep's errors, and only
        rationals tell what is printed."""
        nodes = made.nodes
        reached = nodes.reachable([made.root])
        if self.rules.arithmetic.name != Float.name or not any(nodes.operation(node) in ("add", "sub") for node in reached):
            return True
        try:
            value = evaluate(nodes, made.root, _RATIONAL, lambda name: UNKNOWN)
        except (*FAULTS, Unknown):
            return True
        if not isinstance(value, Fraction):
            return True
        computed = plain(computed)
        same = self.digits.result(value) == self.digits.result(computed)
        return same or abs(value - Fraction(computed)) <= abs(value) * Fraction(1, 10 ** (self.digits.significant + 1))

    def _with_exact(self, nodes: Nodes, root: int, keep_call: bool) -> Formula:
        """The formula with exact numbers for its names; a name stays where its number is long or not known. Choices are
        decided: a where is its branch, sign(0) is 0."""
        made = Nodes()
        new: dict[int, int] = {}
        decided = self._decided(nodes, root)
        for node in nodes.reachable([root]):
            operation = nodes.operation(node)
            choice = None if keep_call and node == root else decided.get(node)
            short = self._exact_rational(choice) if isinstance(choice, Fraction) else None
            if short is not None:
                new[node] = _inserted(made, short)
            elif choice is not None and not isinstance(choice, Fraction):
                new[node] = new[choice]
            elif operation == "number":
                new[node] = made.number(nodes.text(node))
            elif operation == "name":
                name = nodes.text(node)
                value = self._value(name)
                exact = None if self._exact is None or value is None else self._exact(name)
                constant = value is None  # pi, e
                new[node] = made.name(name) if constant else _inserted(made, self.number(value, exact, Name(name)))
            else:
                new[node] = made.call(operation, [new[a] for a in nodes.arguments(node)])
        return Formula(made, new[root])

    def _decided(self, nodes: Nodes, root: int) -> dict[int, Fraction | int]:
        """For each choice in the formula that exact numbers decide: its value where that is rational, else the node of the
        branch that it takes."""
        found: dict[int, Fraction | int] = {}
        reached = nodes.reachable([root])
        if not any(nodes.operation(node) in CHOICES for node in reached):
            return found
        known: dict[int, Any] = {}
        for node in reached:
            operation, arguments = nodes.operation(node), nodes.arguments(node)
            if operation == "where" and known[arguments[0]] is not None:
                branch = arguments[1] if known[arguments[0]] else arguments[2]
                found[node], known[node] = branch, known[branch]
            else:
                known[node] = self._exactly(nodes, node, [known[a] for a in arguments])
            rational = self._rational(known[node]) if operation in CHOICES else None
            if isinstance(rational, Fraction):
                found[node] = rational
        return found

    def _exactly(self, nodes: Nodes, node: int, arguments: list[Any]) -> Any:
        """The exact value of one node, undefined where it is not known; of a comparison whether it holds, None for unknown."""
        arithmetic: Any = self.trace.unrounded.arithmetic
        operation = nodes.operation(node)
        try:
            if operation == "number":
                return arithmetic.number(nodes.text(node))
            if operation == "name":
                name = nodes.text(node)
                if self._value(name) is None:
                    return arithmetic.e if name == "e" else arithmetic.pi
                return arithmetic.undefined if self._exact is None else self._exact(name)
            if operation in COMPARISONS:
                return arithmetic.truth(operation, *arguments)
            if operation == "where":
                return arithmetic.undefined
            return self.trace.unrounded.called(operation, arguments)
        except (Unknown, *FAULTS):
            return None if operation in COMPARISONS else arithmetic.undefined


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
