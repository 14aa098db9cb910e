"""The document as PDF: its Typst file, compiled by the package `typst` (extra `pdf`), which brings Typst itself along.

Only the fonts inside that package are used, there is no date in the file, and Typst sees an empty folder: the same document
is the same bytes on every machine that has the same version of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from wengert.errors import UsageError
from wengert.show import typst
from wengert.show.document import Document
from wengert.show.look import Look


def render(document: Document, look: Look) -> Iterator[bytes]:
    """The file, in one piece. Raises UsageError where the package is not installed."""
    compiler = _package()
    source = "".join(typst.render(document, look)).encode()
    with tempfile.TemporaryDirectory() as empty:
        made: bytes = compiler.compile(source, format="pdf", root=empty, ignore_system_fonts=True)
    yield made


def _package() -> Any:
    try:
        import typst
    except ImportError:
        raise UsageError(
            "PDF is made by the package typst, which is not installed",
            hint='python -m pip install "wengert[pdf]", or write .typ, which Typst makes a PDF of',
        ) from None
    return typst
