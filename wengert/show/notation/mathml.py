"""Mathematics for web pages: MathML Core, which browsers draw themselves. Nothing that was typed is markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from wengert.lang.expr import Nodes
from wengert.show.document import Cell, Equation, Formula, Math, Matrix, Phrase, Product, Result, Sum
from wengert.show.notation.base import COMPARE, LEVELS, PRODUCT, written
from wengert.show.notation.display import DisplayNotation, Frame, one_line


def _fences(own: str, tall: str, left: str, right: str) -> dict[str, Frame]:
    """Signs that enclose: of their own size, and growing with a fraction; the growing ones of some fonts stand far apart."""
    fixed = [f'<mo stretchy="false">{sign}</mo>' for sign in (left, right)]
    grown = [f"<mo>{sign}</mo>" for sign in (left, right)]
    return {name: (f"<mrow>{before}", f"{after}</mrow>") for name, (before, after) in ((own, fixed), (tall, grown))}


_FRAMES: dict[str, Frame] = {
    "fraction": ("<mfrac><mrow>", "</mrow><mrow>", "</mrow></mfrac>"),
    "power": ("<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"),
    **_fences("brackets", "tall", "(", ")"),
    **_fences("abs", "tall abs", "|", "|"),
    **_fences("floor", "tall floor", "⌊", "⌋"),
    **_fences("ceil", "tall ceil", "⌈", "⌉"),
    "sqrt": ("<msqrt>", "</msqrt>"),
    "cbrt": ("<mroot><mrow>", "</mrow><mn>3</mn></mroot>"),
}
SIGNS = frozenset("=≈+−·⊙")
MARKS = frozenset("ᵀ")
SHORT = 12  # characters of a formula that a line break does not take apart
_TAG = re.compile(r"<[^>]*>|&[^;]*;")
_COMPARISONS = {k: f"<mo>{v}</mo>" for k, v in {"gt": "&gt;", "ge": "≥", "lt": "&lt;", "le": "≤", "eq": "="}.items()}


class MathmlNotation(DisplayNotation):
    """`math` gives elements without the <math> around them, `prose` words and mathematics together."""

    minus = '<mo form="prefix">−</mo>'
    less = '<mo form="infix">−</mo>'
    plus = '<mo form="infix">+</mo>'
    times = "<mo>·</mo>"
    comma = "<mo separator=\"true\">,</mo>"
    frames = _FRAMES
    comparisons = _COMPARISONS

    def name(self, text: str) -> str:
        if text == "pi":
            return "<mi>π</mi>"
        spelled = self.names(text)
        if spelled.typed:
            return f'<mi mathvariant="normal">{plain(spelled.base)}</mi>'
        return self._indexed(_letter(spelled.base), spelled.index)

    def _indexed(self, base: str, index: str) -> str:
        return f"<msub>{base}{_index(index)}</msub>" if index else base

    def raised(self, name: str) -> Frame | None:
        """v₂³: index and exponent above one another."""
        spelled = self.names(name)
        if spelled.typed or not spelled.index or name == "pi":
            return None
        return f"<msubsup>{_letter(spelled.base)}{_index(spelled.index)}<mrow>", "</mrow></msubsup>"

    def digits(self, text: str) -> str:
        return "<mi>∞</mi>" if text == "inf" else f"<mn>{plain(text)}</mn>"

    def scientific(self, mantissa: str, exponent: str) -> str:
        return f"{mantissa}<mo>×</mo><msup><mn>10</mn><mrow>{exponent}</mrow></msup>"

    def relation(self, sign: str) -> str:
        return f"<mo>{plain(sign)}</mo>"

    def text(self, m: Cell) -> str:
        """A cell; mathematics in several <math> where it is long, so that a browser finds places to break the line: it breaks
        none by itself."""
        if isinstance(m, (Equation, Sum, Product, Formula)):
            return "<wbr>".join(f"<math>{part}</math>" for part in self.parts(m))
        return super().text(m)

    def sign(self, text: str, first: bool) -> str | None:
        """` = ` between two matrices, and what else stands in the middle of a line as words."""
        sign = text.strip(" ")
        return f'<mo form="infix">{sign}</mo>' if sign in SIGNS else f"<mtext>{sign}</mtext>" if sign in MARKS else None

    def words(self, text: str) -> str:
        return f"<mtext>{_spaced(text)}</mtext>"

    def outside(self, words: str) -> str:
        return plain(words)

    def inline(self, mathematics: str) -> str:
        return f"<math>{mathematics}</math>"

    def marked(self, name: str, mark: str) -> str:
        spelled = self.names(name)
        if mark == "bar":  # not as an accent: some fonts' bar would touch the letter
            made = f'<mover>{_letter(spelled.base)}<mo stretchy="false">¯</mo></mover>'
        else:
            made = f'<mover accent="true">{_letter(spelled.base)}<mo stretchy="false">˙</mo></mover>'
        return self._indexed(made, spelled.index)

    def bracketed(self, text: str) -> str:
        before, after = self.frames["tall" if "<mfrac" in text or "<mtable" in text else "brackets"]
        return f"{before}{text}{after}"

    def partial(self, many: bool, order: int, above: str, below: Sequence[tuple[str, int]]) -> str:
        d = "<mo form=\"prefix\" lspace=\"0\" rspace=\"0\">∂</mo>" if many else "<mi>d</mi>"
        first = f"<msup>{d}<mn>{order}</mn></msup>" if order > 1 else d
        under = "".join(d + (f"<msup>{name}<mn>{times}</mn></msup>" if times > 1 else name) for name, times in below)
        return f"<mfrac><mrow>{first}{above}</mrow><mrow>{under}</mrow></mfrac>"

    def delta(self, name: str) -> str:
        return f"<msub><mi>δ</mi><mrow>{self.name(name)}</mrow></msub>"

    def function(self, word: str, index: str, primed: bool) -> str:
        made = f'<mi mathvariant="normal">{plain(word)}</mi>' if len(word) == 1 else f"<mi>{plain(word)}</mi>"
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


    # -- places to break

    def parts(self, m: Math) -> list[str]:
        """The mathematics in parts that go on with a sign; side by side they are the whole."""
        if isinstance(m, Equation):
            return self._sides(m)
        if isinstance(m, Sum):
            terms = [self.math(Sum((term,))) for term in m.terms[:1]]
            whole = [self.math(Sum((m.terms[0], term))) for term in m.terms[1:]]
            return [*terms, *(text[len(terms[0]) :] for text in whole)]
        if isinstance(m, Product):
            factors = [self._math(factor, PRODUCT, False) for factor in m.factors]
            return [factors[0], *(self.times + factor for factor in factors[1:])]
        if isinstance(m, Formula):
            return self._operands(m.nodes, m.root)
        return [self.math(m)]

    def _sides(self, m: Equation) -> list[str]:
        found = self.parts(m.sides[0]) if m.sides and not isinstance(m.sides[0], (Equation, Result)) else []
        for i, side in enumerate(m.sides[1:]):
            if not found or isinstance(side, (Equation, Phrase)):
                return [self.math(m)]
            first, *rest = self.parts(side)
            found += [first if isinstance(side, Result) else self.relation(m.relation(i)) + first, *rest]
        return found or [self.math(m)]

    def _operands(self, nodes: Nodes, root: int) -> list[str]:
        """The terms of a sum, the factors of a product, each with its sign."""
        operation = nodes.operation(root)
        together = {"add": ("add", "sub"), "sub": ("add", "sub"), "mul": ("mul",)}.get(operation, ())
        level = LEVELS.get(operation, COMPARE)
        found: list[str] = []
        while together and nodes.operation(root) in together:
            first, *others = nodes.arguments(root)
            sign = {"add": self.plus, "sub": self.less, "mul": self.times}[nodes.operation(root)]
            found += [sign + written(nodes, o, self.signs, level + 1, False) for o in reversed(others)]
            root = first
        found.append(written(nodes, root, self.signs, level if together else COMPARE, True))
        if _visible("".join(found)) <= SHORT:
            return ["".join(reversed(found))]
        return found[::-1]


def _visible(text: str) -> int:
    return len(_TAG.sub("", text))


def _letter(base: str) -> str:
    """A letter is slanted by itself; of a word the page's style sheet says so."""
    return f"<mi>{plain(base)}</mi>" if len(base) == 1 else f'<mi class="name">{plain(base)}</mi>'


def _index(index: str) -> str:
    parts = [f"<mn>{p}</mn>" if p.isdigit() else f"<mi>{plain(p)}</mi>" for p in index.split(",")]
    return parts[0] if len(parts) == 1 else f"<mrow>{'<mo>,</mo>'.join(parts)}</mrow>"


def plain(text: str) -> str:
    """Words as text of HTML."""
    return escape(one_line(text), quote=True)


def _spaced(text: str) -> str:
    """Blanks at the ends count: <mtext> would drop them."""
    shown = plain(text)
    body = shown.strip(" ")
    left = len(shown) - len(shown.lstrip(" "))
    right = len(shown) - len(shown.rstrip(" ")) if body else 0
    return "\u00a0" * left + body + "\u00a0" * right
