"""`wengert flow` on the command line: what may be typed, what comes back, and with which status."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

import wengert
from wengert.cli.flow import read_depths
from wengert.cli.run import run
from wengert.errors import UsageError

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
DEEP = str(SAMPLES / "deep-sigmoid.yaml")


def out_of(arguments: list[str], capsys: pytest.CaptureFixture[str], status: int = 0) -> str:
    assert run(["flow", *arguments]) == status
    out, err = capsys.readouterr()
    assert err == ""
    return str(out)


def test_csv_has_15_digits_for_those_who_plot_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where a document has bars with a digit or two beside them, of networks however many."""
    asked = [DEEP, "--no-verify", "--compare", "sigmoid,relu,tanh,gelu,elu,softplus", "--depth", "2..3"]
    record = json.loads(out_of([*asked, "-f", "json"], capsys))
    told = out_of([*asked, "-f", "csv"], capsys)
    rows = list(csv.DictReader(told.splitlines()))
    networks = [record, *record["variants"]]
    column = [float(row["mean |δ|"]) for row in rows if row["mean |δ|"]]
    assert column == [pytest.approx(layer["delta_mean"], rel=1e-14) for layer in reversed(record["layers"])]
    chart = [row for row in rows if row["section"].startswith("Side by side: ")]
    for n, name in enumerate(("sigmoid", "relu", "tanh", "gelu", "elu", "softplus")):
        found = [float(row[name]) for row in chart]
        assert found == [pytest.approx(x["delta_mean"], rel=1e-14) for x in reversed(networks[n]["layers"])]
    depths = [row for row in rows if row["section"].startswith("Depth: ")]
    assert [row["layers"] for row in depths] == ["2", "3"]
    assert all(len(row["elu"].strip("0.")) > 12 for row in depths)
    short = out_of([*asked, "-f", "csv", "--digits", "4"], capsys)
    assert "0.1361," in short
    assert "0.13614" not in short


def test_it_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    told = out_of([DEEP, "--compare", "sigmoid,relu", "--with", "skip", "--budget", "60"], capsys)
    assert "Derivatives of the spec's network: checked: 400 agree (50 digits)." in told
    for heading in ("The gradient on its way back", "What reaches the weights", "What σ′ alone leaves of it", "Side by side",
                    "Verdict"):  # fmt: skip
        assert f"\n{heading}" in told


def test_without_verification_and_in_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    told = out_of([DEEP, "--no-verify", "--ascii", "--depth", "2,5"], capsys)
    assert told.isascii() and "U+" not in told
    assert "The derivatives are not verified (--no-verify)." in told
    assert "each # is a factor of 4." in told and "####" in told


@pytest.mark.usefixtures("sleeping_judge")
def test_a_budget_that_is_too_short_leaves_it_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert "unchecked" in out_of([DEEP, "--budget", "0.001"], capsys, status=3)


def test_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b"inputs: [1]\nlayers:\n  - {weights: [[0.5]], activation: tanh, repeat: 3}\n")

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert "The gradient is healthy" in out_of(["-", "--no-verify"], capsys)


def test_json_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "flow.json"
    assert out_of([str(SAMPLES / "xor.yaml"), "--no-verify", "-o", str(target)], capsys) == ""
    assert json.loads(target.read_text(encoding="utf-8"))["schema"] == "wengert.flow/1"


def test_sweeps_that_disagree_end_with_status_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wengert.flow_report.accumulates", lambda wl, outputs, wrt: len(wl) > 500)
    told = out_of([DEEP, "--no-verify", "--depth", "3,20"], capsys, status=1)
    assert "agree exactly, modulo a large prime, for 0 of 1 that were made from it." in told


WRONG = [
    (["x**2"], "this wants a network"),
    ([str(SAMPLES / "chain-rule.yaml")], "this spec has none"),
    (["nofile.yaml"], "there is no file nofile.yaml"),
    ([DEEP, "--with", "batchnorm"], "more than one row of data"),
    ([DEEP, "--with", "dropout"], "there are batchnorm, skip"),
    ([DEEP, "--compare", "sigmod"], "did you mean sigmoid"),
    ([DEEP, "--compare", "relu,,tanh"], "empty entry"),
    ([DEEP, "--depth", "20..2"], "--depth 2..20"),
    ([str(SAMPLES / "residual.yaml"), "--depth", "2..4"], "the least depth is 3"),
    ([str(SAMPLES / "softmax-classifier.yaml"), "--depth", "4"], "no layer that can be repeated"),
    ([DEEP, "--digits", "16"], "at most 15"),
    ([DEEP, "--digits", "0"], "0 significant digits"),
    ([DEEP, "--budget", "0"], "greater than 0"),
    ([DEEP, "-f", "docx"], "--format is docx"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_options_end_with_status_2(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["flow", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "depths"), [("2..5", [2, 3, 4, 5]), ("10,2, 5", [2, 5, 10]), ("2..3,3,7", [2, 3, 7]), (" 4 .. 4 ", [4])]
)
def test_depths(text: str, depths: list[int]) -> None:
    assert read_depths(text) == depths


@pytest.mark.parametrize("text", ["", "a", "2..", "..3", "0", "2..1001", "2-5", "1..200", "-1", "2,,3", "9999999"])
def test_wrong_depths(text: str) -> None:
    with pytest.raises(UsageError):
        read_depths(text)
