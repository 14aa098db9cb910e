"""What `wengert flow` found out: the spec's network, the networks beside it, and the same at other depths.

The derivatives of the spec itself are judged as those of `trace`; of each network that was made from it the accumulation is
checked exactly (verify/accumulation.py); every network's figures are reckoned again (verify/flows.py). Nothing here prints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from wengert.errors import ValueProblem
from wengert.lang.reader import Scalar
from wengert.lang.variants import Change, Network, Variant
from wengert.report import Report, Settings, report
from wengert.sweep.flow import Flow, flow, reaching_all
from wengert.sweep.trace import run
from wengert.tape.lower import lower
from wengert.verify.accumulation import accumulates
from wengert.verify.flows import Confirmed, confirm
from wengert.verify.judge import Judge


@dataclass(frozen=True)
class Measured:
    """A network and how its gradient travels. `activation` is the one that was asked for, or None: as written. `flow` is None
    where its values or derivatives do not exist, for the reason `problem`; `accumulates` whether both sweeps agree exactly;
    `confirmed` what came of reckoning the figures again (None: not asked for, or no figures)."""

    variant: Variant
    activation: str | None
    flow: Flow | None
    accumulates: bool
    problem: str = ""
    confirmed: Confirmed | None = None

    @property
    def remedies(self) -> tuple[str, ...]:
        return self.variant.change.remedies

    @property
    def depth(self) -> int:
        return len(self.variant.shape.layers)


@dataclass(frozen=True)
class FlowReport:
    """`networks` begin with the spec's own; `depths` hold the same networks in the same order at every depth asked for."""

    report: Report
    network: Network
    networks: tuple[Measured, ...]
    depths: tuple[tuple[Measured, ...], ...] = ()

    @property
    def own(self) -> Flow:
        found = self.networks[0].flow
        assert found is not None  # its own problems are raised
        return found

    @property
    def variants(self) -> Sequence[Measured]:
        """All networks that were made, those at other depths last."""
        return [*self.networks[1:], *(m for row in self.depths for m in row if m.variant.model is not self.network.model)]

    @property
    def confirmed(self) -> Confirmed | None:
        """What came of reckoning the figures of all networks again; None where that was not asked for."""
        found = [(m, m.confirmed) for m in (self.networks[0], *self.variants) if m.confirmed is not None]
        if not found:
            return None
        return Confirmed(
            sum(c.figures for _, c in found), tuple(fault for _, c in found for fault in c.faults),
            next((c.reason for _, c in found if c.reason), ""),
        )  # fmt: skip

    @property
    def verdict(self) -> str | None:
        """Of the derivatives; failed where a variant's sweeps disagree or a figure is wrong, unchecked where figures are."""
        confirmed = self.confirmed
        if not all(m.accumulates for m in (*self.networks, *self.variants)) or (confirmed and confirmed.faults):
            return "failed"
        if confirmed and confirmed.reason and self.report.verdict != "failed":
            return "unchecked"
        return self.report.verdict


def flow_report(
    network: Network, settings: Settings, compare: Sequence[Scalar] = (), remedies: Sequence[str] = (),
    depths: Sequence[int] = (), judge: Judge | None = None, started: float | None = None,
    waiting: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> FlowReport:  # fmt: skip
    """The whole pipeline. `compare` are activations for the hidden layers, `remedies` (of variants.REMEDIES) are put into each
    of those networks one at a time, `depths` counts all layers. Raises WengertError for what the person can mend."""
    judged = report(network.model, settings, True, judge, started, waiting)
    own = network.variant(Change())
    bases: list[tuple[Change, str | None, Variant]] = [(Change(), None, own)]
    for activation in compare:
        change = Change(activation)
        variant = network.variant(change)
        if _alike(variant, own):
            bases[0] = (Change(), activation.text, own)
        else:
            bases.append((change, activation.text, variant))
    made = [*bases]
    for remedy in remedies:
        for base, name, _ in bases:
            change = replace(base, remedies=(remedy,))
            made.append((change, name, network.variant(change)))
    networks = tuple(_measured(variant, name, own, settings.verify) for _, name, variant in made)
    rows = []
    for depth in depths:
        row = []
        for (change, name, _), there in zip(made, networks, strict=True):
            same = depth == there.depth
            row.append(there if same else _measured(network.variant(replace(change, depth=depth)), name, own, settings.verify))
        rows.append(tuple(row))
    return FlowReport(judged, network, networks, tuple(rows))


def _measured(variant: Variant, activation: str | None, own: Variant, verify: bool) -> Measured:
    """Raises ValueProblem for the spec's own network; that of another one is its answer."""
    model = reaching_all(variant.model)
    wl = lower(model)
    exact = accumulates(wl, model.outputs, model.wrt)
    try:
        trace = run(wl)
        found = flow(trace)
        return Measured(variant, activation, found, exact, confirmed=confirm(found, trace) if verify else None)
    except ValueProblem as problem:
        if variant is own:
            raise
        return Measured(variant, activation, None, exact, problem.title)


def _alike(variant: Variant, own: Variant) -> bool:
    """Whether the networks have the same activations, all of them primitives."""
    here, there = variant.shape.layers, own.shape.layers
    return all(
        a.operation is not None and a.operation == b.operation
        for x, y in zip(here, there, strict=True) for a, b in zip(x.activations, y.activations, strict=True)
    )  # fmt: skip
