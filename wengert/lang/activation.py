"""What a neuron does with its pre-activation: a function's name, or a formula in x (and in parameters)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wengert.errors import Place, SpecError
from wengert.lang.expr import NAME, Nodes
from wengert.lang.fields import did_you_mean, expression, is_name, wrong
from wengert.lang.model import CONSTANTS
from wengert.lang.reader import Scalar, Tree
from wengert.lang.reader import Sequence as Sequence_
from wengert.lang.scope import count
from wengert.lang.vocabulary import Vocabulary
from wengert.lang.written import Written, copied

SOFTMAX = "softmax"  # the one activation that takes a whole layer


@dataclass(frozen=True, slots=True)
class Activation:
    """An operation of one argument, or (`operation` None) the formula `root`, in which x stands for z."""

    operation: str | None
    root: int | None
    place: Place

    def of(self, z: str, nodes: Nodes) -> int:
        """The activation of the quantity that is called z, as new nodes with the places of the activation."""
        if self.operation is not None:
            written = Written(nodes, self.place)
            return written.call(self.operation, written.name(z))
        assert self.root is not None
        nodes.begin(self.place.source)
        return copied(nodes, self.root, {"x": z})

    def cost(self, size: int, nodes: Nodes) -> int:
        """How many nodes it takes for one neuron of a layer of that size."""
        return size + 2 if self.operation == SOFTMAX else 2 if self.root is None else len(nodes.reachable([self.root]))

    def of_layer(self, k: int, inner: Sequence[str], nodes: Nodes) -> int:
        """The k-th neuron (from 1) of an activation that takes the whole layer."""
        assert self.operation == SOFTMAX
        written = Written(nodes, self.place)
        return written.call(SOFTMAX, written.number(str(k)), *written.names(inner))


def read_activations(
    tree: Tree | None, layer: int, size: int, place: Place, nodes: Nodes, vocabulary: Vocabulary, parameters: Collection[str]
) -> list[Activation]:
    """The activations of a layer's neurons: one for all, or a list with one for each. Raises SpecError."""
    if tree is None:
        return [Activation("identity", None, place)] * size
    if isinstance(tree, Scalar) and tree.text == SOFTMAX:
        if size == 1:
            raise SpecError(
                "softmax of one neuron is always 1", tree.place,
                hint="softmax wants one neuron for each class; for two classes one neuron with sigmoid is enough",
            )  # fmt: skip
        return [Activation(SOFTMAX, None, tree.place)] * size
    if not isinstance(tree, Sequence_):
        return [read_activation(tree, nodes, vocabulary, parameters)] * size
    if len(tree.items) != size:
        raise SpecError(
            f"activation of layer {layer} has {count(len(tree.items), 'entry')}, the layer has {count(size, 'neuron')}",
            tree.place, hint="one name stands for all neurons",
        )  # fmt: skip
    for item in tree.items:
        if isinstance(item, Scalar) and item.text == SOFTMAX:
            raise SpecError("softmax belongs to a whole layer, not to one neuron of it", item.place,
                            hint="activation: softmax, without a list")  # fmt: skip
    return [read_activation(t, nodes, vocabulary, parameters) for t in tree.items]


def read_activation(tree: Tree, nodes: Nodes, vocabulary: Vocabulary, parameters: Collection[str]) -> Activation:
    """The activation that stands there. Raises SpecError for an unknown one, FormulaError for what is no formula."""
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, "activation", "the name of a function, or a formula in x")
    if tree.text == "x":
        return Activation("identity", None, tree.place)
    if tree.text in vocabulary:
        return Activation(_operation(tree, vocabulary), None, tree.place)
    if is_name(tree.text) and tree.text not in CONSTANTS:
        known = [name for name, functions in vocabulary.items() if any(f.of_one for f in functions)]
        near = "did you mean identity?" if tree.text in ("linear", "none") else did_you_mean(tree.text, known, "there are")
        raise SpecError(f"there is no activation {tree.text}", tree.place, hint=near)
    nodes.defined.update(parameters)
    root = expression(tree, nodes, vocabulary, "activation")
    for node in nodes.reachable([root]):
        name = nodes.text(node) if nodes.op[node] == NAME else "x"
        if name != "x" and name not in parameters and name not in CONSTANTS:
            raise SpecError(
                f"activation: {name} is unknown here", nodes.place(node),
                hint="an activation is a formula in x, which stands for z",
            )  # fmt: skip
    return Activation(None, root, tree.place)


def _operation(tree: Scalar, vocabulary: Vocabulary) -> str:
    function = next((f for f in vocabulary[tree.text] if f.of_one), None)
    if function is None:
        raise SpecError(
            f"{tree.text} takes more than one number, an activation takes one", tree.place,
            hint="write a formula in x, for example leaky_relu(x, 0.1)",
        )  # fmt: skip
    return function.operation
