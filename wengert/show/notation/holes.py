"""A pattern's cells printed once, and then filled: what a notation makes of a row with holes, as a format and fillings.

The printers are asked as for every cell, by a notation that writes a mark for a hole and remembers what the notation itself
would make of a text that stands there. A text in a hole must not change what stands around it: a number in an exponent has no
hole (`quick_rows`), and an adjoint, whose sign depends on its name, is filled as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from wengert.lang.expr import Nodes
from wengert.show.document import Adjoint, Derivative, Math, Name, Tangent
from wengert.show.notation.base import Notation, Piece, Signs, Whole
from wengert.show.patterns import hole_in

_FIRST_MARK = 0x100000
_MARKS = 0xFFFE  # there are: the oldest are used again, when their text has long become a template
_MOST_KNOWN = 20_000
MOST_PATTERNS = 5_000  # whose templates are kept

K = TypeVar("K")
V = TypeVar("V")

Fill = Callable[[str], str]


class Known(dict[K, V]):
    """What is made of each key (a notation's text of a name, a renderer's template of a pattern), made once as long as there
    is room."""

    def __init__(self, make: Callable[[K], V], most: int = _MOST_KNOWN) -> None:
        self.make = make
        self.most = most

    def __missing__(self, key: K) -> V:
        if len(self) >= self.most:
            self.clear()
        made = self[key] = self.make(key)
        return made


class Mark(NamedTuple):
    """Where a hole stands in a text that is being printed: which text fills it, what is made of that, whether of a number."""

    at: int
    fill: Fill
    number: bool


class Template(NamedTuple):
    """A text with holes: `format` has a %s for every filling, which is the number of its text and what is made of that."""

    format: str
    fills: tuple[tuple[int, Fill], ...]

    def text(self, texts: Sequence[str]) -> str:
        return self.format % tuple([fill(texts[i]) for i, fill in self.fills])


class Holed:
    """Prints mathematics with holes in a notation. `then` is what a renderer does to a name that is printed."""

    def __init__(self, notation: Notation, then: Fill = str) -> None:
        self.plain = notation
        self.then = then
        self.found: list[Mark] = []
        self._made = 0
        self.names = Known(notation.name if then is str else lambda name: then(notation.name(name)))
        self.symbols: dict[Math, Known[str, str]] = {}
        made: Any = object.__new__(_holed(type(notation)))
        made.__dict__.update({key: value for key, value in notation.__dict__.items() if key != "signs"})
        made.__dict__["holed"] = self
        self.notation = made

    def math(self, m: Math) -> Template:
        return self.template(self.notation.math(m))

    def template(self, text: str) -> Template:
        """The text, printed by `notation` with marks in it, as a template."""
        pieces: list[str] = []
        fills: list[tuple[int, Fill]] = []
        for c in text:
            at = ord(c) - _FIRST_MARK
            if at >= 0:
                pieces.append("%s")
                fills.append(self.found[at][:2])
            else:
                pieces.append("%%" if c == "%" else c)
        return Template("".join(pieces), tuple(fills))

    def marked(self, text: str) -> Mark | None:
        """The mark that a printed text begins with."""
        at = ord(text[0]) - _FIRST_MARK if text else -1
        return self.found[at] if at >= 0 else None

    def has_number(self, text: str) -> bool:
        """Whether a hole for a number stands in the printed text."""
        return any(self.found[ord(c) - _FIRST_MARK].number for c in text if ord(c) >= _FIRST_MARK)

    def mark(self, at: int, fill: Fill, number: bool = False) -> str:
        n = self._made % _MARKS
        self._made += 1
        self.found[n : n + 1] = [Mark(at, fill, number)]
        return chr(_FIRST_MARK + n)

    def symbol(self, m: Adjoint | Tangent) -> Known[str, str]:
        """What the notation makes of the same sign of another name."""
        bare = replace(m, name="")
        if bare not in self.symbols:
            plain, then = self.plain, self.then
            self.symbols[bare] = Known(lambda name: then(plain.math(replace(bare, name=name))))
        return self.symbols[bare]


class _Marking:
    """Comes before a notation's own class: a hole is a mark."""

    holed: Holed

    def name(self, text: str) -> str:
        at = hole_in(text)
        return self.holed.plain.name(text) if at is None else self.holed.mark(at, self.holed.names.__getitem__)

    def number(self, text: str) -> str:
        at = hole_in(text)
        plain = self.holed.plain.number
        if at is None:
            return plain(text)
        return self.holed.mark(at, _number_fill(plain), True)

    @property
    def signs(self) -> Signs:
        return _MarkingSigns(super().signs, self.holed)  # type: ignore[misc]

    def _symbol(self, m: Name | Adjoint | Tangent | Derivative) -> str:
        if isinstance(m, (Adjoint, Tangent)):
            at = hole_in(m.name)
            return self.holed.plain.math(m) if at is None else self.holed.mark(at, self.holed.symbol(m).__getitem__)
        made: str = super()._symbol(m)  # type: ignore[misc]
        return made


class _MarkingSigns(Signs):
    def __init__(self, signs: Signs, holed: Holed) -> None:
        self.inner, self.holed = signs, holed
        self.own = holed.plain.signs

    def name(self, text: str) -> str:
        return self.inner.name(text)

    def literal(self, text: str, least: int, lead: bool) -> str:
        at = hole_in(text)
        if at is None:
            return self.inner.literal(text, least, lead)
        own = self.own
        return self.holed.mark(at, _number_fill(lambda number: own.literal(number, least, lead)), True)

    def pieces(self, nodes: Nodes, node: int, least: int, lead: bool, whole: Whole) -> Sequence[Piece]:
        return self.inner.pieces(nodes, node, least, lead, whole)


def _number_fill(make: Fill) -> Fill:
    """What is made of a number in one place. Digits with a point are written as they are, wherever they stand, by every
    notation that has templates, and what a minus before them brings with it (brackets) is the same for all."""
    before, after = make("-1.5").split("1.5")

    def fill(number: str) -> str:
        if number.replace(".", "", 1).isdigit():
            return number
        if number[:1] == "-" and number[1:].replace(".", "", 1).isdigit():
            return f"{before}{number[1:]}{after}"
        return make(number)

    return fill


@lru_cache(maxsize=16)
def _holed(kind: type) -> type:
    return type(f"Holed{kind.__name__}", (_Marking, kind), {})
