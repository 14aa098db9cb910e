"""Mathematics as one line of text: on a terminal, in a plain file, and in the formula language itself.

`TextNotation` prints with the signs of a textbook or in ASCII; `language` prints an expression so that it can be read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wengert.errors import printable
from wengert.lang.expr import COMPARISONS, NUMBER, Nodes
from wengert.show.document import Derivative, Matrix
from wengert.show.look import Adjoints, Look
from wengert.show.notation.base import (
    ATOM,
    COMPARE,
    LETTER_AND_INDEX,
    LEVELS,
    POWER,
    PRODUCT,
    SUM,
    Notation,
    Piece,
    Signs,
    Whole,
    counted,
    written,
)
from wengert.show.spelling import BAR, DOT, ascii_name, ascii_words

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
INTEGER = re.compile(r"-?[0-9]+\Z")
_SIMPLE = re.compile(r"-?[0-9]+\.[0-9]+\Z")  # without anything that binds less than a number
_MARKS = {"bar": BAR, "dot": DOT}


@dataclass(frozen=True)
class TextNotation(Notation):
    """The notation of plain text. `symbols` gives operations another name ({"sigmoid": "σ"}); ASCII does without.

    `adjoints` and `preactivations` are those of `Look`.
    """

    ascii: bool = False
    symbols: Mapping[str, str] = field(default_factory=dict)
    adjoints: Adjoints = "bar"
    preactivations: frozenset[str] = frozenset()

    @classmethod
    def of(cls, look: Look) -> TextNotation:
        return cls(look.ascii, look.symbols, look.adjoints, look.preactivations)

    @property
    def minus(self) -> str:  # type: ignore[override]
        return self.number("-")

    @property
    def plus(self) -> str:  # type: ignore[override]
        return "+"

    @property
    def times(self) -> str:  # type: ignore[override]
        return " * " if self.ascii else " · "

    @property
    def signs(self) -> Signs:
        if self.ascii:
            return TextSigns(self.name, self.number, {}, "*", "**", "-", plain=True)
        return TextSigns(self.name, self.number, self.symbols, "·", "^", "−")

    def name(self, text: str) -> str:
        """A name as it was typed, π for pi; in ASCII `theta1` for θ1, `U+4E2D` for a character that has no name here."""
        return ascii_name(text) if self.ascii else "π" if text == "pi" else printable(text)

    def number(self, text: str) -> str:
        if self.ascii:
            return ascii_words(text)
        return text.replace("-", "−").replace("inf", "∞")

    def relation(self, sign: str) -> str:
        return ascii_words(sign) if self.ascii else printable(sign)

    def words(self, text: str) -> str:
        text = printable(re.sub(r"[\n\r\t]", " ", text))
        return ascii_words(text) if self.ascii else text

    def bracketed(self, text: str) -> str:
        return f"({text})"

    def matrix(self, m: Matrix) -> str:
        """On one line, where it cannot be drawn."""
        return "[" + "; ".join(", ".join(map(self.math, row)) for row in m.rows) + "]"

    def marked(self, name: str, mark: str) -> str:
        match = LETTER_AND_INDEX.match(name)
        if self.ascii or not match:  # a mark would stand over one letter of a longer name only
            return f"{mark}({self.name(name)})"
        return f"{match[1]}{_MARKS[mark]}{match[2]}"

    def quotient(self, m: Derivative) -> str:
        """∂²f/∂x1∂x2, ∂²f/∂x²; in ASCII d2f/(dx1 dx2), d2f/dx**2: dx2 would be another name."""
        d = "∂" if m.many and not self.ascii else "d"
        order = "" if len(m.wrt) < 2 else str(len(m.wrt)) if self.ascii else str(len(m.wrt)).translate(SUPERSCRIPTS)
        below = []
        for name, times in counted(m.wrt):
            raised = "" if times < 2 else f"**{times}" if self.ascii else str(times).translate(SUPERSCRIPTS)
            below.append(f"{d}{self.name(name)}{raised}")
        above = self.marked(m.of, "dot") if m.dotted else self.name(m.of)
        under = f"({' '.join(below)})" if self.ascii and len(below) > 1 else "".join(below)
        return f"{d}{order}{above}/{under}"

    def delta(self, name: str) -> str:
        return f"delta_{self.name(name)}" if self.ascii else f"δ_{self.name(name)}"

    def grad(self, name: str) -> str:
        return f"{self.name(name)}.grad"

    def note(self, text: str) -> str:
        return f" [{text}]"

    def tells(self, m: Derivative) -> bool:
        return self.ascii or not m.ascii_only


def language(nodes: Nodes, root: int) -> str:
    """The expression in the formula language: Python's operators, names as typed, no bracket that could be left out.

    Read back, it gives the same tree (a negative literal comes back as the negation of a literal).
    """
    return written(nodes, root, _LANGUAGE)


@dataclass(frozen=True, slots=True)
class TextSigns(Signs):
    """What an expression is written with on one line."""

    shown_name: Callable[[str], str]
    number: Callable[[str], str]
    symbols: Mapping[str, str]
    times: str
    power: str
    minus: str
    plain: bool = False  # no superscripts, bars and root signs
    strict: bool = False  # to be read by a machine: `identity` and the place of a minus are kept

    def name(self, text: str) -> str:
        return self.shown_name(text)

    def literal(self, text: str, least: int, lead: bool) -> str:
        return literal(text, self.number(text), least, lead)

    def pieces(self, nodes: Nodes, node: int, least: int, lead: bool, whole: Whole) -> Sequence[Piece]:
        return _pieces(nodes, node, self, least, lead, whole)


_LANGUAGE = TextSigns(str, str, {}, "*", "**", "-", plain=True, strict=True)
_UNICODE_COMPARISONS = {"ge": "≥", "le": "≤", "eq": "="}


def _pieces(nodes: Nodes, node: int, look: TextSigns, least: int, lead: bool, whole: Whole) -> list[Piece]:
    """One operation as text and operands, in reading order."""
    operation = nodes.operation(node)
    arguments = nodes.arguments(node)
    level = LEVELS.get(operation)
    if level is None:
        return _call(nodes, operation, arguments, look, least, lead, whole)
    bracket = level < least
    pieces: list[Piece]
    if operation == "neg":
        # A machine reads -x*y as (-x)*y and needs the brackets of -(x*y); on paper −x·y is either.
        bracket = bracket or not lead
        pieces = [look.minus, (arguments[0], POWER if look.strict else PRODUCT, False)]
    elif operation == "power":
        pieces = [(arguments[0], ATOM, False), *_exponent(nodes, arguments[1], look)]
    else:
        sign = _sign(operation, look)
        # 1/2·x is (1/2)·x and 1/3/5 is (1/3)/5 to a machine, and both are in doubt to a person
        doubtful = operation in ("mul", "div") and not look.strict and _is_fraction(nodes, arguments[0])
        pieces = [(arguments[0], level + doubtful, lead or bracket)]
        for argument in arguments[1:]:
            pieces += [sign, (argument, level + 1, False)]
    return ["(", *pieces, ")"] if bracket else pieces


def _is_fraction(nodes: Nodes, node: int) -> bool:
    """Whether the expression, a minus before it left out, is a quotient or the text of one."""
    if nodes.operation(node) == "neg":
        node = nodes.arguments(node)[0]
    return nodes.operation(node) == "div" or (nodes.op[node] == NUMBER and "/" in nodes.text(node))


def _sign(operation: str, look: TextSigns) -> str:
    if operation in COMPARISONS:
        sign = COMPARISONS[operation] if look.plain else _UNICODE_COMPARISONS.get(operation, COMPARISONS[operation])
        return f" {sign} "
    return {"add": " + ", "sub": f" {look.minus} ", "mul": look.times, "div": "/"}[operation]


def _exponent(nodes: Nodes, exponent: int, look: TextSigns) -> list[Piece]:
    if not look.plain:
        text = ""
        if nodes.op[exponent] == NUMBER:
            text = nodes.text(exponent)
        elif nodes.operation(exponent) == "neg" and nodes.op[nodes.arguments(exponent)[0]] == NUMBER:
            text = "-" + nodes.text(nodes.arguments(exponent)[0])
        if INTEGER.match(text):
            return [text.translate(SUPERSCRIPTS)]
    return [look.power, (exponent, POWER if look.strict else ATOM, False)]


def _call(
    nodes: Nodes, operation: str, arguments: Sequence[int], look: TextSigns, least: int, lead: bool, whole: Whole
) -> list[Piece]:
    """A function of its arguments: by name, or with the sign that paper has for it."""
    if operation == "identity" and not look.strict:
        return [(arguments[0], least, lead)]
    if not look.plain and operation == "abs" and not whole.holds(arguments[0], "abs"):  # bars around bars would not nest
        return ["|", (arguments[0], COMPARE, True), "|"]
    if not look.plain and operation == "sqrt":
        single = nodes.is_leaf(arguments[0])
        root: list[Piece] = ["√", (arguments[0], ATOM, False)]
        if not single:
            root = ["√(", (arguments[0], COMPARE, True), ")"]
        return ["(", *root, ")"] if least >= ATOM else root  # √x² would be read as the root of x²
    base = operation.removesuffix("′")  # σ′: the derivative of an activation, as a function
    prime = "" if base == operation else "'" if look.plain else "′"
    pieces: list[Piece] = [look.symbols.get(base, base) + prime + "("]
    for i, argument in enumerate(arguments):
        pieces += [", ", (argument, COMPARE, True)] if i else [(argument, COMPARE, True)]
    return [*pieces, ")"]


def literal(text: str, shown: str, least: int, lead: bool) -> str:
    """A number's text, in brackets where its minus would follow an operator, or where it is a fraction or a sum."""
    if text.isdigit():
        return shown
    if text.startswith("-") and (not lead or least > SUM):
        return f"({shown})"
    if _SIMPLE.match(text):
        return shown
    body = re.sub(r"([0-9.])[eE][-+]?[0-9]+\Z", r"\1", text.lstrip("-"))
    level = SUM if re.search(r"[-+]", body) else PRODUCT if re.search(r"[*/]", body) else POWER if body != text else ATOM
    return f"({shown})" if level < least else shown
