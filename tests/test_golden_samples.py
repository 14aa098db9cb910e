"""Every sample in every text format, byte for byte: a change of a renderer is a change that somebody looked at.

`tests/golden/samples/NAME.ENDING` is what `wengert trace samples/NAME.yaml -o …` writes (`wengert flow` for twenty layers:
their trace would be a megabyte and say little). Of a page the style sheet and the script are left out: they have tests of
their own. After a change that is meant, write the files anew and read the difference before it is committed:

    WENGERT_UPDATE_GOLDEN=1 python -m pytest tests/test_golden_samples.py
    git diff tests/golden/samples
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

import wengert
from wengert.cli.run import run
from wengert.flow_report import FlowReport, flow_report
from wengert.show.formats import DOCUMENTS, FORMATS

pytestmark = pytest.mark.usefixtures("one_judge")

SAMPLES = {path.stem: path for path in sorted((Path(__file__).parent.parent / "samples").glob("*.yaml"))}
GOLDEN = Path(__file__).parent / "golden" / "samples"
UPDATE = bool(os.environ.get("WENGERT_UPDATE_GOLDEN"))
TEXTS = [FORMATS[name] for name in DOCUMENTS if FORMATS[name].endings and not FORMATS[name].binary and name != "svg"]
FLOW = ("deep-sigmoid",)
UNPROVED = ("batchnorm", "residual", "xor")  # proofs of minutes: the verdicts would be up to the clock
HASHES = re.compile(r"sha256-[^']+")  # of the style sheet and the script
PAGE_PARTS = re.compile(r"(<(style|script)\b[^>]*>).*?(</\2>)", re.S)


def written(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The sample in each format, by the file's ending."""
    found = {}
    reports: list[FlowReport] = []

    def once(*given: Any) -> FlowReport:
        reports.extend([] if reports else [flow_report(*given)])
        return reports[0]

    if name in FLOW:
        monkeypatch.setattr("wengert.cli.flow.flow_report", once)
    else:
        shown = wengert.trace(SAMPLES[name], verify=name not in UNPROVED, budget=100)
    for f in TEXTS:
        ending = f.endings[0]
        if name in FLOW:
            path = folder / f"{name}{ending}"
            assert run(["flow", str(SAMPLES[name]), "--budget", "100", "-o", str(path)]) == 0
            text = path.read_text(encoding="utf-8")
        else:
            made = shown.to(f.name)
            assert isinstance(made, str)
            text = made
        found[ending] = HASHES.sub("sha256-…", PAGE_PARTS.sub(r"\1…\3", text)) if f.name == "html" else text
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_every_format(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = written(name, tmp_path, monkeypatch)
    if UPDATE:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for ending, text in made.items():
            (GOLDEN / f"{name}{ending}").write_text(text, encoding="utf-8", newline="\n")
    different = [ending for ending, text in made.items() if (GOLDEN / f"{name}{ending}").read_text(encoding="utf-8") != text]
    assert not different, f"{name} has changed as {', '.join(different)}"


def test_no_file_is_left_over_or_missing() -> None:
    expected = {f"{name}{f.endings[0]}" for name in SAMPLES for f in TEXTS}
    assert {p.name for p in GOLDEN.iterdir()} == expected
