"""How soon it starts: whole processes beside the smallest ones that could do the same."""

from __future__ import annotations

from tests.benchmarks.measure import Measured, Row, in_turn, process

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
TRACE = ("trace", "ln(x1)+x1*x2-sin(x2)", "--at", "x1=2,x2=5", "--no-verify")


def _version(runs: int) -> Measured:
    return in_turn(process(["-m", "wengert", "--version"]), process(["-c", BARE, "--version"]), 3 * runs)


def _trace(runs: int) -> Measured:
    return in_turn(process(["-m", "wengert", *TRACE]), process(["-c", BARE, "--version"]), 3 * runs)


def _diff(runs: int) -> Measured:
    return in_turn(process(["-m", "wengert", "diff", "(x**2+1)**3"]), process(["-c", SYMPY]), 2 * runs)


ROWS = [
    Row("version", "wengert --version", "a bare typer program", 1.1, _version),
    Row("trace", "trace of a formula into a pipe, --no-verify", "a bare typer program", 1.4, _trace),
    Row("diff", 'diff "(x**2+1)**3", verified', "a bare typer program that imports sympy and differentiates", 1.0, _diff),
]
