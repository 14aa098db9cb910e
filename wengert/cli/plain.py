"""A plain command line, read without typer, which takes longer to load than a formula to trace.

A second way to the same: where `read` gives values, typer would give these; where a line has anything else in it (a mistake,
an option of one value given twice, --help, -fcsv, a number in an unusual spelling), it gives None, and typer is asked.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from wengert.cli.parameters import REQUIRED, Argument, Command, Parameter, parameters

LONGEST = 15  # characters of a number
_ASKS_TYPER = "_WENGERT_COMPLETE"  # in the environment: typer would answer a shell, and says why it does not


def read(command: Command, arguments: Sequence[str]) -> dict[str, Any] | None:
    """The values of the command's parameters by name, or None."""
    if os.environ.get(_ASKS_TYPER):
        return None
    takes = parameters(command)
    values: dict[str, Any] = {p.name: p.default for p in takes}
    options = {spelled: (p, on) for p in takes for spelled, on in _spellings(p)}
    given: set[str] = set()
    positional: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "-" or not argument.startswith("-"):
            positional.append(argument)
            continue
        name, sign, text = argument.partition("=")
        if name not in options or (sign and not name.startswith("--")):
            return None
        parameter, on = options[name]
        if parameter.kind is bool:
            value = None if sign else on
        elif parameter.kind != list[str] and parameter.name in given:
            return None
        else:
            given.add(parameter.name)
            text = text if sign else next(rest, "--")
            value = None if text.startswith("-") and text != "-" else _value(parameter, text, values[parameter.name])
        if value is None:
            return None
        values[parameter.name] = value
    own = [p for p in takes if isinstance(p.declared, Argument)]
    if len(positional) > len(own) or any(p.default is REQUIRED for p in own[len(positional) :]):
        return None
    return {**values, **{p.name: text for p, text in zip(own, positional, strict=False)}}


def _spellings(parameter: Parameter) -> list[tuple[str, bool]]:
    """The spellings of an option, each with what it says of a flag."""
    if isinstance(parameter.declared, Argument):
        return []
    return [
        (spelled, on)
        for name in parameter.declared.names
        for spelled, on in zip(name.split("/"), (True, False), strict=False)
    ]


def _value(parameter: Parameter, text: str, before: Any) -> Any:
    """What the text stands for; None for a number that is not written in digits and one point."""
    if parameter.kind is str:
        return text
    if parameter.kind == list[str]:
        return [*(before or ()), text]
    whole, point, part = text.partition(".")
    if not (text.isascii() and whole.isdigit() and len(text) <= LONGEST and (part.isdigit() if point else True)):
        return None
    if parameter.kind is float:
        return float(text)
    return None if point else int(text)
