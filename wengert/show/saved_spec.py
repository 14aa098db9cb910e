"""A model to a spec that reads back as the same model, with other values for some of its inputs: what `train --save` writes.

Values that were not moved stand as they were typed; moved ones with all digits of a double (Python's repr), so that a trace of
the spec gives the very same numbers. Every weight of a network gets a name, and repeated layers are written out. Texts and
formulas that YAML could take for something else stand in quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from wengert.lang.expr import NAME, NUMBER, Nodes
from wengert.lang.keys import LOSSES
from wengert.lang.model import Input, Model, Role
from wengert.lang.shape import Layer, Loss, Names, Shape
from wengert.show.notation import language

WIDTH = 120  # characters of a line that holds a whole map or list
_PLAIN = re.compile(r"[\w.(-][\w.+\-*/() ]*", re.UNICODE)
_NULLS = frozenset({"null", "Null", "NULL"})


def spec_text(model: Model, values: Mapping[str, float], rate: float | None = None, remark: str = "") -> str:
    """The spec of the model with the given values of inputs. `rate` is a learning rate other than the spec's; `remark` one
    line of comment. The values of all inputs must be known, here or in the model."""
    writer = _Writer(model, values)
    lines = [f"# {remark}"] if remark else []
    for key, text in (("title", model.title), ("source", model.source), ("note", model.note)):
        if text:
            lines.append(f"{key}: {_quoted(text)}")
    lines += writer.network() if model.network is not None else writer.program()
    lines += writer.shared(rate)
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, model: Model, values: Mapping[str, float]) -> None:
        self.model = model
        self.nodes = model.nodes
        self.values = values
        self.inputs = {x.name: x for x in model.inputs}

    # -- the three forms

    def program(self) -> Iterator[str]:
        definitions = self.model.definitions
        if self.model.form == "formula":
            yield f"formula: {_scalar(language(self.nodes, definitions[0].root))}"
        else:
            yield "let:"
            for d in definitions:
                yield f"  {_name(d.name)}: {_scalar(language(self.nodes, d.root))}"
        if self.model.inputs:
            yield from _map("at", [(x.name, self._value(x)) for x in self.model.inputs])

    def network(self) -> Iterator[str]:
        shape = self.model.network
        assert shape is not None
        yield from self._rows(shape)
        parameters = [(x.name, self._value(x)) for x in self.model.inputs if x.role is Role.PARAMETER]
        if parameters:
            yield from _map("parameters", parameters)
        yield "layers:"
        last = {layer.name: layer.number for layer in shape.layers}  # of a repeated layer the last one is meant
        for layer in shape.layers:
            yield from self._layer(layer, shape, layer.name is not None and last[layer.name] == layer.number)
        yield from self._targets(shape)
        if shape.loss is not None:
            yield from self._loss(shape.loss, shape)

    def shared(self, rate: float | None) -> Iterator[str]:
        """The keys of any form, where they are not the default."""
        model = self.model
        if model.outputs != self._usual_outputs():
            yield f"output: {_names(model.outputs)}"
        if model.wrt != self._usual_wrt() and model.wrt:
            yield f"wrt: {_names(model.wrt)}"
        if model.seed:
            yield from _map("seed", [(x, language(self.nodes, root)) for x, root in model.seed.items()])
        if rate is not None:
            yield f"rate: {rate!r}"
        elif model.rate is not None:
            yield f"rate: {_scalar(language(self.nodes, model.rate))}"
        if model.frozen:
            yield f"frozen: {_names(model.frozen)}"

    def _usual_outputs(self) -> Names:
        shape = self.model.network
        if shape is None:
            return (self.model.definitions[-1].name,)
        return (shape.loss.name,) if shape.loss is not None else tuple(name for row in shape.outputs for name in row)

    def _usual_wrt(self) -> Names:
        if self.model.network is None:
            return tuple(x.name for x in self.model.inputs)
        parameters = tuple(x.name for x in self.model.inputs if x.role is Role.PARAMETER)
        return parameters or tuple(x.name for x in self.model.inputs if x.role is Role.INPUT)

    def _value(self, x: Input) -> str:
        if x.name in self.values:
            return repr(self.values[x.name])
        assert x.value is not None, f"{x.name} has no value"
        return language(self.nodes, x.value)

    # -- a network

    def _rows(self, shape: Shape) -> Iterator[str]:
        """`inputs`, and with several rows `data`: the values of inputs, targets and class numbers."""
        if shape.rows == 1:
            yield from _map("inputs", [(name, self._value(self.inputs[name])) for name in shape.inputs[0]])
            return
        yield f"inputs: {_names(_plain(shape.inputs, shape))}"
        yield "data:"
        names = [*_plain(shape.inputs, shape), *self._target_names(shape)]
        for row in range(shape.rows):
            cells = [self._value(self.inputs[name]) for name in (*shape.inputs[row], *shape.targets[row])]
            if shape.loss is not None and shape.loss.classes is not None:
                cells.append(str(shape.loss.classes[row]))
            yield f"  - {_flow(zip(names, cells, strict=True))}"

    def _target_names(self, shape: Shape) -> Names:
        if shape.loss is None or shape.loss.classes is None:
            return _plain(shape.targets, shape)
        assert shape.loss.class_name is not None  # that of a column of data
        return (shape.loss.class_name,)

    def _targets(self, shape: Shape) -> Iterator[str]:
        if shape.rows > 1:
            names = self._target_names(shape)
            if names:
                yield f"targets: {_names(names, many=True)}"
        elif shape.loss is not None and shape.loss.classes is not None:
            classes = shape.loss.classes
            name = shape.loss.class_name
            yield f"targets: [{classes[0]}]" if name is None else f"targets: {_flow([(name, str(classes[0]))])}"
        elif shape.targets[0]:
            yield from _map("targets", [(name, self._value(self.inputs[name])) for name in shape.targets[0]])

    def _layer(self, layer: Layer, shape: Shape, named: bool) -> Iterator[str]:
        lines: list[str] = []
        if named:
            assert layer.name is not None
            lines.append(f"name: {_name(layer.name)}")
        if layer.weights:
            rows = [_names(row, many=True) for row in layer.weights]
            whole = f"weights: [{', '.join(rows)}]"
            lines += [whole] if len(whole) <= WIDTH else ["weights:", *(f"  - {row}" for row in rows)]
        if layer.bias:
            lines.append(f"bias: {_names(layer.bias, many=True)}")
        norm = layer.batchnorm
        if norm is not None:
            epsilon = _scalar(language(self.nodes, norm.epsilon))
            scales = f"gamma: {_names(norm.gamma, many=True)}, beta: {_names(norm.beta, many=True)}"
            lines.append(f"batchnorm: {{epsilon: {epsilon}, {scales}}}")
        activations = [a.operation or self._formula(a.root) for a in layer.activations]
        if layer.softmax or len(set(activations)) == 1:
            activations = activations[:1]
        if activations != ["identity"]:
            texts = [_scalar(a) for a in activations]
            lines.append(f"activation: {texts[0] if len(texts) == 1 else '[' + ', '.join(texts) + ']'}")
        if layer.skip_of is not None:
            lines.append(f"skip: {_name(layer.skip_of)}")
        for key, names, letter in (("pre", layer.pre, "z"), ("post", layer.post, "a")):
            own = _plain(names, shape)
            usual = tuple(f"{letter}{layer.number}_{i}" for i in range(1, layer.size + 1))
            if own != usual and (key == "post" or layer.kind == "dense"):
                lines.append(f"{key}: {_names(own, many=True)}")
        yield f"  - {lines[0]}"
        yield from (f"    {line}" for line in lines[1:])

    def _formula(self, root: int | None) -> str:
        """An activation's formula; one that is a name alone stands in brackets, or it would be taken for a function."""
        assert root is not None
        text = language(self.nodes, root)
        return f"({text})" if self.nodes.op[root] == NAME else text

    def _loss(self, loss: Loss, shape: Shape) -> Iterator[str]:
        kind = loss.kind
        if kind is None:
            root = next(d.root for d in self.model.definitions if d.name == loss.rows[0])
            kind = language(*self._of_one_row(root, shape))
            kind = f"({kind})" if kind in LOSSES else kind
        entries = [("kind", kind), ("name", loss.name)]
        if shape.rows > 1:
            entries.append(("reduction", loss.reduction))
        if loss.form != "textbook":
            entries.append(("form", loss.form))
        if loss.kind == "huber" and loss.delta is not None:
            entries.append(("delta", language(self.nodes, loss.delta)))
        pieces = [f"{key}: {_scalar(value)}" for key, value in entries]
        if loss.parts and loss.parts[0]:
            pieces.append(f"parts: {_names(_plain(loss.parts, shape), many=True)}")
        yield f"loss: {{{', '.join(pieces)}}}"

    def _of_one_row(self, root: int, shape: Shape) -> tuple[Nodes, int]:
        """A formula over the first row's names as it is written for every row."""
        if shape.rows == 1:
            return self.nodes, root
        of_rows = {d.name for d in self.model.definitions if d.row == 1}
        of_rows |= {*shape.inputs[0], *shape.targets[0]}
        made = Nodes()
        new: dict[int, int] = {}
        for node in self.nodes.reachable([root]):
            if self.nodes.op[node] == NAME:
                name = self.nodes.text(node)
                new[node] = made.name(name.removesuffix("_s1") if name in of_rows else name)
            elif self.nodes.op[node] == NUMBER:
                new[node] = made.number(self.nodes.text(node))
            else:
                new[node] = made.call(self.nodes.operation(node), [new[a] for a in self.nodes.arguments(node)])
        return made, new[root]


# -- YAML


def _plain(per_row: Sequence[Names], shape: Shape) -> Names:
    """The names as they are written, without the suffix of the first row."""
    return tuple(per_row[0]) if shape.rows == 1 else tuple(name.removesuffix("_s1") for name in per_row[0])


def _map(key: str, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A map in one line where it is short, else a line an entry."""
    line = f"{key}: {_flow(entries)}"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"{key}:"
    for name, value in entries:
        yield f"  {_name(name)}: {_scalar(value)}"


def _flow(entries: Sequence[tuple[str, str]] | zip[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{_name(name)}: {_scalar(value)}" for name, value in entries) + "}"


def _names(names: Sequence[str], many: bool = False) -> str:
    if len(names) == 1 and not many:
        return _name(names[0])
    return f"[{', '.join(map(_name, names))}]"


def _name(name: str) -> str:
    return _quoted(name) if name in _NULLS else name


def _scalar(text: str) -> str:
    """A number or a formula; plain where nothing in it means something to YAML, inside brackets too."""
    plain = _PLAIN.fullmatch(text) and text not in _NULLS and not text.startswith(("- ", "---")) and text == text.strip()
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    """A text in double quotes: JSON's escapes are YAML's too; what is no visible character is escaped as well."""
    return "".join(c if c.isprintable() else _escape(c) for c in json.dumps(text, ensure_ascii=False))


def _escape(c: str) -> str:
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"
