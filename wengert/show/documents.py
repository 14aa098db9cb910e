"""Which document shows a report: one place for the command line and the library."""

from __future__ import annotations

from wengert.report import Report
from wengert.show.document import Document
from wengert.show.numbers import Digits


def document_of(command: str, report: Report, digits: Digits) -> Document:
    """The document of `trace` or of `diff`, at the report's level."""
    if report.level == "layer":
        from wengert.show.layer_document import layer_document

        return layer_document(report, digits)
    if command == "trace":
        from wengert.show.trace_document import trace_document

        return trace_document(report, digits)
    from wengert.show.diff_document import diff_document

    return diff_document(report, digits)
