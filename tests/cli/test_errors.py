"""Bad command lines beside the message that each must give: what is wrong, which text the carets mark, how to mend it.

Every one ends with exit status 2, says nothing on stdout, and shows no traceback.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from wengert.cli.output import OFFERED
from wengert.cli.run import run
from wengert.show.formats import FORMATS

NET = b"inputs: {x: 1}\nparameters: {w: 2}\nlayers:\n  - weights: [[w]]\n"
FILES: dict[str, bytes] = {
    "ok.yaml": b"formula: x**2\nat: {x: 1}\n",
    "key.yaml": b"formula: x**2\nat: {x: 1}\nouput: f\n",
    "main-key.yaml": b"formla: x**2\n",
    "empty.yaml": b"",
    "comment.yaml": b"# nothing else\n",
    "blank.yaml": b"\n\n  \n",
    "latin.yaml": b"title: ok\nformula: \xff\xfe\n",
    "nul.yaml": b"formula: x\0\n",
    "twice.yaml": b"formula: x\nformula: y\n",
    "anchor.yaml": b"a: &b [*b]\n",
    "tag.yaml": b"formula: !!python/object:os.system x\n",
    "list.yaml": b"- 1\n- 2\n",
    "two.yaml": b"formula: x**2\n---\nformula: x\n",
    "open.yaml": b"at: {x: 1\n",
    "two-forms.yaml": b"formula: x\nlet: {a: x}\n",
    "value.yaml": b"formula: x*y\nat: {x: 1, y: z}\n",
    "formula.yaml": b"title: a case\nformula: x**2 + (x\nat: {x: 1}\n",
    "domain.yaml": b"formula: ln(x*y - 3)\nat: {x: 2, y: 1}\n",
    "row.yaml": NET.replace(b"[[w]]", b"[[w, w]]"),
    "kind.yaml": NET + b"targets: [1]\nloss: {kind: squared_eror}\n",
    "layer-key.yaml": NET.replace(b"weights", b"wieghts"),
    "unknown.yaml": NET.replace(b"[[w]]", b"[[v]]"),
    "data.yaml": NET.replace(b"{x: 1}", b"[x]") + b"data: rows.csv\n",
}  # fmt: skip

# arguments, the first line, the text under the carets (None: no place is shown), the hint (None: none)
Row = tuple[list[str], str, "str | None", "str | None"]
FORMULAS: list[Row] = [
    (["trace", "9**9**9**9*x", "--at", "x=1"], "the power overflows at v1 = 3.8742e+08", "9**9**9",
     "the largest double is about 1.8e308; --precision 20 has no such limit"),
    (["trace", "ln(x)", "--at", "x=-1"], "ln is undefined at x = -1", "ln(x)", "the logarithm needs a positive argument"),
    (["trace", "1/x", "--at", "x=0"], "the quotient is undefined at x = 0", "1/x", "the denominator must not be 0"),
    (["trace", "exp(x)", "--at", "x=1000"], "exp overflows at x = 1000", "exp(x)",
     "the largest double is about 1.8e308; --precision 20 has no such limit"),
    (["diff", "2x +"], "the formula ends where a number, a name or a bracket is wanted", "", "something is missing after +"),
    (["trace", "__import__('os').system('ls')"], "' has no meaning in a formula", "'", "a formula holds no quotes"),
    (["diff", "sin x"], "sin is a function and needs brackets", "sin x", "write sin(x)"),
    (["diff", "sin"], "sin is a function and needs brackets", "sin", "write sin(…); a variable of that name needs a value"),
    (["diff", "x$y"], "$ has no meaning in a formula", "$", "write the formula without dollar signs"),
    (["diff", ""], "there is no formula here", None, 'for example: wengert diff "(x**2+1)**3"'),
    (["diff", "  "], "there is no formula here", None, 'for example: wengert diff "(x**2+1)**3"'),
    (["diff", "/"], "/ is a folder", None, "a spec is a file whose name ends in .yaml or .yml"),
]
VALUES: list[Row] = [
    (["trace", "x", "--at", "x=.inf"], ".inf is no number here", ".inf", "numbers are finite: 0.5, 1e-3, 1/3"),
    (["trace", "x**2"], "x has no value", "x", "give it with --at x=…"),
    (["trace", "x*y", "--at", "x=1"], "y has no value", "y", "give it with --at y=…"),
    (["trace", "x*y", "--at", "x=1,y"], "--at wants name=value", "y", "for example --at x1=2,x2=1/3"),
    (["trace", "x*y", "--at", "x=1,y="], "--at gives y no value", "y", "for example --at y=2"),
    (["trace", "x*y", "--at", "x=1,y=z"], "--at: y wants a number, and z is a name", "z",
     "a value is made of numbers, pi and e: 0.5, 1e-3, 1/3, sqrt(2)/2"),
    (["trace", "x*y", "--at", "x=1,y=2", "--at", "x=3"], "--at gives x twice", "x", None),
    (["trace", "x*y", "--at", "x=1,y=2,q=3"], "there is no q to give a value to", "q", "the names are x, y"),
    (["trace", "xy", "--at", "x=1,y=2"], "there is no x to give a value to", "x", "xy is one name; write x*y for the product"),
    (["trace", "x*y", "--at", "x=1,y=2", "--wrt", "q"], "--wrt names q, which is not in the model", "q",
     "the names are x, y, f"),
    (["trace", "x*y", "--at", "x=1,y=2", "--wrt", ""], "--wrt: a name is missing", "", "for example --wrt x1,x2"),
    (["trace", "x*y", "--at", "x=1,y=2", "--wrt", "x,x"], "--wrt names x twice", "x", None),
    (["trace", "x*y", "--at", "x=1,y=2", "--of", "q"], "--of names q, which is not in the model", "q", "what is computed: f"),
    (["trace", "x*y", "--at", "x=1,y=2", "--of", "x"], "--of names x, which is an input", "x", "an output is computed: f"),
    (["trace", "x*y", "--at", "x=1,y=2", "--seed", "x=1", "--mode", "reverse"],
     "--mode reverse knows no direction, and a seed gives one", None, "--mode both shows the adjoints too"),
    (["diff", "x**2*y", "--round", "2"], "--round needs a point", None, "add --at x=…,y=…"),
    (["diff", "x**2*y", "--precision", "30"], "--precision needs a point", None, "add --at x=…,y=…"),
    (["diff", "x**2*y", "--numbers", "exact"], "--numbers exact needs a point", None, "add --at x=…,y=…"),
    (["diff", "x**2*y", "--kink", "strict"], "--kink strict needs a point", None, "add --at x=…,y=…"),
    (["diff", "a+b+c+d+e0", "--round", "2"], "--round needs a point", None, "add --at a=…,b=…,c=…,d=…,…"),
    (["trace", "x*y", "--at", "x=1,y=2", "--seed", "q=1"], "--seed moves q, which is not in the model", "q",
     "inputs are x, y"),
    (["trace", "x*y", "--at", "x=1,y=2", "--seed", "x"], "--seed wants name=value", "x", "for example --seed x1=2,x2=1/3"),
    (["trace", "x*y", "--at", "x=1,y=2", "--seed", ""], "--seed wants name=value", "", "for example --seed x1=2,x2=1/3"),
]
ONE_FORMAT = f"one of {', '.join(OFFERED)}"
ONE_ENDING = f"one of {', '.join(e for name in OFFERED for e in FORMATS[name].endings)}, or -f"
OPTIONS: list[Row] = [
    (["trace", "x", "--at", "x=1", "--mode", "sideways"], "--mode is sideways", None, "one of reverse, forward, both"),
    (["trace", "x", "--at", "x=1", "--level", "deep"], "--level is deep", None, "one of operation, neuron, layer"),
    (["trace", "x", "--at", "x=1", "--format", "docx"], "--format is docx", None, ONE_FORMAT),
    (["trace", "x", "--at", "x=1", "--budget", "-1"], "--budget is -1", None, "seconds greater than 0, at most 86,400"),
    (["trace", "x", "--at", "x=1", "--budget", "nan"], "--budget is nan", None, "seconds greater than 0, at most 86,400"),
    (["trace", "x", "--at", "x=1", "--digits", "5000", "--no-verify"],
     "--digits is 5000, and double precision has no more than 15 that can be trusted", None,
     "at most 15, or --precision 4000"),
    (["trace", "x", "--at", "x=1", "--digits", "0"], "0 significant digits cannot be shown", None, "give 1 to 15"),
    (["trace", "x", "--at", "x=1", "--precision", "30", "--digits", "0"], "0 significant digits cannot be shown", None,
     "give 1 to 30"),
    (["train", "ok.yaml", "--digits", "0"], "0 significant digits cannot be shown", None, "give 1 to 15"),
    (["flow", "ok.yaml", "--digits", "0"], "0 significant digits cannot be shown", None, "give 1 to 15"),
    (["rules", "sin", "--digits", "-1"], "-1 significant digits cannot be shown", None, "give 1 to 15"),
    (["trace", "x", "--at", "x=1", "--decimals", "-1"], "-1 decimals cannot be shown", None, "give 0 to 4000"),
    (["trace", "x", "--at", "x=1", "-o", "out.docx"], "the ending .docx of out.docx names no format", None,
     ONE_ENDING),
    (["trace", "x", "--at", "x=1", "-o", "out"], "the ending (none) of out names no format", None, ONE_ENDING),
    (["trace", "x", "--at", "x=1", "-o", "nowhere/out.txt"], "nowhere/out.txt cannot be written: there is no folder nowhere",
     None, None),
]  # fmt: skip
SPECS: list[Row] = [
    (["trace", "nowhere.yaml"], "there is no file nowhere.yaml", None, None),
    (["trace", "okk.yaml"], "there is no file okk.yaml", None, "did you mean ok.yaml?"),
    (["trace", "folder.yaml"], "folder.yaml cannot be read: Is a directory", None, None),
    (["trace", "key.yaml"], "there is no key ouput in a spec with a formula", "ouput", "did you mean output?"),
    (["trace", "main-key.yaml"], "there is no key formla in a spec", "formla", "did you mean formula?"),
    (["trace", "empty.yaml"], "empty.yaml is empty", None, "it needs a formula:, a let: or layers:"),
    (["trace", "comment.yaml"], "comment.yaml is empty", None, "it needs a formula:, a let: or layers:"),
    (["trace", "blank.yaml"], "blank.yaml is empty", None, "it needs a formula:, a let: or layers:"),
    (["trace", "latin.yaml"], "latin.yaml is not UTF-8 text: line 2 holds another byte", None, "save it as UTF-8"),
    (["trace", "nul.yaml"], "the character U+0000 does not belong in a spec", "\ufffd", None),
    (["trace", "twice.yaml"], "formula is given twice", "formula", None),
    (["trace", "domain.yaml"], "ln is undefined at v2 = -1", "ln(x*y - 3)", "the logarithm needs a positive argument"),
]
LOOSE = [
    "anchor", "tag", "list", "two", "open", "two-forms", "value", "formula", "row", "kind", "layer-key", "unknown", "data",
]  # fmt: skip
TYPER: list[tuple[list[str], str]] = [
    (["trace"], "Missing argument 'SPEC'"),
    (["frobnicate", "x"], "No such command 'frobnicate'"),
    (["trace", "x", "--frob"], "No such option: --frob"),
    (["trace", "x", "--at"], "Option '--at' requires an argument"),
    (["trace", "x", "y", "--at", "x=1"], "unexpected extra argument"),
    (["trace", "x", "--at", "x=1", "--budget", "soon"], "Invalid value for '--budget'"),
    (["trace", "x", "--at", "x=1", "--digits", "many"], "Invalid value for '--digits'"),
    (["diff", "x**2", "--mode", "both"], "No such option: --mode"),
    (["diff", "x**2", "--order", "1", "--order=2"], "Error: --order is given twice, and takes one value"),
    (["diff", "x**2", "-f", "text", "--format", "json", "-fcsv"], "Error: -f / --format is given 3 times, and takes one value"),
    (["train", "ok.yaml", "--of", "f", "--of", "f"], "Error: --of is given twice, and takes one value"),
]


def joined(value: object) -> str:
    """The command line, as the name of its test."""
    return " ".join(map(str, value)) if isinstance(value, list) else ""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.yaml").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on stderr of a command line that must fail."""
    status = run(arguments)
    out, err = capsys.readouterr()
    assert status == 2, err
    assert out == ""
    assert "Traceback" not in err
    assert "itself failed" not in err
    assert all(len(line) < 200 for line in err.splitlines())
    return err.splitlines()


def marked(lines: list[str]) -> str | None:
    """The text above the carets; None where there are none."""
    for above, carets in pairwise(lines):
        if carets.strip() and set(carets.strip()) == {"^"}:
            return above[carets.index("^") : carets.rindex("^") + 1]
    return None


@pytest.mark.parametrize(("arguments", "error", "under", "hint"), [*FORMULAS, *VALUES, *OPTIONS, *SPECS], ids=joined)
def test_message(
    arguments: list[str], error: str, under: str | None, hint: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(arguments, capsys)
    assert lines[0] == f"error: {error}"
    assert marked(lines) == under
    hints = [line.strip() for line in lines if line.strip().startswith("hint:")]
    if hint is not None or arguments[1] != "nowhere.yaml":
        assert hints == ([] if hint is None else [f"hint: {hint}"])


@pytest.mark.parametrize("name", LOOSE)
def test_a_bad_spec_is_shown_with_its_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Their words are the spec reader's own tests' matter; here: a place in the file, and no more than a few lines."""
    lines = told(["trace", f"{name}.yaml"], capsys)
    assert lines[0].startswith("error: ")
    assert lines[1].startswith(f"  in {name}.yaml, line ")
    assert marked(lines) is not None
    assert len(lines) <= 8


@pytest.mark.parametrize(("arguments", "error"), TYPER, ids=joined)
def test_options_that_are_not_there(arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert error in " ".join(told(arguments, capsys))


def test_a_file_name_with_a_nul(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(["trace", "a\0b.yaml"], capsys)[0].startswith("error: ")


def test_a_file_that_may_not_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "ok.yaml"
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert told(["trace", "ok.yaml"], capsys)[0] == "error: ok.yaml cannot be read: Permission denied"


def test_the_shell_is_never_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for formula in ("__import__('os').mkdir('made')", "().__class__", "open('made', 'w')", "x.__class__", "lambda: x", "x[0]"):
        told(["diff", formula], capsys)
    assert not (folder / "made").exists()


def test_a_long_line_is_shown_around_the_fault(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(["diff", "+".join(f"x{i}" for i in range(5000)) + " + $"], capsys)
    assert marked(lines) == "$"
    assert "column" in lines[1]


def test_the_values_that_led_there(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(["trace", "domain.yaml"], capsys)
    assert "  v1 = x*y = 2, v2 = v1 - 3 = -1" in lines
