"""wengert train on the command line: every form of spec, the saved spec, the contract's JSON, messages and statuses."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_output import ROOT, process, text_of
from wengert import pipeline
from wengert.cli.run import run

SAMPLES = ROOT / "samples"
PATIENT = ["--budget", "100"]
FAST = ["--no-verify"]


def found(arguments: list[str], capsys: pytest.CaptureFixture[str], status: int = 0) -> dict[str, Any]:
    made = json.loads(text_of(["train", *arguments, "-f", "json"], capsys, status))
    assert made["schema"] == "wengert.train/1"
    return made  # type: ignore[no-any-return]


# -- what is trained


def test_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    made = found(["(x - 1)**2 + y**2", "--at", "x=3,y=1", "--rate", "1/4", "--steps", "2", *PATIENT], capsys)
    assert made["parameters"] == {"x": 1.5, "y": 0.25}
    assert made["history"] == [5.0, 1.25, 0.3125]
    assert made["verdict"] == "proved"
    assert made["rate"] == 0.25
    assert made["first"][0]["parameters"][0] == {"name": "x", "before": 3.0, "gradient": 4.0, "update": -1.0, "after": 2.0}


def test_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    made = found(["y = w*x; L = (y - t)**2", "--at", "w=5,x=2,t=8.4", "--wrt", "w", "--rate", "0.1", *FAST], capsys)
    assert made["parameters"] == {"w": pytest.approx(4.36)}
    assert made["values"] == {"y": pytest.approx(8.72), "L": pytest.approx(0.1024)}
    assert made["verdict"] is None


def test_a_network_leaves_frozen_parameters_alone(capsys: pytest.CaptureFixture[str]) -> None:
    made = found([str(SAMPLES / "mazur-2-2-2.yaml"), *PATIENT], capsys)
    assert made["verdict"] == "proved"
    assert made["frozen"] == ["b1", "b2"]
    assert made["parameters"]["w5"] == pytest.approx(0.35891648, abs=5e-9)
    assert set(made["parameters"]) == {f"w{i}" for i in range(1, 9)}
    assert made["values"]["E_total"] == made["history"][-1] == pytest.approx(0.29102777369359933)


def test_wrt_and_of_are_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    made = found(["a = x*y; b = x + y", "--of", "a", "--wrt", "y", "--at", "x=2,y=3", "--rate", "1", *FAST], capsys)
    assert made["parameters"] == {"y": 1.0}
    assert made["output"] == "a"


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_optimizers(optimizer: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(SAMPLES / "xor.yaml")
    made = found([spec, "--optimizer", optimizer, "--rate", "0.1", "--steps", "200", *FAST], capsys)
    assert made["optimizer"] == optimizer
    assert len(made["history"]) == 201
    assert made["history"][-1] < made["history"][0]
    shown = text_of(["train", spec, "--optimizer", optimizer, "--rate", "0.1", "--steps", "200", *FAST], capsys)
    assert {"sgd": "Gradient descent:", "momentum": "Polyak 1964", "adam": "Kingma & Ba 2015"}[optimizer] in shown


def test_momentum_has_its_own_factor(capsys: pytest.CaptureFixture[str]) -> None:
    base = ["x**2", "--at", "x=1", "--rate", "0.1", "--steps", "3", *FAST]
    plain = found(base, capsys)
    assert found([*base, "--optimizer", "momentum", "--momentum", "0"], capsys)["history"] == pytest.approx(plain["history"])
    assert found([*base, "--optimizer", "momentum"], capsys)["constants"] == {"momentum": 0.9}


# -- what is saved


def test_xor_is_learned_and_the_saved_spec_has_the_same_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "trained.yaml"
    made = found([str(SAMPLES / "xor.yaml"), "--steps", "5000", "--save", str(path), *PATIENT], capsys)
    assert made["history"][-1] < 0.01
    assert [round(made["values"][f"y_s{row}"]) for row in (1, 2, 3, 4)] == [0, 1, 1, 0]
    assert made["verdict"] in ("proved", "agrees")
    traced = json.loads(text_of(["trace", str(path), "-f", "json", *FAST], capsys))
    assert traced["outputs"][0]["value"] == made["history"][-1], "to the last digit"


@pytest.mark.parametrize("sample", sorted(p.stem for p in SAMPLES.glob("*.yaml")))
def test_every_sample_is_saved_and_read_back(sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "trained.yaml"
    arguments = [str(SAMPLES / f"{sample}.yaml"), "--rate", "0.01", "--steps", "12", "--save", str(path), *FAST]
    assert run(["train", *arguments, "-f", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    again = pipeline.trace(path, verify=False)
    assert again.trace is not None
    assert again.trace.values[again.list.slots[made["output"]]] == made["history"][-1]
    for name, value in made["parameters"].items():
        assert again.trace.values[again.list.slots[name]] == value
    assert run(["train", str(path), *FAST]) == 0, "and trained on: the rate is saved"
    capsys.readouterr()


def test_a_fault_leaves_the_saved_file_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "trained.yaml"
    path.write_text("as it was")
    assert run(["train", "x**4", "--at", "x=2", "--rate", "5", "--steps", "20", "--save", str(path), *FAST]) == 2
    assert path.read_text() == "as it was"
    assert "after step 5: the power overflows" in capsys.readouterr().err


# -- messages

XOR, MAZUR, TWO = (str(SAMPLES / f"{name}.yaml") for name in ("xor", "mazur-2-2-2", "two-two-one"))
MESSAGES = [
    pytest.param([TWO], "train needs a learning rate η", "--rate 0.5, or rate: in the spec", id="no rate"),
    pytest.param(["x**2", "--at", "x=1", "--optimizer", "adam"], "train needs a learning rate η", "--rate 0.001", id="adam's"),
    pytest.param(["x**2", "--at", "x=1", "--rate", "0"], "a rate of 0 moves nothing", "", id="rate 0"),
    pytest.param(["x**2", "--at", "x=1", "--rate", "r"], "--rate wants a number, and r is a name", "", id="a name for a rate"),
    pytest.param(["x**2", "--at", "x=1", "--rate", "1/0"], "the rate is undefined", "the denominator", id="no rate at all"),
    pytest.param(["x*y", "--rate", "1"], "x, y have no value", "--at x=…,y=…", id="no point"),
    pytest.param(["a = x; b = x**2", "--of", "a,b", "--at", "x=1", "--rate", "1"], "train makes one quantity smaller, and here "
                 "are 2: a, b", "choose one: --of a", id="two outputs"),
    pytest.param([XOR, "--steps", "0"], "--steps is 0", "from 1 to 1,000,000", id="no steps"),
    pytest.param([XOR, "--optimizer", "adm"], "--optimizer is adm", "did you mean adam?", id="optimizer"),
    pytest.param([XOR, "--momentum", "0.5"], "--momentum does not go with sgd", "--optimizer momentum", id="momentum"),
    pytest.param([XOR, "--optimizer", "momentum", "--momentum", "1"], "--momentum is 1", "less than 1", id="momentum of 1"),
    pytest.param([XOR, "--save", "x.txt"], "--save writes a spec: x.txt does not end like one", "trained.yaml", id="ending"),
    pytest.param([XOR, "--save", "/no/such/folder/x.yaml"], "/no/such/folder/x.yaml cannot be written", "", id="no folder"),
    pytest.param([XOR, "--wrt", "h1_s1"], "there is nothing to move: h1_s1 is computed", "--wrt ", id="computed"),
    pytest.param([MAZUR, "--wrt", "b1"], "there is nothing to move: b1 frozen", "frozen:", id="all frozen"),
    pytest.param([XOR, "--digits", "20"], "--digits is 20", "at most 15", id="digits"),
]


@pytest.mark.parametrize(("arguments", "title", "hint"), MESSAGES)
def test_messages(arguments: list[str], title: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", *arguments, *FAST]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {title}")
    assert hint in err
    assert "Traceback" not in err


def test_a_network_without_a_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("inputs: {x: 1}\nlayers:\n  - {weights: [[1], [2]]}\nrate: 1\n")
    assert run(["train", str(path), *FAST]) == 2
    err = capsys.readouterr().err
    assert "here are 2: a1_1, a1_2" in err
    assert "loss: half_squared_error; or --of a1_1" in err


def test_divergence_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "x**2", "--at", "x=1", "--rate", "1.2", "--steps", "15", *FAST]) == 0
    out, err = capsys.readouterr()
    told = "f grew from 1 to 24201.4: the rate 1.2 is probably too large; try --rate 0.12"
    assert told in out
    assert err == f"warning: {told}\n"


def test_nothing_moves(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "relu(x)", "--at", "x=-2", "--rate", "1", *FAST]) == 0
    assert "warning: nothing moved" in capsys.readouterr().err


def test_uphill(capsys: pytest.CaptureFixture[str]) -> None:
    out = text_of(["train", "sin(x)", "--at", "x=1", "--rate", "-0.1", "--steps", "5", *FAST], capsys)
    assert "The rate is negative: the steps go uphill" in out
    assert "probably too large" not in out


# -- surroundings


@pytest.mark.parametrize("columns", ["80", "100"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_no_line_is_wider_than_the_terminal(columns: str, optimizer: str) -> None:
    done = process("train", XOR, "--steps", "300", "--optimizer", optimizer, *FAST, FORCE_COLOR="1", COLUMNS=columns)
    assert done.returncode == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout.decode()).splitlines()
    assert max(map(len, lines)) <= int(columns)


def test_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    out = text_of(["train", XOR, "--steps", "300", "--ascii", *FAST], capsys)
    assert out.isascii()
    assert "U+" not in out
    assert "w <- w - eta*g" in out


def test_the_file_is_written_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "steps.txt"
    assert text_of(["train", MAZUR, *FAST, "-o", str(path)], capsys) == ""
    assert "0.4 − 0.5·0.08216704" in path.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_control_c_ends_cleanly(tmp_path: Path) -> None:
    path = tmp_path / "trained.yaml"
    arguments = ["train", XOR, "--steps", "1000000", "--save", str(path), *FAST]
    started = subprocess.Popen(
        [sys.executable, "-m", "wengert", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(3)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=20)
    assert started.returncode == 130
    assert out == b""
    assert b"Traceback" not in err
    assert not list(tmp_path.iterdir())
