r"""Mathematics for LaTeX: `3 \cdot v_{2}^{2}`, with the commands of amsmath. Markdown's mathematics is the same language."""

from __future__ import annotations

from collections.abc import Sequence

from wengert.show.document import Matrix
from wengert.show.notation.display import DisplayNotation, Frame
from wengert.show.notation.latex_text import SIGNS, latex_letter, latex_words
from wengert.show.notation.names import USUAL

_FRAMES: dict[str, Frame] = {
    "fraction": (r"\frac{", "}{", "}"),
    "power": ("", "^{", "}"),
    "brackets": ("(", ")"),
    "tall": (r"\bigl(", r"\bigr)"),  # unlike \left( they let a line break between them
    "abs": (r"\lvert ", r" \rvert"),
    "floor": (r"\lfloor ", r" \rfloor"),
    "ceil": (r"\lceil ", r" \rceil"),
    "sqrt": (r"\sqrt{", "}"),
    "cbrt": (r"\sqrt[3]{", "}"),
}
_COMPARISONS = {"gt": " > ", "ge": r" \ge ", "lt": " < ", "le": r" \le ", "eq": " = "}


class LatexNotation(DisplayNotation):
    """Mathematics without its dollar signs (`math`), or words and mathematics together (`prose`)."""

    minus = "-"
    plus = "+"
    times = r" \cdot "
    comma = ", "
    frames = _FRAMES
    comparisons = _COMPARISONS
    row_end = r" \\ "

    def name(self, text: str) -> str:
        if text == "pi":
            return r"\pi"
        if USUAL.match(text) and text not in self.names.typed:
            return self.indexed(text[0], text[1:].replace("_", ","))
        spelled = self.names(text)
        if spelled.typed:
            return self.typed(spelled.base)
        return self.indexed(self._base(spelled.base), self._index(spelled.index))

    def indexed(self, base: str, index: str) -> str:
        """The base with its index, where it has one."""
        return f"{base}_{{{index}}}" if index else base

    def typed(self, name: str) -> str:
        """A name as it was typed, in a face that shows it; signs that have no place in mathematics as text."""
        face = "mathtt" if name.isascii() and name.replace("_", "").isalnum() else "text"
        return rf"\{face}{{{self.escaped(name)}}}"

    def escaped(self, name: str) -> str:
        return latex_words(name)

    def _base(self, base: str) -> str:
        if len(base) == 1:
            return latex_letter(base)
        return rf"\mathit{{{base}}}" if base.isascii() else rf"\text{{{latex_words(base)}}}"

    def _index(self, index: str) -> str:
        parts = [p if p.isascii() and sum(map(str.isalpha, p)) < 2 else self._word(p) for p in index.split(",")]
        return ",".join(parts)

    def _word(self, part: str) -> str:
        return rf"\mathrm{{{part}}}" if part.isascii() else rf"\text{{{latex_words(part)}}}"

    def digits(self, text: str) -> str:
        return r"\infty" if text == "inf" else text

    def scientific(self, mantissa: str, exponent: str) -> str:
        return rf"{mantissa} \times 10^{{{exponent}}}"

    def relation(self, sign: str) -> str:
        known = "=" if sign == "=" else r"\mathrel{+}=" if sign == "+=" else SIGNS.get(sign, sign if sign in "<>" else "")
        return known.strip() or self.words(sign)

    def words(self, text: str) -> str:
        return rf"\text{{{latex_words(text)}}}"

    def outside(self, words: str) -> str:
        return latex_words(words)

    def inline(self, mathematics: str) -> str:
        return f"${mathematics}$"

    def marked(self, name: str, mark: str) -> str:
        spelled = self.names(name)
        return self.indexed(rf"\{mark}{{{self._base(spelled.base)}}}", self._index(spelled.index))

    def partial(self, many: bool, order: int, above: str, below: Sequence[tuple[str, int]]) -> str:
        d = r"\partial " if many else "d "
        raised = f"^{{{order}}} " if order > 1 else ""
        under = " ".join(f"{d}{name}" + (f"^{{{times}}}" if times > 1 else "") for name, times in below)
        return rf"\frac{{{d.rstrip()}{raised or ' '}{above}}}{{{under}}}"

    def delta(self, name: str) -> str:
        return self.indexed(r"\delta", self.name(name))

    def function(self, word: str, index: str, primed: bool) -> str:
        made = latex_letter(word) if len(word) == 1 else self.operator(word)
        return self.indexed(made, index) + "'" * primed

    def operator(self, word: str) -> str:
        """The name of a function that LaTeX has no command for."""
        return rf"\operatorname{{{self.escaped(word)}}}"

    def call(self, operation: str) -> str:
        base = operation.removesuffix("′")
        command = self.look.latex.get(base)
        return super().call(operation) if command is None else command + "'" * (base != operation)

    def bracketed(self, text: str) -> str:
        return super().bracketed(text) if r"\frac" in text else f"({text})"

    def matrix(self, m: Matrix) -> str:
        columns = len(m.rows[0]) if m.rows else 0
        rows = [list(map(self.math, row)) for row in m.rows]
        if m.after_column is not None:
            for row in rows:
                row.insert(m.after_column, r"\cdots")
        if m.after_row is not None:
            dots = [r"\vdots"] * columns
            if m.after_column is not None:
                dots.insert(m.after_column, r"\ddots")
            rows.insert(m.after_row, dots)
        shape = "r" * (columns + (m.after_column is not None))
        body = self.row_end.join(" & ".join(row) for row in rows)
        return rf"\left[\begin{{array}}{{{shape}}} {body} \end{{array}}\right]"
