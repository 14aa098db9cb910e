"""The commands by name: the module of each and its line in the list of all. None is imported until somebody asks for it."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from wengert import __version__
from wengert.cli.parameters import Command

VERSION = f"wengert {__version__}"


class Entry(NamedTuple):
    module: str
    about: str
    judged: bool = False  # whether it asks the judge, who then starts before all else


COMMANDS = {
    "trace": Entry("trace", "Values, tangents, adjoints and the gradient at a point.", judged=True),
    "diff": Entry("diff", "The derivative in symbols, chain rule by chain rule.", judged=True),
    "graph": Entry("graph", "The computational graph, drawn, with values and adjoints."),
    "train": Entry("train", "Steps of gradient descent, the first in full, the loss by step.", judged=True),
    "flow": Entry("flow", "How the gradient travels through a network, layer by layer.", judged=True),
    "rules": Entry("rules", "The table of all primitives, or one rule with its derivation.", judged=True),
    "schema": Entry("schema", "The JSON Schema of a spec, for editors."),
    "completion": Entry("completion", "A script for bash, zsh or fish that completes all of this."),
    "man": Entry("manual", "All of this as a manual page."),
}


def command(name: str) -> Command:
    """The command's function, which bears its name."""
    module: Any = import_module(f"wengert.cli.{COMMANDS[name].module}")
    found: Command = getattr(module, name)
    return found
