"""Hostile texts set by LaTeX itself: they are words, and no file but TeX's own is opened. It takes pdflatex (Debian:
texlive-latex-base texlive-latex-recommended lmodern)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.trust.everywhere import PLACES, rendered
from tests.trust.payloads import HARMLESS, PAYLOADS

pytestmark = [pytest.mark.long, pytest.mark.needs("pdflatex")]


@pytest.mark.parametrize("ascii", [False, True], ids=["", "ascii"])
@pytest.mark.parametrize("family", sorted(PAYLOADS))
def test_a_hostile_text_is_set_as_text(family: str, ascii: bool, tmp_path: Path, count: Count) -> None:
    begin, end = "\\begin{document}\n", "\\end{document}\n"
    opening = rendered("latex", HARMLESS, ascii, standalone=True).partition(begin)[0]
    made = [rendered("latex", text, ascii, standalone=True) for text in PAYLOADS[family]]
    assert all(each.startswith(opening + begin) and each.endswith(end) for each in made)
    bodies = [each.removeprefix(opening + begin).removesuffix(end) for each in made]
    text = opening + begin + "\\clearpage\n".join(bodies) + end
    (tmp_path / "canary.tex").write_text("planted words", encoding="utf-8")
    (tmp_path / "canary").write_text("planted words", encoding="utf-8")
    (tmp_path / "whole.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-shell-escape", "-recorder", "whole.tex"],
        capture_output=True, text=True, errors="replace", cwd=tmp_path, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if line.startswith("!"))
    opened = {line.split(" ", 1)[1] for line in (tmp_path / "whole.fls").read_text().splitlines() if line.startswith("INPUT")}
    strangers = {path for path in opened if "/texmf" not in path and "/texlive" not in path.lower() and path.startswith("/")}
    assert not {path for path in opened if "canary" in path or "passwd" in path}
    assert not strangers - {str(tmp_path / "whole.tex")}, strangers
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"canary", "canary.tex", "whole.tex", "whole.log", "whole.aux", "whole.pdf", "whole.fls"}
    count("injections tried: latex, set by pdflatex", len(bodies) * PLACES)
