"""What speaks against a whole output: a wrong rule, sweeps that differ, a value or a slope that is not the judge's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from wengert.verify.answers import Answers
from wengert.verify.comparison import PRECISIONS, both
from wengert.verify.reasons import short
from wengert.verify.witness import Ours, TooFar, Undefined


@dataclass(frozen=True)
class Outputs:
    """The outputs of a list beside the judge's answers; `pointed` whether there is a point, `accumulates` whether the forward
    and the reverse sweep agree exactly."""

    ours: Ours
    answers: Answers
    pointed: bool
    accumulates: bool

    def faults(self) -> dict[str, str]:
        """What speaks against each output, for those that something speaks against."""
        return {of: fault for of in self.ours.outputs if (fault := self._fault(of)) is not None}

    def _fault(self, of: str) -> str | None:
        wrong = next((r for r in self.answers.rules.values() if r["status"] == "wrong"), None)
        if wrong is not None:
            return f"the rule of {wrong['key'].partition('/')[0]}: {wrong['reason']}"
        if not self.accumulates:
            return "the forward and the reverse sweep of this list differ"
        reference = self.answers.values.get(of)
        if reference is not None and self.pointed and (fault := self._value_fault(of, reference)):
            return fault
        asked = [a for a in self.answers.randoms if a["of"] == of and "wrt" not in a]
        told = [a for a in asked if not self._without_slope(a)]
        if not told and not self.pointed:
            told = asked
        random = (self._random_fault(a) for a in told)
        along = (self._direction_fault(a) for a in self.answers.directions if a["of"] == of)
        return next((fault for fault in chain(random, along) if fault), None)

    def _value_fault(self, of: str, reference: str) -> str | None:
        if both(lambda d, s: self.ours.value(of, d, s), reference) is not False:
            return self._gap(of, None)
        return f"the value of {of} is {short(reference)}, the list has {self.ours.shown_value(of)}"

    def _random_fault(self, answer: dict[str, Any]) -> str | None:
        point, direction, of = answer["point"], answer["direction"], answer["of"]
        where = ", ".join(f"{x} = {v}" for x, v in list(point.items())[:4])
        if both(lambda d, s: self.ours.value(of, d, s, point), answer["value"]) is False:
            return f"the value of {of} differs at {where}"
        if gap := self._gap(of, point):
            return gap
        slope = both(
            lambda d, s: self.ours.slope(of, direction, d, s, point), answer["slope"],
            lambda d, s: self.ours.slope_size(of, direction, d, s, point), method=answer["method"],
        )  # fmt: skip
        if slope is False:
            return f"the slope of {of} differs at {where}"
        return None

    def _without_slope(self, answer: dict[str, Any]) -> bool:
        """Whether the list has a value at a random point and no slope, as the rule of power has none for the exponent of a
        negative base: of y**(x/x) at y = -2. That says nothing where the point asked for speaks, or another random one."""
        values = 0
        for stable in (False, True):
            try:
                slope = self.ours.slope(answer["of"], answer["direction"], PRECISIONS[0], stable, answer["point"])
            except TooFar:
                return False
            except Undefined:
                continue
            values += 1
            if slope == slope:
                return False
        return values > 0

    def _gap(self, of: str, point: Mapping[str, str] | None) -> str | None:
        """Whether a definition has no value of its own where the judge has one, and so says nothing of the stable form."""
        try:
            self.ours.value(of, PRECISIONS[0], False, point)
        except TooFar:
            return None
        except Undefined:
            name = self.ours.without_value(PRECISIONS[1], point)
            return None if name is None else f"the definition of {name} has no value where {of} has one"
        return None

    def _direction_fault(self, answer: dict[str, Any]) -> str | None:
        of, direction = answer["of"], answer["direction"]
        slope = both(
            lambda d, s: self.ours.slope(of, direction, d, s), answer["value"],
            lambda d, s: self.ours.slope_size(of, direction, d, s), method=answer["method"],
        )  # fmt: skip
        if slope is False:
            return f"the slope of {of} along a random direction differs"
        return None
