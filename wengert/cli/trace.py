"""wengert trace SPEC: run the list forward and backward at a point, and show every line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wengert.cli import options
from wengert.cli.common import Request, carry_out
from wengert.cli.options import joined
from wengert.cli.shown import Shown
from wengert.lang.expr import MOST_STATEMENTS
from wengert.settings import Settings
from wengert.show.chosen import Chosen

if TYPE_CHECKING:
    from wengert.verify.judge import Judge


def trace(
    judge: Judge | None,
    spec: options.Spec,
    at: options.At = None,
    wrt: options.Wrt = None,
    of: options.Of = None,
    seed: options.Seed = None,
    mode: options.Mode = None,
    level: options.Level = None,
    format: options.Format = None,
    output: options.Output = None,
    numbers: options.Numbers = "float",
    precision: options.Precision = None,
    round: options.Round = None,
    order: options.Order = 1,
    kink: options.Kink = "wengert",
    paths: options.Paths = False,
    digits: options.DigitCount = None,
    decimals: options.Decimals = None,
    notation: options.Notation = "bar",
    only: options.Only = None,
    rows: options.Rows = None,
    title: options.Title = None,
    standalone: options.Standalone = False,
    verify: options.Verify = True,
    budget: options.Budget = 5.0,
    limit: options.Limit = MOST_STATEMENTS,
    share: options.Share = True,
    fold: options.Fold = False,
    ascii: options.Ascii = False,
) -> int:
    """Show the working of a derivative at a point: values, local partials, tangents, adjoints, the gradient.

    \b
    Examples:
      wengert trace "ln(x1)+x1*x2-sin(x2)" --at x1=2,x2=5 --mode both
      wengert trace net.yaml --level layer
      wengert trace net.yaml -o solution.pdf
      wengert trace "x**2*y+y**3" --at x=2,y=3 --order 2 -f json
    """
    return carry_out(
        judge,
        Request(
            "trace", spec, tuple(at or ()), joined(wrt), joined(of), joined(seed),
            Settings(mode, level, share, fold, verify, budget, numbers, precision, round, order, kink, paths, limit),
            Shown(format, output, Chosen(digits, decimals, ascii, notation, only, rows, title), standalone),
        ),
    )  # fmt: skip
