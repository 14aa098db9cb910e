"""Text to expression nodes: the formula language of the design, section 4.

Operator precedence with explicit stacks (Dijkstra's shunting yard, 1961), so that neither 20,000 nested calls nor 100,000
terms need recursion. Nothing is evaluated and nothing is simplified: `x*x` stays what it is. From weakest to strongest:

    comparison < sum < product, also the implicit one < unary minus < power < root < superscript

Function names come from a vocabulary that the caller hands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from wengert.errors import FormulaError, Place, Source
from wengert.lang.expr import COMPARISONS, Nodes
from wengert.lang.tokens import CONNECTIVES, OPERAND_STARTS, Kind, Token, tokenize
from wengert.lang.vocabulary import Function, Vocabulary, arity

_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "power"} | {v: k for k, v in COMPARISONS.items()}
MOST_CALLED = 1000  # names before a bracket that are no functions
FUNCTION_LETTERS = "fgh"  # f(x) is rarely meant as a product
_COMPARISON, _SUM, _PRODUCT, _MINUS, _POWER, _ROOT, _BRACKET = 0, 1, 2, 3, 4, 5, -1
_LEVELS = {"add": _SUM, "sub": _SUM, "mul": _PRODUCT, "div": _PRODUCT, "power": _POWER} | dict.fromkeys(
    COMPARISONS, _COMPARISON
)


@dataclass(frozen=True, slots=True)
class Statement:
    """`name = expression`, or an expression alone (`name` None)."""

    name: str | None
    name_place: Place | None
    root: int


def parse_statements(
    source: Source, nodes: Nodes, vocabulary: Vocabulary, start: int = 0, end: int | None = None
) -> list[Statement]:
    """Every statement of text[start:end], separated by `;` or by line ends. Raises FormulaError with its place."""
    nodes.begin(source)
    tokens = tokenize(source, start, end)
    statements: list[Statement] = []
    at = 0
    while tokens[at].kind is not Kind.END:
        if tokens[at].kind is Kind.SEPARATOR:
            at += 1
            continue
        name, place = None, None
        sign = _definition(tokens, at)
        if sign:
            name, place = tokens[at].text, Place(source, tokens[at].start, tokens[at].end)
            at = sign + 1
        root, at = _Parser(source, nodes, vocabulary, tokens, at).run()
        statements.append(Statement(name, place, root))
    if not statements:
        raise FormulaError("there is no formula here", Place(source, start, start + 1), hint="for example: (x**2+1)**3")
    return statements


def parse_expression(
    source: Source, nodes: Nodes, vocabulary: Vocabulary, start: int = 0, end: int | None = None
) -> int:
    """The one expression of text[start:end]: its root. Raises FormulaError with its place."""
    statements = parse_statements(source, nodes, vocabulary, start, end)
    named = next((s for s in statements if s.name is not None), None)
    if named is not None:
        raise FormulaError("a name with = does not belong here", named.name_place, hint="one expression is wanted")
    if len(statements) > 1:
        raise FormulaError(
            "one expression is wanted here, and there are more", nodes.place(statements[1].root)
        )
    return statements[0].root


def _definition(tokens: Sequence[Token], at: int) -> int:
    """The index of the = of `y = …` or `f(x, y) = …`; 0 where no definition begins here."""
    if tokens[at].kind is not Kind.NAME:
        return 0
    end = at + 1
    if tokens[end].kind is Kind.OPEN:
        end += 1
        while tokens[end].kind in (Kind.NAME, Kind.COMMA):
            end += 1
        if tokens[end].kind is not Kind.CLOSE:
            return 0
        end += 1
    return end if tokens[end].kind is Kind.ASSIGN else 0


@dataclass(slots=True)
class _Operand:
    node: int
    start: int
    end: int


@dataclass(slots=True)
class _Pending:
    """An operator that still waits for its right side, or an open bracket.

    `what` is an operation, or one of `(` `call` `|`; brackets have the level _BRACKET.
    """

    what: str
    level: int
    start: int
    end: int
    functions: tuple[Function, ...] = ()
    name: str = ""
    power: int | None = None  # sin²(x): the exponent, already a node
    arguments: list[int] = field(default_factory=list)


class _Parser:
    """One statement. The two stacks are `operands` and `pending`."""

    def __init__(self, source: Source, nodes: Nodes, vocabulary: Vocabulary, tokens: Sequence[Token], at: int) -> None:
        self.source = source
        self.nodes = nodes
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.at = at
        self.operands: list[_Operand] = []
        self.pending: list[_Pending] = []

    def run(self) -> tuple[int, int]:
        """The statement's root and the index of the token after it."""
        while True:
            self._operand()
            if not self._operator():
                break
        while self.pending:
            if self.pending[-1].level == _BRACKET:
                opened = self.pending[-1]
                raise self._error("this bracket is never closed", opened.start, opened.end)
            self._reduce()
        root = self.operands.pop()
        self._refuse_comparison(root.node)
        return root.node, self.at

    # -- where an operand is wanted

    def _operand(self) -> None:
        """Read prefixes and brackets up to and including one operand."""
        while True:
            t = self.tokens[self.at]
            self.at += 1
            if t.kind is Kind.NUMBER:
                self._push(self.nodes.number(t.text, t.start, t.end), t.start, t.end)
                return
            if t.kind is Kind.NAME:
                if self._name(t):
                    return
            elif t.kind is Kind.OPEN:
                self.pending.append(_Pending("(", _BRACKET, t.start, t.end))
            elif t.kind is Kind.BAR_OPEN:
                self.pending.append(_Pending("|", _BRACKET, t.start, t.end))
            elif t.kind is Kind.ROOT:
                self.pending.append(_Pending("sqrt", _ROOT, t.start, t.end))
            elif t.kind is Kind.OPERATOR and t.text == "-":
                self.pending.append(_Pending("neg", _MINUS, t.start, t.end))
            elif t.kind is Kind.OPERATOR and t.text == "+":
                pass  # a plus sign before an operand says nothing
            elif t.kind is Kind.CLOSE and self.pending and self.pending[-1].what == "call":
                self._close_call(t, empty=True)
                return
            elif t.kind is Kind.SEPARATOR and t.text == "\n" and self._continues():
                pass  # a line that ends in an operator goes on in the next one
            else:
                raise self._missing(t)

    def _continues(self) -> bool:
        before = self.tokens[self.at - 2] if self.at >= 2 else None
        return before is not None and before.kind is Kind.OPERATOR

    def _name(self, t: Token) -> bool:
        """A name is a call where the vocabulary has it and a bracket follows. True if the operand is complete."""
        functions = self.vocabulary.get(t.text)
        following = self.tokens[self.at]
        if following.kind is Kind.OPEN:
            if functions is not None:
                self.at += 1
                self.pending.append(
                    _Pending("call", _BRACKET, t.start, following.end, functions=functions, name=t.text)
                )
                return False
            self._suspect_misspelling(t)
        elif functions is not None:
            if self._function_power(t, functions):
                return False
            if following.kind in OPERAND_STARTS:
                raise self._error(
                    f"{t.text} is a function and needs brackets", t.start, following.end,
                    hint=f"write {self._bracketed(t.text, self.at)}" if following.kind in (Kind.NAME, Kind.NUMBER)
                    else f"write {t.text}(…)",
                )  # fmt: skip
        self._push(self.nodes.name(t.text, t.start, t.end), t.start, t.end)
        return True

    def _bracketed(self, function: str, at: int, power: str = "") -> str:
        """The call that `sin 2x` was meant for: the words from there on with nothing between them, in brackets. A power behind
        them may be within the brackets or without, `ln x^2`, unless the function has one already."""
        end = at
        while self.tokens[end + 1].kind in (Kind.NAME, Kind.NUMBER) and self.tokens[end + 1].start == self.tokens[end].end:
            end += 1
        words = self.source.text[self.tokens[at].start : self.tokens[end].end]
        raised = self._raised(end)
        inside = f"{function}({words}{raised}){power}"
        return f"{inside} or {function}({words}){raised}" if raised and not power else inside

    def _raised(self, at: int) -> str:
        """The power behind a token as it was written, a bracket in it left out; empty where there is none."""
        begin, end = self.tokens[at].end, at + 1
        if self.tokens[end].kind is not Kind.RAISED:
            if self.tokens[end].kind is not Kind.OPERATOR or self.tokens[end].text != "**":
                return ""
            end += 1
            if self.tokens[end].kind is Kind.OPERATOR and self.tokens[end].text == "-":
                end += 1
            if self.tokens[end].kind is Kind.OPEN:
                return self.source.text[begin : self.tokens[end].start].strip() + "(…)"
            if self.tokens[end].kind not in (Kind.NAME, Kind.NUMBER):
                return ""
        return self.source.text[begin : self.tokens[end].end].strip()

    def _function_power(self, t: Token, functions: tuple[Function, ...]) -> bool:
        """`sin²(x)` and `sin^2(x)`: the power of a call."""
        at = self.at
        raised = self.tokens[at]
        if raised.kind is Kind.RAISED:
            exponent, at = raised, at + 1
            digits = exponent.text
        elif raised.kind is Kind.OPERATOR and raised.text == "**":
            sign = ""
            at += 1
            if self.tokens[at].kind is Kind.OPERATOR and self.tokens[at].text == "-":
                sign = "-"
                at += 1
            exponent = self.tokens[at]
            if exponent.kind is not Kind.NUMBER:
                return False
            digits, at = sign + exponent.text, at + 1
        else:
            return False
        following = self.tokens[at]
        if following.kind not in OPERAND_STARTS:
            return False
        if digits.startswith("-"):
            inverse = f"a{t.text}" if f"a{t.text}" in self.vocabulary else None
            hint = f"write {inverse}(…) for the inverse function, or 1/{t.text}(…)" if inverse else f"write 1/{t.text}(…)"
            raise self._error(f"{t.text} to the power {digits} can mean two things", t.start, exponent.end, hint=hint)
        if following.kind is Kind.NAME or following.kind is Kind.NUMBER:
            raise self._error(
                f"{t.text} is a function and needs brackets", t.start, following.end,
                hint=f"write {self._bracketed(t.text, at, f'**{digits}')}",
            )  # fmt: skip
        if following.kind is not Kind.OPEN:
            return False
        self.at = at + 1
        power = self.nodes.number(digits.lstrip("+"), exponent.start, exponent.end)
        self.pending.append(
            _Pending("call", _BRACKET, t.start, following.end, functions=functions, name=t.text, power=power)
        )
        return True

    def _suspect_misspelling(self, t: Token) -> None:
        """`sinn(x)` would be a product; a name that nearly is a function's is taken for a slip, other words are told of. Each
        name is looked at once."""
        if t.text in self.nodes.called:
            return
        self.nodes.called.add(t.text)
        if len(self.nodes.called) > MOST_CALLED:
            raise self._error(
                f"more than {MOST_CALLED:,} names stand before a bracket, and none is a function", t.start, t.end,
                hint="write products with *",
            )  # fmt: skip
        if len(t.text) >= 2:
            from difflib import get_close_matches

            near = get_close_matches(t.text.lower(), [n for n in self.vocabulary if len(n) > 2], 1, 0.75)
            product = self._product(t.text)
            if near and product:
                raise self._error(
                    f"{t.text} is not a function", t.start, t.end, hint=f"did you mean {product}(…) or {near[0]}(…)?"
                )
            if near:
                raise self._error(
                    f"{t.text} is not a function", t.start, t.end,
                    hint=f"did you mean {near[0]}(…)? A product is written {t.text}*(…)",
                )  # fmt: skip
        if (len(t.text) >= 2 and t.text.isalpha()) or t.text in FUNCTION_LETTERS:
            self.nodes.remarks.append(f"{t.text}(…) is read as a product: {t.text} is not a function that wengert knows")

    def _product(self, name: str) -> str | None:
        """`x*sin` for `xsin`: a letter, with its number, before the longest function that the name ends with."""
        for letters in range(1, len(name) - 1):
            function = name[letters:]
            if function in self.vocabulary:
                return f"{name[:letters]}*{function}" if name[0].isalpha() and not name[1:letters].strip("0123456789") else None
        return None

    def _missing(self, t: Token) -> FormulaError:
        before = self.tokens[self.at - 2] if self.at >= 2 else None
        if t.kind is Kind.END or t.kind is Kind.SEPARATOR:
            opened = next((p for p in reversed(self.pending) if p.level == _BRACKET), None)
            if opened is not None and before is not None and before.kind is Kind.OPEN:
                return self._error("this bracket is never closed", opened.start, opened.end)
            return self._error(
                "the formula ends where a number, a name or a bracket is wanted", t.start, t.start + 1,
                hint=f"something is missing after {before.text}" if before is not None and before.text.strip() else None,
            )  # fmt: skip
        if t.kind is Kind.CLOSE and before is not None and before.kind is Kind.OPEN:
            return self._error("there is nothing between these brackets", before.start, t.end)
        hint = "a power is written ** or ^, a product *" if t.kind is Kind.OPERATOR else None
        return self._error(f"a number, a name or a bracket is wanted before {t.text}", t.start, t.end, hint=hint)

    # -- where an operator is wanted

    def _operator(self) -> bool:
        """Read postfixes, closing brackets and one operator. False at the end of the statement."""
        while True:
            t = self.tokens[self.at]
            if t.kind is Kind.END:
                return False
            if t.kind is Kind.SEPARATOR:
                self.at += 1
                return False
            if t.kind is Kind.OPERATOR:
                self.at += 1
                self._binary(_OPERATIONS[t.text], t)
                return True
            if t.kind is Kind.RAISED:
                self.at += 1
                self._raise(t)
            elif t.kind is Kind.CLOSE:
                self.at += 1
                self._close(t)
            elif t.kind is Kind.BAR_CLOSE:
                self.at += 1
                self._close_bar(t)
            elif t.kind is Kind.COMMA:
                self.at += 1
                self._comma(t)
                return True
            elif t.kind is Kind.NUMBER:
                raise self._error(
                    "a number follows directly", t.start, t.end, hint=f"put an operator before it: *{t.text} or **{t.text}"
                )
            elif t.kind is Kind.ASSIGN:
                called = any(p.what == "call" for p in self.pending)
                hint = "where(...) compares with ==" if called else "a name and = stand at the start of a statement"
                raise self._error("= does not belong here", t.start, t.end, hint=hint)
            else:  # an operand follows: an implicit product
                if t.text in CONNECTIVES and self._compares():
                    raise self._error(f"{t.text} is not known in a formula", t.start, t.end, hint=CONNECTIVES[t.text])
                self._binary("mul", Token(Kind.OPERATOR, "*", t.start, t.start))
                return True

    def _compares(self) -> bool:
        """Whether this is where the comparison of a where(...) stands."""
        call = next((p for p in reversed(self.pending) if p.what == "call"), None)
        return call is not None and not call.arguments and any(f.operation == "where" for f in call.functions)

    def _binary(self, operation: str, t: Token) -> None:
        level = _LEVELS[operation]
        while self.pending and self.pending[-1].level > level:
            if self.pending[-1].level == _ROOT and operation == "power":
                self._ambiguous_root(self.pending[-1], t)
            self._reduce()
        if self.pending and self.pending[-1].level == level and level != _POWER:
            if level == _COMPARISON:
                raise self._error("comparisons do not chain", t.start, t.end, hint="where(a > b, p, q) takes one")
            self._reduce()
        self.pending.append(_Pending(operation, level, t.start, t.end))

    def _raise(self, t: Token) -> None:
        if self.pending and self.pending[-1].level == _ROOT:
            self._ambiguous_root(self.pending[-1], t)
        base = self.operands.pop()
        exponent = self.nodes.number(t.text.lstrip("+-"), t.start, t.end)
        if t.text.startswith("-"):
            exponent = self.nodes.call("neg", [exponent], t.start, t.end)
        self._call("power", [base.node, exponent], base.start, t.end)

    def _ambiguous_root(self, root: _Pending, t: Token) -> None:
        raise self._error(
            "a root and a power beside it can be read in two ways", root.start, t.end, hint="write √(x**2) or (√x)**2"
        )

    def _comma(self, t: Token) -> None:
        while self.pending and self.pending[-1].level != _BRACKET:
            self._reduce()
        if self.pending and self.pending[-1].what == "call":
            self.pending[-1].arguments.append(self.operands.pop().node)
            return
        before, after = self.tokens[self.at - 2], self.tokens[self.at]
        if before.kind is Kind.NUMBER and after.kind is Kind.NUMBER:
            hint: str | None = f"a decimal point is a full stop: {before.text}.{after.text}"
        elif self.pending and self.pending[-1].what == "(" and self.tokens_before(self.pending[-1]) is not None:
            name = self.tokens_before(self.pending[-1])
            hint = f"{name} is not a function that wengert knows"
        else:
            hint = "a comma stands between the arguments of a function"
        raise self._error("a comma does not belong here", t.start, t.end, hint=hint)

    def tokens_before(self, opened: _Pending) -> str | None:
        """The name directly before an opening bracket, None where there is none."""
        text = self.source.text[: opened.start].rstrip()
        i = len(text)
        while i and (text[i - 1].isalnum() or text[i - 1] == "_"):
            i -= 1
        return text[i:] or None

    def _close(self, t: Token) -> None:
        while self.pending and self.pending[-1].level != _BRACKET:
            self._reduce()
        if not self.pending:
            raise self._error("this bracket was never opened", t.start, t.end)
        opened = self.pending[-1]
        if opened.what == "|":
            raise self._error("this bar is not closed before the bracket", opened.start, t.end, hint="write abs(...)")
        if opened.what == "call":
            self._close_call(t, empty=False)
            return
        self.pending.pop()
        inner = self.operands[-1]
        following = self.tokens[self.at]
        if following.text in CONNECTIVES and self._compares():
            raise self._error(f"{following.text} is not known in a formula", following.start, following.end,
                              hint=CONNECTIVES[following.text])  # fmt: skip
        self._refuse_comparison(inner.node)
        inner.start, inner.end = opened.start, t.end

    def _close_bar(self, t: Token) -> None:
        while self.pending and self.pending[-1].level != _BRACKET:
            self._reduce()
        opened = self.pending.pop()
        inner = self.operands.pop()
        self._call("abs", [inner.node], opened.start, t.end)

    def _close_call(self, t: Token, empty: bool) -> None:
        call = self.pending.pop()
        if not empty:
            call.arguments.append(self.operands.pop().node)
        elif call.arguments:
            raise self._error("an argument is missing before )", t.start, t.end)
        function = next((f for f in call.functions if f.takes(len(call.arguments))), None)
        if function is None:
            raise self._error(
                f"{call.name} takes {arity(call.functions)}, here it has {len(call.arguments)}", call.start, t.end
            )
        operation = function.operation
        if operation == "where" and self.nodes.operation(call.arguments[0]) not in COMPARISONS:
            raise self._error(
                "where wants a comparison first", call.start, t.end, hint="for example where(x > 0, x, 0)"
            )
        self._call(operation, call.arguments, call.start, t.end)
        if call.power is not None:
            base = self.operands.pop()
            self._call("power", [base.node, call.power], call.start, t.end)

    # -- building

    def _reduce(self) -> None:
        """Apply the operator on top of the stack."""
        operator = self.pending.pop()
        right = self.operands.pop()
        if operator.level in (_MINUS, _ROOT):
            self._call(operator.what, [right.node], operator.start, right.end)
            return
        left = self.operands.pop()
        self._call(operator.what, [left.node, right.node], left.start, right.end)

    def _call(self, operation: str, arguments: list[int], start: int, end: int) -> None:
        for i, argument in enumerate(arguments):
            if operation != "where" or i:
                self._refuse_comparison(argument)
        self._push(self.nodes.call(operation, arguments, start, end), start, end)

    def _refuse_comparison(self, node: int) -> None:
        if self.nodes.operation(node) in COMPARISONS:
            raise FormulaError(
                "a comparison stands only first in where(...)", self.nodes.place(node),
                hint="for example where(x > 0, x, 0)",
            )  # fmt: skip

    def _push(self, node: int, start: int, end: int) -> None:
        self.operands.append(_Operand(node, start, end))

    def _error(self, title: str, start: int, end: int, hint: str | None = None) -> FormulaError:
        return FormulaError(title, Place(self.source, start, end), hint=hint)
