"""A real notebook, run by nbclient: what a person sees there, and that its numbers are the right ones."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import wengert

ROOT = Path(wengert.__file__).parents[1]
CELLS = {
    "number": 'import wengert\nr = wengert.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})\nr.gradient["x1"]',
    "trace": "r",
    "gradient": "r.gradient",
    "diff": 'wengert.diff("(x**2 + 1)**3")',
    "model": 'm = wengert.load("samples/two-two-one.yaml")\nm',
    "network": "m.trace(budget=60)",
    "display": 'from IPython.display import Markdown, display\ndisplay(Markdown(r.to("markdown", only="gradient")))',
    "keys": 'get_ipython().Completer.complete("r.gradient[\\"")[1]',
    "mistake": 'wengert.trace("ln(x*y - 3)", at={"x": 1, "y": 2})',
}


@pytest.fixture(scope="module")
def notebook() -> dict[str, list[Any]]:
    """The outputs of each cell."""
    cells = {name: nbformat.v4.new_code_cell(source) for name, source in CELLS.items()}
    cells["mistake"].metadata["tags"] = ["raises-exception"]
    made = nbformat.v4.new_notebook(cells=list(cells.values()))
    began = time.monotonic()
    NotebookClient(made, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    assert time.monotonic() - began < 60
    nbformat.validate(made)
    return {name: cell.outputs for name, cell in cells.items()}


def shown(outputs: list[Any]) -> dict[str, str]:
    """What the only output of a cell is in each kind of text."""
    assert [o.output_type for o in outputs] in (["execute_result"], ["display_data"])
    return dict(outputs[0].data)


class Tables(HTMLParser):
    """The rows of all tables as text, and every element and attribute that there is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, "an element is left open"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attributes
        if tag not in ("wbr", "br"):
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, text: str) -> None:
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += "".join(text.split())


def test_a_number(notebook: dict[str, list[Any]]) -> None:
    assert shown(notebook["number"]) == {"text/plain": "5.5"}
    assert shown(notebook["gradient"])["text/plain"] == "{'x1': 5.5, 'x2': 1.7163378145367738}"


def test_a_trace(notebook: dict[str, list[Any]]) -> None:
    found = shown(notebook["trace"])
    assert set(found) == {"text/plain", "text/html", "text/markdown"}
    assert "∂f/∂x1   x2 + 1/x1      = 5.5" in found["text/plain"]
    rows = Tables(found["text/html"]).rows
    assert ["v1=ln\u2061(x1)", "ln\u2061(2)", "≈0.693147"] in rows
    assert [row[-2:] for row in rows if row[-1] == "proved"] == [["=5.5", "proved"], ["≈1.71634", "proved"]]
    assert "≈1.71634" in "".join(found["text/markdown"].replace("\\approx", "≈").replace("$", "").split())
    assert "## Gradient" in found["text/markdown"]


def test_a_diff(notebook: dict[str, list[Any]]) -> None:
    found = shown(notebook["diff"])
    assert "6·x·(x² + 1)²" in found["text/plain"]
    assert any(row[-1] == "proved" for row in Tables(found["text/html"]).rows)


def test_a_network(notebook: dict[str, list[Any]]) -> None:
    assert "a1 = w1*x1 + w2*x2 + b1" in shown(notebook["model"])["text/plain"]
    found = shown(notebook["network"])
    swept = wengert.trace(ROOT / "samples" / "two-two-one.yaml", verify=False)
    rows = Tables(found["text/html"]).rows
    values = [float(cell[1:].replace("−", "-")) for row in rows for cell in row if re.fullmatch("[=≈]−?[0-9.]+", cell)]
    for name in swept.gradient:
        assert any(v == pytest.approx(swept.gradient[name], rel=1e-5) for v in values), name


def test_what_is_displayed(notebook: dict[str, list[Any]]) -> None:
    assert "5.5" in shown(notebook["display"])["text/markdown"]


def test_names_are_completed(notebook: dict[str, list[Any]]) -> None:
    assert "x1" in shown(notebook["keys"])["text/plain"]


def test_a_mistake(notebook: dict[str, list[Any]]) -> None:
    (output,) = notebook["mistake"]
    assert output.output_type == "error"
    assert output.ename == "ValueProblem"
    assert output.evalue.splitlines()[:3] == ["ln is undefined at v2 = -1", "  ln(x*y - 3)", "  ^^^^^^^^^^^"]


def cells() -> Iterator[str]:
    yield wengert.trace("x*y", at={"x": 1, "y": 2}, verify=False)._repr_html_()
    yield wengert.trace(ROOT / "samples" / "two-two-one.yaml", level="layer", verify=False)._repr_html_()
    yield wengert.diff("x*sin(x)", verify=False)._repr_html_()


def test_a_cell_is_a_part_of_a_page() -> None:
    """No script, nothing that is loaded or linked, no page of its own, no style for the elements around it."""
    for html in cells():
        found = Tables(html)
        assert not {"script", "html", "head", "body", "link", "img", "iframe", "a", "h1", "h2"} & set(found.elements)
        assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("id", "src", "href")]
        (style,) = re.findall("<style>(.*?)</style>", html)
        assert all(rule.strip().startswith(".wengert") for rule in re.findall(r"([^{}]+)\{", style) for rule in rule.split(","))
        assert html.startswith('<div class="wengert">')


def test_names_and_titles_stay_text(tmp_path: Path) -> None:
    spec = tmp_path / "inert.yaml"
    text = 'title: "<script>alert(1)</script> & *b* $x$"\nformula: x**2\nat: {x: 1}\nnote: "</div><img src=x>"\n'
    spec.write_text(text, encoding="utf-8")
    r = wengert.trace(spec, verify=False)
    assert "script" not in Tables(r._repr_html_()).elements
    assert "img" not in Tables(r._repr_html_()).elements
    assert "<script>" not in r._repr_markdown_()


def test_a_long_table_is_cut() -> None:
    r = wengert.trace("; ".join(["a0 = x + 1", *(f"a{i + 1} = sin(a{i})" for i in range(2000))]), at={"x": 1}, verify=False)
    html = r._repr_html_()
    assert "The first 200 rows" in html
    assert len(Tables(html).rows) < 700
    assert "The first 200 rows" in r._repr_markdown_()
