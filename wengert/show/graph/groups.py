"""Which quantities of a network belong to which vertex of its graph, in which column, and what is left out.

A neuron's vertex stands for its z and a in every row of data, and what a batch normalisation makes of z. A layer of softmax has
two columns, since each of its a depends on every z of the layer. Of a wide layer the first neurons and the last one are shown,
and one vertex stands for the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wengert.lang.shape import Layer, Names, PerRow, Shape
from wengert.show.graph import model
from wengert.show.words import graphs as words

MOST_NEURONS = 6  # of a column, that are shown one by one
FIRST_NEURONS = 4  # of a wider one, and the last


@dataclass(frozen=True)
class Group:
    """One vertex: `rows` are the names of its quantities for each row of data, in the order of their evaluation, `common`
    those that all rows share (statistics). `count` is more than 1 where it stands for several neurons, whose names `rows` then
    has."""

    shape: model.Shape
    column: int
    rows: PerRow
    common: Names = ()
    sign: str = ""
    count: int = 1
    layer: Layer | None = None
    index: int = 0  # of the neuron in its layer


@dataclass
class Groups:
    """All vertices, the vertex of each name, and the headings of the columns."""

    found: list[Group] = field(default_factory=list)
    of: dict[str, int] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)

    def add(self, group: Group) -> None:
        for names in (*group.rows, group.common):
            self.of.update(dict.fromkeys(names, len(self.found)))
        self.found.append(group)

    @property
    def narrowed(self) -> bool:
        """Whether one vertex stands for several neurons."""
        return any(group.count > 1 for group in self.found)


def grouped(shape: Shape, symbols: Mapping[str, str]) -> Groups:
    """The vertices of a network, column by column."""
    groups = Groups()
    _column(groups, words.INPUTS, [Group("input", 0, _each(shape.inputs, k)) for k in range(len(shape.inputs[0]))])
    for layer in shape.layers:
        heading = words.layer(layer.number, layer.name)
        if layer.softmax and layer.pre != layer.post:
            column = len(groups.titles)
            before = [
                Group("neuron", column, _each(layer.pre, k), sign=words.SUM, layer=layer, index=k) for k in range(layer.size)
            ]
            _column(groups, words.before_activation(heading), before)
            after = [
                Group("neuron", column + 1, _each(layer.post, k), sign=words.SOFTMAX, layer=layer, index=k)
                for k in range(layer.size)
            ]
            _column(groups, words.after_activation(heading), after)
        else:
            _column(groups, heading, [_neuron(layer, k, len(groups.titles), symbols) for k in range(layer.size)])
    last = len(groups.titles) - 1
    targets = [Group("target", last, _each(shape.targets, k)) for k in range(len(shape.targets[0]))]
    for group in _narrow(targets):
        groups.add(group)
    if shape.loss is not None:
        _add_loss(groups, shape)
    return groups


def _neuron(layer: Layer, k: int, column: int, symbols: Mapping[str, str]) -> Group:
    norm = layer.batchnorm
    rows = []
    for row in range(len(layer.post)):
        names = [layer.pre[row][k]] if layer.kind == "dense" else []  # else z are the activations before it
        if norm is not None:
            names += [norm.normalised[row][k], norm.scaled[row][k]]
        rows.append(tuple(dict.fromkeys([*names, layer.post[row][k]])))
    common = () if norm is None else (norm.mean[k], norm.variance[k])
    return Group("neuron", column, tuple(rows), common, sign_of(layer, k, symbols), layer=layer, index=k)


def sign_of(layer: Layer, k: int, symbols: Mapping[str, str]) -> str:
    """The sign of a neuron's activation; of none that of a sum."""
    activation = layer.activations[k] if layer.activations else None
    if activation is None or activation.operation == "identity":
        return words.SUM
    if activation.operation is None:
        return words.OWN_FUNCTION
    return symbols.get(activation.operation, activation.operation)


def _each(table: PerRow, k: int) -> PerRow:
    return tuple((names[k],) for names in table)


def _column(groups: Groups, title: str, members: Sequence[Group]) -> None:
    groups.titles.append(title)
    for group in _narrow(members):
        groups.add(group)


def _narrow(members: Sequence[Group]) -> list[Group]:
    """The members, those of a wide column between the first and the last as one."""
    if len(members) <= MOST_NEURONS:
        return list(members)
    left_out = members[FIRST_NEURONS:-1]
    rows = tuple(tuple(name for group in left_out for name in group.rows[r]) for r in range(len(left_out[0].rows)))
    common = tuple(name for group in left_out for name in group.common)
    first = left_out[0]
    one = Group("summary", first.column, rows, common, count=len(left_out), layer=first.layer, index=first.index)
    return [*members[:FIRST_NEURONS], one, members[-1]]


def _add_loss(groups: Groups, shape: Shape) -> None:
    """The loss and what it is made of: the outputs' shares, the rows' losses."""
    loss = shape.loss
    assert loss is not None
    parts = [Group("loss", 0, _each(loss.parts, k)) for k in range(len(loss.parts[0]))] if loss.parts and loss.parts[0] else []
    rows = [Group("loss", 0, tuple((name,) for name in loss.rows))] if loss.rows != (loss.name,) else []
    whole = [Group("loss", 0, tuple(() for _ in range(shape.rows)), (loss.name,))]
    for members, title in ((parts, words.LOSS_BY_OUTPUT), (rows, words.LOSS_BY_ROW), (whole, words.LOSS)):
        if members:
            _column(groups, title, [replace(group, column=len(groups.titles)) for group in members])
