"""Mathematics for web pages: MathML Core, which browsers draw themselves. Nothing that was typed is markup."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from wengert.show.document import Matrix
from wengert.show.notation.display import DisplayNotation, Frame, one_line

_FRAMES: dict[str, Frame] = {
    "fraction": ("<mfrac><mrow>", "</mrow><mrow>", "</mrow></mfrac>"),
    "power": ("<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"),
    "brackets": ("<mrow><mo>(</mo>", "<mo>)</mo></mrow>"),
    "tall": ("<mrow><mo>(</mo>", "<mo>)</mo></mrow>"),  # they grow by themselves
    "abs": ("<mrow><mo>|</mo>", "<mo>|</mo></mrow>"),
    "floor": ("<mrow><mo>⌊</mo>", "<mo>⌋</mo></mrow>"),
    "ceil": ("<mrow><mo>⌈</mo>", "<mo>⌉</mo></mrow>"),
    "sqrt": ("<msqrt>", "</msqrt>"),
    "cbrt": ("<mroot><mrow>", "</mrow><mn>3</mn></mroot>"),
}
_COMPARISONS = {k: f"<mo>{v}</mo>" for k, v in {"gt": "&gt;", "ge": "≥", "lt": "&lt;", "le": "≤", "eq": "="}.items()}


class MathmlNotation(DisplayNotation):
    """`math` gives elements without the <math> around them, `prose` words and mathematics together."""

    minus = "<mo>−</mo>"
    plus = "<mo>+</mo>"
    times = "<mo>·</mo>"
    comma = "<mo separator=\"true\">,</mo>"
    frames = _FRAMES
    comparisons = _COMPARISONS

    def name(self, text: str) -> str:
        if text == "pi":
            return "<mi>π</mi>"
        spelled = self.names(text)
        if spelled.typed:
            return f'<mi mathvariant="normal">{_text(spelled.base)}</mi>'
        return self._indexed(f"<mi>{_text(spelled.base)}</mi>", spelled.index)

    def _indexed(self, base: str, index: str) -> str:
        return f"<msub>{base}{_index(index)}</msub>" if index else base

    def digits(self, text: str) -> str:
        return "<mi>∞</mi>" if text == "inf" else f"<mn>{_text(text)}</mn>"

    def scientific(self, mantissa: str, exponent: str) -> str:
        return f"{mantissa}<mo>×</mo><msup><mn>10</mn><mrow>{exponent}</mrow></msup>"

    def relation(self, sign: str) -> str:
        return f"<mo>{_text(sign)}</mo>"

    def words(self, text: str) -> str:
        return f"<mtext>{_spaced(text)}</mtext>"

    def outside(self, words: str) -> str:
        return _text(words)

    def inline(self, mathematics: str) -> str:
        return f"<math>{mathematics}</math>"

    def marked(self, name: str, mark: str) -> str:
        spelled = self.names(name)
        sign = "¯" if mark == "bar" else "˙"
        return self._indexed(f'<mover accent="true"><mi>{_text(spelled.base)}</mi><mo stretchy="false">{sign}</mo></mover>',
                             spelled.index)  # fmt: skip

    def partial(self, many: bool, order: int, above: str, below: Sequence[tuple[str, int]]) -> str:
        d = "<mo form=\"prefix\" lspace=\"0\" rspace=\"0\">∂</mo>" if many else "<mi>d</mi>"
        first = f"<msup>{d}<mn>{order}</mn></msup>" if order > 1 else d
        under = "".join(d + (f"<msup>{name}<mn>{times}</mn></msup>" if times > 1 else name) for name, times in below)
        return f"<mfrac><mrow>{first}{above}</mrow><mrow>{under}</mrow></mfrac>"

    def delta(self, name: str) -> str:
        return f"<msub><mi>δ</mi><mrow>{self.name(name)}</mrow></msub>"

    def function(self, word: str, index: str, primed: bool) -> str:
        made = f'<mi mathvariant="normal">{_text(word)}</mi>' if len(word) == 1 else f"<mi>{_text(word)}</mi>"
        made = self._indexed(made, index)
        return (f"<msup>{made}<mo>′</mo></msup>" if primed else made) + "<mo>&#x2061;</mo>"

    def matrix(self, m: Matrix) -> str:
        columns = len(m.rows[0]) if m.rows else 0
        rows = [list(map(self.math, row)) for row in m.rows]
        if m.after_column is not None:
            for row in rows:
                row.insert(m.after_column, "<mo>⋯</mo>")
        if m.after_row is not None:
            dots = ["<mo>⋮</mo>"] * columns
            if m.after_column is not None:
                dots.insert(m.after_column, "<mo>⋱</mo>")
            rows.insert(m.after_row, dots)
        body = "".join("<mtr>" + "".join(f"<mtd>{cell}</mtd>" for cell in row) + "</mtr>" for row in rows)
        return f"<mrow><mo>[</mo><mtable>{body}</mtable><mo>]</mo></mrow>"


def _index(index: str) -> str:
    parts = [f"<mn>{p}</mn>" if p.isdigit() else f"<mi>{_text(p)}</mi>" for p in index.split(",")]
    return parts[0] if len(parts) == 1 else f"<mrow>{'<mo>,</mo>'.join(parts)}</mrow>"


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)


def _spaced(text: str) -> str:
    """Blanks at the ends count: <mtext> would drop them."""
    shown = _text(text)
    body = shown.strip(" ")
    left = len(shown) - len(shown.lstrip(" "))
    right = len(shown) - len(shown.rstrip(" ")) if body else 0
    return "\u00a0" * left + body + "\u00a0" * right
