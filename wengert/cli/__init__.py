"""The command line: options in, text out. The only room that reads files, writes and prints."""

from __future__ import annotations


def main() -> None:
    """The console script: guards what a shell hands over, then runs the command."""
    import sys

    from wengert.cli.run import run

    sys.exit(run(sys.argv[1:]))
