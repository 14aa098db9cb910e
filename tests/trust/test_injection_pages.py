"""Texts that would act are shown as texts: web pages, notebooks, drawings and graphs (see test_injection)."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conftest import Count
from tests.show.browser import Browser
from tests.trust.consumers import CONTROLS, FREE, JOINED, MERMAID, Reader, says, tried
from tests.trust.everywhere import PLACES, real, rendered, together, written
from tests.trust.payloads import ALL, HARMLESS, PAYLOADS
from wengert.show.look import look_of

# -- pages


def own(text: str) -> str:
    """A page without its style and its script, which are wengert's own, the same in each: they take long to read."""
    return re.sub(r"<(style|script)>[^<]{400,}.*?</\1>", r"<\1></\1>", text, flags=re.DOTALL)


def shape(reader: Reader) -> list[tuple[str, tuple[str, ...]]]:
    """The elements and the names of their attributes, without those that a text may have more or fewer of."""
    assert not reader.other, reader.other
    return [(tag, tuple(attributes)) for tag, attributes in reader.elements if tag not in FREE]


@pytest.mark.parametrize(("format", "ascii"), [("html", False), ("html", True), ("notebook", False)])
def test_html(format: str, ascii: bool, count: Count) -> None:
    """The same elements and attributes as with a harmless text, none that acts, and the words."""
    usual = shape(Reader(own(rendered(format, HARMLESS, ascii))))
    ordinary = FREE | {tag for made in real(format, HARMLESS) for tag, _ in Reader(made).elements}
    known = {
        name for text in (HARMLESS, "x_1 + v̄1", "x", "Ω") for _, a in Reader(rendered(format, text)).elements for name in a
    }
    for payload in ALL:
        made = own(rendered(format, payload, ascii))
        reader = Reader(made)
        assert shape(reader) == usual, payload
        assert not CONTROLS.search(made), payload
        assert says(reader.text, payload), payload
        for tag, attributes in reader.elements:
            assert set(attributes) <= known, (payload, tag)
            assert not re.match(r"\s*(javascript|https?|file|data:(?!,|font|image/svg))", attributes.get("href") or ""), payload
            assert not {"src", "srcdoc", "action", "formaction", "xlink:href"} & set(attributes) or tag == "script", payload
    tried(count, "ascii html" if ascii else format)
    for joined in JOINED:
        for made in real(format, joined):
            assert {tag for tag, _ in Reader(made).elements} <= ordinary, joined


PARSED = """(text) => { const made = new DOMParser().parseFromString(text, 'text/html');
  const walk = (n) => [n.localName, n.namespaceURI, [...n.attributes].map((a) => a.name).sort(), [...n.children].map(walk)];
  return JSON.stringify(walk(made.documentElement)); }"""


def test_a_browser_reads_the_same_elements(browser: Browser, tmp_path: Path, count: Count) -> None:
    """Chromium's own parser, which knows MathML and SVG inside HTML: the tree is that of a harmless text."""
    (tmp_path / "empty.html").write_text("<!DOCTYPE html><title>t</title>", encoding="utf-8")
    page = browser.page((tmp_path / "empty.html").as_uri())

    def tree(text: str) -> Any:
        return json.loads(page.evaluate(f"({PARSED})({json.dumps(text)})"))

    def pruned(node: Any) -> Any:
        name, space, attributes, children = node
        inner = "http://www.w3.org/1999/xhtml" in json.dumps(children)
        if name in FREE:
            assert not inner or name not in ("math", "text"), "HTML within mathematics or a drawing"
            return []
        return [name, space, attributes, [p for c in children if (p := pruned(c))]]

    for format in ("html", "notebook"):
        usual = pruned(tree(rendered(format, HARMLESS)))
        for payload in ALL:
            assert pruned(tree(rendered(format, payload))) == usual, payload
        tried(count, f"{format} in Chromium")
    page.close()


def test_a_browser_does_nothing_but_show_it(browser: Browser, tmp_path: Path) -> None:
    """Loaded as pages, with scripts on: nothing is run, asked for, or complained about."""
    for n in range(0, len(ALL), 63):
        part = ALL[n : n + 63]
        whole = written("html", together(part), look_of())
        cell = f"<!DOCTYPE html><meta charset=utf-8><title>t</title>{written('notebook', together(part), look_of())}"
        drawing = rendered("svg", " ".join(part))
        for name, text in ((f"{n}.html", whole), (f"cell{n}.html", cell), (f"{n}.svg", drawing)):
            (tmp_path / name).write_text(text, encoding="utf-8")
            address = (tmp_path / name).as_uri()
            page = browser.page(address)
            page.evaluate("document.querySelectorAll('*').forEach((e) => ['mouseover', 'focus', 'click'].forEach("
                          "(k) => e.dispatchEvent(new Event(k)))); 0")  # fmt: skip
            assert page.evaluate("window.hit === undefined"), part
            assert set(page.requests()) <= {address, "data:,"}, part
            page.close()


# -- drawings


@pytest.mark.parametrize("ascii", [False, True], ids=["", "ascii"])
def test_svg(ascii: bool, count: Count) -> None:
    """Well formed, of the elements and attributes of a drawing alone, and the words."""
    ordinary = [rendered("svg", HARMLESS, ascii), rendered("svg", "x_1"), *real("svg", HARMLESS)]
    known = {(e.tag, name) for text in ordinary for e in ElementTree.fromstring(text).iter() for name in (*e.attrib, "")}
    for payload in ALL:
        root = ElementTree.fromstring(rendered("svg", payload, ascii))
        assert {(e.tag, name) for e in root.iter() for name in (*e.attrib, "")} <= known, payload
        assert not CONTROLS.search("".join(root.itertext())), payload
        assert says(root.findtext("{http://www.w3.org/2000/svg}title") or "", payload), payload
    tried(count, "svg", places=PLACES // 2)
    for joined in JOINED:
        for made in real("svg", joined):
            assert {e.tag for e in ElementTree.fromstring(made).iter()} <= {tag for tag, _ in known}


def test_png(count: Count) -> None:
    """Pixels alone: no text, no profile, nothing after the end."""
    from wengert.show.raster import png

    for payload in (*PAYLOADS["html"][::6], *PAYLOADS["dot"][::4]):
        made = png(rendered("svg", payload, ascii=True))
        at, chunks = 8, []
        while at < len(made):
            size = int.from_bytes(made[at : at + 4], "big")
            chunks.append(made[at + 4 : at + 8])
            at += size + 12
        assert at == len(made) and set(chunks) <= {b"IHDR", b"IDAT", b"IEND", b"pHYs", b"sRGB", b"gAMA"}
        count("injections tried: png", PLACES // 2)


# -- Graphviz and Mermaid


@pytest.mark.needs("dot")
@pytest.mark.parametrize("ascii", [False, True], ids=["", "ascii"])
def test_dot(ascii: bool, count: Count) -> None:
    """Graphviz reads as many vertices and edges, with the same attributes, as of a harmless text, and the words in labels."""

    def read(text: str) -> list[Any]:
        done = subprocess.run(["dot", "-Tdot_json"], input=text, capture_output=True, encoding="utf-8", timeout=120, check=True)
        assert done.stderr == ""
        decoder, at, found = json.JSONDecoder(), 0, []
        while at < len(done.stdout.rstrip()):
            made, at = decoder.raw_decode(done.stdout, at + len(done.stdout[at:]) - len(done.stdout[at:].lstrip()))
            found.append(made)
        return found

    def outline(graph: Any) -> Any:
        parts = [graph, *graph.get("objects", ()), *graph.get("edges", ())]
        named = [{**part, "name": re.sub("%[0-9]+", "%", part.get("name", ""))} for part in parts]  # Graphviz counts groups on
        return [{k: v for k, v in part.items() if k not in ("label", "objects", "edges")} for part in named]

    (usual,) = read(rendered("dot", HARMLESS, ascii))
    found = read("".join(rendered("dot", payload, ascii) for payload in ALL))
    assert len(found) == len(ALL)
    for payload, made in zip(ALL, found, strict=True):
        assert outline(made) == outline(usual), payload
        labels = [part["label"] for part in (made, *made["objects"], *made["edges"]) if "label" in part]
        for label in labels:
            tags = re.findall("</?([A-Z]+)[^>]*>", label)
            assert set(tags) <= {"B", "BR", "FONT"}, payload
            assert not re.search("HREF|SRC|TARGET", re.sub(">[^<]*<", "><", f">{label}<")), payload
        shown = html.unescape(re.sub("<[^>]*>", " ", " ".join(labels)))
        assert ascii or says(shown, payload), payload
    tried(count, "ascii dot" if ascii else "dot", places=PLACES // 2)
    for joined in JOINED:
        assert len(read("".join(real("dot", joined)))) == 2


def test_mermaid(count: Count) -> None:
    """Line by line the grammar of what wengert writes; between quotes letters, numbers of characters and few harmless signs."""
    usual = rendered("mermaid", HARMLESS).count("\n")
    for payload in ALL:
        made = rendered("mermaid", payload)
        assert made.count("\n") == usual and not CONTROLS.search(made), payload
        _, opening, body = made.split("---\n", 2)
        title = opening.splitlines()[0].removeprefix("title: ")
        assert json.loads(title) and not re.search("[<>&]", title), payload
        assert opening.splitlines()[1:] == ["config:", "  flowchart:", "    wrappingWidth: 600"]
        texts = []
        for line in body.splitlines():
            match = MERMAID.fullmatch(line)
            assert match is not None, (payload, line)
            texts += [t for t in match.groups() if t]
        for text in texts:
            left = text.replace("<br/>", "\n")
            left = re.sub(r"#\d+;", "", left)
            assert not re.search(r"[<>&#\"`|{}~_*\\;%@!'$-]", left), (payload, text)
        assert says(html.unescape(re.sub(r"#(\d+);", r"&#\1;", " ".join(texts).replace("<br/>", " "))), payload), payload
    tried(count, "mermaid", places=PLACES // 2)
