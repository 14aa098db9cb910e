"""The loss of a network: the named losses written out over outputs and targets, or a formula of the person's own.

What each one sums over the outputs stands in loss_terms.py. With several rows of data each row has its loss (L_s1, …), and the
loss is their mean or sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wengert.errors import Place, SpecError
from wengert.lang import keys as table
from wengert.lang import shape
from wengert.lang.expr import NAME
from wengert.lang.fields import (
    Named,
    a_name,
    check_keys,
    clash,
    constant,
    did_you_mean,
    expression,
    find,
    is_name,
    names,
    nearest,
    one_of,
    wrong,
)
from wengert.lang.loss_terms import ACTIVATION_OF, BINARY, CROSS, RowLoss
from wengert.lang.model import CONSTANTS, Definition, Kind
from wengert.lang.reader import Mapping as Map
from wengert.lang.reader import Scalar, Tree, found
from wengert.lang.scope import Scope, count
from wengert.lang.written import Written, copied

SENTENCES = {
    "squared_error": "loss = Σ (a − t)² (no factor ½, no division by n)",
    "half_squared_error": "loss = ½ Σ (a − t)²",
    "mse": "loss = (1/n) Σ (a − t)², n = {n}",
    "absolute_error": "loss = Σ |a − t| (no division by n)",
    "huber": "loss = Σ h(a − t), h(r) = ½ r² where |r| ≤ δ, else δ·(|r| − ½ δ); δ = {delta} (no division by n)",
    BINARY: "loss = −Σ [t ln a + (1 − t) ln(1 − a)], summed over the outputs (no division by n)",
    CROSS: "loss = −Σ t ln a, summed over the outputs",
    "hinge": "loss = Σ max(0, 1 − t·a), for targets t = ±1 (no division by n)",
}
BY_CLASS = "loss = −ln a of the target's class; the classes count from 1 to {n}"
STABLE = {
    BINARY: "computed as Σ [softplus(z) − t·z], which is the same for a = σ(z) and does not overflow",
    CROSS: "computed as Σ t·(logsumexp(z) − z), which is the same for a = softmax(z) and does not overflow",
    "class": "computed as logsumexp(z) − z of that class, which is the same for a = softmax(z) and does not overflow",
}
DEFAULT_NAMES = ("L", "loss")

# What other tools call them.
OTHER_NAMES = {"mean_squared_error": "mse", "sse": "squared_error", "sum_squared_error": "squared_error", "se": "squared_error",
               "half_sse": "half_squared_error", "half_mse": "half_squared_error", "bce": BINARY, "log_loss": BINARY,
               "categorical_cross_entropy": CROSS, "nll": CROSS, "mae": "absolute_error", "l1": "absolute_error",
               "smooth_l1": "huber"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loss:
    """What `loss:` asks for: one of the named kinds, or a formula (`kind` None); a name, and a name for each part."""

    kind: str | None
    tree: Scalar
    name: Named | None = None
    parts: tuple[Named, ...] = ()
    reduction: str = "mean"
    form: str = "textbook"
    delta: int | None = None  # root of a constant expression
    delta_text: str = ""


@dataclass(frozen=True, slots=True)
class WrittenLoss:
    """The definitions, what the model's shape says of them, and the sentences that documents open with."""

    definitions: list[Definition]
    shape: shape.Loss
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]


def read_loss(tree: Tree, scope: Scope) -> Loss:
    """`half_squared_error`, a formula, or {kind: …, name: …, parts: […]}. Raises SpecError."""
    entries: Mapping[str, Tree] = {}
    if isinstance(tree, Map):
        entries = check_keys(tree, table.names(table.LOSS_KEYS), "loss")
        named = find(entries, "kind")
        if named is None:
            raise SpecError("the loss has no kind", tree.place, hint=f"one of {', '.join(SENTENCES)}, or a formula")
        tree = named
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, "loss", "the name of a loss, or a formula")
    name, parts_tree, delta = find(entries, "name"), find(entries, "parts"), find(entries, "delta")
    form, reduction = find(entries, "form"), find(entries, "reduction")
    parts = [] if parts_tree is None else names(parts_tree, "parts")
    kind = tree.text if tree.text in SENTENCES else None
    if kind is None and parts:
        raise SpecError("parts belong to the losses with a name", parts[0].place, hint=f"these are {', '.join(SENTENCES)}")
    if form is not None and kind not in ACTIVATION_OF:
        raise SpecError("form belongs to the cross-entropies", form.place, hint=f"these are {BINARY} and {CROSS}")
    if delta is not None and kind != "huber":
        raise SpecError("delta belongs to huber", delta.place)
    root, text = None, ""
    if kind == "huber" and delta is None:
        scope.nodes.begin(tree.place.source)
        root, text = scope.nodes.number("1", tree.place.start, tree.place.end), "1"
    elif delta is not None:
        root, text = constant(delta, scope.nodes, scope.vocabulary, "delta", scope.claimed), found(delta)
        if text.startswith(("-", "−")) or text.strip("0.") == "":
            raise SpecError(f"delta is {text}", delta.place, hint="a number greater than 0")
    return Loss(
        kind, tree, None if name is None else a_name(name, "name"), tuple(parts),
        "mean" if reduction is None else one_of(reduction, "reduction", table.REDUCTIONS),
        "textbook" if form is None else one_of(form, "form", table.FORMS_OF_LOSS), root, text,
    )  # fmt: skip


def define_loss(
    loss: Loss, last: shape.Layer, targets: Sequence[str], classes: Sequence[int] | None, scope: Scope
) -> WrittenLoss:
    """The definitions of the loss, of its parts and of its rows. `targets` are names without a row's suffix.

    Raises SpecError for a name that is given twice, and where the loss does not fit the network.
    """
    if loss.kind is not None and not targets and classes is None:
        example = "[1, 0]" if loss.kind in ACTIVATION_OF else "[0.01, 0.99]"
        raise SpecError(f"{loss.tree.text} needs targets", loss.tree.place, hint=f"for example targets: {example}")
    if loss.parts and len(loss.parts) != last.size:
        raise SpecError(
            f"the loss has {count(len(loss.parts), 'part')}, the last layer has {count(last.size, 'output')}",
            loss.parts[0].place,
        )  # fmt: skip
    if loss.parts and classes is not None:
        raise SpecError("a loss with a class number has no parts", loss.parts[0].place,
                        hint="it is −ln a of one output alone; one target for each output gives parts")  # fmt: skip
    _check_form(loss, last)
    name = _name(loss, scope)
    _check_parts(loss, name, scope)
    rows = tuple(scope.row_name(name, row) for row in range(scope.rows))
    definitions: list[Definition] = []
    kind = Kind.LOSS if scope.rows == 1 else Kind.ROW
    root = None if loss.kind is not None else _formula(loss.tree, scope, [*_of_one_row(last.post[0], scope), *targets])
    alone = len(loss.parts) == 1 and loss.parts[0].name == name  # one part under the loss's own name is the loss
    shared = () if alone else loss.parts
    parts = scope.per_row([p.name for p in shared]) if shared else ()
    aims = scope.per_row(targets)
    size = len(scope.nodes)
    for row, row_name in enumerate(rows):
        number = None if scope.rows == 1 else row + 1
        if root is not None:
            body = root if scope.rows == 1 else copied(scope.nodes, root, scope.renamed(row))
        else:
            written = Written(scope.nodes, loss.tree.place)
            writer = RowLoss(loss.kind or "", loss.form, loss.delta, last.post[row], last.inner[row], aims[row], written)
            if classes is not None:
                body = writer.of_class(classes[row])
            elif shared:
                named = zip(parts[row], writer.shares(), strict=True)
                definitions += [Definition(p, share, Kind.PART, None, number) for p, share in named]
                body = writer.joined(parts[row])
            else:
                body = writer.total()
        definitions.append(Definition(row_name, body, kind, None, number))
        if row == 0:
            scope.nodes.foresee((len(scope.nodes) - size) * (scope.rows - 1), loss.tree.place)
    if scope.rows > 1:
        written = Written(scope.nodes, loss.tree.place)
        definitions.append(Definition(name, written.call(loss.reduction, *written.names(rows)), Kind.LOSS))
    described = shape.Loss(
        loss.kind, name, loss.form, loss.reduction, rows, parts, None if classes is None else tuple(classes), loss.delta,
        loss.delta_text or None,
    )  # fmt: skip
    warnings: tuple[str, ...] = ()
    if loss.kind == CROSS and last.size == 1:
        warnings = (f"{CROSS} of one output is −t ln a, which does not see t = 0: {BINARY} has both terms",)
    return WrittenLoss(definitions, described, _sentences(loss, name, last.size, classes is not None, scope.rows), warnings)


def _sentences(loss: Loss, name: str, outputs: int, by_class: bool, rows: int) -> tuple[str, ...]:
    if loss.kind is None:
        first = "loss = " + " ".join(loss.tree.text.split())
    else:
        first = (BY_CLASS if by_class else SENTENCES[loss.kind]).format(n=outputs, delta=loss.delta_text)
        if loss.form == "stable":
            first += "; " + STABLE["class" if by_class else loss.kind]
    if rows == 1:
        return (first,)
    how = f"(1/{rows}) Σ of the rows' losses" if loss.reduction == "mean" else "Σ of the rows' losses"
    return (f"each row: {first}", f"{name} = {how}: the {loss.reduction} over the {rows} rows of data")


def _check_form(loss: Loss, last: shape.Layer) -> None:
    """The stable form stands for the textbook's only behind its own activation."""
    if loss.kind is None or loss.form != "stable":
        return
    wanted = ACTIVATION_OF[loss.kind]
    other = next((a.operation or "a formula" for a in last.activations if a.operation != wanted), None)
    if other is not None or last.skip:
        here = f"ends with {other}" if other is not None else "adds a skip connection to it"
        raise SpecError(f"the stable form of {loss.kind} wants outputs of {wanted}, and the last layer {here}", loss.tree.place,
                        hint="leave form out, or change the activation of the last layer")  # fmt: skip


# -- names


def _name(loss: Loss, scope: Scope) -> str:
    """The loss's own name, or the first free of L, loss, loss2, …"""
    if loss.name is not None:
        for name in _all_rows(loss.name.name, scope):
            if name in scope.claimed:
                raise clash(scope.claimed[name], name, loss.name.place)
        return loss.name.name
    taken = {*scope.claimed, *(n for p in loss.parts for n in _all_rows(p.name, scope))}
    if len(loss.parts) == 1 and loss.parts[0].name == DEFAULT_NAMES[0]:
        taken.difference_update(_all_rows(DEFAULT_NAMES[0], scope) if DEFAULT_NAMES[0] not in scope.claimed else ())

    def is_free(name: str) -> bool:
        return not any(n in taken for n in _all_rows(name, scope))

    free = next((n for n in DEFAULT_NAMES if is_free(n)), None)
    number = 1
    while free is None:
        number += 1
        free = f"loss{number}" if is_free(f"loss{number}") else None
    return free


def _all_rows(name: str, scope: Scope) -> list[str]:
    return [name] if scope.rows == 1 else [name, *(scope.row_name(name, row) for row in range(scope.rows))]


def _check_parts(loss: Loss, name: str, scope: Scope) -> None:
    seen: dict[str, Place] = dict(scope.claimed) if loss.parts else {}
    if loss.name is not None and len(loss.parts) > 1:
        seen.update(dict.fromkeys(_all_rows(name, scope), loss.name.place))
    for part in loss.parts:
        for one in _all_rows(part.name, scope):
            if one in seen:
                raise clash(seen[one], one, part.place)
            seen[one] = part.place


def _of_one_row(names: Sequence[str], scope: Scope) -> list[str]:
    """Names of the first row as a formula over one row has them."""
    written = {copy: name for name, copy in scope.renamed(0).items()}
    return [written.get(name, name) for name in names]


def _formula(tree: Scalar, scope: Scope, first: Sequence[str]) -> int:
    """The root of a loss of the person's own; `first` are the outputs and targets, which it is mostly made of."""
    nodes, vocabulary, known = scope.nodes, scope.vocabulary, scope.base_names()
    if tree.text not in known and is_name(tree.text):
        near = OTHER_NAMES.get(tree.text.lower()) or nearest(tree.text, SENTENCES)
        others = f"there are {', '.join(SENTENCES)}, and any formula over outputs and targets"
        hint = f"did you mean {near}?" if near else others
        raise SpecError(f"there is no loss {tree.text}", tree.place, hint=hint)
    nodes.defined.update(known)
    root = expression(tree, nodes, vocabulary, "loss")
    for node in nodes.reachable([root]):
        if nodes.op[node] != NAME:
            continue
        name = nodes.text(node)
        if name not in known and name not in CONSTANTS:
            ordered = dict.fromkeys([*(n for n in first if n in known), *known])
            advice = did_you_mean(name, ordered, "the names are")
            if name[:1] == "t" and name[1:].isdigit() and not any(n.startswith("t") for n in known):
                advice = "t1, t2, … are the targets: give them with targets: [0.01, 0.99]"
            one, suffix, number = name.rpartition("_s")
            if suffix and number.isdigit() and one in known:
                advice = f"write {one}: the formula is that of one row, and is copied for each"
            raise SpecError(f"loss: there is no {name} in the network", nodes.place(node), hint=advice)
    return root
