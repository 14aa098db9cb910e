"""The typer application: a command a file, joined here."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from wengert import __version__
from wengert.cli.completion import completion
from wengert.cli.diff import diff
from wengert.cli.flow import flow
from wengert.cli.graph import graph
from wengert.cli.manual import man
from wengert.cli.output import fitting
from wengert.cli.rules import rules
from wengert.cli.schema import schema
from wengert.cli.trace import trace
from wengert.cli.train import train


class _Command(TyperCommand):
    """A command whose help every terminal can show."""

    def get_help(self, ctx: Any) -> str:
        return fitting(super().get_help(ctx))


class _Group(TyperGroup):
    """The same for the help of the whole."""

    def get_help(self, ctx: Any) -> str:
        return fitting(super().get_help(ctx))


app = typer.Typer(
    name="wengert",
    cls=_Group,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"wengert {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """wengert shows the working of a derivative: every step, forward and backward, each derivative checked by sympy.

    \b
    Examples:
      wengert trace "ln(x1)+x1*x2-sin(x2)" --at x1=2,x2=5
      wengert diff "(x**2+1)**3"
      wengert trace net.yaml -o solution.pdf

    A network is a spec file (.yaml); wengert COMMAND --help says what each command can do.
    """


app.command("trace", cls=_Command, short_help="Values, tangents, adjoints and the gradient at a point.")(trace)
app.command("diff", cls=_Command, short_help="The derivative in symbols, chain rule by chain rule.")(diff)
app.command("graph", cls=_Command, short_help="The computational graph, drawn, with values and adjoints.")(graph)
app.command("train", cls=_Command, short_help="Steps of gradient descent, the first in full, the loss by step.")(train)
app.command("flow", cls=_Command, short_help="How the gradient travels through a network, layer by layer.")(flow)
app.command("rules", cls=_Command, short_help="The table of all primitives, or one rule with its derivation.")(rules)
app.command("schema", cls=_Command, short_help="The JSON Schema of a spec, for editors.")(schema)
app.command("completion", cls=_Command, short_help="A script for bash, zsh or fish that completes all of this.")(completion)
app.command("man", cls=_Command, short_help="All of this as a manual page.")(man)
