"""Trees to values: what one field of a spec may hold, and what the message says when it holds something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass

from wengert.characters import codes, look
from wengert.errors import FormulaError, Place, Source, SpecError, WengertError
from wengert.lang.expr import NAME, Nodes
from wengert.lang.lookalikes import lookalike
from wengert.lang.model import CONSTANTS
from wengert.lang.parser import parse_expression
from wengert.lang.reader import Mapping, Scalar, Sequence, Tree, formula_source, found
from wengert.lang.tokens import Kind, tokenize
from wengert.lang.vocabulary import Vocabulary

MOST_COMPARED = 2_000  # names among which a misspelt one is looked for
LONGEST_COMPARED = 200  # characters of a name that is looked for
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_LITERAL = re.compile(r"(-?)([0-9]{1,40}(?:\.[0-9]{1,40})?)")


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a person gave: the root of a constant expression (None: a name without a value), and where."""

    root: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a person wrote, and where."""

    name: str
    place: Place


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one most likely stands for."""
    candidates = list(known)
    alike = lookalike(name, candidates)
    if alike is not None:
        return alike
    from difflib import get_close_matches

    near = get_close_matches(name, candidates[:MOST_COMPARED], 1, 0.6) if len(name) <= LONGEST_COMPARED else []
    if near:
        return near[0]
    return next((k for k in candidates if k.lower() == name.lower()), None)


def did_you_mean(name: str, known: Iterable[str], what: str = "") -> str | None:
    """`did you mean x1?`, or the first few of what there is."""
    candidates = list(known)
    near = nearest(name, candidates)
    if near is not None:
        alike = f" They look alike: {codes(name)} and {codes(near)}." if look(near) == look(name) else ""
        return f"did you mean {near}?{alike}"
    if not candidates:
        return None
    return (what or "there is") + " " + ", ".join(candidates[:8]) + (", …" if len(candidates) > 8 else "")


def check_keys(mapping: Mapping, known: Iterable[str], where: str) -> dict[str, Tree]:
    """The entries of a map by key. Raises SpecError for a key that is not known there, with the nearest one."""
    allowed = list(known)
    entries: dict[str, Tree] = {}
    for key, value in mapping.entries:
        if key.text not in allowed:
            raise SpecError(
                f"there is no key {found(key)} in {where}", key.place,
                hint=did_you_mean(key.text, allowed, "the keys are"),
            )  # fmt: skip
        entries[key.text] = value
    return entries


def wrong(tree: Tree, what: str, expected: str, hint: str | None = None) -> SpecError:
    """`at wants a map of names and values, here is a list`."""
    return SpecError(f"{what} wants {expected}, here is {found(tree)}", tree.place, hint=hint)


def a_map(tree: Tree, what: str, expected: str, hint: str | None = None) -> Mapping:
    if not isinstance(tree, Mapping):
        raise wrong(tree, what, expected, (_missing_blank(tree.text) if isinstance(tree, Scalar) else None) or hint)
    return tree


def a_list(tree: Tree, what: str, expected: str, hint: str | None = None) -> tuple[Tree, ...]:
    if not isinstance(tree, Sequence):
        raise wrong(tree, what, expected, hint)
    return tree.items


def a_text(tree: Tree, what: str) -> str | None:
    """A text to be printed; None where nothing stands there."""
    if not isinstance(tree, Scalar):
        raise wrong(tree, what, "a text")
    return None if tree.empty else tree.text.strip()


def whole(tree: Tree, what: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`. Raises SpecError for anything else."""
    if not isinstance(tree, Scalar) or tree.empty or not _WHOLE.fullmatch(tree.text):
        raise wrong(tree, what, "a whole number")
    number = int(tree.text)
    if not least <= number <= most:
        raise SpecError(f"{what} is {number}", tree.place, hint=f"a whole number from {least} to {most:,}")
    return number


def one_of(tree: Tree, what: str, words: Iterable[str]) -> str:
    """One of a few words. Raises SpecError for anything else."""
    known = list(words)
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, what, " or ".join(known))
    if tree.text not in known:
        raise SpecError(f"{what} is {found(tree)}", tree.place, hint=did_you_mean(tree.text, known, "one of"))
    return tree.text


def is_name(text: str) -> bool:
    """Whether a text is one name of the formula language."""
    if _WORD.fullmatch(text):
        return True
    try:
        tokens = tokenize(Source(text))
    except FormulaError:
        return False
    return [t.kind for t in tokens] == [Kind.NAME, Kind.END] and tokens[0].text == text


def a_name(tree: Tree, what: str) -> Named:
    """One name of the formula language. Raises SpecError for anything else."""
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, what, "a name")
    if not is_name(tree.text):
        raise SpecError(
            f"{found(tree)} is not a name", tree.place,
            hint=_missing_blank(tree.text) or "a name has letters, digits and _, and begins with a letter",
        )  # fmt: skip
    return Named(tree.text, tree.place)


def names(tree: Tree, what: str) -> list[Named]:
    """One name, or a list of names. Raises SpecError for anything else and for an empty list."""
    if isinstance(tree, Sequence):
        if not tree.items:
            raise SpecError(f"{what} is an empty list", tree.place, hint="give a name, or leave the key out")
        return [a_name(item, what) for item in tree.items]
    if isinstance(tree, Mapping) or tree.empty:
        raise wrong(tree, what, "a name or a list of names")
    return [a_name(tree, what)]


def expression(tree: Tree, nodes: Nodes, vocabulary: Vocabulary, what: str) -> int:
    """The root of one expression. Raises SpecError where there is no text, FormulaError where it is not a formula."""
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, what, "a formula")
    return parse_expression(formula_source(tree), nodes, vocabulary)


def constant(tree: Tree, nodes: Nodes, vocabulary: Vocabulary, what: str, defined: Iterable[str] = ()) -> int:
    """The root of a constant expression: `1/3`, `sqrt(2)/2`, `1e-3`, `pi/4`. `defined` are names that win over constants.

    Raises SpecError where there is something else, FormulaError where the text is no formula.
    """
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, what, "a number")
    literal = _LITERAL.fullmatch(tree.text)
    place = tree.place
    if literal and not tree.quoted:  # by far the most frequent: no source of its own
        nodes.begin(place.source)
        root = nodes.number(literal[2], place.start + len(literal[1]), place.end)
        return nodes.call("neg", [root], place.start, place.end) if literal[1] else root
    root = parse_expression(formula_source(tree), nodes, vocabulary)
    check_constant(nodes, root, what, defined, SpecError)
    return root


def check_constant(
    nodes: Nodes, root: int, what: str, defined: Iterable[str], error: type[WengertError]
) -> None:
    """Raises `error` where an expression mentions a name that is not one of the constants."""
    for node in nodes.reachable([root]):
        if nodes.op[node] != NAME:
            continue
        name = nodes.text(node)
        if name not in CONSTANTS or name in defined:
            raise error(
                f"{what} wants a number, and {name} is a name", nodes.place(node),
                hint="a value is made of numbers, pi and e: 0.5, 1e-3, 1/3, sqrt(2)/2",
            )  # fmt: skip


def values(
    tree: Tree, nodes: Nodes, vocabulary: Vocabulary, what: str, defined: Iterable[str] = (), optional: bool = False
) -> dict[str, Given]:
    """A map of names and constant expressions; `optional`: a value may be missing, the name is known all the same."""
    mapping = a_map(tree, what, "a map of names and values", f"for example {what}: {{x1: 2, x2: 5}}")
    keys = {key.text for key, _ in mapping.entries} | set(defined)
    for key, value in mapping.entries:
        if key.text.isdigit() and _empty(value):
            raise SpecError(f"{key.text} is not a name", key.place, hint="a decimal point is a full stop: 1.5, not 1,5")
    return {
        a_name(key, what).name: Given(
            None if optional and _empty(value) else _value_of(key, value, nodes, vocabulary, what, keys), key.place
        )
        for key, value in mapping.entries
    }


def clash(first: Place | None, name: str, second: Place | None, what: str = "") -> SpecError:
    """A name that is given twice: both places."""
    details = []
    if first is not None:
        line, column = first.source.locate(first.start)[:2]
        details = [f"the first is in line {line}, column {column}" + (f": {what}" if what else "")]
    return SpecError(f"the name {name} is given twice", second, details=details)


def find(entries: Map[str, Tree], key: str) -> Tree | None:
    """The value of a key, None where the key is absent; a key with nothing after it is refused."""
    tree = entries.get(key)
    if tree is not None and _empty(tree):
        raise SpecError(f"nothing stands after {key}:", tree.place, hint="give a value, or leave the key out")
    return tree


def _missing_blank(text: str) -> str | None:
    """`x:3` is one word to YAML."""
    key, colon, value = text.partition(":")
    return f"a blank is missing after the colon: {key}: {value}" if colon and value and is_name(key) else None


def _empty(tree: Tree) -> bool:
    return isinstance(tree, Scalar) and tree.empty


def _value_of(key: Scalar, value: Tree, nodes: Nodes, vocabulary: Vocabulary, what: str, defined: set[str]) -> int:
    if _empty(value):
        raise SpecError(f"{what} gives {found(key)} no value", key.place)
    return constant(value, nodes, vocabulary, f"{what}: {key.text}", defined)
