"""The rule table against itself and against the judge's dictionary: names, formulas, samples, values."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

import pytest

from tests.programs import FUNCTIONS, mp, parse
from wengert.lang.expr import COMPARISONS, Nodes
from wengert.sweep.arithmetics import Float, digits
from wengert.sweep.evaluate import evaluate
from wengert.sweep.rules import Rules
from wengert.sweep.symbols import Symbols
from wengert.tape.primitives import LEFT_OUT_OF_CALLS, PRIMITIVES, VOCABULARY
from wengert.tape.record import CONVENTIONS, INFINITE, NONE, UNDEFINED, Primitive
from wengert.verify.meanings import MEANINGS, Context

# design, section 3, and clip, floor, ceil
NAMES = re.findall(
    r"\w+",
    """
    identity add sub mul div neg power exp ln log2 log10 log1p expm1 log sqrt cbrt abs sign max min where
    clip floor ceil
    sin cos tan sec csc cot asin acos atan asec acsc acot atan2
    sinh cosh tanh sech csch coth asinh acosh atanh asech acsch acoth
    erf erfc hypot sigmoid softplus relu leaky_relu elu selu gelu silu softmax logsumexp sum mean dot norm
    """,
)
CALLABLE_ALIASES = {
    "log": "ln", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "Abs": "abs", "Max": "max",
    "Min": "min", "σ": "sigmoid", "swish": "silu", "arcsinh": "asinh", "arcosh": "acosh", "pow": "power",
    "clamp": "clip", "ceiling": "ceil",
}  # fmt: skip
EVERY = [pytest.param(r, id=name) for name, r in PRIMITIVES.items()]
SAMPLED = [pytest.param(r, s, id=f"{name}{s}") for name, r in PRIMITIVES.items() for s in r.samples]


def test_every_name_of_the_design_is_there() -> None:
    assert {r.label for r in PRIMITIVES.values()} == set(NAMES)


def test_the_judge_knows_the_same_names() -> None:
    assert {r.label for r in PRIMITIVES.values()} | set(COMPARISONS) == set(MEANINGS)


def test_where_has_a_record_for_every_comparison() -> None:
    assert {r.comparison for r in PRIMITIVES.values() if r.label == "where"} == set(COMPARISONS)


@pytest.mark.parametrize(("alias", "name"), CALLABLE_ALIASES.items())
def test_alias(alias: str, name: str) -> None:
    assert any(f.operation == name for f in VOCABULARY[alias])


def test_names_and_aliases_are_unambiguous() -> None:
    words = Counter(w for r in PRIMITIVES.values() for w in (r.name, *r.aliases))
    assert [w for w, n in words.items() if n > 1] == ["log"]  # log(x) and log(x, base), told apart by their arguments
    for word, functions in VOCABULARY.items():
        takes = [n for f in functions for n in range(f.least, (f.most or f.least) + 1)]
        assert len(takes) == len(set(takes)), word


def test_every_record_can_be_called_or_has_a_sign() -> None:
    called = {f.operation for functions in VOCABULARY.values() for f in functions}
    assert {r.label for r in PRIMITIVES.values()} - called == set(LEFT_OUT_OF_CALLS)


# -- the formulas of a record


def _formulas(record: Primitive) -> list[tuple[str, str, set[str]]]:
    """(what, text, names that it may mention)."""
    scope = {p for p in record.params if not p.endswith("…")}
    reduced = {"args", "n", "pick"} if record.many else set()
    values = (("definition", record.definition), ("stable", record.stable))
    found = [(what, text, scope | reduced) for what, text in values if text]
    more = {"out", "arg", "index", "args", "n", "ties", "partner"} if record.many else {"out"}
    for what, partials in (("partial", record.partials), ("stable partial", record.stable_partials)):
        found += [(f"{what} {i}", t, scope | more) for i, t in enumerate(partials) if t]
    found += [("domain", f"where({c.test}, 1, 0)", scope) for c in record.domain]
    at = {"out", "ties", "arg"} if record.many else {"out"}
    for kink in (*record.kinks, *record.elsewhere):
        found.append(("kink", f"where({kink.test}, 1, 0)", scope | at))
        for system in CONVENTIONS:
            found += [(system, t, scope | more | {UNDEFINED}) for t in kink.taken_by(system) or () if t]
    return found


@pytest.mark.parametrize("record", EVERY)
def test_formulas_parse_and_stay_in_scope(record: Primitive) -> None:
    for what, text, scope in _formulas(record):
        nodes, root = parse(text)
        assert set(nodes.names_in([root])) <= scope | {"pi"}, (what, text)


@pytest.mark.parametrize("record", EVERY)
def test_a_record_is_complete(record: Primitive) -> None:
    assert len(record.partials) == len(record.params)
    assert len(record.stable_partials) <= len(record.params)
    assert record.samples
    assert re.fullmatch(r"\S.*[.]", record.sentence), "a sentence that a teacher would say"
    assert record.definition or record.name in digits(50).functions, "many digits need a definition or a function of their own"
    assert record.definition or record.name in Float.functions
    for name, text in record.defaults:
        assert name in record.params
        Fraction(text)
    for condition in (*record.domain, *record.kinks, *record.elsewhere):
        assert condition.sentence and not condition.sentence.endswith(".")
    for kink in (*record.kinks, *record.elsewhere):
        assert set(kink.moves) <= set(record.params)
        assert kink.taken or kink.slopes in (INFINITE, NONE) or kink in record.elsewhere
        assert "*" not in kink.told(), "words, no formulas: the names are the record's"
        assert all(len(kink.taken_by(system) or record.params) == len(record.params) for system in CONVENTIONS)


def test_a_definition_uses_simpler_operations_only() -> None:
    """Definitions lead to base functions: no circle."""
    order: dict[str, int] = {}

    def depth(name: str, path: tuple[str, ...]) -> int:
        assert name not in path, " → ".join((*path, name))
        record = PRIMITIVES.get(name)
        if name not in order:
            below = 0
            for text in (record.definition, record.stable) if record else ():
                if text:
                    nodes, _ = parse(text)
                    below = max([below, *(1 + depth(op, (*path, name)) for op in nodes.ops[2:] if op in PRIMITIVES)])
            order[name] = below
        return order[name]

    assert max(depth(name, ()) for name in PRIMITIVES) < 5


# -- samples and values


@pytest.mark.parametrize(("record", "sample"), SAMPLED)
def test_samples_lie_inside_the_domain_and_off_the_kinks(record: Primitive, sample: tuple[float, ...]) -> None:
    assert len(sample) >= len(record.params)
    rules = Rules(Float())
    out = rules.value(record.name)(list(sample), None, 0)
    assert all(rules.holds(record, c.test)(list(sample), None, 0) for c in record.domain)
    assert not rules.kinks_met(record, list(sample), out, range(len(sample)))


@pytest.mark.parametrize("form", ["plain", "stable"])
@pytest.mark.parametrize(("record", "sample"), SAMPLED)
def test_values_agree_with_the_judge_at_50_digits(record: Primitive, sample: tuple[float, ...], form: str) -> None:
    if form == "stable" and record.stable is None:
        form = "plain"
    arithmetic = digits(70)
    ours = Rules(arithmetic, stable=form == "stable").value(record.name)([arithmetic.context.mpf(x) for x in sample], None, 0)
    with mp.workdps(90):
        context, arguments = Context(mp, 80), [mp.mpf(x) for x in sample]
        if record.comparison:
            arguments = [MEANINGS[record.comparison].number(context, arguments[:2]), *arguments[2:]]
        theirs = MEANINGS[record.label].number(context, arguments)
        assert abs(mp.mpf(ours) - theirs) <= mp.mpf(10) ** -50 * abs(theirs)
        test_words = FUNCTIONS[record.label]
        third = test_words(*arguments)
        assert abs(third - theirs) <= mp.mpf(10) ** -50 * abs(theirs), "the tests' own reading"


@pytest.mark.parametrize(("record", "sample"), SAMPLED)
def test_doubles_agree_with_50_digits(record: Primitive, sample: tuple[float, ...]) -> None:
    arithmetic = digits(50)
    double = Rules(Float()).value(record.name)(list(sample), None, 0)
    many = Rules(arithmetic).value(record.name)([arithmetic.context.mpf(x) for x in sample], None, 0)
    assert abs(double - float(many)) <= 4e-16 * max(1.0, abs(float(many)))


@pytest.mark.parametrize("name", [n for n, r in PRIMITIVES.items() if r.written is not None])
@pytest.mark.parametrize("arguments", [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (1.0, 1.0, 0.0), (2.0, 2.0, 2.0), (3.0, 1.0, 3.0)])
def test_the_written_partial_is_the_swept_one_at_ties_too(name: str, arguments: tuple[float, ...]) -> None:
    symbols, rules = Symbols(), Rules(Float())
    names = [f"x{i}" for i in range(len(arguments))]
    for j in range(len(arguments)):
        value = rules.value(name)(list(arguments), None, 0)
        swept = rules.partial(name, j)(list(arguments), value, j)
        made = Rules(symbols, stable=False).partial(name, j)([symbols.symbol(x) for x in names], symbols.symbol("out"), j)
        nodes = Nodes()
        root = symbols.to_nodes(made, nodes)
        known = {**dict(zip(names, arguments, strict=True)), "out": value}
        assert evaluate(nodes, root, rules, known.__getitem__) == swept


# -- kinks

# record, arguments, the argument that moves, whether it meets a kink
MET: list[tuple[str, tuple[float, ...], int, bool]] = [
    ("relu", (0.0,), 0, True), ("leaky_relu", (0.0, 0.1), 0, True), ("leaky_relu", (0.0, 0.1), 1, False),
    ("leaky_relu", (0.0, 1.0), 0, False), ("elu", (0.0, 1.0), 0, False), ("elu", (0.0, 2.0), 0, True),
    ("max", (1.0, 1.0, 0.0), 0, True), ("max", (1.0, 1.0, 0.0), 2, False), ("max", (0.0, 1.0, 1.0), 2, True),
    ("max", (0.0, 0.0, 1.0), 0, False), ("min", (0.0, 0.0, 1.0), 1, True), ("min", (0.0, 1.0, 1.0), 1, False),
    ("where_gt", (0.0, 0.0, 1.0, 2.0), 0, True), ("where_gt", (0.0, 0.0, 1.0, 2.0), 2, False),
    ("power", (0.0, 0.5), 0, True), ("power", (0.0, 0.5), 1, False), ("power", (0.0, 1.5), 0, True),
    ("power", (0.0, 1.0), 0, False), ("power", (0.0, 2.0), 0, False), ("power", (0.0, 2.0), 1, False),
    ("power", (0.0, 0.0), 0, False), ("power", (0.0, 0.0), 1, True), ("power", (-2.0, 2.0), 0, False),
    ("power", (-2.0, 2.0), 1, True), ("atan2", (0.0, 0.0), 1, True), ("atan2", (0.0, -1.0), 0, True),
    ("atan2", (0.0, -1.0), 1, False), ("atan2", (0.0, 1.0), 0, False), ("clip", (0.0, 0.0, 1.0), 0, True),
    ("clip", (0.0, 0.0, 1.0), 1, True), ("clip", (0.0, 0.0, 1.0), 2, False), ("clip", (1.0, 1.0, 1.0), 0, False),
    ("clip", (1.0, 1.0, 1.0), 1, True), ("floor", (2.0,), 0, True), ("ceil", (-2.0,), 0, True), ("floor", (2.5,), 0, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "j", "met"), [pytest.param(*m, id=f"{m[0]}{m[1]}-{m[2]}") for m in MET])
def test_a_kink_is_met_by_the_arguments_that_move(name: str, arguments: tuple[float, ...], j: int, met: bool) -> None:
    rules = Rules(Float())
    out = rules.value(name)(list(arguments), None, 0)
    assert bool(rules.kinks_met(PRIMITIVES[name], list(arguments), out, [j])) is met


@pytest.mark.parametrize("record", [r for r in PRIMITIVES.values() if r.flat], ids=lambda r: r.name)
def test_a_flat_operation_has_no_slope_but_0(record: Primitive) -> None:
    assert record.partials == ("0",) and record.kinks
    assert not record.flat.endswith(".")


def test_an_unknown_convention_is_refused() -> None:
    with pytest.raises(ValueError, match="tensorflow"):
        Rules(Float(), convention="tensorflow")
