"""Texts that would act are shown as texts: every payload, in every place of a document, in every format.

Each format has a judge of its own, which reads what was written as its consumers do (pandoc, Graphviz, Typst, Chromium, parsers
of the library) and sees the words and nothing else. `tests/show` looks at each renderer's escapes one by one; `lang` refuses
most of this in names, and the renderers are fed it all the same.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typst

from tests.conftest import Count
from tests.trust.consumers import CONTROLS, JOINED, MERMAID, Reader, nodes, pandoc, says, tried
from tests.trust.everywhere import NETWORK, document, real, records, rendered
from tests.trust.payloads import ALL, HARMLESS, NAMES, PAYLOADS
from wengert.cli.run import run
from wengert.lang.fields import is_name
from wengert.lang.spec import read_spec
from wengert.show.formats import Content, pieces
from wengert.show.look import Look, look_of
from wengert.show.saved_spec import spec_text
from wengert.tape.primitives import VOCABULARY


def test_the_corpus() -> None:
    assert len(ALL) >= 250 and min(map(len, PAYLOADS.values())) >= 10
    assert len(set(ALL)) == len(ALL)


# -- terminals and plain text


@pytest.mark.parametrize("ascii", [False, True], ids=["", "ascii"])
def test_plain_text(ascii: bool, count: Count) -> None:
    """As many lines as with a harmless text, and no character that a terminal obeys."""
    usual = rendered("text", HARMLESS, ascii).count("\n")
    for payload in ALL:
        made = rendered("text", payload, ascii)
        assert not CONTROLS.search(made), payload
        assert made.count("\n") == usual, payload
        assert not ascii or made.isascii()
        assert payload.isascii() is False or says(made, payload), payload
    tried(count, "text")
    for joined in JOINED:
        assert not [made for made in real("text", joined) if CONTROLS.search(made)]


def on_terminal(text: str) -> str:
    """What rich writes in colour."""
    from rich.console import Console

    from wengert.show.terminal import renderables

    out = io.StringIO()
    console = Console(
        file=out, width=90, force_terminal=True, color_system="truecolor", markup=False, emoji=False, highlight=False
    )
    for part in renderables(document(text), replace(look_of(), names=frozenset({text})), 90):
        console.print(part, soft_wrap=False)
    return out.getvalue()


def test_a_terminal_in_colour(count: Count) -> None:
    """Colours, as with a harmless text, and nothing else."""
    sgr = re.compile("\x1b\\[[0-9;]*m")
    usual = set(sgr.findall(on_terminal(HARMLESS)))
    for payload in ALL:
        made = on_terminal(payload)
        assert set(sgr.findall(made)) <= usual, payload
        plain = sgr.sub("", made)
        assert not CONTROLS.search(plain), payload
        if payload in PAYLOADS["rich"]:
            assert says(plain, payload), payload
    tried(count, "rich")


@pytest.mark.needs("tmux")
def test_a_terminal_shows_it(tmp_path: Path) -> None:
    """tmux, as a terminal that knows escape codes: title, screen and modes stay as they are."""
    (tmp_path / "shown").write_text("\n".join(on_terminal(p) for p in ALL if p in PAYLOADS["terminal"]), encoding="utf-8")
    tmux = ["tmux", "-L", f"wengert-{tmp_path.name}", "-f", "/dev/null"]
    asked = "#{pane_title}|#{alternate_on}|#{mouse_any_flag}|#{window_name}"
    program = "printf '\\033]2;mine\\007'; cat shown; tmux wait-for -S shown; sleep 60"
    try:
        subprocess.run([*tmux, "new-session", "-d", "-x", "100", "-y", "50", "-n", "mine", program], cwd=tmp_path, check=True)
        subprocess.run([*tmux, "wait-for", "shown"], check=True, timeout=60)
        told = subprocess.run([*tmux, "display-message", "-p", asked], capture_output=True, text=True, check=True)
        seen = subprocess.run([*tmux, "capture-pane", "-p", "-S", "-9999"], capture_output=True, text=True, check=True).stdout
        buffers = subprocess.run([*tmux, "list-buffers"], capture_output=True, text=True, check=True).stdout
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
    assert told.stdout == "mine|0|0|mine\n"
    assert buffers == ""
    assert "secret������public" in seen


# -- tables and records for programs


FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")


def cells(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=separator == ","))


@pytest.mark.parametrize("ascii", [False, True], ids=["", "ascii"])
def test_csv(ascii: bool, count: Count) -> None:
    """As many cells as of a harmless text; none begins as a formula, also where a spreadsheet parts cells at ; or at tabs.

    A negative number is a number (-0.5, what can be computed with); mathematics that begins with a minus stands in brackets.
    """
    usual = list(map(len, cells(rendered("csv", HARMLESS, ascii))))
    for payload in ALL:
        made = rendered("csv", payload, ascii)
        assert list(map(len, cells(made))) == usual, payload
        for separator in ",;\t":
            for cell in (c for row in cells(made, separator) for c in row):
                assert not FORMULA.match(cell) or NUMBER.fullmatch(cell), (payload, cell)
        assert not CONTROLS.search(made.replace("\n", "")), payload
    tried(count, "ascii csv" if ascii else "csv", places=6)
    for joined in JOINED:
        for made in real("csv", joined):
            assert not [c for row in cells(made) for c in row if FORMULA.match(c) and not NUMBER.fullmatch(c)]


@pytest.mark.parametrize("ascii", [False, True], ids=["", "ascii"])
def test_json_and_jsonl(ascii: bool, count: Count) -> None:
    """Valid, of the same keys, in UTF-8; the title is what was typed, but for halves of characters."""

    def keys(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: keys(inner) for key, inner in value.items()}
        return [keys(inner) for inner in value] if isinstance(value, list) else None

    def no_document() -> Any:
        raise AssertionError

    usual = [keys(json.loads(json.dumps(r))) for r in records(HARMLESS)]
    for payload in ALL:
        typed = re.sub("[\ud800-\udfff]", "�", payload)
        for n, record in enumerate(records(payload)):
            content = Content(no_document, lambda record=record: record)  # type: ignore[misc]
            made = "".join(map(str, pieces("json", Look(ascii=ascii), content)))
            lines = "".join(map(str, pieces("jsonl", Look(ascii=ascii), content)))
            assert (made + lines).encode("ascii" if ascii else "utf-8")
            read = json.loads(made)
            assert keys(read) == usual[n], payload
            assert read["title"] == read["source"] == typed
            assert not re.search("[\0-\x09\x0b-\x1f]", made + lines)
            first, *rest = [json.loads(line) for line in lines.removesuffix("\n").split("\n")]
            assert first["title"] == typed and rest[-1]["record"] == "end"
    tried(count, "ascii json" if ascii else "json", places=3)
    tried(count, "ascii jsonl" if ascii else "jsonl", places=3)


def test_a_saved_spec_reads_back(count: Count) -> None:
    """`train --save`: YAML that gives the same texts again."""
    model = read_spec(NETWORK, None, VOCABULARY)
    for payload in ALL:
        text = spec_text(replace(model, title=payload, source=payload, note=payload), {}, remark="made by wengert")
        if re.search("[\ud800-\udfff]", payload):
            continue
        again = read_spec(text, None, VOCABULARY)
        expected = unicodedata.normalize("NFC", payload).strip()
        assert (again.title, again.source, again.note) == (expected,) * 3, payload
    tried(count, "saved spec", places=3)


# -- names


def test_what_names_may_hold() -> None:
    """Letters, their marks, digits and _; nothing that is markup in any language, and nothing that cannot be seen."""
    every = (*range(0x3100), *range(0x3100, 0x110000, 61), *range(0xFE00, 0x10000))
    allowed = {c for c in map(chr, every) if is_name(f"x{c}")}
    assert {unicodedata.category(c) for c in allowed} == {"Ll", "Lm", "Lo", "Lt", "Lu", "Mn", "Nd", "No", "Pc"}
    assert {c for c in allowed if unicodedata.category(c) in ("No", "Pc")} == set("_₀₁₂₃₄₅₆₇₈₉")
    assert {c for c in allowed if c.isascii()} == set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    hidden = (
        "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\ufe00\ufe0f\uffa0\U000e0100\u200b\u200c\u200d\u2060\ufeff"
    )
    assert not allowed & set(hidden)


@pytest.mark.parametrize("payload", [p for p in ALL if not is_name(p)])
def test_a_name_that_is_more_is_refused(payload: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a name of a spec, of --at, --wrt and --of: status 2, and a message that a terminal takes for text."""
    if re.search("[\ud800-\udfff]", payload):
        pytest.skip("no YAML holds half a character")
    quoted = json.dumps(payload)
    spec = tmp_path / "s.yaml"
    spec.write_text(f"let: {{{quoted}: x}}\nat: {{x: 1}}\n", encoding="utf-8")
    for arguments in (["trace", str(spec)], ["trace", "x", "--at", f"{payload}=1"], ["diff", "x", "--wrt", payload],
                      ["diff", "x", "--of", payload], ["trace", "x", "--at", "x=1", "--only", payload]):  # fmt: skip
        assert run([*arguments, "--no-verify"]) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.startswith(("error: ", "Usage: ")) and not CONTROLS.search(err), arguments


def test_names_that_mean_something_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str], count: Count) -> None:
    """They are names in every format: the consumers take what is written."""
    assert all(map(is_name, NAMES))
    formula = " + ".join(f"{name}*x" for name in NAMES)
    at = ",".join(f"{name}=1" for name in (*NAMES, "x"))
    made = {}
    for format in ("text", "markdown", "latex", "typst", "html", "csv", "json", "svg"):
        assert run(["trace", formula, "--at", at, "--no-verify", "-f", format]) == 0
        made[format] = capsys.readouterr().out
    for format in ("dot", "mermaid"):
        assert run(["graph", formula, "--at", at, "-f", format]) == 0
        made[format] = capsys.readouterr().out
    typst.Compiler(made["typst"].encode(), root=str(tmp_path)).compile(format="pdf")
    assert (
        subprocess.run(["dot", "-Tdot_json"], input=made["dot"], encoding="utf-8", capture_output=True, check=True).stderr == ""
    )
    assert {n["t"] for n in nodes(pandoc(made["markdown"], "gfm"))} & {"Link", "Image", "Emph", "Strong"} == set()
    ElementTree.fromstring(made["svg"])
    assert "constructor" in Reader(made["html"]).text
    assert {i["name"] for i in json.loads(made["json"])["inputs"]} == {unicodedata.normalize("NFC", n) for n in (*NAMES, "x")}
    for line in made["mermaid"].split("---\n", 2)[2].splitlines():
        assert MERMAID.fullmatch(line), line
    count("injections tried: names that mean something elsewhere", len(NAMES) * len(made))


# -- messages and files


@pytest.mark.parametrize("payload", ALL)
def test_messages_about_files(payload: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], count: Count) -> None:
    """A file's name, an option, a formula in a message on stderr: one message, text alone."""
    named = payload.replace("/", "∕").replace("\0", "")[:80]
    data = json.dumps(re.sub("[\ud800-\udfff]", "", payload))
    spec = tmp_path / "s.yaml"
    spec.write_text(f"inputs: [x]\ndata: {data}\nlayers: [{{weights: [[1]]}}]\n", encoding="utf-8")
    asked = [
        ["trace", str(tmp_path / f"{named}.yaml")],
        ["trace", str(spec)],
        ["trace", "x", "-f", payload],
        ["trace", "x", "-o", f"{tmp_path}/{named}.q"],
        ["trace", "x", "--notation", payload],
        ["trace", "x", "--order", payload],
        ["diff", f"x $ {payload}"],
        ["diff", "x", f"--y{payload}"],
        [f"x{payload}"],
        [f"--{payload}"],
    ]
    for arguments in asked:
        status = run([*arguments, "--no-verify"])  # no process of a judge
        out, err = capsys.readouterr()
        assert status == 2, (arguments, out, err)
        assert out == "" and err.strip() and not CONTROLS.search(err), (arguments, err)
    count("injections tried: messages", len(asked))
