"""What the pictures of a computational graph say: headings of columns, what stands for many, the legend."""

from __future__ import annotations

from collections.abc import Sequence

# Headings of a network's columns.
INPUTS = "inputs"
LOSS = "loss"
LOSS_BY_OUTPUT = "loss, by output"
LOSS_BY_ROW = "loss, by row"
TARGETS = "targets"

# In vertices and beside edges.
CONTRIBUTES = "← "
ABOUT = "≈ "
NOT_WRITTEN = "…"
SUM = "Σ"
NORMALISED = "normalised"
INPUT, NEURON, WEIGHT, TERM = "input", "neuron", "weight", "part"
SOFTMAX = "softmax"
OWN_FUNCTION = "f"
SEVERAL = " … "
BESIDE = ": "
COMMA = ", "
TO = "→ "

# Signs in lines that are drawn by characters.
STILL_SIGN = "┄"
SKIP_SIGN = "skip"
SUMMARY_SIGN = "…"


def layer(number: int, name: str | None) -> str:
    return f"layer {number}" if name is None else f"layer {number}, {name}"


def before_activation(heading: str) -> str:
    return f"{heading}: z"


def after_activation(heading: str) -> str:
    return f"{heading}: a"


def neurons(count: int, activations: Sequence[str], matrix: int) -> str:
    shown = [*activations[:3], *(["…"] if len(activations) > 3 else [])]
    return ", ".join([counted(count, "neuron"), *shown, *([counted(matrix, "weight")] if matrix else [])])


def counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def more(count: int, what: str) -> str:
    return f"⋮  {counted(count, what)} more"


def folded(statements: int, inputs: int) -> str:
    """What one vertex stands for."""
    parts = [counted(n, what) for n, what in ((statements, "statement"), (inputs, "input")) if n]
    return " and ".join(parts)


# -- notes


def adjoints_of(of: str, others: Sequence[str]) -> str:
    more = f"{', '.join(others[:3])}{', …' if len(others) > 3 else ''}"
    return f"Adjoints and contributions are those of {of}; --of shows those of {more}."


def tangents_along(key: str, others: int) -> str:
    along = "the seed" if key == "seed" else key
    return f"Tangents are those along {along}{f', the first of {others + 1}' if others else ''}."


def no_product_at(statement: str, back: bool, system: str | None) -> str:
    """`system`: whose slopes are taken, and who has nan for it."""
    way = "back" if back else "forward"
    return f"At {statement}: ∞·0, which has no value{f' ({system}: nan)' if system else ''}, comes up on the way {way}."


def row_shown(row: int, rows: int) -> str:
    return (
        f"Of {rows} rows of data row {row} is shown (--row); weights and biases receive their derivatives from all rows."
    )  # fmt: skip


def shared(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is one parameter that stands in several places: its derivative is the sum over all of them."
    named = f"{', '.join(names[:6])}{', …' if len(names) > 6 else ''}"
    return f"{named} are parameters that stand in several places each: their derivatives are sums over all of them."


def kinks_not_drawn(count: int) -> str:
    if count == 1:
        return "1 statement that is not drawn stands at a kink; its slope is taken by convention too."
    return f"{count:,} statements that are not drawn stand at a kink; their slopes are taken by convention too."


def some_neurons(most: int) -> str:
    return f"Of a layer of more than {most} neurons the first ones and the last one are shown; grey lines stand for the others."


def as_layers(neurons: int, weights: int, most: int) -> str:
    return (
        f"{neurons:,} neurons and {weights:,} weights are too many to be drawn one by one (more than {most} lines): a vertex "
        "stands for a layer."
    )  # fmt: skip


def only_last(shown: int, count: int) -> str:
    return f"The last {shown} of {count:,} statements are shown; one vertex stands for all before them."


def no_partials(count: int, most: int) -> str:
    return f"The local partials are left out: there are {count} lines (more than {most})."


def long_layers(most: int) -> str:
    return f"Of a layer of more than {most} neurons the first figures and the last one are shown."


# -- the legend, and what a screen reader is told

OUTPUT = "output"
KINDS = {
    "input": "input", "parameter": "parameter", "target": "target", "operation": "statement", "neuron": "neuron",
    "layer": "layer", "loss": "loss", "summary": "stands for many",
}  # fmt: skip
LINES = {"skip": "skip connection", "still": "nothing flows back", "summary": "stands for many"}
LOCAL = "local partial"
WEIGHTS = "weight"
VALUE = "value"
ADJOINT = "adjoint"
BACK = "what flows back along the line"
WEIGHT_DERIVATIVE = "derivative of the weight"
GRAPH = "Computational graph"
TOO_WIDE = "The computational graph is too large for a page: wengert graph draws it."


def described(vertices: int, edges: int) -> str:
    return f"{vertices} {'vertex' if vertices == 1 else 'vertices'} and {counted(edges, 'edge')}."


# -- what a drawing by characters says of itself


def drawn_down(width: int, room: int) -> str:
    return f"Drawn from top to bottom: from left to right it takes {width:,} columns, and there are {room}."


def listed(width: int, room: int) -> str:
    return f"Listed, not drawn: a drawing takes {width:,} columns, and there are {room} (-o FILE.svg draws it)."


def listed_long(most: int) -> str:
    return f"Listed, not drawn: a drawing takes more than {most:,} characters (-o FILE.svg draws it)."


ITS_DERIVATIVE = "its derivative"
FLOWS_BACK = "what flows back"


def on_a_line(what: str, below: str) -> str:
    return f"on a line: {what}" + (f", below it {below}" if below else "")
