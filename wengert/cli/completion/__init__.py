"""wengert completion SHELL: a script that teaches a shell to complete wengert's commands, options and their words.

The script is made from the commands themselves and holds all it needs, so that a key press runs nothing of wengert's.
"""

from __future__ import annotations

from typing import Annotated

import typer

from wengert.cli.grammar import SHELLS, read
from wengert.cli.output import fitting
from wengert.cli.streams import quiet_stdout
from wengert.errors import UsageError


def completion(
    context: typer.Context,
    shell: Annotated[str, typer.Argument(metavar="SHELL", show_default=False, help=f"{', '.join(SHELLS)}.")],
) -> None:
    """Print a script with which a shell completes commands, options, their words, spec files and rules.

    The first line below belongs into ~/.bashrc, the second into ~/.zshrc, behind compinit; fish reads the file of the third.

    \b
    Examples:
      eval "$(wengert completion bash)"
      eval "$(wengert completion zsh)"
      wengert completion fish > ~/.config/fish/completions/wengert.fish
    """
    from importlib import import_module

    if shell not in SHELLS:
        raise UsageError(f"there is no completion for {shell}", hint=f"one of {', '.join(SHELLS)}")
    script: str = import_module(f"wengert.cli.completion.{shell}").script(read(context.find_root().command))
    try:
        typer.echo(fitting(script), nl=False)
    except BrokenPipeError:
        quiet_stdout()
        raise typer.Exit(0) from None
