"""Text to expression nodes: the formula language of the design, section 4.

Here a text becomes statements, `y = …` or an expression alone; precedence.py reads the expressions, and mistakes.py knows what
is said of one that does not fit. Function names come from a vocabulary that the caller hands in.
"""

from __future__ import annotations

from dataclasses import dataclass

from wengert.errors import FormulaError, Place, Source
from wengert.lang.expr import Nodes
from wengert.lang.mistakes import Mistakes
from wengert.lang.precedence import Expression
from wengert.lang.tokens import Kind, Tokens, tokenize
from wengert.lang.vocabulary import Vocabulary


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
    nodes.defined |= _defined(tokens)
    mistakes = Mistakes(source, nodes, vocabulary, tokens)
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
        root, at = Expression(nodes, vocabulary, tokens, mistakes, at).run()
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


def _defined(tokens: Tokens) -> set[str]:
    """The names that stand before the = of a statement."""
    if Kind.ASSIGN not in tokens.kinds:
        return set()
    starts = [0, *(i + 1 for i, kind in enumerate(tokens.kinds) if kind == Kind.SEPARATOR)]
    return {tokens[at].text for at in starts if _definition(tokens, at)}


def _definition(tokens: Tokens, at: int) -> int:
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
