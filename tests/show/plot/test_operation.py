"""An operation and its derivative: every rule of one variable draws, with the values that the rule table has."""

from __future__ import annotations

import math
from functools import cache

import pytest

from tests.show.plot.drawn import Drawn, sound
from wengert.show.numbers import Digits
from wengert.show.plot.operation import has_curve, operation_plot
from wengert.show.rules.document import rule_document
from wengert.show.rules.facts import Rule, every_rule
from wengert.sweep.arithmetics import FAULTS, Float
from wengert.sweep.rules import Rules
from wengert.tape.primitives import SYMBOLS
from wengert.tape.record import Primitive

RULES = {rule.name: rule for rule in every_rule()}
ONE = [name for name, rule in RULES.items() if has_curve(rule.record)]
FLOAT = Rules(Float())


@cache
def picture(rule: Rule) -> str:
    document = rule_document([rule], None, Digits(6))
    assert document.picture is not None
    return document.picture()


def drawn(name: str) -> Drawn:
    return Drawn(picture(RULES[name]))


def test_which_rules_have_a_curve() -> None:
    assert len(ONE) > 45
    assert {"identity", "sigmoid", "floor", "atanh", "elu", "leaky_relu"} <= set(ONE)
    assert not {"add", "power", "log", "max", "softmax", "where", "hypot", "clip", "atan2"} & set(ONE)


@pytest.mark.parametrize("name", ONE)
def test_every_rule_of_one_variable_draws_its_values(name: str) -> None:
    """Read back from paper, the points are those of the rule table."""
    made = sound(picture(RULES[name]))
    record = RULES[name].record
    assert made.title.startswith(f"{name}: ")
    sign = SYMBOLS.get(name, name)
    assert list(made.series) == [f"{sign}(x)", f"{sign}′(x)"]
    for k, curve in enumerate(made.series):
        tried = 0
        for x, y in made.values(curve):
            near = [found[k] for shifted in (x - 0.02, x, x + 0.02) if (found := at(record, shifted)) is not None]
            if len(near) == 3 and max(near) - min(near) < 0.5:  # not next to a jump, an edge or a pole
                assert min(near) - 0.03 <= y <= max(near) + 0.03, (curve, x)
                tried += 1
        assert tried > 20


def at(record: Primitive, x: float) -> tuple[float, float] | None:
    """Value and slope by the rule table, None where it lacks one."""
    arguments = [x, *(float(text) for _, text in record.defaults)]
    try:
        value = FLOAT.value(record.name)(arguments, None, 0)
        return value, FLOAT.partial(record.name, 0)(arguments, value, 0)
    except FAULTS:
        return None


@pytest.mark.parametrize("name", sorted(set(RULES) - set(ONE)))
def test_rules_of_several_variables_have_none(name: str) -> None:
    assert rule_document([RULES[name]], None, Digits(6)).picture is None
    with pytest.raises(ValueError, match="is no operation of one variable"):
        operation_plot(RULES[name].record, "", [], name)


def level(made: Drawn) -> list[str]:
    return [t for t in made.texts if t.startswith("largest slope")]


def test_the_largest_slope_of_a_sigmoid_is_a_quarter() -> None:
    made = drawn("sigmoid")
    assert level(made) == ["largest slope: σ′(0) = 1/4"]
    assert max(y for _, y in made.values("σ′(x)")) == pytest.approx(0.25, abs=1e-3)
    assert "largest slope: σ′(0) = 1/4" in made.description


def test_which_rules_have_a_largest_slope_below_1() -> None:
    found = {name: level(drawn(name)) for name in ONE}
    assert {name for name, levels in found.items() if levels} == {"sigmoid", "sech"}
    assert found["sech"] == ["largest slope: sech′(−0.881) ≈ 0.5"]  # at −arsinh(1)


@pytest.mark.parametrize(
    ("name", "limits", "values", "taken"),
    [
        ("abs", [(0, -1), (0, 1)], [], [(0, 0)]),
        ("relu", [(0, 1)], [], [(0, 0)]),
        ("sign", [(0, -1), (0, 1)], [(0, 0)], [(0, 0)]),
        ("selu", [(0, 1.0507)], [], [(0, 1.7581)]),
        ("asin", [], [(-1, -math.pi / 2), (1, math.pi / 2)], []),
        ("sqrt", [], [(0, 0)], []),
        ("acosh", [], [(1, 0)], []),
        ("cbrt", [], [], []),
        ("sigmoid", [], [], []),
        ("elu", [], [], []),
        ("tan", [], [], []),
        ("csch", [], [], []),
    ],
)
def test_kinks_jumps_and_edges(
    name: str, limits: list[tuple[float, float]], values: list[tuple[float, float]], taken: list[tuple[float, float]]
) -> None:
    made = drawn(name)
    for kind, expected in (("limit", limits), ("value", values), ("taken", taken)):
        found = made.marks(kind)
        assert len(found) == len(expected), kind
        for point, there in zip(sorted(found), sorted(expected), strict=True):
            assert point == pytest.approx(there, abs=0.03), kind
    assert any("open dot" in t for t in made.texts) == bool(limits)
    assert any("diamond" in t for t in made.texts) == bool(taken)


def test_floor_has_steps() -> None:
    made = drawn("floor")
    pieces = made.series["floor(x)"]
    assert len(pieces) == 10
    assert all(len({y for _, y in piece}) == 1 for piece in pieces)  # no vertical line
    assert len(made.marks("taken")) == 10


def test_no_line_through_a_pole() -> None:
    made = drawn("tan")
    assert len(made.series["tan(x)"]) == 5
    for piece in made.series["tan(x)"]:
        heights = [y for _, y in piece]
        assert heights == sorted(heights, reverse=True)  # it rises, on paper upwards
    assert [round(v / math.pi, 6) for _, v in made.x.ticks] == [n / 2 for n in range(-4, 5)]


def test_one_curve_on_the_other_has_a_legend() -> None:
    made = drawn("exp")
    assert made.series["exp(x)"] == made.series["exp′(x)"]
    assert {"exp(x)", "exp′(x)"} <= set(made.texts)


def test_a_default_is_said() -> None:
    assert any("slope = 0.01, its default" in t for t in drawn("leaky_relu").texts)


def test_log_is_drawn_as_the_natural_logarithm() -> None:
    document = rule_document([RULES["log"], RULES["ln"]], None, Digits(6))
    assert document.picture is not None
    assert "ln(x)" in Drawn(document.picture()).series
