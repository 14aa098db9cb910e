"""What `trace` and `diff` have in common: read the spec, make the report, write the document, end with its status."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import typer

from wengert.cli.messages import say, status_of
from wengert.cli.output import quiet_stdout
from wengert.cli.shown import Shown
from wengert.cli.source import read_model
from wengert.cli.waiting import Busy
from wengert.errors import UsageError
from wengert.lang.options import names_given, override
from wengert.report import Report, Settings, report
from wengert.show.document import Document
from wengert.show.formats import Content
from wengert.show.gradient import warnings
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.sweep.steps import LEVELS
from wengert.sweep.trace import MODES
from wengert.tape.primitives import VOCABULARY
from wengert.verify.judge import Judge


@dataclass(frozen=True)
class Request:
    """The options of one command, as they were typed: what is differentiated where, how it is computed, how it is shown."""

    command: str
    spec: str
    at: tuple[str, ...]
    wrt: str | None
    of: str | None
    seed: str | None
    settings: Settings
    shown: Shown


def carry_out(judge: Judge | None, asked: Request) -> None:
    """Run the command; raises typer.Exit with the status that the verdict calls for."""
    started = time.monotonic()
    settings, shown = asked.settings, asked.shown
    _check(settings)
    settings.choice()
    digits = shown.figures(settings)
    output = shown.to()
    with Busy("computing"):
        model = read_model(asked.spec, VOCABULARY, names_given(asked.at))
        model = override(model, VOCABULARY, at=asked.at, wrt=asked.wrt, of=asked.of, seed=asked.seed)
        if shown.title is not None:
            model = replace(model, title=shown.title)
        at_point = asked.command == "trace" or bool(asked.at)  # a spec's own point is for `trace`
        made = report(model, settings, at_point, judge, started, lambda: Busy("checking"))
    for warning in warnings(made):
        say(f"warning: {warning}")
    content = Content(lambda: shown.part(_document(asked.command, made, digits)), lambda: record(made))
    try:
        output.write(content, shown.look(model))
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
        raise typer.Exit(0) from None
    if made.verdict not in (None, "proved", "agrees") and shown.only not in (None, "gradient"):
        say(f"warning: verdict of the whole: {made.verdict} (--only gradient shows why)")
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


def _check(settings: Settings) -> None:
    if settings.mode is not None and settings.mode not in MODES:
        raise UsageError(f"--mode is {settings.mode}", hint=f"one of {', '.join(MODES)}")
    if settings.level is not None and settings.level not in LEVELS:
        raise UsageError(f"--level is {settings.level}", hint=f"one of {', '.join(LEVELS)}")
    if not 0 < settings.budget <= 86_400:
        raise UsageError(f"--budget is {settings.budget:g}", hint="a number of seconds greater than 0")
