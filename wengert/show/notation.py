"""Mathematics to one line of text: on a terminal, in a plain file, and in the formula language itself.

`TextNotation` prints the classes of document.py, with the signs of a textbook or in ASCII; `language` prints an expression so
that it can be read back. Both walk an expression with a stack of their own: sums of 100,000 terms are one loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from wengert.errors import printable
from wengert.lang.expr import COMPARISONS, NAME, NUMBER, Nodes
from wengert.show.document import (
    Adjoint,
    Derivative,
    Equation,
    Formula,
    Line,
    Math,
    Matrix,
    Name,
    Number,
    Phrase,
    Product,
    Result,
    Sum,
    Tangent,
    Words,
)
from wengert.show.look import Adjoints, Look
from wengert.show.spelling import BAR, DOT, ascii_name, ascii_words

# How strongly an operation binds; an operand that binds less than its place asks for stands in brackets.
COMPARE, SUM, PRODUCT, POWER, ATOM = range(5)
LEVELS = {"add": SUM, "sub": SUM, "neg": PRODUCT, "mul": PRODUCT, "div": PRODUCT, "power": POWER,
          **dict.fromkeys(COMPARISONS, COMPARE)}  # fmt: skip
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
INTEGER = re.compile(r"-?[0-9]+\Z")
LETTER_AND_INDEX = re.compile(r"([^\W\d_])([0-9]*)\Z")


@dataclass(frozen=True)
class TextNotation:
    """The notation of plain text. `symbols` gives operations another name ({"sigmoid": "σ"}); ASCII does without.

    `adjoints` is how an adjoint is written: `bar` v̄3, `leibniz` ∂f/∂v3, `grad` v3.grad, `delta` δ_z for the names in
    `preactivations` and a bar elsewhere.
    """

    ascii: bool = False
    symbols: Mapping[str, str] = field(default_factory=dict)
    adjoints: Adjoints = "bar"
    preactivations: frozenset[str] = frozenset()

    @classmethod
    def of(cls, look: Look) -> TextNotation:
        return cls(look.ascii, look.symbols, look.adjoints, look.preactivations)

    def math(self, m: Math) -> str:
        """One line of text for any class of document.py."""
        return self._math(m, COMPARE, True)

    def line(self, line: Line) -> str:
        """The pieces of a line side by side."""
        return "".join(map(self.math, line))

    def formula(self, nodes: Nodes, root: int) -> str:
        """The expression, in time linear in its size when it is written out (`size` tells that beforehand)."""
        return _written(nodes, root, self._look(), COMPARE, True)

    def name(self, text: str) -> str:
        """A name as it was typed, π for pi; in ASCII `theta1` for θ1, `U+4E2D` for a character that has no name here."""
        return ascii_name(text) if self.ascii else "π" if text == "pi" else printable(text)

    def number(self, text: str) -> str:
        """The text of a number with the signs of this notation."""
        if self.ascii:
            return ascii_words(text)
        return text.replace("-", "−").replace("inf", "∞")

    def relation(self, sign: str) -> str:
        """`=` or `≈`, as this notation writes it."""
        return ascii_words(sign) if self.ascii else printable(sign)

    def result(self, m: Result) -> tuple[str, str]:
        """The relation and the value of a result, apart: tables align them."""
        relation = self.relation("=" if m.exact else "≈")
        if m.of is None:
            return relation, self.number(m.text)
        return self.relation("="), f"{self.math(m.of)} {relation} {self.number(m.text)}"

    def _look(self) -> _Look:
        if self.ascii:
            return _Look(self.name, self.number, {}, "*", "**", "-", plain=True)
        return _Look(self.name, self.number, self.symbols, "·", "^", "−")

    def _math(self, m: Math, least: int, lead: bool) -> str:
        """`least` is how strongly the text must bind here, `lead` whether it may begin with a minus."""
        if isinstance(m, Formula):
            return _written(m.nodes, m.root, self._look(), least, lead)
        if isinstance(m, Number):
            return _literal(m.text, self.number(m.text), least, lead)
        if isinstance(m, Product):
            return self._product(m) if least <= PRODUCT else f"({self._product(m)})"
        if isinstance(m, Sum):
            return self._sum(m) if least <= SUM else f"({self._sum(m)})"
        if isinstance(m, Result):
            return " ".join(self.result(m)) if least == COMPARE else _literal(m.text, self.number(m.text), least, lead)
        if isinstance(m, Equation):
            return self._equation(m) if least == COMPARE else f"({self._equation(m)})"
        if isinstance(m, Phrase):
            return self.line(m.pieces)
        if isinstance(m, Matrix):  # on one line, where it cannot be drawn
            return "[" + "; ".join(", ".join(map(self.math, row)) for row in m.rows) + "]"
        if isinstance(m, Words):
            text = printable(re.sub(r"[\n\r\t]", " ", m.text))
            return ascii_words(text) if self.ascii else text
        return self._symbol(m)

    def _symbol(self, m: Name | Adjoint | Tangent | Derivative) -> str:
        if isinstance(m, Name):
            return self.name(m.name)
        if isinstance(m, Derivative):
            told = bool(m.note) and (self.ascii or not m.ascii_only)
            return self._quotient(m.of, m.wrt, m.many, m.dotted) + (f" [{m.note}]" if told else "")
        if isinstance(m, Tangent):
            if m.along != "seed" and (m.direction_shown or not LETTER_AND_INDEX.match(m.name)):
                return self._quotient(m.name, (m.along,), m.many)
            return self._marked(m.name, DOT, "dot")
        if self.adjoints == "grad" and not m.output_shown:
            return f"{self.name(m.name)}.grad"
        if self.adjoints == "delta" and not m.output_shown and m.name in self.preactivations:
            return f"delta_{self.name(m.name)}" if self.ascii else f"δ_{self.name(m.name)}"
        if self.adjoints == "leibniz" or m.output_shown or not LETTER_AND_INDEX.match(m.name):
            return self._quotient(m.of, (m.name,), m.many)
        return self._marked(m.name, BAR, "bar")

    def _marked(self, name: str, mark: str, word: str) -> str:
        match = LETTER_AND_INDEX.match(name)
        if self.ascii or not match:  # a mark would stand over one letter of a longer name only
            return f"{word}({self.name(name)})"
        return f"{match[1]}{mark}{match[2]}"

    def _quotient(self, of: str, wrt: tuple[str, ...], many: bool, dotted: bool = False) -> str:
        """∂²f/∂x1∂x2, ∂²f/∂x²; in ASCII d2f/(dx1 dx2), d2f/dx**2: dx2 would be another name."""
        d = "∂" if many and not self.ascii else "d"
        order = "" if len(wrt) < 2 else str(len(wrt)) if self.ascii else str(len(wrt)).translate(SUPERSCRIPTS)
        below = []
        for name, same in groupby(wrt):
            times = sum(1 for _ in same)
            raised = "" if times < 2 else f"**{times}" if self.ascii else str(times).translate(SUPERSCRIPTS)
            below.append(f"{d}{self.name(name)}{raised}")
        above = self._marked(of, DOT, "dot") if dotted else self.name(of)
        under = f"({' '.join(below)})" if self.ascii and len(below) > 1 else "".join(below)
        return f"{d}{order}{above}/{under}"

    def _product(self, m: Product) -> str:
        return (" * " if self.ascii else " · ").join(self._math(factor, PRODUCT, False) for factor in m.factors)

    def _sum(self, m: Sum) -> str:
        minus = self.number("-")
        pieces: list[str] = []
        for term in m.terms:
            text = self._math(term, SUM, True)
            if not pieces:
                pieces.append(text)
            elif text.startswith(minus):
                pieces.append(f" {minus} {text[len(minus) :]}")
            else:
                pieces.append(f" + {text}")
        return "".join(pieces)

    def _equation(self, m: Equation) -> str:
        pieces = [self._math(m.sides[0], SUM if isinstance(m.sides[0], Result) else COMPARE, True)] if m.sides else []
        for i, side in enumerate(m.sides[1:]):
            relation = "" if isinstance(side, Result) else f" {self.relation(m.relation(i))}"  # a result brings its own
            pieces.append(f"{relation} {self._math(side, COMPARE, True)}")
        return "".join(pieces)


def language(nodes: Nodes, root: int) -> str:
    """The expression in the formula language: Python's operators, names as typed, no bracket that could be left out.

    Read back, it gives the same tree (a negative literal comes back as the negation of a literal).
    """
    return _written(nodes, root, _LANGUAGE, COMPARE, True)


def size(nodes: Nodes, root: int, limit: int) -> int:
    """The number of nodes of the expression when it is written out, or `limit` where it has that many or more.

    Counted on the shared nodes, in time and memory of at most about `limit` nodes.
    """
    seen = {root}
    stack = [root]
    while stack:
        for argument in nodes.arguments(stack.pop()):
            if argument not in seen:
                if len(seen) >= limit:
                    return limit
                seen.add(argument)
                stack.append(argument)
    sizes: dict[int, int] = {}
    for node in sorted(seen):  # arguments have smaller indices
        sizes[node] = min(limit, 1 + sum(sizes[argument] for argument in nodes.arguments(node)))
    return sizes[root]


@dataclass(frozen=True, slots=True)
class _Look:
    """What an expression is written with."""

    name: Callable[[str], str]
    number: Callable[[str], str]
    symbols: Mapping[str, str]
    times: str
    power: str
    minus: str
    plain: bool = False  # no superscripts, bars and root signs
    strict: bool = False  # to be read by a machine: `identity` and the place of a minus are kept


_LANGUAGE = _Look(str, str, {}, "*", "**", "-", plain=True, strict=True)
_UNICODE_COMPARISONS = {"ge": "≥", "le": "≤", "eq": "="}


def _written(nodes: Nodes, root: int, look: _Look, least: int, lead: bool) -> str:
    """Write an expression: the stack holds text that is ready and operands with (how strongly to bind, minus first)."""
    out: list[str] = []
    stack: list[str | tuple[int, int, bool]] = [(root, least, lead)]
    barred: set[int] | None = None
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            out.append(item)
            continue
        node, least, lead = item
        op = nodes.op[node]
        if op == NAME:
            out.append(look.name(nodes.text(node)))
        elif op == NUMBER:
            out.append(_literal(nodes.text(node), look.number(nodes.text(node)), least, lead))
        else:
            if barred is None and not look.plain and nodes.ops[op] == "abs":
                barred = _holding_bars(nodes, root)
            stack.extend(reversed(_pieces(nodes, node, look, least, lead, barred)))
    return "".join(out)


def _pieces(
    nodes: Nodes, node: int, look: _Look, least: int, lead: bool, barred: set[int] | None
) -> list[str | tuple[int, int, bool]]:
    """One operation as text and operands, in reading order."""
    operation = nodes.operation(node)
    arguments = nodes.arguments(node)
    level = LEVELS.get(operation)
    if level is None:
        return _call(nodes, operation, arguments, look, least, lead, barred)
    bracket = level < least
    pieces: list[str | tuple[int, int, bool]]
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


def _sign(operation: str, look: _Look) -> str:
    if operation in COMPARISONS:
        sign = COMPARISONS[operation] if look.plain else _UNICODE_COMPARISONS.get(operation, COMPARISONS[operation])
        return f" {sign} "
    return {"add": " + ", "sub": f" {look.minus} ", "mul": look.times, "div": "/"}[operation]


def _exponent(nodes: Nodes, exponent: int, look: _Look) -> list[str | tuple[int, int, bool]]:
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
    nodes: Nodes, operation: str, arguments: Sequence[int], look: _Look, least: int, lead: bool, barred: set[int] | None
) -> list[str | tuple[int, int, bool]]:
    """A function of its arguments: by name, or with the sign that paper has for it."""
    if operation == "identity" and not look.strict:
        return [(arguments[0], least, lead)]
    if not look.plain and operation == "abs" and barred is not None and arguments[0] not in barred:
        return ["|", (arguments[0], COMPARE, True), "|"]
    if not look.plain and operation == "sqrt":
        single = nodes.is_leaf(arguments[0])
        root: list[str | tuple[int, int, bool]] = ["√", (arguments[0], ATOM, False)]
        if not single:
            root = ["√(", (arguments[0], COMPARE, True), ")"]
        return ["(", *root, ")"] if least >= ATOM else root  # √x² would be read as the root of x²
    base = operation.removesuffix("′")  # σ′: the derivative of an activation, as a function
    prime = "" if base == operation else "'" if look.plain else "′"
    pieces: list[str | tuple[int, int, bool]] = [look.symbols.get(base, base) + prime + "("]
    for i, argument in enumerate(arguments):
        pieces += [", ", (argument, COMPARE, True)] if i else [(argument, COMPARE, True)]
    return [*pieces, ")"]


def _literal(text: str, shown: str, least: int, lead: bool) -> str:
    """A number's text, in brackets where its minus would follow an operator, or where it is a fraction or a sum."""
    if text.isdigit():
        return shown
    if text.startswith("-") and (not lead or least > SUM):
        return f"({shown})"
    body = re.sub(r"([0-9.])[eE][-+]?[0-9]+\Z", r"\1", text.lstrip("-"))
    level = SUM if re.search(r"[-+]", body) else PRODUCT if re.search(r"[*/]", body) else POWER if body != text else ATOM
    return f"({shown})" if level < least else shown


def _holding_bars(nodes: Nodes, root: int) -> set[int]:
    """The nodes of the expression in which an abs stands: bars around them would not nest."""
    found: set[int] = set()
    for node in nodes.reachable([root]):
        if nodes.operation(node) == "abs" or any(argument in found for argument in nodes.arguments(node)):
            found.add(node)
    return found


# -- ASCII
