"""--notation, --only, --rows, --title: what they do to a document, and what they do not go with."""

from __future__ import annotations

from pathlib import Path

import pytest

from wengert.cli.run import run

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
BAYDIN, TWO, MAZUR = (str(SAMPLES / f"{name}.yaml") for name in ("baydin", "two-two-one", "mazur-2-2-2"))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run([*arguments, "--no-verify"]) == 0
    return capsys.readouterr().out


NOTATIONS = [
    ("bar", BAYDIN, "v̄4 · ∂v4/∂x2"),
    ("leibniz", BAYDIN, "∂f/∂v4 · ∂v4/∂x2"),
    ("grad", BAYDIN, "v4.grad · ∂v4/∂x2"),
    ("delta", BAYDIN, "v̄4 · ∂v4/∂x2"),  # no neuron, no δ
    ("bar", MAZUR, "∂E_total/∂net_o1 · ∂net_o1/∂w5"),
    ("delta", MAZUR, "δ_net_o1 · ∂net_o1/∂w5"),
    ("grad", MAZUR, "net_o1.grad · ∂net_o1/∂w5"),
    ("leibniz", MAZUR, "∂E_total/∂net_o1 · ∂net_o1/∂w5"),
    ("delta", TWO, "δ_a3 · ∂a3/∂w5"),
]


@pytest.mark.parametrize(("notation", "spec", "expected"), NOTATIONS)
def test_notation(notation: str, spec: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert expected in printed(capsys, "trace", spec, "--notation", notation, "--only", "reverse")


def test_several_outputs_name_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    """δ and .grad would not say of which output."""
    for notation in ("grad", "delta", "bar"):
        assert "dg/dx" in printed(capsys, "trace", "f = x**2; g = x*3", "--at", "x=2", "--of", "f,g", "--notation", notation)


def test_only_and_rows(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "trace", BAYDIN, "--only", "forward", "--rows", "3:4")
    assert "v1 = ln(x1)" in text
    assert "v2 = x1·x2" in text
    assert "v3 =" not in text
    assert "Gradient" not in text
    assert "Rows 3 to 4 (--rows)." in text


def test_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "trace", BAYDIN, "--title", "Homework 3").startswith("Homework 3\n")
    assert '"title": "Homework 3"' in printed(capsys, "trace", BAYDIN, "--title", "Homework 3", "-f", "json")


def test_a_verdict_that_is_not_shown_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "abs(x)", "--at", "x=0", "--only", "forward"]) == 0
    assert "verdict of the whole: kink" in capsys.readouterr().err


WRONG = [
    (["--notation", "dot"], "--notation is dot"),
    (["--only", "revrse"], "did you mean reverse?"),
    (["--rows", "20:10"], "--rows goes from 20 down to 10"),
    (["--rows", "0:3"], "rows are counted from 1"),
    (["--rows", ":"], "for example --rows 10:20"),
    (["--rows", "a:b"], "for example --rows 10:20"),
    (["--rows", "1:2", "-f", "json"], "json holds the whole record"),
    (["--only", "reverse", "-f", "jsonl"], "jsonl holds the whole record"),
    (["--notation", "grad", "-f", "json"], "json holds the whole record"),
    (["--only", "reverse", "-f", "svg"], "svg is a picture"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_wrong(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", BAYDIN, "--no-verify", *options]) == 2
    assert message in capsys.readouterr().err


WHOLE = (["trace", BAYDIN], ["diff", BAYDIN], ["train", MAZUR], ["flow", MAZUR], ["rules", "mul"])


@pytest.mark.parametrize("arguments", WHOLE, ids=lambda a: a[0])
def test_standalone(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "\\documentclass" in printed(capsys, *arguments, "-f", "latex", "--standalone")
    assert "\\documentclass" not in printed(capsys, *arguments, "-f", "latex")


@pytest.mark.parametrize("format", ["text", "typst", "html", "json"])
def test_standalone_is_for_latex(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", BAYDIN, "--no-verify", "-f", format, "--standalone"]) == 2
    assert f"--standalone is for latex, and this is {format}" in capsys.readouterr().err


def test_what_latex_has_no_letters_for_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "2*x", "--at", "x=1", "--no-verify", "--title", "日本 x²", "-f", "latex"]) == 0
    out, err = capsys.readouterr()
    assert "U+65E5" in out
    assert err.startswith("warning: LaTeX's fonts have no 日本: there stands U+65E5")


def test_a_program_that_is_not_listed_whole_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    program = "; ".join(["a0 = x", *(f"a{n} = a{n - 1}*x" for n in range(1, 20))])
    assert "\n… and 8 more statements.\n" in printed(capsys, "trace", program, "--at", "x=1")


def test_numbers_that_are_left_out_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "trace", MAZUR, "--only", "gradient")
    assert "…: with its numbers put in, the line would be too long, or would not come out as printed." in text
    assert "…: with its numbers" not in printed(capsys, "trace", BAYDIN, "--only", "gradient")


def test_an_ending_of_another_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", BAYDIN, "-o", "x.dot", "--no-verify"]) == 2
    assert "wengert graph writes .dot" in capsys.readouterr().err
    assert run(["graph", BAYDIN, "-o", "x.pdf"]) == 2
    assert "wengert trace writes .pdf" in capsys.readouterr().err


def test_no_name_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", BAYDIN, "-o", "", "--no-verify"]) == 2
    assert "-o has no name of a file" in capsys.readouterr().err
