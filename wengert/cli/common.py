"""What `trace` and `diff` have in common: read the spec, make the report, write the document, end with its status."""

from __future__ import annotations

import time
from dataclasses import dataclass

import typer

from wengert.cli.messages import say, status_of
from wengert.cli.output import Output, quiet_stdout
from wengert.cli.source import read_model
from wengert.cli.waiting import Busy
from wengert.errors import UsageError
from wengert.lang.options import names_given, override
from wengert.report import Report, Settings, report
from wengert.show.document import Document
from wengert.show.formats import Content
from wengert.show.gradient import warnings
from wengert.show.look import look_of
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.sweep.steps import LEVELS
from wengert.sweep.trace import BESIDE, MODES
from wengert.tape.primitives import VOCABULARY
from wengert.verify.judge import Judge

MOST_DIGITS = 15


@dataclass(frozen=True)
class Request:
    """The options of one command, as they were typed."""

    command: str
    spec: str
    at: tuple[str, ...]
    wrt: str | None
    of: str | None
    seed: str | None
    mode: str | None
    level: str | None
    format: str | None
    output: str | None
    digits: int | None
    decimals: int | None
    verify: bool
    budget: float
    share: bool
    fold: bool
    ascii: bool
    numbers: str
    precision: int | None
    round: int | None
    order: int
    kink: str
    paths: bool

    def settings(self) -> Settings:
        return Settings(
            self.mode, self.level, self.share, self.fold, self.verify, self.budget, self.numbers, self.precision, self.round,
            self.order, self.kink, self.paths,
        )  # fmt: skip


def carry_out(judge: Judge | None, asked: Request) -> None:
    """Run the command; raises typer.Exit with the status that the verdict calls for."""
    started = time.monotonic()
    _check(asked)
    settings = asked.settings()
    settings.choice()
    shown = asked.digits if asked.digits is not None else asked.precision
    digits = Digits(6 if shown is None else shown, asked.decimals)
    output = Output(asked.format, asked.output, asked.ascii)
    with Busy("computing"):
        model = read_model(asked.spec, VOCABULARY, names_given(asked.at))
        model = override(model, VOCABULARY, at=asked.at, wrt=asked.wrt, of=asked.of, seed=asked.seed)
        at_point = asked.command == "trace" or bool(asked.at)  # a spec's own point is for `trace`
        made = report(model, settings, at_point, judge, started, lambda: Busy("checking"))
    for warning in warnings(made):
        say(f"warning: {warning}")
    try:
        output.write(Content(lambda: _document(asked.command, made, digits), lambda: record(made)), look_of(model))
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
        raise typer.Exit(0) from None
    raise typer.Exit(status_of(made.verdict))


def _document(command: str, made: Report, digits: Digits) -> Document:
    if made.level == "layer":
        from wengert.show.layer_document import layer_document

        return layer_document(made, digits)
    if command == "trace":
        from wengert.show.trace_document import trace_document

        return trace_document(made, digits)
    from wengert.show.diff_document import diff_document

    return diff_document(made, digits)


def _check(asked: Request) -> None:
    if asked.mode is not None and asked.mode not in MODES:
        raise UsageError(f"--mode is {asked.mode}", hint=f"one of {', '.join(MODES)}")
    if asked.level is not None and asked.level not in LEVELS:
        raise UsageError(f"--level is {asked.level}", hint=f"one of {', '.join(LEVELS)}")
    most = asked.precision or (BESIDE - 4 if asked.numbers == "exact" else MOST_DIGITS)
    if asked.digits is not None and asked.digits > most:
        what = f"--precision {asked.precision}" if asked.precision else "double precision"
        raise UsageError(
            f"--digits is {asked.digits}, and {what} has no more than {most} that can be trusted",
            hint=f"at most {most}, or --precision {asked.digits}",
        )
    if not 0 < asked.budget <= 86_400:
        raise UsageError(f"--budget is {asked.budget:g}", hint="a number of seconds greater than 0")
