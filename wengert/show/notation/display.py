"""What the notations with fractions, roots and indices share: LaTeX, MathML and Typst.

An operation is a `Frame`: the text before, between and after its operands. A notation brings its frames; which operand stands
in brackets is decided here. A quotient is a fraction, so that nothing around it needs brackets but a power of it.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, TypeAlias

from wengert.errors import printable
from wengert.lang.expr import COMPARISONS, NAME, Nodes
from wengert.show.document import Derivative, Line, Math, Phrase, Words
from wengert.show.look import Look
from wengert.show.notation.base import ATOM, COMPARE, LEVELS, POWER, PRODUCT, SUM, Notation, Piece, Signs, Whole, counted
from wengert.show.notation.names import Names

Frame: TypeAlias = tuple[str, ...]  # the texts before, between and after the operands

_LEVELS = {**LEVELS, "div": POWER}
_NUMBER = re.compile(r"(-?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+|inf)(?:[eE]([-+]?[0-9]+))?\Z")
_FRACTION = re.compile(r"(-?)([0-9]+)/([0-9]+)\Z")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:_\{?([0-9]+)\}?)?\Z")
ENCLOSED = frozenset({"abs", "floor", "ceil", "sqrt", "cbrt"})


@dataclass(frozen=True)
class DisplayNotation(Notation):
    """A subclass says how fractions, powers, roots, names, numbers and words are written in its language."""

    look: Look

    def __post_init__(self) -> None:
        object.__setattr__(self, "adjoints", self.look.adjoints)
        object.__setattr__(self, "preactivations", self.look.preactivations)

    @cached_property
    def names(self) -> Names:
        return Names(self.look.names)

    # -- what a notation brings

    @property
    @abstractmethod
    def frames(self) -> dict[str, Frame]:
        """fraction, power, brackets, tall (brackets around a fraction), abs, floor, ceil, sqrt, cbrt."""

    @property
    @abstractmethod
    def comparisons(self) -> dict[str, str]:
        """The signs of > >= < <= ==, blanks included."""

    comma: ClassVar[str]
    goes_on: ClassVar[bool] = False  # a sign and what follows are one piece of mathematics with what stands before

    @abstractmethod
    def function(self, word: str, index: str, primed: bool) -> str:
        """The name of a function, ready for its brackets."""

    @abstractmethod
    def digits(self, text: str) -> str:
        """A number without sign and exponent, or inf."""

    @abstractmethod
    def scientific(self, mantissa: str, exponent: str) -> str:
        """mantissa · 10^exponent, both ready."""

    @abstractmethod
    def outside(self, words: str) -> str:
        """Words outside mathematics."""

    @abstractmethod
    def inline(self, mathematics: str) -> str:
        """Mathematics in the middle of words."""

    @abstractmethod
    def partial(self, many: bool, order: int, above: str, below: Sequence[tuple[str, int]]) -> str:
        """∂^order above / ∂below …, all names ready."""

    # -- what follows

    def raised(self, name: str) -> Frame | None:
        """What stands before and after the exponent of a name, where that is not written as any base is."""
        return None

    def text(self, m: Math | None) -> str:
        """A cell: words as words, mathematics as mathematics."""
        return "" if m is None else self.prose((m,))

    def sign(self, text: str, first: bool) -> str | None:
        """Words between mathematics that are a sign of it, ready; None where they stay words. `first`: no mathematics stands
        directly before them."""
        return None

    def prose(self, line: Line) -> str:
        """A line: words as words, what stands between them as mathematics."""
        out: list[str] = []
        inside: list[str] = []
        for piece in flat(line):
            sign = self.sign(piece.text, not inside) if isinstance(piece, Words) else None
            if isinstance(piece, Words) and inside and (sign is None or not self.goes_on):
                out.append(self.inline(self.beside(inside)))
                inside = []
            if not isinstance(piece, Words):
                inside.append(self.math(piece))
            elif sign is None:
                out.append(self.outside(piece.text))
            else:
                inside.append(sign)
        if inside:
            out.append(self.inline(self.beside(inside)))
        return "".join(out)

    @cached_property
    def signs(self) -> Signs:
        return _DisplaySigns(self)

    def number(self, text: str) -> str:
        match = _NUMBER.match(text)
        if match:
            sign, mantissa, exponent = match.groups()
            made = self.digits(mantissa)
            if exponent is not None:
                made = self.scientific(made, self.number(exponent.lstrip("+")))
            return self.minus * bool(sign) + made
        match = _FRACTION.match(text)
        if match:
            before, between, after = self.frames["fraction"]
            return f"{self.minus * bool(match[1])}{before}{self.digits(match[2])}{between}{self.digits(match[3])}{after}"
        return self.words(text)

    def quotient(self, m: Derivative) -> str:
        above = self.marked(m.of, "dot") if m.dotted else self.name(m.of)
        return self.partial(m.many, len(m.wrt), above, [(self.name(name), times) for name, times in counted(m.wrt)])

    def grad(self, name: str) -> str:
        return f"{self.name(name)}{self.words('.grad')}"

    def note(self, text: str) -> str:
        return self.words(f" [{text}]")

    def bracketed(self, text: str) -> str:
        before, after = self.frames["tall"]
        return f"{before}{text}{after}"

    def call(self, operation: str) -> str:
        """The function that an operation is written as: its LaTeX command's word, its symbol, or its name."""
        base = operation.removesuffix("′")  # σ′: the derivative of an activation, as a function
        primed = base != operation
        command = _COMMAND.match(self.look.latex.get(base, ""))
        if command and base not in self.look.symbols:
            return self.function(command[1], command[2] or "", primed)
        return self.function(self.look.symbols.get(base, base), "", primed)


def flat(line: Line) -> list[Math]:
    """The pieces of a line, phrases taken apart."""
    out: list[Math] = []
    stack = list(reversed(line))
    while stack:
        piece = stack.pop()
        if isinstance(piece, Phrase):
            stack.extend(reversed(piece.pieces))
        else:
            out.append(piece)
    return out


@dataclass(frozen=True, slots=True)
class _DisplaySigns(Signs):
    notation: DisplayNotation

    def name(self, text: str) -> str:
        return self.notation.name(text)

    def literal(self, text: str, least: int, lead: bool) -> str:
        shown = self.notation.number(text)
        if text.isdigit():
            return shown
        if text.startswith("-") and (not lead or least > SUM):
            return self._enclosed("tall" if "/" in text else "brackets", shown)
        known = _NUMBER.match(text) or _FRACTION.match(text)
        level = POWER if "/" in text or "e" in text.lower() else ATOM
        if not known:  # an exact number's own text: √2/2, 1 + √3
            level = SUM if re.search(r"[-+−]", text[1:]) else PRODUCT if re.search(r"[*/·√]", text) else ATOM
        return self._enclosed("tall", shown) if level < least else shown

    def _enclosed(self, kind: str, text: str) -> str:
        before, after = self.notation.frames[kind]
        return f"{before}{text}{after}"

    def pieces(self, nodes: Nodes, node: int, least: int, lead: bool, whole: Whole) -> Sequence[Piece]:
        operation = nodes.operation(node)
        arguments = nodes.arguments(node)
        level = _LEVELS.get(operation)
        if level is None:
            return self._call(operation, arguments, least, lead, whole)
        notation = self.notation
        bracket = level < least
        pieces: list[Piece]
        if operation == "neg":
            bracket = bracket or not lead
            pieces = [notation.minus, (arguments[0], PRODUCT, False)]
        elif operation == "power":
            before, between, after = notation.frames["power"]
            raised = notation.raised(nodes.text(arguments[0])) if nodes.op[arguments[0]] == NAME else None
            pieces = [before, (arguments[0], ATOM, False), between, (arguments[1], COMPARE, True), after]
            if raised is not None:
                pieces = [raised[0], (arguments[1], COMPARE, True), raised[1]]
        elif operation == "div":
            before, between, after = notation.frames["fraction"]
            pieces = [before, (arguments[0], COMPARE, True), between, (arguments[1], COMPARE, True), after]
        else:
            sign = self._sign(operation)
            pieces = [(arguments[0], level, lead or bracket)]
            for argument in arguments[1:]:
                pieces += [sign, (argument, level + 1, False)]
        if not bracket:
            return pieces
        before, after = self._brackets([node], whole)
        return [before, *pieces, after]

    def _sign(self, operation: str) -> str:
        if operation in COMPARISONS:
            return self.notation.comparisons[operation]
        return {"add": f" {self.notation.plus} ", "sub": f" {self.notation.less} ", "mul": self.notation.times}[operation]

    def _brackets(self, nodes: Sequence[int], whole: Whole) -> Frame:
        return self.notation.frames["tall" if any(whole.holds(node, "div") for node in nodes) else "brackets"]

    def _call(self, operation: str, arguments: Sequence[int], least: int, lead: bool, whole: Whole) -> Sequence[Piece]:
        if operation == "identity":
            return [(arguments[0], least, lead)]
        if operation in ENCLOSED:
            frames = self.notation.frames
            tall = f"tall {operation}"  # where a notation's signs do not grow by themselves
            before, after = frames[tall if tall in frames and whole.holds(arguments[0], "div") else operation]
            return [before, (arguments[0], COMPARE, True), after]
        before, after = self._brackets(arguments, whole)
        pieces: list[Piece] = [self.notation.call(operation), before]
        for i, argument in enumerate(arguments):
            pieces += [self.notation.comma, (argument, COMPARE, True)] if i else [(argument, COMPARE, True)]
        return [*pieces, after]


def one_line(text: str) -> str:
    """Words without control characters, on one line."""
    return printable(re.sub(r"[\n\r\t]", " ", text))
