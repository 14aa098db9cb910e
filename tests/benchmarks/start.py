"""How soon it starts: whole processes beside the smallest ones that could do the same."""

from __future__ import annotations

from tests.benchmarks.measure import Measured, Row, Work, in_turn, on_terminal, process

BARE = """
import typer
app = typer.Typer()
@app.command()
def main(version: bool = False):
    print("bare 1.0")
app()
"""
SYMPY = """
import typer
app = typer.Typer()
@app.command()
def main():
    import sympy
    x = sympy.Symbol("x")
    print(sympy.diff((x**2 + 1)**3, x))
app()
"""
TRACE = ("trace", "ln(x1)+x1*x2-sin(x2)", "--at", "x1=2,x2=5")
FIRST = "0.693147"  # a value of the first table


def _version(runs: int) -> Measured:
    return _beside(process(["-m", "wengert", "--version"]), process(["-c", BARE, "--version"]), 3 * runs)


def _trace(runs: int) -> Measured:
    return _beside(process(["-m", "wengert", *TRACE, "--no-verify"]), process(["-c", BARE, "--version"]), 3 * runs)


def _diff(runs: int) -> Measured:
    return _beside(process(["-m", "wengert", "diff", "(x**2+1)**3"]), process(["-c", SYMPY]), 2 * runs)


def _first_table(runs: int) -> Measured:
    on_terminal(["-m", "wengert", *TRACE], FIRST)
    seen, ended = zip(*(on_terminal(["-m", "wengert", *TRACE], FIRST) for _ in range(2 * runs)), strict=True)
    return Measured(seen, ended)


def _beside(ours: Work, theirs: Work, runs: int) -> Measured:
    """Both once before they are measured: what is not compiled yet is then, and the disk's pages are there."""
    ours()
    theirs()
    return in_turn(ours, theirs, runs)


ROWS = [
    Row("version", "wengert --version", "a bare typer program", 1.1, _version),
    Row("trace", "trace of a formula into a pipe, --no-verify", "a bare typer program", 1.4, _trace),
    Row("diff", 'diff "(x**2+1)**3", verified', "a bare typer program that imports sympy and differentiates", 1.0, _diff),
    Row("first-table", "the first table of a verified trace on a terminal", "the whole run", 0.5, _first_table),
]
