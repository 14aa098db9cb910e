"""Bad specs, each beside the message that it must give: tests/errors/NAME.yaml and NAME.err (and rows of data beside it)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from wengert.errors import WengertError
from wengert.lang.reader import decode
from wengert.lang.spec import read_spec
from wengert.tape.primitives import VOCABULARY

FOLDER = Path(__file__).parent.parent / "errors"
SPECS = sorted(FOLDER.glob("*.yaml"))


def message(path: Path) -> str:
    with pytest.raises(WengertError) as caught:
        read_spec(decode(path.read_bytes(), path.name), path.name, VOCABULARY, (), FOLDER)
    assert caught.value.status == 2
    return caught.value.report()


def test_every_spec_has_its_message() -> None:
    assert len(SPECS) > 100
    assert {p.stem for p in SPECS} == {p.stem for p in FOLDER.glob("*.err")}


@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.stem)
def test_message(path: Path) -> None:
    assert message(path) == path.with_suffix(".err").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.stem)
def test_the_slow_parser_gives_the_same_message(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert message(path) == path.with_suffix(".err").read_text(encoding="utf-8").rstrip("\n")
