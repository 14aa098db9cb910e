"""Our own list as a witness: swept with many digits, at the point and at others, with either form of each rule.

Values are mpmath numbers; every answer is kept, since several derivatives are judged from the same sweep.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from wengert.errors import WengertError
from wengert.lang.expr import Nodes
from wengert.lang.model import Key
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Digits, TooLarge, Unknown, digits
from wengert.sweep.evaluate import evaluate
from wengert.sweep.higher import Higher, column, higher
from wengert.sweep.higher import evaluate as evaluate_higher
from wengert.sweep.point import point as model_point
from wengert.sweep.rules import OWN, Rule, Rules
from wengert.tape.wengert_list import WengertList

Point = Mapping[str, str] | None
BESIDE = (Fraction(0), Fraction(1, 1000), Fraction(-1, 1000))  # of an argument: what only rounding denies a value has one there
CANCEL = ("add", "sub", "sum", "dot", "sin", "cos", "tan")  # primitives that may leave nothing but rounding
ROUNDED = 12  # digits of a working precision that rounding may use up in one sum
ORDINARY = 50  # digits: the powers of ten of arguments whose definitions lose none of 200 digits that matter


class Undefined(Exception):
    """Our list has no value here in this form of its rules."""


class TooFar(Undefined):
    """Our list's values grow beyond what is swept in many digits."""


class OnEdge(Undefined):
    """Our list stands at the edge of a domain, and on which side of it, rounding alone decides: sqrt(x - sqrt(x)**2)."""


class Late(Exception):
    """The time for comparisons ran out in the middle of a sweep."""


class _Noting(Rules):
    """Rules that remember whether a number was too large, so that something has no value which need not lack one, and that
    raise Late once the `deadline` (of time.monotonic) is past."""

    too_large = False
    deadline = math.inf

    def value(self, name: str) -> Rule:
        return self._noted(super().value(name))

    def partial(self, name: str, argument: int) -> Rule:
        return self._noted(super().partial(name, argument))

    def _noted(self, rule: Rule) -> Rule:
        def noted(a: list[Any], out: Any, j: int) -> Any:
            if time.monotonic() > self.deadline:
                raise Late
            try:
                return rule(a, out, j)
            except (TooLarge, OverflowError):
                self.too_large = True
                raise

        return noted


class Ours:
    """The list, asked for values and derivatives with `precision` decimal digits.

    `stable` chooses the stable form of the rules, `point` (name → rational text) another point than the model's. Raises
    Undefined where the list has no value, and Late after the deadline (of time.monotonic).
    """

    def __init__(self, wl: WengertList, convention: str = OWN, order: int = 1, deadline: float = math.inf) -> None:
        self.list = wl
        self.deadline = deadline
        self.convention = convention
        self.order = order
        self.outputs: Sequence[str] = wl.model.outputs
        self.wrt: Sequence[str] = wl.model.wrt
        self.seed = wl.model.seed
        self.active = wl.depends_on([wl.slots[x] for x in wl.model.wrt])
        self.has_stable = any(
            (r := wl.primitive(s)).stable is not None or any(r.stable_partials)
            for s in _first_of_each(wl)
        )  # fmt: skip
        self._noting: dict[tuple[Any, ...], _Noting] = {}
        self._columns: dict[tuple[Any, ...], Any] = {}
        self._adjoints: dict[tuple[Any, ...], list[Any]] = {}
        self._sizes: dict[tuple[Any, ...], list[Any]] = {}
        self._derived: dict[bool, Higher] = {}
        self._higher: dict[tuple[Any, ...], tuple[dict[Key, Any], Any]] = {}

    def value(self, of: str, precision: int, stable: bool, point: Point = None) -> Any:
        return self._swept(of, precision, stable, point)[0][self.list.slots[of]]

    def derivative(self, key: Key, precision: int, stable: bool, point: Point = None) -> Any:
        """∂of/∂wrt, along the model's seed for wrt = "seed", of a higher order for several names."""
        if len(key) > 2:
            return self._told(self._higher_figures(key[0], precision, stable, point)[0][key], key[0], precision, stable, point)
        of, wrt = key
        if wrt == "seed" and self.seed is not None:
            return self.slope(of, None, precision, stable, point)
        value = self.adjoints(of, precision, stable, point)[self.list.slots[wrt]]
        return digits(precision).zero if value is None else self._told(value, of, precision, stable, point)

    def derivative_size(self, key: Key, precision: int, stable: bool, point: Point = None) -> Any:
        """Σ of the absolute contributions: what a derivative of 0 is measured against; for a higher order the largest number
        on the way to it."""
        if len(key) > 2:
            return self._higher_figures(key[0], precision, stable, point)[1]
        of, wrt = key
        if wrt == "seed" and self.seed is not None:
            return self.slope_size(of, None, precision, stable, point)
        self.adjoints(of, precision, stable, point)
        value = self._sizes[of, precision, stable and self.has_stable, _key(point)][self.list.slots[wrt]]
        return digits(precision).zero if value is None else value

    def tangent(self, key: Key, precision: int, stable: bool) -> Any:
        """∂of/∂wrt as the forward sweep has it, along the model's seed for wrt = "seed"."""
        of, wrt = key
        arithmetic = digits(precision)
        along = wrt == "seed" and self.seed is not None
        direction = dict(self._components(None, precision)) if along else {wrt: arithmetic.one}
        _, partials = self._swept(of, precision, stable, None)
        seed = {self.list.slots[x]: component for x, component in direction.items()}
        value = sweeps.tangents(self.list, partials, seed, arithmetic)[self.list.slots[of]]
        return arithmetic.zero if value is None else value

    def slope(self, of: str, direction: Mapping[str, str] | None, precision: int, stable: bool, point: Point = None) -> Any:
        """The derivative along a direction (name → rational text; None: the model's seed)."""
        total = digits(precision).zero
        bars = self.adjoints(of, precision, stable, point)
        for x, component in self._components(direction, precision):
            bar = bars[self.list.slots[x]]
            total += 0 if bar is None else component * bar
        return self._told(total, of, precision, stable, point)

    def slope_size(
        self, of: str, direction: Mapping[str, str] | None, precision: int, stable: bool, point: Point = None
    ) -> Any:
        total = digits(precision).zero
        self.adjoints(of, precision, stable, point)
        sizes = self._sizes[of, precision, stable and self.has_stable, _key(point)]
        for x, component in self._components(direction, precision):
            size = sizes[self.list.slots[x]]
            total += 0 if size is None else abs(component) * size
        return total

    def formula(self, nodes: Nodes, root: int, precision: int, point: Point = None, of: str | None = None) -> Any:
        """The value of a printed formula, whose names are inputs or statements (with `of`, what this output depends on)."""
        values = self._swept(of, precision, False, point)[0]
        rules = Rules(digits(precision), stable=False)
        try:
            value = evaluate(nodes, root, rules, lambda name: self._named(name, values, rules))
        except (*FAULTS, Unknown) as fault:
            raise Undefined from fault
        if digits(precision).context.isnan(value):
            raise Undefined
        return value

    def without_value(self, precision: int, point: Point = None) -> str | None:
        """The first primitive whose textbook form has no value at arguments where its statement has one by the stable forms,
        and none beside them: no overflow and no rounding explains that."""
        try:
            values = self._swept(None, precision, True, point)[0]
        except Undefined:
            return None
        arithmetic = digits(precision)
        rules = Rules(arithmetic, stable=False)
        known = sweeps.constants(self.list, rules)
        for slot in self.list.statements():
            record = self.list.primitive(slot)
            if record.definition is not None and not arithmetic.context.isnan(values[slot]):
                arguments = [values[o] if o >= 0 else known[-1 - o] for o in self.list.operands_of(slot)]
                if _lacks_value(rules.value(record.name), arguments, arithmetic, int(record.literal)):
                    return record.name
        return None

    def shown_value(self, of: str, stable: bool = False) -> str:
        return self._shown(lambda: self.value(of, 60, stable))

    def shown_derivative(self, key: Key, stable: bool = False) -> str:
        return self._shown(lambda: self.derivative(key, 60, stable))

    def _shown(self, ask: Any) -> str:
        try:
            return str(digits(60).context.nstr(ask(), 12)).removesuffix(".0")
        except Undefined:
            return "no value"

    def _named(self, name: str, values: list[Any], rules: Rules) -> Any:
        slot = self.list.slot_named(name)
        if slot is not None:
            return values[slot]
        return rules.arithmetic.e if name == "e" else rules.arithmetic.pi

    def _components(self, direction: Mapping[str, str] | None, precision: int) -> list[tuple[str, Any]]:
        arithmetic = digits(precision)
        if direction is not None:
            return [(x, arithmetic.rational(Fraction(v))) for x, v in direction.items()]
        rules = Rules(arithmetic)
        assert self.seed is not None
        return [(x, sweeps.constant(self.list, root, rules)) for x, root in self.seed.items()]

    def _told(self, slope: Any, of: str, precision: int, stable: bool, point: Point) -> Any:
        """A slope. Raises TooFar where it has no value and numbers on the way to it were too large."""
        key: tuple[Any, ...] = (None, precision, stable and self.has_stable, _key(point))
        rules = self._noting.get((of, *key[1:])) or self._noting[key]
        if rules.too_large and digits(precision).context.isnan(slope):
            raise TooFar
        return slope

    def _swept(self, of: str | None, precision: int, stable: bool, point: Point) -> tuple[list[Any], list[Any]]:
        """The values and the local partials of the whole list; where it has none, of what an output depends on."""
        stable = stable and self.has_stable
        found: Any = Undefined
        for needed in (None, of):
            key = (needed, precision, stable, _key(point))
            found = self._columns.get(key)
            if found is None:
                rules = self._noting[key] = _Noting(digits(precision), stable, self.convention)
                rules.deadline = self.deadline
                found = self._columns[key] = self._sweep(rules, precision, point, needed)
            if not isinstance(found, type):
                columns: tuple[list[Any], list[Any]] = found
                return columns
        raise found

    def _sweep(self, rules: _Noting, precision: int, point: Point, of: str | None) -> Any:
        try:
            start = self._start(rules, digits(precision), point)
            values = sweeps.primal(self.list, start, rules, asked=None if of is None else [self.list.slots[of]])
            return values, sweeps.local_partials(self.list, values, rules, self.active)
        except sweeps.StatementFault as fault:
            return TooFar if fault.overflow else OnEdge if self._is_rounding(fault, precision) else Undefined
        except (WengertError, *FAULTS):
            return Undefined

    def _is_rounding(self, fault: sweeps.StatementFault, precision: int) -> bool:
        """Whether an operand of the statement without a value is what rounding leaves of numbers that cancel; what is exactly 0
        in these digits may be so in all, and then there is no value indeed."""
        context = digits(precision).context
        for slot in self.list.operands_of(fault.slot):
            if slot >= self.list.inputs and self.list.primitive(slot).name in CANCEL:
                sizes = [abs(fault.values[o]) for o in self.list.operands_of(slot) if o >= 0]
                if 0 < abs(fault.values[slot]) <= context.mpf(10) ** (ROUNDED - precision) * max(sizes, default=0):
                    return True
        return False

    def _start(self, rules: Rules, arithmetic: Digits, point: Point) -> list[Any]:
        if point is None:
            return model_point(self.list, rules)
        return [arithmetic.rational(Fraction(point[x.name])) for x in self.list.model.inputs]

    def _higher_figures(self, of: str, precision: int, stable: bool, point: Point) -> tuple[dict[Key, Any], Any]:
        """The derivatives of higher order, and the largest number on the way to them."""
        stable = stable and self.has_stable
        key: tuple[Any, ...] = (None, precision, stable, _key(point))
        self._swept(of, precision, stable, point)  # raises where the output itself has no value
        if key not in self._higher:
            if stable not in self._derived:
                self._derived[stable] = higher(self.list, self.order, stable=stable)
            derived = self._derived[stable]
            rules = self._noting[key]
            start = self._start(rules, digits(precision), point)
            largest = max((abs(v) for v in column(derived.list, rules, start) if v == v), default=digits(precision).zero)
            self._higher[key] = evaluate_higher(derived, rules, start), largest
        return self._higher[key]

    def adjoints(self, of: str, precision: int, stable: bool, point: Point = None) -> list[Any]:
        """∂of/∂v of every slot, None where `of` does not depend on it."""
        key = (of, precision, stable and self.has_stable, _key(point))
        if key not in self._adjoints:
            _, partials = self._swept(of, precision, stable, point)
            arithmetic = digits(precision)
            slot = self.list.slots[of]
            sizes = [None if p is None else abs(p) for p in partials]
            self._adjoints[key] = sweeps.adjoints(self.list, partials, slot, arithmetic)
            self._sizes[key] = sweeps.adjoints(self.list, sizes, slot, arithmetic)
        return self._adjoints[key]


def _lacks_value(rule: Any, arguments: list[Any], arithmetic: Digits, fixed: int) -> bool:
    """Whether a rule has no value at ordinary arguments, nor beside them; the first `fixed` ones stay where they are."""
    edge = arithmetic.context.mpf(10) ** ORDINARY
    if any(a != 0 and not 1 / edge < abs(a) < edge for a in arguments):
        return False
    for share in BESIDE:
        step = arithmetic.rational(share)
        beside = [a if j < fixed else a + step * (a if a != 0 else 1) for j, a in enumerate(arguments)]
        try:
            if not arithmetic.context.isnan(rule(beside, None, 0)):
                return False
        except (TooLarge, OverflowError, Unknown):
            return False
        except FAULTS:
            continue
    return True


def _key(point: Point) -> tuple[tuple[str, str], ...] | None:
    return None if point is None else tuple(point.items())


def _first_of_each(wl: WengertList) -> list[int]:
    """One statement of each primitive that the list uses."""
    found: dict[int, int] = {}
    for slot in wl.statements():
        found.setdefault(wl.opcode[slot - wl.inputs], slot)
    return list(found.values())
