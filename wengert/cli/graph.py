"""wengert graph SPEC: draw the computational graph, with values and adjoints where there is a point."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Optional

from wengert.cli import options
from wengert.cli.messages import say, warn
from wengert.cli.output import Output
from wengert.cli.parameters import Option
from wengert.cli.source import read_model
from wengert.cli.streams import quiet_stdout
from wengert.cli.waiting import Busy
from wengert.errors import UsageError
from wengert.lang.fields import did_you_mean
from wengert.lang.model import Model
from wengert.lang.options import names_given, override
from wengert.report import report
from wengert.settings import Settings
from wengert.show.chosen import Chosen
from wengert.show.document import Document
from wengert.show.formats import FORMATS, GRAPHS, Content
from wengert.show.gradient import warnings
from wengert.show.graph.model import Graph
from wengert.show.look import Look
from wengert.sweep.steps import LEVELS
from wengert.tape.primitives import VOCABULARY

if TYPE_CHECKING:
    from wengert.verify.judge import Judge

MOST_NAMED = 4
Format = Annotated[
    Optional[str],
    Option("-f", "--format", metavar="FORMAT", show_default=False,
           help=f"{', '.join(GRAPHS)}; by default text: drawn by characters."),
]  # fmt: skip
OutputFile = Annotated[
    Optional[str],
    Option("-o", "--output", metavar="FILE", show_default=False,
           help="Write to this file, whole or not at all; its ending names the format: "
                f"{', '.join(e for name in GRAPHS for e in FORMATS[name].endings)}."),
]  # fmt: skip
Level = Annotated[
    Optional[str],
    Option("--level", metavar="LEVEL", show_default=False,
           help="operation: a vertex a statement; neuron: one a named quantity, of a network one a neuron (its default); "
                "layer: one a layer."),
]  # fmt: skip
Row = Annotated[int, Option("--row", metavar="N", help="The row of data whose figures a network shows.")]


def graph(
    judge: Judge | None,
    spec: options.Spec,
    at: options.At = None,
    wrt: options.Wrt = None,
    of: options.Of = None,
    seed: options.Seed = None,
    level: Level = None,
    row: Row = 1,
    format: Format = None,
    output: OutputFile = None,
    numbers: options.Numbers = "float",
    precision: options.Precision = None,
    round: options.Round = None,
    kink: options.Kink = "wengert",
    digits: options.DigitCount = None,
    decimals: options.Decimals = None,
    notation: options.Notation = "bar",
    title: options.Title = None,
    share: options.Share = True,
    fold: options.Fold = False,
    ascii: options.Ascii = False,
) -> int:
    """Draw the computational graph: on its lines the local partials, in its vertices values and adjoints. Without a point it
    shows formulas alone. Nothing is verified here; wengert trace does that.

    \b
    Examples:
      wengert graph "ln(x1)+x1*x2-sin(x2)" --at x1=2,x2=5
      wengert graph net.yaml -o net.svg
      wengert graph net.yaml --level layer -f mermaid
    """
    if level is not None and level not in LEVELS:
        raise UsageError(f"--level is {level}", hint=did_you_mean(level, LEVELS, "one of"))
    chosen = Chosen(digits, decimals, ascii, notation, title=title)
    chosen.check(FORMATS["svg"])
    settings = Settings(None, None if level == "layer" else level, share, fold, False, numbers=numbers, precision=precision,
                        round=round, kink=kink)  # fmt: skip
    settings.choice()
    figures = chosen.figures(settings)
    out = Output(format, output, ascii, GRAPHS)
    with Busy("computing"):
        model = read_model(spec, VOCABULARY, names_given(tuple(at or ())))
        model = override(model, VOCABULARY, at=tuple(at or ()), wrt=options.joined(wrt), of=options.joined(of),
                         seed=options.joined(seed))  # fmt: skip
        if title is not None:
            model = replace(model, title=title)
        _check(model, level, row)
        if model.seed is not None:
            settings = replace(settings, mode="both")
        made = report(model, settings, _at_point(model, bool(at)), None, time.monotonic())
        from wengert.show.graph.build import graph_of

        found = graph_of(made, figures, row=row, level=level)
    warn(warnings(made))
    try:
        _write(out, found, chosen.look(model))
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
    return 0


def _write(out: Output, found: Graph, look: Look) -> None:
    look = replace(look, ascii=out.ascii)
    if out.format == "text":
        from wengert.show.graph.picture import picture

        out.put(_lines(picture(found, look, out.columns)))
        return
    from wengert.show.graph.record import record

    out.write(Content(lambda: Document(found.title, (), (), lambda: found), lambda: record(found, look)), look)


def _lines(lines: Iterator[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _check(model: Model, level: str | None, row: int) -> None:
    rows = 1 if model.network is None else model.network.rows
    if level == "layer" and model.network is None:
        raise UsageError("--level layer is for networks", hint="--level operation draws a formula or a program")
    if not 1 <= row <= rows:
        has = f"there are {rows} rows of data" if rows > 1 else "there is one row of data"
        raise UsageError(f"--row is {row}, and {has}", hint=f"a row from 1 to {rows}" if rows > 1 else "leave out --row")


def _at_point(model: Model, asked: bool) -> bool:
    """Whether there are numbers: where values were asked for, or where none is missing. Tells of those that are."""
    missing = [x.name for x in model.inputs if x.value is None]
    if asked or not missing:
        return True
    if len(missing) < len(model.inputs):
        names = ", ".join(missing[:MOST_NAMED]) + (", …" if len(missing) > MOST_NAMED else "")
        example = ",".join(f"{name}=…" for name in missing[:MOST_NAMED])
        say(f"warning: drawn without numbers: {names} {'has' if len(missing) == 1 else 'have'} no value (--at {example})")
    return False
