"""Read documents back from their formats, each by means of its own: headings and rows of cells, whose results stand as
`= 5.5`, `≈ -1.5e-7` at their ends. Nothing of wengert is used here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

Rows = list[list[str]]
Sections = dict[str, Rows]

NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?|inf)"
_RESULT = re.compile(rf".*([=≈]) ?({NUMBER})\Z", re.DOTALL)


def results(cells: list[str]) -> list[Decimal]:
    """The numbers that the cells come to, of those that come to one."""
    found = [_RESULT.match(cell.strip()) for cell in cells]
    return [Decimal(match[2]) for match in found if match]


def text(document: str) -> Sections:
    """Columns stand three blanks apart."""
    made: Sections = {}
    for block in document.replace("−", "-").split("\n\n"):
        heading, *lines = block.rstrip("\n").split("\n")
        made[heading] = [re.split(" {3,}", line) for line in lines]
    return made


def markdown(document: str) -> Sections:
    made: Sections = {}
    for part in re.split(r"^## ", document, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        rows = [line.strip("| ").split(" | ") for line in body.split("\n") if line.startswith("|")]
        for item in re.findall(r"^- (.*(?:\n  .*)*)", body.replace("\\\n  $\\hphantom{=} ", " "), re.MULTILINE):
            rows.append(item.split("\\\n  "))
        made[heading] = [[_tex(cell) for cell in row] for row in rows] or [[_tex(body)]]
    return made


def latex(document: str) -> Sections:
    made: Sections = {}
    for part in re.split(r"\\wengertheading\{", document)[1:]:
        heading, _, body = part.partition("}\n")
        body = re.sub(r"\\addlinespace(\[[^\]]*\])?|\\begin\{longtable\}.*|\\(?:top|mid|bottom)rule|\\endhead", "", body)
        rows = re.split(r"\\\\(?!\*)(?:\[[^\]]*\])?\s*\n", body)  # \\* goes on with the same row
        made[_words(heading)] = [[_tex(cell) for cell in re.split(r"(?<!\\)&|\\\\\*", row)] for row in rows]
    return made


def typst(document: str) -> Sections:
    made: Sections = {}
    body = document[document.index("#set document") :]
    for part in re.split(r"^== ", body, flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        rows = [re.findall(r"\[(.*?)\](?=, |\),?$)", line) for line in rest.split("\n") if re.match(r"  (more, )?\(\[", line)]
        made[_words(heading)] = [[_typst(cell) for cell in row] for row in rows] or [[_typst(rest)]]
    return made


def html(document: str) -> Sections:
    reader = _Tables()
    reader.feed(document)
    return reader.sections


def csv_table(document: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(document, newline="")))


def csv_sections(document: str) -> Sections:
    """As the others have them: numbers with an = before them."""
    made: Sections = {}
    for row in csv_table(document):
        cells = [f"= {cell}" if re.fullmatch(NUMBER, cell) else cell for cell in list(row.values())[1:]]
        made.setdefault(row["section"], []).append(cells)
    return made


READERS: dict[str, Callable[[str], Sections]] = {
    "text": text, "markdown": markdown, "latex": latex, "typst": typst, "html": html, "csv": csv_sections,
}  # fmt: skip


def _tex(cell: str) -> str:
    cell = re.sub(r"\\h?phantom\{[^{}]*\}", "", cell).replace("{-}", "-")
    cell = re.sub(r"\{((?:=|\\approx) [^$]*)\}\$", r"\1$", cell)  # braces that keep a result together
    cell = re.sub(r"\s*\\times 10\^\{(-?[0-9]+)\}", r"e\1", cell)
    return cell.replace(r"\approx", "≈").replace(r"\infty", "inf").replace("$", "").replace("= ", "= ").strip()


def _typst(cell: str) -> str:
    cell = re.sub(r"#h\([^)]*\)", "", cell)
    cell = re.sub(r' med class\("normal", times\) med 10\^\((-?[0-9]+)\)', r"e\1", cell)
    return cell.replace("approx", "≈").replace("infinity", "inf").replace("$", "").strip()


def _words(heading: str) -> str:
    return re.sub(r"\\(.)", r"\1", heading).replace("$", "")


class _Tables(HTMLParser):
    """Captions and the cells of the rows below them; what stands outside tables, by the heading above."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: Sections = {}
        self.heading = ""
        self.open: list[str] = []
        self.raised = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("wbr", "meta", "br", "input", "link", "hr", "img", "col"):
            return
        self.open.append(tag)
        if tag in ("h2", "caption"):
            self.heading = ""
        elif tag == "tr":
            self._rows().append([])
        elif tag in ("td", "th") and "tr" in self.open:
            self._rows()[-1].append("")
        elif tag == "sup":
            self._add("^")
        elif tag == "msup":
            self.raised = len(self.open)
        elif tag == "mrow" and self.raised == len(self.open) - 1:
            self._add("^")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "h2" in self.open or "caption" in self.open:
            self.heading += data
        elif not {"script", "style", "svg"} & set(self.open):
            self._add(data)

    def _rows(self) -> Rows:
        return self.sections.setdefault(" ".join(self.heading.split()), [[""]])

    def _add(self, data: str) -> None:
        if "tr" in self.open and not {"td", "th"} & set(self.open):
            return
        rows = self._rows()
        if not rows[-1]:
            rows[-1].append("")
        if "tr" not in self.open and len(rows) > 1:
            rows.append([""])
        cell = rows[-1][-1] + data.replace("−", "-").replace("∞", "inf").replace("\u2061", "")
        rows[-1][-1] = re.sub(r"\s?×\s?10\^(-?[0-9]+)", r"e\1", cell)


