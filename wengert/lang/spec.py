"""A spec to a model: which of the three forms it is, and the keys that the forms share (design, section 5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from wengert.errors import Place, SpecError
from wengert.lang import keys as table
from wengert.lang.expr import MOST_STATEMENTS, Nodes
from wengert.lang.fields import (
    Given,
    a_map,
    a_name,
    a_text,
    check_keys,
    constant,
    did_you_mean,
    expression,
    find,
    names,
    nearest,
    values,
    wrong,
)
from wengert.lang.model import Model
from wengert.lang.network import read_network
from wengert.lang.options import choose_outputs, choose_seed, choose_wrt
from wengert.lang.parser import Statement, parse_statements
from wengert.lang.program import assemble, read_formula
from wengert.lang.reader import Mapping, Scalar, Tree, formula_source, read_tree
from wengert.lang.vocabulary import Vocabulary

SECTIONS = table.names(table.SECTIONS)
FORMS = {
    "formula": table.names(table.FORMULA_KEYS),
    "let": table.names(table.LET_KEYS),
    "layers": table.names(table.NETWORK_KEYS),
}
OF_LOSS = ("reduction", "form", "delta", "parts")  # keys of a loss that are looked for beside it
_IS_YAML = re.compile(r"---|%|\{|[^#\"']*:(\s|$)|(\"[^\"]*\"|'[^']*')\s*:")


def read_source(
    text: str, origin: str | None, vocabulary: Vocabulary, given: Collection[str] = (), most: int = MOST_STATEMENTS
) -> Model:
    """The model of a text that is a spec if its first line has a key with a colon, else a formula."""
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if _IS_YAML.match(first):
        return read_spec(text, origin, vocabulary, given, most=most)
    return read_formula(text.rstrip(), vocabulary, origin, given)


def read_spec(
    text: str, origin: str | None, vocabulary: Vocabulary, given: Collection[str] = (), folder: Path | None = None,
    most: int = MOST_STATEMENTS,
) -> Model:  # fmt: skip
    """The model of a spec in YAML. Raises WengertError with its place.

    `given` are names that will get a value elsewhere (--at): they are names even where the vocabulary has such a function.
    `folder` is where the spec stands, and the only place from which a file with rows of data is read. `most` is the number of
    statements that there may be.
    """
    return model_of(read_tree(text, origin), vocabulary, given, folder, most)


def model_of(
    tree: Tree, vocabulary: Vocabulary, given: Collection[str] = (), folder: Path | None = None, most: int = MOST_STATEMENTS
) -> Model:
    """The model of a spec that is a tree already. Raises WengertError with its place."""
    if not isinstance(tree, Mapping):
        raise wrong(tree, "a spec", "keys", "for example formula: x**2")
    form = _form(tree)
    entries = _checked(tree, form)
    network = form == "layers"
    model = read_network(entries, vocabulary, folder, most) if network else _read_program(entries, form, vocabulary, given)
    return _shared(model, entries, vocabulary)


def _form(tree: Mapping) -> str:
    """The main key. Raises SpecError for none and for two."""
    main = [key for key, _ in tree.entries if key.text in FORMS]
    if len(main) > 1:
        raise SpecError(
            f"{main[0].text} and {main[1].text} do not stand together", main[1].place,
            hint="a spec is one of three: a formula:, a program (let:) or a network (layers:)",
        )  # fmt: skip
    if main:
        return main[0].text
    known = {k for keys in FORMS.values() for k in keys}
    for key, _ in tree.entries:
        near = nearest(key.text, FORMS)
        if key.text not in known and near is not None:
            raise SpecError(f"there is no key {key.text} in a spec", key.place, hint=did_you_mean(key.text, [near]))
    network = any(key.text in SECTIONS for key, _ in tree.entries)
    place = tree.entries[0][0].place if tree.entries else tree.place
    raise SpecError(
        "the network has no layers" if network else "this spec has nothing to differentiate", place,
        hint="give it layers:" if network else "give it a formula:, a let: or layers:",
    )  # fmt: skip


def _checked(tree: Mapping, form: str) -> dict[str, Tree]:
    what = {"formula": "a spec with a formula", "let": "a spec with let", "layers": "a network"}[form]
    elsewhere = {k: f for f, keys in FORMS.items() for k in keys}
    for key, value in tree.entries:
        if key.text in elsewhere and key.text not in FORMS[form]:
            hint = f"the keys are {', '.join(FORMS[form])}"
            if key.text == "at":
                hint = "a network's values stand in inputs: and parameters:"
            elif key.text in ("inputs", "parameters"):
                hint = "values stand in at:"
            raise SpecError(f"{key.text} has no place in {what}", key.place, hint=hint)
        if form == "layers" and key.text not in elsewhere and key.text in OF_LOSS:
            text = value.text if isinstance(value, Scalar) and not value.empty else "…"
            raise SpecError(f"there is no key {key.text} in {what}", key.place,
                            hint=f"write loss: {{kind: …, {key.text}: {text}}}")  # fmt: skip
    return check_keys(tree, FORMS[form], what)


def _read_program(entries: dict[str, Tree], form: str, vocabulary: Vocabulary, given: Collection[str]) -> Model:
    nodes = Nodes()
    nodes.defined.update(given, *(_keys(entries[key]) for key in ("at", "let") if key in entries))
    statements = _formula(entries[form], nodes, vocabulary) if form == "formula" else _let(entries[form], nodes, vocabulary)
    at: dict[str, Given] = {}
    tree = find(entries, "at")
    if tree is not None:
        defined = {s.name for s in statements if s.name is not None}
        at = values(tree, nodes, vocabulary, "at", defined, optional=True)
    return assemble(nodes, statements, vocabulary, at, given)


def _keys(tree: Tree) -> list[str]:
    return [key.text for key, _ in tree.entries] if isinstance(tree, Mapping) else []


def _formula(tree: Tree, nodes: Nodes, vocabulary: Vocabulary) -> list[Statement]:
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, "formula", "a formula", "for example formula: x**2")
    return parse_statements(formula_source(tree), nodes, vocabulary)


def _let(tree: Tree, nodes: Nodes, vocabulary: Vocabulary) -> list[Statement]:
    """A map of names and expressions, or a text with a statement a line."""
    if isinstance(tree, Scalar) and not tree.empty:
        return parse_statements(formula_source(tree), nodes, vocabulary)
    statements = []
    for key, value in a_map(tree, "let", "names with their formulas", "for example let: {a: w*x + b, y: sigmoid(a)}").entries:
        name = a_name(key, "let")
        statements.append(Statement(name.name, name.place, expression(value, nodes, vocabulary, name.name)))
    if not statements:
        raise SpecError("let is empty", tree.place, hint="for example let: {a: w*x + b, y: sigmoid(a)}")
    return statements


def _shared(model: Model, entries: dict[str, Tree], vocabulary: Vocabulary) -> Model:
    """The keys that may stand in any form."""
    nodes = model.nodes
    defined = model.names()
    output, wrt, seed = find(entries, "output"), find(entries, "wrt"), find(entries, "seed")
    rate, frozen = find(entries, "rate"), find(entries, "frozen")
    if output is not None:
        model = choose_outputs(model, names(output, "output"), "output", SpecError)
    if wrt is not None:
        model = choose_wrt(model, names(wrt, "wrt"), "wrt", SpecError)
    if seed is not None:
        moved = values(seed, nodes, vocabulary, "seed", defined)
        if not moved:
            raise SpecError("seed moves nothing", seed.place, hint="for example seed: {x: 1}")
        if wrt is not None:
            _check_seed(model, moved)
        model = choose_seed(model, moved, "seed", SpecError)
    if frozen is not None:
        _check_frozen(model, [(n.name, n.place) for n in names(frozen, "frozen")])
        model = replace(model, frozen=tuple(dict.fromkeys(n.name for n in names(frozen, "frozen"))))
    texts = {key: a_text(entries[key], key) for key in ("title", "source", "note") if key in entries}
    return replace(
        model,
        rate=None if rate is None else constant(rate, nodes, vocabulary, "rate", defined),
        title=texts.get("title"), source=texts.get("source"), note=texts.get("note"),
    )  # fmt: skip


def _check_seed(model: Model, moved: dict[str, Given]) -> None:
    for name, component in moved.items():
        if name not in model.wrt and any(x.name == name for x in model.inputs):
            raise SpecError(f"seed moves {name}, which wrt leaves out", component.place, hint=f"add {name} to wrt")


def _check_frozen(model: Model, frozen: Iterable[tuple[str, Place]]) -> None:
    known = {x.name: None for x in model.inputs}
    for name, place in frozen:
        if name not in known:
            raise SpecError(
                f"frozen names {name}, which is not an input or a parameter", place,
                hint=did_you_mean(name, known, "there are"),
            )  # fmt: skip
