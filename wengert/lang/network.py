"""A network to a model: its inputs, layers, rows of data and loss, written out as definitions (form 3).

Nothing is computed: `weights: [[w1, w2]]` becomes the expression w1*x1 + w2*x2, with the span of what stands for it in the
file, so that a later error can point there. With R > 1 rows of data the names of a row end in _s1, _s2, …; parameters, and the
mean and variance of a batch normalisation, are shared by the rows. Definitions stand layer by layer, and row by row within one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from wengert.errors import SpecError
from wengert.lang.expr import MOST_STATEMENTS
from wengert.lang.fields import Named, a_list, clash, did_you_mean, find, values
from wengert.lang.layers import MOST_LAYERS, LayerSpec, ahead, layer_map, read_layer, repetitions
from wengert.lang.lookalikes import refuse_lookalikes
from wengert.lang.loss import define_loss, read_loss
from wengert.lang.model import Definition, Input, Model, Role
from wengert.lang.neurons import Neurons
from wengert.lang.reader import Scalar, Tree
from wengert.lang.scope import Scope, count
from wengert.lang.shape import Layer, Loss, PerRow, Shape
from wengert.lang.targets import Inputs, Targets, input_rows, read_inputs, read_targets, target_columns
from wengert.lang.vocabulary import Vocabulary

INPUT, PREVIOUS = "input", "previous"  # what skip may name besides layers


def read_network(
    entries: Mapping[str, Tree], vocabulary: Vocabulary, folder: Path | None = None, most: int = MOST_STATEMENTS
) -> Model:
    """The model of a network: `inputs`, `data`, `parameters`, `layers`, `targets`, `loss`. Raises SpecError and FormulaError.

    Inputs stand first, then parameters (those with names, then the numbers of the weights, layer by layer), then targets.
    `folder` is the one that the spec stands in, None where it has none; `most` the number of statements that there may be.
    """
    return _Network(entries, vocabulary, folder, most).model()


class _Network:
    def __init__(self, entries: Mapping[str, Tree], vocabulary: Vocabulary, folder: Path | None, most: int) -> None:
        self.entries = entries
        self.folder = folder
        self.scope = Scope(vocabulary, most)
        self.definitions: list[Definition] = []
        self.layers: list[Layer] = []
        self.named: dict[str, PerRow] = {}
        self.names: dict[str, Named] = {}
        self.sentences: list[tuple[int, str]] = []  # how weights were made, by layer
        self.warnings: list[str] = []
        self.loss_sentences: tuple[str, ...] = ()

    def model(self) -> Model:
        scope = self.scope
        inputs = read_inputs(self.entries, scope, self.folder)
        columns = target_columns(find(self.entries, "targets"), inputs)
        if inputs.table is not None:
            inputs.table.check(inputs.columns(columns))
            self.warnings += inputs.table.unused(inputs.columns(columns))
        self._parameters(inputs)
        for name, given in inputs.given.items():
            scope.claim_rows(name, given.place)
        for name, given in scope.known_parameters.items():
            scope.claim(name, given.place)
        rows = scope.per_row(list(inputs.given))
        self._layers(rows)
        targets, loss = self._loss(inputs, columns)
        refuse_lookalikes({**dict.fromkeys(d.name for d in self.definitions), **scope.claimed})
        given_inputs = input_rows(inputs, scope)
        parameters = [Input(n, Role.PARAMETER, g.root) for n, g in scope.known_parameters.items()] + scope.numbers
        everything = (*given_inputs, *parameters, *targets.inputs)
        outputs = tuple(name for row in self.layers[-1].post for name in row)
        return Model(
            scope.nodes,
            everything,
            tuple(self.definitions),
            outputs if loss is None else (loss.name,),
            tuple(x.name for x in parameters or given_inputs),
            form="network",
            assumptions=(*self.loss_sentences, *self._made()),
            warnings=(*self.warnings, *self._unused(everything)),
            network=Shape(scope.rows, rows, scope.per_row(targets.names), tuple(self.layers), loss),
        )

    def _parameters(self, inputs: Inputs) -> None:
        tree = self.entries.get("parameters")
        if tree is not None and not (isinstance(tree, Scalar) and tree.empty):
            scope = self.scope
            scope.known_parameters = values(tree, scope.nodes, scope.vocabulary, "parameters", inputs.given, optional=True)

    # -- layers

    def _layers(self, inputs: PerRow) -> None:
        items = a_list(self.entries["layers"], "layers", "a list of layers", "each layer begins with `- weights:`")
        if not items:
            raise SpecError("the network has no layers", self.entries["layers"].place)
        self._refuse_giants(items, len(inputs[0]))
        before = inputs
        for tree in items:
            layer, keys = layer_map(tree, len(self.layers) + 1)
            times = repetitions(keys, len(self.layers) + 1)
            for repeated in range(times):
                size = len(self.scope.nodes)
                number = len(self.layers) + 1
                if number > MOST_LAYERS:
                    raise SpecError(f"the network has more than {MOST_LAYERS:,} layers", layer.place)
                spec = read_layer(layer, keys, number, self._plain(before), self.scope)
                neurons = Neurons(spec, before, self._skipped(spec, inputs, before), self.scope)
                self.layers.append(neurons.write())
                self.definitions += neurons.definitions
                before = self.layers[-1].post
                if repeated == 0:
                    self.scope.nodes.foresee((len(self.scope.nodes) - size) * (times - 1), layer.place)
                if spec.norm is not None and spec.bias:
                    self.warnings.append(f"the biases of layer {number} change nothing: batchnorm takes the mean away again")
                if spec.made is not None:
                    self.sentences.append((number, spec.made))
            if spec.name is not None:
                self._name(spec.name, before)

    def _refuse_giants(self, items: Sequence[Tree], inputs: int) -> None:
        """Raises SpecError where the layers' sizes tell already that the network is too large: the first of them may take long
        to write out."""
        before, products = inputs, self.scope.products
        for tree in items:
            seen = ahead(tree, before)
            if seen is None:
                return
            before, weights, place = seen
            products += self.scope.rows * weights
            if products > self.scope.most_products:
                self.scope.count_products(products - self.scope.products, place)

    def _plain(self, before: PerRow) -> Sequence[str]:
        """The names of the first row without their suffix."""
        ending = "" if self.scope.rows == 1 else "_s1"
        return [n.removesuffix(ending) for n in before[0]]

    def _name(self, name: Named, outputs: PerRow) -> None:
        if name.name in (INPUT, PREVIOUS):
            raise SpecError(f"no layer can be called {name.name}", name.place,
                            hint="skip: input adds the inputs, skip: previous the activations before the layer")  # fmt: skip
        if name.name in self.names:
            raise clash(self.names[name.name].place, name.name, name.place)
        self.names[name.name] = name
        self.named[name.name] = outputs

    def _skipped(self, spec: LayerSpec, inputs: PerRow, before: PerRow) -> PerRow:
        """The activations that the layer's skip adds, row by row; () where it has none."""
        if spec.skip is None:
            return ()
        name = spec.skip.name
        known = {INPUT: inputs, PREVIOUS: before, **self.named}
        if name not in known:
            raise SpecError(f"skip: no layer before this one is called {name}", spec.skip.place,
                            hint=did_you_mean(name, known, "there are"))  # fmt: skip
        added = known[name]
        if len(added[0]) != spec.size:
            raise SpecError(
                f"layer {spec.number} has {count(spec.size, 'neuron')}, skip adds {count(len(added[0]), 'activation')} "
                f"of {name}", spec.skip.place, hint="a skip connection joins layers of the same size",
            )  # fmt: skip
        return added

    # -- loss

    def _loss(self, inputs: Inputs, columns: list[Named]) -> tuple[Targets, Loss | None]:
        loss_tree, target_tree = find(self.entries, "loss"), find(self.entries, "targets")
        if loss_tree is None:
            if target_tree is not None:
                raise SpecError(
                    "there are targets and no loss", target_tree.place,
                    hint="for example loss: half_squared_error, which is ½ Σ (a − t)²",
                )  # fmt: skip
            return Targets(), None
        scope = self.scope
        loss = read_loss(loss_tree, scope)
        last = self.layers[-1]
        targets = Targets()
        if target_tree is not None:
            targets = read_targets(target_tree, columns, loss, last.size, inputs, scope)
        written = define_loss(loss, last, targets.names, targets.classes, scope)
        self.definitions += written.definitions
        self.loss_sentences = written.sentences
        self.warnings += written.warnings
        return targets, replace(written.shape, class_name=targets.class_name)

    # -- what is said

    def _made(self) -> tuple[str, ...]:
        """How the weights were made; neighbouring layers of the same kind in one sentence."""
        groups: list[tuple[int, int, str]] = []
        for number, made in self.sentences:
            if groups and groups[-1][1] == number - 1 and groups[-1][2] == made:
                groups[-1] = (groups[-1][0], number, made)
            else:
                groups.append((number, number, made))
        return tuple(
            f"weights of layer {first}: {made}" if first == last else f"weights of layers {first} to {last}: {made}"
            for first, last, made in groups
        )

    def _unused(self, inputs: Sequence[Input]) -> tuple[str, ...]:
        used = set(self.scope.nodes.names_in([d.root for d in self.definitions]))
        return tuple(f"nothing uses the {x.role.value} {x.name}" for x in inputs if x.name not in used)
