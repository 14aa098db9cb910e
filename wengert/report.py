"""A report: what one command found out. The trace (where there is a point), the formulas, and what the witnesses say.

Nothing here prints. The verification is worked out when it is first asked for, so that tables can be shown before it is there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wengert.errors import UsageError, ValueProblem
from wengert.lang.model import Key, Model
from wengert.settings import Settings as Settings
from wengert.sweep.arithmetics import FAULTS, Float, digits
from wengert.sweep.choice import BESIDE, SHADOWED, STRICT
from wengert.sweep.formulas import DerivativeFormula, Formulas, derive
from wengert.sweep.higher import Higher, higher, higher_formulas, named_formulas
from wengert.sweep.losses import Loss, losses
from wengert.sweep.point import amounts
from wengert.sweep.rules import OWN, Rules
from wengert.sweep.steps import Steps
from wengert.sweep.trace import Trace, run
from wengert.tape.lower import lower
from wengert.tape.wengert_list import WengertList
from wengert.verify.reformulated import Meeting, meeting

if TYPE_CHECKING:
    from wengert.sweep.layer_check import Agreement
    from wengert.sweep.layers import LayerSweep
    from wengert.verify.checks import Verification
    from wengert.verify.judge import Judge

NATURAL_LOG = "ln and log are the natural logarithm"
SPARE = 0.5  # seconds that our own comparisons may take once the judge has been stopped
SEARCHED = 24  # values and derivatives for which the statements that lost their digits are looked for
NAMED = 4  # numbers of a network in a sentence
WRITTEN_OUT = "the network's matrices have other values of {}"
MAX_VERIFIED = 200_000  # statements; a longer list would only use up the budget
TOO_LONG = f"a list of more than {MAX_VERIFIED:,} statements is not verified (--no-verify leaves the check out)"


@dataclass(frozen=True)
class Report:
    """`trace` is None where no point was asked for (`diff` without `--at`)."""

    model: Model
    list: WengertList
    settings: Settings
    trace: Trace | None
    deadline: float | None  # of time.monotonic; None: the budget begins when the verdict is asked for
    judge: Judge | None  # None: one is started when the verdict is asked for
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
    def many(self) -> bool:
        """Whether the derivatives are partial ones, as the model says; it counts its inputs for that."""
        return self.model.many()

    @cached_property
    def active(self) -> bytearray:
        return self.list.depends_on([self.list.slots[x] for x in self.model.wrt])

    @cached_property
    def steps(self) -> Steps:
        return Steps(self.list, self.active, self.level)

    def steps_at(self, level: str) -> Steps:
        return self.steps if level == self.level else Steps(self.list, self.active, level)

    @property
    def pairs(self) -> Sequence[Key]:
        """(output, name) of every derivative of first order that is reported."""
        if self.trace is not None:
            return self.trace.pairs()
        along = ("seed",) if self.model.seed is not None else ()
        return [(of, x) for of in self.outputs for x in (*self.model.wrt, *along)]

    @cached_property
    def derived(self) -> Higher | None:
        """The derivatives as a further list, in the textbook form of the rules, where an order above the first is asked for."""
        return higher(self.list, self.settings.order, stable=False) if self.settings.order > 1 else None

    @cached_property
    def keys(self) -> Sequence[Key]:
        """Every derivative that is reported, those of higher order last."""
        if self.derived is None:
            return self.pairs
        orders = range(2, self.settings.order + 1) if self.in_one_name else (self.settings.order,)
        return [*self.pairs, *(key for k in orders for key in self.derived.of_order(k))]

    @property
    def in_one_name(self) -> bool:
        """Whether every order has one derivative of an output, so that all orders up to the one asked for are listed."""
        return len(self.model.wrt) == 1 and self.model.seed is None

    @cached_property
    def formulas(self) -> Formulas:
        """The derivatives' formulas; in the names of statements too where a table will show those."""
        rounded = self.settings.round is not None  # then the numbers of the names are what is reckoned with
        named = rounded or self.model.form != "formula"
        found = derive(self.list, self.outputs, self.model.wrt, named, rounded and self.model.form != "network")
        if self.derived is not None:
            wanted = set(self.keys)
            roots = higher_formulas(self.derived, found.nodes)
            roots = {key: root for key, root in roots.items() if len(key) > 2 and key in wanted}
            in_names = named_formulas(self.list, [k for k, root in roots.items() if named or root is None], found.nodes)
            for key, root in roots.items():
                n = in_names.get(key)
                found.by_key[key] = DerivativeFormula(n if root is None else root, root is not None, n)
        return found

    @cached_property
    def meeting(self) -> Meeting | None:
        """The loss and its activation, where they collapse to a − t together."""
        return meeting(self.model)

    @cached_property
    def verification(self) -> Verification | None:
        """None where verification is off."""
        if not self.settings.verify:
            return None
        from wengert.verify.checks import failed, unchecked
        from wengert.verify.judge import Judge
        from wengert.verify.request import is_stable
        from wengert.verify.verdicts import verify
        from wengert.verify.witness import Ours

        judge = self.judge or Judge()
        try:
            if len(self.list) > MAX_VERIFIED:
                return unchecked(self.keys, TOO_LONG)
            deadline = time.monotonic() + self.settings.budget if self.deadline is None else self.deadline
            if self.judge is None:
                judge.start()
                judge.ask(self.request(), self.settings.budget)
            with self.waiting():
                answers = judge.answers(deadline)
                convention = OWN if self.settings.kink == STRICT else self.settings.kink
                ours = Ours(self.list, convention, self.settings.order, deadline + SPARE)
                wrong = self.written_out  # while the judge works
                asked = sum(not is_stable(rule) for rule in self._rules)
                found = verify(self.trace, ours, self.keys, self.formulas, answers, asked)
                if wrong is None or wrong.agrees:
                    return found
                return failed(found, WRITTEN_OUT.format(", ".join(wrong.faults[:NAMED])))
        finally:
            judge.close()

    def request(self) -> dict[str, Any]:
        """What the judge is asked."""
        from wengert.verify.request import request

        digits = None if self.trace is None else self.trace.choice.digits
        return request(self.model, self.formulas, self._rules, self.trace is not None, self.keys, digits)

    @cached_property
    def _rules(self) -> Sequence[dict[str, Any]]:
        """The questions about the rules that were used."""
        from wengert.verify.request import rule_items

        return rule_items(self.list, self.active)

    @cached_property
    def losses(self) -> Sequence[Loss]:
        """Where double precision lost digits of an output, or of a derivative that is imprecise."""
        return list({(loss.slot, loss.where): loss for found in self.lost.values() for loss in found}.values())

    @cached_property
    def lost(self) -> Mapping[Key, Sequence[Loss]]:
        """What is imprecise, the value of an output as (output,) and derivatives, with the statements that are to blame: of
        the outputs and the first derivatives (of first order)."""
        verification, trace = self.verification, self.trace
        if verification is None or trace is None or trace.choice.digits is not None:
            return {}
        values: list[Key] = [(of,) for of, value in verification.values.items() if value.verdict == "imprecise"]
        imprecise = [*values, *(key for key, check in verification.checks.items() if check.verdict == "imprecise")]
        searched = [key for key in imprecise if len(key) <= 2][:SEARCHED]
        right = trace.right if searched else None
        if right is None:
            return dict.fromkeys(imprecise, ())
        found = {key: losses(self.list, trace.columns, right, key[0], key[1] if len(key) > 1 else None) for key in searched}
        return {key: found.get(key, ()) for key in imprecise}

    @cached_property
    def layers(self) -> LayerSweep | None:
        """The network in matrices, where the layer level was asked for."""
        if self.level != "layer" or self.trace is None:
            return None
        from wengert.sweep.layers import sweep_layers

        rules = Rules(Float(), convention=self.trace.rules.convention)
        return sweep_layers(self.model, self.trace.values[: self.list.inputs], rules, self.outputs)

    @cached_property
    def written_out(self) -> Agreement | None:
        """What came of comparing a network's statements, neuron by neuron, with its matrices: the judge works from the same
        definitions as the list. None for what is no network, is not swept backward in doubles, or is long."""
        trace = self.trace
        if self.model.network is None or trace is None or trace.choice.digits is not None or not trace.columns.adjoints:
            return None
        if len(self.list) > SHADOWED:
            return None
        from wengert.sweep.layer_check import compare
        from wengert.sweep.layers import sweep_layers

        try:
            rules = Rules(Float(), convention=trace.rules.convention)
            made = self.layers or sweep_layers(self.model, trace.values[: self.list.inputs], rules, self.outputs)
            return self.agreement or compare(trace, made)
        except (ValueProblem, *FAULTS):  # what has no value in 50 digits, or in the matrices
            return None

    @cached_property
    def agreement(self) -> Agreement | None:
        """What came of comparing the layer level with the operation level."""
        if self.layers is None or self.trace is None:
            return None
        from wengert.sweep.layer_check import compare

        return compare(self.trace, self.layers)

    @property
    def verdict(self) -> str | None:
        """The verdict of the whole; failed where two levels differ, whatever the judge says."""
        if self.agreement is not None and not self.agreement.agrees:
            return "failed"
        return None if self.verification is None else self.verification.verdict


def report(
    model: Model, settings: Settings, at_point: bool, judge: Judge | None = None,
    started: float | None = None, waiting: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Report:  # fmt: skip
    """The whole pipeline: model → Wengert list → sweeps → (formulas, verification when asked for).

    `judge` may have been started before, to save time; `started` is when the budget began (time.monotonic). Without either, no
    process is started until a verdict is asked for. Raises WengertError for what the person can mend.
    """
    choice = settings.choice()
    if settings.level == "layer":
        _fits_layers(settings, model, at_point)
    if not at_point:
        _needs_no_point(settings, model)
    if model.seed is not None and settings.mode == "reverse":
        raise UsageError(
            "--mode reverse knows no direction, and a seed gives one", hint="--mode both shows the adjoints too"
        )
    if model.seed is not None and choice.order > 2:
        raise UsageError(
            f"--order {choice.order} along a seed is not offered", hint="--order 2 gives the Hessian times the seed"
        )
    wl = lower(model, settings.share, settings.fold, settings.limit)
    trace = run(wl, settings.mode or "reverse", choice) if at_point else None
    if model.seed is not None and not at_point:  # it is a constant, though nothing is computed with it
        amounts(wl, {wl.slots[x]: root for x, root in model.seed.items()}, Rules(digits(choice.digits or BESIDE)))
    if judge is not None and not settings.verify:
        judge = None
    if judge is not None and (started is None or choice.digits is not None):  # many digits have a time of their own
        started = time.monotonic()
    made = Report(model, wl, settings, trace, None if started is None else started + settings.budget, judge, waiting)
    if judge is not None and len(wl) <= MAX_VERIFIED:
        judge.ask(made.request(), settings.budget)
    return made


def _fits_layers(settings: Settings, model: Model, at_point: bool) -> None:
    """Raises UsageError for what has no matrix form, and for settings that bear on single statements."""
    if model.network is None:
        raise UsageError("--level layer is for networks", hint="--level operation shows a formula or a program step by step")
    if not at_point:
        raise UsageError(
            "--level layer shows matrices of numbers, and diff has none", hint="wengert trace, or diff with --level neuron"
        )
    for option, given in (
        ("--precision", settings.precision is not None), (f"--numbers {settings.numbers}", settings.numbers != "float"),
        ("--round", settings.round is not None), (f"--mode {settings.mode}", settings.mode not in (None, "reverse")),
        ("--seed", model.seed is not None), ("--order", settings.order > 1), ("--paths", settings.paths),
    ):  # fmt: skip
        if given:
            raise UsageError(
                f"--level layer shows the reverse sweep in double precision; {option} does not go with it",
                hint="--level neuron takes it",
            )


def _needs_no_point(settings: Settings, model: Model) -> None:
    """Raises UsageError for a setting that would do nothing without numbers."""
    usual = Settings()
    for option, given in (
        ("--round", settings.round is not None), ("--precision", settings.precision is not None),
        (f"--numbers {settings.numbers}", settings.numbers != usual.numbers), (f"--kink {settings.kink}", settings.kink != OWN),
    ):  # fmt: skip
        if given:
            names = ",".join(f"{x.name}=…" for x in model.inputs[:4]) or "x=…"
            raise UsageError(f"{option} needs a point", hint=f"add --at {names}{',…' if len(model.inputs) > 4 else ''}")
