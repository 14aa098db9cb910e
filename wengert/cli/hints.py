"""Hints for the command at hand: an option that it does not have is no way out.

Whoever finds a mistake does not know which command was typed, and names the options that help in some of them. A hint's
clauses stand between semicolons; one that names an option of other commands alone is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from wengert.cli.commands import COMMANDS, command
from wengert.cli.parameters import Argument, parameters
from wengert.errors import WengertError
from wengert.memory import TOO_LITTLE

INSTEAD = {"--at": "give it a value in the spec"}  # what else helps, where nothing would be left
NARROWER = ("--wrt", "--only", "--rows")  # options that ask for less
_BETWEEN = "; "
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def options_of(name: str) -> frozenset[str] | None:
    """The options of a command by their spellings; None for what is no command."""
    if name not in COMMANDS:
        return None
    declared = [p.declared for p in parameters(command(name))]
    return frozenset(part for d in declared if not isinstance(d, Argument) for n in d.names for part in n.split("/"))


def fitted(text: str, offered: Collection[str]) -> str:
    """The clauses of a hint that name no options but those, empty where none is left and nothing else is known."""
    clauses = text.split(_BETWEEN)
    kept = [clause for clause in clauses if all(option in offered for option in _OPTION.findall(clause))]
    return _BETWEEN.join(kept) or next((INSTEAD[option] for option in _OPTION.findall(text) if option in INSTEAD), "")


def told(error: WengertError, arguments: Sequence[str]) -> str:
    """The error's report with a hint for the command that was typed; a hint among the details likewise."""
    offered = options_of(arguments[0]) if arguments else None
    if offered is not None:
        error.hint = fitted(error.hint, offered) if error.hint else error.hint
        error.details = tuple(line for line in (fitted(detail, offered) for detail in error.details) if line)
    return error.report()


def no_memory(arguments: Sequence[str]) -> str:
    """The error for a run that memory did not suffice for."""
    try:
        offered = (options_of(arguments[0]) if arguments else None) or ()
    except (MemoryError, ImportError):  # there is none for the command itself
        offered = ()
    less = [option for option in NARROWER if option in offered]
    ask = f", or ask for less: {', '.join(less)}" if less else ""
    ask += "; -f jsonl needs the least" if "--only" in offered else ""
    return f"{TOO_LITTLE}{ask}"
