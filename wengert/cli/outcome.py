"""From a command line to an exit status: the command is carried out, and whatever goes wrong has its words and its status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

from wengert.cli.commands import COMMANDS, VERSION, command
from wengert.cli.hints import no_memory, told
from wengert.cli.messages import say
from wengert.cli.streams import Closed, drop, put
from wengert.ending import INTERRUPTED
from wengert.errors import WengertError
from wengert.memory import forget, panic, wanting

if TYPE_CHECKING:
    from wengert.verify.judge import Judge

NO_LIMIT = "warning: this system sets no limit on the judge's memory; --budget ends it all the same"


def status_of_line(arguments: Sequence[str], judge: Judge | None) -> int:
    """Carry out the command line and give its exit status; `judge` may have been started for it, and is ended."""
    stdout = sys.stdout
    opened = sys.stdout = Closed() if stdout is None else stdout
    try:
        if judge is not None and not _limited():
            say(NO_LIMIT)
        return _status(_carried_out(arguments, judge))
    except SystemExit as end:
        if sys.stdout is not opened:  # typer's sign that whoever read our output has seen enough (`| head`)
            drop(opened)
            return 0
        return _status(end.code)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BaseException as error:
        if not isinstance(error, Exception) and not panic(error):
            raise
        return _told(error, arguments, opened)
    finally:
        sys.stdout = stdout
        if judge is not None:
            judge.close()


def _limited() -> bool:
    from wengert.verify.memory import counter

    return counter() is not None


def _told(error: BaseException, arguments: Sequence[str], opened: TextIO | Closed) -> int:
    """The exit status of a run that ended so, which is told."""
    if wanting(error):
        forget(error)
        say(no_memory(arguments))
        return 3
    if isinstance(error, WengertError):
        say(told(error, arguments))
        return error.status
    if isinstance(error, BrokenPipeError):  # whoever read our output has seen enough (`| head`)
        drop(opened)
        return 0
    if isinstance(error, OSError):
        say(f"error: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
        drop(opened)  # what it did not take it will not take when Python ends
        return 2
    if hasattr(error, "show") and hasattr(error, "exit_code"):  # of typer: an option or a command that there is not
        say(_shown(error))
        return int(error.exit_code)
    if os.environ.get("WENGERT_DEBUG"):
        raise error
    say(f"error: wengert itself failed here: {type(error).__name__}: {error}")
    say("  hint: WENGERT_DEBUG=1 shows where; please report it")
    return 4


def _carried_out(arguments: Sequence[str], judge: Judge | None) -> Any:
    """What the command line asks for; typer is loaded where it is not a plain one."""
    if list(arguments) == ["--version"]:
        put(f"{VERSION}\n")
        return 0
    if arguments and arguments[0] in COMMANDS and not {"--help", "-h"} & set(arguments):
        from wengert.cli.plain import read

        asked = command(arguments[0])
        values = read(asked, arguments[1:])
        if values is not None:
            return asked(judge, **values)
    from wengert.cli.app import application

    app = application({name for name in COMMANDS if name in arguments})
    return app(args=arguments, prog_name="wengert", standalone_mode=False, obj=judge)


def _shown(error: Any) -> str:
    """What typer would print of it, for `say` to print: it holds what was typed, control characters too."""
    text = StringIO()
    error.show(text)
    return text.getvalue().rstrip("\n")


def _status(code: str | int | None) -> int:
    if code is None:
        return 0
    return code if isinstance(code, int) else 2
