"""The document as PDF: its Typst file, compiled by the package `typst` (extra `pdf`), which brings Typst itself along.

Only the fonts inside that package are used, there is no date in the file, and Typst sees no folder: the same document
is the same bytes on every machine that has the same version of it. Where a person typed a character that those fonts do not
have, the machine's own are asked too; one that no font has is an error, or a box would stand for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from wengert.errors import UsageError
from wengert.memory import room
from wengert.show import typst
from wengert.show.document import Document
from wengert.show.look import Look

ALONE = '#set page(width: 60pt, height: 40pt)\n#set text(font: "New Computer Modern")\n'
NO_FOLDER = __file__  # the root of all that Typst may read: a file, so that there is nothing beneath it
ABSENT = "\U0010fffd"  # a character that no font has: drawn as a box
TOLD = 8  # characters that an error names
MOST_LINES = 8000  # of the Typst file, one for each row of a table: about 300 pages
ROOM = 72 << 20  # bytes of address space that Typst takes, whatever the document,
ROOM_EACH = 4700  # and for each byte of its file: measured on documents from 18 to 570 KB, 3,400 to 4,600


def render(document: Document, look: Look) -> Iterator[bytes]:
    """The file, in one piece. Raises UsageError where the package or a font is not installed, or the file is too long;
    MemoryError where a limit leaves no room for what Typst takes."""
    compiler = _package()
    source = _source(typst.render(document, replace(look, ascii=False)))
    content = source.encode()
    room(ROOM + ROOM_EACH * len(content))  # Typst would end the process
    embedded = _embedded(compiler, source)
    made: bytes = compiler.compile(content, format="pdf", root=NO_FOLDER, ignore_system_fonts=embedded)
    yield made


def _source(pieces: Iterator[str]) -> str:
    """The pieces as one. Raises UsageError where there are more than Typst can hold: it takes about 0.4 MB for each row."""
    made: list[str] = []
    lines = 0
    for piece in pieces:
        lines += piece.count("\n")
        if lines > MOST_LINES:
            raise UsageError(
                f"a PDF of more than {MOST_LINES:,} lines would fill the memory",
                hint="--rows or --only for a part of it; -f text, markdown or csv for all",
            )
        made.append(piece)
    return "".join(made)


def _embedded(compiler: Any, source: str) -> bool:
    """Whether the fonts inside the package are enough. Raises UsageError where those of the machine are not either."""
    missing = _undrawn(compiler, sorted({c for c in source if not c.isascii()}), embedded=True)
    undrawn = _undrawn(compiler, missing, embedded=False)
    if undrawn:
        signs = " ".join(undrawn[:TOLD]) + (" …" if len(undrawn) > TOLD else "")
        raise UsageError(
            f"no font of this machine has {signs}",
            hint="install a font that has it (the Noto fonts have most), or write .html, whose font is the browser's",
        )
    return not missing


def _undrawn(compiler: Any, characters: Sequence[str], embedded: bool) -> list[str]:
    """Those that look like a character that no font has: each is drawn on a page of its own."""
    if not characters:
        return []
    pages = "#pagebreak()\n".join(f"\\u{{{ord(c):x}}}\n" for c in (*characters, ABSENT))
    drawn = compiler.compile(f"{ALONE}{pages}".encode(), format="svg", root=NO_FOLDER, ignore_system_fonts=embedded)
    return [c for c, page in zip(characters, drawn[:-1], strict=True) if page == drawn[-1]]


def _package() -> Any:
    try:
        import typst
    except ModuleNotFoundError:
        raise UsageError(
            "PDF is made by the package typst, which is not installed",
            hint='python -m pip install "wengert[pdf]", or write .typ, which Typst makes a PDF of',
        ) from None
    except ImportError as problem:  # its library does not fit into the memory there is
        raise UsageError(f"the package typst cannot be loaded: {problem}", hint="or write .typ, which needs none") from None
    return typst
