"""wengert man: the help of all commands as one manual page, in the macros of man(7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wengert import __version__
from wengert.cli.grammar import Command, Option, Value, read
from wengert.cli.streams import put, quiet_stdout

if TYPE_CHECKING:
    from wengert.verify.judge import Judge

STATUS = (
    ("0", "Fine."),
    ("1", "A derivative failed verification."),
    ("2", "The input or the options are wrong, or a value overflows; the message says where and how to mend it."),
    ("3", "A limit or the budget left a value or a verdict open."),
    ("4", "A fault of wengert itself."),
    ("130", "Interrupted."),
)
ENVIRONMENT = (
    ("NO_COLOR", "Where it is not empty, nothing is coloured; it wins over FORCE_COLOR."),
    ("FORCE_COLOR", "Where it is not empty, tables are drawn in colour into a pipe too."),
    ("COLUMNS", "The width of the terminal. Text into a pipe or a file is never cut to it."),
    ("WENGERT_DEBUG", "Where it is not empty, a fault of wengert itself shows its traceback."),
)


def man(judge: Judge | None) -> int:
    """Print the help of all commands as a manual page.

    \b
    Examples:
      wengert man > wengert.1
      wengert man | mandoc
    """
    from wengert.cli.app import group

    root = group()
    try:
        put("\n".join(page(root.help or "", *read(root))) + "\n")
    except BrokenPipeError:
        quiet_stdout()
    return 0


def page(about: str, general: Sequence[Option], commands: Sequence[Command]) -> Iterator[str]:
    """The page, line by line."""
    yield f'.TH WENGERT 1 "" "wengert {_text(__version__)}" "User Commands"'
    yield from (".SH NAME", "wengert \\- shows the working of a derivative")
    yield from (".SH SYNOPSIS", ".B wengert", ".I COMMAND", "[\\fIOPTIONS\\fR]")
    yield ".SH DESCRIPTION"
    yield from _help(about)
    yield ".SH OPTIONS"
    yield from _options(general)
    yield ".SH COMMANDS"
    for command in commands:
        yield f'.SS "wengert {_text(command.name)}{_argument(command.argument)}"'
        yield from _help(command.told)
        yield from _options([o for o in command.options if "--help" not in o.names])
    for heading, rows in (("EXIT STATUS", STATUS), ("ENVIRONMENT", ENVIRONMENT)):
        yield f".SH {heading}"
        for name, told in rows:
            yield from (".TP", f".B {_text(name)}", _text(told))


def _help(text: str) -> Iterator[str]:
    """Paragraphs; the block of examples keeps its lines."""
    for n, paragraph in enumerate(re.split(r"\n\s*\n", text.replace("\b\n", "\n\n").strip())):
        lines = [line.strip() for line in paragraph.strip("\n").splitlines()]
        if n:
            yield ".PP"
        if lines[0] == "Examples:":
            yield from (_text(lines[0]), ".PP", ".RS 4", ".nf", *map(_text, lines[1:]), ".fi", ".RE")
        else:
            yield _text(" ".join(lines))


def _options(options: Sequence[Option]) -> Iterator[str]:
    for option in options:
        label = f" \\fI{_text(option.value.label)}\\fR" if option.value.label else ""
        names = ", ".join(f"\\fB{_text(name)}\\fR" for name in option.names)
        yield from (".TP", f"{names}{label}", _text(option.told))


def _argument(value: Value) -> str:
    return f" {_text(value.label)}" if value.label else ""


def _text(text: str) -> str:
    """The text with what roff would take for its own made inert; signs beyond ASCII by their numbers."""
    made = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq").replace("^", "\\(ha")
    made = "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in made.replace("~", "\\(ti").replace("`", "\\(ga"))
    return f"\\&{made}" if made.startswith(".") else made
