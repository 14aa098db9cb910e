"""The page as a text: what a browser, a screen reader and a printer find in it, before any script runs."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from itertools import islice, pairwise
from pathlib import Path

import pytest

import wengert
from wengert import pipeline
from wengert.lang.expr import Nodes
from wengert.report import Report
from wengert.show.diff_document import diff_document
from wengert.show.document import Adjoint, Column, Document, Formula, Name, Number, Result, Row, Section, Words
from wengert.show.html import render
from wengert.show.layer_document import layer_document
from wengert.show.look import Look, look_of
from wengert.show.numbers import Digits
from wengert.show.page.assets import script, style
from wengert.show.page.tables import ROWS
from wengert.show.trace_document import trace_document

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
VOID = {"meta", "link", "input", "br", "wbr", "img"}
# The elements of SVG that are written as empty in one tag.
EMPTY_SVG = {"rect", "circle", "path", "polygon", "line", "polyline", "use", "ellipse"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: Element | None
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        stack: list[Element | str] = [self]
        while stack:
            found = stack.pop()
            if isinstance(found, Element):
                if not tags or found.tag in tags:
                    yield found
                stack.extend(reversed(found.children))

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)


class Reader(HTMLParser):
    """A strict reader: every element is closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {}, None)
        self.feed(page)
        self.close()
        assert self.here is self.root, f"<{self.here.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says an attribute twice"
        made = Element(tag, dict(attrs), self.here)
        self.here.children.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in EMPTY_SVG, f"<{tag}/>"
        self.here.children.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(page: str) -> Element:
    assert page.startswith("<!DOCTYPE html>\n")
    return Reader(page).root


def page_of(document: Document, look: Look | None = None) -> str:
    return "".join(render(document, look_of() if look is None else look))


def traced(name: str, **settings: object) -> Report:
    return pipeline.trace(SAMPLES / f"{name}.yaml", verify=False, **settings)  # type: ignore[arg-type]


PAGES: dict[str, Callable[[], tuple[Report, Callable[[Report, Digits], Document]]]] = {
    "baydin, both modes": lambda: (traced("baydin", mode="both"), trace_document),
    "a network": lambda: (traced("two-two-one"), trace_document),
    "a network with a loss": lambda: (traced("mazur-2-2-2"), trace_document),
    "softmax": lambda: (traced("softmax-classifier"), trace_document),
    "a kink": lambda: (traced("kink"), trace_document),
    "exact numbers": lambda: (traced("griewank-walther", numbers="exact"), trace_document),
    "second order": lambda: (traced("chain-rule-sine", order=2), trace_document),
    "rounded nodes": lambda: (traced("neuron", round=2), trace_document),
    "layer level": lambda: (traced("mazur-2-2-2", level="layer"), layer_document),
    "chain rule": lambda: (pipeline.diff("(x**2+1)**3", verify=False), diff_document),
    "diff of a network": lambda: (pipeline.diff(SAMPLES / "two-two-one.yaml", verify=False), diff_document),
}


@cache
def page_named(name: str) -> str:
    report, document = PAGES[name]()
    return page_of(document(report, Digits()), look_of(report.model))


@pytest.fixture(params=sorted(PAGES))
def page(request: pytest.FixtureRequest) -> str:
    return page_named(request.param)


def test_a_reader_of_screens_finds_its_way(page: str) -> None:
    root = read(page)
    (html,) = root.all("html")
    assert html.attributes["lang"] == "en"
    assert [e.tag for e in root.all("h1")] == ["h1"]
    assert len(list(root.all("main"))) == 1
    assert next(root.all("title")).text.strip()
    levels = [int(e.tag[1]) for e in root.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in pairwise(levels))
    ids = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    for e in root.all():
        for name in (e.attributes.get("aria-labelledby") or "").split():
            assert name in ids
    for button in root.all("button", "input", "figure"):
        assert button.attributes.get("aria-label")


def test_tables_have_captions_and_headings(page: str) -> None:
    for table in read(page).all("table"):
        (caption,) = table.all("caption")
        assert caption.text.strip()
        heads = list(table.all("thead"))
        columns = len([e for head in heads for e in head.all("th", "td")])
        for head in heads:
            assert all(e.attributes.get("scope") == "col" for e in head.all("th"))
            assert all(e.text.strip() for e in head.all("th"))
        for row in next(table.all("tbody")).all("tr"):
            cells = list(row.all("th", "td"))
            assert not columns or len(cells) == columns
            assert all(e.attributes.get("scope") == "row" for e in row.all("th"))
            assert cells[0].tag == "th" or not cells[0].text.strip()


def test_steps_are_numbered_in_the_order_of_the_page(page: str) -> None:
    rows = [e for e in read(page).all("tr") if "data-step" in e.attributes]
    assert [e.attributes["data-step"] for e in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert all(e.attributes["data-about"] for e in rows)


def test_nothing_comes_from_elsewhere(page: str) -> None:
    root = read(page)
    for e in root.all():
        for name, value in e.attributes.items():
            assert not name.startswith("on"), f"<{e.tag} {name}>"
            assert name != "style"
            if name in ("src", "href", "action", "data", "srcset", "poster", "xlink:href"):
                assert (e.tag, value) == ("link", "data:,")
    assert not list(root.all("iframe", "object", "embed", "base", "form"))
    assert "http" not in re.sub('http-equiv="|xmlns="http://www.w3.org/2000/svg"', "", page)
    assert "url(" not in page and "@import" not in page


def test_the_policy_lets_this_script_and_this_style_sheet_run_and_nothing_else(page: str) -> None:
    root = read(page)
    (script_element,), (style_element,) = list(root.all("script")), list(root.all("style"))
    (policy,) = (e.attributes["content"] for e in root.all("meta") if "http-equiv" in e.attributes)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for name, element in (("script-src", script_element), ("style-src", style_element)):
        assert rules[name] == f"'sha256-{b64encode(sha256(element.text.encode()).digest()).decode()}'"
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy


def test_no_word_of_the_page_stands_in_the_script() -> None:
    """Its texts are selectors, names of keys and attributes."""
    texts = re.findall(r'"([^"\n]*)"', re.sub(r"//.*", "", script()))
    assert not [t for t in texts if re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", t) and not re.search(r"[.\[>]", t)]
    assert "innerHTML" not in script() and "eval" not in script()


def test_the_parts_are_where_a_wheel_takes_them_from() -> None:
    folder = files("wengert.show.page")
    assert folder.joinpath("page.js").read_text(encoding="utf-8") == script()
    assert folder.joinpath("page.css").read_text(encoding="utf-8") in style()
    assert style().isascii() and script().isascii()  # a reference means nothing in them
    assert "</" not in style() and "</script" not in script() and "<!--" not in script()


# -- cells


def test_a_page_in_ascii_is_the_same_page() -> None:
    report = traced("baydin")
    document = trace_document(report, Digits())
    page, plain = page_of(document, look_of(report.model)), page_of(document, look_of(report.model, ascii=True))
    assert plain.isascii()
    assert not page.isascii()
    one, other = read(page), read(plain)
    assert [e.tag for e in one.all()] == [e.tag for e in other.all()]
    assert next(one.all("main")).text == next(other.all("main")).text


def made(*rows: Row, columns: int = 2, **more: object) -> Element:
    section = Section("S", tuple(Column(f"c{n}") for n in range(columns)), lambda: iter(rows), **more)  # type: ignore[arg-type]
    return read(page_of(Document("T", (), (section,))))


def test_numbers_of_a_column_stand_with_their_points_below_one_another() -> None:
    numbers = ("2", "-0.958924", "11.6521", "1.5e-7", "1/3")
    root = made(*(Row((Name("a"), Result(n, True))) for n in numbers))
    cells = [row.children[1] for row in next(root.all("tbody")).all("tr")]
    texts = [" ".join(c.text.split()) for c in cells if isinstance(c, Element)]
    assert texts == ["= 2", "= −0.958924", "= 11.6521", "= 1.5 × 10−7", "= 13"]
    leads = [e.attributes["class"] for e in root.all("span") if "lead" in (e.attributes["class"] or "")]
    assert leads == ["lead l2"] * 4
    assert ".l2 {" in style()


def test_a_row_that_goes_on_says_its_heading_again_to_those_who_do_not_see() -> None:
    root = made(Row((Name("v"), Number("1"))), Row((None, Number("2")), opens=False))
    first, second = next(root.all("tbody")).all("tr")
    (again,) = second.all("span")
    assert again.attributes["class"] == "again"
    assert again.text == next(first.all("th")).text == "v"


def test_a_local_partial_stands_in_a_hidden_column() -> None:
    root = made(Row((Name("seed"), Number("1"))), Row((Name("v"), Number("2")), partial=Number("0.25")), kind="reverse")
    hidden = [e for e in root.all("th", "td") if "hidden" in e.attributes]
    assert [e.text for e in hidden] == ["local partial", "", "0.25"]


def test_marks_and_verdicts_are_words_and_classes() -> None:
    root = made(Row((Name("v"), Words("proved")), mark="good"), Row((Name("v"), Words("failed")), mark="bad"))
    rows = list(next(root.all("tbody")).all("tr"))
    assert [(r.attributes["class"], r.text) for r in rows] == [("good", "vproved"), ("bad", "vfailed")]


# -- what was typed, and how much of it

HOSTILE = "</script></style></title><img src=x onerror=alert(1)>\" onload='x' javascript:alert(1) &lt;b&gt; ]]> <!--"


def test_nothing_that_was_typed_is_markup() -> None:
    nodes = Nodes()
    cells = (Name(HOSTILE), Formula(nodes, nodes.call("add", [nodes.name(HOSTILE), nodes.number("1")])), Words(HOSTILE),
             Adjoint(HOSTILE, HOSTILE), Result("1", False), Number(HOSTILE))  # fmt: skip
    row = Row(cells, about=(HOSTILE, HOSTILE), partial=Words(HOSTILE))
    section = Section(
        HOSTILE, tuple(Column(HOSTILE) for _ in cells), lambda: iter([row]), ((Words(HOSTILE),),),
        lambda: iter([(Name(HOSTILE), Words(HOSTILE))]), kind="reverse",
    )  # fmt: skip
    page = page_of(Document(HOSTILE, ((Words(HOSTILE),),), (section,)))
    root = read(page)
    tags = {e.tag for e in root.all()}
    assert not tags & {"img", "a", "b", "iframe", "svg:script"}
    assert len(list(root.all("script"))) == len(list(root.all("style"))) == len(list(root.all("title"))) == 1
    assert next(root.all("h1")).text == HOSTILE
    assert next(root.all("caption")).text == HOSTILE
    (step,) = (e for e in root.all("tr") if "data-step" in e.attributes)
    assert step.attributes["data-about"] == step.attributes["data-to"] == HOSTILE
    assert not [e for e in root.all() for name in e.attributes if name.startswith("on") or name == "src"]


def test_control_characters_are_shown_as_such() -> None:
    root = read(page_of(Document("a\x00b\x1b[31m\x85\u202e", (), ())))
    assert next(root.all("h1")).text.isprintable()


def test_rows_stream_and_a_long_table_comes_in_parts() -> None:
    made_so_far = 0

    def rows() -> Iterator[Row]:
        nonlocal made_so_far
        for n in range(50 * ROWS):
            made_so_far = n + 1
            yield Row((Name(f"v{n}"), Result(str(n), True)), about=(f"v{n}",))

    section = Section("Forward", (Column("statement"), Column("value")), rows, kind="forward")
    pieces = render(Document(None, (), (section,)), look_of())
    page = "".join(islice((p for p in pieces if "<tbody>" in p), 3))
    assert made_so_far <= 4 * ROWS
    captions = [unescape(c) for c in re.findall("<caption>(.*?)</caption>", page)]
    assert captions == [f"Forward, rows {n * ROWS + 1} to {(n + 1) * ROWS}" for n in range(3)]
    assert page.count("data-step") == 3 * ROWS


def test_a_document_with_a_picture_shows_it_and_no_player_waits_for_a_graph() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><title>loss</title></svg>'
    root = read(page_of(Document("T", (), (), picture=lambda: svg)))
    (figure,) = root.all("figure")
    assert figure.attributes["class"] == "picture"
    assert next(figure.all("svg")).text == "loss"


def test_the_format_and_the_ending_of_a_file_make_the_same_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wengert", "trace", str(SAMPLES / "baydin.yaml"), "--no-verify"]
    root = SAMPLES.parent
    printed = subprocess.run([*command, "-f", "html"], capture_output=True, check=True, cwd=root, timeout=60).stdout
    path = tmp_path / "trace.html"
    subprocess.run([*command, "-o", str(path)], check=True, cwd=root, timeout=60)
    assert path.read_bytes() == printed
    assert len(list(read(printed.decode()).all("table"))) == 4


@pytest.mark.parametrize(
    ("document", "heading"),
    [
        (Document("A title", ((Words("x"),),), ()), "A title"),
        (Document(None, ((Name("f"), Words(" at "), Name("x")),), ()), "f at x"),
        (Document(None, ((Words("A sentence."),),), ()), "wengert"),
        (Document(None, (), ()), "wengert"),
    ],
)
def test_the_heading_is_the_title_or_the_formula(document: Document, heading: str) -> None:
    root = read(page_of(document))
    assert next(root.all("h1")).text == heading
    assert next(root.all("title")).text == heading
