"""What a mistake in a formula may have meant: the parser's messages and their hints.

The grammar (precedence.py) says that something does not fit; this room looks at the words around it and finds what the person
may have wanted to write. It changes when a message or a hint does, and never decides how a text without a mistake is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from wengert.errors import FormulaError, Place, Source
from wengert.lang.expr import Nodes
from wengert.lang.model import CONSTANTS
from wengert.lang.pending import BRACKET, Pending
from wengert.lang.tokens import CONNECTIVES, Kind, Token, Tokens
from wengert.lang.vocabulary import Vocabulary, arity

MOST_CALLED = 1000  # names before a bracket that are no functions
FUNCTION_LETTERS = "fgh"  # f(x) is rarely meant as a product
WORDS = (Kind.NAME, Kind.NUMBER)
_LETTER = re.compile(r"[^\W\d_](?:_?[0-9₀-₉]+)?")  # a name of one letter, with its number


class Mistakes:
    """The messages about one text. What only finds a mistake returns the error; the grammar raises it."""

    def __init__(self, source: Source, nodes: Nodes, vocabulary: Vocabulary, tokens: Tokens) -> None:
        self.source = source
        self.nodes = nodes
        self.vocabulary = vocabulary
        self.tokens = tokens
        self._known: AbstractSet[str] | None = None

    def error(self, title: str, start: int, end: int, hint: str | None = None) -> FormulaError:
        return FormulaError(title, Place(self.source, start, end), hint=hint)

    # -- functions

    def without_brackets(self, t: Token, at: int, power: str = "") -> FormulaError:
        """`sin 2x`, `sin^2 x`: the argument begins at a token."""
        following = self.tokens[at]
        called = self._bracketed(t.text, at, power) if following.kind in WORDS else f"{t.text}(…)"
        return self.error(f"{t.text} is a function and needs brackets", t.start, following.end, f"write {called}")

    def _bracketed(self, function: str, at: int, power: str = "") -> str:
        """The call that `sin 2x` was meant for: the words from there on with nothing between them, in brackets. A power behind
        them may be within the brackets or without, `ln x^2`, unless the function has one already."""
        end = at
        while self.tokens[end + 1].kind in WORDS and self.tokens[end + 1].start == self.tokens[end].end:
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
            if self.tokens[end].kind not in WORDS:
                return ""
        return self.source.text[begin : self.tokens[end].end].strip()

    def inverse(self, t: Token, power: str, end: int) -> FormulaError:
        """`sin^-1(x)`: the inverse function, or 1 over the value? Another negative power has one meaning, and its own place."""
        if float(power) != -1:
            return self.error(
                f"the power {power} of {t.text} stands behind its brackets", t.start, end,
                f"write {t.text}(…)**{power} or 1/{t.text}(…)**{power[1:]}",
            )  # fmt: skip
        inverse = f"a{t.text}" if f"a{t.text}" in self.vocabulary else None
        hint = f"write {inverse}(…) for the inverse function, or 1/{t.text}(…)" if inverse else f"write 1/{t.text}(…)"
        return self.error(f"{t.text} to the power {power} can mean two things", t.start, end, hint)

    def arguments(self, call: Pending, end: int) -> FormulaError:
        """No function of that name takes so many."""
        return self.error(f"{call.name} takes {arity(call.functions)}, here it has {len(call.arguments)}", call.start, end)

    def suspect_misspelling(self, t: Token) -> None:
        """`sinn(x)` would be a product; a name that nearly is a function's is taken for a slip, other words are told of. Each
        name is looked at once."""
        if t.text in self.nodes.called:
            return
        self.nodes.called.add(t.text)
        if len(self.nodes.called) > MOST_CALLED:
            raise self.error(
                f"more than {MOST_CALLED:,} names stand before a bracket, and none is a function", t.start, t.end,
                "write products with *",
            )  # fmt: skip
        if len(t.text) >= 2 and t.text not in self.nodes.defined:
            from difflib import get_close_matches

            near = get_close_matches(t.text.lower(), [n for n in self.vocabulary if len(n) > 2], 1, 0.75)
            product = self._product(t.text)
            if product:
                raise self._run_together(t, *product, near[0] if near else product[1])
            if near:
                raise self.error(
                    f"{t.text} is not a function", t.start, t.end,
                    f"did you mean {near[0]}(…)? A product is written {t.text}*(…)",
                )  # fmt: skip
        if (len(t.text) >= 2 and t.text.isalpha()) or t.text in FUNCTION_LETTERS:
            self.nodes.remarks.append(f"{t.text}(…) is read as a product: {t.text} is not a function that wengert knows")

    def suspect_power(self, t: Token, at: int) -> None:
        """`xsin²(x)` would be the square of xsin times x; the power begins at a token."""
        power, end = self.tokens[at], at + 1
        if power.kind is Kind.OPERATOR:
            if power.text != "**":
                return
            if self.tokens[end].kind is Kind.OPERATOR and self.tokens[end].text == "-":
                end += 1
            if self.tokens[end].kind is not Kind.NUMBER:
                return
            end += 1
        if self.tokens[end].kind is Kind.OPEN and t.text not in self.nodes.defined and (product := self._product(t.text)):
            written = self.source.text[power.start : self.tokens[end].start].strip()
            raise self._run_together(t, *product, product[1], "" if set(written) & set("-−–⁻") else written)

    def _run_together(self, t: Token, factor: str, function: str, meant: str, power: str = "") -> FormulaError:
        hint = f"did you mean {factor}*{function}{power}(…) or {meant}{power}(…)?"
        return self.error(f"{t.text} is not a function", t.start, t.end, hint)

    def _product(self, name: str) -> tuple[str, str] | None:
        """x and sin for `xsin`: a name that is known, or else a letter with its number, before a function of two letters or
        more; the longest function where there are several."""
        of_letter = None
        for letters in range(1, len(name) - 1):
            factor, function = name[:letters], name[letters:]
            if function in self.vocabulary:
                if factor in self._names():
                    return factor, function
                if of_letter is None and _LETTER.fullmatch(factor):
                    of_letter = factor, function
        return of_letter

    def _names(self) -> AbstractSet[str]:
        """The names that are known beside this place: defined, constant, or elsewhere in the text."""
        if self._known is None:
            written = {self.tokens[i].text for i, kind in enumerate(self.tokens.kinds) if kind == Kind.NAME}
            self._known = written - self.vocabulary.keys() - CONNECTIVES.keys() | self.nodes.defined | {*CONSTANTS}
        return self._known

    # -- operands and operators

    def missing(self, at: int, pending: Sequence[Pending]) -> FormulaError:
        """No operand can begin with a token."""
        t = self.tokens[at]
        before = self.tokens[at - 1] if at >= 1 else None
        if t.kind is Kind.END or t.kind is Kind.SEPARATOR:
            opened = next((p for p in reversed(pending) if p.level == BRACKET), None)
            if opened is not None and before is not None and before.kind is Kind.OPEN:
                return self.unclosed(opened)
            return self.error(
                "the formula ends where a number, a name or a bracket is wanted", t.start, t.start + 1,
                f"something is missing after {before.text}" if before is not None and before.text.strip() else None,
            )  # fmt: skip
        if t.kind is Kind.CLOSE and before is not None and before.kind is Kind.OPEN:
            return self.error("there is nothing between these brackets", before.start, t.end)
        hint = "a power is written ** or ^, a product *" if t.kind is Kind.OPERATOR else None
        return self.error(f"a number, a name or a bracket is wanted before {t.text}", t.start, t.end, hint)

    def number(self, t: Token) -> FormulaError:
        """A number behind an operand."""
        return self.error(
            "a number follows directly", t.start, t.end, f"put an operator before it: *{t.text} or **{t.text}"
        )

    def assigned(self, t: Token, calls: Sequence[Pending]) -> FormulaError:
        """A = within a statement."""
        hint = "where(...) compares with ==" if calls else "a name and = stand at the start of a statement"
        return self.error("= does not belong here", t.start, t.end, hint)

    def refuse_connective(self, t: Token, calls: Sequence[Pending]) -> None:
        """Raises FormulaError for `and` and `or` where the comparison of a where(...) stands; elsewhere they are names, and one
        that the person defines is a name everywhere."""
        if t.text not in CONNECTIVES or t.text in self.nodes.defined:
            return
        if calls and not calls[-1].arguments and any(f.operation == "where" for f in calls[-1].functions):
            raise self.error(f"{t.text} is not known in a formula", t.start, t.end, CONNECTIVES[t.text])

    def ambiguous_root(self, root: Pending, t: Token) -> FormulaError:
        return self.error(
            "a root and a power beside it can be read in two ways", root.start, t.end, "write √(x**2) or (√x)**2"
        )

    def chained(self, t: Token) -> FormulaError:
        return self.error("comparisons do not chain", t.start, t.end, "where(a > b, p, q) takes one")

    def comparison(self, node: int) -> FormulaError:
        """One that stands elsewhere than in where(...)."""
        return FormulaError(
            "a comparison stands only first in where(...)", self.nodes.place(node), hint="for example where(x > 0, x, 0)"
        )

    def without_comparison(self, call: Pending, end: int) -> FormulaError:
        return self.error("where wants a comparison first", call.start, end, "for example where(x > 0, x, 0)")

    # -- brackets and commas

    def unclosed(self, opened: Pending) -> FormulaError:
        return self.error("this bracket is never closed", opened.start, opened.end)

    def unopened(self, t: Token) -> FormulaError:
        return self.error("this bracket was never opened", t.start, t.end)

    def unclosed_bar(self, opened: Pending, t: Token) -> FormulaError:
        return self.error("this bar is not closed before the bracket", opened.start, t.end, "write abs(...)")

    def argument(self, t: Token) -> FormulaError:
        """A comma with nothing behind it."""
        return self.error("an argument is missing before )", t.start, t.end)

    def comma(self, at: int, opened: Pending | None) -> FormulaError:
        """A comma, and not between the arguments of a call; `opened` is the bracket that it stands in."""
        before, t, after = self.tokens[at - 1], self.tokens[at], self.tokens[at + 1]
        hint = "a comma stands between the arguments of a function"
        if before.kind is Kind.NUMBER and after.kind is Kind.NUMBER:
            hint = f"a decimal point is a full stop: {before.text}.{after.text}"
        elif opened is not None and opened.what == "(" and (word := self._word_before(opened)):
            hint = f"{word} is not a function that wengert knows"
        return self.error("a comma does not belong here", t.start, t.end, hint)

    def _word_before(self, opened: Pending) -> str:
        """The word directly before an opening bracket, empty where there is none."""
        text = self.source.text[: opened.start].rstrip()
        i = len(text)
        while i and (text[i - 1].isalnum() or text[i - 1] == "_"):
            i -= 1
        return text[i:]
