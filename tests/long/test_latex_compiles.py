"""Every sample in LaTeX, by every command that takes it, compiles with pdflatex from Debian's texlive: no error, no box that is
too wide or too high. `python -m pytest -m long` runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wengert.tape.primitives import PRIMITIVES

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = sorted((ROOT / "samples").glob("*.yaml"))
NETWORKS = [p for p in SAMPLES if "layers:" in p.read_text(encoding="utf-8")]
TRAINED = [p for p in NETWORKS if "loss:" in p.read_text(encoding="utf-8")]
PACKAGES = "texlive-latex-base, texlive-latex-recommended and lmodern"
TEMPLATE = r"""\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\usepackage[margin=1in]{geometry}
\usepackage{amsmath,amsthm,array,booktabs,longtable}
\newtheorem{problem}{Problem}
\begin{document}
\section*{Homework 3}
\begin{problem} Find the derivatives. \end{problem}
\begin{proof}[Solution] As follows.
\input{part}
\end{proof}
The next problem is easier.
\end{document}
"""


def asked() -> list[list[str]]:
    """The command lines."""
    made: list[list[str]] = []
    for sample in map(str, SAMPLES):
        many = "deep-sigmoid" in sample  # 400 parameters: as many forward sweeps, 80,000 second derivatives
        for options in (
            [], ["--level", "operation"], ["--mode", "both"], ["--level", "operation", "--mode", "both"], ["--order", "2"],
            ["--numbers", "exact"], ["--paths"], ["--notation", "leibniz"], ["--notation", "grad"], ["--round", "3"],
            ["--precision", "50"],
        ):  # fmt: skip
            if not (many and {"both", "--order", "--paths"} & set(options)):
                made.append(["trace", sample, *options])
        made += [["diff", sample], ["diff", sample, "--level", "operation"]]
        made += [] if many else [["diff", sample, "--order", "2"]]
    for network in map(str, NETWORKS):
        made += [["trace", network, "--level", "layer"], ["flow", network]]
    for network in map(str, TRAINED):
        made += [["train", network, "--rate", "0.5", "--steps", steps] for steps in ("1", "100")]
    made += [["rules"], *(["rules", name] for name in PRIMITIVES)]
    return made


def wengert(arguments: list[str], folder: Path) -> str:
    """What the command prints; a status of 2 or 4 is no document."""
    done = subprocess.run(
        [sys.executable, "-m", "wengert", *arguments, "-f", "latex"], capture_output=True, text=True, encoding="utf-8",
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}, timeout=280,
    )  # fmt: skip
    if done.returncode == 2 and "does not go with" in done.stderr:
        return ""
    assert done.returncode in (0, 1, 3), done.stderr
    return done.stdout


def compiled(folder: Path, name: str) -> list[str]:
    """What pdflatex has against the file."""
    if shutil.which("pdflatex") is None:
        pytest.fail(f"pdflatex is not installed: apt-get install {PACKAGES}")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name], capture_output=True, text=True,
        errors="replace", cwd=folder, timeout=280,
    )  # fmt: skip
    log = (folder / name).with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^(?:! .*|Overfull .*|LaTeX Warning: .*|Missing character.*)$", log, re.MULTILINE)
    return found or ([] if done.returncode == 0 else [f"pdflatex ended with {done.returncode}"])


@pytest.mark.parametrize("arguments", asked(), ids=lambda a: " ".join(a).replace(f"{ROOT}/samples/", ""))
def test_a_document_compiles(arguments: list[str], tmp_path: Path) -> None:
    text = wengert([*arguments, "--standalone"], tmp_path)
    if not text:
        pytest.skip("the options do not go together")
    (tmp_path / "whole.tex").write_text(text, encoding="utf-8")
    assert not compiled(tmp_path, "whole.tex")


PARTS = [
    arguments for arguments in asked()
    if arguments[0] in ("flow", "train") or (arguments[0] in ("diff", "trace") and len(arguments) <= 4) or len(arguments) == 1
    if not (arguments[0] == "diff" and "deep-sigmoid" in arguments[1])  # some 700 pages: more than TeX's memory holds so
]  # fmt: skip


@pytest.mark.parametrize("arguments", PARTS, ids=lambda a: " ".join(a).replace(f"{ROOT}/samples/", ""))
def test_a_part_compiles_in_a_homework_template(arguments: list[str], tmp_path: Path) -> None:
    text = wengert(arguments, tmp_path)
    if not text:
        pytest.skip("the options do not go together")
    (tmp_path / "part.tex").write_text(text, encoding="utf-8")
    (tmp_path / "homework.tex").write_text(TEMPLATE, encoding="utf-8")
    assert not compiled(tmp_path, "homework.tex")


# Every character that a person may type, names of many letters, numbers of many digits, formulas that are long or deep.
BLOCKS = (0x20, 0x120, 0x220, 0x320, 0x420, 0x1D00, 0x1F00, 0x2000, 0x2100, 0x2200, 0x2A00, 0x1F600)
HARD = [
    *(["trace", "x", "--at", "x=1", "--title", "".join(map(chr, range(first, first + 128)))] for first in BLOCKS),
    ["trace", "x", "--at", "x=1", "--title", "$α $$ \\$β ½$ ^^5c \\input{/etc/passwd} % # & ~ {"],
    ["trace", "x", "--at", "x=1", "--title", "long" * 100],
    ["trace", "θ_ + é*größe + дельта + σ1_", "--at", "θ_=1,é=2,größe=3,дельта=4,σ1_=5"],
    ["trace", f"{'a' * 200}*{'b' * 90}_1", "--at", f"{'a' * 200}=2,{'b' * 90}_1=3"],
    ["trace", "sin(x)/3", "--at", "x=2/3", "--precision", "400"],
    ["trace", "x**300", "--at", "x=7", "--numbers", "exact"],
    ["diff", "*".join(f"sin(x{i}*y)" for i in range(12))],
    ["diff", "(" * 60 + "x" + "+1)/(1+x)" * 60],
    ["diff", "sqrt(" * 40 + "x" + "+1)" * 40],
    ["diff", "^".join(["x"] * 30), "--budget", "1"],
    ["trace", "+".join(f"x{i}" for i in range(300)), "--at", ",".join(f"x{i}={i}" for i in range(300)), "--no-verify"],
]


@pytest.mark.parametrize("ascii", [[], ["--ascii"]], ids=["", "ascii"])
@pytest.mark.parametrize("arguments", HARD, ids=lambda a: " ".join(a)[:60].encode("ascii", "replace").decode())
def test_what_is_hard_compiles(arguments: list[str], ascii: list[str], tmp_path: Path) -> None:
    (tmp_path / "whole.tex").write_text(wengert([*arguments, *ascii, "--standalone"], tmp_path), encoding="utf-8")
    assert not compiled(tmp_path, "whole.tex")
