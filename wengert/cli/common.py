"""What `trace` and `diff` have in common: read the spec, make the report, write the document, end with its status."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wengert.cli.messages import say, status_of, warn
from wengert.cli.shown import Shown
from wengert.cli.source import read_model
from wengert.cli.streams import quiet_stdout
from wengert.cli.waiting import Busy
from wengert.lang.model import Model
from wengert.lang.options import names_given, override
from wengert.report import report
from wengert.settings import Settings
from wengert.show.documents import document_of
from wengert.show.formats import Content
from wengert.show.gradient import warnings
from wengert.show.words.tables import no_letters
from wengert.tape.primitives import VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wengert.report import Report
    from wengert.show.document import Document
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


def carry_out(judge: Judge | None, asked: Request) -> int:
    """Run the command; gives the status that the verdict calls for."""
    started = time.monotonic()
    settings, chosen = asked.settings, asked.shown.chosen
    settings.choice()
    output = asked.shown.to()
    digits = chosen.figures(settings, output.format)
    with Busy("computing"):
        model = read_model(asked.spec, VOCABULARY, names_given(asked.at), settings.limit)
        model = override(model, VOCABULARY, at=asked.at, wrt=asked.wrt, of=asked.of, seed=asked.seed)
        if chosen.title is not None:
            model = replace(model, title=chosen.title)
        at_point = asked.command == "trace" or bool(asked.at)  # a spec's own point is for `trace`
        made = report(model, settings, at_point, judge, started, lambda: Busy("checking"))
    warn((*warnings(made), *_of_letters(output.format, model)))
    drawn: list[Document] = []

    def document() -> Document:
        drawn.append(chosen.part(document_of(asked.command, made, digits)))
        return drawn[-1]

    content = Content(document, lambda: _record(made), lambda: _parts(made))
    try:
        output.write(content, chosen.look(model))
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
        return 0
    verdict = "failed" if any(d.failed() for d in drawn) else made.verdict
    if made.verdict not in (None, "proved", "agrees") and chosen.only not in (None, "gradient"):
        say(f"warning: verdict of the whole: {made.verdict} (--only gradient shows why)")
    return status_of(verdict)


def _record(made: Report) -> dict[str, Any]:
    from wengert.show.record import record

    return record(made)


def _parts(made: Report) -> Iterable[tuple[str, Any]]:
    from wengert.show.record import record_parts

    return record_parts(made)


def _of_letters(format: str, model: Model) -> list[str]:
    """That LaTeX has no letters for something in the model's names and titles, where that is so."""
    if format != "latex":
        return []
    from wengert.show.notation.latex_text import without_letters

    found = without_letters("".join([*(text or "" for text in (model.title, model.source, model.note)), *model.names()]))
    return [no_letters("".join(found[:12]))] if found else []
