"""wengert completion SHELL: a script that teaches a shell to complete wengert's commands, options and their words.

The script is made from the commands themselves and holds all it needs, so that a key press runs nothing of wengert's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from wengert.cli.grammar import SHELLS, read
from wengert.cli.parameters import Argument
from wengert.cli.streams import fitting, put, quiet_stdout
from wengert.errors import UsageError

if TYPE_CHECKING:
    from wengert.verify.judge import Judge

Shell = Annotated[str, Argument(metavar="SHELL", show_default=False, help=f"{', '.join(SHELLS)}.")]


def completion(
    judge: Judge | None,
    shell: Shell,
) -> int:
    """Print a script with which a shell completes commands, options, their words, spec files and rules.

    The first line below belongs into ~/.bashrc, the second into ~/.zshrc, behind compinit; fish reads the file of the third.

    \b
    Examples:
      eval "$(wengert completion bash)"
      eval "$(wengert completion zsh)"
      wengert completion fish > ~/.config/fish/completions/wengert.fish
    """
    from importlib import import_module

    from wengert.cli.app import group

    if shell not in SHELLS:
        raise UsageError(f"there is no completion for {shell}", hint=f"one of {', '.join(SHELLS)}")
    script: str = import_module(f"wengert.cli.completion.{shell}").script(read(group()))
    try:
        put(fitting(script))
    except BrokenPipeError:
        quiet_stdout()
    return 0
