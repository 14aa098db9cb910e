"""wengert train SPEC: steps of gradient descent, the first ones in full."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Annotated, Any, Optional

from wengert.cli import options
from wengert.cli.messages import status_of, warn
from wengert.cli.output import Output
from wengert.cli.parameters import Option
from wengert.cli.source import read_model
from wengert.cli.streams import quiet_stdout
from wengert.cli.waiting import Busy, Counting
from wengert.errors import Place, Source, UsageError, ValueProblem
from wengert.files import write_whole
from wengert.lang.fields import check_constant, did_you_mean
from wengert.lang.model import Model, Role
from wengert.lang.options import names_given, override
from wengert.lang.parser import parse_expression
from wengert.pipeline import is_file_name
from wengert.report import MAX_VERIFIED, Report, Settings, report
from wengert.show.chosen import DIGITS, MOST_DIGITS, digits_of_doubles
from wengert.show.formats import Content
from wengert.show.gradient import warnings
from wengert.show.look import look_of
from wengert.show.saved_spec import spec_text
from wengert.show.train_document import Trained, train_document
from wengert.show.train_record import train_record
from wengert.sweep.arithmetics import Float
from wengert.sweep.faults import explain_constant
from wengert.sweep.optimizers import OPTIMIZERS, Optimizer
from wengert.sweep.rationals import UNKNOWN, Rational
from wengert.sweep.rules import Rules
from wengert.sweep.sweeps import ConstantFault, constant
from wengert.sweep.training import Training
from wengert.sweep.training import train as trained_by
from wengert.tape.primitives import VOCABULARY
from wengert.verify.judge import Judge
from wengert.verify.steps import fault as steps_fault

MOST_STEPS = 1_000_000
USUAL_RATES = {"sgd": "0.5", "momentum": "0.1", "adam": "0.001"}  # adam's is that of its publication

Rate = Annotated[
    Optional[str], Option("--rate", metavar="η", show_default=False, help="Learning rate; wins over the spec's rate.")
]
StepCount = Annotated[int, Option("--steps", metavar="N", help="How many steps; the first are shown in full.")]
OptimizerName = Annotated[str, Option("--optimizer", metavar="NAME", help="sgd, momentum or adam.")]
Momentum = Annotated[
    Optional[float], Option("--momentum", metavar="μ", show_default=False, help="With --optimizer momentum: μ (0.9).")
]
Save = Annotated[
    Optional[str],
    Option("--save", metavar="FILE", show_default=False, help="Write a spec with the trained values (.yaml)."),
]
Wrt = Annotated[
    Optional[list[str]], Option("--wrt", metavar="w1,w2", help="Move these names only; repeatable.", show_default=False)
]
Of = Annotated[Optional[str], Option("--of", metavar="L", help="Make this quantity smaller.", show_default=False)]
DigitCount = Annotated[
    Optional[int],
    Option("--digits", metavar="N", show_default=False,
           help=f"Significant digits of results ({DIGITS}; {MOST_DIGITS} in CSV)."),
]


@dataclass(frozen=True)
class Request:
    """The options of the command, as they were typed."""

    spec: str
    at: tuple[str, ...]
    wrt: str | None
    of: str | None
    rate: str | None
    steps: int
    optimizer: str
    momentum: float | None
    save: str | None
    format: str | None
    output: str | None
    digits: int | None
    decimals: int | None
    verify: bool
    budget: float
    ascii: bool
    standalone: bool


def train(
    judge: Judge | None,
    spec: options.Spec,
    rate: Rate = None,
    steps: StepCount = 1,
    optimizer: OptimizerName = "sgd",
    momentum: Momentum = None,
    save: Save = None,
    at: options.At = None,
    wrt: Wrt = None,
    of: Of = None,
    format: options.Format = None,
    output: options.Output = None,
    standalone: options.Standalone = False,
    digits: DigitCount = None,
    decimals: options.Decimals = None,
    verify: options.Verify = True,
    budget: options.Budget = 5.0,
    ascii: options.Ascii = False,
) -> int:
    """Take steps of gradient descent, w ← w − η ∂L/∂w, and show the first of them with all numbers.

    It moves the names of wrt (a network's parameters), but not the frozen ones; the first step's derivatives are checked.

    \b
    Examples:
      wengert train net.yaml --rate 0.5
      wengert train net.yaml --steps 500 --save trained.yaml
      wengert train net.yaml --steps 500 -o loss.svg
    """
    return _carry_out(
        judge,
        Request(
            spec, tuple(at or ()), options.joined(wrt), of, rate, steps, optimizer, momentum, save, format, output,
            digits, decimals, verify, budget, ascii, standalone,
        ),
    )  # fmt: skip


def _carry_out(judge: Judge | None, asked: Request) -> int:
    """Run the command; gives the status that the verdict calls for."""
    started = time.monotonic()
    chosen = _checked(asked)
    output = Output(asked.format, asked.output, asked.ascii, standalone=asked.standalone)
    digits = digits_of_doubles(asked.digits, output.format, asked.decimals)
    with Busy("computing"):
        read = read_model(asked.spec, VOCABULARY, names_given(asked.at))
        model = override(replace(read, seed=None), VOCABULARY, at=asked.at, wrt=asked.wrt, of=asked.of)
        of = _output(model)
        rate = _rate(model, asked)
        moved, computed = _moved(model)
        settings = Settings(verify=asked.verify and not output.pictured, budget=asked.budget)
        made = report(replace(model, wrt=moved), settings, True, judge, started, lambda: Busy("checking"))
        _check_rate(model, asked, rate_of(made, rate))
    before = time.monotonic()
    with Counting("training", asked.steps) as bar:
        training = trained_by(made.list, of, moved, chosen, rate_of(made, rate), asked.steps, bar.at)
    if made.deadline is not None:
        made = replace(made, deadline=made.deadline + time.monotonic() - before)  # the judge's time is his own
    frozen = tuple(name for name in model.wrt if name in model.frozen)
    wrong = steps_fault(training) if settings.verify and len(made.list) <= MAX_VERIFIED else None
    found = Trained(made, training, _exact_rate(made, rate), frozen, computed, asked.save, wrong)
    if asked.save is not None:
        write_whole(asked.save, _saved(_with_seed(model, read), asked, training))
    warn((*warnings(made), *found.warnings(digits)))
    try:
        content = Content(lambda: train_document(found, digits), lambda: train_record(found, digits))
        output.write(content, look_of(made.model))
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
        return 0
    return status_of(found.verdict)


def _checked(asked: Request) -> Optimizer:
    """The optimizer. Raises UsageError for options that mean nothing."""
    if not 1 <= asked.steps <= MOST_STEPS:
        raise UsageError(f"--steps is {asked.steps}", hint=f"a whole number from 1 to {MOST_STEPS:,}")
    if asked.optimizer not in OPTIMIZERS:
        raise UsageError(
            f"--optimizer is {asked.optimizer}", hint=did_you_mean(asked.optimizer, OPTIMIZERS, "one of")
        )
    if not 0 < asked.budget <= 86_400:
        raise UsageError(f"--budget is {asked.budget:g}", hint="a number of seconds greater than 0")
    if asked.save is not None and not is_file_name(asked.save):
        raise UsageError(f"--save writes a spec: {asked.save} does not end like one", hint="for example --save trained.yaml")
    chosen = OPTIMIZERS[asked.optimizer]
    if asked.momentum is None:
        return chosen
    if chosen.name != "momentum":
        raise UsageError(f"--momentum does not go with {chosen.name}", hint="add --optimizer momentum")
    if not 0 <= asked.momentum < 1:
        raise UsageError(f"--momentum is {asked.momentum:g}", hint="a number from 0 to less than 1: 0.9 is usual")
    return replace(chosen, constants={"μ": asked.momentum})


def _output(model: Model) -> str:
    """What is made smaller. Raises UsageError where that is not one quantity."""
    if len(model.outputs) == 1:
        return model.outputs[0]
    names = ", ".join(model.outputs[:6]) + (", …" if len(model.outputs) > 6 else "")
    first = model.outputs[0]
    hint = f"choose one: --of {first}"
    if model.form == "network":
        hint = f"give the network a loss: targets: and loss: half_squared_error; or --of {first}"
    raise UsageError(f"train makes one quantity smaller, and here are {len(model.outputs)}: {names}", hint=hint)


def _rate(model: Model, asked: Request) -> int:
    """The root of the rate: --rate, or the spec's. Raises UsageError where there is none."""
    if asked.rate is None:
        if model.rate is None:
            spec = ", or rate: in the spec" if is_file_name(asked.spec) else ""
            raise UsageError(
                "train needs a learning rate η", hint=f"for example --rate {USUAL_RATES[asked.optimizer]}{spec}"
            )
        return model.rate
    source = Source(asked.rate.strip(), "--rate")
    if not source.text:
        raise UsageError("--rate has no value", hint=f"for example --rate {USUAL_RATES[asked.optimizer]}")
    root = parse_expression(source, model.nodes, VOCABULARY)
    check_constant(model.nodes, root, "--rate", model.names(), UsageError)
    return root


def rate_of(made: Report, root: int) -> float:
    """The rate as a double. Raises ValueProblem where it has no value."""
    try:
        return float(constant(made.list, root, Rules(Float())))
    except ConstantFault as fault:
        raise explain_constant(made.list, fault, "the rate", "") from fault


def _exact_rate(made: Report, root: int) -> Any:
    """The rate as a rational, undefined where it is none: `= 4.6` may then stand where nothing was rounded."""
    try:
        return constant(made.list, root, Rules(Rational()))
    except ConstantFault:
        return UNKNOWN


def _check_rate(model: Model, asked: Request, rate: float) -> None:
    if rate == 0:
        place = Place(Source(asked.rate, "--rate"), 0, len(asked.rate)) if asked.rate else None
        raise ValueProblem("a rate of 0 moves nothing", place, hint=f"for example --rate {USUAL_RATES[asked.optimizer]}")


def _moved(model: Model) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that steps move, and those of wrt that are computed or targets. Raises UsageError where nothing moves."""
    roles = {x.name: x.role for x in model.inputs}
    moved = tuple(n for n in model.wrt if roles.get(n) in (Role.INPUT, Role.PARAMETER) and n not in model.frozen)
    computed = tuple(n for n in model.wrt if roles.get(n, Role.TARGET) is Role.TARGET)
    if moved:
        return moved, computed
    if not model.wrt:
        raise UsageError("there is nothing to move: no name is free")
    if all(n in model.frozen for n in model.wrt):
        raise UsageError(f"there is nothing to move: {', '.join(model.wrt[:8])} frozen", hint="leave a name out of frozen:")
    free = [n for n, role in roles.items() if role is not Role.TARGET and n not in model.frozen]
    raise UsageError(
        f"there is nothing to move: {', '.join(model.wrt[:8])} {'is' if len(model.wrt) == 1 else 'are'} computed, a target "
        "or frozen",
        hint=f"for example --wrt {','.join(free[:3])}" if free else None,
    )  # fmt: skip


def _with_seed(model: Model, read: Model) -> Model:
    """The model with the spec's own direction, as far as that goes with what is differentiated by."""
    return replace(model, seed=read.seed if read.seed and set(read.seed) <= set(model.wrt) else None)


def _saved(model: Model, asked: Request, training: Training) -> str:
    steps = f"{training.steps:,} step{'' if training.steps == 1 else 's'}"
    constants = "".join(f", {name} {value:g}" for name, value in training.optimizer.constants.items())
    remark = (
        f"Trained by wengert: {steps} of {training.optimizer.name}, rate {training.rate:g}{constants}; "
        f"{training.of} went from {training.history[0]!r} to {training.history[-1]!r}."
    )
    return spec_text(model, training.parameters, training.rate if asked.rate is not None else None, remark)
