"""The command line: options in, text out. The only room that reads files, writes and prints."""

from __future__ import annotations


def main() -> None:
    """The console script: guards what a shell hands over, then runs the command."""
    import sys

    try:
        from wengert import ending

        ending.watch()
        from wengert.cli.run import run

        status = run(sys.argv[1:])
        ending.rest()
    except KeyboardInterrupt:  # before anybody listened
        status = 130
    sys.exit(status)
