"""Words for LaTeX: nothing that was typed is a command, and every character is one that pdflatex has.

Signs of mathematics become mathematics, Greek letters their commands; letters of other scripts stand as U+4E2D, as they do in
ASCII, since the fonts of pdflatex lack them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from wengert.errors import printable
from wengert.show.spelling import BAR, DOT

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': r"\symbol{34}", "`": r"\textasciigrave{}", "'": "'", "-": "-",
}  # fmt: skip
SIGNS = {
    "−": "-", "·": r"\cdot ", "×": r"\times ", "≈": r"\approx ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "√": r"\surd ",
    "∂": r"\partial ", "∞": r"\infty ", "²": "^2", "³": "^3", "¹": "^1", "→": r"\to ", "←": r"\leftarrow ",
    "⇒": r"\Rightarrow ", "÷": r"\div ",
    "ᵀ": r"^{\mathsf T}", "′": "'", "∑": r"\sum ", "⟨": r"\langle ", "⟩": r"\rangle ", "±": r"\pm ", "‖": r"\Vert ",
    "⊙": r"\odot ", "⁻": "^-", "⁰": "^0", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ",
    "½": r"\frac12 ",
    "¼": r"\frac14 ", "¾": r"\frac34 ", "∈": r"\in ", "ₙ": "_n", "ᵢ": "_i",
    **{c: f"^{n}" for n, c in enumerate("⁴⁵⁶⁷⁸⁹", 4)}, **{c: f"_{n}" for n, c in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
_PROSE = {"–": "--", "—": "---", "…": r"\dots{}", "‘": "`", "’": "'", "“": "``", "”": "''", "\u00a0": "~",
          "█": r"\rule{0.5em}{1.2ex}"}  # fmt: skip
_LATIN = re.compile(r"[\u00C0-\u00FF\u0100-\u017F]\Z")
_LATIN_OFF = "ĸŉſĦħŦŧĲĳĿŀ"
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u030a": "r", "\u0327": "c", "\u030c": "v",
    "\u0304": "=", "\u0306": "u", "\u0307": ".", "\u0328": "k", "\u030b": "H",
}  # fmt: skip
_LETTERS = {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "dj", "Đ": "DJ",
            "ð": "dh", "Ð": "DH", "þ": "th", "Þ": "TH", "ı": "i", "ŋ": "ng", "Ŋ": "NG"}  # fmt: skip
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)\Z")
_SMALL = frozenset(
    ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi",
     "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"]
)  # fmt: skip
_CAPITALS = frozenset(["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"])
_MEETING = re.compile(r"(?<!\\)\$\$")
_APART = "\0"  # printable text holds none
_LIGATURE = re.compile(r"([-',])(?=\1)")  # -- would be a dash
_MARKED = re.compile(f"([^\\W\\d_])([{BAR}{DOT}])")


@lru_cache(maxsize=4096)
def latex_words(text: str) -> str:
    """The words for text mode."""
    text = printable(re.sub(r"[\n\r\t]", " ", text))
    text = _LIGATURE.sub(f"\\1{_APART}", text)
    out: list[str] = []
    at = 0
    for marked in _MARKED.finditer(text):
        out += map(_character, text[at : marked.start()])
        accent = "bar" if marked[2] == BAR else "dot"
        out.append(f"$\\{accent}{{{latex_letter(marked[1])}}}$")
        at = marked.end()
    out += map(_character, text[at:])
    return joined(out)


def joined(pieces: Iterable[str]) -> str:
    """Words and mathematics side by side; mathematics that meets mathematics goes on. A typed dollar sign has its backslash."""
    return _MEETING.sub("", "".join(pieces))


def row_of(latex: str) -> str:
    r"""What may begin a row of a table or of equations: \\ and \toprule before it would take [, ( or * for their own."""
    return "{}" + latex if latex.startswith(("[", "(", "*")) else latex


def _character(c: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c == _APART:
        return "{}"
    if c.isascii():
        return c
    if c in SIGNS:
        return f"${{}}{SIGNS[c]}$" if SIGNS[c][0] in "^_'" else f"${SIGNS[c]}$"  # x²³ has one script a base
    if c in _PROSE:
        return _PROSE[c]
    greek = greek_command(c)
    if greek:
        return f"${greek}$"
    if _LATIN.match(c) and c not in _LATIN_OFF:
        return c
    return f"U+{ord(c):04X}"


def spelled(latex: str) -> str:
    r"""The same in ASCII alone: \'{e} for é."""
    return latex if latex.isascii() else "".join(c if c.isascii() else _accented(c) for c in latex)


def _accented(c: str) -> str:
    parts = unicodedata.normalize("NFD", c)
    if len(parts) > 1:
        return f"\\{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    return f"{{\\{_LETTERS[c]}}}"


@lru_cache(maxsize=512)
def greek_command(c: str) -> str:
    r"""`\theta ` for θ, with a blank after it; "" for what is no Greek letter with a command."""
    match = _GREEK.match(unicodedata.name(c, ""))
    if not match:
        return ""
    word = match[2].replace("LAMDA", "LAMBDA").lower()
    if match[1] == "SMALL":
        return f"\\{word} " if word in _SMALL else ""
    return f"\\{word.capitalize()} " if word.capitalize() in _CAPITALS else ""


def latex_letter(c: str) -> str:
    """One letter of a name in math mode."""
    if c.isascii() and c.isalpha():
        return c
    return greek_command(c).rstrip() or rf"\text{{{_character(c)}}}"


def without_letters(text: str) -> list[str]:
    """The characters of a text that stand as U+4E2D, each once."""
    return [c for c in dict.fromkeys(printable(text)) if not c.isascii() and _character(c).startswith("U+")]
