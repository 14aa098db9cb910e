"""Statements to a model: formulas and programs (forms 1 and 2 of the design, section 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from wengert.characters import unix_lines
from wengert.errors import FormulaError, Place, Source, SpecError
from wengert.lang.expr import NAME, Nodes
from wengert.lang.fields import Given, clash, did_you_mean
from wengert.lang.lookalikes import refuse_lookalikes
from wengert.lang.model import CONSTANTS, Definition, Input, Kind, Model
from wengert.lang.parser import Statement, parse_statements
from wengert.lang.tokens import composed
from wengert.lang.vocabulary import Vocabulary

OUTPUT_NAMES = ("f", "y", "F", "out")
LONGEST_PRODUCT = 20  # characters of a name that may be a product without its signs: nobody runs more together by mistake


def read_formula(
    text: str, vocabulary: Vocabulary, origin: str | None = None, given: Collection[str] = ()
) -> Model:
    """The model of `ln(x1) + x1*x2` or of `a = w*x + b; y = sigmoid(a)`, without values. Raises FormulaError.

    `given` are names that will get a value elsewhere (--at): they are names even where the vocabulary has such a function.
    """
    nodes = Nodes()
    nodes.defined.update(given)
    statements = parse_statements(Source(unix_lines(composed(text)), origin), nodes, vocabulary)
    return assemble(nodes, statements, vocabulary, {}, given)


def assemble(
    nodes: Nodes,
    statements: Sequence[Statement],
    vocabulary: Vocabulary,
    values: Mapping[str, Given],
    given: Collection[str] = (),
) -> Model:
    """The model of statements in order; free names are inputs, in the order in which they first stand.

    The output is the last statement; an unnamed one takes the first free of f, y, F, out. `values` are those of `at`. Raises
    FormulaError and SpecError: a name given twice or used before its definition, a value for a name that nothing uses, a
    function without brackets, `xy` where x and y have values.
    """
    written = [name for s in statements for name in nodes.names_in([s.root])]
    named = _named(nodes, statements, {*written, *values, *given})
    position = _positions(named, values)
    first_use: dict[str, Place | None] = {}
    for i, statement in enumerate(named):
        for node in nodes.reachable([statement.root]):
            if nodes.op[node] != NAME:
                continue
            name = nodes.text(node)
            at = position.get(name)
            if at is not None:
                if at >= i:
                    raise _too_early(name, nodes.place(node), named[at], at == i)
            elif name in values or name not in CONSTANTS:
                first_use.setdefault(name, nodes.place(node))
    for name, value in values.items():
        if name not in first_use:
            raise SpecError(
                f"there is no {name} in the formula", value.place, hint=unknown_hint(name, first_use, values)
            )
    refuse_lookalikes({**first_use, **{s.name: s.name_place for s in named if s.name is not None}})
    warnings = []
    words = {*values, *position} if values else set(first_use)
    for name, place in first_use.items():
        if name in values or name in given:
            continue
        if name in vocabulary:
            raise FormulaError(
                f"{name} is a function and needs brackets", place,
                hint=f"write {name}(…); a variable of that name needs a value",
            )  # fmt: skip
        product = in_pieces(name, words)
        if product and values:
            raise FormulaError(
                f"{name} has no value: it is one name, and {' and '.join(dict.fromkeys(product))} are others", place,
                hint=f"write {'*'.join(product)} for the product",
            )  # fmt: skip
        if product:
            warnings.append(f"{name} is read as one name; the product is written {'*'.join(product)}")
        elif name not in values and (called := _begins_with_function(name, vocabulary)):
            warnings.append(f"{name} is read as one name; a function needs brackets: {called}({name[len(called):]})")
    single = len(statements) == 1 and statements[0].name is None
    inputs = [Input(name, value=values[name].root if name in values else None) for name in first_use]
    return Model(
        nodes,
        tuple(inputs),
        tuple(Definition(s.name or "", s.root, Kind.FORMULA if single else Kind.STEP) for s in named),
        (named[-1].name or "",),
        tuple(first_use),
        form="formula" if single else "program",
        warnings=(*warnings, *nodes.remarks),
    )


def _begins_with_function(name: str, vocabulary: Vocabulary) -> str | None:
    """`sinx`: the function that a name begins with, where little is left for its argument."""
    ends = range(len(name) - 1, max(1, len(name) - 3), -1)
    return next((name[:i] for i in ends if i > 1 and name[:i] in vocabulary and name[i:].isalpha()), None)


def output_name(taken: Collection[str]) -> str:
    """The first free of f, y, F, out, out2, out3, …"""
    name = next((n for n in OUTPUT_NAMES if n not in taken), None)
    number = 1
    while name is None:
        number += 1
        name = f"out{number}" if f"out{number}" not in taken else None
    return name


def in_pieces(name: str, known: AbstractSet[str]) -> list[str] | None:
    """The known names that a name is put together from, `xy` → x, y; None where it is not, and for a name too long to be meant
    so."""
    if len(name) > LONGEST_PRODUCT:
        return None
    ways: list[list[str] | None] = [[]] + [None] * len(name)
    for end in range(1, len(name) + 1):
        for start in range(end):
            before = ways[start]
            if before is not None and end - start < len(name) and name[start:end] in known:
                ways[end] = [*before, name[start:end]]
                break
    return ways[-1]


def _named(nodes: Nodes, statements: Sequence[Statement], taken: set[str]) -> list[Statement]:
    """The statements, the last one with a name. Raises FormulaError for another one without."""
    taken |= {s.name for s in statements if s.name is not None}
    for statement in statements[:-1]:
        if statement.name is None:
            raise FormulaError(
                "only the last statement may go without a name", nodes.place(statement.root),
                hint="name it, as in a = w*x + b",
            )  # fmt: skip
    last = statements[-1]
    if last.name is not None:
        return list(statements)
    return [*statements[:-1], Statement(output_name(taken), None, last.root)]


def _positions(named: Sequence[Statement], values: Mapping[str, Given]) -> dict[str, int]:
    """Which statement defines a name. Raises SpecError for a name that is given twice."""
    position: dict[str, int] = {}
    for i, statement in enumerate(named):
        name = statement.name or ""
        if name in position:
            raise clash(named[position[name]].name_place, name, statement.name_place)
        if name in values:
            raise SpecError(
                f"{name} is computed and cannot be given a value", values[name].place,
                details=_line(statement.name_place, "it is defined"),
            )  # fmt: skip
        position[name] = i
    return position


def _too_early(name: str, place: Place | None, definition: Statement, itself: bool) -> FormulaError:
    if itself:
        return FormulaError(
            f"{name} is defined by itself", place, hint="each name is given once; take another name for the new value"
        )
    return FormulaError(
        f"{name} is used before its definition", place, details=_line(definition.name_place, f"{name} comes later:"),
        hint="a statement uses inputs and the statements above it",
    )  # fmt: skip


def unknown_hint(name: str, used: Collection[str], given: Iterable[str]) -> str | None:
    """What a name that nothing uses may have been meant for: a part of `xy`, or a misspelt name."""
    known = {name, *given, *used}
    longer = next((n for n in used if name in (in_pieces(n, known) or ())), None)
    if longer is not None:
        return f"{longer} is one name; write {'*'.join(in_pieces(longer, known) or ())} for the product"
    return did_you_mean(name, used, "the names are")


def _line(place: Place | None, what: str) -> list[str]:
    if place is None:
        return []
    line, column = place.source.locate(place.start)[:2]
    return [f"{what} in line {line}, column {column}"]
