"""Mathematics for programs, in cells of CSV: the formula language with its ASCII operators, numbers plain, names as typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wengert.errors import printable
from wengert.show.look import Look
from wengert.show.notation.base import Signs
from wengert.show.notation.text import TextNotation, TextSigns
from wengert.show.spelling import ascii_name, ascii_words


@dataclass(frozen=True)
class PlainNotation(TextNotation):
    """Formulas that the formula language reads; `bar(v3)`, `df/dx1` and so on for what it has no word for. `ascii_names`: names
    and words too are spelled in ASCII."""

    ascii: bool = True
    ascii_names: bool = False

    @classmethod
    def of(cls, look: Look) -> PlainNotation:
        return cls(adjoints=look.adjoints, preactivations=look.preactivations, ascii_names=look.ascii)

    @property
    def signs(self) -> Signs:
        return TextSigns(self.name, self.number, {}, "*", "**", "-", plain=True, strict=True)

    def name(self, text: str) -> str:
        return ascii_name(text) if self.ascii_names else printable(text)

    def words(self, text: str) -> str:
        text = printable(re.sub(r"[\n\r\t]", " ", text))
        return ascii_words(text) if self.ascii_names else text
