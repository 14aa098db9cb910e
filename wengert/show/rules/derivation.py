"""Why a rule holds, as sections: the derivation by hand, or the definition differentiated by wengert itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from wengert.lang.expr import Nodes
from wengert.lang.program import read_formula
from wengert.report import Report, Settings, report
from wengert.show.diff_document import diff_document
from wengert.show.document import Column, Derivative, Equation, Formula, Line, Math, Row, Section, Words
from wengert.show.notation import TextNotation, language
from wengert.show.numbers import Digits
from wengert.show.rules.facts import VALUE, Arguments, Rule, Writer, comparison
from wengert.show.words import rules as words
from wengert.sweep.rules import parsed
from wengert.tape import derivations
from wengert.tape.primitives import PRIMITIVES, SYMBOLS, VOCABULARY
from wengert.tape.record import Primitive

_NOTATION = TextNotation(symbols=SYMBOLS)


def derivative(arguments: Arguments, name: str) -> Derivative:
    """∂v/∂x, or dv/dx for an operation of one argument."""
    return Derivative(VALUE, (name,), len(arguments.names()) > 1)


def derivation_sections(rule: Rule, digits: Digits) -> Iterator[Section]:
    record = rule.record
    lines = derivations.derivation(record.name)
    if lines:
        yield _by_hand(words.DERIVATION, record, lines)
        return
    if record.definition is None:
        return
    made = from_definition(record.name)
    listed, chain = diff_document(made, digits).sections[:2]
    yield replace(listed, heading=words.FROM_DEFINITION)
    yield replace(chain, heading=words.BY_CHAIN_RULE)
    yield _closing(record, made)
    more = derivations.afterwards(record.name)
    if more:
        yield _by_hand("", record, more)


def _by_hand(heading: str, record: Primitive, lines: Sequence[derivations.Line]) -> Section:
    small = any("h" in names_of(side) for line in lines if line.kind != "given" for side in line.sides)
    before: tuple[Line, ...] = ((Words(words.SMALL_CHANGE),),) if small else ()
    many = len(record.params) > 1
    return Section(heading, (Column("", folds=1), Column("", folds=2)), lambda: _derivation_rows(lines, many), before)


def names_of(side: str) -> list[str]:
    """The names in a formula of a derivation."""
    nodes, root = parsed(side.replace("dv/d", "dv_d"))
    return nodes.names_in([root])


def _derivation_rows(lines: Sequence[derivations.Line], many: bool) -> Iterator[Row]:
    given: list[str] = []
    opens = True
    for n, line in enumerate(lines):
        why = Words(line.why) if line.why else None
        if line.kind == "given":
            nodes, root = comparison(line.sides[0])
            given.append(_NOTATION.formula(nodes, root))
            if lines[n + 1].kind != "given":
                yield Row((Words(words.for_which(" and ".join(given))), why))
                given, opens = [], False
            continue
        sides = [side_math(side, many) for side in line.sides]
        if line.kind == "begin" and len(sides) == 2 and "h" in names_of(line.sides[0]):  # a quotient, then what it is
            yield Row((sides.pop(0), None), opens)
            opens = False
        shown: list[Math] = sides if line.kind == "begin" and len(sides) == len(line.sides) else [Words("  "), *sides]
        relations = ["="] * (len(shown) - 1)
        if line.limit:
            shown.append(side_math(line.limit, many))
            relations.append("→")
        yield Row((Equation(tuple(shown), tuple(relations)), why), opens and line.kind == "begin")
        opens = True


def side_math(side: str, many: bool) -> Math:
    """One side of a line: a formula in which dv/dx is one thing."""
    if side.startswith("dv/d") and side[4:].isalnum():
        return Derivative(VALUE, (side[4:],), many)
    nodes, root = parsed(side.replace("dv/d", "dv_d"))
    made = Nodes()
    new: dict[int, int] = {}
    for node in nodes.reachable([root]):
        if nodes.operation(node) == "name":
            new[node] = made.name(nodes.text(node).replace("dv_d", "dv/d"))
        elif nodes.is_leaf(node):
            new[node] = made.number(nodes.text(node))
        else:
            new[node] = made.call(nodes.operation(node), [new[a] for a in nodes.arguments(node)])
    return Formula(made, new[root])


@lru_cache(maxsize=128)
def from_definition(name: str) -> Report:
    """The definition, differentiated by wengert itself: of any number of arguments, two are taken."""
    writer = _concrete(PRIMITIVES[name])
    definition = writer.record.definition
    assert definition is not None
    text = f"{VALUE} = {language(writer.nodes, writer.value(definition))}"
    model = read_formula(text, VOCABULARY, None, [*writer.arguments.names(), *writer.constants.values()])
    wrt = tuple(name for name, _ in writer.arguments.asked())
    inputs = sorted(model.inputs, key=lambda x: wrt.index(x.name) if x.name in wrt else len(wrt))
    model = replace(model, wrt=wrt, inputs=tuple(inputs))
    return report(model, Settings(verify=False), at_point=False)


def _concrete(record: Primitive) -> Writer:
    count = len(record.params) + 1 if record.many else len(record.params)
    return Writer(Nodes(), Arguments(record, count), literal=1)


def _closing(record: Primitive, made: Report) -> Section:
    """What came out, and the rule's own formula for the same."""

    def rows() -> Iterator[Row]:
        writer = _concrete(record)
        for name, j in writer.arguments.asked():
            found = made.formulas.by_key[VALUE, name]
            nodes = made.formulas.nodes
            assert found.root is not None
            ours = Formula(writer.nodes, writer.partial(name, j))
            sides: list[Math] = [derivative(writer.arguments, name), Formula(nodes, found.root)]
            if language(nodes, found.root) != language(ours.nodes, ours.root):
                sides.append(ours)
            yield Row((Equation(tuple(sides)),))

    return Section(words.RESULT, (Column("", folds=1),), rows)
