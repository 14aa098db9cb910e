"""The README is run: each console block prints what it says, each list is complete, the Python example holds.

`WENGERT_UPDATE_GOLDEN=1 python -m pytest tests/test_readme.py` writes the outputs anew; read what it wrote.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import wengert
from wengert.tape.primitives import VOCABULARY

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
UPDATE = bool(os.environ.get("WENGERT_UPDATE_GOLDEN"))
BLOCK = re.compile(r"```console\n\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)```", re.M)


def printed(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "wengert"
    assert "-o" not in words, "a console block shows what is printed"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    run = subprocess.run(
        [sys.executable, "-m", "wengert", *words[1:]], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8",
        timeout=60, check=False,
    )  # fmt: skip
    return (run.stdout + run.stderr).rstrip() + "\n"


def function_list() -> str:
    words = sorted((w for w in VOCABULARY if w.isascii()), key=str.lower)
    return "`" + "` `".join(words) + "`"


def sample_list() -> str:
    rows = []
    for path in sorted((ROOT / "samples").glob("*.yaml")):
        title = yaml.safe_load(path.read_text(encoding="utf-8")).get("title")
        rows.append(f"- `samples/{path.name}`: {title}")
    return "\n".join(rows)


LISTS = {"functions": function_list, "samples": sample_list}


def test_update() -> None:
    """Writes the README's outputs anew where that is asked for; else there is nothing to do."""
    if not UPDATE:
        return
    text = README.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda m: f"```console\n$ {m['command']}\n{printed(m['command'])}```", text)
    for name, make in LISTS.items():
        text = re.sub(rf"<!-- {name} -->\n\n.*?\n\n", lambda m: f"<!-- {name} -->\n\n{make()}\n\n", text, flags=re.S)
    README.write_text(text, encoding="utf-8")


BLOCKS = [(m["command"], m["output"]) for m in BLOCK.finditer(README.read_text("utf-8"))]


@pytest.mark.parametrize(("command", "output"), BLOCKS)
def test_console_blocks(command: str, output: str) -> None:
    assert UPDATE or printed(command) == output


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_complete(name: str) -> None:
    assert UPDATE or f"<!-- {name} -->\n\n{LISTS[name]()}\n" in README.read_text("utf-8")


PICTURES = re.findall(r"<!-- picture: (wengert .*) -o (samples/\S+\.svg) -->\n!\[.+\]\(\2\)", README.read_text("utf-8"))


@pytest.mark.parametrize(("command", "path"), PICTURES)
def test_pictures_are_what_the_commands_draw(command: str, path: str) -> None:
    drawn = printed(f"{command} -f svg")
    if UPDATE:
        (ROOT / path).write_text(drawn, encoding="utf-8", newline="\n")
    assert (ROOT / path).read_text("utf-8") == drawn


def test_the_pictures_are_found() -> None:
    assert {path for _, path in PICTURES} == {str(p.relative_to(ROOT)) for p in (ROOT / "samples").glob("*.svg")}
    assert len(PICTURES) >= 3


def test_python_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code = re.search(r"```python\n(.*?)```", README.read_text("utf-8"), re.S)
    assert code is not None
    exec(compile(code[1], "README.md", "exec"), {})


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.S))
@pytest.mark.usefixtures("figures_alone")
def test_yaml_examples(block: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(block, encoding="utf-8")
    assert wengert.trace(path, budget=60).verdict in ("proved", "agrees")


def test_test_command_is_the_one_that_ci_runs() -> None:
    assert "<!-- test command -->" in README.read_text("utf-8")
    assert "test command" in (ROOT / ".ci" / "run").read_text("utf-8")
