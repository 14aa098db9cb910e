"""A network's layers to definitions: z = W a + b, activations and the loss, written out neuron by neuron (form 3).

Nothing is computed: `weights: [[w1, w2]]` becomes the expression w1*x1 + w2*x2, with the span of what stands for it in the
file, so that a later error can point there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wengert.errors import Place, SpecError
from wengert.lang.activation import Activation, read_activation
from wengert.lang.expr import Nodes
from wengert.lang.fields import (
    Given,
    Named,
    a_list,
    a_map,
    a_name,
    check_keys,
    clash,
    constant,
    did_you_mean,
    find,
    is_name,
    names,
    values,
)
from wengert.lang.loss import Loss, define_loss, read_loss
from wengert.lang.model import CONSTANTS, Definition, Input, Kind, Model, Role
from wengert.lang.reader import Mapping as Map
from wengert.lang.reader import Scalar, Tree
from wengert.lang.reader import Sequence as List
from wengert.lang.vocabulary import Vocabulary

SECTIONS = ("inputs", "parameters", "layers", "targets", "loss")
LAYER_KEYS = ("weights", "bias", "activation", "pre", "post")


def read_network(entries: Mapping[str, Tree], vocabulary: Vocabulary) -> Model:
    """The model of a network: `inputs`, `parameters`, `layers`, `targets`, `loss`. Raises SpecError and FormulaError.

    Inputs stand first, then parameters (those with names, then the numbers of the weights, layer by layer), then targets.
    """
    return _Network(entries, vocabulary).model()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A weight or a bias: the name that stands in the expression, and where it was written."""

    name: str
    place: Place


class _Network:
    def __init__(self, entries: Mapping[str, Tree], vocabulary: Vocabulary) -> None:
        self.entries = entries
        self.vocabulary = vocabulary
        self.nodes = Nodes()
        self.file = entries["layers"].place.source
        self.claimed: dict[str, Place] = {}
        self.known_parameters: dict[str, Given] = {}
        self.numbers: list[Input] = []  # parameters that are written as numbers
        self.definitions: list[Definition] = []

    def model(self) -> Model:
        inputs = self._inputs()
        if "parameters" in self.entries:
            tree = self.entries["parameters"]
            if not (isinstance(tree, Scalar) and tree.empty):
                self.known_parameters = values(tree, self.nodes, self.vocabulary, "parameters", inputs, optional=True)
        for name, given in [*inputs.items(), *self.known_parameters.items()]:
            self.claim(name, given.place)
        outputs = [Named(name, given.place) for name, given in inputs.items()]
        layers = a_list(self.entries["layers"], "layers", "a list of layers", "each layer begins with `- weights:`")
        if not layers:
            raise SpecError("the network has no layers", self.entries["layers"].place)
        for number, tree in enumerate(layers, 1):
            outputs = self._layer(number, tree, [n.name for n in outputs])
        targets, result, assumption = self._loss(outputs)
        parameters = [Input(n, Role.PARAMETER, g.root) for n, g in self.known_parameters.items()] + self.numbers
        given_inputs = [Input(n, Role.INPUT, g.root) for n, g in inputs.items()]
        return Model(
            self.nodes,
            (*given_inputs, *parameters, *targets),
            tuple(self.definitions),
            (result,) if result is not None else tuple(n.name for n in outputs),
            tuple(x.name for x in parameters or given_inputs),
            form="network",
            assumptions=(assumption,) if assumption is not None else (),
            warnings=self._unused([*given_inputs, *parameters, *targets]),
        )

    def claim(self, name: str, place: Place, default: str = "", neuron: bool = False) -> None:
        """Every name is given once. `default` says which key would replace a name that nobody wrote; `neuron`: z has it."""
        if name in self.claimed:
            error = clash(self.claimed[name], name, place)
            if default:
                error.hint = f"{name} is the name it gets by itself; {default}"
            elif neuron:
                error.hint = "z and a share a name only where the activation is identity"
            raise error
        self.claimed[name] = place

    # -- inputs

    def _inputs(self) -> dict[str, Given]:
        tree = find(self.entries, "inputs")
        if tree is None:
            raise SpecError("the network has no inputs", self.entries["layers"].place, hint="for example inputs: {x1: 0.5}")
        if isinstance(tree, List):
            found_values = self._listed(tree)
        else:
            a_map(tree, "inputs", "a map or a list", "for example inputs: {x1: 0.05, x2: 0.10}")
            found_values = values(tree, self.nodes, self.vocabulary, "inputs", optional=True)
        if not found_values:
            raise SpecError("inputs is empty", tree.place, hint="for example inputs: {x1: 0.5}")
        return found_values

    def _listed(self, tree: List) -> dict[str, Given]:
        """`[0.05, 0.10]` (x1, x2, …) or `[x1, x2]` (without values)."""
        is_word = [isinstance(t, Scalar) and is_name(t.text) and t.text not in CONSTANTS and not t.empty for t in tree.items]
        if not any(is_word):
            return {
                f"x{i}": Given(constant(t, self.nodes, self.vocabulary, "inputs"), t.place)
                for i, t in enumerate(tree.items, 1)
            }
        listed: dict[str, Given] = {}
        for item in tree.items:
            if not is_word[0]:
                raise SpecError("inputs mixes names and numbers", tree.place, hint="a map gives names their values: {x1: 0.5}")
            if isinstance(item, Scalar) and not is_name(item.text):
                raise SpecError("inputs mixes names and numbers", item.place, hint="a map gives names their values: {x1: 0.5}")
            name = a_name(item, "inputs")
            if name.name in listed:
                raise clash(listed[name.name].place, name.name, name.place)
            listed[name.name] = Given(None, name.place)
        return listed

    # -- layers

    def _layer(self, number: int, tree: Tree, before: list[str]) -> list[Named]:
        """Add the definitions of one layer; its outputs."""
        layer = a_map(tree, f"layer {number}", "keys", "for example {weights: [[w1, w2]], bias: [b1], activation: sigmoid}")
        keys = check_keys(layer, LAYER_KEYS, f"layer {number}")
        rows, places = self._weights(number, layer, keys, before)
        size = len(rows)
        bias = self._bias(number, keys, size)
        activations = self._activations(number, keys, size)
        pre = self._names(number, keys, "pre", "z", size, layer.place)
        post = self._names(number, keys, "post", "a", size, layer.place)
        for i in range(size):
            one = activations[i].operation == "identity" and pre[i].name == post[i].name
            if "pre" in keys and not one:
                self.claim(pre[i].name, pre[i].place)
            elif not one:
                self.claim(pre[i].name, places[i], "give the neurons names with pre:")
        for i in range(size):
            if "post" in keys:
                self.claim(post[i].name, post[i].place, "", post[i].name == pre[i].name)
            else:
                self.claim(post[i].name, places[i], "give the neurons names with post:")
        for i in range(size):
            self.nodes.begin(self.file)
            z = self._weighted(rows[i], before, bias[i] if bias else None, places[i])
            if activations[i].operation == "identity" and pre[i].name == post[i].name:
                self.definitions.append(Definition(post[i].name, z, Kind.POST, number))
                continue
            self.definitions.append(Definition(pre[i].name, z, Kind.PRE, number))
            activated = activations[i].of(pre[i].name, self.nodes)
            self.definitions.append(Definition(post[i].name, activated, Kind.POST, number))
        return post

    def _weights(
        self, number: int, layer: Map, keys: Mapping[str, Tree], before: list[str]
    ) -> tuple[list[list[_Entry]], list[Place]]:
        hint = "one row a neuron, in double brackets: weights: [[w1, w2], [w3, w4]]"
        tree = find(keys, "weights")
        if tree is None:
            raise SpecError(f"layer {number} has no weights", layer.place, hint=hint)
        lines = a_list(tree, "weights", "a list of rows", hint)
        if not lines:
            raise SpecError("weights has no rows", tree.place, hint=hint)
        rows = []
        for i, line in enumerate(lines, 1):
            entries = a_list(line, f"row {i} of the weights", "a list", hint)
            if len(entries) != len(before):
                wanted = (f"the network has {_count(len(before), 'input')}" if number == 1
                          else f"layer {number - 1} has {_count(len(before), 'output')}")  # fmt: skip
                row = "the row" if len(lines) == 1 else f"row {i}"
                raise SpecError(
                    f"{row} of the weights of layer {number} has {_count(len(entries), 'entry')}, {wanted}", line.place,
                    hint=f"the row wants one weight for each of {', '.join(before[:8])}{', …' if len(before) > 8 else ''}",
                )  # fmt: skip
            rows.append([self._entry(t, f"W{number}_{i}_{j}", "weights") for j, t in enumerate(entries, 1)])
        return rows, [line.place for line in lines]

    def _bias(self, number: int, keys: Mapping[str, Tree], size: int) -> list[_Entry]:
        tree = find(keys, "bias")
        if tree is None:
            return []
        items = (tree,) if isinstance(tree, Scalar) and size == 1 else a_list(tree, "bias", "a list, one entry a neuron")
        if len(items) != size:
            raise SpecError(
                f"the bias of layer {number} has {_count(len(items), 'entry')}, the layer has {_count(size, 'neuron')}",
                tree.place, hint="one row of weights and one bias make a neuron",
            )  # fmt: skip
        return [self._entry(t, f"b{number}_{i}", "bias") for i, t in enumerate(items, 1)]

    def _entry(self, tree: Tree, name: str, what: str) -> _Entry:
        """A name from `parameters`, or a number, which becomes a parameter of its own."""
        if isinstance(tree, Scalar) and not tree.empty:
            text = tree.text
            if text in self.known_parameters:
                return _Entry(text, tree.place)
            if text not in CONSTANTS and is_name(text):
                hint = did_you_mean(text, self.known_parameters, "there are") or "give it a value: parameters: {w1: 0.5}"
                raise SpecError(f"{what}: there is no parameter {text}", tree.place, hint=hint)
        root = constant(tree, self.nodes, self.vocabulary, what, self.claimed)
        self.claim(name, tree.place, "give this number a name of its own in parameters:")
        self.numbers.append(Input(name, Role.PARAMETER, root))
        return _Entry(name, tree.place)

    def _names(
        self, number: int, keys: Mapping[str, Tree], key: str, letter: str, size: int, place: Place
    ) -> list[Named]:
        tree = find(keys, key)
        if tree is None:
            return [Named(f"{letter}{number}_{i}", place) for i in range(1, size + 1)]
        named = names(tree, key)
        if len(named) != size:
            raise SpecError(
                f"{key} of layer {number} has {_count(len(named), 'name')}, the layer has {_count(size, 'neuron')}", tree.place
            )
        return named

    def _activations(self, number: int, keys: Mapping[str, Tree], size: int) -> list[Activation]:
        tree = find(keys, "activation")
        if tree is None:
            return [Activation("identity", None, self.entries["layers"].place)] * size
        if not isinstance(tree, List):
            return [read_activation(tree, self.nodes, self.vocabulary, self.known_parameters)] * size
        if len(tree.items) != size:
            raise SpecError(
                f"activation of layer {number} has {_count(len(tree.items), 'entry')}, the layer has {_count(size, 'neuron')}",
                tree.place, hint="one name stands for all neurons",
            )  # fmt: skip
        return [read_activation(t, self.nodes, self.vocabulary, self.known_parameters) for t in tree.items]

    def _weighted(self, row: Sequence[_Entry], before: Sequence[str], bias: _Entry | None, place: Place) -> int:
        """w1*a1 + w2*a2 + b, added from the left."""
        nodes = self.nodes
        total: int | None = None
        for entry, name in zip(row, before, strict=True):
            start, end = entry.place.start, entry.place.end
            product = nodes.call("mul", [nodes.name(entry.name, start, end), nodes.name(name, start, end)], start, end)
            total = product if total is None else nodes.call("add", [total, product], place.start, end)
        assert total is not None
        if bias is not None:
            term = nodes.name(bias.name, bias.place.start, bias.place.end)
            total = nodes.call("add", [total, term], place.start, place.end)
        return total

    # -- targets and loss

    def _loss(self, outputs: list[Named]) -> tuple[list[Input], str | None, str | None]:
        """The targets, the name of the loss and the sentence about it."""
        loss_tree, target_tree = find(self.entries, "loss"), find(self.entries, "targets")
        if loss_tree is None:
            if target_tree is not None:
                raise SpecError(
                    "there are targets and no loss", target_tree.place,
                    hint="for example loss: half_squared_error, which is ½ Σ (a − t)²",
                )  # fmt: skip
            return [], None, None
        loss: Loss = read_loss(loss_tree)
        targets = {} if target_tree is None else self._targets(target_tree, loss, len(outputs))
        for name, given in targets.items():
            self.claim(name, given.place, "a map gives targets names: targets: {y1: 0.5}" if _is_list(target_tree) else "")
        made, name, sentence = define_loss(
            loss, [n.name for n in outputs], list(targets), self.nodes, self.vocabulary, self.claimed
        )
        self.definitions += made
        return [Input(n, Role.TARGET, g.root) for n, g in targets.items()], name, sentence

    def _targets(self, tree: Tree, loss: Loss, outputs: int) -> dict[str, Given]:
        if isinstance(tree, Map):
            found_values = values(tree, self.nodes, self.vocabulary, "targets", self.claimed, optional=True)
        else:
            items = a_list(tree, "targets", "a list of numbers, or a map of names and numbers")
            letter = "t" if not any(f"t{i}" in self.claimed for i in range(1, len(items) + 1)) else "target"
            found_values = {
                f"{letter}{i}": Given(constant(t, self.nodes, self.vocabulary, "targets", self.claimed), t.place)
                for i, t in enumerate(items, 1)
            }
        if loss.kind is not None and len(found_values) != outputs:
            raise SpecError(
                f"there {'is' if len(found_values) == 1 else 'are'} {_count(len(found_values), 'target')}, "
                f"the last layer has {_count(outputs, 'output')}", tree.place, hint="one target for each output",
            )  # fmt: skip
        return found_values

    def _unused(self, inputs: Sequence[Input]) -> tuple[str, ...]:
        used = set(self.nodes.names_in([d.root for d in self.definitions]))
        return tuple(f"nothing uses the {x.role.value} {x.name}" for x in inputs if x.name not in used)


def _is_list(tree: Tree | None) -> bool:
    return isinstance(tree, List)


def _count(number: int, what: str) -> str:
    plural = "entries" if what == "entry" else what + "s"
    return f"{number} {what if number == 1 else plural}"
