"""One expression: operator precedence with explicit stacks (Dijkstra's shunting yard, 1961).

Neither 20,000 nested calls nor 100,000 terms need recursion. Nothing is evaluated and nothing is simplified: `x*x` stays what
it is. From weakest to strongest:

    comparison < sum < product, also the implicit one < unary minus < power < root < superscript
"""

from __future__ import annotations

from wengert.lang.expr import COMPARISONS, Nodes
from wengert.lang.mistakes import Mistakes
from wengert.lang.pending import BRACKET, COMPARISON, LEVELS, MINUS, POWER, ROOT, Operand, Pending
from wengert.lang.tokens import OPERAND_STARTS, Kind, Token, Tokens
from wengert.lang.vocabulary import Function, Vocabulary

_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "power"} | {v: k for k, v in COMPARISONS.items()}


class Expression:
    """One statement. The two stacks are `operands` and `pending`; `calls` are those of `pending` that are calls."""

    def __init__(self, nodes: Nodes, vocabulary: Vocabulary, tokens: Tokens, mistakes: Mistakes, at: int) -> None:
        self.nodes = nodes
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.mistakes = mistakes
        self.at = at
        self.operands: list[Operand] = []
        self.pending: list[Pending] = []
        self.calls: list[Pending] = []

    def run(self) -> tuple[int, int]:
        """The statement's root and the index of the token after it."""
        while True:
            self._operand()
            if not self._operator():
                break
        while self.pending:
            if self.pending[-1].level == BRACKET:
                raise self.mistakes.unclosed(self.pending[-1])
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
                self.pending.append(Pending("(", BRACKET, t.start, t.end))
            elif t.kind is Kind.BAR_OPEN:
                self.pending.append(Pending("|", BRACKET, t.start, t.end))
            elif t.kind is Kind.ROOT:
                self.pending.append(Pending("sqrt", ROOT, t.start, t.end))
            elif t.kind is Kind.OPERATOR and t.text == "-":
                self.pending.append(Pending("neg", MINUS, t.start, t.end))
            elif t.kind is Kind.OPERATOR and t.text == "+":
                pass  # a plus sign before an operand says nothing
            elif t.kind is Kind.CLOSE and self.pending and self.pending[-1].what == "call":
                self._close_call(t, empty=True)
                return
            elif t.kind is Kind.SEPARATOR and t.text == "\n" and self._continues():
                pass  # a line that ends in an operator goes on in the next one
            else:
                raise self.mistakes.missing(self.at - 1, self.pending)

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
                self._open_call(Pending("call", BRACKET, t.start, following.end, functions=functions, name=t.text))
                return False
            self.mistakes.suspect_misspelling(t)
        elif functions is not None:
            if self._function_power(t, functions):
                return False
            if following.kind in OPERAND_STARTS:
                raise self.mistakes.without_brackets(t, self.at)
        elif following.kind is Kind.RAISED or following.kind is Kind.OPERATOR:
            self.mistakes.suspect_power(t, self.at)
        self._push(self.nodes.name(t.text, t.start, t.end), t.start, t.end)
        return True

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
            raise self.mistakes.inverse(t, digits, exponent.end)
        if following.kind is Kind.NAME or following.kind is Kind.NUMBER:
            raise self.mistakes.without_brackets(t, at, f"**{digits}")
        if following.kind is not Kind.OPEN:
            return False
        self.at = at + 1
        power = self.nodes.number(digits.lstrip("+"), exponent.start, exponent.end)
        self._open_call(Pending("call", BRACKET, t.start, following.end, functions=functions, name=t.text, power=power))
        return True

    def _open_call(self, call: Pending) -> None:
        self.pending.append(call)
        self.calls.append(call)

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
                raise self.mistakes.number(t)
            elif t.kind is Kind.ASSIGN:
                raise self.mistakes.assigned(t, self.calls)
            else:  # an operand follows: an implicit product
                self.mistakes.refuse_connective(t, self.calls)
                self._binary("mul", Token(Kind.OPERATOR, "*", t.start, t.start))
                return True

    def _binary(self, operation: str, t: Token) -> None:
        level = LEVELS[operation]
        while self.pending and self.pending[-1].level > level:
            if self.pending[-1].level == ROOT and operation == "power":
                raise self.mistakes.ambiguous_root(self.pending[-1], t)
            self._reduce()
        if self.pending and self.pending[-1].level == level and level != POWER:
            if level == COMPARISON:
                raise self.mistakes.chained(t)
            self._reduce()
        self.pending.append(Pending(operation, level, t.start, t.end))

    def _raise(self, t: Token) -> None:
        if self.pending and self.pending[-1].level == ROOT:
            raise self.mistakes.ambiguous_root(self.pending[-1], t)
        base = self.operands.pop()
        exponent = self.nodes.number(t.text.lstrip("+-"), t.start, t.end)
        if t.text.startswith("-"):
            exponent = self.nodes.call("neg", [exponent], t.start, t.end)
        self._call("power", [base.node, exponent], base.start, t.end)

    def _comma(self, t: Token) -> None:
        while self.pending and self.pending[-1].level != BRACKET:
            self._reduce()
        if self.pending and self.pending[-1].what == "call":
            self.pending[-1].arguments.append(self.operands.pop().node)
            return
        raise self.mistakes.comma(self.at - 1, self.pending[-1] if self.pending else None)

    def _close(self, t: Token) -> None:
        while self.pending and self.pending[-1].level != BRACKET:
            self._reduce()
        if not self.pending:
            raise self.mistakes.unopened(t)
        opened = self.pending[-1]
        if opened.what == "|":
            raise self.mistakes.unclosed_bar(opened, t)
        if opened.what == "call":
            self._close_call(t, empty=False)
            return
        self.pending.pop()
        inner = self.operands[-1]
        self.mistakes.refuse_connective(self.tokens[self.at], self.calls)
        self._refuse_comparison(inner.node)
        inner.start, inner.end = opened.start, t.end

    def _close_bar(self, t: Token) -> None:
        while self.pending and self.pending[-1].level != BRACKET:
            self._reduce()
        opened = self.pending.pop()
        inner = self.operands.pop()
        self._call("abs", [inner.node], opened.start, t.end)

    def _close_call(self, t: Token, empty: bool) -> None:
        self.pending.pop()
        call = self.calls.pop()
        if not empty:
            call.arguments.append(self.operands.pop().node)
        elif call.arguments:
            raise self.mistakes.argument(t)
        function = next((f for f in call.functions if f.takes(len(call.arguments))), None)
        if function is None:
            raise self.mistakes.arguments(call, t.end)
        operation = function.operation
        if operation == "where" and self.nodes.operation(call.arguments[0]) not in COMPARISONS:
            raise self.mistakes.without_comparison(call, t.end)
        self._call(operation, call.arguments, call.start, t.end)
        if call.power is not None:
            base = self.operands.pop()
            self._call("power", [base.node, call.power], call.start, t.end)

    # -- building

    def _reduce(self) -> None:
        """Apply the operator on top of the stack."""
        operator = self.pending.pop()
        right = self.operands.pop()
        if operator.level in (MINUS, ROOT):
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
            raise self.mistakes.comparison(node)

    def _push(self, node: int, start: int, end: int) -> None:
        self.operands.append(Operand(node, start, end))
