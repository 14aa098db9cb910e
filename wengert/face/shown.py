"""What every result can do: become text or a file in any format, and show itself in a notebook."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wengert.errors import UsageError

if TYPE_CHECKING:
    from wengert.report import Report
    from wengert.show.chosen import Chosen
    from wengert.show.document import Document
    from wengert.show.formats import Content
    from wengert.show.look import Look


class Shown:
    """A result that `wengert.show` has a document for. `command` is the command line's name for it."""

    command: str
    _report: Report

    def to(self, format: str = "text", **options: Any) -> str | bytes:
        """The result in a format: "text", "markdown", "latex", "typst", "html", "csv", "json", "jsonl" are text, "pdf"
        bytes; of the computational graph "svg", "dot" and "mermaid" are text, "png" bytes. Options are those of the command
        line: digits, decimals, ascii, notation, only, rows, title, standalone.

        It waits for the verdicts, at most for the budget. Raises UsageError.
        """
        from wengert.show.formats import FORMATS, pieces

        made = list(pieces(format, *self._shown(format, options)))
        if FORMATS[format].binary:
            return b"".join(p for p in made if isinstance(p, bytes))
        return "".join(p for p in made if isinstance(p, str))

    def save(self, path: str | os.PathLike[str], format: str | None = None, **options: Any) -> None:
        """Write the result to a file, whole or not at all; its ending names the format (.txt, .md, .tex, .typ, .html, .json,
        .jsonl, .csv, .pdf, .svg, .png, .dot, .mmd). Options as for `to`. Raises UsageError."""
        from wengert.files import write_whole
        from wengert.show.formats import FORMATS, format_of, pieces

        name = os.fspath(path)
        format = format_of(name, tuple(FORMATS)) if format is None else format
        write_whole(name, pieces(format, *self._shown(format, options)))

    def record(self) -> dict[str, Any]:
        """What `to("json")` writes, as dictionaries and lists (the schema's name stands under "schema")."""
        from wengert.show.record import record

        return record(self._report)

    def _shown(self, format: str, options: dict[str, Any]) -> tuple[Look, Content]:
        """How and what; raises UsageError for options that mean nothing."""
        from dataclasses import replace

        from wengert.lang.fields import did_you_mean
        from wengert.show.chosen import Chosen
        from wengert.show.formats import FORMATS, check_standalone

        if format == "rich" or format not in FORMATS:
            known = [name for name in FORMATS if name != "rich"]
            terminal = 'rich is for terminals: "text" has the same tables'
            hint = terminal if format == "rich" else did_you_mean(format, known, "one of")
            raise UsageError(f"the format is {format}", hint=hint)
        standalone = bool(options.pop("standalone", False))
        check_standalone(format, standalone)
        chosen = Chosen(**options)
        chosen.check(FORMATS[format])
        look = replace(chosen.look(self._report.model), standalone=standalone)
        return look, self._content(chosen, format)

    def _content(self, chosen: Chosen, format: str = "text") -> Content:
        from dataclasses import replace

        from wengert.show.documents import document_of
        from wengert.show.formats import Content
        from wengert.show.record import record_parts

        report = self._report
        digits = chosen.figures(report.settings, format)

        def document() -> Document:
            made = chosen.part(document_of(self.command, report, digits))
            return made if chosen.title is None else replace(made, title=chosen.title)

        def record() -> dict[str, Any]:
            return self.record() if chosen.title is None else {**self.record(), "title": chosen.title}

        def parts() -> Iterator[tuple[str, Any]]:
            for key, value in record_parts(report):
                yield key, chosen.title if key == "title" and chosen.title is not None else value

        return Content(document, record, parts)

    def __repr__(self) -> str:
        """The result in a few lines; it does not wait for the verdicts."""
        from wengert.show.look import look_of
        from wengert.show.summary import summary
        from wengert.show.text import render

        return "".join(render(summary(self._report), look_of(self._report.model))).rstrip()

    def _repr_html_(self) -> str:
        """The document as a part of a notebook's page: tables and MathML, no script. It waits for the verdicts."""
        from wengert.show.notebook import render

        return "".join(render(*self._cell()))

    def _repr_markdown_(self) -> str:
        """The same as markdown, for what shows no HTML."""
        from wengert.show.formats import Content, pieces

        document, look = self._cell()
        return "".join(map(str, pieces("markdown", look, Content(lambda: document, self.record))))

    def _cell(self) -> tuple[Document, Look]:
        from wengert.show.chosen import Chosen
        from wengert.show.notebook import cut

        usual = Chosen()
        return cut(self._content(usual).document()), usual.look(self._report.model)
