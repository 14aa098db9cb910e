"""Golden outputs: whole documents, byte for byte, so that a change of wording or layout is a change that somebody looked at.

`tests/golden/NAME.txt` is the text a pipe gets, `NAME.ascii.txt` the same with --ascii, `NAME.json` the record. After a change
that is meant, write them anew and read the difference before it is committed:

    WENGERT_UPDATE_GOLDEN=1 pytest tests/test_golden.py
    git diff tests/golden
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import wengert
from wengert.cli.run import run

pytestmark = pytest.mark.usefixtures("one_judge")

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = Path(wengert.__file__).parents[1] / "samples"
UPDATE = bool(os.environ.get("WENGERT_UPDATE_GOLDEN"))
PATIENT = ["--budget", "100"]  # a busy machine must not leave a verdict open

DOCUMENTS: dict[str, list[str]] = {
    "baydin-both-modes": ["trace", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5", "--mode", "both"],
    "chain-rule": ["diff", "(x**2 + 1)**3", "--at", "x=3"],
    "several-paths": ["diff", "(x1*x2 + sin(x1))*(x1*x2)"],
    "program": ["trace", "a = w*x + b; y = sigmoid(a)", "--at", "w=2,x=-1,b=1/2", "--wrt", "w,b"],
    "jacobian": ["trace", "r = x*cos(t); s = x*sin(t)", "--at", "x=2,t=pi/6", "--of", "r,s"],
    "seed": ["trace", "x**2 - x*y + 3*y**2", "--at", "x=-1,y=2", "--seed", "x=3/5,y=4/5"],
    "kink": ["trace", "abs(x - 1)*y", "--at", "x=1,y=2"],
    "tie": ["trace", "max(x, y)", "--at", "x=1,y=1"],
    "kinks-that-cancel": ["trace", "kink.yaml"],
    "infinite-slope": ["trace", "sqrt(x)", "--at", "x=0"],
    "imprecise": ["trace", "(1 - cos(x))/x**2", "--at", "x=1e-4"],
    "exact-and-rounded": ["trace", "x/3 + sqrt(x) + 1/7", "--at", "x=4", "--decimals", "3"],
    "network-neuron": ["trace", "mazur-2-2-2.yaml"],
    "network-operation": ["trace", "two-two-one.yaml", "--level", "operation"],
    "network-diff": ["diff", "two-two-one.yaml"],
    "exact": ["trace", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=pi/3", "--numbers", "exact"],
    "many-digits": ["trace", "(1 - cos(x))/x**2", "--at", "x=1e-8", "--precision", "30"],
    "rounded": ["trace", "two-two-one.yaml", "--round", "3"],
    "orders": ["diff", "sin(x**2 + 1)", "--order", "4", "--at", "x=2"],
    "hessian": ["trace", "x**2*y + y**3", "--at", "x=2,y=3", "--order", "2"],
    "hessian-seed": ["trace", "x**2*y + y**3", "--at", "x=2,y=3", "--order", "2", "--seed", "x=1,y=-1"],
    "hessian-formulas": ["diff", "x**2*y + exp(x)", "--order", "2"],
    "paths": ["trace", "x*sin(x**2 + y)", "--at", "x=2,y=1", "--paths"],
    "kink-of-jax": ["trace", "abs(x) + max(x, y)", "--at", "x=0,y=0", "--kink", "jax"],
    "second-order-kink": ["trace", "relu(x)**2", "--at", "x=0", "--order", "2"],
    "jump": ["trace", "sign(x)*y", "--at", "x=0,y=2"],
    "rules": ["rules"],
    "rule-add": ["rules", "add"],
    "rule-mul": ["rules", "mul"],
    "rule-max": ["rules", "max"],
    "rule-sigmoid": ["rules", "sigmoid"],
}  # fmt: skip
RECORDS = (
    "baydin-both-modes", "chain-rule", "jacobian", "seed", "kink", "tie", "imprecise", "network-neuron", "exact", "many-digits",
    "hessian", "hessian-seed", "paths", "rule-mul",
)  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_text(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    compare(f"{name}.txt", printed(name, capsys, "-f", "text"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_ascii(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(name, capsys, "-f", "text", "--ascii")
    assert shown.isascii()
    compare(f"{name}.ascii.txt", shown)


@pytest.mark.parametrize("name", RECORDS)
def test_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    compare(f"{name}.json", printed(name, capsys, "-f", "json"))


def test_no_file_is_left_over() -> None:
    expected = {f"{n}{ending}" for n in DOCUMENTS for ending in (".txt", ".ascii.txt")} | {f"{n}.json" for n in RECORDS}
    assert {p.name for p in GOLDEN.iterdir() if p.is_file()} == expected


def printed(name: str, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    arguments = [str(SAMPLES / a) if a.endswith(".yaml") else a for a in DOCUMENTS[name]]
    assert run([*arguments, *PATIENT, *options]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def compare(name: str, shown: str) -> None:
    path = GOLDEN / name
    if UPDATE:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8", newline="\n")
    assert path.exists(), "no golden file: WENGERT_UPDATE_GOLDEN=1 writes it"
    assert shown == path.read_text(encoding="utf-8")
