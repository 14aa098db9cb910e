"""The completion scripts, each asked by its own shell: commands, options, their words, spec files, rules."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_output import process, text_of
from wengert.cli.app import group
from wengert.cli.grammar import FILES, FREE, SHELLS, WORDS, read
from wengert.tape.primitives import VOCABULARY

COMMANDS = {"trace", "diff", "graph", "train", "flow", "rules", "schema", "completion", "man"}

# what is typed, what must be offered, what must not be
ASKED = [
    ("wengert ", COMMANDS, {"--mode"}),
    ("wengert tr", {"trace", "train"}, {"diff", "graph"}),
    ("wengert --ver", {"--version"}, {"--verify"}),
    ("wengert trace --mo", {"--mode"}, {"--momentum", "--numbers"}),
    ("wengert train --mo", {"--momentum"}, {"--mode"}),
    ("wengert trace --no-", {"--no-verify", "--no-share"}, {"--notation"}),
    ("wengert trace --mode ", {"reverse", "forward", "both"}, {"net.yaml", "--mode"}),
    ("wengert trace net.yaml --mode b", {"both"}, {"reverse"}),
    ("wengert trace --level ", {"operation", "neuron", "layer"}, {"net.yaml"}),
    ("wengert trace --numbers ", {"float", "exact"}, set()),
    ("wengert diff --kink ", {"wengert", "jax", "torch", "strict"}, set()),
    ("wengert diff --notation ", {"bar", "leibniz", "delta", "grad"}, set()),
    ("wengert trace -f ", {"text", "markdown", "latex", "html", "json", "csv"}, {"net.yaml"}),
    ("wengert trace --format=ma", {"markdown"}, {"latex"}),
    ("wengert graph -f ", {"text", "svg", "dot", "mermaid"}, {"markdown"}),
    ("wengert train --optimizer ", {"sgd", "momentum", "adam"}, set()),
    ("wengert flow --with ", {"batchnorm", "skip"}, set()),
    ("wengert rules sig", {"sigmoid", "sign"}, {"sin"}),
    ("wengert completion ", set(SHELLS), set()),
    ("wengert trace ", {"net.yaml", "more.yml", "specs"}, {"notes.txt"}),
    ("wengert trace specs/", {"specs/deep.yaml"}, {"specs/table.csv"}),
    ("wengert trace net.yaml -o no", {"notes.txt"}, {"net.yaml"}),
]  # fmt: skip


def shell(name: str) -> str:
    found = shutil.which(name)
    assert found is not None, f"{name} is not installed: apt-get install {name} (the gate, .ci/run, does)"
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with specs and with the scripts, which are made as a person makes them."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "specs").mkdir()
    for name in ("net.yaml", "more.yml", "notes.txt", "specs/deep.yaml", "specs/table.csv"):
        (folder / name).write_text("", encoding="utf-8")
    (folder / ".scripts").mkdir()
    for name in SHELLS:
        made = process("completion", name)
        assert (made.returncode, made.stderr) == (0, b"")
        (folder / ".scripts" / name).write_bytes(made.stdout)
    return folder


def environment(home: Path) -> dict[str, str]:
    """No wengert is on the path: the scripts need none."""
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "dumb", "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize(("typed", "offered", "not_offered"), ASKED)
def test_bash(typed: str, offered: set[str], not_offered: set[str], home: Path) -> None:
    words = [w for w in re.split(r"( |=)", typed) if w != " "]  # as COMP_WORDBREAKS splits them
    words = [w for i, w in enumerate(words) if w or i == len(words) - 1]
    asked = f"COMP_WORDS=({' '.join(map(repr, words))}); COMP_CWORD={len(words) - 1}; _wengert"
    code = f"source .scripts/bash; {asked}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(
        [shell("bash"), "--norc", "-c", code], cwd=home, env=environment(home), capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    check(done.stdout.split("\n"), offered, not_offered, done.stderr)


STRANGE = ["a b.yaml", "*.yaml", "$(touch HIT).yaml", "`touch HIT`.yaml", "$HOME.yaml", "[n]et.yaml", "\"q'.yaml"]


def test_bash_offers_strange_names_as_they_are(home: Path, tmp_path: Path) -> None:
    """A name is never expanded or run: `*.yaml` stays itself."""
    for name in STRANGE:
        (tmp_path / name).write_text("", encoding="utf-8")
    asked = "COMP_WORDS=(wengert trace ''); COMP_CWORD=2; _wengert"
    code = f"source {home}/.scripts/bash; {asked}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(
        [shell("bash"), "--norc", "-c", code], cwd=tmp_path, env=environment(home), capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert sorted(done.stdout.splitlines()) == sorted(STRANGE), done.stderr
    assert not (tmp_path / "HIT").exists()


@pytest.mark.parametrize(("typed", "offered", "not_offered"), ASKED)
def test_fish(typed: str, offered: set[str], not_offered: set[str], home: Path) -> None:
    code = f"source .scripts/fish; complete -C '{typed}'"
    done = subprocess.run(
        [shell("fish"), "--no-config", "-c", code], cwd=home, env=environment(home), capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    found = [line.split("\t")[0].rstrip("/") for line in done.stdout.splitlines()]
    found = [word.removeprefix("--format=") for word in found]
    check(found, offered, not_offered, done.stderr)


class Terminal:
    """zsh at a terminal, as a person has it: keys in, what is drawn out."""

    def __init__(self, home: Path) -> None:
        self.process, self.master = pty.fork()
        if self.process == 0:
            os.chdir(home)
            os.execve(shell("zsh"), ["zsh", "-f", "-i"], {**environment(home), "PS1": "", "COLUMNS": "200", "LINES": "200"})
        self.say("unsetopt zle_bracketed_paste prompt_sp prompt_cr; stty -echo rows 200 cols 200; LISTMAX=1000")
        self.say("tell() { zle list-choices; zle -R; print -rn li''sted }; zle -N tell")
        self.say("autoload -Uz compinit && compinit -u -D; source .scripts/zsh; setopt auto_list; unsetopt list_beep auto_menu")
        self.say("zstyle ':completion:*' list-prompt ''; bindkey '^I' tell; print re''ady")
        self.until("ready")

    def say(self, line: str) -> None:
        os.write(self.master, (line + "\n").encode())

    def until(self, mark: str, patience: float = 20.0) -> str:
        """What is drawn until the mark is there."""
        drawn, deadline = "", time.monotonic() + patience
        while mark not in drawn:
            ready, _, _ = select.select([self.master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"zsh did not get as far as {mark}:\n{drawn}"
            drawn += os.read(self.master, 65536).decode(errors="replace")
        return drawn

    def offered(self, typed: str) -> str:
        """The list below the line when tab is pressed there."""
        os.write(self.master, b"\x15" + typed.encode() + b"\t")
        drawn = self.until("listed")
        os.write(self.master, b"\x15print do''ne\n")
        self.until("\ndone")
        return drawn

    def end(self) -> None:
        os.close(self.master)
        os.waitpid(self.process, 0)


@pytest.fixture(scope="module")
def zsh(home: Path) -> Iterator[Terminal]:
    made = Terminal(home)
    yield made
    made.end()


@pytest.mark.parametrize(("typed", "offered", "not_offered"), ASKED)
def test_zsh(typed: str, offered: set[str], not_offered: set[str], zsh: Terminal) -> None:
    drawn = zsh.offered(typed)
    found = [word.rstrip("/") for word in drawn.replace(typed.rstrip(" "), " ").split()]
    folder = typed.rpartition(" ")[2].rpartition("/")[0]  # zsh lists names without it
    check([f"{folder}/{word}" for word in found] if folder else found, offered, not_offered, drawn)


def check(found: list[str], offered: set[str], not_offered: set[str], told: str) -> None:
    assert offered <= set(found), told
    assert not not_offered & set(found), told


# -- what the scripts are made from


def test_every_option_is_decided() -> None:
    """An option that takes a value has words, is a file, or is free; a new one must be put among them."""
    _, commands = read(group())
    assert {c.name for c in commands} == COMMANDS
    known = {*WORDS, *FILES, *FREE}
    for command in commands:
        for option in command.options:
            assert option.value.takes == "nothing" or set(option.names) & known, option.names
    names = {name for command in commands for option in command.options for name in option.names}
    assert {w for w in known if w.startswith("-")} <= names, "words for an option that no command has"


def test_descriptions_are_short_and_whole() -> None:
    general, commands = read(group())
    for about in [o.about for o in general] + [c.about for c in commands] + [o.about for c in commands for o in c.options]:
        assert about
        assert len(about) <= 76
        assert "\n" not in about


@pytest.mark.parametrize("name", SHELLS)
def test_scripts_are_well_formed(name: str, home: Path) -> None:
    done = subprocess.run([shell(name), "-n", str(home / ".scripts" / name)], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")


def test_zsh_finds_it_in_its_path_too(home: Path) -> None:
    """As a file _wengert in fpath it is autoloaded."""
    folder = home / ".zfunc"
    folder.mkdir(exist_ok=True)
    shutil.copy(home / ".scripts" / "zsh", folder / "_wengert")
    code = "fpath=(~/.zfunc $fpath); autoload -Uz compinit && compinit -u -D; print $_comps[wengert]"
    done = subprocess.run([shell("zsh"), "-f", "-c", code], env=environment(home), capture_output=True, text=True, timeout=20)
    assert done.stdout == "_wengert\n"


def test_an_unknown_shell(capsys: pytest.CaptureFixture[str]) -> None:
    from wengert.cli.run import run

    assert run(["completion", "tcsh"]) == 2
    assert "one of bash, zsh, fish" in capsys.readouterr().err


def test_the_script_is_made_fast_and_without_a_judge(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.test_architecture import loaded_after

    modules, output = loaded_after(["completion", "fish"])
    assert "complete -c wengert" in output
    assert not modules & {"sympy", "mpmath", "numpy"}
    assert "sigmoid" in text_of(["completion", "bash"], capsys)
    assert "sigmoid" in VOCABULARY
