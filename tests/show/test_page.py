"""The page in a real browser: its steps by key, button, slider, click and address; without scripts; in the dark; on paper."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import wengert
from tests.show.browser import Browser, Page
from wengert import pipeline
from wengert.lang.expr import Nodes
from wengert.report import Report
from wengert.show.diff_document import diff_document
from wengert.show.document import Column, Document, Formula, Name, Result, Row, Section, Words
from wengert.show.html import render
from wengert.show.look import look_of
from wengert.show.numbers import Digits
from wengert.show.record import record
from wengert.show.trace_document import trace_document

pytestmark = pytest.mark.xdist_group("browser")
SAMPLES = Path(wengert.__file__).parents[1] / "samples"
DIGITS = Digits()


@dataclass(frozen=True)
class Sample:
    """A page on disk, and what its numbers must be."""

    path: Path
    report: Report
    record: dict[str, Any]

    @property
    def address(self) -> str:
        return self.path.as_uri()


def sample(folder: Path, name: str, **settings: Any) -> Sample:
    report = pipeline.trace(SAMPLES / f"{name}.yaml", verify=False, **settings)
    path = folder / f"{name}.html"
    path.write_text("".join(render(trace_document(report, DIGITS), look_of(report.model))), encoding="utf-8")
    return Sample(path, report, record(report))


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    folder = tmp_path_factory.mktemp("pages")
    return {"baydin": sample(folder, "baydin", mode="both"), "two-two-one": sample(folder, "two-two-one")}


@pytest.fixture
def baydin(browser: Browser, samples: dict[str, Sample]) -> Iterator[Page]:
    page = browser.page(samples["baydin"].address)
    yield page
    assert page.complaints() == []
    assert page.requests() == [samples["baydin"].address]
    page.close()


# What can be seen of a step: the rows and places that are marked, the panel, the address.
STATE = """(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const row = document.querySelector("tr.current");
  const terms = all(".panel dt").map((dt) => [dt.textContent, dt.nextElementSibling.textContent]);
  return {
    rows: all("tr.current").map((r) => Number(r.dataset.step)),
    told: all("tr[aria-current=step]").length,
    kind: row ? row.closest("section").dataset.kind : "",
    about: row ? row.dataset.about : "", to: row ? row.dataset.to || "" : "",
    vertices: all("g.vertex.current").map((v) => v.dataset.names.split(" ")),
    sources: all("g.vertex.source").map((v) => v.dataset.names.split(" ")),
    edges: all("g.edge.current").map((e) => e.dataset.covers.split(" ")),
    panel: Object.fromEntries(terms), progress: document.querySelector(".progress").textContent,
    slider: Number(document.querySelector(".player input").value), hash: location.hash,
    later: all("text.later").map((t) => t.dataset.figure),
  };
})()"""


def state(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(STATE)
    return found


def steps_of(page: Page) -> int:
    count: int = page.evaluate("document.querySelectorAll('tr[data-step]').length")
    return count


def shown(value: float) -> str:
    return DIGITS.result(value).replace("-", "−")


def number(text: str) -> float:
    """The last number of a text of the page."""
    found = re.findall(r"−?[0-9]+(?:\.[0-9]+)?", text.replace("\u202f", "").replace("×10", "e"))
    return float(found[-1].replace("−", "-"))


class Numbers:
    """What a record says of a step."""

    def __init__(self, made: dict[str, Any]) -> None:
        self.slots = {s["name"]: s for s in (*made["inputs"], *made["statements"])}
        self.contributions = made["contributions"]

    def check(self, found: dict[str, Any], of: str) -> None:
        panel, about, to = found["panel"], found["about"], found["to"]
        if found["kind"] == "forward":
            self.same(panel["value"], self.slots[about]["value"])
        elif found["kind"] == "reverse" and to:
            adjoint = self.slots[to]["adjoints"][of]
            pair = [c for c in self.contributions if (c["statement"], c["to"]) == (about, to) and c["output"] == of]
            if pair:  # at neuron level a step may stand for several operations
                self.same(panel["value"], pair[0]["value"])
                self.same(panel["local partial"], pair[0]["partial_value"])
            if not any(t == f"reverse {to}" for t in found["later"]):  # all that comes has come
                self.same(panel["adjoint so far"], adjoint)

    @staticmethod
    def same(text: str, value: float) -> None:
        assert shown(value) == shown(number(text)), text


def marked(found: dict[str, Any], step: int) -> None:
    """Exactly that step is marked, in the table, the graph, the panel and the slider."""
    assert found["rows"] == [step]
    assert found["told"] == 1
    assert found["slider"] == step
    assert found["progress"].startswith(f"Step {step} of ")
    target = found["to"] or found["about"]
    places = [*found["vertices"], *found["sources"]]
    assert any(target in names for names in places) or found["edges"]
    if found["to"] and found["kind"] == "reverse":
        inside = any(found["about"] in names and found["to"] in names for names in places)  # z and a of one neuron
        assert inside or any(f"{found['about']},{found['to']}" in covers for covers in found["edges"])


@pytest.mark.parametrize(("name", "of"), [("baydin", "f"), ("two-two-one", "y")])
def test_every_step_by_key_shows_its_statement_and_the_numbers_of_the_record(
    browser: Browser, samples: dict[str, Sample], name: str, of: str
) -> None:
    page = browser.page(samples[name].address)
    numbers = Numbers(samples[name].record)
    count = steps_of(page)
    assert count == {"baydin": 7 + 2 * 7 + 9, "two-two-one": 17 + 15}[name]
    kinds = []
    for step in range(1, count + 1):
        page.press("ArrowRight")
        found = state(page)
        marked(found, step)
        numbers.check(found, of)
        kinds.append(found["kind"])
    assert list(dict.fromkeys(kinds)) == (["forward", "tangent", "reverse"] if name == "baydin" else ["forward", "reverse"])
    assert state(page)["later"] == []
    page.press("ArrowRight")
    assert state(page)["rows"] == [count]
    for step in range(count - 1, 0, -1):
        page.press("ArrowLeft")
        marked(state(page), step)
    assert page.complaints() == []
    assert page.requests() == [samples[name].address]
    page.close()


def test_buttons_go_the_same_ways(baydin: Page) -> None:
    count = steps_of(baydin)
    for step in range(1, count + 1):
        baydin.click("button[data-go=forward]")
        marked(state(baydin), step)
    assert baydin.evaluate("document.querySelector('button[data-go=forward]').disabled") is True
    for way, step in (("first", 1), ("forward", 2), ("forward", 3), ("back", 2), ("last", count), ("back", count - 1)):
        baydin.click(f"button[data-go={way}]")
        marked(state(baydin), step)
    baydin.click("button[data-go=whole]")
    assert state(baydin)["rows"] == []


def test_the_slider_goes_through_all_steps(baydin: Page) -> None:
    baydin.evaluate("document.querySelector('.player input').focus()")
    for step in range(1, steps_of(baydin) + 1):
        baydin.press("ArrowRight")
        marked(state(baydin), step)
        told = baydin.evaluate("document.querySelector('.player input').getAttribute('aria-valuetext')")
        assert told.startswith(f"Step {step} of")


def test_keys_to_the_ends_and_out(baydin: Page) -> None:
    for key, rows in (("End", [30]), ("Home", [1]), ("ArrowLeft", []), ("ArrowRight", [1]), ("Escape", [])):
        baydin.press(key)
        assert state(baydin)["rows"] == rows
    assert state(baydin)["progress"] == "All 30 steps"


def test_a_click_on_a_row_and_in_the_graph(baydin: Page) -> None:
    baydin.click("tr[data-step='12'] td")
    marked(state(baydin), 12)
    baydin.press("Escape")
    seen = []
    for _ in range(5):  # v4: its value, a tangent each way, its adjoint; then from the first again
        baydin.click("g.vertex[data-names~=v4]")
        seen.append(state(baydin))
    assert [(f["kind"], f["to"] or f["about"]) for f in seen] == [
        ("forward", "v4"), ("tangent", "v4"), ("tangent", "v4"), ("reverse", "v4"), ("forward", "v4"),
    ]  # fmt: skip


def test_the_address_remembers_the_step(browser: Browser, samples: dict[str, Sample]) -> None:
    address = samples["two-two-one"].address
    page = browser.page(f"{address}#step=22")
    marked(state(page), 22)
    page.press("ArrowRight")
    page.until(lambda: state(page)["hash"] == "#step=23", "the address follows")
    page.press("End")
    page.until(lambda: state(page)["hash"] == "#step=32", "the address follows")
    page.evaluate("history.back()")
    page.until(lambda: state(page)["rows"] == [23], "back is one step back")
    page.evaluate("history.forward()")
    page.until(lambda: state(page)["rows"] == [32], "and forward again")
    page.call("Page.reload")
    page.until(lambda: page.evaluate("document.readyState") == "complete" and state(page)["rows"] == [32], "reloaded")
    for odd in ("step=99", "step=-1", "step=x", "<img>"):
        page.evaluate(f"location.hash = '#{odd}'")
        page.until(lambda odd=odd: state(page)["rows"] == ([32] if odd == "step=99" else []), f"#{odd} does no harm")
    assert page.complaints() == []
    page.close()


def test_a_quick_run_is_one_entry_of_the_history(baydin: Page) -> None:
    before = baydin.evaluate("history.length")
    baydin.evaluate("for (let n = 0; n < 6; n++) dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}))")
    baydin.until(lambda: state(baydin)["hash"] == "#step=6", "the address follows")
    assert baydin.evaluate("history.length") == before + 1


def test_figures_appear_when_their_step_comes(baydin: Page) -> None:
    assert state(baydin)["later"] == []
    baydin.press("Home")
    first = state(baydin)["later"]
    assert "forward v1" in first and "reverse x2" in first and "forward x1" not in first
    baydin.evaluate("location.hash = '#step=28'")  # x2 has its second contribution only at the step after
    baydin.until(lambda: state(baydin)["rows"] == [28], "the step")
    found = state(baydin)["later"]
    assert "reverse v4" not in found and "reverse x2" in found


VISIBLE = """(() => [...document.querySelectorAll("section")].map((s) => {
  const cells = [...s.querySelectorAll(":is(td, th):not([hidden])")];
  return cells.every((c) => c.checkVisibility()) && s.checkVisibility();
}).every(Boolean) && document.querySelectorAll("tbody tr").length)()"""


def test_without_scripts_all_tables_are_there_and_no_controls(browser: Browser, samples: dict[str, Sample]) -> None:
    page = browser.page(samples["two-two-one"].address, scripts=False)
    page.call("Emulation.setScriptExecutionDisabled", value=False)  # for us to look; the page's own script has not run
    assert page.evaluate(VISIBLE) == 17 + 15 + 9 + 4
    assert page.evaluate("document.querySelectorAll('button, input, .player').length") == 0
    assert page.evaluate("document.querySelectorAll('figure svg g.vertex').length") > 0
    page.close()


# Nothing lies over the current row.
IN_SIGHT = """(() => {
  const box = document.querySelector("tr.current").getBoundingClientRect();
  const at = document.elementFromPoint(box.left + 5, (box.top + box.bottom) / 2);
  return box.top >= 0 && box.bottom <= innerHeight && at !== null && at.closest("tr.current") !== null;
})()"""


@pytest.mark.parametrize("width", [1600, 1280, 800, 390])
@pytest.mark.parametrize("name", ["baydin", "two-two-one"])
def test_nothing_is_wider_than_the_window(browser: Browser, samples: dict[str, Sample], width: int, name: str) -> None:
    page = browser.page(samples[name].address + "#step=5", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.until(lambda: page.evaluate(IN_SIGHT), "the current row is in sight")
    page.press("End")
    page.until(lambda: page.evaluate(IN_SIGHT), "the last row is in sight")
    page.close()


def test_thousands_of_steps(browser: Browser, tmp_path: Path) -> None:
    rows = [Row((Name(f"v{n}"), Result(f"{n}.5", False)), about=(f"v{n}",)) for n in range(5000)]
    section = Section("Forward", (Column("statement"), Column("value")), lambda: iter(rows), kind="forward")
    path = tmp_path / "long.html"
    path.write_text("".join(render(Document("Long", (), (section,)), look_of())), encoding="utf-8")
    page = browser.page(path.as_uri())
    for key, step in (("End", 5000), ("ArrowLeft", 4999), ("Home", 1), ("ArrowRight", 2)):
        page.press(key)
        assert state(page)["rows"] == [step]
        assert state(page)["panel"] == {"statement": f"v{step - 1}", "value": f"≈ {step - 1}.5"}
        page.until(lambda: page.evaluate(IN_SIGHT), "the current row is in sight")
    page.close()


def test_the_symbolic_derivative_has_steps_too(browser: Browser, tmp_path: Path) -> None:
    report = pipeline.diff("x*sin(x)", verify=False)
    path = tmp_path / "diff.html"
    path.write_text("".join(render(diff_document(report, DIGITS), look_of(report.model))), encoding="utf-8")
    page = browser.page(path.as_uri())
    seen = []
    for _ in range(steps_of(page)):
        page.press("ArrowRight")
        found = state(page)
        seen.append((found["kind"], found["about"], found["to"], [names[0] for names in found["vertices"]]))
    assert seen == [
        ("list", "x", "", ["x"]), ("list", "v1", "x", ["v1"]), ("list", "f", "x", ["f"]), ("list", "f", "v1", ["f"]),
        ("reverse", "v1", "", ["v1"]), ("reverse", "x", "", ["x"]),
    ]  # fmt: skip
    assert page.complaints() == []
    page.close()


def test_light_and_dark(browser: Browser, samples: dict[str, Sample]) -> None:
    page = browser.page(samples["baydin"].address)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.dark(True)
    dark = page.evaluate(paper)
    brightness = [sum(map(int, re.findall(r"[0-9]+", colour)[:3])) for colour in (light, dark)]
    assert brightness[0] > 700 and brightness[1] < 120
    page.close()


def test_on_paper(baydin: Page, tmp_path: Path) -> None:
    baydin.press("End")
    path = tmp_path / "page.pdf"
    path.write_bytes(baydin.pdf())
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "Reverse, from the output back" in text
    assert "11.6521" in text
    assert "Step 30" not in text


HOSTILE = "</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>\"&amp;</style>"


def test_nothing_that_was_typed_is_an_element(browser: Browser, tmp_path: Path) -> None:
    nodes = Nodes()
    rows = (Row((Name(HOSTILE), Formula(nodes, nodes.name(HOSTILE))), about=(HOSTILE, HOSTILE)),)
    section = Section(HOSTILE, (Column(HOSTILE), Column("")), lambda: iter(rows), ((Words(HOSTILE),),), kind="forward")
    path = tmp_path / "hostile.html"
    path.write_text("".join(render(Document(HOSTILE, ((Words(HOSTILE),),), (section,)), look_of())), encoding="utf-8")
    page = browser.page(path.as_uri())
    page.press("ArrowRight")
    assert state(page)["rows"] == [1]
    assert page.evaluate("document.querySelectorAll('img, a, [onerror], script:not(:last-of-type)').length") == 0
    assert page.evaluate("document.querySelector('h1').textContent") == HOSTILE
    assert page.evaluate("document.querySelector('tr.current').dataset.about") == HOSTILE
    assert page.complaints() == []
    assert page.requests() == [path.as_uri()]
    page.close()
