"""The Wengert list and its checker: each kind of malformed list is refused; dependence is read off the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.programs import model
from wengert.tape.lower import lower
from wengert.tape.wengert_list import ListFault, WengertList, check

TEXT = "a = x*y + 2; b = sin(a); f = a + b*x"


def made() -> WengertList:
    """x y | v1 = x·y, a = v1 + 2, b = sin(a), v2 = b·x, f = a + v2."""
    return lower(model(TEXT))


def _later(wl: WengertList) -> None:
    wl.operands[0] = len(wl) - 1


def _itself(wl: WengertList) -> None:
    wl.operands[0] = wl.inputs


def _no_constant(wl: WengertList) -> None:
    wl.operands[3] = -7


def _too_few(wl: WengertList) -> None:
    wl.append("add", [0], 0)


def _too_many(wl: WengertList) -> None:
    wl.append("sin", [0, 1], 0)


def _none_of_many(wl: WengertList) -> None:
    wl.append("max", [], 0)


def _overlap(wl: WengertList) -> None:
    wl.first[2] = wl.first[1]


def _gap(wl: WengertList) -> None:
    wl.first[0] = 1


def _lengths(wl: WengertList) -> None:
    wl.nodes.append(0)


def _name_twice(wl: WengertList) -> None:
    wl.names[wl.inputs] = "a"


def _no_output(wl: WengertList) -> None:
    wl.model = replace(wl.model, outputs=("g",))


FAULTS: list[tuple[Callable[[WengertList], None], str]] = [
    (_later, "an operand is used before its statement"),
    (_itself, "an operand is used before its statement"),
    (_no_constant, "an operand is no known constant"),
    (_too_few, "add has 1 operands"),
    (_too_many, "sin has 2 operands"),
    (_none_of_many, "max has 0 operands"),
    (_overlap, "has 0 operands|operands overlap|has 4 operands"),
    (_gap, "operands overlap"),
    (_lengths, "columns of different lengths"),
    (_name_twice, "a name is given twice"),
    (_no_output, "the output g has no statement"),
]


@pytest.mark.parametrize(("spoil", "message"), [pytest.param(*f, id=f[0].__name__[1:]) for f in FAULTS])
def test_the_checker_refuses(spoil: Callable[[WengertList], None], message: str) -> None:
    wl = check(made())
    spoil(wl)
    with pytest.raises(ListFault, match=message):
        check(wl)


def test_an_odd_number_of_factors_is_refused() -> None:
    wl = lower(model("dot(x, y, x, y)"))
    wl.append("dot", [0, 1, 0], 0)
    with pytest.raises(ListFault):
        check(wl)


def test_views() -> None:
    wl = made()
    assert [wl.name(s) for s in range(len(wl))] == ["x", "y", "v1", "a", "b", "v2", "f"]
    assert [s.primitive.name for s in wl] == ["mul", "add", "sin", "mul", "add"]
    assert [tuple(s.operands) for s in wl] == [(0, 1), (2, -1), (3,), (4, 0), (3, 5)]
    assert wl.slot_named("v2") == 5 and wl.slot_named("a") == 3 and wl.slot_named("v9") is None
    assert wl.span(wl.inputs) == (0, 2)


def test_dependence() -> None:
    wl = made()
    assert list(wl.depends_on([1])) == [0, 1, 1, 1, 1, 1, 1]
    assert list(wl.depends_on([4])) == [0, 0, 0, 0, 1, 1, 1]
    assert list(wl.leads_to(3)) == [1, 1, 1, 1, 0, 0, 0]
    assert list(lower(model("g = x; h = y")).leads_to(2)) == [1, 0, 1, 0]
