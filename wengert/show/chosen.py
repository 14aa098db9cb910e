"""How a person wants a document: digits, notation, which part of it. The same choices on the command line and in Python."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wengert.errors import UsageError
from wengert.lang.fields import did_you_mean
from wengert.lang.model import Model
from wengert.settings import MOST_DIGITS as MOST_PRECISION
from wengert.settings import Settings
from wengert.show.document import Document
from wengert.show.formats import Format
from wengert.show.look import ADJOINTS, Look, look_of
from wengert.show.numbers import Digits
from wengert.show.selection import ONLY, Rows, select
from wengert.sweep.choice import BESIDE

DIGITS, MOST_DIGITS = 6, 15  # shown to a reader, and to a program (CSV): what can be trusted of a double


@dataclass(frozen=True)
class Chosen:
    """The choices as they were made; `check` and `figures` say whether they mean something."""

    digits: int | None = None
    decimals: int | None = None
    ascii: bool = False
    notation: str = "bar"
    only: str | None = None
    rows: str | None = None
    title: str | None = None

    def check(self, format: Format) -> None:
        """Raises UsageError for choices that mean nothing, or nothing in that format."""
        if self.notation not in ADJOINTS:
            raise UsageError(f"--notation is {self.notation}", hint=did_you_mean(self.notation, ADJOINTS, "one of"))
        if self.only is not None and self.only not in ONLY:
            raise UsageError(f"--only is {self.only}", hint=did_you_mean(self.only, ONLY, "one of"))
        for option, given in (("--only", self.only), ("--rows", self.rows), ("--notation", self.notation != "bar")):
            if given and format.of == "record":
                raise UsageError(
                    f"{option} is for documents, and {format.name} holds the whole record",
                    hint=f"leave out {option}, or write csv, text, html …",
                )
        for option, given in (("--only", self.only), ("--rows", self.rows)):
            if given and format.of == "picture":
                raise UsageError(f"{option} is for tables, and {format.name} is a picture", hint=f"leave out {option}")
        self.span()

    def figures(self, settings: Settings, format: str = "text") -> Digits:
        """The digits of results. Raises UsageError for more than there are."""
        most = settings.precision or (BESIDE - 4 if settings.numbers == "exact" else MOST_DIGITS)
        if self.digits is not None and self.digits < 1:
            raise too_few(self.digits, most)
        if self.digits is not None and self.digits > most:
            raise UsageError(
                f"--digits is {self.digits}, and {f'--precision {most}' if settings.precision else 'double precision'} has no "
                f"more than {most} that can be trusted",
                hint=f"at most {most}, or --precision {min(self.digits, MOST_PRECISION)}",
            )
        shown = self.digits if self.digits is not None else settings.precision
        usual = MOST_DIGITS if format == "csv" else DIGITS
        return Digits(usual if shown is None else shown, self.decimals)

    def look(self, model: Model) -> Look:
        notation = next(a for a in ADJOINTS if a == self.notation)
        return look_of(model, notation, ascii=self.ascii)

    def part(self, document: Document) -> Document:
        """What was asked for of the document."""
        rows = self.span()
        return document if self.only is None and rows is None else select(document, self.only, rows)

    def span(self) -> Rows | None:
        """`10:20`, `10:`, `:20` or `10`. Raises UsageError."""
        if self.rows is None:
            return None
        match = re.fullmatch(r"\s*(?:([0-9]{1,12})|([0-9]{0,12})\s*:\s*([0-9]{0,12}))\s*", self.rows)
        if match is None or self.rows.strip() == ":":
            raise UsageError(f"--rows is {self.rows}", hint="for example --rows 10:20, --rows 10: or --rows :20")
        single, before, after = match.groups()
        first = int(single or before) if single or before else None
        last = int(single or after) if single or after else None
        if first == 0 or last == 0:
            raise UsageError(f"--rows is {self.rows}", hint="rows are counted from 1")
        if first is not None and last is not None and last < first:
            raise UsageError(f"--rows goes from {first} down to {last}", hint=f"--rows {last}:{first}")
        return Rows(first, last)


def digits_of_doubles(digits: int | None, format: str, decimals: int | None = None, usual: int = DIGITS) -> Digits:
    """The digits of results where all numbers are doubles (train, flow, rules). Raises UsageError for more than those have."""
    if digits is not None and digits < 1:
        raise too_few(digits, MOST_DIGITS)
    if digits is not None and digits > MOST_DIGITS:
        raise UsageError(f"--digits is {digits}, and double precision has no more than {MOST_DIGITS} that can be trusted",
                         hint=f"at most {MOST_DIGITS}")  # fmt: skip
    return Digits(digits if digits is not None else MOST_DIGITS if format == "csv" else usual, decimals)


def too_few(digits: int, most: int) -> UsageError:
    return UsageError(f"{digits} significant digits cannot be shown", hint=f"give 1 to {most}")
