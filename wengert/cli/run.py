"""One run of the command line, from arguments to exit status: no traceback for anything a person can type.

Exit status: 0 fine, 1 a derivative failed verification, 2 the input or the options are wrong, 3 a limit or the budget left a
verdict open, 4 a fault of wengert itself, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import StringIO
from typing import Any

from wengert.cli.messages import say
from wengert.cli.streams import Closed, drop
from wengert.ending import INTERRUPTED
from wengert.errors import WengertError
from wengert.verify.judge import Judge
from wengert.verify.memory import counter

NO_MEMORY = (
    "error: there is not enough memory for this\n"
    "  hint: free some or raise its limit (ulimit -v), or ask for less: --wrt, --only, --rows; -f jsonl needs the least"
)
COMMANDS = ("trace", "diff", "train", "flow", "rules")  # that ask the judge
VALUE_OPTIONS = ("-f", "-o")
PICTURES = (".svg", ".png")


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    arguments = guard_formulas(arguments)
    # Matrices of a page are small: threads would map gigabytes on a machine of many cores, and add in another order on each.
    for library in ("OPENBLAS", "MKL", "OMP"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    judge = _early_judge(arguments)
    stdout = sys.stdout
    opened = sys.stdout = Closed() if stdout is None else stdout
    try:
        from wengert.cli.app import app

        return _status(app(args=arguments, prog_name="wengert", standalone_mode=False, obj=judge))
    except SystemExit as end:
        if sys.stdout is not opened:  # typer's sign that whoever read our output has seen enough (`| head`)
            drop(opened)
            return 0
        return _status(end.code)
    except WengertError as error:
        say(error.report())
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        say(f"error: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
        drop(opened)  # what it did not take it will not take when Python ends
        return 2
    except MemoryError:
        say(NO_MEMORY)
        return 3
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # of typer: an option or a command that there is not
            say(_shown(error))
            return int(error.exit_code)
        if os.environ.get("WENGERT_DEBUG"):
            raise
        say(f"error: wengert itself failed here: {type(error).__name__}: {error}")
        say("  hint: WENGERT_DEBUG=1 shows where; please report it")
        return 4
    finally:
        sys.stdout = stdout
        if judge is not None:
            judge.close()


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
    if not arguments or arguments[0] not in COMMANDS or {"--no-verify", "--help", "-h"} & set(arguments):
        return None
    if arguments[-1].lower().endswith(PICTURES):  # most likely -o; the command starts a judge of its own where it needs one
        return None
    judge = Judge()
    judge.start()
    if counter() is None:
        say("warning: this system sets no limit on the judge's memory; --budget ends it all the same")
    return judge


def _shown(error: Any) -> str:
    """What typer would print of it, for `say` to print: it holds what was typed, control characters too."""
    text = StringIO()
    error.show(text)
    return text.getvalue().rstrip("\n")


def _status(code: str | int | None) -> int:
    if code is None:
        return 0
    return code if isinstance(code, int) else 2

