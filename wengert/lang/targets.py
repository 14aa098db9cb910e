"""The inputs and targets of a network: one value each, or one for each row of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wengert.errors import Place, SpecError
from wengert.lang.data import Table, read_table
from wengert.lang.fields import Given, Named, a_list, a_map, a_name, clash, constant, find, is_name, names, values
from wengert.lang.loss import Loss
from wengert.lang.model import CONSTANTS, Input, Role
from wengert.lang.reader import Mapping as Map
from wengert.lang.reader import Scalar, Tree, found
from wengert.lang.reader import Sequence as List
from wengert.lang.scope import Scope, count

_EXAMPLE = "for example inputs: {x1: 0.5}"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The names as they were written, with their values where there is no table of data."""

    given: Mapping[str, Given]
    table: Table | None

    def columns(self, targets: list[Named]) -> list[Named]:
        return [*(Named(name, g.place) for name, g in self.given.items()), *targets]


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets' names as written, and their inputs of all rows; or the class number of each row, then without inputs, and
    the name that was written for it (a column's, a key's)."""

    names: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    classes: tuple[int, ...] | None = None
    class_name: str | None = None


def read_inputs(entries: Mapping[str, Tree], scope: Scope, folder: Path | None) -> Inputs:
    """`inputs` and `data`; sets the number of rows. Raises SpecError and FormulaError."""
    tree, data = find(entries, "inputs"), find(entries, "data")
    if tree is None:
        raise SpecError("the network has no inputs", entries["layers"].place, hint=_EXAMPLE)
    if isinstance(tree, List):
        given = _listed(tree, scope)
    elif data is not None and isinstance(tree, Scalar):
        given = {n.name: Given(None, n.place) for n in names(tree, "inputs")}
    else:
        a_map(tree, "inputs", "a map or a list", "for example inputs: {x1: 0.05, x2: 0.10}")
        given = values(tree, scope.nodes, scope.vocabulary, "inputs", optional=True)
    if not given:
        raise SpecError("inputs is empty", tree.place, hint=_EXAMPLE)
    if data is None:
        return Inputs(given, None)
    valued = next((g for g in given.values() if g.root is not None), None)
    if valued is not None:
        raise SpecError("inputs gives values, and so does data", valued.place,
                        hint="with data, inputs lists the names: [x1, x2]")  # fmt: skip
    table = read_table(data, folder)
    scope.rows = len(table.rows)
    return Inputs(given, table)


def input_rows(inputs: Inputs, scope: Scope) -> list[Input]:
    """The inputs of the model, row by row."""
    table = inputs.table
    if table is None:
        return [Input(n, Role.INPUT, g.root) for n, g in inputs.given.items()]
    return [
        Input(scope.row_name(name, r), Role.INPUT, constant(row.cells[name], scope.nodes, scope.vocabulary, name))
        for r, row in enumerate(table.rows)
        for name in inputs.given
    ]


def target_columns(tree: Tree | None, inputs: Inputs) -> list[Named]:
    """With data, the names of the target columns. Raises SpecError for numbers, and for a name that is an input."""
    if tree is None or inputs.table is None:
        return []
    if isinstance(tree, Map):
        raise SpecError("with data, targets lists the names of columns, here is a map", tree.place,
                        hint="for example targets: [t]")  # fmt: skip
    items = tree.items if isinstance(tree, List) else (tree,)
    for item in items:
        if isinstance(item, Scalar) and not is_name(item.text):
            raise SpecError(f"with data, targets lists the names of columns, here is {found(item)}", item.place,
                            hint="for example targets: [t]")  # fmt: skip
    columns = names(tree, "targets")
    seen = {name: given.place for name, given in inputs.given.items()}
    for column in columns:
        if column.name in seen:
            raise clash(seen[column.name], column.name, column.place)
        seen[column.name] = column.place
    return columns


def read_targets(
    tree: Tree, columns: list[Named], loss: Loss, outputs: int, inputs: Inputs, scope: Scope
) -> Targets:
    """The targets, claimed; a single one under cross_entropy with several outputs is a class number."""
    given: dict[str, Tree] = {}
    hint = None
    if inputs.table is not None:
        given = {c.name: tree for c in columns}
    elif isinstance(tree, Map):
        given = {a_name(key, "targets").name: value for key, value in tree.entries}
    else:
        items = a_list(tree, "targets", "a list of numbers, or a map of names and numbers")
        letter = "t" if not any(f"t{i}" in scope.claimed for i in range(1, len(items) + 1)) else "target"
        given = {f"{letter}{i}": item for i, item in enumerate(items, 1)}
        hint = "a map gives targets names: targets: {y1: 0.5}"
    by_class = loss.kind == "cross_entropy" and len(given) == 1 and outputs > 1
    if loss.kind is not None and len(given) != outputs and not by_class:
        others = ", or one class number from 1" if loss.kind == "cross_entropy" else ""
        raise SpecError(
            f"there {'is' if len(given) == 1 else 'are'} {count(len(given), 'target')}, "
            f"the last layer has {count(outputs, 'output')}", tree.place, hint="one target for each output" + others,
        )  # fmt: skip
    table = inputs.table
    if by_class:
        (name,) = given
        cells = [given[name]] if table is None else [row.cells[name] for row in table.rows]
        classes = tuple(_class_of(cell, name, outputs) for cell in cells)
        if table is None and not isinstance(tree, Map):
            return Targets(classes=classes)
        scope.claim(name, tree.entries[0][0].place if isinstance(tree, Map) else columns[0].place)
        return Targets(classes=classes, class_name=name)
    if table is None:
        if isinstance(tree, Map):
            found_values = values(tree, scope.nodes, scope.vocabulary, "targets", scope.claimed, optional=True)
        else:
            found_values = {n: Given(constant(t, scope.nodes, scope.vocabulary, "targets", scope.claimed), t.place)
                            for n, t in given.items()}  # fmt: skip
        for name, value in found_values.items():
            scope.claim_rows(name, value.place, hint)
        return Targets(tuple(found_values), tuple(Input(n, Role.TARGET, g.root) for n, g in found_values.items()))
    for column in columns:
        scope.claim_rows(column.name, column.place)
    made = tuple(
        Input(scope.row_name(c.name, r), Role.TARGET, constant(row.cells[c.name], scope.nodes, scope.vocabulary, c.name))
        for r, row in enumerate(table.rows)
        for c in columns
    )
    return Targets(tuple(c.name for c in columns), made)


def _class_of(tree: Tree, name: str, outputs: int) -> int:
    place: Place = tree.place
    hint = f"classes count from 1 to {outputs}; or give one target for each output: [0, 1, …]"
    text = tree.text if isinstance(tree, Scalar) else ""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise SpecError(f"{name} is {found(tree)}, and a single target of cross_entropy is a class number", place, hint=hint)
    if not 1 <= int(text) <= outputs:
        raise SpecError(f"there is no class {int(text)}: the last layer has {count(outputs, 'output')}", place, hint=hint)
    return int(text)


def _listed(tree: List, scope: Scope) -> dict[str, Given]:
    """`[0.05, 0.10]` (x1, x2, …) or `[x1, x2]` (without values)."""
    is_word = [isinstance(t, Scalar) and is_name(t.text) and t.text not in CONSTANTS and not t.empty for t in tree.items]
    if not any(is_word):
        return {
            f"x{i}": Given(constant(t, scope.nodes, scope.vocabulary, "inputs"), t.place)
            for i, t in enumerate(tree.items, 1)
        }
    mixed = "inputs mixes names and numbers"
    listed: dict[str, Given] = {}
    for item in tree.items:
        if not is_word[0]:
            raise SpecError(mixed, tree.place, hint="a map gives names their values: {x1: 0.5}")
        if isinstance(item, Scalar) and not is_name(item.text):
            raise SpecError(mixed, item.place, hint="a map gives names their values: {x1: 0.5}")
        name = a_name(item, "inputs")
        if name.name in listed:
            raise clash(listed[name.name].place, name.name, name.place)
        listed[name.name] = Given(None, name.place)
    return listed
