"""The command line: options in, text out. The only room that reads files, writes and prints."""

from __future__ import annotations


def main() -> None:
    """The console script: guards what a shell hands over, then runs the command."""
    import sys

    try:
        from wengert import ending, memory

        status = _run(sys.argv[1:])
        if memory.limited():  # a thread that ends with Python may find no memory to end with, and abort
            ending.at_once(status)
    except KeyboardInterrupt:  # before anybody listened
        status = 130
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    import sys

    from wengert import ending, memory

    try:
        ending.watch()
        from wengert.cli.run import run

        status = run(arguments)
        ending.rest()
    except Exception as error:  # not enough memory to load what would tell it
        if not memory.wanting(error):
            raise
        memory.forget(error)
        print(memory.TOO_LITTLE, file=sys.stderr)
        return 3
    return status
