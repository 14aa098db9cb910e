"""The JSON of `train` (design, section 9): parameters and values after the last step, and a loss a step."""

from __future__ import annotations

from typing import Any

from wengert.show.gradient import warnings
from wengert.show.numbers import Digits
from wengert.show.train_document import Trained
from wengert.sweep.optimizers import PARAMETER
from wengert.sweep.training import Step, Training

TRAIN = "wengert.train/1"


def train_record(trained: Trained, digits: Digits) -> dict[str, Any]:
    """The contract's object. `history` begins with the output before the first step; `first` has the first steps in full, with
    what the optimizer's formulas came to, by their names; `gradient_verdict` is that of the first step's derivatives."""
    report, training = trained.report, trained.training
    wl, optimizer = training.list, training.optimizer
    return {
        "schema": TRAIN,
        "title": report.model.title,
        "source": report.model.source,
        "assumptions": list(report.assumptions),
        "output": training.of,
        "optimizer": optimizer.name,
        "rate": training.rate,
        "constants": {_CONSTANTS[name]: value for name, value in optimizer.constants.items()},
        "steps": training.steps,
        "frozen": list(trained.left_alone),
        "parameters": training.parameters,
        "values": {wl.names[slot]: training.values[slot] for slot in wl.statements() if slot in wl.names},
        "history": list(training.history),
        "first": [_step(training, step) for step in training.first],
        "saved": trained.saved,
        "verdict": trained.verdict,
        "warnings": [*warnings(report), *trained.warnings(digits)],
    }


_CONSTANTS = {"μ": "momentum", "β1": "beta1", "β2": "beta2", "ε": "epsilon"}


def _step(training: Training, step: Step) -> dict[str, Any]:
    optimizer = training.optimizer
    made = []
    for i, name in enumerate(training.moved):
        entry: dict[str, Any] = {"name": name, "before": step.before[i], "gradient": step.gradient[i]}
        entry |= {symbol: step.lines[symbol][i] for symbol, _ in optimizer.lines if symbol != PARAMETER}
        entry |= {"update": step.after[i] - step.before[i], "after": step.after[i]}
        made.append(entry)
    return {"step": step.number, "before": step.loss, "after": training.history[step.number], "parameters": made}
