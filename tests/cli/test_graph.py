"""wengert graph: formats, files, levels, widths, errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import wengert
from wengert.cli.run import run

ROOT = Path(wengert.__file__).parents[1]
SAMPLES = ROOT / "samples"
TWO, XOR, MAZUR = (str(SAMPLES / f"{name}.yaml") for name in ("two-two-one", "xor", "mazur-2-2-2"))


def done(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    assert run(["graph", *arguments]) == status
    out, err = capsys.readouterr()
    return out, err


def test_without_a_point_it_shows_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = done(capsys, "x*y + sin(x)")
    assert "cos(x)" in out and "=" not in out.replace("v1 = ", "").replace("v2 = ", "").replace("f = ", "")
    assert err == ""


def test_at_a_point_it_shows_values_and_adjoints(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = done(capsys, "x*y", "--at", "x=2,y=3")
    assert "= 6" in out and "x = 2" in out


def test_a_spec_that_lacks_values_is_drawn_without_numbers_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "part.yaml"
    path.write_text("formula: x*y\nat: {x: 2}\n", encoding="utf-8")
    out, err = done(capsys, str(path))
    assert err == "warning: drawn without numbers: y has no value (--at y=…)\n"
    assert "= 2" not in out
    _, err = done(capsys, "x*y", "--at", "x=2", status=2)
    assert "y has no value" in err


@pytest.mark.parametrize("ending", ["txt", "dot", "gv", "mmd", "svg", "json", "png"])
def test_files_by_their_ending(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"g.{ending}"
    out, err = done(capsys, TWO, "-o", str(path))
    assert (out, err) == ("", "")
    data = path.read_bytes()
    begins = {"txt": b"A 2-2-1", "dot": b"digraph", "gv": b"digraph", "mmd": b"---\ntitle", "svg": b"<?xml", "json": b"{\n",
              "png": b"\x89PNG"}  # fmt: skip
    assert data.startswith(begins[ending])


def test_the_same_picture_from_trace_and_from_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done(capsys, TWO, "-o", str(tmp_path / "graph.svg"))
    assert run(["trace", TWO, "--no-verify", "-o", str(tmp_path / "trace.svg")]) == 0
    assert (tmp_path / "graph.svg").read_bytes() == (tmp_path / "trace.svg").read_bytes()


@pytest.mark.parametrize(
    ("level", "first"), [("operation", "x1"), ("neuron", "x1"), ("layer", "2 inputs")]
)  # fmt: skip
def test_levels(level: str, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = done(capsys, TWO, "--level", level, "-f", "json")
    assert json.loads(out)["vertices"][0]["label"] == first


def test_row(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = done(capsys, XOR, "--row", "4", "-f", "json")
    made = json.loads(out)
    assert made["vertices"][0]["label"] == "x1_s4"
    assert "row 4 is shown" in made["notes"][0]


def test_options_of_numbers_and_notation(capsys: pytest.CaptureFixture[str]) -> None:
    assert "≈ 0.7416" in done(capsys, TWO, "--digits", "4")[0]
    assert "≈ 0.74 " in done(capsys, TWO, "--decimals", "2")[0]
    assert "y.grad = 1" in done(capsys, TWO, "--notation", "grad")[0]
    assert "δ_a1" in done(capsys, TWO, "--notation", "delta")[0]
    assert "ln(2)" in done(capsys, "ln(x)", "--at", "x=2", "--numbers", "exact")[0]
    assert "0.69314718055994530942" in done(capsys, "ln(x)", "--at", "x=2", "--precision", "20")[0]
    assert done(capsys, TWO, "--round", "3")[0].count("y ≈ 0.742") == 1
    assert done(capsys, TWO, "--title", "Mine")[0].startswith("Mine\n")


def test_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    for format in ("text", "mermaid", "json"):
        assert done(capsys, MAZUR, "--ascii", "-f", format)[0].isascii()


def test_nothing_is_said_of_proofs(capsys: pytest.CaptureFixture[str]) -> None:
    for format in ("text", "svg", "dot", "mermaid", "json"):
        out, _ = done(capsys, MAZUR, "-f", format)
        assert not any(word in out for word in ("proved", "verif", "checked", "sympy"))


@pytest.mark.parametrize(
    ("arguments", "title", "hint"),
    [
        (["x", "--level", "deep"], "--level is deep", "one of operation, neuron, layer"),
        (["x", "--level", "layer"], "--level layer is for networks", "--level operation draws a formula or a program"),
        (["x", "--row", "2"], "--row is 2, and there is one row of data", "leave out --row"),
        ([XOR, "--row", "5"], "--row is 5, and there are 4 rows of data", "a row from 1 to 4"),
        (["x", "-f", "html"], "--format is html", "one of text, svg, png, dot, mermaid, json"),
        (
            ["x", "-o", "g.html"],
            "the ending .html of g.html names no format",
            "wengert trace writes .html",
        ),
        (["x", "--round", "2"], "--round needs a point", "add --at x=…"),
        (["ln(x)", "--at", "x=-1"], "ln is undefined at x = -1", "the logarithm needs a positive argument"),
        (["x +"], "the formula ends where a number, a name or a bracket is wanted", None),
    ],
)
def test_errors(arguments: list[str], title: str, hint: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = done(capsys, *arguments, status=2)
    assert out == ""
    assert title in err
    assert hint is None or f"hint: {hint}" in err


def test_other_commands_do_not_offer_what_is_for_graphs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "x", "--at", "x=1", "-f", "dot"]) == 2
    assert "--format is dot" in capsys.readouterr().err


def in_terminal(width: int, *arguments: str) -> str:
    """What a terminal of that width gets: FORCE_COLOR stands for one."""
    environment = {"PATH": "", "COLUMNS": str(width), "FORCE_COLOR": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}
    made = subprocess.run([sys.executable, "-m", "wengert", "graph", *arguments], capture_output=True, encoding="utf-8",
                          env=environment, timeout=60, check=True, cwd=ROOT)  # fmt: skip
    return made.stdout


def test_the_width_of_a_terminal_is_kept_and_a_pipe_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    wide = done(capsys, TWO)[0]
    assert max(map(len, wide.splitlines())) > 100
    narrow = in_terminal(80, TWO)
    assert "Listed, not drawn" in narrow
    assert max(map(len, narrow.splitlines())) <= 80
    assert "Drawn from top to bottom" in in_terminal(100, TWO)


def test_sympy_is_not_loaded() -> None:
    code = "import sys\nfrom wengert.cli.run import run\nrun(['graph', 'x*y'])\nprint('sympy' in sys.modules)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60, check=True)
    assert made.stdout.endswith("False\n")
