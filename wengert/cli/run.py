"""One run of the command line, from arguments to exit status: no traceback for anything a person can type.

Exit status: 0 fine, 1 a derivative failed verification, 2 the input or the options are wrong, 3 a limit or the budget left a
verdict open, 4 a fault of wengert itself, 130 interrupted. Loads little: the judge's process starts before all else.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wengert.cli.commands import COMMANDS

if TYPE_CHECKING:
    from wengert.verify.judge import Judge

VALUE_OPTIONS = ("-f", "-o")
PICTURES = (".svg", ".png")


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    arguments = guard_formulas(arguments)
    # Matrices of a page are small: threads would map gigabytes on a machine of many cores, and add in another order on each.
    for library in ("OPENBLAS", "MKL", "OMP"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    judge = _early_judge(arguments)
    from wengert.cli.outcome import status_of_line  # now: the judge imports sympy meanwhile

    return status_of_line(arguments, judge)


def guard_formulas(arguments: Sequence[str]) -> list[str]:
    """The arguments, with a blank before a formula that begins with a minus sign: `-x**2` is no option.

    An option has two dashes, or is -f or -o; `--` ends the options as everywhere.
    """
    guarded: list[str] = []
    ended = False
    takes_value = False
    for argument in arguments:
        ended = ended or argument == "--"
        is_option = argument.startswith("--") or argument[:2] in VALUE_OPTIONS or argument in ("-", "-h")
        if not ended and not takes_value and argument.startswith("-") and not is_option:
            argument = " " + argument
        takes_value = argument in VALUE_OPTIONS
        guarded.append(argument)
    return guarded


def _early_judge(arguments: Sequence[str]) -> Judge | None:
    """Start the judge before anything else is loaded, where this command line will ask it."""
    if not arguments or arguments[0] not in COMMANDS or not COMMANDS[arguments[0]].judged:
        return None
    if {"--no-verify", "--help", "-h"} & set(arguments):
        return None
    if arguments[-1].lower().endswith(PICTURES):  # most likely -o; the command starts a judge of its own where it needs one
        return None
    from wengert.verify.judge import Judge

    judge = Judge()
    judge.start()
    return judge
