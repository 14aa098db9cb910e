"""train, flow and rules write their curves: as svg and png, with the numbers that json has."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_output import ROOT
from tests.show.plot.drawn import sound
from wengert.cli.run import run

SAMPLES = ROOT / "samples"
XOR, DEEP, MAZUR = (str(SAMPLES / name) for name in ("xor.yaml", "deep-sigmoid.yaml", "mazur-2-2-2.yaml"))
COMMANDS = [
    pytest.param(["train", MAZUR, "--steps", "20"], id="train"),
    pytest.param(["flow", DEEP], id="flow"),
    pytest.param(["rules", "sigmoid"], id="rules"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_and_a_pipe_are_the_same_picture(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.svg"
    assert run([*command, "-o", str(path)]) == 0
    assert capsys.readouterr() == ("", "")
    assert run([*command, "-f", "svg"]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")
    sound(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", COMMANDS)
def test_png(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "a.png", tmp_path / "b.png"
    for path in (first, second):
        assert run([*command, "-o", str(path)]) == 0
    assert capsys.readouterr() == ("", "")
    made = first.read_bytes()
    assert made == second.read_bytes()
    assert struct.unpack(">II", made[16:24])[0] == 1520


@pytest.mark.parametrize("command", COMMANDS)
def test_without_the_package_nothing_is_written(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    path = tmp_path / "a.png"
    path.write_bytes(b"as it was")
    assert run([*command, "-o", str(path)]) == 2
    assert 'python -m pip install "wengert[png]"' in capsys.readouterr().err
    assert path.read_bytes() == b"as it was"


def test_the_loss_is_that_of_the_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["train", XOR, "--steps", "2000", "--no-verify"]
    path = tmp_path / "loss.svg"
    assert run([*arguments, "-o", str(path)]) == 0
    assert run([*arguments, "-f", "json"]) == 0
    history = json.loads(capsys.readouterr().out)["history"]
    made = sound(path.read_text(encoding="utf-8"))
    points = made.values("L")
    assert len(points) == len(history) == 2001 and made.y.logarithmic
    for k in (0, 1, 100, 399, 1000, 2000):
        assert points[k][0] == pytest.approx(k, abs=0.1)
        assert points[k][1] == pytest.approx(history[k], rel=0.002)


def test_no_judge_is_asked(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom wengert.verify.judge import Judge\n"
        "def start(self): sys.exit('a judge was started')\nJudge.start = start\n"
        "from wengert.cli.run import run\nsys.exit(run(sys.argv[1:]))\n"
    )
    for arguments in (["rules", "tanh"], ["train", MAZUR], ["flow", DEEP]):
        for way in (["-o", str(tmp_path / "a.svg")], ["-f", "svg", "-o", str(tmp_path / "b.svg")]):
            done = subprocess.run(
                [sys.executable, "-c", code, *arguments, *way], cwd=ROOT, capture_output=True, text=True, timeout=60
            )  # fmt: skip
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rules", "mul", "-f", "svg"], "mul has more than one argument, and no curve"),
        (["rules", "max", "-f", "svg"], "max has more than one argument, and no curve"),
        (["rules", "-f", "svg"], "there is no picture of this"),
    ],
)
def test_what_has_no_curve_says_so(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err and "hint: " in err


def test_a_diverging_loss_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "x**2", "--at", "x=1", "--rate", "1.2", "--steps", "15", "-f", "svg"]) == 0
    out, err = capsys.readouterr()
    assert err.startswith("warning: f grew from 1 to 24201.4")
    assert "the rate 1.2 is probably too large" in out
    sound(out)


def test_names_of_a_person_are_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    spec = tmp_path / "a.yaml"
    title = '"</text><script>alert(1)</script> & \\u001b[31m"'
    spec.write_text(f"title: {title}\nformula: (x - 1)**2\nat: {{x: 3}}\nrate: 0.1\n", encoding="utf-8")
    assert run(["train", str(spec), "--steps", "3", "-f", "svg"]) == 0
    made = sound(capsys.readouterr().out)
    assert made.title.startswith("</text><script>alert(1)</script> & ")
    assert not [e for e in made.root.iter() if "script" in e.tag]
