"""What a command takes, as data: its options and its argument, for typer (app.py) and for what reads plain lines (plain.py).

A command is a function whose first parameter is the judge that was started for it, or None; the annotation of every other
one is the name of an `Annotated[type, Option(…)]`. It returns its exit status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Command = Callable[..., int]
REQUIRED: Any = object()


class Option:
    """An option by its spellings; a flag is spelled `--on/--off`, or once."""

    def __init__(self, *names: str, metavar: str | None = None, help: str = "", show_default: bool = True) -> None:
        self.names = names
        self.metavar = metavar
        self.help = help
        self.show_default = show_default


class Argument:
    """The one argument of a command."""

    def __init__(self, *, metavar: str, help: str, show_default: bool = True) -> None:
        self.metavar = metavar
        self.help = help
        self.show_default = show_default


class Parameter:
    """One parameter of a command: its name, its type as it was annotated, how it is spelled, its default or REQUIRED."""

    def __init__(self, name: str, annotated: Any, default: Any) -> None:
        self.name = name
        self.type: Any = annotated.__origin__
        self.declared: Option | Argument = annotated.__metadata__[0]
        self.default = default

    @property
    def kind(self) -> Any:
        """str, int, float, bool or list[str]."""
        return self.type if isinstance(self.type, type) else self.type.__args__[0]


def parameters(command: Command) -> list[Parameter]:
    """What the command takes, without the judge."""
    code = command.__code__
    names = code.co_varnames[1 : code.co_argcount]
    defaults = command.__defaults__ or ()
    defaults = (REQUIRED,) * (len(names) - len(defaults)) + defaults
    return [
        Parameter(name, _named(command, command.__annotations__[name]), default)
        for name, default in zip(names, defaults, strict=True)
    ]


def _named(command: Command, annotation: str) -> Any:
    """What an annotation names among the command's globals: `Row`, `options.At`."""
    first, *others = annotation.split(".")
    found: Any = command.__globals__[first]
    for name in others:
        found = getattr(found, name)
    return found
