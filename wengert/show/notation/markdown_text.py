"""Words for Markdown: nothing that was typed is markup, on GitHub and for pandoc alike, and signs of mathematics become it.

pandoc makes a PDF through pdflatex, which lacks most signs of mathematics as letters: `−0.2` in a sentence is `$-0.2$`. GitHub
finds mathematics in the text that its Markdown leaves (docs.github.com, "Writing mathematical expressions"), so that a dollar
of a sentence stands in a `<span>`; and so does the colon of what would be the name of an emoji.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from wengert.errors import printable
from wengert.show.notation.latex_text import SIGNS, greek_command
from wengert.show.spelling import BAR, DOT

Piece: TypeAlias = tuple[bool, str]  # whether it is mathematics, and its text

_MARKUP = frozenset("\\`*_[]{}<>^~|&#@")
ELL = "ℓ"
_DOLLAR = r"<span>\$</span>"
_EMOJI = re.compile(r":(?=(?:[\w+-]|\\[_-])+:)")  # :smile: in the text that Markdown leaves becomes a picture on GitHub
_APART = re.compile(r"https?://[A-Za-z0-9._~:/?#@!&'()+,;=%-]*[A-Za-z0-9/=]|█+")
_BLOCK = re.compile(r"[-+=>#:%]|[0-9]+[.)]|[A-Za-z]{1,5}[.)](?= )|\([0-9A-Za-z]{1,5}\)(?= )")
_IN_LATIN = "·×²³¹±½¼¾→←⟨⟩‖"  # signs that pdflatex has as letters
_OFF = frozenset(SIGNS) - frozenset(_IN_LATIN)
_SIGN = f"[{re.escape(''.join(SIGNS))}]"
_MARKED = f"([^\\W\\d_])([{BAR}{DOT}])([0-9]*)"
_NAME = rf"(?!{_SIGN})[^\W\d_](?:(?!{_SIGN})\w)*"
_SINGLE = rf"[A-Za-z\u0370-\u03ff](?!(?!{_SIGN})[^\W\d_])(?:(?!{_SIGN})[\w])*"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:e[-−]?[0-9]+)?"
_TOKENS = re.compile(f"{_MARKED}|({_NAME})|({_NUMBER})|({_SIGN})|([()=+/,<>|'-])")
_PLAIN = re.compile(f"(?:{_MARKED}|{_SINGLE}|{_NUMBER}|{_SIGN}|[()=+/,<>|'-])+")  # mathematics without a word in it
_MATHEMATICAL = re.compile(f"(?:{_MARKED}|{_NAME}|{_NUMBER}|{_SIGN}|[()=+/,<>|'-])+")
_BETWEEN = re.compile(r"[A-Za-z]?\(|/\(?|\)? ?[=+<>]? ?\(?")  # what stands between two pieces of mathematics
_OPERATORS = frozenset("−+·×=≈≤≥<>⊙Σ½¼")
_SIGNS_ALONE = re.compile(f"[{re.escape(''.join(sorted(_OFF)))}]|[\u0370-\u03ff]|[^\\W\\d_][{BAR}{DOT}]")
_KNOWN = {"inf": r"\infty ", **{f: rf"\{f} " for f in ("ln", "exp", "log", "sin", "cos", "tan", "tanh", "max", "min")}}
_ASCII = {"<": " < ", ">": " > ", "|": r"\vert ", "=": " = ", "+": " + "}


@lru_cache(maxsize=4096)
def escaped(text: str) -> str:
    """The words with every character that Markdown could read as markup behind a backslash; an address stays a link, a bar
    becomes `###`, since pdflatex has no block."""
    text = one_line(text)
    out: list[str] = []
    at = 0
    for m in _APART.finditer(text):
        out += [_escaped(text[at : m.start()]), f"`{'#' * len(m[0])}`" if m[0][0] == "█" else f"<{m[0]}>"]
        at = m.end()
    return "".join([*out, _escaped(text[at:])])


def _escaped(text: str) -> str:
    text = "".join(f"\\{c}" if c in _MARKUP else _DOLLAR if c == "$" else c for c in text)
    text = text.replace("--", r"-\-").replace("...", r".\..")  # pandoc's dashes and dots
    text = _EMOJI.sub("<span>:</span>", text)
    return re.sub(r"(?i)\b(www)\.", r"\1\\.", text)


def at_line_start(text: str) -> str:
    """A line of words and mathematics that begins no list, heading or quotation."""
    text = text.lstrip(" ")
    found = _BLOCK.match(text)
    if not found:
        return text
    at = found.end() - 1 if found[0][-1] in ".)" else 0
    return f"{text[:at]}\\{text[at:]}"


def one_line(text: str) -> str:
    """Words without control characters, on one line."""
    return printable(re.sub(r"[\n\r\t]", " ", text))


# -- signs of mathematics among words


def segments(text: str, name: Callable[[str], str], marked: Callable[[str, str], str]) -> list[Piece]:
    """The words as pieces of text (escaped) and of mathematics; `name` writes a name, `marked` one with a bar or a dot."""
    text = one_line(text)
    stripped = text.strip(" ")
    if _PLAIN.fullmatch(stripped.replace(" ", "")) and (_needs(stripped) or _BETWEEN.fullmatch(stripped)):
        return [(True, mathematics(stripped, name, marked))]
    made: list[Piece] = []
    at = 0
    for start, end in _runs(text):
        made += [(False, escaped(text[at:start])), (True, mathematics(text[start:end], name, marked))]
        at = end
    return [piece for piece in [*made, (False, escaped(text[at:]))] if piece[1]]


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where the words hold mathematics that cannot stay text: a sign with what belongs to it."""
    tokens = [(m.start(), m.end()) for m in re.finditer(r"[^ ]*[^ .,;:!?…]", text)]
    joined = [_joins(text[a:b], text[c:d], text[b:c]) for (a, b), (c, d) in pairwise(tokens)]
    i = 0
    while i < len(tokens):
        last = i
        while last < len(joined) and joined[last]:
            last += 1
        start, end = _core(text, tokens[i][0], tokens[last][1])
        if _needs(text[start:end]):
            if all(_MATHEMATICAL.fullmatch(word) for word in text[start:end].split()):
                yield start, end
            else:  # only the signs themselves
                yield from ((m.start(), m.end()) for m in _SIGNS_ALONE.finditer(text, start, end))
        i = last + 1


def _joins(left: str, right: str, between: str) -> bool:
    """Whether two words beside one another are one expression: an operator stands between them."""
    plain = _PLAIN.fullmatch(left) and _PLAIN.fullmatch(right) and not between.strip(" ")
    return bool(plain) and bool(_OPERATORS & {left, right})


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """Words without brackets that do not close within them."""
    while start < end and text[start] == "(" and text.count("(", start, end) > text.count(")", start, end):
        start += 1
    while end > start and text[end - 1] == ")" and text.count(")", start, end) > text.count("(", start, end):
        end -= 1
    return start, end


def _needs(word: str) -> bool:
    return any(c in _OFF or c in (BAR, DOT, ELL) or bool(greek_command(c)) for c in word if not c.isascii())


def mathematics(text: str, name: Callable[[str], str], marked: Callable[[str, str], str]) -> str:
    """Words that are mathematics, in LaTeX."""
    out: list[str] = []
    for m in _TOKENS.finditer(text):
        letter, mark, index, word, number, sign, plain = m.groups()
        if letter:
            out.append(marked(letter + index, "bar" if mark == BAR else "dot"))
        elif word:
            out.append(_KNOWN.get(word) or name(word))
        elif number:
            mantissa, e, exponent = number.partition("e")
            out.append(rf"{mantissa} \times 10^{{{exponent.replace('−', '-')}}}" if e else mantissa)
        elif sign:
            out.append(SIGNS[sign])
        elif plain:
            out.append(_ASCII.get(plain, f"{plain} " if plain == "," else plain))
    return re.sub(" +", " ", "".join(_apart(out))).strip(" ")


def _apart(pieces: list[str]) -> Iterator[str]:
    """The pieces, with a blank where a command would run into a letter."""
    yield from pieces[:1]
    for before, after in pairwise(pieces):
        yield f" {after}" if re.search(r"\\[A-Za-z]+\Z", before) and after[:1].isalpha() else after
