"""The options that commands share, each written once.

An option that takes a list may be given again, which adds to it; any other has one value, and is refused when it is given twice
(app.py, for plain.py leaves such a line to typer). Of a flag and its contrary the last one counts.
"""

from __future__ import annotations

from typing import Annotated, Optional

from wengert.cli.parameters import Argument, Option
from wengert.show.formats import DOCUMENTS, FORMATS

Spec = Annotated[
    str,
    Argument(metavar="SPEC", show_default=False, help="A formula, a spec file (.yaml, .yml), or - for standard input."),
]
At = Annotated[
    Optional[list[str]],
    Option("--at", metavar="x1=2,x2=5", help="Values of the names; repeatable; wins over the spec.", show_default=False),
]
Wrt = Annotated[
    Optional[list[str]],
    Option("--wrt", metavar="x1,x2", help="Differentiate with respect to these names; repeatable.", show_default=False),
]
Of = Annotated[
    Optional[list[str]], Option("--of", metavar="y", help="Differentiate these quantities; repeatable.", show_default=False)
]
Seed = Annotated[
    Optional[list[str]],
    Option("--seed", metavar="x=1,y=0.5", show_default=False,
           help="One direction for the forward mode, instead of one for each name; repeatable."),
]  # fmt: skip
Mode = Annotated[
    Optional[str],
    Option("--mode", metavar="MODE", show_default=False,
           help="reverse, forward or both; by default reverse. With --seed: forward (the default) or both."),
]  # fmt: skip
Level = Annotated[
    Optional[str],
    Option("--level", metavar="LEVEL", show_default=False,
           help="operation: every elementary operation; neuron: every named quantity (the default for a network); layer: "
                "a network in matrix form (trace)."),
]  # fmt: skip
Format = Annotated[
    Optional[str],
    Option("-f", "--format", metavar="FORMAT", show_default=False,
           help=f"{', '.join(DOCUMENTS)}; by default rich on a terminal, text into a pipe."),
]  # fmt: skip
Output = Annotated[
    Optional[str],
    Option("-o", "--output", metavar="FILE", show_default=False,
           help="Write to this file, whole or not at all; its ending names the format: "
                f"{', '.join(e for name in DOCUMENTS for e in FORMATS[name].endings[:1])}."),
]  # fmt: skip
Notation = Annotated[
    str,
    Option("--notation", metavar="STYLE",
           help="How an adjoint is written: bar v̄3, leibniz ∂f/∂v3, delta δ_z for the z of neurons, grad v3.grad."),
]  # fmt: skip
Only = Annotated[
    Optional[str], Option("--only", metavar="PART", show_default=False, help="forward, reverse or gradient alone.")
]
Rows = Annotated[
    Optional[str],
    Option("--rows", metavar="10:20", show_default=False,
           help="Rows 10 to 20 of each table of the sweeps; 10: and :20 are open. With --only gradient: of the results."),
]  # fmt: skip
Title = Annotated[
    Optional[str], Option("--title", metavar="TEXT", show_default=False, help="The title, instead of the spec's.")
]
Standalone = Annotated[
    bool, Option("--standalone", help="With -f latex: a whole file for pdflatex, not a part for \\input.")
]
Verify = Annotated[bool, Option("--verify/--no-verify", help="Have every derivative checked.")]
Budget = Annotated[float, Option("--budget", metavar="SECONDS", help="Time for checking, and for many digits.")]
Limit = Annotated[int, Option("--limit", metavar="N", help="Statements that a list may have.")]
Ascii = Annotated[bool, Option("--ascii", help="Plain ASCII: v3**2, bar(v3), ~=.")]
DigitCount = Annotated[
    Optional[int],
    Option("--digits", metavar="N", show_default=False,
           help="Significant digits of results (6; 15 in CSV; all with --precision)."),
]
Decimals = Annotated[
    Optional[int], Option("--decimals", metavar="N", help="Fixed decimals instead.", show_default=False)
]
Share = Annotated[bool, Option("--share/--no-share", help="Equal subexpressions are one statement.")]
Fold = Annotated[bool, Option("--fold", help="Operations on constants alone become constants.")]
Numbers = Annotated[
    str, Option("--numbers", metavar="KIND", help="float, or exact: rationals and roots, π, ln(2) stay what they are.")
]
Precision = Annotated[
    Optional[int],
    Option("--precision", metavar="N", show_default=False, help="N digits, right to the last one shown."),
]
Round = Annotated[
    Optional[int],
    Option("--round", metavar="N", show_default=False,
           help="Calculate as on paper: every z, a and loss of a network, each statement of a formula is rounded to N "
                "decimals before it is used; the drift beside. Not with --precision, --numbers exact, --order."),
]  # fmt: skip
Order = Annotated[
    int,
    Option("--order", metavar="N",
           help="2: the Hessian too; N (to 30): all derivatives of order N, with one name every order up to N; with "
                "--seed, 2 gives the Hessian times it. Not with --kink jax or torch."),
]  # fmt: skip
Kink = Annotated[
    str,
    Option("--kink", metavar="WHOSE",
           help="Convention at kinks: wengert (the least slope), jax, torch; strict stops there."),
]
Paths = Annotated[
    bool,
    Option("--paths", help="All paths from a name to the output, up to 1,000 (without it diff lists 16, trace none)."),
]


def joined(given: list[str] | None) -> str | None:
    """What was given of a list, `--wrt x --wrt y`, as one text, `x,y`."""
    return ",".join(given) if given else None
