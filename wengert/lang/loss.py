"""The loss of a network: the named losses written out over outputs and targets, or a formula of the person's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wengert.errors import Place, SpecError
from wengert.lang.expr import NAME, Nodes
from wengert.lang.fields import Named, a_name, check_keys, clash, did_you_mean, expression, find, is_name, names, nearest, wrong
from wengert.lang.model import CONSTANTS, Definition, Kind
from wengert.lang.reader import Mapping as Map
from wengert.lang.reader import Scalar, Tree
from wengert.lang.vocabulary import Vocabulary

SENTENCES = {
    "squared_error": "loss = Σ (a − t)² (no factor ½, no division by n)",
    "half_squared_error": "loss = ½ Σ (a − t)²",
    "mse": "loss = (1/n) Σ (a − t)², n = {n}",
}
LATER = frozenset({"binary_cross_entropy", "cross_entropy", "hinge", "absolute_error", "huber"})
DEFAULT_NAMES = ("L", "loss")

# What other tools call them.
OTHER_NAMES = {"mean_squared_error": "mse", "sse": "squared_error", "sum_squared_error": "squared_error", "se": "squared_error",
               "half_sse": "half_squared_error", "half_mse": "half_squared_error"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loss:
    """What `loss:` asks for: one of the named kinds, or a formula (`kind` None); a name, and a name for each part."""

    kind: str | None
    tree: Scalar
    name: Named | None
    parts: tuple[Named, ...]


def read_loss(tree: Tree) -> Loss:
    """`half_squared_error`, a formula, or {kind: …, name: …, parts: […]}. Raises SpecError."""
    name: Named | None = None
    parts: list[Named] = []
    if isinstance(tree, Map):
        keys = check_keys(tree, ("kind", "name", "parts"), "loss")
        name_tree, parts_tree, kind_tree = find(keys, "name"), find(keys, "parts"), find(keys, "kind")
        if kind_tree is None:
            raise SpecError("the loss has no kind", tree.place, hint=f"one of {', '.join(SENTENCES)}, or a formula")
        name = None if name_tree is None else a_name(name_tree, "name")
        parts = [] if parts_tree is None else names(parts_tree, "parts")
        tree = kind_tree
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, "loss", "the name of a loss, or a formula")
    if tree.text in LATER:
        raise SpecError(
            f"{tree.text} is not in this version of wengert", tree.place,
            hint=f"there are {', '.join(SENTENCES)}, and any formula over outputs and targets",
        )  # fmt: skip
    kind = tree.text if tree.text in SENTENCES else None
    if kind is None and parts:
        raise SpecError("parts belong to the losses with a name", parts[0].place, hint=f"these are {', '.join(SENTENCES)}")
    return Loss(kind, tree, name, tuple(parts))


def define_loss(
    loss: Loss, outputs: Sequence[str], targets: Sequence[str], nodes: Nodes, vocabulary: Vocabulary,
    claimed: Mapping[str, Place],
) -> tuple[list[Definition], str, str]:  # fmt: skip
    """The definitions of the loss and of its parts, the name of the loss, and the sentence that says which factor it has.

    `claimed` are the names that the network has, with their places. Raises SpecError for a name that is given twice.
    """
    name = _name(loss, claimed)
    if loss.kind is None:
        root = _formula(loss.tree, nodes, vocabulary, claimed)
        return [Definition(name, root, Kind.LOSS)], name, "loss = " + " ".join(loss.tree.text.split())
    if not targets:
        raise SpecError(f"{loss.tree.text} needs targets", loss.tree.place, hint="for example targets: [0.01, 0.99]")
    if loss.parts and len(loss.parts) != len(outputs):
        raise SpecError(
            f"the loss has {len(loss.parts)} part{'s' if len(loss.parts) != 1 else ''}, "
            f"the last layer has {len(outputs)} output{'s' if len(outputs) != 1 else ''}", loss.parts[0].place,
        )  # fmt: skip
    _check_parts(loss, name, claimed)
    nodes.begin(loss.tree.place.source)
    written = _Written(nodes, loss.tree.place)
    count = len(outputs)
    pairs = list(zip(outputs, targets, strict=True))
    definitions: list[Definition] = []
    if loss.parts:
        shares = [written.square(a, t) for a, t in pairs]
        if loss.kind == "half_squared_error":
            shares = [written.over(s, 2) for s in shares]
        if count == 1 and loss.parts[0].name == name:
            return [Definition(name, shares[0], Kind.LOSS)], name, SENTENCES[loss.kind].format(n=count)
        definitions = [Definition(p.name, s, Kind.PART) for p, s in zip(loss.parts, shares, strict=True)]
        total = written.sum([written.name(p.name) for p in loss.parts])
    else:
        total = written.sum([written.square(a, t) for a, t in pairs])
        if loss.kind == "half_squared_error":
            total = written.over(total, 2)
    if loss.kind == "mse" and count > 1:
        total = written.over(total, count)
    return [*definitions, Definition(name, total, Kind.LOSS)], name, SENTENCES[loss.kind].format(n=count)


class _Written:
    """Nodes that all have the place of the word that stands for them in the file."""

    def __init__(self, nodes: Nodes, place: Place) -> None:
        self.nodes = nodes
        self.span = (place.start, place.end)

    def name(self, name: str) -> int:
        return self.nodes.name(name, *self.span)

    def square(self, a: str, t: str) -> int:
        difference = self.nodes.call("sub", [self.name(a), self.name(t)], *self.span)
        return self.nodes.call("power", [difference, self.nodes.number("2", *self.span)], *self.span)

    def over(self, numerator: int, number: int) -> int:
        return self.nodes.call("div", [numerator, self.nodes.number(str(number), *self.span)], *self.span)

    def sum(self, terms: Sequence[int]) -> int:
        total = terms[0]
        for term in terms[1:]:
            total = self.nodes.call("add", [total, term], *self.span)
        return total


def _name(loss: Loss, claimed: Mapping[str, Place]) -> str:
    """The loss's own name, or the first free of L, loss, loss2, …"""
    if loss.name is not None:
        if loss.name.name in claimed:
            raise clash(claimed[loss.name.name], loss.name.name, loss.name.place)
        return loss.name.name
    taken = {*claimed, *(p.name for p in loss.parts)}
    if len(loss.parts) == 1 and loss.parts[0].name == DEFAULT_NAMES[0]:
        taken.discard(DEFAULT_NAMES[0])
    free = next((n for n in DEFAULT_NAMES if n not in taken), None)
    number = 1
    while free is None:
        number += 1
        free = f"loss{number}" if f"loss{number}" not in taken else None
    return free


def _check_parts(loss: Loss, name: str, claimed: Mapping[str, Place]) -> None:
    seen: dict[str, Place] = dict(claimed)
    if loss.name is not None and len(loss.parts) > 1:
        seen[name] = loss.name.place
    for part in loss.parts:
        if part.name in seen:
            raise clash(seen[part.name], part.name, part.place)
        seen[part.name] = part.place


def _formula(tree: Scalar, nodes: Nodes, vocabulary: Vocabulary, claimed: Mapping[str, Place]) -> int:
    if tree.text not in claimed and is_name(tree.text):
        near = OTHER_NAMES.get(tree.text.lower()) or nearest(tree.text, SENTENCES)
        others = f"there are {', '.join(SENTENCES)}, and any formula over outputs and targets"
        hint = f"did you mean {near}?" if near else others
        raise SpecError(f"there is no loss {tree.text}", tree.place, hint=hint)
    root = expression(tree, nodes, vocabulary, "loss")
    for node in nodes.reachable([root]):
        if nodes.op[node] != NAME:
            continue
        name = nodes.text(node)
        if name not in claimed and name not in CONSTANTS:
            advice = did_you_mean(name, claimed, "the names are")
            if name[:1] == "t" and name[1:].isdigit() and not any(n.startswith("t") for n in claimed):
                advice = "t1, t2, … are the targets: give them with targets: [0.01, 0.99]"
            raise SpecError(f"loss: there is no {name} in the network", nodes.place(node), hint=advice)
    return root
