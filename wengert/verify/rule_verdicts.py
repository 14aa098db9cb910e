"""The rules of the table before the judge: is each local partial the derivative of its operation?

It changes when what is asked about a rule, or what an answer is worth, changes. The questions are those of request.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from wengert.lang.expr import Nodes
from wengert.tape.record import Primitive
from wengert.verify.judge import Judge
from wengert.verify.request import MANY, rule_item

Verdict = Literal["proved", "open", "failed", "unchecked"]
_WORST: tuple[Verdict, ...] = ("failed", "unchecked", "open", "proved")
_STATUS: dict[str, Verdict] = {"proved": "proved", "open": "open", "wrong": "failed"}


@dataclass(frozen=True)
class RuleCheck:
    """`verdict` of one partial (the worst over the arguments that it stands for), on how many branches, and why not more.

    "open" is not proved, though no difference was found at random points; "unchecked" is not answered in time.
    """

    verdict: Verdict
    branches: int
    reason: str | None = None


class RuleVerdicts:
    """The judge's answers for some records, asked at once and waited for when the first is wanted."""

    def __init__(
        self, judge: Judge, records: Sequence[Primitive], deadline: float,
        waiting: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:  # fmt: skip
        """`judge` has been started; `deadline` is a time.monotonic()."""
        self._judge = judge
        self._deadline = deadline
        self._waiting = waiting
        self._keys: dict[tuple[str, int, bool], list[str]] = {}
        items: list[dict[str, Any]] = []
        for record in records:
            for argument, count in _arguments(record):
                for stable in (False, True):
                    item = rule_item(record.name, argument, count, stable)
                    if item is not None:
                        items.append(item)
                        key = (record.name, record.param_of(argument), stable)
                        self._keys.setdefault(key, []).append(item["key"])
        judge.ask(_request(items), max(1.0, deadline - time.monotonic()))

    def check(self, records: Sequence[Primitive], param: int, stable: bool = False) -> RuleCheck | None:
        """The verdict on the partial of a parameter (from 0), over all the records; None where there is nothing to ask."""
        keys = [key for r in records for key in self._keys.get((r.name, param, stable), ())]
        if not keys:
            return None
        found = [self._answers.get(key, RuleCheck("unchecked", 0, self._ended)) for key in keys]
        worst = min(found, key=lambda c: _WORST.index(c.verdict))
        return RuleCheck(worst.verdict, max(c.branches for c in found), worst.reason)

    def counts(self) -> tuple[int, int]:
        """(proved, asked) over the partials as the table has them, without their stable forms."""
        asked = [k for (_, _, stable), keys in self._keys.items() if not stable for k in keys]
        proved = [k for k in asked if k in self._answers and self._answers[k].verdict == "proved"]
        return len(proved), len(asked)

    @property
    def verdict(self) -> str:
        """The verdict of the whole: failed, unchecked (anything that is not proved) or proved. A stable form may be open."""
        checks = [(stable, self._answers.get(k)) for (_, _, stable), keys in self._keys.items() for k in keys]
        if any(c is not None and c.verdict == "failed" for _, c in checks):
            return "failed"
        if any(c is None or (c.verdict == "open" and not stable) for stable, c in checks):
            return "unchecked"
        return "proved"

    @cached_property
    def _answers(self) -> dict[str, RuleCheck]:
        found: dict[str, RuleCheck] = {}
        self._ended: str | None = None
        with self._waiting():
            for answer in self._judge.answers(self._deadline):
                if answer["kind"] == "rule":
                    found[answer["key"]] = RuleCheck(_STATUS[answer["status"]], answer["branches"] or 0, answer["reason"])
                elif answer["kind"] in ("stopped", "note"):
                    self._ended = answer.get("reason") or answer.get("text")
        self._judge.close()
        return found


def _arguments(record: Primitive) -> list[tuple[int, int]]:
    """(argument, count of arguments) of each question: for any number of arguments, those of one call."""
    count = 4 if record.paired else len(record.params) - 1 + MANY if record.many else len(record.params)
    return [(j, count) for j in range(count)]


def _request(items: list[dict[str, Any]]) -> dict[str, Any]:
    """A request without a model: rules alone."""
    empty = Nodes().columns()
    return {
        "nodes": empty, "inputs": [], "definitions": [], "outputs": [], "wrt": [], "seed": None, "rules": items,
        "formulas": {"nodes": empty, "roots": []}, "at_point": False, "options": {},
    }  # fmt: skip
