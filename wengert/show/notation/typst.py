"""Mathematics for Typst: `3 dot v_2^(2)`. Names and words stand in quotes, so that nothing that was typed is code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wengert.show.document import Math, Matrix, Number
from wengert.show.notation.display import DisplayNotation, Frame, one_line

_FRAMES: dict[str, Frame] = {
    "fraction": ("frac(", ", ", ")"),
    "power": ("", "^(", ")"),
    "brackets": ("(", ")"),
    "tall": ("(", ")"),  # they grow by themselves
    "abs": ("abs(", ")"),
    "floor": ("floor(", ")"),
    "ceil": ("ceil(", ")"),
    "sqrt": ("sqrt(", ")"),
    "cbrt": ("root(3, ", ")"),
}
_COMPARISONS = {"gt": " > ", "ge": " >= ", "lt": " < ", "le": " <= ", "eq": " = "}
_SIGNS = {"=": " = ", "≈": " approx ", "·": " dot ", "+": " + ", "−": " - ", "⊙": " ⊙ ", "→": " -> "}
_KNOWN = frozenset(  # functions that Typst has under their own names
    ("arccos", "arcsin", "arctan", "cos", "cosh", "cot", "coth", "csc", "csch", "exp", "ln", "log", "max", "min", "sec", "sech",
     "sin", "sinh", "tan", "tanh")
)  # fmt: skip
_DECIMAL = re.compile(r"(-?[0-9]+)(\.[0-9]+)?\Z")
_TIMES = 'med class("normal", times) med'  # as wide as a times sign, but no place to break a line
_ALWAYS = frozenset("\\#$*_`<@~[]\"")


class TypstNotation(DisplayNotation):
    """Mathematics without its dollar signs (`math`), or words and mathematics together (`prose`)."""

    minus = "-"
    plus = "+"
    times = " dot "
    comma = ", "
    goes_on = True
    frames = _FRAMES
    comparisons = _COMPARISONS

    def name(self, text: str) -> str:
        if text == "pi":
            return "pi"
        spelled = self.names(text)
        if spelled.typed:
            return quoted(spelled.base)
        return _indexed(_letter(spelled.base), spelled.index)

    def digits(self, text: str) -> str:
        return "infinity" if text == "inf" else text

    def scientific(self, mantissa: str, exponent: str) -> str:
        return f"{mantissa} {_TIMES} 10^({exponent})"

    def relation(self, sign: str) -> str:
        return {"≈": "approx", "=": "="}.get(sign) or self.words(sign)

    def words(self, text: str) -> str:
        return quoted(text)

    def sign(self, text: str, first: bool) -> str | None:
        if text == "ᵀ" and not first:
            return '^"T"'
        return _SIGNS.get(text.strip()) if text != text.strip() or (text == "·" and not first) else None

    def outside(self, words: str) -> str:
        return escaped(words)

    def inline(self, mathematics: str) -> str:
        before, after = (" " * (mathematics[i] == " ") for i in (0, -1))
        return f"{before}${mathematics.strip()}${after}"

    def marked(self, name: str, mark: str) -> str:
        spelled = self.names(name)
        accent = "macron" if mark == "bar" else "dot"
        return _indexed(f"accent({_letter(spelled.base)}, {accent})", spelled.index)

    def partial(self, many: bool, order: int, above: str, below: Sequence[tuple[str, int]]) -> str:
        d = "partial" if many else "d"
        first = f"{d}^{order}" if order > 1 else d
        under = " ".join(_close(d, name) + (f"^{times}" if times > 1 else "") for name, times in below)
        return f"frac({_close(first, above)}, {under})"

    def beside(self, texts: Sequence[str]) -> str:
        """Names side by side would be one, and blanks beside words would be seen."""
        out: list[str] = []
        for text in texts:
            if out and out[-1][-1:].isalnum() and text[:1].isalnum():
                out.append(" ")
            out.append(text)
        return "".join(out)

    def grad(self, name: str) -> str:
        return f"{self.name(name)}{self.words('.grad')}"

    def delta(self, name: str) -> str:
        return f"delta_({self.name(name)})"

    def function(self, word: str, index: str, primed: bool) -> str:
        made = _letter(word) if len(word) == 1 else word if word in _KNOWN else f"op({quoted(word)})"
        return _indexed(made, index) + "'" * primed

    def matrix(self, m: Matrix) -> str:
        columns = [self._column(column) for column in zip(*m.rows, strict=True)]
        if m.after_column is not None:
            columns.insert(m.after_column, ["dots.c"] * len(m.rows))
        rows = [list(row) for row in zip(*columns, strict=True)]
        if m.after_row is not None:
            dots = ["dots.v"] * len(columns)
            if m.after_column is not None:
                dots[m.after_column] = "dots.down"
            rows.insert(m.after_row, dots)
        return f'mat(delim: "[", {"; ".join(", ".join(row) for row in rows)})'

    def _column(self, entries: Sequence[Math]) -> list[str]:
        """A column's entries; numbers with their points below one another."""
        matches = [_DECIMAL.match(entry.text) if isinstance(entry, Number) else None for entry in entries]
        decimal = [match for match in matches if match is not None]
        if len(decimal) < len(matches):
            return list(map(self.math, entries))
        return [f"{match[1]}&{match[2] or ''}" for match in decimal]


def quoted(text: str) -> str:
    """A string of Typst."""
    shown = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


def escaped(words: str) -> str:
    """Words as markup that shows them and does nothing: a sign is escaped where Typst could read more into it."""
    text = one_line(words)
    return "".join(f"\\{c}" if _is_markup(text, i) else c for i, c in enumerate(text))


def _is_markup(text: str, i: int) -> bool:
    c = text[i]
    if c in _ALWAYS:
        return True
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    if c == "'":
        return not before.isalpha()  # after a letter it is an apostrophe
    if c == "-":  # --, -?, -1
        return not (before.isalpha() and after.isalpha())
    if c == "/":  # //, /*, or a term
        return not before.strip() or after in ("/", "*", "") or before == "/"
    if c == ".":  # 1. or ...
        return after == "." or before == "." or text[:i].strip().isdigit()
    return c in "=+" and not text[:i].strip()


def _close(d: str, name: str) -> str:
    """∂ and the name beside it: Typst shows a blank before words, so none may be there."""
    return f"{d}#math.{name}" if name.startswith("italic(") else f"{d}{name}" if name.startswith('"') else f"{d} {name}"


def _indexed(base: str, index: str) -> str:
    if not index:
        return base
    parts = [p if p.isdigit() else _index(p) for p in index.split(",")]
    single = len(parts) == 1 and (parts[0].isdigit() or parts[0].startswith('"'))
    return f"{base}_{parts[0]}" if single else f"{base}_({', '.join(parts)})"


def _index(part: str) -> str:
    """A letter and its number slanted, a word upright."""
    return quoted(part) if sum(map(str.isalpha, part)) > 1 else f"italic({quoted(part)})" if len(part) > 1 else _letter(part)


def _letter(base: str) -> str:
    """A letter is slanted by itself; a word is one, and stands slanted too."""
    if len(base) == 1 and (base.isascii() or "α" <= base <= "ω" or "Α" <= base <= "Ω"):
        return base
    return f"italic({quoted(base)})"
