"""Texts that would act are shown as texts: Markdown, LaTeX, Typst and PDF (see test_injection)."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typst

from tests.conftest import Count
from tests.trust.consumers import CONTROLS, nodes, pandoc, says, tried
from tests.trust.everywhere import PLACES, rendered, together, written
from tests.trust.payloads import ALL, HARMLESS, PAYLOADS
from wengert.show.look import look_of

# -- Markdown and LaTeX, read by pandoc


def said(tree: Any) -> str:
    """The words, those of mathematics too."""
    found = []
    for node in nodes(tree):
        if node["t"] in ("Str", "Code"):
            found.append(node["c"] if node["t"] == "Str" else node["c"][1])
        elif node["t"] == "Math":
            found.append(re.sub(r"\\(?:mathtt|text|textasciicircum|mathit|mathrm)\b", " ", node["c"][1]))
        elif node["t"] in ("Space", "SoftBreak", "LineBreak"):
            found.append(" ")
    return "".join(found)


FORBIDDEN = """
Image Note Cite Strikeout Subscript Superscript SmallCaps Strong Emph Underline RawBlock CodeBlock BlockQuote OrderedList
DefinitionList HorizontalRule Div
"""
OUTLINE = ["Header", "Para", "Para", "Header", "Para", "Para", "Para", "Para", "Table", "Para", "Para", "Header", "Para"]
WIDE = ["BulletList" if kind == "Table" else kind for kind in OUTLINE]  # a table too wide is a list of its rows
SEPARATOR = "\n\n<!-- -->\n\n"
# Commands of mathematics that words and names may become: letters, signs, accents; none that reads, writes or defines.
_OF_MATHEMATICS = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega mathtt mathit mathrm text operatorname frac dfrac partial sin
bar dot approx cdot left right lbrack rbrack lbrace rbrace backslash wedge sim ast underline hspace ell begin end quad
qquad hphantom phantom vert lvert rvert times le ge ne infty to surd sum pm Vert langle rangle leftarrow Rightarrow div
odot lfloor rfloor lceil rceil in mathsf ln exp log cos tan tanh max min textasciicircum textbackslash textasciitilde
textless textgreater textbar textasciigrave symbol allowbreak penalty big Big mathrel
"""
MATHEMATICS = frozenset(_OF_MATHEMATICS.split())


@pytest.mark.needs("pandoc")
@pytest.mark.parametrize("flavour", ["markdown-smart", "gfm+tex_math_dollars", "commonmark_x-smart"])
def test_markdown(flavour: str, count: Count) -> None:
    """The blocks of a harmless text, in them words and mathematics alone; an address is the one thing that becomes a link."""
    for start in range(0, len(ALL), 63):
        part = ALL[start : start + 63]
        blocks = pandoc(SEPARATOR.join(rendered("markdown", payload) for payload in part), flavour)
        documents: list[list[Any]] = [[]]
        for block in blocks:
            if block["t"] == "RawBlock":
                assert block["c"][1].strip() == "<!-- -->", block
                documents.append([])
            else:
                documents[-1].append(block)
        assert len(documents) == len(part)
        for payload, document in zip(part, documents, strict=True):
            assert [b["t"] for b in document] in (OUTLINE, WIDE), (payload, [b["t"] for b in document])
            assert all(len(b["c"]) == 2 for b in document if b["t"] == "BulletList"), payload  # two rows
            check_inlines(document, payload)
            assert not payload.isascii() or says(said(document[0]), payload), (payload, said(document[0]))
    tried(count, f"markdown, {flavour}")


def check_inlines(tree: Any, payload: str) -> None:
    kinds = Counter(node["t"] for node in nodes(tree))
    forbidden = set(FORBIDDEN.split())
    assert not forbidden & set(kinds), (payload, kinds)
    for node in nodes(tree):
        if node["t"] == "RawInline":
            assert node["c"][1] in ("<span>", "</span>"), (payload, node)
        elif node["t"] == "Span":
            assert node["c"][0] == ["", [], []], (payload, node)
        elif node["t"] == "Link":
            target, shown = node["c"][2][0], said(node["c"][1])
            assert target == shown and re.match("https?://", target), (payload, node)
        elif node["t"] == "Code":
            assert set(node["c"][1]) == {"#"}, (payload, node)
        elif node["t"] == "Math":
            assert set(re.findall(r"\\([A-Za-z]+)", without_texts(node["c"][1]))) <= MATHEMATICS, (payload, node)


def without_texts(latex: str) -> str:
    r"""Without escaped signs, so that a command is a command."""
    return re.sub(r"\\[^A-Za-z]", "", latex)


_OF_A_DOCUMENT = """
dots Sigma wengerttitle wengertheading par multicolumn linewidth toprule midrule bottomrule endhead addlinespace small
begingroup endgroup providecommand subsection subsubsection ifdim dimexpr pagegoal pagetotal baselineskip pagebreak fi
newcolumntype raggedright hangindent arraybackslash raggedleft setlength parskip tabcolsep LTpre LTpost relpenalty
binoppenalty normallineskip normallineskiplimit allowdisplaybreaks rule
"""
LATEX_WORDS = MATHEMATICS | frozenset(_OF_A_DOCUMENT.split())


def lexed(text: str) -> Iterator[tuple[str, int]]:
    """What TeX would do: commands, and the depth of braces where they stand. Raises AssertionError for what has no end."""
    depth, mathematics, at = 0, False, 0
    while at < len(text):
        c = text[at]
        if c == "\\":
            match = re.compile(r"\\([A-Za-z@]+|.)", re.DOTALL).match(text, at)
            assert match is not None
            yield match[1], depth
            at = match.end()
            continue
        if c == "%":
            at = text.index("\n", at)
            yield "%", depth
        elif c in "{}":
            depth += 1 if c == "{" else -1
            assert depth >= 0, "a brace too many"
        elif c == "$":
            assert text[at + 1 : at + 2] != "$", "display mathematics"
            mathematics = not mathematics
        elif c == "^":
            assert text[at + 1 : at + 2] != "^", "a character by its number"
        at += 1
    assert depth == 0 and not mathematics


@pytest.mark.parametrize("ascii", [False, True], ids=["", "ascii"])
def test_latex_as_tex_lexes_it(ascii: bool, count: Count) -> None:
    """Known commands alone, braces and dollars in pairs, comments and parameters only in the opening lines, as many cells."""
    usual = rendered("latex", HARMLESS, ascii)
    opening = usual[: usual.index("\\wengerttitle{a")]
    for payload in ALL:
        made = rendered("latex", payload, ascii)
        assert made.startswith(opening), payload
        body = made.removeprefix(opening)
        assert not re.search(r"(?<!\\)[#%]", body.replace("\\\\", "")), payload
        commands = [name for name, _ in lexed(body)]
        assert {c for c in commands if c.isalpha()} <= LATEX_WORDS, (payload, set(commands) - LATEX_WORDS)
        assert {c for c in commands if not c.isalpha()} <= set("\\{}$&#_%; ,'`^\"=.~"), (payload, set(commands))
        assert re.findall(r"\\(?:begin|end)\{(\w+\*?)\}", body).count("longtable") % 2 == 0
        assert set(re.findall(r"\\begin\{([^}]*)\}", body)) <= {"longtable", "array", "align*"}, payload
        assert not CONTROLS.search(made), payload
        assert not ascii or made.isascii()
    tried(count, "ascii latex" if ascii else "latex")


@pytest.mark.needs("pandoc")
def test_latex_read_by_pandoc(count: Count) -> None:
    """Nothing raw, no link, no picture; the title's words are the text's."""
    for start in range(0, len(ALL), 63):
        part = ALL[start : start + 63]
        bodies = [rendered("latex", payload) for payload in part]
        opening = bodies[0][: bodies[0].index("\\wengerttitle{")]
        text = "".join(b.removeprefix(opening) for b in bodies)
        text = text.replace("\\wengertheading", "\\subsubsection").replace("\\wengerttitle", "\\section")
        blocks = pandoc(text.replace("\\par\\endgroup", "\\par"), "latex")
        kinds = Counter(node["t"] for node in nodes(blocks))
        assert not {"RawInline", "RawBlock", "Link", "Image", "Note", "Cite", "Code", "CodeBlock"} & set(kinds), kinds
        titles = [b for b in blocks if b["t"] == "Header" and b["c"][0] == 1]
        assert len(titles) == len(part)
        for payload, title in zip(part, titles, strict=True):
            assert not payload.isascii() or says(re.sub("U[+]FFFD", " ", said(title)), payload), (payload, said(title))
    tried(count, "latex, read by pandoc")


# -- Typst and PDF


@pytest.fixture(scope="module")
def bait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files that payloads ask for."""
    folder = tmp_path_factory.mktemp("bait")
    for name in ("canary.txt", "canary.typ", "canary.tex", "canary.png"):
        (folder / name).write_text("READ-BY-A-PAYLOAD", encoding="utf-8")
    return folder


def test_typst(bait: Path, count: Count) -> None:
    """Typst finds no element that only a command makes, reads no file, and shows the words."""
    by_commands = "raw, link, ref, footnote, emph, strong, cite, figure, enum, list, terms"
    asked = (
        f"#context [#metadata((({by_commands}).map(e => query(e).len()).sum(), "
        "query(image).len(), query(heading).map(h => h.body))) <found>]"
    )

    def found(text: str) -> tuple[int, str]:
        compiler = typst.Compiler(f"{text}\n{asked}".encode(), root=str(bait), ignore_system_fonts=True)
        number, pictures, heads = json.loads(compiler.query("<found>", field="value", one=True))
        assert pictures <= 1, "the graph, where it is not too wide"
        return number, "".join(node["text"] for node in texts(heads))

    def texts(tree: Any) -> Iterator[dict[str, str]]:
        for node in tree if isinstance(tree, list) else tree.values() if isinstance(tree, dict) else ():
            if isinstance(node, dict) and "text" in node:
                yield node
            else:
                yield from texts(node)

    usual, _ = found(rendered("typst", HARMLESS))
    for n in range(0, len(ALL), 6):
        part = ALL[n : n + 6]
        number, heads = found(written("typst", together(part), look_of()))
        assert number == usual, part
        assert "READ-BY-A-PAYLOAD" not in heads
        assert says(heads, "".join(f"{payload} Chain" for payload in part)), (part, heads)
    for payload in PAYLOADS["typst"]:
        number, heads = found(rendered("typst", payload))
        assert number == usual and says(heads, payload), payload
    tried(count, "typst")


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("payloads", [pytest.param(ALL[::3], id="some"), pytest.param(ALL, id="all", marks=pytest.mark.long)])
def test_pdf(payloads: Sequence[str], bait: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count) -> None:
    """No action, no address, no attachment; the words can be read off its pages. Its Typst is that of the test above."""
    from wengert.show.pdf import render

    monkeypatch.chdir(bait)
    shown = "".join(chr(c) for c in range(32, 127))
    for n in range(0, len(payloads), 63):
        part = ["".join(c if c in shown else " " for c in p) for p in payloads[n : n + 63]]
        made = b"".join(render(together(part), look_of()))
        assert not re.search(rb"/(JavaScript|JS|URI|Launch|EmbeddedFile|OpenAction|AA|SubmitForm|GoToR|RichMedia)\b", made)
        (tmp_path / "made.pdf").write_bytes(made)
        text = subprocess.run(
            ["pdftotext", "-raw", str(tmp_path / "made.pdf"), "-"], capture_output=True, check=True
        ).stdout.decode()
        assert "READ-BY-A-PAYLOAD" not in text
        assert all(says(text, payload) for payload in part)
        count("injections tried: pdf", len(part) * PLACES)
