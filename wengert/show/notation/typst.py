"""Mathematics for Typst: `3 dot v_(2)^(2)`. Names and words stand in quotes, so that nothing that was typed is code."""

from __future__ import annotations

from collections.abc import Sequence

from wengert.show.document import Matrix
from wengert.show.notation.display import DisplayNotation, Frame, one_line

_FRAMES: dict[str, Frame] = {
    "fraction": ("frac(", ", ", ")"),
    "power": ("attach(", ", t: ", ")"),
    "brackets": ("(", ")"),
    "tall": ("(", ")"),  # they grow by themselves
    "abs": ("abs(", ")"),
    "floor": ("floor(", ")"),
    "ceil": ("ceil(", ")"),
    "sqrt": ("sqrt(", ")"),
    "cbrt": ("root(3, ", ")"),
}
_COMPARISONS = {"gt": " > ", "ge": " >= ", "lt": " < ", "le": " <= ", "eq": " = "}
_MARKUP = frozenset("\\#$*_`<>@=-+/~[]{}()'\"&^|!:;.,0123456789")


class TypstNotation(DisplayNotation):
    """Mathematics without its dollar signs (`math`), or words and mathematics together (`prose`)."""

    minus = "-"
    plus = "+"
    times = " dot "
    comma = "\\, "
    frames = _FRAMES
    comparisons = _COMPARISONS

    def name(self, text: str) -> str:
        if text == "pi":
            return "pi"
        spelled = self.names(text)
        if spelled.typed:
            return f"upright({quoted(spelled.base)})"
        return self._attached(_letter(spelled.base), spelled.index)

    def _attached(self, base: str, index: str) -> str:
        if not index:
            return base
        parts = "\\, ".join(p if p.isdigit() else _letter(p) for p in index.split(","))
        return f"attach({base}, b: {parts})"

    def digits(self, text: str) -> str:
        return "infinity" if text == "inf" else text

    def scientific(self, mantissa: str, exponent: str) -> str:
        return f"{mantissa} times attach(10, t: {exponent})"

    def relation(self, sign: str) -> str:
        return {"≈": "approx", "=": "="}.get(sign) or self.words(sign)

    def words(self, text: str) -> str:
        return f"upright({quoted(text)})"

    def outside(self, words: str) -> str:
        return "".join(f"\\{c}" if c in _MARKUP and not c.isdigit() else c for c in one_line(words))

    def inline(self, mathematics: str) -> str:
        return f"${mathematics}$"

    def marked(self, name: str, mark: str) -> str:
        spelled = self.names(name)
        accent = "macron" if mark == "bar" else "dot"
        return self._attached(f"accent({_letter(spelled.base)}, {accent})", spelled.index)

    def partial(self, many: bool, order: int, above: str, below: Sequence[tuple[str, int]]) -> str:
        d = "partial" if many else "d"
        first = f"attach({d}, t: {order})" if order > 1 else d
        under = " ".join(f"{d} " + (f"attach({name}, t: {times})" if times > 1 else name) for name, times in below)
        return f"frac({first} {above}, {under})"

    def delta(self, name: str) -> str:
        return f"attach(delta, b: {self.name(name)})"

    def function(self, word: str, index: str, primed: bool) -> str:
        made = self._attached(_letter(word) if len(word) == 1 else f"op({quoted(word)})", index)
        return f"{made}'" if primed else made

    def matrix(self, m: Matrix) -> str:
        columns = len(m.rows[0]) if m.rows else 0
        rows = [list(map(self.math, row)) for row in m.rows]
        if m.after_column is not None:
            for row in rows:
                row.insert(m.after_column, "dots.c")
        if m.after_row is not None:
            dots = ["dots.v"] * columns
            if m.after_column is not None:
                dots.insert(m.after_column, "dots.down")
            rows.insert(m.after_row, dots)
        return f'mat(delim: "[", align: #right, {"; ".join(", ".join(row) for row in rows)})'


def quoted(text: str) -> str:
    """A string of Typst."""
    shown = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


def _letter(base: str) -> str:
    """A letter is slanted by itself; a word is one, and stands slanted too."""
    if len(base) == 1:
        return base if base.isascii() else quoted(base) if not base.isalpha() else f"italic({quoted(base)})"
    return f"italic({quoted(base)})"
