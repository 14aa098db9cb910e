"""Every local partial of every record is proved: sympy's derivative of the judge's own meaning minus the table's formula
reduces to 0, on each branch of the domain. Plain and stable forms alike; and at each sample, the numbers agree as well.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.programs import FUNCTIONS, mp
from wengert.lang.expr import Nodes
from wengert.sweep.arithmetics import digits
from wengert.sweep.rules import Rules
from wengert.tape.primitives import PRIMITIVES
from wengert.tape.record import Primitive
from wengert.verify.proof import prove_rule
from wengert.verify.request import rule_item


def _counts(record: Primitive) -> list[int]:
    if record.paired:
        return [2, 4]
    if record.many:
        return [len(record.params) + 1, len(record.params) + 2] if len(record.params) > 1 else [2, 3]
    return [len(record.params)]


def _items() -> list[dict[str, Any]]:
    found = []
    for name, record in PRIMITIVES.items():
        for count in _counts(record):
            for argument in range(count):
                if record.partial_of(argument) == "":
                    continue
                for stable in (False, True):
                    item = rule_item(name, argument, count, stable)
                    if item is not None:
                        found.append(item)
    return found


ITEMS = _items()


def test_every_partial_is_asked() -> None:
    asked = {(i["key"].split("/")[0], i["argument"]) for i in ITEMS}
    wanted = {
        (name, j) for name, r in PRIMITIVES.items() for count in _counts(r) for j in range(count) if r.partial_of(j)
    }  # fmt: skip
    assert asked == wanted


@pytest.mark.parametrize("item", [pytest.param(i, id=i["key"]) for i in ITEMS])
def test_partial_is_proved(item: dict[str, Any]) -> None:
    nodes = Nodes.from_columns(item["nodes"])
    proof = prove_rule(nodes, item["params"], item["argument"], item["source"], item["partial"])
    assert proof.status == "proved", proof.reason
    assert proof.branches >= 1


# -- numbers, at each sample and on each side of a stable form's own boundary

_WIDE = tuple(sign * x for x in (0.001, 0.3, 1.0, 2.5, 7.0, 15.0, 40.0, 150.0, 299.0, 301.0) for sign in (1, -1))


def _derivative(record: Primitive, arguments: list[Any], j: int) -> Any:
    """The central difference quotient of the tests' own reading of the operation, to about 2/3 of the digits."""
    h = mp.mpf(10) ** (-mp.dps // 3)

    def at(x: Any) -> Any:
        moved = [*arguments[:j], x, *arguments[j + 1 :]]
        if record.comparison:
            moved = [FUNCTIONS[record.comparison](*arguments[:2]), *moved[2:]]
        return FUNCTIONS[record.label](*moved)

    return (at(arguments[j] + h) - at(arguments[j] - h)) / (2 * h)


def _agrees(record: Primitive, sample: tuple[float, ...], j: int, stable: bool) -> bool:
    arithmetic = digits(120)
    rules = Rules(arithmetic, stable=stable)
    arguments = [arithmetic.context.mpf(x) for x in sample]
    ours = rules.partial(record.name, j)(arguments, rules.value(record.name)(arguments, None, 0), j)
    with mp.workdps(600):
        theirs = _derivative(record, [mp.mpf(x) for x in sample], j)
        return bool(abs(mp.mpf(ours) - theirs) <= mp.mpf(10) ** -40 * max(abs(theirs), mp.mpf(10) ** -280))


CASES = [
    pytest.param(r, s, j, stable, id=f"{name}{s}-{j}{'-stable' if stable else ''}")
    for name, r in PRIMITIVES.items() for s in r.samples for j in range(len(s)) for stable in (False, True)
    if r.partial_of(j) and (not stable or r.stable_partial_of(j))
]  # fmt: skip


@pytest.mark.parametrize(("record", "sample", "j", "stable"), CASES)
def test_partial_at_the_samples(record: Primitive, sample: tuple[float, ...], j: int, stable: bool) -> None:
    assert _agrees(record, sample, j, stable)


@pytest.mark.parametrize("x", _WIDE)
@pytest.mark.parametrize("name", [n for n, r in PRIMITIVES.items() if r.stable and len(r.params) == 1])
def test_stable_value_is_the_plain_one_over_a_wide_range(name: str, x: float) -> None:
    if name == "gelu" and x < -15:
        pytest.skip("erf is 1 to more digits than are carried there")
    arithmetic = digits(400)
    ours = Rules(arithmetic, stable=True).value(name)([arithmetic.context.mpf(x)], None, 0)
    with mp.workdps(1200):
        theirs = FUNCTIONS[name](mp.mpf(x))
        assert abs(mp.mpf(ours) - theirs) <= mp.mpf(10) ** -40 * abs(theirs)
