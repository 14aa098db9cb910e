"""A report: what one command found out. The trace (where there is a point), the formulas, and what the witnesses say.

Nothing here prints. The verification is worked out when it is first asked for, so that tables can be shown before it is there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property

from wengert.lang.model import Model
from wengert.sweep.formulas import Formulas, derive
from wengert.sweep.steps import Steps
from wengert.sweep.trace import Trace, run
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList
from wengert.verify.judge import Judge
from wengert.verify.request import request
from wengert.verify.verdicts import Verification, unchecked, verify
from wengert.verify.witness import Ours

NATURAL_LOG = "ln and log are the natural logarithm"
SPARE = 0.5  # seconds that our own comparisons may take once the judge has been stopped
MAX_VERIFIED = 200_000  # statements; a longer list would only use up the budget


@dataclass(frozen=True)
class Settings:
    """What a person chose: the command line's options that bear on what is computed."""

    mode: str = "reverse"
    level: str | None = None  # None: neuron for a network, operation for all else
    share: bool = True
    fold: bool = False
    verify: bool = True
    budget: float = 5.0


@dataclass(frozen=True)
class Report:
    """`trace` is None where no point was asked for (`diff` without `--at`)."""

    model: Model
    list: WengertList
    settings: Settings
    trace: Trace | None
    deadline: float
    judge: Judge | None
    waiting: Callable[[], AbstractContextManager[object]] = nullcontext  # entered while the witnesses are waited for

    @property
    def level(self) -> str:
        return self.settings.level or ("neuron" if self.model.form == "network" else "operation")

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.model.outputs

    @property
    def assumptions(self) -> Sequence[str]:
        """What every document opens with: the loss's factor, the base of logarithms."""
        logarithm = "ln" in self.list.opcodes
        return (*self.model.assumptions, *((NATURAL_LOG,) if logarithm else ()))

    @cached_property
    def active(self) -> bytearray:
        return self.list.depends_on([self.list.slots[x] for x in self.model.wrt])

    @cached_property
    def steps(self) -> Steps:
        return Steps(self.list, self.active, self.level)

    def steps_at(self, level: str) -> Steps:
        return self.steps if level == self.level else Steps(self.list, self.active, level)

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """(output, name) of every derivative that is reported."""
        if self.trace is not None:
            return self.trace.pairs()
        return [(of, x) for of in self.outputs for x in self.model.wrt]

    @cached_property
    def formulas(self) -> Formulas:
        """The derivatives' formulas; in the names of statements too where a table will show those."""
        return derive(self.list, self.outputs, self.model.wrt, named=self.model.form != "formula")

    @cached_property
    def verification(self) -> Verification | None:
        """None where verification is off."""
        if self.judge is None:
            return None
        if len(self.list) > MAX_VERIFIED:
            self.judge.close()
            return unchecked(self.pairs, f"a list of more than {MAX_VERIFIED} statements is not verified")
        try:
            with self.waiting():
                answers = self.judge.answers(self.deadline)
                return verify(self.trace, Ours(self.list), self.pairs, self.formulas, answers, self.deadline + SPARE)
        finally:
            self.judge.close()

    @property
    def verdict(self) -> str | None:
        return None if self.verification is None else self.verification.verdict


def report(
    model: Model, settings: Settings, at_point: bool, judge: Judge | None = None,
    started: float | None = None, waiting: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Report:  # fmt: skip
    """The whole pipeline: model → Wengert list → sweeps → (formulas, verification when asked for).

    `judge` may have been started before, to save time; `started` is when the budget began (time.monotonic). Raises
    WengertError for what the person can mend.
    """
    wl = lower(model, settings.share, settings.fold)
    trace = run(wl, settings.mode) if at_point else None
    deadline = (started if started is not None else time.monotonic()) + settings.budget
    if not settings.verify:
        judge = None
    elif judge is None:
        judge = Judge()
        judge.start()
    made = Report(model, wl, settings, trace, deadline, judge, waiting)
    if judge is not None and len(wl) <= MAX_VERIFIED:
        judge.ask(request(model, made.formulas, wl, made.active, at_point))
    return made
