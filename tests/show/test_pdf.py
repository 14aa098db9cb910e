"""PDF: the same bytes everywhere, every number in it, nothing outside its margins, and no old file lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.show.test_typst import SAMPLES, read, written
from wengert.cli.run import run
from wengert.errors import UsageError
from wengert.show import pdf
from wengert.show.document import Column, Document, Number, Row, Section
from wengert.show.look import look_of

MARGIN = 20 / 25.4 * 72  # points
WIDE = 'r = x_a_long_name*cos(another_long_name); s = x_a_long_name*sin(another_long_name)**2/(1 + x_a_long_name**2)'

DOCUMENTS = {
    "a network": ["trace", "mazur-2-2-2.yaml"],
    "layers": ["trace", "softmax-classifier.yaml", "--level", "layer"],
    "a batch": ["trace", "xor.yaml"],
    "symbols": ["diff", "two-two-one.yaml"],
    "wide": ["trace", WIDE, "--at", "x_a_long_name=2,another_long_name=1/3", "--of", "r,s", "--order", "2"],
}


def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    first = written(["trace", "baydin.yaml"], tmp_path, "pdf", verify=True).read_bytes()
    assert first.startswith(b"%PDF-")
    assert written(["trace", "baydin.yaml"], tmp_path, "pdf", verify=True).read_bytes() == first
    other = tmp_path / "other.pdf"
    surroundings = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kolkata", "SOURCE_DATE_EPOCH": "5", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-m", "wengert", "trace", str(SAMPLES / "baydin.yaml"), "--budget", "100", "-o", str(other)],
        env={**os.environ, **surroundings}, cwd=SAMPLES.parent, check=True,
    )  # fmt: skip
    assert other.read_bytes() == first
    assert b"CreationDate" not in first


@read
def test_every_number_is_in_it(tmp_path: Path) -> None:
    """Every number of the plain text stands in the PDF."""
    text = written(["trace", "mazur-2-2-2.yaml"], tmp_path, "txt", verify=True).read_text(encoding="utf-8")
    made = subprocess.run(["pdftotext", "-layout", written(["trace", "mazur-2-2-2.yaml"], tmp_path, "pdf", verify=True), "-"],
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    numbers = re.compile(r"[0-9]+\.[0-9]+")
    assert set(numbers.findall(text)) <= set(numbers.findall(made))
    assert len(set(numbers.findall(text))) > 60


@read
@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_leaves_the_page(name: str, tmp_path: Path) -> None:
    path = written(DOCUMENTS[name], tmp_path, "pdf")
    html = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True).stdout
    space = "{http://www.w3.org/1999/xhtml}"
    words = 0
    for page in ElementTree.fromstring(html).iter(f"{space}page"):
        width, height = float(page.get("width", 0)), float(page.get("height", 0))
        for word in page.iter(f"{space}word"):
            left, right, top, bottom = (float(word.get(k, -1)) for k in ("xMin", "xMax", "yMin", "yMax"))
            assert MARGIN - 1 <= left <= right <= width - MARGIN + 1, word.text
            assert 0 < top < bottom < height, word.text
            words += 1
    assert words > 50


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match="PDF is made by the package typst, which is not installed") as caught:
        next(iter(pdf.render(Document(None, (), ()), look_of())))
    assert 'python -m pip install "wengert[pdf]"' in caught.value.report()


def test_a_character_without_a_font_is_an_error() -> None:
    document = Document("a\U0010fffdb", (), ())
    with pytest.raises(UsageError, match="no font of this machine has \U0010fffd"):
        list(pdf.render(document, look_of()))


@pytest.mark.parametrize("asked", ["中", "🙂"])
def test_the_machine_is_asked_for_what_the_package_lacks(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    class Compiler:
        @staticmethod
        def compile(source: bytes, format: str, ignore_system_fonts: bool, root: str = "") -> bytes | list[str]:
            seen.append(ignore_system_fonts)
            if format == "pdf":
                return b"%PDF"
            boxes = [f"{ord(pdf.ABSENT):x}", *([f"{ord(asked):x}"] if ignore_system_fonts else [])]
            return ["box" if any(b in page for b in boxes) else page for page in source.decode().split("#pagebreak()")]

    monkeypatch.setattr(pdf, "_package", lambda: Compiler)
    assert list(pdf.render(Document(asked, (), ()), look_of())) == [b"%PDF"]
    assert seen == [True, False, False]


def test_too_long_for_the_memory() -> None:
    rows = (Row((Number(str(n)),)) for n in range(pdf.MOST_LINES + 1))
    document = Document(None, (), (Section("", (Column("n"),), lambda: rows),))
    with pytest.raises(UsageError, match="a PDF of more than 8,000 lines would fill the memory"):
        list(pdf.render(document, look_of()))


@pytest.mark.parametrize("status", [2, 4])
def test_a_failure_leaves_the_old_file(
    status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.pdf"
    path.write_bytes(b"old")
    if status == 2:
        monkeypatch.setitem(sys.modules, "typst", None)
    else:  # what Typst does not take is a fault of ours
        monkeypatch.setattr("wengert.show.typst.SETTING", "#nonsense(")
    assert run(["trace", "x*y", "--at", "x=1,y=2", "-o", str(path)]) == status
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    said = capsys.readouterr().err
    assert ("wengert[pdf]" if status == 2 else "wengert itself failed here: TypstError") in said
    assert "Traceback" not in said


def test_typst_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were something to slip through as code, there is nothing to read."""
    secret = tmp_path / "secret"
    secret.write_text("s")
    monkeypatch.chdir(tmp_path)
    for path in ("secret", str(secret)):
        monkeypatch.setattr("wengert.show.typst.SETTING", f"#read({json.dumps(path)})\n")
        with pytest.raises(RuntimeError, match=r"not found|failed to load"):
            list(pdf.render(Document(None, (), ()), look_of()))
