"""YAML text to a tree with positions: the only room that knows the YAML package.

Only PyYAML's event stream is used. Its loaders read by YAML 1.1 (`no` is false, `1e-3` is text), drop positions and crash on
deep nesting; events come one at a time, so that depth and size are capped before anything is built. Scalars stay text: the
formula parser reads the numbers, and `~`, `null` and nothing are the only words with a meaning of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from wengert.characters import unix_lines
from wengert.errors import Place, Source, SpecError
from wengert.lang.tokens import MAX_BYTES, composed

MAX_DEPTH = 32
MAX_NODES = 1_000_000
SHORTER = "units, repeat and a CSV file of rows say in a line what fills pages"

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# What YAML 1.2 does not allow; and U+0085, U+2028, U+2029, which are ends of lines to YAML 1.1 (so to libyaml) and not to 1.2
_FORBIDDEN = "[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, in normal form C; `quoted` where it stood in quotes or in a block (`|`, `>`), so that `""` is a text and not
    nothing."""

    text: str
    quoted: bool
    place: Place

    @property
    def empty(self) -> bool:
        return not self.quoted and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[tuple[Scalar, Tree], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Tree, ...]
    place: Place


Tree: TypeAlias = "Scalar | Mapping | Sequence"


def decode(data: bytes, origin: str) -> str:
    """The text of a file's bytes. Raises SpecError where it is too long or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise SpecError(f"{origin} is longer than {MAX_BYTES:,} bytes", hint=SHORTER)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SpecError(f"{origin} is not UTF-8 text: line {line} holds another byte", hint="save it as UTF-8") from error


def read_tree(text: str, origin: str | None) -> Tree:
    """The tree of the one document in a text. Raises SpecError with its place.

    Refused: duplicate keys, anchors, aliases, tags, directives, further documents, depth over 32, more than 1,000,000 nodes.
    """
    if len(text) > MAX_BYTES:
        raise SpecError(f"{origin or 'this text'} is longer than {MAX_BYTES:,} characters", hint=SHORTER)
    source = Source(unix_lines(composed(text.removeprefix("\ufeff"))), origin)
    forbidden = re.search(_FORBIDDEN, source.text)  # compiled when there is a file: that takes as long as to trace a formula
    if forbidden:
        code = ord(forbidden.group())
        raise SpecError(
            f"the character U+{code:04X} does not belong in a spec", Place(source, forbidden.start(), forbidden.end())
        )
    builder = _Builder(source)
    for event in _events(source):
        builder.take(event)
    if builder.root is None:
        raise SpecError(f"{origin or 'this spec'} is empty", hint="it needs a formula:, a let: or layers:")
    return builder.root


def formula_source(scalar: Scalar) -> Source:
    """A scalar's text as a source of its own, with its position in the file, line by line where that is known."""
    place = scalar.place
    whole, raw = place.source, place.source.text[place.start : place.end]
    text = scalar.text
    start = place.start
    if scalar.quoted and raw[:1] == "|":
        text = text.rstrip("\n")
        return Source(text, whole.origin, _block_positions(text, place))
    if scalar.quoted and raw[:1] == ">":
        text = text.rstrip("\n")
        return Source(text, whole.origin, *_fold_positions(text, whole, start + raw.find("\n") + 1, place.end))
    if "\n" in raw:
        return Source(text, whole.origin, *_fold_positions(text, whole, start + scalar.quoted, place.end - scalar.quoted))
    if scalar.quoted and raw[1:-1] == text:
        start += 1
    return Source(text, whole.origin, (whole.locate(start)[:2],))


def found(tree: Tree) -> str:
    """What stands there, in words: `a list`, `nothing`, `the text "relu"`."""
    if isinstance(tree, Mapping):
        return "a map"
    if isinstance(tree, Sequence):
        return "a list"
    if tree.empty:
        return "nothing"
    text = " ".join(tree.text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _block_positions(text: str, place: Place) -> tuple[tuple[int, int], ...]:
    """Where the lines of a block scalar stand: each is the end of a line of the file, behind its indentation."""
    first = place.source.locate(place.start)[0] + 1
    written = place.source.text[place.start : place.end].split("\n")[1:]
    positions = []
    for i, line in enumerate(text.split("\n")):
        if i >= len(written) or not written[i].endswith(line):  # where the block begins is all we know
            break
        positions.append((first + i, len(written[i]) - len(line) + 1))
    return tuple(positions) or (place.source.locate(place.start)[:2],)


def _fold_positions(
    text: str, whole: Source, start: int, end: int
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Where the pieces of a value that was written over several lines stand, and which span of its text each is; behind a line
    with an escape (\\n, \'\') nothing more is known."""
    positions: list[tuple[int, int]] = []
    folds: list[tuple[int, int]] = []
    at = 0
    for written in whole.text[start:end].split("\n"):
        piece = written.strip(" \t")
        found_at = text.find(piece, at)
        if found_at < 0:
            break
        at = found_at + len(piece)
        if piece:
            positions.append(whole.locate(start + written.index(piece))[:2])
            folds.append((found_at, at))
        start += len(written) + 1
    return tuple(positions) or (whole.locate(start)[:2],), tuple(folds) or ((0, 0),)


def _events(source: Source) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(source.text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        raise _translated(error, source) from None
    except yaml.YAMLError as error:
        raise SpecError(f"{source.origin or 'this text'} is not YAML", details=[" ".join(str(error).split())]) from None


class _Builder:
    """Takes events and builds the tree bottom up, with a stack of what is still open."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Tree | None = None
        self.stack: list[_Open] = []
        self.count = 0
        self.documents = 0

    def take(self, event: Any) -> None:
        import yaml  # here: a formula needs none of it

        if isinstance(event, yaml.ScalarEvent):
            self._refuse(event)
            self._add(Scalar(composed(event.value), bool(event.style), self._of(event)))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse(event)
            start = self._of(event).start
            if len(self.stack) == MAX_DEPTH:
                raise _too_deep(self._place(start, start + 1))
            is_map = isinstance(event, yaml.MappingStartEvent)
            self.stack.append(_Open(is_map, bool(event.flow_style), start))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(self._of(event).end)
        elif isinstance(event, yaml.AliasEvent):
            raise SpecError(
                "a value does not begin with *: aliases are not read", self._of(event),
                hint="write the value out, or put a text in quotes",
            )  # fmt: skip
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise SpecError("a second document begins here", self._of(event), hint="one file holds one spec")
            if event.tags or event.version not in (None, (1, 2)):
                raise SpecError("a spec holds no YAML directives", self._place(0, 1), hint="leave out the lines with %")

    def _refuse(self, event: Any) -> None:
        if event.anchor is not None:
            raise SpecError(
                "a value does not begin with &: anchors are not read", self._of(event),
                hint="write the value out where it is used, or put a text in quotes",
            )  # fmt: skip
        if event.tag is not None:
            raise SpecError(
                "a value does not begin with !: tags are not read", self._of(event),
                hint="leave the tag out, or put a text in quotes",
            )  # fmt: skip

    def _add(self, tree: Tree) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            raise SpecError(f"the spec has more than {MAX_NODES:,} values", tree.place, hint=SHORTER)
        if not self.stack:
            self.root = tree
            return
        top = self.stack[-1]
        if not top.is_map:
            top.items.append(tree)
        elif top.key is not None:
            top.entries.append((top.key, tree))
            top.key = None
        else:
            top.key = self._key(top, tree)

    def _key(self, top: _Open, tree: Tree) -> Scalar:
        if not isinstance(tree, Scalar):
            raise SpecError(f"a key is a word, here it is {found(tree)}", tree.place, hint="a text with braces needs quotes")
        if tree.empty:
            raise SpecError("a key is missing before the colon", tree.place)
        first = top.known.setdefault(tree.text, tree)
        if first is not tree:
            line = first.place.source.locate(first.place.start)[0]
            raise SpecError(f"{tree.text} is given twice", tree.place, details=[f"the first stands in line {line}"])
        return tree

    def _close(self, end: int) -> None:
        top = self.stack.pop()
        last = top.entries[-1][1] if top.entries else top.items[-1] if top.items else None
        if not top.flow and last is not None:  # the parser notices the end of a block only at the next word
            end = last.place.end
        place = self._place(top.start, end)
        self._add(Mapping(tuple(top.entries), place) if top.is_map else Sequence(tuple(top.items), place))

    def _of(self, event: Any) -> Place:
        return self._place(event.start_mark.index, event.end_mark.index)

    def _place(self, start: int, end: int) -> Place:
        size = len(self.source.text)
        return Place(self.source, min(start, size), min(max(end, start), size))


class _Open:
    """A map or a list that is still being read."""

    __slots__ = ("entries", "flow", "is_map", "items", "key", "known", "start")

    def __init__(self, is_map: bool, flow: bool, start: int) -> None:
        self.is_map = is_map
        self.flow = flow
        self.start = start
        self.key: Scalar | None = None
        self.known: dict[str, Scalar] = {}
        self.entries: list[tuple[Scalar, Tree]] = []
        self.items: list[Tree] = []


def _too_deep(place: Place) -> SpecError:
    return SpecError(f"the spec is nested more than {MAX_DEPTH} deep", place)


def _translated(error: Any, source: Source) -> SpecError:
    """PyYAML's complaint as a sentence for the person who wrote the file; its two parsers word theirs differently."""
    problem, context = error.problem or "", error.context or ""
    at = _index(error.problem_mark, source)
    began = _index(error.context_mark, source) if error.context_mark is not None else at
    here = Place(source, at, at + 1)
    there = Place(source, began, began + 1)
    character = source.text[at : at + 1]
    if "nesting depth" in problem:  # libyaml's own limit, which it may meet while it looks ahead
        return _too_deep(here)
    if "start any token" in problem:
        if character == "\t":
            return SpecError("a tab cannot indent a line", here, hint="use blanks")
        return SpecError(f"a value cannot begin with {character}", here, hint="put the value in quotes")
    if "block scalar" in context:
        sign = source.text[began : began + 1]
        return SpecError(f"a value that begins with {sign} needs quotes", there, hint='for example "|x| + 1"')
    if "end of stream" in problem and "quoted" in context:
        return SpecError("this quote is never closed", there)
    if "escape" in problem:
        return SpecError("a backslash in these quotes has no meaning", there, hint="in single quotes a backslash is itself")
    if "flow sequence" in context or "flow mapping" in context:
        what, closing = ("list", "]") if "sequence" in context else ("map", "}")
        line = source.locate(began)[0]
        return SpecError(f"a comma or {closing} is wanted here", here, details=[f"the {what} began in line {line}"])
    if "mapping values" in problem:
        if ": " in source.locate(at)[2][: source.locate(at)[3]]:
            return SpecError("a second colon cannot stand in this line", here, hint="a text that holds `: ` goes in quotes")
        return SpecError(
            "this line does not fit what stands above it", here,
            hint="all keys of a map begin in one column, with a blank after each colon: `key: value`",
        )  # fmt: skip
    if "node content" in problem:
        return SpecError("a value is missing here", here)
    if "entries are not allowed" in problem:
        return SpecError("a list cannot begin in this line", here, hint="put `- ` on a line of its own, or write [a, b]")
    if "expected key" in problem or "block mapping" in context or "simple key" in context:
        return SpecError(
            "this line does not fit what stands above it", here,
            hint="each line is `key: value`, all keys of a map begin in one column; a text in quotes ends with its quote",
        )  # fmt: skip
    if "block collection" in context:
        return SpecError("an entry of the list is wanted here", here, hint="each entry begins with `- ` in one column")
    if "document start" in problem:
        return SpecError("the spec ended above this line", here, hint="all main keys begin in the same column")
    return SpecError("this is not YAML", here, details=[problem] if problem else [])


def _index(mark: Any, source: Source) -> int:
    """A mark as an offset inside the text; one that lies behind its end, or on an empty line there, moves to the last sign."""
    at = min(int(mark.index), len(source.text))
    return at if at < len(source.text) else max(0, len(source.text.rstrip()) - 1)
