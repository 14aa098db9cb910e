"""The commands, their options and the words these take, read from the typer application: for completion and the manual."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wengert.lang.variants import REMEDIES
from wengert.pipeline import SPEC_ENDINGS
from wengert.settings import CONVENTIONS, NUMBERS
from wengert.show.formats import DOCUMENTS, GRAPHS
from wengert.show.look import ADJOINTS
from wengert.show.selection import ONLY
from wengert.sweep.choice import MODES
from wengert.sweep.optimizers import OPTIMIZERS
from wengert.sweep.steps import LEVELS
from wengert.tape.primitives import VOCABULARY

Takes = Literal["nothing", "words", "files", "specs", "anything"]
SHELLS = ("bash", "zsh", "fish")
LONGEST = 70  # characters of a description
SPECS = tuple(ending.removeprefix(".") for ending in SPEC_ENDINGS)


@dataclass(frozen=True, slots=True)
class Value:
    """What an option or an argument takes: `words` to choose from, files, spec files (and folders), or anything."""

    takes: Takes = "nothing"
    words: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """`names` are spellings of the same, with their dashes; `about` is short, `told` the whole help."""

    names: tuple[str, ...]
    value: Value
    about: str
    told: str
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """`about` is its line in the list of commands, `told` its whole help."""

    name: str
    about: str
    told: str
    options: tuple[Option, ...]
    argument: Value


# The words of an option, by its name (behind its command's, where commands differ); of an argument, by its metavar.
WORDS: dict[str, Sequence[str]] = {
    "--format": DOCUMENTS, "graph --format": GRAPHS, "--mode": MODES, "--level": LEVELS, "--numbers": NUMBERS,
    "--kink": CONVENTIONS, "--notation": ADJOINTS, "--only": tuple(ONLY), "--optimizer": tuple(OPTIMIZERS),
    "--with": REMEDIES, "NAME": tuple(sorted(word for word in VOCABULARY if word.isascii())), "SHELL": SHELLS,
}  # fmt: skip
FILES = ("--output", "--save")
FREE = ("--at", "--wrt", "--of", "--seed", "--precision", "--round", "--order", "--digits", "--decimals", "--rows", "--title",
        "--row", "--budget", "--limit", "--rate", "--steps", "--momentum", "--compare", "--depth")  # fmt: skip
HELP = Option(("-h", "--help"), Value(), "Show this message and exit", "Show this message and exit.")


def read(root: Any) -> tuple[tuple[Option, ...], tuple[Command, ...]]:
    """The options of `wengert` itself and its commands, from the group that typer made."""
    return _options(root.params, ""), tuple(_command(name, made) for name, made in root.commands.items())


def _command(name: str, made: Any) -> Command:
    arguments = [p for p in made.params if p.param_type_name == "argument"]
    about, told = _short(made.short_help or made.help), made.help or ""
    return Command(name, about, told, _options(made.params, name), _argument(arguments))


def _options(params: Sequence[Any], command: str) -> tuple[Option, ...]:
    found: list[Option] = []
    for p in params:
        if p.param_type_name != "option" or p.hidden:
            continue
        value = Value() if p.is_flag else _value(p.opts, p.metavar or "", command)
        told = p.help or ""
        found.append(Option(tuple(p.opts), value, _short(told), told, bool(getattr(p, "multiple", False))))
        if p.secondary_opts:
            found.append(Option(tuple(p.secondary_opts), Value(), f"Not: {_short(told)}", f"The contrary of {p.opts[0]}."))
    return (*found, HELP)


def _value(names: Sequence[str], label: str, command: str) -> Value:
    for name in names:
        words = WORDS.get(f"{command} {name}") or WORDS.get(name)
        if words is not None:
            return Value("words", tuple(words), label)
        if name in FILES:
            return Value("files", label=label)
    return Value("anything", label=label)


def _argument(arguments: Sequence[Any]) -> Value:
    if not arguments:
        return Value()
    label = arguments[0].metavar or ""
    if label == "SPEC":
        return Value("specs", label=label)
    return Value("words", tuple(WORDS[label]), label) if label in WORDS else Value("anything", label=label)


def _short(text: str) -> str:
    """A description's first sentence, or as much of it as a line of suggestions holds."""
    first = re.split(r"(?<=[a-z0-9)])[.;:](?:\s|$)", " ".join(text.split()), maxsplit=1)[0].rstrip(".")
    return first if len(first) <= LONGEST else first[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
