"""Rows of data: maps in the spec, or a CSV file beside it. A cell stays a tree with its place, for the readers of fields."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath

from wengert.characters import unix_lines
from wengert.errors import Place, Source, SpecError
from wengert.files import read_regular
from wengert.lang.fields import Named, a_list, a_map, a_name, clash, did_you_mean, is_name
from wengert.lang.reader import Mapping as Map
from wengert.lang.reader import Scalar, Tree, decode
from wengert.lang.tokens import composed

MOST_ROWS = 100_000
MOST_CELLS = 1_000_000  # of a file: as many values as a spec may have
_CELL = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*(?=,|$)|([^,]*)')


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row by name, and where it and (of a map) its names stand."""

    cells: Mapping[str, Tree]
    place: Place
    names: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows; `columns` are the names in the first line of a CSV file, None for rows that are maps."""

    rows: tuple[Row, ...]
    name: str
    place: Place
    columns: tuple[Named, ...] | None = None

    def check(self, wanted: Sequence[Named]) -> None:
        """Raises SpecError where a row has no value for one of the names, or (as a map) another name."""
        if self.columns is not None:
            known = {c.name: None for c in self.columns}
            for name in wanted:
                if name.name not in known:
                    raise SpecError(f"{self.name} has no column {name.name}", name.place,
                                    hint=did_you_mean(name.name, known, "its columns are"))  # fmt: skip
        names = {n.name: None for n in wanted}  # in order, and quick to ask
        for number, row in enumerate(self.rows, 1):
            missing = [n for n in names if n not in row.cells]
            other = [n for n in row.names if n not in names]
            if other:
                place = row.names[other[0]]
                raise SpecError(f"row {number} of the data has {other[0]}, which is neither an input nor a target", place,
                                hint=did_you_mean(other[0], missing or [*names], "the names are"))  # fmt: skip
            if missing:
                raise SpecError(f"row {number} of the data has no {', no '.join(missing)}", row.place,
                                hint=f"each row wants {', '.join([*names][:8])}{', …' if len(names) > 8 else ''}")  # fmt: skip
            for each in names:
                cell = row.cells[each]
                if isinstance(cell, Scalar) and cell.empty:
                    place = row.names.get(each, cell.place)
                    raise SpecError(f"row {number} of the data gives {each} no value", place)

    def unused(self, wanted: Sequence[Named]) -> tuple[str, ...]:
        """A sentence for each column that nothing asks for."""
        names = {n.name for n in wanted}
        return tuple(f"nothing uses the column {c.name} of {self.name}" for c in self.columns or () if c.name not in names)


def read_table(tree: Tree, folder: Path | None) -> Table:
    """The rows that `data:` gives. Raises SpecError."""
    if isinstance(tree, Scalar):
        return _csv(*_text_of(tree, folder), tree.place)
    items = a_list(tree, "data", "a list of rows or the name of a CSV file", "for example data: [{x1: 0, x2: 1, t: 1}]")
    if not items:
        raise SpecError("data has no rows", tree.place, hint="for example data: [{x1: 0, x2: 1, t: 1}]")
    _check_count(len(items), tree.place)
    rows = []
    for number, item in enumerate(items, 1):
        row: Map = a_map(item, f"row {number} of the data", "names with their values", "for example {x1: 0, x2: 1, t: 1}")
        named = [(a_name(key, "data"), value) for key, value in row.entries]
        rows.append(Row({n.name: value for n, value in named}, item.place, {n.name: n.place for n, _ in named}))
    return Table(tuple(rows), "data", tree.place)


def _check_count(rows: int, place: Place) -> None:
    if rows > MOST_ROWS:
        raise SpecError(f"there are {rows:,} rows of data", place, hint=f"at most {MOST_ROWS:,}")


def _text_of(tree: Scalar, folder: Path | None) -> tuple[str, str]:
    """The text of a file beside or below the spec, and its name. Nothing else is opened: no other folder, no device."""
    name, place = tree.text, tree.place
    if folder is None:
        raise SpecError("data names a file, and this spec has no folder to look in", place,
                        hint="save the spec as a file, or write the rows: data: [{x1: 0, x2: 1, t: 1}]")  # fmt: skip
    parts = [*PurePosixPath(name).parts, *PureWindowsPath(name).parts]
    outside = ".." in parts or PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).anchor)
    refusal = SpecError(f"data names {name}, which is not beside or below the spec", place,
                        hint="copy the file into the folder of the spec, and give its name alone")  # fmt: skip
    if outside:
        raise refusal
    try:
        path, home = (folder / _as_stored(folder, name)).resolve(), folder.resolve()
        if not path.is_relative_to(home):  # a link that leads out
            raise refusal
        data = read_regular(os.fspath(path), follow=False)
    except FileNotFoundError:
        raise SpecError(f"there is no file {name} beside the spec", place, hint=_near(folder, name)) from None
    except IsADirectoryError:
        data = None
    except (OSError, ValueError, RuntimeError) as error:
        raise SpecError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}", place) from None
    if data is None:
        raise SpecError(f"{name} is not a file with rows of data", place)
    return composed(unix_lines(decode(data, name).removeprefix("\ufeff"))), name


def _as_stored(folder: Path, name: str) -> str:
    """The name as its folder has it: older systems of Apple store é as e and a mark."""
    decomposed = unicodedata.normalize("NFD", name)
    return decomposed if not (folder / name).exists() and (folder / decomposed).exists() else name


def _near(folder: Path, name: str) -> str | None:
    if "\\" in name:
        return f"folders are parted by / on every system: {name.replace(chr(92), '/')}"
    try:
        known = sorted(n for n in os.listdir(folder) if n.lower().endswith(".csv"))
    except OSError:
        return None
    return did_you_mean(name, known, "there is" if len(known) == 1 else "there are")


def _csv(text: str, name: str, asked: Place) -> Table:
    """Names in the first line, a row in each further one; commas between them, quotes where a value holds a comma."""
    source = Source(text, name)
    lines = list(_lines(source, asked))
    if not lines:
        raise SpecError(f"{name} is empty", asked, hint="its first line holds the names, each further line a row")
    columns: dict[str, Named] = {}
    for cell in lines[0][1]:
        if not is_name(cell.text):
            hint = "the first line holds the names, with commas between them: x1,x2,t"
            raise SpecError(f"{name}: {cell.text or 'nothing'} is not a name", cell.place, hint=hint)
        if cell.text in columns:
            raise clash(columns[cell.text].place, cell.text, cell.place)
        columns[cell.text] = Named(cell.text, cell.place)
    if len(lines) == 1:
        raise SpecError(f"{name} has no rows", asked, hint="each line after the names is a row")
    _check_count(len(lines) - 1, asked)
    rows = []
    for place, cells in lines[1:]:
        if len(cells) != len(columns):
            raise SpecError(
                f"this row has {len(cells)} value{'s' if len(cells) != 1 else ''}, the first line of {name} has "
                f"{len(columns)} name{'s' if len(columns) != 1 else ''}", place,
                hint="a decimal point is a full stop: 1.5, not 1,5" if len(cells) > len(columns) else None,
            )  # fmt: skip
        rows.append(Row(dict(zip(columns, cells, strict=True)), place, {}))
    return Table(tuple(rows), name, asked, tuple(columns.values()))


def _lines(source: Source, asked: Place) -> Iterator[tuple[Place, list[Scalar]]]:
    """The lines that hold something, with their cells."""
    start = count = 0
    for line in source.text.split("\n"):
        end = start + len(line)
        if line.strip():
            cells = list(islice(_cells(source, line, start), MOST_CELLS - count + 1))
            count += len(cells)
            if count > MOST_CELLS:
                raise SpecError(f"{source.origin} has more than {MOST_CELLS:,} values", asked, hint="fewer rows or columns")
            yield Place(source, start, end), cells
        start = end + 1


def _cells(source: Source, line: str, start: int) -> Iterator[Scalar]:
    at = 0
    while True:
        match = _CELL.match(line, at)
        assert match is not None  # the second branch takes anything
        first, last = match.span(1) if match[1] is not None else match.span(2)
        text = line[first:last]
        blanks = len(text) - len(text.lstrip())
        text = text.strip()
        begin = start + first + (blanks if text else 0)
        yield Scalar(text, False, Place(source, begin, begin + len(text)))
        if match.end() >= len(line):
            return
        at = match.end() + 1  # behind the comma
