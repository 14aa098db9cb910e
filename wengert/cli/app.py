"""The typer application: help, mistakes, and all that is not a plain command line. The only module that imports typer."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from wengert.cli.commands import COMMANDS, VERSION, command
from wengert.cli.parameters import REQUIRED, Argument, Command, Parameter, parameters
from wengert.cli.streams import fitting


class _Command(TyperCommand):
    """A command whose help every terminal can show, and whose options of one value are given once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        typed = list(args)  # the parser uses its list up
        rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            _check_once(ctx, self.make_parser(ctx).parse_args(args=typed)[2])
        return rest

    def get_help(self, ctx: Any) -> str:
        return fitting(super().get_help(ctx))


class _Group(TyperGroup):
    """The same for the help of the whole."""

    def get_help(self, ctx: Any) -> str:
        return fitting(super().get_help(ctx))


def _check_once(context: Any, order: Sequence[Any]) -> None:
    """Ends as for any mistake where an option that takes one value was given again: the last would win unseen."""
    given = Counter(p for p in order if p.param_type_name == "option" and not p.is_flag and not p.multiple)
    for option, times in given.items():
        if times > 1:
            often = "twice" if times == 2 else f"{times} times"
            context.fail(f"{' / '.join(option.opts)} is given {often}, and takes one value")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(VERSION)
        raise typer.Exit


def _options(
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


def application(asked: Collection[str]) -> typer.Typer:
    """All commands by name; those of `asked` can be carried out, tell of their options and are imported."""
    app = typer.Typer(
        name="wengert",
        cls=_Group,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_options)
    for name, entry in COMMANDS.items():
        app.command(name, cls=_Command, short_help=entry.about)(_typed(command(name)) if name in asked else _unasked)
    return app


def group() -> Any:
    """The whole application as typer's own object, every command with its options: for completion and the manual."""
    return typer.main.get_command(application(COMMANDS))


def _unasked() -> None:
    raise AssertionError("this command was not asked for")


def _typed(command: Command) -> Any:
    """The command as typer wants it, its parameters in typer's words."""

    def called(context: typer.Context, **values: Any) -> int:
        return command(context.obj, **values)

    first = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    called.__name__, called.__doc__ = command.__name__, command.__doc__
    called.__signature__ = inspect.Signature([first, *map(_parameter, parameters(command))])  # type: ignore[attr-defined]
    return called


def _parameter(own: Parameter) -> inspect.Parameter:
    d = own.declared
    if isinstance(d, Argument):
        info = typer.Argument(metavar=d.metavar, help=d.help, show_default=d.show_default)
    else:
        info = typer.Option(*d.names, metavar=d.metavar, help=d.help, show_default=d.show_default)
    default = inspect.Parameter.empty if own.default is REQUIRED else own.default
    return inspect.Parameter(own.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[own.type, info])
