"""Every hint, whoever gives it, names only options that the command at hand has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wengert
from wengert.cli.commands import COMMANDS
from wengert.cli.hints import fitted, no_memory, options_of
from wengert.cli.run import run

PACKAGE = Path(wengert.__file__).parent
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
NET = "inputs: {{x: {x}}}\nparameters: {{w: {w}}}\nlayers: [{{weights: [[w]], activation: {activation}}}]\n"
LOSS = "targets: [1]\nloss: half_squared_error\nrate: 1\n"
SPECS = {
    "overflow": NET.format(x=800, w=2, activation="exp") + LOSS,
    "stable-name": NET.format(x=800, w=2, activation="1/(1+exp(x))") + LOSS,
    "only-in-doubles": NET.format(x=1, w=1, activation="ln(x + 1e-20 - 1)") + LOSS,
    "no-value": NET.format(x=1, w=1, activation="exp").replace("{x: 1}", "[x]"),
    "much-too-large": "inputs: {x: 1}\nlayers: [{units: 3000, init: zeros}, {units: 3000, init: zeros}]\n",
    "later": NET.format(x=1, w=5, activation="exp") + LOSS.replace("rate: 1", "rate: -3"),
}


def hints() -> Iterator[str]:
    """The texts of what does not know which command was typed, holes of formatted ones as …"""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name in ("cli", "completion", "words"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
                yield node.value


HINTS = sorted({text for text in hints() if OPTION.search(text)})


def test_there_are_hints() -> None:
    assert len(HINTS) > 10
    assert any("--precision" in text for text in HINTS)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_left_of_every_hint(command: str) -> None:
    offered = options_of(command)
    assert offered is not None
    for text in HINTS:
        assert set(OPTION.findall(fitted(text, offered))) <= offered, text
    assert set(OPTION.findall(no_memory([command]))) <= offered


def test_what_helps_stays() -> None:
    whole = "the largest double is about 1.8e308; --precision 20 has no such limit"
    assert {fitted(whole, options_of(command) or ()) for command in ("trace", "diff", "graph")} == {whole}
    assert fitted("a; --precision 20 has no such limit", {"--rate"}) == "a"
    assert fitted("give it with --at x=…", {"--rate"}) == "give it a value in the spec"


@pytest.mark.parametrize("command", ["trace", "diff", "graph", "train", "flow"])
@pytest.mark.parametrize("name", SPECS)
def test_the_message(command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(SPECS[name])
    status = run([command, str(spec), *(["--no-verify"] if command != "graph" else [])])
    told = capsys.readouterr().err
    offered = options_of(command)
    assert offered is not None
    assert set(OPTION.findall(told)) <= offered, told
    if command == "train" or (command == "flow" and name not in ("later", "stable-name")):
        assert status == 2, told
