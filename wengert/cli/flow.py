"""wengert flow SPEC: how the gradient travels through a network, layer by layer, beside other networks and depths."""

from __future__ import annotations

import re
import time
from typing import Annotated, Optional

from wengert.cli import options
from wengert.cli.messages import status_of, warn
from wengert.cli.output import Output
from wengert.cli.parameters import Argument, Option
from wengert.cli.source import read_text
from wengert.cli.streams import quiet_stdout
from wengert.cli.waiting import Busy
from wengert.errors import Place, Source, UsageError
from wengert.flow_report import FlowReport, flow_report
from wengert.lang.variants import REMEDIES, Network, option_entries
from wengert.report import Settings
from wengert.show.chosen import MOST_DIGITS, digits_of_doubles
from wengert.show.document import Document
from wengert.show.formats import Content
from wengert.show.gradient import warnings
from wengert.show.look import look_of
from wengert.show.numbers import Digits
from wengert.tape.primitives import VOCABULARY
from wengert.verify.judge import Judge

DIGITS = 3
MOST_DEPTH, MOST_DEPTHS = 1000, 100
Spec = Annotated[
    str,
    Argument(metavar="SPEC", show_default=False, help="A network: a spec file (.yaml, .yml), or - for standard input."),
]
Compare = Annotated[
    Optional[list[str]],
    Option("--compare", metavar="sigmoid,relu", show_default=False,
           help="The same network with other activations in its hidden layers: names, or formulas in x; repeatable."),
]  # fmt: skip
With = Annotated[
    Optional[list[str]],
    Option("--with", metavar="batchnorm,skip", show_default=False,
           help="The same networks with a remedy in their hidden layers, each by itself; repeatable."),
]  # fmt: skip
Depth = Annotated[
    Optional[list[str]],
    Option("--depth", metavar="2..20", show_default=False,
           help="The same networks with so many layers (2..20, or 2,5,10): the hidden layer that has as many neurons as "
                "inputs is repeated; repeatable."),
]  # fmt: skip
DigitCount = Annotated[
    Optional[int],
    Option("--digits", metavar="N", show_default=False,
           help=f"Significant digits ({DIGITS}; {MOST_DIGITS} in CSV)."),
]  # fmt: skip


def flow(
    judge: Judge | None,
    spec: Spec,
    compare: Compare = None,
    remedies: With = None,
    depth: Depth = None,
    format: options.Format = None,
    output: options.Output = None,
    standalone: options.Standalone = False,
    digits: DigitCount = None,
    verify: options.Verify = True,
    budget: options.Budget = 5.0,
    ascii: options.Ascii = False,
) -> int:
    """Show how the gradient travels back through a network: where it vanishes or explodes, by which factor, what helps.

    \b
    Examples:
      wengert flow deep.yaml
      wengert flow deep.yaml --compare sigmoid,relu --with skip --depth 2..10
      wengert flow deep.yaml -o flow.svg
    """
    started = time.monotonic()
    if not 0 < budget <= 86_400:
        raise UsageError(f"--budget is {budget:g}", hint="a number of seconds greater than 0")
    out = Output(format, output, ascii, standalone=standalone)
    shown = digits_of_doubles(digits, out.format, usual=DIGITS)
    activations = option_entries(options.joined(compare) or "", "--compare") if compare else []
    wanted = [x.text for x in option_entries(options.joined(remedies) or "", "--with", REMEDIES)] if remedies else []
    depths = read_depths(options.joined(depth) or "") if depth else []
    with Busy("computing"):
        text, origin, folder = read_text(spec)
        network = Network(text, origin, VOCABULARY, folder)
        settings = Settings(verify=verify and not out.pictured, budget=budget)
        made = flow_report(network, settings, activations, wanted, depths, judge, started, lambda: Busy("checking"))
    warn(warnings(made.report))
    return _write(out, made, shown)


def _write(out: Output, made: FlowReport, digits: Digits) -> int:
    from wengert.show.flow_document import flow_document
    from wengert.show.flow_record import flow_record

    def document() -> Document:
        return flow_document(made, digits, bars=out.format != "csv")

    try:
        out.write(Content(document, lambda: flow_record(made)), look_of(made.report.model))
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
        return 0
    return status_of(made.verdict)


def read_depths(text: str) -> list[int]:
    """`2..20`, `2,5,10` or both, ascending. Raises UsageError."""
    source = Source(text, "--depth")
    found: set[int] = set()
    start = 0
    for part in text.split(","):
        place = Place(source, start, start + max(1, len(part)))
        start += len(part) + 1
        match = re.fullmatch(r"\s*([0-9]{1,6})\s*(?:\.\.\s*([0-9]{1,6})\s*)?", part)
        if match is None:
            raise UsageError("--depth wants numbers of layers", place, hint="for example --depth 2..20, or --depth 2,5,10,20")
        first, last = int(match[1]), int(match[2] or match[1])
        if first < 1 or last > MOST_DEPTH:
            raise UsageError(f"--depth is {part.strip()}", place, hint=f"from 1 to {MOST_DEPTH:,} layers")
        if last < first:
            raise UsageError(f"--depth goes from {first} down to {last}", place, hint=f"--depth {last}..{first}")
        found.update(range(first, last + 1))
    if len(found) > MOST_DEPTHS:
        raise UsageError(f"--depth asks for {len(found)} depths", hint=f"at most {MOST_DEPTHS}: for example 10,20,50,100")
    return sorted(found)
