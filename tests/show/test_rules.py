"""`wengert rules`: no wrong algebra stands in a derivation, no wrong number in a worked example, and every rule is told."""

from __future__ import annotations

import io
import random
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from wengert.errors import printable
from wengert.lang.expr import Nodes
from wengert.show.folding import display_width
from wengert.show.look import Look
from wengert.show.numbers import Digits
from wengert.show.rules.derivation import from_definition
from wengert.show.rules.document import rule_document, rules_document
from wengert.show.rules.facts import VALUE, Arguments, Rule, Writer, comparison, every_rule, sample, samples, sides
from wengert.show.rules.record import SCHEMA, rules_record
from wengert.show.text import render
from wengert.sweep.arithmetics import FAULTS, Float, digits
from wengert.sweep.evaluate import evaluate
from wengert.sweep.rules import Rules, parsed
from wengert.tape import derivations
from wengert.tape.primitives import PRIMITIVES, SYMBOLS
from wengert.tape.record import Primitive

EVERY = [pytest.param(r, id=n) for n, r in PRIMITIVES.items()]
RULES = [pytest.param(r, id=r.name) for r in every_rule()]
BY_HAND = [pytest.param(n, id=n) for n in PRIMITIVES if derivations.derivation(n) or derivations.afterwards(n)]
DEFINED = [pytest.param(r, id=n) for n, r in PRIMITIVES.items() if not derivations.derivation(n) and not r.comparison]
ARITHMETIC = digits(90)
MANY_DIGITS = Rules(ARITHMETIC, stable=False)
H = ARITHMETIC.number("1e-45")
EXACT, NEAR = ARITHMETIC.number("1e-30"), ARITHMETIC.number("1e-25")
POINTS = 5


# -- derivations: every equality at 30 digits, every limit by a small h


def _value(text: str, named: dict[str, Any]) -> Any:
    nodes, root = parsed(text.replace("dv/d", "dv_d"))
    return evaluate(nodes, root, MANY_DIGITS, lambda name: ARITHMETIC.pi if name == "pi" else named[name])


def _holds(test: str, named: dict[str, Any]) -> bool:
    nodes, root = comparison(test)
    a, b = (evaluate(nodes, n, MANY_DIGITS, named.__getitem__) for n in nodes.arguments(root))
    return ARITHMETIC.truth(nodes.operation(root), a, b)


def _chains(lines: tuple[derivations.Line, ...]) -> Iterator[tuple[list[str], list[derivations.Line]]]:
    """(conditions, the lines of one chain of equalities)."""
    given: list[str] = []
    chain: list[derivations.Line] = []
    for line in lines:
        if line.kind in ("given", "begin") and chain:
            yield given, chain
            given = [] if line.kind == "given" else given
            chain = []
        if line.kind == "given":
            given = [*given, line.sides[0]]
        else:
            chain.append(line)
    yield given, chain


def _count(record: Primitive) -> int:
    """How many arguments the derivations of this file have."""
    return {"dot": 4, "sum": 3, "max": 2, "min": 2, "softmax": 3}.get(record.name, len(record.params))


def _point(record: Primitive, given: list[str], rng: random.Random) -> dict[str, Any]:
    """Random arguments in the domain and within what is given, with the value and our derivatives there."""
    arguments = Arguments(record, _count(record))
    for _ in range(2000):
        low, high = rng.choice(((-3, 3), (0, 1), (1, 4)))
        values = [ARITHMETIC.number(f"{rng.uniform(low, high):.6f}") for _ in arguments.names()]
        if record.literal:
            values[0] = ARITHMETIC.number("1")
        named = dict(zip(arguments.names(), values, strict=True))
        try:
            if not all(MANY_DIGITS.holds(record, c.test)(values, None, 0) for c in record.domain):
                continue
            if not all(_holds(test, named) for test in given):
                continue
            named[VALUE] = MANY_DIGITS.value(record.name)(values, None, 0)
            for name, j in arguments.asked():
                named[f"dv_d{name}"] = MANY_DIGITS.partial(record.name, j)(values, named[VALUE], j)
        except FAULTS:
            continue
        return {**named, "h": H}
    raise AssertionError(f"no point for {record.name} where {given}")


def _close(a: Any, b: Any, tolerance: Any) -> bool:
    return bool(abs(a - b) <= tolerance * max(1, abs(a), abs(b)))


@pytest.mark.parametrize("name", BY_HAND)
def test_every_equality_of_a_derivation_holds(name: str) -> None:
    rng = random.Random(name)
    for lines in (derivations.derivation(name), derivations.afterwards(name)):
        for given, chain in _chains(lines) if lines else ():
            for _ in range(POINTS):
                named = _point(PRIMITIVES[name], given, rng)
                before: list[Any] = []  # equal to one another, with h in them
                for line in chain:
                    values = [_value(side, named) for side in line.sides]
                    for value in values:
                        assert not before or _close(before[0], value, EXACT), (given, line, before[0], value)
                        before = [*before, value]
                    if line.limit:
                        limit = _value(line.limit, named)
                        assert _close(before[0], limit, NEAR), (given, line, before[0], limit)
                        before = [limit]


@pytest.mark.parametrize("name", [n for n in PRIMITIVES if derivations.derivation(n)])
def test_a_derivation_ends_in_the_records_partials(name: str) -> None:
    """Each partial is what some chain comes to, at points where that chain holds."""
    record = PRIMITIVES[name]
    rng = random.Random(name)
    ends = [(given, chain[-1].limit or chain[-1].sides[-1]) for given, chain in _chains(derivations.derivation(name))]
    for target, j in Arguments(record, _count(record)).asked():
        if record.many and j > (0 if name in ("sum", "dot") else 1):
            continue  # one argument stands for all
        for _ in range(POINTS):
            reached = []
            for given, end in ends:
                named = _point(record, given, rng)
                if not re.search(r"\bdv/d", end):
                    reached.append(_close(_value(end, named), named[f"dv_d{target}"], EXACT))
            assert any(reached), (target, ends)


@pytest.mark.parametrize("record", DEFINED)
def test_a_definition_leads_to_the_records_partial(record: Primitive) -> None:
    rng = random.Random(record.name)
    made = from_definition(record.name)
    count = len(record.params) + 1 if record.many else len(record.params)
    literals = {v: k for k, v in Writer(Nodes(), Arguments(record)).constants.items()}
    for _ in range(POINTS):
        values: list[Any] = []
        while not values or not all(MANY_DIGITS.holds(record, c.test)(values, None, 0) for c in record.domain):
            values = [ARITHMETIC.number(f"{rng.uniform(0.1, 3):.6f}") for _ in range(count)]
        if record.literal:
            values[0] = ARITHMETIC.number("1")
        arguments = Arguments(record, count)
        named = dict(zip(arguments.names(), values, strict=True)) | {n: ARITHMETIC.number(t) for n, t in literals.items()}
        value = MANY_DIGITS.value(record.name)(values, None, 0)
        for name, j in arguments.asked():
            root = made.formulas.by_key[VALUE, name].root
            assert root is not None
            known = lambda n, named=named: ARITHMETIC.pi if n == "pi" else named[n]  # noqa: E731
            ours = evaluate(made.formulas.nodes, root, MANY_DIGITS, known)
            assert _close(ours, MANY_DIGITS.partial(record.name, j)(values, value, j), EXACT)


@pytest.mark.parametrize("record", EVERY)
def test_every_rule_is_derived(record: Primitive) -> None:
    assert record.definition is not None or derivations.derivation(record.name)


def test_the_data_name_records_of_the_table() -> None:
    for names in (derivations.STABLE, derivations.DOMAINS, derivations._TEXTS, derivations._AFTER):
        assert set(names) <= set(PRIMITIVES)
    assert {first for _, first in derivations.GROUPS} <= set(PRIMITIVES)
    computed = {n for n, r in PRIMITIVES.items() if r.stable or any(r.stable_partials)}
    assert computed == set(derivations.STABLE)


# -- sentences


@pytest.mark.parametrize("record", EVERY)
def test_every_rule_has_its_sentence(record: Primitive) -> None:
    assert len(record.sentence) > 30
    assert record.sentence.endswith(".")


SENTENCES = [
    ("add", "copies"), ("sub", "turns its sign"), ("mul", "swaps"), ("mul", "felt y times"), ("max", "routes"),
    ("max", "only the largest argument moves the value"), ("sigmoid", "never more than 1/4"), ("sigmoid", "1/2·1/2"),
    ("tanh", "a sigmoid keeps a quarter"), ("relu", "dead relu"), ("identity", "residual connection"), ("where_gt", "routes"),
    ("softmax", "shares 1 out"), ("logsumexp", "smooth max"), ("leaky_relu", "come back"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words"), SENTENCES)
def test_sentence(name: str, words: str) -> None:
    assert words in PRIMITIVES[name].sentence


# -- numbers


@pytest.mark.parametrize("record", EVERY)
def test_a_worked_number_is_the_difference_quotient(record: Primitive) -> None:
    for at in samples(record):
        if len(set(at.point)) < len(at.point) and "ties" in record.partials[-1]:
            continue  # a tie: no slope to compare with
        values = [ARITHMETIC.number(repr(x)) for x in at.point]
        base = MANY_DIGITS.value(record.name)(values, None, 0)
        assert float(base) == pytest.approx(at.value, rel=1e-14)
        assert [f.to for f in at.flows] == [n for n, _ in at.arguments.asked()]
        for flow in at.flows:
            moved = [x + H if j == flow.argument else x for j, x in enumerate(values)]
            quotient = (MANY_DIGITS.value(record.name)(moved, None, 0) - base) / H
            assert float(quotient) == pytest.approx(flow.partial, rel=1e-13, abs=1e-30)


def test_a_tie_is_shared() -> None:
    assert [f.partial for f in sample(PRIMITIVES["max"], (3.0, 3.0)).flows] == [0.5, 0.5]


INF = float("inf")
NAN = float("nan")
# (the place of the kink, the argument that moves, slopes to the left and right (None: no value), what is taken), kink by kink
SIDES: list[tuple[str, list[tuple[str, str, float | None, float | None, float]]]] = [
    ("relu", [("x == 0", "x", 0.0, 1.0, 0.0)]),
    ("abs", [("x == 0", "x", -1.0, 1.0, 0.0)]),
    ("sqrt", [("x == 0", "x", None, INF, INF)]),
    ("cbrt", [("x == 0", "x", INF, INF, INF)]),
    ("asin", [("abs(x) == 1", "x", None, INF, INF), ("abs(x) == 1", "x", INF, None, INF)]),
    ("floor", [("x a whole number", "x", 0.0, 0.0, 0.0)]),
    ("clip", [("x = lo", "x", 0.0, 1.0, 0.0), ("x = hi", "x", 1.0, 0.0, 0.0),
              ("lo = hi, a bound moves", "lo", 1.0, None, 1.0)]),
    ("max", [("the two largest are equal", "x1", 0.0, 1.0, 0.5)]),
    ("min", [("the two smallest are equal", "x1", 1.0, 0.0, 0.5)]),
    ("norm", [("all xi = 0", "x1", -1.0, 1.0, 0.0)]),
    ("hypot", [("x = 0, y = 0", "x", -1.0, 1.0, 0.0)]),
    ("leaky_relu", [("x = 0, slope ≠ 1", "x", 0.1, 1.0, 0.1)]),
    ("power", [("x = 0, 0 < y < 1", "x", None, INF, INF), ("x = 0, y > 1 and not whole", "x", None, 0.0, 0.0),
               ("x = 0, y = 0", "y", None, 0.0, NAN), ("x < 0, y moves", "y", None, None, NAN)]),
    ("atan2", [("x = 0, y = 0", "y", 0.0, 0.0, NAN), ("y = 0, x < 0", "y", -1.0, -1.0, -1.0)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), SIDES, ids=[name for name, _ in SIDES])
def test_sides_of_a_kink(name: str, expected: list[tuple[str, str, float | None, float | None, float]]) -> None:
    record = PRIMITIVES[name]
    found = []
    for kink in record.kinks:
        place = derivations.PLACES.get(name, {}).get(kink.test, kink.test)
        for side in sides(record, kink):
            moved = Arguments(record, len(side.point)).names()[side.argument]
            found.append((place, moved, side.left, side.right, side.taken))
    assert found == [(*row[:4], pytest.approx(row[4], nan_ok=True)) for row in expected]


def test_every_kink_has_slopes_beside_it_but_those_that_decide_a_choice() -> None:
    without = {r.label for r in PRIMITIVES.values() for kink in r.kinks if not sides(r, kink)}
    assert without == {"where"}


def test_places_are_those_of_kinks_of_the_table() -> None:
    for name, places in derivations.PLACES.items():
        assert set(places) <= {kink.test for kink in PRIMITIVES[name].kinks}
    for record in PRIMITIVES.values():
        shown = [derivations.PLACES.get(record.name, {}).get(kink.test, kink.test) for kink in record.kinks]
        assert not any("where(" in place or "floor(" in place or "out" in place for place in shown)
        assert len(set(shown)) == len({kink.test for kink in record.kinks})


def test_every_rule_has_a_title() -> None:
    assert list(derivations.TITLES) == [rule.name for rule in every_rule()]
    assert all(title and not title.endswith(".") for title in derivations.TITLES.values())
    assert _text([r for r in every_rule() if r.name == "max"]).startswith("max: the largest\n")


# -- what is shown


def _text(rules: list[Rule], ascii: bool = False) -> str:
    symbols = {} if ascii else SYMBOLS
    return "".join(render(rule_document(rules, None, Digits()), Look(ascii=ascii, symbols=symbols)))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_shown_in_ascii_too(rule: Rule) -> None:
    for ascii in (False, True):
        text = _text([rule], ascii)
        assert printable(text.replace("\n", "")) == text.replace("\n", "")
        assert not ascii or text.isascii()
        assert not re.search(r"U\+[0-9A-F]{4}|[(·*/−-]out\b|\bout[)·*/²]|\bargs\b|dv_d|None", text)
        for heading in ("Local partials", "Derivation", "Which way the gradient flows"):
            assert heading in text
        assert rule.record.sentence.split(". ")[0][:40] in text or ascii


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_the_terminal_keeps_its_width(width: int) -> None:
    from rich.console import Console

    from wengert.show.terminal import renderables

    notation = Look(symbols=SYMBOLS)
    documents = [rules_document(every_rule(), None), *(rule_document([r], None, Digits()) for r in every_rule())]
    for document in documents if width in (80, 100) else documents[:4]:
        console = Console(width=width, file=io.StringIO(), record=True, color_system=None)
        for part in renderables(document, notation, width):
            console.print(part)
        assert max(display_width(line) for line in console.export_text().splitlines()) <= width


SHOWN = [
    ("mul", "((x + h)·y − x·y)/h"), ("mul", "10 · 3    = 30"), ("mul", "x̄ += 30, ȳ += 20"), ("add", "x̄ += 10, ȳ += 10"),
    ("exp", "(exp(h) − 1)/h → 1"), ("asin", "cos(v)·dv/dx = 1"), ("sigmoid", "dv/dx = exp(−x)/(1 + exp(−x))² = v·(1 − v)"),
    ("sigmoid", "v·(1 − v) = 1/4 − (v − 1/2)²"), ("max", "for x1 > x2:"), ("max", "x̄1 += 5, x̄2 += 5"),
    ("relu", "x = 0   0                     1                0"), ("log1p", "x > −1"), ("div", "y ≠ 0"),
    ("clip", "Domain: lo ≤ hi\n"), ("clip", "x = lo (here −1)"), ("asech", "Domain: x > 0, x ≤ 1\n"),
    ("tan", "Domain: cos(x) ≠ 0 (tan is sin/cos)\n"), ("power", "x = 0, 0 < y < 1 (here y = 0.5)"),
    ("max", "the two largest are equal (here 3)   ∂v/∂x1   0               1                0.5"),
    ("sub", "x̄ += 10, ȳ −= 10"), ("asin", "x̄ += 11.5470\n"), ("sigmoid", "\nResult\n"),
    ("softmax", "∂v/∂xi = where(i = k, v·(1 − v), −v·softmax(i, x1, ..., xn))"),
    ("selu", "λ = 1.0507009873554804934193349852946"),
    ("where", "The comparison may be >, >=, <, <= or =="), ("atan2", "v = atan(y/x)"), ("dot", "∂v/∂yi = xi"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "shown"), SHOWN)
def test_shown(name: str, shown: str) -> None:
    text = _text([r for r in every_rule() if r.name == name])
    assert unicodedata.normalize("NFD", shown) in unicodedata.normalize("NFD", text)


def test_the_table_names_every_rule_under_every_heading() -> None:
    text = "".join(render(rules_document(every_rule(), None), Look()))
    for heading, _ in derivations.GROUPS:
        assert f"\n{heading}\n" in text
    opening, _, activations = text.partition("\nActivations\n")
    assert "λ" not in opening
    assert activations.startswith("selu: λ ≈ 1.05070, α ≈ 1.67326\n")
    for place in ("x = 0, 0 < y < 1", "x < 0, y moves", "x = lo", "the two largest are equal", "y = 0, x < 0", "all xi = 0"):
        assert f" {place}\n" in text
    signs = {"add": "x + y", "sub": "x − y", "mul": "x·y", "div": "x/y", "neg": "−x", "power": "x^y", "sqrt": "√x",
             "abs": "|x|"}  # fmt: skip
    for rule in every_rule():
        assert re.search(r"(?m)^" + re.escape(signs.get(rule.name, f"{rule.name}(")), text), rule.name


def test_the_record_of_every_rule() -> None:
    made = rules_record(every_rule(), None)
    assert made["schema"] == SCHEMA
    assert made["verdict"] is None
    assert [r["name"] for r in made["rules"]] == [r.name for r in every_rule()]
    for rule in made["rules"]:
        assert {"call", "aliases", "definition", "domain", "kinks", "sentence"} <= set(rule)
        assert rule["partials"]
        assert rule["derivation"]
        assert all(p["verdict"] is None and p["formula"] for p in rule["partials"])
        assert set(rule["sample"]) == {"arguments", "value", "partials"}


def test_the_float_rules_are_those_of_the_sweep() -> None:
    at = next(samples(PRIMITIVES["sigmoid"]))
    rules = Rules(Float())
    assert at.flows[0].partial == rules.partial("sigmoid", 0)([0.5], at.value, 0)


BASES = [((-2.0, 3.0), True), ((0.0, 0.0), True), ((0.0, 0.5), True), ((2.0, -0.5), True),
         ((-2.0, 0.5), False), ((0.0, -1.0), False), ((0.0, -0.5), False)]  # fmt: skip


@pytest.mark.parametrize(("point", "inside"), BASES)
def test_the_domain_of_a_power_is_where_it_has_a_value(point: tuple[float, float], inside: bool) -> None:
    (condition,) = derivations.DOMAINS["power"]
    rules = Rules(Float())
    assert bool(rules.holds(PRIMITIVES["power"], condition.test)(list(point), None, 0)) is inside
    if inside:
        rules.value("power")(list(point), None, 0)
    else:
        with pytest.raises(FAULTS):
            rules.value("power")(list(point), None, 0)
