r"""Mathematics for Markdown: LaTeX that survives both readers, GitHub's, which runs Markdown over it first, and pandoc's.

What GitHub's Markdown would take away is not used: a backslash before punctuation (`\{`, `\_`, `\,`), `\\` anywhere but at the
end of a line, an underscore behind a closing brace (it could open an emphasis), `[…](…)`, `<` without blanks, a `|` in a table,
`\operatorname`, a dollar inside `\text`. Sources: docs.github.com, "Writing mathematical expressions"; the issues 1746 of
github/markup and those collected in nschloe/github-math-bugs; the CommonMark specification 0.31, 6.2, of emphasis.
"""

from __future__ import annotations

import re

from wengert.show.document import Line, Math, Matrix, Words
from wengert.show.notation.display import flat
from wengert.show.notation.extent import parted, unstacked
from wengert.show.notation.latex import LatexNotation
from wengert.show.notation.latex_text import SIGNS, greek_command
from wengert.show.notation.markdown_text import ELL, Piece, one_line, segments
from wengert.show.spelling import ascii_name, ascii_words

_UNDERSCORE = r"\underline{\hspace{1em}}"  # \_ would lose its backslash
_SPECIAL = {
    "_": _UNDERSCORE, "{": r"\lbrace ", "}": r"\rbrace ", "[": r"\lbrack ", "]": r"\rbrack ", "|": r"\vert ", "*": r"\ast ",
    "\\": r"\backslash ", "<": " < ", ">": " > ", "~": r"\sim ", "^": r"\wedge ", **SIGNS,
}  # fmt: skip
_UNSAFE = frozenset("$#%&`")  # no command of theirs is without punctuation
_STRANGE = re.compile(r"[^\w\u0080-\U0010ffff]")  # no part of a name of the language: a library's user may have put it there
_TIGHT = re.compile(r"[\w-]")  # beside a dollar it would keep GitHub or pandoc from seeing mathematics


class MarkdownNotation(LatexNotation):
    """Mathematics without its dollar signs (`math`), words and mathematics together (`prose`), all as one block (`display`)."""

    row_end = " \\\\\n"

    def indexed(self, base: str, index: str) -> str:
        if not index:
            return base
        if base.endswith("}"):
            return f"{base} _ {{{index}}}"
        return f"{base}_{index}" if len(index) == 1 and index.isalnum() else f"{base}_{{{index}}}"

    def typed(self, name: str) -> str:
        if _STRANGE.search(name) or name != one_line(name):
            return self.words(name)
        return rf"\mathtt{{{_in_face(self._letters(name))}}}" if name else ""

    def operator(self, word: str) -> str:
        return rf"\mathrm{{{_in_face(self._letters(word))}}}"

    def _letters(self, name: str) -> str:
        return ascii_name(name) if self.look.ascii else name

    def marked(self, name: str, mark: str) -> str:
        spelled = self.names(name)
        base = self._base(spelled.base)
        over = rf"\{mark}{{{base}}}" if base.endswith("}") else rf"\{mark}" + " " * base.isalpha() + base
        return self.indexed(over, self._index(spelled.index))

    def _base(self, base: str) -> str:
        if base == ELL:
            return r"\ell"
        if len(base) == 1:
            return base if base.isascii() else greek_command(base).rstrip(" ") or rf"\text{{{self._letters(base)}}}"
        return rf"\mathit{{{base}}}" if base.isascii() else _within(self._letters(base))

    def _word(self, part: str) -> str:
        return rf"\mathrm{{{part}}}" if part.isascii() else _within(self._letters(part))

    def words(self, text: str) -> str:
        return _within(ascii_words(text) if self.look.ascii else one_line(text))

    def outside(self, words: str) -> str:
        return self.prose((Words(words),))

    def prose(self, line: Line) -> str:
        return together(self.pieces(line))

    def cell(self, m: Math, narrow: bool = False) -> str:
        """A cell of a table, its fractions in a line; a `narrow` one may be broken after commas and slashes too."""
        return together(self.cell_pieces(m, narrow))

    def cell_pieces(self, m: Math, narrow: bool = False) -> list[Piece]:
        """The cell as text and mathematics in turns."""
        made = [(inside, unstacked(text) if inside else text) for inside, text in self.pieces((m,))]
        return [part for piece in made for part in _parted(piece)] if narrow else made

    def pieces(self, line: Line) -> list[Piece]:
        """The line as text and mathematics in turns."""
        made: list[Piece] = []
        for piece in flat(line):
            found = self._segments(piece.text) if isinstance(piece, Words) else [(True, self.math(piece))]
            for inside, text in found:
                if made and made[-1][0] == inside:
                    made[-1] = (inside, f"{made[-1][1]} {text}" if inside else made[-1][1] + text)
                else:
                    made.append((inside, text))
        return made

    def _segments(self, text: str) -> list[Piece]:
        found = segments(text, self.name, self.marked)
        return [(inside, part if inside else ascii_words(part)) for inside, part in found] if self.look.ascii else found

    def display(self, line: Line) -> str:
        """The line as one piece of mathematics, its words included."""
        first, *rest = flat(line)
        start = Words(first.text.lstrip(" ")) if isinstance(first, Words) else first
        return re.sub(" +", " ", " ".join(map(self._displayed, (start, *rest)))).strip(" ")

    def _displayed(self, piece: Math) -> str:
        if not isinstance(piece, Words):
            return self.math(piece)
        found = self._segments(piece.text)
        if all(inside for inside, _ in found):
            return " ".join(text for _, text in found)
        return self.words(piece.text)

    def matrix(self, m: Matrix) -> str:
        made = super().matrix(m)
        return made.replace(r"\left[", r"\left\lbrack ").replace(r"\right]", r"\right\rbrack ")


def _in_face(name: str) -> str:
    return "".join(_UNDERSCORE if c == "_" else c for c in name)


def _within(text: str) -> str:
    """Words inside mathematics."""
    out: list[str] = []
    for part in re.split(f"([{re.escape(''.join([*_SPECIAL, *_UNSAFE]))}]|[\\u0370-\\u03ff])", text):
        if not part:
            continue
        if part in _SPECIAL:
            out.append(_SPECIAL[part])
        elif part in _UNSAFE:
            out.append(rf"\text{{U+{ord(part):04X}}}")
        else:
            out.append((greek_command(part) if len(part) == 1 else "") or rf"\text{{{part}}}")
    return "".join(out)


def _parted(piece: Piece) -> list[Piece]:
    """Mathematics in the parts that a line may be broken between, a blank between them."""
    inside, text = piece
    if not inside:
        return [piece]
    return [part for made in parted(text) for part in ((False, " "), (True, made))][1:]


def together(pieces: list[Piece]) -> str:
    """Text and mathematics as one line; the dollars stand where both readers see them."""
    out = ""
    for n, (inside, text) in enumerate(pieces):
        if not inside:
            out += re.sub(" +", " ", text)
            continue
        before = " " if out and _TIGHT.match(out[-1]) else ""
        follows = pieces[n + 1][1] if n + 1 < len(pieces) else ""
        after = " " if _TIGHT.match(follows) else ""
        out += f"{before}${re.sub(' +', ' ', text).strip(' ')}${after}"
    return out
