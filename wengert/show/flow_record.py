"""The JSON of `wengert flow`: wengert.flow/1. Layers stand from the first to the last; infinite is "inf", undefined null."""

from __future__ import annotations

import math
from typing import Any

from wengert.flow_report import FlowReport, Measured
from wengert.lang.expr import Nodes
from wengert.show.flow_document import activation, label
from wengert.show.gradient import warnings
from wengert.sweep.flow import BLOCKED, EXPLODED, SATURATED, VANISHED, Flow, LayerFlow

FLOW = "wengert.flow/1"


def flow_record(report: FlowReport) -> dict[str, Any]:
    """The report as the contract's object."""
    own, judged = report.own, report.report
    made: dict[str, Any] = {
        "schema": FLOW,
        "title": judged.model.title,
        "source": judged.model.source,
        "assumptions": list(judged.assumptions),
        "rows": report.network.shape.rows,
        "outputs": list(own.outputs),
        "norm": "root of the sum of squares over a layer's neurons and all rows of data",
        **_flow(own, report.network.model.nodes),
        "threshold": {
            "vanishing_below": VANISHED, "exploding_above": EXPLODED, "entering_below": BLOCKED, "saturated_below": SATURATED,
        },
        "variants": [_variant(m) for m in report.networks[1:]],
    }
    if report.depths:
        made["depths"] = [_variant(m) for row in report.depths for m in row]
    made["derivatives_verdict"] = report.verdict
    confirmed = report.confirmed
    made["figures_check"] = None if confirmed is None else {
        "figures": confirmed.figures, "faults": list(confirmed.faults), "reason": confirmed.reason or None,
    }  # fmt: skip
    made["warnings"] = warnings(judged)
    return made


def _flow(flow: Flow, nodes: Nodes) -> dict[str, Any]:
    return {
        "layers": [_layer(x, nodes) for x in flow.layers],
        "first_to_last": _number(flow.ratio),
        "per_layer": _number(flow.per_layer),
        "entering": _number(flow.entering),
        "slopes_product": _number(flow.slopes),
        "verdict": flow.verdict,
    }


def _layer(x: LayerFlow, nodes: Nodes) -> dict[str, Any]:
    figures = {
        "delta_mean": x.delta_mean, "delta_max": x.delta_max, "delta_norm": x.delta_norm,
        "weights_mean": x.weights_mean, "weights_max": x.weights_max, "slope_mean": x.slope,
        "saturated": x.saturated, "dead": x.dead, "factor": x.factor, "factor_activation": x.factor_activation,
        "factor_weights": x.factor_weights, "factor_other": x.factor_other, "factor_batchnorm": x.factor_batchnorm,
    }  # fmt: skip
    own = {"number": x.layer.number, "name": x.layer.name, "activation": activation(x.layer, nodes)}
    return {**own, **{key: _number(value) for key, value in figures.items()}}


def _variant(m: Measured) -> dict[str, Any]:
    own = {
        "name": label(m), "activation": m.activation, "remedies": list(m.remedies), "changed": dict(m.variant.changed),
        "depth": m.depth, "accumulates": m.accumulates, "problem": m.problem or None,
    }  # fmt: skip
    found = {"layers": [], "verdict": None} if m.flow is None else _flow(m.flow, m.variant.model.nodes)
    return {**own, **found}


def _number(value: float | None) -> float | str | None:
    if value is None or math.isnan(value):
        return None
    return value if math.isfinite(value) else "inf" if value > 0 else "-inf"
